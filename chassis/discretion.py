"""What an error says, without what it quotes: that may be personal data.

Errors of libraries and of the database repeat the value they stumbled over. Where it happened
and what kind of error it was is enough to find a defect.
"""

import re

WITHHELD = "…"
QUOTED = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|“[^”]*”""")
# Such as Key (phone)=(…), and: Failing row contains (…)
OF_A_ROW = re.compile(r"(?<==)\([^)]*\)|(?<=contains )\(.*")
NUMBERS = re.compile(r"\d[\d\s.\-]{3,}[\dXx]")
BEYOND_ASCII = re.compile(r"[^\x00-\x7f…]+")
NAME = re.compile(r"""['"][a-z]+(?:_[a-z]+)+['"]""")  # of a constraint, a column or an attribute


def discreet(text: str) -> str:
    """Without quoted values, long numbers and anything that is not plain English."""
    kept = QUOTED.sub(lambda found: found[0] if NAME.fullmatch(found[0]) else WITHHELD, text)
    for values in (OF_A_ROW, NUMBERS, BEYOND_ASCII):
        kept = values.sub(WITHHELD, kept)
    return kept


def discreet_traceback(text: str) -> str:
    """Files, lines and code as they are; what the errors say, discreetly."""
    return "\n".join(
        line if line.startswith("  File ") else discreet(line) for line in text.split("\n")
    )
