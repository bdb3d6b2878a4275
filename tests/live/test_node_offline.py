# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-node without a coordinator: receipts and allow-lists."""
import json
import pathlib

VECTORS = pathlib.Path(__file__).resolve().parent.parent / 'data/node_receipt_vectors.json'
LIST = 'command: {path: /usr/bin/ffmpeg}\nargs:\n  - ["-y"]\n  - ["-i", ".+\\\\.(mp4|wav)$"]\n'


def node(world, *argv):
    return world.run(world.build / 'davy-node', *argv)


def signed(vector):
    return {**vector['payload'], 'signature': {'alg': 'Ed25519', 'key_id': vector['key_id'], 'sig': vector['sig_b64url']}}


def vector(name):
    return next(v for v in json.loads(VECTORS.read_text()) if v['name'] == name)


def test_the_paid_example_of_the_reference_is_valid_with_its_key_only(world):
    one = vector('seed-example-payment')
    file = world.folder / 'receipt.json'
    file.write_text(json.dumps(signed(one), indent=2))
    done = node(world, 'receipts', 'verify', file, '--key', one['pk_hex'])
    assert done.returncode == 0, done
    assert json.loads(done.stdout) == {'valid': True, 'receipt_id': '00112233445566778899aabbccddeeff',
                                       'job_id': '0123456789abcdef0123456789abcdef', 'price': '0.23692'}
    for argv, why in [(('--key', '00' * 32), 'unknown_key'), ((), 'unknown_key')]:
        done = node(world, 'receipts', 'verify', file, *argv)
        assert done.returncode == 2 and json.loads(done.stdout) == {'valid': False, 'why': why}, done
    file.write_text(json.dumps({**signed(one), 'price': 0.236921}))
    done = node(world, 'receipts', 'verify', '--key', one['pk_hex'], file)
    assert done.returncode == 2 and json.loads(done.stdout)['why'] == 'bad_signature', done


def test_what_is_no_receipt_is_one_sentence(world):
    file = world.folder / 'receipt.json'
    file.write_text('{"a": 1,}')
    done = node(world, 'receipts', 'verify', file)
    assert done.returncode == 2 and json.loads(done.stdout)['why'] == 'receipt byte 9: expected a text in quotes', done
    done = node(world, 'receipts', 'verify', world.folder / 'none')
    assert done.returncode == 3 and done.stderr.count('\n') == 1, done
    assert node(world, 'receipts', 'verify', file, '--key', '12').returncode == 3


def test_an_allow_list_says_what_takes_an_argument(world):
    file = world.folder / 'ffmpeg.yaml'
    file.write_text(LIST)
    done = node(world, 'allowlist', 'test', file, '--', '-y', '-i', 'a.mp4')
    assert done.returncode == 0 and [p['rule'] for p in json.loads(done.stdout)['argument']] == [1, 2, 2], done
    for bad in (['-i', '/etc/x.mp4'], ['-i', '../x.mp4'], ['-y', '-y'], ['--help']):
        done = node(world, 'allowlist', 'test', file, '--', *bad)
        assert done.returncode == 2 and json.loads(done.stdout)['allowed'] is False, (bad, done)
    file.write_text(LIST + 'colour: red\n')
    done = node(world, 'allowlist', 'check', file)
    assert done.returncode == 2 and 'colour: not a key' in done.stderr, done
