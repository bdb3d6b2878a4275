/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check: disk, memory, and processes that must run. */
#include "cmd/davy_check.h"

#include "base/file.h"
#include "base/numtext.h"
#include "base/timetext.h"
#include "source/procs.h"

#include <math.h>
#include <string.h>
#include <sys/statvfs.h>

#define DISK_CRITICAL 95.0
#define MEMORY_CRITICAL 97.0
enum { MEMINFO_MOST = 1 << 16 };

static double threshold(const struct check *c, const char *name)
{
    const struct heartbeat *h = c->model->heartbeat;
    for (size_t i = 0; i < h->threshold_count; i++)
        if (strcmp(h->threshold[i].name, name) == 0 && h->threshold[i].value > 0)
            return h->threshold[i].value;
    return (double)NAN;
}

static int code_above(double v, double warning, double critical)
{
    if (isnan(v))
        return CHECK_UNKNOWN;
    if (v > (critical > warning ? critical : warning) + 1e-9)
        return CHECK_CRITICAL;
    return v > warning + 1e-9 ? CHECK_WARNING : CHECK_OK;
}

static void percent_item(struct check *c, const char *kind, double used, double warning, double critical,
                         const char *left)
{
    char text[NUM_TEXT], limit[NUM_TEXT];
    struct check_item *i = check_add(c, kind, "");
    i->code = code_above(used, warning, critical);
    i->value = used;
    i->limit = warning;
    i->text = isnan(used) ? "cannot be read"
                          : arena_text(&c->arena, "%s%% used, %s left; limit %s%%", num_fixed(text, used, 1), left,
                                       num_fixed(limit, warning, 0));
}

static const char *bytes_text(struct arena *a, double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t u = 0;
    for (; bytes >= 1024 && u + 1 < sizeof units / sizeof units[0]; u++)
        bytes /= 1024;
    return arena_text(a, "%.1f %s", bytes, units[u]);
}

/* What an unprivileged writer sees, as df does. */
void check_disk(struct check *c)
{
    struct statvfs s;
    double limit = threshold(c, "disk_percent"), used = (double)NAN;
    const char *left = "";
    if (statvfs(rig_folder(c->rig), &s) == 0 && s.f_blocks > 0) {
        double taken = (double)(s.f_blocks - s.f_bfree), all = taken + (double)s.f_bavail;
        used = all > 0 ? 100 * taken / all : (double)NAN;
        left = bytes_text(&c->arena, (double)s.f_bavail * (double)s.f_frsize);
    }
    percent_item(c, "disk", used, isnan(limit) ? rig_settings(c->rig)->disk_percent : limit, DISK_CRITICAL, left);
}

/* "MemAvailable:   12345 kB" */
static double meminfo(struct bytes text, const char *key)
{
    int64_t kb;
    struct bytes line;
    while (bytes_line(&text, &line))
        if (bytes_cut(&line, key)) {
            line.len = bytes_find(line, "kB");
            return bytes_i64(bytes_trim(line), &kb) ? (double)kb * 1024 : (double)NAN;
        }
    return (double)NAN;
}

void check_memory(struct check *c)
{
    struct bytes text = {NULL, 0};
    struct file_stat s;
    const char *path = arena_text(&c->arena, "%s/meminfo", rig_settings(c->rig)->proc);
    if (!file_read(&c->arena, path, MEMINFO_MOST, &text, &s, NULL))
        text = (struct bytes){NULL, 0};
    if (!s.exists && strcmp(rig_settings(c->rig)->proc, "/proc") != 0)
        return; /* a /proc of somebody's own that lists processes only */
    double all = meminfo(text, "MemTotal:"), left = meminfo(text, "MemAvailable:");
    percent_item(c, "memory", 100 * (all - left) / all, rig_settings(c->rig)->memory_percent, MEMORY_CRITICAL,
                 isnan(left) ? "" : bytes_text(&c->arena, left));
}

/* ---- processes ---- */

static int64_t after_ms(const struct check *c, const struct process_setting *p)
{
    double minutes = threshold(c, "bot_downtime_minutes");
    if (p->after_s > 0)
        return p->after_s * 1000;
    return isnan(minutes) ? (int64_t)PROCESS_AFTER_S * 1000 : (int64_t)(minutes * 60000);
}

/* Since when it is down, as far as davy saw it; remembered between the runs. A clock that was set back starts it anew. */
static int64_t down_since(struct check *c, const char *name, bool down)
{
    json_t *all = json_object_get(c->memory, "processes");
    int64_t since = json_int(all, name), now = c->model->now_ms;
    if (!down) {
        json_object_del(all, name);
        return NOT_KNOWN;
    }
    if (since == NOT_KNOWN || since > now)
        since = now;
    json_object_set_new(all, name, json_integer(since));
    return since;
}

static void check_process(struct check *c, const struct process_setting *p)
{
    char for_text[TIME_TEXT], limit[TIME_TEXT];
    struct procs_found f = procs_look(&c->arena, p, rig_folder(c->rig), rig_settings(c->rig)->proc);
    struct check_item *i = check_add(c, "process", p->name);
    i->text = f.text;
    i->code = f.state == PROCS_UNKNOWN ? CHECK_UNKNOWN : CHECK_OK;
    if (f.state == PROCS_UNKNOWN)
        return; /* neither up nor longer down */
    int64_t since = down_since(c, p->name, f.state == PROCS_DOWN);
    if (since == NOT_KNOWN)
        return;
    int64_t down = c->model->now_ms - since, most = after_ms(c, p);
    i->value = (double)(down / 1000);
    i->limit = (double)(most / 1000);
    i->code = down >= most ? CHECK_CRITICAL : CHECK_OK;
    i->text = arena_text(&c->arena, "%s; down for %s, alert after %s", f.text, duration_short(for_text, down),
                         duration_short(limit, most));
}

void check_processes(struct check *c)
{
    const struct checks_setting *own = &rig_settings(c->rig)->own;
    for (size_t i = 0; i < own->processes; i++)
        check_process(c, &own->process[i]);
}
