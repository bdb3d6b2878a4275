# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions to `davy history`, made up from a seed, and their answers: slow, plain, and from the rules alone. The filter is
written down and recomputed from one random tree, so each of its words is asked in the end."""
import json
import math
import os
import random
import subprocess

import recompute

HOUR, DAY = recompute.HOUR, recompute.DAY
PERCENT = {"p10": 1, "p50": 5, "p90": 9}
EXACT, STEP = 250, 0.002


class Row:
    """A record with what only davy history shows."""

    def __init__(self, record, doc):
        self.r = record
        self.t, self.score, self.tokens, self.tao = record.t, record.score, record.tokens, record.tao
        self.llm, self.strategy, self.subnet, self.kind = record.llm, record.strategy, record.subnet, record.kind
        task = doc.get("task_id")
        self.raw = task if isinstance(task, str) else ""
        self.id = recompute.clean(self.raw)
        self.joined = "" if self.raw == "unknown" else self.raw


def load(folder, now):
    """All records that nothing replaced, in order; and the file's counts."""
    with open(os.path.join(folder, "state/task-history.jsonl"), "rb") as f:
        data = f.read()
    history = recompute.History(data, now)
    lines = dict(recompute.split_lines(data))
    rows = [Row(r, recompute.load_object(lines[r.line])) for r in history.records if not r.replaced]
    return rows, history.counts


# ---- filters: a text, and what it means ----

OPS = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}


def number_test(rng):
    name, values = rng.choice([("score", [0, 0.5, 0.6, 0.78, 1]), ("tokens", [0, 500, 1000, 1e17]), ("tao", [0, 0.0125, 1])])
    op, value = rng.choice(list(OPS)), rng.choice(values)
    return f"{name}{rng.choice(['', ' '])}{op} {value}", lambda r: getattr(r, name) is not None and OPS[op](getattr(r, name), value)


def subnet_test(rng):
    if rng.random() < 0.3:
        op = rng.choice(["=", "!="])
        return f"subnet {op}unknown", lambda r: (r.subnet is None) == (op == "=")
    op, value = rng.choice(list(OPS)), rng.choice([0, 1, 18, 64, 65535])
    return f"subnet{op}{value}", lambda r: op == "!=" if r.subnet is None else OPS[op](r.subnet, value)


def text_test(rng):
    name = rng.choice(["llm", "strategy"])
    op = rng.choice(["=", "!=", "~", "!~"])
    value = rng.choice(["openai-gpt4", "GEMINI-pro", "ÖL-模型", "größe", "few_shot", "-", "o", "unknown"])
    if op in "=!=" and value == "unknown":
        return f"{name}{op}{value}", lambda r: (getattr(r, name) == "") == (op == "=")
    if "=" in op:
        return f"{name}{op}'{value}'", lambda r: (getattr(r, name).lower() == value.lower()) == (op == "=")
    return f"{name}{op}{value}", lambda r: (value.lower() in getattr(r, name).lower()) == (op == "~")


def id_test(rng):
    op, value = rng.choice(["=", "!=", "~", "!~"]), f"t_{rng.randrange(60)}"
    if "=" in op:
        return f"id{op}{value}", lambda r: (r.joined == value) == (op == "=")
    value = value.upper() if rng.random() < 0.5 else value
    return f"id {op} {value}", lambda r: (value.lower() in r.id.lower()) == (op == "~")


def kind_test(rng):
    kind = rng.choice(["pending", "scored", "invalid"])
    return rng.choice([kind, kind.upper()]), lambda r: r.kind == kind


def make_filter(rng, depth=3):
    style = rng.random()
    if depth == 0 or style < 0.4:
        return rng.choice([number_test, number_test, subnet_test, text_test, id_test, kind_test])(rng)
    a, fa = make_filter(rng, depth - 1)
    if style < 0.55:
        return f"not ({a})", lambda r: not fa(r)
    b, fb = make_filter(rng, depth - 1)
    if style < 0.8:
        return f"({a}) and ({b})", lambda r: fa(r) and fb(r)
    return f"({a} or {b})", lambda r: fa(r) or fb(r)


# ---- times ----

def moment(rng, now):
    """A text, the moment, and the last moment before it: what counts back from now still belongs to what lies before."""
    span = rng.choice([1, 24, 7 * 24, 14 * 24, 21 * 24])
    style = rng.randrange(4)
    if style == 0:
        at = now - span * HOUR
        return rng.choice([f"{span}h", f"{span // 24}d{span % 24}h"]), at, at
    at = rng.choice([now // DAY * DAY - rng.randrange(20) * DAY, now - span * HOUR])
    if style == 1:
        at = now // DAY * DAY
        return "today", at, at - 1
    if style == 2 or at % DAY:
        return str(at), at, at - 1
    return recompute.datetime.datetime.fromtimestamp(at / 1000, recompute.UTC).strftime("%Y-%m-%d"), at, at - 1


# ---- sums ----

def nearest_rank(scores, tenths):
    return sorted(scores)[math.ceil(len(scores) * tenths / 10) - 1] if scores else None


def prices(folder):
    """USD of 1,000 tokens by LLM; None: not known."""
    doc = recompute.load_json(os.path.join(folder, "config/token-budgets.json"))
    table = (doc or {}).get("budgets")
    out = {}
    for api, entry in (table if isinstance(table, dict) else {}).items():
        cost = recompute.number(entry.get("cost_per_1k_tokens")) if isinstance(entry, dict) else None
        out.setdefault(recompute.clean(api), cost if cost is not None and cost >= 0 else None)
    return out


def cost_of(rows, price):
    costs = [(r.tokens, price.get(r.llm) if r.llm else None) for r in rows if r.tokens > 0]
    return None if any(p is None for _, p in costs) else sum(t / 1000 * p for t, p in costs)


def summed(rows, everything, price):
    scores = [r.score for r in rows if r.score is not None]
    out = {"count": len(scores), "mean": recompute.mean(scores), "tokens": min(sum(r.tokens for r in rows), recompute.INT64),
           "success_rate": sum(s > 0.6 for s in scores) / len(scores) if scores else None}
    for name, tenths in PERCENT.items():
        out[name] = nearest_rank(scores, tenths)
    tao = [r.tao for r in rows if r.tao is not None]
    out["tao"] = sum(tao) if tao else None
    out["roi"] = sum(tao) / (out["tokens"] / 1000) if tao and out["tokens"] else None
    out["cost_usd"] = cost_of(rows, price)
    out["records"] = len(rows)
    out["share"] = len(rows) / len(everything) if everything else None
    out["first"] = min((r.t for r in rows), default=None)
    out["last"] = max((r.t for r in rows), default=None)
    return out


KEYS = {
    "llm": lambda r: r.llm or "unknown", "strategy": lambda r: r.strategy or "unknown",
    "subnet": lambda r: "unknown" if r.subnet is None else str(r.subnet),
    "hour": lambda r: r.t // HOUR * HOUR, "day": lambda r: r.t // DAY * DAY,
}


def rank(row):
    known = -round(row["mean"] * 1e9) if row["mean"] is not None else 1
    return (row["count"] < 10, known, -row["count"], row["name"].encode())


def grouped(rows, by, price):
    groups = {}
    for r in rows:
        groups.setdefault(KEYS[by](r), []).append(r)
    out = []
    for key, mine in groups.items():
        row = summed(mine, rows, price)
        row["start" if isinstance(key, int) else "name"] = key
        out.append(row)
    if by in ("hour", "day"):
        return sorted(out, key=lambda row: row["start"])
    out.sort(key=rank)
    for i, row in enumerate(out):
        row["best"] = i == 0 and row["count"] >= 10
    return out


def task(r):
    return {"at": r.t, "task_id": r.id or None, "kind": r.kind, "score": r.score, "tokens": r.tokens, "llm": r.llm or None,
            "strategy": r.strategy or None, "subnet": r.subnet, "tao": r.tao}


# ---- asking ----

def make_question(rng, rows, now):
    """The command line, and the records that it is about."""
    argv, after, last = [], None, now
    if rng.random() < 0.5:
        text, _, after = moment(rng, now)
        argv += ["--since", text]
    if rng.random() < 0.3:
        text, _, before = moment(rng, now)
        if after is None or before >= after:
            argv += ["--until", text]
            last = before
    fits = lambda r: True
    if rng.random() < 0.7:
        text, fits = make_filter(rng)
        argv += ["--where", text]
    return argv, [r for r in rows if r.kind != "synthetic" and (after is None or r.t > after) and r.t <= last and fits(r)]


def roughly(want, got):
    """Percentiles of many tasks are rounded: they are made equal where they are near enough."""
    for row in [want["total"], *want.get("groups", [])]:
        row["near"] = row["count"] > EXACT
    pairs = [(want["total"], got["total"]), *zip(want.get("groups", []), got.get("groups", []))]
    for w, g in pairs:
        if w.pop("near"):
            for name in PERCENT:
                if w[name] is not None and g.get(name) is not None and abs(w[name] - g[name]) <= STEP / 2 + 1e-9:
                    w[name] = g[name]


def answer(argv, rows, counts, by, limit, price):
    want = {"file": counts, "total": summed(rows, rows, price)}
    if not by:
        want["tasks"] = [task(r) for r in rows][-limit if limit else 0:]
        return want
    groups = grouped(rows, by, price)
    want["groups"] = groups[-limit:] if limit and by in ("hour", "day") else groups[:limit] if limit else groups
    return want


def check(davy, folder, now, seed, differences):
    """Sentences for all that davy history answers wrongly."""
    if not os.path.exists(os.path.join(folder, "state/task-history.jsonl")):
        return
    rng = random.Random(seed)
    rows, counts = load(folder, now)
    price = prices(folder)
    for by in [None, None, *KEYS]:
        argv, fitting = make_question(rng, rows, now)
        limit = rng.choice([0, 0, 1, 7])
        argv += (["--by", by] if by else []) + (["--limit", str(limit)] if limit else [])
        command = [davy, "-C", folder, "history", "-o", "json", "--now", str(now), *argv]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        if done.returncode != 0:
            yield f"{argv}: exit {done.returncode}: {done.stderr.decode(errors='replace').strip()[-300:]}"
            continue
        got = json.loads(done.stdout)
        want = answer(argv, fitting, counts, by, limit, price)
        roughly(want, got)
        yield from differences(want, {k: got.get(k) for k in want}, f"{argv}: ")
