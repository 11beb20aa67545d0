"""The ways in which a recording says no."""

from chassis.errors import Conflict, Forbidden, NotFound, RuleBroken

STATES_ZH = {"open": "进行中", "sealing": "正在封存", "sealed": "已封存", "abandoned": "已放弃"}


def no_such_recording() -> NotFound:
    return NotFound("no_such_recording", "there is no such recording", "没有这个双录")


def not_your_client() -> Forbidden:
    return Forbidden(
        "not_your_client",
        "only the client's adviser, the leader of that team or a stand-in may record",
        "只有该客户的理财顾问、其团队长或获临时授权的代理人可以进行双录",
    )


def watching_needs_inspection() -> Forbidden:
    return Forbidden(
        "watching_needs_inspection",
        "only inspectors, compliance and auditors watch recordings",
        "只有质检、合规和审计人员可以回放双录",
    )


def no_such_segment() -> NotFound:
    return NotFound(
        "no_such_segment",
        "the recording has no such segment",
        "该双录没有这个分段",
        field="segment_id",
    )


def no_such_node() -> NotFound:
    return NotFound(
        "no_such_node",
        "the script of this recording has no such node",
        "该双录话术没有这个节点",
        field="node_id",
    )


def not_open(state: str) -> Conflict:
    return Conflict(
        "recording_not_open",
        f"the recording is {state}; nothing in it changes any more",
        f"双录{STATES_ZH[state]}，内容不可再变更",
    )


def already_recorded(state: str) -> Conflict:
    return Conflict(
        "sale_already_recorded",
        f"this sale has a recording that is {state}",
        f"该笔认购已有双录（{STATES_ZH[state]}）",
        field="sale_id",
    )


def too_many_segments(most: int) -> Conflict:
    return Conflict(
        "too_many_segments",
        f"a recording has at most {most} segments; abandon it and open a new one",
        f"一次双录最多 {most} 个分段，请放弃后重新录制",
    )


def too_many_marks(most: int) -> Conflict:
    return Conflict(
        "too_many_marks",
        f"a recording has at most {most} marks; abandon it and open a new one",
        f"一次双录最多 {most} 个节点标记，请放弃后重新录制",
    )


def nodes_missing(node_ids: str) -> RuleBroken:
    return RuleBroken(
        "script_not_covered",
        f"these nodes of the script were not recorded: {node_ids}",
        f"以下话术节点尚未录制：{node_ids}",
        rule="REC-02",
    )


def answers_missing(node_ids: str) -> RuleBroken:
    return RuleBroken(
        "client_did_not_confirm",
        f"the client did not clearly say yes at: {node_ids}; without it there is no sale",
        f"客户在以下节点未作出明确肯定的答复，不得销售：{node_ids}",
        rule="REC-02",
    )


def segments_missing(numbers: str) -> RuleBroken:
    return RuleBroken(
        "segments_missing",
        f"these segments are not stored: {numbers}; upload them, a recording has no gaps",
        f"以下分段尚未上传完成：{numbers}；双录须完整连续，请补传",
        rule="REC-03",
    )


def not_stored_yet() -> Conflict:
    return Conflict(
        "segment_not_stored",
        "this segment is not stored yet; complete its upload first",
        "该分段尚未上传完成，请先完成上传",
    )


def upload_gone() -> Conflict:
    return Conflict(
        "upload_gone",
        "this upload ran out or never began; start the segment again and upload all its parts",
        "该上传已失效或从未开始，请重新发起该分段并上传全部分片",
    )


def parts_not_uploaded() -> Conflict:
    return Conflict(
        "parts_not_uploaded",
        "these are not the parts that were uploaded; upload what is missing and complete again",
        "分片与实际上传的不一致，请补传缺失的分片后重新完成",
        field="parts",
    )
