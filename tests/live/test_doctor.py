# SPDX-License-Identifier: GPL-2.0-or-later
"""davy doctor: what a newcomer is told, whatever is wrong."""
import json
import os
import re
import time

from pty_davy import Davy, environment


def doctor(world, where, *more, env=None, code=None):
    done = world.run(world.davy, '-C', where, 'doctor', *more, env=env)
    assert done.stderr == '', done.stderr
    assert done.returncode in (0, 1) and code in (None, done.returncode), done.stdout
    problems = int(re.search(r'^(\d+) problems?, \d+ notes?\.$', done.stdout, re.M)[1])
    assert (problems > 0) == (done.returncode == 1), done.stdout
    return done.stdout


def checks(world, where, env=None):
    done = world.run(world.davy, '-C', where, 'doctor', '-o', 'json', env=env)
    report = json.loads(done.stdout)
    assert report['version'] == 1 and report['ok'] == (done.returncode == 0), report
    for check in report['checks']:
        assert set(check) == {'section', 'what', 'mark', 'text', 'fix'}, check
        assert check['mark'] in ('ok', 'note', 'problem') and check['text'], check
        assert check['mark'] != 'problem' or check['fix'] or 'line' in check['text'] or 'file' in check['text'] \
            or check['section'].startswith('Files') or check['what'] == 'davy.toml', f'no fix: {check}'
    return report['checks']


def of(found, what):
    return next(c for c in found if c['what'] == what)


def test_an_empty_folder_says_what_to_do_and_names_the_demo(world):
    text = doctor(world, world.rig().path, code=1)
    assert 'none of a rig\'s files is here' in text and 'davy demo' in text and 'davy -C DIR' in text, text
    for name in ('miner_status.json', 'state/task-history.jsonl', 'config/token-budgets.json', 'state/miner.pid',
                 'state/performance-metrics.json', 'state/miner-state.json', 'logs/miner.log', 'HEARTBEAT.md',
                 'memory/heartbeat-state.json', 'config.toml', 'state/auction-status.json'):
        assert re.search(rf'note +{re.escape(name)}: not there', text), name


def test_a_living_rig_is_well(world):
    with world.simulated('--scenario', 'calm') as folder:
        found = checks(world, folder)
        wrong = [c for c in found if c['mark'] == 'problem']
        assert not wrong, wrong
        assert re.search(r'UP; process \d+', of(found, 'daemon')['text']), of(found, 'daemon')
        assert re.match(r'\d+: \d+ scored', of(found, 'lines')['text']), of(found, 'lines')
        assert 'start-miner.sh' in of(found, 'key r, davy restart')['text']
        history = of(found, 'state/task-history.jsonl')
        assert history['mark'] == 'ok' and re.search(r'\d(\.\d)? MB, written \d+s ago', history['text']), history


def test_lines_fit_80_columns_and_are_7_bit(world):
    for env in (environment(), environment(LC_ALL='C', LANG='C', TERM=None)):
        text = doctor(world, world.rig().fill().path, env=env)
        assert text.isascii() and max(map(len, text.split('\n'))) <= 80 + len(str(world.folder)), text


def test_it_changes_nothing_and_makes_nothing(world):
    rig = world.rig().fill()
    def state():
        return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in [rig.path, *rig.path.rglob('*')]}
    before = state()
    doctor(world, rig.path)
    assert state() == before


def test_every_fault_of_davy_toml_is_a_problem_with_its_line(world):
    rig = world.rig().fill()
    rig.write('davy.toml', '[rig]\nnmae = "x"\n[view]\ngraph = "dots"\n')
    text = ' '.join(doctor(world, rig.path, code=1).split())
    assert 'problem davy.toml: davy.toml line 2: unknown key rig.nmae; did you mean rig.name?' in text, text
    assert 'problem davy.toml: davy.toml line 4: view.graph must be' in text, text


def test_wrong_keys_and_themes_are_problems_too(world):
    rig = world.rig().fill()
    rig.write('davy.toml', '[keys]\nrestart = "nokey"\n')
    assert 'line 2: keys.restart: no key is called "nokey"' in ' '.join(doctor(world, rig.path, code=1).split())
    rig.write('davy.toml', '[view]\ntheme = "nowhere"\n')
    assert of(checks(world, rig.path), 'theme')['mark'] == 'problem'
    done = world.run(world.davy, 'config', '--check', '-C', rig.path)
    assert done.returncode == 3 and 'line 2: view.theme: no theme is called' in done.stderr, done


def test_a_file_elsewhere_is_found_and_the_line_that_sets_it_works(world):
    rig = world.rig().fill()
    os.makedirs(rig / 'var/deep')
    for name, to in (('state/task-history.jsonl', 'var/task-history.jsonl'), ('logs/miner.log', 'var/deep/miner.log'),
                     ('config/token-budgets.json', '../token-budgets.json')):
        (rig / name).rename(rig.path / to)
    found = checks(world, rig.path)
    lines = []
    for name, to in (('state/task-history.jsonl', 'history = "var/task-history.jsonl"'),
                     ('config/token-budgets.json', 'budgets = "../token-budgets.json"'),
                     ('logs/miner.log', '[daemon]\nlog = "var/deep/miner.log"')):
        check = of(found, name)
        assert check['mark'] == 'note' and check['fix'].split('\n', 1)[1] == to, check
        lines.append(to)
    rig.write('davy.toml', '\n'.join(lines) + '\n')
    found = checks(world, rig.path)
    for name in ('var/task-history.jsonl', 'var/deep/miner.log', '../token-budgets.json'):
        assert of(found, name)['mark'] == 'ok', of(found, name)


def test_a_rig_one_folder_further_down_is_recognised(world):
    rig = world.rig('above/rig').fill()
    check = [c for c in checks(world, world.folder / 'above') if c['what'] == 'folder'][1]
    assert check['mark'] == 'problem' and check['fix'] == f'davy -C {rig.path}', check


def test_wrong_kinds_and_rights_are_told_file_by_file(world):
    rig = world.rig().fill()
    (rig / 'HEARTBEAT.md').unlink()
    (rig / 'HEARTBEAT.md').mkdir()
    (rig / 'logs/miner.log').unlink()
    os.mkfifo(rig / 'logs/miner.log')
    rig.write('config/token-budgets.json', '{"budgets": ')
    old = time.time() - 100
    os.utime(rig / 'config/token-budgets.json', (old, old))
    found = checks(world, rig.path)
    assert 'a folder, not a file' in of(found, 'HEARTBEAT.md')['text']
    assert 'a FIFO, not a file' in of(found, 'logs/miner.log')['text']
    assert 'line 1' in of(found, 'config/token-budgets.json')['text']
    assert all(of(found, n)['mark'] == 'problem' for n in ('HEARTBEAT.md', 'logs/miner.log', 'config/token-budgets.json'))


def test_a_folder_that_is_not_there_is_a_problem_and_the_rest_is_looked_at_all_the_same(world):
    found = checks(world, world.folder / 'nowhere')
    assert of(found, 'folder')['mark'] == 'problem' and 'nowhere' in of(found, 'folder')['text'], found
    assert of(found, 'davy')['mark'] == 'ok' and of(found, 'TERM'), found


def test_terminals_are_told_apart(world):
    rig = world.rig().fill().path
    for env, what, mark, words in [
            (environment(TERM='xterm-256color'), 'colours', 'ok', '256'),
            (environment(TERM='xterm-256color', COLORTERM='truecolor'), 'colours', 'ok', '24 bit'),
            (environment(TERM='vt100'), 'colours', 'note', 'none'),
            (environment(NO_COLOR='1'), 'colours', 'ok', 'NO_COLOR'),
            (environment(TERM=None), 'TERM', 'note', 'not set'),
            (environment(TERM='no-such'), 'TERM', 'note', 'no-such, which this machine does not know'),
            (environment(TERM='dumb'), 'TERM', 'note', 'cannot place'),
            (environment(LC_ALL='C'), 'characters', 'note', '7-bit'),
            (environment(COLORFGBG='0;15'), 'background', 'ok', 'light'),
            (environment(TMUX='/tmp/x,1,0', TERM='tmux-256color', TERM_PROGRAM='tmux', TERM_PROGRAM_VERSION='3.3a'), 'tmux',
             'ok', 'tmux 3.3a'),
            (environment(TMUX='/tmp/x,1,0', TERM='xterm'), 'tmux', 'note', 'TERM=xterm')]:
        check = of(checks(world, rig, env), what)
        assert check['mark'] == mark and words in check['text'], (env, check)


def test_on_a_terminal_it_prints_and_ends_without_touching_it(world):
    with Davy([world.davy, '-C', world.rig().fill().path, 'doctor'], size=(80, 200), env=environment()) as d:
        assert d.wait_end() in (0, 1)
        assert b'\x1b' not in d.raw, bytes(d.raw)
        assert '80x200' in d.text(), d.text()


def test_files_of_the_future_and_a_daemon_that_is_gone_are_problems(world):
    rig = world.rig().fill()
    ahead = time.time() + 7200
    os.utime(rig / 'HEARTBEAT.md', (ahead, ahead))
    rig.write('state/miner.pid', '3999999\n')
    os.utime(rig / 'state/miner.pid', (ahead - 9000, ahead - 9000))
    found = checks(world, rig.path)
    assert any(c['what'] == 'clock' and c['mark'] == 'problem' and 'HEARTBEAT.md' in c['text'] for c in found), found
    assert of(found, 'daemon')['mark'] == 'problem', of(found, 'daemon')


def test_hostile_names_reach_nobody(world):
    rig = world.rig('evil\x1b[31m\u202e').fill()
    (rig / 'sub').mkdir()
    (rig / 'HEARTBEAT.md').rename(rig / 'sub/HEARTBEAT.md')
    text = doctor(world, rig.path)
    assert '\x1b' not in text and '\u202e' not in text
