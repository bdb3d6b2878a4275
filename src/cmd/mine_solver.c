/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_solver.h"

#include "auction/exact.h"
#include "auction/mps.h"
#include "cmd/mine_child.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOLUTION_MOST = 64 << 20, PATH_TEXT = 40 };
#define CBC_MEMORY (UINT64_C(2) << 30)

/* cbc reads and writes files in memory: nothing is left behind, however we end. */
struct files {
    int model, solution;
    char model_path[PATH_TEXT], solution_path[PATH_TEXT];
};

static bool make_files(struct files *f, struct bytes model, struct err *e)
{
    f->model = mine_memory_file(model);
    f->solution = mine_memory_file((struct bytes){0});
    snprintf(f->model_path, sizeof f->model_path, "/proc/self/fd/%d", f->model);
    snprintf(f->solution_path, sizeof f->solution_path, "/proc/self/fd/%d", f->solution);
    return (f->model >= 0 && f->solution >= 0) || err_set(e, "no memory for cbc's files: %s", strerror(errno));
}

static void close_files(const struct files *f)
{
    if (f->model >= 0)
        close(f->model);
    if (f->solution >= 0)
        close(f->solution);
}

static bool read_solution(struct arena *a, int fd, struct bytes *out, struct err *e)
{
    off_t size = lseek(fd, 0, SEEK_END);
    if (size < 0 || size > SOLUTION_MOST)
        return err_set(e, "cbc's solution is larger than 64 MiB");
    char *text = arena_alloc(a, (size_t)size + 1);
    size_t used = 0;
    for (ssize_t n = 1; n > 0 && used<(size_t)size; used += n> 0 ? (size_t)n : 0)
        n = pread(fd, text + used, (size_t)size - used, (off_t)used);
    *out = (struct bytes){text, used};
    return true;
}

static bool ended_well(int status, struct err *e)
{
    if (WIFSIGNALED(status))
        return err_set(e, "cbc ended by signal %d: it aborts on some auctions", WTERMSIG(status));
    return WEXITSTATUS(status) == 0 || err_set(e, "cbc ended with exit code %d", WEXITSTATUS(status));
}

static bool run_cbc(struct arena *a, const struct items *all, const struct mine_question *q, const struct files *f,
                    struct answer *out, struct err *e)
{
    const struct mine_child child = {.argv = cbc_argv(a, q->cbc, f->model_path, f->solution_path, q->seed),
                                     .limit_ms = q->limit_ms,
                                     .quiet = true,
                                     .keep = {f->model, f->solution},
                                     .memory = CBC_MEMORY};
    struct bytes text;
    int status = 0;
    return mine_child_run(&child, &status, e) && ended_well(status, e) && read_solution(a, f->solution, &text, e) &&
           cbc_solution(a, text, all, out, e);
}

static bool ask_cbc(struct arena *a, const struct items *all, const struct mine_question *q, struct answer *out,
                    struct err *e)
{
    struct files f;
    bool ok = make_files(&f, mps_text(a, all, q->value_only), e) && run_cbc(a, all, q, &f, out, e);
    close_files(&f);
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
