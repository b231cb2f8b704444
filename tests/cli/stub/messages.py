# SPDX-License-Identifier: Apache-2.0
"""What goes in and out of a handler: requests and answers."""

import dataclasses
import json
import urllib.parse
from typing import Any, Callable


class Headers:
    """Pairs in their order; names are looked up whatever their case."""

    def __init__(self, pairs=()):
        self.pairs = list(pairs)

    def get(self, name, default=None):
        """The first of that name."""
        return next(iter(self.all(name)), default)

    def all(self, name):
        wanted = name.lower()
        return [value for key, value in self.pairs if key.lower() == wanted]

    def __getitem__(self, name):
        for value in self.all(name):
            return value
        raise KeyError(name)

    def __contains__(self, name):
        return bool(self.all(name))

    def __iter__(self):
        return iter(self.pairs)

    def __len__(self):
        return len(self.pairs)

    def __repr__(self):
        return f"Headers({self.pairs!r})"


@dataclasses.dataclass(frozen=True)
class Seen:
    """A request, read to its end. `query` is what follows the question mark,
    as it came; `at` is of the clock that never goes back."""

    host: str
    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    at: float
    scheme: str = "https"
    version: str = "1.1"
    connection: int = 0  # the same number: the same connection

    @property
    def target(self):
        return self.path + ("?" + self.query if self.query else "")

    @property
    def parameters(self):
        return dict(urllib.parse.parse_qsl(self.query, keep_blank_values=True))

    @property
    def json(self):
        return json.loads(self.body)


@dataclasses.dataclass
class Answer:
    """Headers are pairs or a dictionary. The length is added where it is not
    among them, unless `framed` says that headers and body go out as they are
    (without a length, the end of the connection is then that of the body)."""

    status: int = 200
    headers: Any = ()
    body: bytes = b""
    framed: bool = False
    reason: str | None = None

    def pairs(self):
        headers = self.headers
        return list(headers.items() if isinstance(headers, dict) else headers)


@dataclasses.dataclass
class Raw:
    """Writes to the connection itself, which then ends: `write` is called
    with a Wire."""

    write: Callable[[Any], None]


def _headers(kind, headers):
    """Python's names are those of headers, with underscores for hyphens."""
    pairs = [(name.replace("_", "-"), str(value))
             for name, value in headers.items()]
    if any(name.lower() == "content-type" for name, _ in pairs):
        return pairs
    return [("Content-Type", kind)] + pairs


def json_answer(status, value, **headers):
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, _headers("application/json; charset=utf-8", headers),
                  body.encode())


def text_answer(status, text, **headers):
    return Answer(status, _headers("text/plain", headers), text.encode())


def html_answer(status, text, **headers):
    return Answer(status, _headers("text/html; charset=utf-8", headers),
                  text.encode())
