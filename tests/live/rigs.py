# SPDX-License-Identifier: GPL-2.0-or-later
"""A small rig made by hand, whose every number the tests know; and the world around davy: the simulator, --once."""
import contextlib
import datetime
import json
import os
import pathlib
import signal
import subprocess
import time

from pty_davy import PATIENCE, Davy, environment

STAGES = ['Initialization', 'Data Scraping', 'Data Retrieval', 'Vector Database', 'Time Series Analysis', 'Content Generation',
          'Exportation', 'Complete']


def is_sanitized(pid):
    """A sanitizer keeps what was freed: its memory is not davy's."""
    return 'libasan' in open(f'/proc/{pid}/maps').read()


def utc(age_s=0.0):
    """A naive UTC time as the tracker writes it."""
    return (datetime.datetime.utcnow() - datetime.timedelta(seconds=age_s)).isoformat()


def scored(number, score, age_s=0.0, tokens=500, llm='openai-gpt4', strategy='structured_reasoning', subnet=1):
    return json.dumps({'timestamp': utc(age_s), 'task_id': f't_{number:03}', 'validator_score': score, 'tokens_spent': tokens,
                       'llm_used': llm, 'prompt_strategy': strategy, 'subnet_id': subnet}) + '\n'


def log_line(text, level='INFO', age_s=0.0):
    at = datetime.datetime.utcnow() - datetime.timedelta(seconds=age_s)
    return f'{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} - __main__ - {level} - {text}\n'


class Rig:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.path.mkdir(parents=True, exist_ok=True)

    def __truediv__(self, name):
        return self.path / name

    def write(self, name, text):
        """In place: truncate and write, as most of the real writers."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return target

    def append(self, name, text):
        with open(self.path / name, 'ab', buffering=0) as f:
            f.write(text.encode() if isinstance(text, str) else text)

    def replace(self, name, text):
        """Temporary file and rename."""
        self.write(name + '.tmp', text)
        os.replace(self.path / (name + '.tmp'), self.path / name)

    def stage(self, number=3, status='running', user='elonmusk', message='Indexing 50 posts', age_s=30.0, how='replace'):
        at = time.time() - age_s
        event = {'stage_number': number, 'stage_name': STAGES[number], 'status': status, 'message': message, 'username': user,
                 'details': {}, 'started_at': at, 'updated_at': at}
        text = json.dumps({'version': 1, 'mode': 'watchdog', 'pid': 4242, 'current_stage': event, 'stage_history': [event],
                           'updated_at': at})
        getattr(self, how)('miner_status.json', text)

    def budgets(self, openai=450000, claude=100000, how='write'):
        text = json.dumps({'budgets': {
            'openai-gpt4': {'monthly_allowance': 1000000, 'used_this_month': openai, 'daily_limit': 50000},
            'claude-sonnet': {'monthly_allowance': 800000, 'used_this_month': claude, 'daily_limit': 40000}},
            'tracking': {'last_reset': time.strftime('%Y-%m-01', time.gmtime()), 'reset_day_of_month': 1}}, indent=2)
        getattr(self, how)('config/token-budgets.json', text)

    def auction(self, block=7500000, age_s=3.0):
        now = time.time()
        self.replace('state/auction-status.json', json.dumps({
            'version': 1, 'network': 'finney', 'netuid': 89, 'tempo': 360, 'block': block, 'block_time': now - age_s,
            'connected': True, 'endpoint': 'wss://example', 'error': None,
            'commitment': {'text': '2;b;BTC,1=0.1:5', 'block': block - 50, 'at': now - 600, 'published': True},
            'last_result': None, 'missed_windows': 0, 'updated_at': now - age_s}))

    def heartbeat(self, age_s=60.0):
        now = time.time() - age_s
        self.write('memory/heartbeat-state.json',
                   json.dumps({'lastChecks': {'token_balance': now, 'bot_monitor': now}, 'lastBittensorCheck': now}))

    def fill(self):
        """Everything in good order, but no daemon ever ran here."""
        self.write('davy.toml', '[rig]\nname = "handmade"\n[auction]\nfollow = false\n')  # no test asks a real chain
        self.write('state/task-history.jsonl', ''.join(scored(i, 0.75, 40000 - 300 * i) for i in range(60)))
        self.write('logs/miner.log', log_line('Waiting for tasks...', age_s=20))
        self.write('HEARTBEAT.md', '# Checks\n- [ ] Daemon runs\n')
        self.write('config.toml', '[bittensor]\nnetwork = "finney"\nnetuid = 89\n\n[wallet]\nname = "w"\nhotkey_name = "h"\n'
                   'directory = "~/.bittensor/wallets"\n\n[workers]\nprice_multiplier = "1.0"\n\n[workers.worker_sizes]\n'
                   '"0.1" = 5\n')
        old = time.time() - 86400
        os.utime(self / 'config.toml', (old, old))
        self.stage()
        self.budgets()
        self.auction()
        self.heartbeat()
        return self


class World:
    """What a test gets: the programs, a folder of its own."""

    def __init__(self, build, folder):
        self.build, self.folder = pathlib.Path(build).resolve(), pathlib.Path(folder)
        self.davy, self.sim = self.build / 'davy', self.build / 'davy-sim'

    def rig(self, name='rig'):
        return Rig(self.folder / name)

    def open(self, rig, *more, through=(), **how):
        """through: a program that starts davy, and its arguments."""
        return Davy([*through, self.davy, '-C', rig.path if isinstance(rig, Rig) else rig, *more], **how)

    def run(self, *argv, seconds=20, env=None, **how):
        return subprocess.run([str(a) for a in argv], env=env or environment(), timeout=seconds * PATIENCE, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, **how)

    def once(self, rig, *more):
        """The whole model as davy sees it now."""
        done = self.run(self.davy, '-C', rig.path if isinstance(rig, Rig) else rig, '--once', '-o', 'json', *more)
        assert done.returncode == 0, f'davy --once ended with {done.returncode}: {done.stderr}'
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def simulated(self, *options, name='sim', seconds=90):
        """A simulated rig while the block runs. Its daemon must end with it."""
        folder = self.folder / name
        sim = subprocess.Popen([str(self.sim), 'rig', str(folder), f'--tied={os.getpid()}', '--seconds', str(seconds), *options],
                               env=environment())
        try:
            end = time.monotonic() + 10 * PATIENCE
            first = '.davy-sim' if 'empty' in options else 'state/miner.pid'
            while not (folder / first).exists():
                assert sim.poll() is None, f'davy-sim ended with {sim.returncode}'
                assert time.monotonic() < end, 'davy-sim wrote no pid file'
                time.sleep(0.05)
            yield folder
        finally:
            sim.send_signal(signal.SIGTERM)
            sim.wait(timeout=10 * PATIENCE)
        left = processes_of(folder)
        assert not left, f'left behind: {left}'


def processes_of(folder):
    """Command lines of living processes that name the folder."""
    found = []
    for entry in pathlib.Path('/proc').iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            line = (entry / 'cmdline').read_bytes().replace(b'\0', b' ').decode(errors='replace')
            if str(folder) in line:
                found.append(f'{entry.name} {line}')
    return found


def wait_until(what, seconds=10, why=''):
    end = time.monotonic() + seconds * PATIENCE
    while True:
        hit = what()
        if hit:
            return hit
        assert time.monotonic() < end, f'not within {seconds} s: {why}'
        time.sleep(0.1)
