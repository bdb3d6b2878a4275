# SPDX-License-Identifier: GPL-2.0-or-later
"""Terminals of every kind, and what comes from keyboards, clipboards and slow lines."""
import os
import time

from pty_davy import environment

SIZE = (120, 40)


def opened(world, **how):
    rig = world.rig().fill()
    d = world.open(rig, size=SIZE, **how)
    d.wait_for('elonmusk')
    d.settle()
    return rig, d


def test_large_terminals_of_every_kind_show_the_same(world):
    """What terminfo says of a terminal's size is about another one: vt100 moves its cursor within the scrolling region."""
    rig, now, seen = world.rig().fill(), ('--now', str(int(time.time() * 1000))), {}
    for term in ('xterm-256color', 'xterm-16color', 'screen', 'vt100', 'vt220'):
        with world.open(rig, *now, size=(100, 50), env=environment(TERM=term)) as d:
            d.wait_for('elonmusk')
            d.settle()
            seen[term] = d.text()
            d.send('q')
            assert d.wait_end() == 0
            region = d.screen.margins
            assert region in (None, (0, 49)), f'{term}: the shell would scroll in {region} of 50 lines'
    for term, text in seen.items():
        assert text == seen['xterm-256color'], f'{term} shows\n{text}\n--- but xterm\n{seen["xterm-256color"]}'


def test_the_linux_console_gets_characters_that_its_font_has(world):
    rig, now = world.rig().fill(), ('--now', str(int(time.time() * 1000)))
    with world.open(rig, *now, size=(100, 50), env=environment(TERM='linux')) as d:
        d.wait_for('elonmusk')
        d.settle()
        assert max(d.raw) < 0x7f, sorted({b for b in d.raw if b > 0x7e})
        text = d.text()
    with world.open(rig, '--ascii', *now, size=(100, 50)) as d:
        d.wait_for('elonmusk')
        d.settle()
        assert text == d.text(), f'{text}\n--- but --ascii\n{d.text()}'


def test_every_terminal_and_locale_is_drawn_or_refused_in_one_sentence(world):
    rig = world.rig().fill()
    terms = {'xterm-256color': 0, 'xterm': 0, 'xterm-kitty': 0, 'xterm-unheard-of': 0, 'linux': 0, 'vt100': 0, 'vt220': 0,
             'screen': 0, 'screen-256color': 0, 'tmux-256color': 0, 'rxvt': 0, 'ansi': 0, 'dumb': 3, '': 3, None: 3, 'bogus': 3,
             '../../../etc/passwd': 3}
    locales = [{}, {'LC_ALL': 'C'}, {'LC_ALL': 'POSIX'}, {'LC_ALL': None, 'LANG': None}, {'LC_ALL': None, 'LANG': 'xx_XX.UTF-8'}]
    for term, code in terms.items():
        for locale in locales:
            with world.open(rig, env=environment(TERM=term, COLUMNS='100000', LINES='-1', **locale)) as d:
                if code == 0:
                    d.wait_for(lambda d: b'elonmusk' in d.raw, why=f'{term} {locale}')
                    d.send('q')
                assert d.wait_end() == code, f'{term} {locale}: {bytes(d.raw)[-300:]}'
                spoken = environment(**locale)
                utf8 = 'UTF-8' in (spoken.get('LC_ALL') or spoken.get('LANG') or '')
                high = max(d.raw) > 0x7f
                assert high == (utf8 and code == 0 and term != 'linux'), f'{term} {locale}: characters beyond ASCII: {high}'
                if code:
                    assert len(bytes(d.raw).strip().splitlines()) == 1 and b'\x1b' not in d.raw, bytes(d.raw)


def test_a_megabyte_of_anything_is_no_key_that_ends_it(world):
    _, d = opened(world)
    floods = [b'hello q world p ? \n' * 20000, b'\x1b[200~' + b'qqqq\n' * 50000 + b'\x1b[201~', b'\x1b[<0;10;10M' * 20000,
              b'\x1b]11;rgb:' + b'f' * 200000 + b'\x07', b'\x1b[' + b'1;' * 100000 + b'A', '日本語é'.encode() * 30000]
    with d:
        for flood in floods:
            at = 0
            os.set_blocking(d.master, False)
            while at < len(flood):
                try:
                    at += os.write(d.master, flood[at:at + 4096])
                except BlockingIOError:
                    pass
                d.read(0)
            os.set_blocking(d.master, True)
            d.settle()
            assert d.process.poll() is None, f'{flood[:20]} ended it with {d.process.returncode}'
            d.send('?')
            d.wait_for('Keys everywhere', 3, why=f'the help after {flood[:20]}')
            d.send('\x1b')
            d.settle()
        d.send('3\r')
        d.settle()
        d.send('\x03')                      # zoomed in
        assert d.wait_end() == 0
        d.check_restored()


def test_an_arrow_cut_by_a_slow_line_is_no_text(world):
    rig = world.rig().fill()
    with world.open(rig, '--now', str(int(time.time() * 1000)), size=SIZE) as d:
        d.wait_for('elonmusk')
        d.send('4')
        d.settle()
        before = d.text()
        d.send('\x1b')
        d.read(0.3)                         # longer than any escape delay
        d.send('[5~')                       # 5 is a key of its own
        d.settle()
        assert d.text() == before, f'{before}\n--- after\n{d.text()}'


def test_text_of_others_on_the_screen_goes_with_ctrl_l(world):
    _, d = opened(world)
    with d:
        d.screen.cursor_position(10, 10)
        d.screen.draw('Broadcast message from root')
        d.send('\x0c')
        d.wait_for(lambda d: 'Broadcast' not in d.text(), 3)
