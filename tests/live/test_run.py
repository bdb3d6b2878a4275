# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-run, the supervisor: hostile modules, kills, floods, reloads."""
import json
import os
import pwd
import re
import signal
import socket
import subprocess
import time

from pty_davy import PATIENCE, environment


def alive(world, word):
    """Processes with that word on their command line; zombies have none."""
    found = []
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/cmdline', 'rb') as f:
                words = f.read().split(b'\0')
        except OSError:
            continue
        if any(word.encode() in w and str(world.folder).encode() in b' '.join(words) for w in words) and int(pid) != os.getpid():
            found.append(int(pid))
    return found


def until(what, true, seconds=20):
    end = time.monotonic() + seconds * PATIENCE
    while not true():
        assert time.monotonic() < end, f'never: {what}'
        time.sleep(0.03)


class Run:
    """davy-run on the world's folder while the block runs; at its end nothing of it may be left."""

    def __init__(self, world, modules, *options, env=None):
        self.world, self.modules, self.options, self.env = world, modules, options, env or environment()

    def write(self, modules):
        text = ''
        for name, m in modules.items():
            m = {'command': m} if isinstance(m, list) else m
            text += f'[modules.{name}]\n' + ''.join(
                f'{k} = {{ {", ".join(f"{a} = {json.dumps(b)}" for a, b in v.items())} }}\n' if isinstance(v, dict) else
                f'{k} = {json.dumps(v)}\n' for k, v in m.items())
        (self.world.folder / 'davy.toml').write_text(text)

    def start(self):
        self.process = subprocess.Popen([str(self.world.build / 'davy-run'), '-C', str(self.world.folder), *self.options],
                                        env=self.env, stderr=open(self.world.folder / 'said', 'a'))

    def __enter__(self):
        self.write(self.modules)
        self.start()
        return self

    def __exit__(self, kind, *_):
        self.process.terminate()
        code = self.process.wait(timeout=30 * PATIENCE)
        left = alive(self.world, 'moria')
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        if kind is None:
            assert code == 0 and not left, (code, left, self.said())

    def said(self):
        return (self.world.folder / 'said').read_text()

    def state(self, name=None):
        try:
            root = json.loads((self.world.folder / 'state/davy/run.json').read_text())
        except FileNotFoundError:
            return {}
        return root['modules'].get(name, {}) if name else root

    def log(self, name):
        try:
            return (self.world.folder / f'logs/{name}.log').read_text(errors='replace')
        except FileNotFoundError:
            return ''


def shell(world, text):
    """A module; its command line holds the world's folder and the word by which it is found."""
    return ['sh', '-c', text, 'moria', str(world.folder)]


def test_a_module_runs_where_and_as_it_was_told_and_its_output_is_kept(world):
    (world.folder / 'Miners').mkdir()
    module = {'command': shell(world, 'pwd; echo "$VEIN $DAVY_RUN"; echo wrong >&2; printf "no newline"; exec sleep 1000'),
              'folder': 'Miners', 'environment': {'VEIN': 'mithril'}}
    with Run(world, {'dig': module}) as run:
        until('its output', lambda: 'wrong' in run.log('dig'))
        state = run.state('dig')
        assert state['state'] == 'running' and state['restarts'] == 0 and alive(world, '1000') == [] and state['pid'] > 1, state
    lines = run.log('dig').splitlines()
    assert all(re.match(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ', line) for line in lines), lines
    said = [line.split(' ', 1)[1] for line in lines]
    assert said[1:4] == [f'{world.folder}/Miners', f'mithril {world.folder}:dig', 'wrong'], said
    assert said[4:] == ['no newline', '-- davy-run: stopped'], said
    assert run.state()['modules'] == {}


def test_a_flood_of_output_stops_nobody_and_is_rotated(world):
    flood = 'head -c 11500000 /dev/zero | tr "\\0" x | fold -w 100; echo; echo through; exec sleep 1000'
    with Run(world, {'flood': shell(world, flood), 'calm': shell(world, 'echo calm; exec sleep 1000')}) as run:
        until('through', lambda: 'through' in run.log('flood'), 60)
        assert 'calm' in run.log('calm')
        old = world.folder / 'logs/flood.log.1'
        assert 9 << 20 < old.stat().st_size <= 10 << 20, old.stat().st_size


def test_what_dies_is_started_again_ever_later_and_a_crash_loop_rests(world):
    with Run(world, {'weak': shell(world, 'echo begun; exit 7')}) as run:
        until('a crash loop', lambda: run.state('weak').get('state') == 'crash loop')
        state = run.state('weak')
        assert state['restarts'] == 2 and state['last_exit'] == 'exit status 7' and state['pid'] is None, state
        assert 590000 < state['next_ms'] - time.time() * 1000 <= 600000, state
        assert run.log('weak').count('Z begun') == 3


def test_a_command_that_is_not_there_is_told(world):
    with Run(world, {'none': [f'{world.folder}/nowhere']}) as run:
        until('its end', lambda: run.state('none').get('last_exit') == 'exit status 127')
        assert 'No such file or directory' in run.log('none')


HOSTILE = '''trap "" TERM HUP INT
(setsid sh -c 'trap "" TERM; (setsid sh -c "trap \\"\\" TERM; while :; do sleep 0.2; done" moria "$1" &); while :; do sleep 0.2; done' moria "$1" &)
echo up; while :; do sleep 0.2; done'''


def test_a_whole_tree_ends_within_its_grace_however_it_hides(world):
    with Run(world, {'troll': {'command': shell(world, HOSTILE), 'grace_s': 1}}) as run:
        until('three of them', lambda: len(alive(world, 'moria')) >= 3)
        began = time.monotonic()
        run.process.terminate()
        run.process.wait(timeout=30 * PATIENCE)
        assert time.monotonic() - began >= 0.9
        assert alive(world, 'moria') == []


def test_what_a_dead_module_left_ends_before_it_is_started_again(world):
    leaving = '(setsid sh -c "echo child; exec sleep 1000" moria "$1" &) ; sleep 0.3; echo gone; exit 1'
    with Run(world, {'m': {'command': shell(world, leaving), 'grace_s': 1}}) as run:
        until('a restart', lambda: run.state('m').get('restarts', 0) >= 1)
        until('its child', lambda: run.log('m').count('Z child') == 2)
        sleeping = [pid for pid in map(int, filter(str.isdigit, os.listdir('/proc'))) if mark_of(pid) == f'{world.folder}:m'
                    and command_of(pid).startswith(b'sleep\x001000')]
        assert len(sleeping) <= 1, sleeping


def mark_of(pid):
    try:
        with open(f'/proc/{pid}/environ', 'rb') as f:
            return next((w[9:].decode() for w in f.read().split(b'\0') if w.startswith(b'DAVY_RUN=')), None)
    except OSError:
        return None


def leads(pid):
    """A module's first process; a shell about to exec looks like its parent."""
    try:
        return os.getsid(pid) == pid
    except ProcessLookupError:
        return False


def command_of(pid):
    try:
        with open(f'/proc/{pid}/cmdline', 'rb') as f:
            return f.read()
    except OSError:
        return b''


def test_killed_and_started_again_it_never_runs_two(world):
    one = 'echo up; while :; do sleep 0.1; done'
    with Run(world, {'m': shell(world, one)}) as run:
        for _ in range(3):
            until('one runs', lambda: run.state('m').get('state') == 'running' and run.state('m')['pid'] in alive(world, 'moria'))
            before = run.state('m')['pid']
            run.process.kill()
            run.process.wait()
            run.start()
            until('another one', lambda: run.state('m').get('pid') not in (None, before))
            until('it leads', lambda: any(leads(p) for p in alive(world, 'moria')))
            leaders = [p for p in alive(world, 'moria') if leads(p)]
            assert leaders == [run.state('m')['pid']], (leaders, before)


def test_a_second_one_is_refused(world):
    with Run(world, {'m': shell(world, 'exec sleep 1000')}) as run:
        until('it runs', lambda: run.state('m').get('state') == 'running')
        second = world.run(world.build / 'davy-run', '-C', world.folder)
        assert second.returncode == 3 and 'another davy-run runs this rig' in second.stderr, second


def test_hup_reads_the_settings_again(world):
    stay, change = shell(world, 'exec sleep 1000'), shell(world, 'echo old; exec sleep 1000')
    with Run(world, {'stay': stay, 'change': change, 'go': stay}) as run:
        until('all run', lambda: [m.get('state') for m in run.state().get('modules', {}).values()] == ['running'] * 3)
        before = run.state('stay')['pid']
        run.write({'stay': stay, 'change': shell(world, 'echo new; exec sleep 1000'), 'come': stay})
        run.process.send_signal(signal.SIGHUP)
        until('the new ones', lambda: set(run.state()['modules']) == {'stay', 'change', 'come'} and 'Z new' in run.log('change'))
        assert run.state('stay')['pid'] == before
        (world.folder / 'davy.toml').write_text('[modules.stay]\ncommand = 5\n')
        run.process.send_signal(signal.SIGHUP)
        until('a sentence', lambda: 'modules.stay.command: expected a list of words' in run.said())
        assert run.state('stay')['pid'] == before and len(run.state()['modules']) == 3


def test_direct_mode_hands_user_and_force_fresh_on(world):
    module = {'command': ['false'], 'direct': ['sh', '-c', 'echo "[$2 $3]"; exec sleep 1000', 'moria', str(world.folder), 'for {user}']}
    with Run(world, {'m': module}, '--direct', 'elonmusk', '--force-fresh') as run:
        until('its words', lambda: '[for elonmusk --force-fresh]' in run.log('m'))
        assert run.state()['mode'] == 'direct'


def test_another_user(world):
    if os.getuid() != 0:
        return
    os.chmod(world.folder, 0o755)
    module = {'command': ['sh', '-c', 'id -un; exec sleep 1000'], 'user': 'nobody'}
    with Run(world, {'m': module}) as run:
        until('its name', lambda: 'Z nobody' in run.log('m'))


def test_systemd_is_told(world):
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(world.folder / 'notify'))
    ear.settimeout(20 * PATIENCE)
    with Run(world, {'m': shell(world, 'echo "socket:$NOTIFY_SOCKET"; exec sleep 1000')},
             env=environment(NOTIFY_SOCKET=str(world.folder / 'notify'))) as run:
        assert ear.recv(100) == b'READY=1'
        until('its word', lambda: 'Z socket:' in run.log('m'))
        assert 'socket:/' not in run.log('m')
    assert ear.recv(100) == b'STOPPING=1'


def test_mistakes_are_sentences(world):
    for text, say in (('', 'nothing to run'), ('[modules.a]\n', 'modules.a.command is missing'), ('x', 'line 1'),
                      ('[modules.a]\ncommand = []', 'expected a list of words'), ('[modules."../x"]\ncommand = ["a"]', 'letters'),
                      ('[modules.a]\ncommand = ["a"]\ngrace_s = -1', 'from 0 to 600'),
                      ('[modules.a]\ncommand = ["a"]\ncolour = 1', 'unknown key colour')):
        (world.folder / 'davy.toml').write_text(text)
        done = world.run(world.build / 'davy-run', '-C', world.folder)
        assert done.returncode == 3 and say in done.stderr and done.stderr.count('\n') == 1, (text, done)
    assert world.run(world.build / 'davy-run', '--force-fresh').returncode == 3
    assert world.run(world.build / 'davy-run', 'x').returncode == 3


def test_help_fits_80_columns_and_the_manual_has_the_same(world):
    told = world.run(world.build / 'davy-run', '--help')
    assert told.returncode == 0 and told.stdout.isascii() and max(map(len, told.stdout.split('\n'))) <= 80, told
    manual = world.run(world.build / 'davy-run', 'manual').stdout.replace('\\-', '-')
    for word in ('--direct', '--force-fresh', 'grace_s', 'run.json', 'HUP'):
        assert word in told.stdout and word in manual, word


def test_the_module_of_the_example_is_one(world):
    """Its lines without the # are a module: davy-run and davy take it, and the manual tells the same keys."""
    example = world.run(world.davy, 'config', '--example').stdout
    block = example[example.index('#[modules.scraper]'):].split('\n[')[0]
    lines = [line[1:] for line in block.splitlines() if re.match(r'#\S', line)]
    assert len(lines) == 7, lines
    text = '\n'.join(lines).replace('"miner"', json.dumps(pwd.getpwuid(os.getuid()).pw_name))
    with Run(world, {}) as run:
        assert run.process.wait(timeout=10 * PATIENCE) == 3, run.said()
        (world.folder / 'davy.toml').write_text(text.replace('"python3", "main.py", "--sequential"', '"sleep", "4321"') + '\n')
        (world.folder / 'Miners').mkdir()
        assert world.run(world.davy, '-C', world.folder, 'config', '--check').returncode == 0
        run.start()
        until('the module of the example runs', lambda: run.state('scraper').get('state') == 'running')
    manual = world.run(world.davy, 'manual', 'davy.toml').stdout
    for key in ('command', 'direct', 'folder', 'environment', 'user', 'grace_s'):
        assert f'modules.NAME.{key}' in manual, key


def test_the_dashboard_shows_what_runs_what_does_not_and_that_nobody_looks_after_it(world):
    with Run(world, {'well': shell(world, 'exec sleep 4321'), 'bad': ['false']}) as run:
        until('a crash loop', lambda: run.state('bad').get('state') == 'crash loop')
        shown = world.once(world.folder)
        modules = {m['name']: m for m in shown['modules']['modules']}
        assert shown['modules']['supervisor'] == 'up' and shown['modules']['pid'] == run.process.pid, shown['modules']
        assert modules['well']['state'] == 'running' and modules['well']['uptime_s'] >= 0 and modules['well']['pid'], modules
        assert modules['bad']['restarts'] == 2 and modules['bad']['last_exit'] == 'exit status 1', modules
        alert = [a for a in shown['alerts'] if a['rule'] == 'module_ended']
        assert [(a['subject'], a['severity']) for a in alert] == [('bad', 'critical')], alert
        page = world.run(world.davy, '-C', world.folder, '--once', '-o', 'text', '--size', '120x30', '--keys', '2,Enter').stdout
        assert 'kept running by davy-run' in page and 'last exit: exit status 1' in page, page
        run.process.kill()
        run.process.wait()
        shown = world.once(world.folder)
        assert shown['modules']['supervisor'] == 'gone', shown['modules']
        assert [a['subject'] for a in shown['alerts'] if a['rule'] == 'module_ended'] == ['davy-run'], shown['alerts']
        before = run.state('well')['pid']
        run.start()
        until('it runs again', lambda: run.state('well').get('pid') not in (None, before))


def test_davy_knows_the_tables_of_the_modules(world):
    (world.folder / 'davy.toml').write_text('[modules.m]\ncommand = ["sleep", "1"]\n')
    done = world.run(world.davy, '-C', world.folder, 'config', '--check')
    assert done.returncode == 0, done


def test_modules_are_numbered_as_davy_toml_has_them_and_the_mode_is_known_without_a_status_file(world):
    with Run(world, {'scraper': ['sleep', '900'], 'analyst': ['sleep', '901']}) as run:
        until('both run', lambda: [m['state'] for m in run.state().get('modules', {}).values()] == ['running'] * 2)
        assert list(run.state().get('modules', {})) == ['scraper', 'analyst'], run.state()
        log = subprocess.Popen([str(world.davy), '-C', str(world.folder), 'stage', 'log', '-f', '--status', '1'], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment())
        line = log.stdout.readline()
        log.terminate()
        log.communicate()
        assert 'Mode: watchdog | Module 1: Running | Module 2: Running' in line, line
        run.write({'zebra': ['sleep', '902'], 'scraper': ['sleep', '900']})
        run.process.send_signal(signal.SIGHUP)
        until('the order is the new one', lambda: list(run.state().get('modules', {})) == ['zebra', 'scraper'])
