/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same question to jansson, line by line: peer_jansson FILE. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    FILE *f = argc > 1 ? fopen(argv[1], "r") : stdin;
    char *line = NULL;
    size_t room = 0;
    long lines = 0, scored = 0;
    double sum = 0;
    for (ssize_t len; f != NULL && (len = getline(&line, &room, f)) > 0; lines++) {
        json_t *v = json_loadb(line, (size_t)len, JSON_DECODE_INT_AS_REAL, NULL);
        const json_t *score = json_object_get(v, "validator_score");
        scored += json_is_number(score);
        sum += json_number_value(score);
        json_decref(v);
    }
    free(line);
    return printf("lines %ld scored %ld sum %.9f\n", lines, scored, sum) < 0;
}
