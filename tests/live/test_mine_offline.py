# SPDX-License-Identifier: GPL-2.0-or-later
"""davy-mine without a chain: what would happen if, and where hashrate is sent."""
import collections
import json
import pathlib
import subprocess

from pty_davy import PATIENCE, environment

FP = 10 ** 18
USUAL = '[bittensor]\nnetwork = "finney"\nnetuid = 89\n[wallet]\nname = "w"\nhotkey_name = "h"\ndirectory = "~/w"\n[workers]\n'


def ask(world, *argv, say='', env=None, code=0):
    """Standard output of davy-mine, which ends with code; standard error in world.told."""
    done = subprocess.run([str(world.build / 'davy-mine'), *map(str, argv)], input=say, capture_output=True, text=True,
                          timeout=20 * PATIENCE, env={**environment(), **(env or {})})
    assert done.returncode == code, (argv, done)
    world.told = done.stderr
    return done.stdout


def answer(world, command, question, *argv, **how):
    return json.loads(ask(world, command, *argv, say=json.dumps(question), **how))


def test_window_encode_and_decode_say_what_the_specification_says(world):
    window = json.loads(ask(world, 'window', 7414264, '--netuid', 89))
    assert window == {'epoch_start': 7414127, 'base': 7414067, 'index': 3, 'start': 7414247, 'end': 7414306,
                      'blocks_to_next': 43, 'seconds_to_next': 516, 'wait': False}
    assert json.loads(ask(world, 'window', 5000, '--netuid', 89, '--tempo', 99))['start'] == 4969
    config = world.folder / 'config.toml'
    config.write_text(USUAL + 'price_multiplier = "1.0"\nhashrates = ["0.5", "0.6"]\n')
    assert json.loads(ask(world, 'encode', config)) == {'text': '2;b;BTC,1=0.05:1,0.15:1,0.45:2', 'bytes': 30}
    legacy = json.loads(ask(world, 'encode', config, env={'APS_MINER_ALLOW_V1': ' Yes '}))
    assert legacy == {'text': '1;b;1=0.5,0.6', 'bytes': 13}
    lines = ask(world, 'decode', say='2;b;BTC,1=0.1:1;\n2;b; BTC , 1.05 = 0.1 : 3\n'
                '0x313b703b54414f5f555344433d3130ff0c' + '00' * 30 + '80\n0xzz').split('\n')
    assert [json.loads(line) for line in lines if line] == [
        None, {'v': 2, 'type': 'b', 'bids': [['0.1', str(FP * 105 // 100), 3]]},
        {'v': 1, 'type': 'p', 'prices': {'TAO_USDC': str(10 * FP)}, 'bans': [2, 3, 255]}, None]


def test_what_is_wrong_with_the_input_is_one_sentence(world):
    config = world.folder / 'config.toml'
    config.write_text(USUAL + 'price_multiplier = "1.0"\nhashrates = ["0.04"]\n')
    ask(world, 'encode', config, code=2)
    assert 'below the smallest bid of 0.05 PH' in world.told and world.told.count('\n') == 1, world.told
    for command, say, part in [('budget', '{"alpha_tao": 1.5}', 'alpha_tao must be an integer of 10^-18'),
                               ('budget', '[]', 'one JSON object'),
                               ('consensus', '{"prices": {}}', '"stakes"'),
                               ('consensus', '{"prices": {"A": "1"}, "stakes": {"A": -1}}', 'stakes: A'),
                               ('solve', '{"bids": {}}', 'budget_ph must be a number'),
                               ('solve', '{"budget_ph": 1, "bids": {"5A": [["x", "1", 1]]}}', 'bids: 5A'),
                               ('solve', '{"budget_ph": 1, "bids": {"5A": [["1", "1", 300000]]}}', ''),
                               ('solve', '{', 'standard input')]:
        if part:
            ask(world, command, say=say, code=3)
            assert part in world.told and world.told.count('\n') == 1, (command, world.told)
    ask(world, 'window', 'x', '--netuid', 1, code=3)
    ask(world, 'window', 5, code=3)
    assert '--netuid' in world.told


def test_consensus_and_budget_say_what_the_specification_says(world):
    points = {'A': 10 * FP, 'B': 102 * FP // 10, 'C': 7 * FP, 'D': 13 * FP}
    stakes = {'A': 40, 'B': '30', 'C': 15, 'D': 15}
    question = {'prices': {k: str(v) for k, v in points.items()}, 'stakes': stakes, 'gamma': 0.67}
    assert answer(world, 'consensus', question) == {'price': str(10 * FP)}
    assert answer(world, 'consensus', {**question, 'gamma': 1.5}) == {'price': None}
    prices = {'alpha_tao': '37639265281541704', 'tao_usdc': str(45 * FP), 'hashp_usdc': str(50 * FP)}
    assert answer(world, 'budget', {**prices, 'share': 1.0, 'cap': None}) == {'budget_ph': 100.0, 'capped_ph': 100.0}
    assert answer(world, 'budget', {**prices, 'share': 13107 / 65535, 'cap': str(4 * FP // 10)}) == {
        'budget_ph': 20.0, 'capped_ph': 8.0}
    assert ask(world, 'budget', say=json.dumps({**prices, 'alpha_tao': str(FP // 4)})) == (
        '{"budget_ph": 664.2, "capped_ph": 664.2}\n')


def bids(*rows):
    return [[size, str(round(price * 100) * FP // 100), count] for size, price, count in rows]


E8 = {'budget_ph': 2.0, 'seed': 2, 'bids': {'5A': bids(('0.25', 1, 4), ('0.45', 1, 2)), '5B': bids(('0.2', 0.95, 5)),
                                            '5C': bids(('0.1', 1.02, 7))}}


def winners(said):
    return collections.Counter((w['hotkey'], w['hashrate']) for w in said['winners'])


def test_solve_asks_cbc_and_the_exact_solver_and_they_agree(world):
    for solver, name, agree in [('both', 'cbc', True), ('cbc', 'cbc', None), ('exact', 'exact', None)]:
        said = answer(world, 'solve', E8, '--solver', solver)
        assert winners(said) == {('5B', '0.2'): 5, ('5A', '0.25'): 4}, said
        assert (said['objective'], said['items'], said['solver'], said['agree']) == (
            {'value': 2000000, 'cost': 1950000}, 18, name, agree), said
        assert said['winners'][0] == {'hotkey': '5B', 'hashrate': '0.2', 'price': str(FP * 95 // 100)}
        assert world.told == ''
    for order in ('ABC', 'CBA'):    # equal bids: the order of columns decides, and Debian 12's cbc is known to take these
        tie = {'budget_ph': 1.55, 'bids': {who: bids(('0.1', 1, 10)) for who in order}}
        won = winners(answer(world, 'solve', tie))
        assert sum(won.values()) == 15
        if 'Version: 2.10.8' in world.run('cbc', 'quit').stdout:
            assert won == {(order[0], '0.1'): 7, (order[2], '0.1'): 8}, won
    nothing = answer(world, 'solve', {**E8, 'budget_ph': 0.0000005})
    assert (nothing['winners'], nothing['items']) == ([], 0)


def script(world, name, text):
    path = world.folder / name
    path.write_text('#!/bin/sh\n' + text)
    path.chmod(0o755)
    return path


def test_a_solver_that_is_wrong_fails_or_hangs_is_not_the_last_word(world):
    worse = script(world, 'worse', 'for last; do :; done\nprintf "Optimal - objective value 1\\n0 X0000000 1 0\\n" >"$last"\n')
    said = answer(world, 'solve', E8, '--cbc', worse)
    assert said['solver'] == 'exact' and said['agree'] is False, said
    assert said['objective'] == {'value': 2000000, 'cost': 1950000} and len(said['winners']) == 9, said
    assert said['other']['objective']['value'] == 250000 and said['other']['solver'] == 'cbc', said
    assert len(said['other']['winners']) == 1
    assert 'disagree' in world.told
    greedy = script(world, 'greedy', 'for last; do :; done\necho Optimal >"$last"\n'
                    'i=0; while [ $i -lt 18 ]; do printf "%d X%07d 1 0\\n" $i $i >>"$last"; i=$((i + 1)); done\n')
    for cbc, part in [(greedy, 'it is not one'), (script(world, 'dies', 'kill -ABRT $$\n'), 'signal 6'),
                      (script(world, 'fails', 'exit 3\n'), 'exit code 3'), ('/no/cbc', 'cannot be started'),
                      (script(world, 'hangs', 'exec sleep 60\n'), 'took too long')]:
        said = answer(world, 'solve', E8, '--cbc', cbc, '--limit', 1)
        assert said['solver'] == 'exact' and said['agree'] is None and said['objective']['value'] == 2000000, said
        assert part in world.told, (cbc, world.told)
        if cbc == '/no/cbc':
            ask(world, 'solve', '--solver', 'cbc', '--cbc', cbc, say=json.dumps(E8), code=2)
    alone = answer(world, 'solve', E8, '--cbc', worse, '--solver', 'cbc')
    assert alone['objective']['value'] == 250000 and alone['agree'] is None, alone


# ---- routing ---------------------------------------------------------------------------------------------------------

POOLS = '''# mine
[pools]
[pools.backup]
name = "b"            # when all else fails

[[pools.main]]
name = "central-proxy"
weight = 1

[[pools.main]]
name = "private"
weight = 7
'''
RESULT = {'window_index': 3, 'my_bids': [{'hashrate': size, 'price_fp18': str(FP), 'won': won}
                                         for size, won in [('0.1', True), ('0.2', True), ('0.3', False)]]}


def config_with(world, **mine):
    path = world.folder / 'mine.toml'
    path.write_text('[mine]\n' + ''.join(f'{key} = {json.dumps(value)}\n' for key, value in mine.items()))
    return path


def test_pools_toml_is_set_to_what_was_won_and_the_proxy_told_only_of_changes(world):
    pools, signal = world.folder / 'pools.toml', world.folder / 'new/folder/.reload'
    pools.write_text(POOLS)
    pools.chmod(0o640)
    config = config_with(world, pools=str(pools), pools_signal=str(signal))
    said = answer(world, 'route', RESULT, config)
    assert (said['mode'], said['state'], said['target'], said['matched']) == ('ihp', 'updated', '300TH/s', 1), said
    assert pools.read_text() == POOLS.replace('weight = 1\n', 'target_hashrate = "300TH/s"\n')
    assert pools.stat().st_mode & 0o777 == 0o640 and signal.exists()
    signal.unlink()
    inode = pools.stat().st_ino
    assert answer(world, 'route', RESULT, config)['state'] == 'same'
    assert not signal.exists() and pools.stat().st_ino == inode
    lost = {'my_bids': [{**bid, 'won': False} for bid in RESULT['my_bids']]}
    assert answer(world, 'route', lost, config)['target'] == '0TH/s' and signal.exists()
    # by the original's variables, into the file itself, through a link
    link = world.folder / 'link.toml'
    link.symlink_to(pools)
    inode = pools.stat().st_ino
    config = config_with(world, in_place=True, pool_name=' PRIVATE ')
    said = answer(world, 'route', RESULT, config, env={'APS_MINER_POOLS_CONFIG_PATH': str(link),
                                                       'APS_MINER_IHP_RELOAD_SENTINEL': str(signal)})
    assert said['state'] == 'updated' and pools.stat().st_ino == inode and link.is_symlink()
    assert 'weight' not in pools.read_text() and pools.read_text().startswith('# mine\n')


def test_what_cannot_be_routed_is_said_and_nothing_is_touched(world):
    pools, signal = world.folder / 'pools.toml', world.folder / '.reload'
    config = config_with(world, routing='ihp', pools=str(pools), pools_signal=str(signal))
    assert answer(world, 'route', RESULT, config)['state'] == 'no file'
    for text, state in [('[x]\n', 'no section'), ('[pools]\n', 'no entries'), ('[[pools.main]]\nname = "x"\n', 'no match')]:
        pools.write_text(text)
        assert answer(world, 'route', RESULT, config)['state'] == state
        assert pools.read_text() == text and not signal.exists()
    pools.write_text('[[pools.main\n')
    answer(world, 'route', RESULT, config, code=2)
    assert str(pools) in world.told and not signal.exists()
    ask(world, 'route', config_with(world, rooting='ihp'), say='{}', code=2)
    assert 'did you mean routing?' in world.told
    ask(world, 'route', config_with(world, routing='ihp ', solver=3), say='{}', code=2)
    assert 'line 3: [mine] solver' in world.told or 'line 2: [mine] routing' in world.told, world.told


def test_the_braiins_profile_is_set_in_proportion(world):
    profile, signal = world.folder / 'profile.toml', world.folder / '.reconfigure'
    text = ('[[routing]]\nname = "R"\n[[routing.goal]]\nname = "InfiniteHashLuxorGoal"\nhr_weight = 9 # of 10\n'
            '[[routing.goal]]\nname = "MinerDefaultGoal"\nhr_weight = 1\n')
    profile.write_text(text)
    config = config_with(world, profile=str(profile), profile_signal=str(signal))
    one = {'my_bids': [{'hashrate': '0.1', 'price_fp18': str(FP), 'won': True}, {'hashrate': '0.2', 'price_fp18': str(FP), 'won': False}]}
    said = answer(world, 'route', one, config)
    assert (said['mode'], said['state'], said['weights']) == ('braiins', 'updated', {'luxor': 1431655765, 'default': 2863311531})
    assert profile.read_text() == text.replace('= 9', '= 1431655765').replace('= 1\n', '= 2863311531\n') and signal.exists()
    assert answer(world, 'route', {'my_bids': []}, config)['state'] == 'no hashrate'


def test_the_hook_reads_the_result_has_no_shell_and_a_time_limit(world):
    seen = world.folder / 'seen'
    hook = script(world, 'hook', 'cat >"$1"; printf "%s" "$2" >>"$1"; echo heard\n')
    said = answer(world, 'route', RESULT, config_with(world, routing='none', exec=[str(hook), str(seen), '$(id); *']))
    assert said['exec'] is True and said['mode'] == 'none' and 'heard' in world.told
    text = seen.read_text()
    assert json.loads(text.split('\n')[0]) == RESULT and text.endswith('$(id); *'), text
    for body, part in [('exit 4\n', 'exit code 4'), ('kill -KILL $$\n', 'signal 9'),
                       (f'(sleep 60; echo >{seen}.late) & echo $! >{seen}.pid; trap "" TERM; sleep 60; sleep 60\n', 'took too long')]:
        hook = script(world, 'hook', body)
        said = answer(world, 'route', RESULT, config_with(world, routing='none', exec=[str(hook)], exec_limit_s=1), code=2)
        assert said['exec'] is False and part in world.told, world.told
    child = int((world.folder / 'seen.pid').read_text())
    try:
        state = open(f'/proc/{child}/stat').read().rsplit(')', 1)[1].split()[0]
    except FileNotFoundError:
        state = 'Z'
    assert state == 'Z', 'what the hook started outlived the limit'


def test_the_readmes_table_mine_is_accepted(world):
    readme = (pathlib.Path(__file__).resolve().parents[2] / 'README').read_text()
    config = world.folder / 'config.toml'
    config.write_text('[mine]\n' + readme.split('```\n[mine]\n')[1].split('```')[0])
    ask(world, 'route', config, say='{}', code=3)       # the configuration is read first: 2 would be its fault
    assert 'my_bids' in world.told, world.told
