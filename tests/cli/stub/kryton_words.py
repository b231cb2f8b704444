# SPDX-License-Identifier: Apache-2.0
"""What the two generations of Kryton say: the same things, in other forms."""

from .messages import html_answer, json_answer

SESSION_ONLY = "This endpoint requires browser session authentication"
NO_SESSION = "Missing or invalid session"
DEAD_KEY = "Invalid or expired API key"
DISABLED = "Account is disabled"
NARROW = "Insufficient API key scope — read-write access required"
NO_KEY = "API key required for MCP access"
NO_MCP_SESSION = ("Missing or invalid Mcp-Session-Id header "
                  "(initialize required to create a session)")
CAP = "Maximum of 10 API keys per user reached"


class Old:
    """Express; errors are {"error", "code"}, the latter not always there."""

    rows_name_agents = False
    limit_texts = {
        "key": "API key rate limit exceeded — please try again later",
        "session": "Too many requests, please try again later",
        "sign-in": "Too many authentication attempts — "
                   "please wait a few minutes"}

    @staticmethod
    def error(status, message, code=None, **headers):
        extra = {"code": code} if code else {}
        return json_answer(status, {"error": message, **extra}, **headers)

    @classmethod
    def dead_key(cls):
        return cls.error(401, DEAD_KEY)

    @classmethod
    def no_session(cls):
        return cls.error(401, NO_SESSION)

    @classmethod
    def disabled(cls, _with_key):
        return cls.error(403, DISABLED)

    @classmethod
    def invalid(cls, issues):
        return cls.error(400, ", ".join(f"{name}: {text}"
                                        for name, text in issues))

    @classmethod
    def limited(cls, kind, wait):
        return cls.error(429, cls.limit_texts[kind], Retry_After=wait)

    @staticmethod
    def no_route(seen):
        return html_answer(404, "<!DOCTYPE html>\n<html lang=\"en\">\n<body>\n"
                           f"<pre>Cannot {seen.method} {seen.path}</pre>\n"
                           "</body>\n</html>\n")


class New:
    """Fastify; errors are {"error": {"code", "message"}}."""

    rows_name_agents = True

    @staticmethod
    def error(status, message, code, **headers):
        return json_answer(status, {"error": {"code": code,
                                              "message": message}}, **headers)

    @classmethod
    def dead_key(cls):
        return cls.no_session()

    @classmethod
    def no_session(cls):
        return cls.error(401, NO_SESSION, "UNAUTHENTICATED")

    @classmethod
    def disabled(cls, with_key):
        """Only the owner of a key is told why."""
        if not with_key:
            return cls.no_session()
        return cls.error(403, DISABLED, "FORBIDDEN")

    @staticmethod
    def invalid(issues):
        details = [{"instancePath": "/" + name, "message": text}
                   for name, text in issues]
        return json_answer(400, {"error": {
            "code": "VALIDATION_ERROR",
            "message": "Request validation failed", "details": details}})

    @classmethod
    def limited(cls, _kind, wait):
        return cls.error(429, "Rate limit exceeded, retry in 1 minute",
                         "RATE_LIMITED", Retry_After=wait)

    @classmethod
    def no_route(cls, _seen):
        return cls.error(404, "Route not found", "NOT_FOUND")
