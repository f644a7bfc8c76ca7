"""RTSP/1.0 messages (RFC 2326) and their authentication (RFC 7616, 7617). Pure."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import md5, sha256
from typing import NamedTuple

_PARAMETER = re.compile(r'(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_USER_AGENT = "sightlog"


class Reply(NamedTuple):
    """What a server answers. Header names are in lower case; challenges are kept apart, one per line."""

    status: int
    headers: Mapping[str, str]
    challenges: tuple[str, ...]
    body: bytes


def request(method: str, url: str, sequence: int, headers: Mapping[str, str]) -> bytes:
    """A request without a body."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {sequence}", f"User-Agent: {_USER_AGENT}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def reply_size(buffer: bytes, start: int) -> int | None:
    """Bytes of the message that begins at ``start``; None while it is not whole."""
    end = buffer.find(b"\r\n\r\n", start)
    if end < 0:
        return None
    found = re.search(rb"(?im)^content-length:\s*(\d{1,9})", buffer[start:end])
    size = end + 4 - start + (int(found[1]) if found else 0)
    return size if len(buffer) - start >= size else None


def parse_reply(message: bytes) -> Reply:
    """The reply in a whole message. Raises ValueError when it is none."""
    head, _, body = message.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8", "replace").split("\r\n")
    words = first.split(None, 2)
    if len(words) < 2 or not words[0].startswith("RTSP/") or not words[1].isdecimal():
        raise ValueError(f"not an RTSP reply: {first[:60]!r}")
    pairs = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    challenges = tuple(value for name, value in pairs if name == "www-authenticate")
    return Reply(int(words[1]), dict(pairs), challenges, body)


def authorization(challenges: tuple[str, ...], user: str, password: str, method: str, url: str) -> str | None:
    """The Authorization header that answers the best challenge; None when none is understood."""
    ranked = sorted(challenges, key=lambda text: ("sha-256" in text.lower(), text.lower().startswith("digest")))
    for challenge in reversed(ranked):
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "digest":
            return _digest(rest, user, password, method, url)
        if scheme.lower() == "basic":
            return "Basic " + b64encode(f"{user}:{password}".encode()).decode()
    return None


def _digest(challenge: str, user: str, password: str, method: str, url: str) -> str:
    given = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(challenge)}
    algorithm = given.get("algorithm", "MD5")
    digest = sha256 if algorithm.upper() == "SHA-256" else md5

    def hashed(*parts: str) -> str:
        return digest(":".join(parts).encode()).hexdigest()

    realm, nonce = given.get("realm", ""), given.get("nonce", "")
    secret, request_hash = hashed(user, realm, password), hashed(method, url)
    fields = {"username": user, "realm": realm, "nonce": nonce, "uri": url}
    extra = f", algorithm={algorithm}" if "algorithm" in given else ""
    if "auth" in given.get("qop", "").split(","):
        count, client = "00000001", hashed(nonce, url)[:16]
        fields["response"] = hashed(secret, nonce, count, client, "auth", request_hash)
        extra += f', qop=auth, nc={count}, cnonce="{client}"'
    else:
        fields["response"] = hashed(secret, nonce, request_hash)
    if "opaque" in given:
        fields["opaque"] = given["opaque"]
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in fields.items()) + extra
