"""xh-draw-1 against agreed digests: whoever changes a byte of it changes the draws that were published."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tracker.domain.house.errors import Invalid
from tracker.domain.inspection.drawing import (
    DrawOutcome,
    ListedSite,
    Roster,
    Stratum,
    digest_of_text,
    draw,
    faults_of_proof,
    mark_of,
    ranked_pool,
    roster_from,
    seed_of,
    team_for,
)
from tracker.domain.inspection.quotas import (
    OUT_WORDS,
    DrawRule,
    OutReason,
    first_reason,
    need_of,
    quota_of,
    quota_with,
    require_capacity,
    rules_for,
)

COUNTS = {"A": 169, "B": 579, "C": 1892}
LISTED = {*range(1, 6), *range(170, 210), *range(2241, 2641)}  # the positive list: 5 + 40 + 400
WITNESS = "上证指数2021-04-01:3466.33"
COUNTY: list[dict[str, object]] = [{"level": "county", "class": "A", "ratio": "1/4", "per": "quarter"},
          {"level": "county", "class": "B", "ratio": "1/2", "per": "year", "cover_years": 2},
          {"level": "county", "class": "C", "ratio": "1/5", "per": "year"},
          {"level": "city", "class": "A", "ratio": "1/20", "per": "year"},
          {"level": "city", "class": "B", "ratio": "1/100", "per": "year"}]


def class_of(serial: int) -> str:
    return "A" if serial <= 169 else "B" if serial <= 748 else "C"


def quotas(level: str, quarter: int) -> dict[str, int]:
    """Of a year in which every quarter drew what was due."""
    found = {}
    for rule in rules_for(level, COUNTY):
        before = 0
        for each in range(1, quarter + 1):
            found[rule.site_class] = quota_of(rule, COUNTS[rule.site_class], each, before)
            before += found[rule.site_class]
    return found


def golden_roster(quarter: int, times: Mapping[int, int]) -> Roster:
    return Roster(
        f"2021-Q{quarter}", tuple(Stratum(name, quota) for name, quota in quotas("county", quarter).items()),
        tuple(ListedSite(f"S{n:05d}", class_of(n), OutReason.positive_list.value if n in LISTED else "", times[n])
              for n in range(1, 2641)),
        tuple(f"O{n:03d}" for n in range(1, 31)), (("O001", "S00010"), ("O002", "S00010")), team=2, most_sites=15)


def test_the_registry_of_the_bulletin_is_parted_into_hundred_percent() -> None:
    shares = [round(1000 * count / sum(COUNTS.values())) / 10 for count in COUNTS.values()]
    assert (sum(COUNTS.values()), shares, sum(shares), len(LISTED)) == (2640, [6.4, 21.9, 71.7], 100.0, 445)


@pytest.mark.parametrize(("level", "site_class", "each"), [
    ("county", "A", [43, 43, 43, 43]), ("county", "B", [73, 72, 73, 72]), ("county", "C", [95, 95, 94, 95]),
    ("city", "A", [3, 2, 2, 2]), ("city", "B", [2, 1, 2, 1])])
def test_quotas_of_a_year(level: str, site_class: str, each: list[int]) -> None:
    assert [quotas(level, quarter)[site_class] for quarter in (1, 2, 3, 4)] == each


def test_a_yearly_quota_makes_up_for_what_fell_short_and_is_never_negative() -> None:
    rule = rules_for("county", COUNTY)[1]
    assert quota_of(rule, 579, 2, drawn_before=50) == 95
    assert quota_of(rule, 100, 3, drawn_before=80) == 0
    assert quota_of(replace(rule, per_officer=5), 579, 1, officers=30) == 38
    assert quota_of(replace(rule, per_officer=5), 579, 4, drawn_before=114, officers=30) == 36


def test_a_class_that_is_not_topped_up_stops_at_the_fresh_ones() -> None:
    rule, pool = DrawRule("A", rules_for("county", COUNTY)[0].ratio, is_yearly=False, top_up=False), [
        ListedSite("S1", "A"), ListedSite("S2", "A", times=1)]
    assert (quota_with(rule, 2, pool), quota_with(replace(rule, top_up=True), 2, pool)) == (1, 2)


def test_the_agreed_draw_of_the_first_quarter_digest_for_digest() -> None:
    roster, secret = golden_roster(1, dict.fromkeys(range(1, 2641), 0)), digest_of_text("secret-1")
    seed = seed_of(secret, roster.digest, WITNESS)
    found = draw(roster, seed)
    assert roster.digest == "c91fabc49e8e31c0dea19e6814c4fbbcb94a2cd2bd50fc1c68c47b4dacf7e88d"
    assert digest_of_text(secret) == "edd2f79e2d1ccdb8194dadf14ffaa2be5141b36c5b7ebbee331b73f0ca981084"
    assert seed == "4f845d159ec569ea526d5b285c6964b45f9311fb9a1846f99df82da52b044cb2"
    assert found.digest == "0b412856cf2107a6c5efdb87fa56940f4211c772cb47609865abeb834506c06c"
    told = found.told()
    assert (len(told), found.short, min(found.load.values()), max(found.load.values())) == (211, {}, 14, 15)
    assert (told[0], told[43], told[116]) == (["A", "S00023", "O006", "O002"], ["B", "S00547", "O015", "O029"],
                                              ["C", "S01332", "O006", "O026"])
    assert draw(roster, seed_of(secret, roster.digest, WITNESS + " ")).lines[0].code == "S00151"
    require_capacity(roster)


def test_a_year_of_draws_visits_all_but_the_listed_before_any_comes_twice() -> None:
    times, counts, last = dict.fromkeys(range(1, 2641), 0), [], list[str]()
    for quarter in (1, 2, 3, 4):
        roster = golden_roster(quarter, times)
        seed = seed_of(digest_of_text(f"secret-{quarter}"), roster.digest, WITNESS if quarter == 1 else f"W{quarter}")
        drawn = [line.code for line in draw(roster, seed).lines]
        assert len(set(drawn)) == len(drawn) and not any(int(code[1:]) in LISTED for code in drawn)
        last = [code for code in drawn if class_of(int(code[1:])) == "A" and times[int(code[1:])]]
        for code in drawn:
            times[int(code[1:])] += 1
        counts.append(tuple(quotas("county", quarter).values()))
    assert counts == [(43, 73, 95), (43, 72, 95), (43, 73, 94), (43, 72, 95)]
    of_a = [times[n] for n in range(1, 170)]
    assert (of_a.count(1), of_a.count(2), of_a.count(0), len(last)) == (156, 8, 5, 8)
    assert sum(times[n] for n in range(170, 749)) == 290 and sum(times[n] for n in range(749, 2641)) == 379


def small(quota: int, most_sites: int = 2) -> Roster:
    sites = (("S1", 0, ""), ("S2", 1, ""), ("S3", 0, "positive_list"), ("S4", 0, ""), ("S5", 1, ""))
    return Roster("2026Q1", (Stratum("A", quota),), tuple(ListedSite(code, "A", out, times) for code, times, out in sites),
                  ("O1", "O2", "O3"), (("O1", "S1"),), team=2, most_sites=most_sites)


def test_a_draw_that_can_be_checked_by_hand() -> None:
    found = draw(small(2), "0" * 64)
    assert found.told() == [["A", "S4", "O1", "O2"], ["A", "S1", "O3", "O2"]]
    assert [line.rank for line in found.lines] == [1, 2] and len(found.ranked["A"]) == 4


def test_where_people_are_too_few_it_is_refused_and_the_shortage_named() -> None:
    with pytest.raises(Invalid, match="需 8 人次，3 名人员每人至多 2 家，只够 6 人次") as refused:
        require_capacity(small(5))
    assert (refused.value.field, need_of(small(5))) == ("most_sites", 8)
    require_capacity(small(2))
    with pytest.raises(Invalid, match="没有余量"):
        require_capacity(small(3))


def test_a_site_for_which_too_few_are_left_is_named() -> None:
    with pytest.raises(Invalid, match="“S4”除去须回避的只剩 1 名人员"):
        require_capacity(replace(small(2, 9), conflicts=(("O1", "S4"), ("O2", "S4"))))
    require_capacity(replace(small(2, 9), conflicts=(("O1", "S3"), ("O2", "S3"))))  # it stands outside


def test_a_pool_that_is_too_small_is_drawn_whole_and_what_is_missing_is_told() -> None:
    found = draw(small(5, 9), "0" * 64)
    assert (len(found.lines), dict(found.short)) == (4, {"A": 1})
    scarce = draw(replace(small(5), officers=("O1", "O2")), "0" * 64)
    assert [len(line.officers) for line in scarce.lines] == [2, 1, 1, 0], "a line short of people stays, and is filled by hand"


def test_who_is_not_free_is_replaced_by_the_same_order() -> None:
    roster, seed = small(2, 9), "0" * 64
    load = draw(roster, seed).load
    assert team_for(roster, seed, "S4", load, without=("O1",)) == ("O3", "O2")
    assert team_for(roster, seed, "S4", load, without=("O1", "O2"), most=1) == ("O3",)


def test_sites_are_ranked_by_how_often_they_were_drawn_only_where_the_rule_says_so() -> None:
    roster, seed = small(4, 9), "0" * 64
    fresh = ranked_pool(roster, roster.strata[0], seed)
    plain = ranked_pool(roster, Stratum("A", 4, fresh_first=False), seed)
    assert fresh[:2] == ("S4", "S1") and set(fresh[2:]) == {"S2", "S5"}
    assert plain == tuple(sorted(plain, key=lambda code: mark_of(seed, "site", code)))


def test_a_published_roster_reads_back_as_it_was() -> None:
    roster = golden_roster(1, dict.fromkeys(range(1, 2641), 0))
    assert roster_from(json.loads(roster.text)) == roster


def proof() -> dict[str, str]:
    roster, secret, witness = small(2), "5" * 64, "骰子:3 5 1"
    seed = seed_of(secret, roster.digest, witness)
    return {"roster": roster.text, "secret": secret, "witness": witness, "roster_digest": roster.digest,
            "commitment": digest_of_text(secret), "seed": seed, "result_digest": draw(roster, seed).digest}


@pytest.mark.parametrize(("changed", "named"), [
    ({}, ()), ({"roster": small(3).text}, ("roster_digest", "result_digest")), ({"roster": "{"},
                                                                                ("roster_digest", "result_digest")),
    ({"secret": "6" * 64}, ("commitment", "seed")), ({"witness": "骰子:3 5 2"}, ("seed",)),
    ({"result_digest": "0" * 64}, ("result_digest",))])
def test_what_does_not_follow_from_what_was_committed_is_named(changed: dict[str, str], named: tuple[str, ...]) -> None:
    told = {**proof(), **changed}
    assert faults_of_proof(told.pop("roster"), told.pop("secret"), told.pop("witness"), **told) == named


def test_the_first_reason_that_applies_is_told_and_each_has_a_word() -> None:
    assert first_reason({OutReason.excluded, OutReason.positive_list}) == "positive_list"
    assert first_reason(set()) == "" and set(OUT_WORDS) == set(OutReason)


def test_over_many_draws_every_site_comes_about_equally_often() -> None:
    roster = Roster("x", (Stratum("A", 10),), tuple(ListedSite(f"S{n:05d}", "A") for n in range(50)), (), (), 0, 1)
    draws, counts = 800, dict.fromkeys((site.code for site in roster.sites), 0)
    for turn in range(draws):
        found: DrawOutcome = draw(roster, digest_of_text(str(turn)))
        for line in found.lines:
            counts[line.code] += 1
    expected = draws * 10 / 50
    chi_square = sum((count - expected) ** 2 / expected for count in counts.values()) / (1 - 10 / 50) * 49 / 50
    assert 25 < chi_square < 80
