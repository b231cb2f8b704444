# SPDX-License-Identifier: Apache-2.0
"""Kryton, a server of one's own, in both of its generations."""

import http.cookies
import json
import threading
import uuid

from .clock import MINUTE, Clock, parse_iso
from .kryton_accounts import (KEY_CAP, Account, Agent, Key, key_issues,
                              new_key, new_session, session_data)
from .kryton_words import (CAP, NARROW, NO_KEY, NO_MCP_SESSION,
                           SESSION_ONLY, New, Old)
from .limits import Window
from .messages import Answer, json_answer

GENERATIONS = {"old": Old, "new": New}
ADDRESS = "127.0.0.1"  # where all calls come from
COOKIE = "better-auth.session_token"
COPY = "better-auth.session_data"
WRONG_PASSWORD = {"message": "Invalid email or password",
                  "code": "INVALID_EMAIL_OR_PASSWORD"}


class Caller:
    """Who a request comes from: by a key, or by a session."""

    def __init__(self, account, key=None):
        self.account = account
        self.key = key


class Kryton:
    """The handler. Limits are calls per quarter of an hour in the old
    generation and per minute in the new one; None for none."""

    def __init__(self, generation="old", clock=None, key_calls=2000,
                 session_calls=1000, sign_ins=None, calls=1000):
        self.clock = clock or Clock()
        self.generation = generation
        self._words = GENERATIONS[generation]
        self._lock = threading.RLock()
        self._accounts = {}
        self._sessions = {}
        self._keys = {}  # by their text, oldest first
        self._agents = {}
        if generation == "old":
            limits = (key_calls, session_calls, sign_ins or 50)
            self._seconds = 15 * MINUTE
        else:
            limits = (calls, calls, sign_ins or 10)
            self._seconds = MINUTE
        self._limits = {
            kind: Window(self.clock, limit, self._seconds)
            for kind, limit in zip(("key", "session", "sign-in"), limits)}

    # What happens elsewhere than in the API.

    def account(self, email, password):
        self._accounts[email] = Account(email, password)
        return email

    def mint(self, email, name="laptop", scope="read-write", expires=None):
        """`expires` is in seconds since 1970. The cap does not count here."""
        with self._lock:
            return self._new_key(self._accounts[email], name, scope,
                                 expires).text

    def key(self, text):
        return self._keys.get(text)

    def keys(self):
        with self._lock:
            return list(self._keys.values())

    def revoke(self, text):
        with self._lock:
            del self._keys[text]

    def expire(self, text):
        """The row stays."""
        self._keys[text].expires = self.clock.now() - 1

    def disable(self, email, disabled=True):
        self._accounts[email].disabled = disabled

    def end_sessions(self):
        self._sessions.clear()

    def agent(self, email, name, label="An agent"):
        agent = Agent(self._accounts[email], name, label, self.clock.now())
        self._agents[agent.id] = agent
        return agent.id

    # The API.

    def __call__(self, seen):
        with self._lock:
            kind, name = self._bucket(seen)
            window = self._limits[kind]
            free = window.take(name)
            answer = self._handle(seen) if free else \
                self._words.limited(kind, window.wait(name))
            if self.generation == "old":
                answer.headers = answer.pairs() + self._tell(window, name)
            return answer

    def _bucket(self, seen):
        """What a call counts against, before anyone knows whose it is."""
        if seen.path.startswith("/api/auth/"):
            return "sign-in", f"{ADDRESS} {self._body(seen).get('email')}"
        with_key = self._bearer(seen).startswith("Bearer kryton_")
        if self.generation == "new" or not with_key:
            return "session", ADDRESS
        return "key", ADDRESS

    def _tell(self, window, name):
        return [("RateLimit-Policy", f"{window.limit};w={self._seconds}"),
                ("RateLimit-Limit", window.limit),
                ("RateLimit-Remaining", max(0, window.left(name))),
                ("RateLimit-Reset", window.wait(name))] \
            if window.limit is not None else []

    def _handle(self, seen):
        method = "GET" if seen.method == "HEAD" else seen.method
        if seen.path == "/api/mcp":
            return self._mcp(seen)
        if (method, seen.path) == ("POST", "/api/auth/sign-in/email"):
            return self._sign_in(seen)
        _, _, rest = seen.path.partition("/api/")
        table, _, name = rest.partition("/")
        route = getattr(self, f"_{method}_{table.replace('-', '_')}", None)
        if route is None or bool(name) != (method == "DELETE"):
            return self._words.no_route(seen)
        caller = self._caller(seen)
        if isinstance(caller, Answer):
            return caller
        return route(caller, name or self._body(seen))

    # Who calls.

    @staticmethod
    def _bearer(seen):
        return (seen.headers.get("authorization") or "").rstrip()

    @staticmethod
    def _body(seen):
        try:
            value = seen.json
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def _caller(self, seen):
        """A Caller, or the Answer for who is none."""
        scheme, _, token = self._bearer(seen).partition(" ")
        if scheme == "Bearer" and token.startswith("kryton_"):
            return self._key_caller(self._keys.get(token))
        cookies = http.cookies.SimpleCookie(seen.headers.get("cookie") or "")
        cookie = cookies.get(COOKIE)
        session = cookie and self._sessions.get(cookie.value)
        if not session or session.expires <= self.clock.now():
            return self._words.no_session()
        if session.account.disabled:
            return self._words.disabled(False)
        return Caller(session.account)

    def _key_caller(self, key):
        now = self.clock.now()
        if key is None or (key.expires is not None and key.expires < now):
            return self._words.dead_key()
        key.used = now
        if key.account.disabled:
            return self._words.disabled(True)
        return Caller(key.account, key)

    def _sign_in(self, seen):
        body = self._body(seen)
        account = self._accounts.get(body.get("email"))
        if account is None or account.password != body.get("password"):
            return json_answer(401, WRONG_PASSWORD)
        session = new_session(account, self.clock.now())
        self._sessions[session.cookie] = session
        rest = "Path=/; HttpOnly; SameSite=Lax"
        answer = json_answer(200, {
            "redirect": False, "token": session.token,
            "user": {"id": account.id, "email": account.email}})
        answer.headers += [
            ("Set-Cookie", f"{COOKIE}={session.cookie}; Max-Age=604800; "
                           + rest),
            ("Set-Cookie", f"{COPY}={session_data()}; Max-Age=300; {rest}")]
        return answer

    # Keys.

    def _session_only(self):
        return self._words.error(403, SESSION_ONLY, "FORBIDDEN")

    def _mine(self, caller):
        return [key for key in self._keys.values()
                if key.account is caller.account]

    def _GET_api_keys(self, caller, _body):
        if caller.key:
            return self._session_only()
        return json_answer(200, [self._row(key, {"lastUsedAt": key.used})
                                 for key in reversed(self._mine(caller))])

    def _POST_api_keys(self, caller, body):
        if caller.key:
            return self._session_only()
        body = body if isinstance(body, dict) else {}
        if issues := key_issues(body, self.clock.now()):
            return self._words.invalid(issues)
        if len(self._mine(caller)) >= KEY_CAP:
            return self._words.error(400, CAP, "KEY_LIMIT_EXCEEDED")
        expires = body.get("expiresAt")
        key = self._new_key(caller.account, body["name"].strip(),
                            body["scope"], expires and parse_iso(expires))
        return json_answer(201, self._row(key, {}, key.text))

    def _DELETE_api_keys(self, caller, name):
        if caller.key:
            return self._session_only()
        for key in self._mine(caller):
            if key.id == name:
                del self._keys[key.text]
                return Answer(204)
        return self._words.error(404, "API key not found", "NOT_FOUND")

    def _new_key(self, account, name, scope, expires):
        key = Key(new_key(), account, name, scope, self.clock.now(), expires)
        self._keys[key.text] = key
        return key

    def _row(self, key, times, text=None):
        """The order of the fields is that of the real server."""
        row = {"id": key.id}
        if text:
            row |= {"key": text, "keyPrefix": key.prefix, "name": key.name}
        else:
            row |= {"name": key.name, "keyPrefix": key.prefix}
        row["scope"] = key.scope
        if self._words.rows_name_agents:
            row["agentId"] = key.agent
        times = {"expiresAt": key.expires, **times, "createdAt": key.created}
        return row | {name: self._iso(at) for name, at in times.items()}

    # Agents.

    def _GET_agents(self, caller, _body):
        return json_answer(200, {"agents": [
            {"id": agent.id, "ownerUserId": agent.account.id,
             "name": agent.name, "label": agent.label, "policyText": None,
             "createdAt": self._iso(agent.created), "lastSeenAt": None}
            for agent in self._agents.values()
            if agent.account is caller.account]})

    def _DELETE_agents(self, caller, name):
        agent = self._agents.get(name)
        if caller.key and caller.key.scope == "read-only":
            return self._words.error(403, NARROW, "FORBIDDEN")
        if agent is None or agent.account is not caller.account:
            return Answer(404) if self.generation == "old" else \
                self._words.error(404, "Resource not found", "NOT_FOUND")
        del self._agents[name]
        return Answer(204)

    # MCP, whose errors are of the old form in both generations.

    def _mcp(self, seen):
        if not self._bearer(seen).startswith("Bearer kryton_"):
            return Old.error(401, NO_KEY)
        caller = self._caller(seen)
        if not isinstance(caller, Caller):
            return Old.dead_key() if caller.status == 401 else \
                Old.disabled(True)
        body = self._body(seen)
        if body.get("method") != "initialize":
            if self.generation == "old":
                return Answer(406)
            return Old.error(400, NO_MCP_SESSION)
        message = {"jsonrpc": "2.0", "id": body.get("id"), "result": {
            "protocolVersion": "2024-11-05", "capabilities": {}}}
        headers = {"Content-Type": "text/event-stream"}
        if self.generation == "new":
            headers["Mcp-Session-Id"] = str(uuid.uuid4())
        return Answer(200, headers, b"event: message\ndata: "
                      + json.dumps(message).encode() + b"\n\n")

    # Times.

    def _iso(self, seconds):
        return None if seconds is None else self.clock.iso(seconds)
