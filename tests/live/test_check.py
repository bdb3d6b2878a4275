# SPDX-License-Identifier: GPL-2.0-or-later
"""davy check: exit codes, the heartbeat's state in every dialect, checks and processes of the owner's, and that it ends."""
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import time

from rigs import scored

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / 'data'
STATE = 'memory/heartbeat-state.json'
CALM = '[heartbeat]\ndisk_percent = 100\nmemory_percent = 100\n'        # this machine's disk is not what is tested


def rig_of(world, settings='', name='rig'):
    """A rig without any alert."""
    rig = world.rig(name)
    rig.write('davy.toml', CALM + settings)
    rig.write('state/task-history.jsonl', ''.join(scored(i, 0.75, 40000 - 300 * i) for i in range(60)))
    rig.budgets()
    return rig


def check(world, rig, *words, code=0, seconds=20):
    done = world.run(world.davy, '-C', rig.path, 'check', *words, seconds=seconds)
    assert code is None or done.returncode == code, (words, done)
    return done


def report(world, rig, *words):
    done = check(world, rig, '--json', *words, code=None)
    model = json.loads(done.stdout)
    assert done.returncode == model['exit'], done
    return model


def script(rig, name, body):
    path = rig.write(name, '#!/bin/sh\n' + body)
    path.chmod(0o755)
    return path


def item(model, kind, name=''):
    return next(i for i in model['checks'] if (i['kind'], i['name']) == (kind, name))


def test_a_calm_rig_is_exactly_heartbeat_ok(world):
    done = check(world, rig_of(world))
    assert done.stdout == 'HEARTBEAT_OK\n' and done.stderr == '', done


def test_alerts_are_told_one_a_line_with_1_or_2(world):
    rig = rig_of(world)
    rig.budgets(openai=850000)
    done = check(world, rig, code=1)
    assert re.fullmatch(r'ALERTS:\n  - \[WARN\] OpenAI budget at 85[^\n]*\n', done.stdout), done
    rig.budgets(openai=990000)
    assert '[CRIT] OpenAI budget at 99' in check(world, rig, code=2).stdout


def test_a_rig_of_which_nothing_is_known_is_3_and_nothing_is_made(world):
    rig = world.rig()
    done = check(world, rig, code=3)
    assert 'ALERTS:' in done.stdout and '[UNKN] nothing is known' in done.stdout, done
    assert list(rig.path.iterdir()) == []
    assert check(world, rig, '--explain', 'score_avg', code=3)


def test_wrong_words_are_3_and_one_sentence(world):
    rig = rig_of(world)
    for words in (['x'], ['--brief', '--json'], ['--explain', 'scor_avg'], ['--explain', 'xyzzy'], ['--bief']):
        done = check(world, rig, *words, code=3)
        assert done.stderr.count('\n') == 1 and done.stdout == '', (words, done)
    assert 'did you mean score_avg?' in check(world, rig, '--explain', 'scor_avg', code=3).stderr
    done = world.run(world.davy, '-C', world.folder / 'none', 'check', '--brief')
    assert done.returncode == 3 and done.stdout.startswith('DAVY UNKNOWN: '), done


# ---- the heartbeat's state ----

def test_the_state_is_made_and_kept(world):
    rig = rig_of(world)
    before = int(time.time())
    check(world, rig)
    made = json.loads((rig / STATE).read_text())
    assert made['alertThresholds'] == {'tokens_remaining': 10000000, 'disk_percent': 85, 'bot_downtime_minutes': 15}
    assert before <= made['lastBittensorCheck'] <= time.time() and before <= made['lastChecks']['token_balance'], made
    text, inode = (rig / STATE).read_text(), (rig / STATE).stat().st_ino
    check(world, rig)                           # nothing is due: not a byte, not a new file
    assert (rig / STATE).read_text() == text and (rig / STATE).stat().st_ino == inode
    assert os.listdir(rig / 'memory') == ['heartbeat-state.json']


def without_stamps(state):
    state.pop('lastBittensorCheck', None)
    last = state.get('lastChecks', {})
    for name in ('token_balance', 'bot_monitor'):
        last.pop(name, None)
    if not last:
        state.pop('lastChecks', None)
    return state


def test_every_dialect_keeps_all_that_is_not_ours(world):
    fixtures = sorted(FIXTURES.glob('heartbeat_state_*.json'))
    assert len(fixtures) >= 9
    for path in fixtures:
        rig = rig_of(world, name=path.stem)
        rig.write(STATE, path.read_bytes())
        os.chmod(rig / STATE, 0o640)
        check(world, rig, code=None)
        after = json.loads((rig / STATE).read_text())
        assert stat.S_IMODE((rig / STATE).stat().st_mode) == 0o640
        for name in ('token_balance',):
            at = after['lastChecks'][name]
            assert isinstance(at, (int, str)) and (isinstance(at, str) or abs(at - time.time()) < 60), (path.name, after)
        if path.stat().st_size:
            assert without_stamps(after) == without_stamps(json.loads(path.read_text())), path.name


def test_a_state_that_nobody_understands_is_left_alone_and_does_not_stop_the_check(world):
    rig = rig_of(world)
    for text in ('{"lastChecks": ', '[1, 2]', '{"lastChecks": "yesterday"}', '{"a": 1} {"b": 2}'):
        rig.write(STATE, text)
        done = check(world, rig, code=None)
        assert (rig / STATE).read_text() == text, done
        assert done.stderr.startswith('davy: ') and done.returncode in (0, 1), done


def test_an_iso_time_stays_one_and_milliseconds_become_seconds(world):
    rig = rig_of(world)
    rig.write(STATE, '{"lastChecks": {"token_balance": "2026-01-01T00:00:00Z"}, "lastBittensorCheck": 1703275200000}')
    check(world, rig, code=None)
    after = json.loads((rig / STATE).read_text())
    assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', after['lastChecks']['token_balance']), after
    assert abs(after['lastBittensorCheck'] - time.time()) < 60, after


def test_read_only_and_another_clock_keep_nothing(world):
    rig = rig_of(world)
    for words in (['--read-only'], ['--now', str(int(time.time() * 1000))]):
        check(world, rig, *words)
        assert not (rig / STATE).exists(), words


def test_two_at_the_same_time_leave_a_whole_file(world):
    rig = rig_of(world)
    rig.write(STATE, '{"lastChecks": {}, "mine": 12345678901234567890}')
    many = [subprocess.Popen([world.davy, '-C', rig.path, 'check'], stdout=subprocess.DEVNULL) for _ in range(6)]
    assert all(p.wait(30) == 0 for p in many)
    assert json.loads((rig / STATE).read_text())['mine'] == 12345678901234567890


# ---- day and night ----

def test_at_night_only_what_is_critical_is_told_and_checks_are_rarer(world):
    rig = rig_of(world)
    rig.budgets(openai=850000)
    check(world, rig, code=1)
    assert check(world, rig, '--night-mode').stdout == 'HEARTBEAT_OK\n'
    assert report(world, rig, '--night-mode')['night'] is True
    hour = time.gmtime().tm_hour
    rig.write('davy.toml', CALM + f'active = "{(hour + 12) % 24:02}:00-{(hour + 14) % 24:02}:00"\n')
    assert check(world, rig).stdout == 'HEARTBEAT_OK\n'
    rig.budgets(openai=990000)
    check(world, rig, code=2)
    rig.write(STATE, json.dumps({'lastChecks': {'token_balance': time.time() - 3600}, 'lastBittensorCheck': time.time()}))
    assert report(world, rig, '--read-only')['ran'] == []
    assert report(world, rig_of(world), '--read-only')['ran'] == ['token_balance']


# ---- for monitoring systems ----

PERF = re.compile(r"[^\s='\"]+=(U|-?[\d.e+-]+(%|s|ms|us|B|KB|MB|GB|TB|c)?(;[\d.:~@-]*){0,4})")


def test_brief_is_one_line_of_the_plugins_grammar(world):
    rig = rig_of(world)
    rig.write('config/token-budgets.json', json.dumps({'budgets': {
        "a b'c=|\n": {'monthly_allowance': 1000, 'used_this_month': 900}, 'none': {}}}))
    for where in (rig, rig_of(world, name='calm'), world.rig('empty')):
        done = check(world, where, '--brief', code=None)
        head, perf = done.stdout.rstrip('\n').split('|')
        word = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'][done.returncode]
        assert done.stdout.count('\n') == 1 and head.startswith(f'DAVY {word}: '), done
        assert all(PERF.fullmatch(one) for one in perf.split()), perf
        assert 'disk=' in perf and ('score_24h=U' in perf) == (where.path.name == 'empty'), perf


def test_explain_tells_help_numbers_and_steps_and_the_code_of_that_rule(world):
    rig = rig_of(world)
    assert 'nothing to say now' in check(world, rig, '--explain', 'budget_high').stdout
    rig.budgets(openai=990000)
    text = check(world, rig, '--explain', 'budget_high', code=2).stdout
    assert '[CRIT]' in text and 'to do: ' in text and '99' in text, text
    assert check(world, rig, '--explain', 'score_avg', code=0)
    assert not (rig / STATE).exists()


# ---- checks of the owner's ----

def test_own_checks_answer_as_monitoring_plugins_do(world):
    codes = {'fine': 0, 'warns': 1, 'bad': 2, 'lost': 3, 'odd': 77}
    rig = rig_of(world, ''.join(f'[check.{n}]\nargv = ["bin/{n}", "two words"]\n' for n in codes))
    for name, code in codes.items():
        script(rig, f'bin/{name}', f'echo "{name} says $1 in $(basename "$PWD")|load=1"\necho more\nexit {code}\n')
    model = report(world, rig)
    assert model['exit'] == 2
    for name, state in zip(codes, ('ok', 'warning', 'critical', 'unknown', 'unknown')):
        one = item(model, 'check', name)
        assert one['state'] == state and f'{name} says two words in rig' in one['text'] and 'load' not in one['text'], one
    text = check(world, rig, code=2).stdout
    assert '[CRIT] check bad: bad says two words in rig\n' in text and '[UNKN] check lost:' in text, text


def test_a_check_that_cannot_run_hangs_or_dies_is_noted_and_stops_no_other(world):
    rig = rig_of(world, '[check.hangs]\nargv = ["bin/hangs"]\nlimit_s = 1\n[check.dies]\nargv = ["bin/dies"]\n'
                        '[check.gone]\nargv = ["bin/gone"]\n[check.floods]\nargv = ["bin/floods"]\n[check.fine]\nargv = ["bin/fine"]\n'
                        '[check.leaves]\nargv = ["bin/leaves"]\n')
    script(rig, 'bin/hangs', 'trap "" TERM\nsleep 1000 & sleep 1000\n')
    script(rig, 'bin/dies', 'kill -SEGV $$\n')
    script(rig, 'bin/floods', 'head -c 3000000 /dev/zero | tr "\\\\0" x\nprintf "\\033[31mred"\nexit 0\n')
    script(rig, 'bin/fine', 'printf "\\033[31mfine\\n"\nexit 0\n')
    script(rig, 'bin/leaves', 'sleep 1000 &\necho $! >left\necho ok\n')
    model = report(world, rig)
    states = {n: (item(model, 'check', n)['state'], item(model, 'check', n)['text']) for n in
              ('hangs', 'dies', 'gone', 'floods', 'fine', 'leaves')}
    assert states['hangs'] == ('unknown', 'ended after 1s'), states
    assert states['dies'][0] == 'unknown' and 'signal 11' in states['dies'][1], states
    assert states['gone'][0] == 'unknown', states
    assert states['floods'][0] == 'ok' and len(states['floods'][1]) <= 200, states
    assert states['fine'] == ('ok', 'fine') and states['leaves'] == ('ok', 'ok'), states
    left = int((rig / 'left').read_text())
    for _ in range(100):
        if not os.path.exists(f'/proc/{left}') or 'Z' in pathlib.Path(f'/proc/{left}/stat').read_text().split(')')[1]:
            break
        time.sleep(0.02)
    else:
        raise AssertionError('what a check left behind still runs')


def test_a_check_that_is_not_due_is_not_run_and_its_last_answer_stands(world):
    rig = rig_of(world, '[check.bad]\nargv = ["bin/bad"]\nevery_s = 3600\n')
    script(rig, 'bin/bad', 'echo x >>runs\necho broken\nexit 2\n')
    for _ in range(3):
        assert '[CRIT] check bad: broken\n' in check(world, rig, code=2).stdout
    assert (rig / 'runs').read_text() == 'x\n'
    assert item(report(world, rig), 'check', 'bad')['ran'] is False
    rig.write(STATE, json.dumps({'lastChecks': {'bad': time.time() - 3700}}))
    check(world, rig, code=2)
    assert (rig / 'runs').read_text() == 'x\nx\n'
    assert stat.S_IMODE((rig / 'state/davy/check.json').stat().st_mode) == 0o600


def test_commands_that_others_may_have_written_are_not_run(world):
    rig = rig_of(world, '[check.x]\nargv = ["bin/x"]\n')
    script(rig, 'bin/x', 'touch ran\n')
    os.chmod(rig / 'davy.toml', 0o666)
    done = check(world, rig, code=3)
    assert '[UNKN] check x:' in done.stdout and not (rig / 'ran').exists(), done
    os.chmod(rig / 'davy.toml', 0o644)
    assert 'read-only' in check(world, rig, '--read-only', code=3).stdout and not (rig / 'ran').exists()
    check(world, rig)
    assert (rig / 'ran').exists()


# ---- processes ----

def test_a_process_that_is_down_is_an_alert_after_its_time(world):
    rig = rig_of(world, '[process.bot]\npid_file = "state/bot.pid"\nafter_s = 900\n')
    rig.write('state/bot.pid', '4194000\n')
    assert check(world, rig).stdout == 'HEARTBEAT_OK\n'
    assert 'down for 0s' in item(report(world, rig), 'process', 'bot')['text']
    memory = rig / 'state/davy/check.json'
    known = json.loads(memory.read_text())
    known['processes']['bot'] -= 901000
    memory.write_text(json.dumps(known))
    assert '[CRIT] process bot: process 4194000 of state/bot.pid does not run; down for 15m' in check(world, rig, code=2).stdout
    rig.write('state/bot.pid', f'{os.getpid()}\n')
    check(world, rig)
    assert json.loads(memory.read_text())['processes'] == {}
    for text in ('-1', '0', '1', 'abc', '99999999999', '12 13'):
        rig.write('state/bot.pid', text)
        assert 'expected one process id' in check(world, rig, code=3).stdout, text


def test_a_process_is_found_by_its_command_line_and_not_by_who_names_it(world):
    name = f'bot-{os.getpid()}-{time.time_ns()}.py'
    rig = rig_of(world, f'[process.bot]\nmatch = "{name}"\nafter_s = 1\n')
    script(rig, 'tail', 'exec sleep 1000\n')
    rig.write(name, 'import time\ntime.sleep(1000)\n')
    def look():
        return item(report(world, rig, '--read-only'), 'process', 'bot')['text']
    started = []
    try:
        started.append(subprocess.Popen(['tail', '-f', rig / name], stdout=subprocess.DEVNULL))
        started.append(subprocess.Popen(['sh', '-c', f'read line; : {name}'], stdin=subprocess.PIPE))
        assert 'no process with' in look()
        started.append(subprocess.Popen([sys.executable, rig / name]))
        for _ in range(100):
            if f'process {started[-1].pid} runs' == look():
                break
        else:
            raise AssertionError(look())
    finally:
        for p in started:
            p.kill()
            p.wait()
    assert 'no process with' in look()


# ---- it ends, whatever happens ----

def wait_gone(pid):
    for _ in range(200):
        if not os.path.exists(f'/proc/{pid}') or ') Z' in pathlib.Path(f'/proc/{pid}/stat').read_text():
            return
        time.sleep(0.02)
    raise AssertionError(f'process {pid} of a check still runs')


def test_a_check_that_is_stopped_or_killed_answers_unknown(world):
    rig = rig_of(world, '[check.slow]\nargv = ["bin/slow"]\nlimit_s = 7\n')
    script(rig, 'bin/slow', 'echo $$ >begun\nexec sleep 1000\n')
    p = subprocess.Popen([world.davy, '-C', rig.path, 'check'], stdout=subprocess.PIPE, text=True)
    while not ((rig / 'begun').exists() and (rig / 'begun').read_text()):
        time.sleep(0.02)
    child = int(pathlib.Path(f'/proc/{p.pid}/task/{p.pid}/children').read_text().split()[0])
    os.kill(child, signal.SIGKILL)
    out, _ = p.communicate(timeout=20)
    assert p.returncode == 3 and out == 'ALERTS:\n  - [UNKN] the check itself failed; please report it\n', (p.returncode, out)
    wait_gone(int((rig / 'begun').read_text()))


def test_a_check_that_does_not_come_to_an_end_is_ended(world):
    rig = rig_of(world, '[check.slow]\nargv = ["bin/slow"]\nlimit_s = 7\n')
    script(rig, 'bin/slow', 'echo $$ >begun\nexec sleep 1000\n')
    p = subprocess.Popen([world.davy, '-C', rig.path, 'check', '--brief'], stdout=subprocess.PIPE, text=True)
    while not ((rig / 'begun').exists() and (rig / 'begun').read_text()):
        time.sleep(0.02)
    child = int(pathlib.Path(f'/proc/{p.pid}/task/{p.pid}/children').read_text().split()[0])
    os.kill(child, signal.SIGSTOP)
    out, _ = p.communicate(timeout=40)
    assert p.returncode == 3 and out == 'DAVY UNKNOWN: the check took longer than 9.5 s and was ended\n', (p.returncode, out)
    wait_gone(int((rig / 'begun').read_text()))
