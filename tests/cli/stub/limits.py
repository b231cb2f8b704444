# SPDX-License-Identifier: Apache-2.0
"""Rate limits: so many calls in so many seconds, counted per name."""

import collections
import math


class Window:
    """A sliding window; a `limit` of None lets everything through."""

    def __init__(self, clock, limit, seconds):
        self.clock = clock
        self.limit = limit
        self.seconds = seconds
        self._calls = collections.defaultdict(collections.deque)

    def _recent(self, name):
        calls = self._calls[name]
        while calls and calls[0] <= self.clock.now() - self.seconds:
            calls.popleft()
        return calls

    def full(self, name):
        return self.limit is not None and self.left(name) <= 0

    def left(self, name):
        return self.limit - len(self._recent(name))

    def count(self, name):
        self._recent(name).append(self.clock.now())

    def take(self, name):
        """Counts a call; False if it is one too many, and then it does not
        count."""
        if self.full(name):
            return False
        self.count(name)
        return True

    def wait(self, name):
        """Whole seconds until the oldest call is forgotten."""
        calls = self._recent(name)
        if not calls:
            return self.seconds
        return max(1, math.ceil(calls[0] + self.seconds - self.clock.now()))
