# SPDX-License-Identifier: Apache-2.0
"""The inventory, the policy over it, and the page for people: from an audit to
a failing policy and back."""

import contextlib
import json
import os
import sqlite3
import stat

import pytest

from scene import Keys

DAY = 86400
NOW = 1_790_000_000


@pytest.fixture
def keys():
    return Keys(11)


class Desk:
    """A home folder with one key of Cursor's, and an inventory."""

    def __init__(self, scene, key):
        self.scene = scene
        self.key = key
        self.home = scene.dir / "home"
        self.db = scene.dir / "inventory.db"
        self.put(key)

    def put(self, key):
        path = self.home / ".cursor" / "mcp.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(self.home, 0o700)
        path.write_text('{"mcpServers": {"kryton": {"url": '
                        '"https://mcp.kryton.ai/mcp", "headers": '
                        f'{{"Authorization": "Bearer {key}"}}}}}}}}\n')
        os.chmod(path, 0o600)

    def run(self, *args, at=NOW):
        return self.scene.run(*args, env={
            "SOURCE_DATE_EPOCH": str(at), "KEYTIDY_INVENTORY": str(self.db),
            "XDG_CONFIG_HOME": str(self.scene.dir / "none")})

    def audit(self, at=NOW, machine="laptop"):
        return self.run("audit", "--root", str(self.home), "--record",
                        "--machine", machine, "-f", "json", at=at)

    def id(self):
        return json.loads(self.audit().out)["findings"][0]["id"]


@pytest.fixture
def desk(scene, keys):
    return Desk(scene, keys.kryton())


def test_there_is_no_inventory_yet(desk):
    for command in (["keys", "list"], ["policy", "check"],
                    ["report", "html"]):
        ended = desk.run(*command)
        assert ended.code == 2
        assert "--record makes one" in ended.err
    assert not desk.db.exists()


def test_an_audit_is_recorded_without_its_keys(desk):
    assert desk.audit().code == 1
    listed = desk.run("keys", "list").text
    assert "Kryton API key" in listed and "1 key;" in listed
    shown = desk.run("keys", "show", desk.id()).text
    assert "laptop:" in shown and "(cursor, server kryton" in shown
    for path in desk.scene.dir.glob("inventory*"):
        assert desk.key.encode() not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_record_nothing_is_written(desk):
    desk.run("audit", "--root", str(desk.home))
    assert not desk.db.exists()


def test_a_key_that_grows_old_fails_the_policy(desk):
    desk.audit(at=NOW)
    first = desk.run("policy", "check")
    assert first.code == 0, first.text
    later = desk.run("policy", "check", at=NOW + 200 * DAY)
    assert later.code == 1
    assert "AGE-N" in later.text
    report = json.loads(desk.run("policy", "check", "-f", "json",
                                 at=NOW + 200 * DAY).out)
    one = [v for v in report["violations"] if v["check"] == "AGE-N"]
    assert len(one) == 1 and one[0]["decision"]["action"] == "fail"
    assert one[0]["finding"] == report["findings"][0]["id"]


def test_a_key_that_is_gone_is_not_judged(desk, keys):
    desk.audit(at=NOW)
    desk.put(keys.kryton())
    desk.audit(at=NOW + 100 * DAY)
    ended = desk.run("policy", "check", at=NOW + 101 * DAY)
    assert ended.code == 0, ended.text
    assert "1 key checked" in ended.text
    assert "2 keys" in desk.run("keys", "list", "--all").text


def test_what_a_person_says_of_a_key(desk):
    desk.audit()
    key = desk.id()
    shown = desk.run("keys", "set", key, "--owner", "ana", "--env",
                     "production", "--tier", "low").text
    assert "ana" in shown and "production" in shown
    # 200 days are too many for any tier but none.
    assert desk.run("keys", "set", key, "--tier", "none").code == 0
    assert desk.run("policy", "check", at=NOW + 200 * DAY).code == 0
    assert desk.run("keys", "set", key, "--tier", "often").code == 2
    assert desk.run("keys", "forget", key).code == 0
    assert desk.run("keys", "show", key).code == 2


def test_an_empty_inventory_proves_nothing(desk):
    desk.put("none")
    desk.audit()
    assert desk.run("policy", "check").code == 3
    assert desk.run("policy", "check", "--allow-empty").code == 0


def test_the_policy_to_begin_with(desk):
    ended = desk.run("policy", "init", "mine.toml")
    assert ended.code == 0
    assert desk.run("policy", "init", "mine.toml").code == 2
    desk.audit()
    assert desk.run("policy", "check", "--config", "mine.toml").code in (0, 1)
    said = desk.run("policy", "explain", desk.id(), "--config",
                    "mine.toml").text
    assert "tier" in said


def test_a_mistake_in_the_policy(desk):
    desk.audit()
    (desk.scene.dir / "bad.toml").write_text("[policy]\nmax_agee = 3\n")
    ended = desk.run("policy", "check", "--config", "bad.toml")
    assert ended.code == 2
    assert "bad.toml:2:1" in ended.err


def test_the_page_for_people(desk):
    desk.audit()
    page = desk.run("report", "html", at=NOW + 10 * DAY).text
    assert page.startswith("<!DOCTYPE html>") or page.startswith(
        "<!doctype html>")
    assert "Kryton API key" in page
    assert desk.key not in page
    assert desk.run("report", "html", at=NOW + 10 * DAY).text == page


def test_a_scan_is_recorded_too(desk):
    ended = desk.run("scan", str(desk.home), "--record", "-f", "json")
    assert ended.code == 1
    assert "Kryton API key" in desk.run("keys", "list").text
    # The same key of an audit is the same key.
    desk.audit()
    assert "1 key;" in desk.run("keys", "list").text


def test_one_key_on_three_machines(desk):
    for machine in ("a", "b", "c"):
        desk.audit(machine=machine)
    shown = desk.run("keys", "show", desk.id()).text
    assert [f" {m}:" in shown for m in ("a", "b", "c")] == [True] * 3


def test_the_secret_in_a_file_of_its_own(desk):
    secret = desk.scene.dir / "secrets" / "team.key"
    desk.scene.write("secrets/none")
    given = ["--inventory-key", str(secret)]
    ended = desk.run("scan", str(desk.home), "--record", *given)
    assert ended.code == 1 and ended.err == ""
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert not (desk.scene.dir / "inventory.key").exists()
    assert "1 key;" in desk.run("keys", "list", *given).text
    # With another one, or none, every key would be a new one.
    before = desk.db.read_bytes()
    other = ["--inventory-key", str(desk.scene.dir / "other.key")]
    for wrong in (other, []):
        ended = desk.run("scan", str(desk.home), "--record", *wrong)
        assert ended.code == 2 and "is missing" in ended.err
    assert desk.db.read_bytes() == before


def test_audit_and_scan_keep_the_same_hints(desk):
    def hints():
        with contextlib.closing(sqlite3.connect(desk.db)) as db:
            return db.execute("SELECT * FROM hints ORDER BY hint").fetchall()
    desk.audit()
    kept = hints()
    assert len(kept) == 5
    assert all(len(hint) == 32 for _, hint in kept)
    desk.run("scan", str(desk.home), "--record")
    assert hints() == kept
    assert desk.run("keys", "forget", desk.id()).code == 0
    assert hints() == []


def test_an_inventory_of_the_first_version_goes_on(desk):
    desk.audit()
    with contextlib.closing(sqlite3.connect(desk.db)) as db:
        db.executescript("DROP TABLE hints; DROP INDEX keys_by_key_id; "
                         "DELETE FROM schema_version WHERE version = 2;")
    before = desk.run("keys", "show", "kt-")
    assert before.code == 0 and "laptop:" in before.text
    desk.audit()
    assert desk.run("keys", "show", "kt-").text == before.text


def test_a_damaged_inventory_is_left_alone(desk):
    desk.db.write_bytes(b"not a database at all " * 100)
    before = desk.db.read_bytes()
    ended = desk.audit()
    assert ended.code == 2
    assert desk.db.read_bytes() == before


@pytest.mark.parametrize("command", ["scan", "audit"])
def test_an_inventory_that_cannot_be_written(scene, keys, command):
    """Is said once; the run's own result stands, and a clean one is not
    complete."""
    scene.write("home/.env", f"KRYTON_TOKEN={keys.kryton()}\n")
    scene.write("plain", "")
    where = ["--root", "home"] if command == "audit" else ["home"]
    args = [command, *where, "--record", "--inventory", "plain/keys.db",
            "-f", "json"]
    ended = scene.run(*args)
    assert ended.code == 1
    assert ended.err.count("keytidy: ") == 1
    assert "; nothing is recorded" in ended.err and "plain" in ended.err
    assert len(json.loads(ended.out)["findings"]) == 1
    scene.write("home/.env", "NOTHING=here\n")
    ended = scene.run(*args)
    assert (ended.code, ended.err.count("keytidy: ")) == (3, 1)
