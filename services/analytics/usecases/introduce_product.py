"""A product was listed, or its terms changed."""

from dataclasses import dataclass
from datetime import datetime

from services.analytics.domain.names import ListedProduct
from services.analytics.usecases.ports import AnalyticsWork


@dataclass(frozen=True, kw_only=True)
class IntroduceProduct:
    product: ListedProduct
    at: datetime


def introduce_product(command: IntroduceProduct, work: AnalyticsWork) -> None:
    work.freshness.note(command.at)
    work.names.keep_product(command.product)
