"""An adviser opens the recording of a sale, with the script of its product."""

from dataclasses import dataclass
from datetime import datetime

from services.recording.domain import refusals
from services.recording.domain.actor import Actor
from services.recording.domain.known import (
    Product,
    Sale,
    product_not_known_yet,
    sale_not_known_yet,
)
from services.recording.domain.recording import Recording, State
from services.recording.domain.script import Script, script_for
from services.recording.usecases.ports import RecordingWork
from services.recording.usecases.serving import expect_serving


@dataclass(frozen=True, kw_only=True)
class OpenRecording:
    recording_id: str
    sale_id: str
    by: Actor
    at: datetime


def open_recording(command: OpenRecording, work: RecordingWork) -> str:
    """The id of the new recording, or of the one that this caller has open already."""
    sale = work.sales.find(command.sale_id)
    if sale is None:
        raise sale_not_known_yet()
    expect_serving(command.by, sale.customer_id, work)
    present = work.recordings.of_sale(command.sale_id)
    if present is None:
        return _open(sale, command, work)
    if present.state is not State.OPEN or present.opened_by != command.by.staff_id:
        raise refusals.already_recorded(present.state)
    return present.recording_id


def _open(sale: Sale, command: OpenRecording, work: RecordingWork) -> str:
    sale.check_goes_on()
    product = work.products.find(sale.product_id)
    if product is None:
        raise product_not_known_yet()
    recording = Recording(
        recording_id=command.recording_id,
        sale_id=sale.sale_id,
        customer_id=sale.customer_id,
        product_id=sale.product_id,
        script=_script(product, work),
        opened_by=command.by.staff_id,
        opened_at=command.at,
    )
    work.recordings.add(recording)
    work.announce(recording.opened())
    return recording.recording_id


def _script(product: Product, work: RecordingWork) -> Script:
    if product.script:
        return product.script
    nodes, insurance = work.scripts.built_in(product.kind), product.insurance
    return script_for(nodes, insurance.line, insurance.design) if insurance else script_for(nodes)
