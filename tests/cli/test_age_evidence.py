# SPDX-License-Identifier: Apache-2.0
"""What proves the age of a key, besides history and providers: the times that
keys hold themselves, and dated logs."""

import base64
import datetime
import json
import os

import pytest

from gitscene import Repo
from scene import ALNUM, Keys, _base64url

DAY = 86400
NOW = 1_790_000_000
MADE = NOW - 40 * DAY
LOWER = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's digits


def iso(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class DatedKeys(Keys):
    """Keys that say when they were made."""

    def jwt(self, **claims):
        parts = [{"alg": "HS256", "typ": "JWT"},
                 {"sub": self.pick("0123456789", 10), **claims}]
        head = [_base64url(json.dumps(part).encode()) for part in parts]
        return ".".join(head + [_base64url(self._random.randbytes(32))])

    def paddle(self, at):
        left = at * 1000
        digits = ""
        for _ in range(10):
            left, digit = divmod(left, 32)
            digits = LOWER[digit] + digits
        return (f"pdl_live_apikey_{digits}{self.pick(LOWER, 16)}_"
                f"{self.pick(ALNUM, 22)}_{self.pick(ALNUM, 3)}")

    def sentry(self, at):
        facts = {"iat": at + 0.25, "url": "https://sentry.io",
                 "region_url": "https://us.sentry.io", "org": "acme"}
        body = base64.b64encode(json.dumps(facts).encode()).decode()
        secret = base64.b64encode(self._random.randbytes(32)).decode()
        return f"sntrys_{body}_{secret.rstrip('=')}"

    def pypi(self, *caveats):
        def field(kind, data):
            size, left = b"", len(data)
            while left > 127:
                size += bytes([left & 127 | 128])
                left >>= 7
            return bytes([kind]) + size + bytes([left]) + data
        body = b"\2" + field(1, b"pypi.org")
        body += field(2, self.pick(ALNUM, 36).encode()) + b"\0"
        for caveat in caveats:
            text = json.dumps(caveat, separators=(",", ":"))
            body += field(2, text.encode()) + b"\0"
        return "pypi-" + _base64url(
            body + b"\0" + field(6, self._random.randbytes(32)))

    def sas(self, **query):
        signature = base64.b64encode(self._random.randbytes(32)).decode()
        query["sig"] = signature.replace("+", "%2B").replace("=", "%3D")
        return "https://acme.blob.core.windows.net/data?sv=2022-11-02&" + \
            "&".join(f"{name}={value}" for name, value in query.items())

    def gitlab_job(self, **claims):
        return "glcbt-" + self.jwt(**claims)


@pytest.fixture
def keys():
    return DatedKeys(17)


class Home:
    """A home folder that is audited, and an inventory."""

    def __init__(self, scene):
        self.scene = scene
        self.home = scene.dir / "home"
        self.home.mkdir(mode=0o700)

    def put(self, path, text):
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        os.chmod(target, 0o600)

    def cursor(self, **env):
        """A server of Cursor's with these variables."""
        self.put(".cursor/mcp.json", json.dumps({"mcpServers": {
            "notes": {"command": "/opt/notes", "env": env}}}))

    def run(self, *args, at=NOW):
        return self.scene.run(*args, env={
            "SOURCE_DATE_EPOCH": str(at),
            "KEYTIDY_INVENTORY": str(self.scene.dir / "inventory.db"),
            "XDG_CONFIG_HOME": str(self.scene.dir / "none")})

    def audit(self, *args, at=NOW):
        ended = self.run("audit", "--root", str(self.home), "-f", "json",
                         *args, at=at)
        assert ended.code in (0, 1), ended
        return json.loads(ended.out)

    def age(self, *args, at=NOW):
        """Of the only key."""
        findings = self.audit(*args, at=at)["findings"]
        assert len(findings) == 1, findings
        return findings[0]["age"]

    def evidence(self, at=NOW):
        return {one["source"]: one["at"] for one in self.age(at=at)["evidence"]}

    def message(self, check, at=NOW):
        found = [one["message"] for one in self.audit(at=at)["violations"]
                 if one["check"] == check]
        assert len(found) <= 1, found
        return found[0] if found else None

    def shown(self, at=NOW):
        """What the inventory says of the age of the only key."""
        report = self.audit("--record", at=at)
        assert len(report["findings"]) == 1
        text = self.run("keys", "show", report["findings"][0]["id"],
                        at=at).text
        lines = [line.split(":", 1)[1].strip() for line in text.splitlines()
                 if line.strip().startswith("age:")]
        assert len(lines) == 1, text
        return lines[0]


@pytest.fixture
def home(scene):
    return Home(scene)


# Times in keys.

def test_a_ulid_in_a_key(home, keys):
    home.cursor(PADDLE_API_KEY=keys.paddle(MADE))
    age = home.age()
    assert age["evidence"] == [{"source": "ulid", "at": iso(MADE)}]
    assert age["at_least_days"] == age["at_most_days"] == 40
    assert home.shown() == "40 days, by the time in its ULID"


def test_a_ulid_that_cannot_be(home, keys):
    home.cursor(PADDLE_API_KEY=keys.paddle(NOW + 2 * DAY))
    assert home.evidence() == {}
    assert home.message("AGE-UNKNOWN")
    home.cursor(PADDLE_API_KEY=keys.paddle(MADE).replace("apikey_0",
                                                         "apikey_u"))
    assert home.evidence() == {}


def test_json_in_a_key(home, keys):
    home.cursor(SENTRY_AUTH_TOKEN=keys.sentry(MADE))
    assert home.evidence() == {"token-claim": iso(MADE)}
    # It says nothing of its end: that is no word of having none.
    assert home.message("NO-EXPIRY") is None


def test_an_old_key_by_its_own_bytes(home, keys):
    home.cursor(PADDLE_API_KEY=keys.paddle(NOW - 200 * DAY))
    assert "200 days, by the time in its ULID" in home.message("AGE-N")
    assert home.message("AGE-UNKNOWN") is None
    home.cursor(PADDLE_API_KEY=keys.paddle(NOW - DAY))
    assert home.message("AGE-N") is None
    assert home.message("AGE-UNKNOWN") is None


def test_a_token(home, keys):
    end = NOW + 30 * DAY
    home.cursor(KARZOUN_APP_TOKEN=keys.jwt(iat=MADE, exp=end))
    assert home.age()["evidence"] == [
        {"source": "token-claim", "at": iso(MADE)},
        {"source": "token-expires", "at": iso(end)}]
    assert home.shown() == "40 days, by its own claims"


def test_a_token_without_an_end(home, keys):
    home.cursor(KARZOUN_APP_TOKEN=keys.jwt(iat=MADE))
    assert home.evidence() == {"token-claim": iso(MADE),
                               "token-never-expires": iso(MADE)}
    assert "never expires" in home.message("NO-EXPIRY")
    home.cursor(KARZOUN_APP_TOKEN=keys.jwt())
    assert home.evidence() == {}
    assert "never expires" in home.message("NO-EXPIRY")


def test_a_token_behind_a_prefix(home, keys):
    token = keys.gitlab_job(iat=MADE, exp=MADE + 3600, pad="x" * 40)
    home.cursor(CI_JOB_TOKEN=token)
    assert home.evidence() == {"token-claim": iso(MADE),
                               "token-expires": iso(MADE + 3600)}
    assert "expired 39 days ago" in home.message("EXPIRED")
    home.cursor(CI_JOB_TOKEN=keys.gitlab_job(iat=MADE, pad="x" * 60))
    assert home.message("NO-EXPIRY") is None


# Dated logs.

LOGS = {
    "zsh": (".zsh_history",
            ": {at}:0;export KRYTON_TOKEN={key}\n: {later}:0;ls\n"),
    "bash": (".bash_history",
             "#{at}\nexport KRYTON_TOKEN={key}\n#{later}\nls\n"),
    "fish": (".local/share/fish/fish_history",
             "- cmd: set KRYTON_TOKEN {key}\n  when: {at}\n"
             "- cmd: ls\n  when: {later}\n"),
    "transcript": (".claude/projects/a/b.jsonl",
                   '{{"type":"user","message":{{"content":"{key}"}},'
                   '"timestamp":"{day}"}}\n{{"timestamp":"2020-01-01"}}\n'),
    "prompts": (".codex/history.jsonl",
                '{{"session_id":"x","ts":{at},"text":"{key}"}}\n'),
}


def log(form, key, at):
    path, text = LOGS[form]
    return path, text.format(key=key, at=at, later=at + DAY, day=iso(at))


@pytest.mark.parametrize("form", LOGS)
def test_a_dated_log(home, keys, form):
    key = keys.kryton()
    home.put(*log(form, key, MADE))
    age = home.age()
    assert age["evidence"] == [{"source": "dated-log", "at": iso(MADE)}]
    assert age["at_least_days"] == 40 and age["at_most_days"] is None
    assert home.shown() == "at least 40 days, by a dated line of a log"


def test_the_earliest_line_counts(home, keys):
    key = keys.kryton()
    text = "".join(f": {NOW - days * DAY}:0;echo {key}\n"
                   for days in (12, 50, 7))
    home.put(".zsh_history", f"echo {key}\n" + text)
    assert home.evidence() == {"dated-log": iso(NOW - 50 * DAY)}


@pytest.mark.parametrize("text", [
    "export KRYTON_TOKEN={key}\n",
    "#{future}\nexport KRYTON_TOKEN={key}\n",
    "#0946684800\nexport KRYTON_TOKEN={key}\n",
    "#{at}\nls\nexport KRYTON_TOKEN={key}\n",
], ids=["undated", "in the future", "before 2005", "of another line"])
def test_a_log_that_proves_nothing(home, keys, text):
    home.put(".bash_history", text.format(key=keys.kryton(), at=MADE,
                                          future=NOW + DAY))
    assert home.evidence() == {}


def test_a_log_tells_the_age_of_a_key_in_use(home, keys):
    key = keys.kryton()
    home.cursor(KRYTON_TOKEN=key)
    assert home.message("AGE-UNKNOWN").startswith("Nothing tells how old")
    home.put(*log("zsh", key, NOW - 5 * DAY))
    assert home.message("AGE-UNKNOWN") == (
        "The Kryton API key kryton_" + key[7:11] + "… may be older than it "
        "seems: at least 5 days, by a dated line of a log, and nothing tells "
        "when it was made.")
    home.put(*log("zsh", key, NOW - 100 * DAY))
    assert "at least 100 days, by a dated line of a log" in home.message(
        "AGE-N")
    assert home.message("AGE-UNKNOWN") is None


def test_no_key_is_written_down(home, keys):
    key = keys.kryton()
    home.put(*log("zsh", key, MADE))
    home.audit("--record")
    for path in home.scene.dir.glob("inventory*"):
        assert key.encode() not in path.read_bytes()


def test_the_same_for_any_number_of_threads(home, keys):
    for form in LOGS:
        home.put(*log(form, keys.kryton(), MADE))
    one = home.run("audit", "--root", str(home.home), "-f", "json", "-j", "1")
    assert one.out == home.run("audit", "--root", str(home.home), "-f", "json",
                               "-j", "4").out


def test_the_earliest_of_several_logs(home, keys):
    key = keys.kryton()
    for name, days in (("a", 20), ("b", 60), ("c", 30)):
        home.put(f".claude/projects/{name}/b.jsonl",
                 log("transcript", key, NOW - days * DAY)[1])
    assert home.evidence() == {"dated-log": iso(NOW - 60 * DAY)}


# A window of validity: at most so old, and an end.

def test_a_signature_in_an_address(home, keys):
    address = keys.sas(st=iso(MADE), se=iso(NOW - DAY), sp="r")
    home.cursor(DATA=address)
    age = home.age()
    assert age["evidence"] == [
        {"source": "token-not-before", "at": iso(MADE)},
        {"source": "token-expires", "at": iso(NOW - DAY)}]
    assert age["at_least_days"] is None and age["at_most_days"] == 40
    assert "expired 1 day ago" in home.message("EXPIRED")
    assert home.shown() == ("at least 0 days, by the inventory's first sight "
                            "of it, and at most 40 days, by the first day it "
                            "holds")


def test_a_macaroon_of_pypi(home, keys):
    home.cursor(TWINE_PASSWORD=keys.pypi([0, NOW + 900, MADE]))
    assert home.evidence() == {"token-not-before": iso(MADE),
                               "token-expires": iso(NOW + 900)}
    home.cursor(TWINE_PASSWORD=keys.pypi([3, keys.pick(ALNUM, 36)]))
    assert home.evidence() == {}


# Scans.

def of_scan(scene, text):
    scene.write("a.env", text)
    return scene.scan("a.env", env={"SOURCE_DATE_EPOCH": str(NOW)}).finding


def test_a_scan_says_the_same(scene, keys):
    token = keys.jwt(iat=MADE, exp=NOW + DAY)
    assert of_scan(scene, f"KARZOUN_APP_TOKEN={token}\n")["age"] == {
        "at_least_days": 40, "at_most_days": 40, "evidence": [
            {"source": "token-claim", "at": iso(MADE)},
            {"source": "token-expires", "at": iso(NOW + DAY)}]}
    assert of_scan(scene, f"A={keys.paddle(MADE)}\n")["age"] == {
        "at_least_days": 40, "at_most_days": 40, "evidence": [
            {"source": "ulid", "at": iso(MADE)}]}
    address = keys.sas(st="2026-01-01", se="2030-01-01")
    assert of_scan(scene, f"A={address}\n")["age"]["evidence"] == [
        {"source": "token-not-before", "at": "2026-01-01T00:00:00Z"},
        {"source": "token-expires", "at": "2030-01-01T00:00:00Z"}]


def test_what_cannot_be_is_no_evidence(scene, keys):
    for claims in ({"iat": NOW + DAY}, {"iat": 7, "exp": 9}):
        token = keys.jwt(**claims)
        assert of_scan(scene, f"KARZOUN_APP_TOKEN={token}\n")["age"] == {
            "at_least_days": None, "at_most_days": None, "evidence": []}


def test_a_scan_for_people(scene, keys):
    token = keys.jwt(iat=MADE)
    scene.write("a.env", f"KARZOUN_APP_TOKEN={token}\n")
    text = scene.run("scan", "a.env", env={"SOURCE_DATE_EPOCH": str(NOW)}).text
    assert ("age:  40 days: issued 2026-08-12, by its own word, issued without "
            "an end") in " ".join(text.split("\n")).replace("        ", " ")


def test_a_history_says_it_with_its_commits(scene, keys):
    repo = Repo(scene)
    token = keys.jwt(iat=repo.now - 9 * DAY)
    repo.commit({"a.env": f"KARZOUN_APP_TOKEN={token}\n"})
    evidence = {one["source"]: one["at"]
                for one in repo.history().finding["age"]["evidence"]}
    assert evidence["token-claim"] == iso(1_700_000_000 - 9 * DAY)
    assert set(evidence) == {"token-claim", "token-never-expires",
                             "git-first-commit", "git-last-commit"}


# The policy.

def judged(home, checks="must_expire = true"):
    home.scene.write("keytidy.toml", f"[[policy.rule]]\n{checks}\n")
    report = json.loads(home.run("policy", "check", "-f", "json").out)
    return {one["check"]: one["severity"] for one in report["violations"]}


@pytest.mark.parametrize("claims, found", [
    ({"iat": NOW - DAY}, {"NO-EXPIRY": "medium"}),
    ({"iat": NOW - DAY, "exp": NOW + 90 * DAY}, {}),
    ({"iat": NOW - DAY, "exp": NOW + 9 * DAY}, {"EXP-SOON": "info"}),
    ({"iat": NOW - 2 * DAY, "exp": NOW - DAY}, {"EXPIRED": "low"}),
], ids=["never", "later", "soon", "before"])
def test_the_policy_knows_the_end(home, keys, claims, found):
    home.cursor(KARZOUN_APP_TOKEN=keys.jwt(**claims))
    home.audit("--record")
    assert judged(home) == found


def test_the_policy_knows_the_lifetime(home, keys):
    home.cursor(KARZOUN_APP_TOKEN=keys.jwt(iat=NOW, exp=NOW + 90 * DAY))
    home.audit("--record")
    assert judged(home, "max_lifetime = 91") == {}
    assert judged(home, "max_lifetime = 89") == {"POLICY-LIFETIME": "medium"}
