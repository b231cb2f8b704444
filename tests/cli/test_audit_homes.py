# SPDX-License-Identifier: Apache-2.0
"""Audits of whole homes: every key that stands in one is found at its place,
and nothing else is.

After a change that is meant, KEYTIDY_WRITE_GOLDEN=1 writes the audits of
tests/data/golden anew; read the difference before it is committed.
"""

import os
import pathlib
import subprocess
import sys

import pytest

import homes
from scene import SOURCE, Scene

GOLDEN = SOURCE / "tests" / "data" / "golden"
RULES = {
    "kataven": "kataven-api-key", "karzoun": "karzoun-app-token",
    "konstantly": "konstantly-mcp-key", "corcava": "corcava-api-key",
    "kryton": "kryton-api-key", "github": "github-personal-access-token",
    "openai": "openai-project-key", "brave": "brave-search-api-key",
}

each_platform = pytest.mark.parametrize("platform", homes.PLATFORMS)
each_client = pytest.mark.parametrize("client_id", homes.CLIENTS)


@pytest.fixture(scope="module", name="audited")
def audits_of_all_homes(tmp_path_factory):
    """(platform, form) -> the home and its audit; no test changes them."""
    scene = Scene(tmp_path_factory.mktemp("audited"))
    out = {}
    for platform in homes.PLATFORMS:
        for form in homes.FORMS:
            home = homes.build(scene.dir / f"{platform}-{form}", platform,
                               "a seed", keys=form == "bad")
            out[platform, form] = home, homes.audit(scene, home.root, platform)
    return out


def of_plant(report, plant):
    """The findings that have a place where the plant is."""
    return [finding for finding in report.findings
            if any(report.below(place["path"]) == homes.path_of(plant)
                   for place in finding["occurrences"])]


@each_platform
def test_every_key_is_found_and_nothing_else(audited, platform):
    home, report = audited[platform, "bad"]
    assert report.code == 1
    assert report.complete
    assert report.notes_of_files == []
    assert report.found == homes.places(home.plants)


@each_platform
def test_every_key_is_found_once(audited, platform):
    home, report = audited[platform, "bad"]
    assert len(report.findings) == len(home.plants)
    for finding in report.findings:
        assert len(finding["occurrences"]) == 1, finding


@each_platform
def test_what_is_found_is_the_key(audited, platform):
    home, report = audited[platform, "bad"]
    for plant in home.plants:
        if plant.coding != "plain":
            continue
        found = of_plant(report, plant)
        assert len(found) == 1, plant
        assert found[0]["secret"]["length"] == len(plant.value), plant
        place = found[0]["occurrences"][0]
        data = (home.root / plant.path).read_bytes()
        assert data[place["start"]:place["end"]] == plant.value.encode(), plant
        line = data[:place["start"]].count(b"\n") + 1
        assert place["line"] == line, plant


@each_platform
def test_keys_of_providers_are_found_by_their_rules(audited, platform):
    home, report = audited[platform, "bad"]
    for plant in home.plants:
        rule = RULES.get(plant.kind)
        if rule is not None:
            assert [finding["rule"] for finding in of_plant(report, plant)
                    ] == [rule], plant


@each_platform
def test_good_homes_have_nothing(audited, platform):
    home, report = audited[platform, "good"]
    assert home.plants == []
    assert report.findings == []
    assert [one for one in report.violations
            if one["severity"] != "info"] == []
    assert report.notes_of_files == []
    assert report.complete
    assert report.code == 0


@each_platform
def test_violations_of_bad_homes_are_where_keys_are(audited, platform):
    home, report = audited[platform, "bad"]
    planted = {homes.path_of(plant) for plant in home.plants}
    ids = {finding["id"]: report.below(finding["occurrences"][0]["path"])
           for finding in report.findings}
    for one in report.violations:
        path = report.below(one["path"])
        assert path in planted, one
        if one["finding"] is not None:
            assert ids[one["finding"]] == path, one


@each_platform
def test_violations_name_the_place_of_the_key(audited, platform):
    _, report = audited[platform, "bad"]
    clients = {finding["id"]: finding["occurrences"][0]["client"]
               for finding in report.findings}
    wrong = [(one["check"], one["client"], clients[one["finding"]])
             for one in report.violations if one["finding"] is not None
             and one["client"] != clients[one["finding"]]]
    assert wrong[:5] == []


@each_platform
def test_every_file_in_a_home_is_read(audited, platform):
    for form in homes.FORMS:
        home, report = audited[platform, form]
        files = [path for path in home.root.rglob("*") if path.is_file()]
        # One of them has another in it.
        inner = [path for path in files
                 if path.name == "com.openai.codex.plist"]
        assert report.files == len(files) + len(inner)


@each_platform
@each_client
def test_bad_form_of_a_client(audited, platform, client_id):
    home, report = audited[platform, "bad"]
    assert [place for place in report.found if place[1] == client_id
            ] == homes.places(home.plants_of(client_id))


@each_platform
@each_client
def test_good_form_of_a_client(audited, platform, client_id):
    _, report = audited[platform, "good"]
    paths = {path for name, path, _ in homes.CLIENTS[client_id]
             if name == platform}
    assert [place for place in report.found if place[0] in paths] == []
    assert [one for one in report.violations
            if report.below(one["path"]) in paths
            and one["severity"] != "info"] == []


def platform_of(client_id):
    """One that the client is on: Linux where it is."""
    names = {name for name, _, _ in homes.CLIENTS[client_id]}
    return next(name for name in homes.PLATFORMS if name in names)


@pytest.fixture(scope="module", name="bench")
def scene_for_many_homes(tmp_path_factory):
    return Scene(tmp_path_factory.mktemp("alone"))


@each_client
def test_client_alone(bench, client_id):
    """Nobody else's list of projects is needed, nor another's file."""
    platform = platform_of(client_id)
    root = bench.dir / client_id
    home = homes.Home(root, platform, "alone")
    root.mkdir()
    # The project is there, whatever the client says of it.
    home.project.mkdir(parents=True)
    homes.write_client(home, client_id, "bad")
    more = ["--projects", f"{client_id}/{homes.PROJECT}"]
    report = homes.audit(bench, root, platform, *more)
    assert report.found == homes.places(home.plants)
    assert report.complete
    homes.write_client(home, client_id, "good")
    report = homes.audit(bench, root, platform, *more)
    assert report.findings == []
    assert [one for one in report.violations
            if one["severity"] != "info"] == []


# A home to read about.


@pytest.fixture(name="developer", params=homes.PLATFORMS)
def home_of_a_developer(request, tmp_path):
    return homes.developer(tmp_path / "dev" / "home", request.param, "dev")


def test_developer(scene, developer):
    report = homes.audit(scene, developer.root, developer.platform)
    assert report.found == homes.places(developer.plants)
    assert sorted(finding["rule"] for finding in report.findings) == sorted(
        RULES[kind] for kind in {plant.kind for plant in developer.plants})
    assert report.complete
    assert report.code == 1
    summary = report.json["audit"]
    assert {name: summary[name] for name in (
        "keys", "shared", "tracked", "leaked", "astray")} == {
            "keys": 8, "shared": 1, "tracked": 1, "leaked": 1, "astray": 0}


def test_developer_has_violations_where_they_are_planted(scene, developer):
    report = homes.audit(scene, developer.root, developer.platform)
    app = homes.APP[developer.platform]
    tunnel = {"linux": ".config", "macos": "Library/Application Support",
              "windows": "AppData/Local"}[developer.platform]
    where = {(one["check"], report.below(one["path"]))
             for one in report.violations
             if one["check"] not in ("MCP-PLAIN", "AGE-UNKNOWN", "NO-EXPIRY")}
    desktop = f"{app}/Claude/claude_desktop_config.json"
    project = "code/app/.cursor/mcp.json"
    assert where == {
        ("KEY-REUSE-CLIENT", ".cursor/mcp.json"),
        ("FILE-GIT-TRACKED", project), ("FILE-PROJECT-SCOPE", project),
        ("LOG-LEAK", ".claude/projects/-home-alex-work-app/0a1b2c3d.jsonl"),
        ("PKG-UNPINNED", desktop), ("PKG-AUTOYES", desktop),
        ("TUNNEL-NOAUTH", f"{tunnel}/ngrok/ngrok.yml"),
        # Modes say nothing of Windows.
        *([] if developer.platform == "windows"
          else [("FILE-PERM", project)])}
    assert sorted(report.below(one["path"])
                  for one in report.violations_of("MCP-PLAIN")) == sorted(
        plant.path for plant in developer.plants
        if plant.path not in (".codex/auth.json",
                              ".claude/projects/-home-alex-work-app/"
                              "0a1b2c3d.jsonl"))


def test_golden_audit(scene, developer):
    ended = homes.run_audit(scene, developer.root, developer.platform, "--all",
                            "--color", "never")
    assert ended.code == 1
    assert ended.err == ""
    for plant in developer.plants:
        assert plant.value not in ended.text
    golden = GOLDEN / f"audit-{developer.platform}.txt"
    if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
        golden.write_bytes(ended.out)
    assert ended.text == golden.read_text()


def test_golden_first_screen(scene, developer):
    ended = homes.run_audit(scene, developer.root, developer.platform,
                            "--color", "never")
    assert ended.code == 1
    golden = GOLDEN / f"audit-{developer.platform}-first.txt"
    if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
        golden.write_bytes(ended.out)
    assert ended.text == golden.read_text()


def test_picture_in_the_documentation(scene, developer):
    """docs/audit.svg is what a person sees."""
    if developer.platform != "linux":
        pytest.skip("one picture is enough")
    ended = homes.run_audit(scene, developer.root, developer.platform,
                            "--color", "always")
    source = pathlib.Path(os.environ["KEYTIDY_SOURCE"])
    drawn = subprocess.run(
        [sys.executable, str(source / "ci/terminal_svg.py"), "keytidy audit"],
        input=ended.out, capture_output=True, check=True).stdout
    picture = source / "docs/audit.svg"
    if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
        picture.write_bytes(drawn)
    assert drawn == picture.read_bytes()
