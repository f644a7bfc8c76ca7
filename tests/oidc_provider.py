"""A small OpenID Connect provider: a real HTTP server with real keys, which may be told to lie."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT = "sightlog"
SECRET = "between-us"


class OidcProvider:
    """Signs in one person, ``person``, for whoever asks; ``lies`` change what the next ID tokens say."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "42", "email": "anna@example.com", "email_verified": True}
        self.lies: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.key, self.keys_asked = RSAKey.generate_key(2048, {"kid": "one"}), 0
        self.published = KeySet([self.key])
        self.issuer = ""
        self._asked: dict[str, dict[str, str]] = {}

    def authorize(self, address: str) -> tuple[str, str]:
        """What the browser brings back from the address we sent it to: (code, state)."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._asked)}"
        self._asked[code] = asked
        return code, asked["state"]

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint. A code works once, for who began the sign-in."""
        asked = self._asked.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        is_right = asked and asked["code_challenge"] == challenge and asked["redirect_uri"] == form["redirect_uri"]
        if not is_right or form["client_secret"] != SECRET:
            return 400, {"error": "invalid_grant"}
        assert asked
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        now_s = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": now_s + 300, "iat": now_s, "nonce": nonce} | self.person
        claims = {name: value for name, value in (claims | self.lies).items() if value is not None}
        if self.algorithm == "none":
            head, body = (_text(json.dumps(one)) for one in ({"alg": "none"}, claims))
            return f"{head}.{body}."
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, claims, self.key)

    def rotate(self) -> None:
        """Sign with another key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": "two"})
        self.published = KeySet([self.key])


def _text(content: str) -> str:
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


@contextmanager
def serving() -> Iterator[OidcProvider]:
    """A provider that answers on a free port."""
    provider = OidcProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
                self._answer(200, {"issuer": provider.issuer} | {
                    name: provider.issuer + path for name, path in names.items()
                })  # fmt: skip
            elif self.path == "/keys":
                provider.keys_asked += 1
                self._answer(200, provider.published.as_dict(private=False))
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*provider.token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, status: int, told: Any) -> None:
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
