"""xh-draw-1: which sites are drawn and who goes there, by three numbers of which none knew the others. Anybody repeats a draw
with the published roster, the secret, the witnessed value and thirty lines of any language."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ALGORITHM = "xh-draw-1"


def canonical_json(value: object) -> str:
    """JSON in the one form that is hashed: sorted keys, no blanks, UTF-8 unescaped."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest_of_text(text: str) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def seed_of(secret: str, roster_digest: str, witness: str) -> str:
    """What ranks: the secret, the roster and the witnessed value."""
    return digest_of_text(f"{ALGORITHM}|{secret}|{roster_digest}|{witness}")


def mark_of(seed: str, *parts: str) -> str:
    """The mark of something under a seed: HMAC-SHA-256 of its parts."""
    return hmac.new(bytes.fromhex(seed), "|".join(parts).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Stratum:
    """So many of a class are drawn; where it is `fresh_first` those that were drawn less often go before all others."""

    site_class: str
    quota: int
    fresh_first: bool = True


@dataclass(frozen=True)
class ListedSite:
    """A site of the roster: `out` is the reason why it stands outside the pool, or ""; `times` how often it was drawn in the
    cycle."""

    code: str
    site_class: str
    out: str = ""
    times: int = 0


@dataclass(frozen=True)
class Roster:
    """What is committed: everything that a draw depends on but its seed."""

    key: str
    strata: tuple[Stratum, ...]
    sites: tuple[ListedSite, ...]
    officers: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]  # officer and site
    team: int
    most_sites: int

    def told(self) -> dict[str, object]:
        """As it is published."""
        return {"key": self.key, "team": self.team, "most_sites": self.most_sites, "officers": list(self.officers),
                "conflicts": [list(pair) for pair in self.conflicts],
                "strata": [{"class": each.site_class, "quota": each.quota, "fresh_first": each.fresh_first} for each
                           in self.strata],
                "sites": [{"code": each.code, "class": each.site_class, "out": each.out, "times": each.times}
                          for each in self.sites]}

    @property
    def text(self) -> str:
        """The one text of it."""
        return canonical_json(self.told())

    @property
    def digest(self) -> str:
        """What is committed to."""
        return digest_of_text(self.text)

    def pool(self, site_class: str) -> tuple[ListedSite, ...]:
        """The sites of a class that may be drawn."""
        return tuple(each for each in self.sites if each.site_class == site_class and not each.out)


def roster_from(told: Mapping[str, Any]) -> Roster:
    """The roster of a published text. Raises KeyError, TypeError or ValueError for what is none."""
    return Roster(
        str(told["key"]), tuple(Stratum(row["class"], int(row["quota"]), bool(row["fresh_first"])) for row in told["strata"]),
        tuple(ListedSite(row["code"], row["class"], row["out"], int(row["times"])) for row in told["sites"]),
        tuple(told["officers"]), tuple((officer, site) for officer, site in told["conflicts"]), int(told["team"]),
        int(told["most_sites"]))


@dataclass(frozen=True)
class DrawnLine:
    """A drawn site with its rank in its stratum and who goes there; fewer than the team where there were not enough."""

    site_class: str
    code: str
    rank: int
    officers: tuple[str, ...]


@dataclass(frozen=True)
class DrawOutcome:
    """What a draw came to. `ranked` are the whole pools in their order, by class: behind the quota stand the substitutes."""

    lines: tuple[DrawnLine, ...]
    short: Mapping[str, int]
    load: Mapping[str, int]
    ranked: Mapping[str, tuple[str, ...]]

    def told(self) -> list[list[str]]:
        """The result as it is hashed: class, site, officers."""
        return [[line.site_class, line.code, *line.officers] for line in self.lines]

    @property
    def digest(self) -> str:
        """What is published of it."""
        return digest_of_text(canonical_json(self.told()))


def ranked_pool(roster: Roster, stratum: Stratum, seed: str) -> tuple[str, ...]:
    """The pool of a stratum in the order in which it is drawn."""
    pool = sorted(roster.pool(stratum.site_class), key=lambda site: (
        site.times if stratum.fresh_first else 0, mark_of(seed, "site", site.code), site.code))
    return tuple(site.code for site in pool)


def draw(roster: Roster, seed: str) -> DrawOutcome:
    """Each stratum up to its quota; each site gets the officers with the least load, then by mark, then by code."""
    load, lines, short, ranked = dict.fromkeys(roster.officers, 0), list[DrawnLine](), dict[str, int](), dict[str,
                                                                                                              tuple[str, ...]]()
    for stratum in roster.strata:
        order = ranked[stratum.site_class] = ranked_pool(roster, stratum, seed)
        taken = order[:stratum.quota]
        if len(taken) < stratum.quota:
            short[stratum.site_class] = stratum.quota - len(taken)
        for rank, code in enumerate(taken, start=1):
            lines.append(DrawnLine(stratum.site_class, code, rank, team_for(roster, seed, code, load)))
            for officer in lines[-1].officers:
                load[officer] += 1
    return DrawOutcome(tuple(lines), short, load, ranked)


def team_for(roster: Roster, seed: str, code: str, load: Mapping[str, int], without: Iterable[str] = (),
             most: int | None = None) -> tuple[str, ...]:
    """Who goes to a site, beside those `without` whom it is asked: free officers in the order of the draw, the team at most."""
    barred = {officer for officer, site in roster.conflicts if site == code} | set(without)
    free = [who for who in roster.officers if who not in barred and load[who] < roster.most_sites]
    return tuple(sorted(free, key=lambda who: (load[who], mark_of(seed, "officer", code, who), who))[:roster.team if most is None
                                                                                                     else most])


def faults_of_proof(roster: str, secret: str, witness: str, *, roster_digest: str, commitment: str, seed: str,
                    result_digest: str) -> tuple[str, ...]:
    """Which of the published numbers do not follow from the roster, the secret and the witnessed value; none where all do."""
    found = []
    if digest_of_text(roster) != roster_digest:
        found.append("roster_digest")
    if digest_of_text(secret) != commitment:
        found.append("commitment")
    if seed_of(secret, roster_digest, witness) != seed:
        found.append("seed")
    try:
        is_equal = draw(roster_from(json.loads(roster)), seed).digest == result_digest
    except (KeyError, TypeError, ValueError):
        is_equal = False
    return (*found, *(() if is_equal else ("result_digest",)))
