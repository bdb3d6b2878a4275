# SPDX-License-Identifier: GPL-2.0-or-later
"""The rules for Prometheus: promtool takes them, and on the same timelines Prometheus fires when davy's engine does."""
import json
import random
import shutil
import subprocess

EVERY, STEPS = 10, 120
RULES = ('budget_high', 'daemon_down', 'loop_stuck', 'success_rate', 'wallet_error')
TIMES = {'budget_high': (120, 300), 'daemon_down': (30, 60), 'loop_stuck': (0, 60), 'success_rate': (0, 300),
         'wallet_error': (0, 600)}


def davy(world, *words, code=0):
    done = world.run(world.davy, *words)
    assert done.returncode == code, (words, done.returncode, done.stdout[-400:], done.stderr)
    return done.stdout


def promtool(*words):
    assert shutil.which('promtool'), 'promtool is not installed: src/packages test'
    done = subprocess.run(['promtool', *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:])


def timeline(rng):
    """Of each rule: whether its condition is seen, at each step; runs of a length that matters for its times."""
    seen = {}
    for rule in RULES:
        row = []
        while len(row) < STEPS:
            around = rng.choice(TIMES[rule]) // EVERY
            row += [rng.random() < 0.5] * max(1, around + rng.randint(-2, 2))
        seen[rule] = row[:STEPS]
    return seen


def as_davy(seen):
    samples = []
    for rule, row in seen.items():
        for i, bad in enumerate(row):
            if i == 0 or row[i - 1] != bad:
                samples.append({'at_s': i * EVERY, 'rule': rule, 'severity': 'warning' if bad else 'ok'})
    return {'every_s': EVERY, 'until_s': (STEPS - 1) * EVERY, 'samples': samples}


def fires(text):
    """(rule, step) from what davy says: RECOVERING still fires, as what Prometheus keeps firing."""
    states, out, moments = {}, set(), {}
    for when, what in (line.rsplit('  ', 1) for line in text.splitlines()[:-1]):
        seconds = 0
        for part in when.split():
            seconds += int(part[:-1]) * {'s': 1, 'm': 60, 'h': 3600}[part[-1]]
        moments.setdefault(seconds // EVERY, []).append(what)
    for at in range(STEPS):
        for what in moments.get(at, []):
            rule, state = what.split(':')
            states[rule] = state.split()[0]
        out |= {(rule, at) for rule, state in states.items() if state in ('firing', 'recovering')}
    return out


def series(seen):
    return [{'series': 'davy_rule_seen{rule="%s",severity="warning"}' % rule,
             'values': ' '.join('1' if bad else '0' for bad in row)} for rule, row in seen.items()]


def as_promtool(seen, expected, rules):
    alerts = [{'eval_time': f'{at * EVERY}s', 'alertname': f'davy_{rule}_warning',
               'exp_alerts': [{'exp_labels': {'severity': 'warning', 'rule': rule}}] if (rule, at) in expected else []}
              for rule in RULES for at in range(STEPS)]
    return {'rule_files': [rules], 'evaluation_interval': f'{EVERY}s',
            'tests': [{'interval': f'{EVERY}s', 'input_series': series(seen), 'alert_rule_test': alerts}]}


def test_promtool_takes_the_rules(world):
    rig = world.rig()
    rig.write('davy.toml', '[rule.budget_high]\nfor_s = 7\n[rule.wallet_error]\nenabled = false\n')
    out = rig / 'rules.yml'
    davy(world, '-C', rig.path, 'export', 'prometheus-rules', '-o', out)
    promtool('check', 'rules', str(out))
    text = out.read_text()
    assert 'for: 7s' in text and 'davy_wallet_error' not in text and 'davy_not_seen' in text, text


def test_prometheus_and_davy_fire_on_the_same_moments(world):
    rig, rules = world.rig(), world.rig('rules')
    plain = [line for line in davy(world, '-C', rig.path, 'export', 'prometheus-rules').split('\n')
             if 'annotations' not in line and 'summary' not in line]      # promtool would want them in each expectation
    rules.write('rules.yml', '\n'.join(line for line in plain if 'because' not in line))
    some = 0
    for seed in range(6):
        seen = timeline(random.Random(seed))
        rules.write('t.json', json.dumps(as_davy(seen)))
        expected = fires(davy(world, '-C', rig.path, 'check', '--test-rules', rules / 't.json'))
        rules.write('t.yml', json.dumps(as_promtool(seen, expected, 'rules.yml')))
        promtool('test', 'rules', str(rules / 't.yml'))
        some += len(expected)
    assert some > 1000, some


def test_a_timeline_says_what_was_not_met_and_what_is_wrong_with_it(world):
    rig = world.rig()
    rig.write('t.json', json.dumps({'samples': [
        {'at_s': 0, 'rule': 'budget_high', 'subject': 'x', 'value': 99}],
        'expect': [{'at_s': 60, 'rule': 'budget_high', 'subject': 'x', 'state': 'firing'},
                   {'at_s': 130, 'rule': 'budget_high', 'subject': 'x', 'state': 'firing', 'severity': 'critical'}]}))
    said = davy(world, '-C', rig.path, 'check', '--test-rules', rig / 't.json', code=2)
    assert 'expected firing, but it is pending, critical' in said and '1 of 2 expectations met' in said, said
    for wrong, word in (('{', 'line 1'), ('{"samples": [{"at_s": 0, "rule": "no"}]}', "no rule 'no'"),
                        ('{"samples": [{"rule": "clock"}]}', 'at_s'), ('{}', 'samples')):
        rig.write('t.json', wrong)
        done = world.run(world.davy, '-C', rig.path, 'check', '--test-rules', rig / 't.json')
        assert done.returncode == 3 and word in done.stderr, (wrong, done)
    rig.write('davy.toml', '[rule.budget_hig]\nwarning = 70\n')
    done = world.run(world.davy, '-C', rig.path, 'check', '--lint-rules')
    assert done.returncode == 2 and 'did you mean budget_high' in done.stderr, done
