"""How many cases of which source, what happens to them and where they come to rest. The proportions are the bulletin's:
48 inspection-team petitions of which 45 closed, 230 patrol problems of which 227 rectified, and some two dozen others."""

from random import Random

from tracker.demo.plots import Plot

PETITIONS, PETITIONS_OPEN, PATROLS, PATROLS_OPEN, OTHERS = 48, 3, 230, 3, 25
DEFAULT_CASES = PETITIONS + PATROLS + OTHERS
PATROLS_VERIFIED = 4  # rectified and verified, waiting for the signature
SIGNED_LATELY = (1, 6, 11, 16, 21, 3, 8, 13, 18, 23)  # working days before the end, so that the last weeks have closings too
TIME_TO_SIGN = 17  # working days that a plain patrol problem takes at most

D2JX_OPEN = (
    Plot("D2JX", "phased", ("phased",)),
    Plot("D2JX", "closed", ("reopened_lately",), end_again="submitted"),
    Plot("D2JX", "rectifying", ("resumed_lately", "listed")),
)
PATROL_OPEN = (
    Plot("PATROL", "rectifying", ("urged",), age=11),
    Plot("PATROL", "submitted", age=7),
    Plot("PATROL", "rectifying", age=4),
)
# What happens to how many of the closed ones; to the rest nothing in particular.
D2JX_INCIDENTS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (4, ("extended",)), (2, ("extension_refused",)), (4, ("rejected",)), (2, ("close_refused",)), (3, ("objected",)),
    (1, ("sustained",)), (2, ("returned",)), (1, ("return_refused",)), (2, ("one_phase",)), (2, ("resumed",)), (3, ("lifted",)),
    (2, ("urged", "rejected")), (3, ("unfounded",)), (1, ("reopened",)), (1, ("escalated", "extended")), (1, ("withdrawn",)),
    (2, ("late", "supervised")),
)
PATROL_INCIDENTS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (14, ("late",)), (12, ("rejected",)), (6, ("extended",)), (3, ("extension_refused",)), (5, ("returned",)),
    (2, ("return_refused",)), (2, ("withdrawn",)), (3, ("lifted",)), (6, ("urged",)), (2, ("resumed",)), (1, ("one_phase",)),
    (14, ("looked_back",)), (1, ("reopened",)), (2, ("close_refused",)), (1, ("unfounded",)), (2, ("late", "urged", "rejected")),
)
REST: tuple[Plot, ...] = (
    Plot("H12345", "rectifying", ("urged",), age=20, is_master=True), Plot("RAIL", "disputed", ("disputed",), age=4),
    Plot("H12345", "registered", age=1), Plot("H12345", "declined", age=30),
    Plot("RAIL", incidents=("designated",)), Plot("H12369", "rectifying", ("sponsored",), age=38),
    Plot("H12345", "submitted", age=7), Plot("H12345", "merged", age=16),
    Plot("H12345", "transferred", age=45), Plot("MSG", "voided", age=26),
    Plot("H12369", "suspended", ("suspended",), age=15), Plot("RAIL", incidents=("rejected",)),
    Plot("H12345", incidents=("rejected", "called_back")), Plot("H12369", incidents=("called_back", "looked_back")),
    Plot("MSG", incidents=("called_back",)), Plot("H12345", incidents=("reopened_lately",), end_again="rectifying"),
    Plot("PSJX", "noticing", age=12), Plot("H12345", "assigned", ("return_asked",), age=3),
    Plot("RAIL", "assigned", age=3), Plot("H12369", "rectifying", ("extension_asked",), age=8),
    Plot("H12345", "verified", age=9), Plot("PSJX", "rectifying", ("escalated",), age=6),
    Plot("H12345", "rectifying", ("unmerged", "supervised"), age=14), Plot("RAIL", "checking", age=2),
    Plot("H12345", incidents=("called_back",)),
)


def stories(cases: int, rng: Random) -> list[Plot]:
    """The stories of a demo of that size, in no particular order of time."""
    petitions, patrols = round(cases * PETITIONS / DEFAULT_CASES), round(cases * PATROLS / DEFAULT_CASES)
    rest = max(cases - petitions - patrols, 0)
    return [
        *_repeated_plots(D2JX_OPEN, round(petitions * PETITIONS_OPEN / PETITIONS)),
        *_closed_plots("D2JX", petitions - round(petitions * PETITIONS_OPEN / PETITIONS), D2JX_INCIDENTS,
                       PETITIONS - PETITIONS_OPEN, rng),
        *_repeated_plots(PATROL_OPEN, round(patrols * PATROLS_OPEN / PATROLS)),
        *_rectified_plots(patrols - round(patrols * PATROLS_OPEN / PATROLS), rng),
        *_repeated_plots(REST, rest),
    ]


def _repeated_plots(source: tuple[Plot, ...], count: int) -> list[Plot]:
    return [source[index % len(source)] for index in range(count)]


def _rectified_plots(count: int, rng: Random) -> list[Plot]:
    waiting = round(count * PATROLS_VERIFIED / (PATROLS - PATROLS_OPEN))
    verified = [Plot("PATROL", "verified", age=9 + index % 3) for index in range(waiting)]
    lately = [Plot("PATROL", age=day + TIME_TO_SIGN, signed=day)
              for day in SIGNED_LATELY[:round(count * len(SIGNED_LATELY) / (PATROLS - PATROLS_OPEN))]]
    left = count - waiting - len(lately)
    return [*verified, *lately, *_closed_plots("PATROL", left, PATROL_INCIDENTS, PATROLS - PATROLS_OPEN, rng)]


def _closed_plots(source: str, count: int, table: tuple[tuple[int, tuple[str, ...]], ...], out_of: int,
                  rng: Random) -> list[Plot]:
    pool = [incidents for times, incidents in table for _ in range(times)]
    pool += [()] * (out_of - len(pool))
    chosen = [each for _ in range(count // len(pool)) for each in pool] + rng.sample(pool, count % len(pool))
    rng.shuffle(chosen)
    return [Plot(source, incidents=(*incidents, *_later_incidents(source, rng))) for incidents in chosen]


def _later_incidents(source: str, rng: Random) -> tuple[str, ...]:
    if source != "D2JX":
        return ()
    return tuple(name for name, share in (("called_back", 0.7), ("looked_back", 0.3)) if rng.random() < share)
