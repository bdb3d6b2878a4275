# SPDX-License-Identifier: GPL-2.0-or-later
"""davy stage: the stages of a miner that is a shell script, and their log."""
import json
import os
import re
import signal
import subprocess
import time

from pty_davy import PATIENCE, environment


def stage(world, *words, code=0, **how):
    done = world.run(world.davy, '-C', world.folder, 'stage', *words, **how)
    assert done.returncode == code, f'{words}: {done.returncode} {done.stderr}'
    return done


def status(world):
    return json.loads((world.folder / 'miner_status.json').read_text())


def lines_of(text):
    return [re.sub(r'^\S+ \S+ - davy\.stage - ', '', line) for line in text.splitlines()]


def test_the_examples_of_the_miner_come_out_word_by_word(world):
    stage(world, 'start', '1', 'Processing twitter account with fresh scraping', '--user', 'elonmusk')
    stage(world, 'complete', '1', 'Successfully processed twitter account', '-u', 'elonmusk', '--details', '{"posts": 50}')
    stage(world, 'failed', 'Data Scraping', 'Failed to scrape profile', '-u', 'badusername')
    stage(world, 'start', '0', 'Waiting for accounts to process')
    log = stage(world, 'log').stdout
    assert lines_of(log) == [
        'INFO - ⚙️  Stage 1 - Data Scraping for elonmusk: Processing twitter account with fresh scraping',
        'INFO - ✅ Stage 1 Complete - Data Scraping for elonmusk - Successfully processed twitter account',
        'ERROR - ❌ Stage 1 Failed - Data Scraping for badusername - Error: Failed to scrape profile',
        'INFO - ⚙️  Stage 0 - Initialization: Waiting for accounts to process'], log
    assert [e['details'] for e in status(world)['stage_history']] == [{}, {'posts': 50}, {}, {}]
    as_json = [json.loads(line) for line in stage(world, 'log', '-o', 'json').stdout.splitlines()]
    assert [line['level'] for line in as_json] == ['INFO', 'INFO', 'ERROR', 'INFO']
    assert as_json[1]['event']['details'] == {'posts': 50}
    journal = stage(world, 'log', '--journal').stdout.splitlines()
    assert [line[:3] for line in journal] == ['<6>', '<6>', '<3>', '<6>']


def test_davy_reads_that_log_as_the_miners_own(world):
    """Status file -> log -> parser: the pane is the same without the file."""
    rig = world.rig()
    for words in (['start', '2', 'x', '-u', 'u'], ['complete', '2', 'y', '-u', 'u'], ['start', '3', 'Indexing', '-u', 'u']):
        stage(world, *words, '--file', rig / 'miner_status.json')
    with_file = world.once(rig)['stages']
    rig.write('logs/miner.log', stage(world, 'log', '--file', rig / 'miner_status.json').stdout)
    (rig / 'miner_status.json').unlink()
    from_log = world.once(rig)['stages']
    assert with_file['current']['name'] == from_log['current']['name'] == 'Vector Database', (with_file, from_log)
    assert with_file['current']['username'] == from_log['current']['username'] == 'u'
    assert with_file['current']['message'] == from_log['current']['message'] == 'Indexing'


def test_run_hands_everything_through_and_keeps_the_exit_code(world):
    done = world.run('sh', '-c', f'echo in | {world.davy} -C {world.folder} stage run 3 Indexing -u u -- sh -c '
                     '"cat; echo wrong >&2; exit 7"')
    assert (done.returncode, done.stdout, done.stderr) == (7, 'in\n', 'wrong\n'), done
    assert stage(world, 'run', '4', '--', 'true').stdout == ''
    assert 'No such file' in stage(world, 'run', '5', '--', '/nowhere', code=127).stderr
    stage(world, 'run', '5', '--', 'sh', '-c', 'kill -KILL $$', code=137)
    said = [(e['stage_number'], e['status'], e['message']) for e in status(world)['stage_history']]
    assert [s[:2] for s in said] == [(3, 'running'), (3, 'failed'), (4, 'running'), (4, 'completed'), (5, 'running'),
                                     (5, 'failed'), (5, 'running'), (5, 'failed')], said
    assert said[1][2].startswith('exit status 7 after') and said[7][2].startswith('killed by signal 9 after'), said
    assert said[2][2] == 'true'


def test_run_hands_a_terminate_on_and_waits_for_what_becomes_of_it(world):
    command = 'trap "echo leaving; exit 4" TERM; echo ready; while :; do sleep 0.05; done'
    miner = subprocess.Popen([str(world.davy), '-C', str(world.folder), 'stage', 'run', '1', '--', 'sh', '-c', command],
                             stdout=subprocess.PIPE, text=True, env=environment())
    assert miner.stdout.readline() == 'ready\n'
    miner.send_signal(signal.SIGTERM)
    out, _ = miner.communicate(timeout=20 * PATIENCE)
    assert (miner.returncode, out) == (4, 'leaving\n')
    assert status(world)['current_stage']['status'] == 'failed'


def test_what_cannot_be_written_is_told_and_stops_no_script(world):
    file = world.folder / 'none/miner_status.json'
    done = stage(world, 'start', '1', '--file', file)
    assert 'no folder for' in done.stderr and done.stderr.count('\n') == 1, done.stderr
    done = stage(world, 'run', '1', '--file', file, '--', 'echo', 'ran')
    assert done.stdout == 'ran\n' and done.stderr.count('\n') == 1, done.stderr
    (world.folder / 'miner_status.json').write_text('{"hashrate": 1}')
    assert 'of another program' in stage(world, 'start', '1').stderr
    assert status(world) == {'hashrate': 1}


def test_the_file_is_where_davy_toml_or_the_environment_says(world):
    (world.folder / 'davy.toml').write_text('[stage]\nstatus = "Miners/here.json"\n')
    (world.folder / 'Miners').mkdir()
    stage(world, 'start', '1')
    assert json.loads((world.folder / 'Miners/here.json').read_text())['events'] == 1
    there = world.folder / 'there.json'
    stage(world, 'start', '1', env=environment(DAVY_STAGE_FILE=str(there)))
    assert json.loads(there.read_text())['events'] == 1
    (world.folder / 'davy.toml').write_text('wrong\n')
    assert 'davy.toml line 1' in stage(world, 'start', '1').stderr


def test_mistakes_on_the_command_line_are_sentences(world):
    for words, say in ((['start'], 'usage: davy stage start N'), (['start', '-3'], '-3'), (['start', 'Dig'], "stage 'Dig'"),
                       (['frob'], 'davy stage start, complete'), ([], 'davy stage start, complete'), (['run', '1'], 'usage'),
                       (['start', '1', 'a', 'b'], "'b' is not expected"), (['log', '-o', 'xml'], 'expected text or json'),
                       (['show'], 'miner_status.json'), (['log'], 'miner_status.json'), (['start', '1', '--', 'x'], 'usage')):
        said = stage(world, *words, code=3).stderr
        assert say in said and said.count('\n') == 1, (words, said)
    assert not (world.folder / 'miner_status.json').exists()


def test_show_tells_the_stage_and_what_is_usual(world):
    stage(world, 'start', '2', 'Validating', '-u', 'u')
    stage(world, 'complete', '2', 'done', '-u', 'u')
    stage(world, 'start', '3', 'Indexing', '-u', 'u')
    shown = stage(world, 'show').stdout
    assert re.match(r'3 Vector Database: running for u, since \d+s\n  Indexing\n', shown), shown
    assert re.search(r'^ +2  Data Retrieval +1 +1 +n/a +\d+s$|^ +2  Data Retrieval +1 +1 +0 +\d+s$', shown, re.M), shown
    stage(world, 'reset')
    assert stage(world, 'show').stdout.startswith('no stage yet\n')
    assert json.loads(stage(world, 'show', '-o', 'json').stdout)['events'] == 3


def test_log_f_prints_what_comes_each_event_once(world):
    stage(world, 'start', '0', 'before')
    with open(world.folder / 'followed', 'w+') as out:
        log = subprocess.Popen([str(world.davy), '-C', str(world.folder), 'stage', 'log', '-f', '--status', '0'], stdout=out,
                               stderr=subprocess.STDOUT, env=environment())
        try:
            end = time.monotonic() + 10 * PATIENCE
            wanted = []
            time.sleep(0.5 * PATIENCE)
            for i in range(12):
                stage(world, 'start' if i % 2 == 0 else 'complete', '6', f'message {i}')
                wanted.append(f'message {i}')
            while len((world.folder / 'followed').read_text().splitlines()) < 12 and time.monotonic() < end:
                time.sleep(0.05)
            os.unlink(world.folder / 'miner_status.json')
            stage(world, 'start', '1', 'a new file')
            while 'a new file' not in (world.folder / 'followed').read_text() and time.monotonic() < end:
                time.sleep(0.05)
        finally:
            log.terminate()
            assert log.wait(timeout=10 * PATIENCE) == 0
    text = (world.folder / 'followed').read_text()
    assert 'before' not in text, text
    assert re.findall(r'message \d+', text) == wanted, text
    assert text.rstrip().endswith('Data Scraping: a new file'), text


def test_log_f_prints_the_status_line(world):
    stage(world, 'start', '3', 'x', '-u', 'u', '--mode', 'watchdog')
    log = subprocess.Popen([str(world.davy), '-C', str(world.folder), 'stage', 'log', '-f', '--status', '1'], text=True,
                           stdout=subprocess.PIPE, env=environment())
    line = log.stdout.readline()
    assert line.endswith('INFO - 📈 Miner Status: Mode: watchdog | Stage: Vector Database - running (u)\n'), line
    (world.folder / 'state/davy').mkdir(parents=True)
    (world.folder / 'state/davy/run.json').write_text(json.dumps({'modules': {
        'scraper': {'state': 'running'}, 'image': {'state': 'crash loop'}}}))
    log.stdout.readline()       # it may have been on its way
    line = log.stdout.readline()
    log.kill()
    log.communicate()
    assert line.endswith('Mode: watchdog | Module 1: Running | Module 2: Stopped | Stage: Vector Database - running (u)\n'), line
