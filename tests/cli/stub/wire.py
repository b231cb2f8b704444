# SPDX-License-Identifier: Apache-2.0
"""One connection's bytes."""

import contextlib
import socket
import ssl
import struct

PIECE = 65536
LINE_LIMIT = 1 << 20
LINGER_NOT = struct.pack("ii", 1, 0)


class Gone(OSError):
    """The other side went away, or the server is about to."""


class Wire:
    """Buffered reading, and writing. Only one thread reads and writes; any
    may call `stop`."""

    def __init__(self, sock, stopping):
        self.sock = sock
        self.stopping = stopping
        self._buffer = bytearray()

    # Reading.

    def _more(self):
        piece = self.sock.recv(PIECE)
        if not piece:
            raise Gone("end of the connection")
        self._buffer += piece

    def until(self, mark, limit=LINE_LIMIT):
        """What comes before the mark, which is taken too."""
        start = 0
        while (found := self._buffer.find(mark, start)) < 0:
            if len(self._buffer) > limit:
                raise Gone("too long")
            start = max(0, len(self._buffer) - len(mark) + 1)
            self._more()
        return self._take(found, len(mark))

    def exactly(self, size):
        while len(self._buffer) < size:
            self._more()
        return self._take(size, 0)

    def _take(self, size, skipped):
        data = bytes(self._buffer[:size])
        del self._buffer[:size + skipped]
        return data

    @property
    def pending(self):
        """What was read from the connection and not asked for yet."""
        return bytes(self._buffer)

    # Writing.

    def send(self, data):
        if self.stopping.is_set():
            raise Gone("the server stops")
        self.sock.sendall(data)

    def wait(self, seconds):
        """Without work; raises when the server stops meanwhile."""
        if self.stopping.wait(seconds):
            raise Gone("the server stops")

    # The end.

    def encrypt(self, context):
        """From here on it is TLS."""
        self.sock = context.wrap_socket(
            self.sock, server_side=True, do_handshake_on_connect=False,
            suppress_ragged_eofs=False)
        if self.stopping.is_set():  # `stop` may have met the old socket
            raise Gone("the server stops")
        self.sock.do_handshake()

    def stop(self):
        """Wakes whoever reads or writes; the object stays usable."""
        with contextlib.suppress(OSError):
            # That of TLS sockets would forget that they are encrypted.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def finish(self):
        """The last byte was sent: says so, as TLS wants it."""
        if not isinstance(self.sock, ssl.SSLSocket):
            return
        with contextlib.suppress(OSError, ValueError):
            self.sock.setblocking(False)
            self.sock.unwrap()  # the answer to this is not waited for

    def reset(self):
        """Ends it by a reset instead of in order."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.close()

    def close(self):
        with contextlib.suppress(OSError):
            self.sock.close()
