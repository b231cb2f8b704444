# SPDX-License-Identifier: Apache-2.0
"""revoke and revoke --replace: what is done at the provider, in which order,
and what is proved afterwards."""

import json
import os
import pty
import signal
import stat
import subprocess
import termios
import time

import pytest

from scene import PATIENCE, PROGRAM
from stub import Raw, html_answer, json_answer, text_answer
from stub.bearer import bearer
from stub.hostile import Storm
from stub.systems import Karzoun, Kryton
from verifyscene import VerifyScene, verdict

ANN, BOB = "ann@example.com", "bob@example.com"
DEAD = "the server does not know the key, or it is expired or revoked"
ALIVE = "the server knows the key and asks for a browser session"
NOT_KNOWN = ("; whether it was done is not known: look at the provider's page "
             "before you try again")
AGENTS = """\
  - Kryton keeps no record of requests: the time of the last use is all there is
    to see. Note it before you delete the key.
  - Review the agents at /api/agents and delete those you do not know, with
    their tokens: deleting a key removes none of them.
  - Delete every other API key made since.
"""
BY_DONE = "\nStopped: {}.\nWhat is marked as done was done.\n"


@pytest.fixture
def verifying(scene, stub):
    """The test ends with a look at everything that was printed or written."""
    one = VerifyScene(scene, stub)
    one.secrets, one.given = [], []
    yield one
    assert one.leaks(*one.secrets, but=one.given) == []


def name_of(ended):
    """The key's id, with which the plan begins."""
    assert (ended.code, ended.err) == (0, ""), ended
    return ended.text.split()[0]


def done(ended):
    """What was done, line by line, after the plan."""
    return [line for line in ended.text.splitlines()
            if line.startswith(("done  ", "failed", "proved", "unknown"))]


def stopped(ended, why):
    """The end of what was printed: nothing more was tried."""
    assert ended.text.endswith(BY_DONE.format(why)), ended.text
    assert (ended.code, ended.err) == (1, "")


def lost(_wire):
    """The connection ends, and with it the answer."""


# Kryton, in both generations.


class Account:
    """Ann's account on a server, with one key that got out."""

    def __init__(self, verifying, generation, **options):
        self.verifying = verifying
        self.stub = verifying.stub
        self.player = Kryton(generation, **options)
        self.password = 'a "made-up" pass\\word %{secret} \u00fc'
        self.player.account(ANN, self.password)
        self.name = "laptop"
        self.key = self.player.mint(ANN, self.name)
        self.row = self.player.key(self.key).id
        self.new = verifying.scene.home / "new.key"
        self.host = verifying.own.removeprefix("https://")
        self.env = {"KRYTON_EMAIL": ANN, "KRYTON_PASSWORD": self.password}
        self.base = ("--base", f"kryton={verifying.own}")
        self.faults = {}  # what is answered instead, by method and path
        self.stub.at("localhost", self)
        verifying.secrets += [self.key, self.password]
        verifying.given = [self.new]

    def __call__(self, seen):
        """The answer of the player, or what the test puts in its place."""
        fault = self.faults.get((seen.method, seen.path)) \
            or self.faults.get(seen.method)
        before = {key.text for key in self.player.keys()}
        answer = fault(seen) if fault else self.player(seen)
        self.verifying.secrets += [key.text for key in self.player.keys()
                                   if key.text not in before]
        self.verifying.secrets += [
            cookie.partition("=")[2].partition(";")[0]
            for name, cookie in getattr(answer, "headers", [])
            if name == "Set-Cookie"]
        return answer

    def plan(self, *args, **options):
        return self.verifying.revoke(self.key, *self.base, *args,
                                     env=self.env, **options)

    def act(self, *args, **options):
        """With what the plan says is to be confirmed."""
        number = name_of(self.plan())
        assert self.verifying.silent
        return self.plan("--confirm", number, *args, **options)

    def replace(self, *args, **options):
        return self.act("--replace", self.new, *args, **options)

    @property
    def lives(self):
        return self.player.key(self.key) is not None

    @property
    def others(self):
        return [key for key in self.player.keys() if key.text != self.key]


@pytest.fixture(params=["old", "new"])
def ann(verifying, request):
    return Account(verifying, request.param)


@pytest.fixture
def one(verifying):
    """Where the generation makes no difference."""
    return Account(verifying, "new")


SIGN_IN = "POST localhost/api/auth/sign-in/email"
LIST = "GET localhost/api/api-keys"
MAKE = "POST localhost/api/api-keys"
SIGNED_IN = "done    Sign in: the server opened a session"
FOUND = ("done    Find the key among the account's API keys: the account "
         "lists its keys")
MADE = ("done    Make a new key of the same name and scope: the server made a "
        "new key")


def deletes(ann):
    return f"DELETE localhost/api/api-keys/{ann.row}"


def proved(ann):
    return f"proved  The old key is dead: {ann.host} answered 401: {DEAD}"


def written(ann):
    return f"done    Write the new key to {ann.new} (mode 0600)"


def works(ann):
    return f"done    Test the new key: {ann.host} answered 403: {ALIVE}"


def test_plan_of_a_revocation(ann):
    ended = ann.plan()
    number = name_of(ended)
    assert ended.text == f"""\
{number}  {ann.key[:11]}\u2026  Kryton API key

What is done, at {ann.host}:
  1. Sign in
       POST {ann.verifying.own}/api/auth/sign-in/email
  2. Find the key among the account's API keys
       GET {ann.verifying.own}/api/api-keys
  3. Delete the key
       DELETE {ann.verifying.own}/api/api-keys/<id>
  4. Ask once more whether the old key is dead

What is left for a person:
{AGENTS}
Nothing was sent. To do it, add --confirm {number}
"""
    assert ann.verifying.silent
    assert ann.verifying.audit() == []


def test_plan_of_a_replacement(ann):
    ended = ann.plan("--replace", ann.new)
    number = name_of(ended)
    assert ended.text == f"""\
{number}  {ann.key[:11]}\u2026  Kryton API key

What is done, at {ann.host}:
  1. Sign in
       POST {ann.verifying.own}/api/auth/sign-in/email
  2. Find the key among the account's API keys
       GET {ann.verifying.own}/api/api-keys
  3. Make a new key of the same name and scope
       POST {ann.verifying.own}/api/api-keys
  4. Delete the old key
       DELETE {ann.verifying.own}/api/api-keys/<id>
  5. Ask once more whether the old key is dead

What is left for a person:
  - The new key has no expiry date; make one with a date under Account Settings,
    API Keys, if the old one had a date.
{AGENTS}
Nothing was sent. To do it, add --confirm {number}
"""
    assert ann.verifying.silent
    assert not ann.new.exists()


def test_revoke(ann):
    ended = ann.act()
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        SIGNED_IN, FOUND, "done    Delete the key: the key is deleted",
        proved(ann)]
    assert ann.verifying.sent == [SIGN_IN, LIST, deletes(ann), LIST]
    assert ann.player.keys() == []


def test_what_a_revocation_sends(ann):
    ann.act()
    sign_in, rows, delete, proof = ann.stub.seen
    assert sign_in.json == {"email": ANN, "password": ann.password}
    assert sign_in.headers.all("cookie") == []
    for seen in (rows, delete):
        (cookie,) = seen.headers.all("cookie")
        assert [one.partition("=")[0] for one in cookie.split("; ")] == [
            "better-auth.session_token", "better-auth.session_data"]
        assert seen.headers.all("authorization") == []
        assert seen.body == b""
    assert proof.headers.all("cookie") == []
    assert proof.headers.all("authorization") == [f"Bearer {ann.key}"]


def test_replace(ann):
    ended = ann.replace()
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        SIGNED_IN, FOUND, MADE, written(ann), works(ann),
        "done    Delete the old key: the old key is deleted", proved(ann)]
    assert ann.verifying.sent == [SIGN_IN, LIST, MAKE, LIST, deletes(ann),
                                  LIST]
    (new,) = ann.player.keys()
    assert (new.name, new.scope, new.expires) == ("laptop", "read-write", None)
    assert ann.new.read_text() == new.text + "\n"
    assert stat.S_IMODE(ann.new.stat().st_mode) == 0o600
    assert [path for path in ann.new.parent.iterdir() if path.is_file()] \
        == [ann.new]
    test, proof = ann.stub.seen[3], ann.stub.seen[5]
    assert test.headers.all("authorization") == [f"Bearer {new.text}"]
    assert proof.headers.all("authorization") == [f"Bearer {ann.key}"]
    for seen in (test, proof):
        assert seen.headers.all("cookie") == []


def test_the_new_key_lives_and_the_old_one_is_dead(ann):
    """Both are asked about anew, without what was believed before."""
    verifying = ann.verifying
    assert verdict(verifying.verify(ann.key, *ann.base))[0] == "active"
    number = name_of(ann.plan())
    ended = ann.plan("--confirm", number, "--replace", ann.new)
    assert ended.code == 0
    old = verifying.verify(ann.key, *ann.base)
    assert verdict(old)[::2] == ("inactive", 0)
    assert old.finding["id"] == number
    new = verifying.verify(ann.new.read_text(), *ann.base)
    assert verdict(new)[::2] == ("active", 1)


def test_scope_is_kept(ann):
    ann.key = ann.player.mint(ANN, "reader", "read-only")
    ann.verifying.secrets.append(ann.key)
    ann.row = ann.player.key(ann.key).id
    assert ann.replace().code == 0
    new = ann.player.key(ann.new.read_text().strip())
    assert (new.name, new.scope) == ("reader", "read-only")
    assert len(ann.player.keys()) == 2  # with the one of the fixture


@pytest.mark.parametrize("name", [
    'Ann\'s "notes"', "back\\slash \\u0041 \\", "B\u00fcro \u6771\u4eac "
    "\U0001f511", "%{secret} %{password} %41 100%", "a\tb\x01c",
    "x" * 100, "</script>&amp;", "\u202egnol\u2028."],
    ids=["quotes", "backslashes", "unicode", "percent", "controls", "long",
         "markup", "directions"])
def test_name_is_kept(ann, name):
    ann.player.key(ann.key).name = name
    ended = ann.replace()
    assert ended.code == 0
    (new,) = ann.player.keys()
    assert new.name == name
    assert ann.stub.seen[2].json == {"name": name, "scope": "read-write"}


def test_record_of_requests(ann):
    ended = ann.replace()
    number = ended.text.split()[0]
    rows, sign_in = "/api/api-keys", "/api/auth/sign-in/email"
    expected = []
    for method, path, status, result in [
            ("POST", sign_in, 200, "next"), ("GET", rows, 200, "next"),
            ("POST", rows, 201, "next"), ("GET", rows, 403, "active"),
            ("DELETE", f"{rows}/{ann.row}", 204, "next"),
            ("GET", rows, 401, "inactive")]:
        entry = {"id": number, "rule": "kryton-api-key", "method": method,
                 "host": ann.host, "path": path}
        expected += [{"event": "sent", **entry},
                     {"event": "answered", **entry, "status": status,
                      "verdict": result}]
    lines = ann.verifying.audit()
    assert all(line.pop("time") for line in lines)
    assert lines == expected


# What is refused before anything is sent.


def refused(ann, ended, why):
    assert (ended.code, ended.err) == (2, f"keytidy: {why}\n")
    assert ann.verifying.silent
    assert ann.verifying.audit() == []
    assert ann.lives


def test_another_keys_name_confirmed(one):
    number = name_of(one.plan())
    for wrong in ("kt-0000000000000000", number.upper(), number[:-1], "yes"):
        refused(one, one.plan("--confirm", wrong),
                f"--confirm {wrong}: the key is {number}")


def test_dry_run_goes_before_confirm(one):
    ended = one.act("--dry-run")
    assert ended.code == 0
    assert "Nothing was sent." in ended.text
    assert one.verifying.silent


@pytest.mark.parametrize("kind", ["file", "empty", "link", "dangling",
                                  "folder"])
def test_the_new_file_is_there_already(one, kind):
    target = one.verifying.scene.home / "target"
    if kind == "file":
        one.new.write_text("mine\n")
    elif kind == "empty":
        one.new.touch()
    elif kind == "folder":
        one.new.mkdir()
    else:
        one.new.symlink_to(target)
        if kind == "link":
            target.write_text("mine\n")
    refused(one, one.replace(),
            f"{one.new}: is there already; the new key is written to a new "
            "file")
    if kind == "file":
        assert one.new.read_text() == "mine\n"
    assert target.exists() == (kind == "link")


def test_the_new_files_folder_is_not_there(one):
    one.new = one.verifying.scene.home / "nowhere" / "new.key"
    ended = one.replace()
    assert ended.code == 2
    assert str(one.new) in ended.err
    assert one.verifying.silent


def test_a_file_that_appears_meanwhile(one):
    """Somebody else's file is not written over; the old key stays."""
    def handler(seen):
        one.new.write_text("mine\n")
        return one.player(seen)

    one.faults[("POST", "/api/api-keys")] = handler
    ended = one.replace()
    assert ended.code != 0
    assert one.new.read_text() == "mine\n"
    assert one.lives
    assert deletes(one) not in one.verifying.sent


@pytest.mark.parametrize("missing, ask", [
    ("KRYTON_EMAIL", "E-mail address of the Kryton account"),
    ("KRYTON_PASSWORD", "Its password")])
def test_nobody_to_ask(one, missing, ask):
    number = name_of(one.plan())
    one.env[missing] = ""
    ended = one.plan("--confirm", number, start_new_session=True)
    refused(one, ended, f"{ask} is needed: set {missing}")


def test_server_not_named(one):
    one.base = ()
    refused(one, one.plan(), "where the Kryton server is, the key does not "
            "say: name it with --base kryton=URL, or as base under "
            "[verify.kryton] in your own configuration")


def test_record_of_requests_cannot_be_written(one):
    """What cannot be recorded is not sent."""
    log = one.verifying.scene.home / "shared.jsonl"
    log.touch(0o644)
    log.chmod(0o644)
    ended = one.act("--audit-log", log)
    assert ended.code == 2
    assert "must be yours alone (mode 0600)" in ended.err
    assert one.verifying.silent


# A person at a terminal.


class Terminal:
    """A run with a terminal of its own, on which `read_to` and `type` act."""

    def __init__(self, scene, *args, env, stdin):
        self.fd, slave = pty.openpty()
        self.shown = b""

        def session():
            os.setsid()
            os.close(os.open(os.ttyname(slave), os.O_RDWR))

        self._run = subprocess.Popen(
            [PROGRAM, *map(str, args)], cwd=scene.dir,
            env=scene.environment(env), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=session)
        self._run.stdin.write(stdin.encode())
        self._run.stdin.close()
        self._run.stdin = None
        self._slave = slave

    def read_to(self, text):
        while text.encode() not in self.shown:
            self.shown += os.read(self.fd, 4096)

    def type(self, line, hidden=False):
        ends = time.monotonic() + PATIENCE
        while hidden and termios.tcgetattr(self._slave)[3] & termios.ECHO:
            assert time.monotonic() < ends
        os.write(self.fd, line.encode() + b"\n")

    def end(self):
        out, err = self._run.communicate(timeout=PATIENCE)
        os.set_blocking(self.fd, False)
        try:
            self.shown += os.read(self.fd, 65536)
        except BlockingIOError:
            pass
        os.close(self.fd)
        os.close(self._slave)
        return self._run.returncode, out.decode(), err.decode()


def test_a_person_is_asked(one):
    number = name_of(one.plan())
    one.password = "typed in"
    one.player.account(BOB, one.password)
    one.key = one.player.mint(BOB)
    number = name_of(one.plan())
    terminal = Terminal(
        one.verifying.scene, "revoke", "-", *one.base, "--ca-file",
        one.stub.authority.ca_file, "--confirm", number,
        env=one.verifying.env, stdin=one.key)
    terminal.read_to("E-mail address of the Kryton account: ")
    terminal.type(BOB)
    terminal.read_to("Its password: ")
    terminal.type(one.password, hidden=True)
    code, out, err = terminal.end()
    assert (code, err) == (0, "")
    assert proved(one) in out
    assert one.password.encode() not in terminal.shown
    assert one.key not in out + terminal.shown.decode()
    assert not one.lives


# What goes wrong, and where it stops.


def test_wrong_password(ann):
    wrong = "another"
    ann.env["KRYTON_PASSWORD"] = wrong
    ended = ann.act()
    why = f"{ann.host} answered 401: e-mail address or password is wrong"
    assert done(ended) == [f"failed  Sign in: {why}"]
    stopped(ended, why)
    assert ann.verifying.sent == [SIGN_IN]
    assert ann.lives


def test_too_many_sign_ins(verifying, request):
    """A request that changes something is sent once, whatever the answer."""
    ann = Account(verifying, "new", sign_ins=1)
    ann.faults[("POST", "/api/auth/sign-in/email")] = Storm(form="zero")
    ended = ann.act()
    stopped(ended, f"{ann.host} answered 429: the server limits the rate of "
            "requests")
    assert ann.verifying.sent == [SIGN_IN]


NOT_LISTED = "{} answered 200, but the answer does not hold id; nothing more " \
    "is done"


@pytest.mark.parametrize("how", ["revoke", "replace"])
def test_key_of_somebody_else(ann, how):
    ann.player.account(BOB, "other")
    ann.env = {"KRYTON_EMAIL": BOB, "KRYTON_PASSWORD": "other"}
    ann.player.mint(BOB)
    ended = ann.act() if how == "revoke" else ann.replace()
    why = NOT_LISTED.format(ann.host)
    assert done(ended) == [
        SIGNED_IN,
        f"failed  Find the key among the account's API keys: {why}"]
    stopped(ended, why)
    assert ann.verifying.sent == [SIGN_IN, LIST]
    assert ann.lives and len(ann.player.keys()) == 2
    assert not ann.new.exists()


def test_two_keys_that_begin_alike(one):
    """Which one to delete, nothing tells."""
    twin = one.player.mint(ANN, "twin")
    row = one.player._keys.pop(twin)
    row.text = one.key[:15] + twin[15:]
    one.player._keys[row.text] = row
    ended = one.act()
    stopped(ended, NOT_LISTED.format(one.host))
    assert len(one.player.keys()) == 2


@pytest.mark.parametrize("expired", [False, True], ids=["alive", "expired"])
def test_ten_keys(ann, expired):
    for _ in range(9):
        key = ann.player.mint(ANN)
        if expired:
            ann.player.expire(key)
    ended = ann.replace()
    why = (f"{ann.host} answered 400: the account has ten keys, which is the "
           "most: delete one that is not needed, expired ones count too")
    assert done(ended)[2:] == [
        f"failed  Make a new key of the same name and scope: {why}"]
    stopped(ended, why)
    assert len(ann.player.keys()) == 10
    assert ann.lives and not ann.new.exists()


@pytest.mark.parametrize("answer, says", [
    (json_answer(401, {"error": "Invalid or expired API key"}), DEAD),
    (html_answer(403, "<html>Access denied</html>"),
     "a web page, as proxies and firewalls send it, proves nothing"),
], ids=["dead", "unknown"])
def test_new_key_that_does_not_work(ann, answer, says):
    ann.faults[("GET", "/api/api-keys")] = lambda seen: (
        answer if bearer(seen.headers) not in (None, ann.key)
        else ann.player(seen))
    ended = ann.replace()
    assert done(ended)[3:] == [
        written(ann),
        f"failed  Test the new key: {ann.host} answered {answer.status}: "
        f"{says}"]
    stopped(ended, "the new key is not proved to work, so nothing more is "
            "done; find out which of the two works before one is deleted")
    assert ann.verifying.sent == [SIGN_IN, LIST, MAKE, LIST]
    assert ann.lives
    (new,) = ann.others
    assert ann.new.read_text() == new.text + "\n"


@pytest.mark.parametrize("answer", [
    json_answer(201, {"id": "1"}), json_answer(201, {"key": ""}),
    json_answer(201, {"key": "other"}), json_answer(200, {}),
    html_answer(201, "<html>Made</html>")],
    ids=["no-key", "empty", "odd", "200", "page"])
def test_answer_without_a_new_key(one, answer):
    one.faults[("POST", "/api/api-keys")] = lambda seen: answer
    ended = one.replace()
    assert (ended.code, ended.err) == (1, "")
    assert "Stopped: " in ended.text
    assert one.verifying.sent == [SIGN_IN, LIST, MAKE]
    assert one.lives and not one.new.exists()


@pytest.mark.parametrize("place, title, requests", [
    (("POST", "/api/auth/sign-in/email"), "Sign in", 1),
    (("POST", "/api/api-keys"), "Make a new key of the same name and scope",
     3),
    ("DELETE", "Delete the old key", 5)], ids=["sign-in", "make", "delete"])
def test_answer_to_a_write_is_lost(ann, place, title, requests):
    """It may have been done; it is not done again."""
    def handler(seen):
        ann.player(seen)
        return Raw(lost)

    ann.faults[place] = handler
    ended = ann.replace()
    last = done(ended)[-1]
    assert last.startswith(f"failed  {title}: ")
    assert last.endswith(NOT_KNOWN)
    stopped(ended, last.removeprefix(f"failed  {title}: "))
    assert len(ann.verifying.sent) == requests
    assert ann.lives == (place != "DELETE")
    assert ann.new.exists() == (place == "DELETE")
    entry = ann.verifying.audit()[-1]
    assert entry["event"] == "failed"
    assert "status" not in entry


def test_answer_to_a_question_is_lost(ann):
    ann.faults[("GET", "/api/api-keys")] = lambda seen: Raw(lost)
    ended = ann.replace()
    assert done(ended)[1].startswith(
        "failed  Find the key among the account's API keys: ")
    assert "not known" not in ended.text
    assert ended.code == 1
    assert MAKE not in ann.verifying.sent
    assert ann.lives


def test_deleted_by_somebody_else_meanwhile(ann):
    def handler(seen):
        ann.player.revoke(ann.key)
        return ann.player(seen)

    ann.faults["DELETE"] = handler
    ended = ann.act()
    stopped(ended, f"{ann.host} answered 404: the account has no such key any "
            "more")
    assert ann.verifying.sent == [SIGN_IN, LIST, deletes(ann)]


@pytest.mark.parametrize("answer, says", [
    (text_answer(500, "oops"), "the server has an error of its own"),
    (text_answer(503, "later", Retry_After="0"),
     "the server has an error of its own"),
    (text_answer(429, "later", Retry_After="0"),
     "the server limits the rate of requests"),
    (html_answer(404, "<html>no</html>"),
     "a web page, as proxies and firewalls send it, proves nothing"),
    (json_answer(200, {}),
     "an answer that the recipe does not know proves nothing"),
], ids=["500", "503", "429", "404-page", "200"])
@pytest.mark.parametrize("how", ["revoke", "replace"])
def test_deletion_fails(one, how, answer, says):
    one.faults["DELETE"] = lambda seen: answer
    ended = one.act() if how == "revoke" else one.replace()
    stopped(ended, f"{one.host} answered {answer.status}: {says}")
    assert one.verifying.sent.count(deletes(one)) == 1
    assert one.verifying.sent[-1] == deletes(one)
    assert one.lives
    if how == "replace":
        assert one.new.read_text().strip() in [key.text for key in one.others]


@pytest.mark.parametrize("answered", [1, 2, 3, 4, 5])
def test_server_goes_away(ann, answered):
    """After so many answers; what was done by then is said."""
    def handler(seen):
        if len(ann.stub.seen) > answered:
            return Raw(lost)
        return ann.player(seen)

    ann.faults = dict.fromkeys(("GET", "POST", "DELETE"), handler)
    ended = ann.replace()
    assert ended.code == (3 if answered == 5 else 1)
    lines = [SIGNED_IN, FOUND, MADE, written(ann), works(ann),
             "done    Delete the old key: the old key is deleted"]
    # The file is written between the third answer and the fourth.
    expected = lines[:answered + (answered > 2)]
    assert done(ended)[:-1] == expected
    assert done(ended)[-1].startswith(
        "unknown" if answered == 5 else "failed")
    assert ann.lives == (answered < 5)
    assert ann.new.exists() == (answered > 2)


def test_session_that_ends_meanwhile(ann):
    def handler(seen):
        ann.player.end_sessions()
        return ann.player(seen)

    ann.faults["DELETE"] = handler
    ended = ann.act()
    assert ended.code == 1
    assert done(ended)[-1].startswith(
        f"failed  Delete the key: {ann.host} answered 401: ")
    assert ann.lives


def test_still_alive_after_deletion(ann):
    ann.faults["DELETE"] = lambda seen: text_answer(204, "")
    for how in (ann.act, ann.replace):
        ann.stub.seen.clear()
        ann.stub.connects.clear()
        ann.new.unlink(missing_ok=True)
        ended = ann.plan("--confirm", name_of(ann.plan()),
                         *(["--replace", ann.new] if how == ann.replace
                           else []))
        assert (ended.code, ended.err) == (1, "")
        assert done(ended)[-1] == (
            f"failed  The old key is still alive: {ann.host} answered 403: "
            f"{ALIVE}")


@pytest.mark.parametrize("answer, says", [
    (html_answer(200, "<html>Sign in</html>"),
     "a web page, as proxies and firewalls send it, proves nothing"),
    (json_answer(401, {"error": "Missing or invalid session"}),
     "an answer that the recipe does not know proves nothing")],
    ids=["page", "401"])
def test_unknown_after_deletion(ann, answer, says):
    ann.faults[("GET", "/api/api-keys")] = lambda seen: (
        answer if bearer(seen.headers) else ann.player(seen))
    ended = ann.act()
    assert (ended.code, ended.err) == (3, "")
    assert done(ended)[-1] == (
        f"unknown Whether the old key is dead: {ann.host} answered "
        f"{answer.status}: {says}")
    assert not ann.lives


@pytest.mark.parametrize("body", [
    {"twoFactorRedirect": True}, {"token": None}, []])
def test_sign_in_that_wants_more(ann, body):
    """A second factor is not documented; the sign-in has not worked."""
    ann.faults[("POST", "/api/auth/sign-in/email")] = \
        lambda seen: json_answer(200, body)
    stopped(ann.act(), f"{ann.host} answered 200: an answer that the recipe "
            "does not know proves nothing")
    assert ann.verifying.sent == [SIGN_IN]


def test_new_key_that_cannot_be_tested_in_time(one):
    def handler(seen):
        if bearer(seen.headers) not in (None, one.key):
            return text_answer(429, "later", Retry_After="3600")
        return one.player(seen)

    one.faults[("GET", "/api/api-keys")] = handler
    ended = one.replace("--deadline", "1")
    stopped(ended, "the new key is not proved to work, so nothing more is "
            "done; find out which of the two works before one is deleted")
    assert one.verifying.sent == [SIGN_IN, LIST, MAKE, LIST]
    assert one.lives


@pytest.mark.parametrize("row", [
    "..", ".", "../agents/1", "../../api/agents/1", "1?all=true", "1#",
    "%2e%2e", "a b", "a\r\nX: y"])
def test_server_whose_id_leads_elsewhere(one, row):
    """It stays one part of the path, or nothing is deleted."""
    one.player.key(one.key).id = row
    one.faults["DELETE"] = lambda seen: text_answer(204, "")
    one.act()
    for seen in one.stub.seen:
        if seen.method == "DELETE":
            head, part = seen.target[:14], seen.target[14:]
            assert head == "/api/api-keys/"
            assert part and not set(part) & set("/?# ")
            assert part not in (".", "..")
        assert seen.headers.all("x") == []


def test_new_key_of_two_lines(one):
    def handler(seen):
        made = one.player(seen)
        value = json.loads(made.body)
        value["key"] = value["key"][:30] + "\nexport PATH=\n"
        return json_answer(201, value)

    one.faults[("POST", "/api/api-keys")] = handler
    ended = one.replace()
    assert ended.code == 1
    assert one.lives
    assert deletes(one) not in one.verifying.sent


@pytest.mark.parametrize("method, place, sent", [
    ("POST", "/api/auth/sign-in/email", 1), ("GET", "/api/api-keys", 2)],
    ids=["sign-in", "list"])
def test_interrupted(one, method, place, sent):
    """What is under way ends; nothing more is begun."""
    number = name_of(one.plan())
    running = []

    def handler(seen):
        running[0].send_signal(signal.SIGINT)
        return one.player(seen)

    one.faults[(method, place)] = handler
    running.append(one.verifying.scene.start(
        "revoke", "-", "--ca-file", one.stub.authority.ca_file, *one.base,
        "--replace", one.new, "--confirm", number, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**one.verifying.env, **one.env}))
    out, _ = running[0].communicate(one.key.encode(), timeout=PATIENCE)
    assert len(one.verifying.sent) == sent
    assert running[0].returncode not in (0, 1)
    assert one.lives and not one.new.exists()
    assert one.key.encode() not in out


def test_no_more_requests_than_allowed(one):
    """Whatever becomes of it; best before the first of them."""
    one.act("--max-requests", "2")
    assert len(one.verifying.sent) <= 2


# A key of a report.


def test_key_of_a_report(one):
    path = one.verifying.scene.write("a.env", f"KRYTON_TOKEN={one.key}\n")
    one.verifying.given.append(path)
    report = one.verifying.scene.home / "all.json"
    ended = one.verifying.scene.run("scan", "-f", "json", "-o", report)
    assert ended.code == 1
    number = json.loads(report.read_text())["findings"][0]["id"]
    args = (number, "--from", report, *one.base)
    run = one.verifying.run
    assert name_of(run("revoke", *args, env=one.env)) == number
    assert one.verifying.silent
    ended = run("revoke", *args, "--confirm", number, env=one.env)
    assert ended.code == 0
    assert done(ended)[-1] == proved(one)
    assert not one.lives
    assert path.read_text() == f"KRYTON_TOKEN={one.key}\n"


@pytest.mark.parametrize("how", ["beside", "named"])
def test_server_of_a_key_of_a_report(one, how):
    """Nothing is done at a server that only the file names."""
    path = one.verifying.scene.write(
        "a.env", f"KRYTON_TOKEN={one.key}\nKRYTON_URL={one.verifying.own}\n")
    one.verifying.given.append(path)
    report = one.verifying.scene.home / "all.json"
    one.verifying.scene.run("scan", "-f", "json", "-o", report)
    number = json.loads(report.read_text())["findings"][0]["id"]
    args = ("revoke", number, "--from", report)
    ended = one.verifying.run(*args, "--confirm", number, env=one.env)
    refused(one, ended, "the server that stands beside the key is not trusted "
            "by itself: name it with --base kryton=URL, or take such "
            "addresses with --trust-config-hosts")
    more = ["--trust-config-hosts"]
    if how == "named":
        more = ["--config", one.verifying.scene.home / "own.toml"]
        more[1].write_text(f'[verify.kryton]\nbase = "{one.verifying.own}"\n')
    ended = one.verifying.run(*args, *more, "--confirm", number, env=one.env)
    assert (ended.code, done(ended)[-1]) == (0, proved(one))
    assert not one.lives


def test_key_that_the_report_does_not_have(one):
    report = one.verifying.scene.home / "all.json"
    one.verifying.scene.run("scan", "-f", "json", "-o", report)
    ended = one.verifying.run("revoke", "kt-0000000000000000", "--from",
                              report, env=one.env)
    refused(one, ended, "kt-0000000000000000: no key that is still where "
            f"{report} says has this id")


def test_key_without_a_report(one):
    ended = one.verifying.run("revoke", "kt-0000000000000000")
    refused(one, ended, "kt-0000000000000000: where is it? Give the report "
            "that has it with --from, or '-' and the key on standard input")


def test_key_itself_is_no_argument(one):
    """It would stand in the history of the shell; it is not shown again."""
    ended = one.verifying.run("revoke", one.key, *one.base, env=one.env)
    assert ended.code == 2
    assert one.key not in ended.err + ended.text
    assert one.verifying.silent


# Karzoun: up to the step that only its page can do.


MANAGER = ["showDeveloper", "removeDeveloper"]
TO_KARZOUN = "POST notes.api.karzoun.chat/graphql"


class Workspace:
    def __init__(self, verifying):
        self.verifying = verifying
        self.player = Karzoun()
        verifying.stub.at(self.player.host, self.player)
        self.token = self.player.mint("leaked")
        self.args = ("--rule", "karzoun-app-token", "--base",
                     f"karzoun=https://{self.player.host}")
        self.manage(MANAGER)

    def manage(self, permissions):
        self.manager = self.player.mint("manager", permissions)
        self.verifying.secrets += [self.token, self.manager]

    def plan(self, *args):
        return self.verifying.revoke(
            self.token, *self.args, *args,
            env={"KARZOUN_DEVELOPER_TOKEN": self.manager})

    def act(self):
        number = name_of(self.plan())
        assert self.verifying.silent
        return self.plan("--confirm", number)


@pytest.fixture
def workspace(verifying):
    return Workspace(verifying)


APP_FOUND = ("done    Find the app among the workspace's apps: the workspace "
             "lists its apps")


def test_karzoun_plan(workspace):
    ended = workspace.plan()
    assert ("What is left for a person:\n  - First disable the app at "
            "karzoun.chat/developer/apps") in ended.text
    assert f"https://{workspace.player.host}/graphql\n" in ended.text
    assert workspace.verifying.silent


def test_karzoun_app_that_is_enabled(workspace):
    ended = workspace.act()
    why = (f"{workspace.player.host} answered 200: the app is still enabled: "
           "disable it under Developer, Apps, then do this again")
    assert done(ended) == [
        APP_FOUND,
        f"failed  Remove the app, which has to be disabled already: {why}"]
    stopped(ended, why)
    assert workspace.verifying.sent == [TO_KARZOUN] * 2
    assert workspace.player.app(workspace.token)


def test_karzoun_app_that_is_disabled(workspace):
    workspace.player.disable(workspace.token)
    ended = workspace.act()
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        APP_FOUND,
        "done    Remove the app, which has to be disabled already: the app "
        "and its token are removed",
        f"proved  The old key is dead: {workspace.player.host} answered 401: "
        "the API does not let the token in: unknown, expired, or its app is "
        "disabled or removed"]
    tokens = [seen.headers.all("x-app-token")
              for seen in workspace.verifying.stub.seen]
    assert tokens == [[workspace.manager]] * 2 + [[workspace.token]]
    assert [app.name for app in workspace.player.apps()] == ["manager"]


@pytest.mark.parametrize("permissions, done_before", [
    ([], []), (["showDeveloper"], [APP_FOUND])], ids=["none", "show"])
def test_karzoun_token_that_may_not(workspace, permissions, done_before):
    workspace.player.disable(workspace.token)
    workspace.manage(permissions)
    ended = workspace.act()
    assert (ended.code, ended.err) == (1, "")
    assert done(ended)[:-1] == done_before
    assert done(ended)[-1].startswith("failed")
    assert workspace.player.app(workspace.token)


@pytest.mark.parametrize("twins", [0, 2])
def test_karzoun_app_that_is_not_certain(workspace, twins):
    player, token = workspace.player, workspace.token
    app = player.app(token)
    app.enabled = False
    if twins:
        other = player.app(player.mint("other"))
        other.token, other.enabled = "made.up." + token[-4:], False
    else:
        player.revoke(token)
    count = len(player.apps())
    ended = workspace.act()
    assert (ended.code, ended.err) == (1, "")
    assert workspace.verifying.sent == [TO_KARZOUN]
    assert len(player.apps()) == count


def test_karzoun_replacement_is_a_persons(workspace):
    file = workspace.verifying.scene.home / "new.key"
    ended = workspace.plan("--replace", file)
    number = name_of(ended)
    assert ("\nThis provider has no call that makes a new key of the kind.\n"
            ) in ended.text
    ended = workspace.plan("--replace", file, "--confirm", number)
    assert (ended.code, ended.err) == (
        2, "keytidy: this has to be done by hand, as described above\n")
    assert workspace.verifying.silent
    assert not file.exists()


# Providers that have no call for it.


BY_HAND = {
    "kataven": ("kataven-api-key", "At hub.kataven.ai/settings, tab API Keys, "
                "find the key by its name"),
    "konstantly": ("konstantly-mcp-key", "In Konstantly, Settings, MCP Keys, "
                   "find the key by its name"),
    "corcava": ("corcava-api-key", "In Corcava, Settings, Integrations, Public "
                "API, find the key by its name and delete it")}


@pytest.mark.parametrize("system", BY_HAND)
@pytest.mark.parametrize("args", [(), ("--replace", "new.key")],
                         ids=["revoke", "replace"])
def test_by_hand(verifying, keys, system, args):
    key = keys.of(system)
    verifying.secrets.append(key)
    rule, first = BY_HAND[system]
    args = ("--rule", rule, *args)
    ended = verifying.revoke(key, *args)
    number = name_of(ended)
    text = " ".join(ended.text.split())
    if "--replace" in args:
        assert "This provider has no call that makes a new key" in text
    else:
        assert "This provider has no call that revokes the key." in text
        assert f"What is left for a person: - {first}" in text
    assert text.endswith("Nothing was sent; afterwards `keytidy verify` proves "
                         "that the key is dead.")
    ended = verifying.revoke(key, *args, "--confirm", number)
    assert (ended.code, ended.err) == (
        2, "keytidy: this has to be done by hand, as described above\n")
    assert verifying.silent
    assert not (verifying.scene.dir / "new.key").exists()


def test_kind_without_a_recipe(verifying, keys):
    cookie = keys.pick("0123456789abcdef", 32)
    verifying.secrets.append(cookie)
    args = ("--rule", "kryton-session-cookie")
    ended = verifying.revoke(cookie, *args)
    number = name_of(ended)
    assert "\nThere is no recipe for this kind of key.\n" in ended.text
    ended = verifying.revoke(cookie, *args, "--confirm", number)
    assert ended.code == 2
    assert ended.err.startswith(
        "keytidy: there is no recipe for this kind of key. By hand: ")
    assert verifying.silent


def test_open_key(verifying, keys):
    """Nobody is told to revoke what may be another's."""
    key = keys.kataven()
    verifying.secrets.append(key)
    ended = verifying.revoke(key)
    assert (ended.code, ended.out) == (2, b"")
    assert "--rule ID" in ended.err
    assert verifying.silent


# GitHub, GitLab and Slack: small servers, after what their documentation says
# of the calls.


class Provider:
    """Answers by "METHOD path"; a function of what was seen, or an answer."""

    def __init__(self, verifying, host, key, *args):
        self.verifying, self.key, self.args = verifying, key, args
        self.answers = {}
        self.gone = False
        verifying.secrets.append(key)
        verifying.stub.at(host, self)

    def __call__(self, seen):
        answer = self.answers[f"{seen.method} {seen.path}"]
        return answer(seen) if callable(answer) else answer

    def ends(self, answer):
        """An answer with which the key dies."""
        def handler(seen):
            self.gone = True
            return answer
        return handler

    def act(self, *args):
        ended = self.verifying.revoke(self.key, *self.args, *args)
        number = name_of(ended)
        assert self.verifying.silent
        return self.verifying.revoke(self.key, *self.args, *args, "--confirm",
                                     number)


BAD = {"message": "Bad credentials", "status": "401",
       "documentation_url": "https://docs.github.com/rest"}
REVOKE_AT_GITHUB = "POST /credentials/revoke"


@pytest.fixture
def github(verifying, keys):
    it = Provider(verifying, "api.github.com", keys.github())
    it.answers = {
        REVOKE_AT_GITHUB: it.ends(json_answer(202, {})),
        "GET /user": lambda seen: json_answer(401, BAD) if it.gone else
        json_answer(200, {"login": "ann", "id": 1})}
    return it


def test_github(github):
    ended = github.act()
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        "done    Hand the token in as exposed, which revokes it: GitHub took "
        "the token in, and revokes it",
        "proved  The old key is dead: api.github.com answered 401: GitHub.com, "
        "or the server named instead, does not know the token, or it is "
        "expired or revoked; a server of one's own would have to be named"]
    assert github.verifying.sent == [
        "POST api.github.com/credentials/revoke", "GET api.github.com/user"]
    revocation, proof = github.verifying.stub.seen
    assert revocation.json == {"credentials": [github.key]}
    assert revocation.headers.all("content-type") == ["application/json"]
    assert revocation.headers.all("accept") == ["application/vnd.github+json"]
    # The call takes no authentication, least of all with what is revoked.
    assert revocation.headers.all("authorization") == []
    assert proof.headers.all("authorization") == [f"Bearer {github.key}"]


def test_github_takes_its_time(github):
    github.answers[REVOKE_AT_GITHUB] = json_answer(202, {})
    ended = github.act()
    assert ended.code == 1
    assert done(ended)[-1] == (
        "failed  The old key is still alive: api.github.com answered 200: the "
        "API names the token's account")


@pytest.mark.parametrize("status, says", [
    (422, "GitHub refuses the request, or has had too many of them"),
    (500, "the server has an error of its own")])
def test_github_refuses(github, status, says):
    github.answers[REVOKE_AT_GITHUB] = json_answer(
        status, {"message": "Validation Failed"})
    ended = github.act()
    stopped(ended, f"api.github.com answered {status}: {says}")
    assert github.verifying.sent == ["POST api.github.com/credentials/revoke"]


def test_github_answer_is_lost(github):
    github.answers[REVOKE_AT_GITHUB] = lambda seen: Raw(lost)
    ended = github.act()
    assert ended.code == 1
    assert NOT_KNOWN in ended.text
    assert github.verifying.sent == ["POST api.github.com/credentials/revoke"]


def test_github_installation_token(verifying, keys):
    it = Provider(verifying, "api.github.com", "ghs_" + keys.github()[4:])
    it.answers = {
        "DELETE /installation/token": it.ends(text_answer(204, "")),
        "GET /installation/repositories":
            lambda seen: json_answer(401, BAD)}
    ended = it.act()
    assert ended.code == 0
    assert done(ended)[-1].startswith("proved  The old key is dead: ")
    assert verifying.sent == [
        "DELETE api.github.com/installation/token",
        "GET api.github.com/installation/repositories?per_page=1"]
    assert {seen.headers["authorization"] for seen in verifying.stub.seen} \
        == {f"Bearer {it.key}"}


SELF = "/api/v4/personal_access_tokens/self"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"
GITLAB_DEAD = {"error": "invalid_token", "error_description":
               "Token was revoked. You have to re-authorize from the user."}


def token_row(**more):
    return {"id": 42, "name": "deploy", "revoked": False, "active": True,
            "scopes": ["api"], "user_id": 3, "expires_at": None, **more}


@pytest.fixture
def gitlab(verifying, keys):
    it = Provider(verifying, "localhost", "glpat-" + keys.pick(LETTERS, 20),
                  "--base", f"gitlab={verifying.own}")
    it.new = "glpat-" + keys.pick(LETTERS, 20)
    it.file = verifying.scene.home / "new.key"
    it.host = verifying.own.removeprefix("https://")
    verifying.secrets.append(it.new)
    verifying.given = [it.file]

    def about(seen):
        token = seen.headers["private-token"]
        if token == it.key and it.gone:
            return json_answer(401, GITLAB_DEAD)
        assert token in (it.key, it.new)
        return json_answer(200, token_row())

    it.answers = {
        f"GET {SELF}": about,
        f"DELETE {SELF}": it.ends(text_answer(204, "")),
        f"POST {SELF}/rotate": it.ends(
            json_answer(200, token_row(token=it.new)))}
    return it


def test_gitlab(gitlab):
    ended = gitlab.act()
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        "done    Let the token revoke itself: the token is revoked",
        f"proved  The old key is dead: {gitlab.host} answered 401: the token "
        "is revoked"]
    assert gitlab.verifying.sent == [f"DELETE localhost{SELF}",
                                     f"GET localhost{SELF}"]
    assert [seen.headers.all("private-token")
            for seen in gitlab.verifying.stub.seen] == [[gitlab.key]] * 2


def test_gitlab_rotation(gitlab):
    ended = gitlab.act("--replace", gitlab.file)
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        "done    Let the token rotate itself: a new token, and the old one "
        "revoked: the server made a new token and revoked the old one",
        f"done    Write the new key to {gitlab.file} (mode 0600)",
        f"done    Test the new key: {gitlab.host} answered 200: the server "
        "describes the token",
        f"proved  The old key is dead: {gitlab.host} answered 401: the token "
        "is revoked"]
    assert gitlab.verifying.sent == [
        f"POST localhost{SELF}/rotate", f"GET localhost{SELF}",
        f"GET localhost{SELF}"]
    assert [seen.headers["private-token"]
            for seen in gitlab.verifying.stub.seen] \
        == [gitlab.key, gitlab.new, gitlab.key]
    assert gitlab.file.read_text() == gitlab.new + "\n"
    assert stat.S_IMODE(gitlab.file.stat().st_mode) == 0o600


@pytest.mark.parametrize("status, says", [
    (403, "the token may not rotate itself: that takes the scope api or "
     "self_rotate"),
    (405, "the token is not a person's: rotate it in the settings of its "
     "project or group")])
def test_gitlab_refuses_to_rotate(gitlab, status, says):
    gitlab.answers[f"POST {SELF}/rotate"] = json_answer(
        status, {"error": "insufficient_scope"})
    ended = gitlab.act("--replace", gitlab.file)
    stopped(ended, f"{gitlab.host} answered {status}: {says}")
    assert len(gitlab.verifying.sent) == 1
    assert not gitlab.file.exists()


def test_gitlab_new_token_that_does_not_work(gitlab):
    """The old one is revoked by the same call, and cannot be said to stay."""
    gitlab.answers[f"GET {SELF}"] = json_answer(401, GITLAB_DEAD)
    ended = gitlab.act("--replace", gitlab.file)
    assert ended.code == 1
    assert gitlab.file.read_text() == gitlab.new + "\n"
    assert "the old one stays" not in ended.text


@pytest.fixture
def slack(verifying, keys):
    digits = "123456789"
    it = Provider(verifying, "slack.com", "-".join([
        "xoxb", keys.pick(digits, 12), keys.pick(digits, 13),
        keys.pick(LETTERS, 24)]))
    it.answers = {
        "POST /api/auth.revoke": it.ends(
            json_answer(200, {"ok": True, "revoked": True})),
        "POST /api/auth.test": lambda seen: json_answer(200, {
            "ok": False, "error": "token_revoked"} if it.gone else {
            "ok": True, "team": "Demo", "user": "helper",
            "team_id": "T12345678", "user_id": "W12345678"})}
    return it


def test_slack(slack):
    ended = slack.act()
    assert (ended.code, ended.err) == (0, "")
    assert done(ended) == [
        "done    Let the token revoke itself: the token is revoked",
        "proved  The old key is dead: slack.com answered 200: the token is "
        "revoked, or its app is removed from the workspace"]
    assert slack.verifying.sent == ["POST slack.com/api/auth.revoke",
                                    "POST slack.com/api/auth.test"]
    assert {seen.headers["authorization"]
            for seen in slack.verifying.stub.seen} == {f"Bearer {slack.key}"}
    assert all(seen.body == b"" for seen in slack.verifying.stub.seen)


@pytest.mark.parametrize("value", [
    {"ok": False, "error": "not_allowed_token_type"},
    {"ok": False, "error": "ratelimited"}, {"ok": True, "revoked": False}, {}])
def test_slack_does_not_revoke(slack, value):
    slack.answers["POST /api/auth.revoke"] = json_answer(200, value)
    ended = slack.act()
    assert (ended.code, ended.err) == (1, "")
    assert "Stopped: slack.com answered 200: " in ended.text
    assert slack.verifying.sent == ["POST slack.com/api/auth.revoke"]


def test_slack_still_lets_it_in(slack):
    slack.answers["POST /api/auth.revoke"] = json_answer(
        200, {"ok": True, "revoked": True})
    ended = slack.act()
    assert ended.code == 1
    assert done(ended)[-1].startswith("failed  The old key is still alive: ")
