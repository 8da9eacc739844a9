from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import forecast as fc
from forecast.evidence.open_case import OpenCase, open_case
from forecast.evidence.readings import readings_of
from forecast.terms import FLAG_KINDS, NO_FLAG
from strategies import histories

PROXY, PASSED, RELAPSE = "How reliable", "A promised date that had passed", "A flag after a clearance is a new spell"
FIXTURES = [fc.Fixture(f"march {day}", f"2026-03-{day:02d}T20:00Z") for day in (1, 4, 9, 14, 21)]


def on(day: int, kind: str, seen: int | None = None, **detail) -> fc.Bulletin:
    """Said at noon of a day of March, and last seen at noon of another."""
    last = None if seen is None else f"2026-03-{seen:02d}T12:00Z"
    return fc.Bulletin(f"2026-03-{day:02d}T12:00Z", kind, seen=last, **detail)


def stands(*bulletins: fc.Bulletin, **change) -> OpenCase:
    """The onset is 1 March 00:00, the forecast 7 March 12:00."""
    fields = {"player": "x", "onset": "2026-03-01", "as_of": "2026-03-07T12:00Z", "fixtures": FIXTURES}
    return open_case(fc.Case(**fields | change, bulletins=bulletins))


def only(*bulletins: fc.Bulletin):
    (statement,) = stands(*bulletins).statements
    return statement


def test_with_nothing_said_he_is_out_from_the_onset_until_now():
    now = stands()
    s = now.situation
    assert (s.now, s.low, s.high) == (6.5, 6.5, np.inf)
    assert len(s.missed) == 0
    np.testing.assert_allclose(s.ahead, [8 + 5 / 6, 13 + 5 / 6, 20 + 5 / 6])
    assert now.statements == ()
    assert now.notes == ()
    assert not now.cleared
    assert now.forward is None


@pytest.mark.parametrize(("position", "forward"), [("forward", True), ("midfielder", False), (None, None)])
def test_forwards(position, forward):
    assert stands(position=position).forward is forward


# ---------------------------------------------------------------------------------------------- the last word of a source


def test_an_expected_date():
    s = only(on(2, "expected", seen=5, expected="2026-03-14"))
    assert (s.code, s.seen, s.age, s.expected, s.until) == (FLAG_KINDS.index("expected"), 4.5, 3.0, 13.0, -np.inf)


@pytest.mark.parametrize("chance", [25, 50, 75])
def test_a_chance(chance):
    s = only(on(2, "chance", chance=chance))
    assert (s.code, s.seen, s.age) == (FLAG_KINDS.index(str(chance)), 1.5, 0.0)
    assert np.isnan(s.expected)


def test_ruled_out_alone_is_no_flag():
    now = stands(on(2, "ruled_out", until="2026-03-10T12:00Z"))
    (s,) = now.statements
    assert (s.code, s.until, s.likelihood) == (NO_FLAG, 9.5, None)
    np.testing.assert_array_equal(now.situation.edges, [9.5])  # a cell ends with it
    assert now.notes[0].startswith(PROXY)


@pytest.mark.parametrize("turned", [False, True])
def test_the_last_word_of_a_source_counts_in_whatever_order_they_are_listed(turned):
    said = [on(2, "expected", expected="2026-03-20"), on(4, "chance", chance=25), on(5, "unknown")]
    assert only(*(said[::-1] if turned else said)).code == FLAG_KINDS.index("unknown")


def test_each_source_has_a_last_word():
    now = stands(on(2, "unknown"), on(3, "chance", chance=50, source="club"), on(4, "expected", expected="2026-03-20"))
    assert {s.source: s.code for s in now.statements} == {"official": 1, "club": 3}


def test_a_date_and_a_ruled_out_that_stand_together_are_one_statement():
    date, ruled_out = {"expected": "2026-03-20"}, {"until": "2026-03-10T12:00Z"}
    for said in (
        [on(4, "expected", **date), on(4, "ruled_out", **ruled_out)],
        [on(4, "ruled_out", **ruled_out), on(4, "expected", **date)],
        [on(2, "expected", seen=4, **date), on(4, "ruled_out", **ruled_out)],
        [on(2, "ruled_out", seen=4, **ruled_out), on(4, "expected", **date)],
    ):
        s = only(*said)
        assert (s.code, s.expected, s.until, s.seen) == (FLAG_KINDS.index("expected"), 19.0, 9.5, 3.5)


def test_what_was_no_longer_seen_when_the_next_word_came_is_gone():
    s = only(on(2, "expected", seen=3, expected="2026-03-20"), on(4, "ruled_out", until="2026-03-10T12:00Z"))
    assert (s.code, s.until) == (NO_FLAG, 9.5)
    s = only(on(2, "ruled_out", seen=3, until="2026-03-10"), on(4, "expected", expected="2026-03-20"))
    assert (s.code, s.until) == (FLAG_KINDS.index("expected"), -np.inf)


def test_a_chance_supersedes_a_ruled_out():
    s = only(on(2, "ruled_out", seen=5, until="2026-03-10"), on(4, "chance", chance=75))
    assert (s.code, s.until) == (FLAG_KINDS.index("75"), -np.inf)


def test_a_ruled_out_after_a_chance_stands_beside_it():
    s = only(on(2, "chance", seen=4, chance=25), on(4, "ruled_out", until="2026-03-10T12:00Z"))
    assert (s.code, s.until) == (FLAG_KINDS.index("25"), 9.5)


def test_the_other_source_may_contradict():
    now = stands(on(2, "ruled_out", seen=5, until="2026-03-10", source="club"), on(4, "chance", chance=75))
    assert {s.source: (s.code, np.isfinite(s.until)) for s in now.statements} == {
        "club": (NO_FLAG, True),
        "official": (FLAG_KINDS.index("75"), False),
    }


@pytest.mark.parametrize(("expected", "kind"), [("2026-03-05T11:59Z", "unknown"), ("2026-03-05T12:01Z", "expected")])
def test_a_date_that_had_passed_when_it_was_last_seen_is_none(expected, kind):
    now = stands(on(2, "expected", seen=5, expected=expected))
    assert now.statements[0].code == FLAG_KINDS.index(kind)
    assert [note[: len(PASSED)] for note in now.notes] == [PASSED] * (kind == "unknown")


def test_a_date_that_has_passed_since_keeps_its_likelihood():
    s = only(on(2, "expected", seen=3, expected="2026-03-05"))
    assert (s.code, s.expected) == (FLAG_KINDS.index("expected"), 4.0)


@pytest.mark.parametrize("detail", [{"kind": "unknown"}, {"kind": "expected", "expected": "2026-03-20"}])
def test_the_same_said_again_is_old_news(detail):
    club = on(4, "chance", chance=25, source="club")
    again = stands(on(2, **detail), on(3, **detail), club, on(5, seen=6, **detail)).statements[0]
    assert again == only(on(2, seen=6, **detail))
    assert again.age == 4.0


@pytest.mark.parametrize("between", [{"kind": "chance", "chance": 50}, {"kind": "expected", "expected": "2026-03-21"}])
def test_what_was_said_before_something_else_is_new_again(between):
    same = {"kind": "expected", "expected": "2026-03-20"}
    assert only(on(2, **same), on(3, **between), on(4, seen=6, **same)).age == 2.0


def test_the_flag_that_stands_beside_a_ruled_out_is_the_one_that_was_still_seen():
    gone, stands_still = on(3, "chance", seen=4, chance=50), on(2, "unknown", seen=6)
    s = only(on(1, "unknown"), stands_still, gone, on(5, "ruled_out", until="2026-03-12"))
    assert (s.code, s.seen, s.age) == (FLAG_KINDS.index("unknown"), 5.5, 5.0)
    assert np.isfinite(s.until)


def test_a_promise_that_has_passed_says_nothing_since_its_date():
    passed = {"kind": "expected", "expected": "2026-03-03T12:00Z"}
    assert only(on(2, seen=6, **passed)).age == 3.0
    assert only(on(2, **passed), on(4, **passed), on(6, **passed)).age == 2.0  # on the 2nd it was a promise
    assert only(on(2, **passed), on(4, **passed), on(6, "unknown")).age == 2.0


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
        return fc.Bulletin(moment(row.day), row.kind, **detail)

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
            ),
        )


def test_past_readings_and_open_cases_are_read_alike(episodes):
    for evidence, case in as_cases(episodes, every=7):
        now = open_case(case)
        (said,) = now.statements
        found = [said.seen, said.code, said.age, said.expected, now.situation.now, now.situation.low]
        learned = [evidence.seen, evidence.code, evidence.age, evidence.expected, evidence.now, evidence.edges[0, :1]]
        np.testing.assert_allclose(found, np.ravel(learned), atol=1e-9)
        np.testing.assert_allclose(now.situation.missed, evidence.fixtures[0, : evidence.missed[0]], atol=1e-9)


def test_a_likelihood_of_his_own_counts_from_the_day_it_was_given():
    def doctor(days):
        return np.exp(-days)

    s = only(on(2, "own", seen=5, likelihood=doctor))
    assert (s.code, s.seen, s.likelihood) == (NO_FLAG, 1.5, doctor)
    # It is the last word of its source; another source keeps its own.
    assert only(on(2, "unknown", seen=5), on(4, "own", likelihood=doctor)).code == NO_FLAG
    assert len(stands(on(2, "unknown"), on(4, "own", likelihood=doctor, source="doctor")).statements) == 2


# ------------------------------------------------------------------------------------------------------------- cleared


def test_cleared_he_became_fit_between_his_last_flag_and_the_clearance():
    now = stands(on(2, "unknown", seen=3), on(6, "available"))
    s = now.situation
    assert now.cleared
    assert (s.now, s.low, s.high) == (6.5, 2.5, 5.5)
    np.testing.assert_allclose(s.missed, [3 + 5 / 6])  # 4 March, 20:00; that of 1 March he missed injured
    np.testing.assert_allclose(s.ahead, [8 + 5 / 6, 13 + 5 / 6, 20 + 5 / 6])


def test_cleared_without_a_flag_he_became_fit_after_the_onset():
    s = stands(on(6, "available")).situation
    assert (s.low, s.high) == (0.0, 5.5)
    np.testing.assert_allclose(s.missed, [5 / 6, 3 + 5 / 6])


def test_the_first_time_the_clearance_was_seen_counts():
    s = stands(on(2, "unknown"), on(4, "available"), on(6, "available", source="club")).situation
    assert (s.low, s.high) == (1.5, 3.5)


def test_what_was_said_before_the_clearance_keeps_counting():
    now = stands(on(2, "expected", expected="2026-03-20"), on(6, "available"))
    assert [s.code for s in now.statements] == [FLAG_KINDS.index("expected")]


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
    assert {s.source: s.code for s in now.statements} == {"official": FLAG_KINDS.index("25"), "club": 1}
    assert [np.isfinite(s.until) for s in now.statements] == [False, False]  # of the spell before
    assert now.notes == (f"{RELAPSE}: counted from 5 March 2026.",)
    assert not now.cleared


def test_a_new_spell_may_end_in_a_clearance_too():
    """Flag, clearance, flag, clearance: only the second spell counts, from the flag it began with."""
    second = [on(5, "expected", expected="2026-03-20"), on(6, "available")]
    now = stands(on(2, "ruled_out", until="2026-03-30", source="club"), on(3, "available"), *second)
    alone = stands(*second, onset="2026-03-05T12:00Z")
    assert now.case.onset == alone.case.onset
    assert (now.situation.low, now.situation.high) == (alone.situation.low, alone.situation.high) == (0.0, 1.0)
    assert [s.source for s in now.statements] == ["official"]
    assert now.notes[0].startswith(RELAPSE)


@pytest.mark.parametrize("seen", [5, 6])
def test_a_flag_still_seen_when_he_was_cleared_is_an_error(seen):
    with pytest.raises(fc.CaseError) as raised:
        stands(on(2, "unknown"), on(3, "unknown", seen=seen, source="club"), on(5, "available"))
    (line,) = str(raised.value).splitlines()
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
    assert {t.source for t in now.statements} == {b.source for b in spell}
    assert start == case.onset or start == min(b.issued for b in spell)
    if now.cleared:
        assert 0.0 <= s.low < s.high <= s.now
        assert ((s.missed > s.low) & (s.missed <= s.now)).all()
    else:
        assert (s.low, s.high, len(s.missed)) == (s.now, np.inf, 0)
    assert len(s.ahead) == len(case.ahead())
    assert (np.diff(np.concatenate([s.missed, s.ahead])) > 0).all()
    for t in now.statements:
        assert 0.0 <= t.seen <= s.now
        assert t.age >= 0.0
        assert np.isnan(t.expected) or t.expected > t.seen


@given(case=histories())
@settings(max_examples=50)
def test_the_order_in_which_bulletins_are_listed_says_nothing(case):
    turned = replace(case, bulletins=case.bulletins[::-1])
    a, b = open_case(case), open_case(turned)
    key = [(t.source, t.code, t.seen, t.age, str(t.expected), t.until) for t in a.statements]
    assert sorted(key) == sorted((t.source, t.code, t.seen, t.age, str(t.expected), t.until) for t in b.statements)
    assert (a.situation.low, a.situation.high) == (b.situation.low, b.situation.high)


class TestStands:
    """Which bulletins still stand: one rule, for the model and for the chart."""

    RULED_OUT = on(2, "ruled_out", seen=5, until="2026-03-10")

    def test_a_percentage_of_the_next_fixture_overtakes_a_ruled_out(self):
        now = stands(self.RULED_OUT, on(4, "chance", chance=75))
        assert [b.kind for b in now.stands] == ["chance"]
        assert now.statements[0].until == -np.inf

    def test_a_date_stands_beside_a_ruled_out_that_was_seen_with_it(self):
        date = on(4, "expected", expected="2026-03-14")
        assert stands(self.RULED_OUT, date).stands == (date, self.RULED_OUT)

    def test_of_several_sources_each_has_a_word(self):
        other = on(3, "unknown", source="club")
        assert stands(self.RULED_OUT, other).stands == (self.RULED_OUT, other)

    def test_a_clearance_overtakes_everything(self):
        assert stands(self.RULED_OUT, on(6, "available")).stands == ()

    def test_of_an_earlier_spell_nothing_stands(self):
        flag = on(7, "unknown")
        now = stands(self.RULED_OUT, on(6, "available"), flag, as_of="2026-03-08T12:00Z")
        assert now.stands == (flag,)
