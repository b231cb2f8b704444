# SPDX-License-Identifier: Apache-2.0
"""Handlers whose answers break off, or have bodies that their headers do not
speak of."""

from .messages import Answer, Raw

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = b'{"whole": true}'
FORGED = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
          b"Content-Length: 15\r\n\r\n" + b'{"forged":true}')


def _broken(data, reset):
    """Sends, and ends the connection without a word, or by a reset."""
    def write(wire):
        wire.send(data)
        if reset:
            wire.reset()
        wire.close()

    return lambda seen: Raw(write)


def before_headers(reset=False):
    return _broken(b"", reset)


def within_headers(reset=False):
    return _broken(HEAD + b"Content-Le", reset)


def after_headers(reset=False):
    return _broken(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY), reset)


def within_body(reset=False):
    return _broken(HEAD + b"Content-Length: %d\r\n\r\n%s"
                   % (len(BODY), BODY[:5]), reset)


def within_chunk(reset=False):
    return _broken(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{", reset)


def without_length(reset=False):
    """The end of the connection is that of the body; TLS does not say it."""
    return _broken(HEAD + b"Connection: close\r\n\r\n" + BODY, reset)


def wrong_length(announced, body=BODY):
    """More or fewer bytes than were announced."""
    return lambda seen: Raw(lambda wire: wire.send(
        HEAD + b"Content-Length: %d\r\n\r\n%s" % (announced, body)))


def contradicting_lengths(body=BODY):
    return lambda seen: Raw(lambda wire: wire.send(
        HEAD + b"Content-Length: %d\r\nContent-Length: 1\r\n\r\n%s"
        % (len(body), body)))


def forbidden_body(status, body=FORGED):
    """A body after 204 or 304, which cannot have one; it looks like the answer
    to the next request of the connection."""
    return lambda seen: Answer(
        status, [("Content-Length", str(len(body)))], body, framed=True)


def not_http(data=b"SSH-2.0-OpenSSH_9.2p1\r\n"):
    return _broken(data, False)
