"""Checks of marketing words over gRPC."""

from datetime import date

from liheng.suitability.v1 import suitability_pb2 as pb
from services.suitability.domain.marketing import Finding
from services.suitability.usecases.check_marketing import Checked, CheckMarketing


def check(request: pb.CheckMarketingRequest, on: date) -> CheckMarketing:
    return CheckMarketing(
        texts=list(request.texts),
        channel=request.channel,
        product_kind=request.product_kind,
        on=on,
    )


def checked_message(command: CheckMarketing, checked: Checked) -> pb.CheckMarketingResponse:
    return pb.CheckMarketingResponse(
        findings=[
            finding_message(number, command.texts[number], one) for number, one in checked.findings
        ],
        total=checked.total,
        words_version=checked.words.version,
        requires=checked.requires,
    )


def finding_message(number: int, text: str, one: Finding) -> pb.MarketingFinding:
    rule = one.rule
    return pb.MarketingFinding(
        text=number,
        start=one.start,
        end=one.end,
        found=text[one.start : one.end],
        word=one.word,
        rule_id=rule.id,
        regulation_zh=rule.regulation_zh,
        regulation_en=rule.regulation_en,
        article=rule.article,
        status=str(rule.status),
        zh=rule.zh,
        en=rule.en,
        instead_zh=rule.instead_zh,
        instead_en=rule.instead_en,
    )
