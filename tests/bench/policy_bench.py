#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times `keytidy policy check` over an inventory of 100,000 keys in 200,000
places, against `sqlite3` reading the same rows, in turns.

    KEYTIDY=build/release/keytidy tests/bench/policy_bench.py [KEYS [RUNS]]

Needs sqlite3. The inventory is one that a scan recorded; its rows are then
copied under other fingerprints. Of the keys one in a hundred breaks the policy,
and in a second table every one does."""

import os
import pathlib
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
if "KEYTIDY" not in os.environ:
    sys.exit("KEYTIDY: name the program that is to be timed")
os.environ["KEYTIDY"] = os.path.abspath(os.environ["KEYTIDY"])
os.environ.setdefault("KEYTIDY_SOURCE", str(HERE.parent.parent))
sys.path.insert(0, str(HERE.parent / "cli"))
from scene import Keys, PROGRAM  # noqa: E402

DAY = 86400
NOW = 1_790_000_000
TABLES = "keys", "places", "evidence", "rotations"
OLD = {"one in a hundred": 100, "every one": 1}


def program(folder, *args):
    env = {"PATH": os.environ["PATH"], "HOME": str(folder),
           "SOURCE_DATE_EPOCH": str(NOW),
           "KEYTIDY_INVENTORY": str(folder / "inventory.db")}
    return subprocess.Popen([PROGRAM, *args], env=env, cwd=folder,
                            stdout=subprocess.DEVNULL)


def rows_of(db, table):
    cursor = db.execute(f"SELECT * FROM {table}")
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def insert(db, table, row):
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES "
               f"({', '.join(':' + name for name in row)})", row)


def make(folder, count):
    """An inventory of `count` keys, all of them young."""
    (folder / "one").mkdir()
    (folder / "one" / "app.env").write_text(f"A={Keys(1).kryton()}\n")
    assert program(folder, "scan", "one", "--record").wait() == 1
    dice = random.Random(2)
    with sqlite3.connect(folder / "inventory.db") as db:
        key, place = rows_of(db, "keys")[0], rows_of(db, "places")[0]
        for i in range(count - 1):
            name = f"{dice.getrandbits(256):064x}"[:len(key["fingerprint"])]
            insert(db, "keys", key | {
                "fingerprint": name, "id": f"kt-{dice.getrandbits(64):016x}",
                "set_name": f"cursor-laptop{i}-notes",
                "set_owner": f"owner{i % 500}@example.com"})
            for j in range(2):
                insert(db, "places", place | {
                    "fingerprint": name, "place": f"{name[:32]}{j}",
                    "path": f"/home/ada/src/project{i % 900}/conf{j}/{i}.json",
                    "client": "cursor", "server": "notes", "slot": "env.TOKEN",
                    "line": j + 1})
            insert(db, "evidence", {
                "fingerprint": name, "source": "provider-created",
                "earliest": NOW - 20 * DAY, "latest": NOW - 10 * DAY})
        db.execute("UPDATE keys SET set_owner = 'ada' WHERE set_owner = ''")


def age(folder, every):
    """Makes one of `every` keys too old."""
    with sqlite3.connect(folder / "inventory.db") as db:
        old = db.execute("SELECT fingerprint FROM evidence").fetchall()[::every]
        db.executemany("UPDATE evidence SET earliest = ? WHERE fingerprint = ?",
                       [(NOW - 300 * DAY, name) for name, in old])


def timed(process):
    start = time.perf_counter()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_maxrss // 1024


def check(folder, form):
    return timed(program(folder, "policy", "check", "-f", form))


def read_rows(folder):
    select = "".join(f"SELECT * FROM {table} ORDER BY fingerprint;"
                     for table in TABLES)
    return timed(subprocess.Popen(
        ["sqlite3", str(folder / "inventory.db"), select],
        stdout=subprocess.DEVNULL))


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make(folder, count)
        assert program(folder, "policy", "init").wait() == 0
        for label, every in OLD.items():
            age(folder, every)
            print(f"{count} keys, of which {label} breaks the policy")
            times = {"human": [], "json": [], "sqlite3": []}
            for _ in range(runs):
                for form in ("human", "json"):
                    times[form].append(check(folder, form))
                times["sqlite3"].append(read_rows(folder))
            base = statistics.median(t for t, _ in times["sqlite3"])
            for form, all_of_it in times.items():
                seconds = statistics.median(t for t, _ in all_of_it)
                peak = max(rss for _, rss in all_of_it)
                print(f"  {form:8} {seconds:6.2f} s  {peak:5} MiB"
                      f"  {seconds / base:5.2f} x")


if __name__ == "__main__":
    main()
