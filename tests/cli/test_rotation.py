# SPDX-License-Identifier: Apache-2.0
"""From an audit to the proof that a key was replaced, for each of the five
systems, against servers that behave as they document."""

import json
import os
import shlex

import pytest

from gitscene import Repo
from stub.clock import Clock
from stub.systems import Corcava, Karzoun, Kataven, Konstantly, Kryton
from verifyscene import VerifyScene

DAY = 86400
START = 1_790_000_000
LATER = START + 100 * DAY
ANN = "ann@example.com"


def servers(name, server):
    return json.dumps({"mcpServers": {name: server}}, indent=2) + "\n"


def local(package, **env):
    return {"command": "npx", "args": ["-y", package], "env": env}


class StillClock(Clock):
    """Stands where a test puts it: tokens tell when they were made."""

    at = START - DAY

    def now(self):
        return self.at


class System:
    """What one system looks like: its player, where a key of it stands, and
    how the program that asks it has to be told about its server."""

    client = ".cursor/mcp.json"
    title = "Cursor"
    restart = "Quit and start Cursor again."
    settings = ""
    base = ()

    def mint(self):
        return self.player.mint()

    def revoke(self, key):
        self.player.revoke(key)


class KatavenSystem(System):
    name, slot = "kataven", "env.KATAVEN_API_KEY"
    client = ".config/Claude/claude_desktop_config.json"
    title, restart = "Claude Desktop", "Claude Desktop"
    page = "hub.kataven.ai/settings, tab API Keys"

    def __init__(self, verifying):
        self.player = Kataven()
        verifying.stub.at("api.kataven.ai", self.player)

    def text(self, key):
        return servers("kataven", {"command": "kataven-mcp",
                                   "env": {"KATAVEN_API_KEY": key}})


class KarzounSystem(System):
    name, slot = "karzoun", "env.KARZOUN_APP_TOKEN"
    page = "karzoun.chat/developer/apps"
    base = ("--base", "karzoun=https://notes.api.karzoun.chat")

    def __init__(self, verifying):
        self.player = Karzoun(clock=StillClock())
        verifying.stub.at("notes.api.karzoun.chat", self.player)

    def text(self, key):
        return servers("karzoun", local(
            "@karzounchat/mcp-server@1.0.0",
            KARZOUN_API_URL="https://notes.api.karzoun.chat/graphql",
            KARZOUN_APP_TOKEN=key))


class KonstantlySystem(System):
    name, slot = "konstantly", "env.KONSTANTLY_MCP_KEY"
    page = "Settings, MCP Keys"
    settings = ('[verify.konstantly]\nbase = "https://notes.konstantly.com"\n'
                'path = "/made/up/tools"\nproof = "/tools/0"\n')

    def __init__(self, verifying):
        self.player = Konstantly("/made/up/tools",
                                 capabilities={"tools": ["courses"]})
        verifying.stub.at("notes.konstantly.com", self.player)

    def text(self, key):
        return servers("konstantly", local(
            "@konstantly/mcp-server@0.2.0", KONSTANTLY_MCP_KEY=key,
            KONSTANTLY_URL="https://notes.konstantly.com"))


class CorcavaSystem(System):
    name, slot = "corcava", "headers.Authorization"
    page = "Settings, Integrations, Public API"
    settings = '[verify.corcava]\nproof = "/0/id"\n'
    # The address beside the key is of another host of the same provider.
    base = ("--base", "corcava=https://corcava.com")

    def __init__(self, verifying):
        self.player = Corcava(b'[{"id":7,"name":"Site"}]')
        verifying.stub.at("corcava.com", self.player)

    def text(self, key):
        return servers("corcava", {
            "url": "https://mcp.corcava.com",
            "headers": {"Authorization": "Bearer " + key}})


class KrytonSystem(System):
    name, slot = "kryton", "headers.Authorization"
    page = "Account Settings, API Keys"

    def __init__(self, verifying):
        self.player = Kryton("old")
        self.player.account(ANN, "made up")
        verifying.stub.at("localhost", self.player)
        self.base = ("--base", f"kryton={verifying.own}")

    def mint(self):
        return self.player.mint(ANN)

    def text(self, key):
        return servers("kryton", {
            "type": "streamable-http", "url": "https://notes.example.net/mcp",
            "headers": {"Authorization": "Bearer " + key}})


SYSTEMS = {one.name: one for one in (
    KatavenSystem, KarzounSystem, KonstantlySystem, CorcavaSystem,
    KrytonSystem)}


class Desk:
    """A home folder of one machine, and its inventory."""

    def __init__(self, verifying, system):
        self.verifying = verifying
        self.scene = verifying.scene
        self.system = system
        self.home = self.scene.dir / "home"
        self.file = self.home / system.client
        self.db = self.scene.dir / "inventory.db"
        if system.settings:
            verifying.configure(system.settings)
        self.old = self.put()

    def put(self, home=None):
        """A new key of the system, into the client's file."""
        key = self.system.mint()
        self.verifying.keys.append(key)
        path = (home or self.home) / self.system.client
        path.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(home or self.home, 0o700)
        path.write_text(self.system.text(key))
        os.chmod(path, 0o600)
        self.verifying.given.append(path)
        return key

    def run(self, *args, at=LATER, stdin=b"", db=None):
        ended = self.scene.run(*args, stdin=stdin, env={
            **self.verifying.env, "SOURCE_DATE_EPOCH": str(at),
            "KEYTIDY_INVENTORY": str(db or self.db)})
        self.verifying.ended.append(ended)
        return ended

    def audit(self, at=LATER, machine="laptop", home=None):
        ended = self.run("audit", "--root", str(home or self.home), "--record",
                         "--machine", machine, "-f", "json", at=at)
        assert ended.err == ""
        return json.loads(ended.out)

    def confirm(self, key, *args, old=None, machine="laptop", **options):
        return self.run(
            "rotate", "confirm", key, "--machine", machine, "--ca-file",
            self.verifying.stub.authority.ca_file, *self.system.base, *args,
            stdin=(old or "").encode(), **options)


@pytest.fixture
def verifying(scene, stub):
    """The test ends with a look at everything that was printed or written."""
    StillClock.at = START - DAY
    one = VerifyScene(scene, stub)
    one.keys, one.given = [], []
    yield one
    assert one.leaks(*one.keys, but=one.given) == []


@pytest.fixture(params=list(SYSTEMS))
def desk(request, verifying):
    return Desk(verifying, SYSTEMS[request.param](verifying))


@pytest.fixture
def kryton(verifying):
    return Desk(verifying, KrytonSystem(verifying))


def checks(ended):
    return {one["check"] for one in json.loads(ended.out)["violations"]
            if one["decision"]["action"] == "fail"}


def states(ended):
    """(machine, state) of every place, and the outcome."""
    proof = json.loads(ended.out)
    return ([(one["machine"], one["state"]) for one in proof["places"]],
            proof["outcome"])


def test_the_whole_story(desk):
    system = desk.system
    found = [one["id"] for one in desk.audit(START)["findings"]
             if one["provider"] == system.name]
    assert len(found) == 1
    old = found[0]

    # A hundred days later the policy says no.
    ended = desk.run("policy", "check", "-f", "json")
    assert (ended.code, checks(ended)) == (1, {"AGE-N"})

    plan = desk.run("rotate", "plan", old)
    assert (plan.code, plan.err) == (0, "")
    text = " ".join(plan.text.split())
    line = next(number for number, line in enumerate(
        system.text(desk.old).splitlines(), 1) if desk.old in line)
    for said in (f"laptop:{desk.file}:{line}",
                 f"{system.title}, server {system.name}, {system.slot}",
                 system.page, system.restart, "keytidy verify --rule",
                 f"keytidy rotate confirm {old}"):
        assert said in text
    steps = [one["step"] for one in json.loads(
        desk.run("rotate", "plan", old, "-f", "json").out)["steps"]]
    assert steps == ["create", "put", "restart", "verify", "revoke", "confirm"]

    # Too early: it is alive, and stands where it stood.
    early = desk.confirm(old, "-f", "json")
    assert early.code == 1
    assert states(early) == ([("laptop", "holds")], "refuted")
    assert json.loads(early.out)["verdict"]["state"] == "active", early.text[300:900]

    # The person does what the plan says.
    StillClock.at = LATER
    desk.put()
    half = desk.confirm(old, "-f", "json", old=desk.old)
    assert half.code == 1
    assert states(half) == ([("laptop", "gone")], "refuted")
    system.revoke(desk.old)
    proof = desk.confirm(old, old=desk.old)
    assert (proof.code, proof.err) == (0, "")
    assert proof.text.endswith(
        "Confirmed: the key is dead, and no known place holds it.\n")

    desk.audit()
    after = desk.run("policy", "check", "-f", "json")
    assert (after.code, checks(after)) == (0, set())
    assert "rotated:" in desk.run("keys", "show", old).text


def test_nothing_proves_death_without_the_key(kryton):
    """The inventory holds no key, so without one its provider cannot be
    asked."""
    old = kryton.audit(START)["findings"][0]["id"]
    kryton.put()
    kryton.system.revoke(kryton.old)
    ended = kryton.confirm(old, "-f", "json")
    assert ended.code == 3
    assert states(ended) == ([("laptop", "gone")], "open")
    assert "keytidy rotate confirm" in kryton.confirm(old).text
    assert kryton.verifying.silent


def test_the_proof_is_kept(kryton):
    old = kryton.audit(START)["findings"][0]["id"]
    kryton.put()
    kryton.system.revoke(kryton.old)
    assert kryton.confirm(old, old=kryton.old).code == 0
    asked = len(kryton.verifying.stub.seen)
    again = kryton.confirm(old)
    assert again.code == 0 and "(asked on 2026-" in again.text
    assert len(kryton.verifying.stub.seen) == asked
    shown = kryton.run("keys", "show", old).text
    assert shown.count("rotated:") == 1


def test_the_key_alone_is_enough(kryton):
    kryton.audit(START)
    kryton.put()
    kryton.system.revoke(kryton.old)
    assert kryton.confirm("-", old=kryton.old).code == 0


def test_another_key_on_standard_input(kryton):
    old = kryton.audit(START)["findings"][0]["id"]
    other = kryton.system.mint()
    kryton.verifying.keys.append(other)
    ended = kryton.confirm(old, old=other)
    assert (ended.code, ended.out) == (2, b"")
    assert f"standard input holds another key than {old}" in ended.err
    ended = kryton.confirm("-", old=other)
    assert ended.code == 2 and "does not know the key" in ended.err
    assert kryton.verifying.silent


def test_a_copy_in_an_archive_and_one_that_no_rule_sees(kryton):
    """Places are looked at as bytes too: around a key something may have
    changed, so that no rule takes it for one."""
    old = kryton.audit(START)["findings"][0]["id"]
    kryton.file.write_text(f"x{kryton.old}y\n")
    kryton.system.revoke(kryton.old)
    ended = kryton.confirm(old, "-f", "json", old=kryton.old)
    assert ended.code == 1
    assert states(ended) == ([("laptop", "holds")], "refuted")


def test_a_place_that_cannot_be_read(kryton):
    old = kryton.audit(START)["findings"][0]["id"]
    kryton.system.revoke(kryton.old)
    kryton.file.unlink()
    kryton.file.mkdir()
    (kryton.file / "a").write_text("nothing")
    assert kryton.confirm(old, "-f", "json", old=kryton.old).code == 0


def test_another_machine_still_has_it(kryton):
    """What another machine holds is known as of its last run; when it looks
    again, the place is gone."""
    desktop = kryton.scene.dir / "desktop"
    path = desktop / kryton.system.client
    path.parent.mkdir(parents=True)
    os.chmod(desktop, 0o700)
    path.write_text(kryton.system.text(kryton.old))
    os.chmod(path, 0o600)
    kryton.verifying.given.append(path)
    old = kryton.audit(START)["findings"][0]["id"]
    kryton.audit(START, "desktop", desktop)
    plan = kryton.run("rotate", "plan", old).text
    assert "Make 2 new keys, one for each program" in plan
    assert "cursor-desktop-kryton, for Cursor on desktop" in plan
    assert "cursor-laptop-kryton, for Cursor on laptop" in plan
    assert "keytidy audit --record   # on desktop" in plan

    kryton.put()
    kryton.system.revoke(kryton.old)
    ended = kryton.confirm(old, "-f", "json", old=kryton.old)
    assert ended.code == 1
    assert states(ended) == ([("desktop", "elsewhere"), ("laptop", "gone")],
                             "refuted")
    kryton.put(desktop)
    kryton.audit(LATER, "desktop", desktop)
    ended = kryton.confirm(old, "-f", "json")
    assert ended.code == 0
    assert states(ended) == ([("desktop", "gone"), ("laptop", "gone")],
                             "confirmed")


def test_copies_are_removed_and_not_replaced(kryton):
    history = kryton.home / ".bash_history"
    history.write_text(f"export KRYTON_TOKEN={kryton.old}\n")
    os.chmod(history, 0o600)
    kryton.verifying.given.append(history)
    old = kryton.audit(START)["findings"][0]["id"]
    plan = json.loads(kryton.run("rotate", "plan", old, "-f", "json").out)
    places = {step["step"]: [one["place"] for one in step["places"]]
              for step in plan["steps"] if step["places"]}
    assert places == {"put": [f"{kryton.file}:7"], "remove": [f"{history}:1"]}


def test_dry_run_sends_and_writes_nothing(kryton):
    old = kryton.audit(START)["findings"][0]["id"]
    before = kryton.db.read_bytes()
    ended = kryton.confirm(old, "--dry-run")
    assert ended.code == 1 and "Nothing was sent (--dry-run)." in ended.text
    assert kryton.verifying.silent
    assert kryton.db.read_bytes() == before


def test_leaked_keys_are_ended_first(desk):
    old = [one["id"] for one in desk.audit(START)["findings"]
           if one["provider"] == desk.system.name][0]
    plan = json.loads(
        desk.run("rotate", "plan", old, "--leaked", "-f", "json").out)
    assert plan["leaked"] is True
    assert [one["step"] for one in plan["steps"]] == [
        "revoke", "review", "create", "put", "restart", "verify", "confirm"]
    review = plan["steps"][1]
    assert review["logs"] and review["texts"]
    if desk.system.name == "konstantly":
        assert [one["filter"] for one in review["logs"]] == [
            f"eventType={event} AND time>=2026-09-21" for event in (88, 86, 87)]
        assert "MCP_KEY_CREATE" in review["logs"][1]["shows"]


def golden(name, text):
    path = os.path.join(os.environ["KEYTIDY_SOURCE"], "tests/data/golden",
                        f"plan-{name}.txt")
    if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
    with open(path, encoding="utf-8") as known:
        return known.read()


@pytest.mark.parametrize("form", ["human", "markdown"])
@pytest.mark.parametrize("leaked", [False, True])
def test_plans_as_they_are_printed(desk, form, leaked):
    old = [one["id"] for one in desk.audit(START)["findings"]
           if one["provider"] == desk.system.name][0]
    ended = desk.run("rotate", "plan", old, "-f", form,
                     *(["--leaked"] if leaked else []))
    shown = json.loads(desk.run("rotate", "plan", old, "-f", "json").out)
    text = ended.text.replace(str(desk.home), "/home/ana") \
        .replace(old, "kt-0123456789abcdef") \
        .replace(shown["key"]["redacted"], "REDACTED")
    if form == "human":
        # What is to be pasted stays on one line.
        assert max(len(line) for line in text.splitlines()
                   if not line.startswith(("     $ ", "       "))) <= 80
    name = f"{desk.system.name}{'-leaked' if leaked else ''}-{form}"
    assert text == golden(name, text)


def test_keys_that_are_not_known(kryton):
    kryton.audit(START)
    for command in ("plan", "confirm"):
        ended = kryton.run("rotate", command, "kt-0000000000000000")
        assert (ended.code, ended.out) == (2, b"")
        assert "kt-0000000000000000" in ended.err


def test_verify_records_what_it_was_told(kryton):
    """Of a key that no run has found, too: without a place."""
    args = ("verify", "--record", "--machine", "laptop", "--ca-file",
            kryton.verifying.stub.authority.ca_file, *kryton.system.base)
    ended = kryton.run(*args, stdin=kryton.old.encode())
    assert ended.code == 1
    listed = kryton.run("keys", "list", "--all").text
    assert "0 places" in listed and "1 key;" in listed
    old = listed.split()[0]
    assert "verdict:     active" in kryton.run("keys", "show", old).text
    kryton.audit()
    kryton.system.revoke(kryton.old)
    ended = kryton.run(*args, "--fresh", stdin=kryton.old.encode())
    assert ended.code == 0
    shown = kryton.run("keys", "show", old).text
    assert "verdict:     inactive" in shown and "laptop:" in shown
    assert kryton.run("policy", "check").code == 0


def test_verify_writes_nothing_unless_asked(kryton):
    kryton.run("verify", "--ca-file",
               kryton.verifying.stub.authority.ca_file, *kryton.system.base,
               stdin=kryton.old.encode())
    assert not kryton.db.exists()


def test_what_stands_in_the_history_of_git_stays(kryton, scene):
    repository = scene.dir / "shop"
    git = Repo(scene, repository).git
    path = repository / ".env"
    path.write_text(f"KRYTON_TOKEN={kryton.old}\n")
    kryton.verifying.given.append(path)
    git("add", ".")
    git("commit", "-qm", "one")
    path.unlink()
    git("commit", "-qam", "two")
    ended = kryton.run("scan", "--history", "--record", "--machine", "laptop",
                       "-f", "json", str(repository))
    old = json.loads(ended.out)["findings"][0]["id"]
    plan = kryton.run("rotate", "plan", old).text
    assert "in the history of git" in plan
    assert "No program is known that reads the old one." in plan
    kryton.system.revoke(kryton.old)
    ended = kryton.confirm(old, "-f", "json", old=kryton.old)
    assert ended.code == 0
    assert states(ended) == ([("laptop", "stays")], "confirmed")


def test_commands_name_the_inventory_as_a_shell_takes_it(kryton):
    """Only where the command line named it; an address may hold a password."""
    old = kryton.audit(START)["findings"][0]["id"]
    odd = kryton.scene.dir / "it's mine"
    odd.mkdir(mode=0o700)
    for name in ("inventory.db", "inventory.key"):
        (odd / name).write_bytes((kryton.scene.dir / name).read_bytes())
        os.chmod(odd / name, 0o600)
    plan = kryton.run("rotate", "plan", old, "-f", "json", "--inventory",
                      str(odd / "inventory.db"))
    commands = [command for step in json.loads(plan.out)["steps"]
                for command in step["commands"]]
    named = [shlex.split(one) for one in commands if "--inventory" in one]
    assert len(named) == 2
    for words in named:
        assert words[words.index("--inventory") + 1] == str(
            odd / "inventory.db")
    assert "--inventory" not in kryton.run("rotate", "plan", old).text
