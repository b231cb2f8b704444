# SPDX-License-Identifier: Apache-2.0
"""scan --range and --since: what commits add, one against its parents; and the
lines that git gives its hooks."""

import json

import pytest

from gitscene import HOUR, NOW, START, Repo, commits, evidence, iso, lines
from scene import FORMATS

ZEROS = "0" * 40


@pytest.fixture
def repo(scene):
    return Repo(scene)


def env(key):
    return f"KRYTON_TOKEN={key}\n"


def line_of_keys(repo, keys, count=5):
    """A line of commits, each of which brings a key: their ids."""
    return [repo.commit({f"{i}.env": env(keys.kryton())}, f"key {i}")
            for i in range(count)]


def names(report):
    return [path for path, _ in commits(report)]


# Which commits.


def test_from_to(repo, keys):
    ids = line_of_keys(repo, keys)
    report = repo.range(f"{ids[1]}..{ids[3]}")
    assert report.code == 1
    assert report.complete
    assert commits(report) == [("2.env", ids[2]), ("3.env", ids[3])]
    assert report.json["coverage"] == {
        "files": 0, "bytes": 2 * 85, "blobs": 2, "commits": 2, "skipped": [],
        "empty_roots": []}


def test_all_of_a_place(repo, keys):
    repo.commit({"a.txt": "text\n"})
    raw = "# settings\n" + env(keys.kryton())
    commit = repo.commit({"dir/a.env": raw}, "Bring it")
    report = repo.range("HEAD~..HEAD")
    assert report.place == {
        "source": "history", "path": "dir/a.env", "line": 2, "column": 14,
        "end_line": 2, "end_column": 85, "start": 24, "end": 95,
        "blob": repo.blob(raw), "commit": repo.commit_info(commit),
        "client": None, "allowed": None}
    assert evidence(report.finding) == {
        "git-first-commit": iso(START + 2 * HOUR)}


@pytest.mark.parametrize("text, want", [
    ("HEAD", [4]), ("HEAD~2", [2]), ("HEAD~2..", [3, 4]), ("..HEAD", []),
    ("HEAD~3..HEAD~1", [2, 3]), ("main~1...side", [3, "side"]),
    ("side..main", [3, 4]), ("main..side", ["side"]), ("v1..v2", [2, 3]),
    ("v2", [3]), ("HEAD^..HEAD", [4]), ("HEAD^{}~1..HEAD", [4]),
    ("refs/heads/side", ["side"]), ("tags/v1..heads/main", [2, 3, 4]),
    ("@~1..@", [4]), ("HEAD@{1}..HEAD@{0}", [4]),
    ("@{upstream}..HEAD", [3, 4]), ("main@{u}..main", [3, 4]),
])
def test_names_of_commits(repo, keys, text, want):
    ids = line_of_keys(repo, keys)
    repo.git("tag", "v1", ids[1])
    repo.git("tag", "-a", "-m", "two", "v2", ids[3])
    repo.git("update-ref", "refs/remotes/origin/main", ids[2])
    repo.git("config", "remote.origin.url", "/nowhere")
    repo.git("config", "remote.origin.fetch",
             "+refs/heads/*:refs/remotes/origin/*")
    repo.git("config", "branch.main.remote", "origin")
    repo.git("config", "branch.main.merge", "refs/heads/main")
    repo.git("checkout", "-q", "-b", "side", ids[2])
    repo.commit({"side.env": env(keys.kryton())})
    repo.git("checkout", "-q", "main")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("update-ref", "--create-reflog", "HEAD", ids[3])
    repo.git("update-ref", "HEAD", ids[4])
    if not want:
        assert repo.range(text, "--allow-empty").findings == []
        return
    listed = repo.git("rev-list", *(["--max-count=1"] if ".." not in text
                                    else []), text).split()
    report = repo.range(text)
    assert names(report) == [f"{name}.env" for name in want]
    assert sorted(id for _, id in commits(report)) == sorted(listed)


def test_shortened_ids(repo, keys):
    ids = line_of_keys(repo, keys)
    assert names(repo.range(f"{ids[1][:8]}..{ids[2][:12]}")) == ["2.env"]


def test_one_commit_is_that_alone(repo, keys):
    ids = line_of_keys(repo, keys)
    assert commits(repo.range(ids[0])) == [("0.env", ids[0])]


def test_between(repo, keys):
    repo.commit({"base.env": env(keys.kryton())})
    repo.git("checkout", "-q", "-b", "left")
    left = repo.commit({"left.env": env(keys.kryton())})
    repo.git("checkout", "-q", "-b", "right", "main")
    right = repo.commit({"right.env": env(keys.kryton())})
    want = [("left.env", left), ("right.env", right)]
    assert commits(repo.range("left...right")) == want
    assert commits(repo.range("right...left")) == want


def test_commits_of_the_same_second(repo, keys):
    ids = []
    for i in range(12):
        repo.add({f"{i:02}.env": env(keys.kryton())})
        repo.git("commit", "-q", "-m", str(i))
        ids.append(repo.id("HEAD"))
    for first in (0, 3, 8):
        for last in (first + 1, 11):
            report = repo.range(f"{ids[first]}..{ids[last]}")
            assert commits(report) == [(f"{i:02}.env", ids[i])
                                       for i in range(first + 1, last + 1)]


@pytest.mark.parametrize("step", [-HOUR, -3000 * 86400, 86400])
def test_clocks_that_are_wrong(repo, keys, step):
    """Children that are older than their parents."""
    repo.commit({"a.txt": "text\n"})
    base = repo.id("HEAD")
    repo.git("checkout", "-q", "-b", "side")
    ids = []
    for i in range(6):
        repo.tick(max(step, -repo.now // 2) - HOUR)
        ids.append(repo.commit({f"{i}.env": env(keys.kryton())}))
    repo.git("checkout", "-q", "main")
    repo.now = START
    repo.commit({"b.txt": "text\n"})
    repo.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    assert commits(repo.range(f"{base}..main")) == [
        (f"{i}.env", ids[i]) for i in range(6)]
    # One too many may be scanned, never one too few.
    assert {f"{i}.env" for i in range(3, 6)} <= set(
        names(repo.range(f"{ids[2]}..main")))


# What a commit adds.


def test_added_and_taken_out_again(repo, keys):
    repo.commit({"a.txt": "text\n"})
    raw = env(keys.kryton())
    bad = repo.commit({"a.env": raw})
    repo.commit({"a.env": None})
    report = repo.range("HEAD~2..HEAD")
    assert commits(report) == [("a.env", bad)]


def test_added_twice_names_the_older(repo, keys):
    repo.commit({"a.txt": "text\n"})
    raw = env(keys.kryton())
    bad = repo.commit({"a.env": raw})
    repo.commit({"a.env": None})
    repo.commit({"a.env": raw})
    assert commits(repo.range("HEAD~3..HEAD")) == [("a.env", bad)]


def test_what_was_there_before(repo, keys):
    raw = env(keys.kryton())
    repo.commit({"a.env": raw})
    commit = repo.commit({"a.env": "# head\n" + raw + env(keys.kryton()),
                          "b.txt": "text\n"})
    report = repo.range("HEAD~..")
    assert lines(report) == [("a.env", 3)]
    report = repo.range("HEAD~..", "--all-lines")
    assert lines(report) == [("a.env", 2), ("a.env", 3)]
    assert {id for _, id in commits(report)} == {commit}


def test_a_rename(repo, keys):
    text = "".join(f"line {i}\n" for i in range(20))
    repo.commit({"a.env": text + env(keys.kryton())})
    repo.git("mv", "a.env", "b.env")
    repo.commit()
    report = repo.range("HEAD~..")
    assert (report.code, report.findings) == (0, [])
    assert names(repo.range("HEAD~..", "--all-lines")) == ["b.env"]


def test_the_first_commit(repo, keys):
    first = repo.commit({"a.env": env(keys.kryton())})
    assert commits(repo.range(first)) == [("a.env", first)]


def merged(repo, keys):
    repo.commit({"a.txt": "text\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit({"side.env": env(keys.kryton())})
    repo.git("checkout", "-q", "main")
    repo.commit({"main.env": env(keys.kryton())})
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")


def test_a_plain_merge(repo, keys):
    merged(repo, keys)
    merge = repo.commit()
    assert repo.range(merge).findings == []
    assert repo.range("HEAD").code == 0
    assert names(repo.range("HEAD^1..HEAD")) == ["side.env"]
    assert names(repo.range("HEAD^2..HEAD")) == ["main.env"]


def test_a_key_that_only_the_merge_has(repo, keys):
    merged(repo, keys)
    merge = repo.commit({"evil.env": env(keys.kryton())}, "Merge")
    assert commits(repo.range("HEAD")) == [("evil.env", merge)]
    report = repo.range("HEAD^1..HEAD")
    assert names(report) == ["evil.env", "side.env"]


def test_a_merge_that_changes_a_file_of_a_parent(repo, keys):
    merged(repo, keys)
    side = repo.git("show", "side:side.env") + "\n"
    merge = repo.commit({"side.env": side + env(keys.kryton())}, "Merge")
    report = repo.range("HEAD")
    assert commits(report) == [("side.env", merge)]
    assert lines(report) == [("side.env", 2)]


def test_a_branch_that_was_merged_before(repo, keys):
    merged(repo, keys)
    repo.commit()
    repo.git("checkout", "-q", "side")
    new = repo.commit({"new.env": env(keys.kryton())})
    repo.git("checkout", "-q", "main")
    repo.tick()
    repo.git("merge", "-q", "--no-ff", "-m", "again", "side")
    assert commits(repo.range("HEAD^1..HEAD")) == [("new.env", new)]


# --since.


def test_since(repo, keys):
    ids = line_of_keys(repo, keys)  # START + 1 h and so on
    date = iso(START + 3 * HOUR)
    assert commits(repo.scan("--since", date)) == [
        (f"{i}.env", ids[i]) for i in (2, 3, 4)]
    date = iso(START + 3 * HOUR + 1)
    assert names(repo.scan("--since", date)) == ["3.env", "4.env"]
    assert len(repo.scan("--since", "2023-11-14").findings) == 5
    hours = (NOW - START - 4 * HOUR) // HOUR
    assert names(repo.scan("--since", f"{hours}h")) == ["3.env", "4.env"]
    assert names(repo.scan("--since", f"{hours} hours ago")) == ["3.env",
                                                                 "4.env"]


def test_since_takes_all_references(repo, keys):
    first, second = line_of_keys(repo, keys, 2)
    repo.git("tag", "v1")
    repo.git("checkout", "-q", "-b", "side", first)
    side = repo.commit({"side.env": env(keys.kryton())})
    repo.git("checkout", "-q", "--detach", first)
    detached = repo.commit({"detached.env": env(keys.kryton())})
    repo.git("branch", "-q", "-D", "main")
    assert commits(repo.scan("--since", iso(START + 2 * HOUR))) == [
        ("1.env", second), ("detached.env", detached), ("side.env", side)]


def test_since_within_a_range(repo, keys):
    ids = line_of_keys(repo, keys)
    report = repo.range(f"{ids[0]}..HEAD", "--since", iso(START + 4 * HOUR))
    assert names(report) == ["3.env", "4.env"]


def test_since_then_nothing(repo, keys):
    line_of_keys(repo, keys)
    report = repo.scan("--since", "2w")
    assert report.code == 3
    assert report.empty_roots == ["--since 2w"]
    assert repo.scan("--since", "2w", "--allow-empty").code == 0


@pytest.mark.parametrize("text", ["", "tomorrow-ish", "2026-13-01", "-3h"])
def test_since_what(repo, text):
    repo.commit({"a.txt": "text\n"})
    ended = repo.run("scan", f"--since={text}")
    assert (ended.code, ended.out) == (2, b"")
    assert "--since" in ended.err


# What is wrong.


@pytest.mark.parametrize("text, wrong", [
    ("nowhere..HEAD", "nowhere"), ("HEAD..nowhere", "nowhere"),
    ("HEAD...nowhere", "nowhere"), ("nowhere", "nowhere"),
    ("HEAD~9..HEAD", "HEAD~9"), ("HEAD^2", "HEAD^2"),
    ("deadbeef..HEAD", "deadbeef"), (f"{'1' * 40}..HEAD", "1" * 40),
    ("HEAD:a.txt", "HEAD:a.txt"), ("HEAD^{tree}..HEAD", "HEAD^{tree}"),
])
def test_names_of_nothing(repo, text, wrong):
    repo.commit({"a.txt": "text\n"})
    ended = repo.run("scan", "--range", text)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith(f"keytidy: --range {text}: ")
    assert wrong in ended.err.removeprefix(f"keytidy: --range {text}: ")


def test_an_id_that_stands_for_several(repo):
    prefixes = {}
    for i in range(400):
        commit = repo.git("commit-tree", "-m", str(i),
                          "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        if commit[:4] in prefixes:
            break
        prefixes[commit[:4]] = commit
    else:
        pytest.skip("no two ids begin alike")
    ended = repo.run("scan", "--range", f"{commit[:4]}")
    assert ended.code == 2
    assert commit[:4] in ended.err


def test_an_empty_range(repo, keys):
    line_of_keys(repo, keys, 2)
    report = repo.range("HEAD..HEAD")
    assert report.code == 3
    assert report.empty_roots == ["HEAD..HEAD"]
    assert repo.range("HEAD..HEAD~1", "--allow-empty").code == 0


def test_a_commit_that_changes_nothing(repo, keys):
    line_of_keys(repo, keys, 2)
    repo.commit()
    report = repo.range("HEAD~..HEAD")
    assert report.code == 0
    assert report.json["coverage"]["commits"] == 1


def test_a_blob_that_is_missing(repo, keys):
    repo.commit({"a.txt": "text\n"})
    raw = env(keys.kryton())
    repo.commit({"a.env": raw, "b.env": env(keys.kryton())})
    repo.object_file(repo.blob(raw)).unlink()
    report = repo.range("HEAD~..")
    assert report.code == 1
    assert not report.complete
    assert names(report) == ["b.env"]
    ((path, reason),) = report.unread
    assert path == "a.env"
    assert repo.blob(raw) in reason


def test_a_commit_that_is_missing(repo, keys):
    ids = line_of_keys(repo, keys)
    repo.object_file(ids[2]).unlink()
    report = repo.range(f"{ids[0]}..{ids[4]}")
    assert not report.complete
    assert set(names(report)) >= {"3.env", "4.env"}
    assert any(ids[2] in path for path, _ in report.unread)


def test_a_shallow_clone(repo, keys):
    line_of_keys(repo, keys)
    shallow = repo.clone("shallow", "--depth", "2",
                         source=f"file://{repo.path}")
    assert names(shallow.range("HEAD~..HEAD")) == ["4.env"]
    assert shallow.range("HEAD~..HEAD").complete


def test_sha_256(scene, keys):
    repo = Repo(scene, init=("init", "-q", "--object-format=sha256"))
    ids = line_of_keys(repo, keys)
    assert commits(repo.range("HEAD~2..")) == [("3.env", ids[3]),
                                               ("4.env", ids[4])]
    text = f"{ids[0]} {ids[2]} refs/heads/main\n"
    repo.git("update-ref", "refs/heads/main", ids[0])
    repo.git("update-ref", "--no-deref", "HEAD", ids[0])
    assert names(repo.range("-", stdin=text)) == ["1.env", "2.env"]


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_shows_a_key(repo, keys, form):
    key = keys.kryton()
    repo.commit({f"{key}.env": env(key)}, f"Add {key}", "--author",
                f"{key} <{key}@example.com>")
    ended = repo.run("scan", "--range", "HEAD", "--format", form)
    assert ended.code == 1
    assert key not in ended.text + ended.err


def test_the_same_however_it_is_done(repo, keys):
    line_of_keys(repo, keys, 20)
    args = ("scan", "--range", "HEAD~15..", "--format", "json")
    loose = repo.run(*args)
    for more in (["--jobs", "1"], ["--jobs", "4"], ["--no-delta"],
                 ["--memory-limit", "1MB"]):
        assert repo.run(*args, *more) == loose
    repo.git("gc", "-q")
    assert repo.run(*args) == loose


# Lines for hooks.


def test_lines_of_pre_receive(repo, keys):
    ids = line_of_keys(repo, keys)
    repo.git("checkout", "-q", "--detach", ids[1])
    repo.git("branch", "-q", "-f", "main", ids[1])
    text = f"{ids[1]} {ids[3]} refs/heads/main\n"
    assert commits(repo.range("-", stdin=text)) == [("2.env", ids[2]),
                                                    ("3.env", ids[3])]
    # A new branch: what no reference holds yet.
    text = f"{ZEROS} {ids[4]} refs/heads/new\n"
    assert names(repo.range("-", stdin=text)) == ["2.env", "3.env", "4.env"]
    # One that goes.
    report = repo.range("-", stdin=f"{ids[1]} {ZEROS} refs/heads/main\n")
    assert (report.code, report.notes) == (0, ["no commit is new"])
    assert report.empty_roots == []
    # Several at once.
    text = (f"{ids[1]} {ids[2]} refs/heads/main\n"
            f"{ZEROS} {ids[4]} refs/heads/new\n"
            f"{ids[1]} {ZEROS} refs/heads/gone\n")
    assert names(repo.range("-", stdin=text)) == ["2.env", "3.env", "4.env"]
    # What is not here, on the old side, is no matter.
    text = f"{'1' * 40} {ids[2]} refs/heads/main\n"
    assert names(repo.range("-", stdin=text)) == ["2.env"]
    # A line may lack its end.
    text = f"{ids[1]} {ids[2]} refs/heads/main"
    assert names(repo.range("-", stdin=text)) == ["2.env"]


def test_no_lines(repo, keys):
    line_of_keys(repo, keys, 2)
    report = repo.range("-")
    assert (report.code, report.findings) == (0, [])
    assert report.notes == ["no commit is new"]


def test_lines_of_pre_push(repo, keys):
    ids = line_of_keys(repo, keys)
    text = f"refs/heads/main {ids[4]} refs/heads/main {ids[2]}\n"
    # Of this remote nothing is known.
    assert names(repo.range("-", "--remote", "origin", stdin=text)) == [
        "3.env", "4.env"]
    new = f"refs/heads/main {ids[4]} refs/heads/new {ZEROS}\n"
    assert len(repo.range("-", "--remote", "origin",
                          stdin=new).findings) == 5
    # All that it has is not new; another remote's is.
    repo.git("update-ref", "refs/remotes/origin/x", ids[3])
    assert names(repo.range("-", "--remote", "origin", stdin=new)) == ["4.env"]
    assert len(repo.range("-", "--remote", "other", stdin=new).findings) == 5
    assert len(repo.range("-", "--remote", "ori", stdin=new).findings) == 5
    gone = f"(delete) {ZEROS} refs/heads/x {ids[3]}\n"
    report = repo.range("-", "--remote", "origin", stdin=gone)
    assert (report.code, report.notes) == (0, ["no commit is new"])


def test_lines_with_ranges(repo, keys):
    ids = line_of_keys(repo, keys)
    repo.git("checkout", "-q", "--detach", ids[0])
    repo.git("branch", "-q", "-D", "main")
    assert names(repo.range("-", stdin=f"{ids[1]}..{ids[3]}\n")) == [
        "2.env", "3.env"]


@pytest.mark.parametrize("line", [
    "one two", "a b c d e", f"{ZEROS} nonsense refs/heads/x",
    f"{ZEROS} {'1' * 40} refs/heads/x", f"{ZEROS} {'1' * 39} refs/heads/x",
])
def test_lines_that_cannot_be_read(repo, line):
    first = repo.commit({"a.txt": "text\n"})
    text = f"{ZEROS} {first} refs/heads/main\n{line}\n"
    ended = repo.run("scan", "--range", "-", stdin=text)
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith("keytidy: line 2: ")


# With real pushes.


def pushes(scene, repo):
    """A bare repository whose pre-receive hook is the program, and what that
    said of the last push."""
    bare = Repo(scene, scene.dir / "bare.git", init=("init", "-q", "--bare"))
    bare.git("config", "receive.denyDeletes", "false")
    out = bare.hook("pre-receive", "--range", "-", git_dir=bare.path)

    def push(*args):
        done = repo.call("push", "-q", bare.path, *args)
        report = json.loads(out.read_bytes())
        return done.returncode, [
            (place["path"], place["commit"] and place["commit"]["id"])
            for finding in report["findings"]
            for place in finding["occurrences"]], report["complete"]

    return bare, push


def test_pre_receive(scene, repo, keys):
    bare, push = pushes(scene, repo)
    base = repo.commit({"a.txt": "text\n"})
    assert push("main") == (0, [], True)

    # An update: it waits in quarantine, and is refused.
    bad = repo.commit({"a.env": env(keys.kryton())})
    repo.commit({"a.env": None})
    assert push("main") == (1, [("a.env", bad)], True)
    assert bare.id("main") == base

    # A new branch, a tag, and a tag with words.
    assert push("main:new") == (1, [("a.env", bad)], True)
    repo.git("tag", "light")
    assert push("light") == (1, [("a.env", bad)], True)
    repo.git("tag", "-a", "-m", "words", "heavy")
    assert push("heavy") == (1, [("a.env", bad)], True)
    assert bare.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"

    # Forced to where there is no key.
    repo.git("reset", "-q", "--hard", base)
    repo.git("tag", "-d", "light", "heavy")
    good = repo.commit({"b.txt": "text\n"}, "good")
    assert push("main") == (0, [], True)
    repo.git("reset", "-q", "--hard", base)
    other = repo.commit({"c.txt": "text\n"}, "other")
    assert push("+main") == (0, [], True)
    assert bare.id("main") == other
    # Forced back, with a key.
    repo.git("reset", "-q", "--hard", good)
    worse = repo.commit({"d.env": env(keys.kryton())})
    assert push("+main") == (1, [("d.env", worse)], True)

    # Deleted; and what the server has already.
    repo.git("reset", "-q", "--hard", other)
    assert push("main:copy") == (0, [], True)
    assert push(":copy") == (0, [], True)


def test_pre_receive_of_many_objects(scene, repo, keys):
    """So many that git keeps the pack as it came."""
    bare, push = pushes(scene, repo)
    bare.git("config", "receive.unpackLimit", "1")
    bare.git("config", "transfer.fsckObjects", "true")
    text = "".join(f"line {i}\n" for i in range(500))
    repo.commit({"a.env": text})
    assert push("main") == (0, [], True)
    # A delta against what the server has.
    bad = repo.commit({"a.env": text + env(keys.kryton())})
    assert push("main") == (1, [("a.env", bad)], True)


def test_pre_receive_of_a_tag_of_a_blob(scene, repo, keys):
    _, push = pushes(scene, repo)
    repo.commit({"a.txt": "text\n"})
    assert push("main") == (0, [], True)
    repo.git("tag", "odd", repo.store(env(keys.kryton())))
    assert push("odd") == (1, [("refs/tags/odd", None)], True)
    repo.git("tag", "-a", "-m", "words", "heavy", "odd^{}")
    assert push("heavy") == (1, [("refs/tags/heavy", None)], True)


def test_pre_receive_of_a_tag_of_a_tree(scene, repo, keys):
    _, push = pushes(scene, repo)
    repo.commit({"a.txt": "text\n"})
    assert push("main") == (0, [], True)
    blob = repo.store(env(keys.kryton()))
    inner = repo.git("mktree", stdin=f"100644 blob {blob}\tkey.env\n")
    tree = repo.git("mktree", stdin=f"040000 tree {inner}\tdir\n")
    repo.git("tag", "odd", tree)
    assert push("odd")[0] == 1
    repo.git("tag", "fine", "HEAD^{tree}")
    assert push("fine") == (0, [], True)


def test_pre_push(scene, repo, keys):
    bare = Repo(scene, scene.dir / "bare.git", init=("init", "-q", "--bare"))
    repo.git("remote", "add", "origin", bare.path)
    out = repo.hook("pre-push", "--range", "-", "--remote", "origin")
    repo.commit({"a.txt": "text\n"})
    repo.git("push", "-q", "-u", "origin", "main")
    bad = repo.commit({"a.env": env(keys.kryton())})
    repo.commit({"a.env": None})
    for refs in (["main"], ["main:new"], ["--all"], ["+main"]):
        assert repo.call("push", "-q", "origin", *refs).returncode == 1
        (finding,) = json.loads(out.read_bytes())["findings"]
        assert [place["commit"]["id"]
                for place in finding["occurrences"]] == [bad]
    repo.git("push", "-q", "origin", "main~2:refs/heads/new")
    assert json.loads(out.read_bytes())["notes"] == ["no commit is new"]
    repo.git("push", "-q", "origin", ":new")
