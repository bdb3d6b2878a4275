# SPDX-License-Identifier: GPL-2.0-or-later
"""What hands do: filter, palette, ranges, the clipboard through tmux and screen, files, the mouse, keys of one's own; and what
rings."""
import base64
import json
import os
import re
import shutil
import signal
import subprocess
import time

from pty_davy import Davy, environment
from rigs import log_line, scored, wait_until

SIZE = (120, 40)
UP, DOWN, ESC, ENTER, BACKSPACE = '\x1bOA', '\x1bOB', '\x1b', '\r', '\x7f'


def filled(world):
    rig = world.rig().fill()
    llms = ('openai-gpt4', 'claude-sonnet', 'gemini-pro')
    rig.append('state/task-history.jsonl',
               ''.join(scored(100 + i, 0.5 + i / 1000, 20000 - 60 * i, llm=llms[i % 3]) for i in range(150)))
    rig.append('logs/miner.log', ''.join(log_line(f'line number {i} of many', age_s=19 - i / 10) for i in range(150)))
    return rig


def opened(world, *more, size=SIZE, **how):
    rig = filled(world)
    d = world.open(rig, *more, size=size, **how)
    d.wait_for('elonmusk')
    d.settle()
    return rig, d


def press(d, keys):
    d.send(keys)
    d.settle(0.15)
    return d.text()


def copied(raw):
    """The texts that the terminal was told to put into its clipboard."""
    found = re.findall(rb'\x1b\]52;c?;([A-Za-z0-9+/=]*)(?:\x07|\x1b\\)', raw)
    return [base64.b64decode(t).decode() for t in found]


def test_a_filter_narrows_while_one_types(world):
    _, d = opened(world)
    with d:
        press(d, '6' + ENTER)
        press(d, '/')
        d.send('claude')
        found = d.wait_for(lambda d: re.search(r'Tasks /claude (\d+) of (\d+)', d.text()), 2)
        count, of = map(int, found.groups())
        assert 0 < count < of, d.text()
        d.wait_for(lambda d: 'gemini-pro' not in d.text(), 2)
        d.send(BACKSPACE * 6)
        d.wait_for(lambda d: d.text().count('gemini-pro') > 3, 2)
        press(d, 'GEMINI')                  # capitals are taken as they are
        d.wait_for('no task with /GEMINI', 2)
        press(d, '\x15' + 'gemini' + ENTER)
        d.wait_for(lambda d: re.search(r'/gemini \d+ of', d.text()), 2)
        press(d, 'nnN')
        press(d, ESC)
        d.wait_for(lambda d: '/gemini' not in d.text() and 'claude' in d.text(), 2)


def test_a_filter_that_is_on_costs_nothing_while_nothing_changes(world):
    rig = filled(world)
    with world.open(rig, '--now', str(int(time.time() * 1000)), size=SIZE) as d:
        d.wait_for('elonmusk')
        press(d, '7/number' + ENTER)
        d.wait_for('Log /number', 2)
        d.settle()
        before = len(d.raw)
        d.read(2.5)
        assert len(d.raw) == before, f'{len(d.raw) - before} bytes while nothing changed'


def test_the_palette_runs_what_a_few_letters_mean(world):
    _, d = opened(world)
    with d:
        press(d, ':')
        d.wait_for(lambda d: 'Commands' in d.text() and 'Tab completes' in d.text(), 2)
        press(d, 'pan log' + ENTER)
        d.wait_for(lambda d: re.search(r'▸ .*line number', d.text()), 2)
        press(d, ':')
        press(d, 'qui' + ENTER)
        assert d.wait_end() == 0
        d.check_restored()


def test_a_range_is_named_on_its_panes_and_reaches_the_model(world):
    _, d = opened(world)
    with d:
        press(d, '3[[')
        d.wait_for('Scores last 24 h', 2)
        d.wait_for('24 h ago', 2)
        press(d, '[')
        d.wait_for('Tasks last 1 h', 2)
        press(d, ':range fit' + ENTER)
        d.wait_for(lambda d: 'last 1 h' not in d.text(), 2)


def test_y_hands_the_selected_row_to_the_terminal(world):
    _, d = opened(world)
    with d:
        press(d, '6' + DOWN)
        press(d, 'y')
        d.wait_for('copied', 2)
        texts = copied(bytes(d.raw))
        assert len(texts) == 1 and 'LLM' in texts[0] and 'subnet 1' in texts[0], texts
        size = int(re.search(r'copied ([\d,]+) bytes', d.text()).group(1).replace(',', ''))
        assert size == len(texts[0].encode())
        press(d, '5y')                      # a pane without rows: as it looks
        assert 'window' in copied(bytes(d.raw))[-1]


def in_tmux(world, rig, *settings):
    """davy in tmux in our terminal."""
    conf = world.folder / 'tmux.conf'
    conf.write_text(''.join(f'set -g {s}\n' for s in ('status off', 'escape-time 10', *settings)))
    server = ['tmux', '-S', str(world.folder / 'tmux'), '-f', str(conf)]
    env = environment(TMUX=None, SHELL='/bin/sh')
    d = Davy([shutil.which('tmux'), *server[1:], 'new-session', f'exec {world.davy} -C {rig.path}'], size=SIZE, env=env)
    return d, lambda *words: subprocess.run([*server, *words], env=env, capture_output=True, text=True, timeout=10).stdout


def end_tmux(d, tell):
    tell('kill-server')
    d.wait_end(5)


def test_y_reaches_tmux_and_the_terminal_around_it(world):
    for settings in (['set-clipboard on'], ['set-clipboard off', 'allow-passthrough on']):
        d, tell = in_tmux(world, filled(world), *settings)
        with d:
            try:
                d.wait_for('elonmusk')
                press(d, '6y')
                d.wait_for('copied', 3)
                wait_until(lambda: (d.read(0.1), copied(bytes(d.raw)))[1], 3, f'nothing came out of tmux with {settings}')
                text = copied(bytes(d.raw))[-1]
                assert 'strategy' in text, text
                if settings == ['set-clipboard on']:
                    assert tell('show-buffer') == text
            finally:
                end_tmux(d, tell)


def test_y_reaches_the_terminal_around_screen(world):
    rig = filled(world)
    sockets = world.folder / 'screens'
    sockets.mkdir(mode=0o700)
    conf = world.folder / 'screenrc'
    conf.write_text('startup_message off\ndefutf8 on\n')
    env = environment(SCREENDIR=str(sockets), SHELL='/bin/sh')
    with Davy([shutil.which('screen'), '-c', str(conf), '-U', world.davy, '-C', str(rig.path)], size=SIZE, env=env) as d:
        d.wait_for('elonmusk')
        press(d, '5y')                      # longer than what screen takes at once
        d.wait_for('copied', 3)
        wait_until(lambda: (d.read(0.1), copied(bytes(d.raw)))[1], 3, 'nothing came out of screen')
        assert 'window' in copied(bytes(d.raw))[-1]
        press(d, 'q')
        d.wait_end(5)


def typed_over(d, name):
    press(d, 'w')
    d.wait_for('write the screen to', 2)
    press(d, '\x15')
    press(d, str(name) + ENTER)


def test_w_writes_the_screen_and_says_before_it_replaces(world):
    _, d = opened(world)
    with d:
        out = world.folder / 'out'
        out.mkdir()
        typed_over(d, out / 'a.txt')
        d.wait_for('wrote', 2)
        text = (out / 'a.txt').read_text()
        assert 'elonmusk' in text and 'write the screen' not in text and len(text.split('\n')) == SIZE[1] + 1
        assert oct((out / 'a.txt').stat().st_mode & 0o777) == '0o644'
        (out / 'a.txt').write_text('mine')
        typed_over(d, out / 'a.txt')
        d.wait_for('Enter again replaces it', 2)
        assert (out / 'a.txt').read_text() == 'mine'
        press(d, ESC)
        assert (out / 'a.txt').read_text() == 'mine'
        typed_over(d, out / 'a.txt')
        press(d, ENTER)
        d.wait_for('wrote', 2)
        assert 'elonmusk' in (out / 'a.txt').read_text()
        os.symlink(out / 'a.txt', out / 'link.txt')
        typed_over(d, out / 'link.txt')
        d.wait_for('a link of that name', 2)
        press(d, ENTER + ESC)
        assert os.path.islink(out / 'link.txt')
        typed_over(d, out / 'm.json')
        d.wait_for('m.json', 2)
        assert 'scores' in json.loads((out / 'm.json').read_text())
        typed_over(d, out / 'p.svg')
        d.wait_for('p.svg', 2)
        assert '<svg' in (out / 'p.svg').read_text()[:300]
        typed_over(d, out / 'a.png')
        d.wait_for('must end in', 2)
        press(d, ESC)
        typed_over(d, out / 'nowhere' / 'x.txt')
        d.wait_for('cannot be written', 2)
        press(d, ESC)
        assert sorted(p.name for p in out.iterdir()) == ['a.txt', 'link.txt', 'm.json', 'p.svg'], list(out.iterdir())


def test_read_only_writes_no_file(world):
    _, d = opened(world, '--read-only')
    with d:
        press(d, 'w')
        d.wait_for('read-only: davy writes nothing', 2)


def report(kind, x, y, end='M'):
    return f'\x1b[<{kind};{x};{y}{end}'


def place(d, text):
    for y, line in enumerate(d.text().split('\n')):
        if text in line:
            return line.index(text) + 1, y + 1
    raise AssertionError(f'no {text} on the screen')


def test_the_mouse_only_when_somebody_wants_it(world):
    rig, d = opened(world)
    with d:
        assert b'1000h' not in bytes(d.raw)
        before = d.text()
        press(d, report(0, *place(d, '7 Log')))         # nobody asked: dropped
        assert [line for line in d.text().split('\n') if 'next' in line] == [line for line in before.split('\n') if 'next' in line]
        press(d, 'm')
        d.wait_for('mouse on', 2)
        assert b'\x1b[?1000h\x1b[?1006h' in bytes(d.raw)
        press(d, report(0, *place(d, '7 Log')) + report(0, *place(d, '7 Log'), end='m'))
        d.wait_for(lambda d: re.search(r'▸ .*line number', d.text()), 2)
        x, y = place(d, '7 Log')
        want = re.search(r'line number \d+', d.text().split('\n')[y + 2]).group()
        press(d, report(0, x, y + 3))       # the list may scroll below it
        line = next(line for line in d.text().split('\n') if want in line)
        assert '▸' in line[:4], line
        press(d, report(65, x, y + 1))
        press(d, report(0, *place(d, '? help')))
        d.wait_for('This pane', 2)
        press(d, ESC)
        press(d, 'm')
        assert bytes(d.raw).rfind(b'\x1b[?1000l') > bytes(d.raw).rfind(b'\x1b[?1000h')
        press(d, 'm')
        d.send('q')
        d.wait_end()
        assert bytes(d.raw).rfind(b'\x1b[?1006l') > bytes(d.raw).rfind(b'\x1b[?1006h')
        d.check_restored()
    rig.write('davy.toml', '[view]\nmouse = true\n')
    with world.open(rig, size=SIZE) as d:
        d.wait_for('elonmusk')
        assert b'\x1b[?1000h\x1b[?1006h' in bytes(d.raw)
        rig.write('davy.toml', '[view]\nmouse = false\n')
        d.wait_for(lambda d: b'\x1b[?1000l' in bytes(d.raw), 4, 'switched off by davy.toml')


def test_the_mouse_comes_back_after_a_stop(world):
    _, d = opened(world, shell=True)
    with d:
        press(d, 'm')
        d.send('\x1a')
        d.wait_for(lambda d: bytes(d.raw).rfind(b'1006l') > bytes(d.raw).rfind(b'1006h'), 3)
        d.process.send_signal(10)           # fg
        d.wait_for(lambda d: bytes(d.raw).rfind(b'1006h') > bytes(d.raw).rfind(b'1006l'), 3)
        d.send('q')
        d.wait_end()


def test_tmux_knows_that_davy_wants_the_mouse(world):
    d, tell = in_tmux(world, filled(world), 'mouse on')
    with d:
        try:
            d.wait_for('elonmusk')
            press(d, 'm')
            wait_until(lambda: tell('display', '-p', '#{mouse_standard_flag}#{mouse_sgr_flag}') == '11\n', 3, 'no flags in tmux')
            x, y = place(d, '7 Log')
            press(d, report(0, x, y + 2))
            d.wait_for(lambda d: '▸' in d.text().split('\n')[y + 1][:4], 3)
        finally:
            end_tmux(d, tell)


def test_keys_of_ones_own_are_in_force_at_once(world):
    rig, d = opened(world)
    with d:
        d.wait_for('? help')
        rig.write('davy.toml', '[rig]\nname = "handmade"\n[keys]\nhelp = "F1"\nquit = ["F10", "Q"]\npause = []\n')
        d.wait_for('F1 help', 4)
        d.wait_for('F10 quit', 2)
        assert 'pause' not in d.text()
        press(d, '?')
        assert 'This pane' not in d.text()
        for f1 in ('\x1bOP', '\x1b[11~'):
            press(d, f1)
            d.wait_for('This pane', 2)
            press(d, ESC)
        press(d, 'q')
        assert d.process.poll() is None
        rig.write('davy.toml', '[rig]\nname = "handmade"\n\n[keys]\nzoom = "j"\n')
        d.wait_for('davy.toml cannot be used', 4)
        d.wait_for('F1 help', 2)            # the settings before stay
        press(d, '1' + ENTER + '/davy.toml' + ENTER)
        d.wait_for('davy.toml line 5', 2)
        d.wait_for('keys.zoom', 2)
        d.send('Q')
        assert d.wait_end() == 0


def test_a_move_in_a_list_is_a_few_bytes(world):
    rig = filled(world)
    with world.open(rig, '--now', str(int(time.time() * 1000)), size=SIZE) as d:
        d.wait_for('elonmusk')
        d.settle()
        for pane, moves in (('6', 1), ('6' + ENTER, 8), ('7', 1), ('7' + ENTER, 8), ('4', 2), ('8', 1)):
            press(d, ESC)
            press(d, pane)
            press(d, 'g')
            sizes = []
            for _ in range(moves):          # so few that the list stands still
                before = len(d.raw)
                press(d, 'j')
                sizes.append(len(d.raw) - before)
            assert all(0 < size <= 60 for size in sizes), f'pane {pane!r}: {sizes}'


def bells(raw):
    """BELs that end no sequence."""
    return re.sub(rb'\x1b\][^\x07\x1b]*(\x07|\x1b\\)', b'', raw).count(b'\x07')


def test_a_new_critical_alert_rings_once_a_minute_and_only_if_asked(world):
    rig = filled(world)
    rig.write('davy.toml', '[view]\nnotify = ["bell", "osc9", "osc777"]\n')
    rig.budgets(openai=990000)              # critical from the start
    with world.open(rig, size=SIZE) as d:
        d.wait_for('elonmusk')
        d.wait_for('CRIT', 3)
        d.read(6)
        assert bells(bytes(d.raw)) == 0, 'it rang for what was there at the start'
        rig.budgets(openai=990000, claude=799000, how='replace')
        d.wait_for(lambda d: bells(bytes(d.raw)) == 1, 4, 'no bell')
        notice = re.search(rb'\x1b\]9;([^\x07]*)\x07', bytes(d.raw)).group(1).decode()
        assert 'Claude' in notice, notice
        assert b'\x1b]777;notify;davy;' in bytes(d.raw)
        rig.budgets(openai=100000, claude=799000, how='replace')
        d.read(0.5)
        rig.budgets(openai=990000, claude=799000, how='replace')        # new again, within the minute
        d.read(2)
        assert bells(bytes(d.raw)) == 1, 'it rang twice within a minute'
    rig.write('davy.toml', '')
    rig.budgets()
    with world.open(rig, size=SIZE) as d:
        d.wait_for('elonmusk')
        d.read(5.5)
        rig.budgets(openai=990000, how='replace')
        d.wait_for('CRIT', 3)
        d.read(0.5)
        assert b'\x07' not in bytes(d.raw) and b'\x1b]9;' not in bytes(d.raw), 'nobody asked for it'


def test_a_terminal_without_mouse_and_clipboard_says_so(world):
    _, d = opened(world, env=environment(TERM='linux'))
    with d:
        press(d, 'm')
        d.wait_for('does not report its mouse', 2)
        press(d, 'y')
        d.wait_for('has no clipboard', 2)
        assert b'\x1b]52' not in bytes(d.raw) and b'1006' not in bytes(d.raw)


def test_a_notice_passes_through_tmux(world):
    rig = filled(world)
    rig.write('davy.toml', '[view]\nnotify = "osc9"\n')
    d, tell = in_tmux(world, rig, 'allow-passthrough on')
    with d:
        try:
            d.wait_for('elonmusk')
            d.read(5.5)
            rig.budgets(openai=990000, how='replace')
            d.wait_for(lambda d: b'\x1b]9;rig: OpenAI' in bytes(d.raw), 4, 'nothing came out of tmux')
        finally:
            end_tmux(d, tell)


def test_a_click_does_not_answer_a_typed_line(world):
    _, d = opened(world)
    with d:
        press(d, 'm')
        press(d, '6/claude')
        press(d, report(0, *place(d, '7 Log')) + report(65, *place(d, '7 Log')))
        press(d, ENTER)
        d.wait_for(lambda d: re.search(r'Tasks /claude \d+ of', d.text()), 2)


def test_the_mouse_is_off_whatever_ends_davy(world):
    for number in (signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT, signal.SIGHUP, signal.SIGKILL):
        _, d = opened(world)
        with d:
            press(d, 'm')
            d.wait_for('mouse on', 2)
            d.process.send_signal(number)
            wait_until(lambda: (d.read(0.05), bytes(d.raw).rfind(b'1006l') > bytes(d.raw).rfind(b'1006h'))[1], 4, f'on after {number}')
            d.read(0.2)
            assert bytes(d.raw).rfind(b'1000l') > bytes(d.raw).rfind(b'1000h'), number
            d.check_restored()
