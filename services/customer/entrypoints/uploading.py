"""A file that arrives in pieces."""

from collections.abc import Iterable, Iterator
from itertools import chain

from chassis.errors import Invalid
from chassis.inputs import text
from liheng.customer.v1.customer_pb2 import StartImportRequest


def read_upload(pieces: Iterator[StartImportRequest], largest: int) -> tuple[str, bytes]:
    """Name and content; more than *largest* bytes are refused while they arrive."""
    first = next(pieces, None)
    if first is None:
        raise Invalid("empty_file", "the file is empty", "文件为空", field="chunk")
    name = text(first.file_name, "file_name", longest=200)
    return name, gather((piece.chunk for piece in chain([first], pieces)), largest)


def gather(chunks: Iterable[bytes], largest: int) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > largest:
            limit = largest // (1024 * 1024)
            raise Invalid(
                "file_too_large",
                f"the file is larger than {limit} MiB; split the book",
                f"文件超过 {limit} MiB，请拆分后上传",
                field="chunk",
            )
    return bytes(content)
