/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task history as the miner's tools write it: generate LINES [SEED [short]] > FILE. Half of the lines are executed tasks with
 * their answers, half are their scores, in Python's spelling; one in fifty is odd. The same seed makes the same file. Answers
 * are some sentences (346 bytes a line); short: a few words, and no more keys than the miner's own tools write (221 bytes a
 * line; a score's keys alone are 150 bytes, so no history of both kinds has lines of 100). */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LLMS = 8, STRATEGIES = 8, BUFFER = 1 << 20, STEP_MS = 1500 };

static const char *const llm[LLMS] = {"openai-gpt4",    "claude-sonnet", "gemini-pro",   "mistral-large",
                                      "llama-3.1-405b", "deepseek-v3",   "qwen-2.5-72b", "ollama-local"};
static const char *const strategy[STRATEGIES] = {"structured_reasoning", "chain_of_thought", "direct", "few_shot",
                                                 "self_consistency",     "tree_of_thought",  "react",  "debate"};
static const char *const words[] = {"the answer to the question is found by looking at ",
                                    "each of the parts in turn, and adding what they weigh. ",
                                    "First, the model was asked to explain its reasoning.\\n",
                                    "It said \\\"the sum is 42\\\", which is what the table shows; ",
                                    "caf\\u00e9 and na\\u00efve are spelled with their accents, ",
                                    "so the second step follows from the first one. ",
                                    "\\n\\n- the third point \\ud83e\\udd16 needs no further words\\n",
                                    "In general this holds for all inputs that were tested. "};

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static double unit(uint64_t *seed)
{
    return (double)(next(seed) << 22 ^ next(seed)) / 9007199254740992.0;
}

static void response(uint64_t *seed)
{
    for (uint64_t n = 1 + next(seed) % 8 * (next(seed) % 3); n > 0; n--)
        fputs(words[next(seed) % (sizeof words / sizeof *words)], stdout);
}

static void executed(long i, int which, bool is_short, uint64_t *seed)
{
    printf("{\"task_id\": \"task-%08lx-%04x\", \"response\": \"", (unsigned long)i * 2654435761u & 0xffffffff,
           (int)i & 0xffff);
    if (is_short)
        printf("The answer is %d.", (int)(next(seed) % 1000));
    else
        response(seed);
    printf("\", \"llm\": \"%s\", \"classification\": {\"task_type\": \"reasoning\", \"reasoning_depth\": \"deep\", "
           "\"time_sensitivity\": \"low\", \"confidence\": %.2f}, \"status\": \"success\"}\n",
           llm[which], unit(seed));
}

static void stamp(int64_t ms, uint64_t *seed)
{
    time_t s = (time_t)(ms / 1000);
    struct tm t;
    char text[32];
    gmtime_r(&s, &t);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &t);
    printf("{\"timestamp\": \"%s.%03d%03d\", ", text, (int)(ms % 1000), (int)(next(seed) % 1000));
}

static void scored(long i, int which, int64_t ms, bool is_short, uint64_t *seed)
{
    uint64_t odd = next(seed) % 50;
    stamp(ms, seed);
    printf("\"task_id\": \"task-%08lx-%04x\", ", (unsigned long)i * 2654435761u & 0xffffffff, (int)i & 0xffff);
    if (odd == 0)
        printf("\"validator_score\": %s, ", next(seed) % 2 ? "null" : "NaN");
    else if (odd % 2)
        printf("\"validator_score\": %.17g, ", unit(seed));
    else
        printf("\"validator_score\": %.2f, ", unit(seed));
    printf("\"tokens_spent\": %d, \"llm_used\": \"%s\", \"prompt_strategy\": \"%s\", \"subnet_id\": %d",
           100 + (int)(next(seed) % 4000), llm[which], strategy[next(seed) % STRATEGIES], (int)(next(seed) % 3) + 1);
    if (is_short)
        puts("}");
    else
        printf(odd == 1 ? ", \"tao_earned\": %.6f, \"meta\": {\"validator_score\": 9.5}}\n"
                        : ", \"tao_earned\": %.6f}\n",
               unit(seed) / 100);
}

int main(int argc, char **argv)
{
    long lines = argc > 1 ? atol(argv[1]) : 1000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    bool is_short = argc > 3;
    static char buffer[BUFFER];
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    int64_t ms = INT64_C(1795305600000) - lines / 2 * STEP_MS;
    for (long i = 0; i < lines / 2; i++) {
        int which = (int)(next(&seed) % LLMS);
        executed(i, which, is_short, &seed);
        scored(i, which, ms += (int64_t)(next(&seed) % (2 * STEP_MS)), is_short, &seed);
    }
    return fflush(stdout) != 0;
}
