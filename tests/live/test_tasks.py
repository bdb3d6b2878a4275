# SPDX-License-Identifier: GPL-2.0-or-later
"""The list of all tasks in a history that is longer than any screen: filters, jumps, one record whole."""
import datetime
import json
import os
import re

from pty_davy import PATIENCE

HISTORY = 'state/task-history.jsonl'
TASKS, STEP_S = 40_000, 45
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.timezone.utc)
WHOLE = PATIENCE * 6


def line(i, **more):
    at = NOW - datetime.timedelta(seconds=(TASKS - i) * STEP_S)
    return json.dumps({'timestamp': at.strftime('%Y-%m-%dT%H:%M:%S'), 'task_id': f'task-{i:06}', 'validator_score': i % 1000 / 1000,
                       'tokens_spent': i, 'llm_used': f'llm-{i % 7}', 'prompt_strategy': 'direct', 'subnet_id': i % 3, 'pad': 'x' * 300,
                       **more}) + '\n'


def long_rig(world):
    rig = world.rig().fill()
    with open(rig / HISTORY, 'w') as f:
        f.writelines(line(i) for i in range(TASKS))
    return rig


def opened(world, rig, size=(120, 30)):
    d = world.open(rig, '--now', str(int(NOW.timestamp() * 1000)), size=size)
    d.wait_for('Tasks')
    d.send('6')
    d.wait_for(f'row 1 of {TASKS:,}', seconds=WHOLE)
    d.send('\r')
    return d


def selected(d):
    """The row that is marked."""
    return next(row for row in d.text().split('\n') if '▸' in row)


def found(d, text, count):
    """The search has come to the end of the file."""
    whole = f'/{text} {count:,} of {TASKS:,}'
    d.send('/' + text + '\r')
    d.wait_for(lambda s: whole in s.text() and 'searched back' not in s.text() and s.text().endswith('quit'), seconds=WHOLE)


def test_a_filter_finds_in_all_tasks_and_keys_answer_meanwhile(world):
    with opened(world, long_rig(world)) as d:
        d.send('/task-00\r')
        d.wait_for(lambda s: re.search(rb'searched back to 2026-11-\d\d, \d+ %: [\d,]+ found', s.raw))
        d.send('?')
        d.wait_for('Esc closes')
        d.send('\x1b')
        d.wait_for(lambda s: f'/task-00 10,000 of {TASKS:,}' in s.text() and 'searched back' not in s.text(), seconds=WHOLE)
        d.send('\x1b')
        d.wait_for(f'row 1 of {TASKS:,}')
        found(d, 'score<0.002 and llm=llm-3', len([i for i in range(TASKS) if i % 1000 < 2 and i % 7 == 3]))
        first = selected(d)
        d.send('N')
        d.wait_for(lambda s: selected(s) != first and 'llm-3' in selected(s))
        d.send('n')
        d.wait_for(lambda s: selected(s) == first)
        d.send('\x1b/score<\r')
        d.wait_for('column 7: a value is missing at the end')
        d.send('\x1b')
        found(d, 'id=task-000042', 1)
        d.send('\r')
        d.wait_for('"task_id": "task-000042"')
        d.send('q')
        assert d.wait_end() == 0


def test_one_jumps_to_a_time_with_and_without_a_filter(world):
    with opened(world, long_rig(world)) as d:
        for keys, day in (('/@-3d\r', '11-19 12:00'), ('/@2026-11-10\r', '11-10 00:00'), (':at 2026-11-12 06:00\r', '11-12 06:00'),
                          (':at -1d\r', '11-21 12:00'), (':at 1999-01-01\r', '11-01 16:00')):
            d.send(keys)
            d.wait_for(lambda s: day in selected(s), why=f'{keys!r} does not lead to {day}')
        d.send(':at never\r')
        d.wait_for('at takes TIME, not never')
        d.send('g')
        found(d, 'score<0.001', TASKS // 1000)
        d.send(':at 2026-11-10 12:00\r')
        d.wait_for(lambda s: '11-10 00:00' in selected(s) and f'/score<0.001 {TASKS // 1000} of' in s.text())
        d.send('q')
        assert d.wait_end() == 0


def test_a_record_longer_than_the_pane_is_scrolled(world):
    rig = long_rig(world)
    rig.append(HISTORY, line(TASKS - 1, task_id='long', subnet_id=7, **{f'member_{i:02}': i for i in range(90)}, end='is here'))
    with world.open(rig, '--now', str(int(NOW.timestamp() * 1000)), size=(80, 24)) as d:
        d.wait_for('Tasks')
        d.send('6\r')
        d.wait_for(lambda s: '▸' in s.text() and 'sn7' in selected(s), seconds=WHOLE)
        d.send('\r')
        d.wait_for('"task_id": "long"')
        assert 'is here' not in d.text()
        for _ in range(12):
            d.send('\x1b[6~')
        d.wait_for('"end": "is here"')
        for _ in range(12):
            d.send('\x1b[5~')
        d.wait_for('"task_id": "long"')
        assert 'sn7' in selected(d)
        d.send('j')
        d.wait_for(lambda s: 'sn7' not in selected(s))
        d.send('q')
        assert d.wait_end() == 0


def bytes_read(pid):
    return int(re.search(r'rchar: (\d+)', open(f'/proc/{pid}/io').read()).group(1))


def test_a_start_with_the_index_reads_what_was_appended_and_no_more(world):
    rig = long_rig(world)
    now = str(int(NOW.timestamp() * 1000))
    with world.open(rig, '--now', now) as d:
        d.wait_for('sn2', seconds=WHOLE)
        d.wait_for(lambda s: 'reading' not in s.text(), seconds=WHOLE)
        first = bytes_read(d.pid)
        d.send('q')
        assert d.wait_end() == 0
    whole, index = os.path.getsize(rig / HISTORY), os.path.getsize(rig / 'state/davy/history.index')
    rig.append(HISTORY, line(TASKS, task_id='new', subnet_id=7))
    with world.open(rig, '--now', now) as d:
        d.wait_for('sn7')
        second = bytes_read(d.pid)
        d.send('q')
        assert d.wait_end() == 0
    assert first > whole > 15 << 20, (first, whole)
    assert second - index < 1 << 20, (second, index)
