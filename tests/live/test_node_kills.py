# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-node against davy-sim coordinator, both killed again and again: every job ends once in the coordinator's book, none is
paid twice, and the ledger holds. DAVY_NODE_JOBS=1000 is the long form."""
import json
import os
import random
import time

from coordinators import Coordinator
from pty_davy import PATIENCE
from test_node_run import Node, until

JOBS = int(os.environ.get('DAVY_NODE_JOBS', '150'))
OVER = ('COMPLETED', 'FAILED')


class Url:
    def __init__(self, c):
        self.url = f'http://127.0.0.1:{c.port}'


def node_for(world, c, more=''):
    n = Node(world, Url(c), f'coordinator_keys = ["{c.said["public_key"]}"]\ncpu_slots = 4\npending = 8\npoll_s = 0.02\n' + more,
             key='sim-miner')
    text = (n.rig / 'davy.toml').read_text().replace('poll_s = 0.03\n', '', 1)
    (n.rig / 'davy.toml').write_text(text)
    return n


def verified(n, c):
    done = n.world.run(n.world.build / 'davy-node', 'receipts', 'verify', n.rig / 'state/node/receipts.jsonl', '--key',
                       c.said['public_key'])
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def test_the_ledger_holds_what_the_coordinator_signed(world):
    with Coordinator(world, strict=False) as c:
        n = node_for(world, c).start()
        try:
            ids = c.submit(5)
            until(lambda: c.state()['completed'] == 5)
            until(lambda: n.status()['queue'].get('outbox') == 0 and n.status()['state'] == 'ONLINE')
            s = n.status()
            assert s['receipts'] == {'verified': 5, 'bad': 0}, s['receipts']
            c.fault('result 1-3 forged')
            c.submit(1)
            until(lambda: n.status()['receipts']['bad'] == 1)
            s = n.status()
            assert s['recent'][0]['code'] == '' and not s['recent'][0]['verified'], s['recent'][0]   # the job is done all the same
            assert float(s['earnings']['total']) >= 0 and s['earnings']['days'][0]['jobs'] == 5
            n.stop()
            assert len(ids) == 5
        finally:
            n.process.poll() is None and n.kill()


def test_killed_again_and_again_every_job_ends_once_and_is_paid_once(world):
    chance = random.Random(8)
    with Coordinator(world, '--lease-ms', 1500) as c:  # an assignment that was lost on the way is made again
        n = node_for(world, c).start()
        try:
            c.submit(JOBS)
            kills, due, end = 0, JOBS // 8, time.monotonic() + 75 * PATIENCE
            while True:
                s = c.state()
                over = s['completed'] + s['failed']
                if over == JOBS:
                    break
                assert time.monotonic() < end, {k: v for k, v in s.items() if k not in ('book', 'miner')}
                if over >= due:
                    kills, due = kills + 1, over + JOBS // 16
                    if kills % 3 == 0:
                        c.kill()
                        c.start()
                    else:
                        n.kill()
                        n.start()
                time.sleep(chance.uniform(0.01, 0.06))
            assert kills >= 5, kills
            until(lambda: n.status()['state'] == 'ONLINE' and not n.status()['jobs'], why='an empty node')
            n.stop()
            s = c.state()
            assert all(j['state'] in OVER for j in s['book']) and len(s['book']) == JOBS
            failed = [j['error'] for j in s['book'] if j['error']]
            # E_INTERNAL: it died while it wrote the assignment, and only the job's name was there (the table of recovery)
            assert all(error.split(':')[0] in ('E_CRASHLOOP', 'E_INTERNAL') for error in failed), failed
            assert len(failed) <= kills, failed
            assert all(j['receipts'] <= 1 for j in s['book']), [j for j in s['book'] if j['receipts'] > 1]
            found = verified(n, c)
            assert found['receipts'] - found['repeats'] == s['completed'], (found, s['completed'])
            assert os.listdir(n.rig / 'state/node/outbox') == []
            # What was given out again, and was over when its second report came, is kept aside; nothing else is.
            kept = [json.loads(path.read_text())['dead'] for path in (n.rig / 'state/node/dead').iterdir()]
            assert all(why == 'conflict' for why in kept) and len(kept) <= kills, kept
        finally:
            n.process.poll() is None and n.kill()
