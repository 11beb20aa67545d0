"""Operations hand in a client book; it is applied later, by an event."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from chassis.errors import Forbidden, Invalid
from services.customer.domain.importing import Import
from services.customer.usecases.ports import CustomerWork

IMPORTS = frozenset({"operations", "system"})


@dataclass(frozen=True, kw_only=True)
class StartImport:
    import_id: str
    file_name: str
    content: bytes
    by: str
    roles: frozenset[str]
    at: datetime


def start_import(command: StartImport, work: CustomerWork) -> None:
    check_may_import(command.roles)
    if not command.content:
        raise Invalid("empty_file", "the file is empty", "文件为空", field="chunk")
    received = Import(
        import_id=command.import_id,
        file_name=command.file_name,
        digest=sha256(command.content).hexdigest(),
        received_by=command.by,
        received_at=command.at,
    )
    work.imports.add(received, command.content)
    work.announce(received.received())


def check_may_import(roles: frozenset[str]) -> None:
    if not roles & IMPORTS:
        raise Forbidden(
            "may_not_import",
            "only operations import client books",
            "只有运营人员可以导入客户台账",
        )
