# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile lines of a task history: whatever JSON allows, whatever it forbids, and whatever a broken writer leaves. Texts are
put together by hand, because json.dumps() writes only one spelling of anything."""
import datetime
import os
import random

DAY = 86_400_000
NOW = 1795305600000
KEYS = ["timestamp", "task_id", "validator_score", "tokens_spent", "llm_used", "prompt_strategy", "subnet_id"]
LLMS = ["openai-gpt4", "claude", "gemini-flash", "l\u00e4ma", "\U0001f916 bot", "", "unknown", "Unknown"]
STRATEGIES = ["direct", "structured_reasoning", "few-shot", "", "unknown"]
ESCAPES = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def pick(rng, *choices):
    return rng.choice(choices)


def unit(c):
    """A character as one or two \\u escapes."""
    code = ord(c)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xd800 + (code >> 10):04x}\\u{0xdc00 + (code & 0x3ff):04x}"


def text(rng, value, plain=0.8):
    """value in quotes, in one of its spellings."""
    escaped = rng.random() > plain
    out = []
    for c in value:
        if 0xD800 <= ord(c) < 0xE000 or (escaped and rng.random() < 0.3):
            out.append(unit(c).upper().replace("U", "u", 2) if rng.random() < 0.3 and ord(c) < 0x10000 else unit(c))
        elif c in '"\\' or c < " ":
            out.append(ESCAPES.get(c) or unit(c))
        else:
            out.append("\\/" if c == "/" and escaped else c)
    return '"' + "".join(out) + '"'


def digits(rng, count):
    return "".join(rng.choice("0123456789") for _ in range(count))


def number(rng):
    """Any number that JSON has, and some that only Python has."""
    return pick(rng, "0", "-0", "-0.0", "0.0", "1", "-1", "1.0", "0.5", "1e0", "5E-1", "5e-01", "1e+0", "0.1e1", "1e400", "-1e400",
                "1e-400", "123456789012345678901234567890", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
                "9007199254740993", "0." + digits(rng, 17), "0." + digits(rng, rng.randint(1, 40)), "0." + "0" * 300 + "1",
                "1" + digits(rng, rng.randint(1, 400)), digits(rng, 1) + "." + digits(rng, 19), "4.9e-324", "1.7976931348623157e308",
                "0." + "9" * rng.randint(1, 30), "1." + "0" * rng.randint(1, 30) + "1", "NaN", "Infinity", "-Infinity")


def odd(rng):
    """What stands where something else belongs."""
    return pick(rng, "null", "true", "false", "[]", "{}", "[0.5]", '{"validator_score": 0.5}', '"0.9"', '""', '"NaN"', number(rng),
                "[" * 5 + "1" + "]" * 5, '"\\ud83e"', '{"a": [1, {"b": null}]}')


def broken_value(rng):
    return pick(rng, "nan", "NULL", "True", "None", "+1", "01", "1.", ".5", "0x1", "1e", "1e+", "--1", "-NaN", "-", "Inf", "nul", "tru",
                "'x'", "[1,]", "{,}", "{\"a\"}", "[", "{", "]", "}", '"\\x41"', '"\\u12g4"', '"\\u12"', '"\\"', '"\t"', "1 2", "", ",")


def score(rng):
    if rng.random() < 0.75:
        return pick(rng, repr(rng.random()), repr(rng.random()), f"{rng.random():.2f}", "0." + digits(rng, 17), "0." + digits(rng, 16))
    return odd(rng) if rng.random() < 0.6 else number(rng)


def iso(rng, ms):
    when = datetime.datetime.fromtimestamp(ms // 1000, datetime.timezone.utc)
    zone = pick(rng, "", "", "", "Z", "z", "+00:00", "-00:00", "+10:00", "-0330", "+0545", "+23:59", "+24:00", "+10", " Z", "+1:00")
    fraction = pick(rng, "", "", pick(rng, ".", ",") + digits(rng, rng.randint(1, 9)), f".{ms % 1000:03}", ".", "." + digits(rng, 10))
    made = f"{when:%Y-%m-%d}{pick(rng, 'T', 'T', 'T', ' ', 't', '_')}{when:%H:%M:%S}{fraction}{zone}"
    if rng.random() < 0.05:
        made = pick(rng, "  ", "\t", "\r\n") + made + pick(rng, "", " ")
    return made if rng.random() > 0.03 else made.replace(pick(rng, "-", ":", "2", "0"), pick(rng, "9", "/", "", "\u0662"), 1)


def stamp(rng, ms):
    if rng.random() < 0.65:
        return text(rng, iso(rng, ms), 0.95)
    seconds = pick(rng, str(ms // 1000), f"{ms / 1000:.6f}", f"{ms / 1000:.3f}", f"{ms // 1000}.5", f"{ms // 1000}e0", f"{ms / 1e9}e6")
    if rng.random() < 0.8:
        return pick(rng, seconds, str(ms), f"{ms}.7", f"{ms}.5")
    return pick(rng, text(rng, seconds), "0", "-1", "99999999999", "100000000000", "253402300799999", "253402300800000", "null", odd(rng),
                '"2026-02-30T00:00:00"', '"2026-11-22"', '"24:00"', '"2026-11-22T24:00:00"', '"2026-11-22T23:59:60"', '"0000-01-01T00:00:00"')


def moment(rng):
    ahead = pick(rng, 0, 0, 0, 0, 0, 0, 50_000, 70_000, DAY)
    return NOW + ahead - int(rng.random() ** 2 * 15 * DAY) // pick(rng, 1, 1, 1, 1000) * pick(rng, 1, 1, 0)


def task(rng, number_of):
    kind = rng.random()
    if kind < 0.55:
        return f"t-{number_of}"
    if kind < 0.85:
        return f"t-{rng.randrange(number_of + 1)}"
    return pick(rng, "", "unknown", "test_0", "test_17", "test_", "test_1x", "Test_1", "test_\u0661", "\u00e4", "a\u0000b", "a/b", "\ud83e",
                "x\ud83e", "\udd16\ud83e", "\ufffd", "t" * rng.randint(1, 100), "a\"b", "\\")


def executed(rng, number_of):
    response = "".join(pick(rng, "word ", "\n", "\u00e4", "\U0001f916", "\x1b[31m", '"', "\\", "\ud83e", "/", "\u202e") for _ in range(rng.randint(0, 40)))
    return [("task_id", text(rng, task(rng, number_of))), ("response", text(rng, response)), ("llm", text(rng, rng.choice(LLMS))),
            ("classification", '{"task_type": "r", "reasoning_depth": "deep", "confidence": ' + number(rng) + "}"),
            ("status", '"success"')]


def scored(rng, number_of):
    return [("timestamp", stamp(rng, moment(rng))), ("task_id", text(rng, task(rng, number_of))), ("validator_score", score(rng)),
            ("tokens_spent", pick(rng, str(rng.randrange(2000)), str(rng.randrange(2000)), number(rng), odd(rng))),
            ("llm_used", text(rng, rng.choice(LLMS)) if rng.random() < 0.9 else odd(rng)),
            ("prompt_strategy", text(rng, rng.choice(STRATEGIES)) if rng.random() < 0.9 else odd(rng)),
            ("subnet_id", pick(rng, "1", "2", "64", "65535", "65536", "1.0", "1.5", "-1", "1e2", number(rng), odd(rng))),
            ("tao_earned", pick(rng, "0.001", "0.25", "1e-9", "null", "NaN", "0"))]


def twist(rng, members, number_of):
    """Members missing, doubled, in another order, unknown, deep, or broken."""
    kind = rng.random()
    if kind < 0.5:
        return members
    if kind < 0.6:
        rng.shuffle(members)
    elif kind < 0.7:
        del members[rng.randrange(len(members))]
    elif kind < 0.8:
        again = rng.choice(scored(rng, number_of))
        members.insert(rng.randrange(len(members) + 1), again)
    elif kind < 0.9:
        deep = rng.choice([3, 61, 62, 63, 64, 65, 200, 3000])
        opening = "".join(pick(rng, "[", '{"k":') for _ in range(deep)) if rng.random() < 0.5 else "[" * deep
        closing = "".join("]" if c == "[" else "}" for c in reversed(opening.replace('{"k":', "{")))
        members.insert(rng.randrange(len(members) + 1), (pick(rng, "extra", "", "validator_score ", "Timestamp"), opening + "1" + closing))
    else:
        at = rng.randrange(len(members))
        members[at] = (members[at][0], broken_value(rng) if rng.random() < 0.5 else odd(rng))
    return members


def assemble(rng, members):
    blank = pick(rng, "", "", "", " ", "\t", "  ", "\r")
    between, colon = pick(rng, ", ", ", ", ", ", ",", blank + "," + blank), pick(rng, ": ", ": ", ": ", ":", blank + ":" + blank)
    made = between.join(text(rng, key, 0.97) + colon + value for key, value in members)
    made = (blank if rng.random() < 0.1 else "") + "{" + made + "}" + (blank if rng.random() < 0.1 else "")
    return made.encode("utf-8")


def spoil(rng, line):
    """Bytes that do not belong there."""
    at = rng.randrange(len(line) + 1)
    kind = rng.random()
    if kind < 0.25:
        return line[:at]
    if kind < 0.5:
        return line[:at] + pick(rng, b"\x80", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xc3") + line[at:]
    if kind < 0.7:
        return line[:at] + pick(rng, b"\0", b"\x01", b"\x1b", b"\x7f", b"\x0b", b"\x1f") + line[at:]
    if b"\\u" in line:  # half of an escape would be a character that is not shown as it is
        return line + pick(rng, b"}", b" {}", b",", b"\0", b"x")
    if kind < 0.85:
        return line[:at] + line[at + 1:]
    return line[:at] + pick(rng, b'"', b"\\", b"{", b"}", b"[", b",", b":", b"0", b"e", b"-", b"\r", b" ") + line[at:]


def other(rng):
    return pick(rng, b"", b" ", b"\t \r", b"\r", b"null", b"[]", b"{}", b"{ }", b"[1, 2]", b"\"text\"", b"5", b"// comment", b"{}{}", b"{} x",
                b"{'a': 1}", b"\0\0\0", b"\0\0{}", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"x" * rng.randint(1, 5000), b"{\"a\": \"" + b"y" * 70000 + b"\"}")


def line_of(rng, number_of):
    kind = rng.random()
    if kind < 0.03:
        return other(rng)
    members = executed(rng, number_of) if kind < 0.2 else scored(rng, number_of)
    line = assemble(rng, twist(rng, members, number_of))
    return spoil(rng, line) if rng.random() < 0.08 else line


def make(folder, seed, count):
    """The history of a rig that has nothing else. Returns the moment to look at it."""
    rng = random.Random(seed)
    os.makedirs(os.path.join(folder, "state"), exist_ok=True)
    with open(os.path.join(folder, "state", "task-history.jsonl"), "wb") as f:
        if rng.random() < 0.3:
            f.write(b"\xef\xbb\xbf")
        for i in range(count):
            f.write(line_of(rng, i) + (b"\r\n" if rng.random() < 0.05 else b"\n"))
            if rng.random() < 0.005:
                f.write(b"\0" * rng.randint(1, 5000))
        f.write(line_of(rng, count) if rng.random() < 0.5 else b"")
    return NOW
