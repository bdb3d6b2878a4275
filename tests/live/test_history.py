# SPDX-License-Identifier: GPL-2.0-or-later
"""davy history: the numbers, the forms, and what happens when something is wrong or somebody is in a hurry."""
import csv
import datetime
import io
import json
import os
import signal
import subprocess
import time

from pty_davy import PATIENCE, Davy, environment
from rigs import wait_until

NOW = 1795348800000         # 2026-11-22T12:00:00Z
HOUR, DAY = 3600_000, 86400_000


def task(number, at_ms, score=0.75, tokens=1000, llm='openai-gpt4', strategy='direct', subnet=1, **more):
    stamp = datetime.datetime.fromtimestamp(at_ms / 1000, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S')
    return json.dumps({'timestamp': f'{stamp}.{at_ms % 1000:03}', 'task_id': f't_{number}', 'validator_score': score,
                       'tokens_spent': tokens, 'llm_used': llm, 'prompt_strategy': strategy, 'subnet_id': subnet,
                       **more}) + '\n'


def rig_with(world, *lines, name='rig'):
    rig = world.rig(name)
    rig.write('state/task-history.jsonl', ''.join(lines))
    return rig


def history(world, rig, *more, now=NOW, code=0, **how):
    done = world.run(world.davy, '-C', rig.path, 'history', '--now', str(now), *more, **how)
    assert done.returncode == code, (more, done)
    return done


def asked(world, rig, *more, **how):
    return json.loads(history(world, rig, '-o', 'json', *more, **how).stdout)


def ids(answer):
    return [t['task_id'] for t in answer['tasks']]


def told(world, rig, *more):
    """The one sentence of a refusal."""
    done = history(world, rig, *more, code=3)
    assert done.stdout == '' and done.stderr.startswith('davy: ') and done.stderr.count('\n') == 1, done
    return done.stderr


def test_what_counts_is_what_the_dashboard_counts(world):
    rig = rig_with(world,
                   task(1, NOW - 5 * HOUR, 0.2), task(2, NOW - 4 * HOUR, 0.9, llm='gemini-pro'), task(1, NOW - 3 * HOUR, 0.8),
                   task(2, NOW - 2 * HOUR, None), task(3, NOW - 2 * HOUR, None), task(4, NOW - 2 * HOUR, 7),
                   task(5, NOW + HOUR), task(6, NOW).replace('t_6', 'test_6'), '{"task_id": "t_9", "llm": "x"}\n', 'torn {\n',
                   task(7, NOW)[:-30])
    seen = asked(world, rig)
    assert [(t['task_id'], t['kind'], t['score']) for t in seen['tasks']] == [
        ('t_2', 'scored', 0.9), ('t_1', 'scored', 0.8), ('t_3', 'pending', None), ('t_4', 'invalid', None)], seen
    assert seen['total']['count'] == 2 and seen['total']['records'] == 4 and seen['total']['tokens'] == 4000
    assert seen['file'] == {'lines': 10, 'scored': 3, 'pending': 2, 'invalid': 1, 'malformed': 1, 'synthetic': 1, 'future': 1,
                            'executed': 1, 'blank': 0, 'duplicates': 2}, seen['file']
    assert ids(asked(world, rig, '--where', 'synthetic')) == ['test_6']
    assert ids(asked(world, rig, '--until', '2026-11-23', '--since', 'now')) == ['t_5']
    rig.write('davy.toml', '[scores]\ncount_synthetic = true\nsuccess_threshold = 0.85\n')
    counted = asked(world, rig)['total']
    assert counted['count'] == 3 and abs(counted['success_rate'] - 1 / 3) < 1e-9, counted


def test_groups_and_windows_are_those_of_the_model(world):
    rig = rig_with(world, *(task(i, NOW - i * 47 * 60_000, i * 37 % 100 / 100, 100 + i, f'llm-{i % 3}', f's-{i % 4}', i % 5,
                                 tao_earned=i / 1000) for i in range(500)))
    rig.write('config/token-budgets.json', json.dumps({'budgets': {f'llm-{i}': {
        'monthly_allowance': 1000, 'used_this_month': 1, 'cost_per_1k_tokens': 0.01 * i} for i in range(3)}}))
    model = world.once(rig, '--now', str(NOW))['scores']
    for by in ('llm', 'strategy', 'subnet'):
        mine = asked(world, rig, '--by', by, '--since', '7d')
        assert len(mine['groups']) == len(model[f'by_{by}'])
        for got, want in zip(mine['groups'], model[f'by_{by}']):
            for key in ('name', 'count', 'mean', 'success_rate', 'tokens', 'share', 'tao', 'best'):
                assert got[key] == want[key] or abs(got[key] - want[key]) < 1e-9, (by, key, got, want)
        assert abs(mine['total']['roi'] - model['roi']) < 1e-12 and mine['total']['cost_usd'] > 0
    for name, times in {'24h': ('--since', '24h'), '7d': ('--since', '7d'), 'prev7d': ('--since', '14d', '--until', '7d'),
                        'today': ('--since', 'today'), 'yesterday': ('--since', 'yesterday', '--until', 'today')}.items():
        total, want = asked(world, rig, *times)['total'], model['windows'][name]
        assert total['count'] == want['count'] > 0 and total['tokens'] == want['tokens'], (name, total, want)


def test_times_that_follow_each_other_share_no_task_and_lose_none(world):
    edges = [NOW - DAY + d for d in (-1, 0, 1)] + [NOW // DAY * DAY + d for d in (-1, 0, 1)] + [NOW - 1, NOW]
    rig = rig_with(world, *(task(i, t) for i, t in enumerate(edges)))
    for cut in ('24h', 'today', '2026-11-21T12:00', '2026-11-22T00:00:00.001', '2026-11-22T10:00+10:00', str(NOW - 1), 'now'):
        before, after = ids(asked(world, rig, '--until', cut)), ids(asked(world, rig, '--since', cut))
        assert before + after == [f't_{i}' for i in range(len(edges))], (cut, before, after)


def test_json_and_csv_say_the_same_whatever_the_names_are(world):
    names = ['plain', 'a,b', 'with "quotes"', 'back\\slash', '=1+1', '+cmd', "-2'", '@x', 'zeile\numbruch', 'esc\x1b[31m', 'größe 模型',
             '\ud800', '\u202ertl', 'tab\tx', ' ', '']
    rig = rig_with(world, *(task(i, NOW - i * 1000, [0.1, None, 1 / 3, 0.7799999999999999][i % 4], llm=name, strategy=name,
                                 subnet=i % 3 - 1, **({'tao_earned': 1e-7} if i % 2 else {})) for i, name in enumerate(names)))
    for more in ((), ('--by', 'llm'), ('--by', 'subnet'), ('--by', 'hour'), ('--by', 'day')):
        answer = asked(world, rig, *more)
        want = answer['groups' if more else 'tasks']
        text = history(world, rig, '-o', 'csv', *more).stdout
        rows = list(csv.DictReader(io.StringIO(text, newline='')))
        assert len(rows) == len(want) > 0, text
        for row, one in zip(rows, want):
            assert list(row) == list(one), (row, one)
            for key, value in one.items():
                if key in ('at', 'start', 'first', 'last'):
                    moment = datetime.datetime.fromisoformat(row[key].replace('Z', '+00:00'))
                    assert round(moment.timestamp() * 1000) == value, (key, row[key], value)
                elif value is None or isinstance(value, (str, bool)):
                    assert row[key] == {None: '', True: 'true', False: 'false'}.get(value, value), (key, row[key], value)
                else:
                    assert float(row[key]) == value, (key, row[key], value)
        assert not any(ord(c) < 32 and c != '\n' for c in text), text
    seen = {t['llm'] for t in asked(world, rig)['tasks']}
    assert {'=1+1', '+cmd', "-2'", '@x', 'a,b', 'with "quotes"', 'back\\slash', 'größe 模型', None} <= seen, seen


def test_a_limit_shows_the_newest_or_the_best(world):
    rig = rig_with(world, *(task(i, NOW - (40 - i) * HOUR, 0.9 if i % 4 == 0 else 0.5, llm=f'llm-{i % 4}') for i in range(40)))
    few = asked(world, rig, '--limit', '3')
    assert ids(few) == ['t_37', 't_38', 't_39'] and few['total']['count'] == 40
    assert [g['name'] for g in asked(world, rig, '--by', 'llm', '--limit', '1')['groups']] == ['llm-0']
    hours = asked(world, rig, '--by', 'hour', '--limit', '2')['groups']
    assert [g['start'] for g in hours] == [NOW - 2 * HOUR, NOW - HOUR]
    assert ids(asked(world, rig, '--limit', '1000000000')) == [f't_{i}' for i in range(40)]
    assert '40 tasks (the newest 3 are shown)' in history(world, rig, '--limit', '3').stdout


def test_filters_find_ids_by_text_and_by_name(world):
    rig = rig_with(world, *(task(i, NOW - i * 1000) for i in range(30)))
    assert ids(asked(world, rig, '--where', 'id=t_7')) == ['t_7']
    assert ids(asked(world, rig, '--where', 'id~T_1 and not id~8')) == [
        't_19', 't_17', 't_16', 't_15', 't_14', 't_13', 't_12', 't_11', 't_10', 't_1']
    assert asked(world, rig, '--where', 'id~t_1', '--by', 'llm')['total']['count'] == 11


def test_words_that_are_wrong_are_told_in_one_sentence(world):
    rig = rig_with(world, task(1, NOW))
    assert '--where: column 12: "sbnet" is not known; did you mean subnet?' in told(world, rig, '--where', 'scored and sbnet=1')
    assert '--since: "24" has no unit: write 24h for hours or 24d' in told(world, rig, '--since', '24')
    assert 'lies before --since' in told(world, rig, '--since', 'today', '--until', 'yesterday')
    for wrong in (('--by', 'week'), ('-o', 'xml'), ('--limit', '0'), ('--limit', '-5'), ('--until', 'then'), ('more',), ('--no',)):
        told(world, rig, *wrong)


def test_a_history_that_cannot_be_read_is_told_and_nothing_is_printed(world):
    empty = world.rig('empty')
    assert 'state/task-history.jsonl is not there' in told(world, empty)
    os.makedirs(empty / 'state/task-history.jsonl')
    assert 'is a folder' in told(world, empty)
    pipe = world.rig('pipe')
    os.makedirs(pipe / 'state')
    os.mkfifo(pipe / 'state/task-history.jsonl')
    assert 'is a FIFO' in told(world, pipe)
    wrong = rig_with(world, task(1, NOW), name='wrong')
    wrong.write('davy.toml', 'histroy = "x"\n')
    assert 'davy.toml line 1' in told(world, wrong)
    elsewhere = rig_with(world, name='elsewhere')
    elsewhere.write('davy.toml', 'history = "old/tasks.jsonl"\n')
    assert 'old/tasks.jsonl is not there' in told(world, elsewhere)
    elsewhere.write('old/tasks.jsonl', task(1, NOW))
    assert ids(asked(world, elsewhere)) == ['t_1']
    gone = world.run(world.davy, '-C', '/nonexistent/rig', 'history')
    assert gone.returncode == 3 and 'wants the folder of a rig' in gone.stderr, gone


def test_bad_lines_are_one_line_beside_the_data(world):
    rig = rig_with(world, task(1, NOW), 'garbage\n' * 20, task(2, NOW, 5))
    done = history(world, rig, '-o', 'csv')
    assert done.stdout.count('\n') == 3, done.stdout
    assert done.stderr == ('davy: state/task-history.jsonl, 22 lines: 20 no JSON objects, 1 with a wrong score or time; last of them '
                           'line 22: the score is not within 0..1\n'), done.stderr
    assert history(world, rig_with(world, name='none'), '-o', 'csv').stderr == ''


def test_nothing_is_written_anywhere(world):
    rig = rig_with(world, task(1, NOW))
    def state():
        return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in [rig.path, *rig.path.rglob('*')]}
    before = state()
    history(world, rig, '--by', 'llm')
    assert state() == before


def many(path, count, first=0):
    """Lines a minute apart, so that most of them are older than what is kept record by record."""
    stem = task(0, 0).replace('1970-01-01T00:00:00.000', '%s').replace('"t_0"', '"t_%d"')
    with open(path, 'a') as f:
        for day in range(first // 1440, (first + count) // 1440):
            date = datetime.datetime.fromtimestamp(NOW / 1000 - 600 * 86400 + day * 86400, datetime.timezone.utc).strftime('%Y-%m-%dT')
            f.write(''.join(stem % (f'{date}{m // 60:02}:{m % 60:02}:00', day * 1440 + m) for m in range(1440)))


def peak_kb(world, rig, *more):
    """The most memory that it ever had, without what the sanitizers keep of freed blocks."""
    options = environment()['ASAN_OPTIONS'] + ':quarantine_size_mb=0:thread_local_quarantine_size_kb=0'
    argv = [str(world.davy), '-C', str(rig.path), 'history', '--now', str(NOW), *more]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, env=environment(ASAN_OPTIONS=options))
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_memory_does_not_grow_with_the_file(world):
    rig = rig_with(world)
    kinds = (('--by', 'llm'), ('-o', 'csv'), ('--limit', '5', '--where', 'id~9'))
    many(rig / 'state/task-history.jsonl', 150 * 1440)
    before = [peak_kb(world, rig, *kind) for kind in kinds]
    many(rig / 'state/task-history.jsonl', 150 * 1440, first=150 * 1440)
    after = [peak_kb(world, rig, *kind) for kind in kinds]
    assert all(a < b + 8192 for a, b in zip(after, before)), (before, after)
    total = asked(world, rig, '--limit', '1')
    assert total['total']['count'] == 300 * 1440 and total['tasks'][0]['task_id'] == f't_{300 * 1440 - 1}'


def test_a_long_history_comes_to_what_the_dashboard_says_of_all_time(world):
    """There most of it is summed up by day and comes from an index the second time; lines come late and twice."""
    lines, minute = [], 60_000
    for i in range(200_000):
        late = 2 * DAY if i % 50 == 49 else 0
        lines.append(task(i - (i % 1000 == 999), NOW - (200_000 - i) * minute - late, [0.25, 0.5, 0.65, None, 0.9][i % 5], i % 700,
                          f'llm-{i % 7 % 4}', 'direct', i % 3))
    rig = rig_with(world, *lines)
    answers = {by: asked(world, rig, '--by', by) for by in ('llm', 'subnet')}
    for _ in range(2):
        shown = world.once(rig, '--now', str(NOW), '--keys', '],]')['scores']['range']
        assert shown['name'] == 'all'
        for by, answer in answers.items():
            assert answer['total']['records'] == 200_000 - 200
            assert len(shown[f'by_{by}']) == len(answer['groups'])
            for got, want in zip(answer['groups'], shown[f'by_{by}']):
                for key in ('name', 'count', 'mean', 'success_rate', 'tokens', 'share', 'best'):
                    assert got[key] == want[key] or abs(got[key] - want[key]) < 1e-9, (by, key, got, want)


def test_lines_fit_the_terminal_and_80_columns_in_a_pipe(world):
    rig = rig_with(world, *(task(i, NOW - i * HOUR, llm='a-very-long-name-of-an-llm-' * 3, strategy='größe ' * 20, tao_earned=0.01)
                            for i in range(20)))
    for by in ('llm', 'strategy', 'subnet', 'hour', 'day'):
        lines = history(world, rig, '--by', by).stdout.split('\n')
        assert max(map(len, lines)) <= 80 and lines[-3].startswith('─') and lines[-2].startswith('all '), lines
    whole = history(world, rig).stdout
    assert 'a-very-long-name-of-an-llm-' * 2 in whole
    text = history(world, rig, '--ascii', '--by', 'strategy').stdout
    assert text.isascii() and 'all ' in text, text
    with Davy([world.davy, '-C', rig.path, 'history', '--now', str(NOW), '--limit', '5'], size=(90, 30)) as tty:
        assert tty.process.wait(10 * PATIENCE) == 0
        tty.read(0.2)
        rows = [row.rstrip() for row in tty.screen.display]
        assert rows[0].split() == ['time', 'score', 'tokens', 'llm', 'strategy', 'subnet', 'task'], rows
        assert all(row.endswith(f't_{4 - i}') and '…' in row for i, row in enumerate(rows[1:6])), rows


def test_who_closes_the_pipe_hears_nothing_more(world):
    rig = rig_with(world)
    many(rig / 'state/task-history.jsonl', 50 * 1440)
    process = subprocess.Popen([str(world.davy), '-C', str(rig.path), 'history', '-o', 'csv'], env=environment(),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline().startswith(b'at,')
    process.stdout.close()
    assert process.wait(10 * PATIENCE) == 128 + signal.SIGPIPE and process.stderr.read() == b''
    process.stderr.close()


def test_a_full_disk_is_told(world):
    rig = rig_with(world)
    many(rig / 'state/task-history.jsonl', 3 * 1440)
    with open('/dev/full', 'w') as full:
        done = subprocess.run([str(world.davy), '-C', str(rig.path), 'history'], env=environment(), stdout=full,
                              stderr=subprocess.PIPE, timeout=20 * PATIENCE)
    assert done.returncode == 3 and done.stderr == b'davy: cannot write to standard output\n', done


def hole(world):
    """A history that takes long to read and no room on the disk: a hole, as a writer leaves it that was truncated."""
    rig = rig_with(world, task(1, NOW))
    os.truncate(rig / 'state/task-history.jsonl', 40 << 30)
    return rig


def test_interrupts_end_it_at_once(world):
    rig = hole(world)
    for number in (signal.SIGINT, signal.SIGTERM):
        process = subprocess.Popen([str(world.davy), '-C', str(rig.path), 'history', '--by', 'llm'], env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        descriptors = f'/proc/{process.pid}/fd'
        wait_until(lambda: any('task-history' in os.readlink(f'{descriptors}/{fd}') for fd in os.listdir(descriptors)),
                   why='it does not read')
        time.sleep(0.3)
        process.send_signal(number)
        assert process.wait(5 * PATIENCE) == 128 + number
        assert process.stdout.read() == b'' and process.stderr.read() == b'', 'no bar without a terminal'
        process.stdout.close()
        process.stderr.close()


def on_screen(tty):
    tty.read(0.1)
    return '\n'.join(row.rstrip() for row in tty.screen.display).strip()


def test_a_bar_tells_how_far_it_is_and_goes(world):
    rig = hole(world)
    for end in ('interrupt', 'read'):
        with Davy([world.davy, '-C', rig.path, 'history', '--now', str(NOW), '--by', 'llm'], size=(80, 24)) as tty:
            bar = wait_until(lambda: '% [' in on_screen(tty) and on_screen(tty), why='no bar')
            assert 'MB/s, ' in bar and bar.endswith('left') and '\n' not in bar and len(bar) < 80, bar
            if end == 'interrupt':
                tty.send('\x03')
                assert tty.process.wait(5 * PATIENCE) == 130
                wait_until(lambda: on_screen(tty).replace('^C', '') == '', why='the bar stays')
            else:
                os.truncate(rig / 'state/task-history.jsonl', len(task(1, NOW)))
                assert tty.process.wait(5 * PATIENCE) == 0
                shown = on_screen(tty)
                assert '%' in shown and 'left' not in shown and shown.startswith('llm') and 'openai-gpt4' in shown, shown


def test_no_bar_among_rows_and_none_on_a_dumb_terminal(world):
    rig = hole(world)
    for more, term in (((), 'xterm-256color'), (('--by', 'day'), 'dumb')):
        with Davy([world.davy, '-C', rig.path, 'history', *more], size=(80, 24), env=environment(TERM=term)) as tty:
            time.sleep(1.2)
            assert '%' not in on_screen(tty) and tty.process.poll() is None
