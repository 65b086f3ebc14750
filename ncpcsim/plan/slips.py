"""Numbers and dates as people write them, and as a plan takes them."""

import re
from decimal import Decimal

_PERCENT = re.compile(r"([-+]?\d+(?:\.\d+)?) ?%", re.ASCII)
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:[, ']\d{3})+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_WORDS = re.compile(r"""[^\W\d][^"'#=,\[\]{}\\]*""")
_STATED = re.compile(r"[ \t]*([\w.-]+)[ \t]*=[ \t]*([^#]*)(?:#.*)?", re.ASCII)
_HEADER = re.compile(r"[ \t]*\[+[ \t]*([\w.-]+)[ \t]*\]", re.ASCII)
_LONGEST = 40


def meant(text: str) -> str | None:
    """What a plan takes in place of a number or date; None where `text` is like neither."""
    if found := _PERCENT.fullmatch(text):
        return f"{Decimal(found[1]) / 100:f}"
    if _GROUPED.fullmatch(text):
        return re.sub("[, ']", "", text)
    if _DECIMAL_COMMA.fullmatch(text):
        return text.replace(",", ".")
    return f"{text}-01" if _MONTH.fullmatch(text) else None


def slip(text: str, line: int) -> str | None:
    """Which key of a text that is no TOML is stated wrongly on a line, and what was expected.

    None where the line states no key, or its value is like none that a plan takes.
    """
    lines = text.split("\n")
    stated = _STATED.fullmatch(lines[line - 1].rstrip("\r")) if line <= len(lines) else None
    if stated is None:
        return None
    key, value = stated[1], stated[2].rstrip()
    if len(value) > _LONGEST or not value.isprintable():
        return None
    wanted = meant(value)
    if wanted is None and _WORDS.fullmatch(value):
        quoted = f'"{value}", in quotes'
        wanted = value.lower() if value.lower() in ("true", "false") else quoted
    if wanted is None:
        return None
    headers = [header[1] for header in map(_HEADER.match, lines[: line - 1]) if header]
    return f"{'.'.join((*headers[-1:], key))}: is {value}, expected {wanted}"
