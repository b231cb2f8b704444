# SPDX-License-Identifier: Apache-2.0
"""verify and scan --verify against servers that misbehave: whatever one says,
no key counts as active without proof, and nothing breaks."""

import os
import re
import time

import pytest

from scene import FORMATS, Report
from stub import FAULTS, Answer, Http2Missing, hostile, json_answer
from stub.documents import document
from verifyscene import VerifyScene, verdict

GITHUB = "api.github.com"
SHORT = ("--deadline", "1")
# The machine's own must not count.
NO_AUTHORITIES = {"CURL_CA_BUNDLE": "", "SSL_CERT_FILE": ""}
LIMIT = 10  # seconds that a run with a short deadline may take
MOST_KILOBYTES = 128 << 10
ACTIVE = {"login": "octo-demo", "id": 4242}

ODD = "an answer that the recipe does not know proves nothing"
ELSEWHERE = "the server redirects elsewhere, where the key is not sent"
WEB_PAGE = "a web page, as proxies and firewalls send it, proves nothing"
RESET = "Recv failure: Connection reset by peer"
LEFT = "transfer closed with {} bytes remaining to read"
LONG_HEAD = "the answer's headers are longer than 65,536 bytes"
LONG_LINE = "the answer has a header that is too long"
LONG = "the answer is longer than 1,048,576 bytes"
OVER = "the 1 s for verifying were over"


def says(status, text):
    return f"{{}} answered {status}: {text}"


def fails(text):
    return "{} could not be asked: " + text


def later(status):
    return f"{{0}} answered {status}; {{0}} is not to be asked again within " \
        "the time for verifying"


# What makes the handler, and what the evidence says of its answers.
CASES = {
    "end before headers": (hostile.before_headers,
                           fails("Empty reply from server")),
    "reset before headers": (lambda: hostile.before_headers(True),
                             fails(RESET)),
    "end within headers": (hostile.within_headers, says(200, ODD)),
    "reset within headers": (lambda: hostile.within_headers(True),
                             fails(RESET)),
    "end after headers": (hostile.after_headers, fails(LEFT.format(15))),
    "reset after headers": (lambda: hostile.after_headers(True),
                            fails(RESET)),
    "end within body": (hostile.within_body, fails(LEFT.format(10))),
    "reset within body": (lambda: hostile.within_body(True), fails(RESET)),
    "end within chunk": (
        hostile.within_chunk,
        fails("transfer closed with outstanding read data remaining")),
    "reset within chunk": (lambda: hostile.within_chunk(True), fails(RESET)),
    "end without length": (hostile.without_length, says(200, ODD)),
    "reset without length": (lambda: hostile.without_length(True),
                             fails(RESET)),
    "length too long": (lambda: hostile.wrong_length(100),
                        fails(LEFT.format(85))),
    "length too short": (lambda: hostile.wrong_length(5), says(200, ODD)),
    "two lengths": (hostile.contradicting_lengths, says(200, ODD)),
    "body after 204": (lambda: hostile.forbidden_body(204), says(204, ODD)),
    "not http": (hostile.not_http,
                 fails("Received HTTP/0.9 when not allowed")),
    "captive portal": (hostile.captive_portal, says(200, WEB_PAGE)),
    "control bytes": (hostile.control_bytes, says(400, ODD)),
    "empty body": (hostile.empty_body, says(200, ODD)),
    "echo 200": (hostile.echo, says(200, ODD)),
    "echo 401": (lambda: hostile.echo(401), says(401, ODD)),
    "echo 403": (lambda: hostile.echo(403), says(403, ODD)),
    "echo as json": (lambda: hostile.echo(200, "application/json"),
                     says(200, ODD)),
    "endless chunk extension": (hostile.endless_chunk_extension, OVER),
    "endless chunks": (hostile.endless_chunks, fails(LONG)),
    "firewall 200": (lambda: hostile.firewall(200), says(200, WEB_PAGE)),
    "firewall 401": (lambda: hostile.firewall(401), says(401, WEB_PAGE)),
    "firewall 403": (lambda: hostile.firewall(403), says(403, WEB_PAGE)),
    "firewall 404": (lambda: hostile.firewall(404), says(404, WEB_PAGE)),
    "firewall 503": (lambda: hostile.firewall(503), later(503)),
    "huge body": (hostile.huge_body, fails(LONG)),
    "huge exponent": (hostile.huge_exponent, says(200, ODD)),
    "huge number": (hostile.huge_number, says(200, ODD)),
    "gzip that inflates": (hostile.inflating, says(200, ODD)),
    "endless 103": (hostile.informational, fails(LONG_HEAD)),
    "five times 103": (lambda: hostile.informational(5), says(200, ODD)),
    "invalid json": (hostile.invalid_json, says(200, ODD)),
    "invalid utf-8": (hostile.invalid_utf8, says(200, ODD)),
    "long header": (hostile.long_header, fails(LONG_LINE)),
    "many headers": (hostile.many_headers, fails(LONG_HEAD)),
    "million items": (hostile.million_items, fails(LONG)),
    "nested arrays": (hostile.nested_json, says(200, ODD)),
    "nested objects": (hostile.nested_objects, says(200, ODD)),
    "nul bytes": (hostile.nul_bytes, says(200, ODD)),
    "silence": (hostile.silence, OVER),
    "slow body": (lambda: hostile.slow_body(0.5), OVER),
    "slow header": (lambda: hostile.slow_header(0.5), OVER),
    "storm": (hostile.Storm, later(429)),
    "storm of 503": (lambda: hostile.Storm(status=503), later(503)),
    "key twice": (hostile.twice_the_key, says(200, ODD)),
    "no type": (hostile.without_type, says(200, ODD)),
    "wrong type": (hostile.wrong_type, says(200, WEB_PAGE)),
    "array": (lambda: document(b'[{"login": "octo-demo", "id": 1}]'),
              says(200, ODD)),
    "right answer, wrong status": (
        lambda: lambda seen: json_answer(500, ACTIVE),
        says(500, "the server has an error of its own")),
    "right answer in a page": (
        lambda: document(b'<html>{"login": "octo-demo", "id": 1}</html>'),
        says(200, WEB_PAGE)),
    "answer 407": (lambda: lambda seen: Answer(407),
                   says(407, "the proxy asks for a password")),
}


@pytest.fixture
def verifying(scene, stub):
    one = VerifyScene(scene, stub)
    yield one
    # Nobody was asked who is not registered; none of the redirects was
    # followed.
    assert stub.refused == []


@pytest.fixture(name="ask", params=["github", "kryton"])
def one_of_two_recipes(request, verifying, stub, keys):
    """Asks a server that answers so, through the proxy or at a base; the
    report, and the host."""
    key = keys.of(request.param)

    def run(handler, *args):
        if request.param == "github":
            host, given = GITHUB, ()
            stub.at(GITHUB, handler)
        else:
            stub.at("localhost", handler)
            host = verifying.own.removeprefix("https://")
            given = ("--base", f"kryton={verifying.own}")
        start = time.monotonic()
        report = verifying.verify(key, *given, *args)
        assert time.monotonic() - start < LIMIT
        return report, host

    yield run
    assert verifying.leaks(key) == []


@pytest.mark.parametrize("case", CASES)
def test_an_odd_answer_proves_nothing(ask, stub, verifying, case):
    make, evidence = CASES[case]
    report, host = ask(make(), *SHORT)
    assert verdict(report) == ("unknown", evidence.format(host), 3)
    assert not report.complete
    assert len(stub.seen) == 1  # as none may be asked again in time
    events = [line["event"] for line in verifying.audit()]
    if evidence == OVER:
        assert events == ["sent"]
    else:
        assert events == ["sent", "failed" if "could not be" in evidence
                          else "answered"]


@pytest.mark.parametrize("status", hostile.STATUSES)
@pytest.mark.parametrize("form", ["host", "plain", "path", "circle",
                                  "registered", "file", "bare"])
def test_a_redirect_is_not_followed(ask, stub, status, form):
    stub.at("gist.github.com", lambda seen: json_answer(200, ACTIVE))
    handler = {
        "host": hostile.to_host(status, "elsewhere.invalid"),
        "plain": hostile.to_plain_http(status),
        "path": hostile.to_path(status, "/other"),
        "circle": hostile.in_circles(status),
        "registered": hostile.to_host(status, "gist.github.com"),
        "file": hostile.redirect(status, "file:///etc/passwd"),
        "bare": lambda seen: Answer(status)}[form]
    report, host = ask(handler, *SHORT)
    assert verdict(report) == (
        "unknown", f"{host} answered {status}: {ELSEWHERE}", 3)
    assert len(stub.seen) == 1


@pytest.mark.parametrize("body", [False, True])
def test_not_modified_is_no_redirect(ask, body):
    handler = hostile.forbidden_body(304) if body \
        else lambda seen: Answer(304)
    report, host = ask(handler, *SHORT)
    assert verdict(report) == ("unknown", f"{host} answered 304: {ODD}", 3)


def test_a_forged_answer_behind_another_is_not_taken(verifying, stub, keys):
    """The second key of a connection is answered for by nobody else."""
    proof = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n' \
        b'Content-Length: 30\r\n\r\n{"login": "octo-demo", "id": 1}'
    stub.at(GITHUB, hostile.forbidden_body(204, proof))
    scene = verifying.scene
    scene.write("a.env", "".join(f"TOKEN_{i}={keys.github()}\n"
                                 for i in range(4)))
    report = verifying.scan("--fail-on", "active")
    assert [one["verdict"]["state"] for one in report.findings] \
        == ["unknown"] * 4
    assert report.code == 3


@pytest.mark.parametrize("case", [
    "endless chunk extension", "endless chunks", "endless 103", "huge body",
    "gzip that inflates", "million items", "nested arrays",
    "nested objects", "long header", "many headers", "huge number"])
def test_memory_is_bounded(verifying, stub, keys, case, tmp_path):
    handler = CASES[case][0]()
    stub.at(GITHUB, handler)
    given = tmp_path / "key"
    given.write_text(keys.github())
    with given.open("rb") as stdin, (tmp_path / "out").open("wb") as out:
        child = verifying.scene.start(
            "verify", "--ca-file", stub.authority.ca_file, *SHORT,
            env=verifying.env, stdin=stdin, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 3
    assert 0 < usage.ru_maxrss < MOST_KILOBYTES


def test_a_flood_is_cut_off(verifying, stub, keys):
    """Nothing is read that nobody wants."""
    flood = hostile.endless_chunks()
    stub.at(GITHUB, flood)
    verifying.verify(keys.github())
    assert flood.sent < 32 << 20


def test_the_findings_of_a_scan_stay(verifying, stub, keys):
    """Unless asked for, an answer that proves nothing changes no code."""
    scene = verifying.scene
    scene.write("a.env", f"TOKEN={keys.github()}\n"
                f"KRYTON_TOKEN={keys.kryton()}\n"
                f"STRIPE={keys.stripe_test()}\n{keys.pem()}\n")
    plain = scene.scan()
    for make, _ in (CASES["silence"], CASES["endless chunks"],
                    CASES["firewall 403"], CASES["reset before headers"]):
        for host in (GITHUB, "api.stripe.com"):
            stub.at(host, make())
        report = verifying.scan(*SHORT)
        assert report.code == plain.code == 1
        fields = ("rule", "id", "occurrences", "severity", "secret")
        assert [[one[name] for name in fields] for one in report.findings] \
            == [[one[name] for name in fields] for one in plain.findings]


# What a terminal obeys, and what turns the direction of a text.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
# Whoever reads these is a program: of such formats the bytes alone count.
OBEYED_IN_DATA = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_of_the_server_moves_the_terminal(verifying, stub, keys,
                                                  form):
    evil = "\x1b[2J\x1b]0;owned\x07\r\u202efdp.exe\x9b31m\x7f\x00\n<b>|x"
    answers = [lambda seen: json_answer(
        200, {"login": evil, "id": 1}, X_OAuth_Scopes="re\x1b[31mpo, \x9b5m"),
               hostile.control_bytes()]
    obeyed = OBEYED if form in ("human", "markdown", "csv", "junit") \
        else OBEYED_IN_DATA
    for handler, code in zip(answers, (1, 3)):
        stub.at(GITHUB, handler)
        ended = verifying.run("verify", "--fresh", "--format", form,
                              "--color", "never", stdin=keys.github())
        assert ended.code == code
        # The lines of CSV end so.
        assert not obeyed.search(ended.text.replace("\r\n", "\n"))
        assert ended.err == ""


# Certificates.


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_certificate_is_refused(ask, stub, fault, monkeypatch):
    """No byte of a request is sent."""
    real = stub.at
    monkeypatch.setattr(stub, "at", lambda host, handler:
                        real(host, handler, fault=fault))
    report, host = ask(lambda seen: json_answer(200, ACTIVE), *SHORT)
    state, evidence, code = verdict(report)
    assert (state, code) == ("unknown", 3)
    assert evidence.startswith(f"{host} could not be asked: SSL")
    assert len(stub.seen) == 0


@pytest.mark.parametrize("variables", [
    {}, {"NODE_TLS_REJECT_UNAUTHORIZED": "0", "PYTHONHTTPSVERIFY": "0",
         "GIT_SSL_NO_VERIFY": "1", "CURL_INSECURE": "1"}])
def test_an_authority_that_nobody_named_is_refused(verifying, stub, keys,
                                                   variables):
    stub.at(GITHUB, lambda seen: json_answer(200, ACTIVE))
    verifying.scene.home.joinpath(".curlrc").write_text("insecure\n")
    report = Report(verifying.scene.run(
        "verify", "--format", "json", *SHORT, stdin=keys.github().encode(),
        env={**verifying.env, **NO_AUTHORITIES, **variables}))
    state, evidence, code = verdict(report)
    assert (state, code) == ("unknown", 3)
    assert "certificate" in evidence
    assert len(stub.seen) == 0


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
def test_authorities_of_the_environment(verifying, stub, keys, variable):
    stub.at(GITHUB, lambda seen: json_answer(200, ACTIVE))
    report = Report(verifying.scene.run(
        "verify", "--format", "json", stdin=keys.github().encode(),
        env={**verifying.env, **NO_AUTHORITIES,
             variable: stub.authority.ca_file}))
    assert verdict(report)[0] == "active"


def test_a_file_of_authorities_that_is_not_there(verifying, stub, keys):
    ended = verifying.scene.run("verify", "--ca-file", "none.pem",
                                stdin=keys.github().encode(),
                                env=verifying.env)
    assert ended.code == 2
    assert ended.err == \
        "keytidy: none.pem: the certificates cannot be read\n"
    assert verifying.silent


@pytest.mark.parametrize("content", ["", "garbage\n"])
def test_a_file_of_authorities_that_holds_none(verifying, stub, keys,
                                               content):
    stub.at(GITHUB, lambda seen: json_answer(200, ACTIVE))
    path = verifying.scene.write("ca.pem", content)
    report = Report(verifying.scene.run(
        "verify", "--format", "json", "--ca-file", path, *SHORT,
        stdin=keys.github().encode(), env=verifying.env))
    assert verdict(report)[::2] == ("unknown", 3)
    assert len(stub.seen) == 0


# Plain HTTP.


def test_plain_http_needs_the_flag(verifying, stub, keys):
    base = ("--base", f"kryton={stub.http_base}")
    ended = verifying.run("verify", *base, stdin=keys.kryton())
    assert ended.code == 2
    assert "needs --allow-http-loopback" in ended.err
    stub.at("127.0.0.1", lambda seen: json_answer(
        401, {"error": "Invalid or expired API key"}))
    report = verifying.verify(keys.kryton(), *base, "--allow-http-loopback")
    assert verdict(report)[::2] == ("inactive", 0)
    assert [seen.scheme for seen in stub.seen] == ["http"]


@pytest.mark.parametrize("host", [
    "kryton.example", "10.0.0.1", "127.0.0.1.example", "localhost.example",
    "0.0.0.0", "127.1", "[::]", "localhost.", "user@localhost"])
def test_plain_http_goes_to_this_machine_only(verifying, keys, host):
    ended = verifying.run("verify", "--allow-http-loopback", "--base",
                          f"kryton=http://{host}", stdin=keys.kryton())
    assert ended.code == 2
    assert verifying.silent


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher", "httpx", "ws"])
def test_other_schemes_are_refused(verifying, keys, scheme):
    ended = verifying.run("verify", "--allow-http-loopback", "--base",
                          f"kryton={scheme}://localhost/", stdin=keys.kryton())
    assert ended.code == 2
    assert "must be https://" in ended.err


def test_a_plain_server_beside_the_key_needs_the_flag_too(verifying, stub,
                                                          keys):
    verifying.scene.write("a.env", f"KRYTON_URL={stub.http_base}\n"
                          f"KRYTON_TOKEN={keys.kryton()}\n")
    report = verifying.scan("--trust-config-hosts", "--fail-on", "active")
    assert verdict(report)[::2] == ("unknown", 3)
    assert verifying.silent


# HTTP/2.


def test_http2(ask, stub, monkeypatch):
    real = stub.at
    monkeypatch.setattr(stub, "at", lambda host, handler:
                        real(host, handler, with_http2=True))
    try:
        report, host = ask(hostile.firewall(403), *SHORT)
    except Http2Missing as error:
        pytest.skip(str(error))
    assert verdict(report) == (
        "unknown", f"{host} answered 403: {WEB_PAGE}", 3)
    assert stub.seen.last.version == "2"


def test_many_keys_over_http2(verifying, stub, keys):
    try:
        stub.at(GITHUB, lambda seen: json_answer(200, ACTIVE),
                with_http2=True)
    except Http2Missing as error:
        pytest.skip(str(error))
    verifying.scene.write("a.env", "".join(
        f"TOKEN_{i}={keys.github()}\n" for i in range(8)))
    report = verifying.scan("--fail-on", "active")
    assert [one["verdict"]["state"] for one in report.findings] \
        == ["active"] * 8
    assert {seen.version for seen in stub.seen} == {"2"}
