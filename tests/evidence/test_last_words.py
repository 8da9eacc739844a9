import numpy as np
import pytest

import forecast as fc
from forecast.evidence.open_case import open_case
from forecast.evidence.situation import NO_FLAG
from spoken import FIXTURES, in_competition, kind, on, only, stands

PASSED = "A promised date that had passed"


def test_an_expected_date():
    s = only(on(2, "expected", seen=5, expected="2026-03-14"))
    assert (kind(s), s.since, s.seen, s.expected) == ("expected", 1.5, 4.5, 13.0)


@pytest.mark.parametrize("chance", [25, 50, 75])
def test_a_chance(chance):
    s = only(on(2, "chance", chance=chance, last_round=50, match_fitness=True))
    assert (kind(s), s.since, s.last_round, s.match_fitness) == (str(chance), 1.5, 50.0, True)
    assert np.isnan(s.expected)


def test_where_it_does_not_say_until_when_the_newest_word_stands_until_now():
    s = only(on(2, "unknown"))
    assert (s.since, s.seen) == (1.5, 6.5)
    s = only(on(2, "unknown"), on(4, "chance", chance=25))
    assert (kind(s), s.since, s.seen) == ("25", 3.5, 6.5)


def test_league_fixtures_that_have_passed_since_it_was_last_seen():
    assert only(on(2, "chance", chance=75)).passed == 0
    assert only(on(2, "chance", seen=3, chance=75)).passed == 1
    assert only(on(2, "chance", seen=5, chance=75)).passed == 0
    cups = [in_competition(f, "FA Cup") for f in FIXTURES]
    assert stands(on(2, "chance", seen=3, chance=75), fixtures=cups).statements[0].passed == 0


@pytest.mark.parametrize("turned", [False, True])
def test_the_last_word_of_a_source_counts_in_whatever_order_they_are_listed(turned):
    said = [on(2, "expected", expected="2026-03-20"), on(4, "chance", chance=25), on(5, "unknown")]
    assert kind(only(*(said[::-1] if turned else said))) == "unknown"


def test_each_source_has_a_last_word():
    now = stands(on(2, "unknown"), on(3, "chance", chance=50, source="club"), on(4, "expected", expected="2026-03-20"))
    assert {s.source: kind(s) for s in now.statements} == {"official": "expected", "club": "50"}


@pytest.mark.parametrize(("expected", "read"), [("2026-03-02T11:59Z", "unknown"), ("2026-03-02T12:01Z", "expected")])
def test_a_date_that_had_passed_when_it_was_named_is_none(expected, read):
    now = stands(on(2, "expected", seen=5, expected=expected))
    assert kind(now.statements[0]) == read
    assert [note[: len(PASSED)] for note in now.notes] == [PASSED] * (read == "unknown")


@pytest.mark.parametrize("detail", [{"kind": "unknown"}, {"kind": "expected", "expected": "2026-03-20"}])
def test_the_same_said_again_is_old_news(detail):
    club = on(4, "chance", chance=25, source="club")
    again = stands(on(2, **detail), on(3, **detail), club, on(5, seen=6, **detail)).statements[0]
    assert (again.since, again.seen) == (1.5, 5.5)


@pytest.mark.parametrize("between", [{"kind": "chance", "chance": 50}, {"kind": "expected", "expected": "2026-03-21"}])
def test_what_was_said_before_something_else_is_new_again(between):
    same = {"kind": "expected", "expected": "2026-03-20"}
    assert only(on(2, **same), on(3, **between), on(4, seen=6, **same)).since == 3.5


def test_a_promise_said_again_after_its_date_is_still_that_promise():
    passed = {"kind": "expected", "expected": "2026-03-03T12:00Z"}
    for said in ([on(2, seen=6, **passed)], [on(2, **passed), on(4, **passed), on(6, **passed)]):
        s = only(*said)
        assert (kind(s), s.since, s.expected) == ("expected", 1.5, 2.5)


def test_a_date_that_had_passed_and_no_date_are_the_same():
    assert only(on(3, "expected", expected="2026-03-02"), on(5, "unknown")).since == 2.5


def test_what_goes_with_a_flag_makes_no_new_one_of_it():
    """As among the past readings."""
    s = only(on(2, "unknown"), on(4, "unknown", match_fitness=True, last_round=25))
    assert (s.since, s.match_fitness, s.last_round) == (1.5, True, 25.0)


def test_a_word_replaces_those_of_another_source_before_it():
    club = on(2, "unknown", source="club")
    now = stands(club, on(3, "chance", chance=75, replaces="club"))
    assert [s.source for s in now.statements] == ["official"]
    later = on(4, "chance", chance=25, source="club")
    now = stands(club, on(3, "chance", chance=75, replaces="club"), later)
    assert {s.source: kind(s) for s in now.statements} == {"official": "75", "club": "25"}


def test_back_in_training_is_a_flag_that_speaks_of_no_match():
    now = stands(on(2, "training"))
    (s,) = now.statements
    assert (kind(s), s.passed) == ("75", 1)
    assert any("training" in note for note in now.notes)


def test_a_likelihood_counts_from_the_day_it_was_given():
    def doctor(days):
        return np.exp(-days)

    s = only(on(2, "own", seen=5, likelihood=doctor))
    np.testing.assert_array_equal(s.kinds, NO_FLAG)
    assert s.since == 1.5
    np.testing.assert_array_equal(s.likelihood(np.arange(3.0)), np.exp(-np.arange(3.0)))
    # It is the last word of its source; another source keeps its own.
    assert kind(only(on(2, "unknown", seen=5), on(4, "own", likelihood=doctor))) is None
    assert len(stands(on(2, "unknown"), on(4, "own", likelihood=doctor, source="doctor")).statements) == 2


def test_fit_between_two_days_is_no_flag_but_a_likelihood():
    now = stands(on(2, "between", from_="2026-03-10", to="2026-03-14", sure=0.8))
    (s,) = now.statements
    assert kind(s) is None
    inside, outside = s.likelihood(np.array([10.0, 30.0]))
    assert inside > outside
    assert any("between" in note for note in now.notes)


# ------------------------------------------------------------------------------------------------------------ ruled out


UNTIL = {"until": "2026-03-10T12:00Z"}


def test_ruled_out_alone_is_no_statement_but_days_of_their_own():
    now = stands(on(2, "ruled_out", **UNTIL))
    (held,) = now.ruled_out
    assert now.statements == ()
    assert (held.since, held.until) == (1.5, 9.5)
    assert 9.5 in now.situation.cuts  # a piece ends with it
    assert "Ruled out" in now.notes[0]


def test_a_date_and_a_ruled_out_that_stand_together():
    date = {"expected": "2026-03-20"}
    for said in (
        [on(4, "expected", **date), on(4, "ruled_out", **UNTIL)],
        [on(4, "ruled_out", **UNTIL), on(4, "expected", **date)],
        [on(2, "expected", seen=4, **date), on(4, "ruled_out", **UNTIL)],
        [on(2, "ruled_out", seen=4, **UNTIL), on(4, "expected", **date)],
    ):
        now = stands(*said)
        assert [kind(s) for s in now.statements] == ["expected"]
        assert [held.until for held in now.ruled_out] == [9.5]


def test_what_was_no_longer_seen_when_the_next_word_came_is_gone():
    now = stands(on(2, "expected", seen=3, expected="2026-03-20"), on(4, "ruled_out", **UNTIL))
    assert (now.statements, len(now.ruled_out)) == ((), 1)
    now = stands(on(2, "ruled_out", seen=3, **UNTIL), on(4, "expected", expected="2026-03-20"))
    assert ([kind(s) for s in now.statements], now.ruled_out) == (["expected"], ())


def test_a_chance_supersedes_a_ruled_out_but_not_the_other_way_round():
    now = stands(on(2, "ruled_out", seen=5, **UNTIL), on(4, "chance", chance=75))
    assert ([kind(s) for s in now.statements], now.ruled_out) == (["75"], ())
    now = stands(on(2, "chance", seen=4, chance=25), on(4, "ruled_out", **UNTIL))
    assert ([kind(s) for s in now.statements], len(now.ruled_out)) == (["25"], 1)


def test_the_other_source_may_contradict():
    now = stands(on(2, "ruled_out", seen=5, source="club", **UNTIL), on(4, "chance", chance=75))
    assert [s.source for s in now.statements] == ["official"]
    assert len(now.ruled_out) == 1


def test_the_flag_that_stands_beside_a_ruled_out_is_the_one_that_was_still_seen():
    gone, stands_still = on(3, "chance", seen=4, chance=50), on(2, "unknown", seen=6)
    now = stands(on(1, "unknown"), stands_still, gone, on(5, "ruled_out", until="2026-03-12"))
    (s,) = now.statements
    assert (kind(s), s.since, s.seen) == ("unknown", 0.5, 5.5)
    assert len(now.ruled_out) == 1


# --------------------------------------------------------------------------------------------------------- what stands


class TestStands:
    """Which bulletins still stand: one rule, for the model and for the chart."""

    RULED_OUT = on(2, "ruled_out", seen=5, until="2026-03-10")

    def test_a_percentage_of_the_next_fixture_overtakes_a_ruled_out(self):
        now = stands(self.RULED_OUT, on(4, "chance", chance=75))
        assert [b.kind for b in now.stands] == ["chance"]
        assert now.ruled_out == ()

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


@pytest.mark.parametrize("source", ["agent", "official", "paper"])
@pytest.mark.parametrize("kind", ["unknown", "training", "ruled_out"])
def test_a_clearance_ends_what_is_said_at_its_very_moment_whoever_says_it(source, kind):
    """Found by ``tests.hostile_fields``, case 640: the name of the source decided."""
    until = {"until": "2026-03-09T12:00Z"} if kind == "ruled_out" else {}
    beside = fc.Bulletin("2026-03-06T12:00Z", kind, source=source, **until)
    cleared = fc.Bulletin("2026-03-06T12:00Z", "available", source="club")
    one = fc.Case("P", "2026-02-20", "2026-03-07", [fc.Fixture("A v B", "2026-03-08")], [beside, cleared])
    assert open_case(one).cleared
