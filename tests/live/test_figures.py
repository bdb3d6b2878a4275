# SPDX-License-Identifier: GPL-2.0-or-later
"""What the screen costs: bytes, writes, wake-ups and memory. Times are measured by tests/bench/screen, never asserted."""
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import termios
import time
import fcntl

from pty_davy import PATIENCE, Davy, environment
from test_4_terminal import writes

SIZE = (120, 40)


def opened(world, *more, fill=None, **how):
    rig = world.rig().fill()
    if fill:
        fill(rig)
    d = world.open(rig, *more, size=SIZE, **how)
    d.wait_for('daemon')
    d.settle()
    return rig, d


def finished(rig):
    """Nothing at work: the clock and the countdown of the auction's window are all that ticks."""
    rig.stage(7, status='completed', age_s=7200)


def switches(pid):
    return sum(int(line.split()[1]) for line in open(f'/proc/{pid}/status') if line.startswith('voluntary'))


def test_where_nothing_changes_nothing_is_sent_and_nobody_wakes(world):
    """Twenty-two seconds hold one of the slow looks at all files, which come every half minute."""
    _, d = opened(world, '--now', str(int(time.time() * 1000)))
    with d:
        d.read(1)
        d.raw.clear()
        before = switches(d.pid)
        d.read(22)
        assert not d.raw, bytes(d.raw)
        assert switches(d.pid) - before <= 2, f'{switches(d.pid) - before} wake-ups'


def test_a_clock_and_a_countdown_wake_once_a_second_for_a_few_bytes(world):
    _, d = opened(world, fill=finished)
    with d:
        d.wait_for('left')
        d.read(1)
        d.raw.clear()
        before, began = switches(d.pid), time.monotonic()
        d.read(12)
        took = time.monotonic() - began
        # 12 on a machine of its own (tests/bench/screen); a busy one adds waits of the kernel's.
        assert 8 <= switches(d.pid) - before <= took * 2 + 1, f'{switches(d.pid) - before} wake-ups in {took:.1f} s'
        assert len(d.raw) / took <= 40, f'{len(d.raw) / took:.0f} bytes/s: {bytes(d.raw)}'


def test_a_living_rig_costs_little(world):
    with world.simulated('--scenario', 'calm') as folder:
        with world.open(folder, size=SIZE) as d:
            d.wait_for('daemon')
            d.settle()
            d.read(4)
            d.raw.clear()
            before = switches(d.pid)
            d.read(20)
            # 50 to 110, as much as the rig has to say; every cell of it is news.
            assert 0 < len(d.raw) / 20 <= 200, f'{len(d.raw) / 20:.0f} bytes/s'     # the goal is 150; 50 to 180 were seen
            assert switches(d.pid) - before <= 20 * 2.5, f'{(switches(d.pid) - before) / 20:.2f} wake-ups/s'


def test_the_first_frame_is_small_and_one_write(world):
    if not shutil.which('strace'):
        return
    with world.simulated('--scenario', 'calm') as folder:
        log = world.folder / 'strace.log'
        argv = ['strace', '-f', '-y', '-qq', '-e', 'trace=write,writev', '-o', log, world.davy, '-C', folder]
        with Davy(argv, size=SIZE, env=environment(ASAN_OPTIONS='detect_leaks=0:handle_segv=0')) as d:
            d.wait_for('daemon', 15)
            first = writes(log.read_text(errors='replace'))[0]
            assert 2500 < first <= 5000, f'{first} bytes'
            assert bytes(d.raw).find(b'\x1b[?2026l') < first, 'the first write() is not a whole frame'
            d.send('q')
            d.wait_end()


def test_a_move_in_a_list_is_a_few_bytes(world):
    _, d = opened(world, '--now', str(int(time.time() * 1000)))
    with d:
        d.send('6')
        d.settle()
        for key in ('j', 'j', 'k', 'k'):
            d.raw.clear()
            d.send(key)
            d.settle(0.1)
            assert 0 < len(d.raw) <= 60, f'{key}: {bytes(d.raw)}'


def test_a_new_line_of_the_log_moves_the_others(world):
    rig, d = opened(world, '--now', str(int(time.time() * 1000)))
    with d:
        for i in range(8):
            d.raw.clear()
            with open(rig / 'logs/miner.log', 'a') as f:
                f.write(f'2026-11-22 10:00:0{i},000 - __main__ - INFO - line number {i} of a log that goes on\n')
            d.wait_for(f'line number {i}')
            d.settle(0.1)
        assert len(d.raw) <= 250, bytes(d.raw)


def plain(world):
    """An optimised build without sanitizers: only there is memory davy's own. None where there is none."""
    for folder in (world.build, world.build.parent / 'plain'):
        if (folder / 'davy').exists() and b'__asan_init' not in (folder / 'davy').read_bytes():
            return folder / 'davy'
    return None


def test_memory_is_five_megabytes_and_stays(world):
    davy = plain(world)
    if davy is None:
        return
    rig = world.rig().fill()

    def kilobytes(name):
        return next(int(line.split()[1]) for line in open(f'/proc/{d.pid}/status') if line.startswith(name))
    with Davy([davy, '-C', rig.path], size=SIZE) as d:
        d.wait_for('elonmusk')
        d.settle()
        assert kilobytes('VmHWM') <= 5 * 1024, f'{kilobytes("VmHWM")} kB resident'
        assert kilobytes('RssAnon') <= 1400, f'{kilobytes("RssAnon")} kB of its own'
        before = 0
        for i in range(300):
            rig.budgets(openai=100000 + 1000 * i)
            rig.stage(i % 7, user=f'user{i}')
            d.read(0.01)
            before = before or (kilobytes('RssAnon') if i == 100 else 0)
        d.wait_for('user299')
        assert kilobytes('RssAnon') <= before + 64, f'{before} kB grew to {kilobytes("RssAnon")} kB'


def test_memory_is_five_megabytes_with_two_weeks_of_history(world):
    davy = plain(world)
    if davy is None:
        return
    with world.simulated('--scenario', 'calm') as folder:
        for start in ('without its index', 'with its index'):
            with Davy([davy, '-C', folder], size=SIZE) as d:
                d.wait_for('daemon')
                d.wait_for(lambda d: 'reading the history' not in d.text())
                d.read(1.5)
                most = next(int(line.split()[1]) for line in open(f'/proc/{d.pid}/status') if line.startswith('VmHWM'))
                assert most <= 5632, f'{start}: {most} kB resident'         # the goal is 5120; 4900 to 5460 were seen
                d.send('q')
                d.wait_end()


def test_ten_thousand_sizes_end_in_the_right_picture_in_the_same_memory(world):
    rig, now = world.rig().fill(), ('--now', str(int(time.time() * 1000)))
    with world.open(rig, *now, size=SIZE) as d:
        d.wait_for('elonmusk')
        d.screen.draw = lambda data: None       # this one cannot keep up
        chance, frames, memory = random.Random(3), 0, []

        def size(w, h):
            fcntl.ioctl(d.master, termios.TIOCSWINSZ, struct.pack('HHHH', h, w, 0, 0))
        for i in range(10000):
            size(chance.randint(1, 180), chance.randint(1, 60))
            if i % 8 == 0:
                d.read(0)
            if i % 1000 == 999:
                assert d.process.poll() is None, f'ended with {d.process.returncode}'
                memory.append(next(int(line.split()[1]) for line in open(f'/proc/{d.pid}/status') if line.startswith('RssAnon')))
                frames += bytes(d.raw).count(b'\x1b[2J')
                d.raw.clear()
        assert frames <= 10000, f'{frames} frames for 10,000 sizes'
        if plain(world) == world.davy:      # the sanitizer keeps what was freed
            assert memory[-1] <= max(memory[:5]) * 1.1 + 256, f'kB: {memory}'
        d.settle()
        del d.screen.draw
        size(*SIZE)
        d.screen.reset()
        d.settle()
        d.send('\x0c')
        d.settle()
        with world.open(rig, *now, size=SIZE) as fresh:
            fresh.wait_for('elonmusk')
            fresh.settle()
            assert d.text() == fresh.text(), f'{d.text()}\n--- but a fresh one:\n{fresh.text()}'


def test_a_stalled_terminal_holds_nothing_up_and_gets_one_frame_afterwards(world):
    rig, d = opened(world)
    with d:
        for i in range(60):                     # nobody reads: the pty's buffer fills
            d._winsize((100 + i % 50, 30 + i % 20))
            time.sleep(0.01)
        d._winsize(SIZE)
        time.sleep(0.3)

        def io(name):
            return int(re.search(name + r': (\d+)', pathlib.Path(f'/proc/{d.pid}/io').read_text())[1])
        read = io('rchar')
        for i in range(5):
            rig.stage(i, user=f'stalled{i}')
            time.sleep(0.1)
        assert io('rchar') - read > 5 * 200, 'the files were not read'
        written = io('wchar')
        d.settle(0.3)
        assert io('wchar') - written <= 2 * 6000, f'{io("wchar") - written} bytes: more than the rest of a frame, and the newest'
        d.send('\x0c')
        d.wait_for('stalled4')


def test_a_terminal_that_vanishes_ends_it_every_time(world):
    """As with nohup or sudo, which ignore SIGHUP for it."""
    rig = world.rig().fill()
    for i in range(25):
        with world.open(rig, size=SIZE, ignore=(signal.SIGHUP,)) as d:
            d.wait_for(lambda d: len(d.raw) > 1000)
            if i % 2:
                d.send('jjkk?')
            watch = os.pidfd_open(d.process.pid)
            d.hang_up()
            end = time.monotonic() + 2 * PATIENCE
            while d.process.poll() is None and time.monotonic() < end:
                time.sleep(0.005)
            os.close(watch)
            assert d.process.poll() is not None, f'trial {i}: lives on'


def test_what_others_write_is_painted_over_by_itself(world):
    _, d = opened(world, '--now', str(int(time.time() * 1000)))
    with d:
        d.raw.clear()
        before = d.text()
        with open(d.slave_name, 'wb', buffering=0) as terminal:
            terminal.write(b'\r\nBroadcast message from root\r\n')
        d.wait_for('Broadcast', 2)
        d.wait_for(lambda d: 'Broadcast' not in d.text(), 10, 'the screen was not painted anew')
        d.settle()
        assert d.text() == before
        d.raw.clear()
        d.read(6)
        assert not d.raw, 'it answers itself'
