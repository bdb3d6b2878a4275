/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics of everything but scores and budgets. */
#include "base/timetext.h"
#include "model/incidents.h"
#include "sink/prometheus.h"

#include <string.h>

/* ---- the rig ---- */

static void give_info(struct exposition *x, const struct model *m)
{
    sample2(x, m->rig_name ? m->rig_name : "", DAVY_VERSION, 1);
}

static void give_now(struct exposition *x, const struct model *m)
{
    sample(x, seconds(m->now_ms));
}

static void give_data_age(struct exposition *x, const struct model *m)
{
    int64_t age = model_data_age_ms(m);
    sample(x, seconds(age == NOT_KNOWN || age > 0 ? age : 0));
}

static void give_sources(struct exposition *x, const struct model *m)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (i == DOC_SETTINGS || origin_expected((enum doc_id)i, &m->origin[i]))
            labelled(x, doc_rows[i].key, m->origin[i].state == ORIGIN_OK);
}

/* Info counts too; what is not known is a severity of its own; what is pending is no alert yet. */
static void give_alerts(struct exposition *x, const struct model *m)
{
    double count[4] = {0};
    for (size_t i = 0; i < m->alert_count; i++)
        if (strcmp(m->alert[i].state, "pending") != 0)
            count[strcmp(m->alert[i].state, "unknown") == 0 ? 0 : m->alert[i].severity]++;
    for (int s = SEVERITY_INFO; s <= SEVERITY_CRITICAL && m->rule_count; s++)
        labelled(x, severity_name((enum severity)s), count[s]);
    if (m->rule_count)
        labelled(x, "unknown", count[0]);
}

/* ---- what the engine makes of them ---- */

static bool is_acked(const struct incident *i)
{
    return i->ack.who != NULL;
}

static bool is_silenced(const struct incident *i)
{
    return i->silenced;
}

static bool is_hidden(const struct incident *i)
{
    return i->hidden;
}

static bool is_flapping(const struct incident *i)
{
    return i->flapping;
}

static bool is_unknown(const struct incident *i)
{
    return i->unknown;
}

static void give_states(struct exposition *x, const struct model *m)
{
    double count[INCIDENT_RECOVERING + 1] = {0};
    for (size_t i = 0; m->incidents != NULL && i < m->incidents->count; i++)
        count[m->incidents->row[i].state]++;
    for (int s = INCIDENT_PENDING; s <= INCIDENT_RECOVERING && m->incidents != NULL; s++)
        labelled(x, incident_state_name((enum incident_state)s), count[s]);
}

static void give_flags(struct exposition *x, const struct model *m)
{
    static const struct {
        const char *name;
        bool (*is)(const struct incident *i);
    } flags[] = {{"acknowledged", is_acked},
                 {"flapping", is_flapping},
                 {"hidden", is_hidden},
                 {"silenced", is_silenced},
                 {"unknown", is_unknown}};
    for (size_t f = 0; f < sizeof flags / sizeof *flags && m->incidents != NULL; f++) {
        double count = 0;
        for (size_t i = 0; i < m->incidents->count; i++)
            count += m->incidents->row[i].state != INCIDENT_OK && flags[f].is(&m->incidents->row[i]);
        labelled(x, flags[f].name, count);
    }
}

/* ---- by rule ---- */

struct list {
    const struct alert *at;
    size_t count;
};

/* One a rule, however many subjects it has: the worst of them. Alerts come worst first, and a rule's need not stand together. */
static bool told_before(struct list l, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(l.at[i].rule, l.at[at].rule) == 0)
            return true;
    return false;
}

static double subjects(struct list l, const char *rule)
{
    double count = 0;
    for (size_t i = 0; i < l.count; i++)
        count += strcmp(l.at[i].rule, rule) == 0;
    return count;
}

static void give_list(struct exposition *x, struct list l)
{
    for (size_t i = 0; i < l.count; i++)
        if (!told_before(l, i))
            sample2(x, l.at[i].rule, severity_name(l.at[i].severity), subjects(l, l.at[i].rule));
}

/* What a Prometheus with a `for` of its own is given. */
static void give_seen(struct exposition *x, const struct model *m)
{
    struct list judged = {m->alert, m->alert_count}, before = {m->seen, m->seen_count};
    give_list(x, m->seen != NULL ? before : judged);
}

/* Not those that wait: they do not fire yet. */
static void give_rules(struct exposition *x, const struct model *m)
{
    enum { ALERTS_MOST = 1024 };
    struct alert firing[ALERTS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < m->alert_count && count < ALERTS_MOST; i++)
        if (strcmp(m->alert[i].state, "pending") != 0)
            firing[count++] = m->alert[i];
    give_list(x, (struct list){firing, count});
}

/* ---- daemon and stages ---- */

static void give_daemon_up(struct exposition *x, const struct model *m)
{
    if (m->daemon->state != DAEMON_UNKNOWN && m->daemon->state != DAEMON_NEVER)
        sample(x, m->daemon->state == DAEMON_UP);
}

static void give_daemon_state(struct exposition *x, const struct model *m)
{
    for (int s = DAEMON_UNKNOWN; s <= DAEMON_NEVER; s++)
        labelled(x, daemon_state_name((enum daemon_state)s), m->daemon->state == (enum daemon_state)s);
}

static void give_daemon_uptime(struct exposition *x, const struct model *m)
{
    sample(x, whole(m->daemon->uptime_s));
}

static void give_daemon_beat(struct exposition *x, const struct model *m)
{
    sample(x, seconds(m->daemon->beat_age_ms));
}

static void give_daemon_cpu(struct exposition *x, const struct model *m)
{
    sample(x, seconds(m->daemon->cpu_ms));
}

static void give_daemon_memory(struct exposition *x, const struct model *m)
{
    sample(x, whole(m->daemon->rss_bytes));
}

static void give_stage(struct exposition *x, const struct model *m)
{
    if (m->stages->known)
        sample(x, m->stages->current.number);
}

static void give_stage_time(struct exposition *x, const struct model *m)
{
    if (m->stages->known)
        sample(x, seconds(m->stages->elapsed_ms));
}

static void give_stage_stalled(struct exposition *x, const struct model *m)
{
    if (m->stages->known)
        sample(x, m->stages->stalled);
}

/* ---- the rest ---- */

static void give_block(struct exposition *x, const struct model *m)
{
    if (m->auction->has_window && !m->auction->estimated)
        sample(x, whole(m->auction->block));
}

static void give_window(struct exposition *x, const struct model *m)
{
    if (m->auction->has_window && m->auction->window_end_ms != NOT_KNOWN)
        sample(x, seconds(m->auction->window_end_ms - m->now_ms));
}

static void give_due(struct exposition *x, const struct model *m)
{
    if (m->heartbeat->known)
        sample(x, (double)m->heartbeat->due_count);
}

static void give_last_check(struct exposition *x, const struct model *m)
{
    sample(x, seconds(m->heartbeat->last_ms));
}

const struct metric metrics_of_rig[] = {
    {"davy_info", "gauge", "The rig, and the version of davy that looked at it.", {"rig", "version"}, give_info},
    {"davy_timestamp_seconds", "gauge", "When davy looked.", {NULL}, give_now},
    {"davy_data_age_seconds", "gauge", "Age of the freshest data of the rig.", {NULL}, give_data_age},
    {"davy_source_ok", "gauge", "1 when the file could be read and is fresh.", {"source"}, give_sources},
    {"davy_alerts", "gauge", "Alerts by severity.", {"severity"}, give_alerts},
    {"davy_rule_firing", "gauge", "Alerts of a rule, with its worst severity.", {"rule", "severity"}, give_rules},
    {"davy_rule_seen", "gauge", "The same as seen now, before any waiting.", {"rule", "severity"}, give_seen},
    {"davy_incidents", "gauge", "What the alert engine knows, by state.", {"state"}, give_states},
    {"davy_incidents_marked", "gauge", "Open incidents with a mark.", {"mark"}, give_flags},
    {"davy_daemon_up", "gauge", "1 when the daemon runs and its heartbeat is fresh.", {NULL}, give_daemon_up},
    {"davy_daemon_state", "gauge", "1 for the state that the daemon is in.", {"state"}, give_daemon_state},
    {"davy_daemon_uptime_seconds", "gauge", "How long the daemon's process runs.", {NULL}, give_daemon_uptime},
    {"davy_daemon_heartbeat_age_seconds", "gauge", "Age of the daemon's last heartbeat.", {NULL}, give_daemon_beat},
    {"davy_daemon_cpu_seconds_total", "counter", "Processor time of the daemon.", {NULL}, give_daemon_cpu},
    {"davy_daemon_resident_memory_bytes", "gauge", "Memory of the daemon.", {NULL}, give_daemon_memory},
    {"davy_stage", "gauge", "Number of the stage that the miner is in, 0 to 7.", {NULL}, give_stage},
    {"davy_stage_elapsed_seconds", "gauge", "Time in this stage.", {NULL}, give_stage_time},
    {"davy_stage_stalled", "gauge", "1 when the stage takes longer than it may.", {NULL}, give_stage_stalled},
    {"davy_auction_block", "gauge", "Newest block of the chain; absent while it is estimated.", {NULL}, give_block},
    {"davy_auction_window_left_seconds", "gauge", "Until the auction window closes.", {NULL}, give_window},
    {"davy_heartbeat_checks_due", "gauge", "Heartbeat checks that should run now.", {NULL}, give_due},
    {"davy_heartbeat_last_timestamp_seconds", "gauge", "When the last heartbeat check ran.", {NULL}, give_last_check},
    {.name = NULL},
};
