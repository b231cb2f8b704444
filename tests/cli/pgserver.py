# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of the scenes' own, on a socket in a new folder and on a
port of the loopback. Run with a command, it starts one for that command, which
finds its address in KEYTIDY_TEST_POSTGRES."""

import glob
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

PATIENCE = 60
ADMIN = "admin"


def _programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"),
                   key=lambda path: int(path.split("/")[4]))
    assert found, "PostgreSQL is not installed; ci/setup test installs it"
    return pathlib.Path(found[-1]).parent


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """With its locale, texts sort by another order than that of bytes."""

    def __init__(self):
        self.bin = _programs()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keytidy-pg-"))
        self.data = self.folder / "data"
        self.password = "pw-" + secrets.token_hex(12)
        self.port = _free_port()
        self._databases = 0
        # The server refuses to run as root.
        self.user = None
        if os.geteuid() == 0:
            self.user = pwd.getpwnam("postgres")
        given = self.folder / "password"
        given.write_text(self.password + "\n")
        if self.user:
            for path in (self.folder, given):
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        try:
            self._as_owner("initdb", "-D", self.data, "-U", ADMIN, "-E", "UTF8",
                           "--locale=C.UTF-8", "--locale-provider=icu",
                           "--icu-locale=de", "--no-sync",
                           "--auth-local=trust", "--auth-host=scram-sha-256",
                           f"--pwfile={given}")
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_owner(self, program, *args):
        command = [str(self.bin / program), *map(str, args)]
        if self.user:
            command = ["runuser", "-u", self.user.pw_name, "--", *command]
        # A file, and no pipe: the server would hold it open.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL,
                                  stdout=said, stderr=said, timeout=PATIENCE,
                                  check=False)
            said.seek(0)
            assert done.returncode == 0, said.read().decode()

    def start(self):
        self._as_owner("pg_ctl", "start", "-w", "-D", self.data,
                       "-l", self.folder / "log", "-o",
                       f"-p {self.port} -k {self.folder} "
                       "-c listen_addresses=127.0.0.1 -c fsync=off "
                       "-c max_connections=60")

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self._as_owner("pg_ctl", "stop", "-w", "-m", "immediate",
                           "-D", self.data)

    def url(self, database="postgres", user=ADMIN, password=None):
        return (f"postgresql://{user}:{password or self.password}"
                f"@127.0.0.1:{self.port}/{database}")

    def sql(self, text, database="postgres"):
        """The answer as psql prints it: a line a row, `|` between values."""
        done = subprocess.run(
            [self.bin / "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1",
             "-h", self.folder, "-p", str(self.port), "-U", ADMIN,
             "-d", database, "-c", text],
            capture_output=True, timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().rstrip("\n")

    def database(self):
        """The name of a new one."""
        self._databases += 1
        name = f"scene_{self._databases}"
        self.sql(f"CREATE DATABASE {name}")
        return name


def main():
    # So that the server goes, too, when somebody ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Server() as server:
        env = {**os.environ, "KEYTIDY_TEST_POSTGRES": server.url()}
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
