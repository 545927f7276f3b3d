"""Writing the audit trail. Acts are registered here; an unknown one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from gongkai.platform.core.actor import Actor
from gongkai.platform.core.models import AuditEntry, AuditHead, Body
from gongkai.rules.ledger import canonical
from gongkai.rules.ledger.hashing import SM3, chain_hash

TAG = b"gongkai:audit:entry:1\0"

ACTS: Mapping[str, str] = {
    "case.registered": "登记申请",
    "case.described": "修改申请内容、申请人",
    "case.merged": "并回拆分的案件",
    "letter.noted": "登记没有申请事项的来件",
    "letter.matter": "来件事项分拣、处理",
    "letter.referral": "转办、转来的记录",
    "letter.person": "登记代理人、共同申请人、监护人",
    "letter.checked": "核对身份、授权",
    "letter.read": "查看来件的内容",
    "letter.list_exported": "导出来件、转办清单",
    "case.act": "办理案件",
    "case.act_refused": "办理被拒绝",
    "case.assigned": "分配承办人",
    "case.identity_read": "查看申请人身份",
    "case.erased": "删除个人信息",
    "case.exported": "导出",
    "backup.taken": "备份",
    "backup.restored": "从备份恢复",
    "case.projected": "重建案件列表",
    "case.applicant_searched": "按申请人查找",
    "past.uploaded": "上传历史案件表格",
    "past.mapped": "对应历史案件表格各列",
    "past.checked": "检查历史案件表格",
    "past.read": "查看历史案件表格的内容",
    "past.ordered": "决定导入历史案件",
    "past.entered": "导入一批历史案件",
    "past.stopped": "历史案件导入停止",
    "past.finished": "历史案件导入完成",
    "past.discarded": "删除历史案件表格",
    "filter.saved": "保存筛选",
    "filter.renamed": "给筛选改名",
    "filter.deleted": "删除筛选",
    "file.stored": "存入文件",
    "file.read": "查看文件",
    "file.filed": "文件归入案件",
    "file.removed": "删除文件",
    "file.swept": "清理未归入案件的文件",
    "ledger.exported": "导出台账",
    "keys.added": "新增密钥",
    "keys.rotated": "更换密钥",
    "keys.removed": "去掉密钥",
    "draft.saved": "保存答复稿",
    "draft.submitted": "送审",
    "draft.returned": "退回",
    "draft.approved": "批准",
    "draft.signed": "逐级审批中审核同意",
    "levels.set": "设置答复的审批层级",
    "sensitive.flagged": "标为敏感案件",
    "sensitive.confirmed": "确认敏感标记",
    "sensitive.changed": "修改敏感案件的阅读人、审批层级",
    "sensitive.lifted": "解除敏感标记",
    "secret.refused": "拒收带有密级标志的内容",
    "secret.overridden": "说明不是国家秘密后收下",
    "secret.pointed": "登记涉密登记指引",
    "extension.proposed": "建议延期",
    "extension.settled": "撤回或者不同意延期建议",
    "task.reminded": "催办",
    "task.noted": "注明已知悉不同意见",
    "task.seen": "查看交办事项",
    "search.recorded": "登记检索记录",
    "unit.changed": "修改承办单位",
    "needs.set": "设置答复前的审核要求",
    "letter.issued": "签发文书",
    "template.changed": "修改文书模板",
    "post.settings_changed": "修改版头和寄送设置",
    "seal.added": "登记印章",
    "seal.ended": "停用印章",
    "letter.sealed": "登记用印",
    "letter.seal_refused": "未予用印",
    "letter.seal_struck": "划去用印登记",
    "letter.exported": "导出文书包",
    "letter.copy_imported": "导入盖章件",
    "letter.copy_withdrawn": "撤下盖章件",
    "letter.posted": "登记寄出",
    "letter.came_back": "登记退回",
    "letter.address_mended": "更正送达地址",
    "letter.labels_printed": "打印信封、标签、交寄清单",
    "number.voided": "文号作废",
    "number.explained": "说明文号去向",
    "number.taken": "取用文号",
    "archive.made": "制作归档包",
    "archive.read": "下载归档包",
    "bundle.made": "制作证据材料",
    "bundle.read": "下载证据材料",
    "appointment.entered": "登记开庭等日程",
    "appointment.cancelled": "取消开庭等日程",
    "loss.reviewed": "签署败诉、纠错复盘",
    "loss.measure_done": "登记整改措施完成",
    "body.created": "新建机关",
    "body.changed": "修改机关信息",
    "body.ended": "撤销机关",
    "body.local_rule_set": "设置本地规则",
    "body.local_holiday_added": "增加本地假日",
    "body.local_holiday_removed": "删除本地假日",
    "person.created": "新建账号",
    "person.changed": "修改账号",
    "person.deactivated": "停用账号",
    "person.reactivated": "重新启用账号",
    "seat.assigned": "分配岗位",
    "seat.changed": "修改岗位",
    "seat.chosen": "切换岗位",
    "seat.ended": "收回岗位",
    "absence.entered": "登记离岗和代理",
    "absence.ended": "提前结束或者取消离岗",
    "duty.roster_set": "安排假期值班",
    "duty.list_signed": "签收节前清单",
    "duty.list_exported": "导出节前、移动日期、交接等清单",
    "duty.setting_changed": "修改值班设置",
    "duty.handed_over": "整体移交在办案件",
    "duty.hand_over_signed": "签收移交清单",
    "duty.moved_signed": "签收移动的日期",
    "duty.moved_told": "告知申请人移动的日期",
    "order.registered": "登记督办件",
    "order.issued": "向下级发督办件",
    "order.answered": "办结督办件",
    "login.succeeded": "登录",
    "login.failed": "登录失败",
    "login.locked": "登录锁定",
    "logout": "退出",
    "password.changed": "修改口令",
    "password.reset": "重置口令",
    "second_factor.set": "设置第二步验证",
    "second_factor.accepted": "第二步验证通过",
    "second_factor.failed": "第二步验证未通过",
    "second_factor.removed": "撤销第二步验证",
    "session.ended": "结束其他登录",
    "access.refused": "访问被拒绝",
    "audit.read": "查看审计",
    "audit.exported": "导出审计",
    "audit.verified": "校验审计",
    "demonstration.day_set": "设置演示日期",
}


def record(
    act: str,
    *,
    actor: Actor,
    body: Body | None = None,
    object: str = "",
    success: bool = True,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry, in the transaction of what it tells of; raises ``KeyError`` for an unknown act.

    The head of the chain is locked until that transaction ends: a service calls this last. No savepoint, for
    what cannot be entered must not happen either. What a deputy does says for which seats (``for``).
    """
    ACTS[act]
    told = dict(detail or {})
    if whom := actor.acts_for(object):
        told["for"] = list(whom)
    text = canonical(told).decode()
    with transaction.atomic(savepoint=False):
        heads = AuditHead.objects.select_for_update().filter(id=1).values_list("position", "hash")
        head = next(iter(heads), None)
        if head is None:
            AuditHead.objects.get_or_create(id=1)
            head = heads.get()
        position, previous = head
        entry = AuditEntry(
            position=position + 1,
            at=datetime.now(UTC).replace(microsecond=0),
            act=act,
            success=success,
            person=actor.person,
            seat=actor.key,
            body=body.key if body is not None else "",
            object=object,
            address=actor.address,
            detail=text,
            prev_hash=previous,
        )
        entry.hash = entry_hash(entry)
        entry.save(force_insert=True)
        AuditHead.objects.filter(id=1).update(position=entry.position, hash=entry.hash)
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """What ``hash`` must be."""
    members = {
        "position": entry.position, "at": entry.at, "act": entry.act, "success": entry.success,
        "person": entry.person, "seat": entry.seat, "body": entry.body, "object": entry.object,
        "address": entry.address, "detail": entry.detail,
    }  # fmt: skip
    return chain_hash(SM3, TAG)(entry.prev_hash, canonical(members))
