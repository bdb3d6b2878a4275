# SPDX-License-Identifier: GPL-2.0-or-later
"""The shipped davy-node with davy-sim coordinator: jobs through kill -9 on both sides, and what Prometheus is told of it.
DAVY_JOBS=1000 tests/live/run BUILD 'together: every job' is the whole of it; the suite takes fewer."""
import contextlib
import json
import os
import random
import signal
import subprocess
import time
import urllib.error
import urllib.request

from coordinators import Coordinator
from test_queue import Redis
from pty_davy import PATIENCE, environment

SETTINGS = ('heartbeat_s = 0.1\npoll_s = 0.02\nwait_s = 1\nretry_s = 0.05\nprobe_s = 60\nnoop = true\ndrain_s = 1\ncpu_slots = 8\n'
            'pending = 32\nlisten = "127.0.0.1:0"\n')


class Node:
    def __init__(self, world, c, more='', name='node', folder=None):
        self.world, self.rig = world, world.rig(folder or name)
        self.rig.write('davy.toml', f'[node]\nurl = "{c.said["url"]}"\nid = "{name}"\nkey_file = "key"\n'
                       f'coordinator_keys = ["{c.said["public_key"]}"]\n{SETTINGS}{more}')
        self.rig.write('key', 'sim-miner\n')
        os.chmod(self.rig / 'key', 0o600)
        self.process = None

    def start(self):
        self.said = open(self.rig / 'said', 'ab')
        self.process = subprocess.Popen([self.world.build / 'davy-node', 'run', '-C', self.rig.path], env=environment(),
                                        stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.said)
        return self

    def end(self, how=signal.SIGTERM):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20 * PATIENCE)
        self.said.close()
        text = (self.rig / 'said').read_text()
        assert 'Sanitizer' not in text and 'runtime error' not in text, text
        return self.process.returncode

    def port(self):
        with contextlib.suppress(OSError, ValueError):
            said = json.loads((self.rig / 'state/node-status.json').read_text())
            return said.get('http_port') if said['pid'] == self.process.pid else None

    def get(self, path, method='GET'):
        request = urllib.request.Request(f'http://127.0.0.1:{until("a port", self.port)}{path}', method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            with e:
                return e.code, e.read().decode()

    def metrics(self):
        status, text = self.get('/metrics')
        assert status == 200
        return text, {line.rsplit(' ', 1)[0]: float(line.rsplit(' ', 1)[1]) for line in text.splitlines() if line[0] != '#'}

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.end(signal.SIGKILL)


def until(what, true, seconds=20):
    end = time.monotonic() + seconds * PATIENCE
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < end, f'never: {what}'
        time.sleep(0.03)


def over(c, jobs):
    state = c.state()
    return state if state['completed'] + state['failed'] == jobs else None


def ledger(node):
    return [json.loads(line) for line in (node.rig / 'state/node/receipts.jsonl').read_text().splitlines()]


def test_every_job_ends_once_and_is_paid_once_through_kill_9_of_both(world):
    jobs = int(os.environ.get('DAVY_JOBS', '80'))
    chance = random.Random(89)
    with Coordinator(world, '--lease-ms', '400') as c, Node(world, c) as node:
        ids = c.submit(jobs)
        kills = [0, 0]
        end = time.monotonic() + max(60, jobs / 5) * PATIENCE
        while not over(c, jobs):
            assert time.monotonic() < end, c.state()
            time.sleep(chance.uniform(0.1, 0.5))
            if chance.random() < 0.5:
                node.end(signal.SIGKILL)
                node.start()
                kills[0] += 1
            else:
                c.kill()
                c.start()
                kills[1] += 1
        node.end(signal.SIGKILL)        # what waits for its next try is sent at once by the next start
        node.start()
        until('an empty outbox', lambda: not os.listdir(node.rig / 'state/node/outbox'))
        book = c.state()['book']
        node.end()
        assert sorted(j['job_id'] for j in book) == sorted(ids)
        for j in book:      # killed before its manifest was on the disk, a job is told to have failed: it cannot be run
            good = ('COMPLETED', 1, 0, 1, None)
            assert (j['state'], j['results'], j['fails'], j['receipts'], j['error']) in (
                good, ('FAILED', 0, 1, 0, 'E_INTERNAL: a fault of the node')), j
        done = [j['job_id'] for j in book if j['state'] == 'COMPLETED']
        assert len(done) >= jobs * 0.9, 'most of them are done all the same'
        lines = ledger(node)
        paid = [line['receipt']['receipt_id'] for line in lines]
        assert sorted(done) == sorted({line['receipt']['job_id'] for line in lines}) and all(line['verified'] for line in lines)
        assert len(set(paid)) == len(done), 'each job has one receipt, however often it was asked for'
        assert min(kills) >= 1, kills
        proof = world.run(world.build / 'davy-node', 'receipts', 'verify', node.rig / 'state/node/receipts.jsonl', '--key',
                         c.said['public_key'])
        assert proof.returncode == 0, proof.stdout + proof.stderr
        print(f'{jobs} jobs, {kills[0]} kills of the node, {kills[1]} of the coordinator')


def test_prometheus_reads_what_the_node_counts_also_after_a_restart(world):
    with Coordinator(world) as c, Node(world, c) as node:
        c.submit(5)
        c.submit(1, payload={'type': 'nothing known'})
        until('six ends', lambda: over(c, 6))
        until('an empty outbox', lambda: not os.listdir(node.rig / 'state/node/outbox'))
        text, values = node.metrics()
        lint = subprocess.run(['promtool', 'check', 'metrics'], input=text, capture_output=True, text=True)
        assert lint.returncode == 0 and not lint.stdout + lint.stderr, lint.stdout + lint.stderr
        assert values['aitbc_miner_jobs_total{runner="noop",result="ok"}'] == 5
        assert values['aitbc_miner_job_failures_total{code="E_UNSUPPORTED"}'] == 1
        assert values['aitbc_miner_receipts_total{verified="true"}'] == 5
        assert values['aitbc_miner_state{state="ONLINE"}'] == 1 and values['aitbc_miner_coordinator_up'] == 1
        assert values['aitbc_miner_http_requests_total{endpoint="report",code="200"}'] == 6
        assert values['aitbc_miner_http_request_duration_seconds_count{endpoint="report"}'] == 6
        assert 'sim-miner' not in text
        assert node.end() == 0
        node.start()
        after = until('the node again', lambda: node.port() and node.metrics()[1])
        kept = [k for k in values if '_total' in k or '_count' in k]
        assert len(kept) > 12 and all(after[k] >= values[k] for k in kept)
        node.end(signal.SIGKILL)
        state = node.rig / 'state/node/metrics.state'
        state.write_bytes(state.read_bytes()[:-9])
        node.start()
        after = until('the node again', lambda: node.port() and node.metrics()[1])
        assert after['aitbc_miner_metrics_reset_total'] == 1
        assert after['aitbc_miner_receipts_total{verified="true"}'] == 5, 'the ledger still knows'


def test_healthz_says_what_is_wrong(world):
    with Coordinator(world) as c, Node(world, c) as node:
        until('ready', lambda: node.port() and node.get('/readyz')[0] == 200)
        status, text = node.get('/healthz')
        said = json.loads(text)
        assert status == 200 and said['node_id'] == 'node' and said['coordinator']['registered']
        assert {'running', 'queued', 'cpu_load', 'vram_free', 'status', 'version', 'uptime_s', 'state', 'slots', 'outbox',
                'disk_free_mb', 'gpu', 'problems'} <= set(said)
        assert said['vram_free'] is None and 'sim-miner' not in text
        assert node.get('/livez')[0] == 200 and node.get('/other')[0] == 404 and node.get('/healthz', 'POST')[0] == 405
        assert node.get('/healthz', 'HEAD') == (200, '')
        c.fault('any all status 401')
        until('the key is refused', lambda: node.get('/healthz')[0] == 503)
        assert json.loads(node.get('/healthz')[1])['status'] == 'fail' and node.get('/livez')[0] == 200


def test_nodes_share_their_jobs_through_a_redis_that_is_killed(world):
    jobs = 100
    with Redis(world.folder, '--appendonly', 'yes') as redis, Coordinator(world, '--lease-ms', '2000') as c:
        more = f'redis = "{redis.socket}"\n'
        one, two = (Node(world, c, more, 'pair', folder) for folder in ('one', 'two'))
        one.rig.write('davy.toml', (one.rig / 'davy.toml').read_text().replace('cpu_slots = 8', 'cpu_slots = 1'))
        with one, two:
            two.rig.write('davy.toml', (two.rig / 'davy.toml').read_text().replace('poll_s = 0.02', 'poll_s = 250'))
            two.end()
            two.start()         # it asks the coordinator once, for nothing, and has its work from the other one
            until('both', lambda: one.port() and two.port() and two.get('/readyz')[0] == 200)
            time.sleep(0.3)
            ids = c.submit(jobs)
            until('a beginning', lambda: c.state()['completed'] > 5)
            redis.kill()
            until('the news', lambda: one.metrics()[1]['aitbc_miner_redis_up'] == 0)
            redis.start()
            until('some more', lambda: c.state()['completed'] > 20)
            one.end(signal.SIGKILL)
            one.start()
            state = until('all', lambda: over(c, jobs), 40)
            assert sorted(j['job_id'] for j in state['book']) == sorted(ids)
            assert {j['results'] + j['fails'] for j in state['book']} == {1}, state
            until('receipts', lambda: len(ledger(one)) + len(ledger(two)) >= state['completed'])
            assert ledger(one) and ledger(two), 'both worked'
            until('an empty queue', lambda: redis.say('XLEN', 'aitbc:miner:pair:q') == '0')
            lint = subprocess.run(['promtool', 'check', 'metrics'], input=one.metrics()[0], capture_output=True, text=True)
            assert lint.returncode == 0, lint.stderr
