# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-watch, davy-notify and their peer: who is told what, through every fault and every kill; reports by the calendar; what
systemd and Prometheus see. Names say which promise of the README a test keeps."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

from pty_davy import PATIENCE, environment
from rigs import scored

SECRET = 'AAcanaryCANARYcanaryCANARYcanary_-0'
TOKEN = '123456789:' + SECRET
CALM = '[heartbeat]\ndisk_percent = 100\nmemory_percent = 100\n'
QUICK = '[rule.budget_high]\nfor_s = 0\nclear_for_s = 0\n'


def until(what, true, seconds=20):
    end = time.monotonic() + seconds * PATIENCE
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < end, f'never: {what}'
        time.sleep(0.05)


class Chat:
    """davy-sim telegram while the block runs."""

    def __init__(self, world, *options):
        self.record = world.folder / f'chat-{time.monotonic_ns()}.jsonl'
        self.process = subprocess.Popen([str(world.sim), 'telegram', '--record', str(self.record), '--seconds', '80', *options],
                                        stdout=subprocess.PIPE, text=True, env=environment())
        self.port = int(self.process.stdout.readline().split()[1])
        self.token = world.folder / 'token'
        self.token.write_text(TOKEN + '\n')
        self.token.chmod(0o600)

    def all(self):
        return [json.loads(line) for line in self.record.read_text().splitlines()] if self.record.exists() else []

    def noises(self):
        return [m for m in self.all() if m['method'] == 'sendMessage' and m['delivered']]

    def settings(self, more=''):
        return (f'[notify]\nchat = "-42"\napi = "http://127.0.0.1:{self.port}"\ntoken_file = "{self.token}"\n{more}')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(10) == 0
        self.process.stdout.close()


class Watch:
    """davy-watch on a rig while the block runs."""

    def __init__(self, world, rig, env=None):
        self.said = world.folder / f'said-{time.monotonic_ns()}'
        self.rig = rig
        self.process = subprocess.Popen([str(world.build / 'davy-watch'), '-C', str(rig.path)], stdin=subprocess.DEVNULL,
                                        stdout=open(str(self.said) + '.out', 'w'), stderr=open(self.said, 'w'),
                                        env={**environment(), **(env or {})})

    def state(self):
        with contextlib.suppress(OSError, ValueError):
            state = json.loads((self.rig / 'state/davy/watch.json').read_text())
            return state if state['pid'] == self.process.pid else None

    def log(self):
        return self.said.read_text()

    def __enter__(self):
        until(f'it watches: {self.log()}', self.state)
        return self

    def __exit__(self, kind, *_):
        if self.process.poll() is None:
            self.process.terminate()
        if kind is not None:
            print(self.log())
        code = self.process.wait(15 * PATIENCE)
        assert code in (0, -signal.SIGKILL), (code, self.log())
        assert pathlib.Path(str(self.said) + '.out').read_text() == '', 'it says something on standard output'


def rig_of(world, settings, name='rig'):
    rig = world.rig(name)
    rig.write('davy.toml', CALM + QUICK + '[watch]\nevery_s = 1\n' + settings)
    rig.write('state/task-history.jsonl', ''.join(scored(i, 0.75, 40000 - 300 * i) for i in range(60)))
    rig.budgets()
    return rig


# ---- who is told what ----

def test_one_message_an_alert_edited_while_somebody_looks_after_it_and_a_reply_when_it_is_over(world):
    with Chat(world) as chat:
        rig = rig_of(world, chat.settings())
        with Watch(world, rig) as watch:
            assert world.once(rig)['watcher']['state'] in ('runs', 'RUNS', 'ok') if 'watcher' in world.once(rig) else True
            rig.budgets(openai=990000)
            first = until('it is told', chat.noises)[0]
            assert first['text'].startswith('CRIT rig: OpenAI budget at 99'), first
            assert '\n#1 budget_high/openai-gpt4' in first['text'] and '\ndo: ' in first['text'], first
            done = world.run(world.davy, '-C', rig.path, 'alerts', 'ack', '1', '--why', 'more is bought')
            assert done.returncode == 0, done
            edit = until('it is edited', lambda: [m for m in chat.all() if m['method'] == 'editMessageText'])[0]
            assert edit['message'] == first['message'] and 'looks after it until' in edit['text'], edit
            rig.budgets(openai=100000)
            over = until('it is over', lambda: chat.noises()[1:])[0]
            assert over['reply_to'] == first['message'] and over['text'].startswith('OK rig: it is over'), over
            until('nothing waits', lambda: watch.state()['notify']['waiting'] == 0)
            assert len(chat.noises()) == 2, chat.all()
            assert re.search(r'level=warning event=fired rule=budget_high subject=openai-gpt4 severity=critical', watch.log())


def test_check_notify_and_the_test_message_send_without_a_watcher_and_leave_it_to_one(world):
    with Chat(world, '--faults', 'ok,ok,401') as chat:
        rig = rig_of(world, chat.settings())
        check = [world.davy, '-C', rig.path, 'check', '--notify']
        done = world.run(world.davy, '-C', rig.path, 'alerts', 'test-message')
        assert done.returncode == 0 and done.stdout == 'sent\n', done
        rig.budgets(openai=990000)
        until('it is told', lambda: world.run(*check).returncode == 2 and len(chat.noises()) > 1)
        assert 'CRIT rig' in chat.noises()[1]['text']
        done = world.run(world.davy, '-C', rig.path, 'alerts', 'test-message')
        assert done.returncode == 3 and 'Unauthorized' in done.stderr, done
        with Watch(world, rig):
            done = world.run(world.davy, '-C', rig.path, 'alerts', 'test-message')
            assert done.returncode == 0 and 'davy-watch runs here' in done.stdout, done
            until('the watcher sends it', lambda: sum('TEST' in m['text'] for m in chat.noises()) == 2)
        rig.write('davy.toml', CALM)
        done = world.run(*check)
        assert 'notify.chat' in done.stderr and done.returncode == 2, done


def test_a_command_is_told_by_json_and_not_when_others_may_write_davy_toml(world):
    got = world.folder / 'got'
    rig = rig_of(world, f'[notify]\ncommand = ["./page", "{got}"]\n')
    rig.write('page', '#!/bin/sh\nenv >"$1.env"\ncat >>"$1"\n').chmod(0o755)
    done = world.run(world.davy, '-C', rig.path, 'alerts', 'test-message', env={**environment(), 'DAVY_TELEGRAM_TOKEN': TOKEN})
    assert done.returncode == 0, done
    message = json.loads(got.read_text())
    assert message['kind'] == 'test' and message['rig'] == 'rig' and 'TEST rig' in message['text'], message
    assert SECRET not in pathlib.Path(str(got) + '.env').read_text()
    (rig / 'davy.toml').chmod(0o666)
    done = world.run(world.davy, '-C', rig.path, 'alerts', 'test-message')
    assert done.returncode == 3 and 'notify.command is not run' in done.stderr, done


# ---- the channel's faults ----

def notify(world, chat, text='hello', seconds=20, env=None, limit_ms=1500, **more):
    channel = {'kind': 'telegram', 'chat': -42, 'api': f'http://127.0.0.1:{chat.port}', 'token_file': str(chat.token)}
    asked = json.dumps({'limit_ms': limit_ms, 'channel': channel, 'message': {'text': text, **more}})
    return subprocess.run([str(world.build / 'davy-notify')], input=asked, capture_output=True, text=True,
                          timeout=seconds * PATIENCE, env=env or environment())


def test_each_answer_of_telegram_is_taken_for_what_it_is(world):
    expected = {'ok': ('arrived', 0), '429': ('later', 1), '500': ('unsure', 2), 'cut': ('unsure', 2), 'drop': ('unsure', 2),
                'html': ('later', 1), '400': ('refused', 1), '401': ('refused', 1), 'slow': ('unsure', 2), 'big': ('unsure', 2)}
    with Chat(world, '--faults', ','.join(expected), '--retry-after', '37', '--slow-ms', '4000') as chat:
        for fault, (end, code) in expected.items():
            done = notify(world, chat, text=f'about {fault}')
            answer = json.loads(done.stdout)
            assert (answer['end'], done.returncode) == (end, code), (fault, done)
            assert done.stdout.count('\n') == 1 and (answer['wait_ms'] == 37000) == (fault == '429'), (fault, done)
        known = json.loads(notify(world, chat, text='new').stdout)['message']
        assert json.loads(notify(world, chat, text='newer', edit=known).stdout) == {
            'end': 'arrived', 'message': known, 'wait_ms': 0, 'error': None}
        assert json.loads(notify(world, chat, text='newer', edit=known).stdout)['end'] == 'arrived'    # not modified
        assert json.loads(notify(world, chat, text='x', edit='999').stdout)['end'] == 'gone'
        long = json.loads(notify(world, chat, text='\U0001f600' * 4000).stdout)
        assert long['end'] == 'arrived', long
        assert len(chat.all()[-1]['text'].encode('utf-16-le')) // 2 <= 4096
        hostile = 'a\x1b]52;c;eA==\x07b\u202ec\x9bd\r\x00e\nf\u200b'
        assert json.loads(notify(world, chat, text=hostile).stdout)['end'] == 'arrived'
        sent = chat.all()[-1]['text']
        assert not re.search('[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]', sent), repr(sent)           # R17, of what is sent
        chat.token.chmod(0o644)
        assert 'chmod 600' in json.loads(notify(world, chat).stdout)['error']
    refused = json.loads(notify(world, chat).stdout)
    chat.token.chmod(0o600)
    gone = json.loads(notify(world, chat).stdout)
    assert refused['end'] == 'refused' and gone['end'] == 'later', (refused, gone)


def test_what_is_no_message_is_a_sentence_and_3(world):
    for asked in ('', 'x', '[]', '{}', '{"message":{"text":"x"}}', '{"message":{"text":""},"channel":{"kind":"exec","argv":["true"]}}',
                  '{"message":{"text":"x","edit":"1; rm"},"channel":{"kind":"telegram","chat":1}}',
                  '{"message":{"text":"x"},"channel":{"kind":"exec","argv":[]}}', '{"message":{"text":"' + 'x' * 60000 + '"}}'):
        done = subprocess.run([str(world.build / 'davy-notify')], input=asked, capture_output=True, text=True, timeout=20)
        assert done.returncode == 3 and done.stdout == '' and done.stderr.count('\n') == 1, (asked[:60], done)


# ---- R9, R12, R18 ----

def test_R9_killed_again_and_again_nothing_is_lost_and_what_is_told_twice_says_so(world):
    with Chat(world, '--faults', 'ok,cut,ok,ok,cut') as chat:
        rig = rig_of(world, chat.settings())

        def budgets(high):
            rig.replace('config/token-budgets.json', json.dumps({
                'budgets': {f'api{i}': {'monthly_allowance': 1000, 'used_this_month': 990 if i < high else 100} for i in range(5)},
                'tracking': {'last_reset': time.strftime('%Y-%m-01', time.gmtime()), 'reset_day_of_month': 1}}))

        budgets(0)
        for turn in range(5):
            watch = Watch(world, rig)
            until('it evaluates', watch.state)
            budgets(turn + 1)
            time.sleep([0.02, 1.1, 5.2, 0.3, 0.05][turn] * min(PATIENCE, 2))
            watch.process.kill()
            watch.process.wait()
        with Watch(world, rig) as watch:
            until('all are told', lambda: all(any(f'api{i} budget' in m['text'] for m in chat.noises()) for i in range(5)), 40)
        history = json.loads(world.run(world.davy, '-C', rig.path, 'alerts', 'history', '-o', 'json').stdout)
        fired = sorted(e['subject'] for e in history['events'] if e['event'] == 'fired' and e['rule'] == 'budget_high')
        assert fired == [f'api{i}' for i in range(5)], history
        texts = [m['text'] for m in chat.noises()]
        bare = [re.sub(r'\n\(may be a repeat\)|\nsince [^\n]*', '', t) for t in texts]
        for i, text in enumerate(bare):
            assert text not in bare[:i] or 'may be a repeat' in texts[i], texts


def test_R12_systemd_hears_of_every_evaluation_and_of_none_when_it_hangs(world):
    rig = rig_of(world, '')
    name = str(world.folder / 'notify')
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listen:
        listen.bind(name)
        listen.settimeout(10 * PATIENCE)
        with Watch(world, rig, {'NOTIFY_SOCKET': name, 'WATCHDOG_USEC': '30000000'}) as watch:
            heard = {listen.recv(200).decode() for _ in range(4)}
            assert {'READY=1', 'WATCHDOG=1'} <= heard, heard
            os.kill(watch.process.pid, signal.SIGHUP)
            until('it was told to reload', lambda: listen.recv(200) == b'RELOADING=1')
            os.kill(watch.process.pid, signal.SIGSTOP)
            listen.settimeout(2.5)
            with contextlib.suppress(TimeoutError):
                while True:
                    listen.recv(200)        # what was said before
            path = rig / 'state/davy/watch.json'
            state = json.loads(path.read_text())
            state['beat'] -= 61000          # as it looks a minute later
            path.write_text(json.dumps(state))
            assert 'davy-watch hangs' in world.run(world.davy, '-C', rig.path, '--once', '--size', '160x50').stdout
            os.kill(watch.process.pid, signal.SIGCONT)
            watch.process.terminate()
            listen.settimeout(10 * PATIENCE)
            until('it says good-bye', lambda: listen.recv(200) == b'STOPPING=1')
    assert 'davy-watch is gone' in world.run(world.davy, '-C', rig.path, '--once', '--size', '160x50').stdout


def test_R18_the_token_is_nowhere_but_where_it_belongs(world):
    faults = 'ok,cut,500,429,400,401,html,drop,ok,ok,ok'
    with Chat(world, '--faults', faults, '--retry-after', '1') as chat:
        leak = world.folder / 'leak'
        more = f'command = ["./page", "{leak}"]\n'
        rig = rig_of(world, chat.settings(more).replace(f'token_file = "{chat.token}"\n', '') +
                     f'[check.spy]\nargv = ["./page", "{leak}"]\n')
        rig.write('page', '#!/bin/sh\n{ env; tr "\\0" " " </proc/$PPID/cmdline; } >>"$1"\n').chmod(0o755)
        env = {**environment(), 'DAVY_TELEGRAM_TOKEN': TOKEN}
        outputs = ''
        with Watch(world, rig, env) as watch:
            rig.budgets(openai=990000)
            until(f'it is told: {watch.log()}', chat.noises)
            for pid in filter(str.isdigit, os.listdir('/proc')):
                with contextlib.suppress(OSError):
                    outputs += pathlib.Path(f'/proc/{pid}/cmdline').read_text(errors='replace')
            for _ in range(9):
                done = notify(world, chat, env=env)
                outputs += done.stdout + done.stderr
            for words in (['doctor'], ['check', '--json'], ['alerts', 'list'], ['--once', '-o', 'json'], ['config', '--check']):
                done = world.run(world.davy, '-C', rig.path, *words, env=env)
                outputs += done.stdout + done.stderr
        chat.token.unlink()
        outputs += subprocess.run([str(world.build / 'davy-notify'), TOKEN], capture_output=True, text=True).stderr
        assert leak.exists()
        assert SECRET not in outputs.replace(TOKEN, '', 0)
        for path in world.folder.rglob('*'):
            if path.is_file() and not path.is_socket():
                assert SECRET.encode() not in path.read_bytes(), path
        assert watch.log() != ''


# ---- R3, R4, R7, R13, R17, R21 ----

def test_R3_a_change_is_evaluated_when_it_happens_and_not_when_the_interval_is_over(world):
    rig = rig_of(world, '')
    rig.write('davy.toml', (rig / 'davy.toml').read_text().replace('every_s = 1', 'every_s = 30'))
    with Watch(world, rig) as watch:
        time.sleep(1)                       # what the start wanted is done
        before = watch.state()['beat']
        rig.budgets(openai=990000)
        until('it fires', lambda: 'event=fired rule=budget_high' in watch.log(), 15)
        assert watch.state()['beat'] < before + 29000


def test_R4_half_a_document_fires_nothing_and_clears_nothing(world):
    rig = rig_of(world, '')
    good = (rig / 'config/token-budgets.json').read_text()
    with Watch(world, rig) as watch:
        end, written = time.monotonic() + 2, 0
        while time.monotonic() < end:
            with open(rig / 'config/token-budgets.json', 'r+') as f:
                f.truncate(0)
                f.write(good[:len(good) // 2].replace('450000', '999999'))
                f.flush()
                f.write(good[len(good) // 2:])
                f.flush()
                f.seek(0)
                f.write(good)
            written += 1
        until('it goes on', lambda: watch.state()['evaluations'] > 3)
        assert written > 100 and 'budget_high' not in watch.log(), watch.log()


def test_R7_no_data_clears_nothing_and_is_told(world):
    rig = rig_of(world, '')
    rig.budgets(openai=990000)
    with Watch(world, rig) as watch:
        until('it fires', lambda: 'event=fired rule=budget_high' in watch.log())
        for broken in ('', '{', '[]', '{"budgets": NaN}', '{"budgets": {"openai-gpt4": {"used_this_month": "x"}}}'):
            rig.replace('config/token-budgets.json', broken)
            seen = watch.state()['evaluations']
            until('it looked', lambda: watch.state()['evaluations'] > seen + 1)
        (rig / 'config/token-budgets.json').unlink()
        until('it is not known', lambda: 'event=unknown rule=budget_high' in watch.log())
        assert 'event=cleared rule=budget_high' not in watch.log(), watch.log()


def test_R13_whatever_is_asked_the_exit_code_is_0_to_3_and_the_line_is_one(world):
    rig = rig_of(world, '')
    rig.budgets(openai=990000)
    words = ['--brief', '--json', '--explain', 'budget_high', '--night-mode', '--notify', '|', 'a=1;2', '\x1b[31m', '--', '-b', '', '--now', '5']
    for n in range(120):
        asked = ['check'] + [words[(n * k + k * k + n // 3) % len(words)] for k in range(1, 1 + n % 4)]
        done = world.run(world.davy, '-C', rig.path, *asked)
        assert done.returncode in (0, 1, 2, 3), (asked, done)
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f\x9b]', done.stdout + done.stderr), (asked, done)
        if '--brief' in asked and done.returncode != 3:
            assert done.stdout.count('\n') == 1 and len(done.stdout) <= 1024 and done.stdout.count('|') <= 1, (asked, done)


def test_R17_names_from_files_drive_neither_log_nor_chat(world):
    with Chat(world) as chat:
        rig = rig_of(world, chat.settings())
        name = 'a\x1b]0;x\x07\u202eb\u200b\n\x9bc" x=1'
        rig.write('config/token-budgets.json', json.dumps({
            'budgets': {name: {'monthly_allowance': 1000, 'used_this_month': 990}},
            'tracking': {'last_reset': time.strftime('%Y-%m-01', time.gmtime()), 'reset_day_of_month': 1}}))
        with Watch(world, rig) as watch:
            text = until('it is told', chat.noises)[0]['text']
            metrics = world.run(world.davy, '-C', rig.path, 'export', 'prometheus').stdout
            log = watch.log()
        bad = '[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e]'
        assert not re.search(bad, text) and not re.search(bad, log) and not re.search(bad, metrics), (text, log)
        assert 'event=fired' in log and '\nc' not in log


def test_R21_links_fifos_and_folders_in_place_of_its_files_are_neither_read_nor_written(world):
    target = world.folder / 'target'
    target.write_text('mine\n')
    makes = {'link': lambda p: p.symlink_to(target), 'hard link': lambda p: os.link(target, p), 'fifo': os.mkfifo,
             'folder': lambda p: p.mkdir()}
    tried = 0
    names = ('alerts.jsonl', 'alerts.lock', 'watch.lock', 'watch.json', 'uptime.json')
    for name in names:
        for kind, make in makes.items():
            rig = rig_of(world, '', f'rig-{tried}')
            (rig / 'state/davy').mkdir(parents=True, mode=0o700)
            make(rig / 'state/davy' / name)
            done = subprocess.Popen([str(world.build / 'davy-watch'), '-C', str(rig.path)], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment())
            with contextlib.suppress(subprocess.TimeoutExpired):
                done.wait(0.25)
            done.terminate()
            said = done.communicate(timeout=20)[1].decode()
            assert done.returncode in (0, 3, -signal.SIGTERM) and said.count('\n') >= 1, (name, kind, done.returncode, said)
            assert target.read_text() == 'mine\n' and target.stat().st_mode & 0o777 == 0o644 & ~0o022 | 0o044, (name, kind)
            tried += 1
    rig = rig_of(world, '', 'rig-last')
    (rig / 'state/davy').symlink_to(world.folder)
    done = world.run(world.build / 'davy-watch', '-C', rig.path)
    assert done.returncode == 3 and not (world.folder / 'alerts.jsonl').exists(), done
    once = {'check': ('check.json', 'audit.jsonl', *names), 'alerts list': names}
    for words, files in once.items():       # programs that end by themselves: the same layouts, and links to nothing
        for name in files:
            for kind, make in {**makes, 'dangling': lambda p: p.symlink_to(world.folder / 'nothing')}.items():
                rig = rig_of(world, '[check.own]\nargv = ["/bin/true"]\n', f'rig-{tried}')
                (rig / 'state/davy').mkdir(parents=True, mode=0o700)
                make(rig / 'state/davy' / name)
                done = world.run(world.davy, '-C', rig.path, *words.split())
                assert done.returncode in (0, 1, 2, 3), (words, name, kind, done)
                assert target.read_text() == 'mine\n' and not (world.folder / 'nothing').exists(), (words, name, kind)
                tried += 1
    assert tried == 80, tried


# ---- the calendar ----

def zone(minutes_later=0):
    """A TZ in which it is 02:30 now, or later on that date."""
    now = time.gmtime()
    east = -((now.tm_hour * 60 + now.tm_min - 150) % 1440) + minutes_later
    return f'<TST>{"-" if east >= 0 else "+"}{abs(east) // 60:02}:{abs(east) % 60:02}'


def test_reports_go_out_once_a_date_old_logs_go_and_the_budgets_begin_anew(world):
    with Chat(world) as chat:
        rig = rig_of(world, 'daily = "03:00"\nweekly = "off"\nmonthly_reset = true\n' + chat.settings())
        for name, days in (('miner.log', 30), ('miner.log.1', 8), ('miner.log.2.gz', 7.5), ('miner.log.3', 6.5), ('other', 30)):
            path = rig.write('logs/' + name, 'x\n')
            os.utime(path, (time.time() - days * 86400,) * 2)
        (rig / 'logs/link.log.1').symlink_to(rig / 'logs/other')
        os.utime(rig / 'logs/link.log.1', (0, 0), follow_symlinks=False)
        with Watch(world, rig, {'TZ': zone()}) as watch:
            until('it looked', lambda: watch.state()['evaluations'] > 1)
            until('a heartbeat', lambda: 'event=ran run=heartbeat' in watch.log())
        assert chat.noises() == [] and (rig / 'logs/miner.log.1').exists()
        for turn in range(2):
            with Watch(world, rig, {'TZ': zone(40)}) as watch:
                until('it looked', lambda: watch.state()['evaluations'] > 2)
                until('the report', chat.noises)
                until('the logs', lambda: not (rig / 'logs/miner.log.1').exists())
                assert watch.state()['next']['daily'] > time.time() * 1000
        reports = [m['text'] for m in chat.noises() if 'Daily Report' in m['text']]
        assert len(reports) == 1, chat.all()
        assert sorted(os.listdir(rig / 'logs')) == ['link.log.1', 'miner.log', 'miner.log.3', 'other']
        memory = json.loads((rig / 'memory/heartbeat-state.json').read_text())
        assert time.time() - memory['lastBittensorCheck'] < 120, memory
        text = (rig / 'config/token-budgets.json').read_text()
        rig.write('config/token-budgets.json', re.sub(r'"last_reset": "[^"]*"', '"last_reset": "2026-01-01"', text))
        with Watch(world, rig, {'TZ': zone(40)}) as watch:
            until('the budgets', lambda: '"used_this_month": 0' in (rig / 'config/token-budgets.json').read_text())
            until('that was told', lambda: 'run=monthly' in watch.log() and len(chat.noises()) > 1)


# ---- the program ----

def test_there_is_one_it_ends_when_told_and_reads_its_settings_again(world):
    rig = rig_of(world, '')
    with Watch(world, rig) as watch:
        second = world.run(world.build / 'davy-watch', '-C', rig.path)
        assert second.returncode == 3 and 'at work in' in second.stderr and second.stdout == '', second
        rig.write('davy.toml', (rig / 'davy.toml').read_text() + '[rig]\nname = "other"\n')
        os.kill(watch.process.pid, signal.SIGHUP)
        until('it reads again', lambda: 'event=reloaded' in watch.log())
        watch.process.terminate()
        assert watch.process.wait(10) == 0
        assert 'event=stopping signal=Terminated' in watch.log() and 'event=stopped' in watch.log()
    for words in (['x'], ['--nope'], ['-C', world.folder / 'none']):
        done = world.run(world.build / 'davy-watch', *words)
        assert done.returncode == 3 and done.stderr.count('\n') == 1, done
    for program in ('davy-watch', 'davy-notify'):
        text = world.run(world.build / program, '--help').stdout
        assert text and all(len(line) <= 80 for line in text.splitlines()), text
        manual = world.run(world.build / program, 'manual').stdout
        assert manual.startswith('.TH DAVY') and 'SEE ALSO' in manual


def test_a_disk_that_cannot_be_written_is_told_and_does_not_end_it(world):
    rig = rig_of(world, '')
    with Watch(world, rig) as watch:
        def in_its_place():
            with contextlib.suppress(OSError):          # it makes its folder anew at any moment
                os.rename(rig / 'state/davy', world.folder / f'old-{time.monotonic_ns()}')
                open(rig / 'state/davy', 'x').close()
                return True

        until('a file is in the place of its folder', in_its_place)
        rig.budgets(openai=990000)
        until('it says so', lambda: 'event=not_saved' in watch.log())
        assert watch.log().count('event=not_saved') == 1
        (rig / 'state/davy').unlink()
        until('it is well again', lambda: 'event=saved_again' in watch.log())


def test_the_unit_is_hardened_as_systemd_sees_it(world):
    unit = (world.build / 'davy-watch.service').read_text()
    for word in ('Type=notify', 'WatchdogSec=30', 'LoadCredential=telegram.token', 'NoNewPrivileges=yes', 'LimitCORE=0',
                 'CapabilityBoundingSet=\n', 'MemoryDenyWriteExecute=yes', 'ProtectSystem=strict'):
        assert word in unit, word
    if shutil.which('systemd-analyze'):
        text = re.sub(r'ExecStart=\S+', 'ExecStart=/bin/true', unit)
        path = world.folder / 'davy-watch.service'
        path.write_text(text)
        done = world.run('systemd-analyze', 'security', '--offline=true', '--threshold=20', path)
        assert done.returncode == 0, done.stdout[-2000:]


# ---- Prometheus ----

def test_prometheus_reads_it_by_the_textfile_collector_of_node_exporter(world):
    folder = world.folder / 'textfile'
    folder.mkdir()
    rig = rig_of(world, f'metrics = "{folder}/davy.prom"\n')

    def free_port():
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            return s.getsockname()[1]

    def get(port, path):
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f'http://127.0.0.1:{port}{path}', timeout=5).read().decode()

    ports = free_port(), free_port()
    (world.folder / 'prometheus.yml').write_text(
        f'global:\n  scrape_interval: 300ms\nscrape_configs:\n- job_name: node\n  scrape_timeout: 300ms\n  static_configs:\n'
        f'  - targets: ["127.0.0.1:{ports[0]}"]\n')
    servers = []
    try:
        servers.append(subprocess.Popen(
            ['prometheus-node-exporter', '--collector.disable-defaults', '--collector.textfile',
             f'--collector.textfile.directory={folder}', f'--web.listen-address=127.0.0.1:{ports[0]}'],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        servers.append(subprocess.Popen(
            ['prometheus', f'--config.file={world.folder}/prometheus.yml', f'--storage.tsdb.path={world.folder}/tsdb',
             f'--web.listen-address=127.0.0.1:{ports[1]}'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        with Watch(world, rig) as watch:
            until('the file', (folder / 'davy.prom').exists)
            checked = subprocess.run(['promtool', 'check', 'metrics'], input=(folder / 'davy.prom').read_text(), text=True,
                                     capture_output=True)
            assert checked.returncode == 0 and checked.stdout + checked.stderr == '', checked
            text = until('the exporter has it', lambda: (get(ports[0], '/metrics') or '') if 'davy_watch_evaluations_total' in
                         (get(ports[0], '/metrics') or '') else None)
            assert 'node_textfile_scrape_error 0' in text and 'davy_info{' in text, text[:2000]
            seen = until('prometheus has it', lambda: json.loads(
                get(ports[1], '/api/v1/query?query=davy_watch_evaluations_total') or '{"data":{"result":[]}}')['data']['result'])
            first = float(seen[0]['value'][1])
            until('it goes on', lambda: float(json.loads(get(ports[1], '/api/v1/query?query=davy_watch_evaluations_total'))
                                              ['data']['result'][0]['value'][1]) > first)
            assert watch.process.poll() is None
    finally:
        for server in servers:
            server.kill()
            server.wait()
