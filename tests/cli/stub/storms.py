# SPDX-License-Identifier: Apache-2.0
"""Handlers that ask the client to come later."""

import email.utils
import threading
import time

from .messages import text_answer

# What Retry-After can say; a number stands for a date so many seconds away.
RETRY_AFTER = {"absent": None, "seconds": "2", "zero": "0", "date": 2,
               "past-date": -3600, "far-date": 10**9, "negative": "-5",
               "huge": "99999999999999999999999", "fraction": "1.5",
               "garbage": "soon\tmaybe", "empty": "", "two": "1, 2"}


def retry_value(form):
    """What the header says, None for no header; `form` is a name of
    RETRY_AFTER."""
    value = RETRY_AFTER[form]
    if isinstance(value, int):
        return email.utils.formatdate(time.time() + value, usegmt=True)
    return value


class Storm:
    """So many answers 429 (None: for ever), and then what `then` answers."""

    def __init__(self, times=None, then=None, form="absent", status=429,
                 text="Too Many Requests"):
        self._lock = threading.Lock()
        self._left = times
        self._then = then
        self._form = form
        self._status = status
        self._text = text

    def _calm(self):
        with self._lock:
            if self._left is None:
                return False
            self._left -= 1
            return self._left < 0

    def __call__(self, seen):
        if self._calm():
            return self._then(seen)
        value = retry_value(self._form)
        headers = {} if value is None else {"Retry_After": value}
        return text_answer(self._status, self._text, **headers)
