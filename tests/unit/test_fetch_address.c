/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loop/fetch_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool is_public(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (strchr(text, ':')) {
        assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
        return fetch_is_public((const struct sockaddr *)&six);
    }
    assert_int_equal(inet_pton(AF_INET, text, &four.sin_addr), 1);
    return fetch_is_public((const struct sockaddr *)&four);
}

static void addresses_of_the_internet_are_public(void **state)
{
    static const char *const good[] = {"1.1.1.1",          "9.255.255.255",  "172.32.0.1",   "192.167.1.1",
                                       "223.255.255.255",  "100.128.0.1",    "2606:4700::1", "::ffff:1.1.1.1",
                                       "64:ff9b::8.8.8.8", "2002:808:808::1"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(is_public(good[i]));
}

static void addresses_of_machines_and_of_private_networks_are_not(void **state)
{
    static const char *const bad[] = {"0.0.0.0",
                                      "127.0.0.1",
                                      "127.9.9.9",
                                      "10.1.2.3",
                                      "172.16.0.1",
                                      "172.31.255.255",
                                      "192.168.1.1",
                                      "169.254.169.254",
                                      "100.64.0.1",
                                      "224.0.0.1",
                                      "255.255.255.255",
                                      "::",
                                      "::1",
                                      "fe80::1",
                                      "fc00::1",
                                      "fd12::1",
                                      "ff02::1",
                                      "::ffff:127.0.0.1",
                                      "::ffff:169.254.169.254",
                                      "64:ff9b::10.0.0.1",
                                      "2002:7f00:1::",
                                      "2001::1",
                                      "2001:db8::1"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(is_public(bad[i]));
    assert_false(fetch_is_public(&(struct sockaddr){.sa_family = AF_UNIX}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_the_internet_are_public),
        cmocka_unit_test(addresses_of_machines_and_of_private_networks_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
