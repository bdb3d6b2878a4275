# SPDX-License-Identifier: GPL-2.0-or-later
"""Restart and commit: asked, done once, seen through, written down; and whatever happens to davy, no restart is left half
done."""
import json
import os
import signal
import time

from pty_davy import PATIENCE, Davy, environment
from rigs import processes_of, wait_until

COUNT = 'echo hit >>hits\n'


def script(rig, name, body):
    path = rig.write(name, '#!/bin/sh\n' + body)
    path.chmod(0o755)
    return path


def rig_with(world, body=COUNT, more='', name='rig'):
    """A rig whose restart is a script of ours."""
    rig = world.rig(name).fill()
    script(rig, 'bin/restart', body)
    rig.write('davy.toml', f'[rig]\nname = "handmade"\n[actions]\nrestart = ["bin/restart", "a b"]\n{more}')
    return rig


def hits(rig, name='hits'):
    try:
        return len((rig / name).read_text().splitlines())
    except FileNotFoundError:
        return 0


def audit(rig):
    try:
        return [json.loads(line) for line in (rig / 'state/davy/audit.jsonl').read_text().splitlines()]
    except FileNotFoundError:
        return []


def ask(d):
    d.wait_for('Scores')
    d.settle(0.1, 1)
    d.send('r')
    d.wait_for('Restart the daemon?')
    d.read(0.4)     # an answer must not be quicker than a reader


def say_yes(d):
    ask(d)
    d.send('y')


def test_the_question_names_what_runs_and_no_is_the_default(world):
    rig = rig_with(world)
    with world.open(rig) as d:
        for answer in ('\r', '\x1b', 'n', '\t\t\r'):
            ask(d)
            for text in ("bin/restart 'a b'", str(rig.path), 'davy.toml (actions.restart)', 'window', 'ends in', '[ No ]'):
                assert text in d.text(), f'{text} is missing:\n{d.text()}'
            d.send('xZ5 j?/:cr')
            d.read(0.2)
            assert 'Restart the daemon?' in d.text()
            d.send(answer)
            d.wait_for('nothing was started')
        assert hits(rig) == 0 and not audit(rig)
        ask(d)
        d.send('\t\r')
        wait_until(lambda: hits(rig) == 1, 5, 'Tab and Enter did not start it')


def test_200_mashed_keys_are_one_execution(world):
    rig = rig_with(world)
    with world.open(rig) as d:
        d.wait_for('Scores')
        for _ in range(100):
            d.send('r')
            d.read(0.008)
            d.send('y')
            d.read(0.008)
        wait_until(lambda: hits(rig) > 0, 5, 'nothing ran')
        d.read(1)
        assert hits(rig) == 1, hits(rig)
        assert [line['event'] for line in audit(rig)].count('begun') == 1


def test_pasted_text_answers_nothing(world):
    rig = rig_with(world)
    with world.open(rig) as d:
        d.wait_for('Scores')
        for text in ('\x1b[200~' + 'ry' * 100 + '\x1b[201~', 'ry' * 100, 'ry' * 20, 'ry'):
            d.send(text)
            d.read(0.6)
            d.send('\x1b')
            d.read(0.2)
        assert hits(rig) == 0


def test_read_only_starts_nothing(world):
    rig = rig_with(world)
    with world.open(rig, '--read-only') as d:
        d.wait_for('Scores')
        for key in 'rc':
            d.send(key)
            d.wait_for('read-only: nothing can be started')
        d.send('y')
        d.read(0.3)
    done = world.run(world.davy, '--read-only', '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'read-only' in done.stderr
    assert hits(rig) == 0 and not audit(rig)


def test_a_command_runs_clean_and_away_from_the_terminal(world):
    rig = rig_with(world, 'env >env; pwd >pwd; ps -o sid= -p $$ >sid; cat >in; tty >tty; ls -l /proc/$$/fd >fds; echo done\n')
    with world.open(rig, env=environment(LD_X='1', TMUX='x', CUDA_VISIBLE_DEVICES='3')) as d:
        say_yes(d)
        d.wait_for('exit 0 after')
        assert 'done' in d.text()
        env = (rig / 'env').read_text()
        assert 'TERM=dumb' in env and 'CUDA_VISIBLE_DEVICES=3' in env and 'LD_X' not in env and 'TMUX' not in env
        assert (rig / 'pwd').read_text().strip() == str(rig.path)
        assert int((rig / 'sid').read_text()) not in (d.pid, os.getsid(0))
        assert (rig / 'in').read_text() == '' and 'not a tty' in (rig / 'tty').read_text()
        assert d.slave_name not in (rig / 'fds').read_text() and len((rig / 'fds').read_text().splitlines()) <= 6


def test_the_audit_log_tells_who_what_and_how_it_ended(world):
    rig = rig_with(world, 'exit 7\n')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('exit 7 after')
        begun, ended = wait_until(lambda: len(audit(rig)) == 2 and audit(rig), 3, 'no two lines')
        assert begun['event'] == 'begun' and ended['event'] == 'ended' and begun['id'] == ended['id']
        for line in (begun, ended):
            assert line['user'] == 'root' or os.geteuid() != 0
            assert line['tty'] == d.slave_name and line['action'] == 'restart' and line['origin'] == 'key'
            assert line['argv'] == [['bin/restart', 'a b']] and line['folder'] == str(rig.path) and not line['forced']
        assert ended['exit'] == 7 and ended['signal'] is None and ended['health'] is None and ended['duration_ms'] >= 0
    assert (rig / 'state/davy').stat().st_mode & 0o777 == 0o700
    assert (rig / 'state/davy/audit.jsonl').stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_down_is_not_done(world):
    rig = rig_with(world)
    os.mkdir(rig / 'state/davy')
    os.symlink('/etc/passwd', rig / 'state/davy/audit.jsonl')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('davy starts nothing')
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'davy starts nothing' in done.stderr, done
    assert hits(rig) == 0


def test_one_at_a_time_whoever_starts_it(world):
    rig = rig_with(world, COUNT + 'sleep 3\n')
    with world.open(rig) as d, world.open(rig) as other:
        say_yes(d)
        d.wait_for('runs for')
        say_yes(other)
        other.wait_for('runs already')
        done = world.run(world.davy, '-C', rig.path, 'restart', '--yes', '--force')
        assert done.returncode == 3 and 'runs already, since' in done.stderr, done
        d.send('\x1b')
        d.wait_for('it goes on')
        d.send('r')
        d.wait_for('one command at a time')
        d.send('o')
        d.wait_for('Esc closes')
        assert hits(rig) == 1


def test_a_fourth_within_15_minutes_must_be_forced(world):
    rig = rig_with(world, COUNT + 'exit 1\n')
    for _ in range(3):
        assert world.run(world.davy, '-C', rig.path, 'restart', '--yes').returncode == 2
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'within 15 minutes' in done.stderr and hits(rig) == 3, done
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('type force and Enter')
        d.read(0.2)
        assert hits(rig) == 3
        d.send('\r')
        d.wait_for('nothing was started')
        ask(d)
        d.send('force\r')
        wait_until(lambda: hits(rig) == 4, 5, 'force did not start it')
        d.wait_for('exit 1 after')
    assert world.run(world.davy, '-C', rig.path, 'restart', '--yes', '--force').returncode == 2
    assert hits(rig) == 5 and audit(rig)[-1]['forced']


def halves(world):
    """A rig that is stopped and started by two scripts; the first takes its time."""
    rig = world.rig().fill()
    script(rig, 'scripts/stop-miner.sh', 'echo stop >>hits; sleep 1\n')
    script(rig, 'scripts/start-miner.sh', 'sleep 0.3; echo start >>hits; echo started\n')
    return rig


def is_whole(rig, health):
    wait_until(lambda: hits(rig) == 2, 6, 'it was left half done')
    ended = wait_until(lambda: [line for line in audit(rig) if line['event'] == 'ended'], 5, 'no last line')[0]
    assert ended['exit'] == 0 and ended['health'] == health, ended
    wait_until(lambda: not processes_of(rig.path), 5, f'left: {processes_of(rig.path)}')


def test_a_restart_goes_on_without_its_terminal(world):
    rig = halves(world)
    with world.open(rig) as d:
        say_yes(d)
        wait_until(lambda: hits(rig) == 1, 3)
        d.hang_up()
        wait_until(lambda: d.process.poll() is not None, 3, 'davy lives on')
    is_whole(rig, 'unwatched')


def test_a_restart_goes_on_without_davy(world):
    rig = halves(world)
    with world.open(rig) as d:
        say_yes(d)
        wait_until(lambda: hits(rig) == 1, 3)
        d.process.kill()
        d.process.wait()
    is_whole(rig, 'unwatched')


def test_leaving_in_the_middle_says_so_first(world):
    rig = halves(world)
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('runs for')
        d.send('\x1b')
        d.wait_for('it goes on')
        d.send('q')
        d.wait_for('q again leaves')
        d.send('q')
        assert d.wait_end() == 0
        d.check_restored()
    is_whole(rig, 'unwatched')


def test_what_takes_too_long_is_ended_with_its_children(world):
    rig = rig_with(world, "trap '' TERM\nsleep 1000 &\necho $! >child\nwhile :; do sleep 1; done\n", 'restart_timeout_s = 1\n')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('took too long: ended by signal 9 (KILL)', 12)
    child = (rig / 'child').read_text().strip()
    assert not os.path.exists(f'/proc/{child}/exe')
    assert audit(rig)[-1]['timed_out'] and audit(rig)[-1]['signal'] == 9


def test_a_daemon_that_inherits_the_output_lives_on(world):
    """It would be killed by SIGPIPE if nobody read what it still writes."""
    rig = rig_with(world, '(while :; do echo alive; echo beat >>beats; sleep 0.2; done) &\necho $! >child; echo started; exit 1\n')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('exit 1 after')
        d.send('\x1bqq')
        assert d.wait_end() == 0
    child, before = int((rig / 'child').read_text()), hits(rig, 'beats')
    try:
        wait_until(lambda: hits(rig, 'beats') > before + 5, 4, 'it died')
        done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
        assert done.returncode == 2, 'the lock was not free'
        second = int((rig / 'child').read_text())
        os.kill(second, signal.SIGKILL)
    finally:
        os.kill(child, signal.SIGKILL)
    wait_until(lambda: not processes_of(rig.path), 3, f'left: {processes_of(rig.path)}')


def test_output_is_shown_and_does_no_harm(world):
    rig = rig_with(world, "printf 'one\\n\\033]0;evil\\007\\033[2J\\033[31mtwo\\033[0m\\n'; for i in $(seq 300); do echo line $i; done; exit 1\n")
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('exit 1 after')
        d.wait_for('line 300')
        assert b'evil' not in d.raw and 'line 1\n' not in d.text()
        d.send('g')
        d.wait_for(lambda d: 'one' in d.text() and 'two' in d.text())
        d.send('G')
        d.wait_for('line 300')
        d.send('\x1b')
        d.wait_for('Scores')
        d.send('o')
        d.wait_for('line 300')


def test_a_flood_of_output_costs_little(world):
    rig = rig_with(world, 'timeout 2 yes all work and no play; exit 1\n')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('all work and no play')
        d.send('\x1b')
        d.wait_for('it goes on')
        d.send('o')
        d.wait_for('exit 1 after')
        assert len(d.raw) < 400000, f'{len(d.raw)} bytes were written to the terminal'


def test_a_stopped_davy_does_not_hold_a_command_up(world):
    rig = rig_with(world, 'timeout 1 yes all work and no play; echo done >hits; exit 1\n')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('all work and no play')
        os.kill(d.pid, signal.SIGSTOP)
        wait_until(lambda: hits(rig) == 1, 8, 'it waits for davy')
        wait_until(lambda: audit(rig)[-1]['event'] == 'ended', 3, 'the log waits for davy')
        os.kill(d.pid, signal.SIGCONT)
        d.wait_for('bytes of output are not shown: davy was stopped')
        d.wait_for('exit 1 after')


def test_no_zombie_is_left(world):
    rig = rig_with(world, 'exit 1\n')
    with world.open(rig) as d:
        say_yes(d)
        d.wait_for('exit 1 after')

        def zombies():
            children = open(f'/proc/{d.pid}/task/{d.pid}/children').read().split()
            return [c for c in children if open(f'/proc/{c}/stat').read().rsplit(')', 1)[1].split()[0] == 'Z']
        wait_until(lambda: not zombies(), 3, 'a zombie')


def test_without_a_terminal_it_wants_yes(world):
    rig = rig_with(world, COUNT + 'echo to both; echo errors >&2; exit 3\n')
    done = world.run(world.davy, '-C', rig.path, 'restart')
    assert done.returncode == 3 and '--yes' in done.stderr and hits(rig) == 0, done
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 2 and hits(rig) == 1, done
    for text in ("bin/restart 'a b'", str(rig.path), 'to both', 'errors', 'exit 3 after'):
        assert text in done.stdout, done.stdout
    assert audit(rig)[-1]['origin'] == 'command'
    assert world.run(world.davy, '-C', rig.path, 'commit').returncode == 3


def test_a_commitment_is_davy_mine_s_where_the_rig_has_an_auction_miner(world):
    rig = rig_with(world)
    commit = [world.davy, '-C', rig.path, 'commit', '--force', '--yes']
    done = world.run(*commit)               # the wallet is not there: nobody is asked, nothing is sent
    assert done.returncode == 2 and 'davy-mine commit --force' in done.stdout and 'exit 2 after' in done.stdout, done
    assert audit(rig)[-1]['action'] == 'commit' and audit(rig)[-1]['exit'] == 2, audit(rig)[-1]
    (rig / 'config.toml').write_text('[wallet]\nname = 7\n')
    os.utime(rig / 'config.toml', (1e9, 1e9))       # not torn: nobody wrote it just now
    done = world.run(*commit)
    assert done.returncode == 3 and 'config.toml' in done.stderr, done
    (rig / 'config.toml').unlink()
    done = world.run(*commit)
    assert done.returncode == 3 and 'there is no auction miner here' in done.stderr, done
    assert len(audit(rig)) == 2, 'something was run'


def test_on_a_terminal_it_asks_and_no_is_the_default(world):
    rig = rig_with(world, COUNT + 'exit 1\n')
    for answer, code, count in (('\n', 3, 0), ('n\n', 3, 0), ('yep\n', 3, 0), ('\x04', 3, 0), ('y\n', 2, 1)):
        with Davy([world.davy, '-C', rig.path, 'restart']) as d:
            d.wait_for('Go on? [y/N]')
            d.send(answer)
            assert d.wait_end(5) == code, d.text()
        assert hits(rig) == count


def test_control_c_ends_the_command(world):
    rig = rig_with(world, COUNT + 'sleep 1000\n')
    with Davy([world.davy, '-C', rig.path, 'restart', '--yes']) as d:
        wait_until(lambda: hits(rig) == 1, 5)
        d.send('\x03')
        assert d.wait_end(8) == 2
        assert 'told to stop' in d.text()
    wait_until(lambda: audit(rig)[-1]['event'] == 'ended' and audit(rig)[-1]['signal'] == 15, 3, audit(rig))


def test_control_c_ends_the_waiting(world):
    rig = rig_with(world)
    with Davy([world.davy, '-C', rig.path, 'restart', '--yes']) as d:
        d.wait_for('waiting for what becomes of it')
        d.send('\x03')
        assert d.wait_end(3) == 2
    wait_until(lambda: audit(rig)[-1].get('health') == 'unwatched', 3, audit(rig))


def test_what_somebody_else_may_write_is_not_run(world):
    rig = halves(world)
    (rig / 'scripts/start-miner.sh').chmod(0o777)
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'everybody may write to' in done.stderr, done
    (rig / 'scripts/start-miner.sh').chmod(0o644)
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'chmod +x' in done.stderr, done
    if os.geteuid() == 0:
        (rig / 'scripts/start-miner.sh').chmod(0o755)
        os.chown(rig / 'scripts/start-miner.sh', 12345, 12345)
        done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
        assert done.returncode == 3 and 'belongs to user 12345' in done.stderr, done
        os.chown(rig / 'scripts/start-miner.sh', 0, 0)
    (rig / 'scripts/start-miner.sh').chmod(0o755)
    rig.write('davy.toml', '[actions]\nrestart = ["scripts/start-miner.sh"]\n')
    (rig / 'scripts').chmod(0o777)          # anybody could put another file there
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'everybody may write to' in done.stderr, done
    assert hits(rig) == 0


def test_a_davy_toml_that_cannot_be_read_is_not_replaced_by_a_guess(world):
    rig = halves(world)
    rig.write('davy.toml', '[actions]\nrestart = "systemctl restart miner"\n')
    done = world.run(world.davy, '-C', rig.path, 'restart', '--yes')
    assert done.returncode == 3 and 'davy.toml cannot be used' in done.stderr and 'line 2' in done.stderr, done
    assert hits(rig) == 0


def test_r_in_the_demo_really_restarts_its_daemon(world):
    with Davy([world.davy, 'demo', '--speed', '10'], size=(140, 44), env=environment(TMPDIR=str(world.folder))) as d:
        d.wait_for('sim-busy', 10)
        pid = next(world.folder.glob('davy-demo-*')) / 'rig/state/miner.pid'
        before = int(pid.read_text())
        say_yes(d)
        d.wait_for('the daemon is UP, pid', 20)
        after = int(pid.read_text())
        assert after != before and not os.path.exists(f'/proc/{before}/exe')
        d.send('\x1b')
        d.read(0.2)
        d.send('q')
        assert d.wait_end(6) == 0
        d.check_restored()
    wait_until(lambda: not list(world.folder.iterdir()), 3, f'left in the temporary folder: {list(world.folder.iterdir())}')
    wait_until(lambda: not processes_of(world.folder), 3, f'left running: {processes_of(world.folder)}')


def test_r_restarts_the_simulated_daemon(world):
    with world.simulated('--speed', '10') as rig:
        before = int((rig / 'state/miner.pid').read_text())
        with world.open(rig) as d:
            d.wait_for('daemon UP')
            say_yes(d)
            d.wait_for('daemon STOPPED', 15)
            d.wait_for('the daemon is UP, pid', 20)
            after = int((rig / 'state/miner.pid').read_text())
            assert after != before and f'pid {after}' in d.text() and f'pid {before} before' in d.text(), d.text()
            d.wait_for('daemon UP')
        done = world.run(world.davy, '-C', rig, 'restart', '--yes', seconds=30)
        assert done.returncode == 0 and 'the daemon is UP' in done.stdout, done
        lines = [json.loads(line) for line in (rig / 'state/davy/audit.jsonl').read_text().splitlines()]
        assert [line['health'] for line in lines if line['event'] == 'ended'] == ['ok', 'ok']
