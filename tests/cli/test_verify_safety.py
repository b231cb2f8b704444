# SPDX-License-Identifier: Apache-2.0
"""What verifying never does, whatever it is told: show a key, ask more often
than it may, or ask when nobody wanted it to."""

import base64
import collections
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import threading
import time
import urllib.parse

import pytest

from gitscene import Repo
from scene import FORMATS, HEX, PATIENCE, PROGRAM, Report
from stub import Answer, hostile, json_answer, text_answer
from verifyscene import VerifyScene, verdict

GITHUB = "api.github.com"
ACTIVE = {"login": "octo-demo", "id": 4242}
PRIVATE = "the host's name leads into a private network"
# The proxy is not asked for these, and there is none.
NO_PROXY = {name: "" for name in (
    "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY",
    "all_proxy")}
RULES = """\
provider = "acme"
name = "Acme"
sources = ["https://acme.invalid/docs"]

[[rule]]
id = "acme-key"
title = "Acme key"
severity = "high"
tier = "high"
pattern = 'acme_[0-9a-f]{{32}}/[+]='
after = ''
examples = ['acme_{{hex:32}}/+=']
counter_examples = ['acme_{{hex:31}}/+=']
advice = "Delete it."

[[recipe]]
id = "acme-key"
rules = ["acme-key"]
sources = ["https://acme.invalid/docs"]

{base}
[recipe.limits]
requests = {requests}
failures = {failures}
at_once = {at_once}
{limits}

[[recipe.step]]
title = "Ask who the key belongs to"
url = "{url}"
{step}

[[recipe.step.answer]]
status = [200]
json = {{ "/login" = "@string" }}
verdict = "active"
says = "the server names the owner"
metadata = {{ owner = "/login", name = "/name", scopes = "/scopes" }}

[[recipe.step.answer]]
status = [401]
verdict = "inactive"
says = "the server does not know the key"

[[recipe.step.answer]]
status = [403]
json = {{ "/locked" = "true" }}
verdict = "unknown"
says = "the server takes no more for now"
stop = true

[[recipe.record]]
status = 200
body = '{{"login":"demo"}}'
verdict = "active"

[[recipe.record]]
status = 401
verdict = "inactive"

[[recipe.record]]
status = 403
body = '{{"locked":true}}'
verdict = "unknown"

[[recipe.record]]
status = 403
headers = {{ content-type = "text/html" }}
body = '<html><body>Access denied</body></html>'
verdict = "unknown"
"""
DEFAULTS = {
    "requests": [1000, 1], "failures": [1000, 1], "at_once": 4, "limits": "",
    "base": '[recipe.base]\nnames = ["ACME_URL"]\n',
    "url": "%{base}/me",
    "step": 'headers = { Authorization = "Bearer %{secret}" }'}


@pytest.fixture
def verifying(scene, stub):
    one = VerifyScene(scene, stub)
    yield one
    assert stub.refused == []


class Acme:
    """A provider that the user described, with limits of the test's. Its
    server is this machine's; `host` is that of the evidence."""

    def __init__(self, verifying, keys):
        self.verifying = verifying
        self.host = verifying.own.removeprefix("https://")
        self._keys = keys
        self.rules = verifying.scene.home / "acme.toml"
        self.describe()

    def describe(self, **changes):
        self.rules.write_text(RULES.format(**{**DEFAULTS, **changes}))

    def key(self):
        return "acme_" + self._keys.pick(HEX, 32) + "/+="

    def write(self, count, path="a.env"):
        """A file of so many keys."""
        made = [self.key() for _ in range(count)]
        self.verifying.scene.write(path, "".join(
            f"ACME_{i}={key}\n" for i, key in enumerate(made)))
        return made

    @property
    def args(self):
        return ["--rules", self.rules, "--base",
                f"acme={self.verifying.own}"]

    def ask(self, key, *args, **options):
        return self.verifying.verify(key, *self.args, *args, **options)

    def scan(self, *args, **options):
        return self.verifying.scan(*self.args, "--fail-on", "active", *args,
                                   **options)


@pytest.fixture(scope="session", name="compiled")
def rules_that_were_compiled(tmp_path_factory):
    """A cache that goes from test to test: half a second for each."""
    return tmp_path_factory.mktemp("compiled")


def copy_rules(source, target):
    for path in source.glob("rules-*"):
        if not (target / path.name).exists():
            shutil.copy2(path, target / path.name)


@pytest.fixture
def acme(verifying, keys, compiled):
    cached = verifying.scene.cache / "keytidy"
    cached.mkdir(mode=0o700)
    copy_rules(compiled, cached)
    yield Acme(verifying, keys)
    copy_rules(cached, compiled)


def dead(_seen):
    return text_answer(401, "")


def alive(_seen):
    return json_answer(200, ACTIVE)


def states(report):
    return collections.Counter(one["verdict"]["state"]
                               for one in report.findings)


def most_within(times, seconds):
    """The most of the times that fall into a window of that length."""
    times = sorted(times)
    return max(sum(start <= one < start + seconds for one in times)
               for start in times)


# The key is nowhere.


def forms(key):
    """What a key may look like where it was written differently."""
    raw = key.encode()
    yield from (key, urllib.parse.quote(key, safe=""),
                urllib.parse.quote(key, safe="").lower(),
                urllib.parse.quote_plus(key), json.dumps(key)[1:-1],
                key.replace("/", "\\/"), raw.hex(), key.swapcase(),
                key.replace("+", "&#43;"), key[::-1])
    for text in (raw, raw + b":", b":" + raw, b"user:" + raw):
        coded = base64.b64encode(text).decode()
        yield from (coded, coded.rstrip("="),
                    base64.urlsafe_b64encode(text).decode())


PLACES = {
    "header": 'headers = { Authorization = "Bearer %{secret}" }',
    "own header": 'headers = { X-Key = "%{secret}" }',
    "basic, user": 'basic = "%{secret}:"',
    "basic, password": 'basic = "user:%{secret}"',
    "form": 'method = "POST"\nform = { key = "%{secret}" }',
    "json": 'method = "POST"\njson = \'{"key":"%{secret}"}\'',
    "url": 'key_in_url = "there is no other way"'}


def told(seen):
    """All that the request holds, as one text."""
    return " ".join([seen.target, *(value for _, value in seen.headers),
                     seen.body.decode()])


def in_the_owner(seen):
    return json_answer(200, {"login": told(seen), "name": seen.target})


def in_the_scopes(seen):
    values = [seen.target, *(value for _, value in seen.headers),
              seen.body.decode()]
    return json_answer(200, {"login": "demo", "scopes": values + [
        one for value in values for one in value.split()]})


def in_the_body(seen):
    return text_answer(302, told(seen))


ECHOES = {"200": hostile.echo(), "401": hostile.echo(401),
          "403 json": hostile.echo(403, "application/json"),
          "302": hostile.echo(302), "500": hostile.echo(500),
          "owner": in_the_owner, "scopes": in_the_scopes,
          "redirect": lambda seen: Answer(302, [("Location", told(seen))]),
          "body": in_the_body}


# What a report may hold of an answer, its formats show: two of them for each
# place, so that all had their turn. Of other answers they show nothing, and a
# third of the pairs has every place and every echo.
SHOWN = ("owner", "scopes")
PAIRS = [(echo, place, [FORMATS[(i + 2 * j + n) % len(FORMATS)]
                        for n in range(2 if echo in SHOWN else 1)])
         for i, echo in enumerate(ECHOES) for j, place in enumerate(PLACES)
         if echo in SHOWN or (i + j) % 3 == 0]


def test_the_pairs_have_everything():
    for shown in SHOWN:
        assert {form for echo, _, forms in PAIRS for form in forms
                if echo == shown} == set(FORMATS)
    assert {echo for echo, _, _ in PAIRS} == set(ECHOES)
    assert {place for echo, place, _ in PAIRS if echo not in SHOWN} \
        == set(PLACES)


@pytest.mark.parametrize("echo, place, shown", PAIRS)
def test_the_key_is_nowhere(verifying, acme, stub, echo, place, shown):
    acme.describe(step=PLACES[place], url="%{base}/bot%{secret}/me"
                  if place == "url" else "%{base}/me")
    stub.at("localhost", ECHOES[echo])
    key = acme.key()
    for form in shown:
        ended = verifying.run("verify", *acme.args, "--fresh", "--format",
                              form, "--deadline", "1", stdin=key)
        assert ended.code in (0, 1, 3), ended
    verifying.run("verify", *acme.args, "--dry-run", stdin=key)
    assert len(stub.seen) == len(shown)
    assert any(form in told(stub.seen.last) for form in forms(key))
    assert verifying.leaks(*forms(key)) == []


def test_the_key_is_in_no_report_of_a_scan(verifying, acme, stub):
    stub.at("localhost", in_the_owner)
    made = acme.write(5)
    for form in FORMATS:
        path = verifying.scene.dir / f"report.{form}"
        ended = verifying.run("scan", "--verify", *acme.args, "--fresh",
                              "--format", form, "-o", path, "a.env")
        assert ended.code == 1
    everything = [form for key in made for form in forms(key)]
    given = verifying.scene.dir / "a.env"
    assert verifying.leaks(*everything, but=[given]) == []


def test_the_other_half_is_nowhere_too(verifying, stub, keys):
    """A key that is sent together with another one: neither comes back."""
    halves = ["sk-lf-", "pk-lf-"]
    uuids = ["-".join(keys.pick(HEX, n) for n in (8, 4, 4, 4, 12))
             for _ in halves]
    secret, public = (head + tail for head, tail in zip(halves, uuids))
    verifying.scene.write("a.env", f"LANGFUSE_SECRET_KEY={secret}\n"
                          f"LANGFUSE_PUBLIC_KEY={public}\n")
    stub.at("cloud.langfuse.com", hostile.echo(401))
    verifying.run("scan", "--verify", "--format", "json", "--base",
                  "langfuse=https://cloud.langfuse.com", "a.env")
    assert len(stub.seen) == 1
    joined = base64.b64encode(f"{public}:{secret}".encode()).decode()
    assert verifying.leaks(secret, joined,
                           but=[verifying.scene.dir / "a.env"]) == []


# Pairs of keys.


@pytest.fixture(name="pair")
def two_halves(verifying, stub, keys):
    """Makes a file of a secret key and of public ones, each with the blank
    lines before it; the provider refuses whatever comes."""
    stub.at("cloud.langfuse.com", lambda seen: text_answer(
        401, '{"message":"Invalid credentials"}'))

    def uuid():
        return "-".join(keys.pick(HEX, n) for n in (8, 4, 4, 4, 12))

    def write(*gaps):
        verifying.scene.write("a.env", f"A=sk-lf-{uuid()}\n" + "".join(
            "\n" * gap + f"B=pk-lf-{uuid()}\n" for gap in gaps))
        return verifying.scan("--base", "langfuse=https://cloud.langfuse.com",
                              "--fail-on", "active", "a.env")

    return write


def of_the_secret(report):
    one, = [one for one in report.findings
            if one["rule"] == "langfuse-secret-key"]
    return one["verdict"]["state"], one["verdict"]["evidence"]


NOT_ITS_HALF = "; or the key beside it is not its other half"


def test_a_pair_that_is_refused(pair, stub):
    state, evidence = of_the_secret(pair(0))
    assert state == "inactive" and not evidence.endswith(NOT_ITS_HALF)
    assert len(stub.seen) == 1


@pytest.mark.parametrize("gaps", [(0, 0), (0, 3000), (7, 0, 0)])
def test_a_pair_that_may_be_another_is_not_dead(pair, stub, gaps):
    """The nearest half is taken; that the two are refused proves nothing."""
    state, evidence = of_the_secret(pair(*gaps))
    assert state == "unknown"
    assert evidence.startswith("cloud.langfuse.com answered 401: ")
    assert evidence.endswith(NOT_ITS_HALF)
    assert len(stub.seen) == 1


def test_a_half_out_of_reach_casts_no_doubt(pair, stub):
    state, _ = of_the_secret(pair(0, 5000))
    assert state == "inactive"
    assert len(stub.seen) == 1


def test_a_pair_that_may_be_another_and_is_alive(verifying, pair, stub):
    stub.at("cloud.langfuse.com", lambda seen: json_answer(200, {
        "data": [{"id": "p", "name": "demo"}]}))
    state, _ = of_the_secret(pair(0, 10))
    assert state == "active"


@pytest.mark.parametrize("form", ["json", "env"])
def test_many_keys_of_one_file(verifying, keys, form):
    """What stands around a key is looked at once, not once for each key."""
    made = [keys.kryton() for _ in range(10_000)]
    verifying.scene.write("a." + form, json.dumps(
        [{"command": "x", "env": {"KRYTON_TOKEN": key}} for key in made])
        if form == "json" else "".join(f"KRYTON_TOKEN={key}\n"
                                       for key in made))
    ended = verifying.run("scan", "--verify", "--dry-run", "a." + form)
    assert ended.code == 0
    assert ended.text.count("not asked: ") == len(made)


def test_the_process_shows_no_key(verifying, acme, stub):
    """Neither to `ps` nor to those who read its environment."""
    looked = []
    asked = threading.Event()
    go_on = threading.Event()

    def handler(seen):
        asked.set()
        assert go_on.wait(PATIENCE)
        return alive(seen)

    stub.at("localhost", handler)
    key = acme.key()
    child = verifying.scene.start(
        "verify", "--ca-file", stub.authority.ca_file, *acme.args,
        env=verifying.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    child.stdin.write(key.encode())
    child.stdin.close()
    assert asked.wait(PATIENCE)
    for name in ("cmdline", "environ", "comm"):
        with open(f"/proc/{child.pid}/{name}", "rb") as file:
            looked.append(file.read())
    go_on.set()
    out = child.stdout.read()
    assert child.wait(PATIENCE) == 1
    assert looked[0] and looked[1]
    for text in looked + [out]:
        assert key.encode() not in text


# Limits.


@pytest.mark.parametrize("most", [1, 3, 10])
def test_the_limit_of_refusals_is_kept(acme, stub, most):
    acme.describe(failures=[most, 1], at_once=16)
    acme.write(300)
    stub.at("localhost", dead, delay=0.01)
    report = acme.scan("--deadline", "2", "a.env")
    times = [seen.at for seen in stub.seen]
    assert most_within(times, 1) <= most
    assert len(times) >= 2 * most
    assert states(report) == {"inactive": len(times),
                              "unknown": 300 - len(times)}


def test_what_is_alive_does_not_count_as_refused(acme, stub):
    acme.describe(failures=[3, 60])
    acme.write(100)
    stub.at("localhost", alive)
    assert states(acme.scan("a.env")) == {"active": 100}


def test_refusals_among_the_living(acme, stub):
    acme.describe(failures=[3, 1], at_once=8)
    made = acme.write(60)
    bad = set(made[::8])
    refused = []

    def handler(seen):
        if seen.headers["authorization"].removeprefix("Bearer ") in bad:
            refused.append(seen.at)
            return dead(seen)
        return alive(seen)

    stub.at("localhost", handler, delay=0.005)
    report = acme.scan("--deadline", "10", "a.env")
    assert states(report) == {"active": 52, "inactive": 8}
    assert most_within(refused, 1) <= 3


def test_the_limit_of_requests_is_kept(acme, stub):
    acme.describe(requests=[4, 1], at_once=1)
    acme.write(200)
    stub.at("localhost", alive)
    report = acme.scan("--deadline", "2", "a.env")
    # On its way a request may lose time; the next one may not.
    assert most_within([seen.at for seen in stub.seen], 0.7) <= 4
    assert 8 <= len(stub.seen) <= 12
    assert states(report)["active"] == len(stub.seen)


@pytest.mark.parametrize("most", [1, 2, 5])
def test_at_once(acme, stub, most):
    acme.describe(at_once=most)
    acme.write(20)
    stub.at("localhost", alive, delay=0.02)
    assert states(acme.scan("a.env")) == {"active": 20}
    assert stub.seen.most_in_flight("localhost") == most


def test_hosts_do_not_wait_for_each_other(verifying, acme, stub, keys):
    """A host that is silent holds up its own keys alone."""
    acme.write(10)
    verifying.scene.write("b.env", "".join(
        f"TOKEN_{i}={keys.github()}\n" for i in range(10)))
    stub.at("localhost", hostile.silence())
    stub.at(GITHUB, alive)
    report = acme.scan("--deadline", "2", ".")
    assert states(report) == {"active": 10, "unknown": 10}


@pytest.mark.parametrize("mine, others", [(6, 2), (2, 6)])
def test_the_host_with_most_to_do_comes_first(verifying, acme, stub, keys,
                                              mine, others):
    acme.describe(at_once=2)
    acme.write(mine)
    verifying.scene.write("b.env", "".join(
        f"TOKEN_{i}={keys.github()}\n" for i in range(others)))
    stub.at("localhost", alive).at(GITHUB, alive)
    assert states(acme.scan(".")) == {"active": 8}
    first = [line["host"] for line in verifying.audit()
             if line["event"] == "sent"][:3]
    busy, idle = (acme.host, GITHUB) if mine > others else (GITHUB, acme.host)
    assert first == [busy, busy, idle]


def test_a_key_is_asked_about_once(acme, stub):
    key = acme.key()
    for i in range(50):
        acme.verifying.scene.write(f"{i}/a.env",
                                   f"A={key}\nB={key}\n")
    stub.at("localhost", alive)
    report = acme.scan(".")
    assert len(stub.seen) == 1
    assert len(report.finding["occurrences"]) == 100
    assert report.finding["verdict"]["state"] == "active"


def test_a_key_has_one_request_at_a_time(acme, stub):
    """Also where one of them is asked for again."""
    acme.describe(at_once=8)
    acme.write(20)
    lock = threading.Lock()
    flying = collections.Counter()
    most = []
    calls = collections.Counter()

    def handler(seen):
        key = seen.headers["authorization"]
        with lock:
            flying[key] += 1
            most.append(flying[key])
            calls[key] += 1
            first = calls[key] == 1
        try:
            return text_answer(429, "", Retry_After="0") if first \
                else alive(seen)
        finally:
            with lock:
                flying[key] -= 1

    stub.at("localhost", handler, delay=0.01)
    assert states(acme.scan("a.env")) == {"active": 20}
    assert set(most) == {1}
    assert set(calls.values()) == {2}


@pytest.mark.parametrize("most", [0, 1, 7, 20, 21])
def test_the_budget_is_exact(acme, stub, most):
    acme.write(20)
    stub.at("localhost", alive)
    report = acme.scan("--max-requests", str(most), "a.env")
    asked = min(most, 20)
    assert len(stub.seen) == asked
    assert states(report) == collections.Counter(
        {"active": asked, "unknown": 20 - asked}) - collections.Counter()
    for one in report.findings:
        if one["verdict"]["state"] == "unknown":
            assert one["verdict"]["evidence"] == (
                f"the {most} requests of this run were used up "
                "(--max-requests)")


def test_the_budget_counts_repeated_requests(acme, stub):
    stub.at("localhost", hostile.Storm(form="zero"))
    report = acme.ask(acme.key(), "--max-requests", "2")
    assert len(stub.seen) == 2
    assert verdict(report)[0] == "unknown"


def test_the_deadline(acme, stub):
    acme.write(50)
    stub.at("localhost", hostile.silence())
    start = time.monotonic()
    report = acme.scan("--deadline", "1", "a.env")
    assert 1 <= time.monotonic() - start < 4
    assert states(report) == {"unknown": 50}
    assert {one["verdict"]["evidence"] for one in report.findings} \
        == {"the 1 s for verifying were over"}
    assert len(stub.seen) <= 4


# Servers that ask to wait.


def once(text="", **headers):
    """Too many requests, and then the key is alive."""
    answers = [text_answer(429, text, **headers)]
    return lambda seen: answers.pop() if answers else alive(seen)


def gap(stub):
    """Between the first two requests."""
    first, second = [seen.at for seen in stub.seen][:2]
    return second - first


def test_retry_after_in_seconds(acme, stub):
    stub.at("localhost", once(Retry_After="1"))
    assert verdict(acme.ask(acme.key()))[0] == "active"
    assert 0.99 <= gap(stub) < 3


def test_retry_after_as_a_date(acme, stub):
    stub.at("localhost", hostile.Storm(1, alive, "date"))
    assert verdict(acme.ask(acme.key()))[0] == "active"
    assert 0.9 <= gap(stub) < 4  # the date has whole seconds


def test_a_delay_in_the_text(acme, stub):
    acme.describe(limits='delay_text = "Retry after %{seconds}s."')
    stub.at("localhost", once("Too many. Retry after 1s."))
    assert verdict(acme.ask(acme.key()))[0] == "active"
    assert 0.99 <= gap(stub) < 3


def test_without_a_word_it_waits_two_seconds(acme, stub):
    stub.at("localhost", once())
    assert verdict(acme.ask(acme.key()))[0] == "active"
    assert 1.99 <= gap(stub) < 4


@pytest.mark.parametrize("form", ["zero", "past-date"])
@pytest.mark.parametrize("status", [429, 503])
def test_three_tries(acme, stub, form, status):
    stub.at("localhost", hostile.Storm(form=form, status=status))
    state, evidence, code = verdict(acme.ask(acme.key()))
    assert (state, code) == ("unknown", 3)
    assert evidence.startswith(f"{acme.host} answered {status}: ")
    assert len(stub.seen) == 3


@pytest.mark.parametrize("form", [
    form for form in hostile.RETRY_AFTER if form not in ("zero",
                                                         "past-date")])
def test_a_wait_beyond_the_deadline_is_not_waited_for(acme, stub, form):
    stub.at("localhost", hostile.Storm(form=form))
    start = time.monotonic()
    report = acme.ask(acme.key(), "--deadline", "1")
    assert time.monotonic() - start < 3
    assert verdict(report) == (
        "unknown", f"{acme.host} answered 429; {acme.host} is not to be asked "
        "again within the time for verifying", 3)
    assert len(stub.seen) == 1


def test_a_wait_counts_for_the_whole_host(acme, stub):
    acme.describe(at_once=1)
    acme.write(10)
    stub.at("localhost", once(Retry_After="1"))
    assert states(acme.scan("a.env")) == {"active": 10}
    assert gap(stub) >= 0.99
    assert len(stub.seen) == 11


def test_dates_are_read_by_the_real_time(acme, stub):
    """SOURCE_DATE_EPOCH is of reports; it does not move the clock that
    servers go by."""
    stub.at("localhost", hostile.Storm(1, alive, "date"))
    report = acme.ask(acme.key(), env={"SOURCE_DATE_EPOCH": "1000000000"})
    assert verdict(report)[0] == "active"


def test_a_stop_is_of_one_host(verifying, acme, stub, keys):
    acme.describe(at_once=1)
    acme.write(20)
    verifying.scene.write("b.env", "".join(
        f"TOKEN_{i}={keys.github()}\n" for i in range(5)))
    answers = [alive] * 3
    stub.at("localhost", lambda seen: answers.pop()(seen) if answers
            else json_answer(403, {"locked": True}))
    stub.at(GITHUB, alive, delay=0.05)
    report = acme.scan(".")
    assert len(stub.seen.of("localhost")) == 4
    assert len(stub.seen.of(GITHUB)) == 5
    assert states(report) == {"active": 8, "unknown": 17}
    assert {one["verdict"]["evidence"] for one in report.findings
            if one["verdict"]["state"] == "unknown"} == {
                f"{acme.host} answered 403: the server takes no more for now"}


def test_the_record_names_the_host_that_is_asked(verifying, stub, keys):
    """Where a recipe has steps at two hosts."""
    key = "SG." + keys.pick(HEX, 22) + "." + keys.pick(HEX, 43)
    stub.at("api.sendgrid.com", lambda seen: json_answer(
        401, {"errors": [{"message": "authorization required"}]}))
    stub.at("api.eu.sendgrid.com", lambda seen: json_answer(
        200, {"scopes": ["mail.send"]}))
    verifying.verify(key)
    assert [line["host"] for line in verifying.audit()
            if line["event"] == "sent"] == [seen.host for seen in stub.seen]


# Signals.


class Running:
    """A run that a test follows while it asks."""

    def __init__(self, acme, *args, stdin=b""):
        verifying = acme.verifying
        self.child = verifying.scene.start(
            *args, "--ca-file", verifying.stub.authority.ca_file, *acme.args,
            env=verifying.env, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.child.stdin.write(stdin)
        self.child.stdin.close()

    def end(self):
        """The code; what it printed is in `out` and `err`."""
        self.out = self.child.stdout.read()
        self.err = self.child.stderr.read()
        self.child.stdout.close()
        self.child.stderr.close()
        return self.child.wait(PATIENCE)


def whole_lines(path):
    text = path.read_text()
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", ["verify", "scan"])
def test_an_interruption(verifying, acme, stub, command, which):
    asked = threading.Event()
    stub.at("localhost", lambda seen: asked.set() or hostile.silence()(seen))
    acme.write(5)
    running = Running(acme, *(["verify"] if command == "verify"
                              else ["scan", "--verify", "a.env"]),
                      stdin=acme.key().encode())
    assert asked.wait(PATIENCE)
    start = time.monotonic()
    running.child.send_signal(which)
    assert running.end() == 130
    assert time.monotonic() - start < 2
    assert {line["event"] for line in whole_lines(verifying.log)} == {"sent"}


def test_a_request_is_recorded_before_it_is_seen(verifying, acme, stub):
    missing = []

    def handler(seen):
        arrived = len(stub.seen)
        sent = sum(line["event"] == "sent"
                   for line in whole_lines(verifying.log))
        if sent < arrived:
            missing.append((arrived, sent))
        return alive(seen)

    stub.at("localhost", handler)
    acme.write(60)
    assert states(acme.scan("a.env")) == {"active": 60}
    assert missing == []


def test_a_kill_leaves_a_whole_record(verifying, acme, stub):
    """Whatever moment it comes at; what was sent had been recorded before."""
    chance = random.Random(7)
    state = {}
    early = []

    def handler(seen):
        with state["lock"]:
            # The server must not see what the record does not have.
            state["seen"] += 1
            sent = sum('"sent"' in line
                       for line in verifying.log.read_text().splitlines())
            if state["seen"] > sent:
                early.append((state["seen"], sent))
            if state["seen"] - state["before"] == state["last"]:
                os.kill(state["running"].child.pid, signal.SIGKILL)
        return (dead, alive)[len(seen.headers["authorization"]) % 2](seen)

    state.update(lock=threading.Lock(), seen=0)
    stub.at("localhost", handler)
    acme.write(60)
    for _ in range(12):
        with state["lock"]:
            state["before"] = state["seen"]
            state["last"] = chance.randrange(1, 50)
            state["running"] = Running(acme, "scan", "--verify", "--fresh",
                                       "a.env")
        assert state["running"].end() == -signal.SIGKILL
        lines = whole_lines(verifying.log)
        assert sum(line["event"] == "sent" for line in lines) \
            >= state["seen"] - state["before"] > 0
    assert early == []


def test_a_line_that_was_cut_short_is_ended(verifying, acme, stub):
    stub.at("localhost", alive)
    verifying.log.parent.mkdir(parents=True)
    verifying.log.write_text('{"time":"2026-01-01T')
    verifying.log.chmod(0o600)
    acme.ask(acme.key())
    first, *rest = verifying.log.read_text().splitlines()
    assert first == '{"time":"2026-01-01T'
    assert [json.loads(line)["event"] for line in rest] \
        == ["sent", "answered"]


# A record that cannot be kept.


def a_link(folder):
    (folder / "real").touch(0o600)
    (folder / "log").symlink_to(folder / "real")


def a_dangling_link(folder):
    (folder / "log").symlink_to(folder / "real")


def a_pipe(folder):
    os.mkfifo(folder / "log", 0o600)


def a_folder(folder):
    (folder / "log").mkdir()


def readable_by_others(folder):
    (folder / "log").touch(0o600)
    (folder / "log").chmod(0o604)


def writable_by_the_group(folder):
    (folder / "log").touch(0o600)
    (folder / "log").chmod(0o620)


def of_somebody_else(folder):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    (folder / "log").touch(0o600)
    os.chown(folder / "log", 65534, 65534)


def below_a_file(folder):
    folder.rmdir()
    folder.write_text("")


def in_an_unwritable_folder(folder):
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):  # as root can write everywhere else
        folder.rmdir()
        folder.symlink_to("/proc/self")


BROKEN = [a_link, a_dangling_link, a_pipe, a_folder, readable_by_others,
          writable_by_the_group, of_somebody_else, below_a_file,
          in_an_unwritable_folder]


@pytest.mark.parametrize("broken", BROKEN)
def test_without_a_record_nothing_is_sent(verifying, acme, stub, broken):
    stub.at("localhost", alive)
    folder = verifying.scene.home / "folder"
    folder.mkdir()
    broken(folder)
    log = ("--audit-log", folder / "log")
    ended = verifying.run("verify", *acme.args, *log, stdin=acme.key())
    assert ended.code == 2
    assert ended.err.startswith("keytidy: ") and ended.out == b""
    acme.write(3)
    report = Report(verifying.run(
        "scan", "--verify", "--format", "json", *acme.args, *log, "a.env"))
    assert report.code == 1 and not report.complete
    assert states(report) == {"not-tried": 3}
    assert [path for path, _ in report.unread] == ["--verify"]
    assert len(stub.seen) == 0
    assert not (verifying.scene.home / "folder/real").exists() \
        or (verifying.scene.home / "folder/real").read_bytes() == b""


def test_a_record_that_is_full(verifying, acme, stub):
    """The file may not become any longer."""
    stub.at("localhost", alive)
    acme.write(3)
    acme.scan("a.env", "--max-requests", "0")  # makes the cache of rules
    line = '{"event":"old"}\n'
    verifying.log.parent.mkdir(parents=True, exist_ok=True)
    verifying.log.write_text(line * (4 << 20 >> 4))
    verifying.log.chmod(0o600)
    size = verifying.log.stat().st_size
    report = acme.scan(
        "a.env", restore_signals=False, preexec_fn=lambda:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    assert len(stub.seen) == 0
    assert states(report) == {"unknown": 3}
    assert all(one["verdict"]["evidence"].startswith(
        "nothing is sent that cannot be recorded: ")
               for one in report.findings)
    assert verifying.log.stat().st_size == size


def test_the_record_has_a_mode_of_its_own(verifying, acme, stub):
    stub.at("localhost", alive)
    acme.ask(acme.key(), umask=0)
    assert verifying.log.stat().st_mode & 0o777 == 0o600
    assert verifying.log.parent.stat().st_mode & 0o777 == 0o700


# Verdicts are kept for an hour.


def cache(verifying):
    return verifying.scene.cache / "keytidy/verdicts.jsonl"


@pytest.mark.parametrize("handler", [alive, dead])
def test_a_verdict_is_kept(verifying, acme, stub, handler):
    stub.at("localhost", handler)
    key = acme.key()
    first = acme.ask(key)
    again = acme.ask(key)
    assert len(stub.seen) == 1
    assert again.finding["verdict"] == first.finding["verdict"]
    assert again.code == first.code
    fresh = acme.ask(key, "--fresh")
    assert len(stub.seen) == 2
    assert fresh.code == first.code
    assert cache(verifying).stat().st_mode & 0o777 == 0o600
    assert key not in cache(verifying).read_text()


def test_a_verdict_is_of_one_host(verifying, acme, stub):
    stub.at("localhost", alive).at("127.0.0.1", dead)
    key = acme.key()
    acme.ask(key)
    other = verifying.verify(key, "--rules", acme.rules, "--base",
                             f"acme={stub.https_base('127.0.0.1')}")
    assert verdict(other)[0] == "inactive"


@pytest.mark.parametrize("now, asked", [
    (3599, 1), (3601, 2), (-10, 2), (10**6, 2)])
def test_a_verdict_lasts_an_hour(acme, stub, now, asked):
    stub.at("localhost", alive)
    key = acme.key()
    then = 1_790_000_000
    for moment in (then, then + now):
        report = acme.ask(key, env={"SOURCE_DATE_EPOCH": str(moment)})
        assert verdict(report)[0] == "active"
    assert len(stub.seen) == asked


@pytest.mark.parametrize("handler", [
    hostile.firewall(200), hostile.before_headers(), hostile.echo(403)])
def test_what_is_unknown_is_not_kept(verifying, acme, stub, handler):
    stub.at("localhost", handler)
    key = acme.key()
    acme.ask(key)
    acme.ask(key)
    assert len(stub.seen) == 2
    assert not cache(verifying).exists()


def damaged(change):
    def apply(path):
        path.write_bytes(change(path.read_bytes()))
    return apply


def without(field):
    """Of its only line."""
    def change(data):
        line = json.loads(data)
        del line[field]
        return json.dumps(line).encode() + b"\n"
    return damaged(change)


def by_another(path):
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(path, 65534, 65534)


def through_a_link(path):
    path.rename(path.with_name("real"))
    path.symlink_to(path.with_name("real"))


DAMAGES = {
    "group may write": lambda path: path.chmod(0o620),
    "all may write": lambda path: path.chmod(0o602),
    "of somebody else": by_another,
    "a link": through_a_link,
    "half a line": damaged(lambda data: data[:len(data) // 2]),
    "nothing": damaged(lambda data: b""),
    "zeros": damaged(lambda data: bytes(len(data))),
    "not utf-8": damaged(lambda data: b"\xff\xfe" + data),
    "an array": damaged(lambda data: b"[" + data.strip() + b"]\n"),
    "nested": damaged(lambda data: b'{"a":' * 50000 + data),
    "no state": without("active"),
    "no time": without("at"),
    "no name": without("of"),
    "no evidence": without("evidence"),
    "other types": damaged(lambda data: data.replace(b"true", b'"true"')),
    "time of the future": damaged(lambda data: re.sub(
        rb'"at":\d+', b'"at":9999999999', data)),
    "huge time": damaged(lambda data: re.sub(
        rb'"at":\d+', b'"at":99999999999999999999999', data)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_cache_that_cannot_be_trusted(verifying, acme, stub, damage):
    stub.at("localhost", alive)
    key = acme.key()
    acme.ask(key)
    DAMAGES[damage](cache(verifying))
    report = acme.ask(key)
    assert verdict(report)[::2] == ("active", 1)
    assert len(stub.seen) == 2


def test_a_cache_that_cannot_be_written(verifying, acme, stub):
    stub.at("localhost", alive)
    key = acme.key()
    cache(verifying).mkdir(parents=True)
    for _ in range(2):
        report = acme.ask(key)
        assert verdict(report)[0] == "active"
        assert report.notes[0].startswith("verdicts are not kept: ")
    assert len(stub.seen) == 2


# Addresses.


def pinned(acme, host):
    acme.describe(base="", url=f"https://{host}/me")


# Which libcurl knows by itself to be this machine.
LOOPBACK_NAME = "acme.localhost"


@pytest.mark.parametrize("host", [
    LOOPBACK_NAME, "127.0.0.1", "10.0.0.1", "169.254.169.254",
    "192.168.0.1", "172.16.0.1", "0.0.0.0", "100.64.0.1", "127.1",
    "0177.0.0.1"])
def test_a_pinned_host_in_a_private_network(acme, host):
    pinned(acme, host)
    ended = acme.verifying.run(
        "verify", "--rules", acme.rules, "--format", "json",
        stdin=acme.key(), env=NO_PROXY)
    if ended.code == 2:  # then it is no name of a host at all
        assert host != LOOPBACK_NAME and acme.verifying.silent
        return
    assert verdict(Report(ended)) == (
        "unknown", f"{host} could not be asked: {PRIVATE}", 3)


def test_the_port_of_a_proxy_opens_no_private_network(acme):
    """Where the pinned host is asked for without the proxy."""
    pinned(acme, LOOPBACK_NAME)
    report = acme.verifying.verify(
        acme.key(), "--rules", acme.rules,
        env={**NO_PROXY, "https_proxy": "http://127.0.0.1:443",
             "no_proxy": LOOPBACK_NAME, "NO_PROXY": LOOPBACK_NAME})
    assert verdict(report)[:2] == (
        "unknown", f"{LOOPBACK_NAME} could not be asked: {PRIVATE}")


DIRECT = [
    LOOPBACK_NAME, LOOPBACK_NAME.upper(), "." + LOOPBACK_NAME, "localhost",
    ".localhost", "*", f"a.example,{LOOPBACK_NAME}",
    f"a.example , {LOOPBACK_NAME}", f"a.example {LOOPBACK_NAME}",
    f"a.example\t{LOOPBACK_NAME}", f"{LOOPBACK_NAME},a.example",
    LOOPBACK_NAME + ".", ",," + LOOPBACK_NAME]


@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("names", DIRECT)
def test_without_the_proxy_no_private_network(acme, names, variable):
    """However it is said that the proxy is not for the host."""
    pinned(acme, LOOPBACK_NAME)
    report = acme.verifying.verify(
        acme.key(), "--rules", acme.rules,
        env={**NO_PROXY, "https_proxy": "http://127.0.0.1:443",
             "no_proxy": "", "NO_PROXY": "", variable: names})
    assert verdict(report)[:2] == (
        "unknown", f"{LOOPBACK_NAME} could not be asked: {PRIVATE}")


@pytest.mark.parametrize("names", [
    "", "me.localhost", "host", "x." + LOOPBACK_NAME, "example.com",
    LOOPBACK_NAME + ".example"])
def test_the_proxy_may_be_private(acme, stub, names):
    """Where it leads, is its own affair."""
    pinned(acme, LOOPBACK_NAME)
    stub.at(LOOPBACK_NAME, alive)
    report = acme.verifying.verify(
        acme.key(), "--rules", acme.rules,
        env={"no_proxy": names, "NO_PROXY": names})
    assert verdict(report)[0] == "active"
    assert stub.connects


def test_the_users_own_server_may_be_private(acme, stub):
    stub.at("localhost", alive)
    assert verdict(acme.ask(acme.key(), env=NO_PROXY))[0] == "active"


# System calls.


def traced(verifying, what, *args, stdin=b"", env=None, cwd=None):
    """The run, and what strace says of it; skips where there is none."""
    if shutil.which("strace") is None:
        pytest.skip("needs strace")
    trace = verifying.scene.home / "trace.txt"
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", f"trace={what}", "-o", str(trace),
         PROGRAM, *map(os.fspath, args)],
        cwd=cwd or verifying.scene.dir,
        env=verifying.scene.environment({**verifying.env, **(env or {})}),
        input=stdin, capture_output=True, timeout=PATIENCE * 3, check=False)
    if not trace.exists() or b"ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    return done, trace.read_text()


@pytest.fixture(name="offline")
def nothing_to_ask(verifying, keys):
    repo = Repo(verifying.scene)
    repo.key = keys.github()
    repo.commit({"a.env": f"GITHUB_TOKEN={repo.key}\n"
                          f"KRYTON_TOKEN={keys.kryton()}\n"})
    repo.add({"b.env": f"KRYTON_TOKEN={keys.kryton()}\n"})
    return repo


OFFLINE = {
    "tree": (["scan"], 1), "history": (["scan", "--history"], 1),
    "staged": (["scan", "--staged"], 1),
    "formats": (["scan", "-f", "sarif"], 1),
    "rules": (["rules", "list"], 0),
    "dry scan": (["scan", "--verify", "--dry-run"], 0),
    "dry verify": (["verify", "--dry-run"], 0),
    "all recipes": (["verify", "--dry-run", "--rule", "all"], 0),
    "plan": (["revoke", "-"], None)}


@pytest.mark.parametrize("case", OFFLINE)
def test_no_socket_unless_asked(verifying, offline, case):
    args, code = OFFLINE[case]
    stdin = offline.key.encode() if args[0] in ("verify", "revoke") else b""
    done, trace = traced(verifying, "network", *args, stdin=stdin,
                         cwd=offline.path)
    assert done.returncode == code if code is not None \
        else done.returncode != 2, done
    assert "socket" not in trace and "connect" not in trace, trace
    assert verifying.silent
    assert not verifying.log.exists()


@pytest.mark.parametrize("case", ["tree", "history", "rules", "dry verify"])
def test_the_client_is_not_loaded_unless_asked(verifying, offline, case):
    args, _ = OFFLINE[case]
    _, trace = traced(verifying, "openat,open", *args,
                      stdin=offline.key.encode(), cwd=offline.path)
    assert "libc.so" in trace or "ld.so" in trace or "openat" in trace
    assert "libcurl" not in trace and "libssl" not in trace


def test_only_this_machine_is_dialled(verifying, acme, offline, stub):
    stub.at(GITHUB, alive).at("localhost", alive)
    acme.write(3, "c.env")
    done, trace = traced(
        verifying, "network", "scan", "--verify", "--ca-file",
        stub.authority.ca_file, *acme.args,
        "--base", f"kryton={verifying.own}", "--format", "json")
    assert done.returncode == 1
    assert len(stub.seen) >= 5
    assert "socket(AF_INET" in trace
    families = set(re.findall(r"sa_family=(AF_\w+)", trace))
    assert families <= {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK",
                        "AF_UNSPEC"}
    # Of name services and of the order of addresses, besides our own.
    for line in trace.splitlines():
        if "connect(" not in line and "sendto(" not in line:
            continue
        if "AF_INET6" in line:
            assert '"::1"' in line or "::ffff:127." in line, line
        elif "AF_INET" in line:
            assert 'inet_addr("127.' in line, line


def test_a_private_network_is_not_even_dialled(verifying, acme):
    pinned(acme, LOOPBACK_NAME)
    done, trace = traced(
        verifying, "network", "verify", "--rules", acme.rules,
        stdin=acme.key().encode(), env=NO_PROXY)
    assert done.returncode == 3
    assert "htons(443)" not in "".join(
        line for line in trace.splitlines()
        if "connect(" in line and "SOCK_DGRAM" not in line)
