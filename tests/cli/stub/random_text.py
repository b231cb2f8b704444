# SPDX-License-Identifier: Apache-2.0
"""Random parts of keys, new ones in every run."""

import base64
import hashlib
import hmac
import json
import secrets
import string

ALNUM = string.digits + string.ascii_letters


def alnum(length):
    return "".join(secrets.choice(ALNUM) for _ in range(length))


def hexadecimal(size):
    return secrets.token_hex(size)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def base64url_of(size):
    return base64url(secrets.token_bytes(size))


def json_web_token(claims, secret):
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    text = ".".join(base64url(json.dumps(part).encode()) for part in parts)
    mark = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64url(mark)}"
