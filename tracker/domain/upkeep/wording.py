"""What is said of the ledger's own facts."""

from tracker.domain.house.log.fact_kinds import LedgerFacts
from tracker.domain.house.log.verifying import VerifyKind

VERIFY_KINDS: dict[VerifyKind, str] = {VerifyKind.full: "完整核验", VerifyKind.nightly: "每夜核验", VerifyKind.since: "增量核验"}
INCIDENTS: dict[str, str] = {
    LedgerFacts.clock_set_back: "时钟快过，已校准，账本由此重新计时", LedgerFacts.clock_rebased: "一台机器的时钟变动后重新计时",
    LedgerFacts.heads_accepted: "以当时的账本为准重新签名", LedgerFacts.key_rotated: "换签名密钥", LedgerFacts.key_retired: "签名密钥遗失，换新",
    LedgerFacts.restored: "从备份恢复",
}
