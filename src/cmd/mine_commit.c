/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine commit: publish what config.toml says, when the chain does not have it yet, has it too old, or when forced. The job
 * "commitment" of the service, in this process and for people. */
#include "cmd/mine.h"

#include "auction/schedule.h"
#include "cmd/mine_job.h"
#include "cmd/mine_status.h"

#include <unistd.h>

enum { LIMIT_USUAL_S = 90, LIMIT_MOST_S = 3600, MS = 1000 };
struct commit_options {
    const char *dir;
    bool force;
    int64_t limit_s, poll_ms;
};
const struct option_row mine_commit_options[] = {
    {"directory", 'C', "DIR", "the rig's folder (where davy-mine is started)", OPTION_TEXT,
     offsetof(struct commit_options, dir)},
    {"force", 0, NULL, "publish also what the chain has already", OPTION_FLAG, offsetof(struct commit_options, force)},
    {"limit", 0, "SECONDS", "how long to wait for the finalized chain to show it (90)", OPTION_INT,
     offsetof(struct commit_options, limit_s)},
    {"poll", 0, "MS", "how often to look (a quarter of a block, 3000 at most)", OPTION_INT,
     offsetof(struct commit_options, poll_ms)},
    {.name = NULL},
};

static int tell(json_t *result)
{
    const json_t *patch = json_object_get(result, "patch"), *commitment = json_object_get(patch, "commitment");
    json_t *published = json_object_get(patch, "published");
    struct err e;
    if (!json_is_true(json_object_get(result, "ok"))) {
        err_set(&e, "%s", json_string_value(json_object_get(result, "error")));
        return mine_failed(&e);
    }
    json_t *o = json_pack("{sb sO? sO? sO?}", "published", published != NULL, "why", json_object_get(commitment, "why"),
                          "text", json_object_get(commitment, "text"), "head", json_object_get(result, "head"));
    json_object_update(o, published);
    return mine_print(o);
}

static int commit(const struct commit_options *o, const char *config)
{
    struct mine_task task = {.config = config,
                             .log_fd = -1,
                             .kept_fd = -1,
                             .force = o->force,
                             .poll_ms = o->poll_ms,
                             .limit_ms = JOB_LIMIT_S * MS,
                             .confirm_ms = o->limit_s * MS};
    json_t *result = mine_job_do(JOB_COMMITMENT, &task);
    struct err e;
    if (!mine_status_once(".", JOB_COMMITMENT, result, &e))
        mine_complain(&e);
    int code = tell(result);
    json_decref(result);
    return code;
}

int mine_commit(int argc, char **argv)
{
    struct err e;
    struct commit_options o = {.limit_s = LIMIT_USUAL_S};
    int words = mine_words(mine_commit_options, argc, argv, 1, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (o.limit_s < 1 || o.limit_s > LIMIT_MOST_S || o.poll_ms < 0 || o.poll_ms > LIMIT_MOST_S) {
        err_set(&e, "--limit must be 1 to %d seconds, --poll 0 to %d milliseconds", LIMIT_MOST_S, LIMIT_MOST_S);
        return mine_complain(&e);
    }
    if (o.dir && chdir(o.dir) != 0) {
        err_set(&e, "-C %.200s: there is no such folder", o.dir);
        return mine_complain(&e);
    }
    return commit(&o, words > 0 ? argv[1] : "config.toml");
}
