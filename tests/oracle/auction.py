#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Random auctions, against the textbook: tests/oracle/auction.py DAVY_MINE [AUCTIONS]. davy-mine asks cbc and its own exact
solver, two auctions at a time; the objective must be the best there is each time, and the winners such as somebody offered. Debian's
cbc 2.10.8 calls a worse answer optimal now and then (3 of 2,000 up to 1 PH, 9 of 2,000 up to 2 PH: its cuts, with coefficients this
large), which is why there is a second solver: then both answers must be told, and it must stay rare."""
import collections
import concurrent.futures
import json
import random
import subprocess
import sys

program, auctions = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2000
FP = 10 ** 18
differ = []                         # auctions where the solvers do
PRICES = ['0.9', '0.95', '0.97', '1', '1', '1', '1.02', '1.05', '1.06']


def fp(text):
    whole, _, part = text.partition('.')
    return int(whole + part.ljust(18, '0'))


def instance(number):
    chance = random.Random(number)
    fine = number % 3 == 0          # sizes and prices down to the last digit, or such as miners use
    bids = {}
    for who in range(chance.randint(1, 4)):
        rows = []
        for _ in range(chance.randint(1, 3)):
            size = f'0.{chance.randint(50000, 450000):06}'.rstrip('0') if fine else f'{chance.randint(1, 9) * 0.05:.2f}'.rstrip('0')
            price = f'{chance.uniform(0.8, 1.07):.6f}' if fine else chance.choice(PRICES)
            rows.append([size, str(fp(price)), chance.randint(1, 6)])
        bids[f'5{chance.choice("ABCDEFGH")}{who}'] = rows
    return {'budget_ph': round(chance.uniform(0.05, 2), 6), 'bids': bids, 'seed': chance.randint(1, 2 ** 31 - 1)}



def check(number):
    """None, or what is wrong."""
    auction = instance(number)
    done = subprocess.run([program, 'solve', '--solver', 'both'], input=json.dumps(auction), capture_output=True, text=True)
    if done.returncode != 0:
        return f'auction {number}: exit {done.returncode}: {done.stderr.strip()}'
    said = json.loads(done.stdout)
    if said['agree'] is False:
        differ.append(number)
        wrong = judge(auction, said['other'])
        if wrong or rank(said['other']) >= rank(said) or 'disagree' not in done.stderr:
            return f'auction {number}: {wrong or said}'
    elif said['agree'] is not True and said['items'] > 0 or done.stderr:
        return f'auction {number}: {done.stderr} {said}'
    wrong = judge(auction, said)
    if not wrong and rank(said) != best(auction):
        wrong = f'the best is {best(auction)}, said is {said["objective"]}'
    return wrong and f'auction {number}: {wrong}'


def best(auction):
    """(value, -cost): all that can be reached, cheapest first, without what costs more and has less."""
    budget = int(auction['budget_ph'] * 1e6)
    states = [(0, 0)]
    for rows in auction['bids'].values():
        for size, price, count in rows:
            if int(price) > 105 * FP // 100:
                continue
            value = round(float(size) * 1e6)
            cost = round(float(size) * (int(price) / FP) * 1e6 + 1e-7)
            for _ in range(count):
                both = sorted(states + [(c + cost, v + value) for c, v in states if c + cost <= budget],
                              key=lambda s: (s[0], -s[1]))
                states = []
                for state in both:
                    if not states or state[1] > states[-1][1]:
                        states.append(state)
    return states[-1][1], -states[-1][0]


def rank(answer):
    return answer['objective']['value'], -answer['objective']['cost']


def judge(auction, said):
    """None, or what is wrong with the winners."""
    offered = collections.Counter()
    for hotkey, rows in auction['bids'].items():
        for size, price, count in rows:
            offered[hotkey, size, price] += count
    won = collections.Counter((w['hotkey'], w['hashrate'], w['price']) for w in said['winners'])
    if any(offered[key] < count for key, count in won.items()):
        return f'winners nobody offered: {won - offered}'
    value = sum(round(float(size) * 1e6) * count for (_, size, _), count in won.items())
    cost = sum(round(float(size) * (int(price) / FP) * 1e6 + 1e-7) * count for (_, size, price), count in won.items())
    if (value, cost) != (said['objective']['value'], said['objective']['cost']) or cost > auction['budget_ph'] * 1e6:
        return f'the winners make {value} for {cost}, said is {said["objective"]}'
    if any(int(price) > 105 * FP // 100 for _, _, price in won):
        return 'too dear a winner'
    return None


with concurrent.futures.ThreadPoolExecutor(2) as pool:
    wrong = [text for text in pool.map(check, range(auctions)) if text]
for text in wrong[:10]:
    print(text)
print(f'{auctions} auctions, {len(wrong)} wrong; cbc had a worse answer in {len(differ)}: {sorted(differ)[:20]}')
sys.exit(1 if wrong or len(differ) > 2 + auctions / 100 else 0)
