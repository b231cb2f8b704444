# SPDX-License-Identifier: Apache-2.0
"""Konstantly: a tenant with its keys. The path of its endpoint is not
documented, so the test says it, and the body of its good answer."""

import dataclasses
import threading

from . import random_text
from .clock import DAY, MINUTE, Clock
from .limits import Window
from .messages import Answer, json_answer

ADDRESS = "127.0.0.1"  # where all calls come from


@dataclasses.dataclass
class Key:
    text: str
    user: str
    name: str
    last_used_at: float | None = None


class Konstantly:
    """The handler of one tenant's host."""

    def __init__(self, path, tenant="notes", clock=None, capabilities=None,
                 per_minute=60, per_day=1000, failures=10,
                 retry_header=False, throttles_all=False, licence_status=403):
        self.path = path
        self.host = f"{tenant}.konstantly.com"
        self.clock = clock or Clock()
        self.capabilities = {} if capabilities is None else capabilities
        self.licence = "full"  # or "read" or "none"
        self._retry_header = retry_header
        # Whether good keys are turned away too after too many bad ones.
        self._throttles_all = throttles_all
        self._licence_status = licence_status  # one page says 401 instead
        self._lock = threading.Lock()
        self._keys = {}
        self._banned = set()
        self._failures = Window(self.clock, failures, MINUTE)
        self._limits = {"minute": Window(self.clock, per_minute, MINUTE),
                        "day": Window(self.clock, per_day, DAY)}

    # What happens elsewhere than in the API.

    def mint(self, user="ann", name="laptop"):
        key = Key("kmcp_" + random_text.base64url_of(32), user, name)
        self._keys[key.text] = key
        return key.text

    def revoke(self, text):
        del self._keys[text]

    def ban(self, user):
        self._banned.add(user)

    def last_used_at(self, text):
        return self._keys[text].last_used_at

    # The API.

    def __call__(self, seen):
        with self._lock:
            return self._handle(seen)

    def _handle(self, seen):
        if self._throttles_all and self._failures.full(ADDRESS):
            return self._turned_away()
        key = self._keys.get(seen.headers.get("x-mcp-key"))
        if key is None or key.user in self._banned:
            if not self._failures.take(ADDRESS):
                return self._turned_away()
            return Answer(401)
        return self._authenticated(seen, key)

    def _authenticated(self, seen, key):
        key.last_used_at = self.clock.now()
        if self.licence == "none":
            if self._licence_status == 401:
                return Answer(401)
            return json_answer(403, {
                "error": "MCP access is not part of this licence",
                "code": "MCP_LICENSE_DISABLED"})
        for name, window in self._limits.items():
            if window.full(key.text):
                return self._later(f"Rate limit exceeded ({name})",
                                   "MCP_RATE_LIMITED", window.wait(key.text))
        for window in self._limits.values():
            window.count(key.text)
        if seen.path != self.path:
            return json_answer(404, {"error": "Not found"})
        return json_answer(200, self.capabilities)

    def _turned_away(self):
        return self._later("Too many failed MCP authentication attempts",
                           "MCP_AUTH_RATE_LIMITED",
                           self._failures.wait(ADDRESS))

    def _later(self, text, code, seconds):
        headers = {"Retry_After": seconds} if self._retry_header else {}
        return json_answer(429, {
            "error": f"{text}. Retry after {seconds}s.", "code": code},
            **headers)
