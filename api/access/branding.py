"""How the page looks to everybody: title, colour and logo. Pure."""

import base64
from hashlib import sha256
from typing import Any, NamedTuple

from api.access import fields
from api.errors import FieldError, bad_field
from schemas.access import BrandingConfigured

OURS = "Sightlog"
MOST_BYTES = 256 << 10
FOLDER = "branding"
_SIGNATURES = {"image/png": (b"\x89PNG\r\n\x1a\n", "png"), "image/jpeg": (b"\xff\xd8\xff", "jpg")}
"""Kind of picture → how its bytes begin, and how its object ends. No SVG: it may hold scripts."""
_ENDINGS = {f".{ending}": kind for kind, (_, ending) in _SIGNATURES.items()}
_ASKED = {**fields.types_of(BrandingConfigured, ("title", "colour")), "logo": str | None}


class Logo(NamedTuple):
    """A picture, and where it is kept."""

    key: str
    content: bytes
    kind: str


def asked(
    values: dict[str, Any], before: BrandingConfigured | None, now_ms: int, by: str
) -> tuple[BrandingConfigured, Logo | None]:
    """The fact, and the picture that it names where it is a new one. 422 for a field that breaks its rule.

    A logo that is left out stays; null takes it away. Title and colour go back to ours where they are left out.
    """
    fields.require(values, _ASKED, "branding")
    kept = before.logo_key if before else ""
    logo = None if values.get("logo") is None else _logo(values["logo"])
    if "logo" in values:
        kept = logo.key if logo else ""
    title, colour = values.get("title", ""), values.get("colour", "")
    fact = BrandingConfigured(observed_ms=now_ms, changed_by=by, title=title, colour=colour, logo_key=kept)
    return fact, logo


def kind_of(key: str) -> str:
    """The kind of picture that is kept under a key of ours."""
    return _ENDINGS[key[key.rindex(".") :]]


def _logo(data_url: str) -> Logo:
    head, _, text = data_url.partition(",")
    kind = head.removeprefix("data:").removesuffix(";base64")
    if kind not in _SIGNATURES or not head.startswith("data:") or not head.endswith(";base64"):
        raise fields.refused([_wrong(f"must be a data: URL, base64, of {' or '.join(_SIGNATURES)}")])
    if len(text) > MOST_BYTES * 4 // 3 + 4:
        raise fields.refused([_wrong(f"is larger than {MOST_BYTES >> 10} KiB")])
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:  # binascii.Error among them
        raise fields.refused([_wrong("is not base64")]) from None
    begins, ending = _SIGNATURES[kind]
    if not content.startswith(begins):
        raise fields.refused([_wrong(f"is no {kind}")])
    return Logo(f"{FOLDER}/{sha256(content).hexdigest()}.{ending}", content, kind)


def _wrong(rule: str) -> FieldError:
    return bad_field("logo", rule, "body")
