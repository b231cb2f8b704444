#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares source/ignore.h with git, on random trees and ignore files.

usage: ignore_diff.py DRIVER [SCENES [FIRST_SEED]]

DRIVER is the program made of ignore_driver.cc. For every scene a repository
with a few ignore files is made, and both are asked about every path in it: is
it ignored, and by which file, line and pattern. They must give the same bytes.
There is no deliberate difference: core.ignoreCase is switched off because the
tool always tells case apart, and `.ignore` files are not git's.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile

NAMES = ["a", "b", "ab", "ba", "aa", "abc", "A", "a.b", ".a", "a b", "a ", " ",
         "[a]", "!a", "#a", "a*", "*", "**", "?", "\\", "a\\b", "-", "]", "^",
         "b-c", "a]", "0", "9z", "_", "\t", "a\r", "\u00e9", "\x01", "[:", ":"]
PIECES = ["a", "b", "c", "ab", "*", "**", "***", "?", "/", "/", "**/", "/**",
          "/**/", "**\\/", "/**\\/", "[", "]", "[a]", "[!a]", "[^b]", "[a-c]", "[]a]", "[!]a]",
          "[a\\]]", "[\\a-c]", "[a-\\c]", "[-a]", "[a-]", "[c-a]", "[[:alpha:]]",
          "[[:digit:]a]", "[[:nope:]]", "[[:alpha:]", "[[:]", "[[:a]]", "[::]",
          "[[::]]", "[a/b]", "[/]", "[*]", "[?]", "[[]", "\\", "\\a", "\\*",
          "\\/", "\\ ", "\\\\", "\\[", "!", "#", " ", "-", "^", ".", ":", "\t",
          "\u00e9", "[\u00e9]", "[[:space:]]", "[[:punct:]]", "[!-~]", "\r"]
EDGES = ["", "!", "/", "!/", "//", "#", "\\#a", "\\!a", "!!a", "**", "/**",
         "**/", "/", "*/", "a/", "/a", "a//", "a/**/", "**/a/**", "a**/b",
         "**a/b", "a/**b", "a**", "/a**", "***/b", "\\", "a\\", "a/\\", "[",
         "a\0b", "\0", " ", "  ", "a  ", "a\\ ", "a\\  ", "a\\\\ ", "a \\"]


def random_pattern(rng, names):
    kind = rng.random()
    if kind < 0.15:
        text = rng.choice(EDGES)
    elif kind < 0.45:  # near to a path of the tree
        text = rng.choice(names)
        for _ in range(rng.randint(0, 2)):
            at = rng.randint(0, len(text))
            text = text[:at] + rng.choice(PIECES) + text[at + rng.randint(0, 2):]
    else:
        text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 6)))
    if rng.random() < 0.3:
        text = "!" + text
    if rng.random() < 0.2:
        text += "/"
    if rng.random() < 0.1:
        text = "/" + text
    if rng.random() < 0.05:
        text += " " * rng.randint(1, 2)
    return text.replace("\n", "")


def random_file(rng, names):
    lines = [random_pattern(rng, names) for _ in range(rng.randint(1, 6))]
    end = rng.choice(["\n", "\n", "\n", "\r\n"])
    text = end.join(lines) + rng.choice(["", end, "\r"])
    return (b"\xef\xbb\xbf" if rng.random() < 0.05 else b"") + text.encode()


def random_tree(rng):
    """Paths with whether each is a directory, parents first."""
    tree = {}
    for _ in range(rng.randint(4, 14)):
        parts = [rng.choice(NAMES if rng.random() < 0.4 else NAMES[:6])
                 for _ in range(rng.randint(1, 4))]
        above = ["/".join(parts[:n]) for n in range(1, len(parts))]
        if any(tree.get(path) is False for path in above):
            continue
        for path in above:
            tree[path] = True
        tree.setdefault("/".join(parts), rng.random() < 0.2)
    return tree


def record(kind, first, second=b""):
    return b"%s %d %d\n%s%s" % (kind, len(first), len(second), first, second)


def ask_git(paths, repository, environment):
    # With `./` before it no path looks like a pathspec with magic (`:x`).
    answer = subprocess.run(
        ["git", "check-ignore", "-v", "-n", "-z", "--no-index", "--stdin"],
        cwd=repository, env=environment, check=False, stdout=subprocess.PIPE,
        input=b"".join(b"./" + path + b"\0" for path in paths))
    if answer.returncode not in (0, 1):
        sys.exit("git check-ignore failed")
    fields = answer.stdout.split(b"\0")
    for index in range(3, len(fields), 4):
        fields[index] = fields[index][2:]
    return b"\0".join(fields)


def run_scene(seed, repository, driver, environment):
    rng = random.Random(seed)
    for entry in os.listdir(repository):
        if entry != ".git":
            path = os.path.join(repository, entry)
            (shutil.rmtree if os.path.isdir(path) else os.unlink)(path)
    tree = random_tree(rng)
    names = list(tree)
    directories = [path for path in names if tree[path]]
    for path in names:
        target = os.path.join(repository, path)
        if tree[path]:
            os.mkdir(target)
        else:
            open(target, "wb").close()

    exclude = random_file(rng, names) if rng.random() < 0.2 else b""
    with open(os.path.join(repository, ".git/info/exclude"), "wb") as out:
        out.write(exclude)
    records = [record(b"exclude", b".git/info/exclude", exclude)]
    chosen = rng.sample(directories, min(len(directories), rng.randint(0, 3)))
    for directory in ([""] if rng.random() < 0.9 else []) + chosen:
        text = random_file(rng, names)
        path = os.path.join(repository, directory, ".gitignore")
        with open(path, "wb") as out:
            out.write(text)
        records.append(record(b"ignore", directory.encode(), text))
    for path in names:
        records.append(record(b"dir" if tree[path] else b"file",
                              path.encode()))

    answer = ask_git([path.encode() for path in names], repository, environment)
    ours = subprocess.run([driver], check=True, stdout=subprocess.PIPE,
                          input=b"".join(records))
    if answer == ours.stdout:
        return len(names), 0
    fields = zip(*[iter(answer.split(b"\0"))] * 4)
    our_fields = zip(*[iter(ours.stdout.split(b"\0"))] * 4)
    wrong = 0
    for git_says, we_say in zip(fields, our_fields):
        if git_says != we_say:
            wrong += 1
            print("seed %d: git %r, ours %r" % (seed, git_says, we_say))
    return len(names), max(wrong, 1)


def check_every_byte(repository, driver, environment):
    """Every named set, with and without `!`, against every byte of a name."""
    sets = ["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower",
            "print", "punct", "space", "upper", "xdigit"]
    classes = ["[[:%s:]]" % s for s in sets] + ["[![:%s:]]" % s for s in sets]
    classes += ["[a-z]", "[!a-z]", "[^a-z]", "[\x01-\x1f]", "?", "*"]
    names = [bytes([b]) for b in range(1, 256) if b not in b"/."]
    paths = []
    records = []
    for number, pattern in enumerate(classes):
        directory = "every%d" % number
        os.mkdir(os.path.join(repository, directory))
        with open(os.path.join(repository, directory, ".gitignore"), "w",
                  encoding="ascii") as out:
            out.write(pattern + "\n")
        records.append(record(b"ignore", directory.encode(),
                              pattern.encode() + b"\n"))
        paths += [directory.encode() + b"/" + name for name in names]
    records += [record(b"file", path) for path in paths]
    answer = ask_git(paths, repository, environment)
    ours = subprocess.run([driver], check=True, stdout=subprocess.PIPE,
                          input=b"".join(records))
    same = answer == ours.stdout and answer.count(b"\0") > 0
    if not same:
        print("the named sets differ")
    return len(paths), 0 if same else 1


def main():
    driver = os.path.abspath(sys.argv[1])
    scenes = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith("GIT_")}
    environment.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1",
                       LC_ALL="C.UTF-8")
    with tempfile.TemporaryDirectory() as repository:
        # So that a repository around it is never looked at.
        environment["GIT_CEILING_DIRECTORIES"] = repository
        environment["HOME"] = repository
        for command in (["init", "-q"], ["config", "core.ignoreCase", "false"]):
            subprocess.run(["git"] + command, cwd=repository, env=environment,
                           check=True)
        asked, wrong = check_every_byte(repository, driver, environment)
        for seed in range(first, first + scenes):
            more, bad = run_scene(seed, repository, driver, environment)
            asked += more
            wrong += bad
    print("%d paths in %d scenes, %d differ" % (asked, scenes, wrong))
    return 1 if wrong or asked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
