# SPDX-License-Identifier: Apache-2.0
"""The time that the players go by. It runs with the real one, and a test may
push it forward."""

import datetime
import time

MINUTE = 60
HOUR = 3600
DAY = 86400


class Clock:
    def __init__(self):
        self._ahead = 0

    def now(self):
        return time.time() + self._ahead

    def advance(self, seconds):
        self._ahead += seconds

    def iso(self, seconds=None):
        """As JavaScript writes it: UTC, with milliseconds."""
        moment = datetime.datetime.fromtimestamp(
            self.now() if seconds is None else seconds, datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") \
            + f"{moment.microsecond // 1000:03d}Z"


def parse_iso(text):
    """Seconds; ValueError for what is not a time."""
    moment = datetime.datetime.fromisoformat(text)
    return moment.replace(
        tzinfo=moment.tzinfo or datetime.timezone.utc).timestamp()
