"""Chinese for the codes that stand in refusals and open gates; an unknown code stays as it is."""

from collections.abc import Iterable

CHINESE = {
    # leads
    "new": "新建",
    "assigned": "已分配",
    "contacted": "已联系",
    "qualified": "已转化",
    "dropped": "已放弃",
    # sales
    "drafted": "草拟",
    "decided": "已匹配",
    "recorded": "已双录",
    "signed": "已签约",
    "paid": "已付款",
    "cooling_off": "冷静期",
    "callback": "回访",
    "confirmed": "已确认",
    "rescinded": "已解除",
    "refused": "已拒绝",
    "called back": "回访",
    # what a decision asks for first
    "reassessment": "重新测评",
    "level_reconfirmation": "二次确认风险等级",
    "mismatch_application": "客户主动申请",
    "mismatch_warning": "书面风险警示",
    "mismatch_confirmation": "客户确认",
    "mismatch_insistence": "客户坚持购买",
    "special_care": "特别注意义务",
    "insurance_statement": "投保声明",
    "guardian_consent": "法定代理人同意",
    # what a callback asks
    "identity": "本人身份",
    "own_signature": "为本人购买并亲自签名",
    "read_contract_and_risks": "已阅读合同和风险揭示",
    "tolerance_matches": "风险承受能力与产品匹配",
    "fees_rights_disclosure": "费用、权利与信息披露",
    "possible_loss": "可能的损失",
    "cooling_off_rights": "冷静期起止与权利",
    "dispute_route": "纠纷解决途径",
    # what a decision obliges to
    "disclosure": "信息披露",
    "inspection": "双录质检",
    "sample_callback": "抽样回访",
    "rating_correction": "产品评级更正",
    "qualification_evidence": "合格投资者证明材料",
    "e_confirmation": "电子确认留痕",
    "needs_analysis": "需求与支付能力分析",
    # what is disclosed
    "product": "产品信息",
    "fees": "费用",
    "match_opinion": "匹配意见",
    "level_may_change": "风险等级可能变化",
    "risks_and_principal_loss": "风险与本金损失",
    "principal_loss": "可能损失本金",
    "loss_beyond_principal": "损失可能超过本金",
    "status_of_the_firm": "经营机构状况的影响",
    "limits_on_rights": "权利限制",
}


def chinese(code: str) -> str:
    return CHINESE.get(code, code)


def listed(codes: Iterable[str]) -> str:
    return ", ".join(code.replace("_", " ") for code in codes)


def listed_in_chinese(codes: Iterable[str]) -> str:
    return "、".join(chinese(code) for code in codes)
