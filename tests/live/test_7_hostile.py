# SPDX-License-Identifier: GPL-2.0-or-later
"""A world that does not play along: no inotify, no descriptors, no rights, huge files, writers that never rest."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

from pty_davy import PATIENCE
from rigs import log_line, scored

SIZE = (160, 50)
NOBODY = ('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups')


def opened(world, *more, **how):
    rig = world.rig().fill()
    d = world.open(rig, *more, size=SIZE, **how)
    d.wait_for('elonmusk')
    d.settle()
    return rig, d


def limited(name, value):
    """Starts a program in a user namespace of its own, where a limit of inotify's is another one."""
    return ('unshare', '-Ur', 'sh', '-c', f'echo {value} >/proc/sys/user/{name} && exec "$@"', 'sh')


def can(*command):
    return shutil.which(command[0]) and subprocess.run([*command, 'true'], capture_output=True).returncode == 0


def seen_within(d, text, seconds):
    began = time.monotonic()
    d.wait_for(text, seconds)
    return time.monotonic() - began


def test_without_inotify_instances_it_polls_and_says_why(world):
    through = limited('max_inotify_instances', 0)
    if not can(*through):
        return
    rig, d = opened(world, through=through)
    with d:
        d.wait_for('polling every 2 s (inotify: no instances or descriptors left)', 1)
        for i in range(2):
            rig.budgets(openai=510000 + 10000 * i)
            assert seen_within(d, f'{51 + i}%', 4) < 2.1 * PATIENCE
            rig.stage(user=f'poll{i}')
            assert seen_within(d, f'poll{i}', 4) < 2.1 * PATIENCE
            rig.append('logs/miner.log', log_line(f'polled line {i}'))
            assert seen_within(d, f'polled line {i}', 4) < 2.1 * PATIENCE


def test_without_enough_inotify_watches_the_others_are_polled(world):
    through = limited('max_inotify_watches', 2)
    if not can(*through):
        return
    rig, d = opened(world, through=through)
    with d:
        d.wait_for(lambda d: re.search(r'polling \S+ and \d+ more every 2 s \(no inotify watches left\)', d.text()), 1)
        rig.stage(user='byevent')
        assert seen_within(d, 'byevent', 3) < 0.5 * PATIENCE
        rig.budgets(openai=530000)
        assert seen_within(d, '53%', 4) < 2.1 * PATIENCE


MANY_DESCRIPTORS = ('/usr/bin/python3', '-c', 'import os, resource, sys\nresource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))\n'
                    'for i in range(1100): os.set_inheritable(os.open("/dev/null", 0), True)\nos.execv(sys.argv[1], sys.argv[1:])')


def test_with_1100_descriptors_open_it_still_gets_events(world):
    rig, d = opened(world, through=MANY_DESCRIPTORS)
    with d:
        assert 'polling' not in d.text(), d.text()
        rig.budgets(openai=540000)
        assert seen_within(d, '54%', 3) < 0.5 * PATIENCE
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()


def test_with_hardly_any_descriptors_it_says_so_and_leaves_the_terminal_alone(world):
    rig = world.rig().fill()
    drawn = 0
    for most in range(5, 20):
        with world.open(rig, size=SIZE, through=('prlimit', f'--nofile={most}:{most}')) as d:
            d.read(0.4 * PATIENCE)
            if d.process.poll() is None:
                d.wait_for('elonmusk')
                drawn += 1
                d.send('q')
                assert d.wait_end() == 0
                d.check_restored()
            elif d.process.returncode != 1 or d.raw:    # 1: a sanitizer that wanted one for itself
                text = bytes(d.raw).decode().rsplit('davy: ', 1)
                assert d.process.returncode == 3 and len(text) == 2, f'{most}: {text}'
    assert drawn >= 2, 'never enough descriptors?'


def overflow(world, backend):
    rig, d = opened(world, '--watch', backend)
    with d:
        os.kill(d.pid, 19)
        for folder in ('state', 'logs', 'config', '.'):
            for i in range(5000):
                junk = rig / folder / f'junk{i % 7}'
                junk.touch()
                junk.unlink()
        rig.append('state/task-history.jsonl', ''.join(scored(100 + i, 0.5) for i in range(50)))
        rig.append('logs/miner.log', log_line('before the rotation'))
        for name in ('state/task-history.jsonl', 'logs/miner.log'):
            os.rename(rig / name, rig / (name + '.1'))
        rig.append('state/task-history.jsonl', ''.join(scored(200 + i, 0.5) for i in range(50)))
        rig.append('logs/miner.log', log_line('after the rotation'))
        shutil.rmtree(rig / 'config')
        rig.budgets(openai=770000)
        rig.stage(user='afterwards')
        os.kill(d.pid, 18)
        for text in ('afterwards', '77%', 'before the rotation', 'after the rotation'):
            d.wait_for(text, 1)
        rig.budgets(openai=780000)          # the folder is another one, and its watch went unseen
        assert seen_within(d, '78%', 3) < 0.5 * PATIENCE
        d.send('3\r')
        d.wait_for('160 ', 2, why='60 tasks before, 50 in the rotated file, 50 in the new one')


def test_an_overflow_of_the_event_queue_loses_nothing(world):
    overflow(world, 'inotifytools')


def test_an_overflow_without_the_library_loses_nothing(world):
    overflow(world, 'raw')


WRITER = """
import json, os, sys, time
path, how, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
end, i = time.monotonic() + seconds, 0
while time.monotonic() < end:
    i = (i + 7919) % 800000
    row = {'monthly_allowance': 1000000, 'used_this_month': 100000 + i, 'daily_limit': 900000}
    text = json.dumps({'budgets': {f'api-{k:03}': row for k in range(150)}}, indent=2)
    if how == 'rename':
        with open(path + '.tmp', 'w') as f:
            f.write(text)
        os.rename(path + '.tmp', path)
    else:
        with open(path, 'w' if how == 'truncate' else 'r+') as f:
            for at in range(0, len(text), 8192):
                f.write(text[at:at + 8192])
                f.flush()
            f.truncate()
    time.sleep(0.0012)
"""


def never_torn(world, how, seconds=5):
    rig = world.rig().fill()
    path = rig / 'config/token-budgets.json'
    subprocess.run([sys.executable, '-c', WRITER, str(path), 'rename', '0.01'], check=True)
    with world.open(rig, size=SIZE) as d:
        d.wait_for('api-000')
        d.send('4\r')
        d.settle()
        frames, seen = 0, set()
        writer = subprocess.Popen([sys.executable, '-c', WRITER, str(path), how, str(seconds)])
        while writer.poll() is None:
            d.read(0.03)
            text = d.frame()
            if text is None:
                continue
            values = set(re.findall(r'api-\d+ .*? (\d+)K/1\.0M', text))
            assert len(values) == 1, f'{values} of one document:\n{text}'
            assert 'cannot be' not in text and 'json line' not in text and 'is empty' not in text, text
            frames += 1
            seen |= values
        assert writer.returncode == 0 and frames > 10 and len(seen) > 10, f'{frames} frames, {len(seen)} values'


def test_truncated_and_rewritten_hundreds_of_times_a_second_nothing_torn_is_shown(world):
    never_torn(world, 'truncate')


def test_overwritten_hundreds_of_times_a_second_nothing_torn_is_shown(world):
    never_torn(world, 'over')


def test_renamed_over_hundreds_of_times_a_second_nothing_torn_is_shown(world):
    never_torn(world, 'rename')


FILES = ['miner_status.json', 'state/task-history.jsonl', 'config/token-budgets.json', 'state/performance-metrics.json',
         'state/miner-state.json', 'state/miner.pid', 'logs/miner.log', 'memory/heartbeat-state.json', 'HEARTBEAT.md',
         'config.toml', 'state/auction-status.json', 'davy.toml']


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(path))


def make_sparse(path):
    with open(path, 'wb') as f:
        f.truncate(5 << 30)


KINDS = {
    'binary noise': (lambda path: path.write_bytes(os.urandom(100000)), None),
    'a disk that fails': (lambda path: path.symlink_to('/proc/self/mem'), 'Input/output error'),
    'five gigabytes of nothing': (make_sparse, 'larger than'),
    'a folder': (lambda path: path.mkdir(), 'is a folder'),
    'a loop of links': (lambda path: path.symlink_to(path), 'leads nowhere'),
    'a socket': (make_socket, 'is a socket'),
    'a thousand brackets': (lambda path: path.write_bytes(b'[' * 100000), None),
    'zeroes without end': (lambda path: path.symlink_to('/dev/zero'), 'is a character device'),
    'a FIFO': (os.mkfifo, 'is a FIFO'),
}


def remove(path):
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    elif os.path.lexists(path):
        path.unlink()


def every_file_is(world, make, sentence):
    """davy lives, answers keys, keeps the last good values, says what is wrong; --once gives a model; then all is well again."""
    rig, d = opened(world)
    with d:
        for name in FILES:
            path = pathlib.Path(rig / name)
            remove(path)
            path.parent.mkdir(exist_ok=True)
            make(path)
        d.wait_for('WARN', 4)
        d.send('?')
        d.wait_for('This pane', 2)
        d.send('\x1b4')
        d.settle()
        assert '45%' in d.text(), d.text()
        told = once_sources(world, rig, make)
        wrong = [error for error in told.values() if error]
        assert len(wrong) >= 8 and (sentence is None or sum(sentence in e for e in wrong) >= 8), told
        for name in FILES:
            remove(pathlib.Path(rig / name))
        rig.fill()
        rig.write('state/miner-state.json', '{"status": "stopped"}')
        rig.write('state/performance-metrics.json', '{"performance_7day": {}}')
        rig.budgets(openai=520000)
        d.wait_for(lambda d: '52%' in d.text() and 'cannot be used' not in d.text(), 5)


def once_sources(world, rig, make):
    if make is make_sparse:                 # a history is read whole, even if it is five gigabytes of nothing
        remove(pathlib.Path(rig / 'state/task-history.jsonl'))
    return {s['path']: s['error'] for s in world.once(rig)['sources']}


def cases():
    for name, (make, sentence) in KINDS.items():
        yield f'every file is {name}', lambda w, m=make, s=sentence: every_file_is(w, m, s)


def test_what_may_not_be_read_is_told_and_read_as_soon_as_it_may_be(world):
    if os.geteuid() != 0 or not can(*NOBODY):
        return
    os.chmod(world.folder, 0o755)
    rig = world.rig().fill()
    with world.open(rig, size=SIZE, through=NOBODY) as d:
        d.wait_for('elonmusk')
        d.settle()
        rig.budgets(openai=560000)
        os.chmod(rig / 'config/token-budgets.json', 0)
        d.wait_for('token-budgets.json cannot be read by this user', 3)
        os.chmod(rig / 'config/token-budgets.json', 0o644)
        assert seen_within(d, '56%', 3) < 0.7 * PATIENCE
        os.chmod(rig / 'config', 0)
        rig.budgets(openai=570000)
        d.wait_for('token-budgets.json cannot be read by this user', 35)
        os.chmod(rig / 'config', 0o755)
        assert seen_within(d, '57%', 3) < 0.7 * PATIENCE


def test_a_long_history_and_a_huge_log_keep_nobody_waiting(world):
    rig = world.rig().fill()
    block = ''.join(scored(i, round(i % 1000 / 1000, 3), 40000000 - 20 * i) for i in range(10000))
    with open(rig / 'state/task-history.jsonl', 'w') as f:
        for _ in range(20):
            f.write(block)                  # about 35 MB
    with open(rig / 'logs/miner.log', 'wb') as f:
        f.truncate(3 << 30)
    rig.append('logs/miner.log', '\n' + log_line('the last line'))
    began = time.monotonic()
    with world.open(rig, size=SIZE) as d:
        d.wait_for('elonmusk')
        assert time.monotonic() - began < 1 * PATIENCE, f'{time.monotonic() - began:.2f} s'
        d.wait_for('reading the history', 1)
        d.wait_for('the last line', 1)
        waits = []
        while 'reading the history' in d.text():
            before = len(d.raw)
            pressed = time.monotonic()
            d.send('\t')
            d.wait_for(lambda d: len(d.raw) > before, 5)
            waits.append(time.monotonic() - pressed)
        assert waits and max(waits) < 0.5 * PATIENCE, waits


def test_two_dashboards_share_a_rig(world):
    rig, d = opened(world)
    with d, world.open(rig, size=(80, 24)) as other:
        other.wait_for('elonmusk')
        rig.budgets(openai=970000)
        d.wait_for('97%', 2)
        other.wait_for('97%', 2)
