"""What one mail may cost at most. Beyond a limit the rest is left unread and the mail is said to be cut short.

Each number is far above what cameras send: their mails have 5 header lines to 40, up to 12 parts, two levels, and a
body of under 4 KiB. A hostile mail of 10 MB stays below a second of CPU.
"""

MAIL_BYTES = 40 << 20
HEADER_BYTES = 64 << 10
"""Of one block of header lines."""
HEADER_LINES = 1000
VALUE_BYTES = 8 << 10
"""Of one header, unfolded."""
ENCODED_WORDS = 256
"""In one header."""
ADDRESSES = 64
"""In all headers of one kind."""
PARTS = 256
DEPTH = 8
DELIMITERS = 4096
"""Lines that look like boundaries, in the whole mail."""
PART_TEXT_BYTES = 256 << 10
"""Of one text part, as it stands in the mail."""
TEXT_BYTES = 384 << 10
"""Of all text parts together, as they stand in the mail."""
TEXT_CHARS = 128 << 10
"""Of all text parts together, read."""
PICTURES = 32
UU_LINES = 40_000
LINES = 500
"""Lines of text that are looked at for labels."""
LINE_CHARS = 400
TIME_CHARS = 4096
"""Of text that is looked at for a time without a label."""
TIME_LABELS = 6
"""Labels whose dates and times of day are tried together."""
CHANNELS = 64
"""Channels that one mail may name."""
