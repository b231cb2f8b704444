# SPDX-License-Identifier: Apache-2.0
"""scan --history: every blob of a repository, whatever names it, and the
commit that brought it."""

import io
import os
import stat
import zipfile

import pytest

from gitscene import HOUR, START, Repo, commits, evidence, hidden, iso, lines
from scene import FORMATS, SYSTEMS, Report


ACME = """\
provider = "acme"
name = "Acme"
sources = ["https://acme.example/docs/keys"]

[[rule]]
id = "acme-key"
title = "Acme key"
severity = "high"
pattern = 'acme_[0-9a-f]{32}'
examples = ['ACME_KEY=acme_{hex:32}']
counter_examples = ['acme_{hex:31}']
advice = "Delete it in the console."
"""


@pytest.fixture
def repo(scene):
    return Repo(scene)


def env(key):
    return f"# settings\nKRYTON_TOKEN={key}\n"


def place_of(repo, path, raw, commit, refs="reachable"):
    """What a report must say of the key on the second line of `raw`."""
    start = raw.index("=") + 1
    return {"source": "history", "path": path, "line": 2, "column": 14,
            "end_line": 2, "end_column": 14 + len(raw) - start - 1,
            "start": start, "end": len(raw) - 1, "blob": repo.blob(raw),
            "commit": repo.commit_info(commit, refs), "client": None,
            "allowed": None}


def zipped(name, content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


# Where a key can be.


def test_in_a_commit(repo, keys):
    raw = env(keys.kryton())
    first = repo.commit({"src/a.env": raw}, "Bring it")
    repo.commit({"b.txt": "text\n"}, "more")
    report = repo.history()
    assert report.code == 1
    assert report.complete
    assert report.place == place_of(repo, "src/a.env", raw, first)
    assert report.json["coverage"] == {
        "files": 0, "bytes": len(raw) + 5, "blobs": 2, "commits": 2,
        "skipped": [], "empty_roots": []}
    assert report.notes == []


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_each_system(repo, keys, system):
    key = keys.of(system.name)
    commit = repo.commit({"a.env": f"{system.variable}={key}\n"})
    repo.commit({"a.env": f"{system.variable}=\n"})
    report = repo.history()
    assert report.rules == [system.rule]
    assert commits(report) == [("a.env", commit)]


def test_the_committer_is_not_the_author(repo, keys):
    repo.add({"a.env": env(keys.kryton())})
    repo.git("commit", "-q", "-m", "One\n\nbody", "--author",
             "Zo\u00eb <zoe@example.com>", "--date", "2001-02-03T04:05:06Z")
    assert repo.history().place["commit"] == {
        "id": repo.id("HEAD"), "author": "Zo\u00eb",
        "email": "zoe@example.com", "date": iso(START), "subject": "One",
        "refs": "reachable"}


def test_deleted_later(repo, keys):
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    repo.commit({"b.txt": "text\n"})
    repo.commit({"a.env": None})
    repo.commit({"b.txt": "more\n"})
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, first)
    # Of the first commit that has it, and of the last.
    assert evidence(report.finding) == {
        "git-first-commit": iso(START + HOUR),
        "git-last-commit": iso(START + 2 * HOUR)}
    assert report.finding["age"]["at_least_days"] == 999


def test_one_blob_at_two_paths_and_added_again(repo, keys):
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    second = repo.commit({"dir/b.env": raw})
    repo.commit({"a.env": None})
    repo.commit({"a.env": raw})
    report = repo.history()
    assert commits(report) == [("a.env", first), ("dir/b.env", second)]
    assert report.json["coverage"]["blobs"] == 1


def test_only_in_a_merge_commit(repo, keys):
    repo.commit({"a.txt": "one\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"b.txt": "two\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"c.txt": "three\n"})
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    raw = env(keys.kryton())
    merge = repo.commit({"evil.env": raw}, "Merge")
    assert len(repo.git("rev-parse", "HEAD^@").split()) == 2
    repo.commit({"evil.env": None})
    report = repo.history()
    assert report.place == place_of(repo, "evil.env", raw, merge)


def test_a_branch_that_is_merged_twice(repo, keys):
    repo.commit({"a.txt": "one\n"})
    repo.git("checkout", "-q", "-b", "side")
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    for other in ("left", "right"):
        repo.git("checkout", "-q", "-b", other, "main")
        repo.commit({f"{other}.txt": other})
        repo.tick()
        repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, first)


def test_a_cherry_pick_is_younger(repo, keys):
    repo.commit({"a.txt": "one\n"})
    repo.git("checkout", "-q", "-b", "side")
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    repo.git("checkout", "-q", "main")
    repo.commit({"b.txt": "two\n"})
    repo.tick()
    repo.git("cherry-pick", first)
    assert repo.id("HEAD") != first
    assert commits(repo.history()) == [("a.env", first)]
    # The younger where nothing else holds it.
    picked = repo.id("HEAD")
    repo.git("branch", "-q", "-D", "side")
    repo.git("reflog", "expire", "--expire=now", "--all")
    assert commits(repo.history()) == [("a.env", picked)]


def test_in_a_stash_and_when_it_is_dropped(repo, keys):
    repo.commit({"a.env": "empty\n"})
    raw = env(keys.kryton())
    repo.write("a.env", raw)
    repo.tick()
    repo.git("stash", "push", "-q", "-m", "later")
    stash = repo.id("stash")
    report = repo.history()
    assert report.code == 1
    assert report.place == place_of(repo, "a.env", raw, stash, "stash")
    repo.git("stash", "drop", "-q")
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, stash, "unreachable")


def test_a_file_that_was_stashed_untracked(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    repo.write("new.env", raw)
    repo.tick()
    repo.git("stash", "push", "-q", "--include-untracked")
    report = repo.history()
    assert report.place == place_of(repo, "new.env", raw, "stash^3", "stash")


def test_an_older_stash(repo, keys):
    repo.commit({"a.env": "empty\n"})
    raw = env(keys.kryton())
    for content in (raw, "other\n"):
        repo.write("a.env", content)
        repo.tick()
        repo.git("stash", "push", "-q")
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, "stash@{1}", "stash")


def test_amended_away(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw}, "oops")
    repo.add({"a.env": "KRYTON_TOKEN=\n"})
    repo.git("commit", "-q", "--amend", "-m", "better")
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, first, "reflog")
    repo.git("reflog", "expire", "--expire=now", "--all")
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, first, "unreachable")
    repo.git("gc", "-q", "--prune=now")
    assert repo.history().code == 0


def test_a_reachable_commit_outranks_an_older_one(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw}, "lost")
    repo.git("checkout", "-q", "-B", "main", "HEAD~")
    second = repo.commit({"a.env": raw}, "kept")
    report = repo.history()
    assert report.place == place_of(repo, "a.env", raw, second)
    # The key is as old as the older all the same.
    assert evidence(report.finding)["git-first-commit"] == \
        repo.commit_info(first)["date"]


def test_orig_head_is_a_reference(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    repo.git("reset", "-q", "--hard", "HEAD~")
    assert repo.history().place == place_of(repo, "a.env", raw, first)
    repo.git("update-ref", "-d", "ORIG_HEAD")
    assert repo.history().place == place_of(repo, "a.env", raw, first,
                                            "reflog")


def test_only_in_the_index(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    repo.cacheinfo("dir/new.env", raw)
    report = repo.history()
    assert report.code == 1
    place = report.place
    assert (place["source"], place["path"], place["line"], place["commit"],
            place["blob"]) == ("index", "dir/new.env", 2, None, repo.blob(raw))
    assert report.finding["age"]["evidence"] == []


def test_a_blob_that_nothing_names(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    blob = repo.store(raw)
    place = repo.history().place
    assert (place["source"], place["path"], place["line"], place["commit"],
            place["blob"]) == ("history", f"blob:{blob}", 2, None, blob)


def test_a_tree_that_nothing_names(repo, keys):
    repo.commit({"a.txt": "one\n"})
    blob = repo.store(env(keys.kryton()))
    tree = repo.git("mktree", stdin=f"100644 blob {blob}\tx.env\n")
    repo.git("mktree", stdin=f"040000 tree {tree}\tdir\n")
    place = repo.history().place
    assert (place["path"], place["commit"]) == ("dir/x.env", None)


def test_a_tag_of_a_blob(repo, keys):
    repo.commit({"a.txt": "one\n"})
    blob = repo.store(env(keys.kryton()))
    repo.git("tag", "light", blob)
    place = repo.history().place
    assert (place["path"], place["commit"]) == ("refs/tags/light", None)


def test_an_annotated_tag_of_a_blob(repo, keys):
    repo.commit({"a.txt": "one\n"})
    blob = repo.store(env(keys.kryton()))
    repo.git("tag", "-a", "-m", "a key", "heavy", blob)
    place = repo.history().place
    assert (place["path"], place["commit"]) == ("refs/tags/heavy", None)


def test_held_by_a_tag_alone(repo, keys):
    repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    repo.git("tag", "-a", "-m", "v", "v1")
    repo.git("reset", "-q", "--hard", "HEAD~")
    repo.git("reflog", "expire", "--expire=now", "--all")
    assert repo.history().place == place_of(repo, "a.env", raw, first)


def test_a_note(repo, keys):
    commit = repo.commit({"a.txt": "one\n"})
    raw = env(keys.kryton())
    repo.tick()
    repo.git("notes", "add", "-F", "-", commit, stdin=raw)
    note = repo.id("refs/notes/commits")
    assert repo.history().place == place_of(repo, commit, raw, note)


def test_in_a_linked_worktree(repo, keys):
    repo.commit({"a.txt": "one\n"})
    linked = Repo(repo.scene, repo.scene.dir / "linked", init=())
    repo.git("worktree", "add", "-q", "--detach", linked.path)
    linked.now = repo.now
    committed = env(keys.kryton())
    commit = linked.commit({"detached.env": committed})
    linked.cacheinfo("indexed.env", env(keys.kryton()))
    (repo.git_dir("worktrees", "linked", "logs", "HEAD")).unlink()
    for at in (repo, linked):
        report = at.history()
        assert commits(report) == [("detached.env", commit),
                                   ("indexed.env", None)]
        assert report.findings[0]["occurrences"] == [
            place_of(linked, "detached.env", committed, commit)]
        assert report.findings[1]["occurrences"][0]["source"] == "index"


def test_in_a_submodule(repo, keys):
    library = Repo(repo.scene, repo.scene.dir / "library")
    library.commit({"lib.txt": "one\n"})
    raw = env(keys.kryton())
    first = library.commit({"conf/lib.env": raw}, "in the library")
    library.commit({"conf/lib.env": None})
    repo.commit({"a.txt": "one\n"})
    repo.git("submodule", "--quiet", "add", library.path, "third/lib")
    repo.commit()
    report = repo.history()
    assert report.place == place_of(library, "third/lib/conf/lib.env", raw,
                                    first)
    assert report.json["coverage"]["commits"] == 5
    report = repo.history("--no-submodules")
    assert report.code == 0
    assert report.json["coverage"]["commits"] == 2
    # Its worktree may be gone.
    repo.git("submodule", "--quiet", "deinit", "-f", "third/lib")
    assert commits(repo.history()) == [("third/lib/conf/lib.env", first)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_submodule_of_another_owner(repo, keys):
    library = Repo(repo.scene, repo.scene.dir / "library")
    library.commit({"lib.env": env(keys.kryton())})
    repo.git("submodule", "--quiet", "add", library.path, "lib")
    repo.commit({"a.env": env(keys.kryton())})
    for folder, _, names in os.walk(repo.git_dir("modules")):
        for name in (*names, "."):
            os.chown(os.path.join(folder, name), 65534, 65534)
    report = repo.history()
    assert report.code == 1
    assert not report.complete
    assert lines(report) == [("a.env", 2)]
    ((path, reason),) = report.unread
    assert path == "lib"
    assert "safe.directory" in reason
    assert repo.history("--no-submodules").complete


def test_a_damaged_submodule(repo, keys):
    library = Repo(repo.scene, repo.scene.dir / "library")
    library.commit({"lib.env": env(keys.kryton())})
    repo.git("submodule", "--quiet", "add", library.path, "lib")
    repo.commit({"a.env": env(keys.kryton())})
    repo.git_dir("modules", "lib", "HEAD").write_text("junk\n")
    report = repo.history()
    assert report.code == 1
    assert lines(report) == [("a.env", 2)]
    assert {path for path, _ in report.unread} == {"lib"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16(repo, keys, encoding):
    key = keys.kryton()
    raw = ("\ufeff" + env(key)).encode(encoding)
    first = repo.commit({"a.txt": raw})
    repo.commit({"a.txt": None})
    place = repo.history().place
    assert (place["path"], place["line"]) == ("a.txt", 2)
    assert raw[place["start"]:place["end"]].decode(encoding) == key
    assert place["commit"]["id"] == first


def test_an_archive(repo, keys):
    raw = zipped("app/.env", env(keys.kryton()))
    first = repo.commit({"dist/app.zip": raw})
    repo.commit({"dist/app.zip": None})
    place = repo.history().place
    assert (place["path"], place["line"]) == ("dist/app.zip!app/.env", 2)
    assert place["commit"]["id"] == first
    assert repo.history("--no-archives").findings == []


def test_binary(repo, keys):
    raw = b"\0\1\2" * 100 + keys.kryton().encode() + b"\0\n"
    first = repo.commit({"a.bin": raw})
    report = repo.history()
    assert report.code == 0
    assert report.complete
    assert report.json["coverage"]["skipped"] == [
        {"path": ".", "reason": "1 binary blob", "bytes": len(raw),
         "incomplete": False}]
    report = repo.history("--binary")
    assert commits(report) == [("a.bin", first)]
    assert report.skipped == []


def test_too_large(repo, keys):
    raw = env(keys.kryton()) * 100
    repo.commit({"a.env": raw, "b.txt": "text\n"})
    report = repo.history("--max-file-size", "1000")
    assert report.code == 0
    assert report.json["coverage"]["skipped"] == [
        {"path": ".", "reason": "1 blob larger than --max-file-size",
         "bytes": len(raw), "incomplete": False}]


def test_a_pointer_of_lfs(repo):
    repo.commit({"big.dat": "version https://git-lfs.github.com/spec/v1\n"
                            f"oid sha256:{'0' * 64}\nsize 12345\n"})
    report = repo.history()
    assert report.code == 0
    assert report.skipped == [
        (".", "1 Git LFS pointer, whose content is not in the repository")]


# Kinds of repositories.


def test_bare(repo, keys):
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    bare = repo.clone("bare.git", "--bare")
    assert bare.history().place == place_of(repo, "a.env", raw, first)
    outside = repo.history(bare.path, cwd=repo.scene.dir)
    assert outside.place == place_of(repo, "a.env", raw, first)


def test_from_elsewhere_and_from_a_folder(repo, keys):
    first = repo.commit({"dir/a.env": env(keys.kryton())})
    want = [("dir/a.env", first)]
    assert commits(repo.history(cwd=repo.path / "dir")) == want
    assert commits(repo.history("repo", cwd=repo.scene.dir)) == want
    assert commits(repo.history(".git")) == want
    assert commits(repo.history(repo.path / "dir", cwd="/")) == want


def shallow_of(repo):
    return repo.clone("shallow", "--depth", "1", source=f"file://{repo.path}")


def test_shallow_with_a_key(repo, keys):
    raw = env(keys.kryton())
    repo.commit({"a.env": raw})
    repo.commit({"b.txt": "text\n"})
    shallow = shallow_of(repo)
    report = shallow.history()
    assert report.code == 1
    assert report.complete
    # The oldest commit that is here.
    assert report.place == place_of(repo, "a.env", raw, "HEAD")
    assert [reason for _, reason in report.skipped] == [
        "a shallow clone: what came before 1 commit is not here"]
    assert len(report.notes) == 1
    assert "git fetch --unshallow" in report.notes[0]


def test_shallow_without(repo, keys):
    repo.commit({"a.env": env(keys.kryton())})
    repo.commit({"a.env": None, "b.txt": "text\n"})
    report = shallow_of(repo).history()
    assert report.code == 0
    assert report.complete
    assert len(report.notes) == 1


def partial_of(repo):
    repo.git("config", "uploadpack.allowFilter", "true")
    return repo.clone("partial", "--filter=blob:none", "--no-checkout",
                      source=f"file://{repo.path}")


def test_a_partial_clone(repo, keys):
    repo.commit({"a.env": env(keys.kryton())})
    repo.commit({"b.txt": "text\n"})
    partial = partial_of(repo)
    before = sorted(partial.git_dir("objects").rglob("*"))
    report = partial.history("--allow-empty")
    assert report.code == 3
    assert not report.complete
    ((path, reason),) = report.unread
    assert path == "."
    assert reason.startswith("a partial clone: 2 objects ")
    assert partial.history("--allow-empty", "--allow-incomplete").code == 0
    # Nothing is fetched.
    assert sorted(partial.git_dir("objects").rglob("*")) == before


def test_a_partial_clone_with_a_key(repo, keys):
    repo.commit({"old.txt": "text\n"})
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw, "old.txt": None})
    partial = partial_of(repo)
    partial.git("checkout", "-q", "main")
    report = partial.history()
    assert report.code == 1
    assert not report.complete
    assert report.place == place_of(repo, "a.env", raw, first)
    ((path, reason),) = report.unread
    assert path == "."
    assert reason.startswith("a partial clone: 1 object ")


def test_sha_256(scene, keys):
    repo = Repo(scene, init=("init", "-q", "--object-format=sha256"))
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    repo.commit({"a.env": None, "b.txt": "x\n" * 1000})
    assert len(first) == 64
    expected = place_of(repo, "a.env", raw, first)
    assert repo.history().place == expected
    repo.git("gc", "-q")
    assert repo.history().place == expected


def test_borrowed_objects(repo, keys):
    raw = env(keys.kryton())
    first = repo.commit({"a.env": raw})
    shared = repo.clone("shared", "--shared", "--no-checkout")
    assert not list(shared.git_dir("objects").glob("??"))
    assert shared.history().place == place_of(repo, "a.env", raw, first)


def test_the_lender_is_gone(repo, keys):
    repo.commit({"a.env": env(keys.kryton())})
    shared = repo.clone("shared", "--shared", "--no-checkout")
    repo.path.rename(repo.scene.dir / "moved")
    report = shared.history()
    assert report.code == 3
    assert not report.complete
    assert any(str(repo.path) in path + reason
               for path, reason in report.unread)


def test_an_empty_repository(repo):
    report = repo.history()
    assert report.code == 3
    assert report.complete
    assert report.empty_roots == ["."]
    assert repo.history("--allow-empty").code == 0


@pytest.mark.parametrize("mode", [["--history"], ["--staged"],
                                  ["--range", "HEAD"], ["--since", "2w"]],
                         ids=lambda mode: mode[0])
def test_no_repository(scene, mode):
    scene.write("a.txt", "text\n")
    ended = scene.run("scan", *mode)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err == ("keytidy: .: neither it nor a folder above it is a "
                         "git repository\n")


# The environment that git gives its hooks.


def test_git_dir_in_the_environment(repo, keys):
    first = repo.commit({"a.env": env(keys.kryton())})
    other = Repo(repo.scene, repo.scene.dir / "other")
    other.commit({"b.txt": "text\n"})
    there = {"GIT_DIR": str(repo.git_dir()), "GIT_WORK_TREE": str(repo.path)}
    assert commits(other.history(env=there)) == [("a.env", first)]
    # A repository that is named comes first.
    assert other.history(other.path, env=there).code == 0


def test_git_object_directory_in_the_environment(repo, keys):
    first = repo.commit({"a.env": env(keys.kryton())})
    moved = repo.scene.dir / "objects"
    repo.git_dir("objects").rename(moved)
    repo.git_dir("objects").mkdir()
    report = repo.history(env={"GIT_OBJECT_DIRECTORY": str(moved)})
    assert commits(report) == [("a.env", first)]
    report = repo.history(
        env={"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(moved)})
    assert commits(report) == [("a.env", first)]


# The same whatever way it is done.


def life(repo, keys):
    """A repository with a little of everything."""
    text = "".join(f"line {i} of a long file\n" for i in range(300))
    for i in range(12):
        repo.commit({f"src/{i % 3}/a.txt": text + env(keys.kryton())
                                           + text[i * 100:],
                     f"src/{i % 4}/b.txt": text[i * 50:]})
    repo.git("checkout", "-q", "-b", "side", "HEAD~5")
    repo.commit({"side.env": env(keys.kryton())})
    repo.git("checkout", "-q", "main")
    repo.tick()
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    repo.write("src/0/a.txt", text + env(keys.kryton()))
    repo.git("stash", "push", "-q")
    repo.commit({"dist/a.zip": zipped("a.env", env(keys.kryton()))})
    repo.store(env(keys.kryton()))
    repo.cacheinfo("indexed.env", env(keys.kryton()))


def test_packed_or_loose_and_however_many_threads(repo, keys):
    life(repo, keys)

    def out(*args):
        ended = repo.run("scan", "--history", "--format", "json", *args)
        assert (ended.code, ended.err) == (1, "")
        return ended.out

    loose = out()
    assert out("--jobs", "1") == loose
    assert out("--jobs", "4") == loose
    assert out("--no-delta") == loose
    # What nothing names stays loose; the rest goes into a pack.
    repo.git("gc", "-q", "--prune=never")
    assert repo.git("count-objects") != "0 objects, 0 kilobytes"
    assert list(repo.git_dir("objects", "pack").glob("*.pack"))
    assert out() == loose
    repo.git("repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50",
             "--keep-unreachable")
    for args in ([], ["--jobs", "1"], ["--jobs", "4"], ["--no-delta"],
                 ["--no-delta", "--jobs", "4"], ["--memory-limit", "1MB"]):
        assert out(*args) == loose, args


def test_a_pack_that_stands_twice(repo, keys):
    life(repo, keys)
    before = repo.history().json
    repo.git("repack", "-q", "-a", "-d", "--keep-unreachable")
    (pack,) = repo.git_dir("objects", "pack").glob("*.pack")
    other = repo.clone("other.git", "--bare")
    other.git("unpack-objects", "-q", stdin=pack.read_bytes())
    other.git("repack", "-q", "-a", "-d", "-f", "--depth=1")
    lent = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str(other.path / "objects")}
    assert repo.history(env=lent).json == before


def test_less_memory_than_a_blob_needs(repo, keys):
    text = "".join(f"line {i}\n" for i in range(40000))
    repo.commit({"a.env": text})
    raw = text + env(keys.kryton())
    commit = repo.commit({"a.env": raw})
    assert len(raw) > 400_000
    # A loose object is read in pieces.
    report = repo.history("--memory-limit", "100KB")
    assert report.complete
    assert commits(report) == [("a.env", commit)]
    assert lines(report) == [("a.env", 40002)]
    # So it is as a change; then all of its keys count as new.
    for mode in (["--range", "HEAD"], ["--since", "2023-11-14"]):
        report = repo.scan(*mode, "--memory-limit", "100KB")
        assert report.complete
        assert lines(report) == [("a.env", 40002)]
    # What is a delta or the base of one is not; that is said.
    repo.git("gc", "-q")
    for mode in (["--range", "HEAD"], ["--since", "2023-11-14"]):
        report = repo.scan(*mode, "--memory-limit", "100KB")
        assert report.code == 3
        assert "a.env" in [path for path, _ in report.unread]
    report = repo.history("--memory-limit", "100KB")
    assert report.code == 3
    assert f"blob:{repo.blob(raw)}" in [path for path, _ in report.unread]
    report = repo.history("--memory-limit", "900KB")
    assert report.complete
    assert lines(report) == [("a.env", 40002)]


def test_replaced_objects_are_read_as_they_are(repo, keys):
    repo.commit({"a.txt": "one\n"})
    first = repo.commit({"a.env": env(keys.kryton())})
    other = repo.git("commit-tree", "-m", "other", "-p", "HEAD~",
                     repo.id("HEAD~^{tree}"))
    repo.git("replace", first, other)
    assert repo.git("show", "--format=", "--name-only", first) == ""
    assert commits(repo.history()) == [("a.env", first)]
    assert commits(repo.range("HEAD")) == [("a.env", first)]


# What is allowed, and what is shown.


def test_an_allow_rule_of_the_repository(repo, keys):
    repo.commit({"dir/a.env": env(keys.kryton()),
                 "b.env": env(keys.kryton())})
    repo.write("keytidy.toml", '[[allow]]\nreason = "a fixture"\n'
                               'path = "dir/**"\n')
    report = repo.history()
    assert {finding["occurrences"][0]["path"]: finding["decision"]["action"]
            for finding in report.findings} == {"b.env": "fail",
                                                "dir/a.env": "ignore"}
    assert report.code == 1
    report = repo.history("--no-repo-config")
    assert {finding["decision"]["action"]
            for finding in report.findings} == {"fail"}


def test_an_inline_marker(repo, keys):
    repo.commit({"a.env": f"T={keys.kryton()} "
                          "# keytidy:allow kryton-api-key a test key\n"})
    report = repo.history()
    assert report.code == 0
    assert report.finding["decision"]["action"] == "ignore"
    assert repo.history("--no-markers").code == 1


def test_a_key_in_a_subject_and_in_names(repo, keys):
    key, other = keys.kryton(), keys.kryton()
    repo.add({f"dir-{key}/a.env": env(key)})
    repo.tick()
    repo.git("commit", "-q", "-m", f"Use {key}, not {other}",
             "--author", f"{key} <{other}@example.com>")
    assert key in repo.git("log")
    assert other in repo.git("log")
    for form in FORMATS:
        ended = repo.run("scan", "--history", "--format", form)
        assert ended.code == 1
        assert hidden([key, other], ended.out, ended.err), form
    report = repo.history()
    assert report.place["commit"]["subject"].startswith("Use kryton_")


def test_keys_in_names_of_other_things(repo, keys):
    """Of a tag, a reference that cannot be read, a submodule, and an
    alternate."""
    made = [keys.kryton() for _ in range(4)]
    tag, reference, submodule, alternate = made
    repo.commit({"a.txt": "text\n"})
    repo.git("tag", tag, repo.store(env(keys.kryton())))
    repo.git_dir("refs", "heads", reference).write_text("junk\n")
    library = Repo(repo.scene, repo.scene.dir / "library")
    library.commit({"lib.env": env(keys.kryton())})
    repo.git("submodule", "--quiet", "add", library.path, f"dir/{submodule}")
    repo.git_dir("objects", "info").mkdir(exist_ok=True)
    repo.git_dir("objects", "info", "alternates").write_text(
        f"/nowhere/{alternate}\n")
    for form in FORMATS:
        ended = repo.run("scan", "--history", "--format", form)
        assert ended.code == 1
        assert hidden(made, ended.out, ended.err), form
    report = repo.history()
    assert len(report.findings) == 3  # .gitmodules has that of the submodule
    assert len(report.unread) >= 2


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_key(repo, keys, form):
    made = [keys.of(system.name) for system in SYSTEMS]
    repo.commit({f"{system.name}.env": f"{system.variable}={key}\n"
                 for system, key in zip(SYSTEMS, made)}, "all of them")
    made.append(keys.kryton())
    repo.store(env(made[-1]))
    ended = repo.run("scan", "--history", "--format", form)
    assert ended.code == 1
    assert hidden(made, ended.out, ended.err)
    for system in SYSTEMS:
        assert f"{system.name}.env" in ended.text


# --since-last.


def state_files(repo):
    return sorted((repo.scene.home / "state").rglob("*.state"))


def since_last(repo, *args):
    return repo.history("--since-last", *args)


def test_since_last(repo, keys):
    first = repo.commit({"a.env": env(keys.kryton())})
    report = since_last(repo)
    assert report.code == 1
    assert commits(report) == [("a.env", first)]

    report = since_last(repo)
    assert report.code == 0
    assert report.complete
    assert report.findings == []
    assert report.json["coverage"]["blobs"] == 0
    assert report.empty_roots == []

    second = repo.commit({"b.env": env(keys.kryton())})
    assert commits(since_last(repo)) == [("b.env", second)]
    assert since_last(repo).findings == []

    repo.git("gc", "-q")
    report = since_last(repo)
    assert (report.code, report.findings) == (0, [])
    repo.git("repack", "-q", "-a", "-d", "-f")
    third = repo.commit({"c.env": env(keys.kryton())})
    assert commits(since_last(repo)) == [("c.env", third)]
    # Without, everything is scanned.
    assert len(repo.history().findings) == 3


def test_since_last_says_that_nothing_is_new(repo, keys):
    repo.commit({"a.env": env(keys.kryton())})
    since_last(repo)
    report = since_last(repo)
    assert report.notes != []
    assert "last" in report.notes[0]


def test_the_state_is_private_and_holds_no_key(repo, keys):
    key = keys.kryton()
    repo.commit({"a.env": env(key)})
    since_last(repo)
    (state,) = state_files(repo)
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700
    assert hidden([key, key[7:30], "a.env"], state.read_bytes())
    assert not list(repo.path.rglob("*.state"))


def test_a_state_of_ones_own(repo, keys):
    first = repo.commit({"a.env": env(keys.kryton())})
    state = repo.scene.home / "my.state"
    want = [("a.env", first)]
    assert commits(repo.history(f"--since-last={state}")) == want
    assert commits(repo.history(f"--since-last={state}")) == []
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    assert state_files(repo) == []
    # The usual place knows nothing of it.
    assert commits(since_last(repo)) == want


def test_each_repository_has_a_state(repo, keys):
    key = keys.kryton()
    repo.commit({"a.env": env(key)})
    other = Repo(repo.scene, repo.scene.dir / "other")
    first = other.commit({"a.env": env(key)})
    since_last(repo)
    assert commits(since_last(other)) == [("a.env", first)]
    assert len(state_files(repo)) == 2


def test_a_submodule_has_a_state(repo, keys):
    library = Repo(repo.scene, repo.scene.dir / "library")
    first = library.commit({"lib.env": env(keys.kryton())})
    repo.git("submodule", "--quiet", "add", library.path, "lib")
    repo.commit()
    assert commits(since_last(repo)) == [("lib/lib.env", first)]
    assert commits(since_last(repo)) == []


def test_a_linked_worktree_shares_the_state(repo, keys):
    repo.commit({"a.env": env(keys.kryton())})
    since_last(repo)
    linked = Repo(repo.scene, repo.scene.dir / "linked", init=())
    repo.git("worktree", "add", "-q", "--detach", linked.path)
    assert since_last(linked).findings == []


def test_other_rules_scan_all_again(repo, keys):
    repo.commit({"a.env": env(keys.kryton())})
    rules = repo.scene.home / "rules.toml"
    rules.write_text(ACME)
    assert since_last(repo).rules == ["kryton-api-key"]
    assert since_last(repo).rules == []
    assert since_last(repo, "--rules", rules).rules == ["kryton-api-key"]
    assert since_last(repo, "--rules", rules).rules == []
    rules.write_text(ACME.replace("{32}", "{32,40}"))
    assert since_last(repo, "--rules", rules).rules == ["kryton-api-key"]


def test_another_reach_scans_all_again(repo, keys):
    first = repo.commit({"a.bin": b"\0" * 99 + keys.kryton().encode() + b"\n"})
    assert since_last(repo).findings == []
    assert commits(since_last(repo, "--binary")) == [("a.bin", first)]


@pytest.mark.parametrize("damage", [
    lambda data: b"",
    lambda data: b"nonsense\n",
    lambda data: data[:-1],
    lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
], ids=["empty", "nonsense", "cut", "flipped"])
def test_a_damaged_state(repo, keys, damage):
    repo.commit({"a.txt": "text\n"})
    since_last(repo)
    (state,) = state_files(repo)
    state.write_bytes(damage(state.read_bytes()))
    report = since_last(repo)
    assert report.code == 3
    assert not report.complete
    ((path, reason),) = report.unread
    assert path == str(state)
    assert "damaged" in reason
    assert report.json["coverage"]["blobs"] == 1


@pytest.mark.parametrize("packed", [False, True], ids=["loose", "packed"])
def test_what_could_not_be_read_is_not_remembered(repo, keys, packed):
    noise = keys.pick("abcdefgh", 4000)
    raw = f"{env(keys.kryton())}{noise}\n"
    commit = repo.commit({"a.env": raw})
    blob = repo.blob(raw)
    if packed:
        repo.git("gc", "-q")
        (file,) = repo.git_dir("objects", "pack").glob("*.pack")
    else:
        file = repo.object_file(blob)
    whole = file.read_bytes()
    middle = len(whole) // 2
    repo.overwrite(file, whole[:middle] + bytes([whole[middle] ^ 0xff])
                   + whole[middle + 1:])
    for _ in range(2):
        report = since_last(repo)
        assert report.code == 3
        assert [path for path, _ in report.unread] == [f"blob:{blob}"]
    repo.overwrite(file, whole)
    assert commits(since_last(repo)) == [("a.env", commit)]


def test_a_file_that_is_no_state_is_kept(repo):
    repo.commit({"README.md": "text\n"})
    report = repo.history("--since-last=README.md")
    assert report.code == 3
    assert [path for path, _ in report.unread] == ["README.md"]
    assert repo.path.joinpath("README.md").read_text() == "text\n"


def test_since_last_takes_no_word_that_follows(repo, keys):
    first = repo.commit({"a.env": env(keys.kryton())})
    ended = repo.run("scan", "--format", "json", "--history", "--since-last",
                     "repo", cwd=repo.scene.dir)
    assert commits(Report(ended)) == [("a.env", first)]


# What the command line refuses.


@pytest.mark.parametrize("args", [
    ["--history", "--staged"], ["--history", "--range", "HEAD"],
    ["--staged", "--since", "2w"], ["--history", "--all-lines"],
    ["--all-lines"], ["--since-last", "--staged"], ["--remote", "origin"],
    ["--range", "HEAD", "--remote", "origin"], ["--history", "-"],
    ["--staged", "a", "b"]], ids=" ".join)
def test_options_that_do_not_go_together(repo, args):
    repo.commit({"a.txt": "text\n"})
    ended = repo.run("scan", *args)
    assert ended.code == 2
    assert ended.out == b""
    assert ended.err.startswith("keytidy: ")
    assert ended.err.count("\n") == 1


def test_nothing_in_the_repository_changes(repo, keys):
    life(repo, keys)

    def look():
        out = {}
        for folder, _, names in os.walk(repo.path):
            for name in names:
                path = os.path.join(folder, name)
                status = os.stat(path)
                out[path] = (status.st_mtime_ns, status.st_size,
                             status.st_mode)
        return out

    before = look()
    repo.history()
    repo.staged()
    repo.range("HEAD~3..HEAD")
    since_last(repo)
    assert look() == before


def test_lines_are_those_of_the_blob(repo, keys):
    keys_made = [keys.kryton() for _ in range(3)]
    repo.commit({"a.env": "\n".join(f"T{i}={key}\n"
                                    for i, key in enumerate(keys_made))})
    assert lines(repo.history()) == [("a.env", 1), ("a.env", 3), ("a.env", 5)]
