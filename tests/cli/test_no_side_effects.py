# SPDX-License-Identifier: Apache-2.0
"""Scanning runs nothing, opens no connection and changes nothing, whatever it
is pointed at."""

import functools
import os
import re
import shutil
import subprocess

import pytest

from scene import PATIENCE, PROGRAM


@pytest.fixture(name="hostile")
def scene_in_a_hostile_repository(scene, keys):
    """Everything in it that git or a tool might run makes the file `ran`."""
    ran = scene.home / "ran"
    script = f"#!/bin/sh\ntouch {ran}\n"
    trap = scene.home / "trap.sh"
    trap.write_text(script)
    trap.chmod(0o755)
    scene.write(".git/HEAD", "ref: refs/heads/main\n")
    scene.write(".git/config", f"""\
[core]
\trepositoryformatversion = 0
\tfsmonitor = {trap}
\thooksPath = .git/hooks
\tsshCommand = {trap}
\tpager = {trap}
\teditor = {trap}
\talternateRefsCommand = {trap}
[filter "trap"]
\tclean = {trap}
\tsmudge = {trap}
\tprocess = {trap}
\trequired = true
[diff]
\texternal = {trap}
[diff "trap"]
\ttextconv = {trap}
[credential]
\thelper = {trap}
[gpg]
\tprogram = {trap}
[include]
\tpath = {scene.home}/more
""")
    for hook in ("pre-commit", "post-checkout", "post-index-change",
                 "fsmonitor-watchman", "query-watchman"):
        scene.write(f".git/hooks/{hook}", script).chmod(0o755)
    (scene.dir / ".git" / "objects").mkdir()
    (scene.dir / ".git" / "refs").mkdir()
    scene.write(".gitattributes", "* filter=trap diff=trap\n")
    scene.write(".envrc", script)
    scene.write(".mcp.json", '{"mcpServers": {"trap": {"command": "%s"}}}'
                % trap)
    scene.write("a.env", f"KRYTON_TOKEN={keys.kryton()}\n")
    scene.write("b.Z", b"\x1f\x9d\x90" + bytes(50))
    scene.write("c.lrz", b"LRZI\0\x06" + bytes(50))
    scene.write("d.lzo", b"\x89LZO\0\r\n\x1a\n" + bytes(50))
    scene.write("e.gz", b"\x1f\x8b\x08\x08" + bytes(6) + b"$(touch ran)\0")
    scene.ran = ran
    return scene


def snapshot(folder):
    """Everything below it, with what would change if it were touched."""
    entries = {}
    for top, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(top, name)
            status = os.lstat(path)
            entries[path] = (status.st_ino, status.st_mode, status.st_size,
                             status.st_mtime_ns, status.st_ctime_ns)
    return entries


def test_nothing_of_a_hostile_repository_is_run(hostile):
    ended = hostile.run("scan", ".", "--format", "json", "--no-ignore")
    assert ended.code in (1, 3)
    assert b"kryton-api-key" in ended.out
    assert not hostile.ran.exists()


def test_nothing_is_changed(hostile):
    before = [snapshot(folder) for folder in (hostile.dir, hostile.home,
                                              hostile.cache)]
    hostile.run("scan")
    assert [snapshot(folder) for folder in (hostile.dir, hostile.home,
                                            hostile.cache)] == before


def test_the_program_of_the_path_is_not_run(hostile):
    # Nothing that libraries like to start is found under the first PATH.
    tools = hostile.home / "bin"
    tools.mkdir()
    for tool in ("git", "sh", "gzip", "lrzip", "lzop", "uncompress", "unzip",
                 "xz", "zstd", "grzip", "compress"):
        shutil.copy(hostile.home / "trap.sh", tools / tool)
    hostile.run("scan", env={"PATH": str(tools)})
    assert not hostile.ran.exists()


@functools.cache
def strace_works():
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-o", os.devnull, "true"], check=False,
                          capture_output=True).returncode == 0


needs_strace = pytest.mark.skipif(not strace_works(),
                                  reason="strace is not there, or not allowed")


def system_calls(scene, which, *args, stdin=b""):
    """The lines of a trace of these system calls, over all threads."""
    trace = scene.home / "trace"
    # The leak check of a sanitizer build does not work while it is traced.
    env = scene.environment({"ASAN_OPTIONS": "detect_leaks=0"})
    done = subprocess.run(
        ["strace", "-f", "-qq", "-e", f"trace={which}", "-e", "signal=none",
         "-o", trace, PROGRAM, *args], cwd=scene.dir, env=env, input=stdin,
        timeout=PATIENCE, capture_output=True, check=False)
    assert done.returncode in (0, 1, 3), done
    return [re.sub(r"^\d+ +", "", line)
            for line in trace.read_text().splitlines()]


RUNS = [["scan", "."], ["scan", "--format", "sarif", "--jobs", "4"],
        ["scan", "-"]]


@needs_strace
@pytest.mark.parametrize("args", RUNS, ids=" ".join)
def test_no_program_is_started(hostile, args):
    calls = system_calls(hostile, "execve,execveat,fork,vfork", *args,
                         stdin=b"text\n")
    assert len(calls) == 1
    assert calls[0].startswith("execve(")


@needs_strace
@pytest.mark.parametrize("args", RUNS, ids=" ".join)
def test_no_connection_is_opened(hostile, args):
    assert system_calls(hostile, "%network", *args, stdin=b"text\n") == []


@needs_strace
def test_no_file_is_opened_for_writing(hostile):
    calls = system_calls(hostile, "open,openat,openat2,creat", "scan", ".")
    assert [call for call in calls
            if re.search(r"O_WRONLY|O_RDWR|O_CREAT|^creat", call)] == []


@needs_strace
def test_pipes_and_devices_are_not_opened(hostile):
    os.mkfifo(hostile.dir / "named-pipe")
    calls = system_calls(hostile, "open,openat,openat2", "scan", ".")
    assert any("a.env" in call for call in calls)
    assert [call for call in calls if "named-pipe" in call] == []
