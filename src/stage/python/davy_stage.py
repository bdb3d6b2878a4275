# SPDX-License-Identifier: GPL-2.0-or-later
"""Tells davy which stage of its work a miner is in: the tracker of libdavystage for Python, on the same file and lock.

    from davy_stage import stage_start, stage_complete, stage_failed
    stage_start(1, "Fetching posts", username="elonmusk")
    stage_complete(1, "50 posts", username="elonmusk", details={"posts": 50})

A call only notes the event; a thread writes it into miner_status.json (DAVY_STAGE_FILE, or configure(file=...)), under the
lock of miner_status.json.lock, by a temporary file and a rename, together with whatever other writers told. Nothing here ever
raises into the miner or blocks it: what goes wrong is logged once as a warning, the newest 200 events wait, all are counted,
and it tries again every five seconds. At exit at most two seconds are waited until all is written. A forked child starts
with a tracker of its own. Needs Python 3.7 and nothing else; where there is no fcntl, it does nothing and says so once."""
import atexit
import collections
import glob
import json
import logging
import os
import threading
import time

try:
    import fcntl
except ImportError:                     # no locks: sharing the file would lose what others tell
    fcntl = None

__all__ = ['STAGES', 'MinerStageReporter', 'configure', 'flush', 'get_tracker', 'reset_stages', 'stage_complete',
           'stage_failed', 'stage_start']

STAGES = ('Initialization', 'Data Scraping', 'Data Retrieval', 'Vector Database', 'Time Series Analysis', 'Content Generation',
          'Exportation', 'Complete')
_EVENTS_MOST, _DURATIONS_MOST, _ACCOUNTS_MOST, _ACCOUNT_MOST, _TABLE_MOST = 200, 20, 16, 10, 64
_TEXT_MOST, _USER_MOST, _DETAILS_MOST, _FILE_MOST = 1000, 200, 4000, 8 << 20
_REST_S, _AGAIN_S, _TROUBLE_S, _SHARE, _EXIT_S, _TORN_MOST = 0.02, 0.03, 5.0, 10, 2.0, 5
_TOTAL_OF = {'running': 'started', 'completed': 'completed', 'failed': 'failed'}
_log = logging.getLogger('davy_stage')


class _Again(Exception):
    """Somebody may be in the middle of writing the file in place."""


def _text(value, most):
    try:
        return str(value if value is not None else '')[:most].encode('utf-8', 'replace').decode('utf-8')
    except Exception:                   # noqa: BLE001 a __str__ may do anything
        return '?'


def _details(value):
    """As JSON can say it. What it cannot say becomes text; what is too long too."""
    try:
        if value is None or value == '':
            return {}
        if isinstance(value, str):
            try:
                return json.loads(value[:_DETAILS_MOST], parse_constant=str)
            except ValueError:
                return _text(value, _DETAILS_MOST)
        text = json.dumps(value, allow_nan=False, default=str)
        return json.loads(text) if len(text) <= _DETAILS_MOST else _text(text, _DETAILS_MOST)
    except Exception:                   # noqa: BLE001 NaN, a circle, keys of any kind
        return _text(value, _DETAILS_MOST)


class _Queue:
    """Events that are not in the file yet: the newest 200, and numbers of all."""

    def __init__(self):
        self.events, self.total, self.tally = collections.deque(maxlen=_EVENTS_MOST), 0, collections.Counter()

    def add(self, event):
        self.events.append(event)
        if event is not None:           # None is a reset
            self.total += 1
            self.tally[event['stage_number'], _TOTAL_OF[event['status']]] += 1

    def behind(self, older):
        """Takes back what could not be written."""
        self.events = collections.deque([*older.events, *self.events], maxlen=_EVENTS_MOST)
        self.total += older.total
        self.tally += older.tally

    def __bool__(self):
        return bool(self.events)


class _Document:
    """What stands in the file, and how events come into it: as src/stagelib/document.c."""

    def __init__(self, root, stages):
        self.root, self.stages = root, stages

    @staticmethod
    def is_ours(root):
        keys = ('current_stage', 'stage_history', 'stage_name', 'stage', 'stage_number')
        return isinstance(root, dict) and (not root or any(key in root for key in keys))

    def name(self, number):
        return self.stages[number] if 0 <= number < len(self.stages) else f'Stage {number}'

    @staticmethod
    def _member(o, key, kind):
        if not isinstance(o.get(key), kind):
            o[key] = kind()
        return o[key]

    def _totals(self, number):
        one = self._member(self._member(self.root, 'stage_totals', dict), str(number), dict)
        one['stage_name'] = self.name(number)
        self._member(one, 'durations', list)
        return one

    @staticmethod
    def _number(value):
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else 0

    def _start_of(self, history, event):
        """When the stage that event ends began; None: nobody told."""
        for old in reversed(history):
            if isinstance(old, dict) and old.get('stage_number') == event['stage_number'] \
                    and old.get('username') == event['username']:
                return self._number(old.get('updated_at')) if old.get('status') == 'running' else None
        return None

    def _time(self, event, took):
        """Notes how long a stage took: of all accounts, and of this one. Who was told longest ago is forgotten."""
        one = self._totals(event['stage_number'])
        one['durations'].append(took)
        del one['durations'][:-_DURATIONS_MOST]
        if event['username']:
            accounts = self._member(one, 'accounts', dict)
            old = accounts.pop(event['username'], None)
            accounts[event['username']] = [*(old if isinstance(old, list) else []), took][-_ACCOUNT_MOST:]
            while len(accounts) > _ACCOUNTS_MOST:
                del accounts[next(iter(accounts))]

    def _add(self, history, event, seq, now):
        at = event['updated_at']
        if event['status'] != 'running':
            began = self._start_of(history, event)
            if began is not None:
                event['started_at'] = began
            if began is not None and event['status'] == 'completed' and 0 <= event['stage_number'] < _TABLE_MOST:
                self._time(event, max(0.0, round(at - began, 3)))
        event = {'seq': seq, **event}
        old = self.root.get('current_stage')
        was = self._number(old.get('updated_at')) if isinstance(old, dict) else 0
        if not at < was <= now:         # one from the future is not newer: the clock was set back
            self.root['current_stage'] = event
        i = len(history)
        while i > 0 and isinstance(history[i - 1], dict) and self._number(history[i - 1].get('updated_at')) > at:
            i -= 1
        history.insert(i, event)
        del history[:-_EVENTS_MOST]

    def merge(self, queue, mode):
        history = self._member(self.root, 'stage_history', list)
        for (number, what), count in queue.tally.items():
            if 0 <= number < _TABLE_MOST:
                one = self._totals(number)
                for key in _TOTAL_OF.values():
                    one[key] = self._number(one.get(key)) + (count if key == what else 0)
        self.root['events'] = self._number(self.root.get('events')) + queue.total
        now = round(time.time(), 3)
        if mode:
            self.root['mode'] = mode
        self.root.update(version=1, pid=os.getpid(), updated_at=now)
        seq = self.root['events'] - sum(1 for event in queue.events if event is not None)
        for event in queue.events:
            if event is None:
                self.root['current_stage'] = None
                continue
            seq += 1
            self._add(history, dict(event), seq, now)
        self.root.setdefault('current_stage', None)


# Lock files that are open: a forked child closes them, or it would hold the lock of a parent that was killed meanwhile. A
# number is in the set exactly as long as it is that file.
_held, _held_lock = set(), threading.Lock()


def _let_go(fd):
    with _held_lock:
        os.close(fd)
        _held.discard(fd)


class _Store:
    """The file: its lock, its reading, its replacement: as src/stagelib/store.c."""

    def __init__(self, file):
        self.file = os.path.realpath(file)
        self.folder, self.name = os.path.split(self.file)
        self.swept, self.torn = False, 0

    def _take_lock(self):
        while True:
            with _held_lock:
                fd = os.open(self.file + '.lock', os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
                _held.add(fd)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX)
                mine, there = os.fstat(fd), os.stat(self.file + '.lock')
                if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                    return fd
            except FileNotFoundError:   # somebody deleted it while we waited
                pass
            except BaseException:
                _let_go(fd)
                raise
            _let_go(fd)

    def _sweep(self):
        """What killed writers left: nobody else writes while we hold the lock."""
        if not self.swept:
            for path in glob.glob(os.path.join(glob.escape(self.folder), '.' + glob.escape(self.name) + '.new-*')):
                os.unlink(path)
        self.swept = True

    def read(self):
        try:
            with open(self.file, 'rb') as f:
                text = f.read(_FILE_MOST + 1)
        except FileNotFoundError:
            return {}
        if not text.strip():
            return {}
        if len(text) > _FILE_MOST:
            raise OSError(f'{self.file} is too large')
        root = json.loads(text.decode('utf-8-sig', 'replace'), parse_constant=lambda _: None)
        return {} if root is None else root

    def _load(self):
        try:
            root = self.read()
            self.torn = 0
        except ValueError:
            self.torn += 1
            if self.torn < _TORN_MOST:
                raise _Again from None
            os.rename(self.file, self.file + '.broken')
            self.torn = 0
            root = {}
        if not _Document.is_ours(root):
            raise OSError(f'{self.file} is of another program: no stage in it')
        return root

    def _replace(self, root):
        path = os.path.join(self.folder, f'.{self.name}.new-{os.getpid()}')
        data = json.dumps(root, separators=(',', ':'), allow_nan=False).encode() + b'\n'
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
            with os.fdopen(fd, 'wb') as f:
                f.write(data)
            os.rename(path, self.file)
        except BaseException:
            try:
                os.unlink(path)
            except OSError:
                pass
            raise

    def write(self, queue, stages, mode):
        fd = self._take_lock()
        try:
            self._sweep()
            root = self._load()
            _Document(root, stages).merge(queue, mode)
            self._replace(root)
        finally:
            fcntl.flock(fd, fcntl.LOCK_UN)
            _let_go(fd)


class _Tracker:
    """One a process. All methods but _work() are the miner's threads."""

    def __init__(self, file=None, mode=None, stages=STAGES):
        self.pid, self.mode, self.stages = os.getpid(), mode, tuple(_text(s, _USER_MOST) for s in stages)[:_TABLE_MOST]
        self.file = os.path.abspath(file or os.environ.get('DAVY_STAGE_FILE') or 'miner_status.json')
        self.changed = threading.Condition()
        self.queue, self.last = _Queue(), None
        self.added = self.written = self.tries = 0
        self.told = self.hurry = False
        self.reset = False              # the last thing told was a reset
        self.thread = None

    def tell_trouble(self, why):
        if not self.told:
            self.told = True
            _log.warning('%s; stages are not tracked while that is so', why)

    def add(self, event):
        if fcntl is None:
            if not self.told:
                self.told = True
                _log.warning('Stage tracking system not available - continuing without stage monitoring (no fcntl here)')
            return
        with self.changed:
            self.queue.add(event)
            self.last, self.reset = event, event is None
            self.added += 1
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name='davy_stage', daemon=True)
                self.thread.start()
            self.changed.notify_all()

    def event(self, status, number, message, username, details):
        try:
            number = int(number)
        except (TypeError, ValueError):
            number = -1
        at = round(time.time(), 3)
        name = self.stages[number] if 0 <= number < len(self.stages) else f'Stage {number}'
        self.add({'stage_number': number, 'stage_name': name, 'status': status, 'message': _text(message, _TEXT_MOST),
                  'username': _text(username, _USER_MOST), 'details': _details(details), 'started_at': at, 'updated_at': at,
                  'pid': self.pid})

    def get_current_stage(self):
        """The last event that this process told, or, when it told none, the one in the file. None: there is none."""
        with self.changed:
            if self.last is not None or self.reset:
                return dict(self.last) if self.last is not None else None
        try:
            now = _Store(self.file).read().get('current_stage')
            return now if isinstance(now, dict) else None
        except (OSError, ValueError, AttributeError):
            return None

    def news(self, seen):
        """(number of the last event in the file, the events behind number seen): of all writers."""
        root = _Store(self.file).read()
        if not _Document.is_ours(root):
            return seen, []
        history = [e for e in root.get('stage_history') or [] if isinstance(e, dict) and isinstance(e.get('seq'), int)]
        last = max((e['seq'] for e in history), default=0)
        if seen is not None and last < seen:    # somebody began a new file
            seen = 0
        return last, [e for e in history if seen is not None and e['seq'] > seen]

    def flush(self, timeout):
        """Waits until all events are in the file; False: not yet, or they cannot be written."""
        end = time.monotonic() + timeout
        with self.changed:
            upto, tries = self.added, self.tries
            while self.written < upto and self.tries < tries + 2 and time.monotonic() < end:
                self.hurry = True
                self.changed.notify_all()
                self.changed.wait(max(0.0, end - time.monotonic()))
            return self.written >= upto

    def _write(self, store, queue):
        """How long to rest now; None: somebody else may be writing."""
        began = time.monotonic()
        try:
            store.write(queue, self.stages, self.mode)
            return True, max(_REST_S, (time.monotonic() - began) * _SHARE)
        except _Again:
            return None, _AGAIN_S
        except OSError as e:
            where = f': {e.filename}' if e.filename else ''
            self.tell_trouble(f'cannot write {self.file}: {e.strerror or e}{where}')
        except Exception as e:          # noqa: BLE001 whatever it is, the miner goes on
            self.tell_trouble(f'cannot write {self.file}: {type(e).__name__}: {e}')
        return False, _TROUBLE_S

    def _work(self):
        store, not_before, again = _Store(self.file), 0.0, False
        while True:
            with self.changed:
                while not self.queue or (time.monotonic() < not_before and (again or not self.hurry)):
                    self.changed.wait(None if not self.queue else max(0.001, not_before - time.monotonic()))
                queue, self.queue, self.hurry, upto = self.queue, _Queue(), False, self.added
            done, rest = self._write(store, queue)
            with self.changed:
                if done:
                    self.written = upto
                else:
                    self.queue.behind(queue)
                again = done is None
                self.tries += not again
                not_before = time.monotonic() + rest
                self.changed.notify_all()


_lock = threading.Lock()
_options = {}
_the_tracker = None


def get_tracker():
    """The tracker of this process: get_current_stage() gives a dict, or None."""
    global _the_tracker
    with _lock:
        if _the_tracker is None:
            _the_tracker = _Tracker(**_options)
        return _the_tracker


def _forget():
    """In a forked child: the parent's thread is not here, its locks may be taken for ever."""
    global _lock, _the_tracker, _held_lock
    for fd in _held:
        os.close(fd)
    _held.clear()
    _lock, _the_tracker, _held_lock = threading.Lock(), None, threading.Lock()


if hasattr(os, 'register_at_fork'):
    os.register_at_fork(before=lambda: _held_lock.acquire(), after_in_parent=lambda: _held_lock.release(),
                        after_in_child=_forget)


def configure(file=None, mode=None, stages=STAGES):
    """Before the first event, when the defaults do not fit."""
    global _the_tracker
    flush(_EXIT_S)
    with _lock:
        _options.update(file=file, mode=mode, stages=stages)
        _the_tracker = None


def _tell(status, number, message, username, details):
    try:
        get_tracker().event(status, number, message, username, details)
    except Exception as e:              # noqa: BLE001 a miner does not die of telling what it does
        _log.debug('a stage was not noted: %s', e)


def stage_start(stage_number, message='', username='', details=None):
    _tell('running', stage_number, message, username, details)


def stage_complete(stage_number, message='', username='', details=None):
    _tell('completed', stage_number, message, username, details)


def stage_failed(stage_number, message='', username='', details=None):
    _tell('failed', stage_number, message, username, details)


def reset_stages():
    """No stage yet, as at the start of a miner. History and durations stay: they tell what is usual."""
    try:
        get_tracker().add(None)
    except Exception as e:              # noqa: BLE001
        _log.debug('the reset was not noted: %s', e)


def flush(timeout=_EXIT_S):
    """Waits until all events are in the file. False: not yet, or they cannot be written."""
    tracker = _the_tracker
    return tracker is None or tracker.flush(timeout)


atexit.register(flush)


class MinerStageReporter:
    """Logs what is told to tracker from now on, by this process or any other, with the miner's own words."""

    _LINES = {'running': '⚙️  Stage {0} - {1}{2}: {3}', 'completed': '✅ Stage {0} Complete - {1}{2} - {3}',
              'failed': '❌ Stage {0} Failed - {1}{2} - Error: {3}'}

    def __init__(self, tracker, logger):
        self.tracker, self.logger = tracker, logger
        self.stop, self.thread, self.seen, self.identity = threading.Event(), None, None, None

    def line(self, stage):
        user = f' for {stage["username"]}' if stage.get('username') else ''
        shape = self._LINES.get(stage.get('status'), self._LINES['running'])
        return shape.format(stage.get('stage_number', '?'), stage.get('stage_name', 'Unknown'), user, stage.get('message', ''))

    def look(self):
        """Only a file that changed is read."""
        try:
            st = os.stat(self.tracker.file)
        except FileNotFoundError:
            self.seen = self.seen or 0
            return
        identity = (st.st_dev, st.st_ino, st.st_mtime_ns, st.st_size)
        if identity == self.identity:
            return
        self.seen, events = self.tracker.news(self.seen)
        self.identity = identity
        for event in events:
            (self.logger.error if event.get('status') == 'failed' else self.logger.info)(self.line(event))

    def _look(self):
        try:
            self.look()
        except Exception as e:          # noqa: BLE001 a file or a logger may do anything
            _log.debug('a stage was not reported: %s', e)

    def _work(self, check_interval):
        while not self.stop.wait(check_interval):
            self._look()

    def start_monitoring(self, check_interval=1.0):
        if self.thread is None:
            self.stop.clear()
            self._look()                # what was there before is not reported
            self.thread = threading.Thread(target=self._work, args=(check_interval,), name='davy_stage_reporter', daemon=True)
            self.thread.start()

    def stop_monitoring(self):
        self.stop.set()
        if self.thread is not None:
            self.thread.join(2)
            self.thread = None
            self._look()
