/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A filter for tasks, as people type it: `score<0.5 and llm=gemini-pro and not (subnet=19 or pending)`. Parsed once, then asked
 * for any number of records without taking memory.
 *   score tao tokens    = != < <= > >=    a number; what a record does not know fits no comparison
 *   subnet              = != < <= > >=    a number; = and != also unknown
 *   llm strategy id     = != ~ !~         a text, in quotes when it has blanks or parentheses; ~: contains. id= is exact, the
 *                                         others do not care for capitals; llm and strategy may be unknown
 *   pending scored invalid synthetic      what kind of record it is
 * not binds closer than and, and closer than or. */
#ifndef DAVY_HISTORY_WHERE_H
#define DAVY_HISTORY_WHERE_H

#include "base/arena.h"
#include "base/err.h"
#include "history/history.h"

enum {
    WHERE_MOST = 4096 /* bytes of an expression */,
    WHERE_DEPTH = 64 /* parentheses and nots around a comparison */
};

struct where;
struct where_row {
    const struct record *record;
    const char *llm, *strategy; /* as history_name() says: "" is unknown */
    const char *id; /* task_id as text for id~; NULL: nothing contains anything. id= goes by the record's hash */
};
/* NULL with the sentence, which begins with the column: "column 7: ...". Lives as long as the arena. */
const struct where *where_parse(struct arena *a, const char *text, struct err *e);
bool where_holds(const struct where *w, const struct where_row *row);
/* Does it look at what is called so ("synthetic"), and with op (0: whatever it does with it)? id '~': it wants texts. */
bool where_asks(const struct where *w, const char *name, char op);

#endif
