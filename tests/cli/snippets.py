# SPDX-License-Identifier: Apache-2.0
"""What the five systems tell their users to put into a client's file or to
type, with the placeholders of their pages; and the same with a key in it, as
a user's disk has it afterwards."""

import dataclasses
import json

from scene import Keys

DESKTOP = {
    "macos": "Library/Application Support/Claude/claude_desktop_config.json",
    "windows": "AppData/Roaming/Claude/claude_desktop_config.json",
    "linux": ".config/Claude/claude_desktop_config.json",
}


@dataclasses.dataclass(frozen=True)
class Snippet:
    """`path` is below the home folder, or below a project's where `project`
    says so; `key` is "" where the page shows a reference."""
    system: str
    client: str
    path: str
    text: str
    published: str
    key: str
    platform: str = ""  # "": on all of them
    project: bool = False

    @property
    def id(self):
        """Names a test."""
        return f"{self.system}-{self.client}-{self.platform or 'any'}"


# Other words of the pages that a user replaces.
_OWN = {
    "YOUR_SUBDOMAIN": "acme",
    "your-instance.konstantly.com": "acme.konstantly.com",
    "your-kryton-instance": "notes.example.net",
    "your-kryton-host": "notes.example.net",
}


def _servers(name, server):
    return {"mcpServers": {name: server}}


def _npx(package, *more, **env):
    return {"command": "npx", "args": ["-y", package, *more], "env": env}


def _remote(url, name, value, **more):
    return {**more, "url": url, "headers": {name: value}}


class _Pages:
    def __init__(self, seed):
        self._seed = seed
        self.all = []

    def add(self, system, client, path, published, placeholder, *, platform="",
            project=False):
        if not isinstance(published, str):
            published = json.dumps(published, indent=2) + "\n"
        key = ""
        text = published
        if placeholder:
            assert published.count(placeholder) == 1, published
            keys = Keys(f"{self._seed} {len(self.all)}")
            key = keys.of(system)
            text = text.replace(placeholder, key)
        for word, own in _OWN.items():
            text = text.replace(word, own)
        self.all.append(Snippet(system, client, path, text, published, key,
                                platform, project))

    def desktop(self, platforms, system, published, placeholder):
        for platform in platforms:
            self.add(system, "claude-desktop", DESKTOP[platform], published,
                     placeholder, platform=platform)

    def typed(self, system, published, placeholder):
        self.add(system, "bash", ".bash_history", published + "\n",
                 placeholder)


def _kataven(pages):
    # docs.kataven.ai/sdks/mcp/tunneling; no client's file is printed anywhere.
    pages.typed("kataven", "npm install -g supergateway\n"
                "KATAVEN_API_KEY=sk_live_acme_... supergateway "
                '--stdio "kataven-mcp" --port 8080\nngrok http 8080',
                "sk_live_acme_...")


def _karzoun(pages):
    # KarzounApps/docs mcp-server/setup.
    local = _servers("karzoun", _npx(
        "@karzounchat/mcp-server",
        KARZOUN_API_URL="https://YOUR_SUBDOMAIN.api.karzoun.chat/graphql",
        KARZOUN_APP_TOKEN="YOUR_APP_TOKEN"))
    pages.desktop(["macos", "windows"], "karzoun", local, "YOUR_APP_TOKEN")
    pages.add("karzoun", "cursor", ".cursor/mcp.json", local, "YOUR_APP_TOKEN")
    pages.add("karzoun", "cursor", ".cursor/mcp.json", local, "YOUR_APP_TOKEN",
              project=True)
    hosted = "https://YOUR_SUBDOMAIN.api.karzoun.chat/mcp"
    pages.add("karzoun", "cursor", ".cursor/mcp.json", _servers(
        "karzoun-hosted", _remote(hosted, "x-app-token",
                                  "${env:KARZOUN_APP_TOKEN}")), "")
    pages.typed("karzoun", f"claude mcp add --transport http karzoun {hosted} "
                '--header "x-app-token: YOUR_APP_TOKEN"', "YOUR_APP_TOKEN")


def _konstantly(pages):
    # mcp.konstantly.com
    url = "https://your-instance.konstantly.com"
    local = _servers("konstantly", _npx(
        "@konstantly/mcp-server", KONSTANTLY_MCP_KEY="kmcp_...",
        KONSTANTLY_URL=url))
    pages.desktop(["macos", "windows"], "konstantly", local, "kmcp_...")
    pages.add("konstantly", "cursor", ".cursor/mcp.json", local, "kmcp_...")
    pages.typed("konstantly", "claude mcp add konstantly "
                f"--env KONSTANTLY_MCP_KEY=kmcp_... --env KONSTANTLY_URL={url} "
                "-- npx -y @konstantly/mcp-server", "kmcp_...")


def _corcava(pages):
    # corcava.com/mcp/resources/mcp-json-examples, /mcp/clients/continue,
    # /docs/integrations-extensions-public-api
    url = "https://mcp.corcava.com"
    word = "YOUR_API_KEY_HERE"
    remote = _remote(url, "Authorization", f"Bearer {word}")
    pages.desktop(DESKTOP, "corcava", _servers("corcava", _npx(
        "@modelcontextprotocol/server-http", url, CORCAVA_API_KEY=word)), word)
    pages.add("corcava", "cursor", ".cursor/mcp.json",
              _servers("corcava", remote), word)
    # To be pasted into the settings of Windsurf: no table around it.
    pages.add("corcava", "windsurf", ".codeium/windsurf/mcp_config.json",
              {"name": "corcava", **remote}, word)
    pages.add("corcava", "continue", ".continue/config.json", {"mcpServers": [
        {"name": "corcava", "transport": "sse", **remote}]}, word)
    pages.add("corcava", "continue", ".continue/config.json", {"mcpServers": [
        {"name": "corcava", "transport": _remote(
            "https://app.corcava.com/mcp", "Authorization",
            "Bearer YOUR_API_KEY", type="sse")}]}, "YOUR_API_KEY")
    pages.typed("corcava", 'curl -X GET "https://corcava.com/api/v1/projects" '
                '-H "Authorization: Bearer YOUR_API_KEY" '
                '-H "Accept: application/json"', "YOUR_API_KEY")


def _kryton(pages):
    # The page of API keys names no client; docs/API-ACCESS.md of the server
    # names two, with a path that neither of them reads; and the README of
    # kryton-mcp has the local form.
    def remote(host, key, **kind):
        return _servers("kryton", _remote(
            f"https://{host}/api/mcp", "Authorization", f"Bearer {key}",
            **kind))
    pages.add("kryton", "mcp-project", "mcp.json", remote(
        "your-kryton-host", "kryton_...", transport="streamable-http"),
        "kryton_...", project=True)
    typed = remote("your-kryton-instance", "kryton_your_key_here",
                   type="streamable-http")
    for client, path in [("claude-code", ".claude.json"),
                         ("claude-desktop",
                          ".claude/claude_desktop_config.json"),
                         ("cursor", ".cursor/mcp.json")]:
        pages.add("kryton", client, path, typed, "kryton_your_key_here")
    local = _servers("kryton", _npx(
        "@azrtydxb/kryton-mcp", KRYTON_URL="https://kryton.ai",
        KRYTON_TOKEN="kryton_..."))
    pages.desktop(DESKTOP, "kryton", local, "kryton_...")
    pages.add("kryton", "cline",
              ".cline/data/settings/cline_mcp_settings.json", local,
              "kryton_...")


def snippets(seed):
    """All of them, each with a key of its own."""
    pages = _Pages(seed)
    for system in (_kataven, _karzoun, _konstantly, _corcava, _kryton):
        system(pages)
    return pages.all
