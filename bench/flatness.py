"""Pages that must take the same time on a small register and on a large one."""

from urllib.parse import quote

from bench import texts
from bench.targets import BIG, PAGE, Targets, open_states

Path = str
DEEPEST = 180  # the deepest page that ten thousand cases have, and a little less


def flat_operations(large: Targets, small: Targets) -> list[tuple[str, Path, Path]]:
    """Name, path on the large register, path on the small one."""
    case_of = [targets.numbers("seq = 7 AND state = 'closed'", 1)[0] for targets in (large, small)]
    deep = [targets.mark(min(DEEPEST, targets.count() // PAGE)) for targets in (large, small)]
    last = [targets.mark(max(targets.count() // PAGE - 1, 2)) for targets in (large, small)]
    return [
        ("all by due date, page 1", *["/cases?sort=due"] * 2),
        (f"all by due date, page {DEEPEST}", *(f"/cases?sort=due&after={mark}" for mark in deep)),
        ("all by due date, last page", *(f"/cases?sort=due&after={mark}" for mark in last)),
        ("the biggest unit's open cases, page 1", *[f"/cases?unit={BIG}&{open_states()}"] * 2),
        ("one state and unit, page 1", *[f"/cases?state=closed&unit={BIG}"] * 2),
        (f"search “{texts.RARE}”", *[f"/cases?q={quote(texts.RARE)}"] * 2),
        ("the desk", *["/"] * 2),
        ("the map", *["/map"] * 2),
        ("the map's cases", *["/map/cases.json"] * 2),
        ("the dashboard, its figures kept", *["/dashboard"] * 2),
        ("case page", *(f"/cases/{number}" for number in case_of)),
    ]
