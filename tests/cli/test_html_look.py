# SPDX-License-Identifier: Apache-2.0
"""The page for people in a real browser: it loads nothing, runs nothing and
complains of nothing; it can be read, in light and dark, on a desk and on a
phone. Pictures of it are left in the test's folder.

Skipped where there is no Chromium. KEYTIDY_PAGE names a page to look at in
place of one that the program makes.
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import time

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 60
LOOKS = [(scheme, width) for scheme in ("light", "dark")
         for width in (1280, 400)]

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium")


class Browser:
    """Chromium, spoken to by its debugging protocol through two pipes."""

    def __init__(self, folder):
        self._deadline = time.monotonic() + PATIENCE
        self._number = 0
        self._read = b""
        self.events = []
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        # Clear of 3 and 4, where Chromium wants its own ends.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10)
                for end in (theirs_in, theirs_out)]

        def place():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        self._process = subprocess.Popen(
            [CHROMIUM, "--headless=new", "--remote-debugging-pipe",
             f"--user-data-dir={folder}", "--no-first-run", "--disable-gpu",
             "--disable-dev-shm-usage", "--disable-extensions",
             "--disable-background-networking", "--disable-component-update",
             "--hide-scrollbars", "--force-device-scale-factor=1", *root,
             "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=place, pass_fds=(3, 4),
            env={**os.environ, "HOME": str(folder)})
        for end in (theirs_in, theirs_out, *ends):
            os.close(end)
        self._in, self._out = ours_in, ours_out
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")
        self._session = self.call("Target.attachToTarget", flatten=True,
                                  targetId=target["targetId"])["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(domain + ".enable")

    def close(self):
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method, **params):
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(one.get("method") == method for one in self.events):
            self.events.append(self._next())

    def _next(self):
        while b"\0" not in self._read:
            left = self._deadline - time.monotonic()
            assert left > 0, "the browser does not answer"
            if select.select([self._in], [], [], left)[0]:
                piece = os.read(self._in, 1 << 20)
                assert piece, "the browser has gone"
                self._read += piece
        message, self._read = self._read.split(b"\0", 1)
        return json.loads(message)

    def show(self, path, scheme, width, media="screen"):
        self.events.clear()
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900,
                  deviceScaleFactor=1, mobile=False)
        self.call("Page.navigate", url=pathlib.Path(path).as_uri())
        self.wait("Page.loadEventFired")

    def ask(self, script):
        result = self.call("Runtime.evaluate", returnByValue=True,
                           awaitPromise=True, expression=script)
        assert "exceptionDetails" not in result, result
        return result["result"]["value"]

    def picture(self, path, most=12000):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"],
                "height": min(size["height"], most), "scale": 1}
        data = self.call("Page.captureScreenshot", format="png", clip=clip,
                         captureBeyondViewport=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def of(self, *methods):
        return [one["params"] for one in self.events
                if one.get("method") in methods]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    browser = Browser(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def page(scene, keys):
    given = os.environ.get("KEYTIDY_PAGE")
    if given:
        return pathlib.Path(given).resolve()
    if "no command" in scene.run("report", "html").err:
        pytest.skip("this program has no `report html`")
    scene.run("demo", "project")
    # A name that wants more room than there is, and places to unfold.
    key = keys.kataven()
    for number in range(7):
        name = "W" * 200 + f"{number}.env"
        (scene.dir / "project" / name).write_text(f"KATAVEN_KEY={key}\n")
    scene.run("scan", "project", "--record", "--inventory", "keys.db")
    made = scene.run("report", "html", "--inventory", "keys.db", "-o",
                     "page.html")
    assert made.code == 0, made.err
    page = scene.dir / "page.html"
    assert key not in page.read_text()
    assert "<summary>2 more places</summary>" in page.read_text()
    return page


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def look(request, browser, page):
    browser.show(page, *request.param)
    return browser


def test_nothing_is_loaded_and_nothing_complains(look, page):
    look.ask("new Promise(requestAnimationFrame).then(() => 0)")
    loaded = [one["request"]["url"]
              for one in look.of("Network.requestWillBeSent")]
    assert [url for url in loaded if not url.startswith("data:")] == [
        page.as_uri()]
    assert look.of("Log.entryAdded", "Runtime.consoleAPICalled",
                   "Runtime.exceptionThrown") == []


def test_the_style_is_let_in(look):
    assert look.ask("getComputedStyle(document.body).marginTop") == "0px"


def test_nothing_is_wider_than_the_screen(look):
    assert look.ask("""(() => {
      const wide = document.documentElement.clientWidth;
      return [...document.querySelectorAll("body *")]
        .filter(e => !e.closest("svg, .skip, thead"))
        .filter(e => e.getBoundingClientRect().right > wide + 1)
        .map(e => e.outerHTML.slice(0, 120));
    })()""") == []


def test_contrast(look):
    """WCAG 1.4.3 for every text, as it comes out on the screen."""
    assert look.ask("""(() => {
      const channels = text => text.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => [r, g, b]
        .map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
      const behind = e => {
        for (; e; e = e.parentElement) {
          const c = channels(getComputedStyle(e).backgroundColor);
          if (c.length === 3 || c[3] === 1) return c;
        }
        return [255, 255, 255];
      };
      const found = [];
      const walk = document.createTreeWalker(document.body,
                                             NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || e.matches("title")) continue;
        const style = getComputedStyle(e);
        const [a, b] = [e.closest("svg") ? style.fill : style.color]
          .map(channels).concat([behind(e)]).map(light).sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) found.push([ratio, e.outerHTML.slice(0, 120)]);
      }
      return found;
    })()""") == []


def test_parts_have_names_and_roles(look):
    assert look.ask("""(() => {
      const all = what => [...document.querySelectorAll(what)];
      const wrong = [];
      const must = (good, what) => { if (!good) wrong.push(what); };
      must(document.documentElement.lang === "en", "language");
      must(document.title.length > 0, "title");
      for (const one of ["h1", "header", "nav[aria-label]", "main", "footer"])
        must(all("body " + one).length === 1, one);
      let level = 0;
      for (const h of all("h1, h2, h3, h4, h5, h6")) {
        must(+h.tagName[1] <= level + 1, "level of " + h.textContent);
        must(h.textContent.trim(), "empty heading");
        level = +h.tagName[1];
      }
      const ids = all("[id]").map(e => e.id);
      must(new Set(ids).size === ids.length, "an id comes twice");
      for (const a of all("a")) {
        const to = a.getAttribute("href");
        must(to.startsWith("#") && ids.includes(to.slice(1)), "link " + to);
      }
      for (const e of all("[aria-labelledby], [aria-describedby]"))
        for (const name of ["aria-labelledby", "aria-describedby"])
          if (e.hasAttribute(name))
            must(ids.includes(e.getAttribute(name)), e.getAttribute(name));
      for (const e of all("th")) must(e.scope, "scope of " + e.textContent);
      for (const e of all("table"))
        must(e.hasAttribute("aria-labelledby"), "name of a table");
      for (const e of all("tbody tr:not(.group)"))
        for (const cell of e.cells)
          must(cell.dataset.label || cell.colSpan > 1, "label of a cell");
      for (const e of all("svg"))
        must(e.getAttribute("aria-hidden") === "true" || e.closest("[role=img]")
             ?.getAttribute("aria-label"), "name of a figure");
      for (const e of all("details"))
        must(e.firstElementChild?.matches("summary"), "summary");
      must(!document.querySelector(
        "script, img, iframe, object, embed, form, [style]"), "it can run");
      for (const e of all("*"))
        for (const name of e.getAttributeNames())
          must(!name.startsWith("on"), name);
      return wrong;
    })()""") == []


def test_the_keyboard_reaches_everything(look):
    def press_tab():
        for kind in ("rawKeyDown", "keyUp"):
            look.call("Input.dispatchKeyEvent", type=kind, key="Tab",
                      code="Tab", windowsVirtualKeyCode=9)

    count = look.ask("document.querySelectorAll('a, summary').length")
    seen = []
    for _ in range(count):
        press_tab()
        seen.append(look.ask("""(() => {
          const e = document.activeElement;
          const style = getComputedStyle(e);
          const box = e.getBoundingClientRect();
          return [e.tagName, style.outlineStyle !== "none"
            && parseFloat(style.outlineWidth) >= 2, box.left >= 0];
        })()"""))
    assert seen[0][0] == "A"
    assert {tag for tag, _, _ in seen} <= {"A", "SUMMARY"}
    assert all(outlined and visible for _, outlined, visible in seen)
    assert look.ask("document.querySelector('a').textContent") == (
        "Skip to the content")


def test_a_picture(look, request, tmp_path):
    name = request.node.callspec.id
    look.picture(tmp_path / f"{name}.png")
    assert (tmp_path / f"{name}.png").stat().st_size > 10_000
    kept = os.environ.get("KEYTIDY_PICTURES")
    if kept:
        shutil.copy(tmp_path / f"{name}.png", kept)


def test_on_paper_it_is_light_and_nothing_is_folded(browser, page):
    browser.show(page, "dark", 800, media="print")
    assert browser.ask(
        "getComputedStyle(document.body).backgroundColor") == (
            "rgb(255, 255, 255)")
    assert browser.ask("""[
      ...document.querySelectorAll("details > :last-child")]
      .filter(e => e.checkVisibility({contentVisibilityAuto: true}) === false)
      .length""") == 0


# The picture in the docs.

STORY_NOW = 1_798_640_000
STORY = [  # days ago, system, file below the home, server entry
    (204, "kataven", ".config/Claude/claude_desktop_config.json",
     {"command": "kataven-mcp", "env": {"KATAVEN_API_KEY": "KEY"}}),
    (75, "kryton", ".cursor/mcp.json",
     {"url": "https://notes.example.net/mcp",
      "headers": {"Authorization": "Bearer KEY"}}),
    (41, "konstantly", ".codeium/windsurf/mcp_config.json",
     {"command": "npx", "args": ["-y", "@konstantly/mcp-server@0.2.0"],
      "env": {"KONSTANTLY_MCP_KEY": "KEY",
              "KONSTANTLY_URL": "https://acme.konstantly.com"}}),
    (20, "corcava", ".claude.json",
     {"type": "http", "url": "https://mcp.corcava.com",
      "headers": {"Authorization": "Bearer KEY"}}),
    (3, "karzoun", ".gemini/settings.json",
     {"command": "npx", "args": ["-y", "@karzounchat/mcp-server@1.0.0"],
      "env": {"KARZOUN_API_URL": "https://acme.api.karzoun.chat/graphql",
              "KARZOUN_APP_TOKEN": "KEY"}}),
]


def story(scene, keys):
    """A laptop and a desktop that got one key after another."""
    homes = {name: scene.dir / name / "ana" for name in ("laptop", "desktop")}

    def put(machine, path, name, server, key):
        target = homes[machine] / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"mcpServers": {name: server}}, indent=2)
        target.write_text(text.replace("\"KEY\"", json.dumps(key)).replace(
            "Bearer KEY", "Bearer " + key))
        os.chmod(target, 0o600)

    def record(machine, days):
        os.chmod(homes[machine], 0o700)
        ended = scene.run(
            "audit", "--root", f"{machine}/ana", "--record", "--machine",
            machine, "--inventory", "team.db", "-q",
            env={"SOURCE_DATE_EPOCH": str(STORY_NOW - days * 86400)})
        assert ended.code in (0, 1), ended.err

    for days, system, path, server in STORY:
        key = keys.of(system)
        put("laptop", path, system, server, key)
        record("laptop", days)
        if system == "kryton":
            put("desktop", path, system, server, key)
            record("desktop", days - 10)
    record("laptop", 0)
    env = {"SOURCE_DATE_EPOCH": str(STORY_NOW)}
    listed = scene.run("keys", "list", "--inventory", "team.db", env=env).text
    for line in listed.splitlines():
        if "Kryton" in line or "Corcava" in line or "Konstantly" in line:
            scene.run("keys", "set", line.split()[0], "--owner", "ana",
                      "--inventory", "team.db", env=env)
    made = scene.run("report", "html", "--inventory", "team.db", "-o",
                     "story.html", env=env)
    assert made.code == 0, made.err
    page = scene.dir / "story.html"
    text = page.read_text().replace(str(scene.dir), "/home")
    page.write_text(text)
    return page


def test_the_picture_in_the_docs(browser, scene, keys):
    """Drawn anew with KEYTIDY_WRITE_GOLDEN; its page has to be what it is a
    picture of."""
    page = story(scene, keys)
    text = page.read_text()
    for name in ("Kataven", "Karzoun", "Konstantly", "Corcava", "Kryton"):
        assert name in text
    docs = pathlib.Path(os.environ["KEYTIDY_SOURCE"]) / "docs"
    for scheme in ("light", "dark"):
        browser.show(page, scheme, 960)
        target = docs / f"report-{scheme}.png"
        if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
            browser.picture(target, 2000)
        assert target.exists()
