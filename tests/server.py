"""A local HTTP server whose answers a test chooses, bad ones too.

with Server({"/index": b"{}", "/map": failing(2, well(b"..."))}) as server:
    ...  # server.url, server.count("/map")
"""

import contextlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"\n<!DOCTYPE html>\n<html><body>Please wait</body></html>"


def well(body):
    """Send `body` as it should be."""

    def answer(handler, _):
        handler.start(200, len(body))
        handler.wfile.write(body)

    return answer


def status(code):
    """Answer every request with an error."""
    return lambda handler, _: handler.send_error(code)


def leading(location, body=b""):
    """Send the reader on to another address, in the words of `body`."""

    def answer(handler, _):
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def failing(times, then, code=500):
    """Answer the first requests with an error and those after with `then`."""
    return lambda handler, attempt: (status(code) if attempt <= times else then)(handler, attempt)


def in_turn(*answers):
    """Answer the first request with the first answer and so on; the last answer stays."""
    return lambda handler, attempt: answers[min(attempt, len(answers)) - 1](handler, attempt)


def truncated(body, sent):
    """Promise the whole of `body`, send its first bytes and hang up."""

    def answer(handler, _):
        handler.start(200, len(body))
        handler.wfile.write(body[:sent])

    return answer


def truncated_chunks(body):
    """Send `body` as a chunk, which tells no total length, and hang up before the last chunk."""

    def answer(handler, _):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(body), body))

    return answer


def endless(code=200, **headers):
    """Send chunks, which tell no total length, until the reader has enough, or 200 MB, and count the bytes."""

    def answer(handler, _):
        handler.send_response(code)
        for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        for _ in range(3200):
            handler.wfile.write(b"10000\r\n" + bytes(1 << 16) + b"\r\n")
            handler.server.sent += 1 << 16

    return answer


def headed(body, **headers):
    """Send `body` with other headers than it should have; `_` in their names stands for `-`."""

    def answer(handler, _):
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def stalling(body, seconds, sent=0):
    """Send the first bytes of `body`, if any, then nothing for a while, then the rest."""

    def answer(handler, _):
        if sent:
            handler.start(200, len(body))
            handler.wfile.write(body[:sent])
            handler.wfile.flush()
        handler.server.closing.wait(seconds)
        if not sent:
            handler.start(200, len(body))
        handler.wfile.write(body[sent:])

    return answer


def dripping(body, pieces, pause):
    """Send `body` in pieces with a pause before each, in seconds."""

    def answer(handler, _):
        handler.start(200, len(body))
        size = -(-len(body) // pieces)
        for start in range(0, len(body), size):
            handler.server.closing.wait(pause)
            handler.wfile.write(body[start : start + size])
            handler.wfile.flush()

    return answer


class Handler(BaseHTTPRequestHandler):
    """Look the path up among the server's answers, or below its folder."""

    def start(self, code, length):
        self.send_response(code)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def do_GET(self):
        attempt = self.server.note(self.path)
        answer = self.server.answers.get(self.path)
        if answer is None and self.server.folder is not None:
            file = self.server.folder / self.path.lstrip("/")
            answer = file.read_bytes() if file.is_file() else None
        if answer is None:
            answer = status(404)
        elif isinstance(answer, bytes):
            answer = well(answer)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a client that would not wait
            answer(self, attempt)

    def log_message(self, *_):
        """Stay silent: the requests are counted."""


class Server(ThreadingHTTPServer):
    """A server on 127.0.0.1 while the `with` block lasts.

    Parameters
    ----------
    answers : dict, optional
        For a path, bytes to send or one of the functions above. Other paths are looked for in `folder`, and
        answered 404 if they are not there. It may be changed while the server runs.
    folder : Path, optional
    """

    def __init__(self, answers=None, folder=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers or {}
        self.folder = folder
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.requests = Counter()
        self.sent = 0
        self.lock = threading.Lock()

    def note(self, path):
        with self.lock:
            self.requests[path] += 1
            return self.requests[path]

    def count(self, path):
        """How many requests there were for a path."""
        return self.requests[path]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.shutdown()
        self.server_close()


def emotion_regulation(folder):
    """The answers of a server of the emotion regulation dataset; `folder` holds all its files side by side."""
    images = {f"/older/{path.name}": path.read_bytes() for path in folder.glob("con_*")}
    return images | {f"/{path.name}": path.read_bytes() for path in folder.glob("*.txt")}
