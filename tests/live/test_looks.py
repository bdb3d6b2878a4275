# SPDX-License-Identifier: GPL-2.0-or-later
"""Colours: how many, which, and what changes them while davy runs."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import termios
import time
import tty
import types

from pty_davy import Screen, Stream, environment

THEMES = pathlib.Path(__file__).resolve().parent.parent.parent / 'themes'
QUESTION = b'\x1b]11;?\x1b\\'
LAMP, DAYLIGHT = '38;5;215', '38;5;130'         # the header's


def opened(world, *options, wait='elonmusk', env=None, rig=None, **how):
    """With the themes where a user keeps his own, wherever this davy was built."""
    rig, config = rig or world.rig().fill(), pathlib.Path(world.folder) / 'config'
    if not config.exists():
        shutil.copytree(THEMES, config / 'davy/themes')
    d = world.open(rig, *options, env=environment(XDG_CONFIG_HOME=str(config), **(env or {})), **how)
    if wait:
        d.wait_for(wait)
        d.settle()
    return rig, d


def colours(raw):
    """Every colour that was set: '38;5;215', '38;2;1;2;3', '33', ..."""
    found = set()
    for sgr in re.findall(rb'\x1b\[([0-9;]*)m', bytes(raw)):
        found |= set(re.findall(r'(?:^|(?<=;))(?:[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|(?:3|4|9|10)[0-7])(?=;|$)', sgr.decode()))
    return found


def test_each_terminal_gets_the_colours_that_it_has(world):
    cases = [({'TERM': 'xterm-256color'}, '256'), ({'TERM': 'xterm-256color', 'COLORTERM': 'truecolor'}, '24bit'),
             ({'TERM': 'xterm-256color', 'COLORTERM': '24bit'}, '24bit'), ({'TERM': 'xterm-256color', 'COLORTERM': 'yes'}, '256'),
             ({'TERM': 'screen-256color', 'COLORTERM': 'truecolor'}, '256'),
             ({'TERM': 'screen-256color', 'COLORTERM': 'truecolor', 'TMUX': '/x,1,0'}, '24bit'),
             ({'TERM': 'xterm-direct'}, '24bit'), ({'TERM': 'xterm-16color'}, '16'), ({'TERM': 'xterm'}, '8'),
             ({'TERM': 'screen'}, '8'), ({'TERM': 'linux'}, '8'), ({'TERM': 'vt100'}, 'none'),
             ({'TERM': 'xterm-256color', 'COLORTERM': 'truecolor', 'NO_COLOR': '1'}, 'none')]
    for env, depth in cases:
        if env['TERM'] == 'xterm-direct' and not os.path.exists('/usr/share/terminfo/x/xterm-direct'):
            continue
        _, d = opened(world, '--theme', 'anthracite', env=env, wait=None)
        with d:
            d.wait_for(lambda d: b'elonmusk' in d.raw)
            d.settle()
            seen = colours(d.raw)
            kinds = {'24bit': any(c[3:5] == '2;' for c in seen), '256': any(c[3:5] == '5;' for c in seen),
                     '16': any(re.fullmatch('9.|10.', c) for c in seen), '8': any(re.fullmatch('[34].', c) for c in seen)}
            best = next((k for k, v in kinds.items() if v), 'none')
            assert best == depth, f'{env}: {best}, not {depth}: {sorted(seen)}'


def test_24_bits_are_exact_and_an_index_is_sent_where_it_says_the_same(world):
    _, d = opened(world, '--theme', 'anthracite', env={'COLORTERM': 'truecolor'})
    with d:
        seen = colours(d.raw)
        assert {'38;2;95;201;196', '48;2;29;32;36', '38;2;204;208;214'} <= seen, sorted(seen)
    _, d = opened(world, '--theme', 'lamp', env={'COLORTERM': 'truecolor'})
    with d:
        assert LAMP in colours(d.raw) and b'38;2;' not in d.raw, sorted(colours(d.raw))


def test_color_takes_fewer_and_never_more_than_the_terminal_has(world):
    for options, want in ((('--color', '16'), r'\d\d\d?'), (('--color', '8'), r'[34]\d'), (('--color', 'none'), r'-'),
                          (('--no-color',), r'-'), (('--color', '24bit'), r'[34]8;2;.*|[34]8;5;.*')):
        _, d = opened(world, *options, '--theme', 'anthracite', env={'COLORTERM': 'truecolor'})
        with d:
            assert all(re.fullmatch(want, c) for c in colours(d.raw)), (options, sorted(colours(d.raw)))
    _, d = opened(world, '--color', '24bit', '--theme', 'anthracite', env={'TERM': 'xterm-16color'})
    with d:
        assert all(re.fullmatch(r'\d\d\d?', c) for c in colours(d.raw)), sorted(colours(d.raw))


def test_t_goes_through_the_themes_and_says_which(world):
    rig, d = opened(world)
    with d:
        names = sorted(p.stem for p in THEMES.glob('*.toml') if p.stem != 'lamp')
        for name in names + ['lamp']:
            d.send('t')
            d.wait_for(f'theme {name}: ')
        d.send(':theme mono\r')
        d.wait_for('theme mono: ')
        d.send(':theme nightmare\r')
        d.wait_for("no theme is called 'nightmare'")
        d.raw.clear()
        d.send('\x0c')
        d.settle()
        assert not colours(d.raw), colours(d.raw)
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()


def seen(d):
    """What is to be seen of each cell."""
    rows = []
    for y in range(d.screen.lines):
        for x in range(d.screen.columns):
            c = d.screen.buffer[y][x]
            blank = c.data == ' ' and not c.reverse and not c.underscore
            rows.append((' ', c.bg) if blank else (c.data, c.fg, c.bg, c.bold, c.reverse, c.underscore))
    return rows


def test_a_theme_put_on_later_looks_as_from_the_start(world):
    rig, still = world.rig().fill(), ('--now', str(int(time.time() * 1000)))
    for env in ({'COLORTERM': 'truecolor'}, {'TERM': 'tmux-256color'}, {'TERM': 'screen'}):
        for name in ('anthracite', 'mono') if 'COLORTERM' in env else ('daylight',):
            _, late = opened(world, '--theme', 'colour-blind', *still, env=env, rig=rig)
            _, early = opened(world, '--theme', name, *still, env=env, rig=rig)
            with late, early:
                late.send(f':theme {name}\r')
                late.wait_for(f'theme {name}: ')
                late.send('\t\x1b[Z')             # and what the footer said is gone
                late.settle()
                assert late.text() == early.text(), f'{late.text()}\n---\n{early.text()}'
                wrong = [i for i, (a, b) in enumerate(zip(seen(late), seen(early))) if a != b]
                assert not wrong, f'{env} {name}: row {wrong[0] // 120}, column {wrong[0] % 120}, and {len(wrong)} in all'


def printed(world, rig, *options, env):
    """What `davy --once -o ansi` prints, on a terminal."""
    done = subprocess.run([str(world.build / 'davy'), '-C', str(rig.path), '--once', '-o', 'ansi', '--size', '120x40', *options],
                          env=env, capture_output=True, timeout=30, check=True)
    d = types.SimpleNamespace(screen=Screen(120, 40))
    Stream(d.screen).feed(done.stdout.rstrip(b'\n').replace(b'\n', b'\r\n'))
    return seen(d)


def test_the_terminal_shows_what_ansi_prints(world):
    """Two painters and a printer, one table of looks."""
    rig, still = world.rig().fill(), ('--now', str(int(time.time() * 1000)))
    for depth, env in (('24bit', {'COLORTERM': 'truecolor'}), ('256', {}), ('256', {'TERM': 'tmux-256color'}),
                       ('16', {'TERM': 'xterm-16color'}), ('8', {'TERM': 'screen'}), ('8', {'TERM': 'rxvt'}), ('none', {'NO_COLOR': '1'})):
        for theme in ('lamp', 'anthracite', 'high-contrast'):
            _, d = opened(world, '--theme', theme, *still, env=env, rig=rig)
            with d:
                config = str(pathlib.Path(world.folder) / 'config')
                want = printed(world, rig, '--theme', theme, '--color', depth, *still, env=environment(XDG_CONFIG_HOME=config))
                got = seen(d)
                if depth == '16':                   # to pyte a bright colour is a bold one
                    got, want = ([c[:3] + c[4:] for c in cells] for cells in (got, want))
                wrong = [(i // 120, i % 120, a, b) for i, (a, b) in enumerate(zip(got, want)) if a != b]
                assert not wrong, f'{theme}, {depth}, {env}: {len(wrong)} cells, as {wrong[:3]}'


def test_davy_toml_changes_theme_and_graph_at_once(world):
    rig, d = opened(world)
    with d:
        assert LAMP in colours(d.raw)
        d.raw.clear()
        rig.replace('davy.toml', '[view]\ntheme = "daylight"\n')
        d.wait_for('theme daylight, as davy.toml says')
        d.settle()
        assert DAYLIGHT in colours(d.raw) and LAMP not in colours(d.raw), sorted(colours(d.raw))
        braille = sum(0x2800 < ord(c) < 0x2900 for c in d.text())
        assert braille > 0
        rig.replace('davy.toml', '[view]\ntheme = "daylight"\ngraph = "block"\n')
        d.wait_for(lambda d: not any(0x2800 < ord(c) < 0x2900 for c in d.text()))
        d.send(':graph braille\r')
        d.wait_for(lambda d: any(0x2800 < ord(c) < 0x2900 for c in d.text()))
        rig.replace('davy.toml', '[view]\ntheme = "nightmare"\n')
        d.wait_for("view.theme: no theme is called 'nightmare'")
        d.raw.clear()
        d.send('\x0c')
        d.settle()
        assert DAYLIGHT in colours(d.raw)       # the last good one


def test_a_theme_that_only_davy_toml_names_does_not_keep_it_from_starting(world):
    rig = world.rig().fill()
    rig.write('davy.toml', '[view]\ntheme = "nightmare"\n')
    with world.open(rig) as d:
        d.wait_for("view.theme: no theme is called 'nightmare'; there are lamp")
    with world.open(rig, '--theme', 'nightmare') as d:
        assert d.wait_end() == 3
        assert b"no theme is called 'nightmare'" in d.raw and b'\x1b[?1049h' not in d.raw, bytes(d.raw)


def test_a_theme_file_that_changes_is_read_again_and_a_wrong_one_changes_nothing(world):
    rig = world.rig().fill()
    mine = '[styles]\nheader = {{ fg = "{}" }}\n'
    rig.write('themes/mine.toml', mine.format('#ff0000'))
    still = ('--now', str(int(time.time() * 1000)))
    with world.open(rig, '--theme', 'mine', *still, env=environment(COLORTERM='truecolor')) as d:
        d.wait_for('elonmusk')
        d.settle()
        assert '38;5;196' in colours(d.raw)
        rig.replace('themes/mine.toml', mine.format('#123456'))
        d.wait_for(lambda d: '38;2;18;52;86' in colours(d.raw))
        rig.write('themes/mine.toml', mine.format('#abcdef'))
        d.wait_for(lambda d: '38;2;171;205;239' in colours(d.raw))
        d.settle()
        d.raw.clear()
        rig.write('themes/mine.toml', mine.format('#abcdef') + '\n# as it was\n')
        assert d.read(0.5) == 0, bytes(d.raw)
        rig.replace('themes/mine.toml', mine.format('blue'))
        d.wait_for('mine.toml line 2: style header: fg must be')
        d.raw.clear()
        d.send('\x0c')
        d.settle()
        assert '38;2;171;205;239' in colours(d.raw)
        (rig / 'themes/mine.toml').unlink()
        d.settle()
        d.raw.clear()
        d.send('\x0c')
        d.settle()
        assert '38;2;171;205;239' in colours(d.raw)


def asked(d):
    d.wait_for(lambda d: QUESTION in d.raw, why='the question for the ground')
    d.raw.clear()


def test_a_light_terminal_gets_daylight_after_the_first_frame(world):
    for pieces in ([b'\x1b]11;rgb:ffff/ffff/ffff\x1b\\'], [b'\x1b]11;rgb:fd/f6/e3\a'],
                   [b'\x1b]11;', b'rgb:ffff', b'/ffff/ffff', b'\x1b', b'\\'], [b'\x1b', b']', b'11;rgba:ffff/ffff/eeee/ffff\x1b\\']):
        rig, d = opened(world, wait=None)
        with d:
            d.wait_for('elonmusk')
            asked(d)
            for piece in pieces:
                d.send(piece)
                d.read(0.12)
            d.wait_for(lambda d: DAYLIGHT in colours(d.raw), why=f'{pieces}')
            d.settle()
            assert 'elonmusk' in d.text()
            d.send('t')
            d.wait_for('theme high-contrast')   # the one behind daylight: no key was made of the answer
            d.send('q')
            assert d.wait_end() == 0
            d.check_restored()


def test_a_dark_a_silent_a_late_or_an_absurd_terminal_changes_nothing(world):
    for answer, wait in ((b'\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\', 0), (b'', 0), (b'\x1b]11;rgb:ffff/ffff/ffff\x1b\\', 2.3),
                         (b'\x1b]11;rgb:ffff/zzzz\x1b\\', 0), (b'\x1b]11;' + b'f' * 3000 + b'\a', 0), (b'\x1b]11;?\a', 0)):
        rig, d = opened(world, '--now', str(int(time.time() * 1000)), wait=None)
        with d:
            d.wait_for('elonmusk')
            asked(d)
            d.read(wait)
            d.raw.clear()
            d.send(answer)
            assert d.read(0.4) == 0, (answer[:40], bytes(d.raw))


def test_keys_behind_half_an_answer_are_keys(world):
    rig, d = opened(world, wait=None)
    with d:
        d.wait_for('elonmusk')
        asked(d)
        d.send(b'\x1b]11;rgb:ff')
        d.read(0.2)
        d.send('?')
        d.read(0.1)
        d.send('q')
        d.wait_end()


def test_who_names_a_theme_or_tells_the_ground_is_not_asked(world):
    for options, env in ((('--theme', 'lamp'), {}), ((), {'COLORFGBG': '15;0'}), (('--no-color',), {}), ((), {'TERM': 'vt100'}),
                         ((), {'TERM': 'screen-256color'}), ((), {'STY': '1.tty'})):
        rig, d = opened(world, *options, env=env)
        with d:
            assert QUESTION not in d.raw, (options, env)
    rig, d = opened(world, env={'COLORFGBG': '0;default;15'})
    with d:
        assert QUESTION not in d.raw and DAYLIGHT in colours(d.raw) and LAMP not in colours(d.raw)
    rig, d = opened(world, '--theme', 'lamp', env={'COLORFGBG': '0;15'})
    with d:
        assert LAMP in colours(d.raw)


def test_an_answer_is_not_left_behind_for_the_shell(world):
    rig, d = opened(world, wait=None, shell=True)
    with d:
        d.wait_for(lambda d: QUESTION in d.raw)
        os.kill(d.pid, signal.SIGTERM)
        time.sleep(0.02)            # now it is on its way out
        d.send(b'\x1b]11;rgb:ffff/ffff/ffff\x1b\\')
        d.wait_end()
        d.check_restored()
        tty.setraw(d.slave, termios.TCSANOW)         # else half a line is not shown to who reads
        os.set_blocking(d.slave, False)
        try:
            left = os.read(d.slave, 100)
        except BlockingIOError:
            left = b''
        assert left == b'', left
