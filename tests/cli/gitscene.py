# SPDX-License-Identifier: Apache-2.0
"""Repositories for the scenes: made with git itself, by a clock of their own
and without a configuration from outside, so that every id is the same in every
run."""

import datetime
import os
import shlex
import subprocess

from scene import PATIENCE, PROGRAM, Report

START = 1_700_000_000  # of the clock: 2023-11-14
HOUR = 3600
NOW = START + 1000 * 86400  # when scans take place
GIT_CONFIG = """\
[user]
name = Ann Author
email = ann@example.com
[init]
defaultBranch = main
[protocol "file"]
allow = always
[advice]
detachedHead = false
[gc]
auto = 0
[commit]
gpgSign = false
"""


def iso(seconds):
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Repo:
    """A repository, and scans of it."""

    def __init__(self, scene, path=None, init=("init", "-q")):
        self.scene = scene
        self.path = path or scene.dir / "repo"
        self.now = START
        self.config = scene.home / "gitconfig"
        if not self.config.exists():
            self.config.write_text(GIT_CONFIG)
        if init:
            self.path.mkdir(parents=True, exist_ok=True)
            self.git(*init)

    def environment(self, extra=None):
        env = {name: value for name, value in self.scene.environment().items()
               if not name.startswith("GIT_")}
        env["GIT_CONFIG_GLOBAL"] = str(self.config)
        env["GIT_CONFIG_NOSYSTEM"] = "1"
        env["GIT_AUTHOR_DATE"] = f"{self.now} +0000"
        env["GIT_COMMITTER_DATE"] = f"{self.now} +0000"
        env["GIT_EDITOR"] = "true"
        env["XDG_CONFIG_HOME"] = str(self.scene.home / "config")
        env["XDG_STATE_HOME"] = str(self.scene.home / "state")
        env["SOURCE_DATE_EPOCH"] = str(NOW)
        env["LC_ALL"] = "C.UTF-8"
        env.update(extra or {})
        return env

    # git.

    def call(self, *args, stdin=b"", cwd=None, env=None):
        """What git was called with, and how it ended: standard output and
        error are bytes."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        return subprocess.run(
            ["git", *map(os.fsencode, args)], cwd=cwd or self.path,
            env=self.environment(env), input=stdin, timeout=PATIENCE,
            capture_output=True, check=False)

    def git(self, *args, **options):
        """Must succeed; its output without the newline at the end."""
        done = self.call(*args, **options)
        assert done.returncode == 0, (args, done)
        return done.stdout.decode(errors="surrogateescape").removesuffix("\n")

    def tick(self, seconds=HOUR):
        self.now += seconds
        return self.now

    def write(self, path, content):
        target = self.path / os.fsdecode(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        target.write_bytes(data)
        return target

    def add(self, files):
        """Writes and stages; None deletes."""
        for path, content in files.items():
            if content is None:
                self.git("rm", "-q", "--cached", "--", path)
                (self.path / os.fsdecode(path)).unlink(missing_ok=True)
            else:
                self.write(path, content)
                self.git("add", "--force", "--", path)

    def commit(self, files=None, subject="change", *args):
        """An hour after the one before; its id."""
        self.add(files or {})
        self.tick()
        self.git("commit", "-q", "--allow-empty", "-m", subject, *args)
        return self.id("HEAD")

    def id(self, revision):
        return self.git("rev-parse", "--verify", revision)

    def blob(self, raw):
        """The id that this content has."""
        return self.git("hash-object", "--no-filters", "--stdin", stdin=raw)

    def store(self, raw):
        """A blob that nothing names."""
        return self.git("hash-object", "-w", "--no-filters", "--stdin",
                        stdin=raw)

    def cacheinfo(self, path, raw, mode="100644"):
        """Into the index, and not into the worktree."""
        self.git("update-index", "--add", "--cacheinfo",
                 f"{mode},{self.store(raw)},{path}")

    def clone(self, name, *args, source=None):
        path = self.scene.dir / name
        self.git("clone", "-q", *args, source or self.path, path,
                 cwd=self.scene.dir)
        return Repo(self.scene, path, init=())

    def git_dir(self, *parts):
        return self.path.joinpath(".git", *parts)

    def object_file(self, hex_id):
        return self.git_dir("objects", hex_id[:2], hex_id[2:])

    def overwrite(self, path, data):
        """Files of git are read-only."""
        path.chmod(0o644)
        path.write_bytes(data)

    # keytidy.

    def run(self, *args, cwd=None, env=None, stdin=b""):
        if isinstance(stdin, str):
            stdin = stdin.encode()
        return self.scene.run(*args, cwd=cwd or self.path,
                              env=self.environment(env), stdin=stdin)

    def scan(self, *args, **options):
        return Report(self.run("scan", "--format", "json", *args, **options))

    def history(self, *args, **options):
        return self.scan("--history", *args, **options)

    def staged(self, *args, **options):
        return self.scan("--staged", *args, **options)

    def range(self, text, *args, **options):
        return self.scan("--range", text, *args, **options)

    def commit_info(self, commit, refs="reachable"):
        """What a report says of a commit."""
        names = self.git("log", "-1", "--format=%H%x00%an%x00%ae%x00%ct%x00%s",
                         commit, "--").split("\0")
        return {"id": names[0], "author": names[1], "email": names[2],
                "date": iso(int(names[3])), "subject": names[4], "refs": refs}

    def hook(self, name, *args, git_dir=None):
        """The program under test as a hook; its exit code decides. What it
        prints goes to a file."""
        out = self.scene.home / f"{name}.json"
        path = (git_dir or self.git_dir()) / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        command = shlex.join([PROGRAM, "scan", "--format", "json", *args])
        path.write_text(f"#!/bin/sh\n{command} >{shlex.quote(str(out))}\n")
        path.chmod(0o755)
        return out


def lines(report):
    """(path, line) of all places, sorted."""
    return sorted((place["path"], place["line"]) for finding in report.findings
                  for place in finding["occurrences"])


def commits(report):
    """(path, id of the commit) of all places, sorted."""
    return sorted((place["path"], place["commit"] and place["commit"]["id"])
                  for finding in report.findings
                  for place in finding["occurrences"])


def evidence(finding):
    return {one["source"]: one["at"] for one in finding["age"]["evidence"]}


def hidden(keys, *texts):
    """Whether no text, nor bytes, holds any of the keys."""
    return not any(key in (text.decode(errors="replace")
                           if isinstance(text, bytes) else text)
                   for key in keys for text in texts)
