/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The language models of the simulated rig (rig-files.md 1.5). gemini-flash has no budget, as in the real profiles. */
#include "sim/actors.h"

const struct sim_llm sim_llms[SIM_LLMS] = {
    {
        .name = "openai-gpt4",
        .type = "openai",
        .model = "gpt-4",
        .allowance = 1000000,
        .daily_limit = 50000,
        .cost_per_1k = 0.03,
        .skill = 0.77,
        .weight = 0.30,
    },
    {
        .name = "claude-sonnet",
        .type = "anthropic",
        .model = "claude-sonnet-4-20250514",
        .allowance = 800000,
        .daily_limit = 40000,
        .cost_per_1k = 0.003,
        .skill = 0.81,
        .weight = 0.22,
    },
    {
        .name = "gemini-pro",
        .type = "google",
        .model = "gemini-2.5-pro",
        .allowance = 2000000,
        .daily_limit = 80000,
        .cost_per_1k = 0.0,
        .skill = 0.73,
        .weight = 0.40,
    },
    {
        .name = "gemini-flash",
        .type = "google",
        .model = "gemini-2.5-flash",
        .skill = 0.66,
        .weight = 0.08,
    },
};
