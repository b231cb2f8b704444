#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times `keytidy audit` over a home folder of 100,000 files, of which 2,000
matter, against `rg --files` over the same folder, in turns.

    KEYTIDY=build/release/keytidy tests/bench/audit_bench.py [RUNS]

Needs ripgrep. The home folder is made by tests/cli/homes.py (every client's
file), plus 300 projects, 600 transcripts and 98,000 files that nobody reads."""

import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
os.environ.setdefault("KEYTIDY_SOURCE", str(HERE.parent.parent))
sys.path.insert(0, str(HERE.parent / "cli"))
import homes  # noqa: E402

PROJECTS = 300
TRANSCRIPTS = 600


def make(root):
    homes.build(root, "linux", 7, keys=True)
    for a in range(70):
        for b in range(14):
            folder = root / "src" / f"p{a}" / f"d{b}"
            folder.mkdir(parents=True)
            for c in range(100):
                (folder / f"f{c}.txt").write_text("x" * 200)
    projects = {}
    server = {"command": "npx", "args": ["-y", "server@1.2.3"],
              "env": {"K": "${K}"}}
    for i in range(PROJECTS):
        project = root / "code" / f"project{i}"
        for name, text in {
                ".env": "A=1\nB=2\n" * 20,
                ".mcp.json": json.dumps({"mcpServers": {"a": server}}),
                ".cursor/mcp.json": '{"mcpServers": {}}',
                ".vscode/mcp.json": '{"servers": {}}'}.items():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            (project / name).write_text(text)
        projects[str(project)] = {}
    for i in range(TRANSCRIPTS):
        folder = root / ".claude" / "projects" / f"x{i % 30}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"s{i}.jsonl").write_text("".join(
            json.dumps({"n": n, "message": "hello world " * 20}) + "\n"
            for n in range(100)))
    settings = root / ".claude.json"
    value = json.loads(settings.read_text())
    value.setdefault("projects", {}).update(projects)
    settings.write_text(json.dumps(value))


def seconds(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "home"
        root.mkdir(mode=0o700)
        make(root)
        audit = [os.environ["KEYTIDY"], "audit", "--root", str(root)]
        report = json.loads(subprocess.run(
            audit + ["-f", "json"], capture_output=True, check=False).stdout)
        peer = ["rg", "--files", "-uuu", str(root)]
        seconds(audit), seconds(peer)
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(seconds(audit))
            theirs.append(seconds(peer))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        ratios = [a / b for a, b in zip(ours, theirs)]
        print(f"files read: {report['coverage']['files']}, "
              f"keys: {report['audit']['keys']}")
        print(f"keytidy audit: {statistics.median(ours) * 1000:.0f} ms, "
              f"rg --files: {statistics.median(theirs) * 1000:.0f} ms, "
              f"ratio {statistics.median(ratios):.2f} "
              f"({min(ratios):.2f} to {max(ratios):.2f})")
        print(f"peak memory of either: {peak / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
