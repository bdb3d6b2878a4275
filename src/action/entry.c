/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/entry.h"

#include "base/utf8.h"
#include "view/key.h"

#include <stdio.h>
#include <string.h>

void entry_open(struct ui *ui, enum ui_mode mode, const char *text)
{
    ui->mode = mode;
    ui->message = NULL;
    ui->entry = (struct entry){.pick = 0};
    snprintf(ui->entry.text, sizeof ui->entry.text, "%s", text);
    snprintf(ui->entry.before, sizeof ui->entry.before, "%s", text);
}

static void delete_all(char *text)
{
    text[0] = '\0';
}

static void delete_char(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && ((unsigned char)text[len - 1] & 0xC0) == 0x80)
        len--;
    text[len > 0 ? len - 1 : 0] = '\0';
}

static void delete_word(char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        len--;
    while (len > 0 && text[len - 1] != ' ')
        len--;
    text[len] = '\0';
}

/* Only what fills a cell: no control, no mark that would join its neighbour. */
static bool add(char *text, int key)
{
    size_t len = strlen(text);
    char32_t c = (char32_t)key;
    bool plain = c >= ' ' && c < K_UP && (c < 0x7f || c >= 0xa0) && cell_width(c) > 0;
    if (!plain || len + 4 >= ENTRY_MOST)
        return false;
    len += utf8_put(text + len, c);
    text[len] = '\0';
    return true;
}

enum entry_end entry_key(struct entry *e, int key)
{
    static const struct {
        int key;
        void (*edit)(char *text);
    } edits[] = {{K_BACKSPACE, delete_char}, {K_CTRL_U, delete_all}, {K_CTRL_W, delete_word}};
    if (key == K_ENTER)
        return ENTRY_KEPT;
    if (key == K_ESC || key == K_CTRL_C)
        return ENTRY_LEFT;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        if (edits[i].key == key) {
            edits[i].edit(e->text);
            return ENTRY_TYPED;
        }
    }
    if (key < ' ' || key >= K_UP)
        return ENTRY_OTHER;
    return add(e->text, key) ? ENTRY_TYPED : ENTRY_GOES_ON;
}
