# SPDX-License-Identifier: GPL-2.0-or-later
"""A writer of 100,000 lines a second, a line of 100 MB, a hole of 1 GB, a history that is no text: the screen goes on, memory
stays bounded, and the numbers are exact at the end."""
import os
import resource
import subprocess
import sys
import time

from pty_davy import PATIENCE, environment
from rigs import is_sanitized, scored, utc

HISTORY = 'state/task-history.jsonl'
RATE, SECONDS, CHUNKS = 100_000, 4, 40
HELP = 'Esc closes'
FRAME = b'\x1b[?2026h'
MIB = 1 << 20
# Opens for appending, writes what it is given in equal steps, and says how long it had to wait for its own writes.
WRITER = """
import os, sys, time
source, target, chunk, pause = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
fd, out, busy, began = os.open(source, os.O_RDONLY), os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT), 0, time.monotonic()
for i in range(10**9):
    block = os.read(fd, chunk)
    if not block:
        break
    before = time.monotonic()
    assert os.write(out, block) == len(block)
    busy += time.monotonic() - before
    time.sleep(max(0, began + (i + 1) * pause - time.monotonic()))
print(f'{time.monotonic() - began:.2f} {busy:.3f}')
"""


def peak(pid):
    """MiB of memory at most so far."""
    line = next(x for x in open(f'/proc/{pid}/status') if x.startswith('VmHWM'))
    return int(line.split()[1]) / 1024


def many_lines(path, count):
    """All of one length, so that they can be written in equal steps."""
    with open(path, 'w') as f:
        for i in range(count):
            f.write(f'{{"timestamp": "{utc(300)[:19]}", "task_id": "s_{i:08}", "validator_score": 0.{i % 1000:03}, "tokens_spent": 500, '
                    f'"llm_used": "llm-{i % 5}", "prompt_strategy": "direct", "subnet_id": 1}}\n')
    return os.path.getsize(path) // count


def bounded_once(world, rig, most):
    """The model, from a process that may use so much memory and no more."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    model = world.once(rig)
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sanitized = b'libasan' in subprocess.run(['ldd', world.davy], capture_output=True).stdout
    assert sanitized or after <= max(before, most * 1024), f'{after // 1024} MiB, not {most}'
    return model


def test_a_writer_of_100000_lines_a_second_does_not_stop_the_screen(world):
    rig = world.rig().fill()
    step = many_lines(rig / 'lines', RATE * SECONDS) * RATE * SECONDS // CHUNKS
    with world.open(rig, size=(160, 50)) as d:
        d.wait_for('elonmusk')
        d.settle()
        d.raw.clear()
        writer = subprocess.Popen([sys.executable, '-c', WRITER, rig / 'lines', rig / HISTORY, str(step), str(SECONDS / CHUNKS)],
                                  stdout=subprocess.PIPE, text=True)
        began, answered = time.monotonic(), 0
        while writer.poll() is None:
            d.send('?')
            d.wait_for(HELP)
            d.send('\x1b')
            d.wait_for(lambda s: HELP not in s.text())
            answered += 1
        took, busy = writer.communicate()[0].split()
        frames, seconds = d.raw.count(FRAME), time.monotonic() - began
        d.settle()
        memory = peak(d.pid)
        print(f'        {RATE * SECONDS} lines in {took} s ({busy} s of it in write); {frames / seconds:.1f} frames a second, '
              f'{answered} keys answered, {memory:.0f} MiB at most', flush=True)
        assert answered >= 3 and frames >= 2 * answered
        assert is_sanitized(d.pid) or memory < 160, f'{memory:.0f} MiB'
        d.send('q')
        assert d.wait_end() == 0
    scores = world.once(rig)['scores']
    assert scores['lines'] == RATE * SECONDS + 60 and scores['scored'] == scores['lines'], scores['lines']
    assert scores['windows']['24h']['count'] == scores['lines'], scores['windows']['24h']


def test_a_line_of_100_mb_is_one_bad_line(world):
    rig = world.rig().fill()
    with open(rig / HISTORY, 'ab') as f:
        f.write(b'{"task_id": "long", "response": "')
        for _ in range(100):
            f.write(b'x' * MIB)
        assert bounded_once(world, rig, 48)['scores']['lines'] == 60   # not complete: not a line yet
        f.write(b'"}\n' + scored(61, 0.5).encode())
    scores = bounded_once(world, rig, 48)['scores']
    assert (scores['lines'], scores['malformed'], scores['scored']) == (62, 1, 61), scores
    with world.open(rig) as d:
        d.wait_for('elonmusk')
        d.wait_for('unusable line')


def test_a_hole_of_a_gigabyte_is_read_through(world):
    rig = world.rig().fill()
    os.truncate(rig / HISTORY, 1 << 30)
    rig.append(HISTORY, scored(61, 0.5))
    with world.open(rig) as d:
        d.wait_for('elonmusk')      # while it is read
        assert is_sanitized(d.pid) or peak(d.pid) < 64, peak(d.pid)
    scores = bounded_once(world, rig, 48)['scores']
    assert (scores['lines'], scores['malformed'], scores['scored']) == (61, 0, 61), scores


def test_a_history_that_is_no_text_and_grows_is_bounded_and_told(world):
    rig = world.rig().fill()
    block = os.urandom(MIB)
    with world.open(rig, size=(160, 50)) as d:
        d.wait_for('elonmusk')
        for _ in range(24):
            rig.append(HISTORY, block)
            d.read(0.05)
        d.settle()
        d.wait_for('unusable lines')
        d.send('?')
        d.wait_for(HELP)
        assert is_sanitized(d.pid) or peak(d.pid) < 96, peak(d.pid)
    rig.append(HISTORY, '\n' + scored(61, 0.5))
    scores = bounded_once(world, rig, 64)['scores']
    newlines = 24 * block.count(b'\n')
    assert scores['lines'] == 60 + newlines + 2 and scores['scored'] == 61, scores
    assert scores['malformed'] >= newlines // 2
