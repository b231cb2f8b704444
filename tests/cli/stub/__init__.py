# SPDX-License-Identifier: Apache-2.0
"""A server of this machine alone, for tests of what talks to the network."""

from .authority import Authority, FAULTS
from .http2 import Http2Missing
from .messages import (Answer, Headers, Raw, Seen, html_answer, json_answer,
                       text_answer)
from .server import Stub
from .wire import Gone

__all__ = ["Answer", "Authority", "FAULTS", "Gone", "Headers", "Http2Missing",
           "Raw", "Seen", "Stub", "html_answer", "json_answer", "text_answer"]
