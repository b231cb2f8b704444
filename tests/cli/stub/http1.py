# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 on one connection: requests are read, answers written."""

import dataclasses
import http

from .messages import Headers
from .wire import Gone

HEAD_LIMIT = 1 << 22


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    target: str
    version: str
    headers: Headers
    body: bytes

    @property
    def keeps(self):
        """Whether the connection may be used again."""
        wish = (self.headers.get("connection") or "").lower()
        if self.version == "HTTP/1.0":
            return "keep-alive" in wish
        return "close" not in wish


def _pair(line):
    name, colon, value = line.partition(":")
    if not colon or name != name.strip():
        raise Gone("not a header")
    return name, value.strip(" \t")


def read_request(wire):
    head = wire.until(b"\r\n\r\n", HEAD_LIMIT).decode("latin-1")
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise Gone("not a request")
    headers = Headers(_pair(line) for line in lines)
    return Request(*words, headers, _body(wire, headers))


def _body(wire, headers):
    chunked = "chunked" in (headers.get("transfer-encoding") or "").lower()
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise Gone("not a length")
    if not chunked and length == "0":
        return b""
    if (headers.get("expect") or "").lower() == "100-continue":
        wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    return _chunks(wire) if chunked else wire.exactly(int(length))


def _chunks(wire):
    body = bytearray()
    while size := int(wire.until(b"\r\n").split(b";")[0], 16):
        body += wire.exactly(size)
        if wire.exactly(2) != b"\r\n":
            raise Gone("not a chunk")
    while wire.until(b"\r\n"):  # trailers, which nobody needs
        pass
    return bytes(body)


def _reason(answer):
    if answer.reason is not None:
        return answer.reason
    try:
        return http.HTTPStatus(answer.status).phrase
    except ValueError:
        return ""


def head_bytes(answer, extra=()):
    lines = [f"HTTP/1.1 {answer.status} {_reason(answer)}"]
    lines += [f"{name}: {value}" for name, value in
              [*answer.pairs(), *extra]]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _bodiless(status):
    return status in (204, 304) or status < 200


def write_answer(wire, answer, head_only=False, keeps=True):
    """Whether the connection may be used again."""
    extra = [] if keeps else [("Connection", "close")]
    named = {name.lower() for name, _ in answer.pairs()}
    if not answer.framed and not _bodiless(answer.status) \
            and "content-length" not in named:
        extra.append(("Content-Length", len(answer.body)))
    unsent = head_only or (_bodiless(answer.status) and not answer.framed)
    wire.send(head_bytes(answer, extra) + (b"" if unsent else answer.body))
    asked = Headers(answer.pairs()).get("connection", "")
    measured = not answer.framed or "content-length" in named
    return keeps and measured and asked.lower() != "close"
