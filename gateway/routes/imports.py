"""/imports: an institution's client book, taken over."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from grpc.aio import StreamUnaryCall
from starlette.datastructures import UploadFile

from gateway.operation import Asked, Routes
from gateway.parsing import media_type, wrong_type
from gateway.problems import FieldError, Problem
from gateway.schemas import imports as schemas
from gateway.schemas.paging import PageAsked
from gateway.schemas.shown import page_of
from gateway.sentences import Sentence
from liheng.customer.v1 import customer_pb2 as pb

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM = "multipart/form-data"
UNNAMED = "book.xlsx"
LARGEST_BOOK = 32 * 1024 * 1024  # bytes
PIECE = 256 * 1024  # bytes

imports = Routes("customer")


@imports.post(
    "/imports",
    permission="import.start",
    summary=Sentence("Take over a client book (xlsx)", "导入客户台账（xlsx）"),
    query=schemas.FileNamed,
    media_types=(XLSX, FORM),
    largest_body=LARGEST_BOOK,
    shows=schemas.ImportStarted,
    status=202,
    location="/imports/{import_id}",
)
async def start_import(asked: Asked) -> pb.StartImportResponse:
    async with book(asked) as (name, pieces):
        with asked.line.open(asked.services.customer.StartImport) as call:
            answer = await send(call, asked.query.get("file_name", name), pieces)
            asked.line.note(await call.initial_metadata())
            return answer


@imports.get(
    "/imports",
    permission="import.read",
    summary=Sentence("List imports, newest first", "导入列表"),
    query=PageAsked,
    shows=page_of(schemas.Import, "imports"),
)
async def list_imports(asked: Asked) -> pb.ListImportsResponse:
    request = pb.ListImportsRequest(**asked.query)
    return await asked.call(asked.services.customer.ListImports, request)


@imports.get(
    "/imports/{import_id}",
    permission="import.read",
    summary=Sentence("How an import is getting on", "导入进展与结果"),
    shows=schemas.Import,
)
async def get_import(asked: Asked) -> pb.Import:
    request = pb.GetImportRequest(**asked.path)
    found = await asked.call(asked.services.customer.GetImport, request)
    return cast(pb.Import, getattr(found, "import"))  # the field is named after a keyword


@imports.get(
    "/imports/{import_id}/rejections",
    permission="import.read",
    summary=Sentence("The rows that were rejected or doubtful, and why", "被拒绝或存疑的行及原因"),
    query=schemas.RejectionsAsked,
    shows=page_of(schemas.ImportRejection, "rejections"),
)
async def list_rejections(asked: Asked) -> pb.ListImportRejectionsResponse:
    request = pb.ListImportRejectionsRequest(**asked.path, **asked.query)
    return await asked.call(asked.services.customer.ListImportRejections, request)


@asynccontextmanager
async def book(asked: Asked) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
    """The file's name and its bytes, from the body or from the form's field `file`."""
    kind = media_type(asked.request)
    if kind == XLSX:
        yield UNNAMED, asked.request.stream()
    elif kind == FORM:
        async with asked.request.form(max_files=1, max_fields=0) as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise no_file()
            yield upload.filename or UNNAMED, read_pieces(upload)
    else:
        raise wrong_type(XLSX, FORM)


async def read_pieces(upload: UploadFile) -> AsyncIterator[bytes]:
    while piece := await upload.read(PIECE):
        yield piece


async def send(
    call: "StreamUnaryCall[pb.StartImportRequest, pb.StartImportResponse]",
    file_name: str,
    pieces: AsyncIterator[bytes],
) -> pb.StartImportResponse:
    await call.write(pb.StartImportRequest(file_name=file_name))
    async for piece in pieces:
        if piece and not call.done():
            await call.write(pb.StartImportRequest(chunk=piece))
    if not call.done():
        await call.done_writing()
    return await call


def no_file() -> Problem:
    detail = Sentence("Send the book as the form's field named file", "请用表单字段 file 上传台账")
    return Problem(422, "invalid_request", detail, errors=(FieldError("body", "file", detail),))
