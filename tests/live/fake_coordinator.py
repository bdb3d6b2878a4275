# SPDX-License-Identifier: GPL-2.0-or-later
"""A coordinator made by hand, for tests of davy-node: it answers as told, remembers what it was asked, and signs nothing
unless it has a receipt prepared."""
import http.server
import json
import threading


class Coordinator:
    """jobs: what poll hands out, in turn. answer: {(call, number): (status, body, headers)} instead of the usual answer; number
    counts that call from 1, and 0 is every time. calls: [(call, path, headers, body)]. book: {job: [(result or fail, body)]}."""

    def __init__(self):
        self.jobs, self.answer, self.calls, self.book, self.wish = [], {}, [], {}, {}
        self.registered, self.lock, self.receipt = False, threading.Lock(), lambda job: None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
                status, text, more = outer.reply(self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(text)))
                self.end_headers()
                self.wfile.write(text)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass                    # a node that was killed hangs up

        self.server = Server(('127.0.0.1', 0), Handler)
        self.url = f'http://127.0.0.1:{self.server.server_address[1]}'
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def count(self, call):
        return sum(1 for c in self.calls if c[0] == call)

    def bodies(self, call):
        return [c[3] for c in self.calls if c[0] == call]

    def reply(self, path, headers, body):
        call = path.split('?')[0].split('/')[-1]
        with self.lock:
            try:
                parsed = json.loads(body)
            except ValueError:
                parsed = body
            self.calls.append((call, path, headers, parsed))
            n = self.count(call)
            told = self.answer.get((call, n), self.answer.get((call, 0)))
            status, value, more = (told + ({},))[:3] if told else self.usual(call, path, parsed)
        text = value if isinstance(value, bytes) else b'' if value is None else json.dumps(value).encode()
        return status, text, more

    def usual(self, call, path, body):
        if call == 'register':
            self.registered = True
            return 200, {'status': 'ok', 'session_token': '5f' * 16, 'node_token': 'tok-en'}, {}
        if call == 'heartbeat':
            return (200, {'status': 'ok', **self.wish}, {}) if self.registered else (404, {'detail': 'miner not registered'}, {})
        if call == 'poll':
            return (200, self.jobs.pop(0), {}) if self.jobs else (204, None, {})
        if call == 'pull':
            return 200, {'job': self.jobs.pop(0) if self.jobs else None}, {}
        if call == 'ack':
            return 200, {}, {}
        if call in ('result', 'fail'):
            job = body.get('job_id') if isinstance(body, dict) and '/jobs/' in path else path.split('/')[-2]
            self.book.setdefault(job, []).append((call, body))
            return 200, {'status': 'ok', **({'receipt': self.receipt(job)} if call == 'result' else {})}, {}
        return 404, {'detail': 'Not Found'}, {}


def assignment(job_id, **payload):
    return {'job_id': job_id, 'payload': payload, 'constraints': {'gpu': None, 'cuda': None, 'min_vram_gb': None, 'models': None,
                                                                'region': None, 'max_price': None}}


def noop(job_id, **more):
    return assignment(job_id, runner='noop', **more)
