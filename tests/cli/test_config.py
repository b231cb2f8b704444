# SPDX-License-Identifier: Apache-2.0
"""keytidy.toml, the environment, the command line, and inline markers."""

import gzip
import json

import pytest


def lines(*text):
    return "\n".join(text) + "\n"


# What a configuration can let pass.


def test_allow_by_rule(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'rule = "kryton-api-key"', 'reason = "made for a test"'))
    scene.write("a.txt", f"{keys.kryton()}\n{keys.konstantly()}\n")
    report = scene.scan()
    assert report.code == 1
    assert [(finding["rule"], finding["decision"]["action"])
            for finding in report.findings] == [
                ("kryton-api-key", "ignore"), ("konstantly-mcp-key", "fail")]
    assert (report.findings[0]["occurrences"][0]["allowed"]
            == "keytidy.toml:1: made for a test")


def test_allow_by_rule_with_a_wildcard(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'rule = "kryton-*"', 'reason = "made for a test"'))
    scene.write("a.txt", keys.kryton())
    assert scene.scan().code == 0


def test_allow_by_path(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'path = "tests/**/*.txt"', 'reason = "fixtures"'))
    key = keys.kryton()
    scene.write("tests/data/deep/a.txt", key)
    scene.write("src/a.txt", key)
    places = scene.scan().finding["occurrences"]
    assert [(place["path"], place["allowed"]) for place in places] == [
        ("src/a.txt", None),
        ("tests/data/deep/a.txt", "keytidy.toml:1: fixtures")]


def test_allow_by_fingerprint(scene, keys):
    scene.write("a.txt", keys.kryton())
    scene.write("b.txt", keys.kryton())
    first, second = scene.scan().findings
    scene.write("keytidy.toml", lines(
        "", "[[allow]]", f'fingerprint = "{first["id"]}"',
        'reason = "revoked long ago"'))
    report = scene.scan()
    assert report.code == 1
    assert [finding["id"] for finding in report.findings
            if finding["decision"]["action"] == "fail"] == [second["id"]]
    assert (report.findings[0]["decision"]["because"]
            == "keytidy.toml:2: revoked long ago")


def test_all_conditions_of_an_allow_rule_count(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'rule = "kryton-api-key"', 'path = "tests/**"',
        'reason = "fixtures"'))
    scene.write("tests/a.txt", keys.konstantly())
    scene.write("b.txt", keys.kryton())
    assert [finding["decision"]["action"]
            for finding in scene.scan().findings] == ["fail", "fail"]


def test_allow_a_member_of_an_archive(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'path = "a.gz!*"', 'reason = "fixture"'))
    scene.write("a.gz", gzip.compress(keys.kryton().encode()))
    assert scene.scan().place["allowed"] == "keytidy.toml:1: fixture"


def test_allow_standard_input(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'path = "-"', 'reason = "piped in"'))
    report = scene.scan("-", stdin=keys.kryton().encode())
    assert report.code == 0
    assert report.place["allowed"] == "keytidy.toml:1: piped in"


def test_unused_allow_rule_is_a_note(scene):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'rule = "kryton-api-key"', 'reason = "old fixture"'))
    report = scene.scan()
    assert report.code == 0
    assert report.notes == [
        'keytidy.toml:1: this allow rule matches nothing ("old fixture")']


def test_allowed_findings_are_hidden_from_people(scene, keys):
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'path = "a.txt"', 'reason = "fixture"'))
    scene.write("a.txt", keys.kryton())
    ended = scene.run("scan")
    assert ended.code == 0
    assert "kryton" not in ended.text
    assert "hidden:   1 allowed place\n" in ended.text


# What is wrong with a configuration.


@pytest.mark.parametrize("text, message", [
    (lines("[[allow]]", 'rule = "jwt"'),
     lines("keytidy.toml:1:1: allow: 'reason' is missing",
           "  [[allow]]", "  ^")),
    (lines("[[allow]]", 'reason = "because"'),
     lines("keytidy.toml:1:1: allow: needs 'rule', 'path' or 'fingerprint'; "
           "without one it would allow everything", "  [[allow]]", "  ^")),
    (lines('exclude = ["a"]', 'fail-on = "low"'),
     lines("keytidy.toml:2:1: keytidy.toml: unknown field 'fail-on'; did you "
           "mean 'fail_on'?", '  fail-on = "low"', "  ^")),
    (lines("colour = true"),
     lines("keytidy.toml:1:1: keytidy.toml: unknown field 'colour'",
           "  colour = true", "  ^")),
    (lines("[markers]", "\tforein = true"),
     lines("keytidy.toml:2:2: markers: unknown field 'forein'; did you mean "
           "'foreign'?", "  \tforein = true", "  \t^")),
    (lines('fail_on = "often"'),
     lines("keytidy.toml:1:11: keytidy.toml: 'fail_on' must be one of "
           "critical, high, medium, low, info, never", '  fail_on = "often"',
           "            ^")),
    (lines('exclude = "build"'),
     lines("keytidy.toml:1:11: keytidy.toml: 'exclude' must be an array, not "
           "a string", '  exclude = "build"', "            ^")),
    (lines("[severity]", 'jwt = "huge"'),
     lines("keytidy.toml:2:7: severity: 'jwt' must be one of critical, high, "
           "medium, low, info", '  jwt = "huge"', "        ^")),
], ids=["no-reason", "no-condition", "did-you-mean", "unknown", "tab",
        "fail-on", "exclude", "severity"])
def test_wrong_configuration(scene, text, message):
    scene.write("keytidy.toml", text)
    ended = scene.run("scan")
    assert ended.code == 2
    assert ended.out == b""
    assert ended.err == "keytidy: " + message


@pytest.mark.parametrize("text", ["fail_on = high\n", "exclude = [\n"])
def test_configuration_that_is_no_toml(scene, text):
    scene.write("keytidy.toml", text)
    ended = scene.run("scan")
    assert ended.code == 2
    assert ended.err.startswith("keytidy: keytidy.toml:1:")
    first, shown, caret = ended.err.rstrip("\n").split("\n")
    assert shown == "  " + text.rstrip("\n")
    assert caret.strip() == "^"


def test_every_mistake_is_named(scene):
    scene.write("keytidy.toml", lines(
        "colour = true", "[[allow]]", 'rule = "jwt"'))
    assert scene.run("scan").err.count("keytidy.toml:") == 3


def test_a_mistake_does_not_show_a_key(scene, keys):
    key = keys.kryton()
    scene.write("keytidy.toml", lines(
        "[[allow]]", f'fingerprint = "{key}"', 'reason = "ours"'))
    ended = scene.run("scan")
    assert ended.code == 2
    assert "keytidy.toml:2:15: " in ended.err
    assert key not in ended.err


# Which configuration counts.


ALLOW_ALL = lines("[[allow]]", 'rule = "*"', 'reason = "ours"')


def test_severity_override(scene, keys):
    scene.write("keytidy.toml", lines("[severity]", '"kryton-*" = "low"'))
    scene.write("a.txt", keys.kryton())
    report = scene.scan()
    assert report.code == 0
    assert report.finding["severity"] == "low"


def test_fail_on(scene, keys):
    scene.write("keytidy.toml", 'fail_on = "critical"\n')
    scene.write("a.txt", keys.kryton())
    assert scene.scan().code == 0


def test_min_confidence(scene, keys):
    scene.write("keytidy.toml", 'min_confidence = "high"\n')
    scene.write("a.txt", f"CORCAVA_API_KEY={keys.corcava()}\n")
    assert scene.scan().rules == []


def test_config_replaces_the_repositorys_own(scene, keys):
    scene.write("keytidy.toml", ALLOW_ALL)
    other = scene.home / "other.toml"
    other.write_text('exclude = ["b.txt"]\n')
    scene.write("a.txt", keys.kryton())
    scene.write("b.txt", keys.kryton())
    report = scene.scan("--config", other)
    assert report.code == 1
    assert report.paths == ["a.txt"]
    assert report.skipped == [("b.txt", f"excluded by {other} (b.txt)")]


def test_no_repo_config(scene, keys):
    scene.write("keytidy.toml", ALLOW_ALL)
    scene.write("a.txt", keys.kryton())
    assert scene.scan("--no-repo-config").code == 1


def test_no_repo_config_does_not_even_read_it(scene):
    scene.write("keytidy.toml", "not toml at all")
    assert scene.scan("--no-repo-config").code == 0


def test_found_at_the_root_of_the_repository(scene, keys):
    (scene.dir / ".git").mkdir()
    scene.write("keytidy.toml", lines(
        "[[allow]]", 'path = "app/src/*.txt"', 'reason = "fixture"'))
    scene.write("app/src/a.txt", keys.kryton())
    assert scene.scan("app/src").code == 0
    assert scene.scan("app/src/a.txt").code == 0
    assert scene.scan(cwd=scene.dir / "app" / "src").code == 0


def test_not_found_beyond_the_root_of_the_repository(scene, keys):
    scene.write("keytidy.toml", ALLOW_ALL)
    (scene.dir / "app" / ".git").mkdir(parents=True)
    scene.write("app/a.txt", keys.kryton())
    assert scene.scan("app").code == 1


def test_not_found_above_where_there_is_no_repository(scene, keys):
    scene.write("keytidy.toml", ALLOW_ALL)
    scene.write("app/a.txt", keys.kryton())
    assert scene.scan("app").code == 1


def test_each_path_has_its_own(scene, keys):
    scene.write("one/keytidy.toml", lines(
        "[[allow]]", 'path = "a.txt"', 'reason = "fixture"'))
    scene.write("one/a.txt", keys.kryton())
    scene.write("two/a.txt", keys.kryton())
    report = scene.scan("one", "two")
    assert [finding["occurrences"][0]["allowed"]
            for finding in report.findings] == [
                "one/keytidy.toml:1: fixture", None]


def test_the_strictest_of_several_counts(scene, keys):
    scene.write("one/keytidy.toml", 'fail_on = "never"\n')
    scene.write("two/keytidy.toml", 'fail_on = "high"\n')
    scene.write("one/a.txt", keys.kryton())
    scene.write("two/a.txt", "text\n")
    assert scene.scan("one", "two").code == 1


# Command line over environment over file.


def test_format_from_the_environment(scene):
    scene.write("a.txt", "text\n")
    ended = scene.run("scan", env={"KEYTIDY_FORMAT": "json"})
    assert json.loads(ended.out)["schema"] == "keytidy-report/1"


def test_format_on_the_command_line_wins(scene):
    scene.write("a.txt", "text\n")
    ended = scene.run("scan", "--format", "csv",
                      env={"KEYTIDY_FORMAT": "json"})
    assert ended.text.startswith("record,id,rule,")


def test_wrong_format_in_the_environment(scene):
    ended = scene.run("scan", env={"KEYTIDY_FORMAT": "yaml"})
    assert ended.code == 2
    assert "yaml" in ended.err


@pytest.mark.parametrize("file, environment, flags, code", [
    ("high", "", [], 1),
    ("critical", "", [], 0),
    ("critical", "high", [], 1),
    ("high", "critical", [], 0),
    ("critical", "critical", ["--fail-on", "low"], 1),
    ("low", "low", ["--fail-on", "never"], 0),
])
def test_fail_on_from_three_places(scene, keys, file, environment, flags,
                                   code):
    scene.write("keytidy.toml", f'fail_on = "{file}"\n')
    scene.write("a.txt", keys.kryton())
    env = {"KEYTIDY_FAIL_ON": environment} if environment else {}
    assert scene.scan(*flags, env=env).code == code


# Inline markers.


def test_marker_on_the_line(scene, keys):
    scene.write("a.py", f'KEY = "{keys.kryton()}"  '
                "# keytidy:allow kryton-api-key made for this test\n")
    report = scene.scan()
    assert report.code == 0
    assert (report.place["allowed"]
            == "keytidy:allow kryton-api-key: made for this test")


def test_marker_in_a_comment_above(scene, keys):
    scene.write("a.js", "// keytidy:allow * made for this test\n"
                f'const key = "{keys.kryton()}";\n')
    assert (scene.scan().place["allowed"]
            == "keytidy:allow *: made for this test")


def test_marker_above_that_is_no_comment(scene, keys):
    scene.write("a.txt", "x keytidy:allow * made for this test\n"
                f"{keys.kryton()}\n")
    assert scene.scan().code == 1


def test_marker_for_another_rule(scene, keys):
    scene.write("a.txt", f"{keys.kryton()} # keytidy:allow jwt a fixture\n")
    assert scene.scan().code == 1


def test_marker_without_a_reason(scene, keys):
    scene.write("a.txt", f"\n{keys.kryton()} # keytidy:allow kryton-api-key\n")
    report = scene.scan()
    assert report.code == 1
    assert report.notes == [
        "a.txt:2: keytidy:allow kryton-api-key gives no reason, so it does not "
        "count"]


def test_marker_without_a_rule(scene, keys):
    scene.write("a.txt", f"{keys.kryton()} # keytidy:allow\n")
    report = scene.scan()
    assert report.code == 1
    assert report.notes == [
        "a.txt:1: keytidy:allow names no rule, so it does not count"]


def test_marker_switched_off(scene, keys):
    scene.write("a.txt", f"{keys.kryton()} # keytidy:allow * a fixture\n")
    assert scene.scan("--no-markers").code == 1


def test_marker_switched_off_by_the_configuration(scene, keys):
    scene.write("keytidy.toml", lines("[markers]", "keytidy = false"))
    scene.write("a.txt", f"{keys.kryton()} # keytidy:allow * a fixture\n")
    assert scene.scan().code == 1


FOREIGN = ["gitleaks:allow", "trufflehog:ignore", "pragma: allowlist secret",
           "nosec"]


@pytest.mark.parametrize("marker", FOREIGN)
def test_foreign_marker_does_not_count(scene, keys, marker):
    scene.write("a.py", f"KEY = '{keys.kryton()}'  # {marker}\n")
    assert scene.scan().code == 1


@pytest.mark.parametrize("marker", FOREIGN)
def test_foreign_marker_switched_on(scene, keys, marker):
    scene.write("a.py", f"KEY = '{keys.kryton()}'  # {marker}\n")
    report = scene.scan("--foreign-markers")
    assert report.code == 0
    assert report.place["allowed"] == f"marked {marker}"


def test_foreign_markers_switched_on_by_the_configuration(scene, keys):
    scene.write("keytidy.toml", lines("[markers]", "foreign = true"))
    scene.write("a.py", f"KEY = '{keys.kryton()}'  # gitleaks:allow\n")
    assert scene.scan().code == 0


def test_no_markers_outranks_foreign_markers(scene, keys):
    scene.write("a.py", f"KEY = '{keys.kryton()}'  # gitleaks:allow\n")
    assert scene.scan("--foreign-markers", "--no-markers").code == 1
