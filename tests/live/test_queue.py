# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue that nodes share, on a real redis-server: killed under load, emptied, away for long; workers that die."""
import os
import random
import signal
import subprocess
import time

from pty_davy import PATIENCE, environment


class Redis:
    def __init__(self, folder, *options):
        self.folder, self.socket, self.options = folder, folder / 'redis.sock', options
        self.start()

    def start(self):
        self.process = subprocess.Popen(['redis-server', '--port', '0', '--unixsocket', self.socket, '--dir', self.folder, '--save', '',
                                         '--maxmemory-policy', 'noeviction', *self.options], stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10 * PATIENCE
        while self.say('PING') != 'PONG':
            assert time.monotonic() < end, 'redis-server does not start'
            time.sleep(0.02)

    def say(self, *words):
        return subprocess.run(['redis-cli', '-s', self.socket, *words], capture_output=True, text=True).stdout.strip()

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


class Worker:
    """queue_line, one question at a time."""

    def __init__(self, world, redis, name, idle_ms=400):
        self.folder = world.folder / name
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.argv = [world.build / 'tests/queue_line', self.folder, redis.socket, name, str(idle_ms)]
        self.hand = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
                                        env=environment())

    def say(self, words):
        self.process.stdin.write(words + '\n')
        answer = self.process.stdout.readline().strip()
        assert answer, f'{words}: the worker is gone'
        return answer

    def take(self):
        said = self.say('take')
        self.hand = None if said == 'none' else said.split()[0]
        return self.hand

    def done(self):
        assert self.say(f'done {self.hand}') == 'ok'
        self.hand = None

    def end(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(10)
        self.process.stdin.close()
        self.process.stdout.close()


def files(*workers):
    return sorted(name for w in workers for name in os.listdir(w.folder))


def work(workers, ran, seconds, left, between=lambda: None):
    """Until nothing is left to do."""
    end = time.monotonic() + seconds * PATIENCE
    while left():
        assert time.monotonic() < end, f'not done: {left()}'
        between()
        for w in workers:
            w.say('keep')
            for _ in range(3):
                if w.take():
                    ran.append(w.hand)
                    w.done()
    return ran


def test_nothing_is_lost_when_redis_and_workers_are_killed_under_load(world):
    chance = random.Random(5)
    ids = [f'job-{i:03}' for i in range(90)]
    with Redis(world.folder, '--appendonly', 'yes') as redis:
        workers = [Worker(world, redis, f'n{i}') for i in range(3)]
        for i, job in enumerate(ids):
            assert workers[i % 3].say(f'push {job}') == 'ok'
        ran, kills, again = [], [0, 0], set()

        def trouble():
            if chance.random() < 0.3 and kills[0] < 4:
                redis.kill()
                for w in workers:       # what is pushed and done meanwhile is on the disk
                    extra = f'late-{len(ids):03}'
                    ids.append(extra)
                    assert w.say(f'push {extra}') == 'ok'
                redis.start()
                kills[0] += 1
            elif chance.random() < 0.4 and kills[1] < 4:
                w = chance.choice(workers)
                if w.take():
                    ran.append(w.hand)
                    again.add(w.hand)   # it dies with this in its hand
                w.end()
                w.start()
                kills[1] += 1

        work(workers, ran, 40, lambda: [i for i in ids if i not in ran] or files(*workers), trouble)
        assert set(ran) == set(ids) and min(kills) >= 1, kills
        twice = {i for i in ran if ran.count(i) > 1}
        assert twice <= again, f'only what somebody died with is run again: {twice - again}'
        assert redis.say('XLEN', 'davy:test:q') == '0' and redis.say('ZCARD', 'davy:test:done') == str(len(ids))
        for w in workers:
            w.end(signal.SIGKILL)


def test_a_redis_that_comes_back_empty_is_filled_from_the_files(world):
    with Redis(world.folder, '--appendonly', 'no') as redis:
        a, b = Worker(world, redis, 'a'), Worker(world, redis, 'b')
        for i in range(5):
            a.say(f'push j{i}')
        assert files(a) == [f'j{i}.sent' for i in range(5)]
        redis.kill()
        redis.start()
        ran = work([b, a], [], 20, lambda: files(a, b))
        assert sorted(ran) == [f'j{i}' for i in range(5)]
        for w in (a, b):
            w.end()


def test_a_dead_node_leaves_its_jobs_to_others_and_a_living_one_keeps_its_own(world):
    with Redis(world.folder) as redis:
        a, b = Worker(world, redis, 'a', 500), Worker(world, redis, 'b', 500)
        a.say('push j1')
        assert a.take() == 'j1'
        for _ in range(5):
            time.sleep(0.15)
            a.say('keep')
        assert b.take() is None, 'a lives'
        a.end()
        time.sleep(0.6)
        assert b.take() == 'j1', 'a is dead'
        assert b.say('retry j1 200') == 'ok' and b.take() is None
        time.sleep(0.3)
        assert b.take() == 'j1'
        b.done()
        a.start()
        a.say('keep')
        assert files(a, b) == [] and a.take() is None
        for w in (a, b):
            w.end()


def test_without_redis_the_files_go_on(world):
    with Redis(world.folder) as redis:
        a = Worker(world, redis, 'a', 300)
        a.say('push shared')
        redis.kill()
        a.say('keep')
        assert a.say('push own') == 'ok' and a.take() == 'own', 'nobody else can have that'
        assert a.say('take') == 'none', 'somebody may be doing the other'
        a.done()
        time.sleep(0.4)
        assert a.take() == 'shared', 'by now nobody is'
        a.done()
        assert files(a) == ['own.done', 'own.json', 'shared.done', 'shared.sent']
        redis.start()
        end = time.monotonic() + 20 * PATIENCE
        while files(a):
            a.say('keep')
            assert time.monotonic() < end
            time.sleep(0.1)
        assert redis.say('XLEN', 'davy:test:q') == '0'
        a.end()


def test_a_redis_that_refuses_is_a_redis_that_is_down(world):
    with Redis(world.folder) as redis:
        redis.say('SET', 'davy:test:q', 'somebody else')
        a = Worker(world, redis, 'a')
        assert a.say('keep') == 'down' and a.say('push j') == 'ok' and a.take() == 'j'
        a.end()
