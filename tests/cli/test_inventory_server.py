# SPDX-License-Identifier: Apache-2.0
"""An inventory on a PostgreSQL server: a team's, a crowd's, and what may go
wrong with it."""

import base64
import json
import os
import re
import signal
import subprocess

import pytest

from pgserver import ADMIN, PATIENCE, Server
from scene import Keys

NOW = 1_790_000_000
DAY = 86400


@pytest.fixture(scope="module")
def server():
    with Server() as one:
        yield one


@pytest.fixture
def keys():
    return Keys(23)


class Desk:
    """A database of its own, and folders to scan for it."""

    def __init__(self, scene, server):
        self.scene = scene
        self.server = server
        self.database = server.database()
        self.url = server.url(self.database)

    def env(self, at=NOW, inventory=None):
        return {"SOURCE_DATE_EPOCH": str(at),
                "KEYTIDY_INVENTORY": str(inventory or self.url),
                "XDG_CONFIG_HOME": str(self.scene.dir / "none")}

    def run(self, *args, at=NOW, inventory=None, env=None):
        ended = self.scene.run(*args, env={**self.env(at, inventory),
                                           **(env or {})})
        assert self.server.password not in ended.text + ended.err
        return ended

    def folder(self, name, *some):
        """A project with these keys."""
        for i, key in enumerate(some):
            self.scene.write(f"{name}/{i}.env", f"KRYTON_TOKEN={key}\n")
        return name

    def start(self, name, machine, at=NOW):
        return self.scene.start(
            "scan", name, "--record", "--machine", machine, "-f", "json",
            env=self.env(at), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)

    def record(self, name, machine, at=NOW, **more):
        ended = self.run("scan", name, "--record", "--machine", machine,
                         "-f", "json", at=at, **more)
        assert ended.code == 1 and ended.err == "", ended
        return json.loads(ended.out)["findings"]

    def sql(self, text):
        return self.server.sql(text, self.database)

    def tables(self):
        """Everything that the inventory holds."""
        names = self.sql("SELECT tablename FROM pg_tables WHERE schemaname = "
                         "'keytidy' ORDER BY 1").split("\n")
        return {name: sorted(self.sql(f"SELECT * FROM keytidy.{name}")
                             .split("\n")) for name in names}

    def holder(self, statement):
        return Holder(self, statement)


class Holder:
    """A session that keeps what it locked until it is let go."""

    def __init__(self, desk, statement):
        self.desk = desk
        self.psql = subprocess.Popen(
            [desk.server.bin / "psql", "-X", "-q", "-At",
             "-h", desk.server.folder, "-p", str(desk.server.port),
             "-U", ADMIN, "-d", desk.database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.say(f"BEGIN; {statement};")

    def say(self, text):
        self.psql.stdin.write(text + "\n\\echo done\n")
        self.psql.stdin.flush()
        while self.psql.stdout.readline().strip() != "done":
            assert self.psql.poll() is None

    def let_go(self):
        self.say("ROLLBACK;")
        self.psql.stdin.close()
        assert self.psql.wait(PATIENCE) == 0
        self.psql.stdout.close()


SESSIONS = ("FROM pg_stat_activity WHERE application_name = 'keytidy' "
            "AND datname = current_database()")


def wait_for(desk, condition, wanted):
    """Asks the server, whose answers take their time."""
    for _ in range(2000):
        if desk.sql(condition) == wanted:
            return
    raise AssertionError(condition)


def wait_until_blocked(desk):
    wait_for(desk, f"SELECT count(*) {SESSIONS} AND wait_event_type = 'Lock'",
             "1")


@pytest.fixture
def desk(scene, server):
    return Desk(scene, server)


def test_there_is_no_inventory_yet(desk):
    for command in (["keys", "list"], ["policy", "check"]):
        ended = desk.run(*command)
        assert ended.code == 2
        assert "--record makes one" in ended.err
    assert desk.sql("SELECT count(*) FROM pg_namespace "
                    "WHERE nspname = 'keytidy'") == "0"


def test_a_team_of_three(desk, keys):
    key = keys.kryton()
    for machine in "abc":
        home = desk.scene.dir / machine
        path = home / ".cursor" / "mcp.json"
        path.parent.mkdir(parents=True)
        path.write_text('{"mcpServers": {"kryton": {"url": '
                        '"https://mcp.kryton.ai/mcp", "headers": '
                        f'{{"Authorization": "Bearer {key}"}}}}}}}}\n')
        os.chmod(path, 0o600)
        os.chmod(home, 0o700)
        ended = desk.run("audit", "--root", home, "--record", "--machine",
                         machine)
        assert ended.code == 1 and ended.err == "", ended
    listed = desk.run("keys", "list").text
    assert "1 key;" in listed and " 3 places" in listed
    one = listed.split()[0]
    shown = desk.run("keys", "show", one).text
    assert re.findall(r"^  place: +(\w):/", shown, re.M) == ["a", "b", "c"]
    # An audit keeps the same hints as a scan.
    before = desk.sql("SELECT * FROM keytidy.hints ORDER BY 2")
    assert len(before.split("\n")) == 5
    desk.record("a", "a")
    assert desk.sql("SELECT * FROM keytidy.hints ORDER BY 2") == before


def test_sixteen_writers_lose_and_double_nothing(desk, keys):
    shared = [keys.kryton() for _ in range(2)]
    own = {f"m{n}": [keys.kryton() for _ in range(2)] for n in range(16)}
    for machine, some in own.items():
        desk.folder(machine, *shared, *some)
    # The schema, the tables and the key are made by them, too.
    running = [desk.start(machine, machine) for machine in own]
    for one in running:
        said = one.communicate(timeout=PATIENCE)[1]
        assert (one.returncode, said) == (1, b"")
    tables = desk.tables()
    assert len(tables["inventory_key"]) == 1
    assert len(tables["runs"]) == 16
    assert len(tables["keys"]) == 2 + 16 * 2
    assert len(tables["places"]) == 16 * 4
    by_key = desk.sql("SELECT count(*) FROM keytidy.places "
                      "GROUP BY fingerprint ORDER BY 1").split("\n")
    assert by_key == ["1"] * 32 + ["16"] * 2
    # And each says what it would say alone.
    for machine in own:
        desk.record(machine, machine)
    again = desk.tables()
    assert again["keys"] == tables["keys"]
    assert again["hints"] == tables["hints"]
    assert len(again["places"]) == 16 * 4


def test_the_same_from_a_file_and_from_a_server(desk, keys):
    secret = desk.scene.dir / "team.key"
    file = desk.scene.dir / "inventory.db"
    some = [keys.kryton() for _ in range(3)] + [keys.kataven(), keys.github()]
    for where in (file, desk.url):
        def record(name, machine, at, to=where):
            desk.record(name, machine, at=at, inventory=to,
                        env={"KEYTIDY_INVENTORY_KEY": str(secret)})
        desk.folder("p", *some)
        desk.folder("z\u00e4 Q", *some[:2])
        record("p", "Zeta", NOW)
        record("z\u00e4 Q", "alpha", NOW + DAY)
        desk.scene.write("p/1.env", "gone\n")
        record("p", "Zeta", NOW + 2 * DAY)
    ids = re.findall(r"^kt-\w+", desk.run(
        "keys", "list", "--all", "--inventory-key", secret).text, re.M)
    assert len(ids) == 5
    for command in (["keys", "list"], ["keys", "list", "--all"],
                    ["policy", "check"], ["policy", "check", "-f", "json"],
                    ["report", "html"],
                    *(["keys", "show", one] for one in ids)):
        ended = [desk.run(*command, "--inventory-key", secret,
                          at=NOW + 300 * DAY, inventory=where)
                 for where in (file, desk.url)]
        assert ended[0].err == ended[1].err == "", command
        assert ended[0].code == ended[1].code, command
        assert ended[0].text == ended[1].text, command


def test_no_key_is_on_the_server(desk, keys):
    key = keys.kryton()
    desk.record(desk.folder("p", key), "m")
    held = json.dumps(desk.tables())
    for form in (key, key[7:], key[20:40], key[-8:], key.encode().hex(),
                 base64.b64encode(key.encode()).decode()[4:40]):
        assert form not in held


def test_a_writer_that_is_killed_loses_its_own_run_alone(desk, keys):
    name = desk.folder("p", *(keys.kryton() for _ in range(20)))
    desk.record(name, "m")
    before = desk.tables()
    known = desk.sql("SELECT fingerprint FROM keytidy.keys ORDER BY 1")
    # It is stopped at the first key, at the second, ... and killed there.
    for fingerprint in known.split("\n"):
        holder = desk.holder("SELECT 1 FROM keytidy.keys WHERE fingerprint = "
                             f"'{fingerprint}' FOR UPDATE")
        writer = desk.start(name, "m", at=NOW + DAY)
        wait_until_blocked(desk)
        writer.send_signal(signal.SIGKILL)
        writer.communicate(timeout=PATIENCE)
        assert writer.returncode == -signal.SIGKILL
        holder.let_go()
        wait_for(desk, f"SELECT count(*) {SESSIONS}", "0")
        assert desk.tables() == before
    desk.record(name, "m", at=NOW + DAY)
    assert desk.sql("SELECT count(*), min(last_seen) FROM keytidy.keys") == (
        f"20|{NOW + DAY}")


def test_a_server_that_goes_away(desk, keys):
    name = desk.folder("p", *(keys.kryton() for _ in range(3)))
    desk.record(name, "m")
    before = desk.tables()
    holder = desk.holder("LOCK TABLE keytidy.places IN EXCLUSIVE MODE")
    writer = desk.start(name, "m", at=NOW + DAY)
    wait_until_blocked(desk)
    desk.sql(f"SELECT pg_terminate_backend(pid) {SESSIONS}")
    said = writer.communicate(timeout=PATIENCE)[1].decode()
    holder.let_go()
    # The scan's own result stands.
    assert writer.returncode == 1
    assert "terminating connection" in said
    assert desk.server.password not in said
    assert desk.tables() == before


def test_an_audit_that_was_not_recorded_does_not_pass(desk):
    desk.scene.write("p/clean.txt", "nothing\n")
    desk.run("scan", "p", "--record")
    holder = desk.holder("LOCK TABLE keytidy.runs IN EXCLUSIVE MODE")
    writer = desk.start("p", "m")
    wait_until_blocked(desk)
    desk.sql(f"SELECT pg_terminate_backend(pid) {SESSIONS}")
    writer.communicate(timeout=PATIENCE)
    holder.let_go()
    assert writer.returncode == 3


def test_a_place_that_is_looked_at_again(desk, keys):
    """rotate confirm writes what it saw, on a server as in a file."""
    name = desk.folder("p", keys.kryton())
    desk.record(name, "m")
    key = desk.run("keys", "list").text.split()[0]
    for path in (desk.scene.dir / name).iterdir():
        path.unlink()
    ended = desk.run("rotate", "confirm", key, "--machine", "m")
    assert ended.code == 3 and "  gone       m:/" in ended.text
    assert ", gone since " in desk.run("keys", "show", key).text


def test_nobody_is_there(desk):
    url = desk.url.replace(f":{desk.server.port}/", ":1/")
    desk.scene.write("p/clean.txt", "nothing\n")
    ended = desk.run("keys", "list", inventory=url)
    assert ended.code == 2 and ended.out == b""
    assert "127.0.0.1:1/" in ended.err
    # A scan's own result stands.
    ended = desk.run("scan", "p", "--record", inventory=url)
    assert ended.code == 3 and "no keys found" in ended.text
    assert "127.0.0.1:1/" in ended.err
    assert ended.err.endswith("; nothing is recorded\n")


@pytest.mark.parametrize("form", [
    "postgresql://admin:{password}@127.0.0.1:{port}/{database}",
    "postgres://127.0.0.1:{port}/{database}?user=admin&password={password}",
    "postgresql://admin:{password}@127.0.0.1:{port}/none",
    "postgresql://admin:{password}x@127.0.0.1:{port}/{database}",
    "postgresql://admin:{password}@127.0.0.1:{port}/{database}?sslmode=require",
    "postgresql://admin:{password}@x@127.0.0.1:{port}/{database}",
    "postgresql://admin:{password}/x@127.0.0.1:{port}/{database}",
    "postgresql://admin:{password}%x@127.0.0.1:{port}/{database}",
    "postgresql://admin:{password}",
    "postgresql://[{password}",
    "postgresql://127.0.0.1:{port}/{database}?password={password}&{password}=1",
])
def test_a_password_is_never_said(desk, form):
    wrong = "wrong" + desk.server.password[::-1]
    url = form.format(password=wrong, port=desk.server.port,
                      database=desk.database)
    ended = desk.run("keys", "list", inventory=url)
    assert ended.code == 2
    assert wrong not in ended.text + ended.err
    assert wrong[:12] not in ended.err
    assert len(ended.err.strip().split("\n")) == 1


def test_a_right_password_in_either_place(desk, keys):
    desk.record(desk.folder("p", keys.kryton()), "m")
    base = f"127.0.0.1:{desk.server.port}/{desk.database}"
    password = desk.server.password
    passfile = desk.scene.write(
        "pgpass", f"127.0.0.1:*:*:{ADMIN}:{password}\n")
    os.chmod(passfile, 0o600)
    for url, env in (
            (f"postgres://{base}?user={ADMIN}&password={password}", {}),
            (f"postgresql://{ADMIN}@{base}", {"PGPASSWORD": password}),
            (f"postgresql://{ADMIN}@{base}", {"PGPASSFILE": str(passfile)}),
            (f"postgresql://{ADMIN}@/{desk.database}?host="
             f"{desk.server.folder}&port={desk.server.port}", {})):
        ended = desk.run("keys", "list", "--inventory", url, env=env)
        assert ended.code == 0 and "1 key;" in ended.text, ended


def test_another_programs_schema_is_left_alone(desk, keys):
    desk.sql("CREATE SCHEMA keytidy; CREATE TABLE keytidy.keys (x TEXT); "
             "INSERT INTO keytidy.keys VALUES ('theirs')")
    name = desk.folder("p", keys.kryton())
    for command in (["scan", name, "--record"], ["keys", "list"]):
        ended = desk.run(*command)
        assert ended.code == 2
        assert "another program's" in ended.err
    assert desk.tables() == {"keys": ["theirs"]}


def test_a_newer_inventory_is_left_alone(desk, keys):
    name = desk.folder("p", keys.kryton())
    desk.record(name, "m")
    desk.sql("INSERT INTO keytidy.schema_version VALUES "
             "(99, 'keytidy inventory')")
    before = desk.tables()
    for command in (["scan", name, "--record"], ["keys", "list"]):
        ended = desk.run(*command)
        assert ended.code == 2
        assert "newer keytidy (schema 99" in ended.err
    assert desk.tables() == before


def test_a_key_in_a_file_is_not_the_one_on_the_server(desk, keys):
    name = desk.folder("p", keys.kryton())
    secret = desk.scene.dir / "team.key"
    desk.record(name, "m", env={"KEYTIDY_INVENTORY_KEY": str(secret)})
    assert "inventory_key" not in desk.tables()
    bytes_ = secret.read_bytes()
    assert len(bytes_) == 32
    assert bytes_.hex() not in json.dumps(desk.tables())
    without = desk.run("scan", name, "--record")
    assert without.code == 2 and "--inventory-key FILE" in without.err
    secret.rename(desk.scene.dir / "away.key")
    lost = desk.run("scan", name, "--record", "--inventory-key", secret)
    assert lost.code == 2 and "is missing" in lost.err
    assert not secret.exists()


def test_a_key_on_the_server_is_not_the_one_in_a_file(desk, keys):
    name = desk.folder("p", keys.kryton())
    desk.record(name, "m")
    secret = desk.scene.dir / "own.key"
    ended = desk.run("scan", name, "--record", "--inventory-key", secret)
    assert ended.code == 2 and "leave out --inventory-key" in ended.err
    assert not secret.exists()


def test_what_a_person_says_of_a_key(desk, keys):
    found = desk.record(desk.folder("p", keys.kryton()), "m")
    key = found[0]["id"]
    shown = desk.run("keys", "set", key, "--owner", "ana", "--env",
                     "production", "--label", "one", "--label", "two").text
    assert "ana" in shown and "production" in shown
    assert desk.run("keys", "forget", key).code == 0
    assert desk.run("keys", "show", key).code == 2
    tables = desk.tables()
    assert {name for name, rows in tables.items() if rows != [""]} == {
        "inventory_key", "runs", "schema_version", "settings"}


def test_libpq_is_not_touched_without_a_server(desk, keys):
    name = desk.folder("p", keys.kryton())
    trace = desk.scene.dir / "trace"
    for inventory, wanted in ((desk.scene.dir / "own.db", False),
                              (desk.url, True)):
        done = subprocess.run(
            ["strace", "-f", "-e", "trace=openat", "-o", trace,
             os.environ["KEYTIDY"], "scan", name, "--record"],
            cwd=desk.scene.dir, timeout=PATIENCE, capture_output=True,
            env=desk.scene.environment(desk.env(inventory=inventory)),
            check=False)
        assert done.returncode == 1
        assert ("libpq.so" in trace.read_text()) is wanted
