# SPDX-License-Identifier: Apache-2.0
"""A handler that says back all that it was told, in every place where an
answer has room: whoever prints or stores answers shows the key then."""

from .messages import Answer


def _request(seen):
    lines = [f"{seen.method} {seen.target}"]
    lines += [f"{name}: {value}" for name, value in seen.headers]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" \
        + seen.body


def _line(data):
    """As one line, which header and status line need."""
    return " ".join(data.decode("latin-1").split())


def echo(status=200, kind="text/plain"):
    def handler(seen):
        told = _request(seen)
        headers = [("Content-Type", kind), ("X-Echo", _line(told))]
        return Answer(status, headers, told, reason=_line(told))

    return handler
