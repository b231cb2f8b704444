# SPDX-License-Identifier: Apache-2.0
"""The header Authorization."""

import re


def bearer(headers):
    """The key, where the word is written exactly so and one space follows."""
    found = re.fullmatch(r"Bearer ([^\s\"']+)",
                         headers.get("authorization") or "")
    return found and found[1]
