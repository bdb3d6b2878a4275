# SPDX-License-Identifier: GPL-2.0-or-later
"""The members "scores" and "budgets" of `davy --once -o json`, recomputed from a rig's folder: slow, plain, and written
from the rules alone. Nothing here is shared with the C code. Standard library only.

usage: recompute.py DIR --now MS        prints one JSON object
"""
import argparse
import calendar
import datetime
import json
import math
import os
import re

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
UTC = datetime.timezone.utc
EPS = 1e-9
CAP = 1 << 20
INT64 = (1 << 63) - 1

ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII)


def epoch_ms(when):
    return calendar.timegm(when.timetuple()) * 1000


def parse_time(value):
    """Milliseconds of the epoch, or None. Numbers: seconds below 1e11, milliseconds above. Text: ISO, naive means UTC;
    finer than a millisecond is cut."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        if not value > 0 or value > 253402300799999:
            return None
        return math.floor(value * 1000 + 0.5) if value < 1e11 else math.floor(value + 0.5)
    if not isinstance(value, str):
        return None
    m = ISO.fullmatch(value.strip(" \t\n\v\f\r\0"))
    if not m:
        return None
    try:
        when = datetime.datetime(*(int(g) for g in m.groups()[:6]))
    except ValueError:
        return None
    ms = epoch_ms(when) + int((m[7] or "0").ljust(9, "0")) // 1_000_000
    zone = m[8] or "Z"
    if zone in "Zz":
        return ms
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        return None
    offset = (hours * 60 + minutes) * MINUTE
    return ms + offset if zone[0] == "-" else ms - offset


def depth_of(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        return 0
    return 1 + max((depth_of(v) for v in inner), default=0)


def clean(text):
    """A lone surrogate is shown as U+FFFD, a break as a blank, another control as a dot; nothing else of text_safe()
    matters to the names made here."""
    def shown(c):
        if 0xD800 <= ord(c) < 0xE000:
            return "\ufffd"
        return " " if c in "\t\n\v\f\r" else "\u00b7" if c < " " or "\x7f" <= c <= "\x9f" else c
    return "".join(shown(c) for c in text)


def name_of(value):
    """"" and "unknown" are not a name."""
    name = clean(value) if isinstance(value, str) else ""
    return "" if name == "unknown" else name


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def tokens_of(value):
    if not is_number(value) or not value > 0 or value == math.inf:
        return 0
    if isinstance(value, int):
        return value if value <= INT64 else 0
    return int(value) if value < 9.2e18 else 0


def tao_of(value):
    return float(value) if is_number(value) and math.isfinite(value) else None


def subnet_of(value):
    if not is_number(value) or not math.isfinite(value) or value != int(value) or not 0 <= value <= 65535:
        return None
    return int(value)


class Record:
    def __init__(self, line, doc, when, score, kind):
        self.line, self.t, self.score, self.kind = line, when, score, kind
        self.tokens = tokens_of(doc.get("tokens_spent"))
        self.tao = tao_of(doc.get("tao_earned"))
        self.llm = name_of(doc.get("llm_used"))
        self.strategy = name_of(doc.get("prompt_strategy"))
        self.subnet = subnet_of(doc.get("subnet_id"))
        self.replaced = False


def split_lines(data):
    """Complete lines. What stands behind the last newline is not complete. NUL bytes before a line are a hole in the file."""
    lines = data.split(b"\n")[:-1]
    for number, line in enumerate(lines):
        line = line.lstrip(b"\0")
        if number == 0 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        yield number, line


def integer(digits):
    """Longer ones are no count of anything, and Python would keep every digit."""
    return int(digits) if len(digits) <= 20 else float(digits)


def load_object(line):
    """The object of one line, or None."""
    try:
        doc = json.loads(line.decode("utf-8"), parse_int=integer)
    except (ValueError, RecursionError):
        return None
    return doc if isinstance(doc, dict) and depth_of(doc) <= 64 else None


def good_score(score):
    return is_number(score) and math.isfinite(score) and 0 <= score <= 1


class History:
    """All lines with their classes, and the records in order."""

    def __init__(self, data, now):
        self.counts = dict.fromkeys(
            ["lines", "scored", "pending", "invalid", "malformed", "synthetic", "executed", "blank", "future"], 0)
        self.records = []
        best = {}
        for number, line in split_lines(data):
            self.counts["lines"] += 1
            self.counts[self.classify(number, line, now, best)] += 1
        self.records.sort(key=lambda r: (r.t, r.line))

    def classify(self, number, line, now, best):
        if len(line) > CAP:
            return "malformed"
        if not line.strip(b" \t\r"):
            return "blank"
        doc = load_object(line)
        if doc is None:
            return "malformed"
        stamp, score = doc.get("timestamp"), doc.get("validator_score")
        if stamp is None and score is None:
            return "executed"
        when = parse_time(stamp)
        task = doc.get("task_id") if isinstance(doc.get("task_id"), str) else ""
        good = good_score(score)
        if re.fullmatch(r"test_[0-9]+", task):
            kind = "synthetic"
        elif when is None or (score is not None and not good):
            kind = "invalid"
        else:
            kind = "scored" if good else "pending"
        if when is None:
            return kind
        record = Record(number, doc, when, float(score) if good else None, kind)
        self.records.append(record)
        if kind == "synthetic":
            return kind
        self.join(clean(task), record, best)
        return "future" if when > now + MINUTE else kind

    @staticmethod
    def join(task, record, best):
        """Of several lines of one task the last counts; but one without a score never displaces one with a score."""
        if task in ("", "unknown"):
            return
        other = best.get(task)
        if other is None:
            best[task] = record
        elif other.score is not None and record.score is None:
            record.replaced = True
        else:
            other.replaced = True
            best[task] = record


def mean(values):
    total = 0.0
    for v in values:
        total += v
    return total / len(values) if values else None


def cost_of(records, prices):
    """USD; None when an LLM that spent tokens has no price."""
    total = 0.0
    for r in records:
        if r.tokens:
            if prices.get(r.llm) is None:
                return None
            total += prices[r.llm] * r.tokens / 1000
    return total


def window(records, threshold, prices):
    scores = [r.score for r in records if r.score is not None]
    tao = [r.tao for r in records if r.tao is not None]
    tokens = min(sum(r.tokens for r in records), INT64)
    return {
        "tao": sum(tao) if tao else None,
        "roi": sum(tao) / (tokens / 1000) if tao and tokens else None,
        "cost_usd": cost_of(records, prices),
        "count": len(scores),
        "mean": mean(scores),
        "success_rate": sum(s > threshold for s in scores) / len(scores) if scores else None,
        "tokens": min(sum(r.tokens for r in records), INT64),
    }


def groups(records, key, threshold, prices):
    """Over 7 days. Best first: with at least 10 scored by mean, ties by more tasks, then by name; the others likewise."""
    by = {}
    for r in records:
        by.setdefault(key(r), []).append(r)
    rows = []
    for name, mine in by.items():
        row = window(mine, threshold, prices)
        row["name"] = name if name not in ("", None) else "unknown"
        row["share"] = len(mine) / len(records)
        rows.append(row)

    def rank(row):
        known = -round(row["mean"] * 1e9) if row["mean"] is not None else 1
        return (row["count"] < 10, known, -row["count"], row["name"].encode())

    return sorted(rows, key=rank)


def percentile(scores, fraction):
    """From fifty classes of equal width, as if the scores of a class were spread evenly."""
    bins = [0] * 50
    for s in scores:
        bins[min(int(s * 50), 49)] += 1
    want, before = fraction * len(scores), 0
    for i, here in enumerate(bins):
        if here and before + here >= want:
            return (i + (want - before) / here) / 50
        before += here
    return None


def points(records, first, step, count):
    rows = []
    for start in range(first, first + count * step, step):
        mine = [r for r in records if start <= r.t < start + step]
        scores = [r.score for r in mine if r.score is not None]
        tokens = min(sum(r.tokens for r in mine), INT64)
        if scores or tokens:
            rows.append({"start": start, "count": len(scores), "mean": mean(scores), "tokens": tokens,
                         "low": min(scores, default=None), "high": max(scores, default=None),
                         "p10": percentile(scores, 0.1), "p90": percentile(scores, 0.9)})
    return rows


STEPS = {"1h": MINUTE * 2, "24h": 30 * MINUTE, "7d": 60 * MINUTE, "30d": 120 * MINUTE}
SPANS = {"1h": 60 * MINUTE, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY}


def range_of(name, known, past, now, threshold, prices):
    """What `[` and `]` ask for, of a history that is short enough to be known record by record."""
    if name == "all":
        oldest = min((r.t for r in known), default=None)
        after = oldest - 1 if oldest is not None else now - 60 * MINUTE
        fine = [s for s in (2, 30, 60, 120, 360) if (now - after) // (s * MINUTE) < 366]
        step = fine[0] * MINUTE if fine else ((now - after) // DAY // 366 + 1) * DAY
    else:
        after, step = now - SPANS[name], STEPS[name]
    mine = [r for r in past if r.t > after]
    scores = [r.score for r in mine if r.score is not None]
    day = now // DAY * DAY
    last = day + (now - day) // step * step
    count = max(-((after + 1 - last) // step), 0) + 1
    first = last - (count - 1) * step
    out = window(mine, threshold, prices)
    out.update({"name": name, "after": after, "step_ms": step, "p10": percentile(scores, 0.1),
                "p90": percentile(scores, 0.9), "points": points(past, first, step, count)})
    out.update(all_groups(mine, threshold, prices))
    return out


def all_groups(records, threshold, prices):
    return {"by_llm": groups(records, lambda r: r.llm, threshold, prices),
            "by_strategy": groups(records, lambda r: r.strategy, threshold, prices),
            "by_subnet": groups(records, lambda r: "" if r.subnet is None else str(r.subnet), threshold, prices)}


def relative_drop(before, after):
    """(before - after) / before of two windows, each of at least 10 scored tasks."""
    if before["count"] < 10 or after["count"] < 10 or not before["mean"] > 0:
        return None
    return (before["mean"] - after["mean"]) / before["mean"]


def load_json(path):
    try:
        with open(path, encoding="utf-8-sig") as f:
            doc = json.load(f)
    except (OSError, ValueError):
        return None
    return doc if isinstance(doc, dict) else None


def number(value):
    return value if is_number(value) and math.isfinite(value) else None


def whole(value):
    value = number(value)
    return int(value) if value is not None and value == int(value) and abs(value) <= INT64 else None


def roi_of(week, metrics):
    """TAO per 1,000 tokens: from the week's lines, else from the metrics file, TAO and tokens of the same object."""
    tao = [r.tao for r in week if r.tao is not None]
    if tao:
        total = 0.0
        for x in tao:
            total += x
        tokens = min(sum(r.tokens for r in week), INT64)
        return total / (tokens / 1000) if tokens else None
    seven = (metrics or {}).get("performance_7day")
    seven = seven if isinstance(seven, dict) else {}
    earned, tokens = number(seven.get("tao_earned")), whole(seven.get("token_spend"))
    return earned / (tokens / 1000) if earned is not None and tokens is not None and tokens > 0 else None


def scores(history, metrics, now, threshold, synthetic, prices, asked):
    usable = [r for r in history.records
              if not r.replaced and r.t <= now + MINUTE and (synthetic or r.kind != "synthetic")]
    past = [r for r in usable if r.t <= now]
    scored = [r for r in usable if r.score is not None]
    today = now // DAY * DAY

    def between(after, until):
        return [r for r in past if after < r.t <= until]

    week = between(now - 7 * DAY, now)
    w = {
        "last10": scored[-10:],
        "last20": scored[-20:],
        "prev50": scored[-60:-10],
        "today": [r for r in past if r.t >= today],
        "yesterday": [r for r in past if today - DAY <= r.t < today],
        "24h": between(now - DAY, now),
        "7d": week,
        "prev7d": between(now - 14 * DAY, now - 7 * DAY),
    }
    w = {name: window(records, threshold, prices) for name, records in w.items()}
    out = {name: history.counts[name] for name in
           ["lines", "scored", "pending", "invalid", "malformed", "synthetic", "future", "executed"]}
    out["windows"] = w
    out.update(all_groups(week, threshold, prices))
    hour = 60 * MINUTE
    out["hours"] = points(past, now // hour * hour - 335 * hour, hour, 336)
    before = w["prev7d"]["count"]
    trend = relative_drop(w["prev7d"], w["7d"])
    out["week_over_week"] = {"mean": None if trend is None else -trend,
                             "count": (w["7d"]["count"] - before) / before if before else None}
    # The oldest of all, whether it counts or not, is where everything begins.
    known = [r for r in history.records if r.t <= now]
    out["range"] = range_of(asked, known, past, now, threshold, prices) if asked else None
    out["drop_last10"] = relative_drop(w["prev50"], w["last10"])
    out["trend_7d"] = relative_drop(w["prev7d"], w["7d"])
    out["roi"] = roi_of(week, metrics)
    return out


# ---- budgets ---------------------------------------------------------------------------------------------------------


def reset_moment(year, month, day):
    day = min(day, calendar.monthrange(year, month)[1])
    return epoch_ms(datetime.datetime(year, month, day))


def cycle_start(now, day):
    when = datetime.datetime.fromtimestamp(now // 1000, UTC)
    start = reset_moment(when.year, when.month, day)
    if start > now:
        year, month = (when.year, when.month - 1) if when.month > 1 else (when.year - 1, 12)
        start = reset_moment(year, month, day)
    return start


def reset_time(value):
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        value += "T00:00:00"
    return parse_time(value)


def amount(entry, key):
    """A whole number that is not negative, or None."""
    value = whole(entry.get(key))
    return value if value is not None and value >= 0 else None


def state_of(used, allowance):
    if used is None or allowance is None:
        return "none", None
    if allowance == 0:
        return ("critical" if used > 0 else "none"), None
    pct = 100 * used / allowance
    if pct >= 100 - EPS:
        return "exhausted", pct
    if pct > 95 + EPS:
        return "critical", pct
    return ("warning" if pct > 80 + EPS else "ok"), pct


def not_reset(table, common, updated, start, now):
    """The counters hold the month before: the newest known reset, else the last save, lies before this cycle."""
    entries = [e for e in table.values() if isinstance(e, dict)]
    resets = [t for t in [common] + [reset_time(e.get("last_reset")) for e in entries] if t is not None and t <= now]
    proof = max(resets) if resets else updated
    return proof is not None and proof < start and any((amount(e, "used_this_month") or 0) > 0 for e in entries)


def days_left(used, allowance, week_tokens, days, since, now):
    if used is None or not allowance:
        return None
    left = max(allowance - used, 0)
    if left == 0:
        return 0
    if week_tokens <= 0 and since is None:
        return None
    burn = week_tokens / days if week_tokens > 0 else used / max((now - since) / DAY, 1 / 24)
    return left / burn if burn > 0 else None


def budgets(doc, history, now, synthetic):
    table = (doc or {}).get("budgets")
    if not isinstance(table, dict):
        return []
    usable = [r for r in history.records
              if not r.replaced and r.t <= now and (synthetic or r.kind != "synthetic")]
    week = [r for r in usable if r.t > now - 7 * DAY]
    # How much of the 7 days the history covers; 1 hour at least.
    days = min(max((now - usable[0].t) / DAY, 1 / 24), 7) if usable else 1
    today = now // DAY * DAY
    tracking = doc.get("tracking") if isinstance(doc.get("tracking"), dict) else {}
    day = whole(tracking.get("reset_day_of_month"))
    start = cycle_start(now, day if day is not None and 1 <= day <= 31 else 1)
    common = reset_time(tracking.get("last_reset"))
    if common is None:
        common = reset_time(doc.get("last_reset"))
    carried = not_reset(table, common, parse_time(doc.get("last_updated")), start, now)
    rows = []
    for key, entry in table.items():
        entry = entry if isinstance(entry, dict) else {}
        api = clean(key)
        mine = [r for r in week if r.llm == api]
        used, allowance = amount(entry, "used_this_month"), amount(entry, "monthly_allowance")
        state, pct = state_of(used, allowance)
        resets = [t for t in (common, reset_time(entry.get("last_reset"))) if t is not None and t <= now]
        since = None if carried else max([start] + resets)
        rows.append({
            "api": api, "used": used, "allowance": allowance, "used_pct": pct, "state": state,
            "days_left": days_left(used, allowance, sum(r.tokens for r in mine), days, since, now),
            "daily_used": sum(r.tokens for r in mine if r.t >= today),
            "daily_limit": amount(entry, "daily_limit"),
        })
    known = {row["api"] for row in rows}
    for llm in sorted({r.llm for r in week} - known - {""}, key=str.encode):
        rows.append({
            "api": llm, "used": None, "allowance": None, "used_pct": None, "state": "none", "days_left": None,
            "daily_used": sum(r.tokens for r in week if r.llm == llm and r.t >= today), "daily_limit": None,
        })
    return rows


def prices_of(doc):
    table = (doc or {}).get("budgets")
    rows = table.items() if isinstance(table, dict) else []
    return {clean(key): number(e.get("cost_per_1k_tokens")) for key, e in rows if isinstance(e, dict)}


def recompute(folder, now, threshold=0.6, synthetic=False, asked=None):
    try:
        with open(os.path.join(folder, "state/task-history.jsonl"), "rb") as f:
            data = f.read()
    except OSError:
        data = b""
    history = History(data, now)
    metrics = load_json(os.path.join(folder, "state/performance-metrics.json"))
    doc = load_json(os.path.join(folder, "config/token-budgets.json"))
    return {"scores": scores(history, metrics, now, threshold, synthetic, prices_of(doc), asked),
            "budgets": budgets(doc, history, now, synthetic)}


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("folder")
    args.add_argument("--now", type=int, required=True)
    args = args.parse_args()
    print(json.dumps(recompute(args.folder, args.now), indent=1))


if __name__ == "__main__":
    main()
