"""What the processes beside the gateway need to know of its database."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from chassis.config import A_QUARTER, SHANGHAI, SIX_MONTHS, TWO_YEARS, AtLeast183Days, Positive


@dataclass(frozen=True, kw_only=True)
class StoreConfig:
    """Read from LIHENG_GATEWAY_<FIELD>, or else from LIHENG_<FIELD>."""

    database_url: str = field(repr=False)
    amqp_url: str = field(repr=False)
    feed_kept: str = "1h"  # as in GatewayConfig
    zone: ZoneInfo = SHANGHAI
    trail_kept_days: AtLeast183Days = SIX_MONTHS
    event_log_kept_months: Positive = TWO_YEARS
    inbox_kept_days: Positive = A_QUARTER
