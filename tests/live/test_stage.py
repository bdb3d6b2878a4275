# SPDX-License-Identifier: GPL-2.0-or-later
"""libdavystage: a miner tells its stages, many at a time, and whatever happens to the disk or to a writer."""
import fcntl
import json
import os
import random
import re
import resource
import subprocess
import threading
import time

from pty_davy import PATIENCE, environment

EXPORTS = ['stage_close', 'stage_complete', 'stage_current', 'stage_failed', 'stage_flush', 'stage_open', 'stage_reset',
           'stage_start']
HEADER = 'src/stagelib/davy_stage.h'
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def teller(world, file, events, *more, **how):
    return subprocess.Popen([str(world.build / 'tests/stage_tell'), str(file), str(events), *map(str, more)], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), **how)


def finish(process, code=0):
    out, err = process.communicate(timeout=60 * PATIENCE)
    assert process.returncode == code, f'ended with {process.returncode}: {out}{err}'
    return err


class Reader(threading.Thread):
    """Reads a file as fast as it can: each time it must be a whole document, and nothing in it may go back."""

    def __init__(self, file):
        super().__init__()
        self.file, self.reads, self.wrong, self.enough = file, 0, None, threading.Event()

    def run(self):
        before = 0
        while not self.enough.is_set() and self.wrong is None:
            try:
                with open(self.file, 'rb') as f:
                    text = f.read()
            except FileNotFoundError:
                continue
            self.reads += 1
            try:
                events = json.loads(text)['events']
            except (ValueError, KeyError) as e:
                self.wrong = f'{e}: {text[:200]!r}'
                return
            if events < before:
                self.wrong = f'{before} events, then {events}'
            before = events
            time.sleep(0.0005)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.enough.set()
        self.join()
        assert self.wrong is None, self.wrong


def check(root, events):
    history = root['stage_history']
    assert root['events'] == events, root['events']
    assert len(history) == min(200, events), len(history)
    assert len({e['seq'] for e in history}) == len(history)
    times = [e['updated_at'] for e in history]
    assert times == sorted(times)
    assert root['current_stage'] in history
    return history


def test_eight_processes_with_ten_thousand_events_each_lose_none(world):
    file = world.folder / 'miner_status.json'
    with Reader(file) as reader:
        for each in [teller(world, file, 10000, 1, 20) for _ in range(8)]:
            finish(each)
    root = json.loads(file.read_text())
    check(root, 80000)
    totals = root['stage_totals']
    assert sum(t['started'] for t in totals.values()) == sum(t['completed'] for t in totals.values()) == 40000
    assert all(len(t['durations']) <= 20 for t in totals.values())
    assert reader.reads > 5, reader.reads
    assert sorted(os.listdir(world.folder)) == ['miner_status.json', 'miner_status.json.lock'], os.listdir(world.folder)


def test_writers_that_tell_slowly_mix_in_one_history(world):
    file = world.folder / 'miner_status.json'
    with Reader(file):
        for each in [teller(world, file, 20, 2, 20000) for _ in range(3)]:
            finish(each)
    history = check(json.loads(file.read_text()), 120)
    assert len({e['username'] for e in history}) == 6 and len({e['pid'] for e in history}) == 3


def test_a_writer_killed_at_any_moment_leaves_a_whole_file_and_a_free_lock(world):
    file = world.folder / 'miner_status.json'
    dice = random.Random(5)
    with Reader(file):
        for _ in range(25):
            victim = teller(world, file, 1000000, 2, 50)
            time.sleep(dice.uniform(0.02, 0.12))
            victim.kill()
            victim.communicate()
        finish(teller(world, file, 10))
    root = json.loads(file.read_text())
    assert root['events'] > 1000, root['events']
    assert sorted(os.listdir(world.folder)) == ['miner_status.json', 'miner_status.json.lock'], os.listdir(world.folder)


def test_what_is_told_right_before_the_exit_is_in_the_file(world):
    file = world.folder / 'miner_status.json'
    for i in range(10):
        finish(teller(world, file, 1))
    check(json.loads(file.read_text()), 10)


def everybody_may_enter(folder):
    return all(os.stat(each).st_mode & 0o001 for each in (folder, *folder.resolve().parents))


def test_in_a_folder_that_nobody_may_write_the_miner_goes_on_and_it_is_said_once(world):
    if os.getuid() != 0 or not everybody_may_enter(world.build):
        return              # root cannot be kept out of a folder, others cannot become somebody else
    os.chmod(world.folder, 0o755)
    file = world.folder / 'miner_status.json'
    said = finish(teller(world, file, 1000, user=65534, group=65534), code=1)
    assert re.fullmatch(r'davy_stage: cannot lock \S+: Permission denied; stages are not tracked while that is so\n', said), said
    assert not file.exists()


def test_on_a_full_disk_the_miner_goes_on_and_the_file_stays_as_it_was(world):
    file = world.folder / 'miner_status.json'
    finish(teller(world, file, 4))
    before = file.read_text()

    def full():             # a file may not grow beyond this: write() fails as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    said = finish(teller(world, file, 1000, preexec_fn=full), code=1)
    assert said.count('\n') == 1 and 'cannot write' in said and 'too large' in said, said
    assert file.read_text() == before
    assert sorted(os.listdir(world.folder)) == ['miner_status.json', 'miner_status.json.lock'], os.listdir(world.folder)


def test_a_stopped_writer_that_holds_the_lock_stops_nobody(world):
    file = world.folder / 'miner_status.json'
    lock = os.open(str(file) + '.lock', os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        miner = teller(world, file, 100)
        time.sleep(1)
        assert not file.exists() and miner.poll() is None
    finally:
        os.close(lock)
    finish(miner)
    check(json.loads(file.read_text()), 100)


def test_davy_shows_what_a_miner_told(world):
    rig = world.rig()
    finish(teller(world, rig / 'miner_status.json', 7))
    shown = world.once(rig)
    assert shown['stages']['current']['name'] == 'Vector Database', shown['stages']
    assert shown['stages']['current']['message'] == 'Indexing 50 posts in vector database'


def test_the_library_exports_its_functions_and_nothing_else(world):
    library = world.build / 'libdavystage.so'
    names = re.findall(r' [A-Z] (\S+)$', world.run('nm', '-D', '--defined-only', library).stdout, re.M)
    assert sorted(names) == EXPORTS, names
    declared = re.findall(r'^DAVY_STAGE_API \w+ (\w+)\(', open(os.path.join(ROOT, HEADER)).read(), re.M)
    assert sorted(declared) == EXPORTS, declared
    public = re.findall(r' [BDRT] (\S+)$', world.run('nm', '--defined-only', '-g', world.build / 'libdavystage.a').stdout, re.M)
    ours = [n for n in public if n not in EXPORTS and not n.startswith('davystage_')]
    assert not [n for n in ours if not n.startswith('_')], ours
    needed = set(re.findall(r'\(NEEDED\).*\[(\w+)', world.run('readelf', '-d', library).stdout))
    assert {n for n in needed if 'san' not in n} <= {'libjansson', 'libc'}, needed


def test_c_and_cpp_read_the_header_by_itself(world):
    for language, standard in (('c', 'c99'), ('c', 'c17'), ('c++', 'c++11'), ('c++', 'c++20')):
        source = world.folder / 'one.txt'
        source.write_text('#include "davy_stage.h"\nint main(void) { struct stage_options o = {}; '
                          'return stage_open(&o) + stage_flush(1); }\n' if language == 'c++' else
                          '#include "davy_stage.h"\nint main(void) { return stage_flush(1); }\n')
        done = world.run('gcc', '-fsyntax-only', '-Wall', '-Wextra', '-Werror', '-pedantic', f'-std={standard}', '-I',
                         os.path.join(ROOT, 'src/stagelib'), '-x', language, source)
        assert done.returncode == 0, done.stderr


def compiled(world, name, source, *flags):
    """Of the library's own sources, with the compiler's flags of this test instead of the build's."""
    out = world.folder / name
    lib = os.path.join(ROOT, 'src/stagelib')
    sources = [os.path.join(lib, f) for f in sorted(os.listdir(lib)) if f.endswith('.c')]
    done = world.run('gcc', '-std=c17', '-g', '-O1', '-D_GNU_SOURCE', *flags, '-I', os.path.join(ROOT, 'src'), '-I', lib, source,
                     *sources, '-o', out, '-ljansson', '-pthread')
    assert done.returncode == 0, done.stderr
    return str(out)


def several(argv, count):
    everybody = [subprocess.Popen(argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
                 for _ in range(count)]
    for each in everybody:
        out, err = each.communicate(timeout=60 * PATIENCE)
        assert each.returncode == 0 and not err, f'{each.returncode}: {out}{err}'


def test_many_processes_and_threads_under_the_thread_sanitizer_and_valgrind(world):
    tell, file = os.path.join(ROOT, 'tests/bench/stage/tell.c'), world.folder / 'miner_status.json'
    several([compiled(world, 'races', tell, '-fsanitize=thread'), str(file), '1000', '8'], 4)
    several(['valgrind', '-q', '--error-exitcode=9', compiled(world, 'reads', tell), str(file), '100', '4'], 3)
    check(json.loads(file.read_text()), 4 * 8000 + 3 * 400)


FORKER = r"""
#include <davy_stage.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *tell(void *arg)
{
    for (int i = 0; i < 400; i++, usleep(500)) {
        stage_start(i % 7, "digging", arg, NULL);
        stage_flush(1000);
    }
    return NULL;
}
int main(int argc, char **argv)
{
    struct stage_options o = {.file = argv[argc - 1]};
    pthread_t thread;
    if (stage_open(&o) != 0 || pthread_create(&thread, NULL, tell, "gimli") != 0)
        return 1;
    for (int i = 0; i < 100; i++, usleep(2000))
        if (fork() == 0) {
            stage_start(3, "nothing", "a child", NULL);
            pause();
        }
    pthread_join(thread, NULL);
    puts(stage_flush(5000) ? "written" : "lost");
    fflush(stdout);
    pause();
}
"""


def test_children_forked_while_the_file_is_written_keep_no_lock_and_tell_nothing(world):
    """A hundred children live on; whatever the library's thread was at when they were forked, others get the lock."""
    file, source = world.folder / 'miner_status.json', world.folder / 'forker.c'
    source.write_text(FORKER)
    miner = subprocess.Popen([compiled(world, 'forker', str(source)), str(file)], text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=environment(), start_new_session=True)
    try:
        assert miner.stdout.readline() == 'written\n'
        finish(teller(world, file, 10))
        root = json.loads(file.read_text())
        check(root, 410)
        assert not [e for e in root['stage_history'] if e['username'] == 'a child']
    finally:
        os.killpg(miner.pid, 9)
        miner.communicate()


DYING = r"""
#define _GNU_SOURCE
#include "davy_stage.h"
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>
static sem_t inside;
int rename(const char *from, const char *to)    /* of the library's thread, with the lock in its hands */
{
    (void)from, (void)to;
    sem_post(&inside);
    pause();
    return 0;
}
int main(int argc, char **argv)
{
    struct stage_options o = {.file = argv[argc - 1]};
    sem_init(&inside, 0, 0);
    if (stage_open(&o) != 0)
        return 1;
    stage_start(1, "digging", "gimli", NULL);
    sem_wait(&inside);
    if (fork() == 0) {
        write(1, "forked\n", 7);
        pause();
    }
    pause();
}
"""


def test_a_parent_killed_with_the_lock_in_its_hands_leaves_it_to_no_child(world):
    file, source = world.folder / 'miner_status.json', world.folder / 'dying.c'
    source.write_text(DYING)
    miner = subprocess.Popen([compiled(world, 'dying', str(source)), str(file)], text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=environment(), start_new_session=True)
    try:
        assert miner.stdout.readline() == 'forked\n'
        with open(str(file) + '.lock') as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                raise AssertionError('the parent does not hold it')
            except BlockingIOError:
                pass
            miner.kill()
            miner.wait()
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)     # the child lives on
            fcntl.flock(lock, fcntl.LOCK_UN)
        finish(teller(world, file, 10))
    finally:
        os.killpg(miner.pid, 9)
        miner.stdout.close()
