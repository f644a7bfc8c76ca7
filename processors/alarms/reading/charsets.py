"""Bytes as text, whatever charset they claim. Codecs that cost more than one pass are not on the list."""

import codecs
import re

_CODECS = {
    "ascii": "ascii usascii ansix341968 iso646us us",
    "utf-8": "utf8 utf unicode11utf8 cp65001",
    "utf-16": "utf16 unicode ucs2 iso10646ucs2",
    "utf-16-le": "utf16le",
    "utf-16-be": "utf16be",
    "utf-7": "utf7 unicode11utf7",
    "gb18030": "gb18030 gb2312 gbk gb231280 euccn hz cp936 ms936 windows936 xgbk csgb2312 chinese",
    "big5hkscs": "big5 big5hkscs cp950 xbig5",
    "cp932": "shiftjis sjis cp932 windows31j mskanji xsjis",
    "euc_jp": "eucjp xeucjp",
    "iso2022_jp_2": "iso2022jp iso2022jp2 csiso2022jp",
    "cp949": "euckr ksc56011987 ksc5601 cp949 uhc ksx1001",
    "koi8-r": "koi8r koi8 cskoi8r",
    "koi8-u": "koi8u",
    "cp1252": "iso88591 latin1 l1 windows1252 cp1252 ansi",
    "iso8859-2": "iso88592 latin2",
    "iso8859-3": "iso88593",
    "iso8859-4": "iso88594",
    "iso8859-5": "iso88595",
    "iso8859-6": "iso88596",
    "iso8859-7": "iso88597 greek",
    "iso8859-8": "iso88598 hebrew iso88598i",
    "cp1254": "iso88599 latin5 windows1254 cp1254",
    "iso8859-13": "iso885913",
    "iso8859-15": "iso885915 latin9",
    "cp1250": "windows1250 cp1250",
    "cp1251": "windows1251 cp1251",
    "cp1253": "windows1253 cp1253",
    "cp1255": "windows1255 cp1255",
    "cp1256": "windows1256 cp1256",
    "cp1257": "windows1257 cp1257",
    "cp1258": "windows1258 cp1258",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
    "cp852": "cp852 ibm852",
    "cp866": "cp866 ibm866",
    "tis-620": "tis620 windows874 cp874 iso885911",
}
_CODEC_OF = {alias: codec for codec, aliases in _CODECS.items() for alias in aliases.split()}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LOOKED_AT = 4096


def codec_of(charset: str) -> str | None:
    """The codec for a charset as mails spell it; None: unknown, or too costly to be trusted with strangers' bytes."""
    return _CODEC_OF.get(_NOT_NAME.sub("", charset[:60].lower().partition("*")[0]))


def text(data: bytes, charset: str = "") -> str:
    """``data`` as text: by its byte order mark, else by ``charset``, else by what its bytes look like."""
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(codec, "replace")
    codec_said = codec_of(charset)
    if codec_said and (codec_said != "ascii" or data.isascii()):
        try:
            return data.decode(codec_said)
        except UnicodeDecodeError:
            pass  # the label is wrong, or a byte was cut off: the bytes themselves decide
    return data.decode(_guess(data, codec_said), "replace")


def _guess(data: bytes, said: str | None) -> str:
    """The codec that the bytes look like; ``said``: what the mail claims, in case they look like nothing."""
    looked_at = data[:_LOOKED_AT]
    if (zeros := looked_at.count(0)) * 4 > len(looked_at) > 1:
        return "utf-16-be" if looked_at[::2].count(0) * 2 > zeros else "utf-16-le"
    if _is_utf8(looked_at):
        return "utf-8"
    if said not in (None, "ascii", "utf-8"):
        return str(said)
    return "gb18030" if _is_gb(looked_at) else "cp1252"


def _is_utf8(data: bytes) -> bool:
    """Valid, but for a character that the end cuts off."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3 and error.start > 0 and not data[: error.start].isascii()
    return True


def _is_gb(data: bytes) -> bool:
    """Chinese as old cameras write it: high bytes in pairs, from the rows of GB 2312 that hold characters."""
    runs = _HIGH_RUN.findall(data)
    return all(
        len(run) % 2 == 0 and all(0xA1 <= lead <= 0xF7 for lead in run[::2]) and min(run[1::2]) >= 0xA1 for run in runs
    )
