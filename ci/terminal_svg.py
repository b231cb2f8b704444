#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what a terminal shows as SVG, for the documentation.

    keytidy audit --color always … | ci/terminal_svg.py 'keytidy audit' > x.svg

Knows the few colours that keytidy uses. The text stays text: it can be read
out, searched and copied. Light and dark follow the reader's own setting."""

import html
import re
import sys

WIDTH = 8.4   # of a character at 14 px
HEIGHT = 20.0
PAD = 20
CLASSES = {"1": "b", "2": "d", "1;31": "r", "1;32": "g", "1;33": "y",
           "31": "r", "32": "g", "33": "y", "36": "c", "1;36": "c"}
STYLE = """
.page { fill: #fbfbfa; stroke: #d8d8d4 }
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
       fill: #24292e; white-space: pre }
.b { font-weight: 700 } .d { fill: #6a737d }
.r { fill: #b3261e; font-weight: 700 } .g { fill: #1a6e2e; font-weight: 700 }
.y { fill: #8a5a00; font-weight: 700 } .c { fill: #0b6077 }
@media (prefers-color-scheme: dark) {
  .page { fill: #16181c; stroke: #2c3038 } text { fill: #d6dae0 }
  .d { fill: #8b949e } .r { fill: #ff8a80 } .g { fill: #7ee29b }
  .y { fill: #e8c268 } .c { fill: #7fd3e6 }
}
"""


def spans(line, state):
    """(class, text) of a line with colour sequences; `state` goes on from line
    to line."""
    name = state[0]
    for i, part in enumerate(re.split(r"\x1b\[([0-9;]*)m", line)):
        if i % 2:
            name = CLASSES.get(part, "")
        elif part:
            yield name, part
    state[0] = name


def draw(command, text):
    lines = [f"\x1b[2m$\x1b[0m {command}", ""] + text.rstrip("\n").split("\n")
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    width = max(80, max(len(line) for line in plain)) * WIDTH + 2 * PAD
    height = len(lines) * HEIGHT + 2 * PAD
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" role="img" '
           f'aria-label="{html.escape(command)}" '
           f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}">',
           f"<style>{STYLE}</style>",
           f'<rect class="page" x=".5" y=".5" width="{width - 1:.0f}" '
           f'height="{height - 1:.0f}" rx="8"/>']
    state = [""]
    for number, line in enumerate(lines):
        y = PAD + (number + 0.75) * HEIGHT
        parts = []
        column = 0
        for name, part in spans(line, state):
            x = PAD + column * WIDTH
            kind = f' class="{name}"' if name else ""
            parts.append(f'<tspan x="{x:.1f}"{kind}>{html.escape(part)}</tspan>')
            column += len(part)
        out.append(f'<text y="{y:.1f}" xml:space="preserve">{"".join(parts)}'
                   "</text>")
    out.append("</svg>")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    sys.stdout.write(draw(sys.argv[1], sys.stdin.read()))
