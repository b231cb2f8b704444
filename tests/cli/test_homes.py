# SPDX-License-Identifier: Apache-2.0
"""The homes and the snippets that scenes of an audit stand on: they are what
they say, before anything is found in them."""

import base64
import json
import plistlib
import re
import stat
import tomllib

import pytest

import homes
import snippets
from scene import SOURCE, SYSTEMS

STRING = r'"(?:[^"\\]|\\.)*"'
FOLDERS = {
    "~": "", "{config}": ".config/", "{data}": ".local/share/",
    "{state}": ".local/state/", "{cache}": ".cache/",
    "{appsupport}": "Library/Application Support/", "{library}": "Library/",
    "{appdata}": "AppData/Roaming/", "{localappdata}": "AppData/Local/",
    "{programdata}": "ProgramData/", "{programfiles}": "Program Files/",
    "": "",
}
# What the keys of the homes look like, whoever made them.
SHAPES = re.compile(
    rb"kryton_[0-9a-f]{64}|kmcp_[\w-]{43}|sk_live_\w{20}|gh[po]_\w{36}"
    rb"|eyJ[\w-]{10,}\.[\w-]+\.|sk-(ant|proj)-|figd_\w{40}|tvly-\w{32}"
    rb"|hf_\w{34}|\bBSA[\w]{28}|Bearer \w{32}|[\"' :=][0-9a-f]{40}\b")

each_platform = pytest.mark.parametrize("platform", homes.PLATFORMS)
each_form = pytest.mark.parametrize("keys", [True, False],
                                    ids=["bad", "good"])


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Homes that no test changes."""
    root = tmp_path_factory.mktemp("homes")
    return {(platform, keys): homes.build(root / f"{platform}-{keys}",
                                          platform, "a seed", keys=keys)
            for platform in homes.PLATFORMS for keys in (True, False)}


def contents(home):
    """Path -> bytes."""
    return {str(path.relative_to(home.root)): path.read_bytes()
            for path in home.root.rglob("*") if path.is_file()}


def read_json(text):
    """JSON with comments and commas before a closing bracket."""
    def keep(match):
        return match[0] if match[0].startswith('"') else " "
    text = re.sub(STRING + r"|//[^\n]*|/\*.*?\*/", keep, text, flags=re.DOTALL)
    return json.loads(re.sub(STRING + r"|,(?=\s*[}\]])", keep, text))


def read_dotenv(text):
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, equals, value = line.removeprefix("export ").partition("=")
            assert equals and re.fullmatch(r"[A-Z_]+", name), line
            found[name] = value
    return found


def read_yaml(text):
    return pytest.importorskip("yaml").safe_load(text)


READERS = {
    "json": read_json, "jsonc": read_json, "code-workspace": read_json,
    "config": read_json, "toml": tomllib.loads, "env": read_dotenv,
    "yaml": read_yaml, "yml": read_yaml,
    "plist": lambda text: plistlib.loads(text.encode()),
}
NO_FORMAT = ["crushrc", "ts", "log", "vscdb", "db", "token"]


def kind_of(path):
    name = path.rpartition("/")[2]
    return "config" if path == ".n8n/config" else name.rpartition(".")[2]


def read(path, data):
    """None for a file that has no structure."""
    kind = kind_of(path)
    assert kind in READERS or kind in NO_FORMAT, path
    return READERS[kind](data.decode()) if kind in READERS else None


def tables(value):
    """Every table below, itself included, with the name that it has."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, dict):
                yield item.get("name", ""), item
            yield from tables(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, dict):
                yield name, inner
            yield from tables(inner)


def at_slot(value, slot):
    """What stands in a server, or in a document, at `slot`."""
    index = re.fullmatch(r"(\w+)\[(\d+)\]", slot)
    if index:
        return value[index[1]][int(index[2])]
    inside = dict(enumerate(value)) if isinstance(value, list) else value
    for name, inner in inside.items():
        if slot == str(name):
            return inner
        if slot.startswith(f"{name}."):
            return at_slot(inner, slot[len(str(name)) + 1:])
    raise KeyError(slot)


# The fields that the slots of env and headers stand in, by client.
FIELDS = {"env": ["env", "envs", "environment"],
          "headers": ["headers", "http_headers"]}


def in_server(server, slot):
    field, dot, name = slot.partition(".")
    if not dot:
        return at_slot(server, slot)
    held = next(server[one] for one in FIELDS[field] if one in server)
    if isinstance(held, list):
        return next(one["value"] for one in held if one["key"] == name)
    return held[name]


def pattern(path):
    """Of the catalogue, as an expression for paths below the home; None where
    it begins with a variable."""
    base, slash, rest = path.partition("/")
    if base.startswith("$"):
        return None
    if base in FOLDERS and slash:
        path = FOLDERS[base] + rest
    else:
        path = homes.PROJECT + "/" + path
    parts = ["(?:[^/]+/)*" if part == "**" else
             re.escape(part).replace(r"\*", "[^/]*") + "/"
             for part in path.split("/")]
    return re.compile("".join(parts).removesuffix("/"))


def catalogue():
    clients = {}
    for path in sorted((SOURCE / "patterns" / "clients").glob("*.toml")):
        clients[path.stem] = tomllib.loads(path.read_text())
    return clients


CATALOGUE = catalogue()


def known(client_id, platform, path):
    return any(expression and expression.fullmatch(path)
               for file in CATALOGUE[client_id]["file"]
               for each in file.get("paths", []) + file.get(platform, [])
               for expression in [pattern(each)])


@each_platform
@each_form
def test_every_file_is_of_its_format(built, platform, keys):
    for path, data in contents(built[platform, keys]).items():
        document = read(path, data)
        assert document is None or document, path


@each_platform
def test_every_file_holds_one_key(built, platform):
    home = built[platform, True]
    files = contents(home)
    assert sorted(plant.path for plant in home.plants) == sorted(files)
    for plant in home.plants:
        data = files[plant.path]
        if plant.coding == "base64":
            document = plistlib.loads(data)
            data = base64.b64decode(document["config_toml_base64"])
        value = plant.value.encode()
        assert data.count(value) == 1, plant
        assert SHAPES.search(value) or plant.kind in ("corcava", "opaque")
        rest = data.replace(value, b"")
        assert not SHAPES.search(rest), plant.path


@each_platform
def test_keys_stand_where_the_plants_say(built, platform):
    home = built[platform, True]
    files = contents(home)
    for plant in home.plants:
        if plant.coding != "plain":
            continue
        document = read(plant.path, files[plant.path])
        if document is None:
            assert (plant.server, plant.slot) == ("", ""), plant
        elif plant.server:
            servers = [table for name, table in tables(document)
                       if name == plant.server]
            assert len(servers) == 1, plant
            assert plant.value in in_server(servers[0], plant.slot), plant
        elif kind_of(plant.path) == "env":
            assert document[plant.slot.removeprefix("env.")] == plant.value
        else:
            assert at_slot(document, plant.slot) == plant.value, plant


@each_platform
def test_every_key_is_another(built, platform):
    values = [plant.value for plant in built[platform, True].plants]
    assert len(set(values)) == len(values)


def test_platforms_share_no_key(built):
    values = [plant.value for platform in homes.PLATFORMS
              for plant in built[platform, True].plants]
    assert len(set(values)) == len(values)


@each_platform
def test_good_homes_hold_none(built, platform):
    good = built[platform, False]
    files = contents(good)
    assert good.plants == []
    assert len(files) > 100
    for path, data in files.items():
        assert not SHAPES.search(data), path
        for plant in built[platform, True].plants:
            assert plant.value.encode() not in data, path


@each_platform
def test_good_files_are_among_the_bad_ones(built, platform):
    bad = contents(built[platform, True])
    for path, data in contents(built[platform, False]).items():
        assert path in bad
        assert data != bad[path], path


@each_platform
def test_same_seed_same_home(built, tmp_path, platform):
    first = built[platform, True]
    again = homes.build(tmp_path / "again", platform, "a seed", keys=True)
    assert again.plants == first.plants
    names = str(first.root).encode(), str(again.root).encode()
    assert contents(again) == {path: data.replace(*names)
                               for path, data in contents(first).items()}
    other = homes.build(tmp_path / "other", platform, "b", keys=True)
    assert not ({plant.value for plant in other.plants}
                & {plant.value for plant in first.plants})


@each_form
def test_modes(built, keys):
    home = built["linux", keys]
    for path in [home.root, *home.root.rglob("*")]:
        mode = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == mode, path


@each_platform
@each_form
def test_clients_name_the_project(built, platform, keys):
    home = built[platform, keys]
    project = str(home.project)
    assert home.project.is_dir()
    assert not (home.project / ".git").exists()
    files = contents(home)
    claude = read_json(files[".claude.json"].decode())
    codex = tomllib.loads(files[".codex/config.toml"].decode())
    assert list(claude["projects"]) == list(codex["projects"]) == [project]


@each_platform
def test_no_file_is_of_two_clients(platform):
    paths = [path for entries in homes.CLIENTS.values()
             for name, path, _ in entries if name == platform]
    assert len(set(paths)) == len(paths)


def test_one_client_alone(tmp_path):
    home = homes.Home(tmp_path, "linux", "a seed")
    homes.write_client(home, "codex", "bad")
    homes.write_client(home, "cursor", "bad")
    cursor = home.plants_of("cursor")
    assert (tmp_path / ".codex/auth.json").exists()
    assert len(home.plants) > len(cursor) > 0
    homes.write_client(home, "codex", "good")
    assert home.plants == cursor
    assert not (tmp_path / ".codex/auth.json").exists()
    config = tomllib.loads((tmp_path / ".codex/config.toml").read_text())
    assert config["cli_auth_credentials_store"] == "keyring"
    assert config["mcp_servers"]["kryton"] == {
        "url": "https://notes.example.net/api/mcp",
        "bearer_token_env_var": "KRYTON_TOKEN"}


@pytest.mark.parametrize("client_id,path,name,server", [
    ("cursor", ".cursor/mcp.json", "corcava",
     {"url": "https://mcp.corcava.com",
      "headers": {"Authorization": "Bearer ${env:CORCAVA_API_KEY}"}}),
    ("vscode", ".config/Code/User/mcp.json", "kryton",
     {"type": "http", "url": "https://notes.example.net/api/mcp",
      "headers": {"Authorization": "Bearer ${input:KRYTON_TOKEN}"}}),
    ("continue", ".continue/mcpServers/corcava.yaml", "corcava",
     {"name": "corcava", "url": "https://mcp.corcava.com",
      "headers": {"Authorization":
                  "Bearer ${{ secrets.CORCAVA_API_KEY }}"}}),
    ("goose", ".config/goose/config.yaml", "konstantly",
     {"type": "stdio", "enabled": True, "timeout": 300, "cmd": "npx",
      "args": ["-y", "@konstantly/mcp-server@0.2.0"],
      "envs": {"KONSTANTLY_URL": "https://acme.konstantly.com"},
      "env_keys": ["KONSTANTLY_MCP_KEY"]}),
    ("opencode", "code/app/opencode.json", "figma",
     {"type": "local", "enabled": True, "command": [
         "npx", "-y", "figma-developer-mcp@0.6.4", "--stdio",
         "--figma-api-key", "{env:FIGMA_API_KEY}"]}),
    ("claude-desktop", ".config/Claude/claude_desktop_config.json",
     "konstantly",
     {"command": "op", "args": ["run", "--no-masking", "--", "npx", "-y",
                                "@konstantly/mcp-server@0.2.0"],
      "env": {"KONSTANTLY_URL": "https://acme.konstantly.com",
              "KONSTANTLY_MCP_KEY": "op://Private/konstantly/credential"}}),
    ("windsurf", "code/app/.windsurf/mcp.json", "tavily",
     {"serverUrl": "https://mcp.tavily.com/mcp/"
                   "?tavilyApiKey=${env:TAVILY_API_KEY}"}),
    ("augment", ".augment/settings.json", "linear",
     {"type": "http", "url": "https://mcp.linear.app/mcp"}),
], ids=lambda value: value if isinstance(value, str) else "")
def test_good_forms(built, client_id, path, name, server):
    assert ("linux", path) in [entry[:2] for entry in homes.CLIENTS[client_id]]
    document = read(path, contents(built["linux", False])[path])
    assert [table for found, table in tables(document)
            if found == name] == [server]


def test_every_client_that_is_well_known_has_a_home():
    missing = [name for name, client in CATALOGUE.items()
               if client["kind"] == "ai" and client["basis"] in ("V", "I")
               and name not in homes.CLIENTS]
    assert missing == []


@pytest.mark.parametrize("client_id", homes.CLIENTS)
def test_the_catalogue_knows_every_path(client_id):
    unknown = [(platform, path)
               for platform, path, _ in homes.CLIENTS[client_id]
               if not known(client_id, platform, path)]
    assert unknown == []


def reference_of(writer):
    """What the good form of a file has in place of the key, or ""."""
    if getattr(writer, "dialect", "").startswith("="):
        return ""
    if isinstance(writer, homes.Servers):
        return writer.dialect.replace(
            "NAME", homes.SERVICES[writer.service].variable)
    return getattr(writer, "good", "") or ""


@each_platform
@pytest.mark.parametrize("client_id", homes.CLIENTS)
def test_references_are_the_clients_own(built, platform, client_id):
    forms = [re.compile(re.escape(form).replace("X", ".+"))
             for form in CATALOGUE[client_id].get("expands", [])]
    root = built[platform, False].root
    for name, path, writer in homes.CLIENTS[client_id]:
        reference = reference_of(writer)
        if name == platform and reference:
            assert any(form.fullmatch(reference) for form in forms), path
            assert reference in (root / path).read_text(), path


SNIPPETS = snippets.snippets("a seed")
each_snippet = pytest.mark.parametrize(
    "snippet", SNIPPETS, ids=[snippet.id for snippet in SNIPPETS])


@each_snippet
def test_snippets(snippet):
    document = read(snippet.path, snippet.text.encode()) if (
        snippet.client != "bash") else None
    if document is not None:
        assert read(snippet.path, snippet.published.encode())
    assert not SHAPES.search(snippet.published.encode())
    if snippet.key:
        assert snippet.text.count(snippet.key) == 1
        assert snippet.key not in snippet.published
    else:
        assert "${env:" in snippet.text
    for word in ("YOUR_", "your-", "...", "_here"):
        assert word not in snippet.text


@each_snippet
def test_the_catalogue_knows_where_snippets_stand(snippet):
    if snippet.path == ".claude/claude_desktop_config.json":
        return  # its page says so; no client reads it
    path = f"{homes.PROJECT}/{snippet.path}" if snippet.project else (
        snippet.path)
    platforms = [snippet.platform] if snippet.platform else homes.PLATFORMS
    for platform in platforms:
        assert known(snippet.client, platform, path)


def test_snippets_are_of_all_systems_and_have_keys_of_their_own():
    assert ({snippet.system for snippet in SNIPPETS}
            == {system.name for system in SYSTEMS})
    values = [snippet.key for snippet in SNIPPETS if snippet.key]
    assert len(set(values)) == len(values)
    assert SNIPPETS == snippets.snippets("a seed")
    assert values != [snippet.key for snippet in snippets.snippets("b")
                      if snippet.key]
