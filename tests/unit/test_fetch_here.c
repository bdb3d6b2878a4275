/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP on the loop against a peer of our own on 127.0.0.1: whole answers, and everything that is none. */
#include "loop/fetch.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET "bot123456:SECRETSECRETSECRETSECRETSECRETSECRET"

struct peer { /* answers each connection with the same bytes, in a process of its own */
    pid_t pid;
    int port, heard;
};

static void serve(int listening, int report, const char *answer, int times)
{
    char asked[4096];
    for (;;) {
        int fd = accept(listening, NULL, NULL);
        ssize_t n = read(fd, asked, sizeof asked);
        if (n > 0 && write(report, asked, (size_t)n) < 0)
            _exit(1);
        for (int i = 0; i < times && answer != NULL; i++)
            if (send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0)
                break;
        if (answer == NULL)
            pause();
        close(fd);
    }
}

static struct peer peer_open(const char *answer, int times)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int report[2], fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(fd, 8), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    assert_int_equal(pipe(report), 0);
    pid_t pid = fork();
    if (pid == 0)
        serve(fd, report[1], answer, times);
    close(fd);
    close(report[1]);
    return (struct peer){pid, ntohs(at.sin_port), report[0]};
}

static void peer_close(struct peer *p)
{
    kill(p->pid, SIGKILL);
    waitpid(p->pid, NULL, 0);
    close(p->heard);
}

struct asked {
    struct loop *loop;
    struct fetch_answer answer;
    char body[256];
    int times;
};

static void on_answer(void *ctx, const struct fetch_answer *answer)
{
    struct asked *a = ctx;
    a->answer = *answer;
    snprintf(a->body, sizeof a->body, "%.*s", (int)answer->body.len, answer->body.at);
    a->times++;
    loop_stop(a->loop, 0);
}

static void ask_with(const struct fetch_request *r, struct asked *a)
{
    struct err e = {""};
    *a = (struct asked){.loop = loop_open(&e)};
    struct fetcher *f = fetcher_open(a->loop, &(struct fetcher_options){.agent = "test"}, &e);
    assert_non_null(f);
    assert_non_null(fetch_start(f, r, on_answer, a, &e));
    loop_run(a->loop);
    assert_int_equal(a->times, 1);
    assert_null(strstr(a->answer.err.text, "SECRET"));
    fetcher_close(f);
    loop_close(a->loop);
}

static void ask(struct peer *p, struct fetch_request r, struct asked *a)
{
    char url[128];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/" SECRET "/sendMessage", p->port);
    r.url = url;
    ask_with(&r, a);
}

static void a_whole_answer_arrives_with_its_status_and_retry_after(void **state)
{
    (void)state;
    struct asked a;
    char heard[4096] = "";
    struct peer p = peer_open("HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nlate", 1);
    const char *const header[] = {"Content-Type: application/json", NULL};
    ask(&p, (struct fetch_request){.header = header, .body = bytes_of("{\"a\":1}")}, &a);
    assert_true(a.answer.arrived);
    assert_int_equal(a.answer.status, 429);
    assert_int_equal(a.answer.retry_after_s, 7);
    assert_string_equal(a.body, "late");
    assert_true(read(p.heard, heard, sizeof heard - 1) > 0);
    assert_non_null(strstr(heard, "POST /" SECRET "/sendMessage HTTP/1.1"));
    assert_non_null(strstr(heard, "Content-Type: application/json"));
    assert_non_null(strstr(heard, "{\"a\":1}"));
    assert_non_null(strstr(heard, "User-Agent: test"));
    peer_close(&p);
}

static void a_proxy_of_the_environment_is_not_asked(void **state)
{
    (void)state;
    struct asked a;
    struct peer p = peer_open("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 1);
    setenv("http_proxy", "http://127.0.0.1:1/", 1);
    ask(&p, (struct fetch_request){0}, &a);
    assert_int_equal(a.answer.status, 200);
    unsetenv("http_proxy");
    peer_close(&p);
}

static void an_answer_without_an_end_stops_at_its_limit(void **state)
{
    (void)state;
    struct asked a;
    struct peer p = peer_open("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1);
    peer_close(&p);
    p = peer_open("HTTP/1.1 200 OK\r\n\r\n0123456789012345678901234567890123456789", 100000);
    ask(&p, (struct fetch_request){.limit = 1000}, &a);
    assert_false(a.answer.arrived);
    assert_true(a.answer.sent);
    assert_non_null(strstr(a.answer.err.text, "larger than 1000 bytes"));
    peer_close(&p);
}

static void a_redirect_is_an_answer_and_is_not_followed(void **state)
{
    (void)state;
    struct asked a;
    struct peer p = peer_open("HTTP/1.1 302 Go\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n", 1);
    ask(&p, (struct fetch_request){0}, &a);
    assert_int_equal(a.answer.status, 302);
    ask(&p, (struct fetch_request){.redirects = 3}, &a);
    assert_false(a.answer.arrived); /* to a file nobody goes, however often asked to */
    peer_close(&p);
}

static void nobody_knows_whether_a_cut_answer_was_a_yes(void **state)
{
    (void)state;
    struct asked a;
    struct peer p = peer_open("", 1);
    ask(&p, (struct fetch_request){.body = bytes_of("{}")}, &a);
    assert_false(a.answer.arrived);
    assert_true(a.answer.sent);
    peer_close(&p);
    p = peer_open("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nhalf", 1);
    ask(&p, (struct fetch_request){.body = bytes_of("{}")}, &a);
    assert_false(a.answer.arrived);
    assert_true(a.answer.sent);
    peer_close(&p);
}

static void a_silent_peer_costs_no_more_than_the_limit(void **state)
{
    (void)state;
    struct asked a;
    struct peer p = peer_open(NULL, 0);
    ask(&p, (struct fetch_request){.limit_ms = 100}, &a);
    assert_false(a.answer.arrived);
    assert_true(a.answer.sent);
    peer_close(&p);
}

static void where_nobody_listens_nothing_was_sent(void **state)
{
    (void)state;
    struct asked a;
    struct peer p = peer_open("", 1);
    int port = p.port;
    peer_close(&p);
    p.port = port;
    char url[128];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/" SECRET, port);
    ask_with(&(struct fetch_request){.url = url}, &a);
    assert_false(a.answer.arrived);
    assert_false(a.answer.sent);
    assert_non_null(strstr(a.answer.err.text, "127.0.0.1"));
}

static void addresses_that_are_not_asked_are_refused_without_being_told(void **state)
{
    (void)state;
    static const char *const wrong[] = {"file:///etc/passwd",
                                        "gopher://127.0.0.1/" SECRET,
                                        "http://example.org/" SECRET,
                                        "http://127.0.0.1.example.org.:80x/" SECRET,
                                        "ftp://127.0.0.1/",
                                        "",
                                        SECRET,
                                        NULL};
    struct err e;
    struct loop *l = loop_open(&e);
    struct fetcher *f = fetcher_open(l, &(struct fetcher_options){0}, &e);
    for (size_t i = 0; wrong[i] != NULL; i++) {
        e.text[0] = '\0';
        assert_null(fetch_start(f, &(struct fetch_request){.url = wrong[i]}, on_answer, NULL, &e));
        assert_true(e.text[0] != '\0');
        assert_null(strstr(e.text, "SECRET"));
    }
    fetcher_close(f);
    loop_close(l);
}

static void stop_it(void *ctx)
{
    loop_stop(ctx, 0);
}

static void what_is_cancelled_or_closed_calls_nobody(void **state)
{
    (void)state;
    struct err e;
    struct peer p = peer_open("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 1);
    struct asked a = {.loop = loop_open(&e)};
    struct fetcher *f = fetcher_open(a.loop, &(struct fetcher_options){0}, &e);
    char url[128];
    snprintf(url, sizeof url, "http://localhost:%d/", p.port);
    struct fetch *first = fetch_start(f, &(struct fetch_request){.url = url}, on_answer, &a, &e);
    fetch_cancel(first);
    loop_timer(a.loop, loop_now() + 50, stop_it, a.loop);
    loop_run(a.loop);
    assert_int_equal(a.times, 0);
    assert_non_null(fetch_start(f, &(struct fetch_request){.url = url}, on_answer, &a, &e));
    fetcher_close(f);
    assert_int_equal(a.times, 0);
    loop_close(a.loop);
    peer_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_answer_arrives_with_its_status_and_retry_after),
        cmocka_unit_test(a_proxy_of_the_environment_is_not_asked),
        cmocka_unit_test(an_answer_without_an_end_stops_at_its_limit),
        cmocka_unit_test(a_redirect_is_an_answer_and_is_not_followed),
        cmocka_unit_test(nobody_knows_whether_a_cut_answer_was_a_yes),
        cmocka_unit_test(a_silent_peer_costs_no_more_than_the_limit),
        cmocka_unit_test(where_nobody_listens_nothing_was_sent),
        cmocka_unit_test(addresses_that_are_not_asked_are_refused_without_being_told),
        cmocka_unit_test(what_is_cancelled_or_closed_calls_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
