# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-node job: one job by hand, with the lists, limits and sandbox of the node. Jobs here are hostile, or provoke one code each."""
import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import select
import shutil
import signal
import subprocess
import threading
import time
import uuid


class Place:
    """A folder with allow-lists, and jobs run in it."""

    def __init__(self, world):
        self.world, self.at, self.count = world, world.folder, 0
        os.chmod(self.at, 0o711)
        (self.at / 'lists').mkdir()
        (self.at / 'tasks').mkdir()
        self.mark = uuid.uuid4().hex[:12]    # ids are in the world: control groups and marks of other tests are not ours

    def list(self, name, text):
        (self.at / 'lists' / name).write_text(text)
        os.chmod(self.at / 'lists' / name, 0o644)

    def script(self, text, more='', args='[]', name='script', mode=0o755):
        """A program of the node's owner, allowed under its name."""
        path = self.at / name
        path.write_text(text if text.startswith('#!') else '#!/bin/sh\n' + text + '\n')
        os.chmod(path, mode)
        self.list(name + '.yaml', f'command: {{path: {path}}}\nargs: {args}\n{more}')
        return path

    @property
    def id(self):
        return f'{self.mark}-{self.count}'

    def argv(self, job, *options):
        self.count += 1
        self.folder = self.at / f'job{self.count}'
        file = self.at / f'job{self.count}.json'
        file.write_text(json.dumps({'job_id': self.id, 'payload': job}))
        return [str(self.world.build / 'davy-node'), 'job', str(file), '--folder', str(self.folder), '--allowlist', str(self.at / 'lists'),
                '--grace-ms', '200', *map(str, options)]

    def run(self, job, *options):
        done = subprocess.run(self.argv(job, *options), capture_output=True, text=True, timeout=40)
        assert done.returncode in (0, 2) and done.stdout.count('\n') == 1, done
        out = json.loads(done.stdout)
        assert (done.returncode == 0) == (out['code'] == ''), out
        for secret in (str(self.at), 'SECRET'):
            assert secret not in out['message'], out
        return out

    def cli(self, text, *options, more='', **job):
        self.script(text, more)
        return self.run({'runner': 'cli', 'command': 'script', **job}, *options)


def check(out, code, word=''):
    assert out['code'] == code and word in out['message'], out


def alive(mark):
    """Processes that were born with this in their environment."""
    found = []
    for path in pathlib.Path('/proc').glob('[0-9]*'):
        with contextlib.suppress(OSError):
            if mark.encode() in (path / 'environ').read_bytes() and (path / 'stat').read_text().rsplit(')', 1)[1].split()[0] != 'Z':
                found.append(path.name)
    return found


def test_a_job_runs_with_inputs_and_gives_its_artifact(world):
    p = Place(world)
    out = p.cli('cat in.txt > out.txt; echo "$HOME" "$DAVY_OUTPUT"; echo made > "$DAVY_OUTPUT"/deep.txt; env | sort; ls /proc/self/fd',
                input={'inline': {'in.txt': 'grüße'}}, artifacts=[{'path': 'out.txt', 'type': 'text/plain'}, {'path': 'deep.txt'}])
    check(out, '')
    assert out['artifacts'][0] == {'path': 'out.txt', 'type': 'text/plain', 'where': 'work', 'bytes': 7,
                                   'sha256': hashlib.sha256('grüße'.encode()).hexdigest()}, out
    assert out['artifacts'][1]['where'] == 'output'
    log = (p.folder / 'logs/stdout.log').read_text()
    assert f'{p.folder}/work {p.folder}/output' in log and f'AITBC_JOB_ID={p.id}' in log and 'CUDA_VISIBLE_DEVICES=\n' in log
    assert not any(word in log for word in ('SSH_', 'USER=', 'LD_')), log
    m = out['metrics']
    assert m['exit_code'] == 0 and m['duration_ms'] == out['run_ms'] and m['max_rss_mb'] > 0 and m['log_truncated_bytes'] == 0, m
    assert not list(p.folder.glob('work/tmp/*'))


def test_what_the_lists_do_not_name_is_denied(world):
    p = Place(world)
    p.script('true', args='[["-y"], [".+\\\\.mp4"]]')
    for job in ({'command': 'other'}, {'command': 'script', 'args': ['-x']}, {'command': 'script', 'args': ['/etc/x.mp4']},
                {'command': 'script', 'args': ['../x.mp4']}, {'command': 'script', 'args': ['-y', '-y']}):
        check(p.run({'runner': 'cli', **job}), 'E_DENY')
        assert not (p.folder / 'logs/stdout.log').exists()
    check(p.run({'runner': 'cli', 'command': 'script', 'args': ['-y', 'a.mp4']}), '')
    check(p.run({'runner': 'python', 'task': 'none'}), 'E_DENY')
    check(p.run({'runner': 'noop'}), 'E_UNSUPPORTED')
    check(p.run({'runner': 'noop'}, '--noop'), '')
    done = subprocess.run(p.argv({'runner': 'other'}), capture_output=True, text=True)
    assert done.returncode == 3 and 'no runner' in done.stderr, done


def test_a_folder_of_lists_is_tested_as_the_node_reads_it(world):
    p = Place(world)
    p.script('true', args='[["-y"]]')
    p.list('bad.yaml', 'colour: red\n')

    def test(*argv):
        return world.run(world.build / 'davy-node', 'allowlist', 'test', p.at / 'lists', '--', *argv)
    done = test('script', '-y')
    assert done.returncode == 0 and json.loads(done.stdout)['allowed'] and 'bad.yaml' in done.stderr, done
    assert test('script', '-x').returncode == 2 and json.loads(test('bad').stdout)['allowed'] is False
    os.chmod(p.at / 'lists', 0o777)
    done = test('script', '-y')
    assert done.returncode == 2 and 'nobody else' in done.stderr, done


def test_files_that_others_may_write_allow_nothing(world):
    p = Place(world)
    job = {'runner': 'cli', 'command': 'script'}
    path = p.script('true')
    check(p.run(job), '')
    os.chmod(path, 0o775)
    check(p.run(job), 'E_DENY', 'nobody else may write')
    os.chmod(path, 0o4755)
    check(p.run(job), 'E_DENY', 'setuid')
    os.chmod(path, 0o755)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    p.list('script.yaml', f'command: {{path: {path}, sha256: "{digest}"}}\n')
    check(p.run(job), '')
    path.write_text('#!/bin/sh\nfalse\n')
    check(p.run(job), 'E_DENY', 'sha256')
    path.write_text('#!/bin/sh\ntrue\n')
    p.script('true')
    os.chmod(p.at / 'lists/script.yaml', 0o666)
    check(p.run(job), 'E_DENY')
    os.chmod(p.at / 'lists/script.yaml', 0o644)
    p.list('again.yaml', f'name: script\ncommand: {{path: {path}}}\n')
    check(p.run(job), 'E_DENY')
    (p.at / 'lists/again.yaml').unlink()
    (p.at / 'lists/script.yaml').rename(p.at / 'real')
    (p.at / 'lists/script.yaml').symlink_to(p.at / 'real')
    check(p.run(job), 'E_DENY')


def test_how_a_program_ends_is_told(world):
    p = Place(world)
    check(p.cli('exit 7'), 'E_EXIT', 'exit code 7')
    check(p.cli('exit 7', more='ok_exit: [0, 7]\n'), '')
    check(p.cli('kill -SEGV $$'), 'E_SIGNAL', 'SEGV')
    check(p.cli('kill -XCPU $$'), 'E_CPU')
    check(p.cli('kill -SYS $$'), 'E_SANDBOX')
    check(p.cli('head -c 3000000 /dev/zero > big', more='limits: {fsize_mb: 1}\n'), 'E_EXIT')   # of the shell: head died of it
    check(p.cli('exec head -c 3000000 /dev/zero > big', more='limits: {fsize_mb: 1}\n'), 'E_OUTPUT_SIZE')
    check(p.cli('#!/nowhere/sh\n'), 'E_EXEC', 'No such file')
    p.script('true', mode=0o644)
    check(p.run({'runner': 'cli', 'command': 'script'}), 'E_EXEC', 'executable')
    (p.at / 'script').unlink()
    check(p.run({'runner': 'cli', 'command': 'script'}), 'E_EXEC')
    (p.at / 'script').write_bytes(b'\x7fELF nothing')
    os.chmod(p.at / 'script', 0o755)
    check(p.run({'runner': 'cli', 'command': 'script'}), 'E_EXEC')
    out = p.cli('echo CUDA out of memory >&2; exit 1', '--gpu', 'GPU-1', requirements={'gpu': True})
    check(out, 'E_VRAM')
    check(p.cli('echo no CUDA-capable device >&2; exit 1', '--gpu', 'GPU-1', requirements={'gpu': True}), 'E_NOGPU')
    check(p.cli('true', requirements={'gpu': True}), 'E_NOGPU')
    check(p.cli('echo "$CUDA_VISIBLE_DEVICES"', '--gpu', 'GPU-1', requirements={'gpu': True}), '')


def test_time_silence_and_an_order_end_all_of_a_job(world):
    p = Place(world)
    out = p.cli("trap '' TERM; (setsid sh -c \"trap '' TERM; sleep 1000\" &) ; sleep 1000 & wait; sleep 1000", timeout_s=1)
    check(out, 'E_TIMEOUT', '1 s')
    assert out['metrics']['signal'] == 9 and not alive('DAVY_JOB_ID=' + p.id)
    check(p.cli('sleep 1000', '--stall-s', 1), 'E_STALL')
    check(p.cli('for i in 1 2 3 4 5 6; do echo $i; sleep 0.3; done', '--stall-s', 1), '')
    p.script('echo up; trap "exit 3" TERM; while :; do sleep 0.05; done')
    with subprocess.Popen(p.argv({'runner': 'cli', 'command': 'script'}, '--news'), stdout=subprocess.PIPE, text=True) as process:
        while '"running"' not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        check(json.loads(process.stdout.read()), 'E_CANCELED')
    assert not alive('DAVY_JOB_ID=' + p.id)


def test_a_job_does_not_outlive_its_node_or_who_watches_it(world):
    p = Place(world)
    p.script("trap '' TERM; (setsid sleep 1000 &); echo up; sleep 1000")
    for victim in ('node', 'watch'):
        with subprocess.Popen(p.argv({'runner': 'cli', 'command': 'script'}, '--news'), stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout:
                news = json.loads(line)
                if news['phase'] == 'running':
                    break
            mark = 'DAVY_JOB_ID=' + p.id
            until(lambda: len(alive(mark)) == 3 or (p.folder / 'logs/stdout.log').read_text() == 'up\n')
            os.kill(process.pid if victim == 'node' else news['pid'], signal.SIGKILL)
            rest = process.stdout.read()
            if victim == 'watch':
                check(json.loads(rest), 'E_INTERNAL', 'watched')
        until(lambda: not alive(mark) and not groups(p))


def groups(p):
    return [path for path in pathlib.Path('/sys/fs/cgroup').glob('**/davy-*') if p.mark in path.name]


def until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_hostile_jobs_leave_nothing(world):
    p = Place(world)
    out = p.cli('bomb() { bomb | bomb & }; bomb; sleep 0.5; echo still here', more='limits: {nproc: 30}\n', timeout_s=5)
    assert out['code'] in ('', 'E_EXIT', 'E_TIMEOUT', 'E_SIGNAL'), out
    assert not alive('DAVY_JOB_ID=' + p.id)
    out = p.cli('(setsid sh -c "(setsid sleep 1000 &)" &); echo done')
    check(out, '')
    assert not alive('DAVY_JOB_ID=' + p.id)
    out = p.cli('yes | head -c 60000000; echo; echo the end')
    check(out, '')
    log = (p.folder / 'logs/stdout.log').read_text()
    assert len(log) < 17 << 20 and log.endswith('\nthe end\n') and 'bytes are left out here' in log
    assert out['metrics']['log_truncated_bytes'] == 60000000 + 9 - (16 << 20), out['metrics']
    assert out['result']['stdout_tail'].endswith('y\n\nthe end') or out['result']['stdout_tail'].endswith('the end'), out
    out = p.cli(r'printf "\033]0;x\007a\tb\377 password=hunter2SECRETSECRET\n"')
    assert not groups(p)
    assert 'hunter2' not in json.dumps(out) and '\\u001b' not in json.dumps(out), out


def test_artifacts_are_plain_files_of_the_job_or_missing(world):
    p = Place(world)
    wanted = [{'path': 'a', 'max_mb': 1}]
    for text, code in [('true', 'E_OUTPUT_MISSING'), ('ln -s /etc/passwd a', 'E_OUTPUT_MISSING'), ('mkfifo a', 'E_OUTPUT_MISSING'),
                       ('mkdir a', 'E_OUTPUT_MISSING'), ('echo x > b; ln b a', 'E_OUTPUT_MISSING'), ('truncate -s 100G a', 'E_OUTPUT_SIZE'),
                       ('head -c 1048577 /dev/zero > a', 'E_OUTPUT_SIZE'), ('head -c 1048576 /dev/zero > a', '')]:
        check(p.cli(text, more='max_output_mb: 200000\n', artifacts=wanted), code)
    check(p.cli('mkdir d; ln -s /etc d/e', artifacts=[{'path': 'd/e/passwd'}]), 'E_OUTPUT_MISSING')
    check(p.cli('head -c 1500000 /dev/zero > a; head -c 1500000 /dev/zero > b', more='max_output_mb: 2\n'), 'E_OUTPUT_SIZE')


def test_a_job_sees_its_own_folder_only(world):
    p = Place(world)
    (p.at / 'secret').write_text('SECRET')
    os.chmod(p.at / 'secret', 0o644)
    out = p.cli(f'cat {p.at}/secret; cat /etc/shadow; ls /root /home; echo x > ../state.json; echo x > {p.at}/lists/evil.yaml; '
                'mount -t tmpfs none tmp; unshare -r true; echo x > /tmp/davy-was-here; ulimit -c; exit 0')
    check(out, '')
    log = (p.folder / 'logs/stdout.log').read_text()
    if out['sandbox']['landlock']:
        assert log == '0\n', log
    assert not (p.folder / 'state.json').exists() and not (p.at / 'lists/evil.yaml').exists()
    assert not pathlib.Path('/tmp/davy-was-here').exists()


PYTHON_NET = '''#!/usr/bin/python3
import socket, sys
try:
    socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)
except OSError as e:
    sys.exit(f'no network: {e}')
'''


def test_no_network_unless_the_list_says_so(world):
    p = Place(world)
    with socket_server() as port:
        args, job = '[["[0-9]+"]]', {'runner': 'cli', 'command': 'script', 'args': [str(port)]}
        p.script(PYTHON_NET, args=args)
        out = p.run(job)
        check(out, 'E_NET_DENY')
        assert out['metrics']['egress_denied'] >= 1 and 'no network' in out['result']['stderr_tail'], out
        for without in ('namespace', 'seccomp', 'landlock', 'namespace,cgroup', 'seccomp,landlock'):
            out = p.run(job, '--without', without)
            assert out['code'] in ('E_NET_DENY', 'E_EXIT', 'E_SANDBOX'), (without, out)
            assert 'no network' in out['result'].get('stderr_tail', 'no network'), (without, out)
        check(p.run(job, '--without', 'namespace,seccomp'), 'E_SANDBOX', 'network')
        p.script(PYTHON_NET, args=args, more='network: host\n')
        check(p.run(job), '')
        check(p.run(job, '--without', 'namespace,seccomp'), '')


@contextlib.contextmanager
def socket_server():
    class Quiet(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


EAT = '#!/usr/bin/python3\nimport time\nx = bytearray(300 << 20)\nfor i in range(0, len(x), 4096): x[i] = 1\ntime.sleep(30)\n'


def test_memory_is_bounded_with_and_without_control_groups(world):
    p = Place(world)
    for options in ((), ('--without', 'cgroup')):
        out = p.cli(EAT, *options, more='limits: {mem_mb: 100}\n', timeout_s=20)
        check(out, 'E_OOM')
    out = p.cli('true', '--cgroup-must', '--without', 'cgroup')
    check(out, 'E_SANDBOX', 'control group')


def test_paths_of_arguments_are_opened_in_the_workspace(world):
    p = Place(world)
    p.script('cat "$1" > "$2"', args='[{match: ["[a-z/]+"], kind: path_in, required: true}, {match: ["[a-z/.]+"], kind: path_out}]')
    job = {'runner': 'cli', 'command': 'script', 'input': {'inline': {'in': 'x'}}}
    check(p.run({**job, 'args': ['in', 'out.txt'], 'artifacts': [{'path': 'out.txt'}]}), '')
    check(p.run({**job, 'args': ['absent', 'out.txt']}), 'E_INVALID', 'argument 1')
    check(p.run({**job, 'args': ['in', 'tmp']}), 'E_DENY', 'argument 2')
    check(p.run({**job, 'args': ['in', 'no/where']}), 'E_INVALID', 'argument 2')


TASKS = '''tasks:
  - name: add
    params: {properties: {a: {type: integer, minimum: 0, maximum: 10}, b: {type: string, maxLength: 3}}, required: [a]}
  - {name: wrong}
  - {name: nothing}
  - {name: large}
'''


def test_python_tasks_answer_in_json(world):
    p = Place(world)
    p.list('python-tasks.yaml', TASKS)
    for name, text in [('add', 'import sys\nprint("log")\ndef run(a, b=""): return {"sum": a + 1, "b": b, "path": sys.path[:1]}'),
                       ('wrong', 'def run(): raise ValueError("SECRET")'), ('nothing', 'import os\nos._exit(0)'),
                       ('large', 'def run(): return "x" * (2 << 20)'), ('hidden', 'def run(): return 1')]:
        (p.at / 'tasks' / f'{name}.py').write_text(text + '\n')
        os.chmod(p.at / 'tasks' / f'{name}.py', 0o644)

    def run(task, params=None, *options):
        return p.run({'runner': 'python', 'task': task, 'params': params or {}}, '--tasks', p.at / 'tasks', *options)
    out = run('add', {'a': 4, 'b': 'ü'})
    check(out, '')
    assert out['result']['output']['sum'] == 5 and out['result']['output']['b'] == 'ü' and out['result']['stdout_tail'] == 'log', out
    for params in ({}, {'a': 11}, {'a': '4'}, {'a': 1, 'b': 'long'}, {'a': 1, 'c': 1}):
        check(run('add', params), 'E_DENY')
    check(run('wrong'), 'E_RUNNER')
    check(run('nothing'), 'E_RUNNER', 'no JSON')
    check(run('large'), 'E_RUNNER', '1 MiB')
    check(run('hidden'), 'E_DENY')
    os.chmod(p.at / 'tasks/add.py', 0o666)
    check(run('add', {'a': 1}), 'E_DENY')


def test_inputs_come_from_allowed_hosts_and_are_what_was_told(world):
    p = Place(world)
    p.script('cat data')

    class Files(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            where = {'/data': (200, b'hello'), '/gone': (404, b''), '/large': (200, b'x' * (3 << 20)), '/away': (302, b''), '/back': (302, b'')}[self.path]
            self.send_response(where[0])
            if where[0] == 302:
                self.send_header('Location', 'http://example.invalid/x' if self.path == '/away' else '/data')
            self.send_header('Content-Length', len(where[1]))
            self.end_headers()
            self.wfile.write(where[1])
    with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f'http://127.0.0.1:{server.server_address[1]}'
        local = ('--host', '127.0.0.1', '--plain-http', '--private-hosts')

        def get(path, *options, sha256=None):
            url = {'url': base + path, 'name': 'data', **({'sha256': sha256} if sha256 else {})}
            return p.run({'runner': 'cli', 'command': 'script', 'input': {'urls': [url]}}, *options)
        out = get('/data', *local, sha256=hashlib.sha256(b'hello').hexdigest())
        check(out, '')
        assert out['result']['stdout_tail'] == 'hello', out
        check(get('/back', *local), '')
        check(get('/data', *local, sha256='00' * 32), 'E_INPUT', 'sha256')
        check(get('/gone', *local), 'E_INPUT', '404')
        check(get('/large', *local, '--input-mb', 1), 'E_INPUT', 'larger')
        check(get('/away', *local), 'E_DENY')
        check(get('/data'), 'E_DENY')
        check(get('/data', '--host', '127.0.0.1', '--private-hosts'), 'E_DENY')
        check(get('/data', '--host', '*.example.org', '--plain-http'), 'E_DENY')
        check(get('/data', '--host', '127.0.0.1', '--plain-http'), 'E_INPUT')
        server.shutdown()


class Ollama:
    """Answers as it is told: a list of (delay, text), then the end; the text of an error with its status."""

    def __init__(self, *lines, status=200, tags=('m:1',), vram=1, hang=False):
        self.lines, self.status, self.tags, self.vram, self.hang, self.asked, self.gone = lines, status, tags, vram, hang, [], threading.Event()

    def handler(self):
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def give(self, value, status=200):
                body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header('Content-Length', len(body))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                models = [{'name': name, 'size': 1, 'size_vram': fake.vram} for name in fake.tags or ()]
                self.give({'models': models} if fake.tags is not None else 'no')

            def do_POST(self):
                fake.asked.append(json.loads(self.rfile.read(int(self.headers['Content-Length']))))
                if fake.status != 200:
                    return self.give({'error': fake.lines[0]}, fake.status)
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    for line in fake.lines:
                        self.wfile.write((line if isinstance(line, str) else json.dumps(line)).encode() + b'\n')
                        self.wfile.flush()
                    while fake.hang and not fake.gone.wait(0.05):
                        self.wfile.write(b'\n' if fake.hang == 'blank' else b'')
                        if select.select([self.connection], [], [], 0)[0] and not self.connection.recv(1):
                            fake.gone.set()     # the other side hung up
                fake.gone.set()
        return Handler

    def __enter__(self):
        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass
        self.server = Server(('127.0.0.1', 0), self.handler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'
        return self

    def __exit__(self, *_):
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()


DONE = {'response': '', 'done': True, 'done_reason': 'stop', 'prompt_eval_count': 3, 'prompt_eval_duration': 200_000_000, 'eval_count': 2,
        'eval_duration': 500_000_000, 'load_duration': 1_000_000}
ASK = {'type': 'inference', 'model': 'm:1', 'prompt': 'grüß "dich"', 'options': {'temperature': 0.5, 'num_predict': 99999, 'evil': 1}}


def test_ollama_answers_and_is_measured(world):
    p = Place(world)
    with Ollama({'response': 'Hal'}, {'response': 'lo'}, DONE) as o:
        out = p.run(ASK, '--ollama', o.url + '/')
        check(out, '')
        assert o.asked == [{'model': 'm:1', 'prompt': 'grüß "dich"', 'stream': True, 'options': {'temperature': 0.5}}], o.asked
        r, m = out['result'], out['metrics']
        assert (r['output'], r['status'], r['model'], r['tokens_processed'], r['gpu_used']) == ('Hallo', 'completed', 'm:1', 2, True), r
        assert (m['tokens_in'], m['tokens_out'], m['tokens_per_s'], m['gpu_seconds']) == (3, 2, 4.0, 0.7), m
        assert 'model_requested' not in r and m['duration_ms'] == out['run_ms']
    with Ollama({'response': 'x'}, DONE, vram=0, tags=('other:1',)) as o:
        check(p.run(ASK, '--ollama', o.url), 'E_MODEL')
        out = p.run(ASK, '--ollama', o.url, '--model-fallback')
        check(out, '')
        assert (out['result']['model'], out['result']['model_requested'], out['result']['gpu_used']) == ('other:1', 'm:1', False), out


def test_every_way_ollama_fails_has_its_code(world):
    p = Place(world)
    text = {'response': 'part'}
    for fake, code in [(Ollama('model "m:1" not found', status=404), 'E_MODEL'), (Ollama('server busy SECRET', status=503), 'E_BACKEND'),
                       (Ollama('boom', status=500), 'E_BACKEND'), (Ollama('invalid option', status=400), 'E_INVALID'),
                       (Ollama('cudaMalloc failed: out of memory', status=500), 'E_VRAM'),
                       (Ollama(text, {'error': 'CUDA error: out of memory'}), 'E_VRAM'), (Ollama(text, {'error': 'SECRET gone'}), 'E_BACKEND'),
                       (Ollama(text), 'E_BACKEND'), (Ollama(DONE), 'E_BACKEND'), (Ollama(text, {**DONE, 'done_reason': 'load'}), 'E_BACKEND'),
                       (Ollama('no JSON'), 'E_BACKEND'), (Ollama(tags=None), 'E_BACKEND'),
                       (Ollama(*[{'response': 'x' * 300_000}] * 4, DONE), 'E_OUTPUT_SIZE')]:
        with fake:
            out = p.run(ASK, '--ollama', fake.url)
            check(out, code)
            assert 'output' not in out['result'], out
    check(p.run(ASK, '--ollama', fake.url), 'E_BACKEND', 'does not answer')


def test_silence_of_ollama_ends_and_closing_cancels_it(world):
    p = Place(world)
    for lines, options, code in [((), ('--load-ms', 300), 'E_STALL'), (({'response': 'x'},), ('--stall-ms', 300), 'E_STALL')]:
        with Ollama(*lines, hang=True) as o:
            check(p.run(ASK, '--ollama', o.url, *options), code, 'token')
            assert o.gone.wait(10)      # the connection was closed, which ends the generation
    with Ollama({'response': 'x'}, hang='blank') as o:
        check(p.run({**ASK, 'timeout_s': 1}, '--ollama', o.url), 'E_TIMEOUT')
    with Ollama({'response': 'x'}, hang=True) as o, \
            subprocess.Popen(p.argv(ASK, '--ollama', o.url), stdout=subprocess.PIPE, text=True) as process:
        until(lambda: o.asked)
        process.send_signal(signal.SIGINT)
        check(json.loads(process.stdout.read()), 'E_CANCELED')
        assert o.gone.wait(10)


def test_a_full_workspace_is_told_as_such(world):
    p = Place(world)
    small = p.at / 'small'
    small.mkdir()
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=6m,mode=711', 'none', small], capture_output=True).returncode != 0:
        return      # only who may mount can fill a disk for a moment
    try:
        p.script('head -c 9000000 /dev/zero > big')
        check(p.run({'runner': 'cli', 'command': 'script'}, '--folder', small / 'job'), 'E_DISK')
    finally:
        subprocess.run(['umount', '-l', small], check=True)


def test_tmp_is_the_jobs_own_where_the_machine_can(world):
    p = Place(world)
    folder = pathlib.Path('/var/tmp') / f'davy-{p.mark}'
    folder.mkdir(mode=0o711)
    try:
        p.script(f'echo x > "$TMPDIR/y"; ls "$TMPDIR"; echo x > /tmp/davy-{p.mark}; cat /tmp/y')
        out = p.run({'runner': 'cli', 'command': 'script'}, '--folder', folder / 'job')
        assert not pathlib.Path(f'/tmp/davy-{p.mark}').exists() or not out['sandbox']['landlock'], out
        if out['sandbox']['tmp']:
            check(out, '')
            assert out['result']['stdout_tail'] == 'y\nx', out
    finally:
        shutil.rmtree(folder)
