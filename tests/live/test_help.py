# SPDX-License-Identifier: GPL-2.0-or-later
"""Help that needs no manual: every command, every option, 80 columns, and what is said of words that nobody knows."""
import re

PROGRAMS = ('davy', 'davy-mine', 'davy-sim')


def said(world, program, *words, env=None):
    done = world.run(world.build / program, *words, env=env)
    assert done.returncode == 0 and done.stderr == '', (program, words, done)
    return done.stdout


def commands(world, program):
    block = said(world, program, '--help').split('\nCommands')[1].split('\n\n')[0]
    names = re.findall(r'^  ([a-z][a-z-]*) +\S', block, re.M)
    assert len(names) >= 3, block
    return names


def check_page(text, what):
    long = [line for line in text.split('\n') if len(line) > 80]
    assert not long, f'{what}: more than 80 columns: {long}'
    assert text.startswith('usage: '), f'{what}: {text[:60]}'
    for part in ('\nExamples:\n', '\nExit status:\n'):
        assert part in text, f'{what} has no {part.strip()}'
    examples = re.findall(r'^  (?:\S.*)$', text.split('\nExamples:\n')[1].split('\n\n')[0], re.M)
    assert examples, what


def test_help_of_each_program_fits_80_columns_and_has_examples_and_exit_codes(world):
    for program in PROGRAMS:
        check_page(said(world, program, '--help'), program)
        assert said(world, program, '-h') == said(world, program, '--help') == said(world, program, 'help')


def test_help_of_each_command_is_there_however_it_is_asked_for(world):
    for program in PROGRAMS:
        for name in commands(world, program):
            page = said(world, program, name, '--help')
            check_page(page, f'{program} {name}')
            assert page.startswith(f'usage: {program} {name}'), page[:80]
            assert said(world, program, 'help', name) == page
            assert said(world, program, name, '-h') == page


def manual_options(troff):
    """Options of each command, as the manual (printed from the parser's own tables) has them: {command: [names]}"""
    found = {}
    for line in troff.split('.SH COMMANDS\n')[1].split('\n.SH ')[0].split('\n'):
        command = re.match(r'\.(?:B|SS) davy(?:\\-sim|\\-mine)? ([a-z]+)', line)
        option = re.match(r'.*\\fB\\-\\-([a-z\\-]+)\\fR', line)
        if command:
            name = command[1]
            found.setdefault(name, [])
        elif option:
            found[name].append(option[1].replace('\\-', '-'))
    return found


def test_help_names_every_option_of_its_command(world):
    for program in PROGRAMS:
        manual = said(world, program, 'manual', *(['davy'] if program == 'davy' else []))
        options = manual_options(manual)
        assert set(commands(world, program)) <= set(options) | {'help'}, options
        assert any(options.values()), options
        for name in commands(world, program):
            page = said(world, program, name, '--help')
            for option in options.get(name, []):
                assert re.search(rf'--{option}\b', page), f'{program} {name} --help does not name --{option}'
    own = re.findall(r'\\fB\\-\\-([a-z\\-]+)\\fR', said(world, 'davy', 'manual', 'davy').split('.SH COMMANDS')[0])
    assert len(own) > 10, own
    for option in own:
        assert f'--{option}'.replace('\\-', '-') in said(world, 'davy', '--help'), option


def test_help_is_7_bit_and_needs_no_terminal_and_no_home(world):
    for program in PROGRAMS:
        for name in [None, *commands(world, program)]:
            words = [name, '--help'] if name else ['--help']
            assert said(world, program, *words, env={'LC_ALL': 'C', 'PATH': '/usr/bin:/bin'}).isascii()


def refused(world, *words, program='davy'):
    done = world.run(world.build / program, *words)
    assert done.returncode == 3 and done.stdout == '', (words, done)
    assert done.stderr.count('\n') == 1, done.stderr
    return done.stderr


def test_a_mistyped_word_is_one_sentence_with_the_nearest_name(world):
    for words, near in [(['demmo'], 'demo'), (['doctro'], 'doctor'), (['--plian'], '--plain'), (['--onec'], '--once'),
                        (['demo', '--sede', '3'], '--seed'), (['config', '--chekc'], '--check'), (['hlep'], 'help')]:
        assert f'did you mean {near}?' in refused(world, *words), (words, near)
    assert 'did you mean rig?' in refused(world, 'rigg', program='davy-sim')
    assert 'did you mean low-score?' in refused(world, 'rig', 'x', '--scenario', 'low-scor', program='davy-sim')
    assert 'did you mean stage-stall?' in refused(world, 'demo', '--scenario', 'stage-stal')
    assert 'davy --help' in refused(world, 'xyzzyxyzzy')
    assert 'xyzzy' in refused(world, '--xyzzy')
    assert '\x1b' not in refused(world, 'evil\x1b[31m')


def test_words_that_are_too_many_are_refused(world):
    for words in (['demo', 'x'], ['doctor', 'x'], ['config', '--example', 'x'], ['config', '--check', 'a', 'b']):
        assert 'is not expected' in refused(world, *words), words


def test_general_options_may_stand_before_or_behind_the_command(world):
    rig = world.rig()
    rig.write('davy.toml', '[rig]\nname = "x"\n')
    for words in (['-C', rig.path, 'config', '--check'], ['config', '--check', '-C', rig.path],
                  ['config', f'--directory={rig.path}', '--check'], ['config', '-C', rig.path, '--check']):
        assert said(world, 'davy', *words) == f'{rig.path}/davy.toml: ok\n', words


def test_config_check_tells_every_fault_with_file_line_and_key(world):
    rig = world.rig()
    rig.write('davy.toml', '[rig]\nnmae = "x"\n[scores]\nsuccess_threshold = 2\n')
    done = world.run(world.davy, 'config', '--check', rig / 'davy.toml')
    lines = done.stderr.strip().split('\n')
    assert done.returncode == 3 and len(lines) == 2, done
    assert 'davy.toml line 2: unknown key rig.nmae; did you mean rig.name?' in lines[0], lines
    assert 'davy.toml line 4: scores.success_threshold must be a number from 0 to 1, not 2' in lines[1], lines
    done = world.run(world.davy, 'config', '--check', cwd=world.folder)
    assert done.returncode == 3 and 'is not there' in done.stderr, done


def test_the_example_is_the_defaults_and_is_fine(world):
    rig = world.rig()
    rig.write('davy.toml', said(world, 'davy', 'config', '--example'))
    assert 'ok' in said(world, 'davy', 'config', '--check', '-C', rig.path)
    text = said(world, 'davy', 'config', '--example')
    assert text.isascii() and max(map(len, text.split('\n'))) <= 80, [line for line in text.split('\n') if len(line) > 80]
    rig.write('davy.toml', re.sub(r'^#(?=[[a-z])', '', text, flags=re.M))      # with every line in force, too
    assert 'ok' in said(world, 'davy', 'config', '--check', '-C', rig.path)
