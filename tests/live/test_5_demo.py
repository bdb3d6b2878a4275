# SPDX-License-Identifier: GPL-2.0-or-later
"""davy demo: starts, lives, leaves nothing behind."""
import json
import signal
import time

from pty_davy import Davy, environment
from rigs import processes_of, wait_until


def demo(world, *options, size=(140, 44)):
    return Davy([world.davy, 'demo', *options], size=size, env=environment(TMPDIR=str(world.folder)))


def check_clean(world):
    wait_until(lambda: not list(world.folder.iterdir()), 3, f'left in the temporary folder: {list(world.folder.iterdir())}')
    wait_until(lambda: not processes_of(world.folder), 2, f'left running: {processes_of(world.folder)}')


def test_the_demo_lives_and_q_leaves_nothing(world):
    with demo(world, '--speed', '60') as d:
        d.wait_for('sim-busy', 10)
        for title in ('Alerts', 'Stages', 'Scores', 'Budgets', 'Auction', 'Tasks', 'Log'):
            d.wait_for(title)
        assert 'no data' not in d.text()
        d.settle(0.05, 1)
        seen = set()
        for _ in range(20):
            d.read(0.3)
            seen.add(d.text())
        assert len(seen) > 8, f'only {len(seen)} different pictures in 6 s'
        d.send('q')
        assert d.wait_end(6) == 0
        d.check_restored()
    check_clean(world)


def test_the_demo_cleans_up_after_signals(world):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with demo(world, '--speed', '30') as d:
            d.wait_for('sim-busy', 10)
            d.process.send_signal(number)
            d.wait_end(6)
            d.check_restored()
        check_clean(world)


def test_the_demo_cleans_up_after_a_hang_up(world):
    with demo(world, '--speed', '30') as d:
        d.wait_for('sim-busy', 10)
        d.hang_up()
        wait_until(lambda: d.process.poll() is not None, 6, 'it lives on')
    check_clean(world)


def test_a_killed_demo_leaves_no_process(world):
    with demo(world, '--speed', '30') as d:
        d.wait_for('sim-busy', 10)
        d.process.kill()
        d.process.wait()
    wait_until(lambda: not processes_of(world.folder), 3, f'left running: {processes_of(world.folder)}')


def test_the_demo_shows_a_scenario_s_alert(world):
    with demo(world, '--scenario', 'budget-exhausted') as d:
        d.wait_for('CRIT', 10)
        d.wait_for('Claude')
        d.send('q')
        assert d.wait_end(6) == 0
    check_clean(world)


def test_a_demo_of_an_unknown_scenario_is_one_sentence(world):
    with demo(world, '--scenario', 'no-such') as d:
        code = d.wait_end(8)
        text = bytes(d.raw).decode()
        assert code == 3 and 'no-such' in text and '\x1b[?1049h' not in text, (code, text)
    check_clean(world)


def test_the_demo_ends_by_itself_when_told(world):
    began = time.monotonic()
    with demo(world, '--seconds', '2', '--speed', '10') as d:
        assert d.wait_end(12) == 0
        assert time.monotonic() - began > 1.5
        d.check_restored()
    check_clean(world)


def rig_of(world):
    return next(world.folder.glob('davy-demo-*')) / 'rig'


def auction(world):
    """What davy-mine has told since it runs; before that the file is the simulator's."""
    status = json.loads((rig_of(world) / 'state/auction-status.json').read_text())
    return status if status.get('pid') and status['last_result'] else None


def miners(world):
    return [p for p in processes_of(world.folder) if 'davy-mine' in str(p)]


def test_the_demo_s_auctions_are_a_real_miner_s_and_c_commits(world):
    with demo(world, '--speed', '60') as d:
        d.wait_for('sim-busy', 10)
        wait_until(lambda: auction(world), 15, 'davy-mine tells nothing')
        before = auction(world)
        assert before['network'].startswith('http://127.0.0.1:') and before['connected'] and before['commitment'], before
        assert before['last_result']['won'] + before['last_result']['lost'] == 11, before
        hotkey = rig_of(world) / 'wallets/openclawd-miner/hotkeys/default'
        assert hotkey.stat().st_mode & 0o777 == 0o600
        secret = json.loads(hotkey.read_text())['secretSeed']
        d.send('c')
        d.wait_for('Force a commitment', 5)
        time.sleep(0.8)  # what was not read is not answered
        d.send('y')
        d.wait_for('"published": true', 15)
        wait_until(lambda: auction(world)['commitment']['block'] > before['commitment']['block'], 15, 'no new commitment')
        for file in rig_of(world).rglob('*'):
            assert file == hotkey or not file.is_file() or secret[2:].encode() not in file.read_bytes(), file
        d.send('\x1b')
        d.settle(0.3, 2)
        d.send('q')
        assert d.wait_end(6) == 0
    check_clean(world)


def test_a_killed_demo_takes_its_miner_along(world):
    with demo(world, '--speed', '60') as d:
        d.wait_for('sim-busy', 10)
        wait_until(lambda: auction(world) and miners(world), 15, 'no davy-mine')
        d.process.kill()
        d.process.wait()
    wait_until(lambda: not processes_of(world.folder), 5, f'left running: {processes_of(world.folder)}')
