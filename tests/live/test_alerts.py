# SPDX-License-Identifier: GPL-2.0-or-later
"""davy alerts: incidents from a real rig's files, kept over processes."""
import fcntl
import json
import os
import re
import subprocess


def alerts(world, rig, *words, code=0):
    done = world.run(world.davy, '-C', rig.path, 'alerts', *words)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done


def incidents(world, rig, *more):
    return {i['rule'] + ('/' + i['subject'] if i['subject'] else ''): i
            for i in json.loads(alerts(world, rig, 'list', '-o', 'json', *more).stdout)['incidents']}


def budgets(rig, used):
    rig.replace('config/token-budgets.json', json.dumps({'budgets': {'anthropic': {
        'monthly_allowance': 1000, 'used_this_month': used, 'preferred_llm': 'claude'}}}))


def history(world, rig):
    return [(e['event'], e['rule'], e.get('subject')) for e in
            json.loads(alerts(world, rig, 'history', '-o', 'json').stdout)['events']]


def rig_with_bid(world):
    """budget without allowance is critical; its rule waits two minutes. A heartbeat list without items fires at once."""
    rig = world.rig()
    rig.write('HEARTBEAT.md', '# Checks\n- [ ]\n')
    budgets(rig, 10)
    return rig


def test_an_incident_is_one_over_processes_and_clears(world):
    rig = rig_with_bid(world)
    first = incidents(world, rig)['checklist_empty']
    assert first['state'] == 'firing' and first['number'] == 1, first
    again = incidents(world, rig)['checklist_empty']
    assert again == first, (first, again)
    rig.replace('HEARTBEAT.md', '# Checks\n- [ ] look at the miner\n')
    assert incidents(world, rig) == {}
    assert history(world, rig) == [('fired', 'checklist_empty', ''), ('cleared', 'checklist_empty', '')]


def test_a_file_that_is_gone_clears_nothing(world):
    rig = rig_with_bid(world)
    incidents(world, rig)
    os.unlink(rig / 'HEARTBEAT.md')
    left = incidents(world, rig)['checklist_empty']
    assert left['state'] == 'firing' and left['unknown'], left
    text = alerts(world, rig, 'list').stdout
    assert 'unknown: its data is not known now' in text, text


def test_what_waits_is_pending(world):
    rig = rig_with_bid(world)
    budgets(rig, 960)
    assert incidents(world, rig)['budget_high/anthropic']['state'] == 'pending'
    budgets(rig, 10)
    assert 'budget_high/anthropic' not in incidents(world, rig)


def test_ack_and_silence_name_who_and_end(world):
    rig = rig_with_bid(world)
    incidents(world, rig)
    alerts(world, rig, 'ack', '1', '--why', 'on \033[31mit\033[0m', '--until', '2h')
    ack = incidents(world, rig)['checklist_empty']['ack']
    assert ack['why'] == 'on it' and ack['who'] and ack['until'] - ack['at'] == 2 * 3600000, ack
    out = alerts(world, rig, 'silence', 'budget_high/anthropic', '--reason', 'month ends', '--for', '30m').stdout
    assert re.match(r'silence 1: budget_high/anthropic is not told of until', out), out
    listed = json.loads(alerts(world, rig, 'list', '-o', 'json').stdout)
    assert [s['reason'] for s in listed['silences']] == ['month ends'], listed
    alerts(world, rig, 'unsilence', '1')
    assert json.loads(alerts(world, rig, 'list', '-o', 'json').stdout)['silences'] == []


def test_what_makes_no_sense_is_refused_and_changes_nothing(world):
    rig = rig_with_bid(world)
    incidents(world, rig)
    before = (rig / 'state/davy/alerts.jsonl').read_bytes()
    for words, sentence in [
            (('ack', '7'), 'there is no incident 7'), (('ack', 'x'), 'expected the number'), (('ack',), 'say the number'),
            (('ack', '1', '--until', '2020-01-01'), 'over already'), (('ack', '1', '--until', '8d'), '7 days are the most'),
            (('silence', 'no_such_rule', '--reason', 'x'), 'no rule'), (('silence', 'clock'), 'needs a reason'),
            (('silence', 'clock', '--reason', 'x', '--for', '9d'), '7 days'), (('unsilence', '3'), 'no silence 3'),
            ((), 'say list'), (('frobnicate',), 'say list'), (('list', 'more'), 'not expected'),
            (('list', '-o', 'xml'), 'expected text or json'), (('history', '--since', 'whenever'), '--since')]:
        error = alerts(world, rig, *words, code=3).stderr
        assert sentence in error and error.count('\n') == 1, (words, error)
    done = world.run(world.davy, '--read-only', '-C', rig.path, 'alerts', 'ack', '1')
    assert done.returncode == 3 and 'read-only' in done.stderr, done
    assert (rig / 'state/davy/alerts.jsonl').read_bytes() == before


def test_read_only_and_a_made_up_clock_leave_no_trace(world):
    rig = rig_with_bid(world)
    for option in (('--read-only',), ('--now', '1763787600000')):
        done = world.run(world.davy, *option, '-C', rig.path, 'alerts', 'list')
        assert done.returncode == 0 and 'checklist_empty' in done.stdout, done
        assert not (rig / 'state/davy/alerts.jsonl').exists()


def test_damage_is_said_once_and_the_file_kept(world):
    rig = rig_with_bid(world)
    alerts(world, rig, 'list')
    journal = rig / 'state/davy/alerts.jsonl'
    text = bytearray(journal.read_bytes())
    text[len(text) // 2] ^= 1
    journal.write_bytes(text)
    done = alerts(world, rig, 'list')
    assert re.search(r'alerts\.jsonl line 1 was damaged: the file is kept as alerts\.jsonl\.damaged-', done.stderr), done.stderr
    kept = [p for p in journal.parent.iterdir() if '.damaged-' in p.name]
    assert len(kept) == 1 and kept[0].read_bytes() == bytes(text), kept
    assert alerts(world, rig, 'list').stderr == ''


def test_a_journal_that_somebody_holds_hides_no_alert(world):
    rig = rig_with_bid(world)
    alerts(world, rig, 'list')
    with open(rig / 'state/davy/alerts.lock', 'r+b') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = alerts(world, rig, 'list')
        assert 'checklist_empty' in done.stdout and 'another davy' in done.stderr, done
        error = alerts(world, rig, 'ack', '1', code=3).stderr
        assert 'try again' in error, error


def test_many_at_once_lose_and_double_nothing(world):
    rig = rig_with_bid(world)
    alerts(world, rig, 'list')
    running = [subprocess.Popen([str(world.davy), '-C', str(rig.path), 'alerts', 'silence', 'clock', '--reason', f'r{n}'],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE) for n in range(8)]
    done = {n: p.communicate() and p.returncode for n, p in enumerate(running)}
    listed = json.loads(alerts(world, rig, 'list', '-o', 'json').stdout)['silences']
    assert sorted(s['reason'] for s in listed) == [f'r{n}' for n in sorted(done) if done[n] == 0], (done, listed)
    assert len({s['id'] for s in listed}) == len(listed)
