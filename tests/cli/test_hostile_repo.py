# SPDX-License-Identifier: Apache-2.0
"""Repositories that are damaged, or made to do harm: nothing they name is run,
nothing outside is read, and what cannot be read is said."""

import hashlib
import os
import shutil
import struct
import subprocess
import zlib

import pytest

from gitscene import Repo, commits, lines
from scene import PROGRAM

MODES = {"history": ["--history"], "staged": ["--staged"],
         "range": ["--range", "HEAD~..HEAD"],
         "since": ["--since", "2023-11-14"], "hook": ["--range", "-"]}
each_mode = pytest.mark.parametrize("mode", MODES.values(), ids=MODES.keys())
as_root = pytest.mark.skipif(os.geteuid() != 0,
                             reason="only root gives files away")
NOBODY = 65534


@pytest.fixture
def repo(scene):
    return Repo(scene)


@pytest.fixture
def full(repo, keys):
    """Keys in two commits and in the index."""
    repo.first = repo.commit({"a.env": env(keys.kryton())})
    repo.second = repo.commit({"dir/b.env": env(keys.kryton())})
    repo.add({"c.env": env(keys.kryton())})
    return repo


def env(key):
    return f"KRYTON_TOKEN={key}\n"


def hook_line(repo):
    return f"{repo.first} {repo.second} refs/heads/new\n"


def places(report):
    return [path for path, _ in lines(report)]


def unread(report):
    return "\n".join(f"{path}: {reason}" for path, reason in report.unread)


# Another owner.


def give_away(path):
    for folder, _, names in os.walk(path):
        os.chown(folder, NOBODY, NOBODY)
        for name in names:
            os.chown(os.path.join(folder, name), NOBODY, NOBODY,
                     follow_symlinks=False)


def refuses(report, path):
    assert report.code == 3
    assert not report.complete
    assert report.findings == []
    assert report.json["coverage"]["bytes"] == 0
    ((_, reason),) = report.unread
    assert reason == (f"{path}: the repository belongs to another user; to "
                      f"trust it: git config --global --add safe.directory "
                      f"{path}")


@as_root
@each_mode
def test_of_another_owner(full, mode):
    give_away(full.path)
    # git would not read it either.
    assert b"safe.directory" in full.call("status").stderr
    report = full.scan(*mode, stdin=hook_line(full))
    refuses(report, full.path)


@as_root
@each_mode
def test_of_another_owner_and_trusted(full, mode):
    want = full.scan(*mode, stdin=hook_line(full))
    give_away(full.path)
    full.config.write_text(full.config.read_text()
                           + f"[safe]\ndirectory = {full.path}\n")
    report = full.scan(*mode, stdin=hook_line(full))
    assert report.json == want.json


@as_root
def test_its_own_configuration_cannot_trust_it(full):
    full.git("config", "safe.directory", "*")
    give_away(full.path)
    refuses(full.history(), full.path)
    refuses(full.staged(), full.path)


@as_root
def test_only_the_git_folder_is_of_another_owner(full):
    give_away(full.git_dir())
    refuses(full.history(), full.path)


@as_root
def test_a_bare_one_of_another_owner(full):
    bare = full.clone("bare.git", "--bare")
    give_away(bare.path)
    refuses(bare.history(), bare.path)


@as_root
def test_above_a_folder_of_ones_own(full):
    """A repository of somebody else in /tmp, say."""
    give_away(full.path)
    own = full.path / "own"
    own.mkdir()
    refuses(full.staged(cwd=own), full.path)


# What would run something.


@each_mode
def test_nothing_is_run(full, mode):
    canary = full.scene.home / "canary"
    script = full.scene.home / "script"
    script.write_text(f"#!/bin/sh\necho $0 $* >>{canary}\ncat\n")
    script.chmod(0o755)
    config = "".join(f"[{section}]\n{name} = {script}\n" for section, name in [
        ("core", "fsmonitor"), ("core", "sshCommand"), ("core", "pager"),
        ("core", "editor"), ("core", "askPass"), ("core", "gitProxy"),
        ("core", "alternateRefsCommand"), ("diff", "external"),
        ('diff "x"', "command"), ('diff "x"', "textconv"),
        ('filter "x"', "clean"), ('filter "x"', "smudge"),
        ('filter "x"', "process"), ('merge "x"', "driver"),
        ("credential", "helper"), ("gpg", "program"), ("uploadpack",
                                                       "packObjectsHook"),
        ('remote "origin"', "uploadpack"), ('remote "origin"', "vcs"),
        ("interactive", "diffFilter"), ("sequence", "editor")])
    aliases = "".join(f"{name} = !{script}\n" for name in
                      ("log", "show", "diff", "status", "rev-parse"))
    hooks = full.scene.home / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "post-index-change", "fsmonitor-watchman",
                 "reference-transaction", "post-checkout", "pre-push"):
        shutil.copy(script, hooks / name)
        shutil.copy(script, full.git_dir("hooks", name))
    with open(full.git_dir("config"), "a", encoding="utf-8") as file:
        file.write(f"{config}[core]\nhooksPath = {hooks}\n"
                   f"[alias]\n{aliases}"
                   f"[include]\npath = {full.scene.home}/more\n")
    (full.scene.home / "more").write_text(
        f"[core]\nfsmonitor = {script}\nsshCommand = {script}\n")
    full.write(".gitattributes", "* diff=x filter=x merge=x\n")
    full.git_dir("info").mkdir(exist_ok=True)
    full.git_dir("info", "attributes").write_text("* diff=x filter=x\n")
    report = full.scan(*mode, stdin=hook_line(full))
    assert report.code in (0, 1)
    assert not canary.exists()
    # It would have worked.
    full.call("status")
    assert canary.exists()


@each_mode
def test_no_program_is_started(full, mode):
    """Nothing on PATH, git included, is needed or called."""
    folder = full.scene.home / "bin"
    folder.mkdir()
    called = full.scene.home / "called"
    for name in ("git", "sh", "ssh", "less", "git-upload-pack"):
        path = folder / name
        path.write_text(f"#!/bin/sh\n>{called}\n")
        path.chmod(0o755)
    want = full.scan(*mode, stdin=hook_line(full)).json
    report = full.scan(*mode, stdin=hook_line(full),
                       env={"PATH": str(folder)})
    assert report.json == want
    assert not called.exists()


# Links to elsewhere.


def elsewhere(full, keys):
    """Another repository, and a key that only it has."""
    other = Repo(full.scene, full.scene.dir / "elsewhere")
    other.now = full.now
    other.key = keys.kryton()
    other.id_of_commit = other.commit({"foreign.env": env(other.key)})
    other.id_of_blob = other.blob(env(other.key))
    return other


@pytest.mark.parametrize("kind", ["folder", "object", "pack"])
def test_links_to_objects_are_followed_as_git_does(full, keys, kind):
    """git-new-workdir and the like make such; an object is what makes its
    id, wherever it stands."""
    other = elsewhere(full, keys)
    blob = other.id_of_blob
    if kind == "folder":
        place = full.git_dir("objects", blob[:2])
        shutil.rmtree(place, ignore_errors=True)
        place.symlink_to(other.git_dir("objects", blob[:2]))
    elif kind == "object":
        full.object_file(blob).parent.mkdir(exist_ok=True)
        full.object_file(blob).symlink_to(other.object_file(blob))
    else:
        other.git("gc", "-q")
        for path in other.git_dir("objects", "pack").glob("pack-*"):
            full.git_dir("objects", "pack", path.name).symlink_to(path)
    assert full.git("cat-file", "-t", blob) == "blob"
    found = {place["blob"] for finding in full.history().findings
             for place in finding["occurrences"]}
    assert blob in found


@pytest.mark.parametrize("name", ["11/" + "1" * 38,
                                  f"pack/pack-{'1' * 40}.idx",
                                  f"pack/pack-{'1' * 40}.pack"])
def test_a_link_from_objects_to_a_secret_file(full, keys, name):
    secret = full.scene.home / "secret"
    key = keys.kryton()
    secret.write_text(env(key) * 100)
    place = full.git_dir("objects", *name.split("/"))
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(secret)
    report = full.history()
    assert len(report.findings) == 3
    assert "1" * 38 in unread(report) or name.endswith(".pack")
    assert key[:12] not in str(report.json)


def test_a_link_in_place_of_the_index(full, keys):
    secret = full.scene.home / "secret"
    secret.write_text(env(keys.kryton()))
    full.git_dir("index").unlink()
    full.git_dir("index").symlink_to(secret)
    for report in (full.staged(), full.history()):
        assert not report.complete
        assert str(full.git_dir("index")) in unread(report)
    assert full.staged().findings == []


@pytest.mark.parametrize("name", ["packed-refs", "HEAD", "refs/heads/main",
                                  "shallow", "logs/HEAD", "ORIG_HEAD",
                                  "objects/info/alternates"])
def test_a_link_to_a_secret_file(full, keys, name):
    """Its content is neither taken for something nor shown."""
    word = keys.pick("abcdefghijklmnopqrst", 40)
    secret = full.scene.home / "secret"
    secret.write_text(f"{word}\n")
    place = full.git_dir(*name.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.symlink_to(secret)
    for mode in MODES.values():
        ended = full.run("scan", *mode, stdin=hook_line(full))
        assert ended.code in (1, 2, 3) or mode == MODES["hook"]
        assert word not in ended.text + ended.err
    report = full.history() if name != "HEAD" else None
    if report is not None:
        assert not report.complete
        assert set(places(report)) >= {"a.env", "dir/b.env"}


@pytest.mark.parametrize("name", ["index", "packed-refs", "HEAD", "config",
                                  "shallow", "refs/heads/x",
                                  "objects/info/alternates", "commondir"])
def test_a_pipe_is_not_waited_for(full, name):
    place = full.git_dir(*name.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    for mode in MODES.values():
        full.run("scan", *mode, stdin=hook_line(full))  # comes back
    ended = full.run("scan", "--format", "json", "--history")
    assert ended.code in (1, 2, 3)
    assert b'"complete": true' not in ended.out


# Damage.


def packed(full):
    """Two keys in a pack, one in a loose object."""
    full.git("repack", "-q", "-a", "-d")
    (pack,) = full.git_dir("objects", "pack").glob("*.pack")
    blob = full.id("HEAD:a.env")
    return pack, blob


@pytest.mark.parametrize("damage", [
    lambda data: data[:len(data) // 2], lambda data: data[:-25],
    lambda data: data[:11], lambda data: b"",
    lambda data: b"JUNK" + data[4:],
    lambda data: data[:8] + b"\xff\xff\xff\xff" + data[12:],
    lambda data: data[:-20] + bytes(20),
], ids=["half", "end", "head", "empty", "magic", "count", "sum"])
@pytest.mark.parametrize("suffix", [".pack", ".idx"])
def test_a_damaged_pack(full, keys, suffix, damage):
    pack, _ = packed(full)
    loose = full.store(env(keys.kryton()))
    file = pack.with_suffix(suffix)
    full.overwrite(file, damage(file.read_bytes()))
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert f"blob:{loose}" in places(report)
    said = unread(report)
    assert pack.stem in said or "object" in said or "blob:" in said
    assert full.history("--jobs", "4").json == report.json


def test_a_damaged_object_in_a_pack(full):
    pack, blob = packed(full)
    listed = full.git("verify-pack", "-v", pack.with_suffix(".idx"))
    offset = next(int(line.split()[4]) for line in listed.splitlines()
                  if line.startswith(blob))
    data = bytearray(pack.read_bytes())
    data[offset + 30] ^= 0xff
    full.overwrite(pack, bytes(data))
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert places(report) == ["c.env", "dir/b.env"]
    assert blob in unread(report)


def test_a_damaged_object_that_stands_elsewhere_too(full):
    pack, blob = packed(full)
    want = full.history().json
    whole = full.git("cat-file", "blob", blob) + "\n"
    data = bytearray(pack.read_bytes())
    listed = full.git("verify-pack", "-v", pack.with_suffix(".idx"))
    offset = next(int(line.split()[4]) for line in listed.splitlines()
                  if line.startswith(blob))
    # git does not write what it has already.
    other = Repo(full.scene, full.scene.dir / "other")
    other.store(whole)
    data[offset + 30] ^= 0xff
    full.overwrite(pack, bytes(data))
    place = full.object_file(blob)
    place.parent.mkdir(exist_ok=True)
    shutil.copy(other.object_file(blob), place)
    assert full.history().json == want


@pytest.mark.parametrize("damage", [
    lambda data: data[:len(data) // 2], lambda data: data[:-4],
    lambda data: b"", lambda data: b"\0" * len(data),
    lambda data: zlib.compress(zlib.decompress(data) + b"x"),
    lambda data: zlib.compress(zlib.decompress(data)[:-1]),
    lambda data: zlib.compress(zlib.decompress(data)[:-2] + b"0\n"),
    lambda data: zlib.compress(b"blob 99999999999999\0x"),
    lambda data: zlib.compress(b"blob -1\0x"),
    lambda data: zlib.compress(b"thing 1\0x"),
], ids=["half", "end", "empty", "zeros", "long", "short", "other",
        "huge", "negative", "type"])
def test_a_damaged_loose_object(full, damage):
    blob = full.id("HEAD:a.env")
    file = full.object_file(blob)
    full.overwrite(file, damage(file.read_bytes()))
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert [path for path in places(report) if path != "a.env"] == [
        "c.env", "dir/b.env"]
    assert blob in unread(report)


def test_bytes_after_a_loose_object(full):
    """git complains of them; the object is whole all the same."""
    want = full.history().json
    file = full.object_file(full.id("HEAD:a.env"))
    full.overwrite(file, file.read_bytes() + b"more")
    assert full.history().json["findings"] == want["findings"]


@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD:dir"])
def test_a_damaged_commit_or_tree(full, what):
    object_id = full.id(what)
    full.overwrite(full.object_file(object_id), b"junk")
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert object_id in unread(report)
    found = {place["blob"] for finding in report.findings
             for place in finding["occurrences"]}
    assert len(found) == 3


@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD:dir",
                                  "HEAD:dir/b.env"])
def test_a_damaged_object_on_the_way(full, what):
    """For --range and --staged."""
    object_id = full.id(what)
    full.overwrite(full.object_file(object_id), b"junk")
    ended = full.run("scan", "--format", "json", "--range", "HEAD~..HEAD")
    assert ended.code in (2, 3)
    assert object_id in ended.text + ended.err
    report = full.staged()
    assert report.code == 1
    assert "c.env" in places(report)


@pytest.mark.parametrize("what", ["HEAD", "HEAD^{tree}", "HEAD:a.env"])
def test_a_missing_object(full, what):
    object_id = full.id(what)
    full.object_file(object_id).unlink()
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert object_id in unread(report)


@pytest.mark.parametrize("content", [b"", b"junk\n", b"ref: \n", b"ref: x",
                                     b"1" * 39 + b"\n", b"\xff\xfe\n"])
def test_a_damaged_head(full, content):
    full.git_dir("HEAD").write_bytes(content)
    for mode in MODES.values():
        ended = full.run("scan", *mode, stdin=hook_line(full))
        assert ended.code in (1, 2, 3)
        assert "HEAD" in ended.text + ended.err or ended.code == 1
    assert full.run("scan", "--staged").code != 0


@pytest.mark.parametrize("content", [
    b"junk\n", b"# pack-refs with: peeled fully-peeled sorted \nxx refs/x\n",
    b"1" * 40 + b" ../../outside\n", b"1" * 39 + b" refs/heads/x\n",
    b"\0" * 100, b"1" * 40 + b" refs/heads/x"],
    ids=["junk", "id", "name", "short", "zeros", "no-end"])
def test_damaged_packed_refs(full, content):
    full.git_dir("packed-refs").write_bytes(content)
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert places(report) == ["a.env", "c.env", "dir/b.env"]
    assert "packed-refs" in unread(report) or "1" * 40 in unread(report)


def test_a_reference_to_nothing(full):
    full.git_dir("refs", "heads", "bad").write_text("1" * 40 + "\n")
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert "1" * 40 in unread(report)


def test_references_in_a_circle(full):
    full.git_dir("refs", "heads", "x").write_text("ref: refs/heads/y\n")
    full.git_dir("refs", "heads", "y").write_text("ref: refs/heads/x\n")
    full.git_dir("HEAD").write_text("ref: refs/heads/x\n")
    report = full.history()
    assert report.code == 1
    assert places(report) == ["a.env", "c.env", "dir/b.env"]
    assert full.run("scan", "--range", "HEAD").code in (2, 3)
    assert full.run("scan", "--staged").code in (1, 3)


def test_alternates_in_a_circle(full):
    info = full.git_dir("objects", "info")
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text(f"{full.git_dir('objects')}\n../objects\n")
    assert places(full.history()) == ["a.env", "c.env", "dir/b.env"]


@pytest.mark.parametrize("name", ["../../outside/key.env", "/etc/key.env",
                                  ".git/config", "..", "a\x1b[31mb.env",
                                  "a\u202eb.env", "-rf"])
def test_names_in_trees(repo, keys, name):
    """Paths that no checkout makes; they are only shown, and with --range and
    --history alike."""
    blob = repo.store(env(keys.kryton()))
    raw = f"100644 {name}\0".encode() + bytes.fromhex(blob)
    tree = repo.git("hash-object", "-t", "tree", "-w", "--literally",
                    "--stdin", stdin=raw)
    commit = repo.git("commit-tree", "-m", "x", tree)
    repo.git("update-ref", "refs/heads/main", commit)
    for report in (repo.history(), repo.range("HEAD")):
        assert commits(report) == [(name, commit)]
    for mode in ("--history", "--range=HEAD"):
        assert b"\x1b" not in repo.run("scan", mode).out
        assert "\u202e".encode() not in repo.run("scan", mode).out


# Bombs.


def tree_of(repo, entries):
    return repo.git("mktree", "--missing", stdin="".join(
        f"{mode} {kind} {id}\t{name}\n" for mode, kind, id, name in entries))


def bomb(repo, keys):
    """A commit of ten thousand million paths and one key."""
    blob = repo.store(env(keys.kryton()))
    at = tree_of(repo, [("100644", "blob", blob, "key.env")])
    for _ in range(10):
        at = tree_of(repo, [("040000", "tree", at, f"d{i}")
                            for i in range(10)])
    commit = repo.git("commit-tree", "-m", "bomb", at)
    repo.git("update-ref", "refs/heads/main", commit)
    return commit


def test_a_tree_that_holds_itself_often(repo, keys):
    bomb(repo, keys)
    report = repo.history()
    assert report.code == 1
    assert len(report.finding["occurrences"]) <= 20_000
    # That not every path is listed is said.
    assert not report.complete
    assert "more paths than" in unread(report)


@pytest.mark.parametrize("mode, code", [
    (["--range", "HEAD"], 1), (["--since", "2023-11-14"], 1),
    (["--range", "-"], 1), (["--staged"], 3)],
    ids=["range", "since", "hook", "staged"])
def test_a_tree_that_holds_itself_often_as_a_change(repo, keys, mode, code):
    commit = bomb(repo, keys)
    if mode == ["--range", "-"]:
        repo.git("update-ref", "-d", "refs/heads/main")
    done = subprocess.run(
        [PROGRAM, "scan", *mode], cwd=repo.path, timeout=6, check=False,
        env=repo.environment(), capture_output=True, text=True,
        input=f"{'0' * 40} {commit} refs/heads/new\n")
    assert done.returncode == code
    # HEAD has the paths, and the empty index deletes them.
    assert "INCOMPLETE" in done.stdout or mode == ["--staged"]


class Pile:
    """Thousands of objects, for which git need not be started each time."""

    def __init__(self):
        self.objects = {}

    def add(self, kind, content):
        raw = f"{kind} {len(content)}\0".encode() + content
        name = hashlib.sha1(raw).hexdigest()
        self.objects[name] = (kind, content)
        return name

    def into(self, repo):
        """As one pack."""
        out = bytearray(b"PACK" + struct.pack(">II", 2, len(self.objects)))
        for kind, content in self.objects.values():
            number = {"commit": 1, "tree": 2, "blob": 3}[kind]
            size = len(content)
            byte, size = number << 4 | size & 15, size >> 4
            while size:
                out.append(byte | 128)
                byte, size = size & 127, size >> 7
            out.append(byte)
            out += zlib.compress(content, 1)
        repo.git("index-pack", "--stdin",
                 stdin=bytes(out + hashlib.sha1(out).digest()))


def test_folders_that_nest_deep(repo, keys):
    blob = repo.store(env(keys.kryton()))
    pile = Pile()
    at = pile.add("tree", b"100644 key.env\0" + bytes.fromhex(blob))
    for _ in range(5000):
        at = pile.add("tree", b"40000 d\0" + bytes.fromhex(at))
    pile.into(repo)
    commit = repo.git("commit-tree", "-m", "deep", at)
    repo.git("update-ref", "refs/heads/main", commit)
    report = repo.history()
    assert report.code == 1
    assert report.place["blob"] == blob
    report = repo.range("HEAD")
    assert report.code == 3
    assert "deep" in unread(report)


def test_twenty_thousand_references(full):
    head = full.id("HEAD")
    names = "".join(f"{head} refs/heads/b{i:05}\n" for i in range(20_000))
    full.git_dir("packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted \n" + names)
    want = ["a.env", "c.env", "dir/b.env"]
    assert places(full.history()) == want
    assert places(full.range("b19999~..b00000")) == ["dir/b.env"]
    assert places(full.staged()) == ["c.env"]
    report = full.range("-", stdin=hook_line(full))
    assert report.notes == ["no commit is new"]


def test_a_commit_with_many_parents(repo, keys):
    base = repo.commit({"a.txt": "text\n"})
    tree = repo.id("HEAD^{tree}")
    stamp = f"A <a@example.com> {repo.now} +0000"
    pile = Pile()
    parents = [pile.add("commit",
                        f"tree {tree}\nparent {base}\nauthor {stamp}\n"
                        f"committer {stamp}\n\n{i}\n".encode())
               for i in range(2000)]
    bad = tree_of(repo, [("100644", "blob", repo.store(env(keys.kryton())),
                          "key.env")])
    merge = pile.add("commit", (
        f"tree {bad}\n" + "".join(f"parent {one}\n" for one in parents)
        + f"author {stamp}\ncommitter {stamp}\n\nmerge\n").encode())
    pile.into(repo)
    repo.git("update-ref", "refs/heads/main", merge)
    assert commits(repo.history()) == [("key.env", merge)]
    assert commits(repo.range("HEAD")) == [("key.env", merge)]


def test_a_long_line_of_commits(repo, keys):
    """No stack is as deep as this."""
    tree = tree_of(repo, [("100644", "blob", repo.store(env(keys.kryton())),
                           "key.env")])
    pile, at, first = Pile(), None, None
    for i in range(4000):
        stamp = f"A <a@example.com> {repo.now + i} +0000"
        parent = f"parent {at}\n" if at else ""
        at = pile.add("commit", (
            f"tree {tree}\n{parent}author {stamp}\ncommitter {stamp}\n\n"
            f"{i}\n").encode())
        first = first or at
    pile.into(repo)
    repo.git("update-ref", "refs/heads/main", at)
    report = repo.history()
    assert commits(report) == [("key.env", first)]
    assert report.json["coverage"]["commits"] == 4000


def test_a_zip_bomb_of_an_object(full):
    """A blob that says it is small and is not, and one that is all zeros."""
    raw = b"blob 5\0" + bytes(50_000_000)
    name = "ab" + "0" * 38
    path = full.object_file(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(raw))
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert name in unread(report)
    assert places(report) == ["a.env", "c.env", "dir/b.env"]


def test_an_index_that_promises_much(full):
    """A count of entries and an extension larger than the file."""
    index = full.git_dir("index")
    body = b"DIRC" + struct.pack(">II", 2, 0) + b"TREE" + b"\xff" * 4
    index.write_bytes(body + bytes(20))
    report = full.staged()
    assert report.code == 3
    assert str(index) in unread(report)


def test_a_folder_in_place_of_files(full):
    for name in ("packed-refs", "index", "shallow"):
        path = full.git_dir(name)
        path.unlink(missing_ok=True)
        path.mkdir()
    report = full.history()
    assert report.code == 1
    assert not report.complete
    assert {"a.env", "dir/b.env"} <= set(places(report))
    assert full.staged().code == 3


@pytest.mark.parametrize("text", [
    "[core]\nrepositoryformatversion = 2\n",
    "[core]\nrepositoryformatversion = 1\n[extensions]\nunheardOf = true\n",
    "[core\n", "[core]\nrepositoryformatversion = x\n",
    "[core]\nrepositoryformatversion = 1\n[extensions]\n"
    "objectFormat = md5\n"], ids=["version", "extension", "cut", "number",
                                  "hash"])
def test_a_format_that_is_not_known(full, text):
    full.git_dir("config").write_text(text)
    for mode in MODES.values():
        report = full.scan(*mode, stdin=hook_line(full))
        assert report.code == 3
        assert not report.complete
        assert report.findings == []
        assert len(report.unread) == 1


def test_a_file_git_that_leads_elsewhere(full, keys):
    """.git as a file: only to a repository, and its own owner counts."""
    other = elsewhere(full, keys)
    shutil.rmtree(full.git_dir())
    full.git_dir().write_text(f"gitdir: {other.git_dir()}\n")
    assert commits(full.history()) == [("foreign.env", other.id_of_commit)]
    for text in (f"gitdir: {full.scene.home}\n", "gitdir: \n", "junk\n", ""):
        full.git_dir().write_text(text)
        report = full.history()
        assert report.code == 3
        assert str(full.path) in unread(report)


@pytest.mark.skipif(shutil.which("prlimit") is None, reason="no prlimit")
def test_memory_is_bounded(full):
    """One tree of many entries and a long chain of deltas, in 2 GB."""
    text = "".join(f"line {i}\n" for i in range(20_000))
    for i in range(30):
        full.commit({"big.txt": text[:len(text) - 9 * i]})
    full.git("repack", "-q", "-a", "-d", "-f", "--depth=200", "--window=50")
    done = subprocess.run(
        ["prlimit", f"--as={2 << 30}", PROGRAM, "scan", "--history",
         "--memory-limit", "4MB"], cwd=full.path, env=full.environment(),
        capture_output=True, timeout=60, check=False)
    if any(
            word in done.stderr for word in (b"Sanitizer", b"sanitizer")):
        pytest.skip("a sanitizer's own map of memory is larger")
    assert done.returncode == 1, done
