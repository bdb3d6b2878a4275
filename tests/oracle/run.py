# SPDX-License-Identifier: GPL-2.0-or-later
"""Made-up rigs, looked at by davy and by a plain recomputation: the JSON must agree, numbers within 1e-9.

usage: run.py DAVY [--seeds N] [--first SEED] [--keep DIR]      exit 0: all agree
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # the tree stays as it was
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import history  # noqa: E402
import hostile  # noqa: E402
import make_rig  # noqa: E402
import recompute  # noqa: E402


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same_number(want, got):
    if isinstance(want, int) and isinstance(got, int):
        return want == got
    return math.isclose(want, got, rel_tol=1e-9, abs_tol=1e-9)


def differences(want, got, path):
    """Sentences for all that want has and got has otherwise. Further members of got are fine."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key, value in want.items():
            if key not in got:
                yield f"{path}.{key} is missing"
            else:
                yield from differences(value, got[key], f"{path}.{key}")
    elif isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            yield f"{path} has {len(got)} items, not {len(want)}"
        for i, (a, b) in enumerate(zip(want, got)):
            yield from differences(a, b, f"{path}[{i}]")
    elif is_number(want) and is_number(got):
        if not same_number(want, got):
            yield f"{path} is {got!r}, not {want!r}"
    elif type(want) is not type(got) or want != got:
        yield f"{path} is {got!r}, not {want!r}"


HOSTILE = 6000  # lines of a hostile history
RANGES = [(None, ""), ("all", "],]"), ("30d", "]"), ("7d", "["), ("24h", "[,["), ("1h", "[,[,[")]


def ask(davy, folder, now, keys):
    command = [davy, "--once", "-o", "json", "-C", folder, "--now", str(now), "--keys", keys]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False, env={**os.environ, "TZ": "UTC"})
    if done.returncode != 0:
        raise ValueError(f"exit {done.returncode}: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return json.loads(done.stdout)


def check(davy, folder, seed, now):
    """A list of sentences, empty when davy agrees; and how many lines the history had."""
    asked, keys = RANGES[seed % len(RANGES)]
    want = recompute.recompute(folder, now, asked=asked)
    try:
        got = ask(davy, folder, now, keys)
    except (ValueError, OSError, subprocess.TimeoutExpired) as e:
        return [str(e)], want["scores"]["lines"]
    wrong = list(differences(want, {k: got.get(k) for k in want}, ""))
    return wrong + list(history.check(davy, folder, now, seed, differences)), want["scores"]["lines"]


def tell(what, lines, wrong):
    print(f"{'FAIL' if wrong else 'ok'}  {what}: {lines} lines" + "".join(f"\n      {w}" for w in wrong[:8]))
    return bool(wrong)


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("davy")
    args.add_argument("--seeds", type=int, default=20)
    args.add_argument("--first", type=int, default=1)
    args.add_argument("--keep", help="leave the rigs in this folder")
    args = args.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="davy-oracle-") as temporary:
        for seed in range(args.first, args.first + args.seeds):
            folder = os.path.join(args.keep or temporary, f"rig{seed}")
            os.makedirs(folder, exist_ok=True)
            wrong, lines = check(args.davy, folder, seed, make_rig.make_rig(folder, seed))
            failed += tell(f"seed {seed}", lines, wrong)
            folder = os.path.join(args.keep or temporary, f"hostile{seed}")
            wrong, lines = check(args.davy, folder, seed, hostile.make(folder, seed, HOSTILE))
            failed += tell(f"hostile lines, seed {seed}", lines, wrong)
    print(f"{2 * args.seeds - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
