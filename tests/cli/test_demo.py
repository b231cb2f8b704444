# SPDX-License-Identifier: Apache-2.0
"""The demo project: keys in the usual wrong places, made anew every time."""

import os
import shlex

import pytest

from scene import SYSTEMS


def test_all_five_systems_are_found(scene):
    assert scene.run("demo", "project").code == 0
    report = scene.scan("project")
    assert report.code == 1
    assert report.complete
    assert {system.rule for system in SYSTEMS} <= set(report.rules)
    assert "private-key-pem" in report.rules


def test_where_they_are(scene):
    scene.run("demo", "project")
    places = {finding["rule"]: finding["occurrences"][0]["path"]
              for finding in scene.scan("project").findings}
    assert places["kataven-api-key"] == "project/.env"
    assert places["konstantly-mcp-key"] == "project/.env"
    assert places["corcava-api-key"] == "project/.env"
    assert (places["karzoun-app-token"]
            == "project/config/claude_desktop_config.json")
    assert places["github-personal-access-token"] == "project/src/release.py"


def test_kryton_keys_in_a_client_and_in_utf_16(scene):
    scene.run("demo", "project")
    assert sorted(
        place["path"] for finding in scene.scan("project").findings
        if finding["rule"] == "kryton-api-key"
        for place in finding["occurrences"]) == [
            "project/.cursor/mcp.json", "project/docs/windows-notes.txt"]


def test_one_place_is_allowed(scene):
    scene.run("demo", "project")
    allowed = [place["path"] for finding in scene.scan("project").findings
               for place in finding["occurrences"] if place["allowed"]]
    assert allowed == ["project/tests/fixtures/webhook.txt"]


def test_keys_are_fresh(scene):
    scene.run("demo", "one")
    scene.run("demo", "two")
    first, second = ({finding["id"] for finding in scene.scan(folder).findings
                      if finding["rule"] != "url-credentials-postgres"}
                     for folder in ("one", "two"))
    assert first.isdisjoint(second)


def test_a_seed_gives_the_same_keys(scene):
    scene.run("demo", "--seed", "7", "one")
    scene.run("demo", "--seed", "7", "two")
    scene.run("demo", "--seed", "8", "three")
    one, two, three = ((scene.dir / folder / ".env").read_bytes()
                       for folder in ("one", "two", "three"))
    assert one == two
    assert one != three


def test_it_says_what_to_try(scene):
    ended = scene.run("demo", "project")
    assert ended.code == 0
    assert ended.err == ""
    assert "Try:  keytidy scan project\n" in ended.text


@pytest.mark.parametrize("name", ["my project", "it's", "$(touch x)"])
def test_what_to_try_can_be_pasted(scene, name):
    last = scene.run("demo", name).text.rstrip("\n").split("\n")[-1]
    assert shlex.split(last) == ["Try:", "keytidy", "scan", name]


def test_an_empty_directory_will_do(scene):
    (scene.dir / "project").mkdir()
    assert scene.run("demo", "project").code == 0


def test_folders_above_are_made(scene):
    assert scene.run("demo", "a/b/c").code == 0
    assert scene.scan("a").code == 1


def test_a_directory_that_is_not_empty(scene):
    scene.write("project/mine.txt", "mine\n")
    ended = scene.run("demo", "project")
    assert ended.code == 2
    assert ended.err == ("keytidy: project: is not empty; a demo wants a "
                         "directory of its own\n")
    assert os.listdir(scene.dir / "project") == ["mine.txt"]


def test_nothing_is_written_twice(scene):
    scene.run("demo", "project")
    before = (scene.dir / "project" / ".env").read_bytes()
    assert scene.run("demo", "project").code == 2
    assert (scene.dir / "project" / ".env").read_bytes() == before


@pytest.mark.parametrize("content", ["", "mine\n"])
def test_a_file_in_its_place(scene, content):
    scene.write("project", content)
    ended = scene.run("demo", "project")
    assert ended.code == 2
    assert ended.err.startswith("keytidy: project: ")
    assert (scene.dir / "project").read_text() == content


def test_a_place_where_nothing_can_be_written(scene):
    ended = scene.run("demo", "/proc/self/project")
    assert ended.code == 2
    assert ended.err.startswith("keytidy: /proc/self/project")
