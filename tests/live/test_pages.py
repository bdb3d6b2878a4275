# SPDX-License-Identifier: GPL-2.0-or-later
"""A long history on the screen: all of its tasks can be come to, whatever its length, for little memory and few bytes."""
import re

from rigs import is_sanitized, utc

SIZE = (100, 30)
TASKS, FAR = 200000, 1000
PG_DN, END, HOME, ENTER = '\x1b[6~', '\x1bOF', '\x1bOH', '\r'


def long_history(rig):
    """500 MB: each task has an executed line of 2.4 KB."""
    path = rig / 'state/task-history.jsonl'
    answer = 'x' * 2300
    with open(path, 'w') as f:
        for i in range(TASKS):
            when = utc((TASKS - i) * 60)
            f.write(f'{{"task_id":"t{i}","llm":"m","response":"{answer}","status":"success"}}\n'
                    f'{{"timestamp":"{when}","task_id":"t{i}","validator_score":0.5,"tokens_spent":{i % 1000},"llm_used":"m{i % 199}"}}\n')


def row(d):
    found = re.search(r'row ([\d,]+) of ([\d,]+)', d.text())
    return tuple(int(x.replace(',', '')) for x in found.groups()) if found else None


def memory_kb(d):
    with open(f'/proc/{d.pid}/status') as f:
        return int(re.search(r'VmRSS:\s+(\d+)', f.read())[1])


def read_bytes(d):
    with open(f'/proc/{d.pid}/io') as f:
        return int(re.search(r'rchar: (\d+)', f.read())[1])


def selected(d):
    """Which task the marked row shows: its LLM is called like it."""
    found = re.search(r'▸.* m(\d+) ', d.text())
    return int(found[1]) if found else None


def test_a_thousand_pages_of_a_long_history_in_bounded_memory(world):
    rig = world.rig()
    rig.write('state/task-history.jsonl', '')
    long_history(rig)
    with world.open(rig, size=SIZE) as d:
        d.send('6')
        d.wait_for(lambda d: 'Tasks' in d.text())
        d.send(ENTER)
        d.wait_for(lambda d: row(d) == (1, TASKS), seconds=60, why='the whole history')
        d.settle()
        asked, written = read_bytes(d), len(d.raw)
        for page in range(1, FAR + 1):
            d.send(PG_DN)
            if page == FAR // 10:
                memory = memory_kb(d)
            d.wait_for(lambda d: row(d)[0] == 10 * page + 1, why=f'page {page}')
        d.wait_for(lambda d: selected(d) == (TASKS - 1 - 10 * FAR) % 199, why='the task of that row')
        assert is_sanitized(d.pid) or memory_kb(d) < memory + 2048, (memory, memory_kb(d))
        assert (read_bytes(d) - asked) / FAR < 256 * 1024, 'bytes of the file for a key'
        assert (len(d.raw) - written) / FAR < 4096, 'bytes for the terminal for a key'
        d.send(END)
        d.wait_for(lambda d: row(d) == (TASKS, TASKS) and selected(d) == 0, why='the first task of all')
        d.send(HOME)
        d.wait_for(lambda d: selected(d) == (TASKS - 1) % 199, why='the newest task')
        d.send('q')
        assert d.wait_end() == 0
