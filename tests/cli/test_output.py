# SPDX-License-Identifier: Apache-2.0
"""Where a report goes: a private file or a pipe, with or without colour, and
names that nobody should print as they are."""

import csv
import io
import json
import os
import pty
import stat
import subprocess
import xml.etree.ElementTree

import pytest

from scene import FORMATS, PATIENCE

COLOUR = b"\x1b["


def mode_of(path):
    return stat.S_IMODE(path.lstat().st_mode)


# --output.


@pytest.mark.parametrize("mask", [0, 0o022, 0o077, 0o777])
def test_a_report_is_private(scene, keys, mask):
    scene.write("in/a.txt", keys.kryton())
    ended = scene.run("scan", "in", "--output", "report.txt", umask=mask)
    assert ended.code == 1
    assert ended.out == b""
    assert mode_of(scene.dir / "report.txt") == 0o600
    assert "[kryton-api-key]" in (scene.dir / "report.txt").read_text()


def test_a_report_that_was_open_to_all_is_private_now(scene):
    scene.write("in/a.txt", "text\n")
    report = scene.write("report.txt", "an older one\n")
    report.chmod(0o666)
    assert scene.run("scan", "in", "--output", "report.txt").code == 0
    assert mode_of(report) == 0o600
    assert "older" not in report.read_text()


@pytest.mark.parametrize("target", ["exists.txt", "dangling.txt"])
def test_a_symbolic_link_is_refused(scene, target):
    scene.write("in/a.txt", "text\n")
    exists = scene.write("exists.txt", "mine\n")
    (scene.dir / "link.txt").symlink_to(target)
    ended = scene.run("scan", "in", "--output", "link.txt")
    assert ended.code == 2
    assert ended.err == ("keytidy: link.txt: is a symbolic link; will not "
                         "write through it\n")
    assert exists.read_text() == "mine\n"
    assert not (scene.dir / "dangling.txt").exists()


def test_a_folder_that_is_not_there(scene):
    scene.write("in/a.txt", "text\n")
    ended = scene.run("scan", "in", "--output", "gone/report.txt")
    assert ended.code == 2
    assert ended.err.startswith("keytidy: gone/report.txt: ")
    assert sorted(os.listdir(scene.dir)) == ["in"]


@pytest.mark.parametrize("make, what", [
    (os.mkdir, "a directory"), (os.mkfifo, "a pipe")])
def test_what_is_not_a_file(scene, make, what):
    scene.write("in/a.txt", "text\n")
    make(scene.dir / "report")
    ended = scene.run("scan", "in", "--output", "report")
    assert ended.code == 2
    assert ended.err == (f"keytidy: report: is {what}; will not write through "
                         "it\n")


def test_nothing_is_left_behind_where_nothing_can_be_written(scene):
    # A file system on which nobody can make a file, not even root.
    scene.write("in/a.txt", "text\n")
    ended = scene.run("scan", "in", "--output", "/proc/self/report.txt")
    assert ended.code == 2
    assert ended.out == b""
    assert "/proc/self/report.txt" in ended.err


def test_nothing_is_left_behind_beside_a_report(scene):
    scene.write("in/a.txt", "text\n")
    assert scene.run("scan", "in", "--output", "report.txt").code == 0
    assert sorted(os.listdir(scene.dir)) == ["in", "report.txt"]


def test_nothing_is_left_behind_when_the_disk_is_full(scene, keys):
    scene.write("in/a.txt", "".join(f"{keys.kryton()}\n" for _ in range(99)))
    scene.write("report.txt", "an older one\n")
    ended = scene.run("scan", "in", "--output", "report.txt", "--format",
                      "json", preexec_fn=no_file_above_4_kib)
    assert ended.code == 2
    assert "report.txt: could not be written: " in ended.err
    assert sorted(os.listdir(scene.dir)) == ["in", "report.txt"]
    assert (scene.dir / "report.txt").read_text() == "an older one\n"


def no_file_above_4_kib():
    import resource
    import signal
    # Without the signal, a write beyond the limit is an error like a full disk.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def test_nothing_is_left_behind_after_a_usage_error(scene):
    scene.write("keytidy.toml", "broken = true\n")
    assert scene.run("scan", "--output", "report.txt").code == 2
    assert not (scene.dir / "report.txt").exists()


# Standard output.


@pytest.mark.parametrize("format_", FORMATS)
def test_a_closed_pipe_ends_quietly(scene, keys, format_):
    scene.write("a.txt", keys.kryton())
    reader, writer = os.pipe()
    os.close(reader)
    process = scene.start("scan", "--format", format_, stdout=writer,
                          stderr=subprocess.PIPE)
    os.close(writer)
    assert process.communicate(timeout=PATIENCE)[1] == b""
    assert process.returncode == 1


@pytest.mark.parametrize("arguments", [
    "--help", "--version", "rules list", "completion bash"])
def test_a_closed_pipe_of_other_commands(scene, arguments):
    reader, writer = os.pipe()
    os.close(reader)
    process = scene.start(*arguments.split(), stdout=writer,
                          stderr=subprocess.PIPE)
    os.close(writer)
    assert process.communicate(timeout=PATIENCE)[1] == b""
    assert process.returncode == 0


def test_a_full_disk_behind_standard_output(scene):
    scene.write("a.txt", "text\n")
    with open("/dev/full", "wb") as full:
        process = scene.start("scan", stdout=full, stderr=subprocess.PIPE)
        err = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 2
    assert b"No space left on device" in err


def test_no_progress_where_there_is_no_terminal(scene):
    scene.write("a.txt", "text\n")
    assert scene.run("scan").err == ""


# --show-secrets.


def on_terminal(scene, *args, env=None):
    """Runs with a terminal as standard output; (exit code, what it showed)."""
    outer, inner = pty.openpty()
    process = scene.start(*args, stdin=subprocess.DEVNULL, stdout=inner,
                          stderr=subprocess.PIPE, env=env)
    os.close(inner)
    shown = b""
    while True:
        try:
            piece = os.read(outer, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(outer)
    process.communicate(timeout=PATIENCE)
    return process.returncode, shown.replace(b"\r\n", b"\n")


@pytest.mark.parametrize("format_", FORMATS)
def test_show_secrets_is_refused_for_a_pipe(scene, keys, format_):
    scene.write("a.txt", keys.kryton())
    ended = scene.run("scan", "--show-secrets", "--format", format_)
    assert ended.code == 2
    assert ended.out == b""
    assert ended.err.startswith("keytidy: --show-secrets prints keys in clear")


def test_show_secrets_is_refused_for_a_redirection(scene, keys):
    scene.write("in/a.txt", keys.kryton())
    with open(scene.dir / "out.txt", "wb") as out:
        process = scene.start("scan", "in", "--show-secrets", stdout=out,
                              stderr=subprocess.PIPE)
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert (scene.dir / "out.txt").read_bytes() == b""


def test_show_secrets_to_a_file(scene, keys):
    key = keys.kryton()
    scene.write("in/a.txt", key)
    ended = scene.run("scan", "in", "--show-secrets", "--format", "json",
                      "--output", "report.json", umask=0)
    report = scene.dir / "report.json"
    assert ended.code == 1
    assert mode_of(report) == 0o600
    assert json.loads(report.read_text())["findings"][0]["secret"][
        "value"] == key


def test_show_secrets_on_a_terminal(scene, keys):
    key = keys.kryton()
    scene.write("a.txt", key)
    code, shown = on_terminal(scene, "scan", "--show-secrets")
    assert code == 1
    assert key.encode() in shown


def test_without_show_secrets_a_report_has_no_value(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert "value" not in scene.scan().finding["secret"]


# Colour.


def test_colour_on_a_terminal(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert COLOUR in on_terminal(scene, "scan")[1]


def test_no_colour_in_a_pipe(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert COLOUR not in scene.run("scan").out


def test_no_color_of_the_environment(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert COLOUR not in on_terminal(scene, "scan", env={"NO_COLOR": "1"})[1]


def test_no_color_that_is_empty_does_not_count(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert COLOUR in on_terminal(scene, "scan", env={"NO_COLOR": ""})[1]


def test_color_always(scene, keys):
    scene.write("a.txt", keys.kryton())
    ended = scene.run("scan", "--color", "always", env={"NO_COLOR": "1"})
    assert COLOUR in ended.out


def test_color_never(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert COLOUR not in on_terminal(scene, "scan", "--color", "never")[1]


def test_color_is_for_people_only(scene, keys):
    scene.write("a.txt", keys.kryton())
    ended = scene.run("scan", "--color", "always", "--format", "json")
    assert COLOUR not in ended.out


def test_without_colour_a_terminal_shows_what_a_pipe_gets(scene, keys):
    scene.write("a.txt", keys.kryton())
    shown = on_terminal(scene, "scan", "--color", "never")[1]
    assert shown == scene.run("scan").out


# --quiet.


def test_quiet_and_clean_says_nothing(scene):
    scene.write("a.txt", "text\n")
    assert scene.run("scan", "--quiet").out == b""


def test_quiet_keeps_the_findings(scene, keys):
    scene.write("a.txt", keys.kryton())
    text = scene.run("scan", "--quiet").text
    assert text.startswith("a.txt:1:1: high: Kryton API key")
    assert "complete:" not in text


# Names.


HOSTILE = {
    "escape": b"a\x1b[31mred.txt",
    "newline": b"two\nlines.txt",
    "not-utf-8": b"caf\xe9.txt",
    "bidi": "a\u202etxt.exe".encode(),
    "markup": b"<b>&\"'|`.txt",
    "formula": b"=cmd.txt",
}
each_hostile_name = pytest.mark.parametrize("name", HOSTILE.values(),
                                            ids=HOSTILE)


def write_raw(scene, name, content):
    with open(os.path.join(os.fsencode(scene.dir), name), "w") as file:
        file.write(content)


@each_hostile_name
def test_hostile_name_on_a_terminal(scene, keys, name):
    write_raw(scene, name, keys.kryton())
    ended = scene.run("scan")
    assert ended.code == 1
    text = ended.out.decode("utf-8")
    assert [character for character in text
            if not character.isprintable() and character != "\n"] == []
    assert text.split("\n")[0].endswith(
        ":1:1: high: Kryton API key [kryton-api-key]")


def test_hostile_name_is_spelled_out(scene, keys):
    write_raw(scene, HOSTILE["escape"], keys.kryton())
    assert scene.run("scan").text.startswith("a\\x1b[31mred.txt:1:1: ")


@each_hostile_name
def test_hostile_name_in_json(scene, keys, name):
    write_raw(scene, name, keys.kryton())
    assert scene.scan().place["path"] == name.decode(errors="replace")


@each_hostile_name
def test_hostile_name_in_csv(scene, keys, name):
    write_raw(scene, name, keys.kryton())
    text = scene.run("scan", "--format", "csv").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["record"] for row in rows] == ["occurrence", "coverage"]
    assert rows[0]["path"].isprintable()
    assert not rows[0]["path"].startswith("=")


@each_hostile_name
def test_hostile_name_in_junit(scene, keys, name):
    write_raw(scene, name, keys.kryton())
    out = scene.run("scan", "--format", "junit").out
    cases = xml.etree.ElementTree.fromstring(out).findall(".//testcase")
    assert len(cases) == 2
    assert cases[1].get("file").isprintable()


@each_hostile_name
def test_hostile_name_in_markdown(scene, keys, name):
    write_raw(scene, name, keys.kryton())
    text = scene.run("scan", "--format", "markdown").text
    row = next(line for line in text.split("\n") if line.startswith("| high"))
    assert row.count("|") == 6
    assert "<b>" not in row


def test_a_key_in_a_file_name(scene, keys):
    key = keys.kryton()
    scene.write(f"backup-{key}.txt", f"KEY={key}\n")
    path = scene.scan().place["path"]
    assert path == f"backup-{key[:11]}\u2026.txt"


def test_a_key_in_the_name_of_a_folder(scene, keys):
    key = keys.kryton()
    scene.write(f"{key}/a.txt", f"KEY={keys.konstantly()}\n")
    assert key not in scene.run("scan").text
