# SPDX-License-Identifier: GPL-2.0-or-later
"""davy report and davy export: what is asked for wrongly, what is hostile, and what a real Prometheus says of the metrics."""
import json
import os
import shutil
import stat
import subprocess

from rigs import scored


def run(world, rig, *words, code=0, env=None):
    done = world.run(world.davy, '-C', rig.path, *words, env=env)
    assert done.returncode == code, (words, done)
    return done.stdout if code == 0 else done.stderr


def hostile(world):
    """Names that would break a label, a table or a terminal."""
    rig = world.rig().fill()
    names = ['a"b\\c', 'new\nline', '\x1b[31mred', 'a\x01b', 'a\x02b', '模型', '`*_[x](y)|<b>']
    for i, name in enumerate(names * 4):
        rig.append('state/task-history.jsonl', scored(100 + i, 0.8, i * 60, llm=name, strategy=name))
    rig.write('config/token-budgets.json', json.dumps({'budgets': {
        name: {'monthly_allowance': 1000, 'used_this_month': 10} for name in names}}))
    return rig


def test_a_word_that_is_no_report_is_one_sentence(world):
    rig = world.rig().fill()
    for words in (['report'], ['report', 'hourly'], ['report', 'daily', 'weekly'], ['report', 'daily', '-o', 'html'],
                  ['export'], ['export', 'xml'], ['export', 'json', 'prometheus'], ['export', 'json', '-o', '']):
        text = run(world, rig, *words, code=3)
        assert text.count('\n') == 1 and text.startswith('davy: '), text


def test_options_may_stand_before_and_behind_the_word(world):
    rig = world.rig().fill()
    now = '1795322931000'
    one = run(world, rig, 'report', 'daily', '-o', 'json', '--now', now)
    assert one == run(world, rig, '--now', now, 'report', '-o', 'json', 'daily') == \
        run(world, rig, '-o', 'json', 'report', '--now', now, 'daily')
    assert json.loads(one)['report'] == 'daily'


def test_reports_of_hostile_names_hold_no_control_characters(world):
    rig = hostile(world)
    for kind in ('heartbeat', 'daily', 'weekly'):
        for form in ('text', 'markdown', 'json'):
            text = run(world, rig, 'report', kind, '-o', form)
            assert not [c for c in text if ord(c) < 32 and c != '\n'], text
            assert run(world, rig, 'report', kind, '-o', form, '--ascii').isascii()
    assert '<b>' not in run(world, rig, 'report', 'weekly', '-o', 'markdown')


def test_reports_change_nothing_but_the_index_of_the_history(world):
    rig = world.rig().fill()
    def state():
        return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in rig.path.rglob('*')
                if p.is_file() and 'state/davy' not in str(p)}
    before = state()
    for kind in ('heartbeat', 'daily', 'weekly'):
        run(world, rig, 'report', kind)
    assert state() == before


def promtool(text):
    assert shutil.which('promtool'), 'promtool is not installed: src/packages test'
    done = subprocess.run(['promtool', 'check', 'metrics'], input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout + done.stderr == '', (done, text)


def samples(text):
    lines = [line for line in text.split('\n') if line and not line.startswith('#')]
    return dict(line.rsplit(' ', 1) for line in lines), lines


def test_promtool_finds_nothing_to_say_about_the_metrics(world):
    with world.simulated('--scenario', 'calm') as folder:
        promtool(world.run(world.davy, '-C', folder, 'export', 'prometheus').stdout)
    for rig in (world.rig(), world.rig('full').fill()):
        promtool(run(world, rig, 'export', 'prometheus'))


def test_metrics_of_hostile_names_are_escaped_and_never_told_twice(world):
    text = run(world, hostile(world), 'export', 'prometheus')
    promtool(text)
    found, lines = samples(text)
    assert len(found) == len(lines), 'a sample is told twice'
    assert 'davy_llm_score_mean{llm="a\\"b\\\\c"}' in found, found


def test_metrics_say_what_the_json_says_and_nothing_that_is_not_known(world):
    rig = world.rig().fill()
    now = '1795322931000'
    found, _ = samples(run(world, rig, 'export', 'prometheus', '--now', now))
    model = json.loads(run(world, rig, 'export', 'json', '--now', now))
    assert model == json.loads(run(world, rig, '--once', '-o', 'json', '--now', now))
    for name in ('24h', '7d', 'last10'):
        w = model['scores']['windows'][name]
        assert float(found[f'davy_scored_tasks{{window="{name}"}}']) == w['count']
        got = found.get(f'davy_score_mean{{window="{name}"}}')
        assert (got is None) == (w['mean'] is None) and (got is None or float(got) == w['mean']), (name, got, w)
    for b in model['budgets']:
        assert float(found[f'davy_budget_used_tokens{{api="{b["api"]}"}}']) == b['used']
    empty, _ = samples(run(world, world.rig('empty'), 'export', 'prometheus'))
    assert not [k for k in empty if k.startswith(('davy_score', 'davy_budget', 'davy_daemon_up', 'davy_roi'))], empty


def test_labels_do_not_explode(world):
    rig = world.rig().fill()
    for i in range(400):
        rig.append('state/task-history.jsonl', scored(i, 0.8, i, llm=f'llm-{i}', strategy=f's-{i}', subnet=i))
    rig.write('config/token-budgets.json', json.dumps({'budgets': {
        f'api-{i}': {'monthly_allowance': 1000, 'used_this_month': 10} for i in range(400)}}))
    found, _ = samples(run(world, rig, 'export', 'prometheus'))
    assert len(found) < 250, len(found)


def test_a_file_is_replaced_in_one_step_or_left_alone(world):
    rig = world.rig().fill()
    target = world.folder / 'davy.prom'
    target.write_text('old')
    old = target.stat().st_ino
    assert run(world, rig, 'export', 'prometheus', '-o', target) == ''
    assert target.stat().st_ino != old and stat.S_IMODE(target.stat().st_mode) == 0o644
    promtool(target.read_text())
    assert not [p for p in os.listdir(world.folder) if p.startswith('.davy') or p.endswith('.tmp')]
    text = run(world, rig, 'export', 'json', '-o', world.folder / 'no' / 'such', code=3)
    assert text.count('\n') == 1, text
    folder = world.folder / 'folder'
    folder.mkdir()
    run(world, rig, 'export', 'json', '-o', folder, code=3)
    assert folder.is_dir()
