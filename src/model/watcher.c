/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/watcher.h"

#include "base/timetext.h"

struct watcher watcher_of(struct bytes text)
{
    struct watcher none = {WATCHER_NONE, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, true, 0};
    json_t *root = json_read(text, "watch.json", NULL);
    struct watcher w = {WATCHER_GONE,
                        json_int(root, "pid"),
                        json_int(root, "born"),
                        json_int(root, "beat"),
                        !json_is_false(json_object_get(root, "saving")),
                        json_int(json_child(root, "notify"), "failing_s")};
    bool good = json_is_object(root) && w.pid > 0 && w.born != NOT_KNOWN && w.beat_ms != NOT_KNOWN;
    json_decref(root);
    return good ? w : none;
}

enum watcher_state watcher_judge(const struct watcher *w, bool lives, int64_t now_ms)
{
    if (w->pid == NOT_KNOWN)
        return WATCHER_NONE;
    if (!lives)
        return WATCHER_GONE;
    return now_ms - w->beat_ms > WATCHER_LATE_MS ? WATCHER_LATE : WATCHER_RUNS;
}

const char *watcher_text(const struct watcher *w)
{
    static const char *const texts[] = {
        [WATCHER_NONE] = "not watched",
        [WATCHER_RUNS] = "watched",
        [WATCHER_LATE] = "not watched: davy-watch hangs",
        [WATCHER_GONE] = "not watched: davy-watch is gone",
    };
    if (w->state == WATCHER_RUNS && !w->saving)
        return "watched, but nothing can be saved";
    if (w->state == WATCHER_RUNS && w->failing_s > 0)
        return "watched, but no message goes out";
    return texts[w->state];
}
