"""The words of what the values of rules are made of: the names of their parts, and the codes that may be chosen."""

RULE_WORDS: dict[str, str] = {
    "true": "是", "false": "否",
    "rung": "代码", "word": "名称", "days": "天数", "unit": "单位", "to": "通知谁", "is_order_due": "提请督办",
    "working_day": "工作日", "calendar_day": "自然日",
    "officer": "经办人", "head": "单位负责人", "dispatcher": "调度员", "sponsor": "包案领导", "lead": "区领导", "supervisor": "市级督导",
    "is_on": "启用", "a_minute": "每分钟最多条数", "notices": "发哪些通知",
    "metres": "多少米以内算同一点位", "reports": "几件以上", "people": "几人以上",
    "components": "各部分", "deductions": "扣分", "bonus": "加分", "vetoes": "否决", "grades": "等次", "events": "人工登记事项",
    "kind": "单位类别", "group": "组别", "due": "月通报：到期满几件", "led": "考核：主办满几件", "by": "怎么扣", "each": "每条扣", "rate": "每 1% 扣",
    "code": "代码", "points": "分值", "component": "属于哪部分", "most": "最多加分", "cap": "最高等次", "from": "最低分",
    "fence": "围栏", "owners": "产权登记", "party": "属哪一方", "leads": "主办", "others": "另一方", "confidence": "把握",
    "urban": "城区", "rural": "农村", "least": "至少", "pin": "图钉",
    "rule": "哪一条", "on": "日期", "case": "案件编号", "text": "说明",
}
