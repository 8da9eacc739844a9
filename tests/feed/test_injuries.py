"""The words of the feed, and the injuries that readings tell."""

import pandas as pd
import pytest

from forecast.feed.injuries import body_part, expected_back, injuries_of, no_injury, word_of
from forecast.feed.snapshots import Game, Status


def status(
    day: str = "2024-03-20", state: str = "i", news: str = "", added: str | None = "2024-03-01", **change
) -> Status:
    fields = {"last_round": None, "next_round": None, "price": 5.0, "owned": 1.0} | change
    time, word = (None if d is None else pd.Timestamp(d, tz="UTC") for d in (day, added))
    return Status(time, "2023-24", 7, 70, "Example", 1, "defender", state, news, word, **fields)


def game(day: str, minutes: int) -> Game:
    return Game(pd.Timestamp(f"{day}T15:00Z"), minutes, "2023-24", 1)


@pytest.mark.parametrize(
    ("state", "news", "part"),
    [
        ("i", "Hamstring injury - Unknown return date", "hamstring"),
        ("u", "Returned to his club - hamstring injury", "hamstring"),
        ("a", "Hamstring injury", None),
        ("d", "Dead leg - 75% chance of playing", "thigh"),
        ("i", "Quad injury - Expected back 01 Jan", "thigh"),
        ("i", "Calf injury - Unknown return date", "calf"),
        ("d", "Adductor injury - 25% chance of playing", "groin"),
        ("d", "Muscle injury - 50% chance of playing", "muscle"),
        ("u", "Calf injury", None),
        ("i", "Knee injury - calf is well", None),
        ("d", "Lack of match fitness - 75% chance of playing", None),
    ],
)
def test_the_body_part_by_the_words(state, news, part):
    assert body_part(status(state=state, news=news)) == part


@pytest.mark.parametrize(
    ("added", "news", "date"),
    [
        ("2024-03-01", "Expected back 11 Apr", "2024-04-11"),
        ("2023-12-20", "Expected back 11 Jan", "2024-01-11"),  # the next year
        ("2024-03-01", "Expected back 28 Feb", "2024-02-28"),  # two days before the first word
        ("2024-03-01", "Expected back 27 Feb", "2025-02-27"),
        ("2023-11-01", "Expected back 29 Feb", "2024-02-29"),
        ("2024-03-01", "Expected back 31 Jun", None),
        ("2024-03-01", "Expected back soon", None),
    ],
)
def test_the_year_of_a_date(added, news, date):
    found = expected_back(status("2024-03-20", news=f"Hamstring injury - {news}", added=added))
    assert found == (None if date is None else pd.Timestamp(date, tz="UTC"))


@pytest.mark.parametrize(
    ("state", "chance", "news", "kind"),
    [
        ("d", 25, "x", "chance"),
        ("d", 75, "Hamstring injury - Expected back 11 Apr", "chance"),
        ("d", None, "x", "unknown"),
        ("d", 0, "x", "unknown"),
        ("d", 100, "x", "unknown"),
        ("i", 0, "Hamstring injury - Expected back 11 Apr", "expected"),
        ("i", 0, "x", "unknown"),
        ("a", None, "", "available"),
        ("a", 100, "", "available"),
    ],
)
def test_the_kinds_of_the_tables(state, chance, news, kind):
    word = word_of(status(state=state, news=news, next_round=chance))
    assert word.kind == kind
    assert (word.chance, word.expected is not None) == (chance if kind == "chance" else None, kind == "expected")


@pytest.mark.parametrize(
    "news", ["Suspended until 3 May", "Illness - 50%", "Covid-19", "On international duty", "Loan ban"]
)
def test_what_is_no_injury(news):
    assert no_injury(status(news=news))
    assert not no_injury(status(news="Hamstring injury - Unknown return date"))


HAMSTRING = "Hamstring injury - Unknown return date"


def told(*rows: tuple[str, str, str, str], games: list[Game] | None = None):
    """Each row: day of the reading, state, text, first word."""
    statuses = [status(day, state, news, added) for day, state, news, added in rows]
    return [
        tuple(f"{t:%m-%d}" if t is not None else None for t in (i.word, i.cleared, i.appeared, i.ended))
        for i in injuries_of(statuses, games or [])
    ]


FLAG = ("2024-03-02", "i", HAMSTRING, "2024-03-01")


def test_a_clearance_and_a_new_flag():
    again = ("2024-03-20", "i", HAMSTRING, "2024-03-15")
    assert told(FLAG, ("2024-03-10", "a", "", "2024-03-01"), again) == [
        ("03-01", "03-10", None, "03-20"),
        ("03-15", None, None, None),
    ]


def test_an_old_flag_takes_a_clearance_back():
    again = ("2024-03-20", "i", HAMSTRING, "2024-03-01")
    assert told(FLAG, ("2024-03-10", "a", "", "2024-03-01"), again) == [("03-01", None, None, None)]


def test_a_return_and_a_flag_raised_anew():
    again = ("2024-03-20", "d", HAMSTRING, "2024-03-15")
    found = told(FLAG, again, games=[game("2024-03-09", 90), game("2024-03-16", 10)])
    assert found == [("03-01", None, "03-09", "03-20"), ("03-15", None, None, None)]  # the next reading would tell


def test_another_absence_ends_it_until_it_is_flagged_again():
    illness, fitness = (
        ("2024-03-10", "d", "Illness", "2024-03-09"),
        ("2024-03-12", "d", "Lack of match fitness", "2024-03-09"),
    )
    assert told(FLAG, illness, fitness) == [("03-01", None, None, "03-10")]
    assert told(FLAG, illness, fitness, ("2024-03-20", "i", HAMSTRING, "2024-03-01")) == [("03-01", None, None, None)]


def test_another_part_is_another_injury_of_the_same_spell():
    assert told(FLAG, ("2024-03-10", "i", "Calf injury", "2024-03-01")) == [
        ("03-01", None, None, "03-10"),
        ("03-01", None, None, None),
    ]


def test_a_first_word_that_is_missing_or_later_is_that_of_the_reading():
    assert told(("2024-03-02", "i", HAMSTRING, None), ("2024-03-03", "i", HAMSTRING, "2024-03-05"))[0][0] == "03-02"


def test_the_onset_is_within_four_days():
    (injury,) = injuries_of([status(*FLAG)], [])
    assert injury.onset([game("2024-02-25", 90), game("2024-02-29", 0)]) == (injury.word, False)
    assert injury.onset([game("2024-02-25", 90), game("2024-02-27", 1)]) == (game("2024-02-27", 1).kickoff, True)
