/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files that people write once: davy.toml, HEARTBEAT.md, the start and stop scripts (rig-files.md 2.1). */
#include "sim/actors.h"

#include "base/timetext.h"

void toml_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    struct sim_text t = {.arena = out->arena};
    put(&t,
        "# A simulated rig, made by davy-sim. Everything in this folder may be thrown away.\n[rig]\nname = "
        "\"sim-%s\"\n\n",
        s->setup.scenario->name);
    put(&t, "[daemon]\nmatch = \"miner_daemon.py\"\n\n[auction]\nblock_time_s = ");
    put_real(&t, (double)market_block_ms(s) / 1000);
    put(&t, "\n");
    emit_document(s, out, SIM_REPLACE, SIM_DAVY_TOML, put_done(&t));
}

void checklist_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    static const char empty[] = "# Heartbeat checklist\n\n## Bittensor miner (every 2 h)\n- [ ]\n- [ ]\n";
    static const char text[] = "# Heartbeat checklist\n"
                               "\n"
                               "## Bittensor miner (every 2 h)\n"
                               "- [ ] Daemon runs (scripts/check-status.sh)\n"
                               "- [ ] Average score above 0.5\n"
                               "- [ ] Budgets below 80 %\n"
                               "- [ ] ROI above 0.0005 TAO per 1K tokens\n"
                               "\n"
                               "## Report if\n"
                               "- Score drops by more than 20 %\n"
                               "- A budget passes 80 %\n"
                               "- The daemon is down\n"
                               "\n"
                               "## Done\n"
                               "- [x] Move the wallet to the new machine\n";
    emit_document(s, out, SIM_REPLACE, SIM_CHECKLIST, bytes_of(s->setup.scenario->checklist_empty ? empty : text));
}

/* As a davy-run on another machine left it here: it names no process of its own, which would be somebody else's. */
void modules_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_text t = {.arena = out->arena};
    long long now = stamp(s, at_ms), started = now - 7380000, next = now + 540000;
    if (!s->setup.scenario->crash_loop)
        return;
    put(&t,
        "{\"version\": 1, \"pid\": null, \"mode\": \"watchdog\", \"updated_at_ms\": %lld, \"modules\": {\n"
        " \"scraper\": {\"state\": \"running\", \"pid\": null, \"since_ms\": %lld, \"restarts\": 0, "
        "\"last_exit\": null, \"next_ms\": null, \"log\": \"logs/scraper.log\"},\n",
        now, started);
    put(&t,
        " \"image\": {\"state\": \"crash loop\", \"pid\": null, \"since_ms\": %lld, \"restarts\": 2, "
        "\"last_exit\": \"exit status 1\", \"next_ms\": %lld, \"log\": \"logs/image.log\"}}}\n",
        now - 60000, next);
    emit_document(s, out, SIM_REPLACE, SIM_MODULES, put_done(&t));
}

/* One word for the shell, whatever is in it. */
static void put_word(struct sim_text *t, const char *word)
{
    put(t, "'");
    for (; *word; word++)
        put(t, *word == '\'' ? "'\\''" : "%c", *word);
    put(t, "'");
}

void start_script(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    struct sim_text t = {.arena = out->arena};
    put(&t, "#!/bin/sh\n# Starts the simulated daemon, as the real start-miner.sh does: the log begins anew.\n"
            "cd \"$(dirname \"$0\")/..\" || exit 1\n"
            "if [ -f state/miner.pid ]; then\n"
            "    pid=$(cat state/miner.pid)\n"
            "    if kill -0 \"$pid\" 2>/dev/null; then\n"
            "        echo \"⚠️  Miner already running (PID: $pid)\"\n"
            "        exit 1\n"
            "    fi\n"
            "    rm -f state/miner.pid\n"
            "fi\n");
    put_word(&t, s->setup.program);
    put(&t, " daemon \"$PWD\" miner_daemon.py --speed ");
    put_real(&t, s->setup.speed);
    put(&t, " </dev/null >logs/miner.log 2>&1 &\n"
            "pid=$!\n"
            "echo $pid >state/miner.pid\n"
            "sleep 1\n"
            "kill -0 $pid 2>/dev/null || { echo \"❌ Miner failed to start\"; exit 1; }\n"
            "echo \"✅ Miner started (PID: $pid)\"\n");
    struct sim_order *o = emit_document(s, out, SIM_REPLACE, SIM_START_SCRIPT, put_done(&t));
    if (o)
        o->executable = true;
}

void stop_script(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    static const char text[] = "#!/bin/sh\n"
                               "# Stops the simulated daemon: TERM, ten seconds, KILL.\n"
                               "cd \"$(dirname \"$0\")/..\" || exit 0\n"
                               "[ -f state/miner.pid ] || { echo \"Miner is not running\"; exit 0; }\n"
                               "pid=$(cat state/miner.pid)\n"
                               "case $pid in ''|*[!0-9]*) echo \"state/miner.pid is not a number\"; exit 0;; esac\n"
                               "kill -TERM \"$pid\" 2>/dev/null\n"
                               "for i in 1 2 3 4 5 6 7 8 9 10; do\n"
                               "    kill -0 \"$pid\" 2>/dev/null || break\n"
                               "    sleep 1\n"
                               "done\n"
                               "kill -KILL \"$pid\" 2>/dev/null\n"
                               "rm -f state/miner.pid\n"
                               "echo \"✅ Miner stopped\"\n";
    struct sim_order *o = emit_document(s, out, SIM_REPLACE, SIM_STOP_SCRIPT, bytes_of(text));
    if (o)
        o->executable = true;
}
