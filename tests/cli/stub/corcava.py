# SPDX-License-Identifier: Apache-2.0
"""Corcava: only the statuses are documented, so the test chooses bodies."""

import threading

from . import random_text
from .bearer import bearer
from .messages import Answer, text_answer

HOST = "corcava.com"
PATH = "/api/v1/projects"
JSON = [("Content-Type", "application/json")]


class Corcava:
    """The handler of corcava.com, or of a host of one's own."""

    def __init__(self, body=b"[]", unauthorized=b"", kind=JSON):
        self.body = body
        self.unauthorized = unauthorized
        self._kind = kind
        self._lock = threading.Lock()
        self._keys = {}  # and whether they are active
        self._busy = 0
        self._retry_after = None

    def mint(self):
        """Their form is not documented."""
        key = random_text.alnum(40)
        self._keys[key] = True
        return key

    def revoke(self, key):
        del self._keys[key]

    expire = revoke  # which answers cannot tell apart

    def activate(self, key, active=True):
        self._keys[key] = active

    def deactivate(self, key):
        self.activate(key, False)

    def throttle(self, times, retry_after=None):
        """The next calls are too many."""
        self._busy = times
        self._retry_after = retry_after

    def __call__(self, seen):
        with self._lock:
            return self._handle(seen)

    def _handle(self, seen):
        if self._busy > 0:
            self._busy -= 1
            extra = {} if self._retry_after is None else \
                {"Retry_After": self._retry_after}
            return text_answer(429, "Too Many Requests", **extra)
        if not self._keys.get(bearer(seen.headers)):
            return Answer(401, self._kind, self.unauthorized)
        if (seen.method, seen.path) != ("GET", PATH):
            return text_answer(404, "Not found")
        return Answer(200, self._kind, self.body)
