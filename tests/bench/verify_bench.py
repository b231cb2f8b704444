#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what docs/benchmarks.md records of verifying: 1,000 keys over 50
hosts of this machine that answer in 50 ms, against the ideal.

    tests/bench/verify_bench.py KEYTIDY [--runs N] [--processes N] [--hosts N]

Wants curl and openssl. The hosts are played by tests/cli/stub behind its
proxy, in processes of their own; curl asks the same of them, to show that they
are not what is measured."""

import argparse
import collections
import json
import math
import multiprocessing
import os
import pathlib
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "cli"))

# The folder has to be in the path first.
# pylint: disable-next=wrong-import-position
from stub import Authority, Stub, json_answer  # noqa: E402

KEYS_OF_HOST = 20
DELAY = 0.05  # seconds until a host answers
RUN_AT_ONCE = 128  # requests of a whole run, RunOptions in src/verify/verifier.h
WANTED = 1.5  # times the ideal
PATIENCE = 300
HEX = "0123456789abcdef"

FILE_HEAD = """\
provider = "bench"
name = "Benchmark"
sources = ["tests/bench/verify_bench.py"]
"""
RULE = """
[[rule]]
id = "bench-key-{number}"
title = "A key of host {number}"
severity = "info"
tier = "none"
advice = "None: it is of a benchmark."
pattern = 'bench{number}_[0-9a-f]{{32}}'
examples = ['bench{number}_{{hex:32}}']
counter_examples = ['bench{number}_{{hex:31}}']
"""
RECIPE = """
[[recipe]]
id = "bench-key-{number}"
rules = ["bench-key-{number}"]
sources = ["tests/bench/verify_bench.py"]

[recipe.limits]
requests = [100000, 1]
failures = [100000, 1]
at_once = {at_once}

[[recipe.step]]
title = "Ask who the key belongs to"
url = "https://{host}/me"
headers = {{ Authorization = "Bearer %{{secret}}" }}

[[recipe.step.answer]]
status = [200]
json = {{ "/owner" = "@string" }}
verdict = "active"
says = "the host knows the key"
metadata = {{ owner = "/owner" }}

[[recipe.step.answer]]
status = [401]
verdict = "inactive"
says = "the host does not know the key"

[[recipe.record]]
status = 200
body = '{{"owner": "nobody"}}'
verdict = "active"

[[recipe.record]]
status = 401
verdict = "inactive"

[[recipe.record]]
status = 200
headers = {{ content-type = "text/html" }}
body = '<html><body>Sign in</body></html>'
verdict = "unknown"
"""


def host_of(number):
    return f"api.host{number:02}.example"


def answer(seen):
    """Whatever the key: the answers are not what is measured."""
    assert (seen.headers.get("authorization") or "").startswith("Bearer ")
    return json_answer(200, {"owner": "nobody"})


class SharedPort:
    """create_server for processes that accept from one port."""

    def __init__(self, port):
        self._port = port
        self._create = socket.create_server

    def __call__(self, address, **options):
        """The stub's first listener is its proxy."""
        port, self._port = self._port, 0
        return self._create((address[0], port), reuse_port=port != 0,
                            **options)


def serve(authority, hosts, delay, port, ready):
    """What one of the processes does until it is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    socket.create_server = SharedPort(port)
    stub = Stub(authority)
    for number in range(hosts):
        stub.at(host_of(number), answer, delay=delay)
    ready.release()
    while True:
        signal.pause()


class Hosts:
    """The hosts, in so many processes behind one port."""

    def __init__(self, authority, hosts, processes, delay):
        fork = multiprocessing.get_context("fork")
        # Holds the port's number; it never listens.
        self._holder = socket.socket()
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._holder.bind(("127.0.0.1", 0))
        self.port = self._holder.getsockname()[1]
        ready = fork.Semaphore(0)
        self._processes = [
            fork.Process(target=serve, daemon=True,
                         args=(authority, hosts, delay, self.port, ready))
            for _ in range(processes)]
        for process in self._processes:
            process.start()
        for _ in self._processes:
            assert ready.acquire(timeout=PATIENCE), "a host does not start"

    @property
    def proxy(self):
        return f"http://127.0.0.1:{self.port}"

    def cpu_seconds(self):
        """Of all processes, so far."""
        ticks = 0
        for process in self._processes:
            stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
            fields = stat.rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()
            process.join()
        self._holder.close()


Usage = collections.namedtuple("Usage", "wall cpu peak_mib code")


def run(command, env, cwd):
    """One run; its output goes where the command says."""
    start = time.monotonic()
    # pylint: disable-next=consider-using-with
    child = subprocess.Popen(command, env=env, cwd=cwd,
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    return Usage(wall, usage.ru_utime + usage.ru_stime,
                 usage.ru_maxrss / 1024, child.returncode)


def spread(values):
    return (f"{statistics.median(values):.3f} s "
            f"({min(values):.3f} to {max(values):.3f})")


class Bench:
    def __init__(self, program, folder, authority, hosts):
        self.hosts = hosts
        self.program = program
        self.folder = folder
        self.authority = authority
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder),
                    "XDG_CACHE_HOME": str(folder / "cache"),
                    "XDG_STATE_HOME": str(folder / "state"),
                    "XDG_CONFIG_HOME": str(folder / "config")}

    def rules(self, at_once):
        path = self.folder / f"rules-{at_once}.toml"
        numbers = [f"{number:02}" for number in range(self.hosts)]
        text = FILE_HEAD
        text += "".join(RULE.format(number=number) for number in numbers)
        text += "".join(RECIPE.format(number=number, at_once=at_once,
                                      host=host_of(int(number)))
                        for number in numbers)
        path.write_text(text)
        return path

    def keys(self, count):
        """A folder with one file of distinct keys, each host's in turn."""
        source = random.Random(count)
        folder = self.folder / f"keys-{count}"
        folder.mkdir(exist_ok=True)
        lines = []
        for i in range(count):
            rest = "".join(source.choices(HEX, k=32))
            lines.append(f"bench{i % self.hosts:02}_{rest}")
        (folder / "keys.txt").write_text("\n".join(lines) + "\n")
        return folder

    def scan(self, keys, at_once, hosts=None):
        """Without hosts nothing is verified."""
        report = self.folder / "report.json"
        command = [self.program, "scan", ".", "--rules", self.rules(at_once),
                   "--format", "json", "--output", report, "--quiet"]
        env = dict(self.env)
        if hosts is not None:
            command += ["--verify", "--fresh", "--max-requests", "1000000",
                        "--deadline", "86400", "--ca-file",
                        self.authority.ca_file, "--audit-log",
                        self.folder / "audit.jsonl"]
            env["HTTPS_PROXY"] = hosts.proxy
        usage = run([str(word) for word in command], env, keys)
        states = collections.Counter(
            finding["verdict"]["state"] if "verdict" in finding else "unasked"
            for finding in json.loads(report.read_text())["findings"])
        return usage, states

    def curl(self, count, hosts):
        """The same requests, 32 at a time, hosts in turn."""
        config = self.folder / "curl.txt"
        asked = [host_of(i % self.hosts) for i in range(count)]
        config.write_text("".join(
            f'url = "https://{host}/me"\noutput = "/dev/null"\n'
            for host in asked))
        env = dict(self.env, HTTPS_PROXY=hosts.proxy)
        usage = run(["curl", "--silent", "--show-error", "--fail", "--parallel",
                     "--parallel-max", str(RUN_AT_ONCE), "--http1.1",
                     "--cacert", self.authority.ca_file,
                     "--header", "Authorization: Bearer nobody",
                     "--config", str(config)], env, self.folder)
        assert usage.code == 0, usage
        return usage


def ideal(count, hosts, at_once):
    """The greatest of what each limit takes alone: a host answers `at_once` of
    its keys every 50 ms, the run sends 32 requests at a time."""
    of_host = math.ceil(count / hosts / at_once) * DELAY
    of_run = count / RUN_AT_ONCE * DELAY
    return max(of_host, of_run), of_host, of_run


def verifying(bench, hosts, count, at_once, runs):
    keys = bench.keys(count)
    with_it, without = [], []
    bench.scan(keys, at_once)  # the rules are compiled once, and kept
    for _ in range(runs):
        usage, states = bench.scan(keys, at_once)
        assert sum(states.values()) == count, states
        without.append(usage)
        before = hosts.cpu_seconds()
        usage, states = bench.scan(keys, at_once, hosts)
        assert states == {"active": count}, states
        with_it.append((usage, hosts.cpu_seconds() - before))
    parts = [one.wall - other.wall
             for (one, _), other in zip(with_it, without)]
    wanted, of_host, of_run = ideal(count, bench.hosts, at_once)
    ratio = statistics.median(parts) / wanted
    print(f"{count} keys, {bench.hosts} hosts, {at_once} at once to each:")
    print(f"  scan alone: {spread([one.wall for one in without])}, peak "
          f"{max(one.peak_mib for one in without):.1f} MiB")
    print(f"  verifying: {spread(parts)}")
    print(f"  ideal: {wanted:.3f} s, the greater of {of_host:.3f} s (a host's "
          f"keys, {at_once} at a time) and {of_run:.3f} s (all keys, "
          f"{RUN_AT_ONCE} at a time)")
    print(f"  ratio: {ratio:.2f}"
          + (f" (at most {WANTED} is wanted)" if ratio > WANTED else ""))
    print(f"  peak with --verify: "
          f"{max(one.peak_mib for one, _ in with_it):.1f} MiB")
    print(f"  processor time: ours "
          f"{statistics.median(one.cpu for one, _ in with_it):.2f} s, "
          f"the hosts' {statistics.median(hosts_ for _, hosts_ in with_it):.2f}"
          f" s", flush=True)


def peer(bench, hosts, count, runs, what):
    usages = [bench.curl(count, hosts) for _ in range(runs)]
    print(f"curl, the same {count} requests, {RUN_AT_ONCE} at a time, {what}: "
          f"{spread([one.wall for one in usages])}, its processor time "
          f"{statistics.median(one.cpu for one in usages):.2f} s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("keytidy", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--many", type=int, default=10000,
                        help="keys for the question of memory; 0: not asked")
    args = parser.parse_args()
    keys = args.hosts * KEYS_OF_HOST
    print(f"{os.cpu_count()} processors, load "
          f"{' '.join(f'{one:.1f}' for one in os.getloadavg())}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        authority = Authority(folder / "authority")
        for number in range(args.hosts):
            authority.context(host_of(number))  # made before the clock runs
        bench = Bench(args.keytidy.resolve(), folder, authority, args.hosts)
        with Hosts(authority, args.hosts, args.processes, 0) as hosts:
            peer(bench, hosts, keys, args.runs, "no delay")
        with Hosts(authority, args.hosts, args.processes, DELAY) as hosts:
            peer(bench, hosts, keys, args.runs, "50 ms")
            for at_once in (2, 1):
                verifying(bench, hosts, keys, at_once, args.runs)
            if args.many:
                verifying(bench, hosts, args.many, 2, 1)
    print(f"load after {' '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
