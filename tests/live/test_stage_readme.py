# SPDX-License-Identifier: GPL-2.0-or-later
"""The README's examples of a miner in C, shell and Python do what they say."""
import json
import os
import re
import sys

from pty_davy import environment
from test_stage import ROOT
from test_stage_python import MODULE


def example(language):
    with open(os.path.join(ROOT, 'README')) as f:
        section = f.read().split('## Your own miner tells its stages')[1].split('\n## ')[0]
    found = re.findall(rf'```{language}\n(.*?)```', section, re.S)
    assert len(found) == 1, f'{len(found)} examples in {language}'
    return found[0]


def check(world, events):
    root = json.loads((world.folder / 'miner_status.json').read_text())
    told = [(e['stage_number'], e['status'], e['username'], e['details']) for e in root['stage_history']]
    assert told == events, told
    assert root['current_stage'] == root['stage_history'][-1]


FETCHED = [(1, 'running', 'elonmusk', {}), (1, 'completed', 'elonmusk', {'posts': 50})]


def test_c(world):
    source = world.folder / 'miner.c'
    source.write_text(example('c'))
    library = ['-I', os.path.join(ROOT, 'src/stagelib'), '-L', world.build, '-ldavystage', f'-Wl,-rpath,{world.build}']
    sanitizers = 'asan' in world.run('ldd', world.build / 'libdavystage.so').stdout
    flags = ['-fsanitize=address,undefined'] if sanitizers else []
    done = world.run('gcc', '-Wall', '-Wextra', '-Werror', source, '-o', world.folder / 'miner', *flags, *library)
    assert done.returncode == 0, done.stderr
    done = world.run(world.folder / 'miner', cwd=world.folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done
    check(world, FETCHED)


def test_shell(world):
    env = environment(PATH=f'{world.build}:{os.environ["PATH"]}')
    done = world.run('sh', '-eu', '-c', example('sh'), cwd=world.folder, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done
    check(world, [*FETCHED, (2, 'running', 'elonmusk', {}), (2, 'completed', 'elonmusk', {})])


def test_python(world):
    env = environment(PYTHONPATH=str(MODULE), PYTHONDONTWRITEBYTECODE='1')
    done = world.run(sys.executable, '-c', example('python'), cwd=world.folder, env=env)
    assert (done.returncode, done.stderr) == (0, ''), done
    check(world, FETCHED)
