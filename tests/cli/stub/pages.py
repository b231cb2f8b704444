# SPDX-License-Identifier: Apache-2.0
"""Handlers that answer with a page for people, which somebody between client
and server has put there."""

from .messages import html_answer

FIREWALL = """\
<!DOCTYPE html>
<html><head><title>Checking your browser</title></head>
<body><h1>Access to this page was blocked</h1>
<p>Our firewall takes your request for an attack. Incident 0f3a.</p>
<script>setTimeout(function () { location.reload(); }, 5000);</script>
</body></html>
"""
PORTAL = """\
<!DOCTYPE html>
<html><head><title>Welcome to the guest network</title>
<meta http-equiv="refresh" content="0; url=http://portal.invalid/login"></head>
<body><form method="post" action="http://portal.invalid/login">
<input name="room"><input type="submit" value="Connect"></form></body></html>
"""
FIREWALL_STATUSES = (200, 403, 503)


def firewall(status):
    return lambda seen: html_answer(status, FIREWALL, Server="bouncer")


def captive_portal(status=200):
    return lambda seen: html_answer(status, PORTAL)
