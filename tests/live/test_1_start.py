# SPDX-License-Identifier: GPL-2.0-or-later
"""What a user sees first, and what happens where there is no usable terminal."""
import re

from pty_davy import environment
from rigs import STAGES

TITLES = ['Alerts', 'Stages', 'Scores', 'Budgets', 'Auction', 'Tasks', 'Log']


def test_the_first_screen_shows_every_pane(world):
    with world.open(world.rig().fill(), size=(200, 60)) as d:
        d.wait_for('handmade')
        d.wait_for(lambda d: all(t in d.text() for t in TITLES), why=TITLES)
        d.wait_for('elonmusk')
        d.wait_for('finney/89')
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()


def test_80x24_tells_the_worst_alert_without_a_key(world):
    rig = world.rig().fill()
    rig.budgets(openai=970000)
    with world.open(rig, size=(80, 24)) as d:
        d.wait_for('CRIT')
        d.wait_for(lambda d: '97' in d.text() and 'OpenAI' in d.text())


def test_every_size_down_to_1x1_draws_and_quits(world):
    rig = world.rig().fill()
    for size in [(200, 60), (120, 40), (80, 24), (40, 50), (36, 20), (40, 10), (20, 5), (80, 1), (2, 2), (1, 1)]:
        with world.open(rig, size=size) as d:
            d.wait_for(lambda d: d.text().strip(), why=f'something at {size}')
            d.send('q')
            assert d.wait_end() == 0, f'at {size}'
            d.check_restored()


def test_an_empty_folder_is_a_page_of_what_is_waited_for(world):
    with world.open(world.rig(), size=(120, 40)) as d:
        d.wait_for('task-history.jsonl')
        d.wait_for('miner_status.json')
        assert 'CRIT' not in d.text() and 'WARN' not in d.text(), d.text()


def test_files_that_come_later_are_seen(world):
    rig = world.rig()
    with world.open(rig, size=(160, 50)) as d:
        d.wait_for('miner_status.json')
        rig.fill()                      # folders that did not exist either
        d.wait_for('elonmusk')
        d.wait_for(lambda d: '45%' in d.text(), why='the budget')


def no_terminal(world, env, *words):
    from pty_davy import Davy
    with Davy([world.davy, '-C', world.rig().fill().path], env=env) as d:
        code = d.wait_end()
        text = bytes(d.raw).decode().strip()
        assert code == 3, f'exit {code}: {text}'
        assert len(text.split('\n')) == 1 and len(text) > 20, f'one sentence, not: {text!r}'
        assert all(w in text for w in words), text
        assert '\x1b' not in text, repr(text)
        d.raw += b'\x1b[?1049l\x1b[?25h'     # never entered: only the modes count
        d.check_restored()


def test_term_dumb_is_one_sentence_and_exit_3(world):
    no_terminal(world, environment(TERM='dumb'), 'TERM')


def test_term_unset_is_one_sentence_and_exit_3(world):
    no_terminal(world, environment(TERM=None), 'TERM')


def test_term_unknown_is_one_sentence_and_exit_3(world):
    no_terminal(world, environment(TERM='no-such-terminal'), 'no-such-terminal')


def test_output_to_a_pipe_is_one_sentence_and_exit_3(world):
    done = world.run(world.davy, '-C', world.rig().fill().path)
    assert done.returncode == 3 and done.stdout == '', done
    assert len(done.stderr.strip().split('\n')) == 1 and 'terminal' in done.stderr, done.stderr


def test_a_folder_that_is_not_there_is_one_sentence_and_exit_3(world):
    done = world.run(world.davy, '-C', world.folder / 'nowhere', '--once')
    assert done.returncode == 3 and 'nowhere' in done.stderr and done.stdout == '', done


def colours(raw):
    """SGR parameters that choose a colour, of everything that was written."""
    found = set()
    for parameters in re.findall(rb'\x1b\[([0-9;:]*)m', raw):
        for p in re.split(rb'[;:]', parameters):
            if p and (30 <= int(p) <= 49 or 90 <= int(p) <= 107):
                found.add(int(p))
    return found - {39, 49}              # back to the terminal's own


def test_no_color_means_no_colour(world):
    rig = world.rig().fill()
    rig.budgets(openai=970000)
    with world.open(rig, env=environment(NO_COLOR='1')) as d:
        d.wait_for('CRIT')
        d.send('?')
        d.settle()
        assert not colours(bytes(d.raw)), colours(bytes(d.raw))


def test_without_no_color_there_are_colours(world):
    with world.open(world.rig().fill()) as d:
        d.wait_for('elonmusk')
        d.settle()
        assert colours(bytes(d.raw))


def test_lc_all_c_sends_only_ascii(world):
    rig = world.rig().fill()
    rig.stage(user='三浦健太', message='naïve ☃ message')
    with world.open(rig, env=environment(LC_ALL='C', LANG='C')) as d:
        d.wait_for('Stages')
        for keys in ('?', '\x1b', '\r', '\x1b', '\t', '\r'):
            d.send(keys)
            d.settle()
        high = [b for b in d.raw if b > 126]
        assert not high, f'{len(high)} bytes above ASCII: {bytes(high[:12])!r}'


def test_once_text_tells_the_same_stages_as_the_table(world):
    rig = world.rig().fill()
    for number, name in enumerate(STAGES[:7]):
        rig.stage(number)
        model = world.once(rig)
        assert model['stages']['current']['name'] == name, model['stages']['current']
        assert model['stages']['current']['number'] == number
