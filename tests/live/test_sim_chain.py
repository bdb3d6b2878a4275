# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-sim chain and davy-mine on it, end to end: the auctions E12 to E14 of auction.md, commitments through forks, lost
extrinsics and bad nodes, and how the node itself behaves."""
import contextlib
import json
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from pty_davy import PATIENCE, environment
from rigs import wait_until
from test_mine_chain import ADDRESS, PUBLIC, SEED, mine

OTHER = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
PRICES = 'ALPHA_TAO=0.037639265281541704;TAO_USDC=45;HASHP_USDC=50;cap=0.4'
STILL = ('--block-ms', 3600000, '--validators', 1, '--miners', 0, '--netuid', 1, '--head', 1082, '--prices', PRICES)


class Chain:
    """davy-sim chain while the block runs."""

    def __init__(self, world, *options):
        argv = [str(world.sim), 'chain', '--seconds', '90', '--hotkeys', ADDRESS, *map(str, options)]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment())
        self.said = json.loads(self.process.stdout.readline())
        self.url = self.said['url']

    def ask(self, method, *params, path=''):
        body = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method, 'params': params}).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + path, body), timeout=10 * PATIENCE) as answer:
            said = json.load(answer)
        assert 'error' not in said, (method, said)
        return said['result']

    def state(self):
        return self.ask('sim_state')

    @contextlib.contextmanager
    def moving(self, gap=0.05):
        """Blocks come while the block runs, by hand: where they stop is the test's to say."""
        stop = threading.Event()

        def move():
            while not stop.wait(gap):
                self.ask('sim_advance', 1)
        thread = threading.Thread(target=move)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        assert self.process.wait(10 * PATIENCE) == 0
        self.process.stdout.close()


def rig(world, chain, workers, more=''):
    hotkeys = world.folder / 'wallets/rig/hotkeys'
    hotkeys.mkdir(parents=True, exist_ok=True)
    (hotkeys / 'miner').write_text(json.dumps({'secretSeed': '0x' + SEED, 'ss58Address': ADDRESS}))
    (hotkeys / 'miner').chmod(0o600)
    (world.folder / 'state').mkdir(exist_ok=True)
    (world.folder / 'pools.toml').write_text('[pools]\n[[pools.main]]  # ours\nname = "central-proxy"\nweight = 1\n')
    file = world.folder / 'config.toml'
    file.write_text(f"""[bittensor]
network = "{chain.url}"
netuid = {chain.said["netuid"]}
[wallet]
name = "rig"
hotkey_name = "miner"
directory = "{world.folder}/wallets"
[workers]
price_multiplier = "1"
{workers}
[mine]
pools = "{world.folder}/pools.toml"
pools_signal = "{world.folder}/reload"
{more}
""")
    return file


def commit(world, file, *argv, code=0):
    p = mine(world, 'commit', file, '--poll', 50, '--limit', 20, *argv)
    assert p.returncode == code and SEED not in p.stdout + p.stderr, f'{p.returncode}: {p.stdout}{p.stderr}'
    return p.stderr if code else json.loads(p.stdout)


def auction(world, chain, file, next_window=True):
    """The auction of the window that the head is in, after it was moved three blocks into the next one."""
    if next_window:
        window = json.loads(mine(world, 'window', chain.state()['head'], '--netuid', 1).stdout)
        chain.ask('sim_advance', window['blocks_to_next'] + 3)
    p = mine(world, 'once', '-C', world.folder, 'auction', file)
    assert p.returncode == 0, p
    said = json.loads(p.stdout)['patch']['last_result']
    return said, (world.folder / 'pools.toml').read_text()


def test_the_worked_auctions_e12_to_e14_from_commitment_to_pools(world):
    with Chain(world, *STILL) as chain:
        file = rig(world, chain, 'hashrates = ["5.5", "8.2", "6.8", "9.1", "7.3"]', 'share = "1"')
        with chain.moving():
            said = commit(world, file)
        assert said['published'] and said['text'] == '2;b;BTC,1=0.05:1,0.1:4,0.45:81', said
        result, pools = auction(world, chain, file)
        assert (result['won'], result['lost'], result['commitments']) == (86, 0, 1), result
        assert abs(result['budget_ph'] - 40) < 1e-6 and 'target_hashrate = "36900TH/s"' in pools, (result, pools)
        assert 'weight' not in pools and '# ours' in pools, pools
        # E13: the chain's own split, a fifth for the miners
        chain.ask('sim_split', [52428, 13107])
        file.write_text(file.read_text().replace('share = "1"', 'share = "chain"'))
        result, pools = auction(world, chain, file, next_window=False)
        assert abs(result['budget_ph'] - 8) < 1e-6 and result['won'] == 21, result
        assert 'target_hashrate = "8000TH/s"' in pools, pools
        # E14: somebody cheaper, whose dearer half is above what may win
        chain.ask('sim_neuron', OTHER, 0)
        chain.ask('sim_commit', OTHER, '2;b;BTC,0.95=0.2:5;BTC,1.06=0.45:10')
        result, pools = auction(world, chain, file)
        assert (result['won'], result['commitments']) == (18, 2), result
        assert 'target_hashrate = "7050TH/s"' in pools, pools


def test_a_ban_of_the_validators_and_an_old_commitment_take_a_miner_out(world):
    with Chain(world, *STILL) as chain:
        file = rig(world, chain, 'hashrates = ["0.45"]', 'share = "1"')
        with chain.moving():
            commit(world, file)
        assert auction(world, chain, file)[0]['won'] == 1
        validator = chain.ask('sim_neuron', OTHER, 10**17)  # more stake than all others
        banned = '1;p;' + PRICES
        chain.ask('sim_commit', OTHER, '0x' + banned.encode().hex() + 'ff' + '02' + '00' * 31)
        result, pools = auction(world, chain, file)
        assert validator == 2 and (result['won'], result['commitments']) == (0, 0), (validator, result)
        assert 'target_hashrate = "0TH/s"' in pools, pools
        chain.ask('sim_commit', OTHER, '0x' + banned.encode().hex() + 'ff' + '00' * 32)
        assert auction(world, chain, file)[0]['won'] == 1
        chain.ask('sim_advance', 750)
        assert auction(world, chain, file)[0]['commitments'] == 0


def test_close_to_the_end_of_a_window_the_next_one_is_waited_for(world):
    with Chain(world, *STILL[:-4], '--head', 1050, '--prices', PRICES) as chain:
        file = rig(world, chain, 'hashrates = ["0.45"]', 'share = "1"')
        with chain.moving():
            commit(world, file)
        chain.ask('sim_advance', 1078 - chain.state()['head'])
        posts = chain.state()['posts']
        job = subprocess.Popen([str(world.build / 'davy-mine'), 'once', '-C', str(world.folder), 'auction', str(file)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        wait_until(lambda: chain.state()['posts'] > posts + 2, 20 * PATIENCE, 'it asks nothing')
        chain.ask('sim_reorganise', 2)  # a step back is no transition
        chain.ask('sim_advance', 5)
        out, log = job.communicate(timeout=60 * PATIENCE)
        result = json.loads(out)['patch']['last_result']
        assert (result['start'], result['end'], result['won']) == (1080, 1139, 1), result
        assert 'Close to window transition' in log and 'Window transition detected' in log, log


def test_a_commitment_survives_forks_and_is_published_once(world):
    with Chain(world, '--block-ms', 40, '--fork-every', 3, '--skips', 20, '--finality', 6, '--netuid', 1) as chain:
        file = rig(world, chain, 'hashrates = ["0.45"]')
        for i in range(3):
            said = commit(world, file, '--force')
            assert said['published'] and said['nonce'] == i, said
        state = chain.state()
        assert state['forks'] > 2 and [s['nonce'] for s in state['sent']] == [0, 1, 2], state
        assert all(s['block'] <= state['head'] and s['error'] is None for s in state['sent']), state


def test_what_the_chain_does_not_take_is_not_called_published(world):
    with Chain(world, *STILL) as chain:
        file = rig(world, chain, 'hashrates = ["0.45"]')
        chain.ask('sim_fault', 'lost')
        with chain.moving(gap=0.01):
            assert 'cannot come any more' in commit(world, file, code=2)
        chain.ask('sim_fault', 'ok')
        assert chain.state()['sent'] == []
        file.write_text(file.read_text().replace('netuid = 1', 'netuid = 2'))  # nobody of ours is registered there
        with chain.moving(gap=0.01):
            assert 'cannot come any more' in commit(world, file, code=2)
        assert chain.state()['sent'][0]['error'] == 'AccountNotAllowedCommit'
        chain.ask('sim_finality', -1)
        file.write_text(file.read_text().replace('netuid = 2', 'netuid = 1'))
        p = mine(world, 'commit', file, '--poll', 50, '--limit', 1)
        assert p.returncode == 2 and 'it may still come' in p.stderr, p


def test_a_bad_node_is_left_for_one_that_answers(world):
    with Chain(world, '--block-ms', 200, '--slow-ms', 30000) as chain:
        faults = ('429', '500', 'cut', 'html', 'slow')
        p = mine(world, 'node', *[f'{chain.url}/{f}' for f in faults], chain.url + '/no-batch', '--limit', 12)
        said = json.loads(p.stdout)
        assert p.returncode == 0 and said['usable'] and said['genesis'] == chain.said['genesis'], p
        assert [e['failed'] > 0 for e in said['endpoints']] == [True] * 5 + [False], said
        with chain.moving(0.02):
            wait_until(lambda: chain.state()['head'] > chain.said['head'] + 40, 20 * PATIENCE, 'blocks do not come')
        behind = json.loads(mine(world, 'node', chain.url + '/behind').stdout)
        stuck = [json.loads(mine(world, 'node', chain.url + '/stuck').stdout)['head'] for _ in range(2)]
        assert behind['head'] <= chain.state()['head'] - 29 and stuck[0] == stuck[1], (behind, stuck)


def test_the_node_is_bounded_and_ends_when_it_is_told(world):
    with Chain(world, '--block-ms', 100) as chain:
        for body, status in (b'[' * 300000, 413), (b'{}', 200), (b'', 200):
            try:
                with urllib.request.urlopen(urllib.request.Request(chain.url, body), timeout=10) as r:
                    assert r.status == status and 'error' in json.load(r), body[:10]
            except urllib.error.HTTPError as e:
                assert e.code == status, (body[:10], e)
        assert chain.ask('system_health')['peers'] == 8
        account = chain.ask('state_getStorage', json.loads(mine(world, 'key', '0x' + PUBLIC, '--netuid', 89).stdout)['storage_key'])
        assert account is None and chain.ask('system_accountNextIndex', ADDRESS) == 0
    for options, what in (('--speed', '0'), '--speed'), (('--faults', 'flood'), '--faults'), (('--hotkeys', 'me'), ''):
        p = subprocess.run([str(world.sim), 'chain', *options], capture_output=True, text=True, timeout=20, env=environment())
        assert p.returncode == 3 and what in p.stderr and p.stdout == '', (options, p)
    argv = [str(world.sim), 'chain', '--tied', '1']  # not the process that starts it
    assert subprocess.run(argv, capture_output=True, timeout=20 * PATIENCE, env=environment()).returncode in (0, -signal.SIGTERM)
    argv = [str(world.sim), 'chain', '--seconds', '0.2']
    began = time.monotonic()
    assert subprocess.run(argv, capture_output=True, timeout=20 * PATIENCE, env=environment()).returncode == 0
    assert time.monotonic() - began >= 0.2
