/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy bundle: what somebody needs who shall help, without secrets, as one tar archive. */
#include "action/own.h"
#include "base/file.h"
#include "base/redact.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy.h"
#include "cmd/davy_memory.h"
#include "cmd/davy_tar.h"
#include "sink/sink.h"

#include <errno.h>
#include <gnu/libc-version.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { SETTINGS_MOST = 1 << 20, TAIL = 512 << 10, NEWEST = 500, MODE = 0600, ALERT_LINES = 300 };

struct bundle_options {
    const char *file;
};
const struct option_row bundle_options[] = {
    {"output", 'o', "FILE", "write it there (state/davy/bundle-TIME.tar)", OPTION_TEXT,
     offsetof(struct bundle_options, file)},
    {.name = NULL},
};

struct bundle {
    const struct davy_options *options;
    struct arena arena;
    struct rig *rig;
    struct model *model;
    FILE *out;
};

/* ---- what is in it ---- */

static void add(struct bundle *b, const char *name, struct bytes text)
{
    tar_add(b->out, arena_text(&b->arena, "davy-bundle/%s", name), redact(&b->arena, text), b->model->now_ms / 1000);
}

static void add_versions(struct bundle *b)
{
    struct utsname u = {0};
    const char *term = getenv("TERM");
    uname(&u);
    add(b, "versions.txt",
        bytes_of(arena_text(&b->arena, "davy %s\n%s %s %s\nglibc %s\ncharacters %s\nTERM %s\n", DAVY_VERSION, u.sysname,
                            u.release, u.machine, gnu_get_libc_version(), nl_langinfo(CODESET),
                            term != NULL ? term : "not set")));
}

/* What a command prints, from a file in memory that takes the place of standard output for so long. */
static struct bytes printed(struct arena *a, const struct davy_options *o,
                            int (*command)(const struct davy_options *o, int argc, char **argv))
{
    char name[] = "bundle", *argv[] = {name, NULL};
    struct bytes none = {"", 0};
    int to = memfd_create("davy", MFD_CLOEXEC), was = dup(STDOUT_FILENO);
    struct stat s;
    if (to < 0 || was < 0 || fflush(stdout) != 0)
        return none;
    dup2(to, STDOUT_FILENO);
    command(o, 0, argv);
    fflush(stdout);
    dup2(was, STDOUT_FILENO);
    close(was);
    bool known = fstat(to, &s) == 0 && s.st_size > 0;
    char *text = arena_alloc(a, known ? (size_t)s.st_size : 1);
    ssize_t got = known ? pread(to, text, (size_t)s.st_size, 0) : 0;
    close(to);
    return got > 0 ? (struct bytes){text, (size_t)got} : none;
}

static void add_settings(struct bundle *b)
{
    struct bytes text;
    struct file_stat s;
    struct err e;
    const char *path =
        b->options->config != NULL ? b->options->config : arena_text(&b->arena, "%s/davy.toml", rig_folder(b->rig));
    if (!file_read(&b->arena, path, SETTINGS_MOST, &text, &s, &e))
        text =
            bytes_of(arena_text(&b->arena, "# %s\n", s.exists ? e.text : "there is none: davy runs on its defaults"));
    add(b, "davy.toml", text);
}

/* The newest lines of a file, made safe: a log may hold anything. */
static void add_tail(struct bundle *b, const char *path, const char *name, size_t lines)
{
    struct file_stat s;
    struct err e;
    int fd = file_open(path, &s, &e);
    if (fd < 0)
        return;
    off_t from = s.size > TAIL ? s.size - TAIL : 0;
    char *text = arena_alloc(&b->arena, TAIL);
    ssize_t got = pread(fd, text, TAIL, from);
    close(fd);
    struct bytes all = {text, got > 0 ? (size_t)got : 0};
    size_t at = all.len;
    for (size_t seen = 0; at > 0 && seen <= lines; at--)
        seen += all.at[at - 1] == '\n';
    struct bytes rest = bytes_from(all, at > 0 ? at + 1 : 0), line;
    char *out = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&out, &len);
    while (to != NULL && bytes_line(&rest, &line))
        fprintf(to, "%s\n", text_safe(&b->arena, line, 0));
    if (to != NULL)
        fclose(to);
    add(b, name, (struct bytes){out != NULL ? arena_copy(&b->arena, (struct bytes){out, len}) : "", len});
    free(out);
}

static void add_model(struct bundle *b)
{
    char *text = NULL;
    size_t len = 0;
    struct err e;
    FILE *to = open_memstream(&text, &len);
    if (to == NULL)
        return;
    sink_json.write(to, b->model, NULL, NULL, &b->arena, &e);
    fclose(to);
    add(b, "model.json", (struct bytes){arena_copy(&b->arena, (struct bytes){text, len}), len});
    free(text);
}

static const char about[] =
    "A support bundle of davy. Read it before you send it: secrets were taken out where they look like some\n"
    "(\"[removed]\"), but no program knows them all.\n\n"
    "versions.txt   davy, kernel, C library, terminal\n"
    "doctor.txt     what davy doctor prints: which files were found, what is missing\n"
    "davy.toml      the settings\n"
    "log.txt        the newest 500 lines of the daemon's log\n"
    "alerts.txt     the newest lines of the alert journal: incidents, acks, silences\n"
    "audit.txt      the newest lines of the audit log: who restarted and committed\n"
    "model.json     all that davy knows of the rig, as davy --once -o json\n";

static void fill(struct bundle *b)
{
    struct arena *a = &b->arena;
    const char *dir = rig_folder(b->rig), *log = b->model->origin[DOC_LOG].path;
    add(b, "README.txt", bytes_of(about));
    add_versions(b);
    add(b, "doctor.txt", printed(a, b->options, davy_doctor));
    add_settings(b);
    add_tail(b, *log == '/' ? log : arena_text(a, "%s/%s", dir, log), "log.txt", NEWEST);
    add_tail(b, arena_text(a, "%s/state/davy/alerts.jsonl", dir), "alerts.txt", ALERT_LINES);
    add_tail(b, arena_text(a, "%s/state/davy/audit.jsonl", dir), "audit.txt", ALERT_LINES);
    add_model(b);
    tar_end(b->out);
}

/* ---- where it goes ---- */

static const char *path_of(struct bundle *b, const char *file, struct err *e)
{
    char time[TIME_TEXT];
    if (file != NULL)
        return file;
    int folder = own_folder(rig_folder(b->rig), "davy cannot write a bundle there; -o FILE puts it elsewhere", e);
    if (folder < 0)
        return NULL;
    close(folder);
    time_iso(time, b->model->now_ms);
    for (char *c = time; *c != '\0'; c++)
        *c = *c == ':' ? '-' : *c;
    return arena_text(&b->arena, "%s/state/davy/bundle-%s.tar", rig_folder(b->rig), time);
}

static bool write_bundle(struct bundle *b, const char *file, struct err *e)
{
    char *text = NULL;
    size_t len = 0;
    const char *path = path_of(b, file, e);
    if (path == NULL)
        return false;
    b->out = open_memstream(&text, &len);
    if (b->out == NULL)
        return err_set(e, "no memory for the bundle: %s", strerror(errno));
    fill(b);
    bool done = fclose(b->out) == 0 || err_set(e, "no memory for the bundle: %s", strerror(errno));
    done = done && file_create(path, (struct bytes){text, len}, MODE, e);
    free(text);
    if (done)
        printf("%s: %zu bytes; read it before you send it (README.txt says what is in it)\n",
               text_safe(&b->arena, bytes_of(path), 0), len);
    return done;
}

int davy_bundle(const struct davy_options *o, int argc, char **argv)
{
    struct bundle_options mine = {.file = o->output};
    struct bundle b = {.options = o};
    struct err e = {""};
    int words = options_parse(bundle_options, argc, argv, &mine, &e);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "bundle", argv[words]);
    else if (words >= 0 && o->read_only && mine.file == NULL)
        err_set(&e, "--read-only: nothing is written into the rig; -o FILE puts it elsewhere");
    if (e.text[0] == '\0')
        b.rig = davy_look(o, &e);
    bool done = false;
    if (b.rig != NULL) {
        b.model = davy_judged(b.rig, &b.arena);
        done = write_bundle(&b, mine.file, &e);
    }
    rig_close(b.rig);
    arena_release(&b.arena);
    return done ? DAVY_OK : davy_fail(&e);
}
