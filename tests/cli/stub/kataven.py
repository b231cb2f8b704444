# SPDX-License-Identifier: Apache-2.0
"""Kataven: one account per tenant, keys that name theirs, bodies in plain
text. Names of the fields of its objects are not documented: those here are
this file's, and a test may choose others."""

import dataclasses
import re
import threading
import uuid

from . import random_text
from .clock import DAY, HOUR, MINUTE, Clock
from .limits import Window
from .messages import json_answer, text_answer

HOST = "api.kataven.ai"
# The documentation writes all of them.
PREFIXES = ("/api/v1", "/v1/api/v1", "/v1")
UNAUTHENTICATED = "Missing or invalid bearer token"
NO_ACCOUNT = "Missing X-Account-ID header"
NOT_IN_THE_HUB = "Requires Hub UI auth"
RESERVED = "kataven-admin"
FIELDS = {"id": "id", "name": "name", "hint": "last_8", "key": "key"}
HUB_ONLY = [("POST", "/api-keys"), ("PATCH", "/api-keys/[^/]+"),
            ("DELETE", "/api-keys/[^/]+"), ("PUT", "/call-limits"),
            ("DELETE", "/sessions/[^/]+/recording")]
HUB_ONLY_PATHS = [("POST", "/api/marketplace/agents"),
                  ("POST", "/api/integrations")]


@dataclasses.dataclass
class Key:
    text: str
    account: str
    name: str
    id: str
    expires: float | None = None
    disabled: bool = False


def _matches(table, method, path):
    return any(method == one and re.fullmatch(pattern, path)
               for one, pattern in table)


class Kataven:
    """The handler of api.kataven.ai."""

    def __init__(self, clock=None, account="notesbot", per_minute=60,
                 per_hour=1000, per_day=10_000, fields=None):
        self.clock = clock or Clock()
        self.account = account
        self.agents = []
        self.tools = []
        self.cap = None  # a cost cap's text: answered to every call, with 429
        self._fields = {**FIELDS, **(fields or {})}
        self._lock = threading.Lock()
        self._keys = {}
        self._sessions = set()
        self._limits = [
            ("minute", per_minute, Window(self.clock, per_minute, MINUTE)),
            ("hour", per_hour, Window(self.clock, per_hour, HOUR)),
            ("day", per_day, Window(self.clock, per_day, DAY))]

    # What happens elsewhere than in the API.

    def mint(self, name="laptop", account=None, expires=None):
        account = account or self.account
        key = Key(f"sk_live_{account}_{random_text.alnum(32)}", account, name,
                  str(uuid.uuid4()), expires)
        with self._lock:
            self._keys[key.text] = key
        return key.text

    def sign_in(self):
        """The token of a person in the Hub."""
        token = random_text.json_web_token({"sub": "hub"}, b"hub")
        self._sessions.add(token)
        return token

    def revoke(self, text):
        with self._lock:
            del self._keys[text]

    def expire(self, text):
        self._keys[text].expires = self.clock.now()

    def disable(self, text):
        self._keys[text].disabled = True

    def keys(self):
        with self._lock:
            return list(self._keys.values())

    # The API.

    def __call__(self, seen):
        with self._lock:
            return self._handle(seen)

    def _handle(self, seen):
        scheme, _, token = (seen.headers.get("authorization") or "") \
            .partition(" ")
        key = self._keys.get(token)
        person = token in self._sessions
        if scheme != "Bearer" or not (person or self._valid(key)):
            return text_answer(401, UNAUTHENTICATED)
        account = seen.headers.get("x-account-id") if person else key.account
        if not account:
            return text_answer(400, NO_ACCOUNT)
        if account == RESERVED:
            return text_answer(403, "Forbidden")
        return self._limited(account) or self._route(seen, account, person)

    def _valid(self, key):
        return key is not None and not key.disabled and (
            key.expires is None or key.expires > self.clock.now())

    def _limited(self, account):
        if self.cap:
            return text_answer(429, self.cap)
        for name, limit, window in self._limits:
            if window.full(account):
                return text_answer(
                    429, f"rate_limited: per-{name} ({limit}) exceeded",
                    Retry_After=window.seconds)
        for _, _, window in self._limits:
            window.count(account)
        return None

    def _route(self, seen, account, person):
        prefix = next((one for one in PREFIXES
                       if seen.path.startswith(one + "/")), "")
        path = seen.path[len(prefix):]
        hub_only = (prefix and _matches(HUB_ONLY, seen.method, path)) \
            or _matches(HUB_ONLY_PATHS, seen.method, seen.path)
        if hub_only and not person:
            return text_answer(403, NOT_IN_THE_HUB)
        if prefix and path.startswith("/api-keys"):
            return self._manage(seen, path.removeprefix("/api-keys"), account)
        if prefix and seen.method == "GET" and path == "/agents":
            return json_answer(200, self.agents)
        if prefix and seen.method == "GET" and path == "/tools":
            return self._tools(seen)
        return text_answer(404, "Not found")

    def _tools(self, seen):
        limit = seen.parameters.get("limit", "100")
        if not limit.isdecimal() or not 1 <= int(limit) <= 100:
            return text_answer(400, "Invalid limit")
        return json_answer(200, self.tools[:int(limit)])

    # Keys.

    def _manage(self, seen, rest, account):
        mine = [key for key in self._keys.values() if key.account == account]
        if seen.method == "GET" and not rest:
            return json_answer(200, [self._row(key) for key in mine])
        if seen.method == "POST" and not rest:
            return self._create(seen, account)
        key = next((key for key in mine if "/" + key.id == rest), None)
        if key is None:
            return text_answer(404, "Not found")
        if seen.method == "PATCH":
            key.disabled = seen.json.get("disabled", key.disabled)
            key.name = seen.json.get("name", key.name)
            return text_answer(200, "updated")
        if seen.method == "DELETE":
            del self._keys[key.text]
            return text_answer(200, "deleted")
        return text_answer(404, "Not found")

    def _row(self, key):
        return {self._fields["id"]: key.id, self._fields["name"]: key.name,
                self._fields["hint"]: key.text[-8:]}

    def _create(self, seen, account):
        try:
            name = seen.json.get("name")
        except (ValueError, AttributeError):
            return text_answer(400, "Invalid body")
        if not name:
            return text_answer(400, "Name required")
        key = Key(f"sk_live_{account}_{random_text.alnum(32)}", account, name,
                  str(uuid.uuid4()), self._expiry(seen.json.get("expiry")))
        self._keys[key.text] = key
        return json_answer(201, {**self._row(key),
                                 self._fields["key"]: key.text})

    def _expiry(self, text):
        """Of the form 90d; anything else never comes."""
        days = re.fullmatch(r"(\d+)d", text or "")
        return self.clock.now() + int(days[1]) * DAY if days else None
