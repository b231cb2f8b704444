# SPDX-License-Identifier: Apache-2.0
"""Handlers that answer 200 with a document which is not what it should be."""

import gzip

from .messages import Answer

JSON = "application/json"


def document(body, kind=JSON, status=200, *headers):
    return lambda seen: Answer(status, [("Content-Type", kind), *headers],
                               body)


def wrong_type(kind="text/html", body=b'{"data": {}}'):
    return document(body, kind)


def without_type(body=b'{"data": {}}'):
    return lambda seen: Answer(200, [], body)


def invalid_json():
    return document(b'{"data": {"user": nil}')


def empty_body():
    return document(b"")


def nested_json(depth=100_000):
    return document(b"[" * depth + b"]" * depth)


def nested_objects(depth=100_000):
    return document(b'{"a":' * depth + b"1" + b"}" * depth)


def huge_number(digits=100_000):
    return document(b'{"number": ' + b"9" * digits + b"}")


def huge_exponent():
    return document(b'{"number": 1e999999999}')


def invalid_utf8():
    return document(b'{"name": "\xc3\x28 \xed\xa0\x80 \xff"}')


def nul_bytes():
    return document(b'{"name": "a\x00b", "other": "c\\u0000d"}\x00')


def control_bytes():
    """What a terminal would obey, were it printed."""
    return document(b'{"error": "\\u001b[2J\\u001b]0;owned\\u0007 \\r'
                    b'\\u202efdp.exe"}', JSON, 400)


def million_items(count=1_000_000):
    return document(b"[" + b"0," * (count - 1) + b"0]")


def twice_the_key():
    return document(b'{"data": null, "data": {"currentUser": {"_id": "1"}}}')


def inflating(size=100 << 20):
    """A small body that says it becomes this large."""
    body = gzip.compress(bytes(size), 9)
    return document(body, JSON, 200, ("Content-Encoding", "gzip"))
