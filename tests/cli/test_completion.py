# SPDX-License-Identifier: Apache-2.0
"""Completion scripts: they can be read by their shell, and know every
subcommand and flag."""

import re
import shutil
import subprocess

import pytest

from scene import PATIENCE

COMMANDS = ["", "scan", "verify", "revoke", "rules", "rules list",
            "rules show", "rules test", "hook", "demo", "completion"]


def flags_of(scene, command):
    """The flags that its help names."""
    text = scene.run(*command.split(), "--help").text
    return set(re.findall(r"^  (?:-\w, ?)?(--[a-z-]+)", text, re.MULTILINE))


def complete(scene, *words):
    """What bash offers for the last of the words."""
    script = scene.write("completion.bash",
                         scene.run("completion", "bash").out)
    done = subprocess.run(
        ["bash", "--norc", "-uc",
         'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
         'COMPREPLY=(); _keytidy || true; printf "%s\\n" "${COMPREPLY[@]}"',
         "bash", script, "keytidy", *words],
        cwd=scene.dir, env=scene.environment(), capture_output=True,
        timeout=PATIENCE, check=True)
    assert done.stderr == b""
    return done.stdout.decode().split()


def test_bash_can_read_it(scene):
    ended = scene.run("completion", "bash")
    assert ended.code == 0
    subprocess.run(["bash", "-n"], input=ended.out, timeout=PATIENCE,
                   check=True)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_it(scene, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = scene.write("script", scene.run("completion", shell).out)
    subprocess.run([shell, "-n", script], timeout=PATIENCE, check=True)


def test_subcommands(scene):
    assert set(complete(scene, "")) >= {"scan", "rules", "demo", "completion"}


def test_beginning_of_a_subcommand(scene):
    assert complete(scene, "sc") == ["scan"]


def test_subcommands_of_a_subcommand(scene):
    assert set(complete(scene, "rules", "")) >= {"list", "show", "test"}


def test_beginning_of_a_flag(scene):
    assert complete(scene, "scan", "--fail") == ["--fail-on"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag(scene, command):
    flags = flags_of(scene, command)
    assert "--help" in flags
    assert set(complete(scene, *command.split(), "--")) == flags


def test_files(scene):
    scene.write("notes.txt")
    assert complete(scene, "scan", "no") == ["notes.txt"]


def test_flags_after_a_path(scene):
    scene.write("notes.txt")
    assert complete(scene, "scan", "notes.txt", "--js") == []
    assert complete(scene, "scan", "notes.txt", "--fo") == [
        "--format", "--foreign-markers"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_word_is_named(scene, shell):
    script = scene.run("completion", shell).text
    words = set(re.findall(r"[a-z-]+", script.replace("--", " ")))
    for command in COMMANDS:
        assert set(command.split()) <= words
        assert {flag[2:] for flag in flags_of(scene, command)} <= words
