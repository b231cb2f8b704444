#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares src/pack with git, in every form in which git stores objects.

usage: pack_diff.py DRIVER [SCENE ...]

DRIVER is the program made of pack_driver.cc. A scene is one of the functions
below without its `scene_`; all are run when none is named. Three kinds:

- what git wrote: the driver must print what `git cat-file` says, from a walk
  over the packs and from reading each object alone;
- what was damaged, in every byte: what the driver still makes must be right,
  and what it does not make it must name;
- what git would never write, from the small writer in this file: the driver
  must end, in bounded memory, with bounded work, and name what it leaves out.
"""

import functools
import hashlib
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

DRIVER = os.path.abspath(sys.argv[1])
MEMORY = 2 << 30  # of address space, for hostile packs
BLOB, OFFSET_DELTA, ID_DELTA = 3, 6, 7


class Wrong(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Scene:
    """A temporary folder with repositories; git knows no other settings."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith("GIT_")}
        self.env.update(
            HOME=folder, GIT_CONFIG_GLOBAL="/dev/null", LC_ALL="C.UTF-8",
            GIT_CONFIG_NOSYSTEM="1", GIT_CEILING_DIRECTORIES=folder, TZ="UTC")
        for who in ("AUTHOR", "COMMITTER"):
            self.env["GIT_%s_NAME" % who] = "A"
            self.env["GIT_%s_EMAIL" % who] = "a@example.org"
            self.env["GIT_%s_DATE" % who] = "1700000000 +0000"

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def git(self, repo, *words, data=None):
        return subprocess.run(
            ["git", "-c", "gc.auto=0", "-c", "protocol.file.allow=always"] +
            list(words), cwd=self.path(repo), env=self.env, check=True,
            input=data, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL).stdout

    def init(self, repo, *options):
        os.mkdir(self.path(repo))
        self.git(repo, "init", "-q", "-b", "main", *options)
        return repo

    def write(self, repo, name, data):
        with open(self.path(repo, name), "wb") as out:
            out.write(data)

    def blob(self, repo, data):
        return self.git(repo, "hash-object", "-w", "--stdin",
                        data=data).decode().strip()

    def history(self, repo, commits=25):
        """Two files that grow and change, in `commits` commits."""
        rng = random.Random(7)
        lines = ["line %d %d" % (i, rng.random() * 1e9) for i in range(150)]
        for number in range(commits):
            lines[rng.randrange(len(lines))] = "changed in %d" % number
            lines.append("added in %d" % number)
            self.write(repo, "a.txt", "\n".join(lines).encode())
            self.write(repo, "b.txt", "\n".join(lines[::-1]).encode())
            self.git(repo, "add", "-A")
            self.git(repo, "commit", "-qm", "number %d" % number)
        return repo

    def objects(self, repo):
        for below in (".git/objects", "objects"):
            if os.path.isdir(self.path(repo, below)):
                return self.path(repo, below)
        raise Wrong("no object folder")

    def packs(self, repo, end=".pack"):
        folder = os.path.join(self.objects(repo), "pack")
        return sorted(os.path.join(folder, name)
                      for name in os.listdir(folder) if name.endswith(end))

    def truth(self, repo):
        """What git says: {id: "type size sha256"}."""
        said = self.git(repo, "cat-file", "--batch-all-objects", "--batch")
        out = {}
        at = 0
        while at < len(said):
            end = said.index(b"\n", at)
            name, kind, size = said[at:end].decode().split()
            content = said[end + 1:end + 1 + int(size)]
            out[name] = "%s %s %s" % (kind, size, sha256(content))
            at = end + 2 + int(size)
        return out


class Answer:
    def __init__(self, stdout, stderr):
        rows = [line.split(" ", 1) for line in stdout.decode().splitlines()]
        self.made = {row[0]: row[1] for row in rows}
        if len(self.made) != len(rows) or rows != sorted(rows):
            raise Wrong("ids out of order or twice")
        self.failed = {}
        self.skipped = []
        self.noted = []
        self.visits = 0
        for line in stderr.decode().splitlines():
            word, rest = line.split(" ", 1)
            if word == "failed":
                name, reason = rest.split(" ", 1)
                self.failed[name] = reason
            elif word == "visits":
                self.visits = int(rest)
            else:
                {"skipped": self.skipped, "noted": self.noted}[word].append(
                    rest)


@functools.lru_cache
def can_limit():
    """Not where the driver is built with a sanitizer: those reserve more."""
    return subprocess.run(["prlimit", "--as=%d" % MEMORY, DRIVER], check=False,
                          stderr=subprocess.DEVNULL).returncode == 2


def ask(objects, *options, memory=None, seconds=60):
    limit = ["prlimit", "--as=%d" % memory] if memory and can_limit() else []
    run = subprocess.run(limit + [DRIVER, objects] + list(options),
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         check=False, timeout=seconds)
    if run.returncode != 0:
        raise Wrong("exit code %d: %s" % (run.returncode,
                                          run.stderr[-400:].decode()))
    return Answer(run.stdout, run.stderr)


def expect(what, got, wanted):
    if got != wanted:
        raise Wrong("%s: %r, not %r" % (what, got, wanted))


def both(objects, *options, memory=None):
    return (ask(objects, *options, memory=memory),
            ask(objects, "--read", *options, memory=memory))


def same(scene, repo, *options, truth=None, quiet=True, least=1):
    """The driver makes just what git has, both ways."""
    wanted = scene.truth(repo) if truth is None else truth
    if len(wanted) < least:
        raise Wrong("git has %d objects only" % len(wanted))
    for answer in both(scene.objects(repo), *options):
        if answer.made != wanted:
            differ = set(answer.made.items()) ^ set(wanted.items())
            raise Wrong("%d lines differ: %s" % (len(differ),
                                                 sorted(differ)[:3]))
        expect("failed", answer.failed, {})
        if quiet:
            expect("skipped", answer.skipped + answer.noted, [])
    return answer


# --- what git wrote ---

def scene_loose(scene):
    same(scene, scene.history(scene.init("r")), least=100)


def scene_one_pack(scene):
    repo = scene.history(scene.init("r"))
    scene.git(repo, "repack", "-adfq")
    expect("packs", len(scene.packs(repo)), 1)
    same(scene, repo, least=100)


def scene_long_chains(scene):
    repo = scene.history(scene.init("r"), 60)
    scene.git(repo, "repack", "-adfq", "--depth=50", "--window=50")
    expect("packs", len(scene.packs(repo)), 1)
    same(scene, repo, least=200)


def all_ids(scene, repo):
    return "\n".join(scene.truth(repo)).encode() + b"\n"


def repacked(scene, repo, *options, index=None):
    """A bare repository with one pack of all objects of `repo`."""
    other = scene.init("repacked%d" % len(os.listdir(scene.folder)), "--bare")
    pack = scene.git(repo, "pack-objects", "--stdout", *options,
                     data=all_ids(scene, repo))
    path = os.path.join(scene.objects(other), "pack", "pack-" + "1" * 40)
    with open(path + ".pack", "wb") as out:
        out.write(pack)
    scene.git(other, "index-pack", *(index or []), "-o", path + ".idx",
              path + ".pack")
    return other


def scene_id_deltas(scene):
    repo = scene.history(scene.init("r"))
    other = repacked(scene, repo)
    with open(scene.packs(other)[0], "rb") as pack:
        kinds = entry_kinds(pack.read(), scene.packs(other, ".idx")[0])
    if ID_DELTA not in kinds or OFFSET_DELTA in kinds:
        raise Wrong("not the deltas that were wanted: %s" % kinds)
    same(scene, other, truth=scene.truth(repo), least=100)


def entry_kinds(pack, index):
    with open(index, "rb") as file:
        table = file.read()
    count = struct.unpack_from(">I", table, 8 + 1020)[0]
    offsets = struct.unpack_from(">%dI" % count, table,
                                 8 + 1024 + 24 * count)
    return {pack[offset] >> 4 & 7 for offset in offsets}


def scene_index_version_1(scene):
    repo = scene.history(scene.init("r"))
    other = repacked(scene, repo, "--delta-base-offset",
                     index=["--index-version=1"])
    with open(scene.packs(other, ".idx")[0], "rb") as index:
        if index.read(4) == b"\xfftOc":
            raise Wrong("not version 1")
    same(scene, other, least=100)
    scene.git(repo, "config", "pack.indexVersion", "1")
    scene.git(repo, "repack", "-adfq")
    same(scene, repo, least=100)


def scene_large_offsets(scene):
    repo = scene.history(scene.init("r"))
    other = repacked(scene, repo, "--delta-base-offset",
                     index=["--index-version=2,0x100"])
    same(scene, other, least=100)
    for path in scene.packs(other, ".idx"):
        with open(path, "rb") as file:
            table = file.read()
        count = struct.unpack_from(">I", table, 8 + 1020)[0]
        if len(table) <= 8 + 1024 + 28 * count + 40:
            raise Wrong("no large offsets")


def several_packs(scene):
    repo = scene.init("r")
    for part in range(3):
        scene.history(repo, 8)
        scene.write(repo, "part", b"%d" % part)
        scene.git(repo, "add", "-A")
        scene.git(repo, "commit", "-qm", "part")
        scene.git(repo, "repack", "-dq")
    expect("packs", len(scene.packs(repo)), 3)
    return repo


def scene_several_packs(scene):
    repo = several_packs(scene)
    scene.blob(repo, b"and a loose one")
    same(scene, repo, least=60)


def scene_twice_and_loose(scene):
    repo = scene.history(scene.init("r"))
    truth = scene.truth(repo)
    scene.git(repo, "repack", "-aq")  # the loose ones stay
    half = "\n".join(sorted(truth)[::2]).encode() + b"\n"
    scene.git(repo, "pack-objects", "-q",
              os.path.join(scene.objects(repo), "pack", "pack"), data=half)
    expect("packs", len(scene.packs(repo)), 2)
    same(scene, repo, truth=truth, least=100)


def scene_multi_pack_index(scene):
    repo = several_packs(scene)
    scene.blob(repo, b"loose")
    truth = scene.truth(repo)
    scene.git(repo, "multi-pack-index", "write")
    same(scene, repo, truth=truth, least=60)
    index = scene.packs(repo, ".idx")[1]
    os.rename(index, scene.path("kept"))
    answer = same(scene, repo, truth=truth, quiet=False)
    expect("skipped", [line.split(" ")[0] for line in answer.skipped], [index])
    with open(index, "wb") as out:  # there, but not right
        out.write(b"\xfftOc" + bytes(2000))
    same(scene, repo, truth=truth, quiet=False)
    os.unlink(index)

    multi = os.path.join(scene.objects(repo), "pack", "multi-pack-index")
    with open(multi, "rb") as file:
        data = bytearray(file.read())
    data[len(data) // 2] ^= 1
    os.chmod(multi, 0o600)
    with open(multi, "wb") as out:
        out.write(data)
    for answer in both(scene.objects(repo)):
        expect("skipped", [line.split(" ")[0] for line in answer.skipped],
               [index])
        expect("noted", [line.split(" ")[0] for line in answer.noted], [multi])
        if not answer.made.items() < truth.items():
            raise Wrong("too much")
    os.rename(scene.path("kept"), index)
    for answer in both(scene.objects(repo)):
        expect("made", answer.made, truth)
        expect("noted", [line.split(" ")[0] for line in answer.noted], [multi])


def scene_alternates(scene):
    lender = scene.history(scene.init("work"), 5)
    for name in ("first", "second", "third"):
        scene.init(name, "--bare")
        scene.blob(name, name.encode())
    scene.git(lender, "repack", "-adq")
    links = {"third": "# a comment\n\n%s\n" % scene.path("work/.git/objects"),
             "second": "../../third/objects/\n",
             "first": "../../second/objects\n# end"}
    for name, text in links.items():
        scene.write(name, "objects/info/alternates", text.encode())
    truth = scene.truth("first")
    expect("borrowed", len(truth), len(scene.truth("work")) + 3)
    same(scene, "first", truth=truth, least=15)
    # What is not there is named.
    scene.write("third", "objects/info/alternates", b"/nowhere/at/all\n")
    for answer in both(scene.objects("first")):
        expect("made", len(answer.made), 3)
        expect("skipped", [line.split(" ")[0] for line in answer.skipped],
               ["/nowhere/at/all"])


def scene_sha256(scene):
    repo = scene.history(scene.init("r", "--object-format=sha256"), 10)
    same(scene, repo, "--kind", "sha256", least=30)
    scene.git(repo, "repack", "-adfq")
    scene.blob(repo, b"loose")
    same(scene, repo, "--kind", "sha256", least=30)


def scene_empty(scene):
    for answer in both(scene.objects(scene.init("r"))):
        expect("made", answer.made, {})
        expect("skipped", answer.skipped, [])


def scene_shallow_and_partial(scene):
    repo = scene.history(scene.init("r"), 12)
    scene.git(repo, "config", "uploadpack.allowFilter", "true")
    source = "file://" + scene.path(repo)
    scene.git(".", "clone", "-q", "--depth=3", source, "shallow")
    same(scene, "shallow", least=9)
    scene.git(".", "clone", "-q", "--bare", "--filter=blob:none", source,
              "partial")
    same(scene, "partial", least=24)


def scene_large_blobs(scene):
    repo = scene.init("r")
    rng = random.Random(1)
    scene.git(repo, "config", "core.compression", "1")
    scene.blob(repo, rng.randbytes(80 << 20))
    scene.blob(repo, b"the same again and again\n" * (40 << 20 >> 4))
    scene.blob(repo, b"")
    truth = scene.truth(repo)
    same(scene, repo, truth=truth, least=3)
    pack = scene.git(repo, "pack-objects", "-q", "--window=0",
                     ".git/objects/pack/pack", data=all_ids(scene, repo))
    scene.git(repo, "prune-packed", "-q")
    if not pack or not scene.packs(repo):
        raise Wrong("not packed")
    same(scene, repo, truth=truth)


def scene_tags_and_empty_blobs(scene):
    repo = scene.history(scene.init("r"), 2)
    scene.write(repo, "empty", b"")
    scene.git(repo, "add", "-A")
    scene.git(repo, "commit", "-qm", "empty")
    scene.git(repo, "tag", "-a", "-m", "one", "one")
    scene.git(repo, "tag", "-a", "-m", "two", "two", "one")
    scene.git(repo, "tag", "-a", "-m", "of a blob", "three", "HEAD:empty")
    truth = scene.truth(repo)
    expect("tags", sum(line.startswith("tag ") for line in truth.values()), 3)
    same(scene, repo, truth=truth)
    scene.git(repo, "repack", "-adfq")
    same(scene, repo, truth=truth)


# --- what was damaged ---

def damages(scene, repo, path):
    with open(path, "rb") as file:
        size = len(file.read())
    lines = ["cut %d" % n for n in range(size)]
    for at in range(size):
        lines += ["flip %d %d" % (at, 1 << at % 8), "flip %d 255" % at]
    os.chmod(path, 0o600)
    run = subprocess.run([DRIVER, scene.objects(repo), "--damage", path],
                         input="\n".join(lines).encode(), check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if run.returncode != 0:
        raise Wrong("%s: %d: %s %s" % (
            path, run.returncode, run.stdout[-600:].decode(),
            run.stderr[-400:].decode()))
    expect("damages", int(run.stdout.split()[0]), 3 * size)
    return int(run.stdout.split()[2])


def small(scene, *options, index=None):
    """A pack of 12 objects, three of them deltas in a chain."""
    repo = scene.init("small")
    rng = random.Random(3)
    text = [b"%d" % rng.randrange(10 ** 6) for _ in range(24)]
    for number in range(4):
        text[number] = b"x%d" % number
        scene.write(repo, "f", b" ".join(text + [b"."] * number))
        scene.git(repo, "add", "-A")
        scene.git(repo, "commit", "-qm", str(number))
    expect("objects", len(scene.truth(repo)), 12)
    return repacked(scene, repo, *options, index=index)


def scene_damaged_pack(scene):
    repo = small(scene, "--delta-base-offset")
    with open(scene.packs(repo)[0], "rb") as pack:
        kinds = entry_kinds(pack.read(), scene.packs(repo, ".idx")[0])
    expect("kinds", kinds, {1, 2, BLOB, OFFSET_DELTA})
    damages(scene, repo, scene.packs(repo)[0])
    damages(scene, repo, scene.packs(repo, ".idx")[0])


def scene_damaged_id_deltas(scene):
    repo = small(scene)
    with open(scene.packs(repo)[0], "rb") as pack:
        kinds = entry_kinds(pack.read(), scene.packs(repo, ".idx")[0])
    expect("kinds", kinds, {1, 2, BLOB, ID_DELTA})
    damages(scene, repo, scene.packs(repo)[0])


def scene_damaged_version_1(scene):
    repo = small(scene, "--delta-base-offset", index=["--index-version=1"])
    damages(scene, repo, scene.packs(repo)[0])
    damages(scene, repo, scene.packs(repo, ".idx")[0])


def scene_damaged_fallback(scene):
    repo = small(scene, "--delta-base-offset")
    scene.git(repo, "multi-pack-index", "write")
    os.unlink(scene.packs(repo, ".idx")[0])
    folder = os.path.join(scene.objects(repo), "pack")
    damages(scene, repo, os.path.join(folder, "multi-pack-index"))
    damages(scene, repo, scene.packs(repo)[0])


def scene_damaged_loose(scene):
    repo = scene.init("r")
    for text in (b"", b"a blob of some text " * 7):
        name = scene.blob(repo, text)
        path = os.path.join(scene.objects(repo), name[:2], name[2:])
        damages(scene, repo, path)


# --- what git would never write ---

def head(kind, size):
    out = bytearray()
    byte = kind << 4 | size & 15
    size >>= 4
    while size:
        out.append(byte | 128)
        byte = size & 127
        size >>= 7
    out.append(byte)
    return bytes(out)


def distance(number):
    out = bytearray([number & 127])
    while number >> 7:
        number = (number >> 7) - 1
        out.insert(0, 128 | number & 127)
    return bytes(out)


def size_of(number):
    out = bytearray()
    while number >= 128:
        out.append(128 | number & 127)
        number >>= 7
    return bytes(out + bytes([number]))


def copy(start, size):
    return (b"\xff" + struct.pack("<I", start) +
            struct.pack("<I", size)[:3])


def delta(base, result, body):
    return size_of(base) + size_of(result) + body


class Hostile:
    """A pack entry by entry, with the index that git would make of it."""

    def __init__(self, scene):
        self.scene = scene
        self.entries = []  # (id, offset, bytes)
        self.offset = 12
        self.wanted = {}
        self.broken = set()

    def raw(self, data, name, offset=None):
        self.entries.append((name, self.offset if offset is None else offset,
                             data))
        at = self.offset
        self.offset += len(data)
        return at

    def name(self, content, good=True):
        name = hashlib.sha1(b"blob %d\0" % len(content) + content).digest()
        if good:
            self.wanted[name.hex()] = "blob %d %s" % (len(content),
                                                      sha256(content))
        else:
            self.broken.add(name.hex())
        return name

    def whole(self, content):
        name = self.name(content)
        return self.raw(head(BLOB, len(content)) + zlib.compress(content, 9),
                        name), name

    def from_offset(self, back_to, text, name):
        return self.raw(head(OFFSET_DELTA, len(text)) +
                        distance(self.offset - back_to) +
                        zlib.compress(text, 9), name)

    def from_id(self, base, text, name):
        return self.raw(head(ID_DELTA, len(text)) + base +
                        zlib.compress(text, 9), name)

    def lost(self):
        """A name for what cannot be made."""
        return self.name(b"lost %d" % len(self.entries), good=False)

    def save(self, garbage=b""):
        repo = self.scene.init("hostile", "--bare")
        path = os.path.join(self.scene.objects(repo), "pack",
                            "pack-" + "2" * 40)
        pack = b"PACK" + struct.pack(">II", 2, len(self.entries))
        pack += b"".join(data for _, _, data in self.entries) + garbage
        pack += hashlib.sha1(pack).digest()
        rows = sorted(self.entries)
        fan_out = []
        count = 0
        for first in range(256):
            while count < len(rows) and rows[count][0][0] <= first:
                count += 1
            fan_out.append(count)
        large = [offset for _, offset, _ in rows if offset >= 1 << 31]
        offsets = [offset if offset < 1 << 31
                   else 1 << 31 | large.index(offset) for _, offset, _ in rows]
        index = b"\xfftOc\0\0\0\2" + struct.pack(">256I", *fan_out)
        index += b"".join(name for name, _, _ in rows)
        index += b"".join(struct.pack(">I", zlib.crc32(data))
                          for _, _, data in rows)
        index += b"".join(struct.pack(">I", offset) for offset in offsets)
        index += b"".join(struct.pack(">Q", offset) for offset in large)
        index += pack[-20:]
        index += hashlib.sha1(index).digest()
        for end, data in ((".pack", pack), (".idx", index)):
            with open(path + end, "wb") as out:
                out.write(data)
        return self.scene.objects(repo)

    def check(self, *options, garbage=b"", visits=None, ways=("walk", "read")):
        objects = self.save(garbage)
        for way in ways:
            read = ["--read"] if way == "read" else []
            answer = ask(objects, *read, *options, memory=MEMORY)
            expect("made", answer.made, self.wanted)
            expect("failed", set(answer.failed), self.broken)
            expect("skipped", answer.skipped, [])
            if way == "walk" and answer.visits > (
                    visits or 2 * len(self.entries)):
                raise Wrong("%d visits" % answer.visits)
        return answer


def scene_hostile_rings(scene):
    pack = Hostile(scene)
    _, base = pack.whole(b"the good one")
    for size in (1, 2, 1000):
        names = [pack.name(b"ring %d %d" % (size, i), good=False)
                 for i in range(size)]
        for i in range(size):
            pack.from_id(names[(i + 1) % size], delta(1, 1, b"\1x"), names[i])
        hung = pack.name(b"hangs on a ring of %d" % size, good=False)
        pack.from_id(names[0], delta(1, 1, b"\1y"), hung)
    good = b"the good one, and more"
    pack.from_id(base, delta(12, 22, copy(0, 12) + b"\x0a, and more"),
                 pack.name(good))
    pack.check()


def chain(pack, count):
    content = b"%08d and so on" % 0
    at, _ = pack.whole(content)
    for number in range(1, count):
        content = b"%08d" % number + content[8:]
        text = delta(18, 18, b"\x08" + content[:8] + copy(8, 10))
        at = pack.from_offset(at, text, pack.name(content))


def scene_hostile_long_chain(scene):
    # A tree is cut into at most 64 parts, each of which makes its ancestors.
    pack = Hostile(scene)
    chain(pack, 100000)
    pack.check(visits=65 * 100000, ways=["walk"])


def scene_hostile_chain_read(scene):
    pack = Hostile(scene)
    chain(pack, 9000)
    pack.check(visits=65 * 9000)


def scene_hostile_comb(scene):
    pack = Hostile(scene)
    at, _ = pack.whole(b"tooth 000000")
    for number in range(1, 20001):
        for kind in (b"edge ", b"tooth"):
            content = kind + b" %06d" % number
            new = pack.from_offset(
                at, delta(12, 12, b"\x0c" + content), pack.name(content))
        at = new
    pack.check(visits=65 * 40001, ways=["walk"])


def scene_hostile_sizes(scene):
    pack = Hostile(scene)
    at, base = pack.whole(b"0123456789")
    for size in (1 << 40, (1 << 63) - 1, 11, 9):
        pack.from_offset(at, delta(10, size, copy(0, 10)), pack.lost())
    pack.from_offset(at, b"\x0a" + b"\xff" * 40 + copy(0, 10), pack.lost())
    pack.from_offset(at, b"\xff" * 40, pack.lost())
    pack.from_offset(at, b"", pack.lost())
    for start, size in ((10, 1), (0, 11), (0xFFFFFFFF, 0xFFFFFF), (5, 6)):
        pack.from_offset(at, delta(10, size, copy(start, size)), pack.lost())
    pack.from_offset(at, delta(10, 5, b"\0hello"), pack.lost())
    pack.from_offset(at, delta(10, 5, b"\x7fhello"), pack.lost())
    pack.from_offset(at, delta(10, 5, b"\xff\1"), pack.lost())
    pack.from_offset(at, delta(9, 9, copy(0, 9)), pack.lost())
    data = zlib.compress(b"short")
    for size in (1 << 30, 1 << 45, 1 << 59, 1 << 60, (1 << 63) - 1, 4, 6):
        pack.raw(head(BLOB, size) + data, pack.lost())
        pack.raw(head(OFFSET_DELTA, size) + distance(pack.offset - at) + data,
                 pack.lost())
    pack.raw(b"\xbf" + b"\xff" * 300, pack.lost())
    for kind in (0, 5):
        pack.raw(head(kind, 5) + data, pack.lost())
    pack.raw(head(BLOB, 5), pack.lost())  # nothing of it is there
    pack.raw(head(BLOB, 5) + b"not compressed at all", pack.lost())
    pack.check()


def scene_hostile_bases(scene):
    pack = Hostile(scene)
    at, base = pack.whole(b"0123456789")
    text = delta(10, 1, b"\1x")
    data = zlib.compress(text)
    for back in (0, 1, pack.offset, pack.offset - 1, pack.offset + 5, 1 << 50,
                 1 << 62):
        pack.raw(head(OFFSET_DELTA, len(text)) + distance(back) + data,
                 pack.lost())
    pack.raw(head(OFFSET_DELTA, len(text)) + b"\xff" * 200 + data, pack.lost())
    pack.raw(head(OFFSET_DELTA, len(text)) + b"\x80\x80", pack.lost())
    pack.raw(head(ID_DELTA, len(text)) + base[:9], pack.lost())
    pack.from_id(bytes(20), text, pack.lost())
    pack.check()


def scene_hostile_garbage(scene):
    pack = Hostile(scene)
    pack.whole(b"good")
    # After the compressed data, within what the entry's sum covers.
    content = b"with garbage behind it"
    pack.raw(head(BLOB, len(content)) + zlib.compress(content) + b"g" * 50,
             pack.name(content))
    pack.check()


def scene_hostile_garbage_at_end(scene):
    pack = Hostile(scene)
    pack.whole(b"good")
    _, last = pack.whole(b"the last one")
    answer_without = pack.save(garbage=b"after the last entry")
    walk, read = both(answer_without, memory=MEMORY)
    expect("read", read.made, pack.wanted)
    # The sum is over all up to the end, so that the last entry is in doubt.
    expect("named", set(walk.made) | set(walk.failed), set(pack.wanted))
    expect("failed", set(walk.failed) <= {last.hex()}, True)


def scene_hostile_two_at_one_place(scene):
    pack = Hostile(scene)
    at, _ = pack.whole(b"0123456789")
    pack.whole(b"other")
    pack.entries.append((pack.lost(), at, b""))
    objects = pack.save()
    walk, read = both(objects, memory=MEMORY)
    expect("read", read.made, pack.wanted)
    expect("failed", set(read.failed), pack.broken)
    expect("named", set(walk.made) | set(walk.failed),
           set(pack.wanted) | pack.broken)
    if not walk.made.items() <= pack.wanted.items():
        raise Wrong("made what is not")


def scene_hostile_places(scene):
    for offset in (0, 11, 10 ** 6, (1 << 31) - 1, 1 << 31, 1 << 63,
                   (1 << 64) - 1):
        pack = Hostile(scene)
        pack.whole(b"good")
        pack.entries.append((pack.lost(), offset, b""))
        objects = pack.save()
        for answer in both(objects, memory=MEMORY):
            expect("made", answer.made, {})
            expect("skipped", len(answer.skipped), 1)
        shutil.rmtree(scene.path("hostile"))


def scene_hostile_bomb(scene):
    # Each makes its base sixteen times: 1 MiB, 16 MiB, 256 MiB, ...
    pack = Hostile(scene)
    size = 1 << 20
    at, _ = pack.whole(bytes(size))
    for _ in range(7):
        text = delta(size, size * 16, copy(0, min(size, 0xFFFFFF)) * 16)
        size *= 16
        name = pack.name(bytes(size)) if size == 16 << 20 else pack.lost()
        at = pack.from_offset(at, text, name)
    pack.check("--memory", "100")


def scene_hostile_many_small_copies(scene):
    # Each copy is of one byte: the list of them must not take many times what
    # they make.
    pack = Hostile(scene)
    at, _ = pack.whole(b"ab" * 8)
    count = 40 << 20
    content = b"a" * count
    pack.from_offset(at, delta(16, count, b"\x90\1" * count),
                     pack.name(content))
    pack.check("--memory", "256")


def scene_hostile_read_bomb(scene):
    # Every object is within the limit; the chain of them inflates without end.
    pack = Hostile(scene)
    size = 1 << 16
    full = 200 << 20
    at, _ = pack.whole(bytes(size))
    at = pack.from_offset(at, delta(size, full, b"\x80" * (full // size)),
                          pack.lost())
    piece = 8 << 20
    again = b"".join(copy(start, piece) for start in range(0, full, piece))
    for _ in range(40):
        at = pack.from_offset(at, delta(full, full, again), pack.lost())
    last = pack.entries[-1][0].hex()
    answer = ask(pack.save(), "--only", last, "--memory", "256")
    expect("failed", answer.failed, {
        last: "inflates to more than 20000 times its stored size"})


def scene_hostile_bases_elsewhere(scene):
    # Two groups of three packs; each object is made from one of the other
    # group, and the last of them is nowhere.
    repo = scene.init("r", "--bare")
    names = [hashlib.sha1(b"%d" % number).digest() for number in range(20)]
    for number in range(6):
        pack = Hostile(scene)
        for at in range(number % 2, 18, 2):
            pack.from_id(names[at + 1],
                         delta(1, 1, b"\1" + bytes([65 + number])), names[at])
        made = os.path.join(pack.save(), "pack", "pack-" + "2" * 40)
        for end in (".pack", ".idx"):
            os.rename(made + end,
                      os.path.join(scene.objects(repo), "pack",
                                   "pack-%040d" % number + end))
        shutil.rmtree(scene.path("hostile"))
    answer = ask(scene.objects(repo), "--read", memory=MEMORY, seconds=20)
    expect("failed", set(answer.failed), {name.hex() for name in names[:18]})


def multi_pack_index(packs, rows):
    """Of names of packs and sorted rows (id, pack, offset)."""
    names = b"".join(pack.encode() + b"\0" for pack in packs)
    names += bytes(-len(names) % 4)
    fan_out = [sum(row[0][0] <= first for row in rows) for first in range(256)]
    parts = [(b"PNAM", names), (b"OIDF", struct.pack(">256I", *fan_out)),
             (b"OIDL", b"".join(row[0] for row in rows)),
             (b"OOFF", b"".join(struct.pack(">II", *row[1:]) for row in rows))]
    out = b"MIDX\1\1\4\0" + struct.pack(">I", len(packs))
    at = len(out) + 12 * (len(parts) + 1)
    for tag, data in parts:
        out += tag + struct.pack(">Q", at)
        at += len(data)
    out += bytes(4) + struct.pack(">Q", at) + b"".join(
        data for _, data in parts)
    return out + hashlib.sha1(out).digest()


def scene_hostile_unnamed_bases(scene):
    # The table names the last of a chain only.
    pack = Hostile(scene)
    chain(pack, 30000)
    objects = pack.save()
    path = os.path.join(objects, "pack", "pack-" + "2" * 40)
    os.unlink(path + ".idx")
    name, offset, _ = pack.entries[-1]
    with open(os.path.join(objects, "pack", "multi-pack-index"), "wb") as out:
        out.write(multi_pack_index([os.path.basename(path) + ".idx"],
                                   [(name, 0, offset)]))
    answer = ask(objects, memory=MEMORY, seconds=20)
    expect("named", set(answer.made) | set(answer.failed), {name.hex()})


def scene_hostile_alternates(scene):
    # One folder under many names, each of which leads to all of them.
    scene.init("r", "--bare")
    name = scene.blob("r", b"x")
    scene.write("r", "objects/info/alternates",
                b"\n".join(b"./" * n + b"../objects" for n in range(30)))
    answer = ask(scene.objects("r"), seconds=20)
    expect("made", set(answer.made), {name})


def scene_hostile_ids_of_one_prefix(scene):
    pack = Hostile(scene)
    data = head(BLOB, 1) + zlib.compress(b"x")
    for number in range(200000):
        pack.raw(data, bytes(12) + struct.pack(">Q", number))
    answer = ask(pack.save(), memory=MEMORY, seconds=20)
    expect("made", len(answer.made), 200000)


def scene_good_copy_behind_a_bad_one(scene):
    scene.init("lender", "--bare")
    scene.init("r", "--bare")
    name = scene.blob("lender", b"right")
    other = scene.blob("r", b"wrong")
    folder = scene.path("r", "objects", name[:2])
    os.makedirs(folder, exist_ok=True)
    os.rename(scene.path("r", "objects", other[:2], other[2:]),
              os.path.join(folder, name[2:]))
    scene.write("r", "objects/info/alternates",
                scene.path("lender/objects").encode())
    answer = ask(scene.objects("r"), "--read")
    expect("made", set(answer.made), {name})


def scene_quoted_alternate(scene):
    scene.init('a "b"', "--bare")
    scene.blob('a "b"', b"x")
    scene.init("r", "--bare")
    quoted = scene.path('a "b"', "objects").replace('"', '\\"')
    scene.write("r", "objects/info/alternates", b'"%s"\n' % quoted.encode())
    same(scene, "r")


def main():
    names = sys.argv[2:] or [name[6:] for name in globals()
                             if name.startswith("scene_")]
    bad = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                globals()["scene_" + name](Scene(folder))
            except (Wrong, subprocess.TimeoutExpired) as error:
                bad += 1
                print("%s: %s" % (name, str(error)[:2000]))
    print("%d scenes, %d wrong" % (len(names), bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
