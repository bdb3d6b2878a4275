# SPDX-License-Identifier: GPL-2.0-or-later
"""davy check over time: it is a step of the alert engine, and tells what the journal knows."""
import fcntl
import json
import os
import subprocess

from rigs import scored

CALM = '[heartbeat]\ndisk_percent = 100\nmemory_percent = 100\n[rule.budget_high]\nfor_s = 0\nclear_for_s = 3600\n'


def rig_of(world, settings=''):
    rig = world.rig()
    rig.write('davy.toml', CALM + settings)
    rig.write('state/task-history.jsonl', ''.join(scored(i, 0.75, 40000 - 300 * i) for i in range(60)))
    rig.budgets()
    return rig


def check(world, rig, *words, code=0):
    done = world.run(world.davy, '-C', rig.path, 'check', *words)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout


def alert(world, rig, rule, *words):
    done = world.run(world.davy, '-C', rig.path, *words, 'check', '--json')
    return next((a for a in json.loads(done.stdout)['alerts'] if a['rule'] == rule), None)


def test_what_fired_stays_until_it_was_good_for_long_enough(world):
    rig = rig_of(world)
    rig.budgets(openai=850000)
    assert '[WARN] OpenAI budget' in check(world, rig, code=1)
    rig.budgets(openai=795000)          # between the limits: 78 to 80 %
    assert alert(world, rig, 'budget_high')['state'] == 'firing'
    rig.budgets(openai=100000)
    told = check(world, rig, code=1)
    assert '(recovering)' in told, told
    rig.write('davy.toml', CALM.replace('3600', '0'))
    assert check(world, rig) == 'HEARTBEAT_OK\n'


def test_data_that_is_gone_clears_nothing(world):
    rig = rig_of(world)
    rig.budgets(openai=990000)
    check(world, rig, code=2)
    os.unlink(rig / 'config/token-budgets.json')
    told = check(world, rig, code=2)
    assert 'its data is not known now' in told, told
    x = alert(world, rig, 'budget_high')
    assert x['state'] == 'firing' and x['unknown'] is True and x['incident'] == 1, x


def test_an_ack_and_a_silence_are_told_and_respected_when_asked(world):
    rig = rig_of(world)
    rig.budgets(openai=990000)
    check(world, rig, code=2)
    world.run(world.davy, '-C', rig.path, 'alerts', 'ack', '1', '--why', 'more is ordered')
    told = check(world, rig, code=2)
    assert 'acknowledged by ' in told and 'more is ordered' in told, told
    assert check(world, rig, '--respect-silence') == 'HEARTBEAT_OK\n'
    x = alert(world, rig, 'budget_high')
    assert x['ack']['why'] == 'more is ordered' and x['silenced'] is False, x
    world.run(world.davy, '-C', rig.path, 'alerts', 'silence', 'budget_high', '--reason', 'known', '--for', '1h')
    assert 'silenced' in check(world, rig, code=2)


def test_pending_counts_only_while_nobody_watches(world):
    rig = rig_of(world, '')
    rig.write('davy.toml', CALM.replace('for_s = 0', 'for_s = 3600', 1))
    rig.budgets(openai=990000)
    assert '(pending)' in check(world, rig, code=2)
    watcher = subprocess.Popen(['sleep', '60'])
    born = int(open(f'/proc/{watcher.pid}/stat').read().rsplit(')', 1)[1].split()[19])
    beat = json.dumps({'version': 1, 'pid': watcher.pid, 'born': born, 'beat': 9999999999999})
    rig.write('state/davy/watch.json', beat)
    assert check(world, rig) == 'HEARTBEAT_OK\n'
    watcher.kill()
    watcher.wait()
    assert '(pending)' in check(world, rig, code=2)


def test_a_journal_that_is_held_or_may_not_be_written_hides_nothing(world):
    rig = rig_of(world)
    rig.budgets(openai=990000)
    check(world, rig, code=2)
    before = (rig / 'state/davy/alerts.jsonl').read_bytes()
    with open(rig / 'state/davy/alerts.lock') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = world.run(world.davy, '-C', rig.path, 'check')
        assert done.returncode == 2 and 'OpenAI budget' in done.stdout, done
        assert 'alerts.jsonl' in done.stderr and 'nobody will remember' in done.stderr, done
    rig.budgets(openai=100000)
    x = alert(world, rig, 'budget_high', '--read-only')
    assert x['state'] == 'recovering', x
    assert (rig / 'state/davy/alerts.jsonl').read_bytes() == before


def test_the_model_has_what_the_journal_knows(world):
    rig = rig_of(world)
    rig.budgets(openai=990000)
    check(world, rig, code=2)
    world.run(world.davy, '-C', rig.path, 'alerts', 'silence', 'budget_high', '--reason', 'known')
    model = json.loads(world.run(world.davy, '-C', rig.path, '--once', '-o', 'json').stdout)
    x = next(a for a in model['alerts'] if a['rule'] == 'budget_high')
    assert (x['state'], x['incident'], x['silenced']) == ('firing', 1, True), x
    assert model['silences'][0]['reason'] == 'known' and model['watch']['state'] == 'none', model['silences']
