"""Draws tokens of every kind, and other random material, from one seeded source."""

import base64
import hashlib
import json
import string
import zlib
from random import Random
from typing import NamedTuple

LETTERS = string.ascii_letters
ALNUM = string.ascii_letters + string.digits
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
BASE64 = ALNUM + "+/"
BASE64URL = ALNUM + "-_"
PREFIX = "hf_"


class Value(NamedTuple):
    """A credential's value and the kind it is."""

    kind: str
    text: str


class Pair(NamedTuple):
    """An S3 key pair: the public id and the secret."""

    id: str
    secret: Value


def fingerprint(value: str) -> str:
    """The public name of a value: the first half of a domain-separated SHA-256 in base32."""
    digest = hashlib.sha256(b"bearhug:token:v1\0" + value.encode()).digest()
    return "fp_" + base64.b32encode(digest[:16]).decode().rstrip("=").lower()


def lease_checksum(body: str) -> str:
    """CRC-32 (IEEE) of the body as six base62 digits, the most significant first."""
    rest, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = BASE62[digit] + digits
    return digits


def b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Forge:
    """Makes credentials at random; the same source gives the same credentials."""

    def __init__(self, source: Random) -> None:
        self.random = source

    def some(self, alphabet: str, length: int) -> str:
        return "".join(self.random.choices(alphabet, k=length))

    def alnum(self, length: int) -> str:
        """Letters and digits, at least one of each."""
        while True:
            text = self.some(ALNUM, length)
            if any(c.isdigit() for c in text) and any(c.isalpha() for c in text):
                return text

    def bytes(self, length: int) -> bytes:
        return self.random.randbytes(length)

    def words(self, count: int) -> str:
        """Lower-case gibberish that no one takes for a token."""
        lengths = self.random.choices(range(2, 9), k=count)
        return " ".join(self.some(string.ascii_lowercase, n) for n in lengths)

    def user(self) -> Value:
        return Value("user_token", PREFIX + self.some(LETTERS, 34))

    def user_with_digits(self) -> Value:
        return Value("user_token", PREFIX + self.alnum(34))

    def org(self) -> Value:
        return Value("org_token", "api_org_" + self.alnum(34))

    def oauth(self) -> Value:
        return Value("oauth_access_token", "hf_oauth_" + self.jwt())

    def refresh(self) -> Value:
        return Value("oauth_refresh_token", "hf_oauth__refresh_" + self.alnum(34))

    def publisher(self) -> Value:
        return Value("trusted_publisher_token", "hf_jwt_" + self.jwt())

    def s3_session(self) -> Value:
        return Value("s3_session_token", "hf_s3_" + self.jwt())

    def app(self) -> Value:
        return Value("app_token", "hf_app_" + self.alnum(32))

    def app_secret(self) -> Value:
        return Value("oauth_app_secret", "oauth_app_secret_" + self.alnum(34))

    def lease(self) -> Value:
        body = self.some(BASE62, 34)
        return Value("lease", "hf_lease" + body + lease_checksum(body))

    def access_key_id(self) -> str:
        return "HFAK" + self.some(string.ascii_uppercase + string.digits, 16)

    def pair(self) -> Pair:
        return Pair(self.access_key_id(), Value("s3_secret_key", self.some(BASE64, 40)))

    def uuid(self) -> str:
        digits = self.some("0123456789abcdef", 32)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def jwt(self) -> str:
        """A JWT as the Hub's: an EdDSA header, its claims, and 64 bytes of signature."""
        header = {"alg": "EdDSA", "kid": self.some(BASE64URL, 16)}
        issued = self.random.randrange(1_780_000_000, 1_790_000_000)
        claims = {
            "scope": ["openid", "profile", "read-repos"],
            "aud": "https://huggingface.co",
            "oauthApp": self.uuid(),
            "sessionId": self.some("0123456789abcdef", 24),
            "iat": issued,
            "exp": issued + 28_800,
            "sub": self.some("0123456789abcdef", 24),
        }
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, claims))
        return ".".join((*map(b64url, parts), b64url(self.bytes(64))))
