# SPDX-License-Identifier: Apache-2.0
"""Nothing is skipped silently: what was not read stands in the report with its
reason, and decides the exit code."""

import io
import os
import socket
import zipfile
import zlib

import pytest


def zipped(*members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


# Nothing to read.


def test_empty_directory(scene):
    report = scene.scan()
    assert report.code == 3
    assert report.empty_roots == ["."]
    assert report.files == 0


def test_empty_directory_allowed(scene):
    assert scene.scan("--allow-empty").code == 0


def test_empty_file(scene):
    scene.write("empty.txt")
    report = scene.scan("empty.txt")
    assert report.code == 3
    assert report.empty_roots == ["empty.txt"]


def test_empty_file_allowed(scene):
    scene.write("empty.txt")
    assert scene.scan("empty.txt", "--allow-empty").code == 0


def test_empty_standard_input(scene):
    report = scene.scan("-")
    assert report.code == 3
    assert report.empty_roots == ["-"]


def test_empty_standard_input_allowed(scene):
    assert scene.scan("-", "--allow-empty").code == 0


def test_one_of_two_paths_is_empty(scene):
    scene.write("full/a.txt", "text\n")
    (scene.dir / "void").mkdir()
    report = scene.scan("full", "void")
    assert report.code == 3
    assert report.empty_roots == ["void"]


def test_an_empty_file_beside_others_is_no_matter(scene):
    scene.write("a.txt", "text\n")
    scene.write("b.txt")
    report = scene.scan()
    assert report.code == 0
    assert report.files == 2


# What was asked for and is not there, or cannot be read.


def test_missing_path_and_everything_else(scene):
    scene.write("a.txt", "text\n")
    report = scene.scan("a.txt", "gone.txt", "--allow-empty")
    assert report.code == 3
    assert not report.complete
    assert report.files == 1
    assert report.unread == [("gone.txt", "No such file or directory")]


def test_missing_path_allowed(scene):
    scene.write("a.txt", "text\n")
    assert scene.scan("a.txt", "gone.txt", "--allow-incomplete",
                      "--allow-empty").code == 0


def test_file_whose_reading_fails(scene):
    # Its first page is never mapped, so that even root gets an I/O error.
    broken = "/proc/self/mem"
    scene.write("a.txt", "text\n")
    report = scene.scan("a.txt", broken, "--allow-empty")
    assert report.code == 3
    assert report.unread == [(broken, "Input/output error")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(scene):
    scene.write("a.txt", "text\n")
    scene.write("locked.txt", "text\n").chmod(0)
    report = scene.scan()
    assert report.code == 3
    assert report.unread == [("locked.txt", "Permission denied")]
    assert report.files == 1


def test_directory_that_cannot_be_opened(scene):
    # Its path is longer than the system takes, also for root.
    scene.write("a.txt", "text\n")
    top = os.open(scene.dir, os.O_RDONLY)
    inner = top
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=inner)
        outer, inner = inner, os.open("d" * 250, os.O_RDONLY, dir_fd=inner)
        if outer != top:
            os.close(outer)
    os.close(inner)
    os.close(top)
    report = scene.scan()
    assert report.code == 3
    assert report.files == 1
    assert [reason for _, reason in report.unread] == ["File name too long"]


def test_a_finding_outranks_incompleteness(scene, keys):
    scene.write("a.txt", keys.kryton())
    report = scene.scan("a.txt", "gone.txt")
    assert report.code == 1
    assert not report.complete
    assert report.rules == ["kryton-api-key"]


def test_incomplete_and_a_finding_that_does_not_fail(scene, keys):
    scene.write("a.txt", keys.kryton())
    report = scene.scan("a.txt", "gone.txt", "--fail-on", "never")
    assert report.code == 3


def test_people_are_told_what_was_not_read(scene):
    scene.write("a.txt", "text\n")
    ended = scene.run("scan", "a.txt", "gone.txt", "--quiet")
    assert ended.code == 3
    assert "gone.txt: No such file or directory\n" in ended.text
    assert "INCOMPLETE: " in ended.text


# What is not a file.


def test_symbolic_link_is_not_followed(scene, keys):
    outside = scene.home / "key.txt"
    outside.write_text(keys.kryton())
    scene.write("a.txt", "text\n")
    (scene.dir / "file-link").symlink_to(outside)
    (scene.dir / "folder-link").symlink_to(scene.home)
    report = scene.scan()
    assert report.code == 0
    assert report.skipped == [("file-link", "symbolic link"),
                              ("folder-link", "symbolic link")]


def test_symbolic_link_that_was_asked_for_is_followed(scene, keys):
    outside = scene.home / "key.txt"
    outside.write_text(keys.kryton())
    (scene.dir / "link").symlink_to(outside)
    assert scene.scan("link").place["path"] == "link"


def test_link_to_the_directory_itself(scene):
    scene.write("a.txt", "text\n")
    (scene.dir / "loop").symlink_to(".")
    report = scene.scan()
    assert report.files == 1
    assert report.skipped == [("loop", "symbolic link")]


def test_pipe_does_not_block(scene):
    scene.write("a.txt", "text\n")
    os.mkfifo(scene.dir / "pipe")
    report = scene.scan()
    assert report.code == 0
    assert report.skipped == [("pipe", "pipe")]


def test_pipe_that_was_asked_for_is_incomplete(scene):
    os.mkfifo(scene.dir / "pipe")
    report = scene.scan("pipe", "--allow-empty")
    assert report.code == 3
    assert report.unread == [("pipe", "a pipe")]


def test_socket(scene, monkeypatch):
    scene.write("a.txt", "text\n")
    # The name of a socket may not be long.
    monkeypatch.chdir(scene.dir)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("agent.sock")
        report = scene.scan()
    assert report.code == 0
    assert report.skipped == [("agent.sock", "socket")]


def test_device_that_was_asked_for_is_incomplete(scene):
    report = scene.scan("/dev/null", "--allow-empty")
    assert report.code == 3
    assert report.unread == [("/dev/null", "a device")]


# What stated rules leave out.


def test_binary_file(scene, keys):
    scene.write("a.txt", "text\n")
    scene.write("data.bin", f"\0\1 {keys.kryton()} \0")
    report = scene.scan()
    assert report.code == 0
    assert report.complete
    assert report.skipped == [("data.bin", "binary")]


def test_binary_file_with_the_flag(scene, keys):
    scene.write("data.bin", f"\0\1 {keys.kryton()} \0")
    report = scene.scan("--binary")
    assert report.place["start"] == 3
    assert report.skipped == []


def test_larger_than_the_limit(scene, keys):
    scene.write("small.txt", "x" * 100)
    scene.write("large.txt", "x" * 101 + keys.kryton())
    report = scene.scan("--max-file-size", "100")
    assert report.code == 0
    assert report.files == 1
    assert report.json["coverage"]["skipped"] == [{
        "path": "large.txt", "reason": "larger than --max-file-size",
        "bytes": 172, "incomplete": False}]


def test_limit_with_a_unit(scene):
    scene.write("a.txt", "x" * 1024)
    scene.write("b.txt", "x" * 1025)
    report = scene.scan("--max-file-size", "1KiB")
    assert [path for path, _ in report.skipped] == ["b.txt"]


def test_hidden_files_are_scanned(scene, keys):
    scene.write(".config/.env", keys.kryton())
    assert scene.scan().place["path"] == ".config/.env"


IGNORED = {
    ".gitignore": "ignored by .gitignore:2 (*.log)",
    ".ignore": "ignored by .ignore:2 (*.log)",
}


@pytest.mark.parametrize("name", IGNORED)
def test_ignore_file(scene, keys, name):
    scene.write(name, "# noise\n*.log\n")
    scene.write("run.log", keys.kryton())
    report = scene.scan()
    assert report.code == 0
    assert report.skipped == [("run.log", IGNORED[name])]


def test_ignore_file_of_a_folder(scene, keys):
    scene.write("app/.gitignore", "/build/\n")
    scene.write("app/build/key.txt", keys.kryton())
    report = scene.scan()
    assert report.skipped == [
        ("app/build", "ignored by app/.gitignore:1 (/build/)")]


def test_ignore_file_above_the_path_that_was_given(scene, keys):
    (scene.dir / ".git").mkdir()
    scene.write(".gitignore", "*.log\n")
    scene.write("app/a.txt", "text\n")
    scene.write("app/run.log", keys.kryton())
    report = scene.scan("app")
    assert report.code == 0
    assert [path for path, _ in report.skipped] == ["app/run.log"]


def test_exclude_file_of_the_repository(scene, keys):
    scene.write(".git/info/exclude", "*.log\n")
    scene.write("run.log", keys.kryton())
    assert scene.scan().skipped == [
        ("run.log", "ignored by .git/info/exclude:1 (*.log)")]


def test_exclude_of_the_configuration(scene, keys):
    scene.write("keytidy.toml", 'exclude = ["docs", "vendor/"]\n')
    scene.write("vendor/lib/key.txt", keys.kryton())
    report = scene.scan()
    assert report.code == 0
    assert report.skipped == [("vendor", "excluded by keytidy.toml (vendor/)")]


@pytest.mark.parametrize("name, text", [
    (".gitignore", "*.log\n"), (".ignore", "*.log\n"),
    (".git/info/exclude", "*.log\n"), ("keytidy.toml", 'exclude = ["*.log"]')])
def test_look_everywhere(scene, keys, name, text):
    scene.write(name, text)
    scene.write("run.log", keys.kryton())
    report = scene.scan("--no-ignore")
    assert report.place["path"] == "run.log"
    assert report.skipped == []


def test_a_file_that_was_asked_for_is_never_ignored(scene, keys):
    scene.write(".gitignore", "*.log\n")
    scene.write("run.log", keys.kryton())
    assert scene.scan("run.log").place["path"] == "run.log"


def test_git_keeps_objects_and_configuration(scene, keys):
    scene.write(".git/config", "[remote]\n\turl = https://u:"
                f"{keys.github()}@github.com/demo/app.git\n")
    scene.write(".git/objects/ab/cdef", keys.kryton())
    report = scene.scan()
    assert report.place["path"] == ".git/config"
    assert report.skipped == [
        (".git/objects", "git's object storage; --history reads it")]


# Archives.


def test_damaged_zip_and_everything_else(scene, keys):
    whole = zipped(("one.txt", keys.pick("ab", 4000)), ("two.txt", "text\n"))
    scene.write("damaged.zip", whole[:200])
    scene.write("a.env", f"KRYTON_TOKEN={keys.kryton()}\n")
    report = scene.scan("--fail-on", "never")
    assert report.code == 3
    assert report.paths == ["a.env"]
    path, reason = report.unread[0]
    assert path.startswith("damaged.zip")
    assert "cannot be unpacked: " in reason


def test_member_whose_checksum_is_wrong(scene, keys):
    text = f"KRYTON_TOKEN={keys.kryton()}\n".encode()
    whole = zipped(("a.env", text), compression=zipfile.ZIP_STORED)
    scene.write("a.zip", whole.replace(b"KRYTON_TOKEN", b"KRYTON_TOKEM"))
    report = scene.scan()
    assert report.code == 1
    assert report.paths == ["a.zip!a.env"]
    assert [path for path, _ in report.unread] == ["a.zip!a.env"]


@pytest.mark.parametrize("byte, flags", [(b"0", []), (b"\0", ["--binary"])],
                         ids=["text", "binary"])
def test_zip_bomb(scene, keys, byte, flags):
    scene.write("a.txt", keys.kryton())
    scene.write("bomb.zip", zipped(("zeros", byte * (64 << 20))))
    report = scene.scan("--fail-on", "never", *flags)
    assert report.code == 3
    assert report.unread == [
        ("bomb.zip", "archive limit: unpacks to more than 200 times its size")]
    assert report.paths == ["a.txt"]


def test_zip_bomb_of_what_is_left_out_anyway(scene):
    scene.write("a.txt", "text\n")
    scene.write("bomb.zip", zipped(("zeros", bytes(64 << 20))))
    report = scene.scan()
    assert report.code == 0
    assert report.skipped == [("bomb.zip!zeros", "binary")]


def test_encrypted_member(scene):
    encrypted = bytearray(zipped(("a.env", "x" * 40), ("b.txt", "text\n"),
                                 compression=zipfile.ZIP_STORED))
    # Bit 0 of the flags, in the member's own header and in the directory.
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\1\2") + 8] |= 1
    scene.write("a.zip", bytes(encrypted))
    report = scene.scan()
    assert report.code == 3
    assert report.files == 1
    assert report.unread == [("a.zip!a.env", "encrypted")]


def test_nested_too_deep(scene, keys):
    inner = zipped(("key.txt", keys.kryton()))
    scene.write("a.zip", zipped(("b.zip", inner), ("c.txt", "text\n")))
    report = scene.scan("--max-archive-depth", "1")
    assert report.code == 3
    assert report.files == 1
    assert report.unread == [("a.zip!b.zip", "archive nested deeper than 1")]


def test_archives_left_closed(scene, keys):
    scene.write("a.txt", "text\n")
    scene.write("a.zip", zipped(("key.txt", keys.kryton())))
    report = scene.scan("--no-archives")
    assert report.code == 0
    assert report.skipped == [("a.zip", "binary")]


def test_archive_on_standard_input(scene, keys):
    report = scene.scan("-", stdin=zipped(("key.txt", keys.kryton())))
    assert report.place["path"] == "-!key.txt"


def test_compressed_file_that_is_cut_off(scene, keys):
    text = f"KEY={keys.kryton()}\n" + keys.pick("abcdefgh", 300000)
    packed = zlib.compress(text.encode(), wbits=31)
    scene.write("a.gz", packed[:-1000])
    report = scene.scan()
    assert report.code == 1
    assert report.paths == ["a.gz!a"]
    assert [path for path, _ in report.unread] == ["a.gz!a"]


def test_coverage_counts_what_was_read(scene):
    scene.write("a.txt", "12345")
    scene.write("b/c.txt", "123")
    coverage = scene.scan().json["coverage"]
    assert (coverage["files"], coverage["bytes"]) == (2, 8)
