# SPDX-License-Identifier: Apache-2.0
"""`policy check` and `policy explain`: every check of docs/policy.md in its bad
form and its good one, several policies at once, and reports in place of an
inventory."""

import json
import os
import sqlite3

import pytest

from gitscene import Repo
from scene import FORMATS, Keys

DAY = 86400
NOW = 1_790_000_000
WAIVER = """[[policy.waiver]]
{what}
owner = "ben"
reason = "the vendor is slow"
until = "{until}"
"""
# The day of NOW, the one before, and one that is far off.
TODAY, YESTERDAY, LATER = "2026-09-21", "2026-09-20", "2030-01-01"


def one_rule(text):
    return f"[[policy.rule]]\n{text}\n"


def server(key, *, args=(), url=None, env=None):
    if url:
        return {"url": url, "headers": {"Authorization": f"Bearer {key}"}}
    return {"command": "npx", "args": ["-y", "pkg@1.2.3", *args],
            "env": env or {}}


class Desk:
    """Files of a home folder, an inventory, and two places for policies."""

    def __init__(self, scene):
        self.scene = scene
        self.home = scene.dir / "home"
        self.home.mkdir(mode=0o700)
        self.db = scene.dir / "inventory.db"
        self.config = scene.dir / "config"

    def put(self, path, content):
        """JSON where it is no text; only its owner may read it."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content if isinstance(content, str)
                          else json.dumps(content))
        os.chmod(target, 0o600)

    def cursor(self, **servers):
        self.put(".cursor/mcp.json", {"mcpServers": servers})

    def policy(self, text):
        self.scene.write("keytidy.toml", text)

    def own_policy(self, text):
        self.scene.write("config/keytidy/keytidy.toml", text)

    def run(self, *args, at=NOW, **options):
        env = {"SOURCE_DATE_EPOCH": str(at), "XDG_CONFIG_HOME":
               str(self.config), "KEYTIDY_INVENTORY": str(self.db)}
        return self.scene.run(*args, env=env | options.pop("env", {}),
                              **options)

    def audit(self, *args, at=NOW):
        ended = self.run("audit", "--root", self.home, "-f", "json", *args,
                         at=at)
        assert ended.code in (0, 1), ended
        return ended.out

    def record(self, at=NOW):
        """Records an audit; the id of the first key."""
        return json.loads(self.audit("--record", "--machine", "desk", at=at)
                          )["findings"][0]["id"]

    def scan(self, *args, at=NOW):
        ended = self.run("scan", self.home, "-f", "json", *args, at=at)
        assert ended.code == 1, ended
        return ended.out

    def set(self, *args):
        for (key,) in self.sql("SELECT id FROM keys"):
            assert self.run("keys", "set", key, *args).code == 0

    def told(self, **facts):
        """What a provider told of every key when it was asked."""
        for name, at in facts.items():
            self.sql(f"UPDATE keys SET fact_{name} = ?", at)

    def sql(self, text, *values):
        with sqlite3.connect(self.db) as db:
            return list(db.execute(text, values))

    def check(self, *args, at=NOW, **options):
        ended = self.run("policy", "check", "-f", "json", *args, at=at,
                         **options)
        assert ended.code in (0, 1, 3) and ended.err == "", ended
        return Judged(ended)

    def found(self, check, **options):
        return self.check(**options).of(check)

    def silent(self, check, **options):
        assert self.found(check, **options) == []

    def fires(self, check, severity, action, **options):
        """Exactly once, and the exit code says whether it fails."""
        judged = self.check(**options)
        found = judged.of(check)
        assert [(one["severity"], one["decision"]["action"])
                for one in found] == [(severity, action)], judged.violations
        if action == "fail":
            assert judged.code == 1
        return found[0]


class Judged:
    def __init__(self, ended):
        report = json.loads(ended.out)
        self.code = ended.code
        self.violations = report["violations"]
        self.findings = report["findings"]
        self.complete = report["complete"]

    def of(self, check):
        return [one for one in self.violations if one["check"] == check]

    @property
    def failing(self):
        return sorted({one["check"] for one in self.violations
                       if one["decision"]["action"] == "fail"})


@pytest.fixture
def keys():
    return Keys(23)


@pytest.fixture
def bare(scene):
    return Desk(scene)


@pytest.fixture
def desk(bare, keys):
    """With one key of unknown age, in Cursor."""
    bare.cursor(notes=server(keys.kryton(), url="https://mcp.kryton.ai/mcp"))
    bare.record()
    return bare


# One check after the other.

def test_age_n(desk):
    desk.silent("AGE-N", at=NOW + 30 * DAY)
    one = desk.fires("AGE-N", "high", "fail", at=NOW + 61 * DAY)
    assert "61 days" in one["message"] and "60 days" in one["message"]
    assert one["decision"]["because"] == "60 days, by tier high"


@pytest.mark.parametrize("tier, due, limit, severity", [
    ("high", 30, 60, "high"), ("ci", 7, 30, "high"),
    ("standard", 90, 90, "medium"), ("low", 180, 180, "medium")])
def test_age_n_of_every_tier(desk, tier, due, limit, severity):
    desk.set("--tier", tier)
    desk.silent("AGE-N", at=NOW + due * DAY)
    if due < limit:
        desk.fires("AGE-N", "low", "warn", at=NOW + limit * DAY)
    desk.fires("AGE-N", severity, "fail", at=NOW + (limit + 1) * DAY)


def test_age_unknown(desk):
    desk.fires("AGE-UNKNOWN", "info", "warn")
    desk.told(created=NOW - DAY)
    desk.silent("AGE-UNKNOWN")
    desk.silent("AGE-N")


def test_exp_soon(desk):
    desk.told(expires=NOW + 14 * DAY + 1)
    desk.silent("EXP-SOON")
    desk.told(expires=NOW + 14 * DAY)
    desk.fires("EXP-SOON", "info", "warn")


def test_expired(desk):
    desk.told(expires=NOW + 1)
    desk.silent("EXPIRED")
    desk.told(expires=NOW)
    desk.fires("EXPIRED", "low", "warn")
    desk.silent("EXP-SOON")


def test_key_reuse_client(desk, keys):
    desk.policy(one_rule("one_per_client = true"))
    desk.silent("KEY-REUSE-CLIENT")
    key = keys.kryton()
    for path in (".cursor/mcp.json", ".gemini/settings.json"):
        desk.put(path, {"mcpServers": {"notes": server(
            key, url="https://mcp.kryton.ai/mcp")}})
    desk.record()
    one = desk.fires("KEY-REUSE-CLIENT", "high", "fail")
    assert "cursor" in one["message"] and "gemini" in one["message"]


def test_key_reuse_env(bare, keys):
    bare.policy(one_rule("one_per_environment = true"))
    line = f"KRYTON_TOKEN={keys.kryton()}\n"
    bare.put("app/.env.development", line)
    bare.put("app/.env.test", line)
    bare.scan("--record")
    bare.silent("KEY-REUSE-ENV")
    bare.put("production/app.conf", line)
    bare.scan("--record")
    one = bare.fires("KEY-REUSE-ENV", "critical", "fail")
    assert "development, production" in one["message"]


def test_an_environment_by_a_persons_word(bare, keys):
    bare.policy(one_rule("one_per_environment = true"))
    bare.put("app/.env.production", f"KRYTON_TOKEN={keys.kryton()}\n")
    bare.scan("--record")
    bare.silent("KEY-REUSE-ENV")
    # Another word for the same, and one that no path can speak of.
    for word in ("prod", "eu-west"):
        bare.set("--env", word)
        bare.silent("KEY-REUSE-ENV")
    bare.set("--env", "dev")
    bare.fires("KEY-REUSE-ENV", "critical", "fail")


def test_name_poor(desk):
    desk.set("--name", "cursor-laptop-notes")
    desk.silent("NAME-POOR")
    desk.set("--name", "key1")
    desk.fires("NAME-POOR", "low", "warn")
    desk.policy(one_rule('name_pattern = "client-device-purpose"'))
    desk.fires("NAME-POOR", "medium", "fail")
    desk.set("--name", "cursor-laptop-notes")
    desk.silent("NAME-POOR")
    desk.set("--name", "key1")
    desk.policy('[policy]\nallowed_labels = ["key?"]\n')
    desk.silent("NAME-POOR")


def test_no_expiry(desk):
    desk.silent("NO-EXPIRY")
    desk.policy(one_rule("must_expire = true"))
    desk.fires("NO-EXPIRY", "low", "warn")
    desk.set("--label", "never-expires")
    desk.fires("NO-EXPIRY", "medium", "fail")
    desk.told(expires=NOW + 99 * DAY)
    desk.silent("NO-EXPIRY")


def test_owner_departed(desk):
    desk.policy('[policy]\nleavers = ["ana"]\n')
    desk.set("--owner", "ben")
    desk.silent("OWNER-DEPARTED")
    desk.set("--owner", "Ana")
    desk.fires("OWNER-DEPARTED", "high", "fail")


def test_owner_missing(desk):
    desk.silent("OWNER-MISSING")
    desk.policy(one_rule("owner_required = true"))
    one = desk.fires("OWNER-MISSING", "medium", "fail")
    assert one["decision"]["because"] == "rule 1 (keytidy.toml:1)"
    desk.set("--owner", "ben")
    desk.silent("OWNER-MISSING")


def test_policy_lifetime(desk):
    desk.policy(one_rule("max_lifetime = 100"))
    desk.told(created=NOW - 50 * DAY, expires=NOW + 50 * DAY)
    desk.silent("POLICY-LIFETIME")
    desk.told(expires=NOW + 51 * DAY)
    desk.fires("POLICY-LIFETIME", "medium", "fail")


def place_files(desk, keys, kind):
    """One key in the place of that kind, and in one that is fine."""
    key = keys.kryton()
    good = server(key, env={"KRYTON_TOKEN": key})
    bad = {
        "argv": server(key, args=["--token", key]),
        "url": {"url": f"https://mcp.kryton.ai/mcp?token={key}"},
        "unknown-host": server(key, url="https://mcp.krypton.ai/mcp"),
        "unpinned": {"command": "npx", "args": ["-y", "pkg"],
                     "env": {"KRYTON_TOKEN": key}},
    }[kind]
    desk.cursor(bad=bad)
    desk.put(".gemini/settings.json", {"mcpServers": {"good": good}})


PLACES = {
    "argv": 'forbidden_places = ["argv"]',
    "url": 'forbidden_places = ["url"]',
    "unknown-host": "known_hosts_only = true",
    "unpinned": "pinned_packages = true",
}


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_policy_place(bare, keys, kind):
    place_files(bare, keys, kind)
    bare.record()
    bare.silent("POLICY-PLACE")
    for other in set(PLACES) - {kind}:
        bare.policy(one_rule(PLACES[other]))
        bare.silent("POLICY-PLACE")
    bare.policy(one_rule(PLACES[kind]))
    one = bare.fires("POLICY-PLACE", "high", "fail")
    assert one["path"].endswith(".cursor/mcp.json")


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_policy_place_of_a_report(bare, keys, kind):
    place_files(bare, keys, kind)
    bare.scene.write("audit.json", bare.audit())
    bare.policy(one_rule(PLACES[kind]))
    judged = bare.check("audit.json")
    assert [one["path"].rpartition("/")[2]
            for one in judged.of("POLICY-PLACE")] == ["mcp.json"]
    for other in set(PLACES) - {kind}:
        bare.policy(one_rule(PLACES[other]))
        assert bare.check("audit.json").of("POLICY-PLACE") == []


def test_policy_place_of_a_tracked_file(bare, keys):
    bare.policy(one_rule('forbidden_places = ["tracked"]'))
    repo = Repo(bare.scene, bare.home / "app")
    text = json.dumps({"mcpServers": {"notes": server(
        keys.kryton(), url="https://mcp.kryton.ai/mcp")}})
    repo.write(".cursor/mcp.json", text)
    projects = ["--projects", bare.home / "app"]
    bare.audit("--record", *projects)
    bare.silent("POLICY-PLACE")
    repo.commit({".cursor/mcp.json": text})
    bare.audit("--record", *projects)
    bare.fires("POLICY-PLACE", "high", "fail")


def test_unused_n(desk):
    desk.told(last_used=NOW - 46 * DAY)
    desk.silent("UNUSED-N")
    desk.policy(one_rule("idle_limit = 45"))
    desk.fires("UNUSED-N", "medium", "fail")
    desk.told(last_used=NOW - 45 * DAY)
    desk.silent("UNUSED-N")


def test_waiver_expired(desk):
    rule = one_rule("owner_required = true")
    desk.policy(rule + WAIVER.format(what='provider = "kryton"', until=TODAY))
    desk.silent("WAIVER-EXPIRED")
    one = desk.fires("OWNER-MISSING", "medium", "ignore")
    assert "ben" in one["decision"]["because"]
    assert desk.check().code == 0
    desk.policy(rule + WAIVER.format(what='provider = "kryton"',
                                     until=YESTERDAY))
    one = desk.fires("WAIVER-EXPIRED", "medium", "fail")
    assert one["path"] == "keytidy.toml" and one["line"] == 3
    desk.fires("OWNER-MISSING", "medium", "fail")


# Several policies.

def test_no_policy_has_the_tiers_limits(desk):
    assert desk.check(at=NOW + 61 * DAY).failing == ["AGE-N"]
    said = desk.run("policy", "explain", desk.record()).text
    assert "no policy; the limits of the tiers hold:" in said
    assert "60 days" in said


def test_neither_file_takes_back_what_the_other_demands(desk):
    desk.own_policy(one_rule("owner_required = true\nmax_age = 10"))
    desk.policy(one_rule("owner_required = false\nmax_age = 80\n"
                         "must_expire = true"))
    desk.set("--label", "never-expires")
    judged = desk.check(at=NOW + 11 * DAY)
    assert judged.failing == ["AGE-N", "NO-EXPIRY", "OWNER-MISSING"]
    assert len(judged.of("AGE-N")) == 1
    assert judged.of("AGE-N")[0]["decision"]["because"].endswith(
        "config/keytidy/keytidy.toml:1)")
    alone = desk.check("--no-repo-config", at=NOW + 11 * DAY)
    assert alone.failing == ["AGE-N", "OWNER-MISSING"]


@pytest.mark.parametrize("demands, waives", [("policy", "own_policy"),
                                             ("own_policy", "policy")])
def test_a_waiver_excuses_what_its_own_file_demands(desk, demands, waives):
    getattr(desk, demands)(one_rule("owner_required = true"))
    getattr(desk, waives)(WAIVER.format(what='provider = "kryton"',
                                        until=LATER))
    assert desk.check().failing == ["OWNER-MISSING"]
    getattr(desk, waives)(
        one_rule("owner_required = true") +
        WAIVER.format(what='provider = "kryton"', until=LATER))
    assert desk.check().failing == ["OWNER-MISSING"]
    getattr(desk, demands)("[policy]\n")
    assert desk.check().failing == []


def test_leavers_of_both_files_have_left(desk):
    desk.policy('[policy]\nleavers = ["ana"]\n')
    desk.own_policy('[policy]\nleavers = ["ben"]\n')
    for owner, left in (("ana", 1), ("ben", 1), ("eva", 0)):
        desk.set("--owner", owner)
        assert len(desk.found("OWNER-DEPARTED")) == left


def test_config_is_in_place_of_the_own_file(desk):
    desk.own_policy(one_rule("owner_required = true"))
    desk.scene.write("team.toml", one_rule("max_age = 1"))
    at = NOW + 2 * DAY
    assert desk.check(at=at).failing == ["OWNER-MISSING"]
    assert desk.check("--config", "team.toml", at=at).failing == ["AGE-N"]
    assert desk.check(env={"KEYTIDY_CONFIG": "team.toml"},
                      at=at).failing == ["AGE-N"]
    desk.policy(one_rule("must_expire = true"))
    desk.set("--label", "never-expires")
    assert desk.check("--config", "team.toml",
                      at=at).failing == ["AGE-N", "NO-EXPIRY"]
    assert desk.check("--config", "team.toml", "--no-repo-config",
                      at=at).failing == ["AGE-N"]
    ended = desk.run("policy", "check", "--config", "none.toml")
    assert ended.code == 2 and "none.toml" in ended.err


def test_one_file_twice_is_one_policy(desk):
    desk.policy(one_rule("owner_required = true"))
    said = desk.run("policy", "explain", desk.record(), "--config",
                    "keytidy.toml").text
    assert said.count("owner_required") == 1


def test_the_file_at_the_top_of_the_repository(desk):
    Repo(desk.scene, desk.scene.dir)
    desk.policy(one_rule("owner_required = true"))
    below = desk.scene.dir / "a" / "b"
    below.mkdir(parents=True)
    assert desk.check(cwd=below).failing == ["OWNER-MISSING"]
    # A nearer one is in its place; above the repository nothing is looked at.
    (below / "keytidy.toml").write_text("[policy]\n")
    assert desk.check(cwd=below).failing == []
    alone = desk.scene.dir / "c"
    Repo(desk.scene, alone)
    assert desk.check(cwd=alone).failing == []


def test_explain_says_what_each_file_gives(desk):
    key = desk.record()
    desk.own_policy(one_rule("max_age = 40"))
    desk.policy(one_rule("max_age = 50\nowner_required = true") +
                WAIVER.format(what='provider = "kryton"', until=LATER))
    text = desk.run("policy", "explain", key).text
    own, _, repo = text.partition("\nkeytidy.toml:\n")
    assert "config/keytidy/keytidy.toml:\n" in own
    assert "40 days" in own and "owner_required" not in own
    assert "50 days" in repo and "owner_required" in repo
    assert "rule 1 (keytidy.toml:1)" in repo
    assert "waiver: keytidy.toml:4: ben until 2030-01-01" in repo


@pytest.mark.parametrize("where", ["policy", "own_policy"])
def test_a_mistake_in_either_file_is_shown(desk, where):
    getattr(desk, where)("[[policy.rule]]\nmax_agee = 3\n")
    for command in (["policy", "check"], ["report", "html"],
                    ["policy", "explain", desk_id(desk)]):
        ended = desk.run(*command)
        assert ended.code == 2 and ended.out == b""
        assert "keytidy.toml:2:1: " in ended.err
        assert "max_agee = 3" in ended.err and "^" in ended.err
        assert "did you mean 'max_age'?" in ended.err


def desk_id(desk):
    return desk.sql("SELECT id FROM keys")[0][0]


def test_the_page_shows_the_limits_that_hold(desk):
    at = NOW + 50 * DAY
    assert "limit 60<" in desk.run("report", "html", at=at).text
    desk.own_policy(one_rule("max_age = 45\nwarn_age = 20"))
    desk.policy(one_rule("max_age = 70"))
    page = desk.run("report", "html", at=at).text
    assert "limit 45<" in page and "due after 20 days" in page
    assert "limit 60<" not in page and "limit 70<" not in page
    assert "over</b> the limit of 45 (policy)" in page


# What is reported.

def test_findings_are_those_that_break_the_policy(bare, keys):
    bare.policy(one_rule('provider = "kryton"\nowner_required = true'))
    bare.cursor(a=server(keys.kryton(), url="https://mcp.kryton.ai/mcp"),
                b=server("", env={"KATAVEN_API_KEY": keys.kataven()}))
    bare.record()
    bare.told(created=NOW - DAY)
    judged = bare.check()
    assert [one["rule"] for one in judged.findings] == ["kryton-api-key"]
    assert ([one["finding"] for one in judged.violations] ==
            [one["id"] for one in judged.findings])
    # As places of the inventory are written.
    assert (judged.violations[0]["path"] ==
            judged.findings[0]["occurrences"][0]["path"])


def copy_of_a_row(desk, table, **changes):
    with sqlite3.connect(desk.db) as db:
        db.row_factory = sqlite3.Row
        row = dict(db.execute(f"SELECT * FROM {table}").fetchone()) | changes
        db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES "
                   f"({', '.join(':' + name for name in row)})", row)


@pytest.mark.parametrize("gone", [None, NOW])
def test_entries_that_share_an_id_break_the_policy_together(desk, gone):
    desk.policy(one_rule("one_per_client = true"))
    desk.told(created=NOW - DAY)
    assert desk.check().violations == []
    other = "0" * len(desk.sql("SELECT fingerprint FROM keys")[0][0])
    copy_of_a_row(desk, "keys", fingerprint=other)
    copy_of_a_row(desk, "places", fingerprint=other, client="zed",
                  path="/b", gone_at=gone)
    judged = desk.check()
    if gone:
        assert judged.violations == [] and judged.findings == []
        return
    assert [one["check"] for one in judged.violations] == [
        "KEY-REUSE-CLIENT"] * 2
    assert {one["id"] for one in judged.findings} == {desk_id(desk)}
    assert len(judged.findings) == 2


@pytest.mark.parametrize("form", FORMATS)
def test_every_format(desk, form):
    desk.policy(one_rule("owner_required = true"))
    ended = desk.run("policy", "check", "-f", form)
    assert ended.code == 1 and b"OWNER-MISSING" in ended.out
    assert desk.run("policy", "check", "-f", form).out == ended.out


# Reports in place of the inventory.

def test_reports_of_scans_and_audits(bare, keys):
    bare.policy(one_rule("one_per_client = true"))
    key = keys.kryton()
    url = "https://mcp.kryton.ai/mcp"
    for name, path in (("a", ".cursor/mcp.json"),
                       ("b", ".gemini/settings.json")):
        bare.put(path, {"mcpServers": {"notes": server(key, url=url)}})
        make = bare.audit if name == "a" else bare.scan
        bare.scene.write(f"{name}.json", make())
        (bare.home / path).unlink()
    assert not bare.db.exists()
    for one in ("a.json", "b.json"):
        judged = bare.check(one)
        assert judged.code == 0 and judged.of("KEY-REUSE-CLIENT") == []
    judged = bare.check("a.json", "b.json")
    assert judged.failing == ["KEY-REUSE-CLIENT"]
    assert len(judged.findings) == 1
    assert len(judged.findings[0]["occurrences"]) == 2
    assert not bare.db.exists()
    text = bare.run("policy", "check", "a.json", "b.json").text
    assert "policy: 1 key checked, " in text and key not in text


def test_a_report_keeps_age_and_expiry(bare, keys):
    bare.put("a.env", f"KARZOUN_APP_TOKEN={keys.karzoun()}\n")
    report = json.loads(bare.scan())
    finding = report["findings"][0]
    finding["age"]["evidence"] = [
        {"source": "provider-created", "at": "2026-01-01T00:00:00Z"}]
    finding["verdict"]["key"] = {"owner": "ana", "last_used": None,
                                 "expires": "2026-09-25T00:00:00Z"}
    bare.scene.write("r.json", json.dumps(report))
    bare.policy(one_rule("owner_required = true\nmax_lifetime = 30"))
    judged = bare.check("r.json")
    assert sorted(one["check"] for one in judged.violations) == [
        "AGE-N", "EXP-SOON", "POLICY-LIFETIME"]


def test_a_token_that_says_it_never_expires(bare, keys):
    bare.cursor(a=server("", env={"KARZOUN_APP_TOKEN": keys.karzoun()}))
    bare.scene.write("r.json", bare.audit())
    bare.policy(one_rule("must_expire = true"))
    # It says when it was issued, too.
    assert bare.check("r.json").failing == ["AGE-N", "NO-EXPIRY"]


def test_an_incomplete_report_proves_little(bare, keys):
    bare.put("a.env", f"A={keys.kryton()}\n")
    report = json.loads(bare.scan())
    report["complete"] = False
    bare.scene.write("r.json", json.dumps(report))
    judged = bare.check("r.json")
    assert judged.code == 3 and not judged.complete
    bare.policy(one_rule("owner_required = true"))
    assert bare.check("r.json").code == 1


def test_allowed_places_do_not_count(bare, keys):
    bare.put("a.env", f"A={keys.kryton()}\n")
    report = json.loads(bare.scan())
    report["findings"][0]["occurrences"][0]["allowed"] = "a test key"
    bare.scene.write("r.json", json.dumps(report))
    assert bare.check("r.json").code == 3
    assert bare.check("r.json", "--allow-empty").code == 0


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "other/1"}'])
def test_what_is_no_report(bare, text):
    bare.scene.write("r.json", text)
    ended = bare.run("policy", "check", "r.json")
    assert ended.code == 2 and ended.err.startswith("keytidy: r.json: ")
    assert bare.run("policy", "check", "gone.json").code == 2
