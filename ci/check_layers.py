#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the layers of src/ (docs/design.md): a file includes only its own
folder and lower levels; each third-party header stays in its folder; Reveal()
is called only where a key may be looked at."""

import pathlib
import re
import sys

LEVELS = [
    ["base"],
    ["core"],
    ["config", "pack"],
    ["rules", "git", "clients", "inventory", "verify", "policy", "report"],
    ["match", "source", "rotate", "import"],
    ["scan", "check"],
    ["audit"],
    ["cli"],
]
LEVEL = {folder: i for i, folders in enumerate(LEVELS) for folder in folders}

# Header prefix -> the folders that may include it.
THIRD_PARTY = {
    "openssl/": ["base"],
    "toml++/": ["config"],
    "yaml-cpp/": ["config"],
    "nlohmann/": ["config", "verify", "report", "rotate"],
    "libdeflate": ["pack"],
    "zlib": ["pack"],
    "git2": ["git"],
    "sqlite3": ["inventory"],
    "libpq": ["inventory"],
    "curl/": ["verify"],
    "hs/": ["match"],
    "re2/": ["match"],
    "archive": ["source"],
    "CLI/": ["cli"],
}
REVEAL = ["match", "verify", "core"]


def problems(path, folder, text):
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{number}"
        quoted = re.match(r'\s*#include\s+"([^"]+)"', line)
        if quoted:
            target = quoted.group(1).split("/")[0]
            if target not in LEVEL:
                yield f'{where}: "{quoted.group(1)}" is in no known folder'
            elif folder in LEVEL and target != folder:
                if LEVEL[target] >= LEVEL[folder]:
                    yield (f"{where}: {folder}/ (level {LEVEL[folder]}) "
                           f"includes {target}/ (level {LEVEL[target]})")
        angled = re.match(r"\s*#include\s+<([^>]+)>", line)
        if angled and folder in LEVEL:
            for prefix, folders in THIRD_PARTY.items():
                if angled.group(1).startswith(prefix) and folder not in folders:
                    yield (f"{where}: <{angled.group(1)}> belongs in "
                           f"{', '.join(folders)}")
        if "Reveal()" in line and folder not in REVEAL:
            yield f"{where}: Reveal() outside {', '.join(REVEAL)}"


def main():
    top = pathlib.Path(__file__).resolve().parent.parent / "src"
    found = []
    files = sorted(p for p in top.rglob("*") if p.suffix in (".cc", ".h"))
    for path in files:
        relative = path.relative_to(top)
        folder = relative.parts[0] if len(relative.parts) > 1 else ""
        found += problems(relative, folder, path.read_text(encoding="utf-8"))
    for line in found:
        print(line)
    print(f"layers: {len(files)} files, {len(found)} problems")
    return 1 if found or not files else 0


sys.exit(main())
