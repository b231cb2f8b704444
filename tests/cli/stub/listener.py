# SPDX-License-Identifier: Apache-2.0
"""A listening socket of this machine alone, with a thread per connection."""

import contextlib
import socket
import threading
import time

from .wire import Wire

BACKLOG = 512
LOOPBACK = "127.0.0.1"
GRACE = 5  # seconds in which all threads must end


class Listener:
    """Calls `serve` with the Wire of each connection."""

    def __init__(self, serve, stopping):
        self._serve = serve
        self._stopping = stopping
        self._lock = threading.Lock()
        self._wires = {}  # and the threads that serve them
        self._socket = socket.create_server((LOOPBACK, 0), backlog=BACKLOG)
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def open(self):
        """The number of connections."""
        with self._lock:
            return len(self._wires)

    def _accept(self):
        while not self._stopping.is_set():
            try:
                sock, _ = self._socket.accept()
            except OSError:
                continue  # gone before it was taken, or the end
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = Wire(sock, self._stopping)
            thread = threading.Thread(target=self._run, args=(wire,),
                                      daemon=True)
            with self._lock:
                self._wires[wire] = thread
            thread.start()

    def _run(self, wire):
        try:
            # Whatever breaks a connection ends it and nothing else.
            with contextlib.suppress(OSError, ValueError):
                self._serve(wire)
        finally:
            with self._lock:
                del self._wires[wire]
            wire.close()

    def close(self):
        """`stopping` must be set."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._thread.join(GRACE)
        self._socket.close()
        with self._lock:
            left = dict(self._wires)
            for wire in left:
                wire.stop()
        end = time.monotonic() + GRACE
        for thread in left.values():
            thread.join(max(0, end - time.monotonic()))
        assert not any(thread.is_alive() for thread in left.values()), \
            "a handler does not end"
