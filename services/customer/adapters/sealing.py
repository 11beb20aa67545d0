"""Where personal data rests in the customer database, and how it is looked for."""

from chassis.sealing.index import IndexKeys
from services.customer.domain.searching import SEARCHABLE


def index_keys(current: bytes, previous: bytes = b"") -> IndexKeys:
    return IndexKeys(SEARCHABLE, current, previous)


def place_of(customer_id: str, field: str) -> str:
    return f"customer/{customer_id}/{field}"


def place_of_kyc(customer_id: str, kyc_id: str) -> str:
    return place_of(customer_id, f"kyc/{kyc_id}")


def place_of_unmasking(customer_id: str) -> str:
    return place_of(customer_id, "unmasking")


def place_of_file(import_id: str) -> str:
    return f"import/{import_id}"


def place_of_file_name(import_id: str) -> str:
    return f"import/{import_id}/file_name"
