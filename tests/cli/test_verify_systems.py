# SPDX-License-Identifier: Apache-2.0
"""verify and scan --verify, against servers that behave as the five systems
document: what is sent, and what each of their answers comes to."""

import json
import re

import pytest

from stub import Raw, html_answer, json_answer, text_answer
from stub.clock import DAY, HOUR
from stub.hostile import Storm
from stub.systems import (BY_ERRORS, BY_STATUS, Corcava, Karzoun, Kataven,
                          Konstantly, Kryton)
from verifyscene import VerifyScene, verdict

CODES = {"active": 1, "inactive": 0, "unknown": 3}
LATER = "{} is not to be asked again within the time for verifying"
BUSY = "{0} answered 429; " + LATER.format("{0}")
WEB_PAGE = "a web page, as proxies and firewalls send it, proves nothing"
ODD = "an answer that the recipe does not know proves nothing"
LIMITED = "the server limits the rate of requests"
BROKEN = "the server has an error of its own"
# No wait is longer than this, so that none is waited for.
SHORT = ("--deadline", "1")


@pytest.fixture
def verifying(scene, stub):
    """The test ends with a look at everything that was printed or written,
    other than what the test itself wrote keys into."""
    one = VerifyScene(scene, stub)
    one.keys, one.given = [], []
    yield one
    assert one.leaks(*one.keys, but=one.given) == []


def check(report, state, evidence):
    assert verdict(report) == (state, evidence, CODES[state])
    undecided = [reason for path, reason in report.unread]
    if state == "unknown":
        assert undecided == [
            f"whether {report.finding['id']} is alive stays unknown: "
            f"{evidence}"]
    else:
        assert report.complete and undecided == []


def stands_only_in(seen, header, value, key):
    """The key is in that header, exactly so, and nowhere else."""
    assert seen.headers.all(header) == [value]
    assert key not in seen.target
    assert key.encode() not in seen.body
    assert [name.lower() for name, text in seen.headers if key in text] \
        == [header]


class System:
    """Keys of one system, asked about on standard input."""

    def __init__(self, verifying, host, args, requests, header, form="{}"):
        self.verifying = verifying
        self.host = host
        self.args = args
        self.requests = requests  # of a key that is alive
        self.header = header
        self.form = form

    def play(self, handler):
        self.verifying.stub.at(self.host.partition(":")[0], handler)
        return handler

    def ask(self, key, *args, **options):
        self.verifying.keys.append(key)
        return self.verifying.verify(key, *self.args, *args, **options)

    def says(self, key, state, status, says, *args, requests=None, **options):
        """Asks; the answer and every request have to be these."""
        self.verifying.stub.seen.clear()
        report = self.ask(key, "--fresh", *args, **options)
        check(report, state, f"{self.host} answered {status}: {says}")
        self.was_asked(key, requests)
        return report

    def was_asked(self, key, requests=None):
        expected = self.requests if requests is None else requests
        assert self.verifying.sent == expected
        for seen in self.verifying.stub.seen:
            stands_only_in(seen, self.header, self.form.format(key), key)

    def not_asked(self, key, evidence, *args, **options):
        check(self.ask(key, *args, **options), "unknown", evidence)
        assert self.verifying.silent


def found_key(report):
    return report.finding["verdict"].get("key")


def constant(answer):
    return lambda seen: answer


# Kataven.

KATAVEN_DEAD = ("the API does not know the key, or it is expired, disabled or "
                "revoked")
KATAVEN_ALIVE = "the API lists the account's keys"
RULE_KATAVEN = ("--rule", "kataven-api-key")


@pytest.fixture
def kataven(verifying):
    system = System(verifying, "api.kataven.ai", RULE_KATAVEN,
                    ["GET api.kataven.ai/v1/api-keys"], "authorization",
                    "Bearer {}")
    system.player = system.play(Kataven())
    return system


def test_kataven_valid(kataven):
    kataven.says(kataven.player.mint(), "active", 200, KATAVEN_ALIVE)


@pytest.mark.parametrize("how", ["revoke", "expire", "disable"])
def test_kataven_not_any_more(kataven, how):
    key = kataven.player.mint()
    getattr(kataven.player, how)(key)
    kataven.says(key, "inactive", 401, KATAVEN_DEAD)


def test_kataven_unknown(kataven, keys):
    kataven.says(keys.kataven(), "inactive", 401, KATAVEN_DEAD)


def test_kataven_malformed(kataven, keys):
    kataven.says(keys.kataven()[:25], "inactive", 401, KATAVEN_DEAD)


def test_kataven_reserved_account(kataven):
    """What a bare 403 is about, nobody can tell."""
    kataven.says(kataven.player.mint(account="kataven-admin"), "unknown", 403,
                 ODD)


def test_kataven_key_of_another_account(kataven):
    """The key names its account; no header does."""
    kataven.says(kataven.player.mint(account="other_one"), "active", 200,
                 KATAVEN_ALIVE)
    assert "x-account-id" not in kataven.verifying.stub.seen.last.headers


@pytest.mark.parametrize("form", ["tenant", "cap", "no-delay"])
def test_kataven_limited(kataven, form):
    player = kataven.play(Kataven(per_minute=0 if form == "tenant" else 60))
    key = player.mint()
    if form == "cap":
        player.cap = "Daily minute budget exhausted"
    elif form == "no-delay":
        kataven.play(Storm())
    check(kataven.ask(key, *SHORT), "unknown", BUSY.format(kataven.host))
    kataven.was_asked(key)


def test_kataven_is_asked_again_when_it_says_so(kataven):
    key = kataven.player.mint()
    kataven.play(Storm(2, kataven.player, "zero"))
    kataven.says(key, "active", 200, KATAVEN_ALIVE,
                 requests=kataven.requests * 3)


def test_kataven_is_asked_three_times_at_most(kataven):
    key = kataven.player.mint()
    kataven.play(Storm(form="zero"))
    kataven.says(key, "unknown", 429, LIMITED, requests=kataven.requests * 3)


@pytest.mark.parametrize("answer, says", [
    (text_answer(200, "[]"), ODD),
    (json_answer(200, []), ODD),
    (json_answer(200, {"keys": []}), ODD),
    (json_answer(200, ["one"]), ODD),
    (text_answer(400, "Missing X-Account-ID header"), ODD),
    (text_answer(404, "Not found"), ODD),
    (text_answer(500, "Database error"), BROKEN),
    (html_answer(200, "<html><body>Sign in</body></html>"), WEB_PAGE),
], ids=["text", "empty", "object", "texts", "account", "path", "database",
        "page"])
def test_kataven_says_nothing_of_the_key(kataven, keys, answer, says):
    kataven.play(constant(answer))
    kataven.says(keys.kataven(), "unknown", answer.status, says)


def test_kataven_page_of_a_firewall(kataven, keys):
    """403 is answered to the reserved account alone, and not as a page."""
    kataven.play(constant(html_answer(403, "<html>Access denied</html>")))
    kataven.says(keys.kataven(), "unknown", 403, WEB_PAGE)


def test_kataven_session(kataven, keys):
    """A person's token: there is no account to name with it."""
    token = kataven.player.sign_in()
    kataven.verifying.keys.append(token)
    ended = kataven.verifying.run("verify", *RULE_KATAVEN, stdin=token)
    if ended.code == 2:  # told from a key by its shape
        assert kataven.verifying.silent
    else:
        assert ended.code == 3
        assert kataven.verifying.sent == kataven.requests


def test_kataven_widget_key(verifying, keys):
    key = "pk_live_notesbot_" + keys.pick("abcdefghijkmnpqrstuvwxyz23456789",
                                          32)
    page = verifying.scene.write(
        "index.html", f'<script data-client-key="{key}" '
        'src="https://hub.kataven.ai/widget.js"></script>\n')
    verifying.given = [page]
    report = verifying.scan()
    assert report.rules == ["kataven-widget-key"]
    assert verdict(report)[:2] == (
        "not-tried", "a public identifier, not a key")
    assert verifying.silent


# Karzoun.

KARZOUN_DEAD = ("the API does not let the token in: unknown, expired, or its "
                "app is disabled or removed")
KARZOUN_ALIVE = "the API names the user the token acts as"
KARZOUN_HOST = "notes.api.karzoun.chat"
TO_KARZOUN = "POST notes.api.karzoun.chat/graphql"


@pytest.fixture
def karzoun(verifying):
    system = System(
        verifying, KARZOUN_HOST,
        ("--rule", "karzoun-app-token", "--base",
         f"karzoun=https://{KARZOUN_HOST}"),
        [TO_KARZOUN] * 2, "x-app-token")
    system.player = system.play(Karzoun())
    return system


def queries(stub):
    return [seen.json["query"].split("{")[1].split("(")[0].strip()
            for seen in stub.seen]


def test_karzoun_without_permissions(karzoun):
    token = karzoun.player.mint()
    number = karzoun.player.app(token).id
    report = karzoun.says(token, "active", 200, KARZOUN_ALIVE)
    assert found_key(report) == {
        "id": None, "name": None, "owner": f"app-{number}@notes.example.com",
        "account": None, "scopes": [], "created": None, "expires": None,
        "last_used": None}
    assert queries(karzoun.verifying.stub) == ["apps", "currentUser"]
    assert {seen.headers["content-type"]
            for seen in karzoun.verifying.stub.seen} == {"application/json"}


def whole_seconds(player, seconds):
    return player.clock.iso(seconds)[:-5] + "Z"


def test_karzoun_metadata(karzoun):
    """From the row of the app whose token ends as this one does; and when it
    was last used before it was asked about."""
    player = karzoun.player
    player.mint("older")
    token = player.mint("laptop", ["showDeveloper"],
                        expires=player.clock.now() + 40 * DAY)
    player.mint("newer", owner=True)
    app = player.app(token)
    app.created = player.clock.now() - 100 * DAY - HOUR
    app.used = before = player.clock.now() - 30 * DAY
    report = karzoun.says(token, "active", 200, KARZOUN_ALIVE)
    assert found_key(report) == {
        "id": app.id, "name": "laptop",
        "owner": f"app-{app.id}@notes.example.com", "account": None,
        "scopes": [],  # the name of its group is no list of them
        "created": whole_seconds(player, app.created),
        "expires": whole_seconds(player, app.expires),
        "last_used": whole_seconds(player, before)}
    assert report.finding["age"] == {
        "at_least_days": 100, "at_most_days": 100, "evidence": [
            {"source": "provider-created",
             "at": whole_seconds(player, app.created)}]}
    assert app.used > before + DAY


def test_karzoun_never_used_before(karzoun):
    token = karzoun.player.mint(permissions=["showDeveloper"])
    report = karzoun.says(token, "active", 200, KARZOUN_ALIVE)
    assert found_key(report)["name"] == "laptop"
    assert found_key(report)["last_used"] is None


def test_karzoun_two_apps_whose_tokens_end_alike(karzoun):
    """Which of them it is, nothing tells."""
    player = karzoun.player
    token = player.mint("one", ["showDeveloper"])
    player.app(player.mint("two")).token = "made.up." + token[-4:]
    report = karzoun.says(token, "active", 200, KARZOUN_ALIVE)
    found = found_key(report)
    assert (found["id"], found["name"], found["created"]) == (None,) * 3


@pytest.mark.parametrize("refusal", [BY_STATUS, BY_ERRORS])
@pytest.mark.parametrize("how", ["revoke", "expire", "disable"])
def test_karzoun_not_any_more(karzoun, how, refusal):
    player = karzoun.play(Karzoun(refusal=refusal))
    token = player.mint()
    getattr(player, how)(token)
    karzoun.says(token, "inactive", 401 if refusal == BY_STATUS else 200,
                 KARZOUN_DEAD, requests=[TO_KARZOUN])


@pytest.mark.parametrize("refusal", [BY_STATUS, BY_ERRORS])
def test_karzoun_unknown_and_malformed(karzoun, keys, refusal):
    karzoun.play(Karzoun(refusal=refusal))
    status = 401 if refusal == BY_STATUS else 200
    for token in (keys.karzoun(), keys.pick("abcdef0123456789", 30)):
        karzoun.says(token, "inactive", status, KARZOUN_DEAD,
                     requests=[TO_KARZOUN])


@pytest.mark.parametrize("body", [b"", b"Unauthorized",
                                  b'{"message":"no such app"}'])
def test_karzoun_401_of_any_form(karzoun, keys, body):
    karzoun.play(Karzoun(unauthorized=body))
    karzoun.says(keys.karzoun(), "inactive", 401, KARZOUN_DEAD,
                 requests=[TO_KARZOUN])


def test_karzoun_dead_between_the_questions(karzoun):
    token = karzoun.player.mint()

    def handler(seen):
        answer = karzoun.player(seen)
        if len(karzoun.verifying.stub.seen) == 1:
            karzoun.player.disable(token)
        return answer

    karzoun.play(handler)
    karzoun.says(token, "inactive", 401, KARZOUN_DEAD)


def errors(*errors, **more):
    return json_answer(200, {"errors": [
        {"message": message, "extensions": {"code": code}}
        for message, code in errors], **more})


def test_karzoun_permission_denied(karzoun, keys):
    karzoun.play(constant(errors(("Permission denied", "FORBIDDEN"))))
    karzoun.says(keys.karzoun(), "active", 200,
                 "the API knows the token, whose app has no permission for "
                 "this question")


@pytest.mark.parametrize("answer, requests, says", [
    (errors(("Cannot query field", "GRAPHQL_VALIDATION_FAILED")), 2, ODD),
    (errors(("Internal error", "INTERNAL"), data=None), 2, ODD),
    (json_answer(200, {"data": {"apps": None, "currentUser": None}}), 1, ODD),
    (json_answer(200, {"data": {}}), 1, ODD),
    (json_answer(400, {"errors": [{"message": "Authentication failure"}]}), 1,
     ODD),
    (text_answer(200, "ok"), 1, ODD),
    (text_answer(404, "Not found"), 1, ODD),
    (html_answer(200, "<html>Welcome</html>"), 1, WEB_PAGE),
    (html_answer(403, "<html>Access denied</html>"), 1, WEB_PAGE),
], ids=["validation", "internal", "nulls", "empty", "400", "text", "path",
        "page", "denied-page"])
def test_karzoun_says_nothing_of_the_token(karzoun, keys, answer, requests,
                                           says):
    karzoun.play(constant(answer))
    karzoun.says(keys.karzoun(), "unknown", answer.status, says,
                 requests=[TO_KARZOUN] * requests)


def test_karzoun_limited(karzoun):
    token = karzoun.player.mint()
    karzoun.play(Storm(form="far-date"))
    check(karzoun.ask(token, *SHORT), "unknown", BUSY.format(KARZOUN_HOST))
    karzoun.was_asked(token, [TO_KARZOUN])
    karzoun.play(Storm(1, karzoun.player, "past-date"))
    karzoun.says(token, "active", 200, KARZOUN_ALIVE,
                 requests=[TO_KARZOUN] * 3)


def test_karzoun_answer_that_is_lost(karzoun):
    """Every request that goes out is in the record of requests."""
    token = karzoun.player.mint()

    def handler(seen):
        if len(karzoun.verifying.stub.seen) > 1:
            return Raw(lambda wire: None)
        return karzoun.player(seen)

    karzoun.play(handler)
    report = karzoun.ask(token)
    assert (verdict(report)[0], report.code) == ("unknown", 3)
    karzoun.was_asked(token)
    assert [line["event"] for line in karzoun.verifying.audit()] == [
        "sent", "answered", "sent", "failed"]


def test_karzoun_workspace_is_not_known(karzoun, keys):
    token = keys.karzoun()
    karzoun.args = ("--rule", "karzoun-app-token")
    karzoun.not_asked(
        token, "where the Karzoun server is, the key does not say: name it "
        "with --base karzoun=URL, or as base under [verify.karzoun] in your "
        "own configuration")


# Konstantly.

KONSTANTLY_HOST = "notes.konstantly.com"
KONSTANTLY_DEAD = ("the tenant does not let the key in: unknown, revoked, its "
                   "user banned, or in older versions a licence without MCP")
LICENSED_NOT = ("the key is valid, and the tenant's licence has no MCP access "
                "at present")
PATH_MISSING = ("Konstantly does not document the path of your tenant's "
                "capabilities endpoint, which the MCP server calls first: set "
                "path under [verify.konstantly] in your own configuration")
PROOF_MISSING = ("Konstantly does not document where a value stands that only "
                 "the endpoint's good answer holds: set proof under "
                 "[verify.konstantly] in your own configuration")
TO_KONSTANTLY = "GET notes.konstantly.com/made/up/tools"
KONSTANTLY = """\
[verify.konstantly]
base = "https://notes.konstantly.com"
"""
KONSTANTLY_PATH = KONSTANTLY + 'path = "/made/up/tools"\n'
KONSTANTLY_FULL = KONSTANTLY_PATH + 'proof = "/tools/0"\n'


def konstantly_player(**options):
    return Konstantly("/made/up/tools", capabilities={"tools": ["courses"]},
                      **options)


@pytest.fixture
def konstantly(verifying):
    verifying.configure(KONSTANTLY_FULL)
    system = System(verifying, KONSTANTLY_HOST, (), [TO_KONSTANTLY],
                    "x-mcp-key")
    system.player = system.play(konstantly_player())
    return system


def test_konstantly_valid(konstantly):
    konstantly.says(konstantly.player.mint(), "active", 200,
                    "the tenant answers the key")


def test_konstantly_header_is_written_as_documented(konstantly):
    key = konstantly.player.mint()
    konstantly.ask(key)
    assert ("X-MCP-Key", key) in \
        konstantly.verifying.stub.seen.last.headers.pairs


def test_konstantly_path_not_set(konstantly):
    konstantly.verifying.configure(KONSTANTLY)
    konstantly.not_asked(konstantly.player.mint(), PATH_MISSING)


def test_konstantly_proof_not_set(konstantly):
    """What needs no proof is still known; the good answer is not."""
    konstantly.verifying.configure(KONSTANTLY_PATH)
    key = konstantly.player.mint()
    konstantly.says(key, "unknown", 200, PROOF_MISSING)
    konstantly.player.licence = "none"
    konstantly.says(key, "active", 403, LICENSED_NOT)
    konstantly.player.revoke(key)
    konstantly.says(key, "inactive", 401, KONSTANTLY_DEAD)


def test_konstantly_base_not_set(konstantly):
    konstantly.verifying.configure(
        '[verify.konstantly]\npath = "/made/up/tools"\n')
    konstantly.not_asked(
        konstantly.player.mint(), "where the Konstantly server is, the key "
        "does not say: name it with --base konstantly=URL, or as base under "
        "[verify.konstantly] in your own configuration")


@pytest.mark.parametrize("body", [
    {}, {"tools": []}, {"tools": [None]}, {"other": ["courses"]}, []])
def test_konstantly_good_answer_without_its_proof(konstantly, keys, body):
    konstantly.play(constant(json_answer(200, body)))
    konstantly.says(keys.konstantly(), "unknown", 200, ODD)


def test_konstantly_unknown(konstantly, keys):
    konstantly.says(keys.konstantly(), "inactive", 401, KONSTANTLY_DEAD)


def test_konstantly_malformed(konstantly, keys):
    konstantly.args = ("--rule", "konstantly-mcp-key")
    konstantly.says(keys.konstantly()[:40], "inactive", 401, KONSTANTLY_DEAD)


def test_konstantly_revoked_and_banned(konstantly):
    revoked, banned = (konstantly.player.mint(user=user)
                       for user in ("ann", "bob"))
    konstantly.player.revoke(revoked)
    konstantly.player.ban("bob")
    for key in (revoked, banned):
        konstantly.says(key, "inactive", 401, KONSTANTLY_DEAD)


@pytest.mark.parametrize("status, state, says", [
    (403, "active", LICENSED_NOT), (401, "inactive", KONSTANTLY_DEAD)])
def test_konstantly_licence_off(konstantly, status, state, says):
    player = konstantly.play(konstantly_player(licence_status=status))
    player.licence = "none"
    konstantly.says(player.mint(), state, status, says)


@pytest.mark.parametrize("answer, says", [
    (json_answer(401, {"error": "sign in"}), ODD),
    (html_answer(401, "<html>Sign in</html>"), WEB_PAGE),
    (html_answer(403, "<html>Access denied</html>"), WEB_PAGE),
    (json_answer(403, {"error": "no", "code": "OTHER"}), ODD),
    (json_answer(404, {"error": "Not found"}), ODD),
    (text_answer(200, "ok"), ODD),
], ids=["401-body", "401-page", "403-page", "403-code", "path", "text"])
def test_konstantly_says_nothing_of_the_key(konstantly, keys, answer, says):
    konstantly.play(constant(answer))
    konstantly.says(keys.konstantly(), "unknown", answer.status, says)


@pytest.mark.parametrize("retry_header", [False, True],
                         ids=["in-text", "header"])
@pytest.mark.parametrize("window", ["minute", "day"])
def test_konstantly_key_limited(konstantly, window, retry_header):
    player = konstantly.play(konstantly_player(
        **{f"per_{window}": 1}, retry_header=retry_header))
    key = player.mint()
    konstantly.says(key, "active", 200, "the tenant answers the key")
    konstantly.verifying.stub.seen.clear()
    check(konstantly.ask(key, "--fresh", *SHORT), "unknown",
          BUSY.format(KONSTANTLY_HOST))
    konstantly.was_asked(key)


def test_konstantly_delay_that_stands_in_the_text(konstantly):
    key = konstantly.player.mint()
    text = json.dumps({"error": "Rate limit exceeded (minute). "
                       "Retry after 0s.", "code": "MCP_RATE_LIMITED"})
    konstantly.play(Storm(2, konstantly.player, text=text))
    konstantly.says(key, "active", 200, "the tenant answers the key", *SHORT,
                    requests=[TO_KONSTANTLY] * 3)


def write_keys(verifying, keys, form, name="many.env"):
    """One key to a line; the file."""
    text = "".join(form.format(key) + "\n" for key in keys)
    path = verifying.scene.write(name, text)
    verifying.keys += keys
    verifying.given.append(path)
    return path


def states(report):
    return sorted(finding["verdict"]["state"] for finding in report.findings)


def evidences(report, state):
    return {finding["verdict"]["evidence"] for finding in report.findings
            if finding["verdict"]["state"] == state}


def test_konstantly_no_more_than_eight_refusals_a_minute(konstantly, keys):
    many = [keys.konstantly() for _ in range(12)]
    write_keys(konstantly.verifying, many, "KONSTANTLY_MCP_KEY={}")
    report = konstantly.verifying.scan(*SHORT, "--fail-on", "active")
    assert report.code == 3
    assert states(report) == ["inactive"] * 8 + ["unknown"] * 4
    assert evidences(report, "unknown") == {LATER.format(KONSTANTLY_HOST)}
    assert konstantly.verifying.sent == [TO_KONSTANTLY] * 8


def test_konstantly_stops_at_the_first_lockout(konstantly, keys):
    konstantly.play(konstantly_player(failures=3))
    many = [keys.konstantly() for _ in range(7)]
    write_keys(konstantly.verifying, many, "KONSTANTLY_MCP_KEY={}")
    report = konstantly.verifying.scan(*SHORT, "--fail-on", "active")
    assert report.code == 3
    assert states(report) == ["inactive"] * 3 + ["unknown"] * 4
    assert evidences(report, "unknown") == {
        f"{KONSTANTLY_HOST} answered 429: the tenant takes no more attempts "
        "from this address for now"}
    assert konstantly.verifying.sent == [TO_KONSTANTLY] * 4


def test_konstantly_stops_whatever_the_delay(konstantly, keys):
    """Not even a lockout that says it is over is tried out."""
    text = json.dumps({"error": "Too many failed MCP authentication attempts."
                       " Retry after 0s.", "code": "MCP_AUTH_RATE_LIMITED"})
    konstantly.play(Storm(text=text, form="zero"))
    konstantly.says(keys.konstantly(), "unknown", 429,
                    "the tenant takes no more attempts from this address for "
                    "now")


# Corcava.

CORCAVA_DEAD = ("corcava.com, or the installation named instead, does not "
                "know the key, or it is expired or revoked; an installation "
                "of one's own would have to be named")
CORCAVA_ALIVE = "the API lists the workspace's projects"
CORCAVA_PROOF = ("Corcava does not document where a value stands that only "
                 "the good answer of /api/v1/projects holds: set proof under "
                 "[verify.corcava] in your own configuration")
CORCAVA_SETTINGS = '[verify.corcava]\nproof = "/0/id"\n'


@pytest.fixture
def corcava(verifying):
    verifying.configure(CORCAVA_SETTINGS)
    system = System(verifying, "corcava.com", ("--rule", "corcava-api-key"),
                    ["GET corcava.com/api/v1/projects"], "authorization",
                    "Bearer {}")
    system.player = system.play(Corcava(b'[{"id":7,"name":"Site"}]'))
    return system


def test_corcava_valid(corcava):
    corcava.says(corcava.player.mint(), "active", 200, CORCAVA_ALIVE)
    assert corcava.verifying.stub.seen.last.headers.all("accept") \
        == ["application/json"]


def test_corcava_proof_not_set(corcava):
    corcava.verifying.configure("")
    key = corcava.player.mint()
    corcava.says(key, "unknown", 200, CORCAVA_PROOF)
    corcava.player.revoke(key)
    corcava.says(key, "inactive", 401, CORCAVA_DEAD)


@pytest.mark.parametrize("body", [b"", b"Unauthenticated.",
                                  b'{"message":"Unauthenticated."}'])
@pytest.mark.parametrize("how", ["revoke", "expire", "deactivate"])
def test_corcava_not_any_more(corcava, how, body):
    corcava.player.unauthorized = body
    key = corcava.player.mint()
    getattr(corcava.player, how)(key)
    corcava.says(key, "inactive", 401, CORCAVA_DEAD)


def test_corcava_active_again(corcava):
    key = corcava.player.mint()
    corcava.player.deactivate(key)
    corcava.says(key, "inactive", 401, CORCAVA_DEAD)
    corcava.player.activate(key)
    corcava.says(key, "active", 200, CORCAVA_ALIVE)


@pytest.mark.parametrize("length", [40, 12, 64])
def test_corcava_unknown_of_any_form(corcava, keys, length):
    corcava.says(keys.corcava()[:length] + keys.pick("abc", length - 40),
                 "inactive", 401, CORCAVA_DEAD)


@pytest.mark.parametrize("answer, says", [
    (json_answer(200, []), ODD),
    (json_answer(200, {"data": [{"id": 7}]}), ODD),
    (text_answer(200, "ok"), ODD),
    (text_answer(403, "Forbidden"), ODD),
    (html_answer(200, "<!doctype html><p>Sign in</p>"), WEB_PAGE),
], ids=["empty", "elsewhere", "text", "403", "page"])
def test_corcava_says_nothing_of_the_key(corcava, keys, answer, says):
    corcava.play(constant(answer))
    corcava.says(keys.corcava(), "unknown", answer.status, says)


@pytest.mark.parametrize("delay", [None, 2, 3600])
def test_corcava_limited(corcava, delay):
    key = corcava.player.mint()
    corcava.player.throttle(5, delay)
    check(corcava.ask(key, *SHORT), "unknown", BUSY.format(corcava.host))
    corcava.was_asked(key)


def test_corcava_is_asked_again(corcava):
    key = corcava.player.mint()
    corcava.player.throttle(1, 0)
    corcava.says(key, "active", 200, CORCAVA_ALIVE,
                 requests=corcava.requests * 2)


def test_corcava_own_installation(corcava, keys):
    verifying = corcava.verifying
    verifying.configure(f'{CORCAVA_SETTINGS}base = "{verifying.own}/crm/"\n')
    key = keys.corcava()
    corcava.host = verifying.own.removeprefix("https://")
    corcava.play(constant(json_answer(200, [{"id": 1}])))
    corcava.says(key, "active", 200, CORCAVA_ALIVE,
                 requests=["GET localhost/crm/api/v1/projects"])


# Kryton, in both generations.

ANN = "ann@example.com"
KRYTON_DEAD = "the server does not know the key, or it is expired or revoked"
KRYTON_ALIVE = "the server knows the key and asks for a browser session"
TO_KRYTON = "GET localhost/api/api-keys"


class KrytonSystem(System):
    def __init__(self, verifying, generation):
        super().__init__(verifying, verifying.own.removeprefix("https://"),
                         ("--base", f"kryton={verifying.own}"), [TO_KRYTON],
                         "authorization", "Bearer {}")
        self.generation = generation
        self.player = self.server()

    def server(self, **options):
        player = self.play(Kryton(self.generation, **options))
        player.account(ANN, "made up")
        return player


@pytest.fixture(params=["old", "new"])
def kryton(verifying, request):
    return KrytonSystem(verifying, request.param)


@pytest.mark.parametrize("scope", ["read-write", "read-only"])
def test_kryton_valid(kryton, scope):
    kryton.says(kryton.player.mint(ANN, scope=scope), "active", 403,
                KRYTON_ALIVE)


@pytest.mark.parametrize("how", ["revoke", "expire"])
def test_kryton_not_any_more(kryton, how):
    key = kryton.player.mint(ANN)
    getattr(kryton.player, how)(key)
    kryton.says(key, "inactive", 401, KRYTON_DEAD)


def test_kryton_unknown(kryton, keys):
    kryton.says(keys.kryton(), "inactive", 401, KRYTON_DEAD)


def test_kryton_malformed(kryton):
    """The server knows no key in upper case."""
    key = kryton.player.mint(ANN)
    kryton.args += ("--rule", "kryton-api-key")
    for odd in ("kryton_" + key[7:].upper(), key[:30]):
        kryton.says(odd, "inactive", 401, KRYTON_DEAD)


def test_kryton_account_disabled(kryton):
    key = kryton.player.mint(ANN)
    kryton.player.disable(ANN)
    kryton.says(key, "inactive", 403, "the key's account is disabled")


def test_kryton_account_gone(kryton, keys):
    kryton.play(constant(json_answer(401, {"error": "User not found"})))
    kryton.says(keys.kryton(), "inactive", 401, "the key's account is gone")


def test_kryton_limited(kryton):
    limits = {"key_calls": 1} if kryton.generation == "old" else {"calls": 1}
    player = kryton.server(**limits)
    key = player.mint(ANN)
    kryton.says(key, "active", 403, KRYTON_ALIVE)
    kryton.verifying.stub.seen.clear()
    check(kryton.ask(key, "--fresh", *SHORT), "unknown",
          BUSY.format(kryton.host))
    kryton.was_asked(key)


@pytest.mark.parametrize("error", [
    {"error": "API key rate limit exceeded \u2014 please try again later"},
    {"error": {"code": "RATE_LIMITED", "message": "Rate limit exceeded"}},
], ids=["old", "new"])
def test_kryton_is_asked_again(kryton, error):
    key = kryton.player.mint(ANN)
    kryton.play(Storm(1, kryton.player, "zero", text=json.dumps(error)))
    kryton.says(key, "active", 403, KRYTON_ALIVE, requests=[TO_KRYTON] * 2)


@pytest.mark.parametrize("answer, says", [
    (json_answer(401, {"error": "Missing or invalid session"}), ODD),
    (text_answer(401, "Invalid or expired API key"), ODD),
    (html_answer(401, "<html>Sign in</html>"), WEB_PAGE),
    (json_answer(403, {"error": "Insufficient API key scope \u2014 read-write "
                       "access required", "code": "FORBIDDEN"}), ODD),
    (html_answer(403, "<html>Access denied</html>"), WEB_PAGE),
    (json_answer(403, {"error": "no", "code": "FORBIDDEN"}), ODD),
    (html_answer(404, "<!DOCTYPE html><pre>Cannot GET</pre>"), WEB_PAGE),
    (json_answer(404, {"error": {"code": "NOT_FOUND",
                                 "message": "Route not found"}}), ODD),
    (json_answer(200, []), ODD),
    (html_answer(200, "<!doctype html><div id=root></div>"), WEB_PAGE),
], ids=["no-session", "text", "page", "narrow", "denied-page", "other-403",
        "old-404", "new-404", "list", "app"])
def test_kryton_says_nothing_of_the_key(verifying, keys, answer, says):
    kryton = KrytonSystem(verifying, "new")
    kryton.play(constant(answer))
    kryton.says(keys.kryton(), "unknown", answer.status, says)


def test_kryton_below_a_path(kryton, keys):
    key = keys.kryton()
    kryton.args = ("--base", f"kryton={kryton.verifying.own}/notes/")
    kryton.play(constant(json_answer(
        401, {"error": "Invalid or expired API key"})))
    kryton.says(key, "inactive", 401, KRYTON_DEAD,
                requests=["GET localhost/notes/api/api-keys"])


def test_kryton_refusals_have_a_limit(kryton, keys):
    many = [keys.kryton() for _ in range(13)]
    write_keys(kryton.verifying, many, "KRYTON_TOKEN={}")
    report = kryton.verifying.scan(*kryton.args, *SHORT, "--fail-on",
                                   "active")
    assert report.code == 3
    assert states(report) == ["inactive"] * 10 + ["unknown"] * 3
    assert kryton.verifying.sent == [TO_KRYTON] * 10


def test_kryton_session(verifying, keys):
    """No harmless call is documented for it."""
    cookie = keys.pick("0123456789abcdef", 32)
    verifying.keys.append(cookie)
    report = verifying.verify(cookie, "--rule", "kryton-session-cookie",
                              "--base", f"kryton={verifying.own}")
    assert verdict(report) == (
        "not-tried", "there is no recipe for this kind of key", 0)
    assert verifying.silent


@pytest.mark.parametrize("answer, state, says", [
    (json_answer(200, {"agents": [{"id": "1", "ownerUserId": "2"}]}),
     "active", "the server lists the agents of the token's owner"),
    (json_answer(200, {"agents": []}), "unknown", ODD),
    (json_answer(401, {"error": "Missing or invalid session"}), "inactive",
     "the server does not know the token, or it is expired or revoked"),
    (json_answer(401, {"error": {"code": "UNAUTHENTICATED",
                                 "message": "Missing or invalid session"}}),
     "inactive",
     "the server does not know the token, or it is expired or revoked"),
    (json_answer(401, {"error": "Invalid or expired API key"}), "unknown",
     ODD),
    (json_answer(403, {"error": "Account is disabled"}), "inactive",
     "the account of the token's owner is disabled"),
    (html_answer(200, "<html>Notes</html>"), "unknown", WEB_PAGE),
], ids=["lists", "none", "old-401", "new-401", "other-401", "disabled",
        "page"])
def test_kryton_agent_token(verifying, keys, answer, state, says):
    kryton = KrytonSystem(verifying, "old")
    kryton.args += ("--rule", "kryton-agent-token")
    kryton.requests = ["GET localhost/api/agents"]
    kryton.play(constant(answer))
    kryton.says(keys.konstantly()[5:], state, answer.status, says)


# What is written down of it.


def test_record_of_requests(kryton):
    key = kryton.player.mint(ANN)
    report = kryton.ask(key)
    common = {"id": report.finding["id"], "rule": "kryton-api-key",
              "method": "GET", "host": kryton.host, "path": "/api/api-keys"}
    lines = kryton.verifying.audit()
    assert all(line.pop("time")[:2] == "20" for line in lines)
    assert lines == [
        {"event": "sent", **common},
        {"event": "answered", **common, "status": 403, "verdict": "active"}]


def test_a_verdict_is_believed_for_an_hour(kryton):
    key = kryton.player.mint(ANN)
    first = kryton.ask(key)
    kryton.player.revoke(key)
    assert kryton.ask(key).finding == first.finding
    assert len(kryton.verifying.stub.seen) == 1
    kryton.says(key, "inactive", 401, KRYTON_DEAD)


def test_dry_run_sends_nothing(kryton):
    key = kryton.player.mint(ANN)
    kryton.verifying.keys.append(key)
    ended = kryton.verifying.run("verify", "--dry-run", *kryton.args,
                                 stdin=key)
    assert (ended.code, ended.err) == (0, "")
    assert f"GET {kryton.verifying.own}/api/api-keys\n" in ended.text
    assert "Authorization: Bearer kryton_" in ended.text
    assert ended.text.endswith("Nothing was sent (--dry-run).\n")
    assert kryton.verifying.silent
    assert kryton.verifying.audit() == []


# In files: whose word counts for where the server is.

BESIDE = ("the server that stands beside the key is not trusted by itself: "
          "name it with --base {0}=URL, or take such addresses with "
          "--trust-config-hosts")
ACTIVE = ("--fail-on", "active")


@pytest.fixture
def note(verifying):
    """A Kryton server, and a file that names it beside its key."""
    system = KrytonSystem(verifying, "new")
    system.key = system.player.mint(ANN)
    verifying.keys.append(system.key)
    system.file = verifying.scene.write(
        "mcp.json", json.dumps({"mcpServers": {"kryton": {
            "command": "npx", "env": {"KRYTON_URL": verifying.own + "/",
                                      "KRYTON_TOKEN": system.key}}}}))
    verifying.given = [system.file]
    return system


def test_server_beside_the_key_is_not_asked(note):
    report = note.verifying.scan(*ACTIVE)
    check(report, "unknown", BESIDE.format("kryton"))
    assert note.verifying.silent


def test_findings_fail_even_if_nobody_is_asked(note):
    report = note.verifying.scan()
    assert (report.code, verdict(report)[0]) == (1, "unknown")
    assert report.complete


def test_server_beside_the_key_after_trust(note):
    report = note.verifying.scan("--trust-config-hosts", *ACTIVE)
    check(report, "active", f"{note.host} answered 403: {KRYTON_ALIVE}")
    note.was_asked(note.key)


def test_several_servers_beside_the_key(note):
    note.file.write_text(note.file.read_text()
                         + "\nKRYTON_SERVER=https://other.example.com\n")
    report = note.verifying.scan("--trust-config-hosts", *ACTIVE)
    check(report, "unknown", "several servers stand beside the key; name one: "
          "--base kryton=URL")
    assert note.verifying.silent


def test_plain_http_beside_the_key(note):
    http = note.verifying.stub.http_base
    note.file.write_text(note.file.read_text().replace(
        note.verifying.own, http))
    report = note.verifying.scan("--trust-config-hosts", *ACTIVE)
    check(report, "unknown", f"{http}: plain http, even to this machine, "
          "needs --allow-http-loopback")
    assert note.verifying.silent


def test_base_of_the_command_line_goes_first(note):
    note.file.write_text(note.file.read_text().replace(
        note.verifying.own, "https://other.example.com"))
    for more in ((), ("--trust-config-hosts",)):
        note.verifying.stub.seen.clear()
        report = note.verifying.scan(*note.args, *more, *ACTIVE, "--fresh")
        check(report, "active", f"{note.host} answered 403: {KRYTON_ALIVE}")
        note.was_asked(note.key)


@pytest.mark.parametrize("where", ["own", "named"])
def test_base_of_the_users_configuration(note, where):
    text = f'[verify.kryton]\nbase = "{note.verifying.own}"\n'
    args = ()
    if where == "own":
        note.verifying.configure(text)
    else:
        path = note.verifying.scene.home / "other.toml"
        path.write_text(text)
        args = ("--config", path)
    report = note.verifying.scan(*args, *ACTIVE)
    check(report, "active", f"{note.host} answered 403: {KRYTON_ALIVE}")
    note.was_asked(note.key)


def test_configuration_below_home(note):
    """Where XDG_CONFIG_HOME is not set."""
    folder = note.verifying.scene.home / ".config/keytidy"
    folder.mkdir(parents=True)
    folder.joinpath("keytidy.toml").write_text(
        f'[verify.kryton]\nbase = "{note.verifying.own}"\n')
    report = note.verifying.scan(*ACTIVE, env={"XDG_CONFIG_HOME": ""})
    assert verdict(report)[0] == "active"


def test_configuration_of_the_repository_is_ignored(note):
    note.verifying.scene.write(
        "keytidy.toml", f'\n[verify.kryton]\nbase = "{note.verifying.own}"\n')
    report = note.verifying.scan(*ACTIVE)
    check(report, "unknown", BESIDE.format("kryton"))
    assert len(report.notes) == 1
    assert report.notes[0].endswith(
        "keytidy.toml:2: [verify.kryton] counts in your own configuration "
        "only; here it is ignored")
    assert note.verifying.silent


def test_report_of_an_earlier_scan(note):
    note.verifying.env["HTTPS_PROXY"] = "http://127.0.0.1:1"
    ended = note.verifying.scene.run("scan", "-f", "json")
    assert ended.code == 1
    path = note.verifying.scene.home / "report.json"
    path.write_bytes(ended.out)
    report = note.verifying.reported(path, *note.args)
    check(report, "active", f"{note.host} answered 403: {KRYTON_ALIVE}")
    assert report.place["path"] == "mcp.json"
    note.was_asked(note.key)
    note.file.write_text("{}")
    report = note.verifying.reported(path, *note.args)
    assert (report.code, report.findings) == (3, [])
    assert [reason.split(" kt-")[0] for _, reason in report.unread] \
        == ["the key"]


def test_a_key_that_stands_twice_is_asked_about_once(note):
    note.verifying.given.append(note.verifying.scene.write(
        "copy.json", note.file.read_text()))
    report = note.verifying.scan("--trust-config-hosts", *ACTIVE)
    assert verdict(report)[0] == "active"
    assert len(report.finding["occurrences"]) == 2
    note.was_asked(note.key)


def test_without_verify_nothing_is_asked(note):
    report = note.verifying.scene.scan(env=note.verifying.env)
    assert verdict(report)[:2] == ("not-tried", None)
    assert note.verifying.silent
    assert note.verifying.audit() == []


def record(url, header, value):
    """Of a client that speaks to the server itself; beside it, another."""
    return json.dumps({"mcpServers": {
        "notes": {"type": "http", "url": url, "headers": {header: value}},
        "other": {"type": "http", "url": "https://other.example.com/mcp"}}})


def test_address_of_the_record_that_holds_the_key(note):
    """The form that Kryton documents first; no variable names the server."""
    note.file.write_text(record(f"{note.verifying.own}/api/mcp",
                                "Authorization", f"Bearer {note.key}"))
    assert verdict(note.verifying.scan(*ACTIVE))[0] == "unknown"
    assert note.verifying.silent
    report = note.verifying.scan("--trust-config-hosts", *ACTIVE)
    check(report, "active", f"{note.host} answered 403: {KRYTON_ALIVE}")
    note.was_asked(note.key)


def test_records_side_by_side(note, keys):
    """Each key is for the server of its own record."""
    servers = {
        name: {"command": "npx", "env": {"KRYTON_TOKEN": key, **more}}
        for name, key, more in [
            ("mine", note.key, {"KRYTON_URL": note.verifying.own}),
            ("bare", keys.kryton(), {}),
            ("other", keys.kryton(),
             {"KRYTON_URL": "https://other.example.com"})]}
    note.verifying.keys += [one["env"]["KRYTON_TOKEN"]
                            for one in servers.values()]
    note.file.write_text("// of an editor\n"
                         + json.dumps({"mcpServers": servers}))
    dry = note.verifying.run("scan", "--verify", "--dry-run",
                             "--trust-config-hosts", note.file)
    parts = dry.text.split("\n\n")
    asked = [part for part in parts if "GET https://" in part]
    assert len(asked) == 2
    assert sorted(re.findall(r"GET (https://[^/]+)/", dry.text)) \
        == sorted([note.verifying.own, "https://other.example.com"])
    bare, = [part for part in parts if "not asked: " in part]
    assert "where the Kryton server is, the key does not say" in bare
    assert note.verifying.silent


@pytest.mark.parametrize("servers", [
    {"mine": {"type": "stdio", "env": {"KRYTON_TOKEN": None}},
     "other": {"command": "npx",
               "env": {"KRYTON_URL": "https://other.example.com"}}},
    {"staging": {"KRYTON_TOKEN": None},
     "live": {"KRYTON_URL": "https://other.example.com"}},
], ids=["servers", "groups"])
@pytest.mark.parametrize("padding", [0, 2 << 20])
def test_another_records_server_is_not_the_keys(note, servers, padding):
    """Where the key's own record names none; nor in a file that is read in
    parts."""
    text = json.dumps({"padding": "x " * padding,
                       "mcpServers": servers}).replace("null",
                                                       f'"{note.key}"')
    note.file.write_text(text)
    check(note.verifying.scan("--trust-config-hosts", *ACTIVE), "unknown",
          "where the Kryton server is, the key does not say: name it with "
          "--base kryton=URL, or as base under [verify.kryton] in your own "
          "configuration")
    assert note.verifying.silent


def test_karzoun_address_of_the_record_that_holds_the_token(karzoun):
    verifying, token = karzoun.verifying, karzoun.player.mint()
    verifying.keys.append(token)
    verifying.given = [verifying.scene.write("mcp.json", record(
        f"https://{KARZOUN_HOST}/mcp", "x-app-token", token))]
    assert verdict(verifying.scan(*ACTIVE))[0] == "unknown"
    assert verifying.silent
    report = verifying.scan("--trust-config-hosts", *ACTIVE)
    check(report, "active", f"{KARZOUN_HOST} answered 200: {KARZOUN_ALIVE}")
    karzoun.was_asked(token)


def test_konstantly_server_beside_the_key(konstantly):
    verifying = konstantly.verifying
    verifying.configure(KONSTANTLY_FULL.replace(
        'base = "https://notes.konstantly.com"\n', ""))
    key = konstantly.player.mint()
    path = write_keys(verifying, [key], "KONSTANTLY_MCP_KEY={}")
    path.write_text(path.read_text()
                    + "KONSTANTLY_URL=https://notes.konstantly.com/x\n")
    check(verifying.scan(*ACTIVE), "unknown", BESIDE.format("konstantly"))
    assert verifying.silent
    check(verifying.scan("--trust-config-hosts", *ACTIVE), "active",
          f"{KONSTANTLY_HOST} answered 200: the tenant answers the key")
    konstantly.was_asked(key)


@pytest.mark.parametrize("host", [
    "konstantly.com", "notes.konstantly.com.example.com",
    "noteskonstantly.com", "notes.konstantly.org", "example.com"])
def test_konstantly_elsewhere(konstantly, host):
    """Its keys stay within *.konstantly.com, whoever says otherwise."""
    verifying = konstantly.verifying
    verifying.stub.at(host, konstantly.player)
    verifying.configure('[verify.konstantly]\npath = "/made/up/tools"\n')
    key = konstantly.player.mint()
    path = write_keys(verifying, [key], "KONSTANTLY_MCP_KEY={}")
    path.write_text(f"KONSTANTLY_URL=https://{host}\n" + path.read_text())
    wrong = f"https://{host}: the host must be *.konstantly.com"
    check(verifying.scan("--trust-config-hosts", *ACTIVE), "unknown", wrong)
    for args, config in (
            (("--base", f"konstantly=https://{host}"), ""),
            ((), f'[verify.konstantly]\nbase = "https://{host}"\n')):
        verifying.configure(config)
        ended = verifying.run("scan", "--verify", *args)
        assert (ended.code, ended.out) == (2, b"")
        assert f"[verify.konstantly] base: {wrong}\n" in ended.err
    assert verifying.silent


@pytest.mark.parametrize("address", [
    "https://notes.konstantly.com@example.com",
    "https://example.com#.konstantly.com",
    "https://example.com?.konstantly.com",
    "https://example.com/.konstantly.com",
    "https://example.com\\\\.konstantly.com"])
def test_konstantly_address_that_misleads(konstantly, address):
    verifying = konstantly.verifying
    verifying.stub.at("example.com", konstantly.player)
    verifying.configure('[verify.konstantly]\npath = "/made/up/tools"\n')
    key = konstantly.player.mint()
    path = write_keys(verifying, [key], "KONSTANTLY_MCP_KEY={}")
    path.write_text(f'KONSTANTLY_URL="{address}"\n' + path.read_text())
    report = verifying.scan("--trust-config-hosts", *ACTIVE)
    assert (report.code, verdict(report)[0]) == (3, "unknown")
    assert verifying.silent


@pytest.mark.parametrize("text, why", [
    ('path = "made/up"', "'made/up' must be a path, /\u2026"),
    ('path = "//example.com"', "must be a path, /\u2026"),
    ('path = "/a@b"', "must be a path, /\u2026"),
    ('proof = "tools"', "must be a JSON pointer, /\u2026"),
    ('other = "x"', "its recipe asks for no such value"),
], ids=["no-slash", "host", "at", "pointer", "other"])
def test_konstantly_parameters_of_a_wrong_form(konstantly, text, why):
    konstantly.verifying.configure(f"[verify.konstantly]\n{text}\n")
    key = konstantly.player.mint()
    konstantly.verifying.keys.append(key)
    ended = konstantly.verifying.run("verify", stdin=key)
    assert (ended.code, ended.out) == (2, b"")
    assert f"[verify.konstantly] {text.split()[0]}: " in ended.err
    assert why in ended.err
    assert konstantly.verifying.silent


def test_karzoun_server_beside_the_key(karzoun):
    """KARZOUN_API_URL holds the path as well."""
    verifying = karzoun.verifying
    token = karzoun.player.mint()
    path = write_keys(verifying, [token], "KARZOUN_APP_TOKEN={}")
    path.write_text(f"KARZOUN_API_URL=https://{KARZOUN_HOST}/graphql\n"
                    + path.read_text())
    check(verifying.scan(*ACTIVE), "unknown", BESIDE.format("karzoun"))
    assert verifying.silent
    check(verifying.scan("--trust-config-hosts", *ACTIVE), "active",
          f"{KARZOUN_HOST} answered 200: {KARZOUN_ALIVE}")
    karzoun.was_asked(token)


def test_kataven_in_its_context(kataven):
    key = kataven.player.mint()
    write_keys(kataven.verifying, [key], "KATAVEN_API_KEY={}")
    check(kataven.verifying.scan(*ACTIVE), "active",
          f"api.kataven.ai answered 200: {KATAVEN_ALIVE}")
    kataven.was_asked(key)


def test_corcava_in_its_context(corcava):
    key = corcava.player.mint()
    write_keys(corcava.verifying, [key], "CORCAVA_API_KEY={}")
    check(corcava.verifying.scan(*ACTIVE), "active",
          f"corcava.com answered 200: {CORCAVA_ALIVE}")
    corcava.was_asked(key)


# Whose key it is has to be certain.


def test_an_open_key_in_a_file_is_sent_to_nobody(kataven):
    key = kataven.player.mint()
    write_keys(kataven.verifying, [key], "TOKEN={}", "app.env")
    report = kataven.verifying.scan("--min-confidence", "low", *ACTIVE)
    assert report.rules == ["sk-live-key"]
    assert verdict(report) == (
        "not-tried", "sent to nobody, as its kind does not say whose it is",
        0)
    assert kataven.verifying.silent


def test_an_open_key_on_standard_input(kataven):
    key = kataven.player.mint()
    kataven.verifying.keys.append(key)
    ended = kataven.verifying.run("verify", stdin=key)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith(
        "keytidy: whose key this is, its shape does not tell")
    assert "--rule ID" in ended.err
    assert kataven.verifying.silent
    kataven.says(key, "active", 200, KATAVEN_ALIVE)


LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
# Without an underscore behind the prefix: the forms of Stripe, of Paystack and
# of Clerk, of which none is its provider's alone.
FORMS = {"stripe": (LETTERS, 24), "paystack": ("0123456789abcdef", 40),
         "clerk": (LETTERS, 43)}


@pytest.fixture(params=FORMS)
def open_key(verifying, keys, request):
    for host in ("api.stripe.com", "api.paystack.co", "api.clerk.com",
                 "api.kataven.ai"):
        verifying.stub.at(host, constant(text_answer(401, "no")))
    key = "sk_live_" + keys.pick(*FORMS[request.param])
    verifying.keys.append(key)
    return key


def test_an_sk_live_key_without_context_in_a_file(verifying, open_key):
    write_keys(verifying, [open_key], "TOKEN={}")
    report = verifying.scan("--min-confidence", "low", *ACTIVE)
    assert verdict(report)[0] == "not-tried"
    assert verifying.silent


def test_an_sk_live_key_without_context_on_standard_input(verifying,
                                                          open_key):
    ended = verifying.run("verify", stdin=open_key)
    assert (ended.code, ended.out) == (2, b"")
    assert "--rule ID" in ended.err
    assert verifying.silent


@pytest.mark.parametrize("variable, host", [
    ("STRIPE_SECRET_KEY", "api.stripe.com"),
    ("PAYSTACK_SECRET_KEY", "api.paystack.co"),
    ("CLERK_SECRET_KEY", "api.clerk.com")])
def test_an_sk_live_key_in_its_context(verifying, keys, variable, host):
    """It goes to that provider alone, whatever that one answers."""
    for other in ("api.stripe.com", "api.paystack.co", "api.clerk.com"):
        verifying.stub.at(other, constant(text_answer(404, "no")))
    form = FORMS[variable.partition("_")[0].lower()]
    write_keys(verifying, ["sk_live_" + keys.pick(*form)], variable + "={}")
    verifying.scan(*ACTIVE)
    assert {seen.host for seen in verifying.stub.seen} == {host}
    assert verifying.stub.refused == []


OPEN = {
    "stripe-secret-key": ("sk_live_", "0123456789ABCDEFabcdef", 24,
                          "stripe", "api.stripe.com"),
    "resend-api-key": ("re_", "0123456789ABCDEFGHJKLMNPabcdefghjkmnp", None,
                       "Resend", "api.resend.com"),
    "google-gemini-express-key": (
        "AQ.Ab8RN6", "0123456789ABCDEFabcdef-_", 44, "Gemini",
        "generativelanguage.googleapis.com")}


@pytest.fixture(name="half_known", params=OPEN)
def of_a_shape_that_others_have_too(request, verifying, keys):
    """Its rule, the key, a word that settles whose it is, and where it goes."""
    head, letters, length, word, host = OPEN[request.param]
    body = keys.pick(letters, length) if length else \
        keys.pick(letters, 8) + "_" + keys.pick(letters, 24)
    verifying.keys.append(head + body)
    verifying.stub.at(host, constant(text_answer(404, "no")))
    return request.param, head + body, word, host


NOBODY = ("sent to nobody: other providers' keys have this shape too, and "
          "nothing near it says ")


def test_an_open_key_goes_nowhere_without_a_word(verifying, half_known):
    _, key, word, _ = half_known
    far = "# " + "." * 1100 + "\n"
    verifying.given.append(verifying.scene.write(
        "a.env", f"# {word}\n{far}TOKEN={key}\n{far}# {word}\n"))
    report = verifying.scan("--min-confidence", "low", *ACTIVE)
    state, evidence, _ = verdict(report)
    assert state == "not-tried" and evidence.startswith(NOBODY)
    assert verifying.silent


def test_an_open_key_goes_where_a_word_says(verifying, half_known):
    rule, key, word, host = half_known
    verifying.given.append(verifying.scene.write(
        "a.env", f"# for {word.upper()}\n\nTOKEN={key}\n"))
    report = verifying.scan("--min-confidence", "low", *ACTIVE)
    assert report.finding["rule"] == rule
    assert {seen.host for seen in verifying.stub.seen} == {host}
    assert verifying.stub.refused == []


def test_an_open_key_on_standard_input(verifying, half_known):
    """Even with a word beside it: --rule has to say."""
    rule, key, _, host = half_known
    ended = verifying.run("verify", stdin=key)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith(
        "keytidy: whose key this is, its shape does not tell: it could be ")
    assert f"--rule ID ({rule}, or another" in ended.err
    assert verifying.silent
    verifying.verify(key, "--rule", rule)
    assert {seen.host for seen in verifying.stub.seen} == {host}


def test_an_open_key_of_a_report(verifying, half_known):
    """What the report says of it is what stands near it now."""
    rule, key, word, host = half_known
    path = verifying.scene.write("a.env", f"TOKEN={key}\n")
    verifying.given.append(path)
    ended = verifying.scene.run("scan", "--format", "json",
                                "--min-confidence", "low", "a.env")
    report = verifying.scene.write("all.json", ended.text)
    assert verdict(verifying.reported(report))[0] == "not-tried"
    assert verifying.silent
    path.write_text(f"TOKEN={key}\n# {word}\n")
    assert verifying.reported(report).finding["rule"] == rule
    assert {seen.host for seen in verifying.stub.seen} == {host}


@pytest.mark.parametrize("kind, owner", [
    ("kryton", "Kryton"), ("konstantly", "Konstantly"), ("github", "GitHub"),
    ("stripe_test", "Stripe")])
def test_another_providers_key_is_refused(kataven, keys, kind, owner):
    key = keys.of(kind)
    kataven.verifying.keys.append(key)
    for rule in ("kataven-api-key", "corcava-api-key", "karzoun-app-token"):
        ended = kataven.verifying.run("verify", "--rule", rule, stdin=key)
        assert (ended.code, ended.out) == (2, b"")
        assert f"keytidy: this is a key of {owner} (" in ended.err
        assert "it is not sent to" in ended.err
    assert kataven.verifying.silent


@pytest.mark.parametrize("text", ["{0}\n", "  {0}  ", "\n{0}\r\n",
                                  "KRYTON_TOKEN={0}\n"])
def test_a_key_with_what_stands_around_it(verifying, text):
    kryton = KrytonSystem(verifying, "old")
    key = kryton.player.mint(ANN)
    verifying.keys.append(key)
    report = verifying.verify(text.format(key), *kryton.args)
    assert verdict(report)[0] == "active"
    kryton.was_asked(key)
