# SPDX-License-Identifier: GPL-2.0-or-later
"""The alert engine against a slow reference: random timelines with reboots, restarts, steps of the wall clock, causes,
silences and acks. The reference knows the sentences of src/rule/engine.h and nothing of the code: a timeline is a list of
moments, and what an incident is told about is worked out from lists of times.

    engine.py ENGINE_LINE [TIMELINES [SEED]]      prints the first difference with its seed"""
import functools
import multiprocessing
import random
import subprocess
import sys

HOUR, CALM, TOLERANCE = 3600000, 1800000, 60000
WEEK, NONE = 7 * 24 * HOUR, -1
RULES = ('auction', 'budget', 'daemon', 'score')
SUBJECTS = {'auction': ('',), 'budget': ('claude', 'gpt'), 'daemon': ('',), 'score': ('',)}


class Incident:
    def __init__(self, rule, subject):
        self.key = (rule, subject)
        self.state, self.severity, self.told, self.number = 'ok', 0, 0, 0
        self.since = self.start = self.changed = NONE
        self.flags = {'unknown': False, 'hidden': False, 'silenced': False, 'flapping': False}
        self.spent = self.seen = self.stamp = self.changes = 0
        self.tellings = []          # all of them, for ever
        self.ack = None

    def open(self):
        return self.state in ('firing', 'recovering')

    def text(self):
        last = ([NONE] * 3 + self.tellings)[-3:]
        f = self.flags
        return '%s/%s=%s,%d,%d,%d%d%d%d,%d,%d,%d,%d,%d,%d:%d:%d,%d,%d,%d' % (
            *self.key, self.state, self.severity, self.told, f['unknown'], f['hidden'], f['silenced'], f['flapping'],
            self.number, self.since, self.start, self.spent, self.seen, *last, self.changed, self.changes,
            self.ack[1] if self.ack else NONE)


class Reference:
    def __init__(self, terms):
        self.terms = terms
        self.rows, self.silences = {}, {}
        self.clock, self.last, self.next_number, self.next_silence = 0, None, 1, 1
        self.saved = (0, None)

    def recent(self, i):
        return sum(1 for t in i.tellings if self.clock - t < HOUR)

    def say(self, kind, i, told, count=True):
        self.events.append('%s:%s/%s:%d:%d:%d' % (kind, *i.key, i.number, i.severity, told))
        if told and count:
            i.tellings.append(self.clock)
            i.told = max(i.told, i.severity)

    def over(self, deadline):
        return self.wall >= deadline[0] or self.clock >= deadline[1]

    def tick(self, wall, boot, boot_id):
        again = False
        if self.last is not None:
            forward = max(0, wall - self.last[0])
            if boot_id == self.last[2]:
                self.clock += max(0, boot - self.last[1])
            else:
                again = forward > TOLERANCE
                self.clock += min(forward, TOLERANCE)
        self.last = (wall, boot, boot_id)
        self.wall = wall
        return again

    # -- one incident and one sample

    def advance(self, i, terms, sample, again):
        enter, hold, unknown, stamp = sample
        i.flags['unknown'] = unknown
        wait, clear, least = terms[:3]
        if i.state == 'pending' and again:
            i.start, i.spent, i.seen, i.stamp = self.clock, 0, 0, 0
        if i.state == 'ok' and enter:
            i.state, i.since, i.start, i.spent, i.seen, i.stamp, i.number = 'pending', self.wall, self.clock, 0, 0, 0, 0
        if i.state == 'pending':
            self.wait(i, wait, least, enter, unknown, stamp)
        elif i.open():
            self.fire_on(i, clear, enter, hold, unknown)
        if i.state == 'ok':
            i.flags['unknown'] = False

    def rest(self, i):
        i.state, i.start, i.spent, i.seen, i.stamp = 'ok', NONE, 0, 0, 0

    def wait(self, i, wait, least, enter, unknown, stamp):
        if not enter and not unknown:
            self.rest(i)
            i.severity = 0
        elif not enter:
            i.spent += self.clock - i.start if i.start != NONE else 0
            i.start = NONE
        else:
            i.start = self.clock if i.start == NONE else i.start
            i.severity = enter
            if i.seen < least and not (stamp and stamp == i.stamp):
                i.seen, i.stamp = i.seen + 1, stamp
            if i.spent + self.clock - i.start >= wait and i.seen >= least:
                self.rest(i)
                i.state, i.number = 'firing', self.next_number
                self.next_number += 1
                self.change(i, 'fired')

    def change(self, i, kind):
        self.news[i.key] = kind
        i.changed = self.clock
        i.changes += 1

    def fire_on(self, i, clear, enter, hold, unknown):
        if enter or hold or unknown:
            i.state, i.start = 'firing', NONE
            floor = i.severity if unknown else min(i.severity, hold)
            before, i.severity = i.severity, max(enter, floor)
            if i.severity != before:
                self.news[i.key] = 'worse' if i.severity > before else 'milder'
            return
        if i.state == 'firing':
            i.state, i.start = 'recovering', self.clock
        if self.clock - i.start >= clear:
            self.rest(i)
            self.change(i, 'cleared')

    # -- what is told

    def hidden(self, i):
        for cause in self.terms[i.key[0]][4]:
            for c in self.rows.values():
                if c.key[0] == cause and c.state != 'ok' and c.severity == 3 and (c.state != 'pending' or not i.told):
                    return True
        return False

    def silenced(self, i):
        return any(r == i.key[0] and s in (None, i.key[1]) for r, s, _ in self.silences.values())

    def changed(self, i, kind, muted):
        calm_before = not i.flags['flapping']
        flaps = calm_before and not muted and self.recent(i) >= 2
        news = kind != 'cleared' and i.severity > i.told
        told = not muted and (news or calm_before) and not flaps
        self.say(kind, i, told)
        if flaps:
            i.flags['flapping'], i.changes = True, 1
            self.say('flapping', i, self.recent(i) < 3 or news)

    def tell(self, i, was):
        f = i.flags
        f['hidden'], f['silenced'] = self.hidden(i), self.silenced(i)
        muted = f['hidden'] or f['silenced']
        news = self.news.get(i.key)
        if i.open() and f['unknown'] != was[0]:
            self.say('unknown' if f['unknown'] else 'known', i, False)
        if f['hidden'] and not was[1] and i.state != 'ok':
            self.say('hidden', i, False)
        if f['flapping'] and self.clock - i.changed >= CALM and self.recent(i) < 3:
            f['flapping'] = False
            if not i.open():
                i.told = 0
            elif not muted:
                i.told = i.severity
            self.say('calm', i, not muted, count=False)
            if not muted:
                i.tellings.append(self.clock)
        self.tell_news(i, news, muted)
        self.end_ack(i, muted)
        if i.state == 'ok':
            f['hidden'] = f['silenced'] = False

    def tell_news(self, i, news, muted):
        f = i.flags
        if news == 'fired':
            self.changed(i, 'fired', muted)
        elif news == 'cleared':
            if i.told:
                self.changed(i, 'cleared', f['silenced'])
            else:
                self.say('cleared', i, False)
            i.severity, i.ack = 0, None
            i.told = i.told if f['flapping'] else 0
        elif news:
            self.say('severity', i, news == 'worse' and not muted and i.severity > i.told)
        elif i.state == 'firing' and not i.told and not muted and not f['flapping']:
            self.changed(i, 'shown', False)

    def end_ack(self, i, muted):
        if i.ack and (self.over(i.ack) or i.severity > i.ack[2]):
            self.say('ack ended', i, self.over(i.ack) and not muted and not i.flags['flapping'])
            i.ack = None

    # -- a step

    def step(self, now, blind, samples, restart, ops):
        if restart:
            self.clock, self.last = self.saved
        before = self.picture()
        self.events, self.news = [], {}
        again = self.tick(*now)
        for n in sorted(self.silences):
            if self.over(self.silences[n][2]):
                rule, subject, _ = self.silences.pop(n)
                self.events.append('unsilenced:%s/%s:%d:0:0' % (rule, '*' if subject is None else subject, n))
        was = {}
        for key in sorted(self.rows.keys() | samples.keys()):
            rule = key[0]
            if self.terms[rule][3]:
                i = self.rows.pop(key, None)
                if i and i.open():
                    self.say('cleared', i, False)
                continue
            sample = samples.get(key, (0, 0, blind[rule], 0))
            i = self.rows.get(key)
            if i is None:
                if not sample[0]:
                    continue
                i = self.rows[key] = Incident(*key)
            was[key] = (i.flags['unknown'], i.flags['hidden'])
            self.advance(i, self.terms[rule], sample, again)
        for key in sorted(self.rows):
            self.tell(self.rows[key], was[key])
        for key in [k for k, i in self.rows.items() if i.state == 'ok' and not i.flags['flapping'] and not self.recent(i)]:
            del self.rows[key]
        self.save_if(before != self.picture() or self.events)
        return self.answer(ops)

    def picture(self):
        return ([(self.rows[k].text(), self.rows[k].stamp) for k in sorted(self.rows)], sorted(self.silences))

    def save_if(self, changed):
        if changed:
            self.saved = (self.clock, self.last)

    def answer(self, ops):
        events = list(self.events)
        done = []
        for op in ops:
            good = self.operate(op)
            done.append('%s%d' % (op[0], good))
            self.save_if(good)
        return ''.join(' ' + e for e in events + done) + ' |%d' % self.clock + ''.join(
            ' ' + self.rows[k].text() for k in sorted(self.rows)) + ''.join(
            ' S%d:%d' % (n, self.silences[n][2][1]) for n in sorted(self.silences))

    def deadline(self, until, usual):
        span = usual if until is None else until - self.wall
        return (self.wall + span, self.clock + span) if 0 < span <= WEEK else None

    def operate(self, op):
        if op[0] == 'A':
            for i in self.rows.values():
                if i.number == op[1] and i.open():
                    end = self.deadline(op[2], 4 * HOUR if i.severity == 3 else 24 * HOUR)
                    if end:
                        i.ack = (*end, i.severity)
                    return end is not None
            return False
        if op[0] == 'Q':
            end = self.deadline(op[3], 2 * HOUR)
            if end:
                self.silences[self.next_silence] = (op[1], op[2], end)
                self.next_silence += 1
            return end is not None
        return self.silences.pop(op[1], None) is not None


# -- made-up timelines

def make_terms(r):
    return {rule: (r.choice((0, 0, 30000, 120000, 600000)), r.choice((0, 60000, 300000)), r.choice((0, 1, 1, 2, 3)), 0,
                   ('daemon',) if rule in ('auction', 'score') and r.random() < .7 else ()) for rule in RULES}


class World:
    """The clocks and the conditions of one timeline."""
    def __init__(self, r):
        self.r, self.wall, self.boot, self.boot_number = r, 1700000000000, 5000, 1
        self.level = {(rule, s): 0 for rule in RULES for s in SUBJECTS[rule]}
        self.blind = {rule: False for rule in RULES}
        self.lively = r.choice((.05, .2, .5))

    def pass_time(self):
        r = self.r
        ms = int(r.choice((500, 5000, 20000, 60000, 300000, 900000, 2400000)) * r.uniform(.5, 1.5))
        self.wall += ms
        self.boot += ms
        restart = r.random() < .1
        if r.random() < .03:
            self.boot_number += 1
            self.boot = r.randrange(60000)
            self.wall += r.choice((5000, 40000, 4000000))
            restart = True
        if r.random() < .04:
            self.wall += r.choice((-86400000, -3600000, -7000, 7000, 3600000, 86400000))
        return restart

    def sample(self, key):
        r = self.r
        if r.random() < self.lively:
            self.level[key] = r.choice((0, 0, 0, 1, 2, 3, 4))   # 4: between the limits
        level = self.level[key]
        unknown = self.blind[key[0]] or r.random() < .02
        if level == 0 and not (unknown and r.random() < .5):
            return None
        if level == 4:
            return (0, r.choice((2, 3)), unknown, 0)
        return (level, r.randint(level, 3), unknown, r.choice((0, 0, 7, 8)))

    def samples(self):
        for rule in RULES:
            if self.r.random() < .06:
                self.blind[rule] = not self.blind[rule]
        found = {k: self.sample(k) for k in sorted(self.level)}
        return {k: s for k, s in found.items() if s}

    def ops(self, most):
        r, ops = self.r, []
        if r.random() < .06:
            ops.append(('A', r.randint(1, most), r.choice((None, self.wall + 600000, self.wall - 1, self.wall + WEEK + 1))))
        if r.random() < .04:
            rule = r.choice(RULES)
            ops.append(('Q', rule, r.choice((None, *SUBJECTS[rule])), r.choice((None, self.wall + 1200000, self.wall - 5))))
        if r.random() < .03:
            ops.append(('U', r.randint(1, 3)))
        return ops


def word(text):
    return '*' if text is None else text or '.'


def timeline(seed, out):
    """Writes one timeline for the engine; what the reference answers, line by line."""
    r = random.Random(seed)
    terms = make_terms(r)
    world, ref, answers = World(r), Reference(dict(terms)), []
    for rule in RULES:
        wait, clear, least, off, causes = terms[rule]
        out.append(f'R {rule} {wait} {clear} {least} {off} {",".join(causes) or "-"}')
    for _ in range(r.randint(8, 30)):
        restart = world.pass_time()
        samples, ops = world.samples(), world.ops(max(2, ref.next_number))
        now = (world.wall, world.boot, f'boot-{world.boot_number}')
        out.append('S %d %d %s %d %s' % (*now, restart, ','.join('01'[world.blind[x]] for x in RULES)))
        for (rule, subject), s in samples.items():
            out.append('X %s %s %d %d %d %d' % (rule, word(subject), *s))
        for op in ops:
            out.append(op[0] + ''.join(' ' + ('-' if n == len(op) - 1 and v is None and op[0] != 'U' else word(v) if not isinstance(v, int) else str(v))
                                       for n, v in enumerate(op) if n))
        out.append('E')
        answers.append(ref.step(now, world.blind, samples, restart, ops))
    out.append('Z')
    return answers


def batch(program, seeds):
    out, want = [], []
    for seed in seeds:
        want += [(seed, line) for line in timeline(seed, out)]
    got = subprocess.run([program], input='\n'.join(out) + '\n', capture_output=True, text=True)
    lines = got.stdout.split('\n')
    if got.returncode or len(lines) != len(want) + 1:
        return f'seeds {seeds[0]}-{seeds[-1]}: the engine ended with {got.returncode}, {len(lines) - 1} of {len(want)} steps\n{got.stderr[:2000]}', 0
    for (seed, line), mine in zip(want, lines):
        if line != mine:
            return f'seed {seed}\n  reference:{line}\n  engine:   {mine}', 0
    return None, len(want)


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    batches = [range(at, min(at + 250, first + count)) for at in range(first, first + count, 250)]
    steps = 0
    with multiprocessing.Pool(2) as pool:
        for fault, n in pool.imap(functools.partial(batch, program), batches):
            steps += n
            if fault:
                print('engine: ' + fault)
                return 1
    print(f'engine: {count} timelines, {steps} steps, 0 differences')
    return 0


if __name__ == '__main__':
    sys.exit(main())
