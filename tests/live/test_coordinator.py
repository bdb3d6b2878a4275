# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-sim coordinator: both dialects to the letter, every fault of its list, and a book that survives kill -9. Receipts are
checked by Python's json and by OpenSSL's Ed25519, which share no code with davy."""
import base64
import hashlib
import http.client
import json
import socket
import subprocess
import threading
import time

from coordinators import CLIENT, JOB, Coordinator


def without_nulls(v):
    if isinstance(v, dict):
        return {k: without_nulls(x) for k, x in v.items() if x is not None}
    return [without_nulls(x) for x in v if x is not None] if isinstance(v, list) else v


def openssl_verifies(folder, receipt):
    unpad = lambda text: base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    text = json.dumps(without_nulls({k: v for k, v in receipt.items() if k != 'signature'}), separators=(',', ':'), sort_keys=True)
    (folder / 'text').write_text(text)
    (folder / 'sig').write_bytes(unpad(receipt['signature']['sig']))
    (folder / 'key.der').write_bytes(bytes.fromhex('302a300506032b6570032100') + unpad(receipt['signature']['key_id']))
    return subprocess.run(['openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', folder / 'key.der', '-keyform', 'DER', '-rawin',
                           '-in', folder / 'text', '-sigfile', folder / 'sig'], capture_output=True).returncode == 0


def test_dialect_1_answers_as_the_deployed_server_does(world):
    with Coordinator(world, strict=False) as c:
        assert c.ask('GET', '/v1/health', key='') == (200, {'status': 'ok', 'env': 'dev'})
        assert c.register(key='wrong') == (401, {'detail': 'invalid api key'})
        assert c.poll() == (500, 'Internal Server Error')
        assert c.ask('POST', '/v1/miners/heartbeat', {}) == (404, {'detail': 'miner not registered'})
        status, said = c.ask('POST', '/v1/miners/register', {})
        assert (status, said) == (422, {'detail': [{'type': 'missing', 'loc': ['body', 'capabilities'], 'msg': 'Field required',
                                                    'input': {}}]})
        status, said = c.register()
        assert status == 200 and len(said['session_token']) == 32 and said['status'] == 'ok'
        status, said = c.ask('POST', '/v1/miners/poll', {'max_wait_seconds': 4.5})
        assert status == 422 and said['detail'][0]['type'] == 'int_from_float'
        began = time.monotonic()
        assert c.poll(wait=15) == (204, None) and time.monotonic() - began < 5, 'the deployed one never waits'
        status, job = c.ask('POST', '/v1/jobs', {'payload': {'ö': 1.0}, 'constraints': {'region': None}}, CLIENT)
        assert status == 201 and job['state'] == 'QUEUED' and len(job['job_id']) == 32
        assert c.raw('POST', '/v1/miners/poll', {})[2].decode() == (
            '{"job_id":"%s","payload":{"\\u00f6": 1.0},"constraints":{"gpu":null,"cuda":null,"min_vram_gb":null,"models":null,'
            '"region":null,"max_price":null}}' % job['job_id'])
        assert c.ask('GET', f'/v1/jobs/{job["job_id"]}/result', key=CLIENT) == (425, {'detail': 'job not ready'})
        assert c.result('f' * 32) == (404, {'detail': 'job not found'})
        first = c.result(job['job_id'], duration_ms=11846)[1]['receipt']
        second = c.result(job['job_id'])[1]['receipt']
        assert first['receipt_id'] != second['receipt_id'], 'it pays twice, and that is what a node has to survive'
        assert first['price'] == 0.23692 and first['units'] == 11.846 and first['unit_type'] == 'gpu_seconds'
        assert openssl_verifies(world.folder, first) and openssl_verifies(world.folder, second)
        assert not openssl_verifies(world.folder, {**first, 'price': 1.0})
        assert c.ask('POST', f'/v1/jobs/{job["job_id"]}/cancel', key=CLIENT) == (409, {'detail': 'job not cancelable'})
        assert c.ask('GET', '/v1/jobs/nothing', key=CLIENT) == (404, {'detail': 'job not found'})
        assert c.ask('GET', '/v1/admin/stats', key=CLIENT)[0] == 401 and c.ask('GET', '/v1/admin/stats', key='sim-admin')[0] == 200
        fields = [line['headers']['X-Api-Key'] for line in c.asked()]
        assert 'wrong' in fields and c.asked()[-1]['path'] == '/v1/admin/stats'


def test_jobs_go_only_to_who_can_do_them(world):
    wants = [{'gpu': 'NVIDIA A'}, {'min_vram_gb': 16}, {'cuda': '12.4'}, {'models': ['m', 'n']}, {'region': 'x'}, {'max_price': 0.01}]
    with Coordinator(world) as c:
        c.register(gpus=[{'name': 'NVIDIA B', 'memory_mb': 16380}], cuda='11', models=['m'], price=0.02)
        ids = [c.submit(constraints=w)[0] for w in wants]
        assert c.poll() == (204, None)
        caps = {'gpus': [{'name': 'NVIDIA A', 'memory_mb': 16384}], 'cuda': '12.4.1', 'models': ['n', 'm'], 'price': 0.01}
        c.ask('POST', '/v1/miners/register', {'capabilities': caps, 'concurrency': 9, 'region': 'x'})
        assert [c.poll()[1]['job_id'] for _ in ids] == ids
        assert c.poll() == (204, None)


def test_a_strict_coordinator_pays_once_and_knows_whose_job_it_is(world):
    with Coordinator(world, '--miner-keys', 'a,b', '--lease-ms', '300') as c:
        c.register('a'), c.register('b')
        (job,) = c.submit()
        assert c.poll('a')[1]['job_id'] == job
        assert c.result(job, 'b') == (409, {'detail': 'job is not yours'})
        receipt = c.result(job, 'a')
        assert receipt == c.result(job, 'a') and c.state()['book'][0]['receipts'] == 1
        assert c.ask('POST', f'/v1/miners/{job}/fail', {'error_code': 'E', 'error_message': 'm'}, 'a')[0] == 409
        (job,) = c.submit()
        c.poll('a')
        c.ask('POST', '/__admin/cancel', {'job_id': job})
        beat = c.ask('POST', '/v1/miners/heartbeat', {'inflight': 1}, 'a')[1]
        assert beat == {'status': 'ok', 'cancel': [job], 'drain': False}
        assert c.result(job, 'a') == (409, {'detail': 'job is CANCELED'})
        (job,) = c.submit()
        assert c.poll('a')[1]['job_id'] == job and c.poll('a')[0] == 204
        time.sleep(0.4)
        assert c.poll('a')[1]['job_id'] == job, 'nobody heard of it: its assignment was lost on the way'


def test_a_strict_poll_waits_for_a_job(world):
    with Coordinator(world) as c:
        c.register()
        got = []
        waiting = threading.Thread(target=lambda: got.append(c.poll(wait=20, timeout=30)))
        waiting.start()
        time.sleep(0.2)
        assert not got
        (job,) = c.submit()
        waiting.join(10)
        assert got and got[0][1]['job_id'] == job


def form(parts, boundary=b'x-y-z'):
    out = b''
    for name, filename, content in parts:
        out += b'--%s\r\nContent-Disposition: form-data; name="%s"' % (boundary, name.encode())
        out += (b'; filename="%s"\r\nContent-Type: text/plain' % filename.encode() if filename else b'') + b'\r\n\r\n' + content + b'\r\n'
    return out + b'--%s--\r\n' % boundary, {'Content-Type': 'multipart/form-data; boundary=' + boundary.decode()}


def test_artifacts_are_taken_whole_or_not_at_all(world):
    content = b'\0\xff' * 150000
    about = {'name': 'a.bin', 'size': len(content), 'sha256': hashlib.sha256(content).hexdigest(), 'index': 0, 'count': 1}
    with Coordinator(world) as c:
        c.register()
        (job,) = c.submit()
        c.poll()
        for cut, status in ((content, 200), (content[:-1], 422)):
            body, headers = form([('metadata', None, json.dumps(about).encode()), ('artifact', 'a.bin', cut)])
            assert c.ask('POST', f'/v1/miners/{job}/artifacts', body, headers=headers)[0] == status
        assert c.state()['book'][0]['files'] == 1
    with Coordinator(world, '--journal', world.folder / 'other.jsonl', strict=False) as c:
        assert c.ask('POST', '/v1/miners/x/artifacts', b'')[0] == 404


def test_dialect_2_from_register_to_receipt(world):
    manifest = {'runner': 'cli', 'command': 'echo', 'args': ['hello'], 'timeout_s': 120}
    with Coordinator(world) as c:
        me = {'node_id': 'node-7'}
        assert c.ask('POST', '/api/v1/jobs/pull', me)[0] == 404
        assert c.ask('POST', '/api/v1/nodes/register', me, key='wrong')[0] == 401
        assert c.ask('POST', '/api/v1/nodes/register', me) == (200, {'node_token': 'sim-miner'})
        assert c.ask('POST', '/api/v1/jobs/pull', me) == (200, {'job': None})
        (job,) = c.submit(payload=manifest)
        assert c.ask('POST', '/api/v1/jobs/pull', me) == (200, {'job': {'job_id': job, **manifest}})
        assert c.ask('POST', f'/api/v1/jobs/ack?job_id={job}&node_id=node-7', {**me, 'job_id': job})[0] == 200
        assert c.ask('POST', '/api/v1/jobs/ack', {'node_id': 'other', 'job_id': job})[0] == 409
        told = json.dumps({'result': {'exit_code': 0}, 'metrics': {'units': 2, 'unit_price': 0.5}}).encode()
        body, headers = form([('job_id', None, job.encode()), ('metadata', None, told), ('artifact', 'o.txt', b'hello\n')])
        status, said = c.ask('POST', '/api/v1/jobs/result', body, headers=headers)
        assert status == 200 and said['receipt']['price'] == 1.0 and said['receipt']['provider'] == 'node-7'
        assert openssl_verifies(world.folder, said['receipt']) and c.state()['book'][0]['files'] == 1
        (job,) = c.submit(payload=manifest)
        c.ask('POST', '/api/v1/jobs/pull', me)
        assert c.ask('POST', '/api/v1/jobs/fail', {'job_id': job, 'error_code': 'E_EXIT', 'error_msg': '3'})[0] == 200
        assert c.state()['book'][1]['error'] == 'E_EXIT: 3'


def broken(call):
    try:
        call()
    except (http.client.HTTPException, ConnectionError, socket.timeout) as e:
        return type(e).__name__
    raise AssertionError('an answer came')


def test_every_fault_comes_when_it_was_ordered(world):
    with Coordinator(world) as c:
        c.register()
        for rule, status in (('status 503', 503), ('status 500', 500), ('redirect', 302), ('limit 7', 429)):
            c.fault('poll 1 ' + rule)
            got, headers, _ = c.raw('POST', '/v1/miners/poll', {})
            assert got == status, rule
            assert c.poll()[0] == 204, 'only the first'
        assert headers['Retry-After'] == '7'
        c.fault('poll 2-3 empty', 'poll 4 null')
        assert [c.raw('POST', '/v1/miners/poll', {'max_wait_seconds': 0})[::2] for _ in range(4)] == [
            (204, b''), (200, b''), (200, b''), (200, b'null')]
        for rule in ('close-before', 'close-after', 'partial 3', 'length 9', 'chunked'):
            (job,) = c.submit()
            c.poll()
            c.fault('result all ' + rule)
            broken(lambda: c.result(job))
            booked = c.state()['book'][-1]['state']
            assert booked == ('RUNNING' if rule == 'close-before' else 'COMPLETED'), rule
            c.fault('result all garbage')
            assert not isinstance(c.result(job)[1], dict)
        c.fault('heartbeat 1 deep 100', 'heartbeat 2 huge 2')
        assert c.raw('POST', '/v1/miners/heartbeat', {})[2] == b'[' * 100
        assert len(c.raw('POST', '/v1/miners/heartbeat', {})[2]) == 2 << 20
        c.fault('heartbeat 1 drip 5', 'heartbeat 2 delay 150')
        for least in (0.05, 0.15):
            began = time.monotonic()
            assert c.ask('POST', '/v1/miners/heartbeat', {})[1]['status'] == 'ok' and time.monotonic() - began >= least
        c.fault('poll 1 refuse 700')
        broken(c.poll)
        time.sleep(0.1)
        assert broken(c.poll) == 'ConnectionRefusedError'
        time.sleep(0.9)
        assert c.poll()[0] == 204
        faults = [line['fault'] for line in c.asked()]
        assert {'status', 'close-before', 'close-after', 'partial', 'length', 'chunked', 'refuse'} <= set(faults)
        status, said = c.ask('POST', '/__admin/fault', 'poll sometimes status 503')
        assert status == 422 and 'expected all, N, N-, N-M or P%' in said


def test_jobs_and_receipts_that_nobody_should_believe(world):
    with Coordinator(world) as c:
        c.register()
        (job,) = c.submit()
        c.poll()
        c.fault('poll 1 duplicate', 'poll 2- bad-id 0')
        assert c.poll()[1]['job_id'] == job and c.state()['book'][0]['given'] == 2
        c.submit()
        assert c.poll()[1]['job_id'] == '../../etc/passwd'
        c.fault('result 1 unsigned', 'result 2 forged', 'result 3 other-job')
        assert c.result(job, units=1)[1]['receipt'] is None
        forged, other, good = (c.result(job, units=1)[1]['receipt'] for _ in range(3))
        assert not openssl_verifies(world.folder, forged) and not openssl_verifies(world.folder, other)
        assert openssl_verifies(world.folder, good) and good['job_id'] == job != other['job_id']


def test_the_book_survives_kill_9_and_a_torn_line(world):
    with Coordinator(world) as c:
        c.register()
        ids = c.submit(5, **JOB)
        done = c.poll()[1]['job_id']
        receipt = c.result(done)[1]['receipt']
        c.poll()
        before = c.state()
        c.kill()
        with open(c.journal, 'a') as f:
            f.write('{"at":1,"method":"POST","pa')
        c.start()
        after = c.state()
        assert before == after and [j['state'] for j in after['book']] == ['COMPLETED', 'RUNNING'] + ['QUEUED'] * 3
        assert c.result(done)[1]['receipt'] == receipt and c.poll()[1]['job_id'] == ids[2]
        c.kill()
        c.start()
        assert c.state()['running'] == 2
        second = subprocess.run([str(world.sim), 'coordinator', '--journal', str(c.journal)], capture_output=True, text=True)
        assert second.returncode == 3 and 'coordinator that runs' in second.stderr
