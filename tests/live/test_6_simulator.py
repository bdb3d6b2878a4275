# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-sim on a real folder: every scenario provokes its alert, as davy --once -o json tells it; nothing is left behind."""
import json
import os
import pathlib
import re
import resource
import signal
import subprocess
import time

from pty_davy import PATIENCE, environment
from rigs import Rig, processes_of, wait_until

# scenario: the alerts that must come and stay, as (severity, rule, a part of the subject). Every rule stands here once.
EXPECTED = {
    'auction-missed': [('critical', 'auction_missed', '')],
    'bittensor-failed': [('warning', 'module_down', 'Bittensor')],
    'budget': [('warning', 'budget_high', 'openai'), ('critical', 'budget_high', 'claude')],
    'budget-exhausted': [('critical', 'budget_high', 'claude'), ('critical', 'budget_high', 'openai')],
    'budget-not-reset': [(None, 'budget_not_reset', '')],
    'busy': [('info', 'unbudgeted_llm', 'gemini-flash'), ('info', 'synthetic', '')],
    'calm': [],
    'chain-lost': [('warning', 'source_stale', 'auction')],
    'chain-trouble': [('warning', 'chain_unreachable', ''), ('warning', 'finality_lag', ''), ('warning', 'solver_disagreement', '')],
    'checklist-empty': [('info', 'checklist_empty', '')],
    'clock-ahead': [(None, 'clock', ''), (None, 'heartbeat_clock', '')],
    'commit-old': [('critical', 'commit_age', '')],
    'config-broken': [(None, 'config_invalid', '')],
    'config-warning': [('warning', 'config_warning', '')],
    'crash-loop': [('critical', 'module_ended', 'image')],
    'daemon-crash': [('critical', 'daemon_down', '')],
    'daemon-hang': [('critical', 'daemon_down', '')],
    'daily-limit': [('warning', 'daily_limit', 'claude')],
    'empty': [],
    'file-gone': [('warning', 'source_missing', 'heartbeat')],
    'files-torn': [(None, 'source_invalid', 'budgets'), (None, 'heartbeat_empty', ''), (None, 'history_bad_lines', '')],
    'heartbeat-overdue': [('warning', 'heartbeat_overdue', 'lastBittensorCheck'), ('warning', 'heartbeat_overdue', 'bot_monitor')],
    'ipc-errors': [('warning', 'ipc_error', '')],
    'loop-stuck': [('warning', 'loop_stuck', '')],
    'low-score': [('warning', 'score_avg', ''), (None, 'success_rate', ''), ('warning', 'token_roi', '')],
    'module-down': [('critical', 'module_down', 'Module 2')],
    'score-decline': [('warning', 'score_trend_7d', '')],
    'score-drop': [(None, 'score_drop_10', '')],
    'socket-lost': [('warning', 'socket_lost', '')],
    'stage-fail': [(None, 'stage_failed', '')],
    'stage-stall': [(None, 'stage_stale', '')],
    'two-writers': [('warning', 'two_writers', '')],
    'wallet-error': [('critical', 'wallet_error', '')],
}
# Needs a davy that runs: a file that was never seen is not missed.
WATCHED = {'file-gone': 'memory/heartbeat-state.json is gone'}


def missing(alerts, wanted):
    return [w for w in wanted if not any((w[0] is None or a['severity'] == w[0]) and a['rule'] == w[1] and w[2] in a['subject']
                                         for a in alerts)]


def provokes(world, scenario, speed):
    with world.simulated('--scenario', scenario, '--speed', speed) as folder:
        end, lacks = time.monotonic() + 10 * PATIENCE, None
        while lacks is None or (lacks and time.monotonic() < end):
            alerts = world.once(folder)['alerts']
            lacks = missing(alerts, EXPECTED[scenario])
        assert not lacks, f'missing {lacks} in {[(a["severity"], a["rule"], a["subject"]) for a in alerts]}'
        time.sleep(1)
        gone = missing(world.once(folder)['alerts'], EXPECTED[scenario])
        assert not gone, f'did not stay: {gone}'
        for a in alerts:
            assert a['why'] and a['do'] and all(a['do']), a


def shows(world, scenario):
    with world.simulated('--scenario', scenario) as folder, world.open(folder) as davy:
        davy.wait_for(WATCHED[scenario], 10)
        davy.read(2)
        assert WATCHED[scenario] in davy.text(), f'did not stay; the screen:\n{davy.text()}'


def cases():
    for scenario in WATCHED:
        yield f'{scenario} shows its alert on the screen within 10 s', lambda w, s=scenario: shows(w, s)
    for scenario in sorted(EXPECTED.keys() - WATCHED.keys()):
        yield f'{scenario} provokes its alert within 10 s', lambda w, s=scenario: provokes(w, s, '1')
    # Sixty tasks after the drop there is nothing left that it dropped from: at 60 times the speed that is soon.
    yield 'score-drop at 15 times the speed too', lambda w: provokes(w, 'score-drop', '15')
    for scenario in ('auction-missed', 'commit-old', 'ipc-errors', 'loop-stuck', 'stage-fail', 'stage-stall', 'two-writers',
                     'wallet-error'):
        yield f'{scenario} at 60 times the speed too', lambda w, s=scenario: provokes(w, s, '60')


def processes_named(folder):
    return [p for p in processes_of(folder) if 'miner_daemon.py' in p]


def test_every_scenario_of_the_list_is_expected_here(world):
    listed = [line.split()[0] for line in world.run(world.sim, 'rig', '--list').stdout.splitlines()]
    assert listed == sorted(EXPECTED), listed


def test_every_rule_has_a_scenario_that_provokes_it(world):
    manual = world.run(world.davy, 'manual', 'davy').stdout
    rules = re.findall(r'^\.B (\w+)$', manual.split('.SH ALERTS')[1].split('.SH ')[0], re.M)
    provoked = {rule for alerts in EXPECTED.values() for _, rule, _ in alerts}
    assert len(rules) > 20, f'the manual of davy lists no rules under ALERTS: {rules}'
    assert provoked == set(rules), f'no scenario for {set(rules) - provoked}; no such rule: {provoked - set(rules)}'


def test_a_lost_socket_is_healed_by_a_restart(world):
    with world.simulated('--scenario', 'socket-lost') as folder:
        path = folder / 'state/openclawd.sock'
        assert wait_until(lambda: world.once(folder)['daemon']['state'] == 'UP', 5, 'UP') and not path.exists()
        world.run(folder / 'scripts/stop-miner.sh')
        assert world.run(folder / 'scripts/start-miner.sh').returncode == 0
        wait_until(path.exists, 5, 'the socket')


def test_a_calm_rig_has_no_warning_even_at_speed(world):
    with world.simulated('--scenario', 'calm', '--speed', '60') as folder:
        for _ in range(8):
            alerts = [a for a in world.once(folder)['alerts'] if a['severity'] != 'info']
            assert not alerts, alerts
            time.sleep(0.7)


def test_the_first_model_of_a_busy_rig_is_full(world):
    with world.simulated('--speed', '10') as folder:
        m = wait_until(lambda: (lambda m: m['daemon']['state'] == 'UP' and m)(world.once(folder)), 5, 'daemon UP')
        assert all(s['state'] == 'ok' for s in m['sources']), m['sources']
        w = m['scores']['windows']
        assert all(w[k]['count'] > 0 and w[k]['mean'] is not None for k in ('24h', '7d', 'prev7d', 'last10', 'prev50', 'yesterday'))
        assert len(m['scores']['by_llm']) == 4 and len(m['scores']['by_subnet']) == 2, m['scores']
        assert m['scores']['roi'] > 0.001
        assert all(s['typical_s'] is not None for s in m['stages']['stages'][1:7]), m['stages']
        assert len(m['stages']['runs']) >= 5
        assert m['auction']['window']['blocks_left'] is not None and not m['auction']['estimated'], m['auction']
        assert m['auction']['last_result'] and m['auction']['commitment']
        assert m['scores']['malformed'] == 0 and m['scores']['invalid'] == 0


def test_a_new_rig_becomes_whole(world):
    with world.simulated('--scenario', 'empty', '--speed', '20') as folder:
        first = world.once(folder)
        assert not [a for a in first['alerts'] if a['severity'] != 'info'], first['alerts']
        missing_first = sum(s['state'] != 'ok' for s in first['sources'])
        last = wait_until(lambda: (lambda m: all(s['state'] == 'ok' for s in m['sources']) and m)(world.once(folder)), 25, 'all ok')
        assert missing_first > 3, first['sources']
        assert last['daemon']['state'] == 'UP'


def test_the_scripts_stop_and_start_the_daemon(world):
    with world.simulated('--scenario', 'calm', '--speed', '10') as folder:
        first = int((folder / 'state/miner.pid').read_text())
        done = world.run(folder / 'scripts/stop-miner.sh')
        assert done.returncode == 0 and 'stopped' in done.stdout, done
        assert not (folder / 'state/miner.pid').exists()
        assert json.loads((folder / 'state/miner-state.json').read_text())['status'] == 'stopped'
        assert world.once(folder)['daemon']['state'] == 'STOPPED'
        done = world.run(folder / 'scripts/start-miner.sh')
        assert done.returncode == 0, done
        second = int((folder / 'state/miner.pid').read_text())
        assert second != first
        wait_until(lambda: world.once(folder)['daemon']['state'] == 'UP', 5, 'UP again')
        assert world.run(folder / 'scripts/start-miner.sh').returncode == 1     # already running
        assert 'BITTENSOR MINER DAEMON STARTED' in (folder / 'logs/miner.log').read_text()


def test_a_restart_heals_a_hung_daemon(world):
    with world.simulated('--scenario', 'daemon-hang') as folder:
        assert wait_until(lambda: world.once(folder)['daemon']['state'] == 'HUNG', 5, 'hung')
        world.run(folder / 'scripts/stop-miner.sh')
        world.run(folder / 'scripts/start-miner.sh')
        wait_until(lambda: world.once(folder)['daemon']['state'] == 'UP', 5, 'UP')


def test_a_killed_simulator_leaves_no_process(world):
    folder = world.folder / 'killed'
    sim = subprocess.Popen([str(world.sim), 'rig', str(folder), '--seconds', '60'], env=environment())
    try:
        wait_until(lambda: (folder / 'state/miner-state.json').exists(), 5, 'the daemon')
        world.run(folder / 'scripts/stop-miner.sh')
        world.run(folder / 'scripts/start-miner.sh')       # now the daemon is nobody's child
    finally:
        sim.kill()
        sim.wait()
    wait_until(lambda: not processes_of(folder), 2, 'all gone')


def test_a_full_disk_is_one_sentence_and_the_end(world):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
    # Python ignores SIGXFSZ, and so does its child then: the write fails, as on a full disk
    done = subprocess.run([str(world.sim), 'rig', str(world.folder / 'full')], env=environment(), preexec_fn=small_files,
                          restore_signals=False, capture_output=True, text=True, timeout=10 * PATIENCE)
    assert done.returncode == 3 and done.stdout == '', done
    assert done.stderr.count('\n') == 1 and 'cannot write state/task-history.jsonl: ' in done.stderr, done
    assert not processes_of(world.folder / 'full')


def test_output_that_nobody_takes_is_an_error(world):
    for words in (['--help'], ['manual'], ['rig', '--list']):
        with open('/dev/full', 'w') as full:
            done = subprocess.run([str(world.sim), *words], env=environment(), stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 3 and 'cannot write to standard output' in done.stderr, (words, done)


def test_a_tied_simulator_whose_starter_is_gone_ends_at_once(world):
    done = subprocess.run([str(world.sim), 'rig', str(world.folder / 'tied'), '--tied=1'], env=environment(),
                          capture_output=True, text=True, timeout=5 * PATIENCE)
    assert done.returncode == 0, done
    assert not processes_of(world.folder / 'tied')


def test_somebody_elses_daemon_is_never_killed(world):
    with world.simulated('--scenario', 'daemon-crash') as folder:
        wait_until(lambda: not processes_named(folder), 8, 'the crash')
        stranger = subprocess.Popen(['sh', '-c', 'sleep 30; exit', 'miner_daemon.py'])
        try:
            (folder / 'state/miner.pid').write_text(f'{stranger.pid}\n')
            time.sleep(4)                              # seen as a daemon it would be killed after 2 s
            assert stranger.poll() is None, stranger.returncode
        finally:
            stranger.kill()
            stranger.wait()


def test_the_simulator_refuses_folders_it_did_not_make(world):
    rig = world.rig().fill()
    before = {p: p.stat().st_mtime_ns for p in rig.path.rglob('*')}
    done = world.run(world.sim, 'rig', rig.path, '--seconds', '1')
    assert done.returncode == 3 and 'did not make' in done.stderr, done
    assert {p: p.stat().st_mtime_ns for p in rig.path.rglob('*')} == before


def test_two_simulators_never_feed_one_folder(world):
    with world.simulated('--scenario', 'calm') as folder:
        done = world.run(world.sim, 'rig', folder, '--seconds', '1')
        assert done.returncode == 3 and 'another' in done.stderr, done


def test_a_stopped_rig_can_be_started_again(world):
    for _ in range(2):
        with world.simulated('--scenario', 'calm') as folder:
            wait_until(lambda: world.once(folder)['daemon']['state'] == 'UP', 5, 'UP')


def test_documents_are_never_half_for_a_reader_of_renamed_files(world):
    with world.simulated('--speed', '200') as folder:
        for _ in range(400):
            for name in ('miner_status.json', 'state/auction-status.json', 'memory/heartbeat-state.json'):
                json.loads((folder / name).read_text())


def test_history_lines_are_whole_and_as_json_dumps_writes_them(world):
    with world.simulated('--speed', '300') as folder:
        time.sleep(2)
        lines = (folder / 'state/task-history.jsonl').read_text().split('\n')
        assert len(lines) > 5000
        for line in lines[-3000:-1]:
            assert json.dumps(json.loads(line)) == line, line


def test_the_socket_is_bound_and_nobody_accepts(world):
    with world.simulated('--scenario', 'calm') as folder:
        path = folder / 'state/openclawd.sock'
        wait_until(path.exists, 5, 'the socket')
        listening = [line for line in pathlib.Path('/proc/net/unix').read_text().split('\n') if line.endswith(str(path))]
        assert len(listening) == 1 and int(listening[0].split()[3], 16) & 0x10000, listening


def test_a_long_path_does_without_the_socket(world):
    deep = Rig(world.folder / ('x' * 90) / ('y' * 90))
    os.rmdir(deep.path)
    with world.simulated('--scenario', 'calm', name=deep.path.relative_to(world.folder)) as folder:
        wait_until(lambda: 'Failed to setup IPC socket: ' in (folder / 'logs/miner.log').read_text(), 5, 'the log line')


def test_signals_end_the_simulator_and_its_daemon_at_once(world):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        folder = world.folder / f'by{number}'
        sim = subprocess.Popen([str(world.sim), 'rig', str(folder)], env=environment())
        wait_until(lambda f=folder: (f / 'state/miner-state.json').exists(), 5, 'the daemon')
        sim.send_signal(number)
        assert sim.wait(3 * PATIENCE) == 0
        assert not processes_of(folder)
        state = json.loads((folder / 'state/miner-state.json').read_text())
        assert state['status'] == 'stopped', state
