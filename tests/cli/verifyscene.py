# SPDX-License-Identifier: Apache-2.0
"""keytidy verify, scan --verify and revoke, against the server of this machine
alone."""

import json
import stat
import urllib.parse

from scene import Report


class VerifyScene:
    """Runs in `scene`, whose only way out is the proxy of `stub`. A server of
    one's own is at `own`: it is not asked for through the proxy."""

    def __init__(self, scene, stub):
        self.scene = scene
        self.stub = stub
        self.own = stub.https_base("localhost")
        self.log = scene.home / "state/keytidy/requests.jsonl"
        self.ended = []  # how all runs did
        self.env = {
            "XDG_CONFIG_HOME": str(scene.home / "config"),
            "XDG_STATE_HOME": str(scene.home / "state"),
            "XDG_CACHE_HOME": str(scene.cache),
            "HTTPS_PROXY": stub.proxy, "https_proxy": stub.proxy,
            "HTTP_PROXY": stub.proxy, "http_proxy": stub.proxy,
            "ALL_PROXY": stub.proxy, "all_proxy": stub.proxy,
            "NO_PROXY": "localhost,127.0.0.1",
            "no_proxy": "localhost,127.0.0.1"}

    # Runs.

    def run(self, command, *args, stdin=b"", env=None, **options):
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self.ended.append(self.scene.run(
            command, "--ca-file", self.stub.authority.ca_file, *args,
            stdin=data, env={**self.env, **(env or {})}, **options))
        return self.ended[-1]

    def verify(self, key, *args, **options):
        """One key on standard input; the report."""
        return Report(self.run("verify", "--format", "json", *args,
                               stdin=key, **options))

    def reported(self, path, *args, **options):
        """The keys of a report that was written before."""
        return Report(self.run("verify", "--format", "json", *args, path,
                               **options))

    def scan(self, *args, **options):
        return Report(self.run("scan", "--verify", "--format", "json", *args,
                               **options))

    def revoke(self, key, *args, **options):
        return self.run("revoke", "-", *args, stdin=key, **options)

    def configure(self, text):
        """The user's own configuration."""
        path = self.scene.home / "config/keytidy/keytidy.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    # What became of them.

    @property
    def sent(self):
        """ "METHOD host/path" of each request that arrived."""
        return [f"{seen.method} {seen.host}{seen.target}"
                for seen in self.stub.seen]

    @property
    def silent(self):
        """Whether nobody was asked for anything."""
        return not self.stub.seen and not self.stub.connects \
            and not self.stub.refused

    def audit(self):
        """The lines of the record of requests, which nobody else reads."""
        if not self.log.exists():
            return []
        assert stat.S_IMODE(self.log.stat().st_mode) == 0o600
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def files(self):
        """All that there is below home, cache and working directory."""
        return [path for folder in (self.scene.home, self.scene.cache,
                                    self.scene.dir)
                for path in sorted(folder.rglob("*")) if path.is_file()]

    def leaks(self, *secrets, but=()):
        """Where one of the secrets stands, plain or escaped: in what the runs
        printed, and in files that are not among `but`."""
        texts = [(f"run {i}", one.out + one.err.encode())
                 for i, one in enumerate(self.ended)]
        texts += [(str(path), path.read_bytes()) for path in self.files()
                  if path not in but]
        forms = [form.encode() for one in secrets for form in (
            one, json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False),
            urllib.parse.quote(one))]
        return [name for name, text in texts
                if any(form in text for form in forms)]


def verdict(report):
    """(state, evidence) of the only finding, and the exit code."""
    found = report.finding["verdict"]
    return found["state"], found["evidence"], report.code
