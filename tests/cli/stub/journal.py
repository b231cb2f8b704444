# SPDX-License-Identifier: Apache-2.0
"""What the server saw."""

import collections
import contextlib
import threading


class Journal:
    """A list of requests which threads may share; it counts those that were
    read and are not answered yet."""

    def __init__(self):
        self._lock = threading.Lock()
        self._requests = []
        self._flying = collections.Counter()
        self._most = collections.Counter()

    @contextlib.contextmanager
    def flight(self, seen):
        with self._lock:
            self._requests.append(seen)
            self._flying[seen.host] += 1
            self._most[seen.host] = max(self._most[seen.host],
                                        self._flying[seen.host])
        try:
            yield
        finally:
            with self._lock:
                self._flying[seen.host] -= 1

    def in_flight(self, host):
        with self._lock:
            return self._flying[host]

    def most_in_flight(self, host):
        with self._lock:
            return self._most[host]

    def of(self, host):
        return [seen for seen in self if seen.host == host]

    @property
    def last(self):
        return self[-1]

    def clear(self):
        """Forgets requests and maxima, not those in flight."""
        with self._lock:
            self._requests.clear()
            self._most = collections.Counter(self._flying)

    def _copy(self):
        with self._lock:
            return list(self._requests)

    def __iter__(self):
        return iter(self._copy())

    def __getitem__(self, index):
        return self._copy()[index]

    def __len__(self):
        with self._lock:
            return len(self._requests)

    def __repr__(self):
        return repr([f"{seen.method} {seen.scheme}://{seen.host}{seen.target}"
                     for seen in self])
