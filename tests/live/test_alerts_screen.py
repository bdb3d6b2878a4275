# SPDX-License-Identifier: GPL-2.0-or-later
"""The alerts pane with the engine behind it: a, s and e, the page of an alert, what others write, a restart by hand."""
import json
import os
import subprocess
import tarfile

from rigs import scored, wait_until
from test_hands import ENTER, press

SIZE = (110, 34)
KEY = 'sk-abcdefghijklmnopqrstuvwx0123456789'


def rig_of(world):
    rig = world.rig()
    rig.write('davy.toml', '[rule.budget_high]\nfor_s = 0\n[heartbeat]\ndisk_percent = 100\nmemory_percent = 100\n')
    rig.write('state/task-history.jsonl', ''.join(scored(i, 0.75, 40000 - 300 * i) for i in range(60)))
    rig.write('logs/miner.log', '\n'.join(f'2026-11-22 10:00:{i:02},000 - x - INFO - line {i} api_key={KEY}' for i in range(60)) + '\n')
    rig.budgets(openai=990000)
    return rig


def listed(world, rig):
    return json.loads(world.run(world.davy, '-C', rig.path, 'alerts', 'list', '-o', 'json').stdout)


def test_a_and_s_are_in_the_journal_before_they_are_confirmed(world):
    rig = rig_of(world)
    with world.open(rig, size=SIZE) as d:
        d.wait_for('OpenAI budget')
        d.wait_for('not watched', 2)
        press(d, 'a')
        d.wait_for('acknowledge budget_high/', 2)
        press(d, '30m more is ordered' + ENTER)
        d.wait_for('is acknowledged', 4)
        d.wait_for('acked until', 4)
        ack = next(i for i in listed(world, rig)['incidents'] if i['rule'] == 'budget_high')['ack']
        assert ack['why'] == 'more is ordered' and ack['until'] - ack['at'] == 1800000, ack
        press(d, 's')
        press(d, ENTER)
        d.wait_for('a reason is needed', 2)
        press(d, 'known' + ENTER)
        d.wait_for('1 silenced, next ends', 4)
        assert listed(world, rig)['silences'][0]['reason'] == 'known'
        world.run(world.davy, '-C', rig.path, 'alerts', 'unsilence', '1')
        d.wait_for(lambda d: '1 silenced' not in d.text(), 4)


def test_enter_opens_evidence_steps_and_history(world):
    rig = rig_of(world)
    world.run(world.davy, '-C', rig.path, 'check')
    with world.open(rig, size=SIZE) as d:
        d.wait_for('OpenAI budget')
        press(d, ENTER + ENTER)
        d.wait_for('Evidence', 3)
        text = d.text()
        assert 'Incident #' in text and '"used_this_month": 990000' in text and '1. ' in text, text
        press(d, 'G')
        d.wait_for('fired #', 2)
        press(d, '\x1b')
        d.wait_for(lambda d: 'Evidence' not in d.text(), 3)


def test_e_writes_a_bundle_without_secrets(world):
    rig = rig_of(world)
    with world.open(rig, size=SIZE) as d:
        d.wait_for('OpenAI budget')
        press(d, 'e')
        d.wait_for('bundle-', 15)
    path = next((rig / 'state/davy').glob('bundle-*.tar'))
    assert os.stat(path).st_mode & 0o777 == 0o600
    with tarfile.open(path) as tar:
        files = {m.name.split('/')[1]: tar.extractfile(m).read().decode() for m in tar}
    assert set(files) >= {'README.txt', 'versions.txt', 'doctor.txt', 'davy.toml', 'log.txt', 'model.json'}, set(files)
    assert KEY.encode() not in path.read_bytes() and 'line 59 api_key=[removed]' in files['log.txt'], files['log.txt']
    assert json.loads(files['model.json'])['version'] == 1 and 'Rig' in files['doctor.txt']


def test_read_only_acknowledges_and_writes_nothing(world):
    rig = rig_of(world)
    with world.open(rig, '--read-only', size=SIZE) as d:
        d.wait_for('OpenAI budget')
        for key in 'ase':
            press(d, key)
            d.wait_for('read-only: ', 2)
    assert not (rig / 'state/davy/alerts.jsonl').exists() and not list((rig / 'state').rglob('bundle*'))


def test_a_restart_by_hand_does_not_page(world):
    rig = rig_of(world)
    script = rig.write('bin/restart', '#!/bin/sh\nexit 0\n')
    script.chmod(0o755)
    rig.write('davy.toml', '[actions]\nrestart = ["bin/restart"]\n')
    done = subprocess.Popen([world.davy, '-C', rig.path, 'restart', '--yes'], stdout=subprocess.DEVNULL)
    wait_until(lambda: listed(world, rig)['silences'], 8, 'no silence')
    done.terminate()                    # it would wait for the daemon's health
    done.wait(20)
    quiet = listed(world, rig)['silences']
    assert [(s['rule'], s['reason']) for s in quiet] == [('daemon_down', 'restart by hand')], quiet
    assert quiet[0]['until'] - quiet[0]['since'] <= 120000, quiet
