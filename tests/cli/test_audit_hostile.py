# SPDX-License-Identifier: Apache-2.0
"""Homes that are broken, or made to do harm: an audit reads what can be read,
says what cannot, runs nothing, and shows no key."""

import base64
import csv
import functools
import io
import json
import os
import plistlib
import re
import shutil
import socket
import stat
import struct
import subprocess
import urllib.parse
import xml.etree.ElementTree

import pytest

import homes
from schema_check import validator_for
from scene import FORMATS, PATIENCE, PROGRAM, SOURCE, SYSTEMS, Scene

CURSOR = ".cursor/mcp.json"
WINDSURF = ".codeium/windsurf/mcp_config.json"
GOOSE = ".config/goose/config.yaml"
CODEX = ".codex/config.toml"
CLAUDE = ".claude.json"
AGENT = "Library/LaunchAgents/com.example.notes.plist"
LONG = 1 << 20

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
as_user = pytest.mark.skipif(os.geteuid() == 0,
                             reason="root may read everything")


@pytest.fixture(name="root")
def home_folder(scene):
    """An empty home."""
    folder = scene.dir / "home"
    folder.mkdir(mode=0o700)
    return folder


def server(key, **more):
    return {"command": "/opt/servers/kryton",
            "env": {"KRYTON_TOKEN": key}, **more}


def servers(key, name="kryton"):
    return {"mcpServers": {name: server(key)}}


def text_of(key, name="kryton"):
    return json.dumps(servers(key, name), indent=2) + "\n"


AT = ("cursor", "kryton", "env.KRYTON_TOKEN")


def places(report):
    """(path, line, client, server, slot) of all places."""
    return sorted(
        (report.below(place["path"]), place["line"], place["client"]["name"],
         place["client"]["server"], place["client"]["slot"])
        for finding in report.findings for place in finding["occurrences"])


def reasons(report, path):
    return [reason for name, reason, _ in report.notes_of_files
            if name == path]


# Files that are written in another way than most.


def commented(text):
    return "// mine\n" + text.replace("{", "{ // a table", 1).replace(
        '"env"', '/* "env": {\n} */ "env"')


def with_commas(text):
    return re.sub(r'(["}])\n(\s*[}\]])', r"\1,\n\2", text)


WRITINGS = {
    "comments": lambda text: commented(text).encode(),
    "trailing commas": lambda text: with_commas(text).encode(),
    "both": lambda text: commented(with_commas(text)).encode(),
    "mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "mark and CRLF": lambda text: b"\xef\xbb\xbf" + text.replace(
        "\n", "\r\n").encode(),
    "one line": lambda text: json.dumps(json.loads(text)).encode(),
    "no newline at the end": lambda text: text.rstrip().encode(),
    "many empty lines": lambda text: b"\n" * 5000 + text.encode(),
}


@pytest.mark.parametrize("name", WRITINGS)
def test_other_writings(scene, keys, root, name):
    key = keys.kryton()
    raw = WRITINGS[name](text_of(key))
    homes.write(root, {CURSOR: raw})
    report = homes.audit(scene, root)
    line = raw[:raw.index(key.encode())].count(b"\n") + 1
    assert places(report) == [(CURSOR, line, *AT)]
    assert report.complete
    assert report.notes_of_files == []


@pytest.mark.parametrize("coding, mark", [
    ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_utf_16(scene, keys, root, coding, mark):
    key = keys.kryton()
    homes.write(root, {CURSOR: mark + text_of(key).encode(coding)})
    report = homes.audit(scene, root)
    assert report.rules == ["kryton-api-key"]
    place = report.place
    assert place["line"] == 6
    raw = (root / CURSOR).read_bytes()
    assert raw[place["start"]:place["end"]].decode(coding) == key
    assert report.checks == ["AGE-UNKNOWN", "MCP-PLAIN"]
    assert place["client"] == {"name": "cursor", "server": "kryton",
                               "slot": "env.KRYTON_TOKEN"}


def test_names_that_stand_twice(scene, keys, root):
    """The client reads the last one; both hold a key."""
    first, last = keys.kryton(), keys.kryton()
    homes.write(root, {CURSOR: '{"mcpServers": {"kryton": {"command": "a", '
                       f'"env": {{"KRYTON_TOKEN": "{first}"}},\n'
                       f'"env": {{"KRYTON_TOKEN": "{last}"}}}}}}}}'})
    report = homes.audit(scene, root)
    assert len(report.findings) == 2
    assert (CURSOR, 2, *AT) in places(report)
    assert {place[1] for place in places(report)} == {1, 2}
    assert {place[2] for place in places(report)} == {"cursor"}


def half(text, key):
    """Ends behind the key, within its text."""
    return text[:text.index(key) + len(key)]


BROKEN = {
    "json": (CURSOR, lambda key: half(text_of(key), key), 6),
    "yaml": (GOOSE, lambda key: "extensions:\n  kryton:\n    envs:\n"
             f"      KRYTON_TOKEN: {key}\n    args: [a, {{\n", None),
    "toml": (CODEX, lambda key: '[mcp_servers.kryton.env]\n'
             f'KRYTON_TOKEN = "{key}"\nOTHER = \n', 3),
    "plist": (AGENT, lambda key: plistlib.dumps(
        {"EnvironmentVariables": {"KRYTON_TOKEN": key}}).decode()
        .partition("</dict>")[0], None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_scanned_as_text(scene, keys, root, name):
    path, make, line = BROKEN[name]
    key = keys.kryton()
    homes.write(root, {path: make(key), WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root, "macos" if name == "plist" else "linux")
    assert {place[0] for place in places(report)} == {path, WINDSURF}
    assert (WINDSURF, 6, "windsurf", "kryton", "env.KRYTON_TOKEN") in (
        places(report))
    said, = reasons(report, path)
    assert said.startswith("not ")
    assert "scanned as text" in said
    assert re.search(rf"line {line or ''}", said), said
    assert key not in said


def test_what_stands_before_the_break_is_read(scene, keys, root):
    """Another half: the file is overwritten from its middle on."""
    key = keys.kryton()
    text = text_of(key)
    homes.write(root, {CURSOR: text + text[len(text) // 2:]})
    report = homes.audit(scene, root)
    assert report.rules[0] == "kryton-api-key"
    assert reasons(report, CURSOR) != []


DEEP = {
    "array": (CURSOR, lambda n, key: "[" * n + f'"{key}"' + "]" * n),
    "table": (CURSOR, lambda n, key: '{"a":' * (n // 5) + f'"{key}"'
              + "}" * (n // 5)),
    "open": (CURSOR, lambda n, key: f'"{key}" ' + "[" * n),
    "yaml": (GOOSE, lambda n, key: "[" * n + f'"{key}"' + "]" * n),
    "toml": (CODEX, lambda n, key: "a = " + "[" * n + f'"{key}"' + "]" * n),
    "dashes": (GOOSE, lambda n, key: "- " * (n // 2) + key + "\n"),
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("size", [1, 20], ids=["1 MB", "20 MB"])
def test_nesting(scene, keys, root, name, size):
    path, make = DEEP[name]
    key = keys.kryton()
    homes.write(root, {path: make(size * 500_000, key),
                       WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {path, WINDSURF}
    assert len(reasons(report, path)) == 1


def test_nesting_in_a_property_list(scene, keys, root):
    key = keys.kryton()
    deep = "<array>" * 100_000 + f"<string>{key}</string>"
    homes.write(root, {AGENT: '<?xml version="1.0"?><plist version="1.0">'
                       + deep + "</array>" * 100_000 + "</plist>"})
    report = homes.audit(scene, root, "macos")
    assert {place[0] for place in places(report)} == {AGENT}


def test_empty_files(scene, root):
    paths = {path for entries in homes.CLIENTS.values()
             for platform, path, _ in entries if platform == "linux"}
    # The project's are found, as its list is not empty.
    paths -= {CLAUDE}
    homes.write(root, {path: "" for path in paths})
    homes.write(root, {CLAUDE: json.dumps(
        {"projects": {"/home/alex/code/app": {}}})})
    report = homes.audit(scene, root)
    assert report.findings == []
    assert report.violations == []
    assert report.complete
    assert report.notes_of_files == []
    assert report.files == len(paths) + 1
    assert report.code == 0


@pytest.mark.parametrize("content", [
    b"\0", b"\0" * 5000, b"\n\n", b" ", b"null", b"0", b'""', b"[]", b"{}",
    b"true", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff" * 100, b"{", b"}", b"---",
    b"<", b"bplist00", b"\x7fELF"], ids=repr)
@pytest.mark.parametrize("path", [CURSOR, GOOSE, CODEX, AGENT])
def test_nothing_much(scene, root, path, content):
    homes.write(root, {path: content})
    report = homes.audit(scene, root,
                         "macos" if path == AGENT else "linux")
    assert (report.findings, report.violations) == ([], [])
    assert report.code == 0


def test_zero_bytes(scene, keys, root):
    key = keys.kryton()
    text = text_of(key)
    homes.write(root, {CURSOR: text.replace('"env"', '"en\0v"'),
                       WINDSURF: "\0\0" + text_of(keys.kryton()) + "\0"})
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {CURSOR, WINDSURF}


ODD = [None, True, 7, 1e400, -0.5, "", "text", [], {}, ["a"], [[]], [None],
       [{}], {"a": None}, {"": ""}, {"a": []}, {"a": {"a": {}}}]


def odd_servers():
    yield from ODD
    for odd in ODD:
        yield {"one": odd}
        yield [odd]
        for field in ("command", "args", "env", "headers", "url", "type",
                      "serverUrl", "autoApprove", "alwaysAllow", "tools",
                      "envFile", "inputs", "transport", "name",
                      "requestOptions"):
            yield {"one": {"command": "a", field: odd}}
            yield {"one": {"url": "https://example.net", field: odd}}


def test_tables_of_the_wrong_type(scene, keys, root):
    """Each in a file of its own, beside a server that is as it should be."""
    files = {}
    for i, odd in enumerate(odd_servers()):
        path = f".cursor/plugins/cache/odd/{i:04}/mcp.json"
        files[path] = json.dumps({"mcpServers": odd, "servers": odd}).replace(
            "Infinity", "1e400")
    homes.write(root, files | {CURSOR: text_of(keys.kryton())})
    report = homes.audit(scene, root)
    assert places(report) == [(CURSOR, 6, *AT)]
    assert report.complete
    assert report.notes_of_files == []
    assert report.files == len(files) + 1


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_settings_of_the_wrong_type(scene, root, odd):
    odd = 7 if odd == 1e400 else odd
    homes.write(root, {
        CLAUDE: json.dumps({"projects": odd, "mcpServers": odd}),
        ".claude/settings.json": json.dumps({"env": odd, "permissions": odd}),
        ".claude/settings.local.json": json.dumps(
            {"permissions": {"allow": odd, "defaultMode": odd}}),
        ".cline/data/secrets.json": json.dumps(odd),
        ".config/opencode/opencode.json": json.dumps(
            {"mcp": odd, "provider": odd, "permission": odd}),
        ".config/ngrok/ngrok.yml": json.dumps(
            {"tunnels": odd, "endpoints": odd, "agent": odd}),
        ".cloudflared/config.yml": json.dumps({"ingress": odd, "url": odd}),
    })
    report = homes.audit(scene, root)
    assert report.findings == []
    assert report.complete


# Places that are no files, or cannot be read.


@as_user
def test_unreadable_file_and_folder(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton()),
                       WINDSURF: text_of(keys.kryton()),
                       ".claude/projects/a/one.jsonl": keys.kryton()})
    (root / CURSOR).chmod(0)
    (root / ".claude/projects/a").chmod(0)
    try:
        report = homes.audit(scene, root)
    finally:
        (root / ".claude/projects/a").chmod(0o700)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert not report.complete
    assert sorted(report.notes_of_files) == [
        (".claude/projects/a", "Permission denied", True),
        (CURSOR, "Permission denied", True)]
    assert report.code == 1


@as_user
def test_home_that_cannot_be_entered(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton())})
    root.chmod(0)
    try:
        ended = homes.run_audit(scene, root, "linux")
    finally:
        root.chmod(0o700)
    assert ended.code in (2, 3)
    assert "Permission denied" in ended.err + ended.text


def test_missing_home(scene):
    ended = scene.run("audit", "--root", "gone")
    assert ended.code == 2
    assert ended.out == b""
    assert ended.err == "keytidy: gone: No such file or directory\n"


def test_home_that_is_a_file(scene):
    scene.write("file", "text\n")
    ended = scene.run("audit", "--root", "file")
    assert ended.code == 2
    assert ended.out == b""
    assert ended.err == "keytidy: file: not a folder\n"


@pytest.mark.parametrize("value", [None, "", "relative", "/nowhere/at/all"])
def test_no_home_of_ones_own(scene, value):
    env = scene.environment()
    del env["HOME"]
    if value is not None:
        env["HOME"] = value
    done = subprocess.run([PROGRAM, "audit"], env=env, cwd=scene.dir,
                          capture_output=True, check=False, timeout=PATIENCE)
    assert done.returncode == 2
    assert done.stdout == b""
    assert b"HOME" in done.stderr or b"/nowhere/at/all" in done.stderr


def test_empty_home(scene, root):
    report = homes.audit(scene, root)
    assert report.findings == []
    assert report.violations == []
    assert report.files == 0
    assert report.complete
    ended = homes.run_audit(scene, root, "linux")
    assert ended.err == ""
    assert ended.code == report.code
    assert "0 files" in ended.text


def test_loops_of_links(scene, keys, root):
    homes.write(root, {WINDSURF: text_of(keys.kryton()),
                       ".claude/projects/a/one.jsonl": keys.kryton(),
                       ".cursor/plugins/cache/a/mcp.json": text_of(
                           keys.kryton())})
    (root / CURSOR).symlink_to("mcp.json")
    (root / ".claude/projects/a/up").symlink_to("..")
    (root / ".cursor/plugins/cache/a/b").symlink_to("../../cache")
    (root / ".cursor/plugins/local").symlink_to("local")
    (root / ".codex").symlink_to(".gemini")
    (root / ".gemini").symlink_to(".codex")
    report = homes.audit(scene, root)
    assert sorted(place[0] for place in places(report)) == [
        ".claude/projects/a/one.jsonl", WINDSURF,
        ".cursor/plugins/cache/a/mcp.json"]
    said, = reasons(report, CURSOR)
    assert "link" in said


def test_link_out_of_the_home(scene, keys, root):
    homes.write(scene.dir, {"outside/mcp.json": text_of(keys.kryton())})
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    (root / ".cursor").mkdir(mode=0o700)
    (root / CURSOR).symlink_to("../../outside/mcp.json")
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.notes_of_files == [
        (CURSOR, "a symbolic link out of the home folder", False)]


def test_folder_that_is_a_link_out_of_the_home(scene, keys, root):
    homes.write(scene.dir, {"outside/mcp.json": text_of(keys.kryton()),
                            "outside/plugins/cache/a/mcp.json": text_of(
                                keys.kryton())})
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    (root / ".cursor").symlink_to("../outside")
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert any("link" in reason for _, reason, _ in report.notes_of_files)


def test_project_that_is_a_link_out_of_the_home(scene, keys, root):
    homes.write(scene.dir, {"outside/.mcp.json": text_of(keys.kryton())})
    homes.write(root, {CLAUDE: json.dumps(
        {"projects": {"/home/alex/code/app": {}}})})
    (root / "code").mkdir(mode=0o700)
    (root / "code/app").symlink_to("../../outside")
    assert homes.audit(scene, root).findings == []


def test_link_within_the_home(scene, keys, root):
    """As tools for dotfiles make them: the file is read once."""
    homes.write(root, {"settings/mcp.json": text_of(keys.kryton())})
    (root / ".cursor").mkdir(mode=0o700)
    (root / CURSOR).symlink_to("../settings/mcp.json")
    report = homes.audit(scene, root)
    assert places(report) == [(CURSOR, 6, *AT)]
    assert report.notes_of_files == []
    assert report.files == 1


def test_folder_that_is_a_link_within_the_home(scene, keys, root):
    homes.write(root, {"settings/cursor/mcp.json": text_of(keys.kryton())})
    (root / ".cursor").symlink_to("settings/cursor")
    assert places(homes.audit(scene, root)) == [(CURSOR, 6, *AT)]


def test_two_links_to_one_file(scene, keys, root):
    homes.write(root, {"settings/mcp.json": text_of(keys.kryton())})
    for path in (CURSOR, WINDSURF):
        (root / path).parent.mkdir(mode=0o700, parents=True)
        (root / path).symlink_to(root / "settings/mcp.json")
    report = homes.audit(scene, root)
    assert len(places(report)) == 1
    assert report.files == 1


def test_hard_link(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton())})
    (root / WINDSURF).parent.mkdir(mode=0o700, parents=True)
    os.link(root / CURSOR, root / WINDSURF)
    report = homes.audit(scene, root)
    assert len(places(report)) == 1
    assert report.files == 1


def opened(scene, *args):
    """The paths that a run opens."""
    return [match[1] for call in system_calls(
        scene, "open,openat,openat2", *args)
            for match in [re.search(r'"([^"]*)"', call)] if match]


def test_pipes_are_not_opened(scene, keys, root):
    homes.write(root, {
        CLAUDE: json.dumps({"projects": {"/home/alex/code/app": {}}}),
        WINDSURF: text_of(keys.kryton()), "code/app/README.md": "# app\n"})
    (root / ".cursor").mkdir(mode=0o700)
    for path in (".env", "code/app/.env", CURSOR):
        os.mkfifo(root / path, 0o600)
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.complete
    for path in (".env", "code/app/.env", CURSOR):
        said, = reasons(report, path)
        assert said.startswith("a pipe")


def test_sockets_and_devices_are_not_opened(scene, keys, root):
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    (root / ".cursor").mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.getcwd()
        os.chdir(root / ".cursor")  # its path may not be long
        try:
            listener.bind("mcp.json")
        finally:
            os.chdir(here)
        (root / CLAUDE).symlink_to("/dev/zero")
        report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.notes_of_files == [
        (CLAUDE, "a symbolic link out of the home folder", False),
        (CURSOR, "not a regular file", False)]
    assert report.complete


@as_root
def test_devices_are_not_opened(scene, keys, root):
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    try:
        os.mknod(root / CLAUDE, 0o600 | stat.S_IFCHR, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no devices can be made here")
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.notes_of_files == [(CLAUDE, "not a regular file", False)]


def test_folders_in_place_of_files(scene, keys, root):
    paths = {path for entries in homes.CLIENTS.values()
             for platform, path, _ in entries if platform == "linux"}
    for path in paths - {WINDSURF}:
        (root / path).mkdir(parents=True, mode=0o700)
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.complete
    assert report.notes_of_files == []


def test_files_in_place_of_folders(scene, keys, root):
    homes.write(root, {name: keys.kryton() for name in (
        ".cursor", ".config", ".claude", ".gemini", "code", "etc")})
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.complete


# Projects that clients recorded.


def recorded(*paths):
    return json.dumps({"projects": {path: {} for path in paths}})


@pytest.mark.parametrize("make", [
    lambda root: f"{root}/../outside", lambda root: f"{root.parent}/outside",
    lambda root: "/home/alex/../../outside", lambda root: "/home/../outside",
    lambda root: "../outside", lambda root: "outside", lambda root: "/",
    lambda root: "", lambda root: "~/../outside", lambda root: "/home/alex/..",
    lambda root: f"file://{root.parent}/outside",
    lambda root: f"file://{root}/%2e%2e/outside",
    lambda root: f"{root}/code/../../outside", lambda root: "//", lambda root:
    "\\\\server\\share", lambda root: "C:\\..\\outside", lambda root: "~",
    lambda root: "file:///%", lambda root: "file:///%zz",
    lambda root: "x" * 100_000, lambda root: "/home/alex/" + "x/" * 50_000,
    lambda root: "/home/alex/\0x", lambda root: "/home/alex/\n"],
    ids=lambda value: None)
def test_projects_outside_are_not_read(scene, keys, root, make):
    homes.write(scene.dir, {"outside/.mcp.json": text_of(keys.kryton()),
                            ".mcp.json": text_of(keys.kryton())})
    homes.write(root, {CLAUDE: recorded(make(root)), ".mcp.json": text_of(
        keys.kryton()), WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} <= {WINDSURF, ".mcp.json"}
    assert WINDSURF in {place[0] for place in places(report)}
    assert report.complete


@pytest.mark.parametrize("make", [
    lambda root: f"{root}/code/app", lambda root: "/home/alex/code/app",
    lambda root: "/Users/alex/code/app", lambda root: "/root/code/app",
    lambda root: "C:\\Users\\alex\\code\\app",
    lambda root: "file:///home/alex/code/app",
    lambda root: "file:///c%3A/Users/alex/code/app",
    lambda root: "/home/alex/code/app/", lambda root: "~/code/app"],
    ids=["below the copy", "linux", "macos", "root", "windows", "address",
         "address of windows", "slash", "tilde"])
def test_projects_of_a_copy_are_read(scene, keys, root, make):
    homes.write(root, {CLAUDE: recorded(make(root)),
                       "code/app/.mcp.json": text_of(keys.kryton())})
    assert places(homes.audit(scene, root)) == [
        ("code/app/.mcp.json", 6, "claude-code", "kryton",
         "env.KRYTON_TOKEN")]


def test_many_projects(scene, keys, root):
    names = [f"work/{i:03}" for i in range(300)]
    homes.write(root, {CLAUDE: recorded(
        *(f"/home/alex/{name}" for name in names))})
    homes.write(root, {f"{name}/.mcp.json": text_of(keys.kryton())
                       for name in names})
    report = homes.audit(scene, root)
    assert [place[0] for place in places(report)] == [
        f"{name}/.mcp.json" for name in names]
    assert report.complete


# Files that grow when they are read.


def test_bomb_of_aliases(scene, keys, root):
    lines = ['a0: &a0 ["x","x","x","x","x","x","x","x","x","x"]']
    lines += [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]"
              for i in range(1, 12)]
    homes.write(root, {GOOSE: "\n".join(lines) + "\nextensions: *a11\n"
                       f"# {keys.kryton()}\n",
                       WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root)
    assert {place[0] for place in places(report)} == {GOOSE, WINDSURF}


def test_alias_of_itself(scene, keys, root):
    homes.write(root, {GOOSE: "extensions: &a\n  one: *a\n"
                       f"# {keys.kryton()}\n"})
    assert {place[0] for place in places(homes.audit(scene, root))} == {GOOSE}


def test_bomb_of_entities(scene, keys, root):
    entities = ['<!ENTITY a0 "xxxxxxxxxx">'] + [
        f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12)]
    homes.write(root, {AGENT: '<?xml version="1.0"?>\n<!DOCTYPE plist ['
                       + "\n".join(entities) + ']>\n<plist version="1.0">'
                       "<dict><key>Label</key><string>&a11;</string>"
                       f"<!-- {keys.kryton()} --></dict></plist>\n",
                       WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root, "macos")
    assert {place[0] for place in places(report)} == {AGENT, WINDSURF}


def test_entities_from_outside(scene, keys, root):
    homes.write(scene.dir, {"outside.txt": keys.kryton()})
    homes.write(root, {AGENT: '<?xml version="1.0"?>\n<!DOCTYPE plist ['
                       f'<!ENTITY a SYSTEM "file://{scene.dir}/outside.txt">'
                       ']>\n<plist version="1.0"><dict><key>A</key>'
                       "<string>&a;</string></dict></plist>\n"})
    assert homes.audit(scene, root, "macos").findings == []


def binary_plist(objects, *, count=None, top=0):
    """Of objects that are encoded already; references are of two bytes."""
    data = b"bplist00"
    offsets = []
    for one in objects:
        offsets.append(len(data))
        data += one
    table = len(data)
    data += b"".join(struct.pack(">I", offset) for offset in offsets)
    return data + struct.pack(">6xBBQQQ", 4, 2, count or len(objects), top,
                              table)


def array_of(*references):
    assert len(references) < 15
    return bytes([0xa0 | len(references)]) + struct.pack(
        f">{len(references)}H", *references)


BINARY = {
    "bomb": binary_plist([array_of(*[i + 1] * 10) for i in range(12)]
                         + [b"\x51x"]),
    "itself": binary_plist([array_of(0)]),
    "two of each other": binary_plist([array_of(1), array_of(0)]),
    "outside": binary_plist([array_of(9)]),
    "more objects than bytes": binary_plist([b"\x51x"], count=1 << 40),
    "top outside": binary_plist([b"\x51x"], top=7),
    "huge text": binary_plist([b"\x5f\x13" + struct.pack(">Q", 1 << 62)]),
    "huge data": binary_plist([b"\x4f\x13" + struct.pack(">Q", 1 << 62)]),
    "huge array": binary_plist([b"\xaf\x13" + struct.pack(">Q", 1 << 62)]),
    "huge table": binary_plist([b"\xdf\x13" + struct.pack(">Q", 1 << 62)]),
    "deep": binary_plist([array_of(i + 1) for i in range(60000)]
                         + [b"\x51x"]),
    "half": binary_plist([b"\x51x"])[:-9],
}


@pytest.mark.parametrize("fmt", [plistlib.FMT_XML, plistlib.FMT_BINARY],
                         ids=["text", "binary"])
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_property_lists_are_alike(scene, keys, root, system, fmt):
    """In the binary form the byte in front of a text is its length, and may
    look like a letter of it."""
    key = keys.of(system.name)
    homes.write(root, {AGENT: plistlib.dumps({
        "Label": "com.example.notes",
        "ProgramArguments": ["/opt/servers/start"],
        "EnvironmentVariables": {system.variable: key}}, fmt=fmt)})
    report = homes.audit(scene, root, "macos")
    assert report.rules == [system.rule]
    assert report.place["client"]["name"] == "launchd"
    assert report.place["client"]["slot"].endswith(system.variable)
    assert [one["finding"] for one in report.violations_of("SVC-ENV")] == [
        report.finding["id"]]


@pytest.mark.parametrize("name", BINARY)
def test_binary_property_lists(scene, keys, root, name):
    homes.write(root, {AGENT: BINARY[name],
                       WINDSURF: text_of(keys.kryton())})
    report = homes.audit(scene, root, "macos")
    assert {place[0] for place in places(report)} == {WINDSURF}
    assert report.complete


def test_huge_binary_property_list(scene, keys, root):
    key = keys.kryton()
    document = {"EnvironmentVariables": {"KRYTON_TOKEN": key},
                "ProgramArguments": ["/opt/servers/kryton"],
                "Rest": [str(i) for i in range(200_000)]}
    homes.write(root, {AGENT: plistlib.dumps(document,
                                             fmt=plistlib.FMT_BINARY)})
    report = homes.audit(scene, root, "macos")
    assert len(report.findings) == 1
    assert report.complete


def test_settings_larger_than_any_person_writes(scene, keys, root):
    key = keys.kryton()
    document = {"notes": "x " * (10 << 20), **servers(key)}
    homes.write(root, {CURSOR: json.dumps(document)})
    report = homes.audit(scene, root)
    assert report.rules == ["kryton-api-key"]
    said, = reasons(report, CURSOR)
    assert "scanned as text" in said


# Names.

CONTROLS = "".join(map(chr, [*range(1, 32), 127, 0x85, 0x9b, 0x202e]))


def everything(scene, root, *args, platform="linux"):
    """(name, standard output and error) of all formats."""
    for format_ in [*FORMATS, "human --all"]:
        ended = homes.run_audit(scene, root, platform, "--format",
                                *format_.split(), *args)
        assert ended.code in (0, 1), (format_, ended.err)
        yield format_, ended.out.decode() + ended.err


def test_long_names_of_servers(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton(), "x" * LONG)})
    report = homes.audit(scene, root)
    assert report.rules == ["kryton-api-key"]
    ended = homes.run_audit(scene, root, "linux", "--all")
    assert ended.code == 1
    assert len(ended.out) < LONG


def test_control_characters_in_names(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton(), f"a{CONTROLS}b"),
                       ".claude/projects/a\x1b[2Jb\n/c\r.jsonl":
                           keys.kryton() + "\n"})
    for name, shown in everything(scene, root):
        # What programs read may hold what JSON and XML allow.
        people = name.startswith(("human", "markdown"))
        bad = [one for one in CONTROLS if one in shown and one != "\n"
               and (people or one < " " and one not in "\t\r")]
        assert bad == [], name


def keys_in_names(scene, keys, root):
    made = [keys.kryton() for _ in range(9)]
    values = iter(made)
    document = {"mcpServers": {
        next(values): server(next(values)),
        "two": {"command": next(values), "args": [
            "--token", next(values), next(values)],
            "env": {next(values): next(values)}},
        "three": {"url": f"https://{next(values)}.example.net/mcp"}}}
    homes.write(root, {
        CURSOR: json.dumps(document, indent=1),
        f".claude/projects/{next(values)}/a.jsonl": keys.kryton()})
    return made


def test_keys_in_names(scene, keys, root):
    made = keys_in_names(scene, keys, root)
    for name, shown in everything(scene, root):
        for i, key in enumerate(made):
            assert key not in shown, (name, i)
            assert key[20:] not in shown, (name, i)


@pytest.mark.parametrize("glue", ["A_{}", "{}_x", "a{}b", "s {}"])
@pytest.mark.parametrize("kind", ["kryton", "konstantly", "opaque"])
def test_names_made_of_the_key_itself(scene, keys, root, glue, kind):
    """Glued to letters no rule takes it for a key."""
    key = keys.pick("0123456789abcdef", 40) if kind == "opaque" \
        else keys.of(kind)
    name = glue.format(key)
    homes.write(root, {CURSOR: json.dumps({"mcpServers": {
        "notes": {"command": "npx", "args": ["-y", "notes-mcp"],
                  "env": {name + "_TOKEN": key}},
        name: {"url": "http://notes.example.com/mcp",
               "headers": {"Authorization": "Bearer " + key}}}}, indent=2)})
    for shown_by, shown in everything(scene, root):
        assert key not in shown, shown_by
    scene.run("audit", "--root", root, "--record", "--inventory", "keys.db")
    scene.run("scan", root, "--record", "--inventory", "keys.db")
    for path in scene.dir.glob("keys.db*"):
        assert key.encode() not in path.read_bytes()


def test_keys_in_names_of_projects(scene, keys, root):
    key = keys.kryton()
    homes.write(root, {
        CLAUDE: recorded(f"/home/alex/{key}", "/home/alex/code"),
        f"{key}/.mcp.json": text_of(keys.kryton()),
        f"work/.continue/mcpServers/{key}.json": text_of(keys.kryton())})
    for name, shown in everything(scene, root):
        assert key not in shown, name


def test_keys_in_broken_files_are_not_quoted(scene, keys, root):
    made = [keys.kryton() for _ in range(4)] + [
        keys.pick("0123456789abcdef", 40)]
    homes.write(root, {
        CURSOR: f'{{"mcpServers": {made[0]}\n',
        GOOSE: f"extensions: {{ {made[1]}: [\n",
        CODEX: f"[mcp_servers]\n{made[2]} {made[2]}\n",
        ".gemini/.env": f"{made[3]} {made[3]}\n",
        ".qwen/settings.json": f'{{"apiKey": "{made[4]}", }} }} {made[4]}\n'})
    for name, shown in everything(scene, root):
        for key in made:
            assert key not in shown, name


def escaped(text):
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


COPIES = {
    "in another field": lambda key: '"note": "%s"' % key,
    "in a field of no name": lambda key: '"": "%s"' % key,
    "in a list": lambda key: '"tags": ["a", "%s"]' % key,
    "in a name": lambda key: '"%s": 1' % key,
    "in a comment": lambda key: '"a": 1 /* %s */' % key,
    "in an address": lambda key: '"url": "https://example.net/%s/mcp"' % key,
    "in a command": lambda key: '"args": ["run", "%s"]' % key,
    "after a word": lambda key: '"note": "was: %s, is"' % key,
}


@pytest.mark.parametrize("kind", ["opaque", "kryton"])
@pytest.mark.parametrize("name", COPIES)
def test_a_key_beside_itself(scene, keys, root, name, kind):
    """All in one line, so that what is shown of one shows the other."""
    key = homes.Tokens(f"{name} {kind}").of(kind)
    homes.write(root, {CURSOR: '{"mcpServers": {"a": {"command": "b", %s, '
                       '"env": {"NOTES_API_KEY": "%s"}, "x": 1, %s}}}\n' % (
                           COPIES[name](key), key, COPIES[name](key))})
    assert len(homes.audit(scene, root).findings) >= 1
    for format_, shown in everything(scene, root):
        assert key not in shown, format_
        assert key[len(key) // 2:] not in shown, format_


def test_a_key_that_is_written_with_escapes(scene, keys, root):
    key = homes.Tokens("escapes").opaque()
    homes.write(root, {CURSOR: json.dumps(servers("KEY")).replace(
        "KEY", escaped(key))})
    report = homes.audit(scene, root)
    assert [place[2:] for place in places(report)] == [AT]
    for format_, shown in everything(scene, root):
        assert key not in shown, format_
        assert escaped(key) not in shown, format_
        assert escaped(key).replace("\\", "\\\\") not in shown, format_


def test_keys_beside_each_other(scene, keys, root):
    """Opaque ones too, of several servers in one line."""
    made = [homes.Tokens(f"beside {i}").opaque() for i in range(8)]
    homes.write(root, {CURSOR: json.dumps({"mcpServers": {
        f"s{i}": {"command": "a", "env": {"NOTES_API_KEY": key}}
        for i, key in enumerate(made)}})})
    assert len(homes.audit(scene, root).findings) == len(made)
    for format_, shown in everything(scene, root):
        for key in made:
            assert key not in shown, format_


# Nothing is run.


@functools.cache
def strace_works():
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], check=False,
                          capture_output=True).returncode == 0


needs_strace = pytest.mark.skipif(not strace_works(),
                                  reason="strace is not there, or not allowed")


def system_calls(scene, which, *args):
    """The lines of a trace of these system calls, over all threads."""
    trace = scene.home / "trace"
    # The leak check of a sanitizer build does not work while it is traced.
    env = scene.environment({"ASAN_OPTIONS": "detect_leaks=0"})
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", f"trace={which}", "-e", "signal=none",
         "-o", trace, PROGRAM, *args], cwd=scene.dir, env=env,
        timeout=PATIENCE, capture_output=True, check=False)
    assert done.returncode in (0, 1, 3), done
    return [re.sub(r"^\d+ +", "", line)
            for line in trace.read_text().splitlines()]


@pytest.fixture(name="trapped")
def home_full_of_commands(scene, keys, root):
    """Each would make the file `ran`."""
    ran = scene.home / "ran"
    trap = scene.home / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\n")
    trap.chmod(0o755)
    shell = {"command": "sh", "args": ["-c", f"touch {ran}"],
             "env": {"KRYTON_TOKEN": keys.kryton(), "A": f"$(touch {ran})"}}
    homes.write(root, {
        CURSOR: json.dumps({"mcpServers": {"a": shell, "b": {
            "command": str(trap)}}}),
        CLAUDE: json.dumps({**recorded_table("/home/alex/code/app"),
                            "mcpServers": {"a": shell}}),
        ".claude/settings.json": json.dumps({
            "apiKeyHelper": str(trap), "hooks": {"SessionStart": [
                {"hooks": [{"type": "command", "command": str(trap)}]}]}}),
        ".config/crush/crushrc": f"touch {ran}\nexport A=$(touch {ran})\n",
        ".bashrc": f"touch {ran}\nexport A=`touch {ran}`\n",
        ".envrc": f"touch {ran}\n",
        ".config/systemd/user/a.service":
            f"[Service]\nExecStart={trap}\nEnvironment=A=b\n",
        ".ssh/config": f"Host *\n  ProxyCommand {trap}\n",
        ".gitconfig": f"[core]\n\tfsmonitor = {trap}\n\tpager = {trap}\n",
        "code/app/.git/HEAD": "ref: refs/heads/main\n",
        "code/app/.git/config":
            f"[core]\n\trepositoryformatversion = 0\n\tfsmonitor = {trap}\n"
            f"[filter \"a\"]\n\tclean = {trap}\n\tsmudge = {trap}\n",
        "code/app/.gitattributes": "* filter=a\n",
        "code/app/.mcp.json": json.dumps({"mcpServers": {"a": shell}}),
        ".local/bin/claude": trap.read_bytes(),
    })
    (root / ".local/bin/claude").chmod(0o755)
    (root / "code/app/.git/objects").mkdir()
    (root / "code/app/.git/refs").mkdir()
    scene.ran = ran
    return root


def recorded_table(*paths):
    return json.loads(recorded(*paths))


def test_nothing_is_run(scene, trapped):
    report = homes.audit(scene, trapped)
    assert "kryton-api-key" in report.rules
    own = scene.run("audit", "--format", "json",
                    env={"HOME": str(trapped)})
    assert own.code == 1
    assert not scene.ran.exists()


AUDITS = {"copy": ["--root", "home"], "copy, all": ["--root", "home", "--all"],
          "jobs": ["--root", "home", "--jobs", "4", "--format", "sarif"]}


@needs_strace
@pytest.mark.parametrize("name", AUDITS)
def test_no_program_is_started_and_no_connection_opened(scene, trapped, name):
    calls = system_calls(scene, "execve,execveat,fork,vfork,socket,connect",
                         "audit", *AUDITS[name])
    assert len(calls) == 1
    assert calls[0].startswith("execve(")
    assert not scene.ran.exists()


@needs_strace
def test_no_program_is_started_for_ones_own_machine(scene, trapped):
    trace = scene.dir / "trace"
    env = scene.environment({"ASAN_OPTIONS": "detect_leaks=0",
                             "HOME": str(trapped)})
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e",
         "trace=execve,execveat,fork,vfork,socket,connect", "-e",
         "signal=none", "-o", trace, PROGRAM, "audit"], cwd=scene.dir,
        env=env, timeout=PATIENCE, capture_output=True, check=False)
    assert done.returncode in (1, 3), done
    assert len(trace.read_text().splitlines()) == 1
    assert not scene.ran.exists()


@needs_strace
def test_no_file_is_opened_for_writing(scene, trapped):
    calls = system_calls(scene, "open,openat,openat2,creat,unlink,rename,"
                         "mkdir,chmod,fchmod,utimensat", "audit", "--root",
                         "home")
    assert [call for call in calls
            if str(trapped) in call and not re.search("O_RDONLY", call)] == []
    assert [call for call in calls if re.search(
        r"O_WRONLY|O_RDWR|O_CREAT|^(creat|unlink|rename|mkdir|f?chmod|utime)",
        call)] == []


@needs_strace
def test_traced_pipes_are_not_opened(scene, keys, root):
    homes.write(root, {WINDSURF: text_of(keys.kryton())})
    os.mkfifo(root / ".env", 0o600)
    paths = opened(scene, "audit", "--root", "home")
    assert any(path.endswith(WINDSURF) for path in paths)
    assert [path for path in paths if path.endswith(".env")] == []


def snapshot(folder):
    entries = {}
    for top, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(top, name)
            status = os.lstat(path)
            entries[path] = (status.st_ino, status.st_mode, status.st_size,
                             status.st_mtime_ns, status.st_ctime_ns)
    return entries


def test_nothing_is_changed(scene, trapped):
    before = snapshot(trapped), snapshot(scene.home), snapshot(scene.cache)
    assert homes.audit(scene, trapped).code == 1
    assert before == (snapshot(trapped), snapshot(scene.home),
                      snapshot(scene.cache))


# No key leaves, all formats are what they should be, and always the same.


@pytest.fixture(scope="module", name="bad")
def homes_with_all_keys(tmp_path_factory):
    """Of three platforms; no test changes them."""
    scene = Scene(tmp_path_factory.mktemp("bad"))
    return scene, {platform: homes.build(
        scene.dir / f"home-{platform}", platform, "all keys", keys=True)
                   for platform in homes.PLATFORMS}


def forms(key):
    """What a key may look like where it was written in another way; of base64
    what does not hang on the letters around it."""
    raw = key.encode()
    yield from (key, key[::-1], raw.hex(), json.dumps(key)[1:-1],
                urllib.parse.quote(key, safe=""), key.swapcase(),
                key[len(key) // 2:])
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw).decode()
        yield coded[4 if shift else 0:len(coded) // 4 * 4 - 4]


@pytest.mark.parametrize("platform", homes.PLATFORMS)
@pytest.mark.parametrize("format_", [*FORMATS, "human --all"])
def test_no_key_leaves(bad, platform, format_):
    scene, built = bad
    home = built[platform]
    ended = homes.run_audit(scene, home.root, platform, "--format",
                            *format_.split())
    assert ended.code == 1
    shown = ended.out.decode() + ended.err
    # "eyJhbGciOi…" of tokens that sign people in is the same in all.
    for plant in home.plants:
        for form in forms(plant.value):
            assert form not in shown, plant


def test_show_secrets_is_refused_for_a_pipe(bad):
    scene, built = bad
    for format_ in ("human", "json"):
        ended = homes.run_audit(scene, built["linux"].root, "linux",
                                "--show-secrets", "--format", format_)
        assert ended.code == 2
        assert ended.out == b""
        assert ended.err.startswith(
            "keytidy: --show-secrets prints keys in clear")


def test_show_secrets_to_a_file(bad):
    scene, built = bad
    home = built["linux"]
    target = home.root.parent / "audit.json"
    ended = homes.run_audit(scene, home.root, "linux", "--show-secrets",
                            "--format", "json", "--output", target)
    assert (ended.code, ended.out, ended.err) == (1, b"", "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    report = json.loads(target.read_text())
    assert sorted(finding["secret"]["value"] for finding in
                  report["findings"]) == sorted(
                      plant.value for plant in home.plants)


@pytest.mark.parametrize("format_", [*FORMATS, "human --all"])
def test_always_the_same(bad, format_):
    scene, built = bad
    home = built["macos"]
    runs = [homes.run_audit(scene, home.root, "macos", "--format",
                            *format_.split(), "--jobs", jobs).out
            for jobs in ("1", "2", "8", "1", "8")]
    assert runs[1:] == runs[:1] * 4


def test_wherever_the_home_stands(scene, keys):
    key = keys.kryton()
    reports = []
    for name in ("a/home", "b/c/home"):
        root = scene.dir / name
        root.mkdir(parents=True, mode=0o700)
        homes.write(root, {CURSOR: text_of(key), WINDSURF: text_of(key)})
        reports.append(homes.run_audit(scene, root, "linux", "--format",
                                       "json").out)
    assert reports[0] == reports[1]


def test_below_the_working_directory(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton())})
    for shown, args in {"home/": ["--root", "home"],
                        f"{root}/": ["--root", root]}.items():
        ended = scene.run("audit", "--format", "json", *args)
        place = json.loads(ended.out)["findings"][0]["occurrences"][0]
        assert place["path"] == shown + CURSOR
    ended = scene.run("audit", "--format", "json", "--root", ".", cwd=root)
    place = json.loads(ended.out)["findings"][0]["occurrences"][0]
    assert place["path"] == CURSOR


def problems(schema, values, part=None):
    validator = validator_for(json.loads((SOURCE / schema).read_text()), part)
    return [f"{list(error.absolute_path)}: {error.message}"
            for value in values for error in validator.iter_errors(value)]


def output(bad, format_):
    scene, built = bad
    ended = homes.run_audit(scene, built["linux"].root, "linux", "--format",
                            format_)
    assert (ended.code, ended.err) == (1, "")
    return ended.text


def test_json_fits_its_schema(bad):
    report = json.loads(output(bad, "json"))
    assert problems("docs/report.schema.json", [report])[:5] == []
    assert report["audit"]["keys"] == len(bad[1]["linux"].plants)
    ids = {finding["id"] for finding in report["findings"]}
    assert {one["finding"] for one in report["violations"]} - {None} <= ids


def test_json_lines_fit_their_schema(bad):
    lines = [json.loads(line) for line in output(bad, "jsonl").splitlines()]
    assert problems("docs/report.schema.json", lines, "#/$defs/line")[:5] == []
    whole = json.loads(output(bad, "json"))
    for kind, name in (("finding", "findings"), ("violation", "violations")):
        assert [{key: value for key, value in line.items() if key != "type"}
                for line in lines if line["type"] == kind] == whole[name]


def test_sarif_fits_its_schema(bad):
    log = json.loads(output(bad, "sarif"))
    assert problems("tests/data/sarif-schema-2.1.0.json", [log])[:5] == []
    run = log["runs"][0]
    whole = json.loads(output(bad, "json"))
    assert {one["check"] for one in whole["violations"]} <= {
        result["ruleId"] for result in run["results"]}
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {
        result["ruleId"] for result in run["results"]}


def test_junit_parses(bad):
    suites = xml.etree.ElementTree.fromstring(output(bad, "junit"))
    failures = sum(len(suite.findall("testcase/failure"))
                   for suite in suites.iter("testsuite"))
    assert failures == sum(int(suite.get("failures"))
                           for suite in suites.iter("testsuite"))
    assert failures > 0


def test_csv_parses(bad):
    rows = list(csv.DictReader(io.StringIO(output(bad, "csv"), newline=""),
                               strict=True))
    whole = json.loads(output(bad, "json"))
    assert len([row for row in rows if row["record"] == "violation"]) == len(
        whole["violations"])
    assert all(None not in row and None not in row.values() for row in rows)


def test_gitlab_parses(bad):
    report = json.loads(output(bad, "gitlab"))
    found = report["vulnerabilities"]
    assert len({one["id"] for one in found}) == len(found) > 0
    assert {one["category"] for one in found} == {"secret_detection"}


def test_markdown_has_no_ragged_table(bad):
    text = output(bad, "markdown")
    widths = [[row.count("|") - row.count("\\|")
               for row in block.splitlines() if row.startswith("|")]
              for block in text.split("\n\n")]
    assert all(len(set(block)) == 1 for block in widths if block)
    assert any(widths)


def test_first_screen_is_short(bad):
    scene, built = bad
    ended = homes.run_audit(scene, built["linux"].root, "linux")
    lines = ended.text.splitlines()
    assert [line for line in lines if len(line) > 100] == []
    assert len(lines) < 150
    assert "\n10. " in ended.text
    assert "\n11. " not in ended.text
    assert "`--all`" in ended.text


# What may be left out.


def write_config(root, text):
    homes.write(root, {"keytidy.toml": text})


def actions(report):
    return {one["check"]: one["decision"]["action"]
            for one in report.violations}


def unpinned():
    return json.dumps({"mcpServers": {"notes": {
        "command": "npx", "args": ["-y", "@konstantly/mcp-server"]}}})


def test_ignored_check(scene, root):
    homes.write(root, {CURSOR: unpinned()})
    assert actions(homes.audit(scene, root)) == {
        "PKG-UNPINNED": "fail", "PKG-AUTOYES": "fail"}
    write_config(root, '[audit]\nignore = ["PKG-UNPINNED"]\n')
    report = homes.audit(scene, root)
    assert actions(report) == {"PKG-UNPINNED": "ignore",
                               "PKG-AUTOYES": "fail"}
    assert report.code == 1
    ignored, = report.violations_of("PKG-UNPINNED")
    assert "keytidy.toml" in ignored["decision"]["because"]
    write_config(root, '[audit]\nignore = ["PKG-UNPINNED", "PKG-AUTOYES"]\n')
    report = homes.audit(scene, root)
    assert report.code == 0
    assert report.json["audit"]["first"] == []
    shown = homes.run_audit(scene, root, "linux").text
    assert "@konstantly/mcp-server" not in shown


def test_ignored_check_by_another_configuration(scene, root):
    homes.write(root, {CURSOR: unpinned()})
    config = scene.write(
        "own.toml", '[audit]\nignore = ["PKG-UNPINNED", "PKG-AUTOYES"]\n')
    assert homes.audit(scene, root, "linux", "--config", config).code == 0
    assert homes.audit(scene, root).code == 1
    write_config(root, config.read_text())
    assert homes.audit(scene, root).code == 0
    assert homes.audit(scene, root, "linux", "--no-repo-config").code == 1


def test_ignored_check_is_no_ignored_finding(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton()), "keytidy.toml":
                       '[audit]\nignore = ["MCP-PLAIN"]\n'})
    report = homes.audit(scene, root)
    assert report.finding["decision"]["action"] == "fail"
    assert report.code == 1


@pytest.mark.parametrize("own", [True, False], ids=["home", "--config"])
def test_unknown_check(scene, root, own):
    homes.write(root, {CURSOR: unpinned()})
    text = '[audit]\nignore = ["PKG-UNPINED"]\n'
    if own:
        write_config(root, text)
    else:
        scene.write("own.toml", text)
    ended = homes.run_audit(scene, root, "linux",
                            *([] if own else ["--config", "own.toml"]))
    assert ended.code == 2
    assert ended.out == b""
    assert "no check 'PKG-UNPINED'" in ended.err
    assert "did you mean PKG-UNPINNED?" in ended.err


@pytest.mark.parametrize("text", [
    '[audit]\nignore = "PKG-UNPINNED"\n', "[audit]\nignore = [1]\n",
    '[audit]\nignored = ["PKG-UNPINNED"]\n', "audit = 1\n"])
def test_wrong_configuration(scene, root, text):
    write_config(root, text)
    ended = homes.run_audit(scene, root, "linux")
    assert ended.code == 2
    assert ended.out == b""
    assert "keytidy.toml" in ended.err


def test_allowed_finding_has_no_failing_violation(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton())})
    id_ = homes.audit(scene, root).finding["id"]
    write_config(root, f'[[allow]]\nfingerprint = "{id_}"\n'
                 'reason = "made for a test"\n')
    report = homes.audit(scene, root)
    assert set(actions(report).values()) == {"ignore"}
    assert report.code == 0


# Exit codes and options.


def test_exit_codes(scene, keys, root):
    assert homes.audit(scene, root, "linux", "--allow-empty").code == 0
    homes.write(root, {CURSOR: text_of("${env:KRYTON_TOKEN}")})
    assert homes.audit(scene, root).code == 0
    assert homes.audit(scene, root, "linux", "--projects", "gone").code == 3
    assert homes.audit(scene, root, "linux", "--projects", "gone",
                       "--allow-incomplete").code == 0
    homes.write(root, {CURSOR: text_of(keys.kryton())})
    assert homes.audit(scene, root).code == 1
    assert homes.audit(scene, root, "linux", "--projects", "gone").code == 1
    assert homes.audit(scene, root, "linux", "--fail-on", "never").code == 0


def test_fail_on_counts_violations(scene, root):
    homes.write(root, {CURSOR: unpinned()})
    assert homes.audit(scene, root, "linux", "--fail-on", "medium").code == 1
    assert homes.audit(scene, root, "linux", "--fail-on", "high").code == 0


@pytest.mark.parametrize("args, message", [
    (["--platform", "macos"], "--root"),
    (["--root", "home", "--platform", "beos"], "linux, macos, windows"),
    (["--root", "home", "--processes"], "--processes"),
    (["--root", "home", "--clients", "gone.toml"], "gone.toml"),
    (["--root", "home", "--rules", "gone.toml"], "gone.toml"),
    (["--root", "home", "--config", "gone.toml"], "gone.toml"),
    (["--root", ""], "--root"),
    (["--root"], "--root"),
    (["home"], "home"),
    (["--root", "home", "--bogus"], "--bogus"),
], ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_options(scene, root, args, message):
    ended = scene.run("audit", *args)
    assert ended.code == 2
    assert ended.out == b""
    assert message in ended.err


NEW_CLIENT = """\
id = "notepad-ai"
title = "Notepad AI"
kind = "ai"
basis = "K"
sources = ["a test"]
expands = ["%X%"]
reference = "%X%"
restart = "Start it again."
fix = "Put %NAME% in place of the key."

[[file]]
paths = ["~/.notepad/ai.json"]
format = "json"
servers = ["/tools/servers"]
secrets = ["/key"]
"""


def test_client_of_ones_own(scene, keys, root):
    key = keys.kryton()
    opaque = keys.pick("0123456789abcdef", 40)
    homes.write(root, {".notepad/ai.json": json.dumps(
        {"key": opaque, "tools": {"servers": {"kryton": server(key)}}},
        indent=1)})
    scene.write("notepad-ai.toml", NEW_CLIENT)
    assert homes.audit(scene, root, "linux", "--allow-empty").findings == []
    report = homes.audit(scene, root, "linux", "--clients",
                         scene.dir / "notepad-ai.toml")
    assert [place[2:] for place in places(report)] == [
        ("notepad-ai", None, "key"),
        ("notepad-ai", "kryton", "env.KRYTON_TOKEN")]
    assert "%KRYTON_TOKEN%" in " ".join(
        one["fix"] for one in report.violations_of("MCP-PLAIN"))


@pytest.mark.parametrize("text, message", [
    (NEW_CLIENT.replace('"json"', '"jsn"'), "json"),
    (NEW_CLIENT.replace('kind = "ai"\n', ""), "kind"),
    (NEW_CLIENT.replace("paths", "path"), "paths"),
    (NEW_CLIENT + "[[file\n", "notepad-ai.toml"), ("", "notepad-ai.toml")])
def test_wrong_client_of_ones_own(scene, root, text, message):
    scene.write("notepad-ai.toml", text)
    ended = scene.run("audit", "--root", "home", "--clients",
                      "notepad-ai.toml")
    assert ended.code == 2
    assert ended.out == b""
    assert "notepad-ai.toml" in ended.err
    assert message in ended.err


def test_projects_that_nobody_recorded(scene, keys, root):
    homes.write(root, {CURSOR: text_of("${env:KRYTON_TOKEN}")})
    homes.write(scene.dir, {
        "src/.mcp.json": text_of(keys.kryton()),
        "src/one/.cursor/mcp.json": text_of(keys.kryton()),
        "src/one/two/.mcp.json": text_of(keys.kryton())})
    assert homes.audit(scene, root).findings == []
    report = homes.audit(scene, root, "linux", "--projects", "src")
    assert [place[0] for place in places(report)] == [
        "src/.mcp.json", "src/one/.cursor/mcp.json"]
    report = homes.audit(scene, root, "linux", "--projects", "src",
                         "--projects", "src/one/")
    assert [place[0] for place in places(report)] == [
        "src/.mcp.json", "src/one/.cursor/mcp.json", "src/one/two/.mcp.json"]


def test_ones_own_machine(scene, keys, root):
    homes.write(root, {CURSOR: text_of(keys.kryton())})
    homes.write(scene.dir, {"other/.claude.json": text_of(keys.kryton()),
                            "config/goose/config.yaml": "extensions: {}\n"})
    env = {"HOME": str(root), "SOURCE_DATE_EPOCH": str(homes.NOW)}

    def found(**more):
        ended = scene.run("audit", "--format", "json", env={**env, **more})
        assert ended.code in (1, 3), ended
        return {place["path"] for finding in json.loads(ended.out)["findings"]
                for place in finding["occurrences"]
                if place["path"].startswith(str(scene.dir))}
    assert found() == {f"{root}/{CURSOR}"}
    assert found(CLAUDE_CONFIG_DIR=str(scene.dir / "other")) == {
        f"{root}/{CURSOR}", f"{scene.dir}/other/.claude.json"}


def test_variables_say_nothing_of_a_copy(scene, keys, root):
    homes.write(root, {CURSOR: text_of("${env:KRYTON_TOKEN}")})
    homes.write(scene.dir, {
        "other/.claude.json": text_of(keys.kryton()),
        "other/goose/config.yaml": f"extensions: {{}} # {keys.kryton()}\n"})
    report = homes.audit(scene, root, env={
        "CLAUDE_CONFIG_DIR": str(scene.dir / "other"),
        "CODEX_HOME": str(scene.dir / "other"),
        "XDG_CONFIG_HOME": str(scene.dir / "other")})
    assert report.findings == []
    assert report.files == 1
