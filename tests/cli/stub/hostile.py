# SPDX-License-Identifier: Apache-2.0
"""Handlers that misbehave, all under one name: each function makes one."""

from .breaks import (after_headers, before_headers, contradicting_lengths,
                     forbidden_body, not_http, within_body, within_chunk,
                     within_headers, without_length, wrong_length)
from .documents import (control_bytes, document, empty_body, huge_exponent,
                        huge_number, inflating, invalid_json, invalid_utf8,
                        million_items, nested_json, nested_objects, nul_bytes,
                        twice_the_key, without_type, wrong_type)
from .echo import echo
from .floods import (endless_chunk_extension, endless_chunks, huge_body,
                     informational, long_header, many_headers, silence,
                     slow_body, slow_header)
from .pages import FIREWALL_STATUSES, captive_portal, firewall
from .redirects import (STATUSES, in_circles, redirect, to_host, to_path,
                        to_plain_http)
from .storms import RETRY_AFTER, Storm, retry_value

__all__ = [
    "FIREWALL_STATUSES", "RETRY_AFTER", "STATUSES", "Storm", "after_headers",
    "before_headers", "captive_portal", "contradicting_lengths",
    "control_bytes", "document", "echo", "empty_body",
    "endless_chunk_extension", "endless_chunks", "firewall", "forbidden_body",
    "huge_body", "huge_exponent", "huge_number", "in_circles", "inflating",
    "informational", "invalid_json", "invalid_utf8", "long_header",
    "many_headers", "million_items", "nested_json", "nested_objects",
    "not_http", "nul_bytes", "redirect", "retry_value", "silence",
    "slow_body", "slow_header", "to_host", "to_path", "to_plain_http",
    "twice_the_key", "within_body", "within_chunk", "within_headers",
    "without_length", "without_type", "wrong_length", "wrong_type"]
