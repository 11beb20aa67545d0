"""Every operation of the API."""

from gateway.completion import completed
from gateway.operation import Operation
from gateway.routes.access import access
from gateway.routes.analytics import analytics
from gateway.routes.customer_classes import customer_classes
from gateway.routes.customers import customers
from gateway.routes.decisions import decisions
from gateway.routes.deliveries import deliveries
from gateway.routes.events import events
from gateway.routes.imports import imports
from gateway.routes.leads import leads
from gateway.routes.marketing import marketing
from gateway.routes.me import me
from gateway.routes.operations import operations
from gateway.routes.products import products
from gateway.routes.recordings import recordings
from gateway.routes.rehearsals import rehearsals
from gateway.routes.risk_profiles import risk_profiles
from gateway.routes.rule_packs import rule_packs
from gateway.routes.sales import sales
from gateway.routes.staff import staff
from gateway.routes.trail import trail
from gateway.routes.webhooks import webhooks
from gateway.sentences import Sentence

TAGS = {
    "customer": Sentence("Clients, staff and imports", "客户、员工与导入"),
    "product": Sentence("The catalogue", "产品"),
    "suitability": Sentence("Profiles, decisions and their rules", "风险测评、匹配与规则包"),
    "recording": Sentence("Dual recordings", "双录"),
    "workflow": Sentence("Leads and sales", "线索与认购"),
    "analytics": Sentence("Dashboards", "分析"),
    "events": Sentence("What changes, as it happens", "实时变更"),
    "operations": Sentence("Dead letters and replays of each service", "死信与事件重放"),
    "trail": Sentence("Who did what", "审计日志"),
    "webhooks": Sentence("Events sent to other systems", "向其他系统推送事件"),
    "me": Sentence("The caller", "当前用户"),
}

OPERATIONS: tuple[Operation, ...] = completed(
    (
        *me,
        *customers,
        *access,
        *risk_profiles,
        *staff,
        *imports,
        *leads,
        *products,
        *decisions,
        *customer_classes,
        *rule_packs,
        *marketing,
        *rehearsals,
        *sales,
        *recordings,
        *analytics,
        *events,
        *operations,
        *trail,
        *webhooks,
        *deliveries,
    )
)
