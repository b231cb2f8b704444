# SPDX-License-Identifier: Apache-2.0
"""The server that stands in for the rest of the world: a proxy that answers
for every registered host itself, and listeners for systems of one's own. It
never connects to anything."""

import dataclasses
import itertools
import ssl
import threading
import time
import traceback
from typing import Callable

from . import http1, http2
from .authority import GOOD
from .journal import Journal
from .listener import LOOPBACK, Listener
from .messages import Raw, Seen, text_answer
from .wire import Gone

CONNECTED = b"HTTP/1.1 200 Connection established\r\n\r\n"
DEFAULT_PORTS = {"https": "443", "http": "80"}


@dataclasses.dataclass
class Place:
    """How a registered host behaves."""

    handler: Callable
    delay: float = 0
    fault: str = GOOD
    alpn: tuple = ("http/1.1",)


def _key(authority, scheme):
    """The name of a host, with its port if it is not the usual one."""
    name, _, port = authority.lower().partition(":")
    return name if port in ("", DEFAULT_PORTS[scheme]) else f"{name}:{port}"


@dataclasses.dataclass(frozen=True)
class _Caller:
    """What all requests of a connection share."""

    number: int
    scheme: str
    host: str | None = None  # None: what the Host header says


class Stub:
    """Everything a test needs to know is in its public attributes:

    seen        requests to registered hosts, with those in flight
    refused     the hosts asked for that nobody registered
    connects    the CONNECT requests
    handshakes  (host, what TLS said) of each handshake that failed
    errors      what handlers raised; leaving the `with` block raises it too
    """

    def __init__(self, authority):
        self.authority = authority
        self.seen = Journal()
        self.refused = []
        self.connects = []
        self.handshakes = []
        self.errors = []
        self._places = {}
        self._numbers = itertools.count(1)
        self._stopping = threading.Event()
        self._direct = self._direct_context()
        self._listeners = {
            "proxy": Listener(self._serve_proxy, self._stopping),
            "https": Listener(self._serve_https, self._stopping),
            "http": Listener(self._serve_http, self._stopping)}

    # What tests say and ask.

    def at(self, host, handler, delay=0, fault=GOOD, with_http2=False):
        """Registers or replaces. For a port other than 443, `host` is
        "name:port"; for the direct listeners it is the name alone."""
        if with_http2:
            http2.require()
        alpn = ("h2", "http/1.1") if with_http2 else ("http/1.1",)
        self._places[host.lower()] = Place(handler, delay, fault, alpn)
        return self

    def delay(self, host, seconds):
        """Before each answer of the host, from now on."""
        self._places[host.lower()].delay = seconds

    @property
    def proxy(self):
        return f"http://{LOOPBACK}:{self.port('proxy')}"

    @property
    def http_base(self):
        return f"http://{LOOPBACK}:{self.port('http')}"

    def https_base(self, name="localhost"):
        return f"https://{name}:{self.port('https')}"

    def port(self, listener):
        """Of "proxy", "https" or "http"."""
        return self._listeners[listener].port

    @property
    def open_connections(self):
        return sum(one.open for one in self._listeners.values())

    def close(self):
        self._stopping.set()
        for listener in self._listeners.values():
            listener.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.close()
        if kind is None and self.errors:
            raise AssertionError("\n".join(self.errors))

    # The listeners.

    def _serve_http(self, wire):
        self._converse(wire, self._caller("http"))

    def _serve_https(self, wire):
        self._encrypt(wire, "direct", self._direct)
        self._talk(wire, self._caller("https"))

    def _serve_proxy(self, wire):
        request = http1.read_request(wire)
        if request.method != "CONNECT":
            self._converse(wire, self._caller("http"), request)
            return
        self.connects.append(request)
        host = _key(request.target, "https")
        place = self._places.get(host)
        if place is None:
            http1.write_answer(wire, self._refusal(host), keeps=False)
            return
        wire.send(CONNECTED)
        name = host.partition(":")[0]
        self._encrypt(wire, host, self.authority.context(
            name, place.alpn, place.fault))
        self._talk(wire, self._caller("https", host))

    def _caller(self, scheme, host=None):
        return _Caller(next(self._numbers), scheme, host)

    # TLS.

    def _direct_context(self):
        """A context that takes the certificate which the client asks for."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = self._choose
        return context

    def _choose(self, sock, name, _context):
        name = name or LOOPBACK
        place = self._places.get(name) or Place(None)
        sock.context = self.authority.context(name, place.alpn, place.fault)

    def _encrypt(self, wire, host, context):
        try:
            wire.encrypt(context)
        except OSError as error:
            self.handshakes.append((host, str(error)))
            raise

    def _talk(self, wire, caller):
        if wire.sock.selected_alpn_protocol() != "h2":
            self._converse(wire, caller)
            return

        def handle(method, target, headers, body):
            request = http1.Request(method, target, "HTTP/2", headers, body)
            seen, place = self._receive(request, caller)
            if place is None:
                return self._refusal(seen.host)
            with self.seen.flight(seen):
                return self._answer(wire, seen, place)

        http2.Http2(wire, handle).run()

    # Requests and answers.

    def _converse(self, wire, caller, request=None):
        """HTTP/1.1 until one of the sides has had enough."""
        keeps = True
        while keeps:
            request = request or http1.read_request(wire)
            keeps = self._exchange(wire, caller, request)
            request = None
        wire.finish()

    def _exchange(self, wire, caller, request):
        seen, place = self._receive(request, caller)
        if place is None:
            answer = self._refusal(seen.host)
        else:
            with self.seen.flight(seen):
                answer = self._answer(wire, seen, place)
                if isinstance(answer, Raw):
                    answer.write(wire)
                    return False
        # Not in flight any more before the client can know it.
        return http1.write_answer(wire, answer, seen.method == "HEAD",
                                  request.keeps)

    def _receive(self, request, caller):
        target, host = request.target, caller.host
        if "://" in target:  # a request to the proxy in plain text
            _, _, rest = target.partition("://")
            authority, slash, rest = rest.partition("/")
            target = slash + rest or "/"
            host = _key(authority, "http")
        elif host is None:
            named = (request.headers.get("host") or "").lower()
            host = named.partition(":")[0]
        path, _, query = target.partition("?")
        return Seen(host, request.method, path, query, request.headers,
                    request.body, time.monotonic(), caller.scheme,
                    request.version.removeprefix("HTTP/"),
                    caller.number), self._places.get(host)

    def _answer(self, wire, seen, place):
        if place.delay:
            wire.wait(place.delay)
        try:
            return place.handler(seen)
        except Gone:
            raise
        except Exception:  # of any kind: it is the test's
            self.errors.append(traceback.format_exc())
            return text_answer(500, "the handler broke")

    def _refusal(self, host):
        self.refused.append(host)
        return text_answer(502, "nobody registered this host")
