# SPDX-License-Identifier: Apache-2.0
"""scan --staged: what the next commit adds, from the index alone."""

import os
import pathlib

import pytest

from gitscene import Repo, lines
from scene import FORMATS, Report

NOTHING = "nothing is staged that HEAD does not have"


@pytest.fixture
def repo(scene):
    return Repo(scene)


@pytest.fixture
def old(repo, keys):
    """A repository whose a.env has a key on its second line."""
    repo.key = keys.kryton()
    repo.raw = f"# settings\nKRYTON_TOKEN={repo.key}\n"
    repo.first = repo.commit({"a.env": repo.raw})
    return repo


def env(key):
    return f"KRYTON_TOKEN={key}\n"


def other_lines(count):
    return "".join(f"line {i}\n" for i in range(count))


# What is staged.


def test_a_new_file(repo, keys):
    repo.commit({"a.txt": "text\n"})
    raw = f"\n\n  KRYTON_TOKEN={keys.kryton()}\n"
    repo.add({"conf/b.env": raw})
    report = repo.staged()
    assert report.code == 1
    assert report.complete
    assert report.place == {
        "source": "index", "path": "conf/b.env", "line": 3, "column": 16,
        "end_line": 3, "end_column": 16 + 71, "start": 17, "end": 17 + 71,
        "blob": repo.blob(raw), "commit": None, "client": None,
        "allowed": None}
    assert report.finding["age"]["evidence"] == []
    assert report.json["coverage"] == {
        "files": 0, "bytes": len(raw), "blobs": 1, "commits": 0,
        "skipped": [], "empty_roots": []}


def test_the_first_commit_of_a_repository(repo, keys):
    repo.add({"a.env": env(keys.kryton()), "b/c.env": env(keys.kryton())})
    assert lines(repo.staged()) == [("a.env", 1), ("b/c.env", 1)]


def test_nothing_is_staged(repo):
    repo.commit({"a.txt": "text\n"})
    report = repo.staged()
    assert report.code == 0
    assert report.complete
    assert report.notes == [NOTHING]
    assert report.empty_roots == []


def test_nothing_ever_was(repo):
    report = repo.staged()
    assert (report.code, report.notes) == (0, [NOTHING])


def test_only_in_the_worktree(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.write("a.txt", env(keys.kryton()))
    repo.write("new.env", env(keys.kryton()))
    assert repo.staged().findings == []


def test_only_in_the_index(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.cacheinfo("a.txt", env(keys.kryton()))
    assert lines(repo.staged()) == [("a.txt", 1)]


def test_partly_staged(repo, keys):
    text = other_lines(40)
    repo.commit({"a.env": text})
    repo.write("a.env", env(keys.kryton()) + text + env(keys.kryton()))
    # The second of two hunks.
    repo.git("add", "-p", "a.env", stdin="n\ny\n")
    report = repo.staged()
    assert lines(report) == [("a.env", 41)]
    repo.git("add", "a.env")
    assert lines(repo.staged()) == [("a.env", 1), ("a.env", 42)]


def test_a_patch_that_is_applied_to_the_index(repo, keys):
    repo.commit({"a.env": "one\n"})
    repo.git("apply", "--cached", stdin=(
        "--- a/a.env\n+++ b/a.env\n@@ -1 +1,2 @@\n one\n"
        f"+{env(keys.kryton())}"))
    assert lines(repo.staged()) == [("a.env", 2)]


def test_added_with_intent(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.write("new.env", env(keys.kryton()))
    repo.git("add", "-N", "new.env")
    report = repo.staged()
    assert report.code == 0
    assert report.skipped == [
        ("new.env", "added with -N: nothing of it is staged")]


def test_a_deleted_file(old):
    old.add({"a.env": None})
    report = old.staged()
    assert (report.code, report.findings) == (0, [])
    assert old.staged("--all-lines").findings == []


def test_the_target_of_a_symbolic_link(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.path.joinpath("link").symlink_to(f"/tmp/{keys.kryton()}")
    repo.git("add", "link")
    assert lines(repo.staged()) == [("link", 1)]


def test_a_symbolic_link_is_not_followed(repo, keys):
    repo.commit({"a.txt": "text\n"})
    secret = repo.scene.write("outside.env", env(keys.kryton()))
    repo.path.joinpath("link").symlink_to(secret)
    repo.git("add", "link")
    assert repo.staged().findings == []


@pytest.mark.parametrize("name, shown", [
    (b"a b.env", "a b.env"), (b"a\nb.env", "a\nb.env"),
    (b'a"b.env', 'a"b.env'), (b"a\\b.env", "a\\b.env"),
    (b"a\xffb.env", "a\ufffdb.env"), ("\u00fc.env".encode(), "\u00fc.env"),
], ids=["space", "newline", "quote", "backslash", "bytes", "umlaut"])
def test_odd_names(repo, keys, name, shown):
    repo.commit({"a.txt": "text\n"})
    repo.add({b"dir/" + name: env(keys.kryton())})
    report = repo.staged()
    assert report.code == 1
    assert report.place["path"] == f"dir/{shown}"
    assert report.place["line"] == 1


# What was there before.


def test_an_old_key_on_a_line_that_stays(old, keys):
    old.add({"a.env": "# new head\n" + old.raw + env(keys.kryton())})
    report = old.staged()
    assert lines(report) == [("a.env", 4)]
    report = old.staged("--all-lines")
    assert lines(report) == [("a.env", 3), ("a.env", 4)]


def test_an_old_key_whose_line_changes(old):
    old.add({"a.env": old.raw.replace("KRYTON", "export KRYTON")})
    assert lines(old.staged()) == [("a.env", 2)]


def test_a_line_that_is_copied(old):
    line = old.raw.splitlines(True)[1]
    old.add({"a.env": old.raw + line})
    assert lines(old.staged()) == [("a.env", 3)]


def test_a_key_that_moves_to_another_line(old):
    line = old.raw.splitlines(True)[1]
    old.add({"a.env": line + other_lines(20)})
    assert old.staged().findings == []


def test_two_keys_on_one_line(old, keys):
    line = old.raw.splitlines(True)[1].rstrip()
    old.add({"a.env": f"{line} {keys.kryton()}\n"})
    # The line is another one: all that it holds is looked at.
    assert lines(old.staged()) == [("a.env", 1), ("a.env", 1)]


def test_a_copy_of_a_file(old):
    old.add({"b.env": old.raw})
    assert lines(old.staged()) == [("b.env", 2)]


def test_a_pure_rename(old):
    old.git("mv", "a.env", "b.env")
    report = old.staged()
    assert (report.code, report.findings) == (0, [])
    assert lines(old.staged("--all-lines")) == [("b.env", 2)]


def test_a_rename_into_another_folder(old):
    old.path.joinpath("x", "y").mkdir(parents=True)
    old.git("mv", "a.env", "x/y/a.env")
    assert old.staged().findings == []


def test_a_rename_into_a_folder_of_its_own_name(old):
    old.git("mv", "a.env", "b.env")
    old.path.joinpath("a.env").mkdir()
    old.git("mv", "b.env", "a.env/b.env")
    assert old.staged().findings == []


def test_a_rename_of_a_folder_to_a_file(repo, keys):
    repo.commit({"a/b.env": env(keys.kryton())})
    repo.git("mv", "a/b.env", "b")
    repo.path.joinpath("a").rmdir()
    repo.git("mv", "b", "a")
    assert repo.git("ls-files") == "a"
    assert repo.staged().findings == []


def test_a_rename_with_edits(repo, keys):
    text = other_lines(20) + env(keys.kryton())
    repo.commit({"a.env": text})
    repo.git("mv", "a.env", "b.env")
    repo.add({"b.env": text.replace("line 3\n", "") + env(keys.kryton())})
    assert lines(repo.staged()) == [("b.env", 21)]


def test_a_rename_and_a_copy(old):
    old.git("mv", "a.env", "b.env")
    old.add({"c.env": old.raw})
    # One is the old one, the other stands there once more.
    assert lines(old.staged()) == [("c.env", 2)]


def test_no_rename(repo, keys):
    key = keys.kryton()
    repo.commit({"a.env": env(key) + other_lines(30)})
    repo.add({"a.env": None, "b.env": env(key) + "quite\nanother\nfile\n"})
    assert lines(repo.staged()) == [("b.env", 1)]


def test_the_mode_changes(old):
    old.git("update-index", "--chmod=+x", "a.env")
    report = old.staged()
    assert (report.code, report.findings) == (0, [])


def test_a_submodule_that_moves(repo, keys):
    library = Repo(repo.scene, repo.scene.dir / "library")
    library.commit({"lib.txt": "one\n"})
    repo.commit({"a.txt": "text\n"})
    repo.git("submodule", "--quiet", "add", library.path, "lib")
    inner = Repo(repo.scene, repo.path / "lib", init=())
    inner.commit({"inner.env": env(keys.kryton())})
    repo.git("add", "lib")
    report = repo.staged()
    assert report.complete
    assert report.findings == []


# Merges.


def in_merge(repo, keys):
    """Both sides have a key of their own, and a conflict in c.txt."""
    repo.commit({"a.txt": "text\n", "c.txt": "base\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"side.env": env(keys.kryton()), "c.txt": "side\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"main.env": env(keys.kryton()), "c.txt": "main\n"})
    assert repo.call("merge", "-q", "side").returncode == 1


def test_a_merge(repo, keys):
    in_merge(repo, keys)
    report = repo.staged()
    assert report.code == 0
    assert report.findings == []
    assert report.skipped == [
        ("c.txt", "in conflict: nothing of it can be committed yet")]
    # Neither parent has what the resolution brings.
    repo.add({"c.txt": "both\n" + env(keys.kryton()),
              "new.env": env(keys.kryton())})
    report = repo.staged()
    assert lines(report) == [("c.txt", 2), ("new.env", 1)]
    assert report.skipped == []


def test_a_merge_that_joins_keys_of_both(repo, keys):
    key, other = keys.kryton(), keys.kryton()
    repo.commit({"c.env": "base\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"c.env": env(key)})
    repo.git("checkout", "-q", "main")
    repo.commit({"c.env": env(other)})
    assert repo.call("merge", "-q", "side").returncode == 1
    repo.add({"c.env": env(key) + env(other)})
    assert repo.staged().findings == []
    repo.add({"c.env": env(key) + env(other) + env(key)})
    assert lines(repo.staged()) == [("c.env", 3)]


def test_an_octopus(repo, keys):
    repo.commit({"a.txt": "text\n"})
    for side in ("one", "two"):
        repo.git("checkout", "-q", "-b", side, "main")
        repo.commit({f"{side}.env": env(keys.kryton())})
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-commit", "one", "two")
    assert repo.git("ls-files").split() == ["a.txt", "one.env", "two.env"]
    report = repo.staged()
    assert (report.code, report.findings) == (0, [])


def test_a_merge_in_a_linked_worktree(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"side.env": env(keys.kryton())})
    linked = Repo(repo.scene, repo.scene.dir / "linked", init=())
    repo.git("worktree", "add", "-q", "-b", "other", linked.path, "main")
    linked.now = repo.now
    linked.commit({"b.txt": "text\n"})
    linked.git("merge", "-q", "--no-ff", "--no-commit", "side")
    assert linked.staged().findings == []
    linked.add({"new.env": env(keys.kryton())})
    assert lines(linked.staged()) == [("new.env", 1)]
    assert repo.staged().notes == [NOTHING]


# Where it is called.


def test_from_a_folder(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.add({"x/y/a.env": env(keys.kryton()), "b.env": env(keys.kryton())})
    want = [("b.env", 1), ("x/y/a.env", 1)]
    assert lines(repo.staged(cwd=repo.path / "x" / "y")) == want
    assert lines(repo.staged("repo", cwd=repo.scene.dir)) == want


def test_in_a_linked_worktree(repo, keys):
    repo.commit({"a.txt": "text\n"})
    linked = Repo(repo.scene, repo.scene.dir / "linked", init=())
    repo.git("worktree", "add", "-q", "--detach", linked.path)
    linked.add({"a.env": env(keys.kryton())})
    assert lines(linked.staged()) == [("a.env", 1)]
    assert repo.staged().findings == []


def test_in_a_submodule(repo, keys):
    library = Repo(repo.scene, repo.scene.dir / "library")
    library.commit({"lib.txt": "one\n"})
    repo.commit({"a.txt": "text\n"})
    repo.git("submodule", "--quiet", "add", library.path, "lib")
    repo.commit()
    inner = Repo(repo.scene, repo.path / "lib", init=())
    inner.add({"a.env": env(keys.kryton())})
    assert lines(inner.staged()) == [("a.env", 1)]
    assert repo.staged().findings == []


def test_in_a_bare_repository(old):
    bare = old.clone("bare.git", "--bare")
    report = bare.staged()
    assert (report.code, report.notes) == (0, [NOTHING])


# Hooks.


def test_git_commit_with_a_hook(repo, keys):
    repo.commit({"a.txt": "text\n"})
    out = repo.hook("pre-commit", "--staged")

    def report():
        class Ended:
            pass
        ended = Ended()
        ended.code, ended.err, ended.out = 1, "", out.read_bytes()
        return Report(ended)

    repo.add({"staged.env": env(keys.kryton())})
    assert repo.call("commit", "-q", "-m", "no").returncode == 1
    assert lines(report()) == [("staged.env", 1)]

    # An index of its own: all tracked files, as they are.
    repo.git("rm", "-q", "--cached", "staged.env")
    repo.write("a.txt", "text\n" + env(keys.kryton()))
    assert repo.call("commit", "-q", "-a", "-m", "no").returncode == 1
    assert lines(report()) == [("a.txt", 2)]

    # Another: this file and nothing else that is staged.
    repo.cacheinfo("staged.txt", env(keys.kryton()))
    assert repo.call("commit", "-q", "-m", "no", "a.txt").returncode == 1
    assert lines(report()) == [("a.txt", 2)]
    assert repo.call("commit", "-q", "-m", "no", "--include",
                     "a.txt").returncode == 1
    assert lines(report()) == [("a.txt", 2), ("staged.txt", 1)]

    repo.write("b.txt", "text\n")
    repo.git("add", "b.txt")
    repo.git("commit", "-q", "-m", "yes", "b.txt")
    assert report().findings == []
    assert repo.git("log", "--format=%s") == "yes\nchange"


def test_git_commit_from_a_folder(repo, keys):
    repo.commit({"dir/a.txt": "text\n"})
    out = repo.hook("pre-commit", "--staged")
    repo.write("dir/a.txt", env(keys.kryton()))
    done = repo.call("commit", "-q", "-m", "no", "a.txt",
                     cwd=repo.path / "dir")
    assert done.returncode == 1
    assert b'"path": "dir/a.txt"' in out.read_bytes()


def test_git_commit_in_a_linked_worktree(repo, keys):
    repo.commit({"a.txt": "text\n"})
    out = repo.hook("pre-commit", "--staged")
    linked = Repo(repo.scene, repo.scene.dir / "linked", init=())
    repo.git("worktree", "add", "-q", "-b", "other", linked.path)
    linked.write("a.txt", env(keys.kryton()))
    assert linked.call("commit", "-q", "-m", "no", "-a").returncode == 1
    assert b'"path": "a.txt"' in out.read_bytes()


def test_git_commit_amend(old):
    """What HEAD has already is not new, as little as in a commit on top."""
    old.hook("pre-commit", "--staged")
    old.add({"b.txt": "text\n"})
    old.git("commit", "-q", "--amend", "-m", "again")


# Forms of the index.


def many(repo, keys):
    repo.commit({f"d{i}/f{j}.txt": f"{i} {j}\n" for i in range(3)
                 for j in range(3)})
    repo.add({"d1/new.env": env(keys.kryton())})


@pytest.mark.parametrize("version", [2, 3, 4])
def test_versions_of_the_index(repo, keys, version):
    many(repo, keys)
    repo.git("update-index", "--index-version", str(version))
    if version == 3:  # written where an entry needs its further bits
        repo.git("update-index", "--skip-worktree", "d0/f0.txt")
    index = repo.git_dir("index").read_bytes()
    assert index[:8] == b"DIRC" + version.to_bytes(4, "big")
    assert lines(repo.staged()) == [("d1/new.env", 1)]


def test_a_split_index(repo, keys):
    many(repo, keys)
    repo.git("config", "splitIndex.maxPercentChange", "100")
    repo.git("update-index", "--split-index")
    repo.add({"d2/later.env": env(keys.kryton()), "d0/f0.txt": None})
    assert list(repo.git_dir().glob("sharedindex.*"))
    assert lines(repo.staged()) == [("d1/new.env", 1), ("d2/later.env", 1)]


def test_the_shared_index_is_gone(repo, keys):
    many(repo, keys)
    repo.git("update-index", "--split-index")
    (shared,) = repo.git_dir().glob("sharedindex.*")
    shared.unlink()
    report = repo.staged()
    assert report.code == 3
    assert not report.complete
    assert shared.name in "".join(map("".join, report.unread))


def test_a_sparse_index(repo, keys):
    many(repo, keys)
    repo.commit()
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "d1")
    assert "d0/\n" in repo.git("ls-files", "--sparse") + "\n"
    assert repo.staged().notes == [NOTHING]
    repo.add({"d1/more.env": env(keys.kryton())})
    assert lines(repo.staged()) == [("d1/more.env", 1)]


def test_a_folder_of_a_sparse_index_that_changes(repo, keys):
    repo.commit({"d0/a.txt": "text\n", "d1/b.txt": "text\n"})
    repo.commit({"d0/x/key.env": env(keys.kryton())})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "d1")
    repo.git("reset", "-q", "--soft", "HEAD~")
    assert "d0/\n" in repo.git("ls-files", "--sparse") + "\n"
    assert lines(repo.staged()) == [("d0/x/key.env", 1)]


@pytest.mark.parametrize("checked", [True, False], ids=["sum", "no-sum"])
def test_no_sum_at_the_end(repo, keys, checked):
    repo.git("config", "index.skipHash", "false" if checked else "true")
    many(repo, keys)
    assert lines(repo.staged()) == [("d1/new.env", 1)]


@pytest.mark.parametrize("damage", [
    lambda data: data[:len(data) // 2],
    lambda data: data[:11],
    lambda data: b"",
    lambda data: data[:40] + bytes([data[40] ^ 0xff]) + data[41:],
    lambda data: b"XXXX" + data[4:],
    lambda data: data[:4] + b"\0\0\0\x09" + data[8:],
    lambda data: data[:8] + b"\xff\xff\xff\xff" + data[12:],
], ids=["half", "head", "empty", "flipped", "magic", "version", "count"])
def test_a_damaged_index(repo, keys, damage):
    many(repo, keys)
    index = repo.git_dir("index")
    index.write_bytes(damage(index.read_bytes()))
    report = repo.staged()
    assert report.code == 3
    assert not report.complete
    ((path, _),) = report.unread
    assert path == str(index)
    assert repo.staged("--allow-incomplete").code == 0


def test_a_blob_that_is_missing(repo, keys):
    repo.commit({"a.txt": "text\n"})
    raw = env(keys.kryton())
    repo.add({"a.env": raw, "b.env": env(keys.kryton())})
    repo.object_file(repo.blob(raw)).unlink()
    report = repo.staged()
    assert report.code == 1
    assert not report.complete
    assert lines(report) == [("b.env", 1)]
    ((path, reason),) = report.unread
    assert path == "a.env"
    assert repo.blob(raw) in reason


def test_a_parent_that_is_missing(old):
    old.add({"b.txt": "text\n"})
    old.object_file(old.first).unlink()
    report = old.staged()
    assert not report.complete
    assert any(old.first in path + reason for path, reason in report.unread)


# Kinds.


def test_sha_256(scene, keys):
    repo = Repo(scene, init=("init", "-q", "--object-format=sha256"))
    repo.commit({"a.txt": "text\n"})
    raw = env(keys.kryton())
    repo.add({"a.env": raw})
    place = repo.staged().place
    assert place["blob"] == repo.blob(raw)
    assert len(place["blob"]) == 64


def test_packed(old, keys):
    old.git("gc", "-q")
    old.add({"a.env": old.raw + env(keys.kryton())})
    assert lines(old.staged()) == [("a.env", 3)]


def test_binary_and_markers_and_rules(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.add({"a.bin": b"\0" * 99 + keys.kryton().encode() + b"\n",
              "b.env": f"T={keys.kryton()} # keytidy:allow * a test\n",
              "tests/c.env": env(keys.kryton())})
    repo.write("keytidy.toml",
               '[[allow]]\nreason = "made up"\npath = "tests/**"\n')
    report = repo.staged()
    assert report.code == 0
    assert lines(report) == [("b.env", 1), ("tests/c.env", 1)]
    assert report.skipped == [(".", "1 binary blob")]
    assert len(repo.staged("--binary").findings) == 3


def stage_blob(repo, blob, paths):
    repo.git("update-index", "--index-info", stdin="".join(
        f"100644 {blob} 0\t{path}\n" for path in paths))


@pytest.mark.parametrize("other", ["Z/new.env", "z/new.env"])
def test_many_allowed_paths_hide_none(repo, keys, other):
    """However often a blob stands where it may, elsewhere it is found."""
    blob = repo.store(env(keys.kryton()))
    repo.write("keytidy.toml",
               '[[allow]]\nreason = "made up"\npath = "a/**"\n')
    stage_blob(repo, blob, [f"a/{i}.env" for i in range(1200)] + [other])
    report = repo.staged()
    assert report.code == 1 or not report.complete
    repo.git("commit", "-q", "-m", "change")
    for mode in (["--range", "HEAD"], ["--history"]):
        report = repo.scan(*mode)
        assert report.code == 1 or not report.complete, mode


def test_many_old_places_hide_none(repo, keys):
    line = env(keys.kryton())
    paths = [f"a/{i}.env" for i in range(1200)]
    stage_blob(repo, repo.store("old\n" + line), paths)
    repo.git("commit", "-q", "-m", "change")
    stage_blob(repo, repo.store("new\n" + line), [*paths, "z/new.env"])
    report = repo.staged()
    assert report.code == 1 or not report.complete
    repo.git("commit", "-q", "-m", "change")
    report = repo.scan("--range", "HEAD")
    assert report.code == 1 or not report.complete


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_key(repo, keys, form):
    key = keys.kryton()
    repo.add({f"{key}.env": env(key)})
    ended = repo.run("scan", "--staged", "--format", form)
    assert ended.code == 1
    assert key not in ended.text + ended.err


def test_the_same_with_any_number_of_threads(repo, keys):
    repo.add({f"f{i % 7}/{i}.env": env(keys.kryton()) for i in range(30)})
    first = repo.run("scan", "--staged", "--format", "json", "--jobs", "1")
    for args in (["--jobs", "4"], ["--no-delta"], ["--memory-limit", "1MB"]):
        assert repo.run("scan", "--staged", "--format", "json", *args) == first


def test_the_index_is_not_written(repo, keys):
    many(repo, keys)
    index = pathlib.Path(repo.git_dir("index"))
    before = (index.read_bytes(), os.stat(index).st_mtime_ns)
    repo.staged()
    assert (index.read_bytes(), os.stat(index).st_mtime_ns) == before
