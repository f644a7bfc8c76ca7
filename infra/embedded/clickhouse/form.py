"""The parts of a ``multipart/form-data`` body: how clients send external tables and long parameters."""

import re
from email.message import Message
from typing import NamedTuple

from infra.embedded.clickhouse.errors import BAD_ARGUMENTS, refusal

_NAME = re.compile(rb'[;\s]name="([^"]*)"', re.I)
_FILE = re.compile(rb'[;\s]filename="', re.I)


class Form(NamedTuple):
    """Text fields by name, and files by name."""

    fields: dict[str, str]
    files: dict[str, bytes]


def boundary(content_type: str) -> bytes:
    """The boundary of a multipart body; empty when the body is no form."""
    header = Message()
    header["Content-Type"] = content_type
    if header.get_content_type() != "multipart/form-data":
        return b""
    return (header.get_boundary() or "").encode("latin-1")


def parse(body: bytes, mark: bytes) -> Form:
    """All parts of a form. Raises EngineError when it is cut or shapeless."""
    form = Form({}, {})
    parts = (b"\r\n" + body).split(b"\r\n--" + mark)
    if not parts[-1].startswith(b"--"):
        raise refusal(BAD_ARGUMENTS, "BAD_ARGUMENTS", "The multipart body has no end")
    for part in parts[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if name is None:
            raise refusal(BAD_ARGUMENTS, "BAD_ARGUMENTS", "A part of the multipart body has no name")
        if _FILE.search(head):
            form.files[name[1].decode()] = content
        else:
            form.fields[name[1].decode()] = content.decode("utf-8", "surrogateescape")
    return form
