# SPDX-License-Identifier: Apache-2.0
"""What holds for every input: same input, same bytes out; and no key in clear
in any format, wherever it stands."""

import base64
import io
import os
import zipfile

import pytest

from scene import FORMATS

# Long enough not to happen by chance.
FRAGMENT = 12
# A report shows at most so many of the first bytes of a key.
SHOWN = 20

each_format = pytest.mark.parametrize("format_", FORMATS)


def fragments(secret):
    """Pieces of a secret that no report may hold."""
    first = SHOWN - FRAGMENT + 1 if len(secret) > SHOWN else 0
    return {secret[i:i + FRAGMENT]
            for i in range(first, len(secret) - FRAGMENT + 1)}


def leaks(text, secrets):
    """Which of the secrets the text gives away."""
    pieces = {text[i:i + FRAGMENT] for i in range(len(text))}
    return [secret for secret in secrets
            if not pieces.isdisjoint(fragments(secret))]


def expect_no_leak(scene, secrets, *args):
    """Scans in every format, with all that there is to be shown."""
    for format_ in FORMATS:
        ended = scene.run("scan", "--format", format_, "--min-confidence",
                          "low", *args)
        assert ended.code in (0, 1, 3)
        assert leaks(ended.text + ended.err, secrets) == [], format_


# Same input, same bytes.


@pytest.fixture(name="forest")
def scene_with_a_forest(scene, keys):
    """Some hundred files, with everything that a walk meets."""
    shared = keys.konstantly()
    for number in range(300):
        folder = f"d{number % 7}/e{number % 5}"
        text = [f"line {number}", keys.pick("abc \n", 200)]
        if number % 3 == 0:
            text.append(f"TOKEN={keys.kryton()}")
        if number % 11 == 0:
            text.append(f"SHARED={shared} CORCAVA_API_KEY={keys.corcava()}")
        if number % 13 == 0:
            text.append(f"{keys.github()} # keytidy:allow * fixture {number}")
        content = "\n".join(text)
        data = content.encode("utf-16") if number % 17 == 0 else (
            content.encode())
        scene.write(f"{folder}/f{number}.txt", data)
        if number % 40 == 0:
            scene.write(f"{folder}/blob{number}.bin", b"\0" * number)
            scene.write(f"{folder}/.gitignore", "*.log\n")
            scene.write(f"{folder}/x.log", shared)
            (scene.dir / folder / f"link{number}").symlink_to("nowhere")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number in range(20):
            file.writestr(f"m{number}.env", f"A={keys.kryton()}\nB={shared}\n")
    scene.write("d1/all.zip", buffer.getvalue())
    scene.write("d2/damaged.zip", buffer.getvalue()[:900])
    large = "".join(f"{'x' * 5000} {keys.kryton()}\n" for _ in range(900))
    scene.write("d3/large.txt", large)
    scene.write("keytidy.toml", '[[allow]]\npath = "d4/**"\nreason = "ours"\n')
    return scene


@each_format
def test_number_of_threads(forest, format_):
    first, second, third = (
        forest.run("scan", "--format", format_, "--jobs", jobs)
        for jobs in ("1", "2", "8"))
    assert first.code == 1
    assert (second.code, second.out) == (1, first.out)
    assert (third.code, third.out) == (1, first.out)


def test_a_second_run(forest):
    first = forest.run("scan", "--format", "json")
    assert forest.run("scan", "--format", "json").out == first.out


def test_the_order_in_which_files_were_made(scene, keys):
    first, second = keys.kryton(), keys.kryton()
    for folder, names in (("one", "ab"), ("two", "ba")):
        for name in names:
            scene.write(f"{folder}/{name}.txt", {"a": first, "b": second}[name])
    reports = [scene.run("scan", "--format", "json", cwd=scene.dir / folder).out
               for folder in ("one", "two")]
    assert reports[0] == reports[1]


def test_findings_are_sorted(forest):
    places = [(finding["occurrences"][0]["path"],
               finding["occurrences"][0]["start"], finding["rule"])
              for finding in forest.scan().findings]
    assert places == sorted(places)
    assert len(places) > 1000


def test_a_large_file_gives_every_key(forest):
    report = forest.scan("d3/large.txt")
    assert [place["start"] for finding in report.findings
            for place in finding["occurrences"]] == [
                5001 + 5073 * number for number in range(900)]


# How a path is written.


@pytest.mark.parametrize("given, shown", [
    (".", "sub/a.txt"), ("./", "sub/a.txt"), (".//", "sub/a.txt"),
    ("./.", "sub/a.txt"), ("sub", "sub/a.txt"), ("sub/", "sub/a.txt"),
    ("sub//", "sub/a.txt"), ("./sub", "sub/a.txt"), ("./sub/", "sub/a.txt"),
    (".//sub", "sub/a.txt"), ("sub/a.txt", "sub/a.txt"),
    ("./sub/a.txt", "sub/a.txt"), ("././sub/a.txt", "sub/a.txt"),
    ("sub/../sub", "sub/../sub/a.txt")])
def test_path_as_it_was_given(scene, keys, given, shown):
    scene.write("sub/a.txt", keys.kryton())
    assert scene.scan(given).place["path"] == shown


@pytest.mark.parametrize("ending", ["", "/", "/sub", "/sub/", "/sub/a.txt"])
def test_absolute_path(scene, keys, ending):
    scene.write("sub/a.txt", keys.kryton())
    assert (scene.scan(f"{scene.dir}{ending}").place["path"]
            == f"{scene.dir}/sub/a.txt")


def test_path_above(scene, keys):
    scene.write("a.txt", keys.kryton())
    (scene.dir / "sub").mkdir()
    assert scene.scan("..", cwd=scene.dir / "sub").place["path"] == "../a.txt"


@pytest.mark.parametrize("paths", [
    [".", "."], [".", "./"], ["sub", "sub/"], ["sub", "./sub", "sub"],
    ["sub/a.txt", "./sub/a.txt"]])
def test_the_same_path_twice_counts_once(scene, keys, paths):
    scene.write("sub/a.txt", keys.kryton())
    report = scene.scan(*paths)
    assert report.place["path"] == "sub/a.txt"
    assert report.files == 1


def test_the_same_path_in_two_ways_counts_once(scene, keys):
    scene.write("sub/a.txt", keys.kryton())
    assert scene.scan("sub", scene.dir / "sub").files == 1


def test_a_path_within_another_is_reported_once(scene, keys):
    scene.write("sub/a.txt", keys.kryton())
    assert scene.scan(".", "sub").place["path"] == "sub/a.txt"


def test_standard_input_twice_is_read_once(scene, keys):
    report = scene.scan("-", "-", stdin=keys.kryton().encode())
    assert report.place["path"] == "-"


# No key in clear.


def test_every_kind_of_key(scene, keys):
    secrets = [keys.kataven(), keys.karzoun(), keys.konstantly(),
               keys.corcava(), keys.kryton(), keys.github(),
               keys.stripe_test(), keys.password()]
    scene.write("a.env", """\
KATAVEN_API_KEY={}
KARZOUN_APP_TOKEN={}
KONSTANTLY_MCP_KEY={}
CORCAVA_API_KEY={}
KRYTON_TOKEN={}
GITHUB_TOKEN={}
STRIPE={}
DATABASE_URL=postgres://app:{}@db.internal/app
""".format(*secrets))
    assert len(scene.scan().findings) == len(secrets)
    expect_no_leak(scene, secrets)


def test_many_keys_on_one_line(scene, keys):
    secrets = [keys.kryton(), keys.konstantly(), keys.github(),
               keys.stripe_test(), keys.corcava()]
    scene.write("a.txt", "{} {};{}|{},CORCAVA_API_KEY={}\n".format(*secrets))
    assert len(scene.scan().findings) == len(secrets)
    expect_no_leak(scene, secrets)


@pytest.mark.parametrize("gap", range(0, 130, 10))
def test_a_line_that_is_cut_within_another_key(scene, keys, gap):
    secrets = [keys.kryton() for _ in range(3)]
    scene.write("a.txt", (" " + "." * gap + " ").join(secrets))
    text = scene.run("scan").text
    assert leaks(text, secrets) == []
    assert text.count("Kryton API key [kryton-api-key]") == 3


def test_keys_around_the_edges_of_pieces(scene, keys):
    # A file is read in pieces of some two megabytes, with an overlap.
    secrets = [keys.kryton() for _ in range(2000)]
    scene.write("a.txt", "." * 2_000_000 + " ".join(secrets) + "\n" * 300_000)
    ended = scene.run("scan")
    assert "findings: 2,000 in 1 file" in ended.text
    assert leaks(ended.text, secrets) == []


def test_unsure_key_beside_a_sure_one(scene, keys):
    secrets = [keys.kryton(), keys.corcava()]
    scene.write("a.txt", "{} CORCAVA_API_KEY={}\n".format(*secrets))
    text = scene.run("scan", "--min-confidence", "high").text
    assert leaks(text, secrets) == []


def test_a_key_within_an_address(scene, keys):
    secret = keys.github()
    scene.write("a.txt", f"https://demo:{secret}@github.com/demo/app.git\n")
    expect_no_leak(scene, [secret])


def pem_lines(pem):
    return pem.split("\n")[1:-1]


@pytest.mark.parametrize("shape", [
    "{}\n", 'KEY="{}"\n', "key: |\n  {}\n", "{}", "x {} y {}"],
    ids=["plain", "quoted", "indented", "no-newline", "twice"])
def test_armoured_key(scene, keys, shape):
    pem = keys.pem()
    text = shape.format(pem, keys.pem() if "twice" in shape else pem)
    if "|" in shape:
        text = text.replace("\n", "\n  ")
    scene.write("a.txt", text)
    assert set(scene.scan().rules) == {"private-key-pem"}
    expect_no_leak(scene, pem_lines(pem))


def test_armoured_key_on_one_line(scene, keys):
    pem = keys.pem()
    scene.write("a.json", '{"key": "%s"}' % pem.replace("\n", "\\n"))
    assert scene.scan().rules == ["private-key-pem"]
    expect_no_leak(scene, pem_lines(pem))


def test_armoured_key_without_its_end(scene, keys):
    pem = keys.pem().rsplit("\n", 1)[0]
    scene.write("a.txt", pem + "\n")
    expect_no_leak(scene, pem.split("\n")[1:])


def test_utf_16(scene, keys):
    secrets = [keys.kryton(), keys.github()]
    scene.write("a.txt", "{} {}\n".format(*secrets).encode("utf-16"))
    expect_no_leak(scene, secrets)


def test_keys_that_are_allowed(scene, keys):
    secrets = [keys.kryton(), keys.github(), keys.konstantly()]
    scene.write("keytidy.toml",
                '[[allow]]\npath = "c.txt"\nreason = "fixture"\n')
    scene.write("a.txt", f"{secrets[0]} # keytidy:allow * fixture\n")
    scene.write("b.txt", f"# keytidy:allow * fixture\n{secrets[1]}\n")
    scene.write("c.txt", secrets[2])
    assert scene.scan().code == 0
    expect_no_leak(scene, secrets)


@pytest.mark.parametrize("line", [
    "/* keytidy:allow * fixture */ KEY={}",
    '<x note="keytidy:allow * fixture" key="{}"/>',
    "keytidy:allow * KEY={}",
    "{{'why': 'keytidy:allow kryton-api-key fixture', 'key': '{}'}}"],
    ids=["comment", "attribute", "reason", "field"])
def test_marker_before_the_key(scene, keys, line):
    secret = keys.kryton()
    scene.write("a.txt", line.format(secret) + "\n")
    expect_no_leak(scene, [secret])


def test_marker_in_a_comment_above_that_holds_a_key(scene, keys):
    secrets = [keys.kryton(), keys.github()]
    scene.write("a.txt", "# keytidy:allow * was {}\n{}\n".format(*secrets))
    expect_no_leak(scene, secrets)


def test_name_of_the_file_that_holds_the_key(scene, keys):
    secret = keys.kryton()
    scene.write(f"{secret}.txt", f"{secret}\n")
    expect_no_leak(scene, [secret])


def test_name_of_a_file_that_holds_another_key(scene, keys):
    secrets = [keys.kryton(), keys.github()]
    scene.write(f"{secrets[0]}.txt", secrets[1])
    expect_no_leak(scene, secrets)


def test_name_of_a_folder(scene, keys):
    secrets = [keys.kryton(), keys.github()]
    scene.write(f"{secrets[0]}/a.txt", secrets[1])
    expect_no_leak(scene, secrets)


def test_name_of_a_file_that_is_left_out(scene, keys):
    secrets = [keys.kryton() for _ in range(3)]
    scene.write(f"{secrets[0]}.bin", "\0")
    (scene.dir / f"{secrets[1]}.txt").symlink_to("nowhere")
    os.mkfifo(scene.dir / f"{secrets[2]}.fifo")
    expect_no_leak(scene, secrets)


def test_name_of_a_file_that_is_ignored(scene, keys):
    secrets = [keys.kryton(), keys.kryton()]
    scene.write(".gitignore", f"*.log\n{secrets[1]}.txt\n")
    scene.write(f"{secrets[0]}.log", "text\n")
    scene.write(f"{secrets[1]}.txt", "text\n")
    expect_no_leak(scene, secrets)


def test_name_of_a_member_of_an_archive(scene, keys):
    secrets = [keys.kryton(), keys.kryton(), keys.github()]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr(f"{secrets[0]}.txt", secrets[2])
        file.writestr(f"{secrets[1]}.bin", "\0")
    scene.write("a.zip", buffer.getvalue())
    expect_no_leak(scene, secrets)


def test_name_of_a_path_that_holds_nothing(scene, keys):
    secrets = [keys.kryton(), keys.kryton()]
    (scene.dir / secrets[0]).mkdir()
    expect_no_leak(scene, secrets, secrets[0], secrets[1])


def test_ids_are_no_oracle_for_passwords(scene, keys):
    first = f"DATABASE_URL=postgres://app:{keys.password()}@db.internal/app\n"
    second = f"DATABASE_URL=postgres://app:{keys.password()}@db.internal/app\n"
    scene.write("a.env", first)
    before = scene.scan().finding["id"]
    scene.write("a.env", second)
    assert scene.scan().finding["id"] == before


def test_ids_with_a_key_of_ones_own(scene, keys):
    scene.write("in/a.txt", keys.kryton())
    scene.write("own.key", base64.b64encode(os.urandom(24)))
    public = scene.scan("in").finding["id"]
    private = scene.scan("in", "--key-file", "own.key").finding["id"]
    assert private != public
    assert scene.scan("in", "--key-file", "own.key").finding["id"] == private
