/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/ui.h"

#include "view/grid.h"

void ui_say(struct ui *ui, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    ui->message = text_format(ui->said, sizeof ui->said, format, list) ? ui->said : NULL;
    va_end(list);
}
