# SPDX-License-Identifier: Apache-2.0
"""scan --history against what git and a scan of files say of random
repositories. The seeds are fixed, so a failure happens again.

  history_diff.py PROGRAM [SEED ...]

For each repository:
- the report is the same, byte for byte, with and without --no-delta, for any
  number of threads, for the packs that git first made and for tight ones;
- the blobs with keys, and where in them the keys are, are those that a scan of
  the same contents as files finds;
- the places of each blob, and the commits that brought it there, are those that
  git's own comparison of each commit with its parents gives;
- first and last day of each key are those of the commits that have it.
"""

import collections
import datetime
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

CLI = pathlib.Path(__file__).resolve().parent.parent / "cli"
SEEDS = [2, 3, 5, 7, 11, 17, 29, 47, 83, 131, 211, 307, 401, 503]
COMMITS = 60
START = 1_700_000_000
NOW = START + 400 * 86400
WORDS = ("token key config value section host port user name path secret "
         "kryton corcava api import return self none true false").split()

Commit = collections.namedtuple("Commit", "mark branch parents time tree")


def blob_id(raw):
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw).hexdigest()


class Author:
    """Writes a history in which keys come, go, break and mend."""

    def __init__(self, seed, keys):
        self.random = random.Random(seed)
        self.keys = keys
        self.made = []  # texts that are or hold a key
        self.now = START
        self.commits = []
        self.contents = set()
        self.heads = {}  # branch: its last commit
        self.known = collections.defaultdict(list)  # versions by path

    def text(self, low=10_000, high=60_000):
        pick = self.random
        out, size = [], 0
        target = pick.randint(low, high)
        while size < target:
            line = " ".join(pick.choices(WORDS, k=pick.randint(0, 12)))
            line += pick.choice(["", "", f" = {pick.randrange(10**9)}"]) + "\n"
            out.append(line)
            size += len(line)
        return "".join(out).encode()

    def key(self):
        pick = self.random.random()
        if self.made and pick < 0.3:
            return self.random.choice(self.made)
        if pick < 0.6:
            out = self.keys.kryton()
        elif pick < 0.7:
            out = f"CORCAVA_API_KEY={self.keys.corcava()}"
        elif pick < 0.8:
            out = self.keys.konstantly()
        elif pick < 0.9:
            out = f"KARZOUN_APP_TOKEN={self.keys.karzoun()}"
        else:
            out = self.keys.pem()
        out = out.encode()
        self.made.append(out)
        return out

    def edit(self, path, raw):
        """The file with one change."""
        pick = self.random
        at = pick.randint(0, len(raw))
        end = min(len(raw), at + pick.choice([1, 20, 300, 5000]))
        what = pick.choice(["insert", "insert", "cut", "split", "join", "move",
                            "copy", "delete", "noise", "revert", "rotate",
                            "half", "halves", "lines"])
        if what == "insert":
            edge = pick.choice([b"\n", b" ", b"'", b"", b"x"])
            return raw[:at] + edge + self.key() + edge + raw[at:]
        held = [key for key in self.made if key in raw]
        if what in ("cut", "split") and held:
            key = pick.choice(held)
            middle = pick.randrange(1, len(key))
            start = raw.index(key)
            rest = start + (len(key) if what == "cut" else middle)
            return (raw[:start + middle] + (b"\n" if what == "split" else b"")
                    + raw[rest:])
        if what in ("half", "halves"):
            # Its pieces in two places, for a later change to join.
            key = self.key()
            middle = pick.randrange(1, len(key))
            other = pick.randint(0, len(raw))
            at, other = sorted((at, other))
            if what == "half":
                return raw[:at] + key[middle:] + raw[at:]
            return (raw[:at] + key[middle:] + raw[at:other] + key[:middle]
                    + raw[other:])
        if what == "join":
            # Two pieces of the file side by side, so that a delta has a seam
            # in the middle of the key.
            for key in pick.sample(self.made, len(self.made)):
                for middle in range(8, len(key) - 8):
                    head, tail = key[:middle], key[middle:]
                    first, second = raw.find(head), raw.find(tail)
                    if key not in raw and first >= 0 and second >= 0:
                        return (raw[:first + len(head)]
                                + raw[second:second + 3000] + raw[first:])
        if what in ("move", "copy"):
            piece = raw[at:end]
            rest = raw if what == "copy" else raw[:at] + raw[end:]
            to = pick.randint(0, len(rest))
            return rest[:to] + piece + rest[to:]
        if what == "delete":
            return raw[:at] + raw[end:]
        if what == "revert" and self.known[path]:
            return pick.choice(self.known[path])
        if what == "rotate":
            return raw[at:] + raw[:at]
        if what == "lines":
            lines = raw.splitlines(True)
            to = pick.randint(0, len(lines))
            return b"".join(lines[to:] + lines[:to])
        return raw[:at] + pick.randbytes(8).hex().encode() + raw[at:]

    def path(self):
        folder = self.random.choice(["", "src/", "src/app/", "conf/", "x/y/z/"])
        return f"{folder}f{self.random.randrange(12)}.txt"

    def change(self, tree):
        pick = self.random
        what = pick.choice(["edit"] * 8 + ["new", "rename", "copy", "delete"])
        path = pick.choice(sorted(tree)) if tree else None
        if path is None or what == "new":
            raw = self.text()
            for _ in range(pick.randint(0, 2)):
                at = pick.randint(0, len(raw))
                raw = raw[:at] + b"\n" + self.key() + b"\n" + raw[at:]
            tree[self.path()] = raw
        elif what == "edit":
            raw = tree[path]
            for _ in range(pick.randint(1, 3)):
                raw = self.edit(path, raw)
            tree[path] = raw[:70_000]
        elif what == "rename":
            raw = tree.pop(path)
            tree[self.path()] = raw
        elif what == "copy":
            tree[self.path()] = tree[path]
        else:
            del tree[path]

    def commit(self):
        pick = self.random
        self.now += pick.choice([0, 0, 60, 3600, 86400, -7200])
        branch = pick.choice(sorted(self.heads) or ["main"])
        parents = [self.heads[branch]] if branch in self.heads else []
        if len(self.heads) < 4 and parents and pick.random() < 0.15:
            branch = f"b{len(self.commits)}"
        tree = dict(parents[0].tree) if parents else {}
        others = sorted(name for name in self.heads
                        if parents and self.heads[name].mark
                        != parents[0].mark)
        if others and pick.random() < 0.2:
            parents.append(self.heads[pick.choice(others)])
            for path, raw in parents[1].tree.items():
                if path not in tree or pick.random() < 0.5:
                    tree[path] = raw
            if pick.random() < 0.5:
                self.change(tree)
        else:
            for _ in range(pick.randint(1, 3)):
                self.change(tree)
        for path, raw in tree.items():
            if raw not in self.known[path]:
                self.known[path].append(raw)
            self.contents.add(raw)
        commit = Commit(len(self.commits) + 1, branch, parents, self.now, tree)
        self.commits.append(commit)
        self.heads[branch] = commit

    def stream(self):
        """For git fast-import."""
        out = []
        for commit in self.commits:
            who = f"A <a@example.com> {commit.time} +0000"
            head = (f"commit refs/heads/{commit.branch}\nmark :{commit.mark}\n"
                    f"author {who}\ncommitter {who}\ndata 1\nx\n")
            for word, parent in zip(["from", "merge"], commit.parents):
                head += f"{word} :{parent.mark}\n"
            out.append(head.encode() + b"deleteall\n")
            for path, raw in sorted(commit.tree.items()):
                out.append(f"M 100644 inline {path}\ndata {len(raw)}\n".encode()
                           + raw + b"\n")
            out.append(b"\n")
        return b"".join(out)


class Check:
    def __init__(self, program, seed, root):
        self.program = program
        self.seed = seed
        self.repo = root / "repo.git"
        self.files = root / "files"
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("GIT_", "KEYTIDY"))}
        self.env.update(HOME=str(root), XDG_CACHE_HOME=str(root / "cache"),
                        GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1",
                        SOURCE_DATE_EPOCH=str(NOW))
        self.files.mkdir()

    def fail(self, text):
        sys.exit(f"seed {self.seed}: {text}")

    def git(self, *args, stdin=b""):
        return subprocess.run(["git", "-C", self.repo, *args], env=self.env,
                              input=stdin, stdout=subprocess.PIPE,
                              check=True).stdout

    def scan(self, *args):
        done = subprocess.run(
            [self.program, "scan", "--format", "json", "--min-confidence",
             "low", *args], env=self.env, capture_output=True, check=False,
            cwd=self.files.parent, timeout=60)
        if done.returncode not in (0, 1) or done.stderr:
            self.fail(f"scan {args}: {done.returncode} {done.stderr}")
        return done.stdout

    def make(self, author):
        subprocess.run(["git", "init", "-q", "--bare", self.repo],
                       env=self.env, check=True)
        marks = self.repo / "marks"
        self.git("fast-import", "--quiet", f"--export-marks={marks}",
                 stdin=author.stream())
        self.ids = {}
        for line in marks.read_text().splitlines():
            mark, name = line.split()
            self.ids[int(mark[1:])] = name
        # Some branches go; their commits stay.
        for branch in sorted(author.heads)[1::2]:
            self.git("update-ref", "-d", f"refs/heads/{branch}")
        self.git("symbolic-ref", "HEAD", "refs/heads/main")
        for raw in author.contents:
            (self.files / blob_id(raw)).write_bytes(raw)

    def reports(self):
        """The one report that all ways of scanning give."""
        first = self.scan("--history", "repo.git")
        for name, args in [("as imported", []), ("repacked", [
                "repack", "-q", "-a", "-d", "-f", "-k", "--window=100",
                "--depth=200"]), ("by offset", [
                "-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a",
                "-d", "-f", "-k", "--window=20", "--depth=20"])]:
            if args:
                self.git(*args)
            for more in [["--jobs", "1"], ["--jobs", "3"], ["--no-delta"]]:
                if self.scan("--history", "repo.git", *more) != first:
                    self.fail(f"{name}: the report with {more} differs")
        return json.loads(first)

    def check_blobs(self, report):
        def places(of, blobs):
            return {(place["blob"], finding["rule"], finding["id"],
                     place["start"], place["end"], place["line"],
                     place["column"])
                    for finding in of["findings"]
                    for place in finding["occurrences"]
                    if place["blob"] in blobs}

        blobs = {path.name for path in self.files.iterdir()}
        plain = json.loads(self.scan("--no-ignore", "files"))
        ours, theirs = places(report, blobs), places(plain, blobs)
        if ours != theirs:
            self.fail(f"only in the history: {sorted(ours - theirs)[:3]}; "
                      f"only in the files: {sorted(theirs - ours)[:3]}")
        return {place[0] for place in ours}

    def added(self):
        """{(blob, path): {commit}} of what no parent had there, from git."""
        everything = self.git("cat-file", "--batch-all-objects",
                              "--batch-check=%(objecttype) %(objectname)")
        commits = [line.split()[1] for line in everything.decode().splitlines()
                   if line.startswith("commit ")]
        # Once for each parent.
        out = self.git("log", "--no-walk=unsorted", "--stdin", "-m", "--root",
                       "--raw", "--no-renames", "--no-abbrev", "-z",
                       "--format=%x01%H", stdin="\n".join(commits).encode())
        parents = {}
        for line in self.git("log", "--no-walk=unsorted", "--stdin",
                             "--format=%H %P",
                             stdin="\n".join(commits).encode()
                             ).decode().splitlines():
            name, *rest = line.split()
            parents[name] = len(rest)
        seen = collections.Counter()
        commit = None
        fields = iter(out.decode().replace("\n", "\0").split("\0"))
        for field in fields:
            if field.startswith("\x01"):
                commit = field[1:]
            elif field.startswith(":"):
                new, status = field.split()[3:5]
                path = next(fields)
                if status != "D":
                    seen[(new, path, commit)] += 1
        result = collections.defaultdict(set)
        for (blob, path, name), times in seen.items():
            if times == max(1, parents[name]):
                result[(blob, path)].add(name)
        return result

    def check_places(self, report, author, hit):
        added = self.added()
        time = {self.ids[commit.mark]: commit.time
                for commit in author.commits}
        reachable = set(self.git("rev-list", "--all").decode().split())
        want = {key for key in added if key[0] in hit}
        got = {}
        for finding in report["findings"]:
            for place in finding["occurrences"]:
                got[(place["blob"], place["path"])] = place["commit"]
        if set(got) != want:
            self.fail(f"places: too many {sorted(set(got) - want)[:3]}, "
                      f"too few {sorted(want - set(got))[:3]}")
        for key, commit in got.items():
            names = added[key] & reachable or added[key]
            oldest = min(time[name] for name in names)
            refs = "reachable" if names <= reachable else "unreachable"
            if (commit is None or commit["id"] not in names
                    or time[commit["id"]] != oldest
                    or commit["refs"] != refs):
                self.fail(f"{key}: {commit}, and of {sorted(names)} the "
                          f"oldest at {oldest}")

    def check_days(self, report, author):
        """Of the commits that bring a blob to a path the oldest; and of these
        and those after which it is gone from there, or which nothing follows,
        the newest. (Clocks go backwards here, so that some that merely have it
        are older or newer still.)"""
        first, last = {}, {}
        children = collections.defaultdict(list)
        for commit in author.commits:
            for parent in commit.parents:
                children[parent.mark].append(commit)
        for commit in author.commits:
            for path, raw in commit.tree.items():
                name = blob_id(raw)
                after = children[commit.mark]
                brought = not any(parent.tree.get(path) == raw
                                  for parent in commit.parents)
                if brought:
                    first[name] = min(first.get(name, NOW), commit.time)
                if brought or not after or any(child.tree.get(path) != raw
                                               for child in after):
                    last[name] = max(last.get(name, 0), commit.time)
        for finding in report["findings"]:
            blobs = {place["blob"] for place in finding["occurrences"]}
            want = {"git-first-commit": min(first[blob] for blob in blobs),
                    "git-last-commit": max(last[blob] for blob in blobs)}
            got = {}
            for one in finding["age"]["evidence"]:
                moment = datetime.datetime.fromisoformat(
                    one["at"].replace("Z", "+00:00"))
                got[one["source"]] = int(moment.timestamp())
            if got != want:
                self.fail(f"{finding['id']}: {got}, not {want}")


def main(program, seeds):
    os.environ.setdefault("KEYTIDY", program)
    os.environ.setdefault("KEYTIDY_SOURCE", str(CLI.parent.parent))
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(CLI))
    from scene import Keys  # it wants to know the program

    hits = 0
    for seed in seeds:
        author = Author(seed, Keys(f"history {seed}"))
        for _ in range(COMMITS):
            author.commit()
        with tempfile.TemporaryDirectory(prefix="history_diff.") as folder:
            check = Check(os.path.abspath(program), seed, pathlib.Path(folder))
            check.make(author)
            report = check.reports()
            hit = check.check_blobs(report)
            check.check_places(report, author, hit)
            check.check_days(report, author)
            hits += len(hit)
    print(f"{len(seeds)} repositories, {hits} blobs with keys: the same")


if __name__ == "__main__":
    main(sys.argv[1], [int(word) for word in sys.argv[2:]] or SEEDS)
