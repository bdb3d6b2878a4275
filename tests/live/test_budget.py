# SPDX-License-Identifier: GPL-2.0-or-later
"""davy budget reset: what changes in the file, what must not, when it refuses, and what the audit log says afterwards."""
import json
import os
import re
import stat

from pty_davy import Davy

NOW = '1796083200000'       # 2026-12-01 00:00 UTC
OLD = '''{
  "notes": "mine",   "big": 123456789012345678901,
  "budgets": {
    "openai-gpt4": {
      "monthly_allowance": 1000000,
      "used_this_month": 962000,
      "cost_per_1k_tokens": 0.0300
    },
    "gemini": {"used_this_month": 5, "monthly_allowance": 1E6, "last_reset": 1793491200.25}
  },
  "tracking": { "last_reset": "2026-11-01", "reset_day_of_month": 1 }
}
'''


def rig_of(world, text=OLD):
    rig = world.rig()
    rig.write('config/token-budgets.json', text)
    return rig, rig / 'config/token-budgets.json'


def budget(world, rig, *words, code=0):
    done = world.run(world.davy, '-C', rig.path, '--now', NOW, 'budget', *words)
    assert done.returncode == code, (words, done)
    return done


def log(rig):
    path = rig / 'state/davy/audit.jsonl'
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_reset_changes_the_counters_and_the_dates_and_no_other_byte(world):
    rig, path = rig_of(world)
    inode = path.stat().st_ino
    os.chmod(path, 0o640)
    budget(world, rig, 'reset', '--yes')
    want = OLD.replace('962000,', '0,\n      "last_reset": 1796083200,').replace('"used_this_month": 5', '"used_this_month": 0') \
        .replace('1793491200.25', '1796083200').replace('2026-11-01', '2026-12-01')
    assert path.read_text() == want, path.read_text()
    assert path.stat().st_ino != inode and stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in path.parent.iterdir()] == ['token-budgets.json']
    line, = log(rig)
    assert (line['event'], line['action'], line['forced']) == ('done', 'budget reset', False), line
    assert line['text'] == 'openai-gpt4 962000, gemini 5' and line['user'], line


def test_nothing_is_reset_twice_in_a_month_unless_forced(world):
    rig, path = rig_of(world)
    budget(world, rig, 'reset', '--yes')
    after = path.read_text()
    done = budget(world, rig, 'reset', '--yes', code=3)
    assert 'no reset is due' in done.stderr and '--force' in done.stderr, done
    assert path.read_text() == after and len(log(rig)) == 1
    budget(world, rig, 'reset', '--yes', '--force')
    assert len(log(rig)) == 2 and log(rig)[1]['forced'] is True


def test_a_reset_that_may_not_or_cannot_be_changes_nothing(world):
    rig, path = rig_of(world)
    for words, why in ([['reset'], '--yes'], [['reset', '--yes', '--read-only'], '--read-only'], [['reset', '-o', 'json'], '-o'],
                       [['reset', 'show'], 'not expected'], [[], 'show or reset'], [['rest'], 'show or reset']):
        done = budget(world, rig, *words, code=3)
        assert why in done.stderr and done.stderr.count('\n') == 1, (words, done)
    assert path.read_text() == OLD and log(rig) == []
    for text in ('', '{', '[]', '{"budgets": {"a": {"used\\u005fthis_month": 7}}}'):
        path.write_text(text)
        done = budget(world, rig, 'reset', '--yes', '--force', code=3)
        assert path.read_text() == text and log(rig) == [] and done.stderr.startswith('davy: '), (text, done)


def test_without_an_audit_log_nothing_is_reset(world):
    rig, path = rig_of(world)
    rig.write('state/davy', 'in the way')
    done = budget(world, rig, 'reset', '--yes', code=3)
    assert 'state/davy' in done.stderr and path.read_text() == OLD, done


def test_no_is_the_default_of_the_question(world):
    for answer, code in (('\n', 3), ('n\n', 3), ('x\n', 3), ('y\n', 0)):
        rig, path = rig_of(world)
        with Davy([world.davy, '-C', rig.path, '--now', NOW, 'budget', 'reset']) as d:
            d.wait_for('Go on? [y/N]')
            d.send(answer)
            assert d.wait_end(5) == code, d.text()
        assert (path.read_text() == OLD) == (code == 3), answer


def test_the_table_and_the_json_say_the_same(world):
    rig, _ = rig_of(world)
    table = budget(world, rig, 'show').stdout
    assert re.search(r'^openai-gpt4 +962,000 +1,000,000 +96% .*critical, tasks are refused$', table, re.M), table
    assert 'davy budget reset does it' in table
    model = json.loads(budget(world, rig, 'show', '-o', 'json').stdout)
    assert [b['used'] for b in model['budgets']] == [962000, 5] and model['budget_cycle']['not_reset'] is True
    empty = world.rig('none')
    assert 'is not there' in budget(world, empty, 'show', code=3).stderr
    assert json.loads(budget(world, empty, 'show', '-o', 'json').stdout)['budgets'] == []
