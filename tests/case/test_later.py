"""A case goes on: at another moment, with what was said since, and as a file that reads back as the same case."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given

import forecast as fc
from strategies import cases, histories

DOUBT = fc.Bulletin("2026-03-08T10:00Z", "chance", chance=50, source="club")


@pytest.fixture
def bellingham():
    return fc.example_case("bellingham")


def read_back(case, folder) -> fc.Case:
    path = folder / "case.toml"
    path.write_text(case.to_toml(), encoding="utf-8")
    return fc.read_case(path)


@given(case=cases() | histories())
def test_a_case_file_reads_back_as_the_same_case(tmp_path_factory, case):
    without = replace(case, bulletins=[b for b in case.bulletins if b.kind != "own"])
    assert read_back(without, tmp_path_factory.mktemp("case")) == without
    if without != case:
        with pytest.raises(fc.CaseError, match=r"^bulletins\[\d\]: kind: 'own'; must be another kind"):
            case.to_toml()


@pytest.mark.parametrize("name", ["bellingham", "short", "cleared", "no-news", "many-fixtures"])
def test_the_shipped_cases_do_so_and_dates_stay_dates(inside, name):
    case = fc.example_case(name)
    assert read_back(case, inside) == case


def test_a_date_is_written_as_a_date_and_letters_as_they_are(bellingham):
    text = replace(bellingham, player='Ødegård "Ø"').to_toml()
    assert 'player = "Ødegård \\"Ø\\""' in text
    assert {"onset = 2026-02-01", "as_of = 2026-03-07T00:13:00Z", "until = 2026-03-14"} <= set(text.splitlines())


def test_the_news_of_the_next_day(bellingham, model):
    later = bellingham.updated("2026-03-08T12:00Z", said=[DOUBT])
    assert later.as_of == pd.Timestamp("2026-03-08T12:00Z")
    assert later.bulletins == (*bellingham.bulletins, DOUBT)
    assert later.fixtures == bellingham.fixtures
    assert later == replace(bellingham, as_of="2026-03-08T12:00Z", bulletins=[*bellingham.bulletins, DOUBT])
    model.forecast(later)


def test_fixtures_that_passed_were_missed_or_the_injury_is_over(bellingham):
    later = bellingham.updated("2026-03-15", missed=True)
    assert later.ahead()[0].fixture == "Man City v Real Madrid"
    with pytest.raises(fc.CaseError, match="^missed: missing; must be given, for .*City, Real Madrid v Elche passed"):
        bellingham.updated("2026-03-15")
    with pytest.raises(fc.CaseError, match="^missed: False; must be True: .* his injury is over$"):
        bellingham.updated("2026-03-15", missed=False)
    assert bellingham.updated("2026-03-09", missed=False).as_of == later.as_of - pd.Timedelta(days=6)  # none passed


@pytest.mark.parametrize(
    ("as_of", "said", "line"),
    [
        ("2026-03-01", (), "as_of: '2026-03-01'; must not be before 2026-03-07 00:13"),
        ("soon", (), "as_of: 'soon'; must be a date"),
        ("2026-03-08", "out", "bulletins: 'out'; must be a list of Bulletin"),
        ("2026-03-08", ["out"], "bulletins: .*must be a list of Bulletin"),
        ("2026-03-07", [DOUBT], r"bulletins\[3\]: issued: .*must not be after as_of"),
    ],
)
def test_what_cannot_be_is_said(bellingham, as_of, said, line):
    with pytest.raises(fc.CaseError, match=f"^{line}"):
        bellingham.updated(as_of, said)


def test_errors_name_the_way_on(bellingham, model):
    with pytest.raises(fc.CaseError, match=r"must be before Real Madrid v Man City: .*case.updated\(.*--missed"):
        bellingham.rewound("2026-03-12")
    with pytest.raises(fc.CaseError, match=r"^issued: .*must not be after as_of, .*case.updated\("):
        model.forecast(bellingham).given(DOUBT)
