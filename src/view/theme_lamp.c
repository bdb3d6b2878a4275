/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/theme.h"

/* themes/lamp.toml as a table, so that davy has a face where no file is installed; a test compares the two. */
const struct theme theme_lamp =
    {
        .name = "lamp",
        .help = "the default: warm light on dark",
        .ground = GROUND_DARK,
        .look =
            {
                [STYLE_NORMAL] = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0},
                [STYLE_DIM] = {0x949494, -1, 246, -1, -1, -1, -1, -1, 0, LOOK_DIM},
                [STYLE_STRONG] = {-1, -1, -1, -1, -1, -1, -1, -1, LOOK_BOLD, LOOK_BOLD},
                [STYLE_TITLE] = {0xD7AF87, -1, 180, -1, 3, -1, 3, -1, 0, 0},
                [STYLE_TITLE_FOCUS] = {0xFFAF5F, -1, 215, -1, 11, -1, 3, -1, LOOK_BOLD, LOOK_BOLD | LOOK_UNDERLINE},
                [STYLE_FRAME] = {0x626262, -1, 241, -1, 8, -1, 7, -1, 0, LOOK_DIM},
                [STYLE_FRAME_FOCUS] = {0xAF875F, -1, 137, -1, 3, -1, 3, -1, 0, LOOK_BOLD},
                [STYLE_HEADER] = {0xFFAF5F, -1, 215, -1, 11, -1, 3, -1, LOOK_BOLD, LOOK_BOLD},
                [STYLE_FOOTER] = {0x949494, -1, 246, -1, -1, -1, -1, -1, 0, LOOK_DIM},
                [STYLE_KEY] = {0xD7AF87, -1, 180, -1, 3, -1, 3, -1, LOOK_BOLD, LOOK_BOLD},
                [STYLE_GOOD] = {0x87AF5F, -1, 107, -1, 2, -1, 2, -1, 0, 0},
                [STYLE_INFO] = {0x87AFD7, -1, 110, -1, 6, -1, 6, -1, 0, 0},
                [STYLE_WARN] = {0xFFD75F, -1, 221, -1, 11, -1, 3, -1, 0, LOOK_BOLD},
                [STYLE_BAD] = {0xFF5F5F, -1, 203, -1, 9, -1, 1, -1, LOOK_BOLD, LOOK_BOLD},
                [STYLE_BAD_BADGE] = {0xFFFFFF, 0xAF0000, 231, 124, 15, 1, 7, 1, LOOK_BOLD, LOOK_BOLD | LOOK_REVERSE},
                [STYLE_WARN_BADGE] = {0x000000, 0xD7AF00, 16, 178, 0, 3, 0, 3, 0, LOOK_REVERSE},
                [STYLE_GOOD_BADGE] = {0x000000, 0x87AF5F, 16, 107, 0, 2, 0, 2, 0, 0},
                [STYLE_STALE] = {0xAF87AF, -1, 139, -1, 5, -1, 5, -1, 0, LOOK_DIM},
                [STYLE_ACCENT] = {0xFFAF5F, -1, 215, -1, 11, -1, 3, -1, 0, LOOK_BOLD},
                [STYLE_SELECT] = {0xFFAF5F, -1, 215, -1, 11, -1, 3, -1, LOOK_BOLD, LOOK_BOLD | LOOK_REVERSE},
                [STYLE_CHART] = {0xFFAF5F, -1, 215, -1, 3, -1, 3, -1, 0, 0},
                [STYLE_CHART2] = {0x5F87AF, -1, 67, -1, 6, -1, 6, -1, 0, 0},
                [STYLE_CHART_LIMIT] = {0xD75F5F, -1, 167, -1, 1, -1, 1, -1, 0, 0},
                [STYLE_GAUGE_EMPTY] = {0x4E4E4E, -1, 239, -1, 8, -1, 7, -1, 0, LOOK_DIM},
            },
};
