# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-sim coordinator for tests, and a client of its own beside the shipped node: plain HTTP."""
import http.client
import json
import subprocess

from pty_davy import environment

MINER, CLIENT = 'sim-miner', 'sim-client'
JOB = {'payload': {'runner': 'noop'}}


class Coordinator:
    """davy-sim coordinator while the block runs; kill() and start() as often as a test likes."""

    def __init__(self, world, *options, strict=True):
        self.world = world
        self.journal = world.folder / 'book.jsonl'
        self.record = world.folder / 'asked.jsonl'
        self.options = [str(o) for o in options] + (['--strict'] if strict else [])
        self.port = 0
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [str(self.world.sim), 'coordinator', '--journal', str(self.journal), '--record', str(self.record), '--seconds', '85',
             '--port', str(self.port), *self.options], stdout=subprocess.PIPE, text=True, env=environment())
        self.said = json.loads(self.process.stdout.readline())
        self.port = self.said['port']
        return self

    def kill(self):
        self.process.kill()
        self.process.wait(10)
        self.process.stdout.close()

    def raw(self, method, path, body=None, key=MINER, headers=None, timeout=10):
        """(status, headers, bytes)."""
        line = http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout)
        try:
            sent = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
            line.request(method, path, sent, {'X-Api-Key': key, 'Content-Type': 'application/json', **(headers or {})})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def ask(self, method, path, body=None, key=MINER, **more):
        """(status, value): JSON, or text, or None when nothing came."""
        status, _, text = self.raw(method, path, body, key, **more)
        try:
            return status, json.loads(text) if text else None
        except ValueError:
            return status, text.decode(errors='replace')

    def state(self):
        return self.ask('GET', '/__admin/state')[1]

    def submit(self, count=1, **job):
        status, said = self.ask('POST', '/__admin/submit', {**JOB, 'count': count, **job})
        assert status == 201, said
        return said['job_id']

    def fault(self, *rules):
        status, said = self.ask('POST', '/__admin/fault', '\n'.join(rules))
        assert status == 200, said

    def register(self, key=MINER, **caps):
        return self.ask('POST', '/v1/miners/register', {'capabilities': caps, 'concurrency': 4}, key)

    def poll(self, key=MINER, wait=0, **more):
        return self.ask('POST', '/v1/miners/poll', {'max_wait_seconds': wait}, key, **more)

    def result(self, job, key=MINER, **metrics):
        return self.ask('POST', f'/v1/miners/{job}/result', {'result': {'status': 'completed'}, 'metrics': metrics}, key)

    def asked(self):
        return [json.loads(line) for line in self.record.read_text().splitlines()]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        code = self.process.wait(10)
        self.process.stdout.close()
        assert code == 0, code
