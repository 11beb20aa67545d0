"""Parts of a protobuf message that are bytes already: what is written after it is said by it."""

from functools import lru_cache

LENGTH_DELIMITED = 2  # texts and messages, in the encoding of protobuf
LENGTHS_REMEMBERED = 4096


def part(field_number: int, content: bytes) -> bytes:
    """A field that holds a text or a message."""
    return b"%b%b%b" % (_tag(field_number), _varint(len(content)), content)


@lru_cache
def _tag(field_number: int) -> bytes:
    return _varint(field_number << 3 | LENGTH_DELIMITED)


@lru_cache(LENGTHS_REMEMBERED)
def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; all but the last byte say that another follows."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
