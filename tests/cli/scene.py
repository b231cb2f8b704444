# SPDX-License-Identifier: Apache-2.0
"""What the scenes share: keys made on the spot, a folder to work in, and the
program under test.

No key is ever written down: every test makes its own, from a seed that is the
test's name, so a failure happens again.
"""

import base64
import dataclasses
import hashlib
import json
import os
import pathlib
import random
import string
import subprocess
import zlib

PROGRAM = os.environ["KEYTIDY"]
SOURCE = pathlib.Path(os.environ["KEYTIDY_SOURCE"])
FORMATS = ["human", "json", "jsonl", "sarif", "junit", "gitlab", "csv",
           "markdown"]
# Far longer than any scene takes; what does not end by then hangs.
PATIENCE = 20

HEX = "0123456789abcdef"
ALNUM = string.digits + string.ascii_uppercase + string.ascii_lowercase
BASE64URL = string.ascii_letters + string.digits + "-_"
# What the last of 43 base64url characters can be when they stand for 32 bytes.
LAST_OF_43 = "AEIMQUYcgkosw048"


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Keys:
    """Makes keys, a new one with every call."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def pick(self, alphabet, length):
        return "".join(self._random.choices(alphabet, k=length))

    def kataven(self):
        return "sk_live_notesbot_" + self.pick(ALNUM, 32)

    def karzoun(self):
        claims = {"sub": self.pick(string.digits, 10), "iat": 1780000000}
        parts = [{"alg": "HS256", "typ": "JWT"}, claims]
        head = [_base64url(json.dumps(part).encode()) for part in parts]
        return ".".join(head + [_base64url(self._random.randbytes(32))])

    def konstantly(self):
        return "kmcp_" + self.pick(BASE64URL, 42) + self.pick(LAST_OF_43, 1)

    def corcava(self):
        return self.pick(ALNUM, 40)

    def kryton(self):
        return "kryton_" + self.pick(HEX, 64)

    def github(self):
        body = self.pick(ALNUM, 30)
        number = zlib.crc32(body.encode())
        digits = ""
        for _ in range(6):
            number, digit = divmod(number, 62)
            digits = ALNUM[digit] + digits
        return "ghp_" + body + digits

    def stripe_test(self):
        return "sk_test_" + self.pick(ALNUM, 24)

    def password(self):
        return self.pick(ALNUM, 16)

    def pem(self):
        """An armoured block, without a newline at its end."""
        body = [base64.b64encode(self._random.randbytes(48)).decode()
                for _ in range(10)]
        return "\n".join(["-----BEGIN RSA PRIVATE KEY-----", *body,
                          "-----END RSA PRIVATE KEY-----"])

    def of(self, system):
        return getattr(self, system)()


@dataclasses.dataclass(frozen=True)
class System:
    """One of the five systems: its rule, and the variable its key stands in."""
    name: str
    rule: str
    variable: str


SYSTEMS = [
    System("kataven", "kataven-api-key", "KATAVEN_API_KEY"),
    System("karzoun", "karzoun-app-token", "KARZOUN_APP_TOKEN"),
    System("konstantly", "konstantly-mcp-key", "KONSTANTLY_MCP_KEY"),
    System("corcava", "corcava-api-key", "CORCAVA_API_KEY"),
    System("kryton", "kryton-api-key", "KRYTON_TOKEN"),
]


def git_blob_id(raw):
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw).hexdigest()


@dataclasses.dataclass
class Ended:
    """How a run ended."""
    code: int
    out: bytes
    err: str

    @property
    def text(self):
        return self.out.decode()


class Report:
    """A JSON report, and the exit code that came with it."""

    def __init__(self, ended):
        assert ended.code in (0, 1, 3), ended
        assert ended.err == "", ended
        self.code = ended.code
        self.json = json.loads(ended.out)

    @property
    def complete(self):
        return self.json["complete"]

    @property
    def files(self):
        return self.json["coverage"]["files"]

    @property
    def notes(self):
        return self.json["notes"]

    @property
    def findings(self):
        return self.json["findings"]

    @property
    def finding(self):
        """The only one."""
        assert len(self.findings) == 1, self.rules
        return self.findings[0]

    @property
    def place(self):
        """The only place of the only finding."""
        places = self.finding["occurrences"]
        assert len(places) == 1, places
        return places[0]

    @property
    def rules(self):
        return [finding["rule"] for finding in self.findings]

    @property
    def paths(self):
        """Of all places, sorted."""
        return sorted(place["path"] for finding in self.findings
                      for place in finding["occurrences"])

    @property
    def skipped(self):
        """(path, reason) of what stated rules left out."""
        return self._skips(False)

    @property
    def unread(self):
        """(path, reason) of what was asked for and could not be read."""
        return self._skips(True)

    @property
    def empty_roots(self):
        return self.json["coverage"]["empty_roots"]

    def _skips(self, incomplete):
        return [(skip["path"], skip["reason"])
                for skip in self.json["coverage"]["skipped"]
                if skip["incomplete"] is incomplete]


class Scene:
    """A working directory, a home and a cache that nothing else uses."""

    def __init__(self, root):
        self.dir = root / "work"
        self.home = root / "home"
        self.cache = root / "cache"
        for folder in (self.dir, self.home, self.cache):
            folder.mkdir()

    def write(self, path, content=""):
        """Text is written as UTF-8; folders are made."""
        target = self.dir / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        target.write_bytes(data)
        return target

    def environment(self, extra=None):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith("KEYTIDY") and name != "NO_COLOR"}
        env["HOME"] = str(self.home)
        env["XDG_CACHE_HOME"] = str(self.cache)
        env.update(extra or {})
        return env

    def start(self, *args, cwd=None, env=None, **streams):
        """A run that the test feeds and waits for itself."""
        return subprocess.Popen(
            [PROGRAM, *map(os.fspath, args)], cwd=cwd or self.dir,
            env=self.environment(env), **streams)

    def run(self, *args, stdin=b"", cwd=None, env=None, **options):
        done = subprocess.run(
            [PROGRAM, *map(os.fspath, args)], cwd=cwd or self.dir,
            env=self.environment(env), input=stdin, timeout=PATIENCE,
            capture_output=True, check=False, **options)
        return Ended(done.returncode, done.stdout, done.stderr.decode())

    def scan(self, *args, **options):
        """A scan whose report is looked at."""
        return Report(self.run("scan", "--format", "json", *args, **options))
