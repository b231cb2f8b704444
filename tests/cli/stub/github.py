# SPDX-License-Identifier: Apache-2.0
"""GitHub, as much of it as lists the credentials that members let into an
organisation."""

import re

from .bearer import bearer
from .messages import json_answer

HOST = "api.github.com"
LIST = re.compile(r"/orgs/([^/]+)/credential-authorizations")


class GitHub:
    """The handler of api.github.com."""

    def __init__(self, organisation="notes"):
        self.organisation = organisation
        self.owners = set()  # the tokens that may list
        self.rows = []

    def add(self, token, login="ann", note="laptop", **fields):
        """`fields`: more of the row, or others."""
        self.rows.append({
            "login": login, "credential_id": 1000 + len(self.rows),
            "credential_type": "personal access token",
            "token_last_eight": token[-8:],
            "credential_authorized_at": "2026-01-02T03:04:05Z",
            "scopes": ["repo", "read:org"], "fingerprint": None,
            "credential_accessed_at": None,
            "authorized_credential_id": 2000 + len(self.rows),
            "authorized_credential_title": None,
            "authorized_credential_note": note,
            "authorized_credential_expires_at": None, **fields})

    def __call__(self, seen):
        if bearer(seen.headers) not in self.owners:
            return json_answer(401, {"message": "Bad credentials"})
        found = LIST.fullmatch(seen.path)
        if seen.method != "GET" or not found \
                or found[1] != self.organisation:
            return json_answer(404, {"message": "Not Found"})
        size = int(seen.parameters.get("per_page", 30))
        page = int(seen.parameters.get("page", 1))
        return json_answer(200, self.rows[(page - 1) * size:page * size])
