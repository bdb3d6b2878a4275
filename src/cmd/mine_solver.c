/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_solver.h"

#include "auction/exact.h"
#include "auction/mps.h"
#include "base/file.h"
#include "cmd/mine_child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOLUTION_MOST = 64 << 20, FILE_MODE = 0600 };
#define CBC_MEMORY (UINT64_C(2) << 30)

struct folder {
    char root[256], model[300], solution[300];
};

static bool make_folder(struct folder *f, struct err *e)
{
    const char *temp = getenv("TMPDIR");
    snprintf(f->root, sizeof f->root, "%.200s/davy-mine-XXXXXX", temp != NULL && *temp == '/' ? temp : "/tmp");
    if (mkdtemp(f->root) == NULL) /* 0700 */
        return err_set(e, "cannot make a folder for cbc (%s): %s", f->root, strerror(errno));
    snprintf(f->model, sizeof f->model, "%s/auction.mps", f->root);
    snprintf(f->solution, sizeof f->solution, "%s/auction.sol", f->root);
    return true;
}

static void remove_folder(const struct folder *f)
{
    unlink(f->model);
    unlink(f->solution);
    rmdir(f->root);
}

static bool ended_well(int status, struct err *e)
{
    if (WIFSIGNALED(status))
        return err_set(e, "cbc ended by signal %d: it aborts on some auctions", WTERMSIG(status));
    return WEXITSTATUS(status) == 0 || err_set(e, "cbc ended with exit code %d", WEXITSTATUS(status));
}

static bool run_cbc(struct arena *a, const struct items *all, const struct mine_question *q, const struct folder *f,
                    struct answer *out, struct err *e)
{
    const struct mine_child child = {.argv = cbc_argv(a, q->cbc, f->model, f->solution, q->seed),
                                     .limit_ms = q->limit_ms,
                                     .quiet = true,
                                     .memory = CBC_MEMORY};
    struct bytes text;
    struct file_stat s;
    int status = 0;
    return file_keep(f->model, mps_text(a, all, q->value_only), FILE_MODE, e) && mine_child_run(&child, &status, e) &&
           ended_well(status, e) && file_read(a, f->solution, SOLUTION_MOST, &text, &s, e) &&
           cbc_solution(a, text, all, out, e);
}

static bool ask_cbc(struct arena *a, const struct items *all, const struct mine_question *q, struct answer *out,
                    struct err *e)
{
    struct folder f;
    if (!make_folder(&f, e))
        return false;
    bool ok = run_cbc(a, all, q, &f, out, e);
    remove_folder(&f);
    return ok;
}

static bool same_objective(const struct answer *x, const struct answer *y, bool value_only)
{
    return x->value == y->value && (value_only || x->cost == y->cost);
}

/* What cannot be proven is not held against cbc, unless it is better. */
static bool is_better(const struct answer *x, const struct answer *y)
{
    return x->value > y->value || (x->value == y->value && x->cost < y->cost);
}

static void compare(struct mine_verdict *v, const struct answer *cbc, bool value_only)
{
    struct answer ours = v->answer;
    bool same = same_objective(cbc, &ours, value_only);
    v->agreement = same ? SOLVERS_AGREE : v->proven || is_better(&ours, cbc) ? SOLVERS_DIFFER : SOLVERS_NOT_COMPARED;
    if (v->agreement == SOLVERS_DIFFER) {
        v->other = *cbc;
        return;
    }
    v->answer = *cbc;
    v->solver = "cbc";
}

bool mine_solver_run(struct arena *a, const struct items *all, const struct mine_question *q, struct mine_verdict *out,
                     struct err *e)
{
    struct mine_verdict v = {.solver = "exact", .agreement = SOLVERS_NOT_COMPARED};
    struct answer cbc = {0};
    struct err why;
    bool asks_cbc = q->solver != SOLVER_EXACT && all->count > 0, has_cbc = false;
    if (q->solver != SOLVER_CBC || !asks_cbc)
        v.proven = exact_solve(a, all, EXACT_STATES, &v.answer);
    if (asks_cbc)
        has_cbc = ask_cbc(a, all, q, &cbc, &why);
    if (asks_cbc && !has_cbc && q->solver == SOLVER_CBC)
        return err_set(e, "%s", why.text);
    if (asks_cbc && !has_cbc)
        v.trouble = arena_text(a, "%s", why.text);
    if (has_cbc && q->solver == SOLVER_BOTH)
        compare(&v, &cbc, q->value_only);
    else if (has_cbc) {
        v.answer = cbc;
        v.solver = "cbc";
    }
    *out = v;
    return true;
}

bool mine_solver_of(const char *name, enum mine_solver *out)
{
    static const char *const names[] = {[SOLVER_BOTH] = "both", [SOLVER_CBC] = "cbc", [SOLVER_EXACT] = "exact"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum mine_solver)i;
            return true;
        }
    return false;
}
