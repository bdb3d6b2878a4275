/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/actors.h"

#include <stdarg.h>
#include <stdio.h>

int64_t pace_ms(const struct sim *s, double usual_s)
{
    double ms = usual_s * 1000 / s->pace;
    return ms < 1 ? 1 : (int64_t)ms;
}

int64_t stamp(const struct sim *s, int64_t at_ms)
{
    return at_ms + s->shift_ms;
}

bool filling(const struct sim *s)
{
    return s->fill_history != NULL;
}

void emit_line(struct sim *s, struct sim_orders *out, enum sim_file file, struct bytes line)
{
    struct sim_text *fill = file == SIM_HISTORY ? s->fill_history : s->fill_log;
    if (filling(s) && fill)
        put_bytes(fill, line);
    else if (!filling(s) && !s->absent[file])
        order_add(out, SIM_APPEND, file, line);
}

struct sim_order *emit_document(struct sim *s, struct sim_orders *out, enum sim_act act, enum sim_file file,
                                struct bytes text)
{
    return filling(s) || s->absent[file] ? NULL : order_add(out, act, file, text);
}

void emit_log(struct sim *s, struct sim_orders *out, int64_t at_ms, const char *logger, const char *level,
              const char *format, ...)
{
    if (filling(s) && !s->fill_log)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct sim_text line = {.arena = out->arena};
    put_log_time(&line, stamp(s, at_ms), s->setup.utc_offset_s);
    put(&line, " - %s - %s - %s\n", logger, level, text);
    emit_line(s, out, SIM_LOG, put_done(&line));
}
