"""A web server on loopback that plays a CDN, or a bucket that strangers ask."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Stranger:
    """Answers by path: (status, headers); a Range is answered by 206 unless told otherwise."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.answers = {}
        self.parts = True
        self.seen = []


@contextmanager
def serving_strangers():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            stranger.seen.append(self.path)
            status, headers = stranger.answers.get(self.path, (403, {}))
            if stranger.parts and status == 200 and "Range" in self.headers:
                status = 206
            self.send_response(status)
            for name, value in {**headers, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stranger = Stranger(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield stranger
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
