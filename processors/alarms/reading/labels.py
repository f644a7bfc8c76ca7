"""Labels of recorders in the languages they ship with, and the lines of a mail that carry them."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from processors.alarms.reading import limits, names

Meaning = Literal["event", "time", "start", "stop", "number", "channel", "camera", "device", "serial", "zone"]

_LABELS: dict[Meaning, str] = {
    "event": """
        event|event type|event name|alarm event|alarm type|alarmtype|alarm event type|type|type of event|alarm|alert|
        alert type|detection type|cause|cause of alarm|trigger|triggered by|exception type|alarm description|
        alarm descriptions|event description|
        zdarzenie|typ zdarzenia|rodzaj zdarzenia|typ alarmu|rodzaj alarmu|zdarzenie alarmowe|
        ereignis|ereignistyp|ereignisart|ereignis typ|alarmtyp|alarmart|alarm typ|alarmereignis|
        evento|tipo de evento|tipo de alarma|evento de alarma|alarma|tipo de alarme|evento de alarme|alarme|
        tipo di evento|tipo evento|tipo di allarme|tipo allarme|allarme|evento di allarme|
        événement|type d'événement|type d'alarme|type d’événement|type d’alarme|événement d'alarme|
        gebeurtenis|type gebeurtenis|gebeurtenistype|
        событие|тип события|тип тревоги|тревога|событие тревоги|тип тревожного события|
        事件|事件类型|报警类型|报警事件|告警类型|告警事件|类型|アラーム|イベント""",
    "time": """
        time|date|date/time|date time|datetime|date & time|date and time|time stamp|timestamp|event time|event date|
        event date/time|alarm time|alarm date|alarm date/time|trigger time|triggered at|triggered on|detected at|
        occurrence date and time|occurrence time|occurred at|capture time|local time|clock|when|alarm triggered at|
        czas|data|godzina|data i czas|data/czas|data i godzina|czas zdarzenia|czas alarmu|data zdarzenia|
        zeit|datum|datum/zeit|datum/uhrzeit|uhrzeit|datum und uhrzeit|ereigniszeit|alarmzeit|zeitpunkt|
        hora|fecha|fecha y hora|fecha/hora|hora del evento|hora de la alarma|hora de alarma|data/hora|data e hora|
        hora do evento|hora do alarme|ora|data/ora|data e ora|ora evento|ora dell'evento|ora allarme|
        heure|date et heure|date/heure|heure de l'événement|heure de l’événement|heure de l'alarme|
        tijd|tijdstip|datum en tijd|datum/tijd|
        время|дата|дата/время|дата и время|время события|время тревоги|
        时间|事件时间|报警时间|告警时间|发生时间|日期|触发时间|日時""",
    "start": """
        start time|alarm start time|event start time|begin time|started at|start|alarm starttime|
        czas rozpoczęcia|czas rozpoczęcia alarmu|startzeit|alarm startzeit|alarmstartzeit|beginn|hora de inicio|
        hora de inicio de la alarma|hora de início|ora di inizio|ora inizio|heure de début|heure de début d'alarme|
        starttijd|время начала|время начала тревоги|开始时间|报警开始时间|告警开始时间""",
    "stop": """
        stop time|end time|alarm stop time|alarm end time|event end time|event stop time|ended at|alarm clear time|
        czas zakończenia|czas zakończenia alarmu|endzeit|alarm endzeit|alarmendzeit|hora de fin|hora de finalización|
        hora de término|ora di fine|ora fine|heure de fin|heure de fin d'alarme|eindtijd|время окончания|
        время окончания тревоги|结束时间|报警结束时间|告警结束时间""",
    "number": """
        channel|channel no|channel number|channel num|channel id|ch|chn|camch|cam ch|alarm channel|alarm channel no|
        alarm input channel|alarm input channel no|alarm input no|input channel|video channel|camera no|camera number|
        camera id|cam|cam no|source channel|alarm input|chan|video input|
        kanał|numer kanału|nr kanału|kanał nr|kanał wejścia alarmowego|kanal|kanalnummer|kanal nr|kanal-nr|
        alarmeingang|canal|número de canal|nº de canal|canal de entrada de alarma|número do canal|canale|
        numero canale|voie|numéro de canal|n° de canal|canal d'entrée d'alarme|kanaal|kanaalnummer|
        канал|номер канала|№ канала|канал №|канал тревожного входа|
        通道|通道号|通道编号|报警通道|报警输入通道|报警输入通道号|告警通道|输入通道|チャンネル""",
    "channel": """
        channel name|chn name|input channel name|alarm input channel name|alarm channel name|channel title|source|
        alarm source|event source|video source|
        nazwa kanału|źródło|źródło alarmu|kanalname|kanal name|quelle|alarmquelle|nombre de canal|nombre del canal|
        nome do canal|origen|origem|nome canale|nome del canale|nom du canal|nom de canal|kanaalnaam|имя канала|
        название канала|источник|источник тревоги|通道名称|通道名|报警源|告警源""",
    "camera": """
        camera name|camera|alarm camera name|camera title|cam name|camera name num|event camera|
        kamera|nazwa kamery|kameraname|kamera name|cámara|camara|nombre de cámara|nombre de la cámara|câmera|
        nome da câmera|nome da camera|telecamera|nome telecamera|caméra|nom de la caméra|nom de caméra|cameranaam|
        камера|имя камеры|название камеры|摄像机|摄像头|相机|摄像机名称|摄像头名称|监控点|监控点名称|カメラ""",
    "device": """
        device name|device|alarm device name|alarm device|dvr name|nvr name|ipc name|dvr|nvr|ipc|xvr name|hostname|
        host name|host|system name|server name|server|unit name|recorder|recorder name|name|device id|site|
        from system|station|site name|encoder name|
        urządzenie|nazwa urządzenia|rejestrator|gerät|gerätename|geräte name|dispositivo|nombre de dispositivo|
        nombre del dispositivo|nome do dispositivo|nome dispositivo|nome del dispositivo|appareil|nom de l'appareil|
        nom de l’appareil|périphérique|nom du périphérique|nom de l'équipement|apparaat|apparaatnaam|
        устройство|имя устройства|название устройства|регистратор|
        设备|设备名称|设备名|报警设备名称|告警设备|主机名称|主机|デバイス名""",
    "serial": "s/n|sn|serial|serial number|serial no|ipc s/n|dvr s/n|nvr s/n|device s/n|device serial no|mac|序列号",
    "zone": "time zone|timezone|zeitzone|zona horaria|fuseau horaire|strefa czasowa|часовой пояс|时区",
}
_MEANINGS: dict[str, Meaning] = {
    names.fold(label): meaning for meaning, labels in _LABELS.items() for label in labels.replace("\n", "").split("|")
}
_LINE = re.compile(r"([^:：=\t(\[（]{1,60})(?:[(\[（]([^)\]）]{0,40})[)\]）])?[ ]{0,3}[:：=\t]")
_BULLETS = " \t>*•·-"
_ALSO = re.compile(r"[,;|，；][ \t]*(?=[^:：=,;|，；]{2,40}[:：])")
_LABEL_NOISE = re.compile(r"[.\s]+")


class Label(NamedTuple):
    """One labelled value of a mail."""

    meaning: Meaning
    label: str
    """As the mail writes it, with its note: ``Alarm Start Time (D/M/Y H:M:S)``."""
    note: str
    """What stands in brackets behind the label."""
    value: str


def of(text: str) -> tuple[Label, ...]:
    """The labelled values of ``text``, in order, empty ones left out."""
    lines = text[: limits.LINES * limits.LINE_CHARS].split("\n", limits.LINES)[: limits.LINES]
    return tuple(label for line in lines for label in _of_line(line[: limits.LINE_CHARS]))


def _of_line(line: str) -> Iterator[Label]:
    """The label of a line, or several when a mail sets them all on one line."""
    for piece in _pieces(line.strip(_BULLETS)):
        found = _LINE.match(piece)
        if found and (meaning := meaning_of(found[1])) and (value := piece[found.end() :].strip(" \t\r,;")):
            label, note = found[1].strip(), (found[2] or "").strip()
            yield Label(meaning, f"{label} ({note})" if note else label, note, value[:256])


def _pieces(line: str) -> Iterator[str]:
    """The line cut before every further known label."""
    start = 0
    for cut in _ALSO.finditer(line):
        if (found := _LINE.match(line, cut.end())) and meaning_of(found[1]):
            yield line[start : cut.start()]
            start = cut.end()
    yield line[start:]


def meaning_of(label: str) -> Meaning | None:
    """What a label announces; None: it is none that we know."""
    folded = names.fold(label)
    return _MEANINGS.get(folded) or _MEANINGS.get(_LABEL_NOISE.sub(" ", folded).strip())
