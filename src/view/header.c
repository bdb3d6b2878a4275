/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timetext.h"
#include "view/pane.h"
#include "view/parts.h"

#include <stdio.h>

enum style daemon_style(const struct daemon *d)
{
    static const uint8_t styles[] = {
        [DAEMON_UNKNOWN] = STYLE_STALE, [DAEMON_UP] = STYLE_GOOD,      [DAEMON_STALE] = STYLE_WARN,
        [DAEMON_HUNG] = STYLE_BAD,      [DAEMON_IMPOSTOR] = STYLE_BAD, [DAEMON_DOWN] = STYLE_BAD,
        [DAEMON_STOPPED] = STYLE_DIM,   [DAEMON_NEVER] = STYLE_DIM,
    };
    return styles[d->state];
}

const char *daemon_word(const struct daemon *d)
{
    return d->state == DAEMON_NEVER ? "not seen yet" : daemon_state_name(d->state);
}

static void add_counts(const struct model *m, struct pieces *p)
{
    enum severity worst = model_worst(m);
    size_t bad = model_count(m, SEVERITY_CRITICAL), warn = model_count(m, SEVERITY_WARNING),
           info = model_count(m, SEVERITY_INFO);
    if (bad + warn + info == 0 && empty_wanted(m)) /* nothing known is not fine */
        pieces_add(p, 100, 2, STYLE_STALE, "waiting");
    else if (bad + warn + info == 0)
        pieces_add(p, 100, 2, STYLE_GOOD_BADGE, " OK ");
    if (bad > 0)
        pieces_add(p, 100, 2, STYLE_BAD_BADGE, " CRIT %zu ", bad);
    if (warn > 0)
        pieces_add(p, worst == SEVERITY_WARNING ? 100 : 70, bad > 0 ? 1 : 2, STYLE_WARN_BADGE, " WARN %zu ", warn);
    if (info > 0)
        pieces_add(p, worst == SEVERITY_INFO ? 100 : 20, 1, STYLE_INFO, " INFO %zu ", info);
}

static void add_daemon(const struct model *m, struct pieces *p, struct grid g)
{
    const struct daemon *d = m->daemon;
    char age[TIME_TEXT] = "";
    if (d->state == DAEMON_UP && d->uptime_s != NOT_KNOWN)
        grid_age(g, age, m->now_ms, m->now_ms - d->uptime_s * 1000);
    else if (d->state != DAEMON_UP && d->since_ms != NOT_KNOWN)
        grid_age(g, age, m->now_ms, d->since_ms);
    pieces_add(p, 65, 3, daemon_style(d), "daemon %s%s%s", daemon_word(d), age[0] ? " " : "", age);
}

static void add_place(const struct model *m, struct pieces *p)
{
    const struct auction *a = m->auction;
    pieces_add(p, 60, 0, STYLE_HEADER, "%s", m->rig_name ? m->rig_name : "rig");
    if (m->host && m->host[0])
        pieces_add(p, 10, 0, STYLE_DIM, "@%s", m->host);
    if (a->known && a->network)
        pieces_add(p, 40, 2, STYLE_DIM, "%s/%lld", a->network, (long long)a->netuid);
    else if (a->known)
        pieces_add(p, 40, 2, STYLE_DIM, "netuid %lld", (long long)a->netuid);
}

static void add_right(const struct model *m, const struct ui *ui, struct pieces *p, struct grid g)
{
    char text[TIME_TEXT];
    int64_t old = model_data_age_ms(m);
    if (m->notice && footer_rows(ui) == 0)
        pieces_add_right(p, 45, 2, STYLE_WARN, "%s", m->notice);
    if (ui->read_only)
        pieces_add_right(p, 12, 2, STYLE_DIM, "read-only");
    if (ui->paused && ui->missed > 0)
        pieces_add_right(p, 95, 2, STYLE_WARN_BADGE, " PAUSED +%llu new ", (unsigned long long)ui->missed);
    else if (ui->paused)
        pieces_add_right(p, 95, 2, STYLE_WARN_BADGE, " PAUSED ");
    if (old != NOT_KNOWN)
        pieces_add_right(p, 80, 2, STYLE_DIM, "data %s",
                         (g.w >= 60 ? grid_ago : grid_age)(g, text, m->now_ms, m->now_ms - old));
    else
        pieces_add_right(p, 80, 2, STYLE_STALE, "no data");
    grid_wake(g, m->now_ms - m->now_ms % 60000 + 60000);
    pieces_add_right(p, 55, 2, STYLE_DIM, g.w >= 60 ? "%s UTC" : "%s", time_clock(text, m->now_ms));
}

void header_draw(const struct model *m, const struct ui *ui, struct grid row)
{
    struct pieces p = {.count = 0};
    struct grid inside = row.w >= 40 ? grid_part(row, 1, 0, row.w - 2, 1) : row;
    add_place(m, &p);
    add_counts(m, &p);
    add_daemon(m, &p, row);
    add_right(m, ui, &p, row);
    pieces_draw(&p, inside);
}
