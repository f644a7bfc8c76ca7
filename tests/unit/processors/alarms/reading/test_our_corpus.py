"""Every mail of our own corpus says what its manifest says: vendors, languages, channels, logins, bad wrapping."""

from typing import Any

import pytest

from tests.alarm_mails import OURS, camera, directory, manifest, reading, utc_ms

MAILS = manifest(OURS)


def cameras(entry: dict[str, Any]) -> Any:
    return directory(
        *(camera(wish.pop("media"), *wish.pop("catch", ()), **wish) for wish in map(dict, entry["cameras"]))
    )


@pytest.mark.parametrize("entry", MAILS, ids=lambda entry: entry["file"].removesuffix(".eml"))
def test_a_mail_says_what_its_manifest_says(entry: dict[str, Any]) -> None:
    raw = (OURS / entry["file"]).read_bytes()
    said = reading(raw, cameras(entry), *entry["rcpt_to"], mail_from=entry["mail_from"], login=entry["login"])
    assert (said.error, bool(said.reason), len(said.pictures)) == (entry["error"], bool(entry["error"]), entry["jpegs"])
    assert [(found.media, found.kind) for found in said.found] == [
        (want["media"], want["kind"]) for want in entry["expected"]
    ]
    for found, want in zip(said.found, entry["expected"], strict=True):
        told = found._asdict() | {"claimed": found.claimed_ms}
        if want.get("claimed"):
            want = want | {"claimed": utc_ms(want["claimed"])}
        assert {name: told[name] for name in want} == want
        assert entry["vendor"] == found.vendor


def test_the_corpus_is_large_and_holds_nothing_that_the_manifest_forgets() -> None:
    assert len(MAILS) >= 40
    assert {entry["file"] for entry in MAILS} == {path.name for path in OURS.glob("*.eml")}
    assert len({entry["vendor"] for entry in MAILS}) >= 15
