/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A folder of allow-lists: NAME.yaml a command, python-tasks.yaml the tasks of Python. A file that is not trusted or not
 * understood allows nothing and is told; it never widens what others allow. Two files with one name are both refused. No lists (NULL) are lists
 * that allow nothing. */
#ifndef DAVY_RUNNER_LISTS_H
#define DAVY_RUNNER_LISTS_H

#include "node/allow.h"
#include "node/task.h"

struct lists;
/* The folder and each file must belong to root or to us, and nobody else may write there. NULL with the sentence when the
 * folder itself is not to be trusted or not there: then nothing is allowed. */
struct lists *lists_open(const char *folder, struct err *e);
void lists_close(struct lists *l);                                          /* NULL is fine */
const struct allow *lists_command(const struct lists *l, const char *name); /* NULL: not allowed. l may be NULL */
const struct task *lists_task(const struct lists *l, const char *name);     /* the same */
size_t lists_count(const struct lists *l); /* commands, by number for who prints them */
const struct allow *lists_at(const struct lists *l, size_t i);
size_t lists_tasks(const struct lists *l);
const struct task *lists_task_at(const struct lists *l, size_t i);
const char *lists_problem(const struct lists *l, size_t i); /* sentences about refused files; NULL behind the last */

#endif
