# SPDX-License-Identifier: Apache-2.0
"""The five players, under one name. Each is a handler with a state, that
behaves as the public documentation of its system says."""

from . import corcava, kataven
from .clock import Clock
from .corcava import Corcava
from .karzoun import BY_ERRORS, BY_STATUS, Karzoun
from .kataven import Kataven
from .konstantly import Konstantly
from .kryton import Kryton

HOSTS = {"kataven": kataven.HOST, "corcava": corcava.HOST}

__all__ = ["BY_ERRORS", "BY_STATUS", "Clock", "Corcava", "HOSTS", "Karzoun",
           "Kataven", "Konstantly", "Kryton"]
