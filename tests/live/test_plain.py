# SPDX-License-Identifier: GPL-2.0-or-later
"""davy --plain: the rig line by line, for screen readers, pipes and logs."""
import contextlib
import fcntl
import json
import os
import re
import select
import signal
import subprocess
import termios
import time

from pty_davy import PATIENCE, environment
from rigs import log_line, scored, wait_until


QUICK = '[rule.budget_high]\nfor_s = 0\nclear_for_s = 0\n'       # else an alert is pending first


class Plain:
    """davy --plain on pipes."""

    def __init__(self, world, rig, *more, stdin=subprocess.PIPE, env=None):
        self.process = subprocess.Popen([str(world.davy), '-C', str(rig.path), '--plain', *more], stdin=stdin,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env or environment())
        self.raw = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def read(self, seconds=0.1):
        if select.select([self.process.stdout], [], [], seconds)[0]:
            self.raw += os.read(self.process.stdout.fileno(), 65536)
        return self.raw.decode()

    def wait_for(self, what, seconds=8):
        return wait_until(lambda: what in self.read() and self.read(), seconds, f'{what}; so far:\n{self.read()}')

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def end(self, seconds=3):
        return self.process.wait(seconds * PATIENCE)

    def lines(self):
        return self.read(0).split('\n')[:-1]


def switches(pid):
    text = open(f'/proc/{pid}/status').read()
    return int(re.search(r'^voluntary_ctxt_switches:\s+(\d+)', text, re.M)[1])


def test_a_summary_comes_first_with_alerts_on_top(world):
    rig = world.rig().fill()
    rig.append('davy.toml', QUICK)
    rig.budgets(openai=970000)
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        lines = p.lines()
        assert re.match(r'davy \S+: rig handmade on .* in .*, 20\d\d-\d\d-\d\d \d\d:\d\d UTC$', lines[0]), lines[0]
        assert re.match(r'alerts: 1 critical, \d+ warning', lines[1]), lines[1]
        assert re.match(r'alert, critical: OpenAI budget at 97.0%.*; to do: \S', lines[2]), lines[2]
        assert any(line.startswith('stage: 3 of 7, Vector Database, running for elonmusk') for line in lines), lines
        assert any(line.startswith('budget OpenAI: 97 % used, critical') for line in lines), lines


def test_each_change_is_one_line_with_its_time(world):
    rig = world.rig().fill()
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        before = len(p.lines())
        rig.stage(4)
        p.wait_for('stage: 4 of 7')
        news = p.lines()[before:]
        assert len(news) == 1 and re.match(r'\d\d:\d\d:\d\d stage: 4 of 7, \S', news[0]), news
        rig.append('logs/miner.log', log_line('no disk left', 'ERROR'))
        p.wait_for('log: error: no disk left')
        rig.append('state/task-history.jsonl', scored(900, 0.51))
        p.wait_for('last task: score 0.51 by openai-gpt4 on subnet 1, 500 tokens')


def test_an_alert_is_told_when_it_comes_and_when_it_goes(world):
    rig = world.rig().fill()
    rig.write('davy.toml', QUICK)
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        rig.budgets(openai=990000)
        p.wait_for('alert, critical: OpenAI budget at 99.0%')
        rig.budgets(openai=100000)
        p.wait_for('alert over: OpenAI budget at 99.0%')


def test_what_changes_all_the_time_is_told_rarely_and_its_newest_value_in_the_end(world):
    rig = world.rig().fill()
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        for used in range(200, 400, 5):             # percent by percent, within two seconds
            rig.budgets(claude=used * 1000)
            time.sleep(0.05)
        rig.budgets(claude=401000)
        text = p.wait_for('budget Claude: 50 % used', 14)
        told = [line for line in text.split('\n') if ' budget Claude: ' in line]
        assert len(told) <= 3, told


def test_no_escapes_no_art_no_carriage_returns(world):
    rig = world.rig().fill()
    rig.stage(user='evil\x1b[31m\x07', message='a\rb\tc\u2028d')
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        text = p.read()
        assert not re.search('[\x00-\x09\x0b-\x1f\x7f\u2028\u2500-\u257f\u2800-\u28ff]', text), repr(text)


def test_lc_all_c_means_7_bit(world):
    rig = world.rig().fill()
    rig.stage(user='三浦健太')
    with Plain(world, rig, env=environment(LC_ALL='C', LANG='C')) as p:
        p.wait_for('files: ')
        assert p.raw.isascii(), p.raw
        assert 'for ????' in p.read(), p.read()


def test_typed_words_are_obeyed_also_from_a_pipe(world):
    rig = world.rig().fill()
    rig.write('davy.toml', QUICK)
    rig.budgets(openai=970000)
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        p.send('a\n')
        assert '1, critical: OpenAI budget at 97.0%' in p.wait_for('  to do: ')
        assert '  why: ' in p.read()
        p.send('?\n')
        p.wait_for('q or quit, and Enter')
        p.send('xyzzy\n')
        p.wait_for('"xyzzy" is no command; ? lists them')
        p.send('\x1b[31m' + 'y' * 1000 + '\n')
        p.wait_for('yyy')
        assert b'\x1b' not in p.raw
        p.send('q\n')
        assert p.end() == 0


def test_r_and_c_tell_what_would_run_and_run_nothing(world):
    rig = world.rig().fill()
    rig.write('davy.toml', '[actions]\nrestart = ["/bin/touch", "ran it"]\n')
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        p.send('r\n')
        text = p.wait_for('in another shell: davy -C')
        assert f"would run /bin/touch 'ran it', in {rig.path}; from davy.toml" in text, text
        p.send('c\n')
        p.wait_for('davy-mine commit --force, in ')
        (rig / 'config.toml').unlink()
        p.wait_for('config.toml not there yet')
        p.send('c\n')
        p.wait_for('nothing to run: there is no auction miner here')
    with Plain(world, rig, '--read-only') as p:
        p.wait_for('files: ')
        p.send('r\n')
        p.wait_for('--read-only')
    assert not (rig / 'ran it').exists() and not (rig / 'state/davy').exists()


def test_it_ends_with_its_input_and_with_its_reader(world):
    rig = world.rig().fill()
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        p.process.stdin.close()
        assert p.end() == 0
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        p.process.stdout.close()
        assert p.end() == 0                 # without having to write
        assert p.process.stderr.read() == b''


def test_a_full_disk_is_one_sentence(world):
    rig = world.rig().fill()
    for words in (['--plain'], ['doctor'], ['doctor', '-o', 'json'], ['config', '--example'], ['completion', 'bash'], ['--help']):
        with open('/dev/full', 'w') as full:
            done = subprocess.run([str(world.davy), '-C', str(rig.path), *words], env=environment(), stdin=subprocess.DEVNULL,
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=10 * PATIENCE)
        assert done.returncode == 3 and done.stderr.count('\n') == 1, (words, done)
        assert 'cannot write to standard output' in done.stderr, (words, done)


def test_signals_end_it(world):
    rig = world.rig().fill()
    for signo, code in [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 0)]:
        with Plain(world, rig) as p:
            p.wait_for('files: ')
            p.process.send_signal(signo)
            assert p.end() == code, signo


def test_without_input_it_goes_on_and_a_file_is_written_to_its_end(world):
    rig, log = world.rig().fill(), world.folder / 'log'
    log.write_text('before\n')
    with open(log, 'a') as out:
        process = subprocess.Popen([str(world.davy), '-C', str(rig.path), '--plain'], stdin=subprocess.DEVNULL, stdout=out,
                                   env=environment())
    try:
        wait_until(lambda: 'files: ' in log.read_text(), 8)
        rig.stage(5)
        wait_until(lambda: 'stage: 5 of 7' in log.read_text(), 8)
        assert log.read_text().startswith('before\ndavy ')
    finally:
        process.terminate()
        assert process.wait(5 * PATIENCE) == 143


def test_a_reader_that_stands_still_holds_up_neither_signals_nor_memory(world):
    rig = world.rig().fill()
    with Plain(world, rig) as p:
        fcntl.fcntl(p.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        p.send('s\n' * 2000)
        time.sleep(1)
        p.send('a\n')
        p.wait_for('lines were left out, because nobody read them')
        p.process.send_signal(signal.SIGTERM)
        assert p.end() == 143
    with Plain(world, rig) as p:
        fcntl.fcntl(p.process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        p.send('s\n' * 200)
        time.sleep(0.5)
        p.process.send_signal(signal.SIGTERM)       # while it has more to say than the pipe takes
        assert p.end() == 143


def test_nothing_happens_nothing_is_said_and_it_sleeps(world):
    rig = world.rig().fill()
    (rig / 'state/auction-status.json').unlink()
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        p.read(1)
        said, slept = len(p.raw), switches(p.process.pid)
        p.read(8)
        assert len(p.raw) == said, p.raw[said:]
        assert switches(p.process.pid) - slept <= 5, switches(p.process.pid) - slept


def test_on_a_terminal_its_modes_stay_and_control_d_ends_it(world):
    rig = world.rig().fill()
    with world.open(rig, '--plain', size=(100, 40)) as d:
        d.wait_for('Type ? and Enter')
        assert termios.tcgetattr(d.slave) == d.before
        d.send('s\n')
        d.wait_for(lambda d: d.text().count('alerts: ') == 2, why='a second summary')
        d.send('\x04')
        assert d.wait_end() == 0
        assert termios.tcgetattr(d.slave) == d.before
        assert b'\x1b' not in d.raw, bytes(d.raw)


def test_in_the_background_of_a_terminal_it_is_not_stopped_by_typing(world):
    rig = world.rig().fill()
    with world.open(rig, '--plain', size=(100, 40), shell=True) as d:
        d.wait_for('Type ? and Enter')
        pid = d.pid
        d.send('\x1a')
        wait_until(lambda: d.state() == 'T', 5, 'stopped')
        os.kill(d.process.pid, signal.SIGUSR2)      # bg
        wait_until(lambda: d.state() != 'T', 5, 'goes on')
        d.send('typed for the shell\n')
        rig.stage(6)
        d.wait_for('stage: 6 of 7')
        used = d_cpu(pid)
        d.read(1)
        assert d_cpu(pid) - used < 0.2 and d.state() == 'S'     # no loop on what it does not read
        os.kill(d.process.pid, signal.SIGUSR1)      # fg
        d.send('q\n')
        d.wait_for('is no command')                 # what was typed meanwhile comes first
        assert d.wait_end() == 0


def d_cpu(pid):
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def test_a_terminal_that_goes_away_ends_it_also_when_sighup_is_ignored(world):
    with world.open(world.rig().fill(), '--plain', ignore=(signal.SIGHUP,)) as d:
        d.wait_for('Type ? and Enter')
        d.hang_up()
        assert d.wait_end() == 0


def test_the_demo_can_be_told_line_by_line(world):
    done = world.run(world.davy, 'demo', '--plain', '--seconds', '3')
    assert done.returncode == 0 and done.stderr == '', done
    assert 'daemon: UP' in done.stdout and 'stage: ' in done.stdout, done.stdout


def test_an_empty_folder_is_told_in_words(world):
    with Plain(world, world.rig()) as p:
        text = p.wait_for('davy doctor tells where')
        assert 'alerts: not known, no file was read yet' in text, text


def test_what_the_engine_knows_is_told_and_what_is_pending_is_no_alert(world):
    rig = world.rig().fill()
    rig.write('davy.toml', '[rule.budget_high]\nfor_s = 3600\n')
    rig.budgets(openai=970000)
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        assert re.search(r'^alerts: .*1 pending$', p.read(), re.M), p.read()
        assert 'alert, critical: OpenAI' not in p.read(), p.read()
        p.send('a\n')
        p.wait_for('critical, pending: OpenAI budget at 97.0%')
    rig.write('davy.toml', '[rule.budget_high]\nfor_s = 0\n')
    number = next(i['number'] for i in json.loads(world.run(world.davy, '-C', rig.path, 'alerts', 'list', '-o', 'json').stdout)
                  ['incidents'] if i['rule'] == 'budget_high')
    world.run(world.davy, '-C', rig.path, 'alerts', 'ack', str(number), '--why', 'ordered more')
    with Plain(world, rig) as p:
        p.wait_for('files: ')
        assert re.search(r'^alert, critical, acknowledged by .*: ordered more: OpenAI budget', p.read(), re.M), p.read()
    world.run(world.davy, '-C', rig.path, 'alerts', 'silence', 'budget_high', '--reason', 'known')
    metrics = world.run(world.davy, '-C', rig.path, 'export', 'prometheus').stdout
    for line in ('davy_incidents_marked{mark="acknowledged"} 1', 'davy_incidents_marked{mark="silenced"} 1',
                 'davy_rule_firing{rule="budget_high",severity="critical"} 1'):
        assert line in metrics, metrics
    audit = [json.loads(line) for line in (rig / 'state/davy/audit.jsonl').read_text().splitlines()]
    assert [(a['action'], a['event']) for a in audit] == [('acknowledge', 'done'), ('silence', 'done')], audit
    assert 'budget_high' in audit[0]['text'] and 'ordered more' in audit[0]['text'] and audit[0]['user'], audit


def test_metrics_tell_what_waits_apart_from_what_fires(world):
    rig = world.rig().fill()
    rig.write('davy.toml', '[rule.budget_high]\nfor_s = 3600\n')
    rig.budgets(openai=970000)
    world.run(world.davy, '-C', rig.path, 'alerts', 'list')
    metrics = world.run(world.davy, '-C', rig.path, 'export', 'prometheus').stdout
    assert 'davy_rule_seen{rule="budget_high"' in metrics and 'davy_rule_firing{rule="budget_high"' not in metrics, metrics
    assert 'davy_incidents{state="pending"}' in metrics, metrics
