# SPDX-License-Identifier: Apache-2.0
"""HTTP/2 on one connection, with the h2 package where there is one.

One thread reads and writes; handlers run in threads of their own, and put
their answers where that thread finds them."""

import collections
import contextlib
import os
import queue
import select
import threading

from .messages import Headers, Raw
from .wire import PIECE, Gone

try:
    import h2.config
    import h2.connection
    import h2.errors
    import h2.events
    import h2.exceptions
except ImportError:
    h2 = None


class Http2Missing(RuntimeError):
    """There is no h2 package; a test that needs it is to be skipped."""


def require():
    if h2 is None:
        raise Http2Missing("HTTP/2 needs the Python package h2 "
                           "(python3-h2 in Debian)")


class _Stream:
    def __init__(self, pairs):
        self.pairs = pairs
        self.body = bytearray()


class Http2:
    """`handle` is called with (method, target, headers, body) in a thread and
    returns an Answer."""

    def __init__(self, wire, handle):
        self._wire = wire
        self._handle = handle
        self._link = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False,
                                      header_encoding="latin-1"))
        self._streams = {}
        self._unsent = collections.OrderedDict()
        self._answers = queue.SimpleQueue()
        self._wake = os.eventfd(0)

    def run(self):
        self._link.initiate_connection()
        workers = []
        try:
            while True:
                self._flush()
                self._wait()
                self._deliver()
                workers += self._read()
                workers = [one for one in workers if one.is_alive()]
        finally:
            for worker in workers:
                worker.join()
            os.close(self._wake)

    def _flush(self):
        for stream in list(self._unsent):
            try:
                self._send_body(stream)
            except h2.exceptions.ProtocolError:
                del self._unsent[stream]
        if data := self._link.data_to_send():
            self._wire.send(data)

    def _wait(self):
        """Until there is something to read or an answer."""
        if not self._wire.sock.pending():
            poll = select.poll()
            poll.register(self._wire.sock, select.POLLIN)
            poll.register(self._wake, select.POLLIN)
            self._ready = {descriptor for descriptor, _ in poll.poll()}
        else:
            self._ready = {self._wire.sock.fileno()}
        if self._wake in self._ready:
            os.eventfd_read(self._wake)

    def _read(self):
        """The threads that requests have started."""
        if self._wire.sock.fileno() not in self._ready:
            return []
        data = self._wire.sock.recv(PIECE)
        if not data or self._wire.stopping.is_set():
            raise Gone("end of the connection")
        started = []
        try:
            for event in self._link.receive_data(data):
                started += self._take(event)
        except h2.exceptions.ProtocolError as error:
            self._flush()
            raise Gone("not HTTP/2") from error
        return started

    def _take(self, event):
        if isinstance(event, h2.events.RequestReceived):
            self._streams[event.stream_id] = _Stream(event.headers)
        elif isinstance(event, h2.events.DataReceived):
            if stream := self._streams.get(event.stream_id):
                stream.body += event.data
            self._link.acknowledge_received_data(
                event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            if stream := self._streams.pop(event.stream_id, None):
                return [self._start(event.stream_id, stream)]
        elif isinstance(event, h2.events.StreamReset):
            self._streams.pop(event.stream_id, None)
            self._unsent.pop(event.stream_id, None)
        elif isinstance(event, h2.events.ConnectionTerminated):
            raise Gone("the client said good-bye")
        return []

    def _start(self, number, stream):
        worker = threading.Thread(target=self._work, args=(number, stream))
        worker.start()
        return worker

    def _work(self, number, stream):
        pseudo = {name: value for name, value in stream.pairs
                  if name.startswith(":")}
        headers = [pair for pair in stream.pairs if pair[0][0] != ":"]
        headers.insert(0, ("host", pseudo.get(":authority", "")))
        answer = None
        with contextlib.suppress(Gone):
            answer = self._handle(pseudo[":method"], pseudo[":path"],
                                  Headers(headers), bytes(stream.body))
        self._answers.put((number, pseudo[":method"], answer))
        os.eventfd_write(self._wake, 1)

    def _deliver(self):
        with contextlib.suppress(queue.Empty):
            while True:
                number, method, answer = self._answers.get_nowait()
                with contextlib.suppress(h2.exceptions.ProtocolError):
                    self._send_head(number, method, answer)

    def _send_head(self, number, method, answer):
        if answer is None or isinstance(answer, Raw):
            self._link.reset_stream(number, h2.errors.ErrorCodes.INTERNAL_ERROR)
            return
        body = b"" if method == "HEAD" else answer.body
        pairs = [(name.lower(), str(value)) for name, value in answer.pairs()]
        if "content-length" not in dict(pairs) \
                and answer.status not in (204, 304):
            pairs.append(("content-length", str(len(answer.body))))
        self._link.send_headers(number, [(":status", str(answer.status)),
                                         *pairs], end_stream=not body)
        if body:
            self._unsent[number] = body

    def _send_body(self, number):
        """As much as the other side takes now."""
        while body := self._unsent[number]:
            room = min(self._link.local_flow_control_window(number),
                       self._link.max_outbound_frame_size)
            if room <= 0:
                return
            self._unsent[number] = body[room:]
            self._link.send_data(number, body[:room],
                                 end_stream=len(body) <= room)
        del self._unsent[number]
