# SPDX-License-Identifier: GPL-2.0-or-later
"""davy check over time: it is a step of the alert engine, and tells what the journal knows."""
import fcntl
import json
import os
import re
import subprocess
import time

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


# ---- what lasts, and the one who watches ----

def earlier(rig, minutes):
    """As check.json would be had all of it been so many minutes ago."""
    path = rig / 'state/davy/check.json'
    state = json.loads(path.read_text())
    state['since'] = {name: ms - minutes * 60000 for name, ms in state['since'].items()}
    path.write_text(json.dumps(state))


def test_a_check_that_cannot_tell_for_long_becomes_an_incident_and_clears_none(world):
    rig = rig_of(world, '[check.disk]\nargv = ["./answer"]\nevery_s = 60\n[check.gone]\nargv = ["./nothing-here"]\n')
    rig.write('answer', '#!/bin/sh\necho cannot look; exit 3\n').chmod(0o755)
    assert '[UNKN] check disk: cannot look' in check(world, rig, code=3)
    listed = world.run(world.davy, '-C', rig.path, 'alerts', 'list').stdout
    assert 'check/disk' not in listed and 'check/gone' not in listed, listed
    earlier(rig, 16)
    assert 'cannot look' in check(world, rig, code=3)
    listed = world.run(world.davy, '-C', rig.path, 'alerts', 'list').stdout
    assert re.search(r'WARN #\d+ +check/disk: firing', listed) and re.search(r'WARN #\d+ +check/gone: firing', listed), listed
    rig.write('answer', '#!/bin/sh\necho full; exit 2\n').chmod(0o755)
    long_ago(rig, 'disk')
    check(world, rig, code=2)
    rig.write('answer', '#!/bin/sh\nexit 3\n').chmod(0o755)
    long_ago(rig, 'disk')
    check(world, rig, code=2)                # what was critical stays so while nobody can tell
    listed = world.run(world.davy, '-C', rig.path, 'alerts', 'list').stdout
    assert re.search(r'CRIT #\d+ +check/disk: firing for .*unknown', listed), listed
    rig.write('answer', '#!/bin/sh\nexit 0\n').chmod(0o755)
    long_ago(rig, 'disk')
    check(world, rig, code=3)                # ./nothing-here is still not there
    assert 'check/disk' not in world.run(world.davy, '-C', rig.path, 'alerts', 'list').stdout


def long_ago(rig, name):
    """It is due again."""
    path = rig / 'memory/heartbeat-state.json'
    state = json.loads(path.read_text())
    state['lastChecks'][name] = 1
    path.write_text(json.dumps(state))


def beat(rig, pid, ago_s, **more):
    born = int(open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[19]) if os.path.exists(f'/proc/{pid}') else 1
    rig.write('state/davy/watch.json', json.dumps({
        'version': 1, 'pid': pid, 'born': born, 'beat': int(time.time() * 1000) - ago_s * 1000, 'saving': True,
        'notify': {'failing_s': 0}, **more}))


def test_R12_a_watcher_that_is_dead_is_exit_3_by_day_and_by_night(world):
    rig = rig_of(world)
    check(world, rig)                        # none ever ran: nothing is missing
    beat(rig, os.getpid(), 0)
    check(world, rig)
    beat(rig, os.getpid(), 61)
    assert '[UNKN] not watched: davy-watch hangs' in check(world, rig, code=3)
    beat(rig, 2 ** 22 + 1, 0)
    for words in ([], ['--night-mode'], ['--brief']):
        assert 'davy-watch is gone' in check(world, rig, *words, code=3)
    rig.budgets(openai=990000)
    check(world, rig, code=2)                # what is known to be wrong comes first


def test_what_davy_watch_says_of_itself_is_an_alert(world):
    rig = rig_of(world)
    beat(rig, os.getpid(), 0, notify={'failing_s': 1801})
    assert 'no message went out for 30m' in check(world, rig, code=1)
    beat(rig, os.getpid(), 0, saving=False)
    assert 'cannot write its journal' in check(world, rig, code=1)
    earlier(rig, 11)
    assert '[CRIT] state_not_saved' in check(world, rig, code=2)
    beat(rig, os.getpid(), 0)
    hour = int(time.time()) // 3600
    rig.write('state/davy/uptime.json', json.dumps({'version': 1, 'minute': hour * 60, 'hours': [[hour - 2, 30, 30, 0], [hour - 1, 50, 10, 0]]}))
    assert 'up in 66.7% of the last 24 h' in check(world, rig, code=1)
    said = world.run(world.davy, '-C', rig.path, 'report', 'daily').stdout
    assert 'UPTIME: 66.7% over 24 h, 66.7% over 7 d' in said, said
    done = world.run(world.davy, '-C', rig.path, 'alerts', 'silence', 'uptime_24h', '--reason', 'known')
    assert done.returncode == 0, done
    rig.write('state/davy/uptime.json', 'broken')
    said = world.run(world.davy, '-C', rig.path, 'report', 'weekly').stdout
    assert 'UPTIME: n/a' in said, said
