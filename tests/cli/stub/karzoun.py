# SPDX-License-Identifier: Apache-2.0
"""Karzoun: one workspace and its apps, by GraphQL. How it refuses a token is
documented in two ways, of which the test chooses one."""

import dataclasses
import secrets
import threading

from . import graphql, random_text
from .clock import DAY, Clock, parse_iso
from .messages import Answer, json_answer, text_answer

BY_STATUS = "status"  # 401
BY_ERRORS = "errors"  # 200 with `errors`
REFUSED = "Authentication failure"
DENIED = "Permission denied"  # these words are not documented
PER_PAGE = 20
APP = ("_id", "isEnabled", "createdAt", "lastUsedAt", "name", "userGroupId",
       "workspaceId", "expireDate", "allowAllPermission", "noExpire",
       "accessToken", "userGroupName")
PAGE = ("totalCount", "currentPage", "totalPages", "hasNextPage",
        "hasPreviousPage", "perPage")
USER = ("_id", "username", "email", "isOwner", "groupIds",
        "permissionActions")
SCHEMA = {
    "Query": {"currentUser": "User", "apps": "AppListResponse",
              "appDetail": "App"},
    "Mutation": {"appsAdd": "AppTokenResult", "appsEdit": "App",
                 "appsRemove": None},
    "User": dict.fromkeys(USER),
    "App": dict.fromkeys(APP),
    "AppListResponse": {"data": "App", "pagination": "PaginationInfo"},
    "AppTokenResult": {"_id": None, "accessToken": None},
    "PaginationInfo": dict.fromkeys(PAGE)}
PERMISSIONS = {"apps": "showDeveloper", "appDetail": "showDeveloper",
               "appsAdd": "manageDeveloper", "appsEdit": "manageDeveloper",
               "appsRemove": "removeDeveloper"}


class _Failed(Exception):
    """What a resolver complains of."""


@dataclasses.dataclass
class App:
    id: str
    token: str
    name: str
    created: float
    group: str | None
    owner: bool  # all permissions
    expires: float | None
    enabled: bool = True
    used: float | None = None


class Karzoun:
    """The handler of one workspace's host."""

    def __init__(self, subdomain="notes", clock=None, refusal=BY_STATUS,
                 unauthorized=None, error_status=200):
        self.host = f"{subdomain}.api.karzoun.chat"
        self.clock = clock or Clock()
        self.refusal = refusal
        self._unauthorized = unauthorized  # the body of 401; None: errors
        self._error_status = error_status
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._apps = {}  # by id, oldest first
        self._groups = {}  # and what they may

    # What happens elsewhere than in the API.

    def group(self, *permissions):
        """The id of a new user group."""
        name = random_text.alnum(17)
        self._groups[name] = set(permissions)
        return name

    def mint(self, name="laptop", permissions=(), owner=False, expires=None):
        group = None if owner else self.group(*permissions)
        return self._add(name, group, owner, expires).token

    def app(self, token):
        return next((app for app in self._apps.values()
                     if app.token == token), None)

    def apps(self):
        return list(self._apps.values())

    def revoke(self, token):
        del self._apps[self.app(token).id]

    def disable(self, token):
        self.app(token).enabled = False

    def enable(self, token):
        self.app(token).enabled = True

    def expire(self, token):
        self.app(token).expires = self.clock.now()

    # The API.

    def __call__(self, seen):
        with self._lock:
            return self._handle(seen)

    def _handle(self, seen):
        if (seen.method, seen.path) != ("POST", "/graphql"):
            return text_answer(404, "Not found")
        app = self.app(seen.headers.get("x-app-token"))
        if not self._valid(app):
            return self._refuse()
        try:
            return self._execute(seen, app)
        except graphql.Refused as reason:
            return json_answer(self._error_status, {
                "errors": [graphql.error(str(reason), reason.code)]})
        finally:
            # After the answer was made: a call sees the one before it.
            app.used = self.clock.now()

    def _valid(self, app):
        return app is not None and app.enabled and (
            app.expires is None or app.expires > self.clock.now())

    def _refuse(self):
        value = {"errors": [graphql.error(REFUSED, "UNAUTHENTICATED")]}
        if self.refusal == BY_ERRORS:
            return json_answer(200, {**value, "data": None})
        if self._unauthorized is not None:
            return Answer(401, [("Content-Type", "application/json")],
                          self._unauthorized)
        return json_answer(401, value)

    def _execute(self, seen, app):
        try:
            query, variables = seen.json["query"], seen.json.get("variables")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise graphql.Refused("no query", "BAD_REQUEST") from None
        operation = graphql.parse(query, variables)
        root = operation.kind.capitalize()
        if root not in SCHEMA:
            raise graphql.Refused(f"no {operation.kind}")
        graphql.check(operation.fields, root, SCHEMA)
        return json_answer(200, self._resolve(operation, app))

    def _resolve(self, operation, app):
        data, errors = {}, []
        for field in operation.fields:
            code = "INTERNAL_SERVER_ERROR"
            try:
                wanted = PERMISSIONS.get(field.name)
                if wanted and not self._may(app, wanted):
                    code = "FORBIDDEN"
                    raise _Failed(DENIED)
                found = getattr(self, "_do_" + field.name)(
                    app, **field.arguments)
                data[field.key] = graphql.project(found, field.fields)
            except TypeError:
                raise graphql.Refused(
                    f'arguments of "{field.name}"') from None
            except _Failed as failure:
                data[field.key] = None
                errors.append(graphql.error(str(failure), code, [field.key]))
        return {"errors": errors, "data": data} if errors else {"data": data}

    def _may(self, app, permission):
        return app.owner or permission in self._groups[app.group]

    # Fields. Their arguments are called as the API calls them.

    def _do_currentUser(self, app):
        actions = set().union(*self._groups.values()) if app.owner \
            else self._groups[app.group]
        return {"_id": "user-" + app.id, "username": f"app-{app.id}",
                "email": f"app-{app.id}@notes.example.com",
                "isOwner": app.owner, "groupIds": [app.group] * bool(app.group),
                "permissionActions": {one: True for one in sorted(actions)}}

    def _do_apps(self, app, page=1, perPage=PER_PAGE, searchValue=None):
        size = max(1, min(perPage or PER_PAGE, 100))
        page = max(1, page or 1)
        found = [one for one in reversed(self._apps.values())
                 if (searchValue or "").lower() in one.name.lower()]
        pages = max(1, -(-len(found) // size))
        return {"data": [self._row(one)
                         for one in found[(page - 1) * size:page * size]],
                "pagination": {"totalCount": len(found), "currentPage": page,
                               "totalPages": pages, "perPage": size,
                               "hasNextPage": page < pages,
                               "hasPreviousPage": page > 1}}

    def _do_appDetail(self, app, _id):
        return self._row(self._named(_id))

    def _do_appsAdd(self, app, name=None, userGroupId=None, workspaceId=None,
                    expireDate=None, allowAllPermission=False, noExpire=False):
        if not userGroupId and not allowAllPermission:
            raise _Failed(
                "userGroupId is required unless allowAllPermission is true")
        if not allowAllPermission and userGroupId not in self._groups:
            raise _Failed("User group not found")
        made = self._add(name, None if allowAllPermission else userGroupId,
                         bool(allowAllPermission),
                         self._expiry(expireDate, noExpire))
        return {"_id": made.id, "accessToken": made.token}

    def _do_appsEdit(self, app, _id, name=None, expireDate=None,
                     noExpire=None):
        changed = self._named(_id)
        changed.name = name or changed.name
        if expireDate or noExpire is not None:
            changed.expires = self._expiry(expireDate, noExpire)
        return self._row(changed)

    def _do_appsRemove(self, app, _id):
        if self._named(_id).enabled:
            raise _Failed("Can not remove an enabled app")
        del self._apps[_id]
        return {"_id": _id}

    # Apps.

    def _named(self, name):
        if name not in self._apps:
            raise _Failed("App not found")
        return self._apps[name]

    def _expiry(self, date, never):
        if never:
            return None
        try:
            return parse_iso(date) if date else self.clock.now() + 30 * DAY
        except (ValueError, TypeError):
            raise _Failed("expireDate is not a date") from None

    def _add(self, name, group, owner, expires):
        number, now = random_text.alnum(17), self.clock.now()
        claims = {"app": number, "iat": int(now)}
        if expires is not None:
            claims["exp"] = int(expires)
        token = random_text.json_web_token(claims, self._secret)
        app = App(number, token, name, now, group, owner, expires)
        self._apps[number] = app
        return app

    def _row(self, app):
        def iso(seconds):
            return None if seconds is None else self.clock.iso(seconds)

        return {"_id": app.id, "isEnabled": app.enabled,
                "createdAt": iso(app.created), "lastUsedAt": iso(app.used),
                "name": app.name, "userGroupId": app.group,
                "workspaceId": None, "expireDate": iso(app.expires),
                "allowAllPermission": app.owner,
                "noExpire": app.expires is None,
                "accessToken": "****" + app.token[-4:],
                "userGroupName": app.group and "Group " + app.group[:4]}
