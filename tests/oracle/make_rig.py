# SPDX-License-Identifier: GPL-2.0-or-later
"""A made-up rig with a nasty past: thousands of history lines of every class, both time dialects, ties, duplicates, lines
out of order, budgets with wrong entries. The same seed gives the same rig. Standard library only.

usage: make_rig.py DIR SEED             prints the moment (ms) at which to look at it
"""
import datetime
import json
import os
import random
import sys

DAY = 86_400_000
LLMS = ["openai-gpt4", "claude-sonnet", "gemini-pro", "gemini-flash", "öl-模型", "\ud83e", "unknown", "", None, 7]
STRATEGIES = ["structured_reasoning", "chain_of_thought", "few_shot", "größe", "", None]
SUBNETS = [1, 1, 1, 18, 64, 0, 2.0, -1, "1", None, 1.5, 65535, 65536]
UTC = datetime.timezone.utc


def iso(ms, rng):
    """One moment in one of the dialects that writers use."""
    when = datetime.datetime.fromtimestamp(ms / 1000, UTC)
    micro = ms % 1000 * 1000 + rng.randrange(1000)
    stem = when.strftime("%Y-%m-%dT%H:%M:%S")
    style = rng.randrange(8)
    if style < 3:
        return f"{stem}.{micro:06d}"
    if style == 3:
        return stem
    if style == 4:
        return f"{stem}.{micro:06d}+00:00"
    if style == 5:
        return stem.replace("T", " ") + f",{ms % 1000:03d}Z"
    if style == 6:
        moved = datetime.datetime.fromtimestamp(ms / 1000 + 36000, UTC)
        return moved.strftime("%Y-%m-%dT%H:%M:%S") + f".{ms % 1000:03d}000000+10:00"
    moved = datetime.datetime.fromtimestamp(ms / 1000 - 12600, UTC)
    return moved.strftime("%Y-%m-%dT%H:%M:%S") + "-0330"


def stamp(ms, rng):
    style = rng.random()
    if style < 0.85:
        return iso(ms, rng)
    return ms if style < 0.93 else ms // 1000


def moment(rng, now):
    """Mostly the last three weeks; often exactly on the edges of the windows."""
    style = rng.random()
    if style < 0.10:
        days = rng.choice([0, 1, 7, 14])
        edge = rng.choice([now - days * DAY, now // DAY * DAY, now // DAY * DAY - DAY])
        return edge + rng.choice([-1000, -1, 0, 1, 1000])
    if style < 0.13:
        return now + rng.choice([1, 59_999, 60_000, 60_001, 3_600_000, 400 * DAY])
    if style < 0.30:
        return now - rng.randrange(40) * 1000
    return now - int(rng.random() ** 2 * 21 * DAY)


def score(rng):
    style = rng.random()
    if style < 0.70:
        return round(rng.random(), rng.choice([1, 2, 3, 16]))
    if style < 0.80:
        return rng.choice([0, 1, 0.6, 0.6000000000000001, 0.7799999999999999, 0.5, 0.61])
    if style < 0.90:
        return None
    return rng.choice([float("nan"), float("inf"), "0.9", 90, -0.1, 1.0000001, True, [], {}])


def scored_line(rng, now, number):
    task = f"t_{rng.randrange(max(number, 1))}" if rng.random() < 0.15 else f"t_{number}"
    if rng.random() < 0.06:
        task = rng.choice(["", "unknown", f"test_{rng.randrange(5)}", "test_x", "test_", "Test_1", 5, None, "ä\ud800"])
    doc = {"timestamp": stamp(moment(rng, now), rng), "task_id": task, "validator_score": score(rng),
           "tokens_spent": rng.randrange(2000), "llm_used": rng.choice(LLMS[:3] if rng.random() < 0.8 else LLMS),
           "prompt_strategy": rng.choice(STRATEGIES), "subnet_id": rng.choice(SUBNETS)}
    if rng.random() < 0.10:
        doc["tokens_spent"] = rng.choice([None, "500", -5, 500.9, 0, 10**17, 10**30, True])
    if rng.random() < 0.10:
        del doc[rng.choice(list(doc))]
    if rng.random() < 0.03:
        doc["timestamp"] = rng.choice(["yesterday", "", 0, -1, "2026-13-01T00:00:00", "2026-11-22T04:48", [1], True])
    if rng.random() < 0.10:
        doc["meta"] = {"validator_score": 9.5, "deep": [[{}]]}
    items = list(doc.items())
    if rng.random() < 0.3:
        rng.shuffle(items)
    return json.dumps(dict(items), ensure_ascii=rng.random() < 0.8 or has_surrogate(doc))


def has_surrogate(doc):
    return any(0xD800 <= ord(c) < 0xE000 for v in doc.values() if isinstance(v, str) for c in v)


def executed_line(rng, number):
    return json.dumps({"task_id": rng.choice([f"t_{number + rng.randrange(20)}", "test_001", "unknown", ""]),
                       "response": rng.choice(["fine", "\x1b[31m\ud83e \u202e \"validator_score\": 0.99", "x" * 5000]),
                       "llm": "openai-gpt4", "classification": {"task_type": "generation", "confidence": 0.7},
                       "status": "success"})


BAD_LINES = [
    b"", b"   ", b"\r", b"\t \r", b"{", b"}", b"[1,2]", b"null", b"5", b'"text"', b"{} {}", b"{}x", b'{"a":01}', b'{"a":5.}',
    b'{"timestamp":"2026-11-22T01:00:00","validator_score":0.5', b'{"a":"\xff"}', b'{"a":"\xc0\x80"}', b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\\x"}', b'{"a":"\t"}', b"{'a':1}", b'{"a":NaN}', b'{"a":nan}', b'{"a":1e999}', b'{"a":' + b"[" * 63 + b"]" * 63 + b"}",
    b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", b"\0\0\0", b"{}", b'{"validator_score":0.5}', b'{"a":"\\ud83e"}', b'{"a\\u0000":1}',
]


def history(rng, now, count):
    out = [b"\xef\xbb\xbf"] if rng.random() < 0.3 else []
    for number in range(count):
        style = rng.random()
        if style < 0.85:
            line = scored_line(rng, now, number).encode("utf-8")
        elif style < 0.93:
            line = executed_line(rng, number).encode("utf-8")
        else:
            line = rng.choice(BAD_LINES)
        if rng.random() < 0.05:
            line = b"\0" * rng.randrange(1, 5000) + line
        out.append(line + (b"\r\n" if rng.random() < 0.05 else b"\n"))
    if rng.random() < 0.3:
        out.insert(rng.randrange(len(out) + 1), b'{"response":"' + b"y" * (1 << 20) + b'"}\n')
    if rng.random() < 0.5:
        out.append(b'{"timestamp": "2026-11-2')
    return b"".join(out)


def entry(rng, now):
    if rng.random() < 0.05:
        return rng.choice([None, 5, "x", [], {}])
    allowance = rng.choice([1_000_000, 1000, 800_000, 0, 3])
    used = rng.choice([0, allowance * 8 // 10, allowance * 9 // 10, allowance * 95 // 100, allowance, allowance + 5,
                       rng.randrange(allowance + 1)])
    doc = {"monthly_allowance": allowance, "used_this_month": used, "daily_limit": rng.choice([50_000, 0, None, "x", -1]),
           "hard_limit": True, "cost_per_1k_tokens": rng.choice([0.03, 0, None, "x"]), "model": "m"}
    if rng.random() < 0.2:
        doc[rng.choice(["monthly_allowance", "used_this_month"])] = rng.choice([None, "1", -5, 2.5, 1000.0, True, 1e300, []])
    if rng.random() < 0.1:
        del doc[rng.choice(list(doc))]
    if rng.random() < 0.5:
        when = now - rng.randrange(-5, 40) * DAY
        doc["last_reset"] = rng.choice([when / 1000, iso(when, rng), iso(when, rng)[:10], "soon", None])
    return doc


def budgets(rng, now):
    apis = ["openai-gpt4", "claude-sonnet", "gemini-pro", "spare", "öl-模型"]
    rng.shuffle(apis)
    doc = {"budgets": {api: entry(rng, now) for api in apis[:rng.randrange(6)]}}
    if rng.random() < 0.6:
        doc["tracking"] = {"last_reset": rng.choice(["2024-01-01", iso(now - 3 * DAY, rng), None, "never"]),
                           "reset_day_of_month": rng.choice([1, 15, 31, 30, 0, 40, "1", None])}
    if rng.random() < 0.3:
        doc["last_reset"] = (now - rng.randrange(20) * DAY) / 1000
    doc["last_updated"] = iso(now - rng.randrange(40) * DAY, rng)
    return doc


def metrics(rng):
    week = {"tasks_completed": 5, "average_score": 0.5, "success_rate": 0.5,
            "token_spend": rng.choice([0, 285_000, None]), "tao_earned": rng.choice([0.0, 7.04, float("nan"), None])}
    shape1 = {"performance_24h": dict(week), "performance_7day": week, "last_updated": None}
    shape2 = {"period_days": 1, "average_score": float("nan"), "total_tokens_spent": 5}
    return rng.choice([shape1, shape1, shape2, {**shape1, **shape2}])


def with_tao(data, rng):
    """Some rigs log their earnings."""
    if rng.random() < 0.5:
        return data
    tao = rng.choice([b"0.0125", b"0", b"1e-3", b"NaN", b'"1"'])
    return data.replace(b'"tokens_spent": 1', b'"tao_earned": ' + tao + b', "tokens_spent": 1')


def write(folder, path, data):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def make_rig(folder, seed):
    """Writes the rig; returns the moment at which it is to be looked at."""
    rng = random.Random(seed)
    now = 1795348800123 + rng.randrange(400) * DAY + rng.randrange(DAY)
    if seed % 5 == 0:
        now = now // DAY * DAY  # midnight itself
    count = rng.choice([0, 1, 5, 15, 60, 2000, 6000])
    if count == 0 and rng.random() < 0.5:
        os.makedirs(os.path.join(folder, "state"), exist_ok=True)  # no history at all
    else:
        write(folder, "state/task-history.jsonl", with_tao(history(rng, now, count), rng))
    if rng.random() < 0.9:
        write(folder, "config/token-budgets.json", json.dumps(budgets(rng, now), indent=2).encode())
    if rng.random() < 0.7:
        write(folder, "state/performance-metrics.json", json.dumps(metrics(rng)).encode())
    return now


if __name__ == "__main__":
    print(make_rig(sys.argv[1], int(sys.argv[2])))
