# SPDX-License-Identifier: GPL-2.0-or-later
"""The terminal changes its size, stalls, goes away; signals come; the shell wants its terminal back."""
import os
import random
import re
import select
import shutil
import signal
import subprocess
import time

from pty_davy import PATIENCE, Davy, environment

SIZE = (120, 40)


def opened(world, **how):
    rig = world.rig().fill()
    d = world.open(rig, size=SIZE, **how)
    d.wait_for('elonmusk')
    d.settle()
    return rig, d


def test_a_storm_of_200_sizes_ends_in_the_right_frame(world):
    rig, now = world.rig().fill(), ('--now', str(int(time.time() * 1000)))
    with world.open(rig, *now, size=SIZE) as d:
        d.wait_for('elonmusk')
        chance = random.Random(7)
        for i in range(200):
            w, h = (1, 1) if i % 40 == 7 else (chance.randint(1, 200), chance.randint(1, 60))
            d.resize(w, h)
            d.read(chance.choice([0, 0, 0.002, 0.02]))
        d.resize(*SIZE)
        d.settle()
        d.send('\x0c')
        d.wait_for('elonmusk', 3)
        d.settle()
        with world.open(rig, *now, size=SIZE) as fresh:
            fresh.wait_for('elonmusk')
            fresh.settle()
            assert d.text() == fresh.text(), f'{d.text()}\n--- but a fresh one:\n{fresh.text()}'
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()


def hang_up(world, ignore):
    _, d = opened(world, ignore=ignore)
    with d:
        before = d.cpu_seconds()
        d.hang_up()
        end = time.monotonic() + 1.0 * PATIENCE
        while d.process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        assert d.process.poll() is not None, f'lives on, {d.cpu_seconds() - before:.2f} s of CPU later'


def test_a_hang_up_ends_it_within_a_second(world):
    hang_up(world, ())


def test_a_hang_up_with_sighup_ignored_ends_it_too(world):
    hang_up(world, (signal.SIGHUP,))


def ended_by(world, number):
    _, d = opened(world)
    with d:
        d.process.send_signal(number)
        code = d.wait_end()
        allowed = {-number, 128 + number} | ({0} if number == signal.SIGHUP else set())
        assert code in allowed, code
        d.check_restored()


def cases():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS,
                   signal.SIGFPE):
        yield f'{signal.Signals(number).name} leaves the terminal as it was', lambda w, n=number: ended_by(w, n)


def wait_state(d, states):
    end = time.monotonic() + 3 * PATIENCE
    while d.state() not in states and time.monotonic() < end:
        d.read(0.02)
    assert d.state() in states, f'not {states} but {d.state()}: {d.text()}'


def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it(world):
    _, d = opened(world, shell=True)
    with d:
        for round_ in range(3):
            d.send('\x1a')
            wait_state(d, 'T')
            d.read(0.1)
            d.check_restored()
            d.screen.reset()
            d.resize(100 + round_, 30)      # while it sleeps
            d.process.send_signal(signal.SIGUSR1)
            d.wait_for('elonmusk', 3)
            d.settle()
            assert max(len(line.rstrip()) for line in d.screen.display) <= 100 + round_
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()


def test_in_the_background_it_stops_and_leaves_the_terminal_alone(world):
    _, d = opened(world, shell=True)
    with d:
        d.send('\x1a')
        wait_state(d, 'T')
        d.read(0.2)
        for _ in range(2):
            d.process.send_signal(signal.SIGUSR2)
            time.sleep(0.2)
            wait_state(d, 'T')
        assert d.read(0.3) == 0, 'it wrote to a terminal that is its shell\'s'
        d.check_restored()
        d.process.send_signal(signal.SIGUSR1)
        d.wait_for('elonmusk', 3)
        d.send('q')
        assert d.wait_end() == 0


def test_ctrl_z_where_nobody_could_continue_it_changes_nothing(world):
    _, d = opened(world)                    # a session leader, as under systemd or ssh HOST davy
    with d:
        d.send('\x1a')
        d.settle()
        assert d.state() in 'RS', d.state()
        d.send('?')
        d.wait_for('Keys everywhere', 3)
        d.send('\x1bq')
        assert d.wait_end() == 0
        d.check_restored()


def test_any_size_a_thousand_times_a_second(world):
    rig, now = world.rig().fill(), ('--now', str(int(time.time() * 1000)))
    with world.open(rig, *now, size=SIZE) as d:
        d.wait_for('elonmusk')
        chance, end = random.Random(11), time.monotonic() + 3
        d.screen.draw = lambda data: None   # this one cannot keep up
        while time.monotonic() < end:
            d._winsize(chance.choice([(0, 0), (1, 1), (500, 200), (0, 24), (80, 0), (65535, 65535), (30, 3),
                                      (chance.randint(1, 300), chance.randint(1, 100))]))
            if d.slave is not None and select.select([d.master], [], [], 0.001)[0]:
                d.raw += os.read(d.master, 65536)
            assert d.process.poll() is None, f'ended with {d.process.returncode}'
        d.raw.clear()
        d._winsize(SIZE)
        end = time.monotonic() + 3 * PATIENCE
        while time.monotonic() < end and select.select([d.master], [], [], 0.4 * PATIENCE)[0]:
            d.raw += os.read(d.master, 65536)
        last = bytes(d.raw[d.raw.rfind(b'\x1b[2J'):])
        del d.screen.draw
        d.screen.reset()
        d.stream.feed(last)
        with world.open(rig, *now, size=SIZE) as fresh:
            fresh.wait_for('elonmusk')
            fresh.settle()
            assert d.text() == fresh.text(), f'{d.text()}\n--- but a fresh one:\n{fresh.text()}'


def test_a_stalled_terminal_does_not_stop_it_from_ending(world):
    rig, d = opened(world)
    with d:
        for i in range(60):             # nobody reads: the pty's buffer fills
            d._winsize((100 + i % 50, 30 + i % 20))
            rig.budgets(openai=100000 + 9000 * i)
            time.sleep(0.01)
        time.sleep(0.3)
        before = d.cpu_seconds()
        time.sleep(1)
        assert d.cpu_seconds() - before < 0.3, f'spins: {d.cpu_seconds() - before:.2f} s of CPU in 1 s'
        d.process.terminate()
        end = time.monotonic() + 2 * PATIENCE
        while d.process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)
        assert d.process.poll() is not None, 'blocked in a write'


def test_after_a_stall_the_newest_frame_is_shown(world):
    rig, d = opened(world)
    with d:
        for i in range(40):
            rig.budgets(openai=100000 + 10000 * i)
            d._winsize((110 + i % 2, 40))
            time.sleep(0.02)
        d._winsize(SIZE)
        rig.stage(6, user='lastone')
        time.sleep(0.3)
        d.screen.reset()
        d.read(0.5)
        d.send('\x0c')
        d.wait_for('lastone', 4)
        d.wait_for('49%', 2)


def test_idle_it_hardly_uses_the_processor(world):
    _, d = opened(world)
    with d:
        d.read(1)
        before = d.cpu_seconds()
        d.read(3)
        used = d.cpu_seconds() - before
        assert used < 0.3, f'{used:.2f} s of CPU in 3 s'


def writes(trace):
    """(file descriptor, size) of every write to a terminal in a strace log."""
    return [int(size) for size in re.findall(r'(?:write|writev)\(\d+</dev/(?:pts/\d+|tty)>.*?\) += (\d+)', trace)]


def test_a_frame_is_one_write(world):
    if not shutil.which('strace'):
        return
    rig = world.rig().fill()
    log = world.folder / 'strace.log'
    argv = ['strace', '-f', '-y', '-qq', '-e', 'trace=write,writev', '-o', log, world.davy, '-C', rig.path]
    with Davy(argv, size=(200, 60), env=environment(ASAN_OPTIONS='detect_leaks=0:handle_segv=0')) as d:
        d.wait_for('elonmusk', 15)
        d.settle(0.5)
        before = len(writes(log.read_text(errors='replace')))
        for i in range(10):
            rig.stage(i % 7, user=f'user{i}', message='x' * (10 + i * 5))
            d.wait_for(f'user{i}', 5)
            d.settle(0.2)
        d.send('\x0c')
        d.settle(0.4)
        frames = writes(log.read_text(errors='replace'))[before:]
        d.send('q')
        d.wait_end(5)
    assert 11 <= len(frames) <= 30, f'{len(frames)} writes for 11 frames and some seconds of ages'
    assert max(frames) > 2000, 'the whole screen was one of them'


def test_resizing_never_shows_half_a_wide_character(world):
    rig = world.rig().fill()
    rig.stage(3, user='三浦健太三浦健太', message='要約：価格は安定、取引量は三週間で二割増えた。' * 3)
    with world.open(rig, size=(120, 30)) as d:
        d.wait_for('三')
        for w in range(119, 60, -3):
            d.resize(w, 30)
            d.settle(0.08)
        for line in d.screen.buffer.values():
            cells = [line[x].data for x in range(d.size[0])]
            for x, cell in enumerate(cells):
                if cell and ord(cell[0]) >= 0x3000 and ord(cell[0]) < 0xa000:
                    assert x + 1 < len(cells) and cells[x + 1] == '', f'half a character at {x}: {cells}'


def test_in_a_shell_in_tmux_ctrl_z_and_fg_work(world):
    if not shutil.which('tmux'):
        return
    rig, socket = world.rig().fill(), world.folder / 'tmux'
    tmux = ['tmux', '-S', str(socket), '-f', '/dev/null']
    env = environment(TERM='screen')

    def run(*words):
        return subprocess.run([*tmux, *words], env=env, capture_output=True, text=True).stdout

    def screen():
        return run('capture-pane', '-p')
    run('new-session', '-d', '-x', '100', '-y', '30', 'bash --norc --noprofile')
    try:
        run('send-keys', f"PS1='prompt> '; clear; {world.davy} -C {rig.path}", 'Enter')
        for round_ in range(2):
            wait_for(lambda: 'elonmusk' in screen(), screen)
            run('send-keys', 'C-z')
            wait_for(lambda: 'Stopped' in screen(), screen)
            run('send-keys', f'clear; jobs; echo round {round_}', 'Enter')
            wait_for(lambda: f'\nround {round_}' in screen(), screen)
            run('send-keys', 'clear; fg', 'Enter')
        wait_for(lambda: 'elonmusk' in screen(), screen)
        run('send-keys', 'q')
        wait_for(lambda: 'prompt>' in screen(), screen)
        run('send-keys', 'echo code $?', 'Enter')
        wait_for(lambda: 'code 0' in screen(), screen)
    finally:
        run('kill-server')


def test_in_tmux_it_draws_and_quits(world):
    if not shutil.which('tmux'):
        return
    rig, socket = world.rig().fill(), world.folder / 'tmux'
    tmux = ['tmux', '-S', str(socket), '-f', '/dev/null']
    env = environment()
    subprocess.run([*tmux, 'new-session', '-d', '-x', '100', '-y', '30', f'{world.davy} -C {rig.path}; echo code $?; sleep 30'],
                   env=env, check=True)
    try:
        def screen():
            return subprocess.run([*tmux, 'capture-pane', '-p'], env=env, capture_output=True, text=True).stdout
        wait_for(lambda: 'elonmusk' in screen(), screen)
        subprocess.run([*tmux, 'send-keys', 'q'], env=env, check=True)
        wait_for(lambda: 'code 0' in screen(), screen)
    finally:
        subprocess.run([*tmux, 'kill-server'], env=env)


def wait_for(what, show, seconds=8):
    end = time.monotonic() + seconds * PATIENCE
    while not what():
        assert time.monotonic() < end, show()
        time.sleep(0.1)
