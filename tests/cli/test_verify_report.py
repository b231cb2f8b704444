# SPDX-License-Identifier: Apache-2.0
"""What reports say of asking, and verify over a report that a scan made."""

import csv
import datetime
import importlib.util
import io
import json
import os
import pathlib
import tarfile
import zipfile
import xml.etree.ElementTree as ElementTree

import pytest

from gitscene import Repo
from scene import FORMATS, HEX, SOURCE
from stub import hostile, json_answer, text_answer
from verifyscene import VerifyScene, verdict

GITHUB = "api.github.com"
NOW = 1_790_000_000  # in UTC: 2026-09-21 14:13:20
MOMENT = {"SOURCE_DATE_EPOCH": str(NOW)}
AT = "2026-09-21T14:13:20Z"
DAY = 86400
SAYS = "the API names the token's account"
EVIDENCE = f"{GITHUB} answered 200: {SAYS}"
EXPIRES = "2027-01-31 09:30:00 UTC"
# Of a provider whose answer tells all there is.
RULES = """\
provider = "acme"
name = "Acme"
sources = ["https://acme.invalid/docs"]
[[rule]]
id = "acme-key"
title = "Acme key"
severity = "medium"
tier = "high"
pattern = 'acme_[0-9a-f]{32}'
examples = ['acme_{hex:32}']
counter_examples = ['acme_{hex:31}']
advice = "Delete it."
[[recipe]]
id = "acme-key"
rules = ["acme-key"]
sources = ["https://acme.invalid/docs"]
[recipe.base]
names = ["ACME_URL"]
[[recipe.step]]
title = "Ask for the key"
url = "%{base}/me"
headers = { Authorization = "Bearer %{secret}" }
[[recipe.step.answer]]
status = [200]
json = { "/id" = "@string" }
verdict = "active"
says = "the server describes the key"
[recipe.step.answer.metadata]
key_id = "/id"
name = "/name"
owner = "/owner"
account = "/account"
scopes = "/scopes"
created = "/created"
expires = "/expires"
last_used = "/used"
[[recipe.step.answer]]
status = [401]
verdict = "inactive"
says = "the server does not know the key"
[[recipe.record]]
status = 200
body = '{"id":"k1"}'
verdict = "active"
[[recipe.record]]
status = 401
verdict = "inactive"
[[recipe.record]]
status = 403
headers = { content-type = "text/html" }
body = '<html><body>Access denied</body></html>'
verdict = "unknown"
"""
CREATED = NOW - 100 * DAY
FACTS = {"id": "k-17", "name": "laptop", "owner": "octo", "account": "demo",
         "scopes": ["read", "write"], "created": CREATED,
         "expires": (NOW + 30 * DAY) * 1000, "used": "2026-09-20"}


def iso(seconds):
    return datetime.datetime.fromtimestamp(
        seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def alive(_seen):
    return json_answer(200, {"login": "octo-demo", "id": 4242},
                       X_OAuth_Scopes="repo, read:org",
                       GitHub_Authentication_Token_Expiration=EXPIRES)


def dead(_seen):
    return json_answer(401, {"message": "Bad credentials"})


ANSWERS = {"active": alive, "inactive": dead,
           "unknown": hostile.firewall(403)}


@pytest.fixture
def verifying(scene, stub):
    one = VerifyScene(scene, stub)
    one.env.update(MOMENT)
    yield one
    assert stub.refused == []


@pytest.fixture
def acme(verifying, keys, stub):
    """Arguments with which the key in a.env is told about."""
    path = verifying.scene.home / "acme.toml"
    path.write_text(RULES)
    stub.at("localhost", lambda seen: json_answer(200, FACTS))
    key = "acme_" + keys.pick("0123456789abcdef", 32)
    verifying.scene.write("a.env", f"ACME_KEY={key}\n")
    return ["--rules", path, "--base", f"acme={verifying.own}"]


@pytest.fixture(name="validator", scope="session")
def validator_of_reports():
    """For a report; for a line of one where asked so."""
    pytest.importorskip("jsonschema")
    spec = importlib.util.spec_from_file_location(
        "schema_check", pathlib.Path(__file__).with_name("schema_check.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    schema = json.loads((SOURCE / "docs/report.schema.json").read_text())

    def check(value, part=None):
        assert [error.message for error in
                module.validator_for(schema, part).iter_errors(value)] == []

    return check


def put(verifying, key, path="a.env"):
    verifying.scene.write(path, f"GITHUB_TOKEN={key}\n")


def saved(verifying, *args, name="report.json"):
    """A report of a scan that asked nobody."""
    path = verifying.scene.home / name
    ended = verifying.scene.run("scan", "--format", "json", "-o", path, *args)
    assert ended.code in (1, 3), ended
    return path


# Formats.


def test_json_has_all_that_the_provider_says(verifying, acme, validator):
    report = verifying.scan(*acme, "a.env")
    assert report.finding["verdict"] == {
        "state": "active", "checked_at": AT,
        "evidence": f"{verifying.own.removeprefix('https://')} answered 200: "
                    "the server describes the key",
        "key": {"id": "k-17", "name": "laptop", "owner": "octo",
                "account": "demo", "scopes": ["read", "write"],
                "created": iso(CREATED), "expires": iso(NOW + 30 * DAY),
                "last_used": "2026-09-20T00:00:00Z"}}
    age = report.finding["age"]
    assert (age["at_least_days"], age["at_most_days"]) == (100, 100)
    assert {"source": "provider-created", "at": iso(CREATED)} \
        in age["evidence"]
    validator(report.json)


@pytest.mark.parametrize("state", ANSWERS)
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_reports_fit_the_schema(verifying, stub, keys, validator, state,
                                form):
    stub.at(GITHUB, ANSWERS[state])
    put(verifying, keys.github())
    verifying.scene.write("b.env", f"KRYTON_TOKEN={keys.kryton()}\n"
                          f"API_KEY={keys.password()}{keys.password()}\n")
    ended = verifying.run("scan", "--verify", "--format", form, ".")
    if form == "json":
        validator(json.loads(ended.out))
        return
    for line in ended.text.splitlines():
        validator(json.loads(line), "#/$defs/line")


def test_jsonl_has_the_same_verdict(verifying, stub, keys):
    stub.at(GITHUB, alive)
    put(verifying, keys.github())
    whole = verifying.scan("a.env").finding
    ended = verifying.run("scan", "--verify", "--format", "jsonl", "a.env")
    lines = [json.loads(line) for line in ended.text.splitlines()]
    found, = [line for line in lines if line["type"] == "finding"]
    assert found["verdict"] == whole["verdict"]
    assert found["age"] == whole["age"]


@pytest.mark.parametrize("state, live", [
    ("active", f"yes: {EVIDENCE}"),
    ("inactive", f"no: {GITHUB} answered 401: GitHub.com, or the server named "
     "instead, does not know the token, or it is expired or revoked; a server "
     "of one's own would have to be named"),
    ("unknown", f"unknown: {GITHUB} answered 403: a web page, as proxies and "
     "firewalls send it, proves nothing")])
@pytest.mark.parametrize("form", ["human", "csv", "sarif", "markdown",
                                  "junit", "gitlab"])
def test_the_verdict_is_in_every_format(verifying, stub, keys, state, live,
                                        form):
    stub.at(GITHUB, ANSWERS[state])
    put(verifying, keys.github())
    ended = verifying.run("scan", "--verify", "--format", form, "a.env")
    assert ended.code == 1
    proof = live.partition(": ")[2]
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(ended.text)))
        assert {row["verdict"] for row in rows if row["id"]} == {state}
        return
    if form == "sarif":
        result, = json.loads(ended.out)["runs"][0]["results"]
        text = json.dumps(result)
        assert state in text and proof in text
        return
    if form == "junit":
        text = "".join(ElementTree.fromstring(ended.out).itertext())
    elif form == "gitlab":
        one, = json.loads(ended.out)["vulnerabilities"]
        text = json.dumps(one)
    else:
        text = ended.text
    wanted = live if form == "human" else proof
    assert wanted.replace(" ", "") in "".join(text.split())


def test_people_read_what_the_provider_says(verifying, acme):
    text = " ".join(verifying.run("scan", "--verify", "--color", "never",
                                  *acme, "a.env").text.split())
    assert "who: owner octo, account demo, named \"laptop\", id k-17, " \
        "scopes read write, expires 2026-10-21, last used 2026-09-20" in text
    assert "100 days: made 2026-06-13, the provider says" in text


@pytest.mark.parametrize("created", [
    0, -1, NOW + DAY, "soon", None, 10**30, 1e300, "2026-99-99", True, []])
def test_a_time_that_cannot_be_is_no_age(verifying, acme, stub, created):
    stub.at("localhost", lambda seen: json_answer(
        200, {"id": "k", "created": created}))
    report = verifying.scan(*acme, "a.env")
    assert report.finding["verdict"]["state"] == "active"
    assert "provider-created" not in [
        one["source"] for one in report.finding["age"]["evidence"]]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_whatever_the_number_of_threads(verifying, stub, keys,
                                                       form):
    made = [keys.github() for _ in range(12)]
    living = set(made[::2])
    stub.at(GITHUB, lambda seen: alive(seen) if seen.headers[
        "authorization"].removeprefix("Bearer ") in living else dead(seen))
    for i, key in enumerate(made):
        put(verifying, key, f"{i % 5}/{i}.env")
    outs = [verifying.run("scan", "--verify", "--fresh", "--format", form,
                          "-j", jobs, ".", env={"NO_COLOR": "1"}).out
            for jobs in ("1", "4", "1")]
    assert outs[0] == outs[1] == outs[2]
    assert len(stub.seen) == 3 * 12


def test_no_jobs_of_asking_without_keys(verifying):
    report = verifying.scan("--fail-on", "active", "--allow-empty", ".")
    assert (report.code, report.findings) == (0, [])
    assert verifying.silent and not verifying.log.exists()


# Exit codes.


@pytest.mark.parametrize("states, code", [
    ((), 0), (("active",), 1), (("inactive",), 0), (("unknown",), 3),
    (("active", "inactive"), 1), (("active", "unknown"), 1),
    (("inactive", "unknown"), 3), (("inactive", "inactive"), 0),
    (("active", "inactive", "unknown"), 1)])
@pytest.mark.parametrize("command", ["scan", "verify"])
def test_fail_on_active(verifying, stub, keys, states, code, command):
    what = {}
    stub.at(GITHUB, lambda seen: ANSWERS[what[seen.headers[
        "authorization"].removeprefix("Bearer ")]](seen))
    verifying.scene.write("readme.txt", "nothing\n")
    for i, state in enumerate(states):
        key = keys.github()
        what[key] = state
        put(verifying, key, f"{i}.env")
    if command == "scan":
        report = verifying.scan("--fail-on", "active", ".")
    elif not states:
        return
    else:
        report = verifying.reported(saved(verifying, "."))
    assert report.code == code
    assert sorted(one["verdict"]["state"] for one in report.findings) \
        == sorted(states)
    assert report.complete == ("unknown" not in states)


@pytest.mark.parametrize("fail_on, codes", [
    ("high", (1, 1, 1)), ("never", (0, 0, 0)), ("active", (1, 0, 3))])
def test_other_thresholds(verifying, stub, keys, fail_on, codes):
    """By severity a dead key counts too, and an odd answer changes
    nothing."""
    put(verifying, keys.github())
    for state, code in zip(ANSWERS, codes):
        stub.at(GITHUB, ANSWERS[state])
        report = verifying.scan("--fresh", "--fail-on", fail_on, "a.env")
        assert (report.finding["verdict"]["state"], report.code) \
            == (state, code)


def test_what_is_unknown_may_be_allowed(verifying, stub, keys):
    stub.at(GITHUB, ANSWERS["unknown"])
    put(verifying, keys.github())
    report = verifying.scan("--fail-on", "active", "--allow-incomplete",
                            "a.env")
    assert (report.code, report.complete) == (0, False)


def test_what_nobody_can_be_asked_about(verifying, stub, keys):
    """Generic kinds and kinds without a recipe fail nothing."""
    verifying.scene.write(
        "a.env", f"DB_PASSWORD={keys.password()}\n"
        f"KRYTON_PASSWORD={keys.password()}\n{keys.pem()}\n")
    report = verifying.scan("--fail-on", "active", "--min-confidence", "low",
                            "a.env")
    assert report.findings
    assert (report.code, report.complete) == (0, True)
    assert {one["verdict"]["state"] for one in report.findings} \
        == {"not-tried"}
    assert verifying.silent


def test_a_kind_that_several_providers_have_is_sent_to_nobody(verifying,
                                                              stub, keys):
    """Stripe's key looks so, and Paystack's too."""
    stub.at("api.stripe.com", dead).at("api.paystack.co", dead)
    verifying.scene.write("a.txt", f"x sk_live_{keys.pick(HEX, 40)}\n")
    verifying.scan("--fail-on", "active", "--min-confidence", "low", "a.txt")
    assert verifying.silent


def test_what_is_allowed_is_not_asked_about(verifying, stub, keys):
    stub.at(GITHUB, alive)
    key = keys.github()
    verifying.scene.write("a.env", f"GITHUB_TOKEN={key}  # keytidy:allow "
                          "github-personal-access-token made for this test\n")
    plain = verifying.scene.scan("a.env")
    report = verifying.scan("--fail-on", "active", "a.env")
    assert plain.finding["decision"]["action"] == "ignore"
    assert (report.code, report.complete) == (0, True)
    assert report.finding["verdict"]["evidence"] \
        == "allowed, so not asked about"
    assert verifying.silent


def test_active_needs_verify(verifying, keys):
    put(verifying, keys.github())
    ended = verifying.scene.run("scan", "--fail-on", "active", "a.env")
    assert ended.code == 2
    assert ended.err.startswith("keytidy: --fail-on active: ")


@pytest.mark.parametrize("option", [
    ["--dry-run"], ["--base", "kryton=https://notes.example"],
    ["--trust-config-hosts"], ["--max-requests", "5"], ["--deadline", "5"],
    ["--fresh"], ["--ca-file", "a.pem"], ["--audit-log", "a.log"],
    ["--allow-http-loopback"]])
def test_options_of_verifying_need_verify(verifying, keys, option):
    put(verifying, keys.github())
    ended = verifying.scene.run("scan", *option, "a.env", env=verifying.env)
    assert ended.code == 2
    assert ended.err == "keytidy: the options of verifying need --verify\n"
    assert ended.out == b"" and verifying.silent


def test_the_variable_of_the_record_is_no_option(verifying, keys):
    put(verifying, keys.github())
    ended = verifying.scene.run(
        "scan", "a.env", env={"KEYTIDY_AUDIT_LOG": "/nowhere/log"})
    assert ended.code == 1


@pytest.mark.parametrize("option", [
    ["--max-requests", "-1"], ["--max-requests", "many"],
    ["--max-requests", "1000001"], ["--deadline", "0"],
    ["--deadline", "86401"], ["--base", "kryton"], ["--base", "=https://a.b"],
    ["--base", "krypton=https://a.b"], ["--base", "kryton=https://"],
    ["--base", "kryton=https://a.b/?q"], ["--base", "kryton=https://a.b/#f"],
    ["--base", "kryton=https://u:p@a.b"], ["--base", "kryton=a.b"],
    ["--base", "konstantly=https://elsewhere.example"],
    ["--base", "openai=https://elsewhere.example"],
    ["--fail-on", "sometimes"], ["--format", "pdf"]])
def test_options_that_cannot_be_meant(verifying, keys, option):
    ended = verifying.run("verify", *option, stdin=keys.kryton())
    assert ended.code == 2
    assert ended.err != "" and ended.out == b""
    assert verifying.silent and not verifying.log.exists()


# verify over a report.


def test_files(verifying, stub, keys):
    stub.at(GITHUB, alive)
    made = [keys.github() for _ in range(3)]
    for i, key in enumerate(made):
        put(verifying, key, f"{i}.env")
    put(verifying, made[0], "again.env")
    path = saved(verifying, ".")
    put(verifying, keys.github(), "late.env")
    report = verifying.reported(path)
    assert report.code == 1 and report.complete
    assert len(report.findings) == 3
    assert report.paths == ["0.env", "1.env", "2.env", "again.env"]
    assert len(stub.seen) == 3
    before = {one["id"]: one for one in json.loads(path.read_text())[
        "findings"]}
    for one in report.findings:
        assert one["verdict"]["state"] == "active"
        assert one["occurrences"] == before[one["id"]]["occurrences"]


def test_archives(verifying, stub, keys):
    stub.at(GITHUB, alive)
    scene = verifying.scene
    with zipfile.ZipFile(scene.dir / "a.zip", "w") as file:
        file.writestr("in/a.env", f"GITHUB_TOKEN={keys.github()}\n")
    data = f"GITHUB_TOKEN={keys.github()}\n".encode()
    with tarfile.open(scene.dir / "b.tar.gz", "w:gz") as file:
        info = tarfile.TarInfo("b!c.env")
        info.size = len(data)
        file.addfile(info, io.BytesIO(data))
    put(verifying, keys.github(), "odd!name.env")
    report = verifying.reported(saved(verifying, "."))
    assert report.code == 1 and report.complete, report.unread
    assert [one["verdict"]["state"] for one in report.findings] \
        == ["active"] * 3


@pytest.mark.parametrize("mode", ["--staged", "--history"])
def test_git(verifying, stub, keys, mode):
    stub.at(GITHUB, alive)
    repo = Repo(verifying.scene)
    repo.commit({"a.env": f"GITHUB_TOKEN={keys.github()}\n"})
    repo.commit({"a.env": "empty\n"})
    repo.add({"b.env": f"GITHUB_TOKEN={keys.github()}\n"})
    path = verifying.scene.home / "report.json"
    repo.run("scan", mode, "--format", "json", "-o", path)
    before = json.loads(path.read_text())
    report = verifying.reported(path, cwd=repo.path)
    assert report.code == 1 and report.complete, report.unread
    assert sorted(one["id"] for one in report.findings) \
        == sorted(one["id"] for one in before["findings"])
    assert {one["verdict"]["state"] for one in report.findings} == {"active"}
    places = {one["id"]: one["occurrences"] for one in before["findings"]}
    for one in report.findings:
        assert one["occurrences"] == places[one["id"]]


def test_a_key_that_is_not_there_any_more(verifying, stub, keys):
    stub.at(GITHUB, dead)
    put(verifying, keys.github(), "a.env")
    put(verifying, keys.github(), "b.env")
    path = saved(verifying, ".")
    gone, = [one["id"] for one in json.loads(path.read_text())["findings"]
             if one["occurrences"][0]["path"] == "a.env"]
    verifying.scene.write("a.env", "GITHUB_TOKEN=\n")
    report = verifying.reported(path)
    assert report.code == 3 and not report.complete
    assert len(report.findings) == len(stub.seen) == 1
    assert report.unread == [
        ("a.env", f"the key {gone} is not there any more; scan again for a "
         "new report")]


def test_a_key_that_moved_within_its_file(verifying, stub, keys):
    stub.at(GITHUB, alive)
    key = keys.github()
    put(verifying, key)
    path = saved(verifying, ".")
    verifying.scene.write("a.env", f"\n\nGITHUB_TOKEN={key}\n")
    report = verifying.reported(path)
    assert report.code == 1 and report.complete
    assert report.place["line"] == 3


def test_a_file_that_is_gone(verifying, stub, keys):
    stub.at(GITHUB, alive)
    for name in ("a.env", "b.env"):
        put(verifying, keys.github(), name)
    path = saved(verifying, ".")
    (verifying.scene.dir / "a.env").unlink()
    report = verifying.reported(path)
    assert report.code == 1 and not report.complete
    assert len(report.findings) == 1
    assert "a.env" in [path for path, _ in report.unread]


def test_another_key_of_the_file_is_not_asked_about(verifying, stub, keys):
    stub.at(GITHUB, alive)
    first, second = keys.github(), keys.github()
    put(verifying, first)
    path = saved(verifying, ".")
    verifying.scene.write("a.env", f"A={second}\nGITHUB_TOKEN={first}\n")
    verifying.reported(path)
    assert [seen.headers["authorization"] for seen in stub.seen] \
        == [f"Bearer {first}"]


def test_a_key_of_standard_input_is_gone(verifying, keys):
    ended = verifying.scene.run("scan", "--format", "json", "-",
                                stdin=keys.github().encode())
    path = verifying.scene.home / "report.json"
    path.write_bytes(ended.out)
    report = verifying.reported(path)
    assert report.code == 3
    assert [path for path, _ in report.unread] == ["-"]
    assert verifying.silent


@pytest.fixture(name="key_file")
def key_of_the_ids(verifying):
    path = verifying.scene.home / "ids.key"
    path.write_bytes(os.urandom(32).hex().encode() + b"\n")
    path.chmod(0o600)
    return path


def test_ids_of_a_key_file(verifying, stub, keys, key_file):
    stub.at(GITHUB, alive)
    put(verifying, keys.github())
    path = saved(verifying, "--key-file", key_file, ".")
    report = verifying.reported(path, "--key-file", key_file)
    assert (report.code, report.complete) == (1, True)
    assert report.finding["id"] \
        == json.loads(path.read_text())["findings"][0]["id"]


def test_a_report_of_another_form_is_told_apart(verifying, keys):
    """By the name of its form, or by not being JSON at all."""
    put(verifying, keys.github())
    for form in FORMATS:
        if form == "json":
            continue
        path = verifying.scene.home / f"report.{form}"
        verifying.scene.run("scan", "--format", form, "-o", path, ".")
        ended = verifying.run("verify", path)
        assert ended.code == 2, form
        assert str(path) in ended.err


def cut(size):
    return lambda report: json.dumps(report)[:size]


def change(edit):
    def apply(report):
        edit(report)
        return json.dumps(report)
    return apply


def in_place(name, value):
    def edit(report):
        report["findings"][0]["occurrences"][0][name] = value
    return change(edit)


def in_finding(name, value):
    def edit(report):
        report["findings"][0][name] = value
    return change(edit)


DAMAGES = {
    "empty": cut(0), "cut": cut(300), "array": lambda report: "[]",
    "null": lambda report: "null", "text": lambda report: "no report",
    "twice": lambda report: json.dumps(report) * 2,
    "deep": lambda report: "[" * 100_000,
    "other schema": change(lambda report: report.update(schema="x/9")),
    "no schema": change(lambda report: report.pop("schema")),
    "no findings": change(lambda report: report.pop("findings")),
    "findings null": change(lambda report: report.update(findings=None)),
    "findings text": change(lambda report: report.update(findings="a")),
    "finding text": change(lambda report: report.update(findings=["a"])),
    "no id": change(lambda report: report["findings"][0].pop("id")),
    "id number": in_finding("id", 5),
    "rule null": in_finding("rule", None),
    "no places": change(lambda report: report["findings"][0].pop(
        "occurrences")),
    "places null": in_finding("occurrences", None),
    "path null": in_place("path", None),
    "path number": in_place("path", 7),
    "source odd": in_place("source", "moon"),
    "source null": in_place("source", None),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_report(verifying, keys, damage):
    put(verifying, keys.github())
    path = saved(verifying, ".")
    path.write_text(DAMAGES[damage](json.loads(path.read_text())))
    ended = verifying.run("verify", path)
    assert ended.code == 2, ended
    assert ended.err.startswith(f"keytidy: {path}") and ended.out == b""
    assert verifying.silent


# What fits the form, and names what is not there.
STRANGE = {
    "other id": in_finding("id", "kt-" + "0" * 16),
    "other rule": in_finding("rule", "kryton-api-key"),
    "no such rule": in_finding("rule", "no-such-rule"),
    "no place": in_finding("occurrences", []),
    "a folder": in_place("path", "/"),
    "a device": in_place("path", "/dev/zero"),
    "a pipe": in_place("path", "pipe"),
    "a nul": in_place("path", "a\0b"),
    "control bytes": in_place("path", "\x1b[2Ja"),
    "an option": in_place("path", "--help"),
    "no name": in_place("path", ""),
    "no repository": in_place("source", "history"),
}


@pytest.mark.parametrize("strange", STRANGE)
def test_a_report_of_what_is_not_there(verifying, stub, keys, strange):
    """Nothing is sent that the report does not have by id and kind, and
    nobody waits for a pipe."""
    stub.at(GITHUB, alive)
    key = keys.github()
    put(verifying, key)
    os.mkfifo(verifying.scene.dir / "pipe")
    path = saved(verifying, "a.env")
    path.write_text(STRANGE[strange](json.loads(path.read_text())))
    if strange == "a folder":
        target = verifying.scene.dir / "folder"
        target.mkdir()
        path.write_text(in_place("path", str(target))(
            json.loads(path.read_text())))
    ended = verifying.run("verify", path)
    assert ended.code in (2, 3), ended
    assert "\x1b" not in ended.text + ended.err
    assert verifying.silent


def test_a_report_that_is_not_there(verifying):
    ended = verifying.run("verify", "none.json")
    assert ended.code == 2
    assert ended.err.startswith("keytidy: none.json: ")


def test_an_empty_report(verifying):
    verifying.scene.write("readme.txt", "nothing\n")
    path = verifying.scene.home / "report.json"
    verifying.scene.run("scan", "--format", "json", "-o", path, ".")
    report = verifying.reported(path)
    assert (report.code, report.findings, report.complete) == (0, [], True)
    assert verifying.silent


def test_dry_run_over_a_report(verifying, keys):
    key = keys.github()
    put(verifying, key)
    ended = verifying.run("verify", "--dry-run", saved(verifying, "."))
    assert ended.code == 0
    assert f"GET https://{GITHUB}/user" in ended.text
    assert ended.text.endswith("Nothing was sent (--dry-run).\n")
    assert key not in ended.text
    assert verifying.silent and not verifying.log.exists()


# The time.


def test_the_time_is_that_of_source_date_epoch(verifying, stub, keys):
    stub.at(GITHUB, alive)
    report = verifying.verify(keys.github())
    assert report.finding["verdict"]["checked_at"] == AT


def test_a_kept_verdict_has_the_time_of_its_asking(verifying, stub, keys):
    stub.at(GITHUB, alive)
    key = keys.github()
    verifying.verify(key)
    later = verifying.verify(key, env={"SOURCE_DATE_EPOCH": str(NOW + 600)})
    assert later.finding["verdict"]["checked_at"] == AT
    assert len(stub.seen) == 1


def test_expiry_of_a_key(verifying, stub, keys):
    stub.at(GITHUB, alive)
    key = verifying.verify(keys.github()).finding["verdict"]["key"]
    assert key == {
        "id": None, "name": None, "owner": "octo-demo", "account": None,
        "scopes": ["repo", "read:org"], "created": None,
        "expires": "2027-01-31T09:30:00Z", "last_used": None}


def test_a_report_that_cannot_be_written(verifying, stub, keys):
    stub.at(GITHUB, lambda seen: text_answer(401, ""))
    ended = verifying.run("verify", "-o", "/nowhere/report",
                          stdin=keys.github())
    assert ended.code == 2
    assert ended.err.startswith("keytidy: ")


def test_the_report_is_private(verifying, stub, keys):
    stub.at(GITHUB, alive)
    path = verifying.scene.dir / "report"
    ended = verifying.run("verify", "-o", path, stdin=keys.github(), umask=0)
    assert (ended.code, ended.out) == (1, b"")
    assert path.stat().st_mode & 0o777 == 0o600
