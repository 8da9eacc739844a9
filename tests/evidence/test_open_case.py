from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.evidence.readings import readings_of
from forecast.evidence.situation import CUP, EUROPE, LEAGUE, traits_of
from refused import refused
from spoken import FIXTURES, in_competition, kind, on, stands
from strategies import histories
from subset import some

RELAPSE = "A flag after a clearance is a new spell"


def test_with_nothing_said_he_is_out_from_the_onset_until_now():
    now = stands()
    s = now.situation
    assert (s.now, s.low, s.high) == (6.5, 6.5, np.inf)
    assert len(s.missed) == 0
    np.testing.assert_allclose(s.ahead, [8 + 5 / 6, 13 + 5 / 6, 20 + 5 / 6])
    assert s.before == pytest.approx(3 + 5 / 6)
    assert (now.statements, now.ruled_out, now.notes, now.cleared) == ((), (), (), False)


def test_before_the_first_fixture_that_is_listed_a_week_has_passed():
    assert stands(fixtures=FIXTURES[2:]).situation.before == pytest.approx(1 + 5 / 6)
    assert stands(fixtures=FIXTURES[1:2], as_of="2026-03-02").situation.before == 0.0  # or since the onset
    assert stands(fixtures=FIXTURES[4:]).situation.before == pytest.approx(13 + 5 / 6)  # whenever it is forecast


def test_what_is_known_of_the_player():
    known = stands(
        position="forward", fixtures_before=10, appearances_before=8, minutes_before=610, usual_minutes=75.0,
        price=7.5, owned=12.0, body_part="calf",
    )  # fmt: skip
    wanted = traits_of("forward", (610, 10), (75.0 * 30, 30), (8, 10), 7.5, 12.0)
    np.testing.assert_allclose(known.situation.traits, wanted)
    assert known.evidence.part[0].argmax() == 2
    assert np.isnan(stands().situation.traits).all()
    assert np.isnan(stands(fixtures_before=0).situation.traits).all()


def test_scopes_stay_with_their_fixtures():
    names = [None, "FA Cup", "UEFA Champions League", "Premier League", "Carabao Cup"]
    fixtures = [in_competition(f, name) for f, name in zip(FIXTURES, names, strict=True)]
    s = stands(fixtures=fixtures[::-1]).situation
    np.testing.assert_array_equal(s.scope, [EUROPE, LEAGUE, CUP])


# ------------------------------------------------------------------------------------------------ beside past readings


def as_cases(episodes: fc.Episodes, every: int):
    """Some of the past readings as open cases, each reading a bulletin of its own, with what the model learns from."""
    readings = readings_of(episodes)
    said = dict(list(episodes.bulletins.groupby("episode")))
    day_zero = pd.Timestamp("2026-03-01", tz="UTC")

    def moment(day: float) -> pd.Timestamp:
        return day_zero + pd.Timedelta(days=float(day))

    def bulletin(row) -> fc.Bulletin:
        detail = {"chance": int(row.chance)} if row.kind == "chance" else {}
        detail |= {"expected": moment(row.expected_day)} if row.kind == "expected" else {}
        if row.kind != "available":
            detail |= {"last_round": None if np.isnan(row.last_round) else int(row.last_round)}
            detail |= {"match_fitness": bool(row.match_fitness)}
        return fc.Bulletin(moment(row.day), row.kind, seen=moment(row.day), **detail)

    for i in range(0, len(readings.table), every):
        row, evidence = readings.table.iloc[i], readings.evidence.take(np.array([i]))
        known = said[row.episode]
        yield (
            evidence,
            fc.Case(
                player="x",
                onset=day_zero,
                as_of=moment(row.day),
                fixtures=[fc.Fixture(f"{day}", moment(day)) for day in evidence.fixtures[0, : evidence.known[0]]],
                bulletins=[bulletin(b) for b in known[known.day <= row.day].itertuples()],
                body_part=row.body_part,
            ),
        )


def test_past_readings_and_open_cases_are_read_alike(episodes):
    for evidence, case in as_cases(some(episodes, 300), every=3):
        now = open_case(case)
        (s,) = now.statements
        said, learned, found = evidence.said, evidence, now.situation
        np.testing.assert_allclose(s.kinds, said.kinds[0])
        for mine, theirs in (
            ((s.since, s.seen, s.expected), (said.since, said.seen, said.expected)),
            ((float(s.match_fitness), s.passed), (said.fitness, said.passed)),
            ((found.now, found.low, found.high), (learned.now, learned.low, learned.high)),
        ):
            np.testing.assert_allclose(mine, np.ravel(theirs), atol=2e-6)
        np.testing.assert_array_equal(now.evidence.part, learned.part)
        np.testing.assert_allclose(found.missed, learned.fixtures[0, : learned.missed[0]], atol=1e-9)


# ------------------------------------------------------------------------------------------------------------- cleared


def test_cleared_he_became_fit_between_his_last_flag_and_the_clearance():
    now = stands(on(2, "unknown", seen=3), on(6, "available"))
    s = now.situation
    assert now.cleared
    assert (s.now, s.low, s.high) == (6.5, 2.5, 5.5)
    np.testing.assert_allclose(s.missed, [3 + 5 / 6])  # 4 March, 20:00; that of 1 March he missed injured
    np.testing.assert_allclose(s.ahead, [8 + 5 / 6, 13 + 5 / 6, 20 + 5 / 6])


def test_a_flag_that_does_not_say_until_when_stood_until_the_clearance():
    s = stands(on(2, "unknown"), on(6, "available")).situation
    assert s.high == 5.5
    assert s.low == pytest.approx(5.5, abs=1e-5)
    assert s.low < s.high


def test_cleared_without_a_flag_he_became_fit_after_the_onset():
    s = stands(on(6, "available")).situation
    assert (s.low, s.high) == (0.0, 5.5)
    np.testing.assert_allclose(s.missed, [5 / 6, 3 + 5 / 6])


def test_the_first_time_the_clearance_was_seen_counts():
    s = stands(on(2, "unknown", seen=2), on(4, "available"), on(6, "available", source="club")).situation
    assert (s.low, s.high) == (1.5, 3.5)


def test_what_was_said_before_the_clearance_keeps_counting():
    now = stands(on(2, "expected", expected="2026-03-20"), on(6, "available"))
    (s,) = now.statements
    assert (kind(s), s.since, s.seen, s.passed) == ("expected", 1.5, now.situation.low, 0)


def test_a_flag_after_a_clearance_is_a_new_spell():
    now = stands(
        on(1, "ruled_out", until="2026-03-30", source="club"),
        on(2, "unknown"),
        on(4, "available"),
        on(6, "chance", chance=25),
        on(5, "expected", expected="2026-03-20", source="club"),
    )
    assert now.case.onset == on(5, "unknown").issued
    assert (now.situation.now, now.situation.low, now.situation.high) == (2.0, 2.0, np.inf)
    assert {s.source: kind(s) for s in now.statements} == {"official": "25", "club": "expected"}
    assert now.ruled_out == ()  # of the spell before
    assert now.notes == (f"{RELAPSE}: counted from 5 March 2026.",)
    assert not now.cleared


def test_a_new_spell_may_end_in_a_clearance_too():
    """Flag, clearance, flag, clearance: only the second spell counts, from the flag it began with."""
    second = [on(5, "expected", seen=5, expected="2026-03-20"), on(6, "available")]
    now = stands(on(2, "ruled_out", until="2026-03-30", source="club"), on(3, "available"), *second)
    alone = stands(*second, onset="2026-03-05T12:00Z")
    assert now.case.onset == alone.case.onset
    assert (now.situation.low, now.situation.high) == (alone.situation.low, alone.situation.high) == (0.0, 1.0)
    assert [s.source for s in now.statements] == ["official"]
    assert now.notes[0].startswith(RELAPSE)


@pytest.mark.parametrize("seen", [5, 6])
def test_a_flag_still_seen_when_he_was_cleared_is_an_error(seen):
    said = on(2, "unknown"), on(3, "unknown", seen=seen, source="club"), on(5, "available")
    (line,) = refused(fc.CaseError, stands, *said)
    assert line.startswith("bulletins[2]: seen: ")
    assert "must be before the clearance" in line
    assert "2026-03-05" in line


def test_a_clearance_is_never_passed_over_in_silence():
    """Said in the same minute as a flag, or as the onset: an error, or he is cleared."""
    for said, change in (
        ([on(5, "unknown"), on(5, "available")], {}),
        ([on(5, "available")], {"onset": "2026-03-05T12:00Z"}),
    ):
        try:
            now = stands(*said, **change)
        except fc.CaseError:
            continue
        assert now.cleared


@given(case=histories())
@settings(max_examples=150)
def test_of_any_history(case):
    now = open_case(case)
    s = now.situation
    flags = [b for b in case.bulletins if b.kind != "available"]
    clearances = [b.issued for b in case.bulletins if b.kind == "available"]
    newer = [b for b in flags if any(c < b.issued for c in clearances)]
    assert now.case.onset == (case.onset if not newer else now.case.onset)
    assert bool(newer) == any(note.startswith(RELAPSE) for note in now.notes)
    last = max((b.issued for b in flags), default=case.onset)
    assert now.cleared == any(c > last for c in clearances)
    start = now.case.onset
    before = [c for c in clearances if c <= start]
    spell = [b for b in flags if not before or b.issued > max(before)]
    assert {t.source for t in now.statements} <= {b.source for b in spell}
    assert {b.source for b in spell if b.kind != "ruled_out"} >= {t.source for t in now.statements}
    assert start == case.onset or start == min(b.issued for b in spell)
    if now.cleared:
        assert 0.0 <= s.low < s.high <= s.now
        assert ((s.missed > s.low) & (s.missed <= s.now)).all()
    else:
        assert (s.low, s.high, len(s.missed)) == (s.now, np.inf, 0)
    assert len(s.ahead) == len(case.ahead())
    assert (np.diff(np.concatenate([s.missed, s.ahead])) > 0).all()
    for t in now.statements:
        assert 0.0 <= min(t.since, t.seen) <= t.seen <= s.now
        assert np.isnan(t.expected) or t.expected > t.since


@given(case=histories())
@settings(max_examples=50)
def test_the_order_in_which_bulletins_are_listed_says_nothing(case):
    turned = replace(case, bulletins=case.bulletins[::-1])
    a, b = open_case(case), open_case(turned)
    said = [[(t.source, *t.kinds, t.since, t.seen, str(t.expected)) for t in x.statements] for x in (a, b)]
    assert sorted(said[0]) == sorted(said[1])
    assert sorted(held.until for held in a.ruled_out) == sorted(held.until for held in b.ruled_out)
    assert (a.situation.low, a.situation.high) == (b.situation.low, b.situation.high)
