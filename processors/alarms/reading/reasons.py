"""Why a mail is no alarm, in one sentence that says what to do next."""

import re
from collections.abc import Iterable

from processors.alarms.reading.directory import Camera, Directory
from processors.alarms.reading.identity import Whose
from processors.alarms.reading.said import Said
from schemas.mail import MailReceived

_BARE = re.compile(r"[\w.,@+#*/-]+")
_DULL = re.compile(
    r"detect(?:ion|ed|or)?|alarm|alert|event|notification|from|start(?:ed)?|begin|the|has|been|was|camera|channel|smart|"
    r"warning|e?mail|message|new|your"
)
_AGAIN = "then sightlog letters redrive --error"


def tidy(text: str, most: int = 256) -> str:
    """A stranger's words on one line, without control characters, at most ``most`` long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: most * 2])
    return " ".join(plain.split())[:most]


def no_match(camera: Camera, said: Said, subject: str) -> str:
    """None of the catch words is in the mail; names the word to add."""
    event = tidy(said.event, 80) or tidy(subject, 80)
    words = [written for _, written in camera.catch]
    command = _command("media add", camera.media, "--catch", (*words, _suggested(event)))
    return (
        f"{_speaker(said)} says {event!r}; none of {camera.media}'s words ({', '.join(words) or 'it has none'}) is in "
        f"subject or text: {command}, {_AGAIN} no_match"
    )


def not_allowed(found: Whose, mail: MailReceived) -> str:
    """The mail names a camera with a login of its own, and came without that login."""
    media = found.refused[0]
    came = f"as {tidy(mail.login, 80)!r}" if mail.login else "without a login"
    return (
        f"the mail came {came} and names {media}, which has a login of its own: set that login on the camera's mail "
        f"page (sightlog smtp show {_quoted(media)}), or give {media} none with --mail-login ''"
    )


def unknown(found: Whose, said: Said, mail: MailReceived, directory: Directory) -> str:
    """No camera is named; says which names the mail goes by, and which of them to give to a camera."""
    if found.recorder:
        told, alias = _unknown_channel(tidy(found.recorder, 80), said)
    elif found.sharing:
        told, alias = _unknown_sharer(found.sharing, tidy(mail.login, 80), said)
    else:
        told, alias = _unknown_name(said, mail, directory)
    command = _command("media add", "NAME", "--mail-alias", (alias,))
    return f"{told}: {command} (and the aliases it has), {_AGAIN} unknown_camera"


def _unknown_channel(recorder: str, said: Said) -> tuple[str, str]:
    if not said.channels:
        return f"{recorder!r} is a recorder known by channels, and the mail names none: for one camera", recorder
    channel = tidy(str(said.channels[0]), 60)
    return f"channel {channel!r} of {recorder!r} is no camera's", f"{recorder}#{channel}"


def _unknown_sharer(sharing: tuple[str, ...], login: str, said: Said) -> tuple[str, str]:
    names = ", ".join(sharing[:5]) + (f" and {len(sharing) - 5} more" if len(sharing) > 5 else "")
    channel = tidy(str(said.channels[0]), 60) if said.channels else ""
    told = f"channel {channel!r}" if channel else "no channel"
    return f"{names} share the login {login!r} and the mail names {told}", f"{login}#{channel or 'CHANNEL'}"


def _unknown_name(said: Said, mail: MailReceived, directory: Directory) -> tuple[str, str]:
    known_as = [tidy(name, 80) for name in dict.fromkeys((mail.login, *mail.rcpt_to[:3], mail.mail_from)) if name]
    also = [f"device {tidy(said.device, 60)!r}"] if said.device else []
    also += [f"channel {tidy(str(said.channels[0]), 60)!r}"] if said.channels else []
    also += [] if directory.cameras else ["there are no cameras yet"]
    told = f"no camera goes by {', '.join(map(repr, known_as)) or 'nobody'}"
    alias = next(iter(known_as), "NAME") + (f"#{tidy(str(said.channels[0]), 60)}" if said.channels else "")
    return f"{told} ({', '.join(also)})" if also else told, alias


def broken(size_bytes: int) -> str:
    """It has neither a header nor words."""
    return (
        f"the {size_bytes} bytes are no mail: no header, no words; look at the raw mail, and at the camera's firmware"
    )


def too_complex() -> str:
    """Limits were met before anything was found."""
    return (
        "nothing was found before a limit was met (parts, nesting, header or text size), as cameras never meet them: "
        "look at the raw mail; if it is a camera's, tell us its model"
    )


def _speaker(said: Said) -> str:
    return "the mail" if said.vendor == "generic" else said.vendor


def _suggested(event: str) -> str:
    """The word of the event that tells it from others."""
    words = re.findall(r"[^\W\d_]{3,}", event.lower())
    return next((word for word in words if not _DULL.fullmatch(word)), words[0] if words else "*")


def _command(verb: str, name: str, option: str, values: Iterable[str]) -> str:
    options = " ".join(f"{option} {_quoted(value)}" for value in dict.fromkeys(values))
    return f"sightlog {verb} {_quoted(name)} {options}"


def _quoted(word: str) -> str:
    """As a shell takes it."""
    word = tidy(word, 300)
    return (
        word
        if _BARE.fullmatch(word) and "*" not in word and "#" not in word[:1]
        else "'" + word.replace("'", "'\\''") + "'"
    )
