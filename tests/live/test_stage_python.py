# SPDX-License-Identifier: GPL-2.0-or-later
"""davy_stage.py: alone, and together with the library in C on one file."""
import fcntl
import json
import os
import pathlib
import re
import subprocess
import sys
import textwrap

from pty_davy import PATIENCE, environment
from test_stage import Reader, check, finish, teller

MODULE = pathlib.Path(__file__).resolve().parent.parent.parent / 'src/stage/python'
MANY = '''
    for i in range({0}):
        (stage_complete if i % 2 else stage_start)(i // 2 % 7, f"message {{i}}", "python%d" % os.getpid(), {{"i": i}})
'''


def miner(world, text, *argv, **how):
    """A miner in Python; its folder is the world's."""
    env = environment(PYTHONPATH=str(MODULE), PYTHONDONTWRITEBYTECODE='1', PYTHONIOENCODING='utf-8')
    head = ('import json, os, sys, time, threading, logging\nlogging.basicConfig(format="%(levelname)s %(message)s")\n'
            'from davy_stage import *\nimport davy_stage\n')
    return subprocess.Popen([sys.executable, '-c', head + textwrap.dedent(text), *argv], cwd=world.folder, env=env, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)


def run(world, text, code=0, **how):
    process = miner(world, text, **how)
    out, err = process.communicate(timeout=60 * PATIENCE)
    assert process.returncode == code, f'{process.returncode}: {out}{err}'
    return out, err


def status(world):
    return json.loads((world.folder / 'miner_status.json').read_text())


def test_an_event_has_the_shape_that_the_library_writes(world):
    run(world, 'stage_start(3, "Indexing 50 posts", username="elonmusk", details={"posts": 50})')
    mine = status(world)
    (world.folder / 'miner_status.json').unlink()
    finish(teller(world, world.folder / 'miner_status.json', 1))
    theirs = status(world)
    assert set(mine) | {'mode'} == set(theirs) | {'mode'}, (mine, theirs)
    assert {k: type(v) for k, v in mine['current_stage'].items()} == {k: type(v) for k, v in theirs['current_stage'].items()}
    assert set(mine['stage_totals']['3']) == set(theirs['stage_totals']['0']), (mine, theirs)
    assert mine['current_stage']['stage_name'] == 'Vector Database' and mine['events'] == 1


def test_python_and_c_share_one_file_and_lose_nothing(world):
    file = world.folder / 'miner_status.json'
    with Reader(file) as reader:
        everybody = [miner(world, MANY.format(2000)) for _ in range(3)] + [teller(world, file, 2000, 1, 100) for _ in range(3)]
        everybody += [teller(world, file, 10000)]
        for each in everybody:
            finish(each)
    check(status(world), 3 * 2000 + 3 * 2000 + 10000)
    totals = status(world)['stage_totals'].values()
    assert sum(t['started'] for t in totals) == sum(t['completed'] for t in totals) == 11000
    assert reader.reads > 5
    assert sorted(os.listdir(world.folder)) == ['miner_status.json', 'miner_status.json.lock'], os.listdir(world.folder)


def test_a_stage_begun_in_c_and_ended_in_python_has_its_duration(world):
    world.run(world.davy, '-C', world.folder, 'stage', 'start', '2', 'x', '-u', 'u')
    run(world, 'time.sleep(0.2)\nstage_complete(2, "y", "u")')
    world.run(world.davy, '-C', world.folder, 'stage', 'start', '2', 'x', '-u', 'u')
    world.run(world.davy, '-C', world.folder, 'stage', 'complete', '2', 'x', '-u', 'u')
    totals = status(world)['stage_totals']['2']
    durations = totals['durations']
    assert len(durations) == 2 and durations[0] >= 0.2, durations
    assert totals['accounts'] == {'u': durations}, totals


def test_c_and_python_remember_the_same_accounts(world):
    """Twenty accounts in turn, once told by Python and once by the shell's writer: the same ones are left, in the same order."""
    run(world, """
for i in range(20):
    stage_start(4, "x", f"u{i}")
    stage_complete(4, "x", f"u{i}")
    davy_stage.flush()
stage_start(4, "x", "u9")
stage_complete(4, "x", "u9")""")
    world.run(world.davy, '-C', world.folder, 'stage', 'run', '4', 'x', '-u', 'u7', '--', 'true')
    accounts = status(world)['stage_totals']['4']['accounts']
    assert list(accounts) == ['u4', 'u5', 'u6', 'u8', *(f'u{i}' for i in range(10, 20)), 'u9', 'u7'], accounts
    assert len(accounts['u7']) == 2 and len(accounts['u9']) == 2, accounts


def test_threads_and_forked_children_lose_nothing(world):
    run(world, '''
        def tell():
            for i in range(200):
                stage_start(i % 7, "thread")
        threads = [threading.Thread(target=tell) for _ in range(4)]
        for t in threads: t.start()
        children = []
        for _ in range(2):
            pid = os.fork()
            if pid == 0:
                tell()
                os._exit(0 if flush(20) else 1)
            children.append(pid)
        for t in threads: t.join()
        assert [os.waitpid(pid, 0)[1] for pid in children] == [0, 0]
        ''')
    check(status(world), 6 * 200)


def test_a_child_forked_while_the_file_is_written_keeps_no_lock(world):
    run(world, '''
        inside, replace = threading.Event(), davy_stage._Store._replace
        def slowly(store, root):
            inside.set()
            time.sleep(0.3)
            replace(store, root)
        davy_stage._Store._replace = slowly
        stage_start(1, "parent")
        assert inside.wait(10)
        pid = os.fork()
        if pid == 0:
            stage_start(2, "child")
            os._exit(0 if flush(10) else 1)
        assert os.waitpid(pid, 0)[1] == 0
        ''')
    check(status(world), 2)


def test_a_parent_killed_with_the_lock_leaves_it_to_no_child(world):
    run(world, '''
        import fcntl, signal
        inside = threading.Event()
        def never(store, root):
            inside.set()
            time.sleep(100)
        parent = os.fork()
        if parent == 0:
            davy_stage._Store._replace = never
            stage_start(1, "parent")
            assert inside.wait(10)
            child = os.fork()
            if child == 0:
                time.sleep(100)
                os._exit(0)
            open("child", "w").write(str(child))
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(parent, 0)
        child = int(open("child").read())
        with open("miner_status.json.lock") as lock:
            free, end = False, time.monotonic() + 10
            while not free and time.monotonic() < end:      # the child may not have had its turn yet
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    free = True
                except BlockingIOError:
                    time.sleep(0.02)
        os.kill(child, signal.SIGKILL)                      # it lived till now
        assert free
        ''')


def test_whatever_a_miner_tells_the_file_is_json(world):
    run(world, '''
        class Bad:
            def __str__(self): raise RuntimeError("no")
        circle = []; circle.append(circle)
        stage_start(1, Bad(), "\\udcff", {"nan": float("nan")})
        stage_start("2", None, None, circle)
        stage_start("x", b"bytes", 7, "{\\"posts\\": 50}")
        stage_failed(-5, "y" * 100000, "z" * 1000, {"long": "w" * 100000, "o": object()})
        stage_complete(3, "\\u2713 \\U0001f680", "u", {1: Bad()})
        assert flush(20)
        ''')
    history = check(status(world), 5)
    assert history[2]['details'] == {'posts': 50} and history[2]['stage_number'] == -1
    assert len(history[3]['message']) == 1000 and len(history[3]['details']) == 4000
    assert history[4]['message'] == '✓ 🚀'
    done = world.run(world.davy, '-C', world.folder, 'stage', 'log')
    assert done.returncode == 0 and done.stdout.count('\n') == 5, done
    run(world, 'stage_start(1, "again")')
    finish(teller(world, world.folder / 'miner_status.json', 1))
    check(status(world), 7)


def test_trouble_is_one_warning_and_the_miner_goes_on(world):
    (world.folder / 'miner_status.json').write_text('{"hashrate": 1}')
    out, err = run(world, 'for i in range(50): stage_start(1)\nflush(5)\nstage_start(2)\nprint("mined")')
    assert out == 'mined\n' and err.count('WARNING') == err.count('\n') == 1 and 'of another program' in err, err
    assert status(world) == {'hashrate': 1}
    out, err = run(world, 'configure(file="none/x.json")\nstage_start(1)\nprint("mined")')
    assert out == 'mined\n' and err.count('\n') == 1 and 'No such file or directory' in err, err


def test_without_locks_it_does_nothing_and_says_so_once(world):
    out, err = run(world, 'davy_stage.fcntl = None\nstage_start(1)\nstage_complete(1)\nreset_stages()\nprint("mined")')
    assert out == 'mined\n' and err.count('\n') == 1, err
    assert 'Stage tracking system not available - continuing without stage monitoring' in err, err
    assert os.listdir(world.folder) == []


def test_a_lock_that_is_never_given_back_blocks_nobody_for_long(world):
    with open(world.folder / 'miner_status.json.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        out, _ = run(world, 'for i in range(1000): stage_start(i % 8)\nprint("mined")')
    assert out == 'mined\n'


def test_current_and_reset(world):
    out, _ = run(world, '''
        print(get_tracker().get_current_stage())
        stage_start(4, "m", "u")
        now = get_tracker().get_current_stage()
        print(now["stage_name"], now["status"], now["username"])
        reset_stages()
        print(get_tracker().get_current_stage())
        ''')
    assert out == 'None\nTime Series Analysis running u\nNone\n', out
    assert status(world)['current_stage'] is None and status(world)['events'] == 1


def test_a_table_of_ones_own(world):
    run(world, 'configure(stages=("Dig", "Haul"), mode="direct")\nstage_start(1)\nstage_start(2)')
    assert [e['stage_name'] for e in status(world)['stage_history']] == ['Haul', 'Stage 2'] and status(world)['mode'] == 'direct'


def test_the_reporter_logs_every_event_of_every_writer_in_the_miners_words(world):
    finish(teller(world, world.folder / 'miner_status.json', 2))       # before: not reported
    out, _ = run(world, '''
        log = logging.getLogger("miner"); log.setLevel("INFO")
        log.addHandler(logging.StreamHandler(sys.stdout)); log.propagate = False
        reporter = MinerStageReporter(get_tracker(), log)
        reporter.start_monitoring(0.05)
        stage_start(1, "Processing twitter account", "elonmusk")
        stage_failed(1, "Failed to scrape profile", "elonmusk")
        flush(20)
        import subprocess
        subprocess.run([sys.argv[1], "stage", "complete", "7", "Pipeline completed", "-u", "elonmusk"], check=True)
        reporter.stop_monitoring()
        '''.replace('sys.argv[1]', repr(str(world.davy))))
    assert out.splitlines() == ['⚙️  Stage 1 - Data Scraping for elonmusk: Processing twitter account',
                                '❌ Stage 1 Failed - Data Scraping for elonmusk - Error: Failed to scrape profile',
                                '✅ Stage 7 Complete - Complete for elonmusk - Pipeline completed'], out


def test_names_and_glyphs_are_those_of_the_library(world):
    names = re.findall(r'^STAGE\("(.+)"\)', (MODULE.parent / 'names.def').read_text(), re.M)
    out, _ = run(world, 'print(json.dumps(davy_stage.STAGES))')
    assert json.loads(out) == names and len(names) == 8


def test_a_python_writer_killed_at_any_moment_leaves_a_whole_file(world):
    file = world.folder / 'miner_status.json'
    with Reader(file):
        for i in range(6):
            victim = miner(world, MANY.format(10000000))
            while not file.exists() or json.loads(file.read_text())['events'] < 100 * (i + 1):
                assert victim.poll() is None, victim.communicate()
            victim.kill()
            victim.communicate()
        finish(teller(world, file, 10))
    assert sorted(os.listdir(world.folder)) == ['miner_status.json', 'miner_status.json.lock'], os.listdir(world.folder)
