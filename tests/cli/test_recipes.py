# SPDX-License-Identifier: Apache-2.0
"""What holds of every recipe, read from the rule files and from what
`verify --dry-run --rule all` says of them.

docs/recipes.md holds that text. After a change that is meant,
KEYTIDY_WRITE_GOLDEN=1 writes it anew; read the difference as if it were code:
it says what is sent to whom.
"""

import dataclasses
import os
import re
import tomllib
import urllib.parse

import pytest

from scene import SOURCE

PAGE = SOURCE / "docs" / "recipes.md"
HEAD = """\
# What is sent to whom

Every request of every recipe, as `keytidy verify --dry-run --rule all` shows
it; KEYTIDY_WRITE_GOLDEN=1 with `tests/cli/test_recipes.py` writes this page.

```
"""
TAIL = "```\n"
LEAST = 65  # the five systems, and sixty further kinds

# Words in the name of a package registry's host, or of the files about one.
REGISTRIES = ["npm", "yarn", "pypi", "pythonhosted", "rubygems", "crates",
              "cargo", "nuget", "packagist", "registry", "maven"]

# Verifying only reads. Where it takes a POST to read, this is why.
GRAPHQL = "a GraphQL query, which goes by POST"
INTROSPECTION = "the provider describes the token that the body holds"
SELF = "the provider describes the token of the header, and asks for POST"
BODY_KEYS = "the provider reads and wants the keys in the body"
EXCHANGE = "the only proof is a token that ends by itself, and is thrown away"
SIGNED = "a signed form, which asks who signed it"
POSTS = {
    "aws-secret-access-key": SIGNED,
    "cohere-api-key": SELF,
    "dropbox-token": SELF,
    "dynatrace-api-token": INTROSPECTION,
    "google-oauth-access-token": INTROSPECTION,
    "hubspot-private-app-token": INTROSPECTION,
    "ibm-cloud-api-key": EXCHANGE,
    "karzoun-app-token": GRAPHQL,
    "kubernetes-service-account": "a review of oneself, which is not stored",
    "linear-api-key": GRAPHQL,
    "linear-oauth-token": GRAPHQL,
    "mongodb-atlas-service-account": EXCHANGE,
    "newrelic-user-key": GRAPHQL,
    "plaid-access-token": BODY_KEYS,
    "plaid-sandbox-access-token": BODY_KEYS,
    "plaid-secret": BODY_KEYS,
    "slack-token": SELF,
    "slack-other-token": SELF,
    "sourcegraph-access-token": GRAPHQL,
    "splunk-hec-token": "the collector has nothing else; no event is sent",
    "square-access-token": SELF,
    "square-legacy-access-token": SELF,
    "wandb-api-key": GRAPHQL,
}


@dataclasses.dataclass(frozen=True)
class Recipe:
    """A recipe, and the provider whose file it stands in."""
    provider: str
    table: dict

    @property
    def id(self):
        return self.table["id"]

    @property
    def steps(self):
        return self.table["step"]

    @property
    def changing(self):
        """The steps of revoking and replacing."""
        return [step for name in ("revoke", "replace")
                for step in self.table.get(name, {}).get("step", [])]

    @property
    def answers(self):
        return [answer for step in self.steps for answer in step["answer"]]

    @property
    def base(self):
        return self.table.get("base")


def _files():
    for path in sorted((SOURCE / "patterns" / "rules").glob("*.toml")):
        yield tomllib.loads(path.read_text())


FILES = list(_files())
RULES = {rule["id"]: rule for file in FILES for rule in file["rule"]}
GUIDED = {rule for file in FILES for guide in file.get("guide", [])
          for rule in guide["rules"]}
RECIPES = [Recipe(file["provider"], table)
           for file in FILES for table in file.get("recipe", [])]


def each(recipes=RECIPES):
    return pytest.mark.parametrize("recipe", recipes,
                                   ids=lambda recipe: recipe.id)


def host(url):
    """Of a URL that begins with a literal host; None for one with a base."""
    return None if url.startswith("%{base}") else urllib.parse.urlsplit(
        url).hostname


# The dry run.


@dataclasses.dataclass
class Shown:
    """What the dry run says of a recipe."""
    id: str
    rules: list
    titles: list
    requests: list  # (method, URL)
    notes: list
    text: str


def shown_in(text):
    """The recipes of the dry run's text. A recipe begins where a line does;
    its steps stand two blanks in, what is sent four."""
    out = []
    for block in re.split(r"(?m)^(?=[a-z0-9-]+  \S)", text)[1:]:
        lines = block.splitlines()
        two = [line[2:] for line in lines if re.match(r"  \S", line)]
        rules, *rest = two
        notes = [line for line in rest if line.startswith("note: ")]
        requests = re.findall(r"(?m)^    ([A-Z]+) (\S+)$", block)
        out.append(Shown(lines[0].partition("  ")[0],
                         rules.removeprefix("for: ").split(", "),
                         [line for line in rest if line not in notes],
                         requests, notes, block))
    return out


@pytest.fixture(name="dry_run")
def _dry_run(scene):
    ended = scene.run("verify", "--dry-run", "--rule", "all")
    assert (ended.code, ended.err) == (0, "")
    return ended.text


@pytest.fixture(name="shown")
def _shown(dry_run):
    return shown_in(dry_run)


def test_dry_run_is_the_page(dry_run):
    page = HEAD + dry_run + TAIL
    if os.environ.get("KEYTIDY_WRITE_GOLDEN"):
        PAGE.write_text(page)
    assert PAGE.read_bytes() == page.encode()


def test_dry_run_holds_enough_recipes(shown):
    assert len(shown) >= LEAST


def test_dry_run_shows_every_recipe_once(shown):
    assert sorted(one.id for one in shown) == sorted(
        recipe.id for recipe in RECIPES)


def test_dry_run_shows_every_kind_and_step(shown):
    by_id = {recipe.id: recipe for recipe in RECIPES}
    for one in shown:
        recipe = by_id[one.id]
        assert one.rules == recipe.table["rules"]
        assert one.titles == [step["title"] for step in recipe.steps], one.id
        assert [method for method, _ in one.requests] == [
            step.get("method", "GET") for step in recipe.steps], one.id


def test_dry_run_shows_every_caution(shown):
    assert {one.id: one.notes for one in shown if one.notes} == {
        recipe.id: ["note: " + recipe.table["caution"]]
        for recipe in RECIPES if "caution" in recipe.table}


def test_dry_run_sends_everything_by_https(shown):
    for one in shown:
        for _, url in one.requests:
            assert re.match(r"https://[a-z0-9.-]+/|<base>[/<]", url), one.id


def test_dry_run_fills_every_template(dry_run):
    assert "%{" not in dry_run
    assert "not sent:" not in dry_run


def test_dry_run_names_the_key_in_every_recipe(shown):
    signed = "Authorization: AWS Signature Version 4 "
    assert [one.id for one in shown
            if "<key>" not in one.text and signed not in one.text] == []


# The kinds.


@each()
def test_rules_exist_and_are_settled(recipe):
    assert recipe.table["rules"]
    for rule in recipe.table["rules"]:
        assert not RULES[rule].get("generic", False), rule


def test_no_rule_has_two_recipes():
    rules = [rule for recipe in RECIPES for rule in recipe.table["rules"]]
    assert sorted(rules) == sorted(set(rules))


@each()
def test_companions_exist(recipe):
    for name, table in recipe.table.get("with", {}).items():
        assert table["rules"], name
        assert set(table["rules"]) <= set(RULES), name


@each([recipe for recipe in RECIPES if "near" in recipe.table])
def test_shared_shapes_are_told_by_words(recipe):
    near = recipe.table["near"]
    assert near["rules"]
    assert set(near["rules"]) <= set(recipe.table["rules"])
    assert near["words"]
    assert [word.lower() for word in near["words"]] == near["words"]


@each()
def test_sources(recipe):
    assert recipe.table["sources"]
    for source in recipe.table["sources"]:
        assert host(source) and source.startswith("https://"), source


# Where keys go.


@each()
def test_requests_go_out_by_https(recipe):
    for step in recipe.steps + recipe.changing:
        url = step["url"]
        if recipe.base is None:
            assert re.match(r"https://[a-z0-9.-]+(/|$)", url), url
        else:
            assert re.match(r"%\{base\}(/|%\{path\})", url), url
    otherwise = (recipe.base or {}).get("otherwise", "https://")
    assert otherwise.startswith("https://")


@each()
def test_no_host_is_a_package_registry(recipe):
    places = [step["url"] for step in recipe.steps + recipe.changing]
    hosts = [host(place) or "" for place in places]
    hosts += (recipe.base or {}).get("hosts", [])
    hosts.append(host((recipe.base or {}).get("otherwise", "%{base}")) or "")
    hosts += [host(source) for source in recipe.table["sources"]]
    assert [(word, name) for word in REGISTRIES for name in hosts
            if word in name] == []


@each([recipe for recipe in RECIPES
       if any(word in recipe.provider for word in REGISTRIES)])
def test_package_registries_are_named_by_the_user(recipe):
    assert recipe.base is not None
    assert "otherwise" not in recipe.base
    for step in recipe.steps + recipe.changing:
        assert step["url"].startswith("%{base}/")


@each()
def test_key_in_a_url_has_a_reason(recipe):
    for step in recipe.steps + recipe.changing:
        in_url = "%{secret}" in step["url"]
        assert in_url == ("key_in_url" in step), step["title"]
        if in_url:
            assert step["key_in_url"].strip()
            # Then it need not stand anywhere else.
            parts = [step.get("basic", ""), step.get("json", ""),
                     step.get("body", ""), *step.get("form", {}).values(),
                     *step.get("headers", {}).values()]
            assert not any("%{secret}" in part for part in parts)


# What requests do.


@each()
def test_verifying_only_reads(recipe):
    for step in recipe.steps:
        assert "writes" not in step, step["title"]
        assert step.get("method", "GET") in ("GET", "HEAD", "POST")


def test_every_post_has_its_reason():
    assert {recipe.id for recipe in RECIPES for step in recipe.steps
            if step.get("method", "GET") == "POST"} == set(POSTS)


@each([recipe for recipe in RECIPES if POSTS.get(recipe.id) == GRAPHQL])
def test_graphql_only_queries(recipe):
    for step in recipe.steps:
        assert re.match(r'\{"query":"(query\b[^{]*)?\{ ', step["json"])
        assert "mutation" not in step["json"]


@each()
def test_what_changes_something_says_so(recipe):
    """A GET or POST on the way may only read."""
    for step in recipe.changing:
        if step.get("method", "GET") not in ("GET", "HEAD", "POST"):
            assert step["writes"] is True, step["title"]


@each()
def test_every_step_has_a_title_and_answers(recipe):
    for step in recipe.steps + recipe.changing:
        assert re.fullmatch(r"[A-Z].*[^.\s]", step["title"]), step["title"]
        assert step["answer"]


# What answers prove.


def evidence(answer):
    """Something that a page of a proxy does not hold."""
    pointers = answer.get("json", {})
    return (any((pointer, value) != ("", "@any")
                for pointer, value in pointers.items())
            or bool(answer.get("text")) or bool(answer.get("headers")))


@each()
def test_active_rests_on_evidence(recipe):
    active = [answer for answer in recipe.answers
              if answer["verdict"] == "active"]
    assert active
    for answer in active:
        assert evidence(answer), answer["says"]


@each()
def test_inactive_rests_on_a_refusal_or_on_evidence(recipe):
    for answer in recipe.answers:
        if answer["verdict"] == "inactive":
            assert (answer["status"] == [401] or answer.get("json")
                    or answer.get("text")), answer["says"]


@each()
def test_every_answer_says_what_it_proves(recipe):
    for step in recipe.steps + recipe.changing:
        for answer in step["answer"]:
            assert re.fullmatch(r"\S.*[^.\s]", answer["says"]), answer["says"]
    assert recipe.table.get("caution", ".").endswith(".")


@each()
def test_the_last_step_decides(recipe):
    """An answer that goes on needs a step to go on with."""
    verdicts = [answer["verdict"] for answer in recipe.steps[-1]["answer"]]
    assert "next" not in verdicts
    for step in recipe.steps[:-1]:
        assert "next" in [answer["verdict"] for answer in step["answer"]]


@each()
def test_people_know_what_to_do(recipe):
    """Where no request ends the key, there is something to do by hand."""
    revoke = recipe.table.get("revoke", {})
    assert revoke.get("step") or revoke.get("by_hand") \
        or set(recipe.table["rules"]) <= GUIDED
    for sentence in revoke.get("by_hand", []):
        assert re.fullmatch(r"\S.*\.", sentence), sentence
