"""Who takes the steps of penalties, cards and referrals, and what is given, where a test says nothing else."""

USUAL_STEPS = dict[str, tuple[str, dict[str, object]]]
FINED: dict[str, object] = {"kinds": "fine", "fine": "6万", "amount_basis": "江西省生态环境行政处罚裁量基准第3项"}
PENALTY: USUAL_STEPS = {
    "open": ("enforcer", {"site": "S-000001", "violation": "dust", "happened_from": "{today}", "happened_to": "{today}",
                          "discovered_on": "{today}", "origin": "市局交办", "text": "工地土方作业未湿法"}),
    "file": ("principal", {"document_no": "西环立〔2026〕1号", "filed_on": "{today}", "investigator": "enforcer", "reason": "另一次违法行为", "partner": "enforcer2"}),
    "decline_file": ("principal", {"ground": "minor", "text": "已当场改正"}),
    "hand_over": ("principal", {"authority": "南昌市城市管理局", "document_no": "西环移〔2026〕1号"}),
    "decide_on_spot": ("enforcer", {"partner": "enforcer2", "document_no": "西环当罚〔2026〕1号", "decided_on": "{today}",
                                    "reason": "另一次违法行为", "kinds": "fine", "fine": "1000", "amount_basis": "裁量基准第1项", "law_text": "第一百一十五条"}),
    "conclude": ("enforcer", {"text": "未湿法作业", **FINED, "has_record": "1"}),
    "notify": ("enforcer", {"document_no": "西环告〔2026〕1号", **FINED, "is_hearing_told": "1", "served_on": "{today}", "way": "direct"}),
    "review": ("legal", {"outcome": "passed", "text": "事实清楚"}),
    "plead": ("enforcer", {"plea": "waived", "pleaded_on": "{today}"}),
    "request_hearing": ("enforcer", {"requested_on": "{today}"}),
    "end_hearing": ("legal", {"outcome": "abandoned", "notice_served_on": "{fortnight}", "held_on": "{today}", "is_public": "1",
                              "text": "未到场"}),
    "decide": ("principal", {"document_no": "西环罚〔2026〕1号", "decided_on": "{today}", **FINED, "law_text": "第一百一十五条"}),
    "spare": ("principal", {"document_no": "西环不罚〔2026〕1号", "ground": "first", "text": "已教育"}),
    "serve": ("enforcer", {"served_on": "{today}", "way": "direct"}),
    "pay": ("enforcer", {"paid_on": "{today}", "amount": "1000", "receipt_no": "0001"}),
    "close": ("principal", {}),
    "pause": ("principal", {"ground": "monitoring", "paused_on": "{today}", "document_no": "西环中止〔2026〕1号"}),
    "go_on": ("principal", {"resumed_on": "{today}", "text": "监测报告已出"}),
    "revoke": ("principal", {"authority": "区人民政府", "ground": "revoked", "document_no": "西府复〔2026〕1号", "revoked_on": "{today}",
                             "text": "程序违法"}),
    "note": ("enforcer", {"noted_on": "2026-03-02", "text": "查封设备一台"}),
}
CARD: USUAL_STEPS = {
    "flag": ("enforcer", {"site": "S-000001", "colour": "red", "ground": "closed", "text": "责令停产后擅自开工",
                          "principal": "principal"}),
    "raise": ("principal", {"ground": "not_rectified", "text": "逾期未改"}),
    "ask_removal": ("officer", {"text": "已加装喷淋"}),
    "recheck_pass": ("verifier", {"text": "现场运行正常"}),
    "recheck_fail": ("verifier", {"reason": "喷淋未开"}),
    "revoke": ("principal", {"revoked_on": "{today}", "reason": "所依据的处罚被撤销"}),
    "note": ("enforcer", {"noted_on": "2026-03-02", "text": "已张贴"}),
}
REFERRAL: USUAL_STEPS = {
    "propose": ("enforcer", {"target": "CF-2026-0001", "offence": "污染环境罪", "partner": "enforcer2", "reported_at": "{today} 00:00",
                             "text": "私设暗管排放"}),
    "approve": ("principal", {"approved_at": "{today} 00:00"}),
    "refuse": ("principal", {"text": "不构成犯罪"}),
    "send": ("enforcer", {"police": "西湖公安分局", "document_no": "西环移〔2026〕2号", "sent_at": "{today} 00:00", "letter": "attached",
                          "report": "attached", "goods": "attached", "appraisal": "attached", "others": "attached"}),
    "receipt": ("enforcer", {"received_on": "{today}"}),
    "police_filed": ("enforcer", {"document_no": "西公立〔2026〕1号", "notice_on": "{today}"}),
    "police_not_filed": ("enforcer", {"document_no": "西公不立〔2026〕1号", "notice_on": "{today}", "text": "情节显著轻微"}),
    "hand_over_goods": ("enforcer", {"handed_over_on": "{today}", "text": "水泵一台"}),
    "ask_review": ("principal", {"document_no": "西环复〔2026〕1号", "asked_on": "{today}"}),
    "ask_procuratorate": ("principal", {"document_no": "西环建〔2026〕1号", "asked_on": "{today}"}),
    "end": ("principal", {"result": "sent_back"}),
    "advice": ("principal", {"document_no": "西检意见〔2026〕1号", "received_on": "{today}", "text": "应当移送"}),
    "note": ("enforcer", {"noted_on": "2026-03-02", "text": "电话询问进展"}),
}
WITH_PAPERS = {("penalty", "conclude"), ("penalty", "plead"), ("penalty", "end_hearing"), ("card", "ask_removal")}
