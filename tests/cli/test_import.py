# SPDX-License-Identifier: Apache-2.0
"""keys import: what providers know of keys, from exports and from their own
calls, brought into the inventory."""

import base64
import contextlib
import json
import sqlite3

import pytest

from scene import ALNUM, BASE64URL
from stub import Answer, json_answer
from stub import github, iam, kataven
from stub.github import GitHub
from stub.gitlab import GitLab
from stub.iam import Iam
from stub.systems import Karzoun, Kataven, Kryton
from verifyscene import VerifyScene

NOW = 1_790_000_000
NOT_SEEN = "not seen on any machine that was recorded  "


class Desk:
    """A folder with keys, recorded in an inventory, and the import."""

    def __init__(self, scene, stub):
        self.verifying = VerifyScene(scene, stub)
        self.scene = scene
        self.stub = stub
        self.own = self.verifying.own
        self.db = scene.home / "inventory.db"
        self.env = {**self.verifying.env, "KEYTIDY_INVENTORY": str(self.db),
                    "SOURCE_DATE_EPOCH": str(NOW)}
        self.secrets = []  # what may stand nowhere
        self.given = []    # but in these files

    def run(self, *args, env=None, **options):
        ended = self.scene.run(*args, env={**self.env, **(env or {})},
                               **options)
        self.verifying.ended.append(ended)
        return ended

    def record(self, *args, **keys):
        """The ids of keys, given as the lines that hold them by the names of
        their files."""
        for name, line in keys.items():
            path = self.scene.write(f"desk/{name}", line + "\n")
            if path not in self.given:
                self.given.append(path)
        ended = self.run("scan", self.scene.dir / "desk", "--record",
                         "--format", "json", *args)
        assert ended.err == "", ended
        found = {}
        for finding in json.loads(ended.out)["findings"]:
            path = finding["occurrences"][0]["path"]
            found[path.rpartition("/")[2]] = finding["id"]
        return [found[name] for name in keys]

    def export(self, text, name="keys.csv"):
        path = self.scene.write(name, text)
        self.given.append(path)
        return path

    def take(self, text, *args, name="keys.csv", provider="konstantly"):
        """Imports an export."""
        whose = ["--provider", provider] if provider else []
        return self.run("keys", "import", "--from", self.export(text, name),
                        *whose, *args)

    def ask(self, provider, *args, **options):
        """Imports from a provider's own calls."""
        return self.run("keys", "import", provider, "--ca-file",
                        self.stub.authority.ca_file, *args, **options)

    def shown(self, key):
        """What the inventory says of it, by label."""
        out = {}
        for line in self.run("keys", "show", key).text.splitlines()[1:]:
            label, _, text = line.strip().partition(":")
            out[label] = text.strip()
        return out

    def leaks(self):
        """Where a secret stands, plain or within base64 whatever stands before
        it there."""
        forms = list(self.secrets)
        for one in self.secrets:
            for before in range(3):
                data = b" " * before + one.encode()
                start = (before * 8 + 5) // 6
                forms.append(base64.b64encode(data).decode()
                             [start:len(data) * 8 // 6])
        return self.verifying.leaks(*forms, but=self.given)


@pytest.fixture
def desk(scene, stub):
    """The test ends with a look at everything that was printed or written."""
    one = Desk(scene, stub)
    yield one
    assert one.leaks() == []


def ended_well(ended, code=0):
    assert (ended.code, ended.err) == (code, ""), ended
    return ended.text.splitlines()


# Exports.


@pytest.fixture
def two(desk, keys):
    """Two keys of Konstantly on this machine: what is written in both, and the
    ids."""
    texts = [keys.konstantly(), keys.konstantly()]
    desk.secrets += texts
    ids = desk.record(first=f"KONSTANTLY_MCP_KEY={texts[0]}",
                      second=f"KONSTANTLY_MCP_KEY={texts[1]}")
    return texts, ids


def test_export_of_konstantly(desk, two, keys):
    (one, other), ids = two
    stranger = keys.konstantly()
    lines = ended_well(desk.take(
        "\ufeffName;Key;Created;Last used;Created by\r\n"
        f"alex-laptop;{one[:9]}\u2026{one[-4:]};2026-03-31;2026-08-01 10:00;"
        "alex@example.com\r\n"
        f"\"bot; nightly\";...{other[-8:]};2026-04-01;Never;\r\n"
        f"elsewhere;{stranger[:9]}\u2026{stranger[-4:]};2026-01-01;;\r\n"))
    assert lines == [
        f"{ids[0]}  alex-laptop: made 2026-03-31, last used 2026-08-01, "
        "of alex@example.com",
        f"{ids[1]}  bot; nightly: made 2026-04-01",
        NOT_SEEN + "elsewhere",
        "",
        f"{desk.scene.dir}/keys.csv: 3 rows, 2 matched, 1 not seen, "
        "0 not certain"]
    shown = desk.shown(ids[0])
    assert shown["name"] == "alex-laptop"
    assert shown["owner"] == "alex@example.com"
    assert desk.shown(ids[1])["name"] == "bot; nightly"


def test_export_of_corcava(desk, keys):
    """A key of no form that could be known, shown whole once and by its end."""
    one, other = keys.corcava(), keys.corcava()
    desk.secrets += [one, other]
    ids = desk.record(first=f"CORCAVA_API_KEY={one}",
                      second=f"CORCAVA_API_KEY={other}")
    text = json.dumps({"api_keys": [
        {"id": 1, "label": "claude-desktop-macbook-pro", "key": one,
         "status": "Active", "createdAt": 1774951200000},
        {"id": 2, "label": "cursor-work-laptop",
         "key": "****" + other[-4:], "status": "Inactive"}]})
    lines = ended_well(desk.take(text, name="keys.json", provider="corcava"))
    assert lines[:2] == [
        f"{ids[0]}  claude-desktop-macbook-pro: made 2026-03-31",
        f"{ids[1]}  cursor-work-laptop: not in use at the provider"]
    # From now on its id says which key it is.
    again = ended_well(desk.take("id,name\n1,renamed\n3,other\n",
                                 provider="Corcava"))
    assert again[0] == f"{ids[0]}  renamed"
    assert again[1].startswith(NOT_SEEN + "other: ")
    assert desk.shown(ids[0])["name"] == "renamed"


def test_dry_run_writes_nothing(desk, two):
    (one, _), ids = two
    before = desk.shown(ids[0])
    ended = desk.take(f"hint,name\n...{one[-8:]},laptop\n", "--dry-run")
    lines = ended_well(ended)
    assert lines[0] == f"{ids[0]}  laptop"
    assert lines[-1] == "Nothing was written (--dry-run)."
    assert desk.shown(ids[0]) == before


def test_json(desk, two):
    (one, other), ids = two
    ended = desk.take(
        f"hint,name,created\n...{one[-8:]},a,2026-03-31\n"
        f"...{other[-8:]},b,x\n...{other[-8:]},c,\n...00000000,d,\n",
        "--format", "json")
    assert (ended.code, ended.err) == (3, "")
    row = {"provider": "konstantly"}
    assert json.loads(ended.out) == {
        "schema": "keytidy-import/1",
        "source": f"{desk.scene.dir}/keys.csv",
        "complete": False, "written": True,
        "matched": [{"row": 2, **row, "key": ids[0], "name": "a",
                     "created": "2026-03-31T00:00:00Z"}],
        "unmatched": [{"row": 5, **row, "name": "d"}],
        "ambiguous": [
            {"row": number, **row, "candidates": [ids[1]], "name": name,
             "because": "several rows fit the key"}
            for number, name in [(3, "b"), (4, "c")]],
        "errors": [{"row": 3,
                    "what": "what stands in 'created' is no date"}]}
    assert desk.shown(ids[1]).get("name") is None


def test_two_keys_that_look_alike(desk, keys):
    one, other = keys.konstantly(), keys.konstantly()
    other = other[:-4] + one[-4:]
    desk.secrets += [one, other]
    ids = desk.record(first=f"KONSTANTLY_MCP_KEY={one}",
                      second=f"KONSTANTLY_MCP_KEY={other}")
    lines = ended_well(desk.take(f"key,name\n****{one[-4:]},laptop\n"))
    assert lines[0].startswith("not certain  laptop: may be any of ")
    assert all(number in lines[0] for number in ids)


def test_keys_of_another_provider_are_not_matched(desk, two):
    (one, _), ids = two
    text = f"hint,name,provider\n...{one[-8:]},laptop,Corcava\n"
    assert ended_well(desk.take(text, provider=None))[0] == NOT_SEEN + "laptop"
    assert ended_well(desk.take(text))[0] == (
        NOT_SEEN + "laptop: it is of another provider")
    text = f"hint,name,provider\n...{one[-8:]},laptop,konstantly\n"
    assert ended_well(desk.take(text, provider=None))[0] == (
        f"{ids[0]}  laptop")


def test_no_key_is_kept_or_printed(desk, two, keys):
    """Whole keys in the export: in the column for it, in others, plain and
    within base64, of this machine and strange ones."""
    (one, other), ids = two
    corcava, stranger = keys.corcava(), keys.kryton()
    desk.secrets += [corcava, stranger]
    hidden = base64.b64encode(f"x{corcava}".encode()).decode()
    ended = desk.take(
        "key,name,owner,id,scopes\n"
        f"{one},laptop,ann,{other},read\n"
        f"{stranger},key {stranger},{other},{stranger},{stranger}\n"
        f"{corcava},{hidden},{corcava},9,a;{corcava}\n"
        f"****{other[-4:]},note {one},bob,8,read\n")
    lines = ended_well(ended, 3)
    assert lines[0] == f"{ids[0]}  laptop: of ann"
    assert [line.partition("  ")[2] for line in lines[4:-2]] == [
        f"line {n}: a key stands in '{name}', which is left out"
        for n, name in [(3, "name"), (3, "owner"), (3, "scopes"), (4, "name"),
                        (4, "owner"), (4, "scopes"), (5, "name")]]
    desk.run("keys", "list", "--all")
    assert desk.leaks() == []


def test_rows_that_cannot_be_read(desk, two):
    (one, _), ids = two
    ended = desk.take(f"hint,name,expires\n\"x\"y,a,\n...{one[-8:]},b,soon\n"
                      "1,2,3,4\n")
    assert ended_well(ended, 3) == [
        f"{ids[0]}  b",
        "could not be read  line 2: has text behind a closing quote",
        "could not be read  line 3: what stands in 'expires' is no date",
        "could not be read  line 4: has 4 cells, and the first line 3",
        "",
        f"{desk.scene.dir}/keys.csv: 1 row, 1 matched, 0 not seen, "
        "0 not certain; 3 problems"]


def test_a_key_that_never_expires(desk, two):
    """The label is what policies know it by."""
    def labels():
        with contextlib.closing(sqlite3.connect(desk.db)) as database:
            return dict(database.execute("SELECT id, labels FROM keys"))

    (one, _), ids = two
    desk.run("keys", "set", ids[0], "--label", "mine")
    lines = ended_well(desk.take(f"hint,expires\n...{one[-8:]},Never\n"))
    assert lines[0] == f"{ids[0]}  line 2: never expires"
    assert labels() == {ids[0]: "mine\nnever-expires", ids[1]: ""}
    ended_well(desk.take(f"hint,expires\n...{one[-8:]},2027-01-01\n"))
    assert labels() == {ids[0]: "mine", ids[1]: ""}


@pytest.mark.parametrize("text, args, why", [
    ("name,created\na,b\n", [],
     "keys.csv: none of its columns is known to say which key a row is of; "
     "name it: --column hint=NAME or --column id=NAME"),
    ("hint\n...ab12\n", ["--column", "colour=x"],
     "--column colour=x: there is no such field; there are hint, first, last, "
     "id, name, owner, account, scopes, created, expires, last-used, status "
     "and provider"),
    ("hint\n...ab12\n", ["--column", "name=x"], "keys.csv: has no column 'x'"),
    ("", [], "keys.csv: holds nothing"),
    ('{"a":[{}],"b":[{}]}', [],
     "keys.csv: holds 2 arrays of objects, and does not say which of them are "
     "the keys"),
    ("hint\n...ab12\n", ["--server", "https://example.com"],
     "--server is of a PROVIDER to be asked"),
], ids=["columns", "field", "column", "empty", "arrays", "server"])
def test_exports_that_make_no_sense(desk, two, text, args, why):
    ended = desk.take(text, *args)
    assert (ended.code, ended.text) == (2, "")
    assert ended.err == f"keytidy: {why}\n".replace(
        "keys.csv", f"{desk.scene.dir}/keys.csv")


def test_command_lines_that_make_no_sense(desk, two):
    path = desk.export("hint\n...ab12\n")
    for args, why in [
            ([], "give either an export"),
            (["kryton", "--from", path], "give either an export"),
            (["kryton", "--provider", "kryton"], "are of exports"),
            (["krytn"], "did you mean kryton?"),
            (["konstantly"], "no call is known that lists its keys"),
            (["--from", path], "--provider NAME"),
            (["--from", path, "--provider", "konstantl"],
             "did you mean konstantly?"),
            (["--from", desk.scene.dir / "none", "--provider", "konstantly"],
             "none"),
            (["kryton"], "--server URL"),
            (["aws", "--server", "https://example.com"], "cannot be set")]:
        ended = desk.run("keys", "import", *args)
        assert (ended.code, ended.text) == (2, ""), args
        assert why in ended.err, ended.err
    assert desk.verifying.silent


def test_a_key_on_the_command_line_is_not_repeated(desk, two, keys):
    for one in (keys.kryton(), keys.corcava()):
        desk.secrets.append(one)
        path = desk.export("hint\n...ab12\n")
        for args in ([one],
                     ["--from", path, "--provider", one]):
            ended = desk.run("keys", "import", *args)
            assert (ended.code, ended.text) == (2, "")
            assert ended.err == ("keytidy: what stands for the provider is "
                                 "the name of none\n")


def test_there_is_no_inventory_yet(desk):
    ended = desk.take("hint\n...ab12\n")
    assert ended.code == 2
    assert "--record makes one" in ended.err
    assert not desk.db.exists()


# Calls of providers.


def asked(desk):
    """ "METHOD path" of what was sent for lists."""
    return [one.partition(" ")[0] + " " + one.partition("/")[2]
            for one in desk.verifying.sent]


def test_kryton(desk, keys):
    player = Kryton("new")
    password = keys.password() + ' "\\%{email} \u00fc'
    player.account("ann@example.com", password)
    laptop = player.mint("ann@example.com", "laptop", "read-only",
                         expires=NOW + 86400 * 30)
    player.mint("ann@example.com", "elsewhere")
    desk.secrets += [key.text for key in player.keys()] + [password]
    desk.stub.at("localhost", player)
    (number,) = desk.record(one=f"KRYTON_TOKEN={laptop}")
    env = {"KRYTON_EMAIL": "ann@example.com", "KRYTON_PASSWORD": password}
    ended = desk.ask("kryton", "--server", desk.own, env=env)
    lines = ended_well(ended)
    assert lines[0].startswith(NOT_SEEN + "elsewhere")
    assert lines[1].startswith(f"{number}  laptop: made ")
    assert "expires 2026-10-21" in lines[1]
    assert lines[-1] == ("Kryton: 2 rows, 1 matched, 1 not seen, "
                         "0 not certain")
    assert desk.verifying.sent == ["POST localhost/api/auth/sign-in/email",
                                   "GET localhost/api/api-keys"]
    assert [(line["event"], line["path"]) for line in
            desk.verifying.audit()] == [
        (event, path) for path in ["/api/auth/sign-in/email", "/api/api-keys"]
        for event in ["sent", "answered"]]
    assert desk.shown(number)["name"] == "laptop"


def test_kryton_wrong_password(desk, keys, two):
    player = Kryton("old")
    player.account("ann@example.com", keys.password())
    desk.stub.at("localhost", player)
    wrong = keys.password()
    desk.secrets.append(wrong)
    ended = desk.ask("kryton", "--server", desk.own, env={
        "KRYTON_EMAIL": "ann@example.com", "KRYTON_PASSWORD": wrong})
    lines = ended_well(ended, 3)
    assert lines[0].endswith("answered 401: e-mail address or password is "
                             "wrong")
    assert len(desk.verifying.sent) == 1


def test_karzoun(desk):
    player = Karzoun()
    manager = player.mint("manager", permissions=["showDeveloper"])
    laptop = player.mint("laptop", owner=True)
    for i in range(120):
        player.mint(f"app {i}", owner=True, expires=NOW + 10 ** 8)
    player.disable(laptop)
    desk.secrets += [manager, laptop]
    desk.stub.at(player.host, player)
    (number,) = desk.record(one=f"KARZOUN_APP_TOKEN={laptop}")
    # Only the last four characters are shown; that there is one such app is
    # made sure of.
    for app in player.apps():
        if app.token not in (manager, laptop) \
                and app.token[-4:] == laptop[-4:]:
            player.revoke(app.token)
    ended = desk.ask("karzoun", "--server", f"https://{player.host}",
                     env={"KARZOUN_DEVELOPER_TOKEN": manager})
    lines = ended_well(ended)
    (line,) = [line for line in lines if line.startswith("kt-")]
    assert line.startswith(f"{number}  laptop: made ")
    assert "never expires" in line
    assert line.endswith("not in use at the provider")
    assert len([one for one in lines if one.startswith(NOT_SEEN)]) \
        == len(player.apps()) - 1
    pages = [seen.json["query"] for seen in desk.stub.seen]
    assert ["page: 1," in pages[0], "page: 2," in pages[1]] == [True, True]
    assert len(pages) == 2


def test_karzoun_without_the_permission(desk, two):
    player = Karzoun()
    token = player.mint("narrow")
    desk.secrets.append(token)
    desk.stub.at(player.host, player)
    ended = desk.ask("karzoun", "--server", f"https://{player.host}",
                     env={"KARZOUN_DEVELOPER_TOKEN": token})
    assert ended_well(ended, 3)[0].endswith("that token may not list apps")


def test_kataven(desk):
    player = Kataven(fields={"hint": "tail"})
    manager, laptop = player.mint("manager"), player.mint("laptop")
    desk.secrets += [manager, laptop]
    desk.stub.at(kataven.HOST, player)
    (number,) = desk.record(one=f"KATAVEN_API_KEY={laptop}")
    env = {"KATAVEN_API_KEY": manager}
    ended = desk.ask("kataven", env=env)
    assert (ended.code, ended.err) == (
        2, "keytidy: Kataven does not document the field of its list of keys "
        "that shows a key's last 8 characters: set list_hint under "
        "[verify.kataven] in your own configuration\n")
    assert desk.verifying.silent
    desk.verifying.configure("[verify.kataven]\nlist_hint = '/tail'\n"
                             "list_name = '/name'\nlist_id = '/id'\n")
    lines = ended_well(desk.ask("kataven", env=env))
    assert lines[:2] == [NOT_SEEN + "manager", f"{number}  laptop"]
    assert desk.verifying.sent == [f"GET {kataven.HOST}/v1/api-keys"]


def test_github(desk, keys):
    player = GitHub()
    manager, laptop = keys.github(), keys.github()
    player.owners.add(manager)
    player.add(laptop, "ann", "laptop",
               credential_accessed_at="2026-08-01T10:00:00Z",
               authorized_credential_expires_at="2027-01-31T00:00:00Z")
    player.add("", "bob", None, credential_type="SSH key",
               token_last_eight=None, authorized_credential_title="old mac")
    for _ in range(100):
        player.add(keys.github(), "cy", "ci")
    desk.secrets += [manager, laptop]
    desk.stub.at(github.HOST, player)
    (number,) = desk.record(one=f"GITHUB_TOKEN={laptop}")
    ended = desk.ask("github", env={"GITHUB_TOKEN": manager,
                                    "GITHUB_ORGANISATION": "notes"})
    lines = ended_well(ended)
    assert lines[0] == (f"{number}  laptop: last used 2026-08-01, expires "
                        "2027-01-31, of ann")
    assert lines[1].startswith(NOT_SEEN + "row 2: ")
    assert lines[-1] == ("GitHub: 102 rows, 1 matched, 101 not seen, "
                         "0 not certain")
    assert asked(desk) == [
        "GET orgs/notes/credential-authorizations?per_page=100&page=1",
        "GET orgs/notes/credential-authorizations?per_page=100&page=2"]


def test_gitlab(desk, keys):
    """The list shows no part of a token: its id is known from verifying."""
    player = GitLab()
    manager, laptop = ("glpat-" + keys.pick(ALNUM, 20) for _ in range(2))
    player.add(manager, "manager")
    player.add(laptop, "laptop", active=False)
    desk.secrets += [manager, laptop]
    desk.stub.at("localhost", player)
    (number,) = desk.record(one=f"GITLAB_TOKEN={laptop}")
    env = {"GITLAB_TOKEN": manager}
    lines = ended_well(desk.ask("gitlab", "--server", desk.own, env=env))
    assert lines[-1] == ("GitLab: 2 rows, 0 matched, 2 not seen, "
                         "0 not certain")
    player.tokens[laptop]["active"] = True
    desk.record("--verify", "--base", f"gitlab={desk.own}", "--ca-file",
                desk.stub.authority.ca_file,
                one=f"GITLAB_TOKEN={laptop}")
    lines = ended_well(desk.ask("gitlab", "--server", desk.own, env=env))
    assert lines[1] == (f"{number}  laptop: made 2026-07-23, last used "
                        "2026-11-06, expires 2027-01-15, of 3")


def test_gitlab_a_page_that_fails(desk, keys, two):
    """What came before it counts, and the run is not complete."""
    player = GitLab()
    manager = "glpat-" + keys.pick(ALNUM, 20)
    player.add(manager, "manager")
    for i in range(150):
        player.add(f"other {i}", f"other {i}")
    desk.secrets.append(manager)
    desk.stub.at("localhost", lambda seen: json_answer(500, {})
                 if seen.parameters.get("page") == "2" else player(seen))
    ended = desk.ask("gitlab", "--server", desk.own,
                     env={"GITLAB_TOKEN": manager})
    lines = ended_well(ended, 3)
    assert lines[100].startswith("could not be read  page 2: ")
    assert lines[100].endswith("the server has an error of its own")
    assert lines[-1] == ("GitLab: 100 rows, 0 matched, 100 not seen, "
                         "0 not certain; 1 problem")


def test_gitlab_pages_are_bounded(desk, keys, two):
    player = GitLab()
    manager = "glpat-" + keys.pick(ALNUM, 20)
    player.add(manager, "manager")
    for i in range(500):
        player.add(f"other {i}", f"other {i}")
    desk.secrets.append(manager)
    desk.stub.at("localhost", player)
    ended = desk.ask("gitlab", "--server", desk.own, "--max-requests", "3",
                     env={"GITLAB_TOKEN": manager})
    lines = ended_well(ended, 3)
    assert lines[-1].startswith("GitLab: 300 rows")
    assert "more than 3 pages of keys" in lines[300]
    assert len(desk.verifying.sent) == 3


def test_aws(desk, keys):
    player = Iam()
    pairs = []
    for _ in range(2):
        pairs.append(("AKIA" + keys.pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
                                         16),
                      keys.pick(ALNUM + "+/", 40)))
        player.add(*pairs[-1])
    player.keys[pairs[1][0]][1] = "Inactive"
    desk.secrets += [secret for _, secret in pairs]
    desk.stub.at(iam.HOST, player)
    (number,) = desk.record(one=f"AWS_ACCESS_KEY_ID={pairs[1][0]}")
    ended = desk.ask("aws", env={"AWS_ACCESS_KEY_ID": pairs[0][0],
                                 "AWS_SECRET_ACCESS_KEY": pairs[0][1]})
    lines = ended_well(ended)
    assert lines[:2] == [
        NOT_SEEN + "row 1",
        f"{number}  row 2: made 2021-02-26, of ann, not in use at the "
        "provider"]
    # Ids of access keys count as keys here: no line has one.
    desk.secrets += [pairs[0][0], pairs[1][0]]


def test_aws_wrong_secret(desk, keys, two):
    player = Iam()
    key_id = "AKIA" + keys.pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
    right, wrong = (keys.pick(ALNUM, 40) for _ in range(2))
    player.add(key_id, right)
    desk.secrets += [wrong]
    desk.stub.at(iam.HOST, player)
    ended = desk.ask("aws", env={"AWS_ACCESS_KEY_ID": key_id,
                                 "AWS_SECRET_ACCESS_KEY": wrong})
    assert ended_well(ended, 3)[0].endswith(
        "answered 403: IAM refuses to list the keys of that user")


# What holds of all of them.


def gitlab_run(desk, keys, handler, *args):
    manager = "glpat-" + keys.pick(BASE64URL[:62], 20)
    desk.secrets.append(manager)
    desk.stub.at("localhost", handler(manager))
    return desk.ask("gitlab", "--server", desk.own, *args,
                    env={"GITLAB_TOKEN": manager})


def test_a_server_that_repeats_the_credential(desk, keys, two):
    """Plain, and within base64."""
    def handler(manager):
        hidden = base64.b64encode(f"Bearer {manager}".encode()).decode()
        return lambda seen: json_answer(200, [
            {"id": manager, "name": f"it is {manager}", "user_id": hidden,
             "scopes": [manager, "read_api"], "active": manager},
            {"id": 7, "name": hidden, "created_at": manager}])

    lines = ended_well(gitlab_run(desk, keys, handler))
    assert lines[0].startswith(NOT_SEEN + "row 1")
    assert lines[1].startswith(NOT_SEEN + "row 2")


def test_a_server_that_shows_keys(desk, keys, two):
    stranger = keys.kryton()
    desk.secrets.append(stranger)
    lines = ended_well(gitlab_run(desk, keys, lambda _: lambda seen:
                                  json_answer(200, [
                                      {"id": 1, "name": f"a {stranger}"}])), 3)
    assert lines[1] == ("could not be read  row 1: a key stands in its texts, "
                        "which are left out")


def test_redirects_are_not_followed(desk, keys, two):
    ended = gitlab_run(desk, keys, lambda _: lambda seen: Answer(
        302, {"Location": f"{desk.own}/elsewhere"}))
    assert ended_well(ended, 3)[0].endswith(
        "the server redirects elsewhere, where the key is not sent")
    assert len(desk.verifying.sent) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"null", b"[" * 5000,
                                  b"<html>", b"\xff\xfe"])
def test_answers_that_are_no_list(desk, keys, two, body):
    ended = gitlab_run(desk, keys, lambda _: lambda seen: Answer(
        200, {"Content-Type": "application/json"}, body))
    lines = ended_well(ended, 3)
    assert lines[0].startswith("could not be read  page 1: ")


def test_rows_that_are_none(desk, keys, two):
    ended = gitlab_run(desk, keys, lambda _: lambda seen: json_answer(
        200, [1, "x", None, [], {}, {"id": {"a": 1}, "name": ["x"]}]))
    lines = ended_well(ended)
    assert lines[-1].startswith("GitLab: 2 rows, 0 matched, 2 not seen")


def test_nobody_to_ask(desk, two):
    ended = desk.ask("gitlab", "--server", desk.own, env={"GITLAB_TOKEN": ""},
                     start_new_session=True)
    assert (ended.code, ended.text) == (2, "")
    assert ended.err.endswith("is needed: set GITLAB_TOKEN\n")
    assert desk.verifying.silent


def test_what_cannot_be_recorded_is_not_sent(desk, keys, two):
    log = desk.scene.home / "shared.jsonl"
    log.touch(0o644)
    log.chmod(0o644)
    ended = gitlab_run(desk, keys, lambda _: GitLab(), "--audit-log", log)
    assert ended.code == 2
    assert "must be yours alone (mode 0600)" in ended.err
    assert desk.verifying.silent


def test_servers_without_https(desk, keys, two):
    ended = desk.ask("gitlab", "--server", "http://gitlab.example.com",
                     env={"GITLAB_TOKEN": "x"})
    assert ended.code == 2
    assert desk.verifying.silent


def test_a_provider_is_asked_in_a_dry_run_too(desk, keys, two):
    lines = ended_well(gitlab_run(desk, keys, lambda _: lambda seen:
                                  json_answer(200, []), "--dry-run"))
    assert lines == ["GitLab: 0 rows, 0 matched, 0 not seen, 0 not certain",
                     "Nothing was written (--dry-run)."]
    assert len(desk.verifying.sent) == 1
