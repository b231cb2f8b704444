# SPDX-License-Identifier: Apache-2.0
"""Home folders for the scenes of an audit: every client's files, as each
client writes them, below one folder.

A file is written in one of two forms. "bad": exactly one key stands in it in
clear, where keys of that client mostly stand. "good": the same file without
one. A reference in the client's own dialect takes its place, a field that
names the variable, a start by `op run`, or a remote server that signs in by
itself; a file that is there for credentials alone is left out.

What would stand at "/" stands below the same folder, as in a copy of a home.
"""

import base64
import dataclasses
import hashlib
import json
import os
import pathlib
import plistlib
import re
import sqlite3
import string
import subprocess

from scene import ALNUM, BASE64URL, HEX, Keys, Report

PLATFORMS = ["linux", "macos", "windows"]
FORMS = ["good", "bad"]
PROJECT = "code/app"
# Where a desktop program keeps its settings.
APP = {"linux": ".config", "macos": "Library/Application Support",
       "windows": "AppData/Roaming"}
ACCOUNT = "alex@example.com"
SIGN_IN = {"linear": {"url": "https://mcp.linear.app/mcp"}}


@dataclasses.dataclass(frozen=True)
class Plant:
    """A key in clear. `server` is "" outside of servers; `coding` is how the
    bytes of the file hold it."""
    path: str
    client: str
    server: str
    slot: str
    kind: str
    value: str
    coding: str = "plain"


@dataclasses.dataclass
class Home:
    root: pathlib.Path
    platform: str
    seed: str
    plants: list = dataclasses.field(default_factory=list)

    @property
    def project(self):
        return self.root / PROJECT

    def plants_of(self, client_id):
        return [plant for plant in self.plants if plant.client == client_id]


class Tokens(Keys):
    """Further kinds, in the shapes of patterns/rules."""

    def anthropic(self):
        return "sk-ant-api03-" + self.pick(BASE64URL, 93) + "AA"

    def anthropic_sign_in(self):
        return "sk-ant-oat01-" + self.pick(BASE64URL, 95)

    def openai(self):
        return ("sk-proj-" + self.pick(BASE64URL, 74) + "T3BlbkFJ"
                + self.pick(BASE64URL, 74))

    def brave(self):
        return "BSA" + self.pick(ALNUM, 28)

    def figma(self):
        return "figd_" + self.pick(ALNUM, 40)

    def github_sign_in(self):
        return "gho_" + self.github()[4:]

    def huggingface(self):
        return "hf_" + self.pick(string.ascii_letters, 34)

    def tavily(self):
        return "tvly-" + self.pick(ALNUM, 32)

    def jwt(self):
        return self.karzoun()

    def opaque(self):
        """Of no known shape: only its name tells."""
        return self.pick(HEX, 40)


class Writing:
    """One file while it is made."""

    def __init__(self, home, client, path, form):
        self.home = home
        self.client = client
        self.path = path
        self.bad = form == "bad"
        self.coding = "plain"
        self.tokens = Tokens(f"{home.seed} {home.platform} {client} {path}")

    def key(self, kind, slot, server=""):
        value = self.tokens.of(kind)
        self.home.plants.append(Plant(self.path, self.client, server, slot,
                                      kind, value, self.coding))
        return value


# Servers as all clients have them; a Shape makes them one client's own.

@dataclasses.dataclass(frozen=True)
class Service:
    """A server that wants a key: how it is started, or reached."""
    variable: str
    command: tuple = ()
    url: str = ""
    header: tuple = ("Authorization", "Bearer ")
    option: str = ""
    query: str = ""
    settings: tuple = ()


_IMAGE = "ghcr.io/github/github-mcp-server@sha256:" + hashlib.sha256(
    b"an image").hexdigest()
SERVICES = {
    "kataven": Service("KATAVEN_API_KEY", ("kataven-mcp",)),
    "karzoun": Service(
        "KARZOUN_APP_TOKEN", ("npx", "-y", "@karzounchat/mcp-server@1.0.0"),
        "https://acme.api.karzoun.chat/mcp", ("x-app-token", ""),
        settings=(("KARZOUN_API_URL",
                   "https://acme.api.karzoun.chat/graphql"),)),
    "konstantly": Service(
        "KONSTANTLY_MCP_KEY", ("npx", "-y", "@konstantly/mcp-server@0.2.0"),
        settings=(("KONSTANTLY_URL", "https://acme.konstantly.com"),)),
    "corcava": Service("CORCAVA_API_KEY", url="https://mcp.corcava.com"),
    "kryton": Service(
        "KRYTON_TOKEN", ("npx", "-y", "@azrtydxb/kryton-mcp@0.2.0"),
        "https://notes.example.net/api/mcp",
        settings=(("KRYTON_URL", "https://notes.example.net"),)),
    "github": Service(
        "GITHUB_PERSONAL_ACCESS_TOKEN",
        ("docker", "run", "-i", "--rm", "-e", "GITHUB_PERSONAL_ACCESS_TOKEN",
         _IMAGE), "https://api.githubcopilot.com/mcp/"),
    "brave": Service("BRAVE_API_KEY",
                     ("npx", "-y", "@brave/brave-search-mcp-server@2.0.10")),
    "figma": Service("FIGMA_API_KEY",
                     ("npx", "-y", "figma-developer-mcp@0.6.4", "--stdio"),
                     option="--figma-api-key"),
    "tavily": Service("TAVILY_API_KEY", ("npx", "-y", "tavily-mcp@0.2.9"),
                      "https://mcp.tavily.com/mcp/", query="tavilyApiKey"),
}
# Stands beside every other one, and holds nothing.
_PLAIN = {"command": "npx", "args": [
    "-y", "@modelcontextprotocol/server-memory@2025.8.4"]}


@dataclasses.dataclass(frozen=True)
class Shape:
    """How a client names the fields of a server, and what it adds."""
    names: dict = dataclasses.field(default_factory=dict)
    local: dict = dataclasses.field(default_factory=dict)
    remote: dict = dataclasses.field(default_factory=dict)
    argv: bool = False     # the command is one list
    names_in: bool = False  # servers are a list and have names

    def make(self, server):
        server = dict(server)
        added = self.remote if "url" in server else self.local
        if self.argv and "command" in server:
            server["command"] = [server["command"], *server.pop("args", [])]
        return {**added, **{self.names.get(name, name): value
                            for name, value in server.items()}}


def _local(service, env=None, more=()):
    command, *arguments = service.command
    server = {"command": command}
    if arguments or more:
        server["args"] = [*arguments, *more]
    env = {**dict(service.settings), **(env or {})}
    return {**server, "env": env} if env else server


def _remote(service, value):
    name, before = service.header
    return {"url": service.url, "headers": {name: before + value}}


def _bad_server(writing, shape, name, place):
    service = SERVICES[name]

    def key(slot):
        return writing.key(name, slot, name)
    if place == "env":
        return _local(service, {service.variable:
                                key(f"env.{service.variable}")})
    if place == "header":
        return _remote(service, key(f"headers.{service.header[0]}"))
    if place == "query":
        value = key(shape.names.get("url", "url"))
        return {"url": f"{service.url}?{service.query}={value}"}
    assert place == "arg"
    count = len(service.command)
    slot = f"command[{count + 1}]" if shape.argv else f"args[{count}]"
    return _local(service, more=[service.option, key(slot)])


def _good_server(name, place, dialect):
    """None: the client has nothing that could stand in place of the key."""
    service = SERVICES[name]
    if dialect.startswith("="):
        # A field that names the variable, or (with []) a list of such names.
        field = dialect.lstrip("=[]")
        names = [service.variable] if "[]" in dialect else service.variable
        if place == "env":
            return {**_local(service), field: names}
        return {"url": service.url, field: names}
    if dialect:
        value = dialect.replace("NAME", service.variable)
        if place == "env":
            return _local(service, {service.variable: value})
        if place == "header":
            return _remote(service, value)
        if place == "query":
            return {"url": f"{service.url}?{service.query}={value}"}
        return _local(service, more=[service.option, value])
    if place in ("header", "query"):
        return None
    started = _local(service, {
        service.variable: f"op://Private/{name}/credential"})
    return {**started, "command": "op", "args": [
        "run", "--no-masking", "--", started["command"],
        *started.get("args", [])]}


# Formats.

def _json(document):
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _jsonc(document):
    text = json.dumps(document, indent=2, ensure_ascii=False)
    assert text.endswith("\n}")
    return ("// Settings: see https://example.com/help\n"
            "{\n  /* \"servers\", and all else */"
            + text[1:-2] + ",\n}\n")


def _yaml_scalar(value):
    if not isinstance(value, str):
        return json.dumps(value)
    plain = (re.fullmatch(r"[A-Za-z~/][\w~./@+:=-]*(?<!:)", value)
             and value.lower() not in ("true", "false", "null", "yes", "no",
                                       "on", "off", "y", "n", "~"))
    return value if plain else json.dumps(value)


def _yaml_lines(value):
    if isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)) and item:
                first, *rest = _yaml_lines(item)
                yield "- " + first
                yield from ("  " + line for line in rest)
            else:
                yield "- " + _yaml_scalar(item)
        return
    for name, inner in value.items():
        if isinstance(inner, (dict, list)) and inner:
            yield f"{_yaml_scalar(name)}:"
            yield from ("  " + line for line in _yaml_lines(inner))
        else:
            yield f"{_yaml_scalar(name)}: {_yaml_scalar(inner)}"


def _yaml(document):
    return "# written by hand\n" + "\n".join(_yaml_lines(document)) + "\n"


# Written in the line of their table, as people do.
_INLINE = ("http_headers", "env_http_headers", "headers")


def _toml_name(name):
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name)


def _toml_value(value):
    if isinstance(value, dict):
        inner = ", ".join(f"{_toml_name(name)} = {_toml_value(one)}"
                          for name, one in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml_value, value))}]"
    return json.dumps(value)


def _toml_lines(table, path=(), listed=False):
    below = {}
    lines = []
    for name, value in table.items():
        tables = (isinstance(value, list) and value
                  and isinstance(value[0], dict))
        if tables or isinstance(value, dict) and name not in _INLINE:
            below[name] = value
        else:
            lines.append(f"{_toml_name(name)} = {_toml_value(value)}")
    dotted = ".".join(map(_toml_name, path))
    if listed:
        yield f"\n[[{dotted}]]"
    elif path and (lines or not below):
        yield f"\n[{dotted}]"
    yield from lines
    for name, value in below.items():
        many = isinstance(value, list)
        for one in value if many else [value]:
            yield from _toml_lines(one, (*path, name), many)


def _toml(document):
    return "# settings\n" + "\n".join(_toml_lines(document)) + "\n"


def _dotenv(document):
    return "# variables\n" + "".join(
        f"{'export ' if i == 0 else ''}{name}={value}\n"
        for i, (name, value) in enumerate(document.items()))


def _plist(document):
    return plistlib.dumps(document).decode()


EMIT = {"json": _json, "jsonc": _jsonc, "yaml": _yaml, "toml": _toml,
        "dotenv": _dotenv, "plist": _plist}


def _copy(value):
    if isinstance(value, dict):
        return {name: _copy(one) for name, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _around(around, writing):
    return _copy(around(writing) if callable(around) else around)


# Writers: of a Writing the text or the bytes, or None for no file.

@dataclasses.dataclass(frozen=True)
class Servers:
    """A file with a table of servers at `table`."""
    service: str
    place: str  # env, header, arg, query
    format: str = "json"
    table: tuple = ("mcpServers",)
    shape: Shape = Shape()
    dialect: str = ""  # with NAME for the variable; or =field, =[]field
    around: object = dataclasses.field(default_factory=dict)

    def __call__(self, writing):
        servers = {self.service: _bad_server(writing, self.shape, self.service,
                                             self.place)
                   if writing.bad else
                   _good_server(self.service, self.place, self.dialect)}
        if servers[self.service] is None:
            servers = SIGN_IN
        servers = {name: self.shape.make(server) for name, server in
                   {"memory": _PLAIN, **servers}.items()}
        document = _around(self.around, writing)
        at = document
        for name in self.table[:-1]:
            at = at.setdefault(name, {})
        if self.dialect.startswith("${input:"):
            at["inputs"] = [] if writing.bad else [
                {"type": "promptString", "id": SERVICES[self.service].variable,
                 "description": "Key", "password": True}]
        if self.shape.names_in:
            servers = [{"name": name, **server}
                       for name, server in servers.items()]
        if self.table:
            at[self.table[-1]] = servers
        else:
            document.update(servers)
        return EMIT[self.format](document)


@dataclasses.dataclass(frozen=True)
class Setting:
    """A file with one secret at `pointer`. It is outside of servers, unless
    `server` and `slot` say which one's it is."""
    kind: str
    pointer: tuple
    format: str = "json"
    good: object = None  # takes its place; None: no file; "": left out
    around: object = dataclasses.field(default_factory=dict)
    server: str = ""
    slot: str = ""

    def __call__(self, writing):
        if not writing.bad and self.good is None:
            return None
        document = _around(self.around, writing)
        *above, last = self.pointer
        at = document
        for here in above:
            at = at[here] if isinstance(here, int) else at.setdefault(here, {})
        slot = self.slot or ".".join(map(str, self.pointer))
        if self.format == "dotenv":
            slot = "env." + slot
        if writing.bad:
            at[last] = writing.key(self.kind, slot, self.server)
        elif self.good:
            at[last] = self.good
        return EMIT[self.format](document)


def _crushrc(writing):
    value = (writing.key("corcava", "") if writing.bad
             else "$(op read op://Private/corcava/credential)")
    return ("# started by crush\nexport CRUSH_DISABLE_METRICS=1\n"
            "mcp add corcava --url https://mcp.corcava.com "
            f"--header \"Authorization: Bearer {value}\"\n")


def _continue_ts(writing):
    value = (f'"{writing.key("anthropic", "")}"' if writing.bad
             else "process.env.ANTHROPIC_API_KEY")
    return ("export function modifyConfig(config: Config): Config {\n"
            "  config.models.push({\n    title: \"Claude\",\n"
            f"    provider: \"anthropic\",\n    apiKey: {value},\n  }});\n"
            "  return config;\n}\n")


def _managed_codex(writing):
    writing.coding = "base64"
    text = _CODEX_MANAGED(writing)
    return _plist({"config_toml_base64":
                   base64.b64encode(text.encode()).decode()})


def _extension_settings(writing):
    value = (writing.key("kryton", "userConfig.api_key") if writing.bad else
             "__encrypted__:" + base64.b64encode(
                 b"v10" + writing.tokens.pick(ALNUM, 45).encode()).decode())
    return _json({"isEnabled": True, "userConfig": {
        "api_key": value, "vault": "/Users/alex/notes"}})


def _database(table, rows):
    database = sqlite3.connect(":memory:")
    names = table[table.index("(") + 1:-1].split(", ")
    database.execute(f"CREATE TABLE {table}")
    database.executemany(
        f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)
    database.commit()
    return database.serialize()


def _cursor_state(writing):
    if not writing.bad:
        return None
    return _database("ItemTable(key, value)", [
        ("cursorAuth/cachedEmail", ACCOUNT),
        ("cursorAuth/accessToken", writing.key("jwt", ""))])


def _open_webui(writing):
    key = writing.key("kryton", "") if writing.bad else ""
    return _database("config(id, data)", [(1, json.dumps({"tool_server": {
        "connections": [{"url": SERVICES["kryton"].url, "key": key,
                         "auth_type": "bearer" if key else "oauth"}]}}))])


def _huggingface(writing):
    return writing.key("huggingface", "") if writing.bad else None


def _cherry_studio(writing):
    """A log of LevelDB: a record's header, and JSON of one byte a letter."""
    provider = {"id": "openai", "apiKey": "", "enabled": True}
    if writing.bad:
        provider["apiKey"] = writing.key("openai", "")
    inner = json.dumps({"providers": [provider]})
    state = json.dumps({"llm": inner, "_persist": '{"version":140}'})
    record = (b"\x01\0\0\0\0\0\0\0\x01\0\0\0\x01\x19_file://\0\x01"
              b"persist:cherry-studio" + b"\x01" + state.encode())
    return b"\x5a\x17\x88\x0c" + len(record).to_bytes(2, "little") + (
        b"\x01" + record)


# Clients. Paths, divided by " | ", are below the home, or with "P/" below the
# project; {app} stands for APP; "macos+linux:" before one: there alone.

CLIENTS = {}


def _add(client, writers):
    for paths, writer in writers.items():
        for path in paths.split(" | "):
            platforms, colon, rest = path.partition(":")
            names = platforms.split("+") if colon else PLATFORMS
            target = rest if colon else path
            if target.startswith("P/"):
                target = PROJECT + target[1:]
            for platform in names:
                place = target.replace("{app}", APP[platform])
                CLIENTS.setdefault(client, []).append(
                    (platform, place, writer))


_SETTINGS = {"editor.fontSize": 13, "telemetry.telemetryLevel": "off",
             "files.exclude": {"**/.git": True}}
_HTTP = Shape(remote={"type": "http"}, local={"type": "stdio"})
_SERVER_URL = Shape(names={"url": "serverUrl"})
_HTTP_URL = Shape(names={"url": "httpUrl"})
_OPENCODE = Shape(names={"env": "environment"}, argv=True,
                  local={"type": "local", "enabled": True},
                  remote={"type": "remote", "enabled": True})
_GOOSE = Shape(names={"command": "cmd", "env": "envs", "url": "uri"},
               local={"type": "stdio", "enabled": True, "timeout": 300},
               remote={"type": "streamable_http", "enabled": True})
_LISTED = Shape(names_in=True)
_STREAM = Shape(remote={"type": "streamable"})
_TOOLS = Shape(local={"type": "local", "tools": ["read_graph"]},
               remote={"type": "http", "tools": ["list_issues"]})


def _vscode(service="kryton", place="header", table=("servers",), **more):
    return Servers(service, place, "jsonc", table, _HTTP,
                   "${input:NAME}", **more)


def _kilo(service, place):
    return Servers(service, place, "jsonc", ("mcp",), _OPENCODE, "{env:NAME}",
                   {"permission": {"bash": "ask"}})


def _zed(service="kryton", place="env"):
    return Servers(service, place, "jsonc", ("context_servers",), around={
        "theme": "One Dark", "buffer_font_size": 14,
        "agent": {"default_profile": "ask"}})


def _gemini(service="kryton", place="header", shape=_HTTP_URL):
    return Servers(service, place, shape=shape, dialect="${NAME}", around={
        "ui": {"theme": "GitHub"}, "security": {"auth": {
            "selectedType": "oauth-personal"}}})


def _sign_in(pointer=("access_token",), kind="jwt", around=None):
    """What a client keeps when someone signed in to it. Of the tokens that
    stand there only one, as in all files."""
    return Setting(kind, pointer, around=around or {
        "token_type": "Bearer", "scope": "openid",
        "expiry_date": 1790000000000})


def _variables(name, kind="anthropic", good=None):
    return Setting(kind, (name,), "dotenv", good, {"LOG_LEVEL": "info"})


def _claude_code(writing):
    project = str(writing.home.project)
    return {"numStartups": 184, "autoUpdates": False, "projects": {project: {
        "allowedTools": [], "mcpServers": {}, "enabledMcpjsonServers": [],
        "hasTrustDialogAccepted": True}}, "oauthAccount": {
            "emailAddress": ACCOUNT}}


def _codex(writing):
    store = "file" if writing.bad else "keyring"
    return {"model": "gpt-5.1-codex", "cli_auth_credentials_store": store,
            "projects": {str(writing.home.project): {
                "trust_level": "trusted"}}}


_CODEX = Servers("kryton", "header", "toml", ("mcp_servers",),
                 Shape(names={"headers": "http_headers"}),
                 "=bearer_token_env_var", _codex)
_CODEX_MANAGED = dataclasses.replace(_CODEX, around={
    "sandbox_mode": "workspace-write"})
_CODEX_PROJECT = dataclasses.replace(
    _CODEX, service="konstantly", place="env", dialect="=[]env_vars",
    around={"model_reasoning_effort": "high"})

_add("claude-desktop", {
    "{app}/Claude/claude_desktop_config.json | "
    "linux:.config/claude/claude_desktop_config.json | "
    "windows:AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/"
    "Claude/claude_desktop_config.json":
        Servers("konstantly", "env", around={
            "globalShortcut": "", "preferences": {"menuBarEnabled": True}}),
    "macos+windows:{app}/Claude/Claude Extensions Settings/"
    "local.mcpb.acme.notes.json": _extension_settings,
    "macos+windows:{app}/Claude/Claude Extensions/local.mcpb.acme.notes/"
    "manifest.json":
        Setting("kryton", ("server", "mcp_config", "env", "KRYTON_TOKEN"),
                server="mcp_config", slot="env.KRYTON_TOKEN",
                good="${user_config.api_key}", around={
                    "manifest_version": "0.2", "name": "notes",
                    "server": {"type": "node", "mcp_config": {
                        "command": "node", "args": ["${__dirname}/main.js"]}},
                    "user_config": {"api_key": {"type": "string",
                                                "sensitive": True}}}),
    "macos:Library/Application Support/Claude-3p/configLibrary/gateway.json | "
    "windows:AppData/Local/Claude-3p/configLibrary/gateway.json":
        Setting("opaque", ("inferenceGatewayApiKey",), good="", around={
            "inferenceProvider": "gateway",
            "inferenceGatewayBaseUrl": "https://llm.example.net"}),
})
_add("claude-code", {
    ".claude.json | .claude-work/.claude.json":
        Servers("kryton", "header", shape=_HTTP, dialect="${NAME}",
                around=_claude_code),
    ".claude/settings.json":
        Setting("anthropic", ("env", "ANTHROPIC_API_KEY"), good="", around={
            "env": {"DISABLE_TELEMETRY": "1"},
            "permissions": {"allow": ["Bash(make:*)"], "deny": []}}),
    ".claude/settings.local.json":
        Setting("opaque", ("env", "ANTHROPIC_AUTH_TOKEN"), good="",
                around={"env": {"ANTHROPIC_BASE_URL":
                                "https://llm.example.net"}}),
    # A leftover where the keychain holds it.
    ".claude/.credentials.json":
        _sign_in(("claudeAiOauth", "accessToken"), "anthropic_sign_in", {
            "claudeAiOauth": {"expiresAt": 1790000000000,
                              "scopes": ["user:inference"],
                              "subscriptionType": "pro"}}),
    ".claude/plugins/cache/acme/notes/1.2.0/.mcp.json | "
    ".claude/plugins/repos/acme/notes/.mcp.json":
        Servers("kryton", "env", table=(), dialect="${NAME}"),
    ".claude/plugins/cache/acme/search/2.0.0/.claude-plugin/plugin.json":
        Servers("brave", "env", dialect="${NAME}", around={
            "name": "search", "version": "2.0.0"}),
    "P/.mcp.json": Servers("karzoun", "env", dialect="${NAME}"),
    "P/.claude/settings.json":
        Setting("openai", ("env", "OPENAI_API_KEY"), good="", around={
            "env": {"CI": "false"}, "enableAllProjectMcpServers": False}),
    "P/.claude/settings.local.json":
        Setting("anthropic", ("env", "ANTHROPIC_API_KEY"), good="", around={
            "permissions": {"allow": ["Bash(npm test)"]}}),
    "macos:Library/Application Support/ClaudeCode/managed-mcp.json | "
    "linux:etc/claude-code/managed-mcp.json | "
    "windows:Program Files/ClaudeCode/managed-mcp.json":
        Servers("corcava", "header", shape=_HTTP, dialect="${NAME}"),
    "macos:Library/Application Support/ClaudeCode/managed-settings.json | "
    "linux:etc/claude-code/managed-settings.json | "
    "windows:Program Files/ClaudeCode/managed-settings.json":
        Setting("anthropic", ("env", "ANTHROPIC_API_KEY"), good="",
                around={"apiKeyHelper": "/usr/local/bin/model-key"}),
})
_add("cursor", {
    ".cursor/mcp.json": Servers("corcava", "header", dialect="${env:NAME}"),
    ".cursor/plugins/cache/acme/notes/mcp.json | "
    ".cursor/plugins/local/notes/.mcp.json | {app}/Cursor/User/mcp.json | "
    "{app}/Cursor/User/globalStorage/cursor.mcp/mcp.json":
        Servers("kryton", "header", dialect="${env:NAME}"),
    ".cursor/plugins/cache/acme/search/.cursor-plugin/plugin.json":
        Servers("brave", "env", dialect="${env:NAME}",
                around={"name": "search", "version": "2.0.0"}),
    "{app}/Cursor/User/settings.json":
        Setting("openai", ("cursor.general.openAIAPIKey",), "jsonc", "",
                _SETTINGS),
    "{app}/Cursor/User/globalStorage/state.vscdb": _cursor_state,
    "P/.cursor/mcp.json": Servers("karzoun", "env", dialect="${env:NAME}"),
})
_add("windsurf", {
    ".codeium/windsurf/mcp_config.json | "
    ".codeium/windsurf-next/mcp_config.json | "
    "windows:{app}/Codeium/windsurf/mcp_config.json":
        Servers("kryton", "header", shape=_SERVER_URL, dialect="${env:NAME}"),
    ".codeium/mcp_config.json | .windsurf/mcp_config.json":
        Servers("karzoun", "env", dialect="${env:NAME}"),
    "P/.windsurf/mcp.json":
        Servers("tavily", "query", shape=_SERVER_URL, dialect="${env:NAME}"),
})
_add("vscode", {
    "{app}/Code/User/mcp.json | .vscode/mcp.json | "
    "linux:.vscode-server/data/User/mcp.json": _vscode(),
    "{app}/Code/User/profiles/-1a2b3c4d/mcp.json": _vscode("github", "env"),
    "{app}/Code/User/settings.json":
        _vscode("kryton", "header", ("mcp", "servers"), around=_SETTINGS),
    "P/.vscode/mcp.json": _vscode("corcava"),
    "P/.vscode/settings.json":
        Servers("konstantly", "env", "jsonc", ("mcp.servers",), _HTTP,
                "${env:NAME}", _SETTINGS),
    "P/.devcontainer/devcontainer.json | P/.devcontainer.json":
        Servers("github", "env", "jsonc",
                ("customizations", "vscode", "mcp", "servers"), _HTTP,
                "${env:NAME}", {"name": "app", "image": "debian:12"}),
    "P/app.code-workspace":
        _vscode("kryton", "header", ("settings", "mcp", "servers"),
                around={"folders": [{"path": "."}]}),
})
_add("vscode-insiders", {
    "{app}/Code - Insiders/User/mcp.json": _vscode("github", "header"),
    "{app}/Code - Insiders/User/settings.json":
        Setting("github", ("github.copilot.advanced", "apiKey"), "jsonc", "",
                _SETTINGS)})
_add("vscodium", {
    "{app}/VSCodium/User/mcp.json": _vscode(),
    "{app}/VSCodium/User/settings.json":
        _vscode("kryton", "header", ("mcp", "servers"), around=_SETTINGS)})
_add("copilot-cli", {
    ".copilot/mcp-config.json": Servers("kryton", "header", shape=_TOOLS),
    "P/.github/mcp.json": Servers("brave", "env", shape=_TOOLS),
    ".copilot/config.json":
        Setting("github_sign_in", ("copilot_tokens", "github.com:alex"),
                around={"trusted_folders": []})})
_add("copilot-jetbrains", {
    "linux+macos:.config/github-copilot/intellij/mcp.json | "
    "windows:AppData/Local/github-copilot/intellij/mcp.json":
        _vscode("github", "header"),
    "linux+macos:.config/github-copilot/hosts.json | "
    "windows:AppData/Local/github-copilot/hosts.json":
        Setting("github_sign_in", ("github.com", "oauth_token"),
                around={"github.com": {"user": "alex"}}),
    "linux+macos:.config/github-copilot/apps.json | "
    "windows:AppData/Local/github-copilot/apps.json":
        Setting("github_sign_in", ("github.com:Iv1.0a1b2c3d", "oauth_token"),
                around={"github.com:Iv1.0a1b2c3d": {"user": "alex"}})})
_add("jetbrains-ai", {
    "{app}/JetBrains/IntelliJIdea2026.2/mcp.json | P/.ai/mcp/mcp.json":
        Servers("konstantly", "env")})
_add("junie", {".junie/mcp/mcp.json | P/.junie/mcp/mcp.json":
               Servers("figma", "arg")})
_add("jetbrains-air", {"P/.air/mcp.json": Servers("kryton", "env")})
_add("visual-studio", {"windows:.mcp.json | P/.vs/mcp.json":
                       _vscode("github", "header")})
_add("zed", {
    "linux+macos:.config/zed/settings.json | windows:{app}/Zed/settings.json |"
    " macos:{app}/Zed/settings.json": _zed(),
    "P/.zed/settings.json": _zed("corcava", "header")})
_add("warp", {
    ".warp/.mcp.json | P/.warp/.mcp.json": Servers("kryton", "header"),
    ".agents/.mcp.json | P/.agents/.mcp.json":
        Servers("github", "env", table=())})
_add("goose", {
    "linux+macos:.config/goose/config.yaml | "
    "macos:{app}/Block/goose/config.yaml | "
    "windows:{app}/Block/goose/config/config.yaml":
        Servers("konstantly", "env", "yaml", ("extensions",), _GOOSE,
                "=[]env_keys", {"GOOSE_PROVIDER": "anthropic",
                                "GOOSE_MODE": "approve"}),
    "linux+macos:.config/goose/secrets.yaml | "
    "macos:{app}/Block/goose/secrets.yaml | "
    "windows:{app}/Block/goose/config/secrets.yaml":
        Setting("openai", ("OPENAI_API_KEY",), "yaml")})
_add("raycast", {
    f"macos:{{app}}/com.raycast.macos/{name}.json": Servers("brave", "env")
    for name in ("mcp", "mcp_servers", "mcp-servers", "mcp-config")})
_add("continue", {
    ".continue/config.yaml":
        Servers("konstantly", "env", "yaml", shape=_LISTED,
                dialect="${{ secrets.NAME }}", around={
                    "name": "Mine", "version": "1.0.0", "models": [
                        {"name": "Claude", "provider": "anthropic"}]}),
    ".continue/config.json":
        Setting("anthropic", ("models", 0, "apiKey"),
                good="${{ secrets.ANTHROPIC_API_KEY }}", around={
                    "models": [{"title": "Claude", "provider": "anthropic"}],
                    "mcpServers": []}),
    ".continue/config.ts": _continue_ts,
    ".continue/mcpServers/corcava.yaml":
        Servers("corcava", "header", "yaml", shape=_LISTED,
                dialect="${{ secrets.NAME }}", around={
                    "name": "Corcava", "version": "0.0.1", "schema": "v1"}),
    ".continue/mcpServers/brave.json | P/.continue/mcpServers/brave.json":
        Servers("brave", "env", dialect="${{ secrets.NAME }}"),
    ".continue/.env": _variables("ANTHROPIC_API_KEY"),
    "P/.continue/.env": _variables("KRYTON_TOKEN", "kryton"),
    "P/.continue/mcpServers/notes.yaml":
        Servers("kryton", "env", "yaml", shape=_LISTED,
                dialect="${{ secrets.NAME }}", around={"name": "Notes"}),
    "P/.continuerc.json":
        Servers("kataven", "env", shape=_LISTED,
                dialect="${{ secrets.NAME }}",
                around={"mergeBehavior": "merge"})})
_CLINE = "globalStorage/saoudrizwan.claude-dev/settings/"
_add("cline", {
    " | ".join(f"{{app}}/{editor}/User/{_CLINE}cline_mcp_settings.json"
               for editor in ("Code", "Cursor", "Windsurf", "Code - Insiders")):
        Servers("brave", "env", dialect="${env:NAME}",
                shape=Shape(local={"autoApprove": [], "disabled": False})),
    ".cline/data/settings/cline_mcp_settings.json":
        Servers("corcava", "header", dialect="${env:NAME}",
                shape=Shape(remote={"type": "streamableHttp"})),
    ".cline/data/settings/providers.json":
        Setting("anthropic", ("providers", "anthropic", "settings", "apiKey"),
                around={"version": 1, "lastUsedProvider": "anthropic"}),
    ".cline/data/secrets.json": Setting("openai", ("openAiNativeApiKey",))})
_add("roo-code", {
    "{app}/Code/User/globalStorage/rooveterinaryinc.roo-cline/settings/"
    "mcp_settings.json | {app}/Code/User/globalStorage/"
    "rooveterinaryinc.roo-cline/settings/cline_mcp_settings.json | "
    "P/.roo/mcp.json":
        Servers("konstantly", "env", dialect="${env:NAME}",
                shape=Shape(local={"alwaysAllow": []}))})
_add("kilo-code", {
    ".config/kilo/kilo.jsonc | P/.kilo/kilo.jsonc": _kilo("kryton", "header"),
    ".config/kilo/kilo.json | P/kilo.jsonc": _kilo("konstantly", "env"),
    "{app}/Code/User/globalStorage/kilocode.kilo-code/settings/"
    "mcp_settings.json": Servers("brave", "env")})
_add("opencode", {
    ".config/opencode/opencode.json | windows:{app}/opencode/opencode.json":
        _kilo("kryton", "header"),
    ".config/opencode/opencode.jsonc | P/.opencode/opencode.json | "
    "windows:{app}/opencode/opencode.jsonc | P/opencode.jsonc":
        _kilo("konstantly", "env"),
    ".opencode/opencode.json":
        Setting("openai", ("provider", "openai", "options", "apiKey"),
                good="{file:~/.secrets/openai}",
                around={"provider": {"openai": {"options": {
                    "timeout": 600000}}}}),
    "P/opencode.json": _kilo("figma", "arg"),
    ".local/share/opencode/auth.json":
        Setting("anthropic", ("anthropic", "key"),
                around={"anthropic": {"type": "api"}}),
    ".local/share/opencode/account.json":
        _sign_in(("accounts", "default", "access"), around={"version": 1}),
    "macos:Library/Application Support/opencode/opencode.json | "
    "linux:etc/opencode/opencode.json | "
    "windows:ProgramData/opencode/opencode.json": _kilo("corcava", "header"),
    "macos:Library/Managed Preferences/ai.opencode.managed.plist":
        Servers("kryton", "header", "plist", ("mcp",), _OPENCODE,
                "{env:NAME}")})
_add("codex", {
    ".codex/config.toml": _CODEX,
    ".codex/work.config.toml": _CODEX_PROJECT,
    "P/.codex/config.toml": _CODEX_PROJECT,
    ".codex/plugins/cache/acme/notes/.mcp.json":
        Servers("kryton", "env", table=()),
    ".codex/auth.json": Setting("openai", ("OPENAI_API_KEY",), around={
        "auth_mode": "apikey", "tokens": None, "last_refresh": None}),
    ".codex/.credentials.json":
        _sign_in(("linear|0a1b2c3d", "access_token"), around={
            "linear|0a1b2c3d": {"server_name": "linear",
                                "server_url": "https://mcp.linear.app/mcp"}}),
    "linux+macos:etc/codex/config.toml | "
    "windows:ProgramData/OpenAI/Codex/config.toml": _CODEX_MANAGED,
    "macos:Library/Managed Preferences/com.openai.codex.plist":
        _managed_codex})
_add("gemini-cli", {
    ".gemini/settings.json": _gemini(),
    "P/.gemini/settings.json": _gemini("konstantly", "env"),
    ".gemini/.env | P/.gemini/.env": _variables("KRYTON_TOKEN", "kryton"),
    ".gemini/extensions/notes/gemini-extension.json":
        Servers("kryton", "env", dialect="${NAME}", around={
            "name": "notes", "version": "1.0.0"}),
    ".gemini/extensions/notes/.env": _variables("KRYTON_TOKEN", "kryton"),
    "macos:Library/Application Support/GeminiCli/settings.json | "
    "linux:etc/gemini-cli/settings.json | "
    "windows:ProgramData/gemini-cli/settings.json":
        _gemini("corcava", "header"),
    "macos:Library/Application Support/GeminiCli/system-defaults.json | "
    "linux:etc/gemini-cli/system-defaults.json | "
    "windows:ProgramData/gemini-cli/system-defaults.json":
        _gemini("brave", "env"),
    ".gemini/oauth_creds.json": _sign_in(),
    ".gemini/mcp-oauth-tokens.json":
        _sign_in((0, "token", "accessToken"), around=lambda writing: [
            {"serverName": "linear", "token": {"tokenType": "Bearer"}}])})
_add("qwen-code", {
    ".qwen/settings.json": _gemini("brave", "env"),
    "P/.qwen/settings.json": _gemini("corcava", "header"),
    "P/.qwen/settings.local.json":
        Setting("openai", ("security", "auth", "apiKey"), good="", around={
            "security": {"auth": {"selectedType": "openai"}}}),
    ".qwen/.env | P/.qwen/.env": _variables("OPENAI_API_KEY", "openai"),
    ".qwen/oauth_creds.json": _sign_in(),
    "macos:Library/Application Support/QwenCode/settings.json | "
    "linux:etc/qwen-code/settings.json | "
    "windows:ProgramData/qwen-code/settings.json": _gemini(),
    "macos:Library/Application Support/QwenCode/system-defaults.json | "
    "linux:etc/qwen-code/system-defaults.json | "
    "windows:ProgramData/qwen-code/system-defaults.json":
        _gemini("brave", "env")})
_add("antigravity", {
    ".gemini/config/mcp_config.json | .gemini/antigravity/mcp_config.json | "
    ".gemini/antigravity-cli/mcp_config.json | P/.agents/mcp_config.json":
        Servers("kryton", "header", shape=_SERVER_URL),
    "{app}/Antigravity/User/settings.json | "
    "{app}/Antigravity IDE/User/settings.json":
        Servers("brave", "env", "jsonc", ("mcp", "servers"),
                around=_SETTINGS)})
_add("amazon-q", {
    "linux+macos:.aws/amazonq/mcp.json | P/.amazonq/mcp.json":
        Servers("konstantly", "env", dialect="${env:NAME}"),
    "linux+macos:.aws/amazonq/cli-agents/notes.json | "
    "P/.amazonq/cli-agents/notes.json":
        Servers("kryton", "header", dialect="${env:NAME}",
                around={"name": "notes", "tools": ["@kryton"],
                        "allowedTools": []})})
_add("amazon-q-ide", {
    ".aws/amazonq/agents/default.json": Servers(
        "brave", "env", around={"name": "default", "allowedTools": []}),
    ".aws/amazonq/agents/mcp.json | {app}/Code/User/globalStorage/"
    "amazonwebservices.amazon-q-vscode/mcp.json":
        Servers("kryton", "env")})
_add("kiro", {
    ".kiro/settings/mcp.json":
        Servers("brave", "env", dialect="${NAME}",
                shape=Shape(local={"disabled": False, "autoApprove": []})),
    "P/.kiro/settings/mcp.json": Servers("kryton", "header",
                                         dialect="${NAME}"),
    ".kiro/agents/notes.json | P/.kiro/agents/notes.json":
        Servers("kryton", "env", dialect="${NAME}", around={
            "name": "notes", "allowedTools": ["fs_read"]}),
    ".kiro/powers/installed/notes/mcp.json":
        Servers("corcava", "header", dialect="${NAME}")})
_add("lm-studio", {".lmstudio/mcp.json": Servers("tavily", "query"),
                   ".cache/lm-studio/mcp.json": Servers("kryton", "header")})
_add("jan", {
    "linux:.local/share/Jan/data/mcp_config.json | {app}/Jan/data/"
    "mcp_config.json": Servers(
        "brave", "env", shape=Shape(local={"active": True}))})
_add("cherry-studio", {
    "{app}/CherryStudio/Local Storage/leveldb/000003.log": _cherry_studio})
_add("librechat", {
    "P/librechat.yaml": Servers(
        "karzoun", "header", "yaml", dialect="${NAME}",
        shape=Shape(remote={"type": "streamable-http"}), around={
            "version": "1.3.1", "cache": True, "endpoints": {"custom": [
                {"name": "Mistral", "apiKey": "${MISTRAL_API_KEY}"}]}}),
})
_add("open-webui", {"P/webui.db": _open_webui})
_add("n8n", {".n8n/config": Setting("opaque", ("encryptionKey",))})
_add("5ire", {"{app}/5ire/mcp.json": Servers(
    "figma", "arg", shape=Shape(local={"isActive": True}))})
_add("boltai", {"macos:.boltai/mcp.json": Servers("konstantly", "env")})
_add("witsy", {"{app}/Witsy/settings.json": Setting(
    "openai", ("engines", "openai", "apiKey"), good="", around={
        "general": {"locale": "en"}, "engines": {"openai": {"models": {}}},
        "mcpServers": {"memory": _PLAIN}})})
_add("trae", {"{app}/Trae/User/mcp.json | linux:.config/trae/mcp.json":
              Servers("brave", "env")})
_add("augment", {
    ".augment/settings.json | P/.augment/settings.json | "
    "P/.augment/settings.local.json":
        Servers("kryton", "header", shape=_HTTP)})
_AMP = Servers("kryton", "header", "jsonc", ("amp.mcpServers",),
               dialect="${NAME}", around={"amp.notifications.enabled": True})
_add("amp", {
    ".config/amp/settings.json | P/.amp/settings.json | "
    "windows:{app}/amp/settings.json": _AMP,
    ".config/amp/settings.jsonc | P/.amp/settings.jsonc | "
    "windows:{app}/amp/settings.jsonc": dataclasses.replace(
        _AMP, service="konstantly", place="env"),
    ".local/share/amp/secrets.json":
        Setting("opaque", ("apiKey@https://ampcode.com/",))})
_CRUSH = Servers("kryton", "header", table=("mcp",), shape=_HTTP,
                 dialect="$NAME", around={
                     "options": {"disable_metrics": True}})
_add("crush", {
    ".config/crush/crushrc | P/.crushrc | P/crushrc": _crushrc,
    ".config/crush/crush.json | P/.crush.json | P/crush.json | "
    "windows:AppData/Local/crush/crush.json": _CRUSH,
    ".local/share/crush/crush.json":
        Setting("anthropic", ("providers", "anthropic", "api_key"),
                good="$ANTHROPIC_API_KEY", around={"models": {}})})
_FACTORY = {"custom_models": [{"model": "mine", "provider": "openai",
                               "base_url": "https://llm.example.net"}]}
_add("factory", {
    ".factory/mcp.json | P/.factory/mcp.json":
        Servers("kryton", "header", shape=_HTTP, dialect="${NAME}"),
    ".factory/config.json": Setting(
        "opaque", ("custom_models", 0, "api_key"),
        good="${LLM_API_KEY}", around=_FACTORY),
    ".factory/settings.json": Setting(
        "openai", ("customModels", 0, "apiKey"), good="${OPENAI_API_KEY}",
        around={"customModels": _FACTORY["custom_models"]})})
_add("devin", {
    ".config/devin/mcp_config.json | windows:{app}/devin/mcp_config.json | "
    "P/.devin/mcp_config.json": Servers("kryton", "env"),
    ".config/devin/config.json | windows:{app}/devin/config.json | "
    "P/.devin/mcp_config.local.json":
        Servers("brave", "env")})
_VIBE = Servers("kryton", "header", "toml", ("mcp_servers",),
                Shape(names_in=True, local={"transport": "stdio"},
                      remote={"transport": "streamable-http"}),
                "=api_key_env", {"active_model": "devstral-2",
                                 "vim_keybindings": False})
_add("mistral-vibe", {
    ".vibe/config.toml | P/.vibe/config.toml": _VIBE,
    ".vibe/.env": _variables("MISTRAL_API_KEY", "opaque")})
_add("grok-cli", {".grok/config.toml | P/.grok/config.toml": Servers(
    "konstantly", "env", "toml", ("mcp_servers",),
    around={"model": "grok-code"})})
_add("kimi", {
    ".kimi-code/mcp.json | P/.kimi-code/mcp.json": Servers(
        "kryton", "header", shape=_HTTP, dialect="=bearerTokenEnvVar"),
    ".kimi/mcp.json": Servers("brave", "env")})
_HERMES = Servers("kryton", "header", "yaml", ("mcp_servers",), around={
    "model": {"default": "anthropic/claude-opus-4.6"}})
_add("hermes", {
    ".hermes/config.yaml | windows:AppData/Local/hermes/config.yaml": _HERMES,
    ".hermes/.env | windows:AppData/Local/hermes/.env":
        _variables("OPENAI_API_KEY", "openai")})
_add("openclaw", {
    ".openclaw/openclaw.json": Setting(
        "openai", ("models", "providers", "openai", "apiKey"), "jsonc",
        "${OPENAI_API_KEY}", {"gateway": {"port": 18789}}),
    ".clawdbot/clawdbot.json": Setting(
        "opaque", ("gateway", "auth", "token"), good="${GATEWAY_TOKEN}",
        around={"gateway": {"port": 18789, "auth": {"mode": "token"}}}),
    ".openclaw/.env | .config/openclaw/gateway.env":
        _variables("ANTHROPIC_API_KEY")})
_add("rovo-dev", {
    ".rovodev/mcp.json | P/.rovodev/mcp.json": Servers("github", "env"),
    ".rovodev/config.yml": Servers("kryton", "env", "yaml", around={
        "version": 1, "agent": {"temperature": 0.3}})})
_add("tabnine", {
    ".tabnine/agent/settings.json | P/.tabnine/agent/settings.json | "
    "macos:Library/Application Support/TabnineCli/settings.json | "
    "linux:etc/tabnine-cli/settings.json":
        Servers("konstantly", "env", dialect="$NAME"),
    ".tabnine/mcp_servers.json": Servers("brave", "env", dialect="$NAME")})
_add("qoder", {
    ".qoder/mcp.json | windows:{app}/Qoder/SharedClientCache/mcp.json":
        Servers("brave", "env")})
_add("anythingllm", {
    "{app}/anythingllm-desktop/storage/plugins/anythingllm_mcp_servers.json":
        Servers("kryton", "header", shape=_STREAM),
    "{app}/anythingllm-desktop/storage/.env":
        _variables("OPEN_AI_KEY", "openai")})
_add("pi", {
    ".pi/agent/mcp.json": Servers("brave", "env"),
    ".pi/agent/settings.json": Servers("kryton", "env", around={
        "defaultProvider": "anthropic"}),
    ".pi/agent/auth.json": Setting("anthropic", ("anthropic", "key"), around={
        "anthropic": {"type": "api_key"}})})
_FAST = Servers("kryton", "header", "yaml", ("mcp", "servers"),
                Shape(remote={"transport": "http"}), "${NAME}",
                {"default_model": "sonnet", "logger": {"level": "error"}})
_FAST_SECRETS = Setting("anthropic", ("anthropic", "api_key"), "yaml",
                        "${ANTHROPIC_API_KEY}")
_add("fast-agent", {
    ".fast-agent/fast-agent.yaml | P/.fast-agent/fast-agent.yaml": _FAST,
    ".fast-agent/fast-agent.secrets.yaml | "
    "P/.fast-agent/fast-agent.secrets.yaml": _FAST_SECRETS,
    ".fast-agent/model-overlays.secrets.yaml | "
    "P/.fast-agent/model-overlays.secrets.yaml": dataclasses.replace(
        _FAST_SECRETS, pointer=("overlays", "mine", "api_key"), good=None)})
_add("mcporter", {
    ".mcporter/mcporter.json": Servers("kryton", "header",
                                       dialect="=bearerTokenEnv"),
    ".mcporter/mcporter.jsonc": Servers("konstantly", "env", "jsonc",
                                        dialect="${NAME}"),
    "P/config/mcporter.json": Servers("corcava", "header",
                                      dialect="${NAME}",
                                      around={"imports": ["cursor"]})})
_add("mcp-inspector", {
    ".mcp-inspector/mcp.json": Servers(
        "kryton", "header", shape=Shape(remote={"type": "streamable-http"})),
    ".mcp-inspector/storage/oauth.json": _sign_in(
        ("tokens", "access_token"), around={"clientInformation": {}})})
_add("mcp-remote", {
    ".mcp-auth/mcp-remote-0.1.29/5f2b0c1d_tokens.json": _sign_in(),
    ".mcp-auth/mcp-remote-0.1.29/5f2b0c1d_client_info.json": _sign_in(
        ("client_secret",), "opaque", {"client_id": "mcp-remote"})})
_add("huggingface", {".cache/huggingface/token": _huggingface})
_add("saas-clis", {".config/gptcommit/config.toml": Setting(
    "openai", ("openai", "api_key"), "toml", "",
    {"model_provider": "openai"})})
_add("docker-mcp", {
    ".docker/mcp/config.yaml": Setting(
        "konstantly", ("konstantly", "mcp_key"), "yaml", "",
        {"konstantly": {"url": "https://acme.konstantly.com"}})})
_add("enconvo", {".config/enconvo/mcp_config.json":
                 Servers("brave", "env")})
_add("tome", {".tome/mcp_config.json": Servers("brave", "env")})
_add("sema4", {
    ".sema4ai/sema4ai-studio/mcp_servers.json | "
    "windows:AppData/Local/sema4ai/sema4ai-studio/mcp_servers.json":
        Servers("brave", "env")})
_add("bedrock-client", {"Amazon Bedrock Client/mcp_config.json":
                        Servers("brave", "env")})
_add("aider", {
    ".aider.conf.yml | P/.aider.conf.yml": Setting(
        "openai", ("openai-api-key",), "yaml", "",
        {"model": "sonnet", "auto-commits": False}),
    ".aider/mcp.yml": Servers("kryton", "env", "yaml", ("servers",))})
_add("aider-desk", {"{app}/aider-desk/settings.json": Servers(
    "brave", "env", around={"language": "en"})})
_add("cortex-code", {
    ".snowflake/cortex/mcp.json": Servers("kryton", "header", shape=_HTTP),
    ".snowflake/cortex/settings.json": Servers("brave", "env")})
_add("nanobot", {".nanobot/config.json": Servers(
    "konstantly", "env", table=("tools", "mcpServers"), around={
        "agents": {"defaults": {"maxTokens": 8192}}})})
for _client in ("void", "aide", "cody", "pieces"):
    _add(_client, {f".{_client}/mcp.json": Servers("brave", "env")})
_add("mcp-cli", {".mcp/config.json": Servers("kryton", "env")})
_add("mcphub", {"P/mcp_settings.json": Servers("kryton", "env",
                                               dialect="${NAME}")})
_add("mcpm", {".config/mcpm/servers.json": Servers("kryton", "env", table=())})
_TOOLHIVE = Setting(
    "github", ("env_vars", "GITHUB_PERSONAL_ACCESS_TOKEN"), good="", around={
        "schema_version": "v0.1.0", "name": "github", "image": _IMAGE,
        "secrets": ["github,target=GITHUB_PERSONAL_ACCESS_TOKEN"],
        "env_vars": {"MCP_TRANSPORT": "stdio"}})
_add("toolhive", {
    "linux:.local/state/toolhive/runconfigs/github.json | "
    "macos:{app}/toolhive/runconfigs/github.json | "
    "windows:AppData/Local/toolhive/runconfigs/github.json": _TOOLHIVE})
_add("toolport", {
    "{app}/Conduit/registry.json | {app}/Toolport/registry.json": Setting(
        "brave", ("servers", 0, "env", 0, "value"), good="",
        server="brave", slot="env.BRAVE_API_KEY", around={
            "servers": [{"name": "brave", "command": "npx", "args": [
                "-y", "@brave/brave-search-mcp-server@2.0.10"], "env": [
                    {"key": "BRAVE_API_KEY", "secret": True}]}]})})
_add("mcp-project", {
    "P/mcp.json": Servers("kryton", "env"),
    "P/claude_desktop_config.json": Servers("konstantly", "env")})


# What scenes call.

def _put(root, path, data):
    folder = root
    for name in ("", *pathlib.PurePosixPath(path).parts[:-1]):
        folder = folder / name
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
    target = root / path
    target.write_bytes(data)
    target.chmod(0o600)


def write_client(home, client_id, form):
    """The client's files, in place of those that it had."""
    assert form in FORMS, form
    home.plants[:] = [plant for plant in home.plants
                      if plant.client != client_id]
    for platform, path, writer in CLIENTS[client_id]:
        if platform != home.platform:
            continue
        data = writer(Writing(home, client_id, path, form))
        if data is None:
            (home.root / path).unlink(missing_ok=True)
        else:
            _put(home.root, path,
                 data.encode() if isinstance(data, str) else data)


def build(root, platform, seed, *, keys):
    """A home at `root`, with the files of all clients of the platform."""
    assert platform in PLATFORMS, platform
    home = Home(pathlib.Path(os.path.abspath(root)), platform, str(seed))
    home.root.mkdir(parents=True, exist_ok=True)
    for client_id in CLIENTS:
        write_client(home, client_id, "bad" if keys else "good")
    return home


# A developer's home, for people to read about.

DEVELOPER_PROJECT = {"linux": "/home/alex/code/app",
                     "macos": "/Users/alex/code/app",
                     "windows": "C:\\Users\\alex\\code\\app"}


def _git(folder, *args):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith("GIT_")}
    subprocess.run(["git", *args], cwd=folder, check=True, env={
        **env, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"})


def developer(root, platform, seed):
    """The home of one who writes software: six clients with eight keys. Two
    clients share a key, git tracks one, a transcript tells one, and a tunnel
    asks nobody who they are. The same wherever it stands."""
    home = Home(pathlib.Path(os.path.abspath(root)), platform, str(seed))
    home.root.mkdir(parents=True, exist_ok=True)
    app = APP[platform]
    tokens = Tokens(f"{seed} {platform} developer")
    keys = {kind: tokens.of(kind) for kind in (
        "konstantly", "kryton", "corcava", "karzoun", "github", "openai",
        "kataven", "brave")}

    def add(path, client, document, plants=(), emit=_json):
        """`plants` are (kind, server, slot)."""
        text = emit(document)
        _put(home.root, path, text.encode())
        for kind, server, slot in plants:
            home.plants.append(Plant(path, client, server, slot, kind,
                                     keys[kind]))

    konstantly = {"command": "npx", "args": ["-y", "@konstantly/mcp-server"],
                  "env": {"KONSTANTLY_URL": "https://acme.konstantly.com",
                          "KONSTANTLY_MCP_KEY": keys["konstantly"]}}
    kryton = _remote(SERVICES["kryton"], keys["kryton"])
    add(f"{app}/Claude/claude_desktop_config.json", "claude-desktop",
        {"mcpServers": {"konstantly": konstantly, "memory": _PLAIN}},
        [("konstantly", "konstantly", "env.KONSTANTLY_MCP_KEY")])
    add(".cursor/mcp.json", "cursor", {"mcpServers": {
        "kryton": kryton,
        "corcava": _remote(SERVICES["corcava"], keys["corcava"])}},
        [("kryton", "kryton", "headers.Authorization"),
         ("corcava", "corcava", "headers.Authorization")])
    add(f"{app}/Code/User/mcp.json", "vscode", {
        "inputs": [], "servers": {"notes": {"type": "http", **kryton}}},
        [("kryton", "notes", "headers.Authorization")], _jsonc)
    github = _local(SERVICES["github"],
                    {"GITHUB_PERSONAL_ACCESS_TOKEN": keys["github"]})
    add(".claude.json", "claude-code", {
        "numStartups": 184, "mcpServers": {"github": github},
        "projects": {DEVELOPER_PROJECT[platform]: {"allowedTools": []}}},
        [("github", "github", "env.GITHUB_PERSONAL_ACCESS_TOKEN")])
    add(".codex/auth.json", "codex", {
        "auth_mode": "apikey", "OPENAI_API_KEY": keys["openai"]},
        [("openai", "", "OPENAI_API_KEY")])
    add(".gemini/settings.json", "gemini-cli", {"mcpServers": {
        "kataven": _local(SERVICES["kataven"],
                          {"KATAVEN_API_KEY": keys["kataven"]}),
        "brave": _local(SERVICES["brave"], {"BRAVE_API_KEY": keys["brave"]})}},
        [("kataven", "kataven", "env.KATAVEN_API_KEY"),
         ("brave", "brave", "env.BRAVE_API_KEY")])
    said = [{"type": "user", "message": {"role": "user", "content":
             f"why is {word} KATAVEN_API_KEY={keys['kataven']}"}}
            for word in ("this not read:", "it refused:")]
    add(".claude/projects/-home-alex-work-app/0a1b2c3d.jsonl", "claude-code",
        said, [("kataven", "", "")],
        lambda document: "".join(json.dumps(one) + "\n" for one in document))
    tunnel = {"linux": ".config", "macos": "Library/Application Support",
              "windows": "AppData/Local"}[platform]
    add(f"{tunnel}/ngrok/ngrok.yml", "ngrok", {
        "version": 2, "tunnels": {"notes": {"proto": "http", "addr": 8080}}},
        emit=_yaml)
    add(f"{PROJECT}/.cursor/mcp.json", "cursor", {"mcpServers": {
        "karzoun": _local(SERVICES["karzoun"],
                          {"KARZOUN_APP_TOKEN": keys["karzoun"]})}},
        [("karzoun", "karzoun", "env.KARZOUN_APP_TOKEN")])
    _put(home.root, f"{PROJECT}/README.md", b"# app\n")
    _git(home.project, "init", "-q", "--template=")
    _git(home.project, "add", "--all")
    (home.project / ".cursor/mcp.json").chmod(0o644)
    return home


def write(root, files):
    """A home of these files alone, for none but its owner."""
    for path, content in files.items():
        _put(root, path, content.encode() if isinstance(content, str)
             else content)
    return root


# Audits of homes.

NOW = 1785000000  # when they take place: 2026-07-25


class Audit(Report):
    """The report of an audit, with paths below the home."""

    def __init__(self, ended, prefix):
        super().__init__(ended)
        self.prefix = prefix

    def below(self, path):
        return path.removeprefix(self.prefix)

    @property
    def violations(self):
        return self.json["violations"]

    @property
    def checks(self):
        """The ids, sorted, each as often as it fires."""
        return sorted(one["check"] for one in self.violations)

    def violations_of(self, check):
        return [one for one in self.violations if one["check"] == check]

    @property
    def found(self):
        """(path, client, server, slot) of all places, sorted; "" for no
        server."""
        return sorted(
            (self.below(place["path"]), place["client"]["name"],
             place["client"]["server"] or "", place["client"]["slot"])
            for finding in self.findings for place in finding["occurrences"])

    @property
    def notes_of_files(self):
        """(path, reason, whether something is missing) of what was skipped."""
        return [(self.below(skip["path"]), skip["reason"], skip["incomplete"])
                for skip in self.json["coverage"]["skipped"]]


def run_audit(scene, root, platform, *args, **options):
    """How an audit of a home ends that is called by its name alone."""
    env = {"SOURCE_DATE_EPOCH": str(NOW), **options.pop("env", {})}
    return scene.run("audit", "--root", root.name, "--platform", platform,
                     *args, cwd=root.parent, env=env, **options)


def audit(scene, root, platform="linux", *args, **options):
    ended = run_audit(scene, root, platform, "--format", "json", *args,
                      **options)
    return Audit(ended, root.name + "/")


def path_of(plant):
    """As reports write it. A file in a file goes by its setting's name."""
    inner = "!config_toml_base64" if plant.coding == "base64" else ""
    return plant.path + inner


def places(plants):
    """Of plants, as Audit.found has them."""
    return sorted((path_of(one), one.client, one.server, one.slot)
                  for one in plants)
