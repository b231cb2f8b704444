# SPDX-License-Identifier: Apache-2.0
"""What the process says to scripts, and what its help says to people."""

import signal
import subprocess

import pytest

from scene import ALNUM, PATIENCE

COMMANDS = ["scan", "audit", "verify", "revoke", "keys", "policy", "rotate",
            "rotate plan", "rotate confirm", "keys import", "report", "rules",
            "rules list", "rules show", "rules test", "hook", "demo",
            "completion"]
PARTS = ["keys list", "keys show", "keys set", "keys forget", "policy check",
         "policy init", "policy explain", "report html"]


def test_clean_is_0(scene):
    scene.write("a.txt", "text\n")
    assert scene.run("scan").code == 0


def test_a_finding_is_1(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert scene.run("scan").code == 1


def test_incomplete_is_3(scene):
    scene.write("a.txt", "text\n")
    assert scene.run("scan", "a.txt", "gone.txt").code == 3


LEVELS = ["info", "low", "medium", "high", "critical"]


@pytest.mark.parametrize("severity", LEVELS)
@pytest.mark.parametrize("fail_on", LEVELS + ["never"])
def test_fail_on(scene, keys, fail_on, severity):
    scene.write("keytidy.toml", f'[severity]\nkryton-api-key = "{severity}"\n')
    scene.write("a.txt", keys.kryton())
    report = scene.scan("--fail-on", fail_on)
    fails = (fail_on != "never"
             and LEVELS.index(severity) >= LEVELS.index(fail_on))
    assert report.code == (1 if fails else 0)
    assert report.finding["decision"]["action"] == ("fail" if fails
                                                    else "warn")


def test_fail_on_medium_by_default(scene, keys):
    scene.write("a.txt", keys.kryton())
    assert (scene.scan().finding["decision"]["because"]
            == "severity high >= --fail-on medium")


@pytest.mark.parametrize("level, shown", [
    ("low", ["high", "medium", "low"]), ("medium", ["high", "medium"]),
    ("high", ["high"])])
def test_min_confidence(scene, keys, level, shown):
    # Sure by its form; likely by its name; and one whose letters count up.
    scene.write("a.txt", f"a {keys.kryton()}\n")
    scene.write("b.txt", f"CORCAVA_API_KEY={keys.corcava()}\n")
    scene.write("c.txt", f"CORCAVA_API_KEY={ALNUM[10:50]}\n")
    report = scene.scan("--min-confidence", level)
    assert [finding["confidence"] for finding in report.findings] == shown
    assert report.json["below_confidence"] == 3 - len(shown)


def test_what_is_below_the_confidence_does_not_fail(scene, keys):
    scene.write("a.txt", f"CORCAVA_API_KEY={keys.corcava()}\n")
    assert scene.run("scan", "--min-confidence", "high").code == 0


def test_nothing_on_the_command_line(scene):
    ended = scene.run()
    assert ended.code == 2
    assert ended.out == b""
    assert "Usage: keytidy" in ended.err


@pytest.mark.parametrize("arguments, message", [
    ("scan --bogus", "--bogus"),
    ("--bogus", "--bogus"),
    ("bogus", "bogus"),
    ("rules", "subcommand"),
    ("rules show", "ID"),
    ("rules show no-such-rule", "no rule 'no-such-rule'"),
    ("rules list nobody", "no rule of a provider 'nobody'"),
    ("demo", "DIR"),
    ("completion", "SHELL"),
    ("completion tcsh", "tcsh"),
    ("scan --format yaml", "--format yaml: must be one of human, json"),
    ("scan --fail-on sometimes", "--fail-on sometimes: must be one of"),
    ("scan --min-confidence huge", "--min-confidence huge: must be one of"),
    ("scan --color purple", "purple"),
    ("scan --jobs 0", "--jobs"),
    ("scan --jobs many", "--jobs"),
    ("scan --max-file-size much", "--max-file-size"),
    ("scan --output", "--output"),
    ("scan --config gone.toml", "gone.toml: No such file or directory"),
    ("scan --rules gone.toml", "gone.toml: No such file or directory"),
    ("scan --key-file gone.key", "gone.key: No such file or directory"),
])
def test_usage_errors_are_2(scene, arguments, message):
    ended = scene.run(*arguments.split())
    assert ended.code == 2
    assert ended.out == b""
    assert ended.err.startswith("keytidy: ")
    assert message in ended.err


def test_a_fingerprint_key_that_is_too_short(scene):
    scene.write("short.key", "x" * 15)
    ended = scene.run("scan", "--key-file", "short.key")
    assert ended.code == 2
    assert "a fingerprint key has at least 16 bytes" in ended.err


def test_help_of_no_command(scene):
    ended = scene.run("scna", "--help")
    assert (ended.code, ended.out) == (2, b"")
    assert ended.err.startswith(
        "keytidy: there is no command 'scna'; did you mean 'scan'?\n")


def test_version(scene):
    ended = scene.run("--version")
    assert ended.code == 0
    name, version = ended.text.split()
    assert name == "keytidy"
    assert [part.isdigit() for part in version.split(".")] == [True] * 3


def test_help(scene):
    ended = scene.run("--help")
    assert ended.code == 0
    assert ended.err == ""
    for command in ("scan", "rules", "demo", "completion"):
        assert f"\n  {command} " in ended.text
    assert "Exit codes: 0 clean" in ended.text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_ends_with_examples(scene, command):
    ended = scene.run(*command.split(), "--help")
    assert ended.code == 0
    _, examples = ended.text.split("\nExamples:\n")
    lines = examples.rstrip("\n").split("\n")
    assert len(lines) >= 2 and all("keytidy " in line for line in lines)


@pytest.mark.parametrize("command", ["", *COMMANDS, *PARTS])
def test_help_fits_one_screen(scene, command):
    lines = scene.run(*command.split(), "--help").text.split("\n")
    assert [line for line in lines if len(line) > 80] == []
    assert len(lines) <= 60


@pytest.mark.parametrize("command", [*COMMANDS, *PARTS])
def test_help_says_how_to_call_it(scene, command):
    text = scene.run(*command.split(), "--help").text
    assert f"Usage: keytidy {command} " in text


def reading(scene):
    """A scan that is in the middle of its standard input: half a megabyte was
    taken out of a pipe that holds far less."""
    process = scene.start("scan", "-", stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write((b"x" * 511 + b"\n") * 1024)
    process.stdin.flush()
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_is_130(scene, number):
    process = reading(scene)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert out == b""
    assert err == b"keytidy: interrupted; nothing is reported\n"


def test_interrupted_while_it_waits_for_input(scene):
    process = reading(scene)
    try:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=3) == 130
    finally:
        process.kill()
        process.communicate()
