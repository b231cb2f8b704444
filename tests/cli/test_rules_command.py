# SPDX-License-Identifier: Apache-2.0
"""Rules: listed, explained, tested, added from files, and cached."""

import os
import shutil
import stat

import pytest

from scene import SYSTEMS, Scene

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


def acme(keys):
    return "acme_" + keys.pick("0123456789abcdef", 32)


# rules list and rules show.


def test_list(scene):
    ended = scene.run("rules", "list")
    lines = ended.text.rstrip("\n").split("\n")
    ids = [line.split()[0] for line in lines]
    assert ended.code == 0
    assert ids == sorted(ids)
    assert {system.rule for system in SYSTEMS} <= set(ids)
    assert {line.split()[1] for line in lines} <= {
        "critical", "high", "medium", "low", "info"}


def test_list_of_one_provider(scene):
    text = scene.run("rules", "list", "konstantly").text
    assert text.split() == "konstantly-mcp-key high Konstantly MCP key".split()


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_show(scene, system):
    ended = scene.run("rules", "show", system.rule)
    assert ended.code == 0
    assert ended.text.startswith(f"{system.rule}: ")
    for field in ("provider ", "severity ", "confidence ", "pattern ",
                  "source "):
        assert f"\n{field}" in ended.text


# rules test.


def test_test(scene):
    scene.write("acme.toml", ACME)
    ended = scene.run("rules", "test", "acme.toml")
    assert ended.code == 0
    assert ended.text == ("1 rule checked: every example is found, no "
                          "counter-example is\n")


def test_test_of_two_files(scene):
    scene.write("acme.toml", ACME)
    scene.write("other.toml", ACME.replace("acme", "other"))
    ended = scene.run("rules", "test", "acme.toml", "other.toml")
    assert ended.text.startswith("2 rules checked: ")


def test_test_writes_no_cache(scene):
    scene.write("acme.toml", ACME)
    scene.run("rules", "test", "acme.toml")
    assert os.listdir(scene.cache) == []


# Each: what is replaced in ACME by what, the place of the error, a part of the
# message, and the line that the caret stands under.
BROKEN = {
    "pattern": ("'acme_[", "'acme_([", "9:11", "missing )", "pattern = "),
    "unknown-field": ("advice", "advise", "12:1", "did you mean 'advice'?",
                      "advise = "),
    "severity": ('"high"', '"huge"', "8:12", "severity", 'severity = "huge"'),
    "example": ("_{hex:32}", "_{hex:33}", "10:13", "", "examples = "),
    "counter-example": ("{hex:31}", "{hex:32}", "11:21", "",
                        "counter_examples = "),
    "taken": ('id = "acme-key"', 'id = "jwt"', "6:6", "'jwt' is already",
              'id = "jwt"'),
    "not-toml": ('title = "', "title = ", "7:", "", "title = Acme"),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("command", ["scan --rules", "rules test"])
def test_broken_file(scene, command, case):
    old, new, place, message, line = BROKEN[case]
    assert old in ACME
    scene.write("acme.toml", ACME.replace(old, new, 1))
    ended = scene.run(*command.split(), "acme.toml")
    assert ended.code == 2
    assert ended.out == b""
    assert f"acme.toml:{place}" in ended.err
    assert message in ended.err
    lines = ended.err.rstrip("\n").split("\n")
    at = next(i for i, text in enumerate(lines)
              if text.startswith("  " + line))
    assert lines[at + 1].strip() == "^"
    assert os.listdir(scene.cache) == []


def test_broken_file_that_does_not_show_a_key(scene, keys):
    key = keys.github()
    scene.write("acme.toml", ACME.replace("acme_{hex:32}", key))
    ended = scene.run("rules", "test", "acme.toml")
    assert ended.code == 2
    assert key not in ended.err


# scan --rules.


@pytest.fixture(name="compiled", scope="module")
def scene_that_compiled(tmp_path_factory):
    """Compiling takes a while; once is enough."""
    scene = Scene(tmp_path_factory.mktemp("compiled"))
    scene.write("acme.toml", ACME)
    scene.run("scan", "--rules", "acme.toml")
    return scene


@pytest.fixture(name="cached")
def scene_with_a_cache(scene, keys, compiled):
    """A scan with a rule file has been run, and has left its cache."""
    shutil.copytree(compiled.cache, scene.cache, dirs_exist_ok=True)
    scene.file, = (scene.cache / "keytidy").iterdir()
    scene.write("acme.toml", ACME)
    scene.write("in/a.txt", acme(keys))
    scene.again = lambda **options: scene.run(
        "scan", "in", "--rules", "acme.toml", "--format", "json", **options)
    scene.first = scene.again()
    assert scene.first.code == 1
    return scene


def test_a_rule_of_ones_own(cached, keys):
    cached.write("in/a.txt", f"ACME_KEY={acme(keys)}\n{keys.kryton()}\n")
    report = cached.scan("in", "--rules", "acme.toml")
    assert report.code == 1
    assert report.rules == ["acme-key", "kryton-api-key"]
    assert report.findings[0]["secret"]["redacted"].startswith("acme_")


def test_rules_of_two_files(scene, keys):
    scene.write("acme.toml", ACME)
    scene.write("other.toml", ACME.replace("acme", "other"))
    key = acme(keys)
    scene.write("in/a.txt", f"{key} {key.replace('acme', 'other')}\n")
    report = scene.scan("in", "--rules", "acme.toml", "--rules", "other.toml")
    assert report.rules == ["acme-key", "other-key"]


def test_the_report_names_the_rules_that_ran(cached):
    own = cached.scan("in", "--rules", "acme.toml").json["tool"]["catalogue"]
    assert own != cached.scan("in").json["tool"]["catalogue"]


def test_rules_are_not_taken_from_what_is_scanned(scene, keys):
    scene.write("acme.toml", ACME)
    scene.write("a.txt", acme(keys))
    assert scene.scan().rules == []


# The cache.


def was_used(scene, before):
    """Whether the cache was trusted: one that is not is replaced."""
    return scene.file.stat().st_ino == before.st_ino


def test_cache_is_private(compiled):
    folder = compiled.cache / "keytidy"
    file, = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_second_run(cached):
    before = cached.file.stat()
    assert cached.again().out == cached.first.out
    assert was_used(cached, before)
    assert len(os.listdir(cached.file.parent)) == 1


def damage(what, data):
    middle = len(data) // 2
    flipped = bytes([data[middle] ^ 1])
    return {"cut": data[:middle],
            "flipped": data[:middle] + flipped + data[middle + 1:]}[what]


@pytest.mark.parametrize("what", ["cut", "flipped"])
def test_damaged_cache_is_compiled_anew(cached, what):
    whole = cached.file.read_bytes()
    cached.file.write_bytes(damage(what, whole))
    before = cached.file.stat()
    assert cached.again().out == cached.first.out
    assert not was_used(cached, before)
    assert cached.file.read_bytes() == whole


@pytest.mark.parametrize("mode", [0o640, 0o602])
def test_cache_that_others_may_touch_is_compiled_anew(cached, mode):
    cached.file.chmod(mode)
    before = cached.file.stat()
    assert cached.again().out == cached.first.out
    assert not was_used(cached, before)
    assert stat.S_IMODE(cached.file.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_cache_of_somebody_else_is_compiled_anew(cached):
    os.chown(cached.file, 65534, 65534)
    before = cached.file.stat()
    assert cached.again().out == cached.first.out
    assert not was_used(cached, before)


def test_cache_that_is_a_link_is_neither_read_nor_written(cached):
    elsewhere = cached.home / "elsewhere"
    shutil.move(cached.file, elsewhere)
    elsewhere.write_bytes(elsewhere.read_bytes()[:-1])
    before = elsewhere.read_bytes()
    cached.file.symlink_to(elsewhere)
    assert cached.again().out == cached.first.out
    assert elsewhere.read_bytes() == before


def test_changed_rules_have_a_cache_of_their_own(cached, keys):
    cached.write("acme.toml", ACME.replace("acme_", "emca_"))
    key = acme(keys).replace("acme_", "emca_")
    cached.write("in/a.txt", key)
    assert cached.again().code == 1
    assert len(os.listdir(cached.file.parent)) == 2


def test_cache_that_cannot_be_kept(cached):
    # A relative path does not count; and nothing can be made in the home.
    ended = cached.again(env={"XDG_CACHE_HOME": "relative",
                              "HOME": "/proc/self/nowhere"})
    assert ended.out == cached.first.out
    assert ended.err == ""
    assert not (cached.dir / "relative").exists()


def test_cache_in_a_fresh_home(cached):
    cached.again(env={"XDG_CACHE_HOME": ""})
    assert len(os.listdir(cached.home / ".cache" / "keytidy")) == 1


def test_no_cache_without_rules_of_ones_own(scene):
    scene.write("a.txt", "text\n")
    scene.scan()
    assert os.listdir(scene.cache) == []
    assert os.listdir(scene.home) == []
