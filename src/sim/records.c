/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/records.h"

#include "sim/actors.h"

#include <inttypes.h>
#include <math.h>

static const struct {
    const char *name;
    double skill, tokens;       /* added to the score; times the tokens */
    double subnet_1, subnet_19; /* how often it is chosen there */
} strategies[] = {
    {"calibrated_uncertainty", 0.0, 1.0, 0.35, 0.15},
    {"concise_generation", -0.03, 0.8, 0.10, 0.75},
    {"structured_reasoning", 0.02, 1.2, 0.55, 0.10},
};
enum { STRATEGIES = sizeof strategies / sizeof *strategies };

static const struct {
    const char *task_type, *depth, *response;
} answers[] = {
    {"analysis", "high",
     "The three sources agree on the first two points.\nThey differ on the date: 2024 against 2025."},
    {"classification", "low", "positive"},
    {"code", "medium", "def add(a, b):\n    return a + b  # \"plain\" is enough here"},
    {"generation", "medium", "Echo response to: What is 2+2?"},
    {"generation", "high", "Une réponse brève : oui, mais seulement si le marché reste stable. 📈"},
    {"summarization", "low", "要約：価格は安定、取引量は三週間で二割増えた。"},
};
enum { ANSWERS = sizeof answers / sizeof *answers };

int record_strategy(struct sim *s, int subnet)
{
    double weight[STRATEGIES];
    for (int i = 0; i < STRATEGIES; i++)
        weight[i] = subnet == 1 ? strategies[i].subnet_1 : strategies[i].subnet_19;
    return random_pick(&s->random, weight, STRATEGIES);
}

int64_t record_tokens(struct sim *s, int strategy)
{
    return (int64_t)((double)random_between(&s->random, 46, 163) * strategies[strategy].tokens);
}

static double clamp(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static bool dips(struct sim *s, int64_t at_ms)
{
    enum { DIP_MINUTES = 45 }; /* 12 tasks by night, 32 by day */
    const struct sim_scenario *sc = s->setup.scenario;
    if (filling(s))
        return sc->dip && s->fill_log && at_ms > s->start_ms - (int64_t)(DIP_MINUTES * 60000 / s->setup.speed);
    if (s->tasks.dip_left > 0) {
        s->tasks.dip_left--;
        return true;
    }
    if (sc->dip && --s->tasks.until_dip <= 0) {
        s->tasks.until_dip = 60;
        s->tasks.dip_left = 14;
    }
    return false;
}

/* What the validator says: the model's and the prompt's skill, two weeks of slow progress, a daily swing, chance. */
static double judge(struct sim *s, const struct sim_task *t, int64_t at_ms)
{
    double noise = random_normal(&s->random) * 0.075;
    double age_days = (double)(s->start_ms - at_ms) / 86400000;
    double swing = 0.02 * sin((double)(at_ms % 86400000) / 86400000 * 6.2831853);
    double low = s->setup.scenario->low_score;
    if (low > 0 && age_days < 3)
        return clamp(low + noise);
    if (dips(s, at_ms))
        return clamp(0.32 + noise);
    noise += s->setup.scenario->decline * (age_days < 7 ? -0.3 : 0.7);
    return clamp(sim_llms[t->llm].skill + strategies[t->strategy].skill + swing - 0.004 * age_days + noise -
                 (t->subnet == 19 ? 0.03 : 0));
}

static void remember(struct sim *s, double score, int64_t tokens, int64_t at_ms)
{
    int64_t hour = at_ms / 3600000;
    struct sim_hour *h = &s->tasks.hour[hour % SIM_HOURS];
    if (h->hour != hour)
        *h = (struct sim_hour){.hour = hour};
    h->count++;
    h->sum += score;
    h->successes += score > 0.6;
    h->tokens += tokens;
}

static void put_name(struct sim_text *text, const struct sim_task *t)
{
    put(text, "\"task_id\": \"sn%d-%06" PRId64 "\", ", t->subnet, t->number);
}

struct bytes record_executed(struct sim *s, const struct sim_task *t, struct arena *a)
{
    struct sim_text text = {.arena = a};
    int64_t i = random_between(&s->random, 0, ANSWERS - 1);
    put(&text, "{");
    put_name(&text, t);
    put(&text, "\"response\": ");
    put_string(&text, answers[i].response);
    put(&text,
        ", \"llm\": \"%s\", \"classification\": {\"task_type\": \"%s\", \"reasoning_depth\": \"%s\", "
        "\"time_sensitivity\": \"normal\", \"confidence\": ",
        sim_llms[t->llm].name, answers[i].task_type, answers[i].depth);
    put_real(&text, (double)random_between(&s->random, 60, 95) / 100);
    put(&text, "}, \"status\": \"success\"}\n");
    return put_done(&text);
}

struct bytes record_scored(struct sim *s, const struct sim_task *t, bool unscored, int64_t at_ms, struct arena *a)
{
    struct sim_text text = {.arena = a};
    put(&text, "{\"timestamp\": \"");
    put_utc(&text, stamp(s, at_ms) * 1000 + random_between(&s->random, 0, 999));
    put(&text, "\", ");
    put_name(&text, t);
    put(&text, "\"validator_score\": ");
    if (unscored) {
        put(&text, "null");
    } else {
        double score = round(judge(s, t, at_ms) * 10000) / 10000;
        remember(s, score, t->tokens, at_ms);
        put_real(&text, score);
    }
    put(&text,
        ", \"tokens_spent\": %" PRId64 ", \"llm_used\": \"%s\", \"prompt_strategy\": \"%s\", \"subnet_id\": %d}\n",
        t->tokens, sim_llms[t->llm].name, strategies[t->strategy].name, t->subnet);
    return put_done(&text);
}

struct bytes record_self_test(int64_t at_ms, struct arena *a)
{
    struct sim_text text = {.arena = a};
    for (int i = 0; i < 5; i++) {
        put(&text, "{\"timestamp\": \"");
        put_utc(&text, at_ms * 1000 + 214000 + i * 137);
        put(&text, "\", \"task_id\": \"test_%d\", \"validator_score\": ", i);
        put_real(&text, 0.7 + i * 0.02);
        put(&text,
            ", \"tokens_spent\": %d, \"llm_used\": \"openai-gpt4\", \"prompt_strategy\": \"structured_reasoning\", "
            "\"subnet_id\": 1}\n",
            500 + i * 100);
    }
    return put_done(&text);
}
