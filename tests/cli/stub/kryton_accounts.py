# SPDX-License-Identifier: Apache-2.0
"""What Kryton stores: accounts, sessions, keys, agents."""

import dataclasses
import datetime
import re
import secrets
import urllib.parse
import uuid

from . import random_text
from .clock import DAY, parse_iso

KEY_CAP = 10
SCOPES = ("read-only", "read-write")
SESSION_DAYS = 7
UTC_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z", re.ASCII)


@dataclasses.dataclass
class Account:
    email: str
    password: str
    disabled: bool = False
    id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))


@dataclasses.dataclass
class Key:
    text: str
    account: Account
    name: str
    scope: str
    created: float
    expires: float | None = None
    used: float | None = None
    agent: str | None = None
    id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def prefix(self):
        return self.text[:15]


@dataclasses.dataclass
class Agent:
    account: Account
    name: str
    label: str
    created: float
    id: str = dataclasses.field(default_factory=lambda: str(uuid.uuid4()))


@dataclasses.dataclass
class Session:
    account: Account
    expires: float
    token: str
    cookie: str  # as it stands in the header


def new_key():
    return "kryton_" + random_text.hexadecimal(32)


def new_session(account, now):
    token = random_text.alnum(32)
    mark = random_text.base64url_of(32).replace("-", "+") + "="
    cookie = urllib.parse.quote(f"{token}.{mark}", safe="")
    return Session(account, now + SESSION_DAYS * DAY, token, cookie)


def session_data():
    """A copy of the session which opens nothing."""
    return random_text.base64url(secrets.token_bytes(90))


def key_issues(body, now):
    """[(field, what is wrong)] of a wish for a key."""
    return [(name, text) for name, text in [
        ("name", _name_issue(body.get("name"))),
        ("scope", _scope_issue(body.get("scope"))),
        ("expiresAt", _expiry_issue(body, now))] if text]


def _name_issue(name):
    if not isinstance(name, str):
        return "Invalid input: expected string, received " + _kind(name)
    if not name.strip():
        return "Name is required"
    if len(name.strip()) > 100:
        return "Name must be 100 characters or less"
    return None


def _kind(value):
    if value is None:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    return {int: "number", float: "number", list: "array",
            dict: "object"}[type(value)]


def _scope_issue(scope):
    if scope in SCOPES:
        return None
    return "Invalid option: expected one of " \
        + "|".join(f'"{one}"' for one in SCOPES)


def _expiry_issue(body, now):
    if "expiresAt" not in body:
        return None
    text = body["expiresAt"]
    if not isinstance(text, str):
        kind = "null" if text is None else _kind(text)
        return "Invalid input: expected string, received " + kind
    if not UTC_TIME.fullmatch(text) or not _exists(text):
        return "Invalid ISO datetime"
    if parse_iso(text) <= now:
        return "Expiration date must be in the future"
    return None


def _exists(text):
    try:
        return bool(datetime.datetime.fromisoformat(text))
    except ValueError:
        return False
