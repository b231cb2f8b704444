# SPDX-License-Identifier: Apache-2.0
"""The formats: each one is what its readers expect, and the demo project gives
the very reports of tests/data/golden.

After a change that is meant, KEYTIDY_WRITE_GOLDEN=1 writes those anew; read the
difference before it is committed.
"""

import csv
import io
import json
import os
import re
import xml.etree.ElementTree

import pytest

from schema_check import validator_for
from scene import FORMATS, SOURCE

GOLDEN = SOURCE / "tests" / "data" / "golden"
ENDINGS = {"human": "txt", "jsonl": "jsonl", "junit": "xml", "csv": "csv",
           "markdown": "md"}


def problems(schema, value, part=None):
    """What in `value` does not fit the schema, and where."""
    validator = validator_for(json.loads((SOURCE / schema).read_text()), part)
    return [f"{list(error.absolute_path)}: {error.message}"
            for error in validator.iter_errors(value)]


@pytest.fixture(name="everything")
def scene_with_everything(scene, keys):
    """A scene whose report has an entry of every kind."""
    key = keys.kryton()
    scene.write("in/keytidy.toml", "\n".join([
        "[[allow]]", 'path = "allowed.txt"', 'reason = "fixture"',
        "[[allow]]", 'path = "nothing.txt"', 'reason = "gone"',
        "[severity]", 'jwt = "low"']))
    scene.write("in/allowed.txt", keys.github())
    scene.write("in/a.env", f"ONE={key}\nTWO={key}\n")
    scene.write("in/b \u00fc%.env", f"CORCAVA_API_KEY={keys.corcava()}\n")
    scene.write("in/c.txt", f"{keys.karzoun()} # keytidy:allow jwt\n")
    scene.write("in/d.pem", keys.pem())
    scene.write("in/skipped.bin", "\0")
    scene.write("in/damaged.zip", b"PK\3\4" + bytes(60))
    (scene.dir / "void").mkdir()
    scene.paths = ["in", "void", "gone.txt"]
    return scene


def report_of(scene, format_):
    ended = scene.run("scan", *scene.paths, "--format", format_)
    assert ended.err == ""
    assert ended.code == 1
    return ended.text


def test_json_fits_its_schema(everything):
    report = json.loads(report_of(everything, "json"))
    assert problems("docs/report.schema.json", report) == []
    assert len(report["findings"]) == 5
    assert len(report["notes"]) == 2
    assert report["coverage"]["empty_roots"] == ["void"]


def test_json_lines_fit_their_schema(everything):
    lines = [json.loads(line) for line
             in report_of(everything, "jsonl").split("\n")[:-1]]
    assert [problem for line in lines for problem in problems(
        "docs/report.schema.json", line, "#/$defs/line")] == []
    assert [line["type"] for line in lines] == [
        "run", *["finding"] * 5, *["skipped"] * 3, "empty-root",
        *["note"] * 2, "summary"]


def test_json_lines_say_what_json_says(everything):
    whole = json.loads(report_of(everything, "json"))
    findings = [json.loads(line) for line
                in report_of(everything, "jsonl").split("\n")[:-1]
                if '"type":"finding"' in line]
    for finding in findings:
        del finding["type"]
    assert findings == whole["findings"]


def test_sarif_fits_its_schema(everything):
    log = json.loads(report_of(everything, "sarif"))
    assert problems("tests/data/sarif-schema-2.1.0.json", log) == []
    run = log["runs"][0]
    assert len(run["results"]) == 6
    assert run["invocations"][0]["executionSuccessful"] is False
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(
        {result["ruleId"] for result in run["results"]})
    assert all(rule["help"]["text"] and rule["help"]["markdown"]
               for rule in run["tool"]["driver"]["rules"])


def sarif_results(scene):
    ended = scene.run("scan", "--format", "sarif")
    return json.loads(ended.out)["runs"][0]["results"]


def test_sarif_fingerprints_stay_when_lines_are_inserted(scene, keys):
    line = f"KEY={keys.kryton()}\n"
    scene.write("a.env", line + line)
    before = [result["partialFingerprints"] for result in sarif_results(scene)]
    scene.write("a.env", "# one\n\n# two\n" + line + "# three\n" + line)
    after = sarif_results(scene)
    assert [result["partialFingerprints"] for result in after] == before
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"]
            for result in after] == [4, 6]
    assert before[0] != before[1]


def region_of(scene):
    return sarif_results(scene)[0]["locations"][0]["physicalLocation"]["region"]


def test_sarif_columns_count_characters(scene, keys):
    scene.write("a.txt", f"\u00fc\U0001f511 {keys.kryton()}\n")
    region = region_of(scene)
    assert (region["startColumn"], region["endColumn"]) == (4, 75)
    assert (region["byteOffset"], region["byteLength"]) == (7, 71)


def test_sarif_columns_count_characters_of_utf_16(scene, keys):
    text = f"\u00fc\U0001f511 {keys.kryton()}\n"
    scene.write("a.txt", b"\xff\xfe" + ("one\n" + text).encode("utf-16-le"))
    region = region_of(scene)
    assert (region["startColumn"], region["endColumn"]) == (4, 75)
    assert (region["byteOffset"], region["byteLength"]) == (18, 142)


def test_sarif_names_a_provider_only_where_there_is_one(scene, keys):
    scene.write("a.pem", keys.pem())
    log = json.loads(scene.run("scan", "--format", "sarif").out)
    rule = log["runs"][0]["tool"]["driver"]["rules"][0]
    assert rule["fullDescription"]["text"] == "Private key (PEM) in clear text."


def test_sarif_says_what_is_suppressed(scene, keys):
    scene.write("a.txt", f"{keys.kryton()} # keytidy:allow * a fixture\n")
    assert sarif_results(scene)[0]["suppressions"] == [{
        "kind": "inSource", "justification": "keytidy:allow *: a fixture"}]


def test_junit_counts_what_it_holds(everything):
    root = xml.etree.ElementTree.fromstring(report_of(everything, "junit"))
    suite = root.find("testsuite")
    assert {name: int(suite.get(name)) for name in (
        "tests", "failures", "errors", "skipped")} == {
            "tests": len(suite.findall("testcase")),
            "failures": len(suite.findall("testcase/failure")),
            "errors": len(suite.findall("testcase/error")),
            "skipped": len(suite.findall("testcase/skipped"))}
    assert (suite.get("failures"), suite.get("errors"),
            suite.get("skipped")) == ("3", "1", "1")


def test_csv_has_a_row_for_everything(everything):
    text = report_of(everything, "csv")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [row["record"] for row in rows] == [
        *["occurrence"] * 6, *["skipped"] * 4, "coverage"]
    assert all(None not in row and None not in row.values() for row in rows)
    assert rows[-1]["action"] == "incomplete"


def test_gitlab_has_what_the_service_asks_for(everything):
    report = json.loads(report_of(everything, "gitlab"))
    assert report["version"].startswith("15.")
    scan = report["scan"]
    assert scan["type"] == "secret_detection"
    assert scan["status"] == "failure"
    for part in (scan["analyzer"], scan["scanner"]):
        assert part["id"] and part["name"] and part["version"]
        assert part["vendor"]["name"]
    for time in (scan["start_time"], scan["end_time"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", time)
    found = report["vulnerabilities"]
    assert len(found) == 5  # without the allowed one
    assert len({one["id"] for one in found}) == 5
    for one in found:
        assert one["category"] == "secret_detection"
        assert one["severity"] in ("Critical", "High", "Medium", "Low", "Info")
        assert one["location"]["file"] and one["location"]["commit"]["sha"]
        assert one["location"]["start_line"] >= 1
        assert one["identifiers"][0]["value"]


def test_markdown_has_a_row_for_every_visible_finding(everything):
    text = report_of(everything, "markdown")
    assert text.startswith("### keytidy: 4 findings (3 high, 1 low), but the "
                           "scan is incomplete\n")
    rows = [line for line in text.split("\n")
            if line.startswith("|") and "`kt-" in line]
    assert len(rows) == 4
    assert {row.count("|") for row in rows} == {6}
    assert "`gone.txt`: No such file or directory" in text


def test_human_tells_everything(everything):
    text = report_of(everything, "human")
    assert [line for line in text.split("\n") if len(line) > 80] == []
    assert "in/a.env:1:5: high: Kryton API key [kryton-api-key]\n" in text
    assert "  also: in/a.env:2:5\n" in text
    assert "hidden:   1 allowed place\n" in text
    assert "unread:   gone.txt: No such file or directory\n" in text
    assert "INCOMPLETE: " in text.rstrip("\n").split("\n")[-1]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_ends_with_a_newline(everything, format_):
    text = report_of(everything, format_)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


# Golden reports.


@pytest.mark.parametrize("format_", FORMATS)
def test_golden(scene, format_):
    assert scene.run("demo", "--seed", "1", "demo").code == 0
    # Its tokens say when they were issued, so their age is that of a day.
    ended = scene.run("scan", "--format", format_, cwd=scene.dir / "demo",
                      env={"SOURCE_DATE_EPOCH": "1774951200"})
    assert ended.code == 1
    # The rules change more often than what is looked at here.
    got = re.sub(rb"sha256:[0-9a-f]{64}", b"sha256:(of the rules)", ended.out)
    golden = GOLDEN / f"{format_}.{ENDINGS.get(format_, 'json')}"
    if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
        golden.write_bytes(got)
    assert got.decode() == golden.read_bytes().decode()
