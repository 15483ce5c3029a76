"""Every kind of act, with its flow. What must know all of them reads them here; the spine itself knows none."""

from collections.abc import Mapping

from tracker.domain.acts.step_rows import ActFlow
from tracker.domain.coordination.controls import CONTROL
from tracker.domain.coordination.interviews import INTERVIEW
from tracker.domain.coordination.meetings import MEETING
from tracker.domain.coordination.operations import OPERATION
from tracker.domain.coordination.patrols.daily import DAILY_PATROL
from tracker.domain.coordination.patrols.joint import PATROL
from tracker.domain.coordination.patrols.plans import PATROL_PLAN
from tracker.domain.coordination.programmes import PROGRAMME
from tracker.domain.enforcement.cards import CARD
from tracker.domain.enforcement.penalties import PENALTY
from tracker.domain.enforcement.referrals import REFERRAL
from tracker.domain.inspection.draws import DRAW
from tracker.domain.inspection.inspections import INSPECTION

ACT_FLOWS: Mapping[str, ActFlow] = {flow.kind: flow for flow in (
    MEETING, PROGRAMME, OPERATION, INTERVIEW, CONTROL, PATROL, DAILY_PATROL, PATROL_PLAN, PENALTY, CARD, REFERRAL,
    INSPECTION, DRAW)}
