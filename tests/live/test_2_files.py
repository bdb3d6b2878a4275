# SPDX-License-Identifier: GPL-2.0-or-later
"""A file changes, and the screen follows; a file breaks, and the last good value stays."""
import json
import os
import subprocess
import time

from rigs import log_line, scored

SIZE = (160, 50)


def opened(world):
    rig = world.rig().fill()
    d = world.open(rig, size=SIZE)
    d.wait_for('elonmusk')
    d.wait_for('45%')
    return rig, d


def test_a_stage_renamed_over_is_seen(world):
    rig, d = opened(world)
    with d:
        rig.stage(5, user='nasa', message='Generating content')
        d.wait_for('nasa', 2)


def test_a_stage_rewritten_in_place_is_seen(world):
    rig, d = opened(world)
    with d:
        rig.stage(5, user='nasa', how='write')
        d.wait_for('nasa', 2)


def test_a_budget_rewritten_in_place_is_seen(world):
    rig, d = opened(world)
    with d:
        rig.budgets(openai=620000)
        d.wait_for('62%', 2)


def test_a_budget_renamed_over_is_seen(world):
    rig, d = opened(world)
    with d:
        rig.budgets(openai=630000, how='replace')
        d.wait_for('63%', 2)
        rig.budgets(openai=640000, how='replace')
        d.wait_for('64%', 2)


def test_appended_tasks_are_seen(world):
    rig, d = opened(world)
    with d:
        for i in range(10):
            rig.append('state/task-history.jsonl', scored(900 + i, 0.111 + i / 1000))
        d.wait_for('0.12', 3)
        d.wait_for('score_drop' if 'score_drop' in d.text() else 'CRIT', 3)


def test_a_torn_line_counts_only_when_it_is_complete(world):
    rig, d = opened(world)
    with d:
        line = scored(950, 0.0421)
        rig.append('state/task-history.jsonl', line[:60])
        d.settle()
        assert '0.04' not in d.text()
        rig.append('state/task-history.jsonl', line[60:])
        d.wait_for('0.04', 2)


def test_log_lines_are_followed_over_truncation_and_rotation(world):
    rig, d = opened(world)
    with d:
        rig.append('logs/miner.log', log_line('first appended line'))
        d.wait_for('first appended line', 2)
        rig.write('logs/miner.log', log_line('the log began anew'))
        d.wait_for('the log began anew', 2)
        os.rename(rig / 'logs/miner.log', rig / 'logs/miner.log.1')
        rig.write('logs/miner.log', log_line('after the rotation'))
        d.wait_for('after the rotation', 3)


def test_a_new_block_moves_the_countdown(world):
    rig, d = opened(world)
    with d:
        rig.auction(block=7500025)      # window 7499985..7500044 of auction.md 2
        d.wait_for('7,500,02', 3)


def test_the_heartbeat_state_is_seen(world):
    rig = world.rig().fill()
    with world.open(rig, size=(200, 60)) as d:
        d.wait_for('elonmusk')
        rig.heartbeat(age_s=7 * 3600)
        d.wait_for('overdue', 3)


def test_the_checklist_is_in_the_model(world):
    rig = world.rig().fill()
    before = world.once(rig)['heartbeat']
    rig.write('HEARTBEAT.md', '# Nothing\n')
    after = world.once(rig)['heartbeat']
    assert before != after, 'HEARTBEAT.md does not matter?'


def test_a_broken_config_toml_is_told_and_mended(world):
    rig, d = opened(world)
    with d:
        good = (rig / 'config.toml').read_text()
        rig.write('config.toml', good.replace('netuid = 89', 'netuid = '))
        d.wait_for('config.toml', 3)
        rig.write('config.toml', good)
        d.wait_for(lambda d: 'config.toml' not in d.text(), 3)


def test_davy_toml_renames_the_rig_while_it_runs(world):
    rig, d = opened(world)
    with d:
        rig.write('davy.toml', '[rig]\nname = "renamed"\n')
        d.wait_for('renamed', 3)


def test_a_half_written_document_keeps_the_last_good_value(world):
    rig, d = opened(world)
    with d:
        whole = (rig / 'config/token-budgets.json').read_text()
        rig.write('config/token-budgets.json', whole[:len(whole) // 2])
        d.wait_for('token-budgets.json', 3)
        assert '45%' in d.text(), d.text()
        rig.write('config/token-budgets.json', whole)
        d.wait_for(lambda d: 'token-budgets.json' not in d.text(), 3)


def test_a_document_that_vanishes_keeps_the_last_good_value_and_says_so(world):
    rig, d = opened(world)
    with d:
        os.unlink(rig / 'config/token-budgets.json')
        d.wait_for('token-budgets.json', 4)
        assert '45%' in d.text(), d.text()
        rig.budgets(openai=460000)
        d.wait_for('46%', 3)


def wrong_kind(world, make):
    """Something else in place of the budgets: davy lives, says so, keeps the value, and recovers."""
    rig, d = opened(world)
    with d:
        path = rig / 'config/token-budgets.json'
        os.unlink(path)
        make(path)
        d.wait_for('token-budgets.json', 4)
        d.send('\t')
        d.settle()
        assert '45%' in d.text() and d.process.poll() is None
        os.rmdir(path) if path.is_dir() and not path.is_symlink() else os.unlink(path)
        rig.budgets(openai=470000)
        d.wait_for('47%', 4)


def test_a_fifo_in_place_of_a_file_never_blocks(world):
    wrong_kind(world, os.mkfifo)


def test_a_directory_in_place_of_a_file_is_told(world):
    wrong_kind(world, os.mkdir)


def test_a_device_in_place_of_a_file_is_not_read(world):
    wrong_kind(world, lambda path: os.symlink('/dev/zero', path))


def test_a_dangling_link_in_place_of_a_file_is_told(world):
    wrong_kind(world, lambda path: os.symlink('/nonexistent/file', path))


def test_a_folder_that_is_removed_and_made_again_is_followed(world):
    rig, d = opened(world)
    with d:
        subprocess.run(['rm', '-rf', str(rig / 'config')], check=True)
        d.settle()
        time.sleep(0.3)
        rig.budgets(openai=510000)
        d.wait_for('51%', 5)


def test_another_program_s_status_file_is_refused(world):
    rig, d = opened(world)
    with d:
        rig.replace('miner_status.json', json.dumps({'hashrate': '42.5 H/s', 'pool': 'x', 'miner_status': 'active'}))
        d.wait_for('miner_status.json', 3)


def test_a_steady_writer_does_not_starve_the_screen(world):
    rig, d = opened(world)
    with d:
        writer = subprocess.Popen(['/usr/bin/python3', '-c', 'import sys,time\nfor i in range(100000):\n'
                                   ' open(sys.argv[1], "a").write(sys.argv[2] + str(i) + "\\n"); time.sleep(0.0005)',
                                   str(rig / 'logs/miner.log'), log_line('busy writer').strip()])
        try:
            time.sleep(0.5)
            rig.budgets(openai=560000)
            d.wait_for('56%', 3)
            d.send('?')
            d.wait_for('quit', 3)
        finally:
            writer.kill()
            writer.wait()


def test_terminal_escapes_in_files_never_reach_the_terminal(world):
    rig, d = opened(world)
    with d:
        rig.stage(4, user='\x1b[31mred\x07', message='a\x1b]0;owned\x07b \u202e \u200b end')
        rig.append('logs/miner.log', log_line('\x1b]0;stolen\x07\x1b[2J cleared \u202e'))
        d.wait_for('cleared', 3)
        d.settle()
        raw = bytes(d.raw)
        assert b'\x1b]0;' not in raw and b'\x07' not in raw, 'an escape of a file came through'
        assert '\u202e'.encode() not in raw and '\u200b'.encode() not in raw


def test_the_json_counts_every_kind_of_line_once(world):
    rig = world.rig().fill()
    rig.append('state/task-history.jsonl', 'not json\n[1]\n\n' + scored(1, None) + scored(2, 90) + scored(3, 0.5, age_s=-3600) +
               json.dumps({'task_id': 'e1', 'response': 'x', 'llm': 'gemini-pro', 'classification': {}, 'status': 'success'}) +
               '\n' + scored(4, 0.7).replace('t_004', 'test_4') + '{"torn')
    s = world.once(rig)['scores']
    kinds = [s[k] for k in ('scored', 'pending', 'invalid', 'executed', 'synthetic', 'malformed', 'future')]
    assert kinds == [60, 1, 1, 1, 1, 2, 1], kinds
    assert s['lines'] == sum(kinds) + 1, s
