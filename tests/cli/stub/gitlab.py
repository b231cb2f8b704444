# SPDX-License-Identifier: Apache-2.0
"""GitLab, a server of one's own: personal access tokens."""

from .messages import json_answer

TOKENS = "/api/v4/personal_access_tokens"


class GitLab:
    """The handler."""

    def __init__(self):
        self.tokens = {}  # by their text, oldest first

    def add(self, text, name="laptop", **fields):
        number = 100 + len(self.tokens)
        self.tokens[text] = {
            "id": number, "name": name, "revoked": False,
            "created_at": "2026-07-23T14:31:47.729Z", "description": "",
            "scopes": ["read_api"], "user_id": 3,
            "last_used_at": "2026-11-06T17:58:37.550Z", "active": True,
            "expires_at": "2027-01-15", **fields}

    def __call__(self, seen):
        own = self.tokens.get(seen.headers.get("private-token"))
        if own is None:
            return json_answer(401, {"message": "401 Unauthorized"})
        if seen.method != "GET" or not seen.path.startswith(TOKENS):
            return json_answer(404, {"error": "404 Not Found"})
        if seen.path == TOKENS + "/self":
            return json_answer(200, own)
        size = int(seen.parameters.get("per_page", 20))
        page = int(seen.parameters.get("page", 1))
        rows = list(self.tokens.values())
        return json_answer(200, rows[(page - 1) * size:page * size])
