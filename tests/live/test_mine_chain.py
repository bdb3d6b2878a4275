# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-mine and a chain: nodes that answer, that fail in every way and are left for another, and wallets on the disk."""
import base64
import contextlib
import hashlib
import http.server
import json
import os
import re
import subprocess
import threading
import time

from pty_davy import PATIENCE, environment
from rigs import is_sanitized

GENESIS = '0x' + '2f' * 32
FINALIZED = '0x' + 'f1' * 32
TEMPO = '0x658faa385070e074c85bf6b568cf05557641384bb339f3758acddfd7053d33175900'
SEED = '01' * 32
ADDRESS = '5CcyqxXnJucaCnQQvvUg5EPzj1uoNAxACZvzArHw5aVDvgNH'
PUBLIC = '189dac29296d31814dc8c56cf3d36a0543372bba7538fa322a4aebfebc39e056'


def metadata(world, version):
    return subprocess.run([str(world.build / 'tests/chain_runtime'), str(version)], check=True, capture_output=True,
                          env=environment()).stdout


def wrapped(raw):
    """As state_call answers: an optional vector."""
    assert 64 <= len(raw) < 16384
    return '0x01' + (len(raw) << 2 | 1).to_bytes(2, 'little').hex() + raw.hex()


class Node(http.server.ThreadingHTTPServer):
    """A node that answers by a table; spoil(handler, body) may answer, or cut, in its place."""
    daemon_threads = True

    def __init__(self, raw, v15=True, spoil=None):
        self.raw, self.v15, self.spoil, self.asked = raw, v15, spoil, []
        super().__init__(('127.0.0.1', 0), Handler)

    def result(self, method, params):
        if method == 'state_call' and not self.v15:
            return {'error': {'code': -32603, 'message': 'Metadata_metadata_at_version is not found'}}
        table = {
            'chain_getBlockHash': GENESIS, 'state_getRuntimeVersion': {'specVersion': 425, 'transactionVersion': 1},
            'chain_getHeader': {'number': '0x7270dd' if params else '0x7270e3'}, 'chain_getFinalizedHead': FINALIZED,
            'state_call': wrapped(self.raw), 'state_getMetadata': '0x' + self.raw.hex(),
            'state_getStorage': '0x6801' if params == [TEMPO] else None,
        }
        return {'result': table[method]}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        questions = body if isinstance(body, list) else [body]
        self.server.asked.append([q['method'] for q in questions])
        if self.server.spoil and self.server.spoil(self, body):
            return
        answers = [{'jsonrpc': '2.0', 'id': q['id'], **self.server.result(q['method'], q['params'])} for q in questions]
        answers.reverse()
        self.give(200, json.dumps(answers if isinstance(body, list) else answers[0]))

    def give(self, status, text, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def node(*args, **how):
    server = Node(*args, **how)
    threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
    try:
        yield server, f'http://127.0.0.1:{server.server_port}'
    finally:
        server.shutdown()
        server.server_close()


def mine(world, *argv, **env):
    return subprocess.run([str(world.build / 'davy-mine'), *map(str, argv)], capture_output=True, text=True,
                          timeout=60 * PATIENCE, env={**environment(), **env})


def look(world, *urls, code=0):
    p = mine(world, 'node', *urls, '--limit', 12)
    assert p.returncode == code, f'{p.returncode}: {p.stdout}{p.stderr}'
    return json.loads(p.stdout)


def test_a_node_is_asked_in_one_batch_and_believed_by_its_own_metadata(world):
    for version in 15, 14:
        with node(metadata(world, version), v15=version == 15) as (server, url):
            said = look(world, url + '/?key=secret')
            assert said['usable'] and said['genesis'] == GENESIS and said['metadata'] == version, said
            assert (said['head'], said['finalized'], said['tempo']) == (7500003, 7499997, 360), said
            assert said['ss58_prefix'] == 42, said
            assert (said['spec_version'], said['transaction_version']) == (425, 1), said
            assert 'secret' not in json.dumps(said), said
            assert len(server.asked) == (3 if version == 15 else 4) and len(server.asked[0]) == 5, server.asked


def cut(handler, _):
    handler.connection.close()
    return True


def half(handler, _):
    handler.send_response(200)
    handler.send_header('Content-Length', '1000')
    handler.end_headers()
    handler.wfile.write(b'[{"jsonrpc"')
    return True


def slow(handler, _):
    time.sleep(5)
    return True


SPOILT = {
    'too many': (lambda h, _: h.give(429, 'slow down', Retry_After='1') or True, 'ask too much'),
    'broken': (lambda h, _: h.give(502, '<html>') or True, 'HTTP 502'),
    'a web page': (lambda h, _: h.give(200, '<html>hello</html>') or True, "node's answer"),
    'one answer for many': (lambda h, b: h.give(200, '{"id":1,"result":1}') or True, 'JSON-RPC'),
    'batches refused': (lambda h, b: h.give(200, '{"id":null,"error":{"code":-32005,"message":"no batches"}}') or True,
                        'no batches'),
    'cut': (cut, ''),
    'half an answer': (half, ''),
    'slow': (slow, ''),
}


def test_an_endpoint_that_fails_is_left_for_the_next_one(world):
    raw = metadata(world, 15)
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(node(raw, spoil=spoil))[1] for name, (spoil, _) in SPOILT.items()}
        good = stack.enter_context(node(raw))[1]
        said = look(world, *urls.values(), good)
        assert said['usable'] and said['endpoint'] == good.split('//')[1], said
        for (name, (_, why)), endpoint in zip(SPOILT.items(), said['endpoints']):
            assert endpoint['failed'] >= 1 and why in endpoint['why'], (name, endpoint)
        assert said['endpoints'][-1]['why'] is None and said['endpoints'][-1]['latency_ms'] is not None, said


def test_a_node_that_takes_no_batches_is_asked_one_by_one(world):
    refusal = '{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"Batched requests are not supported"}}'
    with node(metadata(world, 15), spoil=lambda h, b: isinstance(b, list) and (h.give(200, refusal) or True)) as (server, url):
        said = look(world, url)
        assert said['usable'] and said['endpoints'][0]['failed'] == 0 and said['head'] == 7500003, said
        assert [len(asked) for asked in server.asked] == [5, 1, 1, 1, 1, 1, 1, 1], server.asked


def test_one_that_fails_now_and_then_is_asked_again(world):
    fails = iter([True, False, True, False, False])
    with node(metadata(world, 15), spoil=lambda h, b: next(fails) and (h.give(503, '') or True)) as (server, url):
        said = look(world, url)
        assert said['usable'] and said['endpoints'][0]['failed'] == 2, said


def test_a_chain_that_wants_something_unknown_of_signers_is_not_signed_for(world):
    for word, other in (b'CheckNonce', b'CheckOunce'), (b'set_commitment', b'say_commitment'):
        with node(metadata(world, 15).replace(word, other)) as (_, url):
            said = look(world, url, code=2)
            assert not said['usable'] and (other if word == b'CheckNonce' else word).decode() in said['why'], said
    with node(b'meta\x0d' + metadata(world, 15)[5:]) as (_, url):
        assert 'version 13' in look(world, url, code=2)['why']


def test_a_hotkey_is_told_but_never_its_secret(world):
    hotkey = world.folder / 'hotkey'
    hotkey.write_text(json.dumps({'secretSeed': '0x' + SEED, 'ss58Address': ADDRESS}))
    hotkey.chmod(0o600)
    p = mine(world, 'key', hotkey)
    said = json.loads(p.stdout)
    assert said['ss58'] == ADDRESS and said['public_key'] == '0x' + PUBLIC and said['can_sign'], p
    assert said['storage_key'].endswith('5900f26aea1d0ff0a698' + PUBLIC), said
    assert json.loads(mine(world, 'key', ADDRESS).stdout)['storage_key'] == said['storage_key']
    assert json.loads(mine(world, 'key', '0x' + PUBLIC, '--netuid', 1).stdout)['netuid'] == 1
    hotkey.chmod(0o644)
    p = mine(world, 'key', hotkey)
    assert p.returncode == 2 and 'chmod 600' in p.stderr and SEED not in p.stdout + p.stderr, p
    hotkey.chmod(0o600)
    hotkey.write_text(json.dumps({'secretSeed': '0x' + SEED[:-2], 'ss58Address': ADDRESS}))
    p = mine(world, 'key', hotkey)
    assert p.returncode == 2 and 'secretSeed is damaged' in p.stderr and SEED[:20] not in p.stdout + p.stderr, p
    p = mine(world, 'key', world.folder / 'nothing')
    assert p.returncode == 2 and 'not there' in p.stderr, p


class Chain(Node):
    """A chain that makes some blocks a second, finalizes three blocks later, and takes what is signed well."""

    def __init__(self, world, folder, lose=False, rate=5):
        super().__init__(metadata(world, 15))
        self.began, self.lose, self.rate, self.records, self.sent = time.monotonic(), lose, rate, [], []
        self.file = folder / 'metadata'
        self.file.write_bytes(self.raw)
        self.judge = world.build / 'tests/chain_line'

    def head(self):
        return 1000 + int((time.monotonic() - self.began) * self.rate)

    @staticmethod
    def hash_of(number):
        return '0x' + number.to_bytes(32, 'big').hex()

    def seen(self, extrinsic, block):
        """What a node sees in it: account, nonce, tip, period, call, and whether it is signed for this chain."""
        ask = ['seen', extrinsic[2:], 425, 1, 0, 64, 0, GENESIS[2:], self.hash_of(block)[2:]]
        said = subprocess.run([str(self.judge), str(self.file)], input=' '.join(map(str, ask)) + '\n', text=True,
                              capture_output=True, check=True, env=environment()).stdout
        return said.split()

    def submit(self, extrinsic):
        # The era's two bytes stand behind the signature; its phase tells the birth block.
        era = int.from_bytes(bytes.fromhex(extrinsic[2:])[2 + 1 + 1 + 32 + 1 + 64:][:2], 'little')
        period, head = 2 << (era & 15), self.head()
        birth = max(head, era >> 4) // period * period + (era >> 4)
        birth -= period if birth > head else 0
        account, nonce, tip, wide, call, verdict = self.seen(extrinsic, birth)
        self.sent.append((account, int(nonce), int(tip), int(wide), verdict))
        if verdict != 'good' or int(nonce) != len(self.records):
            return {'error': {'code': 1010, 'message': 'Invalid Transaction', 'data': 'Transaction has a bad signature'}}
        if not self.lose:
            self.records.append((self.head() + 1, bytes.fromhex(call)[5:]))
        return {'result': '0x' + '00' * 32}

    def record(self, block):
        there = [(at, data) for at, data in self.records if at <= block]
        return '0x' + (bytes(8) + there[-1][0].to_bytes(4, 'little') + b'\4' + there[-1][1]).hex() if there else None

    def result(self, method, params):
        if method == 'chain_getHeader':
            return {'result': {'number': hex(int(params[0], 16) if params else self.head())}}
        if method == 'chain_getBlockHash':
            return {'result': self.hash_of(params[0]) if params[0] else GENESIS}
        if method == 'chain_getFinalizedHead':
            return {'result': self.hash_of(self.head() - 3)}
        if method == 'system_accountNextIndex':
            return {'result': len(self.records)}
        if method == 'author_submitExtrinsic':
            return self.submit(params[0])
        if method == 'state_getStorage' and params[0].endswith('5900f26aea1d0ff0a698' + PUBLIC):
            return {'result': self.record(int(params[1], 16) if len(params) > 1 else self.head())}
        return super().result(method, params)


@contextlib.contextmanager
def chain(world, **how):
    server = Chain(world, world.folder, **how)
    threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def configure(world, server, sizes='"0.25" = 4'):
    hotkeys = world.folder / 'wallets/rig/hotkeys'
    hotkeys.mkdir(parents=True, exist_ok=True)
    (hotkeys / 'miner').write_text(json.dumps({'secretSeed': '0x' + SEED, 'ss58Address': ADDRESS}))
    (hotkeys / 'miner').chmod(0o600)
    file = world.folder / 'config.toml'
    file.write_text(f"""
[bittensor]
network = "http://127.0.0.1:{server.server_port}"
netuid = 89
[wallet]
name = "rig"
hotkey_name = "miner"
directory = "{world.folder}/wallets"
[workers]
price_multiplier = "1"
[workers.worker_sizes]
{sizes}
""")
    return file


def commit(world, file, *argv, code=0):
    p = mine(world, 'commit', file, '--poll', 100, '--limit', 20, *argv)
    assert p.returncode == code and SEED not in p.stdout + p.stderr, f'{p.returncode}: {p.stdout}{p.stderr}'
    return p.stderr if code else json.loads(p.stdout)


def test_a_commitment_is_signed_sent_and_seen_in_the_finalized_chain(world):
    with chain(world) as server:
        file = configure(world, server)
        said = commit(world, file)
        assert said['published'] and said['why'] == 'changed' and said['text'] == '2;b;BTC,1=0.25:4', said
        block, data = server.records[0]
        assert data[1:].decode() == said['text'] and data[0] == len(said['text']) + 1, server.records
        assert said['block'] == block <= said['finalized'], said
        assert server.sent == [(PUBLIC, 0, 0, 64, 'good')], server.sent
        again = commit(world, file)
        assert not again['published'] and again['why'] == 'unchanged' and len(server.sent) == 1, again
        said = commit(world, file, '--force')
        assert said['published'] and said['why'] == 'forced' and said['nonce'] == 1, said
        said = commit(world, configure(world, server, '"0.45" = 2'))
        assert said['why'] == 'changed' and said['text'] == '2;b;BTC,1=0.45:2' and said['nonce'] == 2, said


def test_a_commitment_that_a_node_loses_is_not_called_published(world):
    with chain(world, lose=True, rate=30) as server:
        said = commit(world, configure(world, server), code=2)
        assert 'cannot come any more' in said and len(server.sent) == 1, said


def needles(seed):
    """What of a key must not lie about: the seed, as bytes and as text, scalar and nonce; halves find what is partly left."""
    h = bytearray(hashlib.sha512(seed).digest())
    h[0] &= 248
    h[31] = h[31] & 63 | 64
    scalar, nonce = (int.from_bytes(h[:32], 'little') >> 3).to_bytes(32, 'little'), bytes(h[32:])
    for name, secret in ('seed', seed), ('seed as text', seed.hex().encode()), ('scalar', scalar), ('nonce', nonce):
        half = len(secret) // 2
        yield name, secret[:half]
        yield name, secret[half:]


def memory(pid):
    """(flags, bytes) of everything that a process can write to."""
    smaps = open(f'/proc/{pid}/smaps').read()
    with open(f'/proc/{pid}/mem', 'rb', 0) as mem:
        for start, end, flags in re.findall(r'^([0-9a-f]+)-([0-9a-f]+) rw.*?VmFlags: ([^\n]*)', smaps, re.M | re.S):
            start, end = int(start, 16), int(end, 16)
            if end - start < 1 << 28:       # not the shadow of a sanitizer
                with contextlib.suppress(OSError):
                    mem.seek(start)
                    yield flags.split(), mem.read(end - start)


def test_after_signing_the_key_is_in_locked_memory_and_nowhere_else(world):
    seed = hashlib.sha256(b'a seed that is easy to find').digest()
    with chain(world) as server:
        file, there, go = configure(world, server), threading.Event(), threading.Event()
        (world.folder / 'wallets/rig/hotkeys/miner').write_text(json.dumps({'secretSeed': '0x' + seed.hex()}))
        server.spoil = lambda h, b: isinstance(b, dict) and b['method'] == 'author_submitExtrinsic' and (
            there.set() or go.wait(30))
        p = subprocess.Popen([str(world.build / 'davy-mine'), 'commit', str(file), '--limit', '1'], env=environment(),
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert there.wait(20 * PATIENCE), p.communicate(timeout=5)
            limits = open(f'/proc/{p.pid}/limits').read()
            assert re.search(r'Max core file size +0 +0 ', limits), limits
            found = set()
            with contextlib.suppress(PermissionError):      # where nobody may look into others
                for flags, data in memory(p.pid):
                    for name, secret in needles(seed):
                        if secret in data:
                            found.add(name)
                            # A sanitizer makes mlock() do nothing.
                            locked = 'lo' in flags or is_sanitized(p.pid)
                            assert locked and 'dd' in flags, f'{name} lies in memory with the flags {flags}'
                assert found == {'scalar', 'nonce'}, found
        finally:
            go.set()
            p.kill()
            p.communicate()


def encrypted():
    text = open(os.path.join(os.path.dirname(__file__), '../unit/test_chain_wallet.c')).read()
    lines = text.split('encrypted[] =')[1].split(';')[0]
    return bytes.fromhex(''.join(part for part in lines.split('"')[1::2]))


def test_an_encrypted_hotkey_opens_with_the_password_of_the_environment(world):
    hotkey = world.folder / 'hot.key'
    hotkey.write_bytes(encrypted())
    hotkey.chmod(0o600)
    name = 'BT_PW_' + str(hotkey).replace('/', '_').replace('.', '_').upper()

    def packed(password):
        return base64.b64encode(bytes(c ^ ord(name[i % len(name)]) for i, c in enumerate(password))).decode()
    p = mine(world, 'key', hotkey, **{name: packed(b'correct horse')})
    assert p.returncode == 0 and json.loads(p.stdout)['can_sign'], p
    p = mine(world, 'key', hotkey)
    assert p.returncode == 2 and name in p.stderr, p
    (world.folder / 'hot.keypub.txt').write_text(json.dumps({'ss58Address': ADDRESS}))
    said = json.loads(mine(world, 'key', hotkey).stdout)
    assert said['ss58'] == ADDRESS and not said['can_sign'] and name in said['why'], said
