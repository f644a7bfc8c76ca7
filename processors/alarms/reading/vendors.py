"""The vendors whose mails are known: one table, one small pure function for each way of writing."""

import re
from collections.abc import Callable
from typing import NamedTuple

from processors.alarms.reading import channels, phrases
from processors.alarms.reading.channels import Channel
from processors.alarms.reading.said import Said, View
from schemas.folding import folded

GENERIC = "generic"

_DETECTED = (
    r"(?:motion|movement|person|people|human|vehicle|car|animal|pet|dog|cat|face|visitor|package|intrusion|line|"
    r"cross|tripwire|region|loiter|tamper|sound|audio|noise|pir|smart|object|activity|doorbell|ring|alarm|alert|"
    r"bewegung|ruch|wykry|movimiento|movimento|mouvement|движен|移动|运动|人形|入侵)"
)
_EVENT_FROM = re.compile(
    rf"(?:.{{0,30}}?[:\]] ?)?(?P<event>[^:]{{0,30}}{_DETECTED}[^:]{{0,30}}?) (?:from|at|on|by|in) "
    r"(?:camera |your |the )?(?P<name>(?!\d+[-/.:]\d).{2,80}?)(?: (?:at|on|@) .{0,12}\d.*)?[.! ]*",
    re.I,
)
_EVENT_DASH = re.compile(rf"(?P<event>[^–—]{{0,30}}{_DETECTED}[^–—]{{0,30}}?) (?:[–—]|-) (?P<name>[^–—]{{2,80}})", re.I)
_NAME_EVENT = re.compile(rf"(?P<name>[^:]{{2,60}}): (?P<event>.{{0,40}}{_DETECTED}.{{0,60}})", re.I)
_NAME_BRACKETS = re.compile(rf"(?P<event>[^()]{{0,60}}{_DETECTED}[^()]{{0,20}}?) ?\((?P<name>[^()]{{1,60}})\).*", re.I)
_EVENT_ALONE = re.compile(rf"[^\n,;|]{{0,40}}{_DETECTED}[^\n,;|]{{0,40}}", re.I)
_AXIS_SERIAL = re.compile(r"\b(?:00408c|accc8e|b8a44f|e82725)[0-9a-f]{6}\b", re.I)
_JVC_LINE = re.compile(r"^.*(?:\d ?ch ?\[|camch:).*$", re.I | re.M)
_FIRST_LINE = re.compile(r"[^\n]{1,200}")


class Vendor(NamedTuple):
    """One row of the table."""

    name: str
    ways: tuple[tuple[str, ...], ...]
    """Words that a mail of theirs holds, each with a blank around it; all words of one way are enough."""
    read: Callable[[View], Said]


def generic(view: View) -> Said:
    """By labels in many languages, else by the usual shapes of a subject or a first line."""
    device, event = view.value("camera", "device", "channel"), view.value("event")
    if not (device and event):
        in_words_event, name = _in_words(view)
        device, event = device or name or view.value("serial"), event or in_words_event
    return Said(GENERIC, event, device, view.channels, _is_stop(view))


def by_device(view: View) -> Said:
    """Devices that name themselves before their camera: ``Alarm Device Name`` is what the operator typed."""
    return (said := generic(view))._replace(device=view.value("device") or said.device)


def hikvision(view: View) -> Said:
    """``EVENT TYPE``, ``CAMERA NAME(NUM)``, ``IPC NAME``; the subject ends in ``On Channel A2``."""
    return (said := generic(view))._replace(device=view.value("camera", "device") or said.device)


def by_channel(view: View) -> Said:
    """Recorders whose channel name is the camera's: ``Channel Name [IP-CH1]: Front Yard``, ``Source: D4 (Hall)``."""
    return (said := generic(view))._replace(device=view.value("camera", "channel", "device") or said.device)


def axis(view: View) -> Said:
    """Free words around a serial number, in the text, the sender or the message's id."""
    said = generic(view)
    serial = _AXIS_SERIAL.search(f"{view.message.text[:2000]}\n{view.message.mailer}")
    device = view.value("camera", "device", "serial") or (serial[0].upper() if serial else "")
    return said._replace(device=device, event=view.value("event") or view.subject)


def jvc(view: View) -> Said:
    """Several cameras in one mail: ``20:15:15 A 3ch [INF.], 4ch [ENTRANCE]`` or ``CamCh: 3[INF.], 4[ENTRANCE]``."""
    found = [channel for line in _JVC_LINE.finditer(view.message.text) for channel in channels.pairs(line[0])]
    kept = tuple(dict.fromkeys(_unnamed(channel) for channel in found))
    host = re.search(r"^host(?: name)?[.:|]*[ \t]*(.{1,60})$", view.message.text, re.I | re.M)
    device = host[1].strip(" :|") if host else ""
    return Said("", view.subject, device, kept or view.channels, _is_stop(view))


def panasonic(view: View) -> Said:
    """The operator's words with 17 digits of time glued on."""
    said = generic(view)
    return said._replace(
        event=view.value("event") or re.sub(r":?\d{14,17}$", "", view.subject), device=view.value("device")
    )


def soc(view: View) -> Said:
    """Nameless boards: ``Event``, ``Channel`` and ``Time``, perhaps a serial number; no name of a device."""
    return generic(view)._replace(device=view.value("camera", "device"))


def _in_words(view: View) -> tuple[str, str]:
    """(event, name of the camera) in the subject, else in the first line of the text."""
    first = _FIRST_LINE.search(view.message.text.strip()[:300])
    for line in (view.subject, "" if view.labels else first[0] if first else ""):
        for shape in (_NAME_BRACKETS, _EVENT_FROM, _EVENT_DASH, _NAME_EVENT):
            if found := shape.fullmatch(line[:200]):
                return found["event"].strip(" :-[]"), found["name"].strip(" '\"[]")
    alone = _EVENT_ALONE.search(view.subject[:200])
    return (alone[0].strip() if alone else ""), ""


def _is_stop(view: View) -> bool:
    meanings = {label.meaning for label in view.labels}
    if "stop" in meanings and "start" not in meanings:
        return True
    return phrases.stop(folded(view.subject), folded(view.value("event")), folded(view.message.text[:600]))


def _unnamed(channel: Channel) -> Channel:
    """A channel without the empty name that recorders put in brackets."""
    return Channel(channel.number, tuple(name for name in channel.names if name.strip(" -")))


def _vendor(name: str, marks: str, read: Callable[[View], Said]) -> Vendor:
    """A row. ``marks``: ways to know them, parted by ``|``; of one way all words, parted by ``&``, must be there."""
    ways = tuple(tuple(f" {mark.strip()} " for mark in way.split("&")) for way in marks.split("|"))
    return Vendor(name, ways, read)


VENDORS: tuple[Vendor, ...] = (
    _vendor("jvc", "alarm sensor rec | alarm sensor recording | camch & clock", jvc),
    _vendor(
        "hikvision",
        "hikmailer | hikvision | hilook | hiwatch | embedded net dvr | event type & camera name num"
        "| event type & ipc name | event type & dvr name | event type & nvr name"
        "| event type & ipc s n | event type & dvr s n | event type & nvr s n",
        hikvision,
    ),
    _vendor("annke", "annke", hikvision),
    _vendor(
        "reolink",
        "alarm camera name | reolink | person detected from | vehicle detected from | animal detected from"
        "| pet detected from | visitor detected from | face detected from | motion detected from"
        "| motion detection from | tested the e mail alert",
        generic,
    ),
    _vendor("amcrest", "amcrest", by_device),
    _vendor("lorex", "lorex", by_device),
    _vendor(
        "dahua",
        "dahua | alarm event & alarm input channel | alarm event & alarm device name | alarm event & alarm start time"
        "| alarm event & alarm stop time | ivs & tripwire",
        by_device,
    ),
    _vendor("swann", "swann | channel name & event type & alarmtype", by_channel),
    _vendor("night-owl", "night owl", by_channel),
    _vendor("uniview", "uniview | unv | alarm type & source", by_channel),
    _vendor("foscam", "foscam | ipcamera alarm", generic),
    _vendor("unifi", "unifi | ubiquiti", generic),
    _vendor("axis", "axis", axis),
    _vendor("panasonic", "panasonic | i pro | alarm was occurred | glued 17 digits", panasonic),
    _vendor("hanwha", "wisenet | hanwha | samsung | samsung techwin", by_channel),
    _vendor("vivotek", "vivotek", generic),
    _vendor("bosch", "bosch", generic),
    _vendor("mobotix", "mobotix", generic),
    _vendor("tp-link", "vigi | tp link | tapo", generic),
    _vendor("ring", "ring com | ring alarm", generic),
    _vendor("d-link", "d link | dlink | dcs", generic),
    _vendor("trendnet", "trendnet", generic),
    _vendor("zmodo", "zmodo", generic),
    _vendor("acti", "acti", generic),
    _vendor("sony", "sony | snc", generic),
    _vendor("geovision", "geovision | gv system", generic),
    _vendor("milesight", "milesight", generic),
    _vendor("tiandy", "tiandy", generic),
    _vendor("tvt", "tvt", generic),
    _vendor("avigilon", "avigilon", generic),
    _vendor("arlo", "arlo", generic),
    _vendor("eufy", "eufy", generic),
    _vendor("wyze", "wyze", generic),
    _vendor("blue-iris", "blue iris", generic),
    _vendor("synology", "surveillance station | synology", generic),
    _vendor("qnap", "qvr | qnap", generic),
    _vendor("milestone", "xprotect | milestone", generic),
    _vendor("frigate", "frigate", generic),
    _vendor("zoneminder", "zoneminder", generic),
    _vendor("motion", "motion daemon | motion event & pixels", generic),
    _vendor("agent-dvr", "agent dvr | ispy", generic),
    _vendor("xmeye", "xmeye | sricam | ipcam & alarm event", soc),
)


def read(view: View) -> Said:
    """What the mail says, by the first vendor of the table whose marks it has; else by labels and shapes alone."""
    marks = view.marks
    for vendor in VENDORS:
        if any(all(mark in marks for mark in way) for way in vendor.ways):
            return vendor.read(view)._replace(vendor=vendor.name)
    return generic(view)
