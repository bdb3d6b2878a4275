/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "action/plan.h"
#include "base/timetext.h"

#include <string.h>

static struct arena a;

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static const char *const miner_argv[] = {"systemctl", "restart", "miner", NULL};

/* A rig with both scripts, its daemon up, systemd there. */
static struct plan_facts facts(void)
{
    struct plan_facts f = {
        .dir = "/srv/rig",
        .root = true,
        .systemctl = {"/usr/bin/systemctl", NULL},
        .systemd = true,
        .start = {"/srv/rig/scripts/start-miner.sh", NULL},
        .stop = {"/srv/rig/scripts/stop-miner.sh", NULL},
        .config = "config.toml",
        .daemon = DAEMON_UP,
        .pid = 4711,
    };
    for (int i = 0; i < PLAN_KINDS; i++) {
        f.set[i].limit_s = 60;
        f.set[i].folder = "/srv/rig";
    }
    return f;
}

static void expect(enum plan_kind kind, const struct plan_facts *f, const char *commands)
{
    const struct plan *p = plan_make(&a, kind, f);
    const char *got = "";
    assert_true(p->kind == kind);
    for (int i = 0; i < p->steps; i++)
        got = arena_text(&a, "%s%s%s", got, i ? "; " : "", plan_text(&a, p->step[i].argv));
    if (strcmp(got, commands) != 0)
        fail_msg("%s (%s), not %s", got, p->known ? p->from : p->why, commands);
    assert_true(p->known == (*commands != '\0'));
    assert_true(p->known ? p->from[0] && p->limit_ms == 60000 : p->why[0] && p->set[0]);
}

static void expect_none(enum plan_kind kind, const struct plan_facts *f, const char *why)
{
    const struct plan *p = plan_make(&a, kind, f);
    assert_false(p->known);
    assert_int_equal(p->steps, 0);
    if (!strstr(p->why, why))
        fail_msg("%s\n  has no: %s", p->why, why);
}

static void what_davy_toml_says_comes_first(void **state)
{
    (void)state;
    struct plan_facts f = facts();
    f.cgroup = "0::/system.slice/miner.service\n";
    f.set[PLAN_RESTART].argv = miner_argv;
    f.set[PLAN_RESTART].program = (struct plan_file){"/bin/systemctl", NULL};
    f.set[PLAN_RESTART].folder = "/elsewhere";
    const struct plan *p = plan_make(&a, PLAN_RESTART, &f);
    assert_true(p->known && p->steps == 1);
    assert_string_equal(p->step[0].program, "/bin/systemctl");
    assert_string_equal(p->folder, "/elsewhere");
    assert_string_equal(p->from, "davy.toml (actions.restart); systemctl is /bin/systemctl");
    expect(PLAN_RESTART, &f, "systemctl restart miner");
}

static void what_davy_toml_says_is_never_replaced_by_a_guess(void **state)
{
    (void)state;
    struct plan_facts f = facts();
    f.set[PLAN_RESTART].argv = miner_argv;
    f.set[PLAN_RESTART].program = (struct plan_file){NULL, "systemctl is not in PATH"};
    expect_none(PLAN_RESTART, &f, "davy.toml sets actions.restart, but systemctl is not in PATH");
    f.set[PLAN_RESTART].program = (struct plan_file){"/x", "everybody may write to /x: chmod o-w it"};
    expect_none(PLAN_RESTART, &f, "everybody may write to /x");
    f.set[PLAN_RESTART].program = (struct plan_file){"/x", NULL};
    f.set[PLAN_RESTART].folder_wrong = "/y is not a folder";
    expect_none(PLAN_RESTART, &f, "davy.toml sets actions.restart_dir, but /y is not a folder");
    f.settings_wrong = "davy.toml belongs to user eve, not to you or root";
    expect_none(PLAN_RESTART, &f, "belongs to user eve");
    f = facts();
    f.settings_unread = "davy.toml line 3: actions.restart must be a list";
    expect_none(PLAN_RESTART, &f, "davy.toml cannot be used, so what it sets is not known: davy.toml line 3");
    expect_none(PLAN_COMMIT, &f, "davy.toml cannot be used");
}

static void the_unit_that_the_daemon_runs_in(void **state)
{
    (void)state;
    static const struct {
        const char *cgroup, *own, *commands;
        bool ours, root, note;
    } table[] = {
        {"0::/system.slice/miner.service\n", "0::/user.slice/user-0.slice/session-1.scope\n",
         "systemctl restart miner.service", false, true, false},
        {"0::/system.slice/miner.service\n", NULL, "systemctl restart miner.service", false, false, true},
        {"0::/user.slice/user-1000.slice/user@1000.service/app.slice/my-miner.service\n", NULL,
         "systemctl --user restart my-miner.service", false, false, false},
        {"12:pids:/x\n1:name=systemd:/system.slice/miner@89.service\n", NULL, "systemctl restart miner@89.service",
         false, true, false},
        {"0::/system.slice/worker.service\n", NULL, "systemctl restart worker.service", true, true, false},
        /* Started by cron, by a terminal, by ssh, in a container, in davy's own service: not the miner's unit. */
        {"0::/system.slice/cron.service\n", NULL, "scripts/stop-miner.sh; scripts/start-miner.sh", false, true, false},
        {"0::/user.slice/user-1000.slice/session-3.scope\n", NULL, "scripts/stop-miner.sh; scripts/start-miner.sh",
         false, true, false},
        {"0::/user.slice/user-1000.slice/user@1000.service/app.slice/tmux.scope\n", NULL,
         "scripts/stop-miner.sh; scripts/start-miner.sh", false, true, false},
        {"0::/\n", NULL, "scripts/stop-miner.sh; scripts/start-miner.sh", true, true, false},
        {"0::/system.slice/miner.service\n", "0::/system.slice/miner.service\n",
         "scripts/stop-miner.sh; scripts/start-miner.sh", true, true, false},
        {"0::/system.slice/-evil-miner.service\n", NULL, "scripts/stop-miner.sh; scripts/start-miner.sh", true, true,
         false},
        {"0::/system.slice/a b miner.service\n", NULL, "scripts/stop-miner.sh; scripts/start-miner.sh", true, true,
         false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct plan_facts f = facts();
        f.cgroup = table[i].cgroup;
        f.own_cgroup = table[i].own;
        f.unit_is_ours = table[i].ours;
        f.root = table[i].root;
        expect(PLAN_RESTART, &f, table[i].commands);
        assert_true((plan_make(&a, PLAN_RESTART, &f)->note != NULL) == table[i].note);
        f.systemd = false;
        expect(PLAN_RESTART, &f, "scripts/stop-miner.sh; scripts/start-miner.sh");
    }
}

static void the_unit_whose_file_names_the_folder(void **state)
{
    (void)state;
    struct plan_facts f = facts();
    f.unit[0] = (struct plan_unit){"rig.service", true, false};
    f.units = 1;
    expect(PLAN_RESTART, &f, "systemctl --user restart rig.service");
    f.cgroup = "0::/user.slice/user-1000.slice/session-3.scope\n"; /* a script started the one that runs */
    expect(PLAN_RESTART, &f, "scripts/stop-miner.sh; scripts/start-miner.sh");
    f.start = f.stop = (struct plan_file){NULL, NULL};
    expect_none(PLAN_RESTART, &f, "rig.service names this folder, but the daemon (pid 4711) does not run in it");
    f.daemon = DAEMON_DOWN; /* that pid is a zombie */
    expect(PLAN_RESTART, &f, "systemctl --user restart rig.service");
    f.cgroup = NULL;
    f.unit[1] = (struct plan_unit){"watch.service", false, false};
    f.units = 2;
    expect_none(PLAN_RESTART, &f, "2 systemd units name this folder (rig.service, watch.service)");
    f.unit[1].starts = true;
    expect(PLAN_RESTART, &f, "systemctl restart watch.service");
    f.unit[0].starts = true;
    expect_none(PLAN_RESTART, &f, "say in davy.toml which one");
    f.systemctl = (struct plan_file){NULL, NULL};
    f.unit[0].starts = false;
    expect_none(PLAN_RESTART, &f, "watch.service runs the daemon, but systemctl is not in PATH");
}

static void the_rig_s_scripts_when_both_may_be_run(void **state)
{
    (void)state;
    struct plan_facts f = facts();
    const struct plan *p = plan_make(&a, PLAN_RESTART, &f);
    assert_string_equal(p->step[0].program, "/srv/rig/scripts/stop-miner.sh");
    assert_string_equal(p->step[1].program, "/srv/rig/scripts/start-miner.sh");
    assert_string_equal(p->folder, "/srv/rig");
    f.stop.wrong = "/srv/rig/scripts/stop-miner.sh belongs to user eve, not to you or root";
    expect_none(PLAN_RESTART, &f, "belongs to user eve");
    f.stop = (struct plan_file){NULL, NULL};
    expect_none(PLAN_RESTART, &f, "the rig has a start-miner.sh but no stop-miner.sh");
    f.start = (struct plan_file){NULL, NULL};
    expect_none(PLAN_RESTART, &f, "davy.toml sets no actions.restart, no systemd unit");
    f = facts();
    f.daemon = DAEMON_IMPOSTOR;
    expect_none(PLAN_RESTART, &f, "the pid file names another program");
}

static void a_commitment_is_forced_by_davy_mine_where_there_is_one(void **state)
{
    (void)state;
    struct plan_facts f = facts();
    expect_none(PLAN_COMMIT, &f, "davy-mine");
    f.mine = (struct plan_file){"/opt/davy/davy-mine", NULL};
    expect(PLAN_COMMIT, &f, "davy-mine commit --force");
    assert_string_equal(plan_make(&a, PLAN_COMMIT, &f)->step[0].program, "/opt/davy/davy-mine");
    f.config = "auction/config.toml";
    expect(PLAN_COMMIT, &f, "davy-mine commit --force auction/config.toml");
    f.config_wrong = "config.toml: missing [wallet]";
    expect_none(PLAN_COMMIT, &f, "missing [wallet]");
    f.config = NULL;
    expect_none(PLAN_COMMIT, &f, "no auction miner here");
    f.mine.wrong = "everybody may write to /opt/davy/davy-mine: chmod o-w it";
    expect_none(PLAN_COMMIT, &f, "everybody may write");
}

static void a_unit_file_names_a_folder_as_a_whole_path(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool named, starts;
    } table[] = {
        {"[Service]\nWorkingDirectory=/srv/rig\nExecStart=/usr/bin/python3 -u src/miner_daemon.py\n", true, true},
        {"[Service]\nWorkingDirectory=/srv/rig/\n", true, false},
        {"ExecStart=/srv/rig/scripts/start-miner.sh", true, true},
        {"ExecStart=/bin/sh -c \"cd '/srv/rig'; ./run\"", true, false},
        {"WorkingDirectory=/srv/rig2\nExecStart=miner_daemon.py\n", false, false},
        {"# WorkingDirectory=/srv/rig\n;/srv/rig\n", false, false},
        {"WorkingDirectory=/srv/rig2/../srv/rig\n", true, false},
        {"", false, false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        bool starts;
        assert_true(plan_unit_names(bytes_of(table[i].text), "/srv/rig", "miner_daemon.py", &starts) == table[i].named);
        assert_true(starts == table[i].starts);
    }
}

static void a_command_is_shown_as_it_would_be_typed(void **state)
{
    (void)state;
    static const char *const argv[] = {"./run it", "--key=a,b", "", "it's", "$(reboot)", "x;y", "\033[2J", "*", NULL};
    assert_string_equal(plan_text(&a, argv), "'./run it' --key=a,b '' 'it'\\''s' '$(reboot)' 'x;y' '' '*'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_davy_toml_says_comes_first, clean),
        cmocka_unit_test_teardown(what_davy_toml_says_is_never_replaced_by_a_guess, clean),
        cmocka_unit_test_teardown(the_unit_that_the_daemon_runs_in, clean),
        cmocka_unit_test_teardown(the_unit_whose_file_names_the_folder, clean),
        cmocka_unit_test_teardown(the_rig_s_scripts_when_both_may_be_run, clean),
        cmocka_unit_test_teardown(a_commitment_is_forced_by_davy_mine_where_there_is_one, clean),
        cmocka_unit_test_teardown(a_unit_file_names_a_folder_as_a_whole_path, clean),
        cmocka_unit_test_teardown(a_command_is_shown_as_it_would_be_typed, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
