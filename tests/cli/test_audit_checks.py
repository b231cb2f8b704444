# SPDX-License-Identifier: Apache-2.0
"""Every check of an audit: it fires on the bad form of a file, says where and
what to do, and is silent on the good form of the same file. Of each bad form
all checks that fire are named, so that one too many is seen as well."""

import base64
import dataclasses
import json
import os
import pathlib
import plistlib
import re
import shlex
import subprocess
import urllib.parse

import pytest

from homes import Tokens
from scene import ALNUM, PATIENCE, SOURCE, Report
from snippets import DESKTOP

NOW = 1_790_000_000  # of every run: 2026-09-21
DAY = 86400
AGE = "AGE-UNKNOWN"  # fires for every key that tells nothing of its age
PACKAGE = "@azrtydxb/kryton-mcp@0.2.0"
MEMORY = "@modelcontextprotocol/server-memory"
KATAVEN = "/usr/local/bin/kataven-mcp"
GATEWAY = "/usr/local/bin/supergateway"
DESKTOP_LINUX = DESKTOP["linux"]
CLINE = ".cline/data/settings/cline_mcp_settings.json"
ROO = (".config/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/"
       "mcp_settings.json")
CODE = ".config/Code/User"
UNIT = ".config/systemd/user/notes.service"
PROJECT = "code/app"


class Audit(Report):
    """The report of an audit, by its checks."""

    def __init__(self, home, ended):
        super().__init__(ended)
        self.home = home
        self.text = ended.text

    @property
    def violations(self):
        return self.json["violations"]

    @property
    def checks(self):
        return {one["check"] for one in self.violations}

    def of(self, check):
        return [one for one in self.violations if one["check"] == check]

    def only(self, check):
        found = self.of(check)
        assert len(found) == 1, (check, found)
        return found[0]

    def expect(self, check, severity, path, at, client, server=None, *,
               key=None, slot=None, fix, also=()):
        """`check` fires once, with those of `also` and no other. `at` is the
        line, or a text that stands in that line alone; `fix` an expression
        that is found in the advice; `slot` where the key stands."""
        assert self.checks == {check, *also}
        one = self.only(check)
        line = at if isinstance(at, int) else self.home.line(path, at)
        assert (one["path"], one["line"]) == (self.home.shown(path), line)
        assert one["client"]["name"] == client
        assert (one["client"]["server"] or None) == server
        if severity:
            assert one["severity"] == severity
        assert one["message"].endswith(".")
        assert one["references"] and all(one["references"])
        assert re.search(fix, one["fix"]), one["fix"]
        assert one["decision"]["action"] == (
            "warn" if one["severity"] in ("low", "info") else "fail")
        if key is None:
            assert one["finding"] in {None, *(f["id"] for f in self.findings)}
            return one
        assert key not in self.text
        finding = next(f for f in self.findings if f["id"] == one["finding"])
        assert finding["secret"]["length"] == len(key)
        slots = [place["client"]["slot"] for place in finding["occurrences"]
                 if place["path"] == one["path"]]
        assert slots
        if slot is not None:
            assert slot in slots
        return one


class Home:
    """A copy of a home folder, in the working directory."""

    def __init__(self, scene, platform="linux"):
        self.scene = scene
        self.platform = platform
        self.root = scene.dir / "home"
        self.root.mkdir(mode=0o700)

    def shown(self, path):
        return f"home/{path}"

    def folder(self, path):
        """Made, for its owner alone."""
        at = self.root
        for name in pathlib.PurePosixPath(path).parts:
            at = at / name
            if not at.exists():
                at.mkdir(mode=0o700)
        return at

    def put(self, path, content, mode=0o600):
        """Text, bytes, or what is written as JSON."""
        if isinstance(content, (dict, list)):
            content = json.dumps(content, indent=2) + "\n"
        if isinstance(content, str):
            content = content.encode()
        target = self.folder(pathlib.PurePosixPath(path).parent) / (
            pathlib.PurePosixPath(path).name)
        target.write_bytes(content)
        target.chmod(mode)
        return target

    def remove(self, path):
        (self.root / path).unlink()

    def line(self, path, text):
        lines = (self.root / path).read_text().splitlines()
        found = [i for i, line in enumerate(lines, 1) if text in line]
        assert len(found) == 1, (text, found)
        return found[0]

    def project(self, folder=PROJECT):
        """Known from a client's own list."""
        self.folder(folder)
        self.put(".claude.json", {"projects": {f"/home/alex/{folder}": {}}})

    def audit(self, *more):
        ended = self.scene.run(
            "audit", "--root", "home", "--platform", self.platform, "-f",
            "json", *more, env={"SOURCE_DATE_EPOCH": str(NOW)})
        return Audit(self, ended)

    @property
    def checks(self):
        return self.audit().checks


class Kinds(Tokens):
    """Further keys."""

    def dated(self, issued, expires=None, **claims):
        """A token of Karzoun's form, with days from now."""
        claims = claims or {"sub": self.pick("0123456789", 10)}
        if issued is not None:
            claims["iat"] = NOW + issued * DAY
        if expires is not None:
            claims["exp"] = NOW + expires * DAY
        parts = [json.dumps(part, separators=(",", ":")).encode()
                 for part in ({"alg": "HS256", "typ": "JWT"}, claims)]
        parts.append(self._random.randbytes(32))
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=")
                        for part in parts)

    def fresh(self):
        """Of which no check says anything about age."""
        return self.dated(-10, 80)

    def runner(self):
        return "glrt-" + self.pick(ALNUM, 20)

    def stripe_live(self):
        return "sk_live_" + self.pick(ALNUM, 24)


@pytest.fixture
def home(scene):
    return Home(scene)


@pytest.fixture
def macos(scene):
    return Home(scene, "macos")


@pytest.fixture
def keys(request):
    return Kinds(request.node.name)


def servers(table="mcpServers", /, **entries):
    return {table: entries}


def local(env=None, *, package=PACKAGE, more=()):
    """Started by npx."""
    server = {"command": "npx", "args": ["-y", package, *more]}
    return {**server, "env": env} if env else server


def notes(value, **env):
    return local({"KRYTON_TOKEN": value, **env})


def remote(value, url="https://notes.example.net/api/mcp"):
    return {"url": url, "headers": {"Authorization": f"Bearer {value}"}}


def unit(*lines, start=KATAVEN):
    return "\n".join(["[Unit]", "Description=notes", "", "[Service]",
                      f"ExecStart={start}", *lines, "", "[Install]",
                      "WantedBy=default.target", ""])


def job(arguments, env=None, **more):
    document = {"Label": "net.example.notes", "ProgramArguments": arguments}
    if env:
        document["EnvironmentVariables"] = env
    return {**document, **more}


JOB = "Library/LaunchAgents/net.example.notes.plist"


# Where in a client's settings a key stands.

@dataclasses.dataclass(frozen=True)
class Form:
    """A file with "@@" where the key stands; `good` takes its place in the
    good form."""
    client: str
    path: str
    content: object
    good: str
    server: str
    slot: str
    fix: str
    platform: str = "linux"

    def __str__(self):
        return f"{self.client}-{self.slot}"

    def text(self, value):
        text = self.content
        if not isinstance(text, str):
            text = json.dumps(text, indent=2) + "\n"
        assert text.count("@@") == 1
        return text.replace("@@", value)


PLAIN = [
    Form("cursor", ".cursor/mcp.json", servers(notes=notes("@@")),
         "${env:KRYTON_TOKEN}", "notes", "env.KRYTON_TOKEN",
         r"\$\{env:KRYTON_TOKEN\}"),
    Form("cursor", ".cursor/mcp.json", servers(notes=remote("@@")),
         "${env:KRYTON_TOKEN}", "notes", "headers.Authorization",
         r"\$\{env:\w+\}"),
    Form("claude-code", ".claude.json",
         servers(notes={"type": "http", **remote("@@")}), "${KRYTON_TOKEN}",
         "notes", "headers.Authorization", r"\$\{[A-Z]\w*\}"),
    Form("claude-code", ".claude.json", {"projects": {"/home/alex/x": servers(
        notes=notes("@@"))}}, "${KRYTON_TOKEN:-}", "notes",
         "env.KRYTON_TOKEN", r"\$\{KRYTON_TOKEN\}"),
    Form("claude-desktop", DESKTOP["macos"], servers(notes={
        "command": "op", "args": ["run", "--", "npx", "-y", PACKAGE],
        "env": {"KRYTON_TOKEN": "@@"}}), "op://Private/kryton/credential",
         "notes", "env.KRYTON_TOKEN", r"\.mcpb|op run|envchain", "macos"),
    Form("claude-desktop", "Library/Application Support/Claude/"
         "Claude Extensions Settings/local.mcpb.acme.notes.json",
         {"isEnabled": True, "userConfig": {"api_key": "@@"}},
         "__encrypted__:djEwQUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=", None,
         "userConfig.api_key", "sensitive", "macos"),
    Form("vscode", f"{CODE}/mcp.json", servers("servers", notes={
        "type": "http", **remote("@@")}), "${input:kryton}", "notes",
         "headers.Authorization", r"\$\{input:.*promptString"),
    Form("windsurf", ".codeium/windsurf/mcp_config.json", servers(notes={
        "serverUrl": "https://notes.example.net/api/mcp",
        "headers": {"Authorization": "Bearer @@"}}), "${env:KRYTON_TOKEN}",
         "notes", "headers.Authorization", r"\$\{env:\w+\}"),
    Form("zed", ".config/zed/settings.json", servers(
        "context_servers", notes={
            "command": "envchain", "args": ["notes", "npx", "-y", PACKAGE],
            "env": {"KRYTON_TOKEN": "@@"}}), "", "notes", "env.KRYTON_TOKEN",
         "envchain|op run"),
    Form("goose", ".config/goose/config.yaml",
         "extensions:\n  notes:\n    type: stdio\n    cmd: notes-mcp\n"
         '    envs:\n      KRYTON_TOKEN: "@@"\n', "", "notes",
         "env.KRYTON_TOKEN", "env_keys"),
    Form("continue", ".continue/config.yaml",
         "mcpServers:\n  - name: notes\n    command: notes-mcp\n"
         '    env:\n      KRYTON_TOKEN: "@@"\n',
         "${{ secrets.KRYTON_TOKEN }}", "notes", "env.KRYTON_TOKEN",
         r"\$\{\{ secrets\.\w+ \}\}"),
    Form("cline", CLINE, servers(notes=notes("@@")), "${env:KRYTON_TOKEN}",
         "notes", "env.KRYTON_TOKEN", r"\$\{env:KRYTON_TOKEN\}"),
    Form("opencode", ".config/opencode/opencode.json", {"mcp": {"notes": {
        "type": "local", "command": ["npx", "-y", PACKAGE],
        "environment": {"KRYTON_TOKEN": "@@"}}}}, "{env:KRYTON_TOKEN}",
         "notes", "env.KRYTON_TOKEN", r"\{env:KRYTON_TOKEN\}"),
    Form("codex", ".codex/config.toml",
         '[mcp_servers.notes]\nurl = "https://notes.example.net/mcp"\n'
         'http_headers = { "X-Api-Key" = "@@" }\n', "", "notes",
         "headers.X-Api-Key", "env_http_headers|bearer_token_env_var"),
    Form("codex", ".codex/config.toml",
         '[model_providers.notes]\nbase_url = "https://notes.example.net"\n'
         'http_headers = { "X-Api-Key" = "@@" }\n', "", None,
         "model_providers.notes.http_headers.X-Api-Key",
         "env_http_headers|env_key"),
    Form("gemini-cli", ".gemini/settings.json", servers(notes={
        "httpUrl": "https://notes.example.net/mcp",
        "headers": {"Authorization": "Bearer @@"}}), "$KRYTON_TOKEN", "notes",
         "headers.Authorization", r"\$\{\w+\}"),
    Form("crush", ".config/crush/crush.json", {"mcp": {"notes": {
        "type": "http", **remote("@@")}}}, "$(op read op://Private/k/token)",
         "notes", "headers.Authorization", r"\$\w+|\$\(op read"),
    Form("kiro", ".kiro/settings/mcp.json", servers(notes=notes("@@")),
         "${KRYTON_TOKEN}", "notes", "env.KRYTON_TOKEN",
         r"\$\{KRYTON_TOKEN\}.*approve"),
    Form("copilot-cli", ".copilot/mcp-config.json", servers(notes={
        "type": "local", "command": "notes-mcp", "tools": ["read_note"],
        "env": {"KRYTON_TOKEN": "@@"}}), "", "notes", "env.KRYTON_TOKEN",
         "envchain|op run"),
    Form("amp", ".config/amp/settings.json",
         {"amp.mcpServers": {"notes": notes("@@")}}, "${KRYTON_TOKEN}",
         "notes", "env.KRYTON_TOKEN", r"\$\{KRYTON_TOKEN\}"),
]


@pytest.mark.parametrize("form", PLAIN, ids=str)
def test_mcp_plain(scene, keys, form):
    home = Home(scene, form.platform)
    key = keys.kryton()
    home.put(form.path, form.text(key))
    home.audit().expect(
        "MCP-PLAIN", "high", form.path, key, form.client, form.server,
        key=key, slot=form.slot, fix=form.fix, also={AGE})
    home.put(form.path, form.text(form.good))
    good = home.audit()
    assert (good.checks, good.findings) == (set(), [])


def test_mcp_plain_of_a_secret_that_no_rule_knows(home, keys):
    secret = keys.opaque()
    path = ".cursor/mcp.json"
    home.put(path, servers(acme=local({"ACME_API_KEY": secret})))
    home.audit().expect("MCP-PLAIN", "high", path, secret, "cursor", "acme",
                        key=secret, slot="env.ACME_API_KEY",
                        fix=r"\$\{env:ACME_API_KEY\}")
    home.put(path, servers(acme=local({"ACME_API_KEY": "YOUR_API_KEY"})))
    assert home.checks == set()


def test_a_violation_names_the_slot(home, keys):
    path = ".cursor/mcp.json"
    home.put(path, servers(notes=notes(keys.kryton())))
    one = home.audit().only("MCP-PLAIN")
    assert one["client"] == {"name": "cursor", "server": "notes",
                             "slot": "env.KRYTON_TOKEN"}


@pytest.mark.parametrize("arguments, slot", [
    (["--api-key", "@@"], "args[3]"),
    (["--api-key=@@"], "args[2]"),
    (["--header", "Authorization: Bearer @@"], "args[3]"),
    (["--oauth2Bearer", "@@"], "args[3]"),
    (["--env", "KRYTON_TOKEN=@@"], "args[3]"),
    (["@@"], "args[2]"),
    (["--static-oauth-client-info", '{"client_secret":"@@"}'], "args[3]"),
], ids=["next", "equals", "header", "bearer", "assignment", "alone", "json"])
def test_mcp_arg(home, keys, arguments, slot):
    key = keys.kryton()
    path = ".cursor/mcp.json"

    def put(value):
        home.put(path, servers(notes=local(
            more=[word.replace("@@", value) for word in arguments])))
    put(key)
    home.audit().expect("MCP-ARG", "high", path, key, "cursor", "notes",
                        key=key, slot=slot, fix=r"env\b.*\$\{env:\w+\}",
                        also={"MCP-PLAIN", AGE})
    put("${env:KRYTON_TOKEN}")
    assert home.checks == set()


def test_mcp_arg_of_docker(home, keys):
    key = keys.kryton()
    path = DESKTOP_LINUX
    image = "ghcr.io/github/notes@sha256:" + keys.pick("0123456789abcdef", 64)

    def put(variable):
        home.put(path, servers(notes={"command": "docker", "args": [
            "run", "-i", "--rm", "-e", variable, image]}))
    put(f"KRYTON_TOKEN={key}")
    home.audit().expect("MCP-ARG", "high", path, key, "claude-desktop",
                        "notes", key=key, slot="args[4]",
                        fix="op run|envchain", also={"MCP-PLAIN", AGE})
    put("KRYTON_TOKEN")
    assert home.checks == set()


@pytest.mark.parametrize("command, slot", [
    (["/opt/notes", "--token", "@@"], "command[2]"),
    ("/opt/notes --token @@", "command"),
], ids=["list", "text"])
def test_mcp_arg_in_the_command(home, keys, command, slot):
    key = keys.kryton()
    path = ".config/opencode/opencode.json"

    def put(value):
        written = json.loads(json.dumps(command).replace("@@", value))
        home.put(path, {"mcp": {"notes": {"type": "local",
                                          "command": written}}})
    put(key)
    home.audit().expect("MCP-ARG", "high", path, key, "opencode", "notes",
                        key=key, slot=slot, fix=r"\{env:\w+\}",
                        also={"MCP-PLAIN", AGE})
    put("{env:KRYTON_TOKEN}")
    assert home.checks == set()


def test_mcp_arg_of_a_service(home, keys):
    key = keys.kryton()
    home.put(UNIT, unit(start=f"{KATAVEN} --token {key}"))
    home.audit().expect("MCP-ARG", "high", UNIT, key, "systemd",
                        "notes.service", key=key, fix="LoadCredential|env",
                        also={AGE})
    home.put(UNIT, unit(start=KATAVEN))
    assert home.checks == set()


@pytest.mark.parametrize("url", [
    "https://notes.example.net/mcp?apiKey=@@",
    "https://notes.example.net/mcp?v=1&token=@@&x=2",
    "https://notes.example.net/mcp#@@",
    "https://notes.example.net/s/@@/mcp",
    "https://alex:@@@notes.example.net/mcp",
    "https://@@@notes.example.net/mcp",
], ids=["query", "among others", "fragment", "path", "password", "user"])
def test_mcp_urlq(home, keys, url):
    key = keys.kryton()
    path = ".cursor/mcp.json"
    home.put(path, servers(notes={"url": url.replace("@@", key, 1)}))
    home.audit().expect("MCP-URLQ", "high", path, key, "cursor", "notes",
                        key=key, slot="url", fix="header|OAuth",
                        also={"MCP-PLAIN", AGE})
    home.put(path, servers(notes={
        "url": url.replace("@@", "${env:KRYTON_TOKEN}", 1)}))
    assert home.checks == set()


def test_mcp_urlq_of_a_secret_that_no_rule_knows(home, keys):
    secret = keys.pick(ALNUM, 32)
    path = ".codeium/windsurf/mcp_config.json"
    home.put(path, servers(acme={
        "serverUrl": f"https://mcp.example.net/s/{secret}/mcp"}))
    home.audit().expect("MCP-URLQ", "high", path, secret, "windsurf", "acme",
                        key=secret, slot="serverUrl", fix="header|OAuth",
                        also={"MCP-PLAIN"})
    home.put(path, servers(acme={
        "serverUrl": "https://mcp.example.net/servers/notes/mcp"}))
    assert home.checks == set()


def test_mcp_urlq_on_a_command_line(home, keys):
    key = keys.tavily()
    path = DESKTOP_LINUX

    def put(value):
        home.put(path, servers(tavily=local(package="mcp-remote@0.1.29", more=[
            f"https://mcp.tavily.com/mcp/?tavilyApiKey={value}"])))
    put(key)
    home.audit().expect("MCP-URLQ", "high", path, key, "claude-desktop",
                        "tavily", key=key, slot="args[2]", fix="header|OAuth",
                        also={"MCP-PLAIN", "MCP-ARG", AGE})
    # mcp-remote replaces these in its own arguments.
    put("${TAVILY_API_KEY}")
    assert home.checks == set()


# Client, path, the table of servers, and a reference that it leaves alone or
# replaces.
DIALECTS = {
    "claude-code": (".claude.json", "mcpServers", r"\$\{X\}"),
    "claude-desktop": (DESKTOP_LINUX, "mcpServers", "mcpb|op run|envchain"),
    "cursor": (".cursor/mcp.json", "mcpServers", r"\$\{env:X\}"),
    "windsurf": (".codeium/windsurf/mcp_config.json", "mcpServers",
                 r"\$\{env:X\}"),
    "vscode": (f"{CODE}/mcp.json", "servers", r"\$\{input:X\}"),
    "gemini-cli": (".gemini/settings.json", "mcpServers", r"\$\{?X\}?"),
    "opencode": (".config/opencode/opencode.json", "mcp", r"\{env:X\}"),
    "cline": (CLINE, "mcpServers", r"\$\{env:X\}"),
    "amazon-q": (".aws/amazonq/mcp.json", "mcpServers", r"\$\{env:X\}"),
    "kiro": (".kiro/settings/mcp.json", "mcpServers", r"\$\{X\}"),
    "zed": (".config/zed/settings.json", "context_servers",
            "op run|envchain"),
    "lm-studio": (".lmstudio/mcp.json", "mcpServers", "op run|envchain"),
    "crush": (".config/crush/crush.json", "mcp", r"\$X"),
}
SENT = [
    ("claude-code", "${env:K}"), ("claude-code", "$K"),
    ("claude-code", "{env:K}"), ("claude-code", "%K%"),
    ("claude-desktop", "${K}"), ("claude-desktop", "${env:K}"),
    ("claude-desktop", "$K"), ("claude-desktop", "${input:K}"),
    ("cursor", "${K}"), ("cursor", "$K"), ("cursor", "{env:K}"),
    ("windsurf", "${K}"), ("vscode", "${K}"), ("vscode", "$K"),
    ("gemini-cli", "{env:K}"), ("gemini-cli", "${env:K}"),
    ("opencode", "${K}"), ("opencode", "${env:K}"), ("opencode", "$K"),
    ("cline", "${K}"), ("amazon-q", "${K}"), ("kiro", "${env:K}"),
    ("zed", "${env:K}"), ("lm-studio", "${K}"), ("crush", "${env:K}"),
    # Nobody but op itself reads these.
    ("cursor", "op://Private/kryton/credential"),
]
REPLACED = [
    ("claude-code", "${K}"), ("claude-code", "${K:-none}"),
    ("cursor", "${env:K}"), ("cursor", "${userHome}/notes"),
    ("windsurf", "${env:K}"), ("vscode", "${input:K}"),
    ("vscode", "${workspaceFolder}/notes"),
    ("gemini-cli", "$K"), ("gemini-cli", "${K}"), ("gemini-cli", "${K:-d}"),
    ("opencode", "{env:K}"), ("opencode", "{file:~/.secrets/k}"),
    ("cline", "${env:K}"), ("amazon-q", "${env:K}"), ("kiro", "${K}"),
    ("crush", "$K"), ("crush", "$(op read op://Private/kryton/token)"),
    # No references at all.
    ("claude-desktop", "costs $5 & 10% or {x}"), ("claude-desktop", "a$b"),
]


def put_reference(home, client, value):
    path, table, _ = DIALECTS[client]
    value = value.replace("K", "KRYTON_TOKEN") if "op://" not in value else (
        value)
    server = {"command": "npx", "args": ["-y", PACKAGE],
              "env": {"KRYTON_VALUE": value}}
    if client == "opencode":
        server = {"type": "local", "command": ["npx", "-y", PACKAGE],
                  "environment": {"KRYTON_VALUE": value}}
    home.put(path, {table: {"notes": server}})
    return path


@pytest.mark.parametrize("client, value", SENT)
def test_mcp_refdialect(home, client, value):
    path = put_reference(home, client, value)
    fix = DIALECTS[client][2]
    home.audit().expect("MCP-REFDIALECT", "medium", path, "KRYTON_VALUE",
                        client, "notes", fix=fix)


@pytest.mark.parametrize("client, value", REPLACED)
def test_mcp_refdialect_is_silent(home, client, value):
    put_reference(home, client, value)
    assert home.checks == set()


def test_mcp_refdialect_of_percent_signs_on_windows(scene):
    home = Home(scene, "windows")
    put_reference(home, "gemini-cli", "%K%")
    assert home.checks == set()


@pytest.mark.parametrize("value, good", [
    ("Bearer $KRYTON_TOKEN", "Bearer ${KRYTON_TOKEN}"),
    ("Bearer ${env:KRYTON_TOKEN}", "Bearer ${KRYTON_TOKEN:-none}"),
])
def test_mcp_refdialect_in_a_header_of_a_project(home, value, good):
    path = f"{PROJECT}/.mcp.json"
    home.project()

    def put(header):
        home.put(path, servers(notes={
            "type": "http", "url": "https://notes.example.net/mcp",
            "headers": {"Authorization": header}}))
    put(value)
    home.audit().expect("MCP-REFDIALECT", "medium", path, "Authorization",
                        "claude-code", "notes", fix=r"\$\{X\}")
    put(good)
    assert home.checks == set()


@pytest.mark.parametrize("server", [
    {"command": "/bin/sh", "args": [
        "-c", f"K=$(security find-generic-password -s kryton -w) exec npx -y "
        f"{PACKAGE} --token $K --name ${{USER}}"]},
    {"command": "bash", "args": ["-lc", f"npx -y {PACKAGE} --token $K"]},
    {"command": "op", "args": ["run", "--", "npx", "-y", PACKAGE],
     "env": {"KRYTON_TOKEN": "op://Private/kryton/credential"}},
    {"command": "op", "args": ["run", "--env-file=/home/alex/mcp.env", "--",
                               "npx", "-y", PACKAGE]},
    {"command": "envchain", "args": ["notes", "npx", "-y", PACKAGE]},
    {"command": "npx", "args": [
        "-y", "mcp-remote@0.1.29", "https://notes.example.net/mcp",
        "--header", "Authorization:Bearer ${KRYTON_TOKEN}"]},
], ids=["sh", "bash", "op", "op-file", "envchain", "mcp-remote"])
def test_mcp_refdialect_is_silent_where_others_replace(home, server):
    home.put(DESKTOP_LINUX, servers(notes=server))
    assert home.checks == set()


def test_mcp_refdialect_where_mcp_remote_does_not_replace(home):
    home.put(DESKTOP_LINUX, servers(notes={"command": "npx", "args": [
        "-y", "mcp-remote@0.1.29", "https://notes.example.net/mcp",
        "--header", "Authorization:Bearer ${env:KRYTON_TOKEN}"]}))
    home.audit().expect("MCP-REFDIALECT", "medium", DESKTOP_LINUX,
                        "Authorization", "claude-desktop", "notes",
                        fix="mcpb|op run|envchain")


@pytest.mark.parametrize("client", ["claude-code", "gemini-cli"])
def test_mcp_refdefault(home, keys, client):
    key = keys.kryton()
    path = DIALECTS[client][0]
    home.put(path, servers(notes=notes(f"${{KRYTON_TOKEN:-{key}}}")))
    home.audit().expect("MCP-REFDEFAULT", "high", path, key, client, "notes",
                        key=key, slot="env.KRYTON_TOKEN",
                        fix=r"fallback.*\$\{KRYTON_TOKEN\}", also={AGE})
    home.put(path, servers(notes=notes("${KRYTON_TOKEN:-}",
                                       PORT="${PORT:-8080}")))
    assert home.checks == set()


def test_mcp_refdefault_in_a_header(home, keys):
    key = keys.kryton()
    path = ".claude.json"
    home.put(path, servers(notes=remote(f"${{KRYTON_TOKEN:-{key}}}")))
    home.audit().expect("MCP-REFDEFAULT", "high", path, key, "claude-code",
                        "notes", key=key, slot="headers.Authorization",
                        fix=r"fallback", also={AGE})
    home.put(path, servers(notes=remote("${KRYTON_TOKEN}")))
    assert home.checks == set()


def test_mcp_refdefault_of_a_secret_that_no_rule_knows(home, keys):
    secret = keys.opaque()
    path = ".claude.json"
    home.put(path, servers(acme=local(
        {"ACME_API_KEY": f"${{ACME_API_KEY:-{secret}}}"})))
    home.audit().expect("MCP-REFDEFAULT", "high", path, secret, "claude-code",
                        "acme", key=secret, slot="env.ACME_API_KEY",
                        fix=r"fallback")


CODEX_HEAD = '[mcp_servers.notes]\nurl = "https://notes.example.net/mcp"\n'
NAMES = {
    "codex-bearer": ("codex", ".codex/config.toml", CODEX_HEAD +
                     'bearer_token_env_var = "@@"\n', "notes",
                     "bearer_token_env_var"),
    "codex-header": ("codex", ".codex/config.toml", CODEX_HEAD +
                     'env_http_headers = { "X-Api-Key" = "@@" }\n', "notes",
                     "env_http_headers.X-Api-Key"),
    "codex-list": ("codex", ".codex/config.toml",
                   '[mcp_servers.notes]\ncommand = "notes-mcp"\n'
                   'env_vars = ["HOME",\n  "@@"]\n', "notes", "env_vars[1]"),
    "codex-provider": ("codex", ".codex/config.toml",
                       '[model_providers.notes]\nname = "Notes"\n'
                       'env_key = "@@"\n', None,
                       "model_providers.notes.env_key"),
    "goose": ("goose", ".config/goose/config.yaml",
              "extensions:\n  notes:\n    cmd: notes-mcp\n"
              '    env_keys:\n      - "@@"\n', "notes", "env_keys[0]"),
    "kimi": ("kimi", ".kimi-code/mcp.json", json.dumps(servers(notes={
        "url": "https://notes.example.net/mcp", "bearerTokenEnvVar": "@@"}),
        indent=2), "notes", "bearerTokenEnvVar"),
    "mcporter": ("mcporter", ".mcporter/mcporter.json", json.dumps(servers(
        notes={"url": "https://notes.example.net/mcp",
               "bearerTokenEnv": "@@"}), indent=2), "notes",
                 "bearerTokenEnv"),
}


@pytest.mark.parametrize("name", NAMES)
def test_mcp_namefield(home, keys, name):
    client, path, text, server, slot = NAMES[name]
    key = keys.kryton()
    home.put(path, text.replace("@@", key))
    home.audit().expect("MCP-NAMEFIELD", "high", path, key, client, server,
                        key=key, slot=slot, fix="variable", also={AGE})
    home.put(path, text.replace("@@", "KRYTON_TOKEN"))
    assert home.checks == set()


@pytest.mark.parametrize("field", ['headers = { Authorization = "Bearer @@" }',
                                   'bearer_token = "@@"'],
                         ids=["headers", "bearer_token"])
def test_mcp_deadfield_of_codex(home, keys, field):
    key = keys.kryton()
    path = ".codex/config.toml"
    home.put(path, CODEX_HEAD + field.replace("@@", key) + "\n")
    home.audit().expect("MCP-DEADFIELD", "low", path, key, "codex", "notes",
                        key=key, fix="[Rr]emove.*(bearer_token_env_var|"
                        "env_http_headers)", also={"MCP-PLAIN", AGE})
    home.put(path, CODEX_HEAD + 'bearer_token_env_var = "KRYTON_TOKEN"\n')
    assert home.checks == set()


def test_mcp_deadfield_of_windsurf(home):
    path = ".codeium/windsurf/mcp_config.json"
    url = "https://notes.example.net/mcp"
    home.put(path, servers(notes={"url": url}))
    home.audit().expect("MCP-DEADFIELD", "low", path, url, "windsurf",
                        "notes", fix="serverUrl")
    home.put(path, servers(notes={"serverUrl": url}))
    assert home.checks == set()
    home.put(path, servers(notes={"serverUrl": url, "url": url}))
    assert home.checks == set()


# One key in several places.

def put_in_two(home, first, second):
    home.put(".cursor/mcp.json", servers(notes=notes(first)))
    home.put(DESKTOP_LINUX, servers(notes=notes(second)))


def test_key_reuse_client(home, keys):
    key = keys.kryton()
    put_in_two(home, key, key)
    audit = home.audit()
    one = audit.only("KEY-REUSE-CLIENT")
    audit.expect("KEY-REUSE-CLIENT", "high", one["path"][5:], key,
                 one["client"]["name"], "notes", key=key,
                 slot="env.KRYTON_TOKEN", fix="key for each program",
                 also={"MCP-PLAIN", AGE})
    assert "Cursor" in one["message"] and "Claude Desktop" in one["message"]
    assert one["client"]["name"] in ("cursor", "claude-desktop")
    assert len(audit.findings) == 1
    put_in_two(home, keys.kryton(), keys.kryton())
    assert home.checks == {"MCP-PLAIN", AGE}


@pytest.mark.parametrize("around", ["Bearer @@", '"@@"', "'@@'", " @@ ",
                                    "token @@"])
@pytest.mark.parametrize("kind", ["kryton", "opaque"])
def test_key_reuse_client_compares_what_is_within(home, keys, kind, around):
    key = keys.of(kind)
    home.put(".cursor/mcp.json", servers(notes=local({"ACME_TOKEN": key})))
    home.put(DESKTOP_LINUX, servers(notes=local(
        {"ACME_TOKEN": around.replace("@@", key)})))
    audit = home.audit()
    assert len(audit.of("KEY-REUSE-CLIENT")) == 1
    assert key not in audit.text


def test_key_reuse_client_decodes_addresses(home, keys):
    key = keys.pick(ALNUM, 16) + "+/" + keys.pick(ALNUM, 16) + "="
    home.put(".cursor/mcp.json", servers(notes=local({"ACME_API_KEY": key})))
    home.put(".codeium/windsurf/mcp_config.json", servers(notes={
        "serverUrl": "https://notes.example.net/mcp?api_key="
        + urllib.parse.quote(key, safe="")}))
    assert len(home.audit().of("KEY-REUSE-CLIENT")) == 1


def test_key_reuse_client_of_a_file_with_two_names(home, keys):
    home.put("settings/mcp.json", servers(notes=notes(keys.kryton())))
    for path in (".cursor/mcp.json", ".kiro/settings/mcp.json"):
        home.folder(pathlib.PurePosixPath(path).parent)
        (home.root / path).symlink_to(home.root / "settings/mcp.json")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_key_reuse_client_is_not_about_one_client(home, keys):
    key = keys.kryton()
    home.put(".cursor/mcp.json", servers(notes=notes(key)))
    home.put(".config/Cursor/User/mcp.json", servers(notes=notes(key)))
    assert home.checks == {"MCP-PLAIN", AGE}


def test_key_reuse_server(home, keys):
    key = keys.kryton()
    path = ".cursor/mcp.json"

    def put(second):
        home.put(path, servers(
            notes=notes(key),
            files=local({"FILES_TOKEN": second}, package=f"{MEMORY}@1.0.0")))
    put(key)
    audit = home.audit()
    one = audit.only("KEY-REUSE-SERVER")
    assert "notes" in one["message"] and "files" in one["message"]
    assert one["line"] in (home.line(path, "KRYTON_TOKEN"),
                           home.line(path, "FILES_TOKEN"))
    audit.expect("KEY-REUSE-SERVER", "high", path, one["line"], "cursor",
                 one["client"]["server"], key=key, fix="key of its own",
                 also={"MCP-PLAIN", AGE})
    put(keys.kryton())
    assert home.checks == {"MCP-PLAIN", AGE}


def test_key_reuse_server_of_two_hosts(home, keys):
    key = keys.kryton()
    path = ".cursor/mcp.json"

    def put(host):
        home.put(path, servers(one=remote(key),
                               two=remote(key, f"https://{host}/api/mcp")))
    put("files.example.org")
    audit = home.audit()
    assert audit.checks == {"MCP-PLAIN", "KEY-REUSE-SERVER", AGE}
    assert len(audit.of("KEY-REUSE-SERVER")) == 1
    put("notes.example.net")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_the_same_server_under_two_names(home, keys):
    key = keys.kryton()
    home.put(".cursor/mcp.json", servers(notes=notes(key)))
    home.put(DESKTOP_LINUX, servers(kryton=notes(key)))
    assert home.checks == {"MCP-PLAIN", "KEY-REUSE-CLIENT", AGE}


def test_key_reuse_env_by_files(home, keys):
    key = keys.kryton()
    home.project()
    home.put(f"{PROJECT}/.env.production", f"KRYTON_TOKEN={key}\n")
    path = f"{PROJECT}/.env.development"
    home.put(path, f"# here\nKRYTON_TOKEN={key}\n")
    home.audit().expect("KEY-REUSE-ENV", "critical", path, 2, "project-env",
                        key=key, slot="env.KRYTON_TOKEN",
                        fix="second key for development", also={AGE})
    home.put(path, f"KRYTON_TOKEN={keys.kryton()}\n")
    assert home.checks == {AGE}


def test_key_reuse_env_by_servers(home, keys):
    key = keys.kryton()
    path = ".cursor/mcp.json"

    def put(second):
        home.put(path, {"mcpServers": {"notes-prod": notes(key),
                                       "notes-dev": notes(second)}})
    put(key)
    audit = home.audit()
    one = audit.only("KEY-REUSE-ENV")
    audit.expect("KEY-REUSE-ENV", "critical", path, one["line"], "cursor",
                 "notes-dev", key=key, fix="second key",
                 also={"MCP-PLAIN", AGE})
    put(keys.kryton())
    assert home.checks == {"MCP-PLAIN", AGE}


@pytest.mark.parametrize("variable", ["NODE_ENV", "APP_ENV"])
def test_key_reuse_env_by_a_variable(home, keys, variable):
    key = keys.kryton()

    def put(stage):
        home.put(".cursor/mcp.json", servers(
            one=notes(key, **{variable: "production"}),
            two=notes(key, **{variable: stage})))
    put("development")
    audit = home.audit()
    assert audit.checks == {"MCP-PLAIN", "KEY-REUSE-ENV", AGE}
    assert audit.only("KEY-REUSE-ENV")["client"]["server"] == "two"
    put("production")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_key_prod_in_dev_by_file(home, keys):
    key = keys.kataven()
    home.project()
    path = f"{PROJECT}/.env.development"
    home.put(path, f"KATAVEN_API_KEY={key}\n")
    home.audit().expect("KEY-PROD-IN-DEV", "high", path, 1, "project-env",
                        key=key, slot="env.KATAVEN_API_KEY", fix="test mode",
                        also={AGE})
    home.remove(path)
    home.put(f"{PROJECT}/.env.production", f"KATAVEN_API_KEY={key}\n")
    assert home.checks == {AGE}


def test_key_prod_in_dev_by_server(home, keys):
    key = keys.stripe_live()
    path = ".cursor/mcp.json"

    def put(name, value):
        home.put(path, {"mcpServers": {name: local(
            {"STRIPE_SECRET_KEY": value}, package="@stripe/mcp@0.2.1")}})
    put("stripe-dev", key)
    home.audit().expect("KEY-PROD-IN-DEV", "high", path, key, "cursor",
                        "stripe-dev", key=key, slot="env.STRIPE_SECRET_KEY",
                        fix="test mode", also={"MCP-PLAIN", AGE})
    put("stripe-prod", key)
    assert home.checks == {"MCP-PLAIN", AGE}
    put("stripe-dev", keys.stripe_test())
    assert "KEY-PROD-IN-DEV" not in home.checks


# Where keys are sent.

@pytest.mark.parametrize("host, fires", [
    ("konstant1y.com", True), ("acme.konstantly.co", True),
    ("konstantly.com.example.org", True), ("evilkonstantly.com", True),
    ("files.example.org", True), ("acme.konstantly.com", False),
    ("konstantly.com", False), ("localhost:8080", False),
    ("127.0.0.1:8080", False),
])
def test_key_host_mismatch(home, keys, host, fires):
    key = keys.konstantly()
    path = ".cursor/mcp.json"
    url = f"https://{host}"
    home.put(path, servers(learn=local(
        {"KONSTANTLY_MCP_KEY": key, "KONSTANTLY_URL": url},
        package="@konstantly/mcp-server@0.2.0")))
    audit = home.audit()
    if not fires:
        assert audit.checks == {"MCP-PLAIN", AGE}
        return
    one = audit.only("KEY-HOST-MISMATCH")
    assert one["line"] in (home.line(path, "KONSTANTLY_MCP_KEY"),
                           home.line(path, "KONSTANTLY_URL"))
    assert host in one["message"]
    audit.expect("KEY-HOST-MISMATCH", "critical", path, one["line"], "cursor",
                 "learn", key=key, slot="env.KONSTANTLY_MCP_KEY",
                 fix="address", also={"MCP-PLAIN", AGE})


@pytest.mark.parametrize("host, fires", [
    ("api.brave.com", False), ("notes.example.net", True),
    ("api.brave.co", True)])
def test_key_host_mismatch_of_a_header(home, keys, host, fires):
    key = keys.brave()
    home.put(".cursor/mcp.json", servers(search={
        "url": f"https://{host}/mcp",
        "headers": {"X-Brave-Api-Key": key}}))
    audit = home.audit()
    assert audit.checks == {"MCP-PLAIN", AGE} | (
        {"KEY-HOST-MISMATCH"} if fires else set())
    assert len(audit.of("KEY-HOST-MISMATCH")) == fires


@pytest.mark.parametrize("host, fires", [
    ("notes.example.net", False), ("kryton.ai", False),
    ("krypton.ai", True), ("kryton.al", True), ("api.openai.com", True)])
def test_key_host_mismatch_of_a_provider_that_people_host(home, keys, host,
                                                          fires):
    home.put(".cursor/mcp.json", servers(notes=remote(
        keys.kryton(), f"https://{host}/api/mcp")))
    assert home.checks == {"MCP-PLAIN", AGE} | (
        {"KEY-HOST-MISMATCH"} if fires else set())


def test_url_plain_http(home, keys):
    key = keys.kryton()
    path = ".cursor/mcp.json"
    url = "http://notes.example.net/api/mcp"
    home.put(path, servers(notes=remote(key, url)))
    audit = home.audit()
    one = audit.only("URL-PLAIN-HTTP")
    assert one["line"] in (home.line(path, url), home.line(path, key))
    audit.expect("URL-PLAIN-HTTP", "high", path, one["line"], "cursor",
                 "notes", key=key, slot="headers.Authorization", fix="https",
                 also={"MCP-PLAIN", AGE})
    for good in ("https://notes.example.net/mcp", "http://localhost:8080/mcp",
                 "http://127.0.0.1:8080/mcp", "http://[::1]:8080/mcp"):
        home.put(path, servers(notes=remote(key, good)))
        assert home.checks == {"MCP-PLAIN", AGE}


def test_url_plain_http_by_a_variable(home, keys):
    key = keys.kryton()

    def put(scheme):
        home.put(DESKTOP_LINUX, servers(notes=notes(
            key, KRYTON_URL=f"{scheme}://notes.example.net")))
    put("http")
    assert home.checks == {"MCP-PLAIN", "URL-PLAIN-HTTP", AGE}
    put("https")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_url_plain_http_of_mcp_remote(home, keys):
    key = keys.kryton()

    def put(scheme, *more):
        home.put(DESKTOP_LINUX, servers(notes=local(
            package="mcp-remote@0.1.29", more=[
                f"{scheme}://notes.example.net/mcp", *more, "--header",
                f"Authorization: Bearer {key}"])))
    put("http", "--allow-http")
    audit = home.audit()
    assert audit.checks == {"MCP-PLAIN", "MCP-ARG", "URL-PLAIN-HTTP", AGE}
    assert len(audit.of("URL-PLAIN-HTTP")) == 1
    put("https")
    assert home.checks == {"MCP-PLAIN", "MCP-ARG", AGE}


def test_url_plain_http_of_a_key_by_reference(home):
    path = ".cursor/mcp.json"
    url = "http://notes.example.net/api/mcp"
    home.put(path, servers(notes=remote("${env:KRYTON_TOKEN}", url)))
    home.audit().expect("URL-PLAIN-HTTP", "high", path, url, "cursor",
                        "notes", fix="https")
    home.put(path, servers(notes={"url": url}))
    assert home.checks == set()


@pytest.mark.parametrize("host", [
    "a1b2.ngrok-free.app", "a1b2.ngrok.app", "a1b2.ngrok.io",
    "some-words-here.trycloudflare.com", "notes.loca.lt"])
def test_url_private(home, host):
    path = ".cursor/mcp.json"
    home.put(path, servers(notes={"url": f"https://{host}/mcp"}))
    home.audit().expect("URL-PRIVATE", "medium", path, host, "cursor",
                        "notes", fix="name of your own")
    home.put(path, servers(notes={"url": "https://notes.example.net/mcp"}))
    assert home.checks == set()


# What is started.

PINNED = [
    ["npx", "-y", f"{MEMORY}@2025.8.4"], ["npx", f"{MEMORY}@2025.8.4"],
    ["npx", "--yes", "-p", f"{MEMORY}@2025.8.4", "mcp-server-memory"],
    ["bunx", f"{MEMORY}@2025.8.4"], ["pnpm", "dlx", f"{MEMORY}@2025.8.4"],
    ["uvx", "mcp-server-fetch==2025.4.7"],
    ["uvx", "mcp-server-fetch@2025.4.7"],
    ["uvx", "--from", "mcp-server-fetch==2025.4.7", "mcp-server-fetch"],
    ["pipx", "run", "mcp-server-fetch==2025.4.7"],
    ["deno", "run", "-A", f"npm:{MEMORY}@2025.8.4"],
    ["docker", "run", "-i", "--rm", "mcp/fetch@sha256:" + "0a" * 32],
    ["docker", "run", "-i", "--rm", "-e", "A=1", "-v", "/x:/y",
     "mcp/fetch:1.0@sha256:" + "0a" * 32],
    # Nothing is fetched.
    ["node", "/opt/notes/main.js"], ["/opt/notes/bin/notes-mcp"],
    ["uv", "run", "--directory", "/opt/notes", "server.py"],
    ["npx", "/opt/notes"],
]
FLOATING = [
    (["npx", MEMORY], MEMORY), (["npx", f"{MEMORY}@latest"], MEMORY),
    (["npx", f"{MEMORY}@^1.2.3"], MEMORY), (["npx", f"{MEMORY}@1"], MEMORY),
    (["npx", f"{MEMORY}@next"], MEMORY),
    (["npx", "--package", MEMORY, "mcp-server-memory"], MEMORY),
    (["bunx", MEMORY], MEMORY), (["bun", "x", f"{MEMORY}@latest"], MEMORY),
    (["uvx", "mcp-server-fetch"], "mcp-server-fetch"),
    (["uvx", "mcp-server-fetch@latest"], "mcp-server-fetch"),
    (["uvx", "mcp-server-fetch>=2025.1"], "mcp-server-fetch"),
    (["uvx", "--from", "mcp-server-fetch", "mcp-server-fetch"],
     "mcp-server-fetch"),
    (["uv", "tool", "run", "mcp-server-fetch"], "mcp-server-fetch"),
    (["pipx", "run", "mcp-server-fetch"], "mcp-server-fetch"),
    (["deno", "run", "-A", f"npm:{MEMORY}"], MEMORY),
    (["docker", "run", "-i", "--rm", "mcp/fetch"], "mcp/fetch"),
    (["docker", "run", "-i", "--rm", "mcp/fetch:latest"], "mcp/fetch"),
    (["docker", "run", "-i", "--rm", "mcp/fetch:1.0"], "mcp/fetch"),
    (["podman", "run", "-i", "-e", "A=1", "mcp/fetch"], "mcp/fetch"),
    (["op", "run", "--", "npx", MEMORY], MEMORY),
    (["sh", "-c", f"exec npx {MEMORY}"], MEMORY),
    (["cmd", "/c", "npx", MEMORY], MEMORY),
]

# These install without asking, whatever they are told.
NEVER_ASK = {"bun", "bunx", "uv", "uvx", "pipx", "deno"}


def started(words, env=None):
    command, *arguments = words
    server = {"command": command, "args": arguments}
    return {**server, "env": env} if env else server


@pytest.mark.parametrize("words", PINNED, ids=" ".join)
def test_pkg_pinned(home, words):
    home.put(".cursor/mcp.json", servers(memory=started(words)))
    assert home.checks == set()


@pytest.mark.parametrize("words, package", FLOATING,
                         ids=lambda value: " ".join(value)
                         if isinstance(value, list) else "of")
def test_pkg_unpinned(home, keys, words, package):
    path = ".cursor/mcp.json"
    also = {"PKG-AUTOYES"} if NEVER_ASK.intersection(words) else set()
    home.put(path, servers(memory=started(words)))
    home.audit().expect("PKG-UNPINNED", "medium", path, '"command"', "cursor",
                        "memory", fix=re.escape(package) + "(@|==)",
                        also=also)
    # It gets a key.
    home.put(path, servers(memory=started(
        words, {"KRYTON_TOKEN": keys.kryton()})))
    audit = home.audit()
    assert audit.only("PKG-UNPINNED")["severity"] == "high"
    assert audit.checks == {"PKG-UNPINNED", "MCP-PLAIN", AGE, *also}


@pytest.mark.parametrize("source, fires", [
    ("git+https://github.com/acme/notes-mcp", True),
    ("git+https://github.com/acme/notes-mcp@main", True),
    ("git+https://github.com/acme/notes-mcp@v1.2.3", True),
    ("git+https://github.com/acme/notes-mcp@" + "0a" * 20, False),
])
def test_pkg_unpinned_of_git(home, source, fires):
    home.put(".cursor/mcp.json", servers(notes=started(
        ["uvx", "--from", source, "notes-mcp"])))
    audit = home.audit()
    assert audit.checks - {"PKG-UNKNOWN"} == (
        {"PKG-UNPINNED", "PKG-AUTOYES"} if fires else set())
    assert len(audit.of("PKG-UNPINNED")) == fires


@pytest.mark.parametrize("source, fires", [
    ("github:acme/notes-mcp", True), ("github:acme/notes-mcp#main", True),
    ("github:acme/notes-mcp#" + "0a" * 20, False)])
def test_pkg_unpinned_of_github(home, source, fires):
    home.put(".cursor/mcp.json", servers(notes=started(["npx", source])))
    assert home.checks - {"PKG-UNKNOWN"} == (
        {"PKG-UNPINNED"} if fires else set())


@pytest.mark.parametrize("words", [
    ["npx", "-y", MEMORY], ["npx", "--yes", f"{MEMORY}@latest"],
    ["npm", "exec", "-y", MEMORY], ["cmd", "/c", "npx", "-y", MEMORY]],
    ids=" ".join)
def test_pkg_autoyes(home, words):
    path = ".cursor/mcp.json"
    home.put(path, servers(memory=started(words)))
    home.audit().expect("PKG-AUTOYES", "medium", path, '"command"', "cursor",
                        "memory", fix=re.escape(MEMORY) + "@",
                        also={"PKG-UNPINNED"})
    home.put(path, servers(memory=started(
        [f"{MEMORY}@2025.8.4" if MEMORY in word else word
         for word in words])))
    assert home.checks == set()


@pytest.mark.parametrize("words", [
    ["npx", "-y", "acme-notes-mcp@1.2.3"], ["npx", "@acme/notes@1.2.3"],
    ["uvx", "acme-notes==1.2.3"],
    ["docker", "run", "-i", "acme/notes@sha256:" + "0a" * 32]], ids=" ".join)
def test_pkg_unknown(home, words):
    path = ".cursor/mcp.json"
    home.put(path, servers(notes=started(words)))
    home.audit().expect("PKG-UNKNOWN", "low", path, '"command"', "cursor",
                        "notes", fix="publishes")
    home.put(path, servers(notes=local()))
    assert home.checks == set()


@pytest.mark.parametrize("package, twin", [
    ("@modelcontextprotoco1/server-memory", "@modelcontextprotocol"),
    ("@modelcontextprotocl/server-memory", "@modelcontextprotocol"),
    ("tavily-mpc", None), ("tavily-mcpp", "tavily-mcp"),
    ("mcp-rem0te", "mcp-remote")])
def test_pkg_unknown_that_looks_like_a_known_one(home, package, twin):
    home.put(".cursor/mcp.json", servers(memory=local(
        package=f"{package}@1.0.0")))
    one = home.audit().expect("PKG-UNKNOWN", None, ".cursor/mcp.json",
                              '"command"', "cursor", "memory",
                              fix="publishes")
    assert package in one["message"]
    if twin:
        assert twin in one["message"].replace(package, "")


def test_a_plugin_is_named_like_its_program(home, keys):
    path = ".claude/plugins/cache/acme/notes/.mcp.json"
    home.put(path, servers(notes=local({"KRYTON_TOKEN": keys.kryton()},
                                       package="@azrtydxb/kryton-mcp")))
    assert {one["client"]["name"] for one in home.audit().violations} == {
        "claude-code"}


# What may be done unasked.

def approved(tools, field, env=None):
    return servers(notes={**local(env), field: tools})


@pytest.mark.parametrize("client, path, field", [
    ("cline", CLINE, "autoApprove"), ("roo-code", ROO, "alwaysAllow"),
    ("kiro", ".kiro/settings/mcp.json", "autoApprove")])
def test_auto_approve_write(home, keys, client, path, field):
    home.put(path, approved(["list_notes", "create_note"], field))
    one = home.audit().expect("AUTO-APPROVE-WRITE", "medium", path, field,
                              client, "notes", fix="off the list")
    assert "create_note" in one["message"]
    assert "list_notes" not in one["message"]
    home.put(path, approved(["list_notes", "get_commit", "search"], field))
    assert home.checks == set()
    # High with a live key that may write.
    home.put(path, approved(["create_note"], field,
                            {"KATAVEN_API_KEY": keys.kataven()}))
    audit = home.audit()
    assert audit.checks == {"AUTO-APPROVE-WRITE", "MCP-PLAIN", AGE}
    assert audit.only("AUTO-APPROVE-WRITE")["severity"] == "high"


@pytest.mark.parametrize("tool", [
    "create_issue", "update_note", "deleteNote", "send-message", "originate",
    "start_call", "resume_campaign", "execute_sql", "write_file",
    "remove_tag", "set_status", "add_comment"])
def test_auto_approve_write_of_each_kind(home, tool):
    home.put(CLINE, approved([tool], "autoApprove"))
    assert home.checks == {"AUTO-APPROVE-WRITE"}


@pytest.mark.parametrize("path", [
    ".claude/settings.json", f"{PROJECT}/.claude/settings.local.json"])
@pytest.mark.parametrize("entry", ["mcp__notes__create_note", "mcp__notes__*",
                                   "mcp__notes"])
def test_auto_approve_write_of_claude_code(home, path, entry):
    home.project()

    def put(value):
        home.put(path, {"permissions": {"allow": ["Bash(make:*)", value],
                                        "deny": ["mcp__notes__delete_note"]}})
    put(entry)
    one = home.audit().expect("AUTO-APPROVE-WRITE", "medium", path,
                              f'"{entry}"', "claude-code", None,
                              fix="off the list")
    assert "notes" in one["message"]
    put("mcp__notes__list_notes")
    assert home.checks == set()


def test_auto_approve_write_of_gemini(home):
    path = ".gemini/settings.json"
    home.put(path, approved(True, "trust"))
    home.audit().expect("AUTO-APPROVE-WRITE", "medium", path, "trust",
                        "gemini-cli", "notes", fix="read")
    home.put(path, approved(False, "trust"))
    assert home.checks == set()


def test_auto_approve_write_of_codex(home):
    path = ".codex/config.toml"
    text = CODEX_HEAD + 'default_tools_approval_mode = "{}"\n'
    home.put(path, text.format("approve"))
    home.audit().expect("AUTO-APPROVE-WRITE", "medium", path, "approval_mode",
                        "codex", "notes", fix=".")
    home.put(path, text.format("prompt"))
    assert home.checks == set()


def test_auto_approve_write_of_crush(home):
    path = ".config/crush/crush.json"
    home.put(path, {"permissions": {"allowed_tools": [
        "view", "mcp_notes_create_note"]}})
    home.audit().expect("AUTO-APPROVE-WRITE", "medium", path,
                        "mcp_notes_create_note", "crush", None,
                        fix="off the list")
    home.put(path, {"permissions": {"allowed_tools": [
        "view", "mcp_notes_list_notes"]}})
    assert home.checks == set()


def test_auto_approve_write_of_goose(home):
    path = ".config/goose/config.yaml"
    home.put(path, "GOOSE_PROVIDER: anthropic\nGOOSE_MODE: auto\n")
    home.audit().expect("AUTO-APPROVE-WRITE", "medium", path, "GOOSE_MODE",
                        "goose", None, fix=".")
    home.put(path, "GOOSE_PROVIDER: anthropic\nGOOSE_MODE: approve\n")
    assert home.checks == set()


ALL_APPROVED = {
    "vscode": ("vscode", f"{CODE}/settings.json",
               '{{\n  // more\n  "chat.tools.global.autoApprove": {}\n}}\n',
               "true", "false", 3),
    "claude-servers": ("claude-code", ".claude/settings.json",
                       '{{\n"enableAllProjectMcpServers": {}}}\n', "true",
                       "false", 2),
    "claude-mode": ("claude-code", ".claude/settings.json",
                    '{{"permissions":\n{{"defaultMode": "{}"}}}}\n',
                    "bypassPermissions", "acceptEdits", 2),
    "codex": ("codex", ".codex/config.toml",
              'approval_policy = "never"\nsandbox_mode = "{}"\n',
              "danger-full-access", "workspace-write", None),
    "opencode": ("opencode", ".config/opencode/opencode.json",
                 '{{\n"permission": "{}"}}\n', "allow", "ask", 2),
}


@pytest.mark.parametrize("name", ALL_APPROVED)
def test_auto_approve_all(home, name):
    client, path, text, bad, good, line = ALL_APPROVED[name]
    home.put(path, text.format(bad))
    audit = home.audit()
    one = audit.only("AUTO-APPROVE-ALL")
    assert one["line"] in ([line] if line else [1, 2])
    audit.expect("AUTO-APPROVE-ALL", "medium", path, one["line"], client,
                 fix="[Rr]emove the setting")
    home.put(path, text.format(good))
    assert home.checks == set()


# What a key may do.

def github_in_codex(key, tools):
    listed = f"enabled_tools = {json.dumps(tools)}\n" if tools else ""
    return ('[mcp_servers.github]\ncommand = "github-mcp-server"\n' + listed
            + f'\n[mcp_servers.github.env]\nGITHUB_TOKEN = "{key}"\n')


def test_scope_write(home, keys):
    key = keys.github()
    path = ".codex/config.toml"
    home.put(path, github_in_codex(key, ["list_issues", "get_issue"]))
    audit = home.audit()
    one = audit.expect("SCOPE-WRITE", None, path, key, "codex", "github",
                       key=key, slot="env.GITHUB_TOKEN",
                       fix="fine-grained|github_pat_",
                       also={"MCP-PLAIN", AGE})
    assert one["severity"] in ("low", "medium")
    home.put(path, github_in_codex(key, ["list_issues", "create_issue"]))
    assert home.checks == {"MCP-PLAIN", AGE}


def test_scope_tools_all(home, keys):
    key = keys.github()
    path = ".copilot/mcp-config.json"

    def put(value, tools):
        home.put(path, servers(github={
            "type": "local", "command": "github-mcp-server", "tools": tools,
            "env": {"GITHUB_TOKEN": value}}))
    put(key, ["*"])
    home.audit().expect("SCOPE-TOOLS-ALL", "low", path, key, "copilot-cli",
                        "github", key=key, slot="env.GITHUB_TOKEN",
                        fix="List the tools", also={"MCP-PLAIN", AGE})
    put(key, ["list_issues", "create_issue"])
    assert home.checks == {"MCP-PLAIN", AGE}
    put("", ["*"])
    assert home.checks == set()


def test_scope_tools_all_without_a_list(home, keys):
    path = ".codex/config.toml"
    home.put(path, github_in_codex(keys.github(), []))
    assert home.checks == {"SCOPE-TOOLS-ALL", "MCP-PLAIN", AGE}


def test_server_shadow(home):
    places = {".cursor/mcp.json": "cursor", DESKTOP_LINUX: "claude-desktop",
              ".kiro/settings/mcp.json": "kiro"}
    for path in places:
        home.put(path, servers(notes=local()))
    audit = home.audit()
    one = audit.only("SERVER-SHADOW")
    path = one["path"].removeprefix("home/")
    for name in ("Cursor", "Claude Desktop", "Kiro"):
        assert name in one["message"]
    audit.expect("SERVER-SHADOW", "info", path, '"notes"', places[path],
                 "notes", fix="Remove")
    home.put(DESKTOP_LINUX, servers(memory=local(package=f"{MEMORY}@1.0.0")))
    assert home.checks == set()


# The files.

class Git:
    """A repository in a folder of the home, made with git itself."""

    def __init__(self, home, folder=PROJECT):
        self.home = home
        self.path = home.folder(folder)
        self("init", "-q")

    def __call__(self, *args):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith("GIT_")}
        env |= {"HOME": str(self.home.scene.home),
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_DATE": f"{NOW - DAY} +0000",
                "GIT_COMMITTER_DATE": f"{NOW - DAY} +0000"}
        subprocess.run(["git", "-c", "user.name=Ann", "-c",
                        "user.email=ann@example.com", "-c",
                        "commit.gpgSign=false", *args], cwd=self.path, env=env,
                       check=True, capture_output=True, timeout=PATIENCE)

    def commit(self, *paths):
        self("add", "-f", *paths)
        self("commit", "-q", "-m", "change")


def karzoun(value):
    return servers(karzoun=local({"KARZOUN_APP_TOKEN": value},
                                 package="@karzounchat/mcp-server@1.0.0"))


IN_PROJECT = f"{PROJECT}/.cursor/mcp.json"


def test_file_git_tracked(home, keys):
    key = keys.fresh()
    home.project()
    git = Git(home)
    home.put(IN_PROJECT, karzoun(key))
    git.commit(".cursor/mcp.json")
    home.audit().expect(
        "FILE-GIT-TRACKED", "critical", IN_PROJECT, key, "cursor", "karzoun",
        key=key, slot="env.KARZOUN_APP_TOKEN",
        fix=r"replaced.*git (-C \S+ )?rm --cached \S*mcp\.json",
        also={"MCP-PLAIN", "FILE-PROJECT-SCOPE"})
    home.put(IN_PROJECT, karzoun("${env:KARZOUN_APP_TOKEN}"))
    assert home.checks == set()


def test_file_git_tracked_once_added(home, keys):
    home.project()
    git = Git(home)
    home.put(IN_PROJECT, karzoun(keys.fresh()))
    git("add", ".cursor/mcp.json")
    assert home.checks == {"FILE-GIT-TRACKED", "MCP-PLAIN",
                           "FILE-PROJECT-SCOPE"}


def test_file_git_tracked_of_the_home_folder(home, keys):
    path = ".cursor/mcp.json"
    git = Git(home, ".")
    home.put(path, karzoun(keys.fresh()))
    # No project's file: nobody says `git add .` in a home folder.
    assert home.checks == {"MCP-PLAIN"}
    git.commit(path)
    assert home.checks == {"FILE-GIT-TRACKED", "MCP-PLAIN"}


def test_file_git_notignored(home, keys):
    key = keys.fresh()
    home.project()
    Git(home)
    home.put(IN_PROJECT, karzoun(key))
    home.audit().expect(
        "FILE-GIT-NOTIGNORED", "high", IN_PROJECT, key, "cursor", "karzoun",
        key=key, slot="env.KARZOUN_APP_TOKEN",
        fix=r"\.gitignore.*\.cursor/mcp\.json",
        also={"MCP-PLAIN", "FILE-PROJECT-SCOPE"})
    home.put(IN_PROJECT, karzoun("${env:KARZOUN_APP_TOKEN}"))
    assert home.checks == set()


@pytest.mark.parametrize("ignores, text", [
    (".gitignore", ".cursor/mcp.json\n"), (".gitignore", ".cursor/\n"),
    (".gitignore", "*.json\n!package.json\n"),
    (".cursor/.gitignore", "mcp.json\n"),
    (".git/info/exclude", "/.cursor\n"),
])
def test_file_git_ignored(home, keys, ignores, text):
    home.project()
    Git(home)
    home.put(IN_PROJECT, karzoun(keys.fresh()))
    home.put(f"{PROJECT}/{ignores}", text)
    assert home.checks == {"MCP-PLAIN", "FILE-PROJECT-SCOPE"}


def test_file_git_ignored_by_a_pattern_that_is_taken_back(home, keys):
    home.project()
    Git(home)
    home.put(IN_PROJECT, karzoun(keys.fresh()))
    home.put(f"{PROJECT}/.gitignore", "*.json\n!mcp.json\n")
    assert home.checks == {"FILE-GIT-NOTIGNORED", "MCP-PLAIN",
                           "FILE-PROJECT-SCOPE"}


def test_file_git_of_variables(home, keys):
    home.project()
    git = Git(home)
    key = keys.fresh()
    path = f"{PROJECT}/.env"
    home.put(path, f"KARZOUN_APP_TOKEN={key}\n")
    home.audit().expect("FILE-GIT-NOTIGNORED", "high", path, 1,
                        "project-env", key=key, fix=r"\.gitignore.*\.env$")
    git.commit(".env")
    assert home.checks == {"FILE-GIT-TRACKED"}
    git("rm", "-q", "--cached", ".env")
    home.put(f"{PROJECT}/.gitignore", ".env\n")
    git("commit", "-q", "--amend", "--allow-empty", "-m", "nothing")
    git("reflog", "expire", "--expire=now", "--all")
    assert home.checks == set()


def test_file_project_scope(home, keys):
    key = keys.fresh()
    path = f"{PROJECT}/.mcp.json"
    home.project()
    home.put(path, karzoun(key))
    home.audit().expect(
        "FILE-PROJECT-SCOPE", "medium", path, key, "claude-code", "karzoun",
        key=key, slot="env.KARZOUN_APP_TOKEN",
        fix=r"your own settings.*\$\{KARZOUN_APP_TOKEN\}",
        also={"MCP-PLAIN"})
    home.put(path, karzoun("${KARZOUN_APP_TOKEN}"))
    assert home.checks == set()


@pytest.mark.parametrize("mode, fires", [
    (0o600, False), (0o400, False), (0o700, False), (0o640, True),
    (0o644, True), (0o660, True), (0o604, True), (0o620, True),
    (0o602, True), (0o666, True), (0o777, True)],
    ids=lambda value: oct(value) if value > 1 else "")
def test_file_perm(home, keys, mode, fires):
    key = keys.fresh()
    path = ".cursor/mcp.json"
    home.put(path, karzoun(key), mode)
    audit = home.audit()
    if fires:
        one = audit.expect("FILE-PERM", "medium", path, key, "cursor",
                           "karzoun", key=key,
                           fix=f"^chmod 600 home/{re.escape(path)}$",
                           also={"MCP-PLAIN"})
        assert f"{mode:04o}" in one["message"]
    else:
        assert audit.checks == {"MCP-PLAIN"}
    home.put(path, karzoun("${env:KARZOUN_APP_TOKEN}"), mode)
    assert home.checks == set()


@pytest.mark.parametrize("mode, severity", [(0o640, "medium"),
                                            (0o644, "high")])
def test_file_perm_in_a_home_that_all_may_enter(home, keys, mode, severity):
    home.root.chmod(0o755)
    home.put(".netrc", f"machine example.com\nlogin a\n"
             f"password {keys.fresh()}\n", mode)
    home.put(".cursor/mcp.json", karzoun(keys.fresh()), mode)
    home.folder(".cursor").chmod(0o755)
    found = home.audit().of("FILE-PERM")
    assert {one["severity"] for one in found} == {severity}


def test_file_perm_with_a_path_to_quote(macos, keys):
    path = DESKTOP["macos"]
    macos.put(path, karzoun(keys.fresh()), 0o644)
    fix = macos.audit().only("FILE-PERM")["fix"]
    assert shlex.split(fix) == ["chmod", "600", f"home/{path}"]


def test_file_perm_of_the_folder(home, keys):
    key = keys.fresh()
    path = ".cursor/mcp.json"
    home.put(path, karzoun(key))
    home.folder(".cursor").chmod(0o777)
    home.audit().expect("FILE-PERM", "medium", path, key, "cursor", "karzoun",
                        key=key, fix=r"^chmod o-w home/\.cursor$",
                        also={"MCP-PLAIN"})
    home.folder(".cursor").chmod(0o755)
    assert home.checks == {"MCP-PLAIN"}


def test_file_perm_on_windows(scene, keys):
    home = Home(scene, "windows")
    home.put(".cursor/mcp.json", karzoun(keys.fresh()), 0o644)
    assert home.checks == {"MCP-PLAIN"}


@pytest.mark.parametrize("folder, platform", [
    ("Dropbox", "linux"), ("Google Drive", "linux"),
    ("OneDrive - Example Ltd", "windows"), ("OneDrive", "windows"),
    ("Library/Mobile Documents/com~apple~CloudDocs", "macos"),
    ("Library/CloudStorage/GoogleDrive-a@example.com", "macos"),
    ("dotfiles", "linux"), (".dotfiles", "macos")])
def test_file_synced(scene, keys, folder, platform):
    home = Home(scene, platform)
    key = keys.fresh()
    project = f"{folder}/app"
    path = f"{project}/.cursor/mcp.json"
    home.project(project)
    home.put(path, karzoun(key))
    home.audit().expect("FILE-SYNCED", "medium", path, key, "cursor",
                        "karzoun", key=key, fix=r"\$\{env:KARZOUN_APP_TOKEN\}",
                        also={"MCP-PLAIN", "FILE-PROJECT-SCOPE"})
    home.put(path, karzoun("${env:KARZOUN_APP_TOKEN}"))
    assert home.checks == set()


def test_file_synced_through_a_link(home, keys):
    home.put("Dropbox/mcp.json", karzoun(keys.fresh()))
    home.folder(".cursor")
    (home.root / ".cursor/mcp.json").symlink_to(home.root / "Dropbox/mcp.json")
    assert home.checks == {"FILE-SYNCED", "MCP-PLAIN"}


def test_file_synced_is_silent_beside(home, keys):
    home.project("work/dropbox-client")
    home.put("work/dropbox-client/.cursor/mcp.json", karzoun(keys.fresh()))
    assert home.checks == {"MCP-PLAIN", "FILE-PROJECT-SCOPE"}


def test_file_synced_by_settings_sync(home, keys):
    key = keys.fresh()
    path = f"{CODE}/mcp.json"
    home.put(path, servers("servers", karzoun=local(
        {"KARZOUN_APP_TOKEN": key}, package="@karzounchat/mcp-server@1.0.0")))
    assert home.checks == {"MCP-PLAIN"}
    home.folder(f"{CODE}/sync")
    home.audit().expect("FILE-SYNCED", "medium", path, key, "vscode",
                        "karzoun", key=key, fix=r"\$\{input:",
                        also={"MCP-PLAIN"})


@pytest.mark.parametrize("path", [
    ".cursor/mcp.json.bak", ".cursor/mcp.json~", ".cursor/mcp.json.orig",
    ".cursor/mcp.json.bak.2026-03-01", ".cursor/mcp.json.backup"])
def test_file_backup(home, keys, path):
    key = keys.fresh()
    home.put(".cursor/mcp.json", karzoun(key))
    home.put(path, karzoun(key))
    one = home.audit().expect("FILE-BACKUP", "medium", path, key, "cursor",
                              "karzoun", key=key, fix="Delete the copy",
                              also={"MCP-PLAIN"})
    assert "in use" in one["message"]
    home.put(path, karzoun("${env:KARZOUN_APP_TOKEN}"))
    assert home.checks == {"MCP-PLAIN"}


@pytest.mark.parametrize("path, client", [
    (".claude.json.backup", "claude-code"),
    (".claude/backups/claude.json.1780000000", "claude-code"),
    (f"{CODE}/History/1a2b/Zk3x.json", "vscode")])
def test_file_backup_of_programs(home, keys, path, client):
    key = keys.fresh()
    home.put(".claude.json", karzoun(key))
    home.put(path, karzoun(key))
    home.audit().expect("FILE-BACKUP", "medium", path, key, client,
                        "karzoun" if ".claude" in path else None, key=key,
                        fix="Delete the copy", also={"MCP-PLAIN"})


@pytest.mark.parametrize("path, platform", [
    ("etc/claude-code/managed-mcp.json", "linux"),
    ("Library/Application Support/ClaudeCode/managed-mcp.json", "macos"),
    ("Program Files/ClaudeCode/managed-mcp.json", "windows")])
def test_file_world_managed(scene, keys, path, platform):
    home = Home(scene, platform)
    key = keys.fresh()
    home.put(".local/bin/claude.exe", "")  # it is installed
    # For all to read by design.
    home.put(path, karzoun(key), 0o644)
    home.audit().expect("FILE-WORLD-MANAGED", "high", path, key, "claude-code",
                        "karzoun", key=key, slot="env.KARZOUN_APP_TOKEN",
                        fix="OAuth|key of their own", also={"MCP-PLAIN"})
    home.put(path, karzoun("${KARZOUN_APP_TOKEN}"), 0o644)
    assert home.checks == set()


# What is left lying.

OPENAI_AUTH = {"auth_mode": "apikey", "tokens": None}


def test_keychain_halfway_of_codex(home, keys):
    key = keys.openai()
    path = ".codex/auth.json"
    home.put(".codex/config.toml", 'cli_auth_credentials_store = "keyring"\n')
    home.put(path, {"OPENAI_API_KEY": key, **OPENAI_AUTH})
    home.audit().expect("KEYCHAIN-HALFWAY", "medium", path, key, "codex",
                        None, key=key, slot="OPENAI_API_KEY",
                        fix="signing in.*delete", also={AGE})
    home.put(".codex/config.toml", 'cli_auth_credentials_store = "file"\n')
    assert home.checks == {AGE}
    home.put(".codex/config.toml", 'cli_auth_credentials_store = "keyring"\n')
    home.remove(path)
    assert home.checks == set()


def test_keychain_halfway_of_sign_ins_of_codex(home, keys):
    path = ".codex/.credentials.json"
    home.put(path, {"notes|1a": {"server_name": "notes",
                                 "access_token": keys.fresh()}})
    setting = 'mcp_oauth_credentials_store = "{}"\n'
    home.put(".codex/config.toml", setting.format("keyring"))
    assert home.checks == {"KEYCHAIN-HALFWAY"}
    home.put(".codex/config.toml", setting.format("file"))
    assert home.checks == set()


@pytest.mark.parametrize("platform, fires", [("macos", True),
                                             ("linux", False)])
def test_keychain_halfway_of_claude_code(scene, keys, platform, fires):
    home = Home(scene, platform)
    key = keys.anthropic_sign_in()
    path = ".claude/.credentials.json"
    home.put(path, {"claudeAiOauth": {"accessToken": key,
                                      "expiresAt": (NOW + 3600) * 1000}})
    audit = home.audit()
    assert audit.checks - {AGE} == ({"KEYCHAIN-HALFWAY"} if fires else set())
    if fires:
        one = audit.only("KEYCHAIN-HALFWAY")
        assert (one["severity"], one["path"], one["line"]) == (
            "medium", home.shown(path), 3)
        assert one["client"]["name"] == "claude-code"
        assert "delete" in one["fix"]


def test_log_leak(home, keys):
    key = keys.fresh()
    home.put(".claude.json", karzoun(key))
    folder = ".claude/projects/-home-alex-work-app"
    first = f"{folder}/0a1b.jsonl"

    def put(value):
        said = json.dumps({"type": "user", "message": {
            "content": f"use KARZOUN_APP_TOKEN={value} please"}})
        home.put(first, f'{{"type":"summary"}}\n{said}\n{said}\n')
        home.put(f"{folder}/2c3d.jsonl", said + "\n")
        home.put(f"{folder}/2c3d/subagents/agent-1.jsonl", said + "\n" + said)
    put(key)
    audit = home.audit()
    one = audit.expect("LOG-LEAK", "high", first, 2, "claude-code", None,
                       key=key, fix="replaced", also={"MCP-PLAIN"})
    assert "5 times in 3 files" in one["message"]
    assert "Claude Code" in one["message"]
    assert audit.json["audit"]["leaked"] == 1
    put("${KARZOUN_APP_TOKEN}")
    assert home.checks == {"MCP-PLAIN"}


@pytest.mark.parametrize("path, client, platform, text", [
    (".bash_history", "bash", "linux",
     "ls\nexport KARZOUN_APP_TOKEN=@@\n"),
    (".zsh_history", "zsh", "macos",
     ": 1780000000:0;ls\n: 1780000001:0;export KARZOUN_APP_TOKEN=@@\n"),
    (".codex/sessions/2026/09/01/rollout-1.jsonl", "codex", "linux",
     '{"a":1}\n{"text":"KARZOUN_APP_TOKEN=@@"}\n'),
    ("Library/Logs/Claude/mcp-server-karzoun.log", "claude-desktop", "macos",
     "started\nKARZOUN_APP_TOKEN=@@\n"),
])
def test_log_leak_of(scene, keys, path, client, platform, text):
    home = Home(scene, platform)
    key = keys.fresh()
    home.put(path, text.replace("@@", key))
    one = home.audit().expect("LOG-LEAK", "high", path, 2, client, None,
                              key=key, fix="replaced")
    assert "1 time." in one["message"]
    home.put(path, text.replace("@@", "$OTHER"))
    assert home.checks == set()


def test_log_leak_once_for_each_kind_of_place(home, keys):
    key = keys.fresh()
    other = keys.fresh()
    home.put(".bash_history", f"export KARZOUN_APP_TOKEN={key}\n" * 2
             + f"export KARZOUN_APP_TOKEN={other}\n")
    home.put(".claude/projects/a/b.jsonl",
             json.dumps({"text": f"KARZOUN_APP_TOKEN={key}"}))
    audit = home.audit()
    assert audit.checks == {"LOG-LEAK"}
    assert sorted(one["path"] for one in audit.violations) == [
        "home/.bash_history", "home/.bash_history",
        "home/.claude/projects/a/b.jsonl"]
    assert len(audit.findings) == 2


@pytest.mark.parametrize("path, client, line, good", [
    (".bashrc", "bash", "export KRYTON_TOKEN={}",
     "$(op read op://Private/kryton/token)"),
    (".zshrc", "zsh", "export KRYTON_TOKEN='{}'", "$OTHER"),
    (".zshenv", "zsh", 'KRYTON_TOKEN="{}"', ""),
    (".config/fish/config.fish", "fish", "set -gx KRYTON_TOKEN {}",
     "(op read op://Private/kryton/token)"),
    (".config/environment.d/50-keys.conf", "environment",
     "KRYTON_TOKEN={}", ""),
])
def test_shared_shell(home, keys, path, client, line, good):
    key = keys.kryton()
    home.put(path, f"# settings\nexport EDITOR=vi\n{line.format(key)}\n")
    home.audit().expect("SHARED-SHELL", "medium", path, 3, client, None,
                        key=key, fix="envchain|op run", also={AGE})
    home.put(path, f"# settings\nexport EDITOR=vi\n{line.format(good)}\n")
    assert home.checks == set()


def test_shared_shell_of_a_key_that_a_server_asks_for(home, keys):
    secret = keys.opaque()
    home.put(".bashrc", f"export ACME_API_KEY={secret}\n")
    assert home.checks == set()
    home.put(".claude.json", servers(acme=local(
        {"ACME_API_KEY": "${ACME_API_KEY}"})))
    assert home.checks == {"SHARED-SHELL"}


@pytest.mark.parametrize("put", [
    lambda home, key: home.put(".env", f"FIGMA_API_KEY={key}\n"),
    lambda home, key: home.put(".bash_history", "ls\n")],
    ids=["variables of home", "history"])
def test_shared_shell_is_about_keys_of_servers(home, keys, put):
    put(home, keys.figma())
    assert home.checks <= {AGE}


# Services, bridges and tunnels.

@pytest.mark.parametrize("format", [plistlib.FMT_XML, plistlib.FMT_BINARY],
                         ids=["xml", "binary"])
def test_svc_env_of_launchd(macos, keys, format):
    key = keys.kataven()

    def put(env):
        macos.put(JOB, plistlib.dumps(job([KATAVEN], env), fmt=format))
    put({"KATAVEN_API_KEY": key})
    audit = macos.audit()
    one = audit.only("SVC-ENV")
    if format == plistlib.FMT_XML:
        assert one["line"] == macos.line(JOB, key)
    audit.expect("SVC-ENV", "medium", JOB, one["line"], "launchd",
                 "net.example.notes", key=key, fix="keychain",
                 also={AGE})
    put({"KATAVEN_URL": "https://api.kataven.ai"})
    assert macos.checks == set()


@pytest.mark.parametrize("path", [UNIT, ".config/systemd/user/notes.service.d/"
                                  "override.conf"])
@pytest.mark.parametrize("line", ["Environment=KATAVEN_API_KEY={}",
                                  'Environment="A=1" "KATAVEN_API_KEY={}"'])
def test_svc_env_of_systemd(home, keys, path, line):
    key = keys.kataven()
    home.put(path, unit(line.format(key)))
    audit = home.audit()
    server = audit.only("SVC-ENV")["client"]["server"]
    assert path != UNIT or server == "notes.service"
    audit.expect("SVC-ENV", "medium", path, key, "systemd", server, key=key,
                 slot="env.KATAVEN_API_KEY", fix="LoadCredential=",
                 also={AGE})
    home.put(path, unit("LoadCredential=kataven:/etc/keys/kataven"))
    assert home.checks == set()


def test_svc_env_of_all_users(home, keys):
    path = "etc/systemd/system/notes.service"
    home.put(path, unit(f"Environment=KATAVEN_API_KEY={keys.kataven()}"),
             0o644)
    assert home.checks == {"SVC-ENV", "FILE-WORLD-MANAGED", AGE}
    home.put(path, unit(), 0o644)
    assert home.checks == set()


def test_human_nhi_in_a_service(home, keys):
    key = keys.github()
    home.put(UNIT, unit(f"Environment=GITHUB_TOKEN={key}"))
    home.audit().expect("HUMAN-NHI", "medium", UNIT, key, "systemd",
                        "notes.service", key=key, slot="env.GITHUB_TOKEN",
                        fix="made for the machine", also={"SVC-ENV", AGE})
    home.put(UNIT, unit(f"Environment=KRYTON_TOKEN={keys.kryton()}"))
    assert home.checks == {"SVC-ENV", AGE}


def test_human_nhi_in_ci(home, keys):
    key = keys.github()
    path = f"{PROJECT}/.github/workflows/ci.yml"
    home.project()

    def put(value):
        home.put(path, f"on: push\nenv:\n  GITHUB_PAT: {value}\njobs: {{}}\n")
    put(key)
    home.audit().expect("HUMAN-NHI", "medium", path, key, "ci", None, key=key,
                        slot="env.GITHUB_PAT",
                        fix="made for the machine", also={AGE})
    put("${{ secrets.GITHUB_PAT }}")
    assert home.checks == set()


def test_human_nhi_of_a_machine_among_a_persons_files(home, keys):
    key = keys.runner()
    path = ".cursor/mcp.json"

    def put(value):
        home.put(path, servers(ci=local({"RUNNER_TOKEN": value})))
    put(key)
    home.audit().expect("HUMAN-NHI", "medium", path, key, "cursor", "ci",
                        key=key, slot="env.RUNNER_TOKEN",
                        fix="[Ss]ign in as yourself", also={"MCP-PLAIN", AGE})
    put(keys.github())
    assert home.checks == {"MCP-PLAIN", AGE}


@pytest.mark.parametrize("format", [plistlib.FMT_XML, plistlib.FMT_BINARY],
                         ids=["xml", "binary"])
def test_svc_keepalive_of_launchd(macos, format):
    def put(alive, program=GATEWAY):
        macos.put(JOB, plistlib.dumps(job(
            [program, "--stdio", "kataven-mcp", "--port", "8080"],
            KeepAlive=alive), fmt=format))
    put(True)
    audit = macos.audit()
    one = audit.only("SVC-KEEPALIVE")
    if format == plistlib.FMT_XML:
        line = macos.line(JOB, "<key>KeepAlive</key>")
        assert one["line"] in (line, line + 1)
    audit.expect("SVC-KEEPALIVE", "low", JOB, one["line"], "launchd",
                 "net.example.notes", fix="KeepAlive")
    put(False)
    assert macos.checks == set()
    # What is no way in may run for ever.
    put(True, KATAVEN)
    assert macos.checks == set()


@pytest.mark.parametrize("start", [
    f"{GATEWAY} --stdio kataven-mcp", "/usr/bin/ngrok start notes",
    "/usr/bin/mcpo --host 127.0.0.1 --cors-allow-origins https://example.org "
    "-- kataven-mcp"])
def test_svc_keepalive_of_systemd(home, start):
    home.put(UNIT, unit("Restart=always", start=start))
    home.audit().expect("SVC-KEEPALIVE", "low", UNIT, "Restart=", "systemd",
                        "notes.service", fix="Restart=no")
    for good in ("Restart=no", "Type=simple"):
        home.put(UNIT, unit(good, start=start))
        assert home.checks == set()


def test_svc_keepalive_of_what_ends_when_it_ends(home):
    home.put(UNIT, unit("Restart=on-failure",
                        start=f"{GATEWAY} --stdio kataven-mcp"))
    assert home.checks == set()


MCPO_ORIGIN = "--cors-allow-origins https://example.org -- kataven-mcp"


@pytest.mark.parametrize("start, fires", [
    (f"{GATEWAY} --stdio kataven-mcp --port 8080", True),
    ("/usr/bin/mcpo --host 0.0.0.0 " + MCPO_ORIGIN, True),
    ("/usr/bin/mcp-proxy --host 0.0.0.0 --port 8080 kataven-mcp", True),
    ("/usr/bin/mcp-proxy --host=0.0.0.0 kataven-mcp", True),
    ("/usr/bin/mcp-proxy --host :: kataven-mcp", True),
    ("/usr/bin/fastmcp run --host 0.0.0.0 server.py", True),
    ("/usr/bin/mcpo --host 127.0.0.1 " + MCPO_ORIGIN, False),
    ("/usr/bin/mcpo --host 0.0.0.0 --api-key $KEY " + MCPO_ORIGIN, False),
    ("/usr/bin/mcp-proxy --host localhost kataven-mcp", False),
    ("/usr/bin/fastmcp run --host 127.0.0.1 server.py", False),
    (f"{GATEWAY} --sse https://mcp.example.net/sse", False),
])
def test_bridge_open(home, keys, start, fires):
    line = f"Environment=KRYTON_TOKEN={keys.kryton()}"
    home.put(UNIT, unit(line, start=start))
    audit = home.audit()
    if fires:
        audit.expect("BRIDGE-OPEN", "high", UNIT, "ExecStart=", "systemd",
                     "notes.service", fix=r"127\.0\.0\.1",
                     also={"SVC-ENV", AGE})
    else:
        assert audit.checks == {"SVC-ENV", AGE}
    # Without a key there is nothing to use.
    home.put(UNIT, unit(start=start))
    assert home.checks == set()


def test_bridge_open_of_a_client(home, keys):
    path = ".cursor/mcp.json"

    def put(words):
        home.put(path, servers(notes=local(
            {"KRYTON_TOKEN": keys.kryton()}, package="supergateway@3.4.0",
            more=words)))
    put(["--stdio", "kryton-mcp"])
    home.audit().expect("BRIDGE-OPEN", "high", path, '"command"', "cursor",
                        "notes", fix=r"127\.0\.0\.1", also={"MCP-PLAIN", AGE})
    put(["--sse", "https://notes.example.net/sse"])
    assert home.checks == {"MCP-PLAIN", AGE}


def test_bridge_open_of_launchd(macos, keys):
    env = {"KATAVEN_API_KEY": keys.kataven()}
    macos.put(JOB, plistlib.dumps(job(
        [GATEWAY, "--stdio", "kataven-mcp", "--port", "8080"], env)))
    assert macos.checks == {"BRIDGE-OPEN", "SVC-ENV", AGE}


def test_bridge_open_of_the_inspector(home, keys):
    def put(bind):
        home.put(".cursor/mcp.json", servers(inspect=local(
            {"KRYTON_TOKEN": keys.kryton(),
             "DANGEROUSLY_BIND_ALL_INTERFACES": bind},
            package="@modelcontextprotocol/inspector@0.16.0")))
    put("true")
    assert home.checks == {"BRIDGE-OPEN", "MCP-PLAIN", AGE}
    put("false")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_bridge_open_with_a_key_by_reference(home):
    path = ".cursor/mcp.json"
    home.put(path, servers(notes=local(
        {"KRYTON_TOKEN": "${env:KRYTON_TOKEN}"},
        package="supergateway@3.4.0", more=["--stdio", "kryton-mcp"])))
    home.audit().expect("BRIDGE-OPEN", "high", path, '"command"', "cursor",
                        "notes", fix=r"127\.0\.0\.1")


@pytest.mark.parametrize("flags, fires", [
    ("--cors", True), ("--cors --port 8080", True),
    ("--cors https://example.org", False),
    ("--cors=https://example.org", False), ("", False)])
def test_bridge_cors(home, flags, fires):
    start = f"{GATEWAY} --stdio kataven-mcp {flags}".rstrip()
    home.put(UNIT, unit(start=start))
    audit = home.audit()
    if fires:
        audit.expect("BRIDGE-CORS", "medium", UNIT, "ExecStart=", "systemd",
                     "notes.service", fix="--cors https://")
    else:
        assert audit.checks == set()


NGROK = ".config/ngrok/ngrok.yml"
NGROK_2 = ('version: "2"\ntunnels:\n  notes:\n    proto: http\n'
           "    addr: {}\n")
NGROK_3 = ("version: 3\nagent:\n  log: stdout\nendpoints:\n  - name: notes\n"
           "    upstream:\n      url: {}\n")
POLICY = ("    traffic_policy:\n      on_http_request:\n        - actions:\n"
          "            - type: {}\n")


@pytest.mark.parametrize("text, line, good", [
    (NGROK_2.format(8080), 5, "    basic_auth:\n      - alex:@@\n"),
    (NGROK_2.format("localhost:8000"), 5, "    oauth:\n      provider: google"
     "\n"),
    (NGROK_3.format("http://localhost:8080"), 7, POLICY.format("oauth")),
    (NGROK_3.format("8080"), 7, POLICY.format("basic-auth")),
    (NGROK_3.format("8080"), 7, POLICY.format("jwt-validation")),
], ids=["2", "2 with a host", "3", "3 basic", "3 token"])
def test_tunnel_noauth_of_ngrok(home, text, line, good):
    home.put(NGROK, text)
    one = home.audit().expect("TUNNEL-NOAUTH", "high", NGROK, line, "ngrok",
                              fix="traffic policy|basic.auth|oauth")
    assert "ngrok" in one["message"]
    # The password of a guard is a reference here.
    home.put(NGROK, text + good.replace("@@", "${NGROK_PASSWORD}"))
    assert home.checks == set()
    # An action that asks nobody.
    if "endpoints" in text:
        home.put(NGROK, text + POLICY.format("add-headers"))
        assert home.checks == {"TUNNEL-NOAUTH"}


def test_tunnel_noauth_of_a_port_that_is_no_bridges(home):
    home.put(NGROK, NGROK_2.format(5173))
    assert home.checks == set()
    home.put(UNIT, unit(start=f"{GATEWAY} --stdio kataven-mcp --port 5173"))
    assert home.checks == {"TUNNEL-NOAUTH"}


CLOUDFLARED = ("tunnel: 0a1b2c3d-0000-4000-8000-000000000000\ningress:\n"
               "  - hostname: notes.example.net\n"
               "    service: http://localhost:8080\n{}"
               "  - service: http_status:404\n")
ACCESS = ("    originRequest:\n      access:\n        required: {}\n"
          "        teamName: acme\n")


def test_tunnel_noauth_of_cloudflared(home):
    path = ".cloudflared/config.yml"
    home.put(path, CLOUDFLARED.format(""))
    home.audit().expect("TUNNEL-NOAUTH", "high", path, 4, "cloudflared",
                        fix="Access")
    home.put(path, CLOUDFLARED.format(ACCESS.format("false")))
    assert home.checks == {"TUNNEL-NOAUTH"}
    home.put(path, CLOUDFLARED.format(ACCESS.format("true")))
    assert home.checks == set()


@pytest.mark.parametrize("start", [
    "/usr/bin/cloudflared tunnel --url http://localhost:8080",
    "/usr/bin/cloudflared tunnel --url http://localhost:5173",
    "/usr/bin/ngrok http 8080", "/usr/bin/lt --port 8080",
    "/usr/bin/tailscale funnel 8080"])
def test_tunnel_noauth_of_a_service(home, start):
    home.put(UNIT, unit(start=start))
    home.audit().expect("TUNNEL-NOAUTH", "high", UNIT, "ExecStart=",
                        "systemd", "notes.service", fix="policy|Access")


@pytest.mark.parametrize("start", [
    "/usr/bin/cloudflared tunnel run notes",
    "/usr/bin/ngrok http 8080 --oauth google",
    "/usr/bin/ngrok http --traffic-policy-file policy.yml 8080",
    "/usr/bin/tailscale serve 8080"])
def test_tunnel_with_auth_of_a_service(home, start):
    home.put(UNIT, unit(start=start))
    assert home.checks == set()


@pytest.mark.parametrize("format", [plistlib.FMT_XML, plistlib.FMT_BINARY],
                         ids=["xml", "binary"])
def test_tunnel_noauth_of_launchd(macos, format):
    def put(*words):
        macos.put(JOB, plistlib.dumps(
            job(["/opt/homebrew/bin/ngrok", "http", *words]), fmt=format))
    put("8080")
    assert macos.checks == {"TUNNEL-NOAUTH"}
    put("8080", "--basic-auth", "$NGROK_AUTH")
    assert macos.checks == set()


# Names.

@pytest.mark.parametrize("name", ["key1", "test", "new", "my-api-key", "token",
                                  "default", "API_KEY_2"])
def test_name_poor(home, keys, name):
    key = keys.kryton()
    path = ".cursor/mcp.json"

    def put(label):
        home.put(path, servers(notes={**notes(key), "label": label}))
    put(name)
    one = home.audit().expect("NAME-POOR", "low", path, key, "cursor",
                              "notes", key=key, fix="cursor-laptop",
                              also={"MCP-PLAIN", AGE})
    assert name in one["message"]
    put("cursor-laptop-readonly")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_name_mismatch(home, keys):
    key = keys.kryton()
    path = DESKTOP_LINUX

    def put(label):
        home.put(path, servers(notes={**notes(key), "label": label}))
    put("cursor-laptop-readonly")
    one = home.audit().expect("NAME-MISMATCH", "medium", path, key,
                              "claude-desktop", "notes", key=key,
                              fix="Claude Desktop", also={"MCP-PLAIN", AGE})
    assert "cursor-laptop-readonly" in one["message"]
    put("claude-desktop-laptop-readonly")
    assert home.checks == {"MCP-PLAIN", AGE}


def test_orphan_client(home, keys):
    key = keys.kryton()
    path = ".cursor/mcp.json"
    home.put(path, servers(notes=notes(key)))
    # A home folder alone says nothing of the programs around it.
    assert home.checks == {"MCP-PLAIN", AGE}
    home.put("usr/bin/vi", "", 0o755)
    home.audit().expect("ORPHAN-CLIENT", "medium", path, key, "cursor",
                        "notes", key=key, fix="[Rr]evoke.*delete",
                        also={"MCP-PLAIN", AGE})
    home.put("usr/bin/cursor", "", 0o755)
    assert home.checks == {"MCP-PLAIN", AGE}


def test_orphan_client_on_macos(macos, keys):
    macos.put(".cursor/mcp.json", servers(notes=notes(keys.kryton())))
    macos.folder("Applications/Safari.app")
    assert macos.checks == {"ORPHAN-CLIENT", "MCP-PLAIN", AGE}
    macos.folder("Applications/Cursor.app")
    assert macos.checks == {"MCP-PLAIN", AGE}


def test_orphan_client_without_a_key(home):
    home.put("usr/bin/vi", "", 0o755)
    home.put(".cursor/mcp.json", servers(notes=notes("${env:KRYTON_TOKEN}")))
    assert home.checks == set()


# Age.

def put_token(home, token):
    home.put(".cursor/mcp.json", karzoun(token))
    return ".cursor/mcp.json"


def test_age_n(home, keys):
    key = keys.dated(-91, 80)
    path = put_token(home, key)
    one = home.audit().expect("AGE-N", "medium", path, key, "cursor",
                              "karzoun", key=key,
                              slot="env.KARZOUN_APP_TOKEN", fix=".",
                              also={"MCP-PLAIN"})
    assert "91 days" in one["message"] and "90 days" in one["message"]
    put_token(home, keys.dated(-90, 80))
    assert home.checks == {"MCP-PLAIN"}


def supabase(keys, issued):
    return servers(base={"command": "/opt/base", "env": {
        "SUPABASE_SERVICE_ROLE_KEY": keys.dated(
            issued, 80, iss="supabase", ref=keys.pick("abcdefgh", 20),
            role="service_role")}})


@pytest.mark.parametrize("days, severity", [
    (61, {"high"}), (45, {"low", "medium"}), (29, set())])
def test_age_n_of_a_high_tier(home, keys, days, severity):
    home.put(".cursor/mcp.json", supabase(keys, -days))
    audit = home.audit()
    assert [f["rule"] for f in audit.findings] == ["supabase-service-role-jwt"]
    found = audit.of("AGE-N")
    assert len(found) == bool(severity)
    assert {one["severity"] for one in found} <= severity
    assert audit.checks == {"MCP-PLAIN"} | ({"AGE-N"} if severity else set())


def test_age_unknown(home, keys):
    key = keys.kryton()
    path = ".cursor/mcp.json"
    home.put(path, servers(notes=notes(key)))
    home.audit().expect(AGE, "info", path, key, "cursor", "notes", key=key,
                        fix="provider", also={"MCP-PLAIN"})
    put_token(home, keys.fresh())
    assert home.checks == {"MCP-PLAIN"}


@pytest.mark.parametrize("issued", [None, 2, -9000], ids=[
    "nothing", "in the future", "before there were any"])
def test_age_unknown_of_a_date_that_cannot_be(home, keys, issued):
    put_token(home, keys.dated(issued, 80))
    assert home.checks == {"MCP-PLAIN", AGE}


def test_no_expiry(home, keys):
    key = keys.dated(-10)
    path = put_token(home, key)
    home.audit().expect("NO-EXPIRY", "medium", path, key, "cursor", "karzoun",
                        key=key, slot="env.KARZOUN_APP_TOKEN", fix="issued",
                        also={"MCP-PLAIN"})
    put_token(home, keys.fresh())
    assert home.checks == {"MCP-PLAIN"}


@pytest.mark.parametrize("expires", [-1, 0])
def test_expired(home, keys, expires):
    key = keys.dated(-10, expires)
    path = put_token(home, key)
    home.audit().expect("EXPIRED", "low", path, key, "cursor", "karzoun",
                        key=key, slot="env.KARZOUN_APP_TOKEN",
                        fix="[Rr]emove", also={"MCP-PLAIN"})


@pytest.mark.parametrize("expires", [1, 14])
def test_exp_soon(home, keys, expires):
    key = keys.dated(-10, expires)
    path = put_token(home, key)
    one = home.audit().expect("EXP-SOON", "info", path, key, "cursor",
                              "karzoun", key=key,
                              slot="env.KARZOUN_APP_TOKEN", fix="next one",
                              also={"MCP-PLAIN"})
    assert f"{expires} day" in one["message"]
    put_token(home, keys.dated(-10, 15))
    assert home.checks == {"MCP-PLAIN"}


def test_expired_once_for_a_key_in_two_places(home, keys):
    key = keys.dated(-10, -1)
    put_token(home, key)
    home.put(DESKTOP_LINUX, karzoun(key))
    audit = home.audit()
    assert audit.checks == {"EXPIRED", "KEY-REUSE-CLIENT", "MCP-PLAIN"}
    assert len(audit.of("EXPIRED")) == 1


def test_no_check_is_left_out():
    table = (SOURCE / "src/audit/check_table.cc").read_text()
    ids = re.findall(r'^    \{"([A-Z-]+)"', table, re.MULTILINE)
    assert len(ids) > 40 and ids == sorted(set(ids))
    here = pathlib.Path(__file__).read_text()
    assert [one for one in ids if f'"{one}"' not in here] == []


# More forms of the same.

@pytest.mark.parametrize("host, fires", [("mcp.tavily.com", False),
                                         ("mcp.tavi1y.com", True),
                                         ("tavily.example.org", True)])
def test_key_host_mismatch_of_a_key_in_the_address(home, keys, host, fires):
    home.put(".cursor/mcp.json", servers(tavily={
        "url": f"https://{host}/mcp/?tavilyApiKey={keys.tavily()}"}))
    assert home.checks == {"MCP-PLAIN", "MCP-URLQ", AGE} | (
        {"KEY-HOST-MISMATCH"} if fires else set())


def test_key_host_mismatch_on_a_command_line(home, keys):
    def put(host):
        home.put(DESKTOP_LINUX, servers(brave=local(
            package="mcp-remote@0.1.29", more=[
                f"https://{host}/mcp", "--header",
                f"X-Brave-Api-Key: {keys.brave()}"])))
    put("brave.example.org")
    assert home.checks == {"MCP-PLAIN", "MCP-ARG", "KEY-HOST-MISMATCH", AGE}
    put("api.brave.com")
    assert home.checks == {"MCP-PLAIN", "MCP-ARG", AGE}


@pytest.mark.parametrize("host", ["192.168.1.5:8080", "10.0.0.7", "notes.lan"])
def test_url_plain_http_in_the_own_network(home, keys, host):
    home.put(".cursor/mcp.json", servers(notes=remote(
        keys.kryton(), f"http://{host}/api/mcp")))
    assert home.checks == {"MCP-PLAIN", "URL-PLAIN-HTTP", AGE}


@pytest.mark.parametrize("server", [
    local(package="mcp-remote@0.1.29",
          more=["https://a1b2.ngrok-free.app/mcp"]),
    local({"NOTES_URL": "https://a1b2.ngrok-free.app"}),
    {"url": "https://A1B2.NGROK-FREE.APP/mcp"},
], ids=["argument", "variable", "capitals"])
def test_url_private_wherever_it_stands(home, server):
    home.put(".cursor/mcp.json", servers(notes=server))
    assert home.checks == {"URL-PRIVATE"}


@pytest.mark.parametrize("host", ["ngrok.com", "docs.ngrok.com",
                                  "ngrok-free.app.example.org",
                                  "myngrok.io"])
def test_url_private_is_silent_beside(home, host):
    home.put(".cursor/mcp.json", servers(notes={"url": f"https://{host}/mcp"}))
    assert home.checks == set()


def test_pkg_unpinned_of_a_service(home):
    home.put(UNIT, unit(start=f"/usr/bin/npx -y {MEMORY}"))
    assert home.checks == {"PKG-UNPINNED", "PKG-AUTOYES"}
    home.put(UNIT, unit(start=f"/usr/bin/npx -y {MEMORY}@2025.8.4"))
    assert home.checks == set()


def test_auto_approve_write_of_a_project_of_claude_code(home):
    def put(tool):
        home.put(".claude.json", {"projects": {"/home/alex/x": {
            "allowedTools": [tool]}}})
    put("mcp__notes__create_note")
    assert home.checks == {"AUTO-APPROVE-WRITE"}
    put("mcp__notes__list_notes")
    assert home.checks == set()


def test_auto_approve_write_of_amazon_q(home):
    path = ".aws/amazonq/cli-agents/notes.json"

    def put(*tools):
        home.put(path, {"name": "notes", "tools": ["*"],
                        "allowedTools": ["fs_read", *tools]})
    put("@notes/create_note")
    home.audit().expect("AUTO-APPROVE-WRITE", "medium", path,
                        "@notes/create_note", "amazon-q", None,
                        fix="off the list")
    put("@notes/list_notes")
    assert home.checks == set()


@pytest.mark.parametrize("alive", [
    {"NetworkState": True}, {"SuccessfulExit": False}],
    ids=["while there is a network", "until it ends well"])
def test_svc_keepalive_with_conditions(macos, alive):
    macos.put(JOB, plistlib.dumps(job([GATEWAY, "--stdio", "kataven-mcp"],
                                      KeepAlive=alive)))
    assert macos.checks == set()


def test_several_lines_of_variables(home, keys):
    lines = [f"Environment=KRYTON_TOKEN={keys.kryton()}",
             f"Environment=KATAVEN_API_KEY={keys.kataven()}"]
    home.put(UNIT, unit(*lines))
    audit = home.audit()
    assert audit.checks == {"SVC-ENV", AGE}
    assert sorted(one["line"] for one in audit.of("SVC-ENV")) == [6, 7]


def test_a_command_on_several_lines(home):
    home.put(UNIT, unit(start=f"{GATEWAY} \\\n  --stdio kataven-mcp \\\n"
                        "  --cors"))
    assert home.checks == {"BRIDGE-CORS"}


def test_file_git_tracked_though_ignored(home, keys):
    home.project()
    git = Git(home)
    home.put(IN_PROJECT, karzoun(keys.fresh()))
    home.put(f"{PROJECT}/.gitignore", ".cursor/\n")
    git.commit(".cursor/mcp.json", ".gitignore")
    assert home.checks == {"FILE-GIT-TRACKED", "MCP-PLAIN",
                           "FILE-PROJECT-SCOPE"}


def test_file_git_ignored_everywhere(home, keys):
    home.project()
    Git(home)
    home.put(IN_PROJECT, karzoun(keys.fresh()))
    home.put(".config/git/ignore", "mcp.json\n")
    assert home.checks == {"MCP-PLAIN", "FILE-PROJECT-SCOPE"}


def test_file_git_tracked_in_another_worktree(home, keys):
    git = Git(home, "code/main")
    home.put("code/main/README", "")
    git.commit("README")
    git("worktree", "add", "-q", "../app")
    home.project()
    home.put(IN_PROJECT, karzoun(keys.fresh()))
    assert home.checks == {"FILE-GIT-NOTIGNORED", "MCP-PLAIN",
                           "FILE-PROJECT-SCOPE"}
    git("-C", "../app", "add", ".cursor/mcp.json")
    assert home.checks == {"FILE-GIT-TRACKED", "MCP-PLAIN",
                           "FILE-PROJECT-SCOPE"}


def test_shared_shell_of_a_key_that_a_client_has(home, keys):
    key = keys.brave()
    home.put(".zshrc", f"export BRAVE_KEY={key}\n")
    home.put(".cursor/mcp.json", servers(search=local({"BRAVE_KEY": key})))
    audit = home.audit()
    # A shell is no client: the one thing to do is to take it out of there.
    assert audit.checks == {"SHARED-SHELL", "MCP-PLAIN", AGE}
    assert len(audit.of("SHARED-SHELL")) == 1


@pytest.mark.parametrize("label", ["laptop", "cursor"])
def test_name_poor_of_a_name_without_parts(home, keys, label):
    home.put(".cursor/mcp.json", servers(notes={**notes(keys.kryton()),
                                                "label": label}))
    assert home.checks == {"NAME-POOR", "MCP-PLAIN", AGE}


def test_names_of_servers(home, keys):
    home.put(DESKTOP_LINUX, {"mcpServers": {"test1": notes(keys.kryton())}})
    assert home.checks == {"NAME-POOR", "MCP-PLAIN", AGE}
    home.put(DESKTOP_LINUX, {"mcpServers": {
        "cursor-notes": notes(keys.kryton())}})
    assert home.checks == {"NAME-MISMATCH", "MCP-PLAIN", AGE}
    home.put(DESKTOP_LINUX, {"mcpServers": {
        "notes-cursor": notes(keys.kryton())}})
    assert home.checks == {"MCP-PLAIN", AGE}
    # A server that holds no key has no name to speak of.
    home.put(DESKTOP_LINUX, {"mcpServers": {"test1": local()}})
    assert home.checks == set()


def test_backups_and_transcripts_share_nothing(home, keys):
    key = keys.fresh()
    home.put(".cursor/mcp.json", karzoun(key))
    home.put(".claude.json.backup", karzoun(key))
    home.put(".claude/projects/a/b.jsonl",
             json.dumps({"text": f"KARZOUN_APP_TOKEN={key}"}))
    assert home.checks == {"MCP-PLAIN", "FILE-BACKUP", "LOG-LEAK"}


def test_a_key_in_use_that_ended_counts_where_it_is_used(home, keys):
    # What only transcripts and backups hold is not configured.
    key = keys.dated(-200, -1)
    home.put(".claude/projects/a/b.jsonl",
             json.dumps({"text": f"KARZOUN_APP_TOKEN={key}"}))
    assert home.checks == {"LOG-LEAK"}


def test_a_file_with_several_keys_is_one_violation(home, keys):
    home.project()
    git = Git(home)
    home.put(IN_PROJECT, servers(
        notes=local({"KARZOUN_APP_TOKEN": keys.fresh()}),
        files=local({"KARZOUN_APP_TOKEN": keys.fresh()},
                    package=f"{MEMORY}@1.0.0")), 0o644)
    git.commit(".cursor/mcp.json")
    audit = home.audit()
    assert audit.checks == {"FILE-GIT-TRACKED", "FILE-PERM", "MCP-PLAIN",
                            "FILE-PROJECT-SCOPE"}
    for check in ("FILE-GIT-TRACKED", "FILE-PERM"):
        assert "2 keys" in audit.only(check)["message"]
    # A key of its own each.
    for check in ("MCP-PLAIN", "FILE-PROJECT-SCOPE"):
        assert len(audit.of(check)) == 2
        assert len({one["finding"] for one in audit.of(check)}) == 2


def test_a_broken_file_is_no_reason_to_be_silent(home, keys):
    """Half a file is scanned as text: what is left to say is said."""
    key = keys.fresh()
    home.put(".cursor/mcp.json",
             f'{{"mcpServers": {{"karzoun": {{"env": {{'
             f'"KARZOUN_APP_TOKEN": "{key}"', 0o644)
    assert {"MCP-PLAIN", "FILE-PERM"} <= home.checks


@pytest.mark.parametrize("check, path, content, platform", [
    ("SVC-ENV", UNIT, unit("Environment=KRYTON_TOKEN=@@"), "linux"),
    ("SVC-ENV", JOB, plistlib.dumps(job(
        [KATAVEN], {"KRYTON_TOKEN": "@@"})).decode(), "macos"),
    ("MCP-REFDIALECT", DESKTOP_LINUX, json.dumps(servers(
        notes=notes("${KRYTON_TOKEN}"))), "linux"),
    ("MCP-PLAIN", DESKTOP_LINUX, json.dumps(servers(notes=notes("@@"))),
     "linux"),
    ("SHARED-SHELL", ".bashrc", "export KRYTON_TOKEN=@@\n", "linux"),
], ids=["systemd", "launchd", "reference", "literal", "shell"])
def test_a_fix_speaks_of_the_variable(scene, keys, check, path, content,
                                      platform):
    """NAME stands for it in the advice of a client's file."""
    home = Home(scene, platform)
    home.put(path, content.replace("@@", keys.kryton()))
    assert not re.search(r"\bNAME\b", home.audit().only(check)["fix"])


def test_a_violation_and_its_finding_name_the_same_program(macos, keys):
    macos.project()
    macos.put(".bash_history", f"export KRYTON_TOKEN={keys.kryton()}\n")
    macos.put(f"{PROJECT}/.env", f"KRYTON_TOKEN={keys.kryton()}\n", 0o644)
    macos.put("Library/LaunchDaemons/notes.plist", plistlib.dumps(job(
        [KATAVEN], {"KRYTON_TOKEN": keys.kryton()}, Label="notes")), 0o644)
    audit = macos.audit()
    names = {finding["id"]: {place["client"]["name"]
                             for place in finding["occurrences"]}
             for finding in audit.findings}
    assert len(names) == 3
    for one in audit.violations:
        assert one["client"]["name"] in names[one["finding"]], one


def test_key_reuse_client_whatever_tells_what_the_key_is(home, keys):
    # One place says whose it is, the other that it is a secret.
    key = keys.corcava()
    home.put(".cursor/mcp.json", servers(corcava={
        "url": "https://mcp.corcava.com",
        "headers": {"Authorization": f"Bearer {key}"}}))
    home.put(DESKTOP_LINUX, servers(acme=local({"ACME_TOKEN": key})))
    assert home.checks == {"KEY-REUSE-CLIENT", "KEY-REUSE-SERVER",
                           "MCP-PLAIN", AGE}


def test_mcp_refdefault_that_is_not_even_replaced(home, keys):
    home.put(".cursor/mcp.json", servers(
        notes=notes(f"${{KRYTON_TOKEN:-{keys.kryton()}}}")))
    assert home.checks == {"MCP-REFDEFAULT", "MCP-REFDIALECT", AGE}


def test_pkg_unpinned_that_gets_a_key_by_reference(home):
    path = ".cursor/mcp.json"
    home.put(path, servers(notes=started(
        ["npx", "@azrtydxb/kryton-mcp"],
        {"KRYTON_TOKEN": "${env:KRYTON_TOKEN}"})))
    home.audit().expect("PKG-UNPINNED", "high", path, '"command"', "cursor",
                        "notes", fix="@azrtydxb/kryton-mcp@")


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_lines_are_those_of_the_file(home, keys, newline):
    key = keys.kryton()
    text = "\ufeff" + newline.join([
        "// servers", "{", '  "mcpServers": { /* one', '  */ "notes": {',
        '    "command": "notes-mcp",', '    "env": {',
        f'      "KRYTON_TOKEN": "{key}",', "    },", "  },", "  },", "}", ""])
    home.put(".cursor/mcp.json", text)
    home.audit().expect("MCP-PLAIN", "high", ".cursor/mcp.json", 7, "cursor",
                        "notes", key=key, slot="env.KRYTON_TOKEN",
                        fix=r"\$\{env:KRYTON_TOKEN\}", also={AGE})


def test_the_last_of_two_members_of_a_name_counts(home, keys):
    key = keys.kryton()
    home.put(".claude.json",
             '{"mcpServers": {"notes": {"command": "notes-mcp",\n'
             '"env": {"KRYTON_TOKEN": "${KRYTON_TOKEN}",\n'
             f'"KRYTON_TOKEN": "{key}"}}}}}}}}\n')
    home.audit().expect("MCP-PLAIN", "high", ".claude.json", 3, "claude-code",
                        "notes", key=key, fix=r"\$\{KRYTON_TOKEN\}",
                        also={AGE})
