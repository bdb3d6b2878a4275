/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One page a command, alphabetical. */
#include "cmd/davy_pages.h"

#include <string.h>

const struct page_pair davy_usages[] = {
    {"davy [-C DIR] [options]", "the dashboard on the rig in DIR"},
    {"davy --plain [options]", "the same, told line by line"},
    {"davy --once [-o FORM] [options]", "one look, to standard output"},
    {"davy COMMAND ...", "one of the commands below"},
    {NULL, NULL},
};

static const struct davy_page pages[] = {
    {
        .command = "",
        .about = "Shows what the miner in a folder is doing, whether it earns, what it spends, when the next auction "
                 "window closes, and what to do when something is wrong. It reads the rig's files as they change. On "
                 "the screen ? explains every key and mark, and q leaves.",
        .example =
            {
                {"davy demo", "a simulated rig, to look around"},
                {"davy -C /srv/miner", "the dashboard on the rig in that folder"},
                {"davy doctor", "what was found here, what is missing, how to set it"},
                {"davy --once -o json | jq .alerts", "everything it knows, for scripts"},
                {"davy --plain", "for screen readers and logs"},
            },
        .file =
            {
                {"DIR/davy.toml", "settings of the rig; davy config --example prints them all"},
            },
        .status =
            {
                {"0", "asked to leave, or the terminal is gone"},
                {"3", "something is wrong with the command line, the folder or the terminal"},
                {"128 + N", "ended by signal N"},
            },
    },
    {
        .command = "alerts",
        .about =
            "Keeps an incident for each rule and subject: pending until its condition held long enough, firing until "
            "it was over long enough. What is not known is not fine: without data nothing is cleared. Every call looks "
            "at the rig and notes what became of the alerts since the last one. What is "
            "confirmed is on the disk. Nothing is written with --read-only or --now.",
        .term =
            {
                {"list", "what is pending or firing, worst first, and the silences (the default form is for people)"},
                {"ack N [--why TEXT] [--until T]",
                 "somebody looks after incident N; ends with it, when it grows worse, or at that time: 7 days at most"},
                {"silence RULE[/SUBJECT] --reason TEXT [--for TIME]", "tell nobody of it for a while: 7 days at most"},
                {"unsilence N", "end silence N now"},
                {"test-message", "sends one message: is anybody told?"},
                {"history [--since T]",
                 "what fired and cleared, and who did what: the newest thousand events at least"},
            },
        .example =
            {
                {"davy alerts list", "the rig in this folder"},
                {"davy alerts ack 17 --why 'waiting for the provider' --until 4h", "incident 17"},
                {"davy alerts silence budget_high/anthropic --reason 'month ends' --for 8h", "one budget"},
                {"davy alerts history --since 24h -o json", "for scripts"},
            },
        .file = {{"DIR/state/davy/alerts.jsonl", "the journal; put aside as alerts.jsonl.damaged-TIME when damaged"},
                 {"DIR/state/davy/alerts.lock", "held while it is changed"}},
        .status = {{"0", "done, or printed (also when something fires)"}, {"3", "nothing was done"}},
    },
    {
        .command = "budget",
        .about =
            "show prints what each API has used of this month's tokens. reset begins a new month: used_this_month of "
            "each API becomes 0 and the date is noted; everything else in the file stays byte for byte as it is, and "
            "it is replaced in one step. It refuses when no reset is due unless forced, asks first, and is noted in "
            "state/davy/audit.jsonl with what had been used.",
        .example =
            {
                {"davy budget show", "a table"},
                {"davy budget show -o json | jq .budgets", "for scripts"},
                {"davy budget reset", "asks first"},
                {"davy budget reset --yes", "for scripts; nothing happens twice in a month"},
            },
        .file = {{"DIR/config/token-budgets.json", "the budgets"},
                 {"DIR/state/davy/audit.jsonl", "who did it, and what had been used"}},
        .status = {{"0", "printed, or reset"}, {"3", "nothing was printed, or changed"}},
    },
    {
        .command = "bundle",
        .about = "Writes a support bundle: a tar archive with the versions, what davy doctor says, the settings, the "
                 "newest lines "
                 "of the daemon's log, of the alert journal and of the audit log, and all that davy knows of the rig. "
                 "What looks "
                 "like a secret is taken out and \"[removed]\" stands in its place; read it before you send it all the "
                 "same. As "
                 "the key e of the dashboard. A file that is there is never replaced.",
        .example =
            {
                {"davy bundle", "into state/davy of the rig"},
                {"davy bundle -o /tmp/rig7.tar", "elsewhere"},
                {"tar xOf /tmp/rig7.tar davy-bundle/README.txt", "what is in it"},
            },
        .file = {{"DIR/state/davy/bundle-TIME.tar", "0600; remove it when it was sent"}},
        .status = {{"0", "written"}, {"3", "nothing was written"}},
    },
    {
        .command = "check",
        .about =
            "One heartbeat, for cron and for monitoring systems: looks at the rig, its disk and memory, the processes "
            "that must run ([process.NAME] in davy.toml) and runs your own checks ([check.NAME]) that are due. Prints "
            "HEARTBEAT_OK, or ALERTS: and a line for each. What is merely informative is not told; what is not known "
            "is never fine. Each call is a step of the alert engine: what fired stays an alert until it was good for "
            "long "
            "enough, what somebody acknowledged or silenced is told as such (and left out with --respect-silence). "
            "What "
            "is pending counts while no davy-watch runs: nobody would look again in time. --lint-rules says what is "
            "wrong with the rules of davy.toml; --test-rules takes a timeline (see ALERTS in davy(1)) and says what "
            "the "
            "engine makes of it. It takes 10 s at most. When it ran is kept in memory/heartbeat-state.json as agents "
            "keep "
            "it, and everything else in there stays. --notify sends what is new and waits, through davy-notify, and tells "
            "by nothing but standard error when that fails; while davy-watch runs it leaves that to it. With --read-only, or with another clock (--now), nothing is kept.",
        .example =
            {
                {"davy check", "in a crontab, each 5 minutes"},
                {"davy check --brief", "for Nagios, Icinga and the like"},
                {"davy check --explain score_avg", "what a rule means and says now"},
                {"davy check --json | jq .checks", "for scripts"},
                {"davy check --night-mode", "rarer, and critical only"},
                {"davy check --notify", "tell people too, where no davy-watch runs"},
                {"davy check --test-rules outage.json", "when would my rules fire"},
            },
        .file = {{"DIR/memory/heartbeat-state.json", "when each check ran"},
                 {"DIR/state/davy/check.json", "last answers of your checks, and since when processes are down"},
                 {"DIR/state/davy/alerts.jsonl", "the incidents; see davy alerts"}},
        .status = {{"0", "no alerts"},
                   {"1", "warnings"},
                   {"2", "something is critical"},
                   {"3", "not known, or the command line"}},
    },
    {
        .command = "commit",
        .about =
            "Publishes the bid of the auction miner on the chain although nothing changed. Shows the exact command "
            "and where it runs, asks, prints what it says, and waits a minute for the new commitment. What it runs "
            "is found on the rig, or set as actions.commit in davy.toml; davy doctor tells. Each run is noted in "
            "state/davy/audit.jsonl. One command at a time on a rig, and three within 15 minutes unless forced.",
        .example =
            {
                {"davy commit --force", "asks first"},
                {"davy commit --force --yes", "for scripts"},
            },
        .file = {{"DIR/state/davy/audit.jsonl", "who ran what, and what became of it"}},
        .status = {{"0", "done, and a new commitment was seen, or none can be seen here"},
                   {"2", "the command failed, or no new commitment was seen"},
                   {"3", "nothing was started"}},
    },
    {
        .command = "completion",
        .about = "Prints what a shell needs to complete commands and options of davy with the Tab key.",
        .example =
            {
                {"source <(davy completion bash)", "in ~/.bashrc"},
                {"source <(davy completion zsh)", "in ~/.zshrc, behind compinit"},
                {"davy completion fish | source", "in ~/.config/fish/config.fish"},
            },
        .status = {{"0", "printed"}, {"3", "no such shell"}},
    },
    {
        .command = "config",
        .about =
            "With --example: prints a davy.toml with every setting, what it is for, and its default. Every line is "
            "a comment, so the file changes nothing until you take a # away. With --check: reads a davy.toml and "
            "says what is wrong with it: file, line, key and what to write instead.",
        .example =
            {
                {"davy config --example >davy.toml", "begin with all of them"},
                {"davy config --check", "the davy.toml of this folder"},
                {"davy config --check /srv/miner/davy.toml", "another one"},
            },
        .file = {{"DIR/davy.toml", "read again by a running davy as soon as it changes"}},
        .status = {{"0", "printed, or nothing is wrong"}, {"3", "the file is missing or something in it is wrong"}},
    },
    {
        .command = "demo",
        .about =
            "Starts a simulated rig in a temporary folder, with its own simulated daemon and two weeks of history, "
            "and the dashboard on it. Nothing is left behind, and nothing outside that folder is touched.",
        .example =
            {
                {"davy demo", "a rig as busy as a real one"},
                {"davy demo --scenario daemon-crash", "something goes wrong"},
                {"davy demo --speed 60 --seed 7", "faster, and another rig"},
                {"davy demo --plain", "as lines of text"},
            },
        .file = {{"$TMPDIR/davy-demo-*", "the rig's folder (/tmp); removed at the end"}},
        .status = {{"0", "left"}, {"3", "the simulator or the screen could not be started"}},
    },
    {
        .command = "doctor",
        .about =
            "Looks at the rig's folder, davy.toml, each file of the rig, the daemon, inotify, the terminal and the "
            "commands behind the keys r and c, and says for each: ok, note or problem, with the fix. It changes "
            "nothing and connects to nothing; inside tmux it asks tmux for two of its options.",
        .example =
            {
                {"davy doctor", "the rig in this folder"},
                {"davy -C /srv/miner doctor", "another one"},
                {"davy doctor -o json | jq .checks", "for scripts"},
            },
        .status = {{"0", "no problem (notes do not count)"}, {"1", "at least one problem"}, {"3", "the command line"}},
    },
    {
        .command = "export",
        .about =
            "Prints all that is known of the rig as JSON, as davy --once -o json does, or the metrics in the text "
            "format of Prometheus. What is not known is null, or has no sample. With -o the file is replaced in one "
            "step, so a collector never reads half of it. prometheus-rules prints the alert rules, on the terms that "
            "davy.toml sets, for a Prometheus that collects those metrics and alerts by itself.",
        .example =
            {
                {"davy export prometheus", "look at the metrics"},
                {"davy export prometheus -o /var/lib/prometheus/node-exporter/davy.prom",
                 "for the textfile collector of node_exporter"},
                {"davy export prometheus-rules -o rules.yml", "see promtool check rules"},
                {"davy export json -o rig.json", "for everything else"},
            },
        .status = {{"0", "printed, or the file was replaced"},
                   {"3", "the command line, the folder, or the file could not be written"}},
    },
    {
        .command = "help",
        .about = "Prints what davy --help prints, or the help of one command.",
        .example = {{"davy help", "all commands and options"}, {"davy help demo", "as davy demo --help"}},
        .status = {{"0", "printed"}, {"3", "there is no such command"}},
    },
    {
        .command = "history",
        .about =
            "Prints the tasks that the rig ever did, one by one in the order of time, or summed up. What counts is "
            "what "
            "the dashboard counts: of several lines of one task the last, no self-tests, nothing later than now. The "
            "file is read once, whatever its size, in little memory; lines that cannot be read are counted on standard "
            "error.",
        .term =
            {
                {"T",
                 "2026-11-22, 2026-11-22T04:48:51 (UTC, or with Z or +10:00 behind it), an epoch number, now, today, "
                 "yesterday, or how long ago: 30m, 24h, 7d, 2w. --until a later time than now shows tasks of the "
                 "future too: of a wrong clock."},
                {"EXPR",
                 "score, tao, tokens, subnet with = != < <= > >= and a number; llm, strategy, id with = != ~ !~ and "
                 "a text (~: contains; in quotes when it has blanks); pending, scored, invalid, synthetic (the "
                 "self-tests, which then count); joined by and, or, not and parentheses."},
                {"--by",
                 "gives scored tasks, their mean, the share of successes, p10, p50, p90 (exact up to 250 tasks of a "
                 "group, beyond that to 0.002), tokens, TAO, TAO per 1,000 tokens, and the cost where "
                 "token-budgets.json has all prices. Best first; hours and days in the order of time."},
                {"-o json",
                 "one object: {\"version\": 1, \"now\": MS, \"rig\": {\"name\", \"dir\"}, \"history\": FILE, "
                 "\"since\": MS, "
                 "\"until\": MS, \"by\": WHAT, \"where\": EXPR, \"limit\": N, \"tasks\" or \"groups\": [ROW, ...], "
                 "\"total\": "
                 "SUMS, \"file\": COUNTS}. A ROW of tasks: at (MS), task_id, kind, score, tokens, llm, strategy, "
                 "subnet, "
                 "tao. A ROW of groups: name, start (MS, of hours and days), SUMS, best (true or false, not of hours "
                 "and "
                 "days). SUMS: count (scored), mean, success_rate, p10, p50, p90 (all 0..1), tokens, records, share, "
                 "tao, "
                 "roi, cost_usd, first (MS), last (MS). COUNTS of lines: lines, scored, pending, invalid, malformed, "
                 "synthetic, future, executed, blank, duplicates. MS are milliseconds of the epoch; what is not known "
                 "or "
                 "was not asked for is null; members are only ever added."},
                {"-o csv",
                 "a line of names, then the rows with the same members; times are ISO 8601. Texts are as they "
                 "are: a spreadsheet must be told that they are texts, or it takes =1+1 for a formula."},
            },
        .example =
            {
                {"davy history --by llm --since 7d", "which LLM was best in the last 7 days"},
                {"davy history --by day -o csv >days.csv", "all days"},
                {"davy history --where 'score<0.3 and not subnet=19'", "bad tasks, one by one"},
                {"davy history --since today --where pending", "what waits for its score"},
                {"davy history --since 2026-11-01 --until 2026-12-01 --by strategy", "a month"},
                {"davy history --limit 20 -o json | jq .tasks", "the newest 20, for scripts"},
            },
        .file = {{"DIR/state/task-history.jsonl", "history in davy.toml names another one"}},
        .status = {{"0", "printed, also when no task fits"},
                   {"3", "there is no history, or something is wrong with the command line or davy.toml"},
                   {"128 + N", "ended by signal N"}},
    },
    {
        .command = "manual",
        .about = "Prints a manual page, made from the tables that davy runs on. They are installed too: man davy.",
        .example =
            {
                {"davy manual davy | man -l -", "read it without installing it"},
                {"davy manual davy.toml | man -l -", "every setting"},
            },
        .status = {{"0", "printed"}, {"3", "there is no such page"}},
    },
    {
        .command = "report",
        .about =
            "Prints a report from the task history, the budgets and the daemon: heartbeat is how things stand now, "
            "daily is about 24 hours, weekly about 7 days against the 7 before. What is not known reads n/a. "
            "Averages are of tasks that have a score; the best strategy is one with at least 10 of them. "
            "Recommendations say in JSON which rule they come from.",
        .example =
            {
                {"davy report heartbeat", "in a terminal"},
                {"davy -C /srv/miner report daily -o markdown", "for a message"},
                {"davy report weekly -o json | jq .recommendations", "for scripts"},
                {"davy report daily --now 1795305600000", "with another clock"},
            },
        .status = {{"0", "printed, whatever it says"}, {"3", "the command line, or the folder"}},
    },
    {
        .command = "restart",
        .about =
            "Restarts the miner's daemon. Shows the exact command and where it runs, asks, prints what it says, and "
            "waits a minute for the daemon to be up again. What it runs is found on the rig (its systemd unit, or "
            "its stop and start scripts), or set as actions.restart in davy.toml; davy doctor tells. Each run is "
            "noted in state/davy/audit.jsonl. One command at a time on a rig, and three within 15 minutes unless "
            "forced. ^C ends the command; a terminal that goes away does not.",
        .example =
            {
                {"davy restart", "asks first"},
                {"davy -C /srv/miner restart --yes", "for scripts"},
                {"davy restart --yes --force", "a fourth time within 15 minutes"},
            },
        .file = {{"DIR/state/davy/audit.jsonl", "who ran what, and what became of it"}},
        .status = {{"0", "done, and a new daemon is up"},
                   {"2", "the command failed, or no new daemon came up"},
                   {"3", "nothing was started"}},
    },
    {
        .command = "stage",
        .about =
            "For miners that are shell scripts: notes in the status file which stage begins, is complete or failed, as "
            "libdavystage does for C and davy_stage.py for Python; all of them may share one file. A file that "
            "cannot be written is told on standard error and stops nothing: the exit status is 0 all the same.",
        .term =
            {
                {"N", "number or name of the stage: 0 Initialization, 1 Data Scraping, 2 Data Retrieval, 3 Vector "
                      "Database, 4 Time Series Analysis, 5 Content Generation, 6 Exportation, 7 Complete."},
                {"run",
                 "starts the stage, runs CMD with the same input and output, and ends the stage: complete with exit "
                 "status 0, else failed. Its exit status is that of CMD."},
                {"reset", "no stage yet, as at the start of a miner; history and durations stay."},
                {"log",
                 "the last 200 events as lines of a miner's log; with -f only what comes from now on, and a status "
                 "line every 30 seconds."},
                {"show", "the current stage, and how often and how long each of them ran."},
            },
        .example =
            {
                {"davy stage start 1 'Fetching posts' -u elonmusk", "before"},
                {"davy stage complete 1 '50 posts' -u elonmusk", "after"},
                {"davy stage run 3 'Indexing' -- ./index.sh --all", "both, around a command"},
                {"davy stage log -f >>logs/stages.log", "a log of them"},
                {"systemd-cat davy stage log -f --journal", "into the journal"},
                {"davy stage show -o json | jq .stage_totals", "for scripts"},
            },
        .file = {{"DIR/miner_status.json", "the status file; DAVY_STAGE_FILE or --file name another one"},
                 {"DIR/miner_status.json.lock", "its lock"}},
        .status = {{"0", "told, or printed; of run: the command's own"},
                   {"3", "the command line; show and log: there is no status file"},
                   {"126, 127", "run: the command could not be started, was not found"},
                   {"128 + N", "run: the command was killed by signal N"}},
    },
};

const struct davy_page *davy_page(const char *command)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (strcmp(pages[i].command, command) == 0)
            return &pages[i];
    return NULL;
}
