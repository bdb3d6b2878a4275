# SPDX-License-Identifier: GPL-2.0-or-later
"""Drives a program on a terminal of its own: a pty whose other side is a pyte screen. What it wrote is kept as bytes too
(raw), because some promises are about bytes: colours, whole frames, what stands last."""
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

import pyte

PATIENCE = float(os.environ.get('DAVY_TEST_PATIENCE', '1'))     # slow machines and valgrind: 5


class Gone(Exception):
    """The program ended while a test waited for something."""


class Late(AssertionError):
    """Something did not come in time."""


def environment(**changes):
    """A plain one, so that the tester's own does not matter. None removes a name."""
    env = {'PATH': '/usr/bin:/bin', 'HOME': '/nonexistent', 'LANG': 'C.UTF-8', 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm-256color',
           'TZ': 'UTC', 'ASAN_OPTIONS': 'detect_leaks=0:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0', 'UBSAN_OPTIONS': 'print_stacktrace=1'}
    for name, value in changes.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


class Screen(pyte.Screen):
    """pyte knows neither REP (CSI b: long runs of one character) nor SU and SD (CSI S, T: scrolling); CSI r alone keeps its
    lower margin, and CSI 2 J colours only cells that were written before."""
    last = ' '

    def draw(self, data):
        self.last = data[-1]
        super().draw(data)

    def repeat_last(self, count=1):
        self.draw(self.last * (count or 1))

    def scroll(self, count, row, step):
        at, self.cursor.y = self.cursor.y, row
        for _ in range(count or 1):
            step()
        self.cursor.y = at

    def scroll_up(self, count=1):
        self.scroll(count, self.margins.bottom if self.margins else self.lines - 1, self.index)

    def scroll_down(self, count=1):
        self.scroll(count, self.margins.top if self.margins else 0, self.reverse_index)

    def set_margins(self, top=None, bottom=None):
        if top or bottom:
            super().set_margins(top, bottom)
        else:
            self.margins = None
            self.cursor_position()

    def erase_in_display(self, how=0, *args, **kwargs):
        super().erase_in_display(how, *args, **kwargs)
        for y in range(self.lines if how == 2 else 0):
            for x in range(self.columns):
                self.buffer[y][x] = self.cursor.attrs


class Stream(pyte.ByteStream):
    csi = dict(pyte.ByteStream.csi, b='repeat_last', S='scroll_up', T='scroll_down')
    events = pyte.ByteStream.events | {'repeat_last', 'scroll_up', 'scroll_down'}


# A shell's job control without a shell: SIGUSR1 is fg, SIGUSR2 bg. Without it nobody could continue a stopped program, so
# the kernel lets none be stopped from its keyboard.
SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
pid = os.fork()
if pid == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.argv[1], sys.argv[1:])
def fg(*_):
    os.tcsetpgrp(0, pid)
    os.killpg(pid, signal.SIGCONT)
signal.signal(signal.SIGUSR1, fg)
signal.signal(signal.SIGUSR2, lambda *_: os.killpg(pid, signal.SIGCONT))
while True:
    _, status = os.waitpid(pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    os.tcsetpgrp(0, os.getpgrp())
"""


class Davy:
    def __init__(self, argv, size=(120, 40), env=None, ignore=(), shell=False):
        if shell:
            argv = ['/usr/bin/python3', '-c', SHELL, *argv]
        self.size, self.raw = size, bytearray()
        self.screen = Screen(*size)
        self.stream = Stream(self.screen)
        self.master, slave = pty.openpty()
        self._winsize(size)
        self.before = termios.tcgetattr(slave)
        self.slave_name = os.ttyname(slave)

        def child():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN if number in ignore else signal.SIG_DFL)

        self.process = subprocess.Popen([str(a) for a in argv], stdin=slave, stdout=slave, stderr=slave, preexec_fn=child,
                                        env=env or environment(), close_fds=True)
        self.slave = slave      # kept open, so that the terminal's modes can be read after the end
        self.shell = shell

    @property
    def pid(self):
        """The program's own, not its shell's."""
        if not self.shell:
            return self.process.pid
        children = open(f'/proc/{self.process.pid}/task/{self.process.pid}/children').read().split()
        return int(children[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.process.poll() is None:
            if self.shell:
                os.kill(self.pid, signal.SIGKILL)
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
        for name in ('master', 'slave'):
            fd = getattr(self, name)
            if fd is not None:
                os.close(fd)
                setattr(self, name, None)

    def hang_up(self):
        """The terminal goes away, as when a window is closed."""
        os.close(self.slave)
        os.close(self.master)
        self.slave = self.master = None

    def _winsize(self, size):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', size[1], size[0], 0, 0))

    def resize(self, w, h):
        self.read(0)
        self.size = (w, h)
        self.screen.resize(h, w)
        self._winsize((w, h))

    def send(self, keys):
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def read(self, seconds):
        """Takes what the program writes for so long; returns the number of bytes."""
        end, got = time.monotonic() + seconds, 0
        while True:
            left = max(0, end - time.monotonic())
            if self.master is None or not select.select([self.master], [], [], left)[0]:
                return got
            try:
                data = os.read(self.master, 65536)
            except OSError as e:
                if e.errno == errno.EIO:
                    return got
                raise
            if not data:
                return got
            got += len(data)
            self.raw += data
            self.stream.feed(data)

    def frame(self):
        """The text of a whole frame, while its writer stands still; None: that is in the middle of one."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            while self.read(0.002):
                pass
        finally:
            os.kill(self.pid, signal.SIGCONT)
        return self.text() if self.raw.rfind(b'\x1b[?2026h') <= self.raw.rfind(b'\x1b[?2026l') else None

    def text(self):
        return '\n'.join(line.rstrip() for line in self.screen.display)

    def wait_for(self, what, seconds=8, why=None):
        """what: a text on the screen, or a function of self that gives something true. Returns that."""
        found = (lambda d: what in d.text()) if isinstance(what, str) else what
        end = time.monotonic() + seconds * PATIENCE
        while True:
            self.read(0.03)
            hit = found(self)
            if hit:
                return hit
            if self.process.poll() is not None:
                self.read(0.2)
                hit = found(self)
                if hit:
                    return hit
                raise Gone(f'ended with {self.process.returncode}; the screen:\n{self.text()}')
            if time.monotonic() > end:
                raise Late(f'not within {seconds} s: {why or what}; the screen:\n{self.text()}')

    def wait_end(self, seconds=3):
        """The exit status; a signal is negative. Its output is read on, because a full terminal holds programs back."""
        end = time.monotonic() + seconds * PATIENCE
        while self.process.poll() is None:
            self.read(0.02) if self.master is not None else time.sleep(0.02)
            if time.monotonic() > end:
                raise Late(f'did not end within {seconds} s; the screen:\n{self.text()}')
        self.read(0.1)
        return self.process.returncode

    def settle(self, quiet=0.25, seconds=5):
        """Reads until nothing came for a while."""
        end = time.monotonic() + seconds * PATIENCE
        while self.read(quiet * PATIENCE) and time.monotonic() < end:
            pass

    def check_restored(self):
        """The terminal is as it was: modes equal, alternate screen left, cursor shown, plain attributes."""
        raw = bytes(self.raw)
        now = termios.tcgetattr(self.slave)
        assert now == self.before, f'terminal modes differ: {self.before[:4]} before, {now[:4]} after'
        assert raw.rfind(b'\x1b[?1049l') > raw.rfind(b'\x1b[?1049h'), 'the alternate screen was not left'
        shown = max(raw.rfind(b'\x1b[?25h'), raw.rfind(b'\x1b[?12;25h'), raw.rfind(b'\x1b[34h\x1b[?25h'))
        assert shown > raw.rfind(b'\x1b[?25l'), 'the cursor stayed hidden'
        region = self.screen.margins
        assert region in (None, (0, self.screen.lines - 1)), f'the shell would scroll in {region} of {self.screen.lines} lines'

    def cpu_seconds(self):
        fields = open(f'/proc/{self.process.pid}/stat').read().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def state(self):
        """R, S, T, ... or '-' when it is gone."""
        try:
            return open(f'/proc/{self.pid}/stat').read().rsplit(')', 1)[1].split()[0]
        except OSError:
            return '-'
