# SPDX-License-Identifier: Apache-2.0
"""The five systems, wherever a key can stand: found at the very place. Their
documented placeholders are not."""

import gzip
import io
import json
import tarfile
import zipfile

import pytest

from scene import SYSTEMS, git_blob_id

each_system = pytest.mark.parametrize("system", SYSTEMS,
                                      ids=lambda system: system.name)


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return buffer.getvalue()


def tarred(name, content):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as file:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def expect(report, system, key, place, encoding="ascii"):
    """The only finding is `key`, at `place`: what the report must say of it,
    and `raw`, the bytes of the blob that it stands in."""
    raw = place.pop("raw")
    found = report.place
    assert report.code == 1
    assert report.complete
    assert report.rules == [system.rule]
    assert report.finding["provider"] == system.name
    assert report.finding["secret"]["length"] == len(key)
    assert {name: found[name] for name in place} == place
    assert raw[found["start"]:found["end"]].decode(encoding) == key
    assert found["end_line"] == found["line"]
    assert found["end_column"] - found["column"] == (found["end"]
                                                     - found["start"])
    assert found["blob"] == git_blob_id(raw)


@each_system
def test_env_file(scene, keys, system):
    key = keys.of(system.name)
    before = f"# settings\n{system.variable}="
    raw = f"{before}{key}\nDEBUG=1\n".encode()
    scene.write(".env", raw)
    expect(scene.scan(), system, key, {
        "source": "file", "path": ".env", "line": 2,
        "column": len(system.variable) + 2, "start": len(before),
        "end": len(before) + len(key), "raw": raw})


@each_system
def test_json_config(scene, keys, system):
    key = keys.of(system.name)
    config = {"mcpServers": {system.name: {
        "command": "npx", "env": {system.variable: key}}}}
    raw = json.dumps(config, indent=2).encode()
    scene.write("app/.cursor/mcp.json", raw)
    expect(scene.scan("app"), system, key, {
        "source": "file", "path": "app/.cursor/mcp.json", "line": 6,
        "column": len(f'        "{system.variable}": "') + 1,
        "start": raw.index(key.encode()), "raw": raw})


@each_system
def test_zip_in_zip(scene, keys, system):
    key = keys.of(system.name)
    raw = f"{system.variable}={key}\n".encode()
    scene.write("outer.zip", zipped("lib/inner.zip", zipped("app/.env", raw)))
    expect(scene.scan(), system, key, {
        "source": "archive", "path": "outer.zip!lib/inner.zip!app/.env",
        "line": 1, "column": len(system.variable) + 2,
        "start": len(system.variable) + 1, "raw": raw})


@each_system
def test_tar_gz(scene, keys, system):
    key = keys.of(system.name)
    raw = f"\n\n{system.variable}: '{key}'\n".encode()
    scene.write("backup.tar.gz", tarred("etc/app.yaml", raw))
    expect(scene.scan("backup.tar.gz"), system, key, {
        "source": "archive", "path": "backup.tar.gz!etc/app.yaml", "line": 3,
        "column": len(system.variable) + 4,
        "start": len(system.variable) + 5, "raw": raw})


@each_system
def test_utf_16(scene, keys, system):
    key = keys.of(system.name)
    text = f"# \u00fc\U0001f511\r\n{system.variable}={key}\r\n"
    raw = b"\xff\xfe" + text.encode("utf-16-le")
    scene.write("notes.txt", raw)
    # The mark, "# ", an umlaut, a key of two units, CR and LF; and columns
    # count bytes.
    start = 2 + 14 + 2 * (len(system.variable) + 1)
    expect(scene.scan(), system, key, {
        "source": "file", "path": "notes.txt", "line": 2,
        "column": 2 * (len(system.variable) + 1) + 1, "start": start,
        "end": start + 2 * len(key), "raw": raw}, "utf-16-le")


@each_system
def test_utf_32(scene, keys, system):
    key = keys.of(system.name)
    text = f"\U0001f511\n{system.variable}={key}\n"
    raw = b"\0\0\xfe\xff" + text.encode("utf-32-be")
    scene.write("notes.txt", raw)
    start = 4 + 8 + 4 * (len(system.variable) + 1)
    expect(scene.scan(), system, key, {
        "source": "file", "path": "notes.txt", "line": 2,
        "column": 4 * (len(system.variable) + 1) + 1, "start": start,
        "end": start + 4 * len(key), "raw": raw}, "utf-32-be")


@each_system
def test_standard_input(scene, keys, system):
    key = keys.of(system.name)
    raw = f"one\ntwo\nexport {system.variable}=\"{key}\"".encode()
    expect(scene.scan("-", stdin=raw), system, key, {
        "source": "stdin", "path": "-", "line": 3,
        "column": len(f'export {system.variable}="') + 1,
        "start": len(f'one\ntwo\nexport {system.variable}="'), "raw": raw})


def test_a_compressed_file(scene, keys):
    raw = f"T={keys.kryton()}\n".encode()
    scene.write("dump.sql.gz", gzip.compress(raw))
    place = scene.scan().place
    assert place["path"] == "dump.sql.gz!dump.sql"
    assert (place["source"], place["start"]) == ("archive", 2)


def test_one_key_in_two_files_is_one_finding(scene, keys):
    key = keys.konstantly()
    scene.write("a.env", f"KEY={key}\n")
    scene.write("b/b.env", f"\n  KEY={key}\n")
    finding = scene.scan().finding
    assert [(place["path"], place["line"], place["column"])
            for place in finding["occurrences"]] == [("a.env", 1, 5),
                                                     ("b/b.env", 2, 7)]


def test_the_id_of_a_key_is_the_same_everywhere(scene, keys):
    key = keys.kryton()
    scene.write("first/a.txt", key)
    scene.write("second/b.txt", "\n\n" + key)
    first = scene.scan("first").finding["id"]
    assert scene.scan("second").finding["id"] == first


def test_sk_live_whose_provider_is_named_nowhere(scene, keys):
    scene.write("a.env", f"API_KEY={keys.kataven()}\n")
    finding = scene.scan().finding
    assert finding["rule"] == "sk-live-key"
    assert "provider stays open" in finding["title"]


PLACEHOLDERS = {
    "kataven": """
        KATAVEN_API_KEY=sk_live_acme_...
        KATAVEN_API_KEY=sk_live_acme_AbCd1234secretportionhere
        KATAVEN_API_KEY=sk_live_acme_AbCd1234secretportionhere\u2026
        KATAVEN_API_KEY=sk_live_\u2026
        data-client-key="pk_live_..."
        data-client-key="pk_live_acme_xxxxxxxxxxxxxxxxxxxxxxxxxx"
        Authorization: Bearer $KATAVEN_API_KEY
        `Bearer ${process.env.KATAVEN_SECRET_KEY}`
        Authorization: Bearer eyJhbGciOiJSUzI1NiIs...
        Authorization: <api-key>
        https://api.kataven.ai/v1/agents/<agent uuid>
        """,
    "karzoun": """
        KARZOUN_APP_TOKEN=YOUR_APP_TOKEN_JWT
        "KARZOUN_APP_TOKEN": "YOUR_APP_TOKEN"
        x-app-token: YOUR_TOKEN
        x-app-token: YOUR_APP_JWT
        KARZOUN_APP_TOKEN=<YOUR_APP_JWT>
        KARZOUN_APP_TOKEN=<your-app-token>
        KARZOUN_APP_TOKEN=<paste-app-token-from-/developer/apps>
        KARZOUN_APP_TOKEN=\u0631\u0645\u0632_API_\u0627\u0644\u062e\u0627\u0635
        "x-app-token": "${env:KARZOUN_APP_TOKEN}"
        https://YOUR_SUBDOMAIN.api.karzoun.chat/mcp
        """,
    "konstantly": """
        KONSTANTLY_MCP_KEY=kmcp_...
        KONSTANTLY_MCP_KEY=kmcp_a8f3b2k9X7yZqWpL3mN8RvU2sT5dH6jK4F1gA9oP
        KONSTANTLY_URL=https://your-instance.konstantly.com
        ATTACKMCP_ENABLED=1
        SMARTFRAMEWORKMCP_PASOE_URL=https://db.internal
        mcp__EpikMCP__search
        MOCKMCP_TOKEN=${KMCP_TOKEN}
        """,
    "corcava": """
        CORCAVA_API_KEY=YOUR_API_KEY
        "CORCAVA_API_KEY": "YOUR_API_KEY_HERE"
        https://mcp.corcava.com Authorization: Bearer YOUR_API_KEY
        https://app.corcava.com/mcp Authorization: Bearer YOUR_API_KEY_HERE
        https://corcava.com/api/v1 Authorization: Bearer IHR_API_KEY
        CORCAVA_API_KEY=IHR_API_KEY
        https://your-domain.com/api/v1
        """,
    "kryton": """
        KRYTON_TOKEN=kryton_...
        KRYTON_TOKEN=kryton_your_key_here
        KRYTON_TOKEN=kryton_a1b2c3d4e5f6...
        Authorization: Bearer kryton_<your-api-key>
        KRYTON_TOKEN=kryton_xxxx...
        kryton_abc123 kryton_test1234 kryton_abcdef1234567890
        kryton_aaa kryton_x
        kryton_refresh kryton_server_url kryton_api_key kryton_last_sync_at
        kryton_test kryton_http_requests_total kryton_handlers
BETTER_AUTH_SECRET=change-me-to-a-random-64-char-string-use-openssl-rand-hex-32
        KRYTON_PASSWORD=${KRYTON_PASSWORD}
        """,
}


@each_system
def test_documented_placeholders(scene, system):
    scene.write("README.md", PLACEHOLDERS[system.name])
    report = scene.scan("--min-confidence", "low")
    assert report.rules == []
    assert report.code == 0


@pytest.mark.parametrize("make", [
    lambda keys: "kryton_" + keys.pick("0123456789ABCDEF", 64),
    lambda keys: keys.kryton()[:-1],
    lambda keys: keys.kryton() + "0",
    lambda keys: "x" + keys.kryton(),
    lambda keys: keys.konstantly()[:-1],
    lambda keys: keys.konstantly() + "A",
    lambda keys: "c" + keys.konstantly(),
    lambda keys: keys.konstantly().replace("kmcp_", "KMCP_"),
    lambda keys: "x-app-token: ${env:TOKEN}",
    lambda keys: "Authorization: Bearer " + keys.corcava(),
], ids=["kryton-upper", "kryton-short", "kryton-long", "kryton-prefixed",
        "kmcp-short", "kmcp-long", "ckmcp", "kmcp-upper", "reference",
        "bearer-of-nobody"])
def test_near_misses(scene, keys, make):
    scene.write("a.txt", f"value {make(keys)}\n")
    assert scene.scan("--min-confidence", "low").rules == []


def test_a_jwt_far_from_any_name_is_not_karzoun(scene, keys):
    scene.write("a.txt", f"x-app-token: {keys.karzoun()}\n")
    assert scene.scan().rules == ["jwt"]
