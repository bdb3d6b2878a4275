# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-node run against a coordinator made by hand: the protocol, crashes at every point, cancel, drain, keys."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import time

from fake_coordinator import Coordinator, assignment, noop
from pty_davy import PATIENCE

SETTINGS = 'heartbeat_s = 0.2\npoll_s = 0.03\nretry_s = 0.1\nprobe_s = 5\nnoop = true\ndrain_s = 3\n'


def until(what, limit_s=10.0, why=''):
    end = time.monotonic() + limit_s * PATIENCE
    while not what():
        assert time.monotonic() < end, f'waited too long for {why or "it"}'
        time.sleep(0.02)


class Node:
    def __init__(self, world, coordinator, more='', key='a-secret-key'):
        self.world, self.rig = world, world.rig('node')
        self.rig.write('davy.toml', f'[node]\nurl = "{coordinator.url}"\nid = "n1"\nkey_file = "key"\n{SETTINGS}{more}')
        self.rig.write('key', key + '\n')
        os.chmod(self.rig / 'key', 0o600)
        self.process = None

    def start(self, **env):
        self.process = subprocess.Popen([self.world.build / 'davy-node', 'run', '-C', self.rig.path], env={**os.environ, **env},
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return self

    def say(self, *argv):
        return self.world.run(self.world.build / 'davy-node', *argv, '-C', self.rig.path)

    def status(self):
        """None: it does not listen yet."""
        done = self.say('status', '-o', 'json')
        assert done.returncode == 0 or (done.returncode == 2 and self.process.poll() is None), done
        return json.loads(done.stdout) if done.returncode == 0 else {'state': None, 'problems': [], 'jobs': [], 'queue': {}}

    def ended(self):
        code = self.process.wait(20 * PATIENCE)
        text = self.process.stdout.read().decode()
        self.process.stdout.close()
        assert 'Sanitizer' not in text and 'runtime error' not in text, text
        return code, text

    def kill(self):
        self.process.kill()
        return self.ended()

    def stop(self):
        self.process.terminate()
        code, text = self.ended()
        assert code == 0, (code, text)
        return text

    def events(self):
        return [json.loads(line) for line in (self.rig / 'logs/node.jsonl').read_text().splitlines()]


@contextlib.contextmanager
def pair(world, more='', start=True, **env):
    with Coordinator() as c:
        n = Node(world, c, more)
        if start:
            n.start(**env)
        try:
            yield c, n
        finally:
            if n.process and n.process.poll() is None:
                n.process.kill()
                n.process.wait()


def test_it_registers_works_reports_and_says_goodbye(world):
    with pair(world) as (c, n):
        c.jobs = [noop(f'{i:032x}') for i in range(8)] + [assignment('strange', type='what'), assignment('../../etc', runner='noop')]
        until(lambda: len(c.book) == 9, why='nine reports')
        assert all(len(said) == 1 for said in c.book.values()), c.book
        call, path, headers, body = c.calls[0]
        assert (call, path, headers['X-Api-Key'], headers['X-Miner-ID']) == ('register', '/v1/miners/register', 'a-secret-key', 'n1')
        assert body['concurrency'] == 3 and body['capabilities']['price'] == 0.02 and body['capabilities']['gpus'] == []
        assert c.book['strange'] == [('fail', {'error_code': 'E_UNSUPPORTED', 'error_message':
                                               'this node has no runner for such a job', 'metrics': {}})]
        kind, body = c.book[f'{0:032x}'][0]
        assert kind == 'result' and body['metrics']['unit_price'] == 0.02 and 'price' not in body['metrics'], body
        until(lambda: n.status()['queue'].get('outbox') == 0)
        assert n.status()['state'] == 'ONLINE'
        assert not (n.rig.path.parent / 'etc').exists() and sorted(os.listdir(n.rig / 'state/node/outbox')) == []
        n.stop()
        last = c.bodies('heartbeat')[-1]
        assert last['status'] == 'OFFLINE' and last['inflight'] == 0, last
        state = json.loads((n.rig / 'state/node-status.json').read_text())
        assert state['state'] == 'STOPPED' and len(state['recent']) == 9, state
        assert 'a-secret-key' not in (n.rig / 'logs/node.jsonl').read_text() + json.dumps(state)


POINTS = ('after_manifest', 'after_ack', 'after_prep', 'before_run', 'mid_run', 'after_run', 'after_result', 'after_collect',
          'after_outbox', 'after_post', 'before_close')


def died_at(point):
    def test(world):
        with pair(world, start=False) as (c, n):
            c.jobs = [noop('job-1')]
            n.start(DAVY_NODE_DIES_AT=point)
            assert n.ended()[0] == -signal.SIGKILL, point
            before = len(c.book.get('job-1', []))
            assert before == (1 if point in ('after_post', 'before_close') else 0), (point, c.book)
            n.start()
            if point != 'before_close':
                until(lambda: len(c.book.get('job-1', [])) == before + 1, why=f'the report after {point}')
            until(lambda: n.status()['state'] == 'ONLINE' and not n.status()['jobs'])
            n.stop()
            assert {kind for kind, _ in c.book['job-1']} == {'result'}, (point, c.book)
            assert os.listdir(n.rig / 'state/node/outbox') == []
            state = json.loads((n.rig / 'state/node/jobs/job-1/state.json').read_text())
            assert state['state'] == 'DONE', state
            if point == 'after_post':       # it was sent twice, as one
                keys = {call[2]['Idempotency-Key'] for call in c.calls if call[0] == 'result'}
                assert keys == {'job-1.1'}, keys
    return test


def cases():
    for point in POINTS:
        yield f'no job is lost when the node dies {point.replace("_", " ")}', died_at(point)


def test_a_job_that_takes_the_node_down_three_times_is_given_up(world):
    with pair(world, start=False) as (c, n):
        c.jobs = [noop('bad')]
        for _ in range(3):
            n.start(DAVY_NODE_DIES_AT='mid_run')
            assert n.ended()[0] == -signal.SIGKILL
        n.start(DAVY_NODE_DIES_AT='mid_run')
        until(lambda: 'bad' in c.book)
        assert c.book['bad'][0][1]['error_code'] == 'E_CRASHLOOP', c.book
        n.stop()


def test_results_wait_until_the_coordinator_takes_them(world):
    with pair(world) as (c, n):
        until(lambda: c.registered)
        c.answer[('result', 1)] = (500, b'Internal Server Error')
        c.answer[('result', 2)] = (503, {'detail': 'later'})
        c.answer[('result', 3)] = (200, {'status': 'ok', 'receipt': None})
        c.jobs = [noop('a')]
        until(lambda: c.count('result') == 3)
        until(lambda: n.status()['queue'].get('outbox') == 0)
        c.answer[('result', 4)] = (404, {'detail': 'job not found'})
        c.jobs = [noop('gone')]
        until(lambda: (n.rig / 'state/node/dead/gone.json').exists())
        assert json.loads((n.rig / 'state/node/dead/gone.json').read_text())['dead'] == 'job_vanished'
        assert c.count('result') == 4
        done = n.say('retry', 'gone')
        assert done.returncode == 0, done
        until(lambda: 'gone' in c.book)
        n.stop()


def test_a_coordinator_that_forgets_and_one_that_says_nonsense(world):
    with pair(world) as (c, n):
        c.answer[('poll', 1)] = (200, b'')
        c.answer[('poll', 2)] = (200, b'null')
        c.answer[('poll', 3)] = (200, b'{"job_id":')
        c.answer[('poll', 4)] = (200, b'[' * 200)
        c.answer[('poll', 5)] = (500, b'Internal Server Error')
        c.answer[('heartbeat', 2)] = (422, {'detail': [{'type': 'missing', 'loc': ['body', 'x'], 'msg': 'Field required'}]})
        until(lambda: c.count('poll') > 6 and c.count('heartbeat') > 3)
        assert set(c.bodies('heartbeat')[2]) == {'inflight', 'status'}, c.bodies('heartbeat')[2]
        c.registered = False
        until(lambda: c.count('register') == 2)
        c.jobs = [noop('twice', timeout_s=1), noop('twice', timeout_s=1), noop('other')]
        until(lambda: len(c.book) == 2)
        until(lambda: not n.status()['jobs'])
        assert len(c.book['twice']) == 1
        c.jobs = [noop('twice')]            # it was done: its report again, and it does not run again
        until(lambda: len(c.book['twice']) == 2)
        assert c.book['twice'][0] == c.book['twice'][1]
        assert sum(e['event'] == 'job.start' and e['job_id'] == 'twice' for e in n.events()) == 1
        n.stop()


def test_a_refused_key_ends_nothing_and_a_new_one_is_read(world):
    with pair(world) as (c, n):
        until(lambda: c.registered)
        c.answer[('heartbeat', 0)] = c.answer[('poll', 0)] = (401, {'detail': 'invalid api key'})
        until(lambda: n.status()['problems'] and 'refuses the key' in n.status()['problems'][0])
        calls = len(c.calls)
        time.sleep(0.5)
        assert len(c.calls) == calls, 'it hammers'
        del c.answer[('heartbeat', 0)], c.answer[('poll', 0)]
        n.rig.write('key', 'another-key\n')
        n.process.send_signal(signal.SIGHUP)
        until(lambda: c.calls[-1][2].get('X-Api-Key') == 'another-key' and c.count('register') == 2)
        n.stop()


def test_drain_resume_cancel_and_a_second_node(world):
    with pair(world) as (c, n):
        until(lambda: c.registered)
        assert n.say('drain').returncode == 0
        until(lambda: c.bodies('heartbeat')[-1]['status'] == 'DRAINING')
        polls = c.count('poll')
        c.jobs = [noop('slow', timeout_s=30)]
        time.sleep(0.3)
        assert c.count('poll') == polls and n.status()['state'] == 'DRAINING'
        second = n.say('run')
        assert second.returncode == 3 and 'another davy-node works in this folder' in second.stderr, second
        assert n.say('resume').returncode == 0
        until(lambda: c.count('poll') > polls)
        n.process.terminate()
        n.process.send_signal(signal.SIGTERM)
        n.ended()


def test_a_message_that_is_none_is_hung_up_on(world):
    import socket
    with pair(world) as (c, n):
        until(lambda: c.registered)
        assert (os.stat(n.rig / 'state/node/control').st_mode & 0o777) == 0o700
        for text in (b'garbage\n', b'{"cmd":"no such"}\n', b'x' * 70000, b'{"cmd":"cancel","job":"../../etc"}\n'):
            s = socket.socket(socket.AF_UNIX)
            folder = os.open(n.rig / 'state/node/control', os.O_PATH)
            s.connect(f'/proc/self/fd/{folder}/socket')
            os.close(folder)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                s.sendall(text)
                answer = s.recv(65536)
                assert b'"ok":false' in answer.replace(b' ', b'') or answer == b'', answer
            s.close()
        assert n.status()['state'] == 'ONLINE'
        n.stop()


def test_settings_that_are_wrong_are_one_sentence(world):
    with pair(world, start=False) as (c, n):
        assert n.say('status').returncode == 2
        assert n.say('config', 'check').returncode == 0
        os.chmod(n.rig / 'key', 0o644)
        done = n.say('run')
        assert done.returncode == 3 and 'chmod 600' in done.stderr and 'a-secret-key' not in done.stderr, done
        assert n.say('config', 'check').returncode == 2
        n.rig.write('davy.toml', '[node]\nurl = "http://127.0.0.1:1"\npolls = 3\n')
        done = n.say('config', 'check')
        assert done.returncode == 2 and 'did you mean' in done.stderr and done.stderr.count('\n') == 1, done
        done = n.say('probe')
        assert done.returncode == 3, done
        n.rig.write('davy.toml', '')
        assert json.loads(n.say('probe').stdout)['cpu']['logical_cores'] > 0


def test_the_unit_file_is_hardened(world):
    unit = (world.build / 'davy-node.service').read_text()
    assert 'Type=notify' in unit and 'LoadCredential=node.key:' in unit and 'KEY=' not in unit
    if shutil.which('systemd-analyze'):
        path = world.folder / 'davy-node.service'
        path.write_text(unit)
        done = world.run('systemd-analyze', 'security', '--offline=true', '--threshold=20', path)
        assert done.returncode == 0, done.stdout[-2000:]


def test_systemd_is_told_that_it_is_ready_and_that_it_goes(world):
    import socket
    with pair(world, start=False) as (c, n), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        name = str(world.folder / 'notify')
        ear.bind(name)
        ear.settimeout(10 * PATIENCE)
        n.start(NOTIFY_SOCKET=name, CREDENTIALS_DIRECTORY=str(world.folder))
        assert ear.recv(200).startswith(b'READY=1')
        n.process.terminate()
        assert b'STOPPING=1' in ear.recv(200)
        assert n.ended()[0] == 0


def test_a_command_of_the_allow_list_runs_and_another_is_denied_and_cancel_ends_one(world):
    os.chmod(world.folder, 0o711)           # root's jobs are another user's
    with pair(world, start=False) as (c, n):
        n.rig.write('allowlist.d/say.yaml', 'name: say\ncommand: {path: /usr/bin/echo}\nargs:\n  - ["hello"]\n')
        n.rig.write('allowlist.d/wait.yaml', 'name: wait\ncommand: {path: /usr/bin/sleep}\nargs:\n  - ["30"]\n')
        for path in (n.rig / 'allowlist.d', n.rig / 'allowlist.d/say.yaml', n.rig / 'allowlist.d/wait.yaml'):
            os.chmod(path, 0o755 if path.is_dir() else 0o644)
        c.jobs = [assignment('good', runner='cli', command='say', args=['hello']),
                  assignment('bad', runner='cli', command='say', args=['rm']),
                  assignment('long', runner='cli', command='wait', args=['30'])]
        n.start()
        until(lambda: {'good', 'bad'} <= set(c.book), why='two reports')
        kind, body = c.book['good'][0]
        assert kind == 'result' and body['result']['exit_code'] == 0 and 'hello' in body['result']['stdout_tail'], body
        assert c.book['bad'][0][1]['error_code'] == 'E_DENY', c.book['bad']
        until(lambda: [j['state'] for j in n.status()['jobs']] == ['RUNNING'])
        c.wish = {'cancel': ['long']}       # by the coordinator, in a heartbeat's answer
        until(lambda: 'long' in c.book)
        assert c.book['long'][0][1]['error_code'] == 'E_CANCELED', c.book['long']
        c.wish = {}
        assert c.calls[0][3]['capabilities']['runners']['cli'] == {'enabled': True, 'commands': ['say', 'wait']}
        n.stop()


def test_the_other_dialect_takes_files_in_parts(world):
    os.chmod(world.folder, 0o711)
    with pair(world, 'dialect = "nodes-v1"\n', start=False) as (c, n):
        n.rig.write('allowlist.d/make.yaml', 'name: make\ncommand: {path: /bin/cp}\nargs:\n  - ["a.txt"]\n  - ["b.txt"]\n')
        os.chmod(n.rig / 'allowlist.d', 0o755)
        os.chmod(n.rig / 'allowlist.d/make.yaml', 0o644)
        c.jobs = [{'job_id': 'j-1', 'runner': 'cli', 'command': 'make', 'args': ['a.txt', 'b.txt'], 'timeout_s': 20,
                   'input': {'inline': {'a.txt': 'some text'}}, 'requirements': {'gpu': False},
                   'artifacts': [{'path': 'b.txt', 'type': 'text/plain', 'max_mb': 1}]},
                  {'job_id': 'j-2', 'runner': 'cli', 'command': 'nothing', 'args': []}]
        n.start()
        until(lambda: c.count('result') + c.count('fail') == 2, why='two reports')
        assert c.calls[0][1] == '/nodes/register' and c.calls[0][3]['node_id'] == 'n1', c.calls[0]
        assert c.calls[0][2]['Authorization'] == 'Bearer a-secret-key' and 'X-Api-Key' not in c.calls[0][2]
        call = next(x for x in c.calls if x[0] == 'result')
        assert call[2]['Authorization'] == 'Bearer tok-en'      # the token of the registration
        assert call[2]['Content-Type'].startswith('multipart/form-data; boundary=')
        text = call[3]
        assert b'name="job_id"\r\n\r\nj-1\r\n' in text and b'name="artifact"; filename="b.txt"\r\nContent-Type: text/plain' in text
        assert b'\r\n\r\nsome text\r\n' in text, text
        acked = [x[1] for x in c.calls if x[0] == 'ack']
        assert acked == ['/jobs/ack?job_id=j-1&node_id=n1', '/jobs/ack?job_id=j-2&node_id=n1'], acked
        failed = c.bodies('fail')[0]
        assert failed['job_id'] == 'j-2' and failed['error_code'] == 'E_DENY' and failed['error_msg'], failed
        c.answer[('ack', 3)] = (409, {'detail': 'not yours'})
        c.answer[('fail', 2)] = (409, {'detail': 'not yours'})
        c.jobs = [{'job_id': 'j-3', 'runner': 'noop', 'timeout_s': 20}]
        until(lambda: c.count('ack') == 3 and not n.status()['jobs'])
        n.stop()
