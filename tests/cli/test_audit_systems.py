# SPDX-License-Identifier: Apache-2.0
"""What the five systems tell their users to write, on a disk: as published it
holds no key; with one, the audit says what is wrong with each way."""

import json

import pytest

import homes
import snippets
from scene import SYSTEMS

SNIPPETS = snippets.snippets("an audit")
RULES = {system.name: system.rule for system in SYSTEMS}
each_snippet = pytest.mark.parametrize(
    "snippet", SNIPPETS, ids=[f"{i}-{one.id}"
                              for i, one in enumerate(SNIPPETS)])
each_system = pytest.mark.parametrize("system", SYSTEMS,
                                      ids=lambda system: system.name)


def write(scene, files, name="home"):
    """A home of these files, for none but its owner."""
    return homes.write(scene.dir / name, files)


def place_of(snippet):
    return f"{homes.PROJECT}/{snippet.path}" if snippet.project else (
        snippet.path)


def audit_of(scene, snippet, text, name="home"):
    root = write(scene, {place_of(snippet): text}, name)
    more = ["--projects", f"{root.name}/{homes.PROJECT}"] if (
        snippet.project) else []
    return homes.audit(scene, root, snippet.platform or "linux", *more)


def fired(report):
    """{check: severity}; every check fires once at most."""
    out = {one["check"]: one["severity"] for one in report.violations}
    assert len(out) == len(report.violations), report.checks
    return out


def is_typed(snippet):
    return snippet.client == "bash"


def runs_npx(snippet):
    return '"npx"' in snippet.text


@each_snippet
def test_as_published(scene, snippet):
    report = audit_of(scene, snippet, snippet.published)
    assert report.complete
    assert report.files == 1
    assert report.notes_of_files == []
    assert report.findings == []
    assert fired(report) == ({"PKG-UNPINNED": "medium",
                              "PKG-AUTOYES": "medium"}
                             if runs_npx(snippet) else {})


def violations_with_a_key(snippet):
    if not snippet.key:
        return {}
    if is_typed(snippet):
        return {"LOG-LEAK": "high"}
    out = {"MCP-PLAIN": "high"}
    # Of the five, the tokens of one say when they were made, and for how long.
    out |= ({"NO-EXPIRY": "medium"} if snippet.system == "karzoun"
            else {"AGE-UNKNOWN": "info"})
    if runs_npx(snippet):
        out |= {"PKG-UNPINNED": "high", "PKG-AUTOYES": "medium"}
    if snippet.project:
        out |= {"FILE-PROJECT-SCOPE": "medium"}
    return out


@each_snippet
def test_with_a_key(scene, snippet):
    report = audit_of(scene, snippet, snippet.text)
    assert report.complete
    assert fired(report) == violations_with_a_key(snippet)
    if not snippet.key:
        assert report.findings == []
        assert report.code == 0
        return
    assert report.code == 1
    assert report.rules == [RULES[snippet.system]]
    place = report.place
    assert report.below(place["path"]) == place_of(snippet)
    data = snippet.text.encode()
    assert data[place["start"]:place["end"]].decode() == snippet.key
    for one in report.violations:
        if one["check"] not in ("PKG-UNPINNED", "PKG-AUTOYES"):
            assert one["finding"] == report.finding["id"], one
            assert one["line"] == place["line"], one
        assert one["path"] == place["path"], one
        assert one["references"], one
        assert one["fix"].strip(), one
        assert snippet.key not in json.dumps(one)


def slot_of(snippet):
    """(server, slot) of the key, read from the snippet itself."""
    if is_typed(snippet):
        return None, ""
    servers = json.loads(snippet.text).get("mcpServers")
    if servers is None:
        return None, "headers.Authorization"  # no table around the server
    pairs = servers.items() if isinstance(servers, dict) else [
        (server["name"], server) for server in servers]
    for name, server in pairs:
        for field in ("env", "headers"):
            held = {**server, **server.get("transport", {})} if isinstance(
                server.get("transport"), dict) else server
            for variable, value in held.get(field, {}).items():
                if snippet.key in value:
                    return name, f"{field}.{variable}"
    raise AssertionError(snippet)


@pytest.mark.parametrize(
    "snippet", [one for one in SNIPPETS if one.key],
    ids=[f"{i}-{one.id}" for i, one in enumerate(SNIPPETS) if one.key])
def test_place_of_the_key(scene, snippet):
    report = audit_of(scene, snippet, snippet.text)
    server, slot = slot_of(snippet)
    client = report.place["client"]
    assert (client["name"], client["server"]) == (snippet.client, server)
    # One of them has a table "transport" around the header.
    assert client["slot"].removeprefix("transport.") == slot


def test_fixes_are_in_the_dialect_of_the_client(scene):
    wanted = {"cursor": "${env:", "claude-code": "${KRYTON_", "continue":
              "${{ secrets."}
    seen = set()
    for i, snippet in enumerate(SNIPPETS):
        if not snippet.key or snippet.client not in wanted:
            continue
        report = audit_of(scene, snippet, snippet.text, f"home-{i}")
        for one in report.violations_of("MCP-PLAIN"):
            assert wanted[snippet.client] in one["fix"], snippet
            seen.add(snippet.client)
    assert seen == set(wanted)


def test_pinned_and_referenced_is_silent(scene):
    """What the pages could say instead, for a client that has references."""
    text = json.dumps({"mcpServers": {"konstantly": {
        "command": "npx", "args": ["-y", "@konstantly/mcp-server@0.2.0"],
        "env": {"KONSTANTLY_MCP_KEY": "${env:KONSTANTLY_MCP_KEY}",
                "KONSTANTLY_URL": "https://acme.konstantly.com"}}}})
    report = homes.audit(scene, write(scene, {".cursor/mcp.json": text}))
    assert (report.findings, report.violations) == ([], [])
    assert report.code == 0


# Where keys go.

HEADERS = {"kataven": ("Authorization", "Bearer "),
           "karzoun": ("x-app-token", ""), "konstantly": ("X-MCP-Key", ""),
           "kryton": ("Authorization", "Bearer ")}
RIGHT = {"kataven": "https://api.kataven.ai/v1",
         "karzoun": "https://acme.api.karzoun.chat/mcp",
         "konstantly": "https://acme.konstantly.com",
         "corcava": "https://mcp.corcava.com",
         "kryton": "https://notes.example.net/api/mcp"}
# Of letters that are nearly the provider's own; two of the five also run under
# names that their users choose, so that a strange name alone proves nothing.
NEAR = {"kataven": "https://api.katavan.ai/v1",
        "karzoun": "https://acme.api.karzoum.chat/mcp",
        "konstantly": "https://acme.konstantiy.com",
        "corcava": "https://mcp.corcawa.com",
        "kryton": "https://krypton.ai/api/mcp"}
STRANGE = {"kataven": "https://mcp.example.net/v1",
           "karzoun": "https://mcp.example.net/mcp",
           "konstantly": "https://mcp.example.net",
           "corcava": "https://api.openai.com/v1",
           "kryton": "https://api.openai.com/v1"}


def in_variables(system, key, url):
    return {"command": "/opt/servers/start", "env": {
        system.variable: key, f"{system.name.upper()}_URL": url}}


def in_a_header(system, key, url):
    name, before = HEADERS[system.name]
    return {"url": url, "headers": {name: before + key}}


def audit_of_server(scene, system, server, client=".cursor/mcp.json"):
    text = json.dumps({"mcpServers": {system.name: server}}, indent=2)
    return homes.audit(scene, write(scene, {client: text}))


# The key of Corcava has no shape: in a header its host alone tells it.
FORMS = [(system, form) for system in SYSTEMS
         for form in (in_variables, in_a_header)
         if system.name in HEADERS or form is in_variables]
each_form = pytest.mark.parametrize(
    "system, form", FORMS,
    ids=[f"{system.name}-{form.__name__}" for system, form in FORMS])
BASE = {"MCP-PLAIN": "high"}


def age(system):
    return ({"NO-EXPIRY": "medium"} if system.name == "karzoun"
            else {"AGE-UNKNOWN": "info"})


@each_form
def test_right_host(scene, keys, system, form):
    key = keys.of(system.name)
    report = audit_of_server(scene, system, form(system, key,
                                                 RIGHT[system.name]))
    assert report.rules == [system.rule]
    assert fired(report) == {**BASE, **age(system)}
    assert report.json["audit"]["astray"] == 0


@each_form
@pytest.mark.parametrize("hosts", [NEAR, STRANGE], ids=["near", "strange"])
def test_wrong_host(scene, keys, system, form, hosts):
    key = keys.of(system.name)
    url = hosts[system.name]
    report = audit_of_server(scene, system, form(system, key, url))
    assert report.rules == [system.rule]
    assert fired(report) == {**BASE, **age(system),
                             "KEY-HOST-MISMATCH": "critical"}
    violation, = report.violations_of("KEY-HOST-MISMATCH")
    assert url.split("/")[2] in violation["message"]
    assert violation["finding"] == report.finding["id"]
    assert violation["client"]["server"] == system.name
    assert report.json["audit"]["astray"] == 1


@each_form
def test_without_encryption(scene, keys, system, form):
    key = keys.of(system.name)
    url = RIGHT[system.name].replace("https:", "http:")
    report = audit_of_server(scene, system, form(system, key, url))
    assert fired(report) == {**BASE, **age(system), "URL-PLAIN-HTTP": "high"}
    violation, = report.violations_of("URL-PLAIN-HTTP")
    assert url.split("/")[2] in violation["message"]
    assert violation["finding"] == report.finding["id"]


@each_system
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_without_encryption_on_this_machine(scene, keys, system, host):
    key = keys.of(system.name)
    url = f"http://{host}:8080/mcp"
    report = audit_of_server(scene, system, in_variables(system, key, url))
    assert fired(report) == {**BASE, **age(system)}


@each_system
def test_one_key_for_two_clients(scene, keys, system):
    key = keys.of(system.name)
    server = in_variables(system, key, RIGHT[system.name])
    text = json.dumps({"mcpServers": {system.name: server}}, indent=2)
    root = write(scene, {".cursor/mcp.json": text,
                         ".codeium/windsurf/mcp_config.json": text})
    report = homes.audit(scene, root)
    assert report.rules == [system.rule]
    assert report.found == sorted(
        (path, client, system.name, f"env.{system.variable}")
        for path, client in [
            (".cursor/mcp.json", "cursor"),
            (".codeium/windsurf/mcp_config.json", "windsurf")])
    assert report.checks == sorted(["KEY-REUSE-CLIENT", "MCP-PLAIN",
                                    "MCP-PLAIN", *age(system)])
    shared, = report.violations_of("KEY-REUSE-CLIENT")
    assert shared["severity"] == "high"
    assert "Cursor" in shared["message"] and "Windsurf" in shared["message"]
    assert report.json["audit"]["shared"] == 1


@each_system
def test_a_key_for_each_client(scene, keys, system):
    def text():
        return json.dumps({"mcpServers": {system.name: in_variables(
            system, keys.of(system.name), RIGHT[system.name])}})
    root = write(scene, {".cursor/mcp.json": text(),
                         ".codeium/windsurf/mcp_config.json": text()})
    report = homes.audit(scene, root)
    assert report.rules == [system.rule] * 2
    assert report.violations_of("KEY-REUSE-CLIENT") == []
    assert report.json["audit"]["shared"] == 0


@each_system
def test_a_key_that_was_typed_and_is_in_use(scene, keys, system):
    """One line says both: where it is used, and how often it was typed."""
    key = keys.of(system.name)
    server = in_variables(system, key, RIGHT[system.name])
    typed = (f"claude mcp add {system.name} --env {system.variable}={key} -- "
             "/opt/servers/start\n")
    root = write(scene, {
        ".claude.json": json.dumps({"mcpServers": {system.name: server}}),
        ".bash_history": "cd app\n" + typed + "make\n" + typed})
    report = homes.audit(scene, root)
    assert report.rules == [system.rule]
    leak, = report.violations_of("LOG-LEAK")
    assert leak["severity"] == "high"
    assert report.below(leak["path"]) == ".bash_history"
    assert leak["line"] == 2
    assert "Claude Code" in leak["message"]
    assert "2 times" in leak["message"]
    assert leak["finding"] == report.finding["id"]
    assert report.violations_of("KEY-REUSE-CLIENT") == []
