"""Words of others as one line that a terminal shows and does not obey. Pure."""


def plain(text: str) -> str:
    """``text`` without control characters: anybody may write a mail, a title, a reason, or ask for a path."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
