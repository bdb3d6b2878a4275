# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-mine as a service: jobs, their results, what is told to the dashboard, and what is left when it ends."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

from pty_davy import PATIENCE, environment
from test_mine_chain import PUBLIC, Chain, configure, mine

BASE, NETUID, WINDOW = 7500003, 89, 7499985
OTHER, VALIDATOR = '02' * 32, '03' * 32
PRICES = b'1;p;ALPHA_TAO=0.037639265281541704;HASHP_USDC=50;TAO_USDC=45;cap=0.4'
OURS = '"0.05" = 1\n"0.1" = 4\n"0.45" = 81'
OURS_TEXT = '2;b;BTC,1=0.05:1,0.1:4,0.45:81'
OTHERS_TEXT = '2;b;BTC,0.95=0.2:5;BTC,1.06=0.45:10'
TIMESTAMP = '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb'
PREFIX = '0xca407206ec1ab726b2636c4b145ac287419a60ae8b01e6dcaebd7317e43c69bf5900'


def compact(n):
    if n < 64:
        return bytes([n << 2])
    if n < 1 << 14:
        return (n << 2 | 1).to_bytes(2, 'little')
    if n < 1 << 30:
        return (n << 2 | 2).to_bytes(4, 'little')
    size = (n.bit_length() + 7) // 8
    return bytes([(size - 4) << 2 | 3]) + n.to_bytes(size, 'little')


def neuron(uid, hotkey, stake):
    key = bytes.fromhex(hotkey)
    return (key + key + compact(uid) + compact(NETUID) + b'\1' + bytes(34) + bytes(31) + compact(1) + key + compact(stake) +
            compact(0) * 7 + compact(BASE) + b'\0' + compact(0))


class Market(Chain):
    """A chain on which others bid and a validator tells prices (auction.md 4.8, E14); it begins at block BASE."""

    def __init__(self, world, folder, rate=1, ours=OURS_TEXT, age=100, at=BASE, others=True, **how):
        super().__init__(world, folder, rate=rate, **how)
        self.at, self.wall, self.loaded, self.dead = at, time.time(), 0, False
        if ours:
            self.records.append((at - age, bytes([len(ours) + 1]) + ours.encode()))
        keys = {who: json.loads(mine(world, 'key', '0x' + who).stdout)['storage_key'] for who in (PUBLIC, VALIDATOR, *[OTHER] * others)}
        self.keys = {key: who for who, key in keys.items()}
        self.texts = {OTHER: OTHERS_TEXT.encode(), VALIDATOR: PRICES}

    def head(self):
        return self.at + int((time.monotonic() - self.began) * self.rate)

    def value(self, who, block):
        if who == PUBLIC:
            return self.record(block)
        text = self.texts[who]
        return '0x' + (bytes(8) + (BASE - 50).to_bytes(4, 'little') + b'\4' + bytes([len(text) + 1]) + text).hex()

    def result(self, method, params):
        block = int(params[-1], 16) if len(params) > 1 and str(params[-1]).startswith('0x') else self.head()
        if method == 'state_call' and params[0].startswith('NeuronInfo'):  # at any block
            all_of_them = neuron(0, VALIDATOR, 10**13) + neuron(1, PUBLIC, 10**9) + neuron(2, OTHER, 10**9)
            return {'result': '0x' + (compact(3) + all_of_them).hex()}
        if method == 'state_call':
            self.loaded += 1
        if method == 'state_getKeysPaged':
            assert params[0] == PREFIX and params[1] == 1000, params
            return {'result': sorted(key for key in self.keys if key > params[2] and self.value(self.keys[key], block))}
        if method == 'state_queryStorageAt':
            return {'result': [{'block': params[-1], 'changes': [[k, self.value(self.keys[k], block)] for k in params[0]]}]}
        if method == 'chain_getBlockHash' and params[0] > self.head():
            return {'result': None}
        if method == 'state_getStorage' and params[0] == TIMESTAMP:
            at_ms = int((self.wall + (block - self.at) / self.rate) * 1000)
            return {'result': '0x' + at_ms.to_bytes(8, 'little').hex()}
        return super().result(method, params)


@contextlib.contextmanager
def market(world, **how):
    server = Market(world, world.folder, **how)
    server.spoil = lambda handler, body: server.dead and (handler.give(503, '') or True)
    threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def rig(world, server, sizes=OURS, more=''):
    """The rig's folder with config.toml and a proxy's file."""
    (world.folder / 'state').mkdir(exist_ok=True)
    file = configure(world, server, sizes)
    (world.folder / 'hook').write_text(f'#!/bin/sh\ncat > {world.folder}/result.json\n')
    (world.folder / 'hook').chmod(0o755)
    (world.folder / 'pools.toml').write_text('[pools]\n[[pools.main]]  # ours\nname = "central-proxy"\nweight = 1\n')
    table = {'share': '0.2', 'pools': f'{world.folder}/pools.toml', 'pools_signal': f'{world.folder}/reload'}
    text = f'\n[mine]\nblock_time_s = {max(1 / server.rate, 0.1) if server.rate > 0.1 else 12}\n' + ''.join(f'{k} = "{v}"\n' for k, v in table.items())
    file.write_text(file.read_text() + text + (more or f'exec = ["{world.folder}/hook"]\n'))
    return file


def status(world):
    try:
        return json.loads((world.folder / 'state/auction-status.json').read_text())
    except FileNotFoundError:
        return {}


def until(what, limit=20):
    end = time.monotonic() + limit * PATIENCE
    while time.monotonic() < end:
        if said := what():
            return said
        time.sleep(0.05)
    raise AssertionError(f'never: {what.__doc__ or what}')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def asked(port, path):
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/{path}', timeout=5) as r:
            return r.status, r.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode()


class Service:
    def __init__(self, world, *argv):
        self.log = world.folder / 'log'
        self.p = subprocess.Popen([str(world.build / 'davy-mine'), 'run', '-C', str(world.folder), *argv],
                                  stdout=open(self.log, 'w'), stderr=subprocess.STDOUT, env=environment())

    def events(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def said(self, name):
        return [e for e in self.events() if e['event'] == name]

    def end(self, signo=signal.SIGTERM):
        self.p.send_signal(signo)
        return self.p.wait(10 * PATIENCE)


@contextlib.contextmanager
def service(world, *argv):
    s = Service(world, *argv)
    try:
        yield s
    except Exception:
        print(s.log.read_text()[-6000:])
        raise
    finally:
        if s.p.poll() is None:
            s.p.kill()
            s.p.wait()


def test_an_auction_is_computed_as_the_reference_does_and_its_hashrate_routed(world):
    with market(world, rate=0.01) as server:
        rig(world, server)
        p = mine(world, 'once', 'auction', '-C', world.folder)
        assert p.returncode == 0, p
        said = json.loads(p.stdout)['patch']['last_result']
        assert (said['won'], said['lost'], said['commitments'], said['start']) == (18, 68, 2, WINDOW), said
        assert (said['budget_ph'], round(said['won_ph'], 9), said['price'], said['solver']['agree']) == (8, 7.05, '1', True), said
        assert [(b['hashrate'], b['count'], b['won']) for b in said['bids']] == [
            ('0.05', 1, 0), ('0.1', 4, 3), ('0.45', 81, 15)], said
        pools = (world.folder / 'pools.toml').read_text()
        assert 'target_hashrate = "7050TH/s"' in pools and '# ours' in pools and 'weight' not in pools, pools
        hook = json.loads((world.folder / 'result.json').read_text())
        assert len(hook['winners']) == 23 and round(hook['won_ph'], 9) == 7.05 and (world.folder / 'reload').exists(), hook
        names = [json.loads(line)['event'] for line in p.stderr.splitlines()]
        assert names == ['Ban consensus computed', 'Auction budget computed', 'Processed auction window',
                         'Auction results computed', 'Processing winning bids', 'Processing lost bids',
                         'Updated subnet target hashrate', 'Computed current window results'], names
        budget = json.loads(p.stderr.splitlines()[1])
        assert budget['tao_usdc'] == '45000000000000000000' and budget['alpha_tao'] == 37639265281541704, budget
        assert (budget['budget_ph'], budget['budget_cap'], budget['budget_ph_capped']) == (20, 0.4, 8), budget
        assert status(world)['last_result']['won'] == 18 and status(world)['windows'][-1]['state'] == 'won'


def test_the_budget_is_filled_as_in_the_worked_auctions(world):
    with market(world, rate=0.01, others=False) as server:
        file = rig(world, server)
        for share, won, target in ('1.0', 86, '36900TH/s'), ('0.2', 21, '8000TH/s'):      # E12, E13
            file.write_text(re.sub(r'share = "[^"]*"', f'share = "{share}"', file.read_text()))
            p = mine(world, 'once', 'auction', '-C', world.folder)
            assert p.returncode == 0 and json.loads(p.stdout)['patch']['last_result']['won'] == won, p
            assert f'target_hashrate = "{target}"' in (world.folder / 'pools.toml').read_text()


def test_a_commitment_is_renewed_when_it_is_72_minutes_old_and_not_before(world):
    with market(world, rate=0.01, age=359) as server:
        rig(world, server)
        p = mine(world, 'once', 'commitment', '-C', world.folder)
        assert p.returncode == 0 and 'Commitment unchanged; skipping update' in p.stderr and not server.sent, p
        server.records[0] = (BASE - 360, server.records[0][1])
        server.at, server.rate, server.began = BASE, 5, time.monotonic()
        p = mine(world, 'once', 'commitment', '-C', world.folder)
        said = json.loads(p.stdout)['patch']
        assert said['commitment']['why'] == 'stale' and said['published']['block'] > BASE and len(server.sent) == 1, p
        assert json.loads(next(line for line in p.stderr.splitlines() if 'stale; refreshing' in line))['commitment_age_sec'] == 4320


def test_another_endpoint_is_asked_where_the_first_fails(world):
    with market(world, rate=0.01) as server:
        file = rig(world, server, more='endpoints = ["%s"]\n' % f'http://127.0.0.1:{server.server_port}')
        file.write_text(re.sub(r'network = "[^"]*"', f'network = "http://127.0.0.1:{free_port()}"', file.read_text()))
        p = mine(world, 'once', 'auction', '-C', world.folder)
        assert p.returncode == 0, p
        first, second = status(world)['endpoints']
        assert not first['ok'] and first['why'] and second['ok'] and status(world)['endpoint'] == second['host'], status(world)
        assert '_memory' not in first, first


def test_the_next_window_is_waited_for(world):
    with market(world, rate=2, at=WINDOW + 57) as server:
        rig(world, server)
        p = mine(world, 'once', 'auction', '-C', world.folder)
        events = [json.loads(line) for line in p.stderr.splitlines()]
        assert [e['event'] for e in events[:2]] == ['Close to window transition, waiting for new window',
                                                    'Window transition detected'], p.stderr
        assert events[0]['blocks_until_next'] <= 3 and events[1]['old_window'] == 0 and events[1]['new_window'] == 1
        assert json.loads(p.stdout)['patch']['last_result']['start'] == WINDOW + 60, p


def test_a_service_publishes_computes_tells_and_leaves_nothing(world):
    with market(world, rate=5, ours=None, at=WINDOW + 5) as server:
        port = free_port()
        file = rig(world, server, more=f'metrics = "{world.folder}/mine.prom"\nhealthz = "{port}"\n')
        with service(world) as s:
            until(lambda: (status(world).get('commitment') or {}).get('published'))
            until(lambda: status(world).get('last_result'))
            now = status(world)
            assert now['commitment']['text'] == OURS_TEXT and now['commitment']['why'] == 'changed', now
            assert now['pid'] == s.p.pid and now['connected'] and now['jobs']['auction']['ok'] and now['netuid'] == 89, now
            until(lambda: status(world)['finalized'] and status(world)['block'] - status(world)['finalized'] in (3, 4))
            until(lambda: status(world)['block_interval_s'])
            assert 0.15 < status(world)['block_interval_s'] < 0.25, status(world)
            assert asked(port, 'healthz')[0] == 200 and asked(port, 'nothing')[0] == 404
            second = mine(world, 'run', '-C', world.folder)
            assert second.returncode == 2 and 'another davy-mine' in second.stderr, second
            good = file.read_text()
            file.write_text(good.replace('"0.45" = 81', '"0.46" = 81'))
            s.p.send_signal(signal.SIGHUP)
            until(lambda: status(world)['config']['ok'] is False)
            now = status(world)
            code, why = asked(port, 'healthz')
            assert code == 503 and '0.45 PH' in json.loads(why)['why'], why
            assert '0.45 PH' in now['error'] and now['commitment']['text'] == OURS_TEXT and now['network'], now
            file.write_text(good.replace('"0.45" = 81', '"0.45" = 80'))
            s.p.send_signal(signal.SIGHUP)
            until(lambda: status(world)['commitment']['text'].endswith('0.45:80') and not status(world)['error'])
            p = mine(world, 'commit', '--force', '-C', world.folder, '--poll', 100)
            assert p.returncode == 0 and json.loads(p.stdout)['why'] == 'forced' and len(server.sent) == 3, p
            block = json.loads(p.stdout)['block']
            until(lambda: status(world)['commitment']['block'] == block)
            assert server.loaded <= 3, server.loaded    # metadata: the two jobs that began together, and the command
            assert 'davy_mine_job_runs_total{job="auction"}' in (world.folder / 'mine.prom').read_text()
            assert s.end() == 0 and s.said('Scheduler stopped'), s.events()
            assert status(world)['pid'] is None and status(world)['commitment']['block'] == block, status(world)


def test_a_run_that_takes_too_long_is_ended_with_all_it_started(world):
    with market(world, rate=0.01) as server:
        pids = world.folder / 'pids'
        (world.folder / 'slow').write_text(f'#!/bin/sh\nsetsid sleep 300 &\necho $! $$ > {pids}\n'
                                           "trap '' TERM\nsleep 300 &\nwait\nsleep 300\n")
        (world.folder / 'slow').chmod(0o755)
        rig(world, server, more=f'exec = ["{world.folder}/slow"]\nexec_limit_s = 110\njob_limit_s = 2\n')
        with service(world) as s:
            until(lambda: pids.exists() and pids.read_text().split())
            until(lambda: s.said('Job failed'))
            assert 'ended after 2 s' in s.said('Job failed')[0]['error'], s.events()
            assert 'ended after 2 s' in status(world)['error'], status(world)
            for pid in pids.read_text().split():
                until(lambda pid=pid: not os.path.exists(f'/proc/{pid}') or ' Z ' in open(f'/proc/{pid}/stat').read(), 3)
            assert s.end() == 0


def test_the_chain_is_followed_with_one_question_a_block(world):
    with market(world, rate=4) as server:
        rig(world, server)
        p = subprocess.Popen([str(world.build / 'davy-mine'), 'follow', '-C', str(world.folder)], stdout=subprocess.PIPE,
                             text=True, env=environment())
        try:
            lines = [json.loads(p.stdout.readline()) for _ in range(8)]
            assert len(server.asked) <= lines[-1]['block'] - lines[0]['block'] + 3, (server.asked, lines)
            assert lines[-1]['block'] - lines[-1]['finalized'] in (2, 3, 4) and lines[-1]['netuid'] == 89, lines
            assert lines[0]['window']['start'] == WINDOW and lines[0]['tempo'] == 360, lines[0]
            assert lines[0]['window']['blocks_left'] == WINDOW + 60 - lines[0]['block'], lines[0]
            server.dead = True
            silent = json.loads(p.stdout.readline())
            assert silent['block'] is None and '503' in silent['error'], silent
            server.dead = False
            assert json.loads(p.stdout.readline())['block'] > lines[-1]['block']
        finally:
            p.kill()
            p.wait()


def test_the_dashboard_follows_the_chain_where_no_miner_of_ours_runs(world):
    with market(world, rate=1) as server:
        rig(world, server)
        with world.open(world.folder) as davy:
            davy.wait_for('no block is known yet', 10)
            davy.wait_for('window 1/6', 30)
            davy.wait_for('behind', 10)
            assert 'estimated' not in davy.text(), davy.text()
            assert len(server.asked) <= 40, server.asked
        before = len(server.asked)
        time.sleep(2.5)
        assert len(server.asked) <= before + 1, 'it is still followed'


def test_systemd_is_told_and_the_unit_is_hardened(world):
    unit = (world.build / 'davy-mine.service').read_text()
    for word in ('Type=notify', 'WatchdogSec=30', 'NoNewPrivileges=yes', 'LimitCORE=0', 'CapabilityBoundingSet=\n',
                 'MemoryDenyWriteExecute=yes', 'ProtectSystem=strict', '/davy-mine run -C ${DAVY_RIG}'):
        assert word in unit, word
    if shutil.which('systemd-analyze'):
        path = world.folder / 'davy-mine.service'
        path.write_text(re.sub(r'ExecStart=\S+', 'ExecStart=/bin/true', unit))
        done = world.run('systemd-analyze', 'security', '--offline=true', '--threshold=20', path)
        assert done.returncode == 0, done.stdout[-2000:]
    with market(world, rate=0.01) as server, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        rig(world, server)
        told.bind(str(world.folder / 'notify'))
        told.settimeout(10 * PATIENCE)
        p = subprocess.Popen([str(world.build / 'davy-mine'), 'run', '-C', str(world.folder)], stdout=subprocess.DEVNULL,
                             env={**environment(), 'NOTIFY_SOCKET': str(world.folder / 'notify'), 'WATCHDOG_USEC': '1000000'})
        try:
            words = {told.recv(100).decode() for _ in range(3)}
            assert {'READY=1', 'WATCHDOG=1'} <= words, words
            p.terminate()
            while told.recv(100).decode() != 'STOPPING=1':
                pass
            assert p.wait(10 * PATIENCE) == 0
        finally:
            p.kill()
            p.wait()
