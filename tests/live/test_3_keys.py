# SPDX-License-Identifier: GPL-2.0-or-later
"""Every key of the table, on a real terminal."""
import random
import re

from rigs import scored

SIZE = (140, 44)
UP, DOWN, RIGHT, LEFT = '\x1bOA', '\x1bOB', '\x1bOC', '\x1bOD'
PGUP, PGDN, BACKTAB, ESC, ENTER = '\x1b[5~', '\x1b[6~', '\x1b[Z', '\x1b', '\r'


def opened(world, size=SIZE):
    rig = world.rig().fill()
    rig.append('state/task-history.jsonl', ''.join(scored(100 + i, 0.5 + i / 1000, 200 - i) for i in range(150)))
    d = world.open(rig, size=size)
    d.wait_for('elonmusk')
    d.settle()
    return rig, d


def press(d, keys):
    """The screen after the keys."""
    d.send(keys)
    d.settle(0.15)
    return d.text()


def looks(d):
    """The screen with its attributes: a focused frame may differ by colour only."""
    rows = d.screen.buffer
    return [[(rows[y][x].data, rows[y][x].fg, rows[y][x].bold, rows[y][x].reverse) for x in range(d.size[0])]
            for y in range(d.size[1])]


def still(text):
    """Without what moves by itself: times, ages, countdowns."""
    return re.sub(r'\d+', '#', text)


def test_tab_goes_round_and_shift_tab_back(world):
    _, d = opened(world)
    with d:
        seen = [looks(d)]
        press(d, '\t')
        assert looks(d) != seen[0], 'Tab moved no focus'
        press(d, BACKTAB)
        press(d, '\t')
        press(d, BACKTAB)
        first = still('\n'.join(''.join(c[0] for c in row) for row in seen[0]))
        now = still('\n'.join(''.join(c[0] for c in row) for row in looks(d)))
        assert now == first


def test_numbers_focus_and_enter_zooms_and_escape_returns(world):
    _, d = opened(world)
    with d:
        names = {}
        for line in d.text().split('\n'):
            for number, name in re.findall(r'[─+-] (\d) (\w+) [─+-]', line):
                names[number] = name
        assert len(names) >= 7, names
        for number, name in sorted(names.items()):
            press(d, number)
            zoomed = press(d, ENTER)
            others = [n for n in names.values() if n != name and re.search(rf'\d {n} ', zoomed)]
            assert name in zoomed and not others, f'{number}: {others}\n{zoomed}'
            back = press(d, ESC)
            d.wait_for(lambda d: all(re.search(rf'\d {n} ', d.text()) for n in names.values()), 2, f'back from {name}')
            del back


def test_help_lists_the_keys_and_goes_away(world):
    _, d = opened(world)
    with d:
        press(d, '?')
        for word in ('This pane', 'PgDn', 'Keys everywhere', 'Shift-Tab'):
            d.wait_for(word, 2)
        press(d, PGDN)
        press(d, PGDN)
        for word in ('q, ^C', 'back to the shell'):
            d.wait_for(word, 2)
        press(d, ESC)
        d.wait_for(lambda d: 'back to the shell' not in d.text(), 2)


def test_pause_holds_the_picture_and_counts(world):
    rig, d = opened(world)
    with d:
        press(d, 'p')
        d.wait_for('PAUSED')
        rig.stage(6, user='maccosmetics')
        d.settle(0.6)
        assert 'maccosmetics' not in d.text() and 'elonmusk' in d.text()
        press(d, 'p')
        d.wait_for('maccosmetics', 2)
        assert 'PAUSED' not in d.text()


def test_rows_move_by_line_page_and_end(world):
    _, d = opened(world)
    with d:
        number = re.search(r'(\d) Tasks', d.text()).group(1)
        press(d, number)
        top = still_rows(press(d, ENTER))
        assert still_rows(press(d, 'G')) != top, 'G did not go to the end'
        assert still_rows(press(d, 'g')) == top, 'g did not come back'
        down = still_rows(press(d, PGDN + PGDN + PGDN + PGDN + PGDN))
        assert down != top, 'PgDn moved nothing'
        assert still_rows(press(d, PGUP * 8)) == top
        hold(d, 'j', 70)
        by_j = still_rows(d.text())
        assert by_j != top, 'j moved nothing'
        press(d, 'g')
        hold(d, DOWN, 70)
        assert still_rows(d.text()) == by_j, 'Down is not j'
        hold(d, 'k', 100)
        assert still_rows(d.text()) == top


def hold(d, key, times):
    """As fast as a keyboard repeats over a slow line: a few at once, but not so many that it is a paste."""
    for _ in range(times // 10):
        press(d, key * 10)


def test_pasted_text_is_no_key(world):
    _, d = opened(world)
    with d:
        before = still(d.text())
        press(d, 'make clean && quit 1234 ?' * 10)
        press(d, '\x1b[200~q\x1b[201~')
        assert d.process.poll() is None, 'a paste ended it'
        assert still(d.text()) == before
        press(d, '?')
        d.wait_for('Keys everywhere', 2)


def still_rows(text):
    """The scores of the rows on the screen: they do not move by themselves."""
    return re.findall(r'0\.\d\d', text)


def test_a_burst_of_random_keys_is_survived(world):
    _, d = opened(world)
    with d:
        chance = random.Random(4)
        keys = [UP, DOWN, LEFT, RIGHT, PGUP, PGDN, BACKTAB, ESC, ENTER, '\t', 'g', 'G', 'j', 'k', 'h', 'l', 'p', '?', '\x0c', '1',
                '5', '9', '\x1b[200~', 'é', '\x1b[1;5A', '\x1b[M   ', '\x00', '\x7f']
        for _ in range(60):
            d.send(''.join(chance.choice(keys) for _ in range(20)))
            d.read(0.01)
        d.settle()
        d.send('\x1b[201~')             # a paste that never ends would swallow all keys, rightly
        d.settle()
        d.send(ESC)
        d.settle()
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()


def test_ctrl_l_draws_everything_anew(world):
    _, d = opened(world)
    with d:
        d.screen.reset()
        d.send('\x0c')
        d.wait_for('elonmusk', 2)
        d.wait_for('Budgets', 2)


def test_ctrl_c_and_q_quit(world):
    for key in ('q', '\x03'):
        _, d = opened(world)
        with d:
            d.send(key)
            assert d.wait_end() in (0, 130), d.process.returncode
            d.check_restored()
