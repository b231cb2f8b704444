# SPDX-License-Identifier: Apache-2.0
"""IAM of AWS: lists the access keys of the user that signs, and looks at the
signature."""

import hashlib
import hmac
import re
import urllib.parse

from .messages import json_answer

HOST = "iam.amazonaws.com"
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/"
                    r"([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?"
                    r"Signature=([0-9a-f]{64})")


def _sign(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(seen, secret, day, region, service, names):
    """Of a request without a query."""
    payload = hashlib.sha256(seen.body).hexdigest()
    headers = "".join(f"{name}:{' '.join(seen.headers[name].split())}\n"
                      for name in names.split(";"))
    canonical = "\n".join([seen.method, seen.path, "", headers, names,
                           payload])
    scope = f"{day}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", seen.headers["x-amz-date"], scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = _sign(_sign(_sign(_sign(f"AWS4{secret}".encode(), day), region),
                      service), "aws4_request")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Iam:
    """The handler of iam.amazonaws.com, with one user."""

    def __init__(self, user="ann"):
        self.user = user
        self.keys = {}  # id: [secret, status, created]

    def add(self, key_id, secret, status="Active", created=1614350623.0):
        self.keys[key_id] = [secret, status, created]

    def __call__(self, seen):
        found = SIGNED.fullmatch(seen.headers.get("authorization") or "")
        known = found and self.keys.get(found[1])
        if not known or found[4] != "iam" or not hmac.compare_digest(
                signature(seen, known[0], *found.groups()[1:5]), found[6]):
            return self._refuse("SignatureDoesNotMatch" if known
                                else "InvalidClientTokenId")
        form = dict(urllib.parse.parse_qsl(seen.body.decode()))
        if form != {"Action": "ListAccessKeys", "Version": "2010-05-08"} \
                or seen.headers.get("accept") != "application/json":
            return self._refuse("InvalidAction")
        return json_answer(200, {"ListAccessKeysResponse": {
            "ListAccessKeysResult": {
                "AccessKeyMetadata": [
                    {"AccessKeyId": key_id, "CreateDate": created,
                     "Status": status, "UserName": self.user}
                    for key_id, (_, status, created) in self.keys.items()],
                "IsTruncated": False},
            "ResponseMetadata": {"RequestId": "r1"}}})

    @staticmethod
    def _refuse(code):
        return json_answer(403, {"Error": {"Code": code, "Type": "Sender",
                                           "Message": "refused"},
                                 "RequestId": "r1"})
