# SPDX-License-Identifier: GPL-2.0-or-later
"""Eight ways to die on four kinds of terminal: whatever davy dies of, the terminal is as it was. And the guard that sees to it
when nobody else can."""
import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import termios
import time

from pty_davy import PATIENCE, Davy, environment

SIZE = (120, 40)
WAYS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGKILL)
KINDS = ('xterm-256color', 'linux', 'vt100')    # and tmux

# As SHELL of pty_davy; SIGUSR1 puts a third program in front, with modes of its own.
SHELL_WITH_ANOTHER = """
import os, signal, sys, termios, time
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
def another(*_):
    if os.fork() == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        modes = termios.tcgetattr(0)
        modes[1] |= termios.OPOST
        modes[3] |= termios.ISIG
        termios.tcsetattr(0, termios.TCSANOW, modes)
        time.sleep(60)
        os._exit(0)
signal.signal(signal.SIGUSR1, another)
while True:
    time.sleep(1)
"""


def holders(terminal):
    """Processes besides ours that have it open."""
    found = []
    for entry in pathlib.Path('/proc').iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            if any(os.readlink(fd) == terminal for fd in (entry / 'fd').iterdir()):
                found.append((int(entry.name), (entry / 'comm').read_text().strip()))
    return found


def guard_of(d):
    """The pid; it is the terminal's only other holder."""
    found = [pid for pid, name in holders(d.slave_name) if name == 'tty-guard']
    assert len(found) == 1, f'guards: {found}'
    return found[0]


def check(d, term):
    """As before: modes, pen, cursor, alternate screen, and nobody left."""
    end = time.monotonic() + 2 * PATIENCE
    while (holders(d.slave_name) or d.read(0)) and time.monotonic() < end:
        d.read(0.02)
    assert not holders(d.slave_name), f'left behind: {holders(d.slave_name)}'
    now = termios.tcgetattr(d.slave)
    assert now == d.before, f'{term}: modes {d.before[:4]} before, {now[:4]} after'
    assert not d.screen.cursor.hidden, f'{term}: the cursor stayed hidden'
    pen = d.screen.cursor.attrs
    assert (pen.fg, pen.bg, pen.bold, pen.reverse) == ('default', 'default', False, False), f'{term}: {pen}'
    if term.startswith('xterm'):
        d.check_restored()


def dies(d, term, number):
    d.wait_for(lambda d: len(d.raw) > 1000 and not d.read(0.2), 10, 'a first frame')
    os.kill(d.pid, number)
    code = d.wait_end(6)
    allowed = {-number, 128 + number} | ({0} if number == signal.SIGHUP else set())
    assert code in allowed, code
    check(d, term)


def on_a_pty(world, number):
    rig = world.rig().fill()
    for term in KINDS:
        with world.open(rig, size=SIZE, env=environment(TERM=term)) as d:
            dies(d, term, number)


def in_the_demo(world, number):
    env = environment(TMPDIR=str(world.folder))
    with Davy([world.davy, 'demo'], size=SIZE, env=env) as d:
        dies(d, 'xterm', number)


def in_tmux(world, number):
    if not shutil.which('tmux'):
        return
    rig, socket, modes = world.rig().fill(), world.folder / 'tmux', world.folder / 'modes'
    tmux = ['tmux', '-S', str(socket), '-f', '/dev/null']

    def run(*words):
        done = subprocess.run([*tmux, *words], env=environment(TERM='screen'), capture_output=True, text=True)
        return done.stdout.rstrip('\n')

    def until(what, why):
        end = time.monotonic() + 8 * PATIENCE
        while not what():
            assert time.monotonic() < end, f'{why}: {run("capture-pane", "-p")}'
            time.sleep(0.05)

    script = f'echo before; stty -g >{modes}.1; {world.davy} -C {rig.path} & echo $! >{modes}.pid; fg >/dev/null; stty -g >{modes}.2; echo after'
    run('new-session', '-d', '-x', '100', '-y', '30', 'bash --norc --noprofile')
    try:
        run('send-keys', "PS1='prompt> '; clear; set -m; " + script, 'Enter')
        until(lambda: 'elonmusk' in run('capture-pane', '-p') and run('display', '-p', '#{alternate_on}') == '1', 'no frame')
        os.kill(int(pathlib.Path(f'{modes}.pid').read_text()), number)
        until(lambda: '\nafter' in run('capture-pane', '-p'), 'the shell did not come back')
        seen = run('display', '-p', '#{alternate_on} #{cursor_flag} #{keypad_flag} #{mouse_any_flag}')
        assert seen == '0 1 0 0', f'alternate screen, cursor, keypad, mouse: {seen}'
        assert 'before' in run('capture-pane', '-p'), 'the screen before is gone'
        one, two = (pathlib.Path(f'{modes}.{i}').read_text() for i in (1, 2))
        assert one == two, f'modes {one} before, {two} after'
    finally:
        run('kill-server')


def cases():
    for number in WAYS:
        name = signal.Signals(number).name
        yield f'{name} on an xterm, a console, a vt100', lambda w, n=number: on_a_pty(w, n)
        yield f'{name} in tmux under a shell', lambda w, n=number: in_tmux(w, n)
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV):
        yield f'{signal.Signals(number).name} in the demo', lambda w, n=number: in_the_demo(w, n)


def opened(world, **how):
    d = world.open(world.rig().fill(), size=SIZE, **how)
    d.wait_for('elonmusk')
    d.settle()
    return d


def test_the_guard_survives_what_kills_the_whole_job(world):
    with opened(world, shell=True) as d:
        pid = d.pid
        assert os.getpgid(guard_of(d)) != os.getpgid(pid)
        os.killpg(os.getpgid(pid), signal.SIGKILL)
        d.wait_end()
        check(d, 'xterm')


def test_the_guard_does_nothing_when_davy_ends_by_itself(world):
    with opened(world) as d:
        guard_of(d)
        d.send('q')
        assert d.wait_end() == 0
        assert not holders(d.slave_name), 'the guard outlived davy'
        assert bytes(d.raw).count(b'\x1b[?1049l') == 1, 'restored twice'
        check(d, 'xterm')


def test_the_guard_sleeps(world):
    with opened(world) as d:
        guard = guard_of(d)

        def switches():
            return [line for line in open(f'/proc/{guard}/status') if 'ctxt_switches' in line]
        before = switches()
        d.read(3)
        assert switches() == before, f'{before} {switches()}'


def test_killed_where_the_shell_has_the_terminal_it_writes_nothing(world):
    with opened(world, shell=True) as d:
        pid, guard = d.pid, guard_of(d)
        d.send('\x1a')
        end = time.monotonic() + 3 * PATIENCE
        while d.state() != 'T' and time.monotonic() < end:
            d.read(0.02)
        d.read(0.2)
        d.raw.clear()
        os.kill(pid, signal.SIGKILL)
        d.read(0.5)
        assert not os.path.exists(f'/proc/{guard}') or open(f'/proc/{guard}/stat').read().split()[2] == 'Z'
        assert not d.raw, bytes(d.raw)


def test_killed_behind_another_program_it_writes_nothing(world):
    rig = world.rig().fill()
    argv = ['/usr/bin/python3', '-c', SHELL_WITH_ANOTHER, str(world.davy), '-C', str(rig.path)]
    with Davy(argv, size=SIZE) as d:
        d.shell = True
        d.wait_for('elonmusk')
        d.settle()
        pid = d.pid
        os.kill(pid, signal.SIGSTOP)
        d.process.send_signal(signal.SIGUSR1)
        d.read(0.5)
        modes = termios.tcgetattr(d.slave)
        d.raw.clear()
        os.kill(pid, signal.SIGKILL)
        d.read(0.5)
        assert not d.raw, bytes(d.raw)
        assert termios.tcgetattr(d.slave) == modes
        for other, _ in holders(d.slave_name):
            if other != d.process.pid:
                os.kill(other, signal.SIGKILL)
