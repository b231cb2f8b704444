# SPDX-License-Identifier: Apache-2.0
"""Handlers that send the client elsewhere."""

from .messages import Answer

STATUSES = (301, 302, 303, 307, 308)


def redirect(status, location):
    return lambda seen: Answer(status, [("Location", location)])


def to_host(status, host):
    """The same path at another host, by https."""
    return lambda seen: Answer(
        status, [("Location", f"https://{host}{seen.target}")])


def to_plain_http(status, host=None):
    """The same path at the same host (or another) without TLS."""
    return lambda seen: Answer(
        status, [("Location", f"http://{host or seen.host}{seen.target}")])


def to_path(status, path):
    """Another path of the same host."""
    return lambda seen: Answer(status, [("Location", path)])


def in_circles(status):
    """To itself, for ever."""
    return lambda seen: Answer(status, [("Location", seen.target)])
