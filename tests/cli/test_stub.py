# SPDX-License-Identifier: Apache-2.0
"""The server that stands in for the providers, seen by the curl program and by
Python's own clients."""

import email.utils
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from stub import (FAULTS, Answer, Authority, Http2Missing, Raw, Stub, hostile,
                  http2, text_answer)
from stub.systems import (BY_ERRORS, Clock, Corcava, Karzoun, Kataven,
                          Konstantly, Kryton)

API = "api.example.com"
PATIENCE = 10


class Curl:
    """A call of curl. The body is bytes; `headers` are those of the last
    answer."""

    def __init__(self, stub, *args, proxy=True):
        command = ["curl", "-sS", "-i", "--noproxy", "" if proxy else "*",
                   "--cacert", stub.authority.ca_file,
                   "--max-time", str(PATIENCE), "--suppress-connect-headers"]
        command += ["--proxy", stub.proxy] if proxy else []
        environment = {name: value for name, value in os.environ.items()
                       if not name.lower().endswith("_proxy")}
        done = subprocess.run([*command, *map(str, args)], check=False,
                              capture_output=True, env=environment)
        self.code, self.error = done.returncode, done.stderr.decode()
        head, _, self.body = done.stdout.partition(b"\r\n\r\n")
        while re.match(rb"HTTP/\S+ 1\d\d", head):
            head, _, self.body = self.body.partition(b"\r\n\r\n")
        self.lines = head.decode("latin-1").split("\r\n")
        words = self.lines[0].split(" ", 2)
        self.status = int(words[1]) if len(words) > 1 else None


class Client:
    """Requests on one connection; the host is only named, so that any
    registered one can be asked without TLS."""

    def __init__(self, stub, host):
        self.host = host
        self._link = http.client.HTTPConnection("127.0.0.1",
                                                stub.port("http"), PATIENCE)

    def __call__(self, method, target, body=None, **headers):
        named = {name.replace("_", "-"): value
                 for name, value in headers.items()}
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        self._link.request(method, target, body, {"Host": self.host, **named})
        answer = self._link.getresponse()
        return Reply(answer.status, answer.headers, answer.read())

    def __del__(self):
        self._link.close()


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def said(self):
        """Status and body."""
        return self.status, self.text


def secure(stub, host=API):
    """A connection to the host through the proxy."""
    trust = ssl.create_default_context(cafile=stub.authority.ca_file)
    trust.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    link = http.client.HTTPSConnection("127.0.0.1", stub.port("proxy"),
                                       timeout=PATIENCE, context=trust)
    link.set_tunnel(host)
    return link


def hello(seen):
    return text_answer(200, f"hello {seen.target}")


def in_parallel(count, work):
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def soon(holds):
    """Whether it comes to hold."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


# The ways in.

def test_proxy_answers_for_registered_hosts(stub):
    stub.at(API, hello)
    got = Curl(stub, f"https://{API}/v1/a?x=1&y=", "-H", "X-Key: k")
    assert (got.status, got.body) == (200, b"hello /v1/a?x=1&y=")
    seen = stub.seen.last
    assert (seen.host, seen.method, seen.path) == (API, "GET", "/v1/a")
    assert (seen.query, seen.parameters) == ("x=1&y=", {"x": "1", "y": ""})
    assert (seen.headers["x-key"], seen.body) == ("k", b"")
    assert (seen.scheme, seen.version) == ("https", "1.1")
    assert time.monotonic() - PATIENCE < seen.at < time.monotonic()
    assert len(stub.seen) == 1 and not stub.refused and not stub.handshakes


def test_connect_is_recorded(stub):
    stub.at(API, hello)
    Curl(stub, f"https://{API}/", "-H", "X-Key: k")
    (request,) = stub.connects
    assert request.target == f"{API}:443"
    assert "X-Key" not in request.headers


def test_unregistered_hosts_are_refused(stub):
    got = Curl(stub, "https://elsewhere.example.com/")
    assert got.code == 56 and "502" in got.error
    assert stub.refused == ["elsewhere.example.com"]
    assert len(stub.seen) == 0


def test_other_ports_are_other_hosts(stub):
    stub.at(API, hello).at(f"{API}:8443", lambda seen: Answer(204))
    assert Curl(stub, f"https://{API}:8443/").status == 204
    assert Curl(stub, f"https://{API}:8444/").code == 56
    assert stub.refused == [f"{API}:8444"]


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_direct_https(stub, name):
    stub.at(name, hello)
    got = Curl(stub, stub.https_base(name) + "/x", proxy=False)
    assert (got.status, got.body) == (200, b"hello /x")
    assert stub.seen.last.host == name


def test_direct_http(stub):
    stub.at("127.0.0.1", hello)
    got = Curl(stub, stub.http_base + "/x", proxy=False)
    assert (got.status, got.body) == (200, b"hello /x")
    assert stub.seen.last.scheme == "http"


def test_direct_listeners_refuse_other_names(stub):
    assert Client(stub, "nobody.example.com")("GET", "/").status == 502
    assert stub.refused == ["nobody.example.com"]


def test_plain_http_through_the_proxy_is_seen(stub):
    stub.at(API, hello)
    assert Curl(stub, f"http://{API}/x?y").body == b"hello /x?y"
    seen = stub.seen.last
    assert (seen.scheme, seen.host, seen.target) == ("http", API, "/x?y")
    assert Curl(stub, "http://nobody.example.com/").status == 502
    assert stub.refused == ["nobody.example.com"]


# Certificates.

@pytest.mark.parametrize("fault", FAULTS)
def test_bad_certificates(stub, fault):
    words = {"expired": "expired", "wrong-name": "alternative certificate",
             "self-signed": "self-signed",
             "unknown-issuer": "unable to get local issuer"}
    stub.at(API, hello, fault=fault)
    stub.at("localhost", hello, fault=fault)
    for got in [Curl(stub, f"https://{API}/"),
                Curl(stub, stub.https_base(), proxy=False)]:
        assert got.code == 60 and words[fault] in got.error
    assert len(stub.seen) == 0


def test_failed_handshakes_are_recorded(stub):
    stub.at(API, hello, fault="unknown-issuer")
    Curl(stub, f"https://{API}/")
    assert soon(lambda: stub.handshakes)
    assert stub.handshakes[0][0] == API
    assert "unknown ca" in stub.handshakes[0][1].lower()


def test_contexts_are_cached(authority):
    one = authority.context(API)
    assert authority.context(API) is one
    assert authority.context(API, alpn=("h2",)) is not one


# HTTP/1.1.

def test_connections_are_kept(stub):
    stub.at(API, hello)
    link = secure(stub)
    for path in "/a", "/b", "/c":
        link.request("GET", path)
        assert link.getresponse().read() == b"hello " + path.encode()
    assert len({seen.connection for seen in stub.seen}) == 1
    link.request("GET", "/", headers={"Connection": "close"})
    assert link.getresponse().headers["Connection"] == "close"
    assert soon(lambda: stub.open_connections == 0)


@pytest.mark.parametrize("args", [
    ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"], []])
def test_request_bodies(stub, tmp_path, args):
    body = bytes(range(256)) * 1000
    stub.at(API, lambda seen: Answer(200, {"X-Length": len(seen.body)}))
    path = tmp_path / "body"
    path.write_bytes(body)
    got = Curl(stub, f"https://{API}/", "--data-binary", f"@{path}", *args)
    assert got.status == 200 and f"X-Length: {len(body)}" in got.lines
    assert stub.seen.last.body == body


def test_head_has_no_body(stub):
    stub.at(API, hello)
    got = Curl(stub, "--head", f"https://{API}/", f"https://{API}/")
    assert got.status == 200 and "Content-Length: 7" in got.lines
    assert [seen.connection for seen in stub.seen] == [
        stub.seen[0].connection] * 2


def test_broken_handlers_are_not_overlooked(authority):
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        with Stub(authority) as stub:
            stub.at(API, lambda seen: 1 // 0)
            assert Client(stub, API)("GET", "/").status == 500


def test_raw_answers(stub):
    stub.at(API, lambda seen: Raw(
        lambda wire: wire.send(b"HTTP/1.1 299 Odd\r\n\r\nraw")))
    got = Curl(stub, f"https://{API}/")
    assert (got.status, got.lines, got.body) == (299, ["HTTP/1.1 299 Odd"],
                                                 b"raw")


# HTTP/2.

@pytest.fixture
def stub2(stub):
    try:
        stub.at(API, hello, with_http2=True)
    except Http2Missing as missing:
        pytest.skip(str(missing))
    return stub


def test_http2_missing_is_an_error_of_its_own(stub, monkeypatch):
    monkeypatch.setattr(http2, "h2", None)
    with pytest.raises(Http2Missing, match="python3-h2"):
        stub.at(API, hello, with_http2=True)


def test_http2(stub2):
    got = Curl(stub2, f"https://{API}/a?b", "-d", "body", "-H", "X-Key: k")
    assert (got.status, got.body) == (200, b"hello /a?b")
    assert got.lines[0].startswith("HTTP/2 200")
    seen = stub2.seen.last
    assert (seen.method, seen.body, seen.version) == ("POST", b"body", "2")
    assert seen.headers["x-key"] == "k"
    got = Curl(stub2, f"https://{API}/", "--http1.1")
    assert got.lines[0] == "HTTP/1.1 200 OK"


def test_http2_direct(stub2):
    stub2.at("localhost", hello, with_http2=True)
    got = Curl(stub2, stub2.https_base() + "/x", proxy=False)
    assert got.lines[0].startswith("HTTP/2 200") and got.body == b"hello /x"


def test_http2_bodies_beyond_the_window(stub2):
    """The windows of the protocol's start are 64 KB wide."""
    body = os.urandom(3_000_000)
    stub2.at(API, lambda seen: Answer(200, {}, body + seen.body),
             with_http2=True)
    got = Curl(stub2, f"https://{API}/", "-d", "x" * 100_000)
    assert got.body == body + b"x" * 100_000


def test_http2_streams_run_side_by_side(stub2):
    together = threading.Barrier(5)

    def meet(seen):
        together.wait(PATIENCE)
        return hello(seen)

    stub2.at(API, meet, with_http2=True)
    got = Curl(stub2, "-Z", f"https://{API}/[1-5]")
    assert got.code == 0 and stub2.seen.most_in_flight(API) == 5


def test_http2_raw_answers_reset_the_stream(stub2):
    stub2.at(API, hostile.before_headers(), with_http2=True)
    assert Curl(stub2, f"https://{API}/").code == 92


# Many at once.

def test_a_thousand_requests_a_second(stub):
    stub.at(API, hello)

    def work():
        client = Client(stub, API)
        for _ in range(100):
            assert client("GET", "/").status == 200

    def seconds():
        start = time.monotonic()
        in_parallel(10, work)
        return time.monotonic() - start

    assert any(seconds() < 1 for _ in range(3))
    assert len(stub.seen) % 1000 == 0


def test_two_hundred_connections_at_once(stub):
    together = threading.Barrier(200)

    def meet(seen):
        together.wait(PATIENCE)
        return hello(seen)

    stub.at(API, meet)
    statuses = []
    in_parallel(200, lambda: statuses.append(
        Client(stub, API)("GET", "/").status))
    assert statuses == [200] * 200
    assert stub.seen.most_in_flight(API) == 200
    assert stub.seen.in_flight(API) == 0


def test_in_flight_is_never_counted_too_high(stub):
    """One after the other on connections of their own is one at a time."""
    stub.at(API, hello)
    for _ in range(200):
        Client(stub, API)("GET", "/")
    assert stub.seen.most_in_flight(API) == 1


def test_delay_without_work(stub):
    stub.at(API, hello, delay=0.2).at("quick.example.com", hello)
    start, work = time.monotonic(), time.process_time()
    Client(stub, API)("GET", "/")
    assert time.monotonic() - start >= 0.2
    assert time.process_time() - work < 0.1
    stub.delay(API, 0)
    start = time.monotonic()
    Client(stub, API)("GET", "/")
    assert time.monotonic() - start < 0.2


def test_close_is_at_once(authority):
    before = threading.active_count()
    stub = Stub(authority)
    stub.at(API, hello, delay=3600).at("silent.example.com",
                                       hostile.silence())
    stub.at("idle.example.com", hello).at("flood.example.com",
                                          hostile.endless_chunks())
    links = [secure(stub, host) for host in
             (API, "silent.example.com", "idle.example.com",
              "flood.example.com")]
    for link in links:
        link.request("GET", "/")
    links += [socket.create_connection(("127.0.0.1", stub.port(one)))
              for one in ("proxy", "https", "http")]  # these say nothing
    assert soon(lambda: len(stub.seen) == 4 and stub.open_connections == 7)
    start = time.monotonic()
    stub.close()
    assert time.monotonic() - start < 1
    assert threading.active_count() == before
    for link in links:
        link.close()


# What is bound.

def own_sockets():
    """(local address, remote address, state) of this process, as the kernel
    writes them."""
    links = []
    for entry in pathlib.Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(entry))
        except FileNotFoundError:
            pass  # the one that lists the folder
    for table in "tcp", "tcp6", "udp", "udp6":
        lines = pathlib.Path(f"/proc/self/net/{table}").read_text()
        for line in lines.splitlines()[1:]:
            fields = line.split()
            if f"socket:[{fields[9]}]" in links:
                yield table, fields[1], fields[2], fields[3]


def test_nothing_but_loopback_is_bound(stub):
    stub.at(API, hello)
    Client(stub, API)("GET", "/")
    Curl(stub, f"https://{API}/")
    Curl(stub, "https://elsewhere.example.com/")
    held = list(own_sockets())
    assert {table for table, *_ in held} == {"tcp"}
    # 127.0.0.1, and 0.0.0.0 as the other side of those that listen.
    assert {local.split(":")[0] for _, local, *_ in held} == {"0100007F"}
    listening = {int(local.split(":")[1], 16)
                 for _, local, _, state in held if state == "0A"}
    assert {stub.port(one) for one in ("proxy", "https", "http")} <= listening
    assert all(remote.startswith("0100007F" if state != "0A" else "00000000")
               for _, _, remote, state in held)


# Hostile handlers: redirects.

@pytest.mark.parametrize("status", hostile.STATUSES)
@pytest.mark.parametrize("handler, location", [
    (hostile.to_host, "https://evil.example.com/a?b"),
    (hostile.to_plain_http, f"http://{API}/a?b"),
    (hostile.to_path, "/other"), (hostile.in_circles, "/a?b"),
    (hostile.redirect, "//evil.example.com")])
def test_redirects(stub, status, handler, location):
    args = {hostile.to_host: ["evil.example.com"],
            hostile.to_path: ["/other"],
            hostile.redirect: ["//evil.example.com"]}.get(handler, [])
    stub.at(API, handler(status, *args))
    reply = Client(stub, API)("GET", "/a?b")
    assert (reply.status, reply.headers["Location"]) == (status, location)


def test_redirects_are_seen_where_they_lead(stub):
    stub.at(API, hostile.to_host(302, "evil.example.com"))
    stub.at("evil.example.com", hostile.to_plain_http(307))
    Curl(stub, "-L", "--max-redirs", 3, f"https://{API}/x")
    assert [(seen.scheme, seen.host) for seen in stub.seen] == [
        ("https", API), ("https", "evil.example.com"),
        ("http", "evil.example.com"), ("http", "evil.example.com")]


# Hostile handlers: pages and documents.

@pytest.mark.parametrize("handler, status", [
    *[(hostile.firewall(status), status)
      for status in hostile.FIREWALL_STATUSES],
    (hostile.captive_portal(), 200)])
def test_pages(stub, handler, status):
    stub.at(API, handler)
    reply = Client(stub, API)("GET", "/")
    assert reply.status == status
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.text.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("handler, start, size", [
    (hostile.invalid_json(), b'{"data": {"user": nil}', 22),
    (hostile.empty_body(), b"", 0),
    (hostile.nested_json(), b"[[[[", 200_000),
    (hostile.nested_objects(), b'{"a":{"a":', 600_001),
    (hostile.huge_number(), b'{"number": 999', 100_012),
    (hostile.huge_exponent(), b'{"number": 1e999999999}', 23),
    (hostile.invalid_utf8(), b'{"name": "\xc3(', 20),
    (hostile.nul_bytes(), b'{"name": "a\0b', 37),
    (hostile.million_items(), b"[0,0,", 2_000_001),
    (hostile.twice_the_key(), b'{"data": null, "data"', 53),
    (hostile.wrong_type(), b'{"data"', 12)])
def test_documents(stub, handler, start, size):
    stub.at(API, handler)
    reply = Client(stub, API)("GET", "/")
    assert reply.status == 200 and reply.body.startswith(start)
    assert len(reply.body) == size
    kind = "text/html" if start == b'{"data"' else "application/json"
    assert reply.headers["Content-Type"] == kind


def test_documents_of_other_kinds(stub):
    stub.at(API, hostile.without_type())
    assert Client(stub, API)("GET", "/").headers["Content-Type"] is None
    stub.at(API, hostile.inflating(1 << 20))
    reply = Client(stub, API)("GET", "/")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert len(reply.body) < 3000
    stub.at(API, hostile.control_bytes())
    assert "\x1b[2J" in Client(stub, API)("GET", "/").json["error"]


# Hostile handlers: too much, too slow.

@pytest.mark.parametrize("make", [
    hostile.huge_body, hostile.endless_chunks, hostile.informational,
    hostile.endless_chunk_extension])
def test_floods_last_until_the_client_goes(stub, make):
    flood = make()
    stub.at(API, flood)
    link = secure(stub)
    link.request("GET", "/")
    assert soon(lambda: flood.sent > 200_000)
    link.close()
    assert soon(lambda: stub.open_connections == 0)
    assert flood.sent < 10**9


def test_huge_body_can_be_whole(stub):
    flood = hostile.huge_body(1_000_000)
    stub.at(API, flood)
    got = Curl(stub, f"https://{API}/")
    assert got.code == 0 and len(got.body) == 1_000_000


@pytest.mark.parametrize("make", [hostile.slow_header, hostile.slow_body])
def test_slow_bytes(stub, make):
    stub.at(API, make(0.001, b'{"slow": 1}'))
    start = time.monotonic()
    got = Curl(stub, f"https://{API}/")
    assert (got.status, got.body) == (200, b'{"slow": 1}')
    assert time.monotonic() - start >= 0.011
    stub.at(API, make(3600))
    assert Curl(stub, f"https://{API}/", "--max-time", "0.1").code == 28


def test_headers_without_end(stub):
    stub.at(API, hostile.many_headers(5000))
    assert len(Curl(stub, f"https://{API}/").lines) == 5003
    stub.at(API, hostile.long_header(1 << 20))
    # More than curl takes.
    assert Curl(stub, f"https://{API}/").code in (27, 56, 100)
    stub.at(API, hostile.long_header(1 << 16))
    got = Curl(stub, f"https://{API}/")
    assert got.lines[2] == "X-Long: " + "x" * (1 << 16)
    stub.at(API, hostile.informational(50))
    assert Curl(stub, f"https://{API}/").body == b"{}"


# Hostile handlers: broken off.

@pytest.mark.parametrize("make, code", [
    (hostile.before_headers, 52), (hostile.after_headers, 18),
    (hostile.within_body, 18), (hostile.within_chunk, 18)])
def test_broken_connections(stub, make, code):
    stub.at("127.0.0.1", make()).at(API, make())
    assert Curl(stub, stub.http_base, proxy=False).code == code
    assert Curl(stub, f"https://{API}/").code == code
    stub.at("127.0.0.1", make(reset=True)).at(API, make(reset=True))
    # How much of it the client reads before the reset is left to chance.
    assert Curl(stub, stub.http_base, proxy=False).code in (code, 56)
    assert Curl(stub, f"https://{API}/").code in (code, 35, 56)


def ending(stub):
    """What TLS says at the end of an answer: nothing, or that it was cut."""
    link = secure(stub)
    link.request("GET", "/", headers={"Connection": "close"})
    received = b""
    try:
        while piece := link.sock.recv(65536):
            received += piece
        return received, None
    except ssl.SSLError as error:
        return received, error
    finally:
        link.close()


@pytest.mark.parametrize("make, end", [
    (hostile.within_headers, b"Content-Le"),
    (hostile.without_length, b'{"whole": true}')])
def test_ends_that_only_tls_shows(stub, make, end):
    stub.at(API, make())
    received, error = ending(stub)
    assert received.endswith(end) and error is not None
    stub.at(API, hello)
    received, error = ending(stub)
    assert received.endswith(b"hello /") and error is None


def test_lengths_that_are_wrong(stub):
    stub.at("127.0.0.1", hostile.wrong_length(100))
    assert Curl(stub, stub.http_base, proxy=False).code == 18
    stub.at("127.0.0.1", hostile.wrong_length(5))
    assert Curl(stub, stub.http_base, proxy=False).body == b'{"who'
    stub.at("127.0.0.1", hostile.contradicting_lengths())
    assert Curl(stub, stub.http_base, proxy=False).body in (b"", b"{")
    stub.at("127.0.0.1", hostile.not_http())
    assert Curl(stub, stub.http_base, proxy=False).code == 1


@pytest.mark.parametrize("status", [204, 304])
def test_bodies_where_there_can_be_none(stub, status):
    stub.at(API, hostile.forbidden_body(status))
    sent = []
    link = http.client.HTTPConnection("127.0.0.1", stub.port("http"))
    link.connect()
    link.sock.sendall(f"GET / HTTP/1.1\r\nHost: {API}\r\n\r\n".encode())
    while b"forged" not in b"".join(sent):
        sent.append(link.sock.recv(65536))
    assert b"".join(sent).startswith(f"HTTP/1.1 {status} ".encode())
    link.close()


# Hostile handlers: come later.

@pytest.mark.parametrize("form", hostile.RETRY_AFTER)
def test_storms(stub, form):
    stub.at(API, hostile.Storm(2, hello, form))
    client = Client(stub, API)
    replies = [client("GET", "/") for _ in range(3)]
    assert [reply.status for reply in replies] == [429, 429, 200]
    value = replies[0].headers["Retry-After"]
    wanted = hostile.RETRY_AFTER[form]
    if isinstance(wanted, int):
        away = email.utils.parsedate_to_datetime(value).timestamp()
        assert abs(away - time.time() - wanted) < PATIENCE
    else:
        assert value == wanted
    assert "Retry-After" not in replies[2].headers


def test_storms_that_never_end(stub):
    stub.at(API, hostile.Storm(status=503))
    client = Client(stub, API)
    assert {client("GET", "/").status for _ in range(20)} == {503}


def test_echo(stub):
    stub.at(API, hostile.echo(401))
    got = Curl(stub, f"https://{API}/a?k=query", "-H", "X-Key: header", "-d",
               "body")
    assert got.status == 401
    for word in "k=query", "X-Key: header", "body":
        assert word in got.lines[0]
        assert any(line.startswith("X-Echo: ") and word in line
                   for line in got.lines)
        assert word in got.body.decode()


# The players.

@pytest.fixture
def clock():
    return Clock()


def statuses(client, count, method, target, **headers):
    return [client(method, target, **headers).status for _ in range(count)]


def bearer(key):
    return f"Bearer {key}"


# Kataven.

@pytest.fixture
def kataven(stub, clock):
    player = Kataven(clock)
    stub.at("api.kataven.ai", player)
    player.client = Client(stub, "api.kataven.ai")
    return player


def test_kataven_keys(kataven):
    key, other = kataven.mint("laptop"), kataven.mint("desk")
    assert re.fullmatch("sk_live_notesbot_[0-9A-Za-z]{32}", key)
    reply = kataven.client("GET", "/v1/api-keys", Authorization=bearer(key))
    assert reply.status == 200
    assert [(row["name"], row["last_8"]) for row in reply.json] == [
        ("laptop", key[-8:]), ("desk", other[-8:])]
    assert key not in reply.text


@pytest.mark.parametrize("path", ["/v1/agents", "/v1/tools?limit=1",
                                  "/api/v1/agents"])
def test_kataven_reads(kataven, path):
    kataven.tools += [{"name": "a"}, {"name": "b"}]
    key = kataven.mint()
    reply = kataven.client("GET", path, Authorization=bearer(key))
    assert reply.status == 200
    assert reply.json == ([{"name": "a"}] if "tools" in path else [])


@pytest.mark.parametrize("end", [
    lambda player, key: player.revoke(key),
    lambda player, key: player.expire(key),
    lambda player, key: player.disable(key)])
def test_kataven_dead_keys(kataven, end):
    key = kataven.mint()
    end(kataven, key)
    for header in bearer(key), f"bearer {kataven.mint()}", "", key:
        reply = kataven.client("GET", "/v1/agents", Authorization=header)
        assert reply.said == (401, "Missing or invalid bearer token")
        assert reply.headers["Content-Type"] == "text/plain"


@pytest.mark.parametrize("method, path", [
    ("POST", "/v1/api-keys"), ("PATCH", "/v1/api-keys/7"),
    ("DELETE", "/api/v1/api-keys/7"), ("PUT", "/api/v1/call-limits"),
    ("POST", "/api/marketplace/agents"), ("POST", "/api/integrations"),
    ("DELETE", "/api/v1/sessions/7/recording")])
def test_kataven_manages_in_the_hub_only(kataven, method, path):
    key = kataven.mint()
    reply = kataven.client(method, path, Authorization=bearer(key))
    assert reply.said == (403, "Requires Hub UI auth")


def test_kataven_people_manage(kataven):
    person = {"Authorization": bearer(kataven.sign_in())}
    client = kataven.client
    assert client("GET", "/v1/api-keys", **person).said == (
        400, "Missing X-Account-ID header")
    person["X-Account-ID"] = "notesbot"
    made = client("POST", "/v1/api-keys", {"name": "ci", "expiry": "90d"},
                  **person)
    assert made.status == 201
    key, path = made.json["key"], "/v1/api-keys/" + made.json["id"]
    used = {"Authorization": bearer(key)}
    assert client("GET", "/v1/agents", **used).status == 200
    assert client("PATCH", path, {"disabled": True}, **person).status == 200
    assert client("GET", "/v1/agents", **used).status == 401
    assert client("DELETE", path, **person).status == 200
    assert kataven.keys() == []
    kataven.clock.advance(91 * 86400)
    assert client("POST", "/v1/api-keys", {}, **person).status == 400


def test_kataven_limits(stub, clock):
    player = Kataven(clock, per_hour=100)
    stub.at("api.kataven.ai", player)
    client = Client(stub, "api.kataven.ai")
    keys = [player.mint(), player.mint()]  # of one account, so one budget
    for index in range(60):
        key = bearer(keys[index % 2])
        assert client("GET", "/v1/agents", Authorization=key).status == 200
    reply = client("GET", "/v1/agents", Authorization=key)
    assert reply.said == (429, "rate_limited: per-minute (60) exceeded")
    assert reply.headers["Retry-After"] == "60"
    assert reply.headers["Content-Type"] == "text/plain"
    other = bearer(player.mint(account="another"))
    assert client("GET", "/v1/agents", Authorization=other).status == 200
    clock.advance(60)
    assert statuses(client, 41, "GET", "/v1/agents", Authorization=key) == [
        200] * 40 + [429]
    reply = client("GET", "/v1/agents", Authorization=key)
    assert reply.text == "rate_limited: per-hour (100) exceeded"
    assert reply.headers["Retry-After"] == "3600"


def test_kataven_other_refusals(kataven):
    key = bearer(kataven.mint(account="kataven-admin"))
    assert kataven.client("GET", "/v1/agents", Authorization=key).status == 403
    kataven.cap = "Daily call limit reached"
    key = bearer(kataven.mint())
    reply = kataven.client("GET", "/v1/agents", Authorization=key)
    assert reply.said == (429, "Daily call limit reached")


# Karzoun.

@pytest.fixture
def karzoun(stub, clock):
    return start_karzoun(stub, Karzoun(clock=clock))


def start_karzoun(stub, player):
    stub.at(player.host, player)
    client = Client(stub, player.host)

    def ask(token, query, **variables):
        headers = {"x-app-token": token} if token else {}
        return client("POST", "/graphql",
                      {"query": query, "variables": variables}, **headers)

    player.ask = ask
    return player


ME = "query { currentUser { _id email } }"
APPS = """query Apps($page: Int = 1) { apps(page: $page, perPage: 2) {
  data { _id name accessToken createdAt lastUsedAt expireDate noExpire }
  pagination { totalCount hasNextPage } } }"""
ADD = """mutation Add($name: String!, $group: String) {
  made: appsAdd(name: $name, userGroupId: $group, noExpire: true)
  { _id accessToken } }"""
REMOVE = "mutation($id: String!) { appsRemove(_id: $id) }"


def test_karzoun_current_user(karzoun):
    token = karzoun.mint()
    assert token.count(".") == 2 and token.startswith("eyJ")
    reply = karzoun.ask(token, ME)
    app = karzoun.app(token)
    assert reply.status == 200
    assert reply.json == {"data": {"currentUser": {
        "_id": f"user-{app.id}", "email": f"app-{app.id}@notes.example.com"}}}
    rich = "{ me: currentUser { isOwner groupIds permissionActions } }"
    assert karzoun.ask(karzoun.mint(permissions=["showDeveloper"]),
                       rich).json["data"]["me"]["permissionActions"] == {
                           "showDeveloper": True}
    assert karzoun.ask(karzoun.mint(owner=True),
                       rich).json["data"]["me"]["isOwner"] is True


def test_karzoun_apps(karzoun, clock):
    tokens = [karzoun.mint("a"), karzoun.mint("b", expires=clock.now() + 99),
              karzoun.mint("c", ["showDeveloper"])]
    got = karzoun.ask(tokens[2], APPS).json["data"]["apps"]
    assert got["pagination"] == {"totalCount": 3, "hasNextPage": True}
    assert [row["name"] for row in got["data"]] == ["c", "b"]
    assert [row["accessToken"] for row in got["data"]] == [
        "****" + token[-4:] for token in (tokens[2], tokens[1])]
    assert got["data"][0]["expireDate"] is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",
                        got["data"][1]["expireDate"])
    last = karzoun.ask(tokens[2], APPS, page=2).json["data"]["apps"]
    assert [row["name"] for row in last["data"]] == ["a"]
    assert last["pagination"]["hasNextPage"] is False


def test_karzoun_last_use_is_that_before(karzoun, clock):
    token = karzoun.mint("a", ["showDeveloper"])

    def last():
        return karzoun.ask(token, APPS).json["data"]["apps"]["data"][0][
            "lastUsedAt"]

    assert last() is None
    first = last()
    assert first is not None
    clock.advance(3600)
    assert last()[:13] == first[:13]
    assert last()[:13] > first[:13]


def test_karzoun_denies(karzoun):
    token = karzoun.mint()
    reply = karzoun.ask(token, APPS)
    assert reply.status == 200
    assert reply.json == {
        "errors": [{"message": "Permission denied", "path": ["apps"],
                    "extensions": {"code": "FORBIDDEN"}}],
        "data": {"apps": None}}
    assert karzoun.app(token).used is not None


@pytest.mark.parametrize("query", [
    "{ nobody { _id } }", "{ currentUser { _id secret } }", "{ currentUser }",
    "{ currentUser { _id { x } } }", "{ apps(size: 3) { data { _id } } }"])
def test_karzoun_validates(karzoun, query):
    reply = karzoun.ask(karzoun.mint(owner=True), query)
    assert reply.status == 200
    (error,) = reply.json["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "data" not in reply.json


@pytest.mark.parametrize("query", ["", "{", "{ a ? }", "{ currentUser { } }",
                                   "query Q { currentUser { _id }"])
def test_karzoun_parses(karzoun, query):
    (error,) = karzoun.ask(karzoun.mint(), query).json["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize("end", [
    lambda player, token: player.revoke(token),
    lambda player, token: player.disable(token),
    lambda player, token: player.expire(token)])
def test_karzoun_dead_tokens(stub, clock, end):
    wanted = {"errors": [{"message": "Authentication failure",
                          "extensions": {"code": "UNAUTHENTICATED"}}]}
    for options, status, value in [
            ({}, 401, wanted),
            ({"unauthorized": b'"no"'}, 401, "no"),
            ({"refusal": BY_ERRORS}, 200, {**wanted, "data": None})]:
        player = start_karzoun(stub, Karzoun(clock=clock, **options))
        token = player.mint()
        assert player.ask(token, ME).status == 200
        end(player, token)
        for one in token, "nonsense", None:
            reply = player.ask(one, ME)
            assert (reply.status, reply.json) == (status, value)


def test_karzoun_rotation(karzoun):
    group = karzoun.group("showDeveloper", "manageDeveloper",
                          "removeDeveloper")
    owner = karzoun.mint(owner=True)
    made = karzoun.ask(owner, ADD, name="new", group=group).json
    token, name = [made["data"]["made"][field]
                   for field in ("accessToken", "_id")]
    assert karzoun.ask(token, ME).status == 200

    def remove(name):
        got = karzoun.ask(owner, REMOVE, id=name).json
        return got["errors"][0]["message"] if "errors" in got else None

    assert remove(name) == "Can not remove an enabled app"
    assert remove("nothing") == "App not found"
    karzoun.disable(token)
    assert karzoun.ask(token, ME).status == 401
    assert remove(name) is None
    assert karzoun.app(token) is None
    assert karzoun.ask(owner, ADD, name="x").json["errors"][0]["message"] == \
        "userGroupId is required unless allowAllPermission is true"
    denied = karzoun.ask(karzoun.mint(), ADD, name="x", group=group)
    assert denied.json["errors"][0]["message"] == "Permission denied"


def test_karzoun_edits_name_and_expiry_only(karzoun):
    owner = karzoun.mint("a", owner=True)
    edit = "mutation { appsEdit(_id: \"%s\", %s) { name expireDate } }"
    name = karzoun.app(owner).id
    got = karzoun.ask(owner, edit % (
        name, 'name: "b", expireDate: "2099-01-01T00:00:00Z"')).json
    assert got["data"]["appsEdit"] == {
        "name": "b", "expireDate": "2099-01-01T00:00:00.000Z"}
    assert "errors" in karzoun.ask(
        owner, edit % (name, "allowAllPermission: true")).json


# Konstantly.

WHERE = "/of/the/test"


def start_konstantly(stub, clock, **options):
    player = Konstantly(WHERE, clock=clock, **options)
    stub.at(player.host, player)
    client = Client(stub, player.host)
    player.ask = lambda key: client("GET", WHERE, X_MCP_Key=key)
    return player


def test_konstantly_keys(stub, clock):
    player = start_konstantly(stub, clock, capabilities={"tools": []})
    key = player.mint()
    assert re.fullmatch("kmcp_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", key)
    assert player.last_used_at(key) is None
    assert player.ask(key).said == (200, '{"tools":[]}')
    assert player.last_used_at(key) == pytest.approx(clock.now(), abs=PATIENCE)
    banned = player.mint("bob")
    player.ban("bob")
    player.revoke(key)
    for one in key, banned, "", Konstantly(WHERE, "other").mint():
        assert player.ask(one).said == (401, "")


def test_konstantly_licence(stub, clock):
    player = start_konstantly(stub, clock)
    player.licence = "none"
    reply = player.ask(player.mint())
    assert (reply.status, reply.json["code"]) == (403, "MCP_LICENSE_DISABLED")
    assert player.ask("wrong").said == (401, "")
    player = start_konstantly(stub, clock, licence_status=401)
    player.licence = "none"
    assert player.ask(player.mint()).said == (401, "")


def test_konstantly_limits(stub, clock):
    player = start_konstantly(stub, clock, per_minute=3, per_day=5)
    key = player.mint()
    assert [player.ask(key).status for _ in range(4)] == [200] * 3 + [429]
    clock.advance(48)
    reply = player.ask(key)
    assert reply.said == (429, '{"error":"Rate limit exceeded (minute). '
                          'Retry after 12s.","code":"MCP_RATE_LIMITED"}')
    assert "Retry-After" not in reply.headers
    assert player.ask(player.mint()).status == 200
    clock.advance(12)
    assert [player.ask(key).status for _ in range(3)] == [200, 200, 429]
    assert "(day)" in player.ask(key).text


@pytest.mark.parametrize("throttles_all", [False, True])
def test_konstantly_failures(stub, clock, throttles_all):
    player = start_konstantly(stub, clock, throttles_all=throttles_all,
                              retry_header=True)
    key = player.mint()
    assert [player.ask("wrong").status for _ in range(11)] == \
        [401] * 10 + [429]
    clock.advance(13)
    reply = player.ask("wrong")
    assert reply.said == (
        429, '{"error":"Too many failed MCP authentication attempts. '
        'Retry after 47s.","code":"MCP_AUTH_RATE_LIMITED"}')
    assert reply.headers["Retry-After"] == "47"
    assert player.ask(key).status == (429 if throttles_all else 200)
    clock.advance(47)
    assert player.ask("wrong").said == (401, "")


# Corcava.

def test_corcava(stub):
    player = Corcava(b'{"projects":[]}', b'{"message":"no"}')
    stub.at("corcava.com", player)
    client = Client(stub, "corcava.com")

    def ask(header):
        return client("GET", "/api/v1/projects", Authorization=header).said

    key, other = player.mint(), player.mint()
    assert ask(f"Bearer {key}") == (200, '{"projects":[]}')
    for header in (f"bearer {key}", f"Bearer  {key}", f'Bearer "{key}"', key,
                   f"BEARER {key}", "Bearer wrong", ""):
        assert ask(header) == (401, '{"message":"no"}'), header
    assert client("GET", "/api/v1/projects").status == 401
    player.throttle(2, retry_after=7)
    assert ask(f"Bearer {key}") == (429, "Too Many Requests")
    assert client("GET", "/").headers["Retry-After"] == "7"
    player.deactivate(key)
    assert ask(f"Bearer {key}")[0] == 401
    player.activate(key)
    assert ask(f"Bearer {key}")[0] == 200
    player.revoke(key)
    assert ask(f"Bearer {key}")[0] == 401
    assert ask(f"Bearer {other}")[0] == 200


# Kryton.

KEYS = "/api/api-keys"
MAIL, PASSWORD = "ann@example.com", "correct horse"
SESSION_ONLY = "This endpoint requires browser session authentication"


@pytest.fixture(params=["old", "new"])
def kryton(request, stub, clock):
    return start_kryton(stub, clock, request.param)


def start_kryton(stub, clock, generation, **options):
    player = Kryton(generation, clock, **options)
    player.account(MAIL, PASSWORD)
    stub.at("127.0.0.1", player)
    player.client = Client(stub, "127.0.0.1")
    return player


def sign_in(player, password=PASSWORD):
    return player.client("POST", "/api/auth/sign-in/email",
                         {"email": MAIL, "password": password},
                         Content_Type="application/json")


def session(player):
    """Headers."""
    cookies = sign_in(player).headers.get_all("Set-Cookie")
    return {"Cookie": "; ".join(one.split(";")[0] for one in cookies)}


def failure(player, message, code, always=False):
    """An error as the generation writes it; the old one has a code only where
    it says always."""
    if player.generation == "new":
        return {"error": {"code": code, "message": message}}
    return {"error": message, **({"code": code} if always else {})}


def test_kryton_live_keys(kryton, clock):
    key = kryton.mint(MAIL)
    assert re.fullmatch("kryton_[0-9a-f]{64}", key)
    for method in "GET", "POST":
        reply = kryton.client(method, KEYS, Authorization=bearer(key))
        assert reply.status == 403
        assert reply.json == failure(kryton, SESSION_ONLY, "FORBIDDEN", True)
    assert kryton.key(key).used == pytest.approx(clock.now(), abs=PATIENCE)
    reply = kryton.client("HEAD", KEYS, Authorization=bearer(key) + " ")
    assert (reply.status, reply.body) == (403, b"")
    reply = kryton.client("GET", "/api/agents", Authorization=bearer(key))
    assert (reply.status, reply.json) == (200, {"agents": []})


def test_kryton_dead_keys(kryton):
    gone, late, live = [kryton.mint(MAIL) for _ in range(3)]
    kryton.revoke(gone)
    kryton.expire(late)
    word = "Missing or invalid session" if kryton.generation == "new" \
        else "Invalid or expired API key"
    for one in gone, late, "kryton_", live + "0", \
            "kryton_" + live[7:].upper():
        reply = kryton.client("GET", KEYS, Authorization=bearer(one))
        assert reply.status == 401
        assert reply.json == failure(kryton, word, "UNAUTHENTICATED")
    assert kryton.key(late).used is None


def test_kryton_no_keys(kryton):
    key = kryton.mint(MAIL)
    for header in f"bearer {key}", f"Bearer  {key}", "Bearer other", "":
        reply = kryton.client("GET", KEYS, Authorization=header)
        assert reply.status == 401 and reply.json == failure(
            kryton, "Missing or invalid session", "UNAUTHENTICATED")
    assert kryton.key(key).used is None


def test_kryton_disabled_accounts(kryton):
    key, cookies = kryton.mint(MAIL), session(kryton)
    kryton.disable(MAIL)
    reply = kryton.client("GET", KEYS, Authorization=bearer(key))
    assert reply.status == 403
    assert reply.json == failure(kryton, "Account is disabled", "FORBIDDEN")
    reply = kryton.client("GET", KEYS, **cookies)
    assert reply.status == (403 if kryton.generation == "old" else 401)


def test_kryton_sign_in(kryton):
    reply = sign_in(kryton, "wrong")
    assert reply.status == 401
    assert reply.json == {"message": "Invalid email or password",
                          "code": "INVALID_EMAIL_OR_PASSWORD"}
    assert "Set-Cookie" not in reply.headers
    reply = sign_in(kryton)
    assert reply.status == 200
    first, second = reply.headers.get_all("Set-Cookie")
    assert re.fullmatch(r"better-auth\.session_token=[^;]+; Max-Age=604800; "
                        "Path=/; HttpOnly; SameSite=Lax", first)
    assert second.startswith("better-auth.session_data=")
    token = reply.json["token"]
    assert kryton.client("GET", KEYS,
                         Authorization=bearer(token)).status == 401
    assert kryton.client("GET", KEYS,
                         Cookie=second.split(";")[0]).status == 401


def test_kryton_sessions_end(kryton, clock):
    cookies = session(kryton)
    assert kryton.client("GET", KEYS, **cookies).status == 200
    clock.advance(7 * 86400 + 1)
    assert kryton.client("GET", KEYS, **cookies).status == 401
    cookies = session(kryton)
    kryton.end_sessions()
    assert kryton.client("GET", KEYS, **cookies).status == 401


def create(player, cookies, **wish):
    return player.client("POST", KEYS, wish, Content_Type="application/json",
                         **cookies)


def test_kryton_keys_are_made_listed_and_deleted(kryton, clock):
    cookies = session(kryton)
    assert kryton.client("GET", KEYS, **cookies).said == (200, "[]")
    made = create(kryton, cookies, name=" rw ", scope="read-write")
    agent = ["agentId"] if kryton.generation == "new" else []
    assert made.status == 201
    assert list(made.json) == ["id", "key", "keyPrefix", "name", "scope",
                               *agent, "expiresAt", "createdAt"]
    key = made.json["key"]
    assert made.json["keyPrefix"] == key[:15] and made.json["name"] == "rw"
    later = clock.iso(clock.now() + 60)
    # A name may be used again.
    create(kryton, cookies, name="rw", scope="read-only", expiresAt=later)
    kryton.client("GET", KEYS, Authorization=bearer(key))
    reply = kryton.client("GET", KEYS, **cookies)
    assert [row["scope"] for row in reply.json] == ["read-only", "read-write"]
    young, old = reply.json
    assert list(old) == ["id", "name", "keyPrefix", "scope", *agent,
                         "expiresAt", "lastUsedAt", "createdAt"]
    assert (young["expiresAt"], young["lastUsedAt"]) == (later, None)
    assert (old["expiresAt"], old["lastUsedAt"] is None) == (None, False)
    assert key not in reply.text
    path = f"{KEYS}/{old['id']}"
    assert kryton.client("DELETE", path, **cookies).said == (204, "")
    assert kryton.client("GET", KEYS,
                         Authorization=bearer(key)).status == 401
    reply = kryton.client("DELETE", path, **cookies)
    assert reply.status == 404
    assert reply.json == failure(kryton, "API key not found", "NOT_FOUND",
                                 True)


def test_kryton_expired_rows_stay_and_count(kryton):
    cookies = session(kryton)
    for _ in range(9):
        kryton.expire(kryton.mint(MAIL))
    assert create(kryton, cookies, name="x", scope="read-only").status == 201
    reply = create(kryton, cookies, name="x", scope="read-only")
    assert reply.status == 400 and reply.json == failure(
        kryton, "Maximum of 10 API keys per user reached",
        "KEY_LIMIT_EXCEEDED", True)
    assert len(kryton.client("GET", KEYS, **cookies).json) == 10


FUTURE = "Expiration date must be in the future"
NO_TIME = "Invalid ISO datetime"


@pytest.mark.parametrize("wish, issue", [
    ({"name": ""}, "name: Name is required"),
    ({"name": "  "}, "name: Name is required"),
    ({"name": "x" * 101}, "name: Name must be 100 characters or less"),
    ({"name": None}, "name: Invalid input: expected string, received "),
    ({"scope": "all"}, 'scope: Invalid option: expected one of '
                       '"read-only"|"read-write"'),
    ({"expiresAt": "2001-01-01T00:00:00Z"}, f"expiresAt: {FUTURE}"),
    ({"expiresAt": "2099-01-01T00:00:00+02:00"}, f"expiresAt: {NO_TIME}"),
    ({"expiresAt": "2099-01-01"}, f"expiresAt: {NO_TIME}"),
    ({"expiresAt": "2099-02-30T00:00:00Z"}, f"expiresAt: {NO_TIME}")])
def test_kryton_validates(kryton, wish, issue):
    reply = create(kryton, session(kryton),
                   **{"name": "x", "scope": "read-only", **wish})
    assert reply.status == 400
    if kryton.generation == "old":
        assert list(reply.json) == ["error"]
        assert reply.json["error"].startswith(issue)
    else:
        error = reply.json["error"]
        assert (error["code"], error["message"]) == (
            "VALIDATION_ERROR", "Request validation failed")
        assert error["details"][0]["message"].startswith(
            issue.partition(": ")[2])
    assert kryton.keys() == []


def test_kryton_agents(kryton):
    name = kryton.agent(MAIL, "bot")
    cookies = session(kryton)
    (row,) = kryton.client("GET", "/api/agents", **cookies).json["agents"]
    assert (row["id"], row["name"]) == (name, "bot")
    narrow = {"Authorization": bearer(kryton.mint(MAIL, scope="read-only"))}
    reply = kryton.client("DELETE", f"/api/agents/{name}", **narrow)
    assert reply.status == 403 and reply.json == failure(
        kryton, "Insufficient API key scope — read-write access required",
        "FORBIDDEN", True)
    assert kryton.client("DELETE", f"/api/agents/{name}",
                         **cookies).status == 204
    assert kryton.client("DELETE", f"/api/agents/{name}",
                         **cookies).status == 404


def test_kryton_mcp(kryton):
    key = kryton.mint(MAIL)

    def ask(header, method="initialize"):
        return kryton.client("POST", "/api/mcp", {"method": method, "id": 1},
                             Authorization=header)

    assert ask("Bearer other").json == {
        "error": "API key required for MCP access"}
    assert ask("Bearer kryton_0").said == (
        401, '{"error":"Invalid or expired API key"}')
    reply = ask(bearer(key))
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "text/event-stream"
    new = kryton.generation == "new"
    assert ("Mcp-Session-Id" in reply.headers) is new
    assert ask(bearer(key), "tools/list").status == (400 if new else 406)
    kryton.disable(MAIL)
    assert ask(bearer(key)).said == (403, '{"error":"Account is disabled"}')


def test_kryton_unknown_routes(kryton):
    reply = kryton.client("GET", "/api/nothing")
    assert reply.status == 404
    if kryton.generation == "old":
        assert reply.headers["Content-Type"].startswith("text/html")
    else:
        assert reply.json == failure(kryton, "Route not found", "NOT_FOUND")


def test_kryton_limits_of_the_old(stub, clock):
    player = start_kryton(stub, clock, "old", key_calls=5, session_calls=4)
    client, cookies = player.client, session(player)
    bogus = {"Authorization": bearer("kryton_" + "0" * 64)}
    reply = client("GET", KEYS, **bogus)
    told = {name: reply.headers["RateLimit-" + name]
            for name in ("Policy", "Limit", "Remaining", "Reset")}
    assert told == {"Policy": "5;w=900", "Limit": "5", "Remaining": "4",
                    "Reset": "900"}
    assert statuses(client, 4, "GET", KEYS, **bogus) == [401] * 4
    # One budget for all the keys that come from here.
    key = player.mint(MAIL)
    reply = client("GET", KEYS, Authorization=bearer(key))
    assert reply.status == 429 and reply.json == {
        "error": "API key rate limit exceeded — please try again later"}
    assert reply.headers["Retry-After"] == "900"
    assert player.key(key).used is None
    assert statuses(client, 5, "GET", KEYS, **cookies) == [200] * 4 + [429]
    clock.advance(900)
    assert client("GET", KEYS, Authorization=bearer(key)).status == 403


def test_kryton_limits_of_the_new(stub, clock):
    player = start_kryton(stub, clock, "new", calls=5)
    key = {"Authorization": bearer(player.mint(MAIL))}
    assert statuses(player.client, 6, "GET", KEYS, **key) == [403] * 5 + [429]
    assert player.client("GET", KEYS, **key).json["error"]["code"] == \
        "RATE_LIMITED"
    clock.advance(60)
    assert player.client("GET", KEYS, **key).status == 403


@pytest.mark.parametrize("generation, tries", [("old", 50), ("new", 10)])
def test_kryton_limits_of_sign_ins(stub, clock, generation, tries):
    player = start_kryton(stub, clock, generation)
    assert [sign_in(player, "wrong").status for _ in range(tries + 1)] == \
        [401] * tries + [429]
    assert sign_in(player).status == 429
