# SPDX-License-Identifier: Apache-2.0
"""Handlers that send too much, or too slowly. Their objects count what they
sent, so a test can tell when the client had enough."""

from .messages import Raw

PIECE = b"x" * 65536
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class Flood:
    """`write` is called with a function that sends."""

    def __init__(self, write):
        self.sent = 0  # bytes, by all answers together
        self._write = write

    def __call__(self, seen):
        return Raw(self._answer)

    def _answer(self, wire):
        def send(data, tick=0):
            if tick:
                wire.wait(tick)
            wire.send(data)
            self.sent += len(data)

        self._write(send)


def huge_body(size=10**9):
    """Announced, and sent as far as the client takes it."""
    def write(send):
        send(JSON_HEAD + f"Content-Length: {size}\r\n\r\n".encode())
        for start in range(0, size, len(PIECE)):
            send(PIECE[:size - start])

    return Flood(write)


def endless_chunks():
    def write(send):
        send(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while True:
            send(b"%x\r\n%s\r\n" % (len(PIECE), PIECE))

    return Flood(write)


def endless_chunk_extension():
    """A chunk whose size line does not end."""
    def write(send):
        send(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;")
        while True:
            send(PIECE)

    return Flood(write)


def _byte_by_byte(send, data, tick):
    for value in data:
        send(bytes([value]), tick)


def slow_header(tick, body=b"{}"):
    """A byte per tick (in seconds) from the start on."""
    def write(send):
        _byte_by_byte(send, JSON_HEAD, tick)
        send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    return Flood(write)


def slow_body(tick, body=b'{"slow": true}'):
    """The header at once, and then a byte per tick."""
    def write(send):
        send(JSON_HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
        _byte_by_byte(send, body, tick)

    return Flood(write)


def silence():
    """Nothing, until the server stops."""
    return Flood(lambda send: send(b"", 3600))


def many_headers(count=5000):
    lines = b"".join(b"X-Filler-%d: filler\r\n" % i for i in range(count))
    return Flood(lambda send: send(
        JSON_HEAD + lines + b"Content-Length: 2\r\n\r\n{}"))


def long_header(size=1 << 20):
    return Flood(lambda send: send(
        JSON_HEAD + b"X-Long: " + b"x" * size
        + b"\r\nContent-Length: 2\r\n\r\n{}"))


def informational(count=None, status=103):
    """So many answers of the kind 1xx before the real one; None: for ever."""
    line = b"HTTP/1.1 %d Wait\r\nX-Wait: yes\r\n\r\n" % status

    def write(send):
        while count is None:
            send(line * 100)
        send(line * count + JSON_HEAD + b"Content-Length: 2\r\n\r\n{}")

    return Flood(write)
