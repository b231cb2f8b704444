# SPDX-License-Identifier: Apache-2.0
"""A certificate authority that lives as long as the tests do: made with the
openssl program in a folder of theirs, with elliptic keys, which take no time
to make."""

import hashlib
import pathlib
import ssl
import subprocess
import threading

GOOD = "good"
EXPIRED = "expired"
WRONG_NAME = "wrong-name"
SELF_SIGNED = "self-signed"
UNKNOWN_ISSUER = "unknown-issuer"
FAULTS = (EXPIRED, WRONG_NAME, SELF_SIGNED, UNKNOWN_ISSUER)
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
PATIENCE = 20  # seconds that one call of openssl may take
CONFIG = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[issuer]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = {names}
"""


def _openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], timeout=PATIENCE,
                          capture_output=True, check=False)
    assert done.returncode == 0, (args, done.stderr)


def _names(host):
    """Addresses are named as such; localhost is both."""
    if host in ("localhost", "127.0.0.1"):
        return "DNS:localhost, IP:127.0.0.1"
    return f"DNS:{host}"


class Authority:
    """Its own certificate is in `ca_file`; `context` has one for a host."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = str(self._issuer("ca"))
        self._lock = threading.Lock()
        self._contexts = {}
        self._chains = {}

    def context(self, host, alpn=("http/1.1",), fault=GOOD):
        """For servers; the same object every time."""
        wanted = (host, tuple(alpn), fault)
        with self._lock:
            if wanted not in self._contexts:
                self._contexts[wanted] = self._context(*wanted)
            return self._contexts[wanted]

    def _context(self, host, alpn, fault):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._chain(host, fault))
        context.set_alpn_protocols(list(alpn))
        return context

    def _chain(self, host, fault):
        wanted = (host, fault)
        if wanted not in self._chains:
            self._chains[wanted] = self._leaf(host, fault)
        return self._chains[wanted]

    def _leaf(self, host, fault):
        """The files of certificate and key."""
        stem = hashlib.sha256(f"{host} {fault}".encode()).hexdigest()[:16]
        named = "elsewhere.invalid" if fault == WRONG_NAME else host
        config = self._config(stem, named)
        files = [self.folder / (stem + end) for end in (".csr", ".key", ".pem")]
        request, key, certificate = files
        _openssl("req", "-new", *CURVE, "-config", config, "-keyout", key,
                 "-out", request)
        _openssl("x509", "-req", "-in", request, "-out", certificate,
                 "-days", -1 if fault == EXPIRED else 30,
                 "-set_serial", f"0x{stem}", "-extfile", config,
                 "-extensions", "leaf", *self._signer(fault, key))
        return certificate, key

    def _signer(self, fault, own_key):
        if fault == SELF_SIGNED:
            return ["-signkey", own_key]
        stem = "ca"
        if fault == UNKNOWN_ISSUER:
            stem = "other"
            if not (self.folder / "other.pem").exists():
                self._issuer(stem)
        return ["-CA", self.folder / f"{stem}.pem",
                "-CAkey", self.folder / f"{stem}.key"]

    def _issuer(self, stem):
        config = self._config(stem, f"{stem} of the tests")
        certificate = self.folder / f"{stem}.pem"
        _openssl("req", "-x509", "-new", *CURVE, "-config", config,
                 "-extensions", "issuer", "-days", 30,
                 "-keyout", self.folder / f"{stem}.key", "-out", certificate)
        return certificate

    def _config(self, stem, name):
        path = self.folder / f"{stem}.cnf"
        names = _names(name if " " not in name else "authority.invalid")
        # What is called by this name is at most 64 characters long.
        path.write_text(CONFIG.format(name=name[:64], names=names))
        return path
