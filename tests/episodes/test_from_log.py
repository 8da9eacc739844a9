"""Invented players all."""

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from refused import refused

MATCHES = pd.DataFrame(
    [
        ("2025-08-16T14:00Z", {"Ash": 90, "Beech": 90}),
        ("2025-08-23T14:00Z", {"Ash": 80, "Beech": 0}),
        ("2025-08-30T14:00Z", {"Ash": 30, "Beech": 90}),  # Ash is hurt
        ("2025-09-13T14:00Z", {"Beech": 90}),
        ("2025-09-20T14:00Z", {"Beech": 90}),
        ("2025-09-27T14:00Z", {"Ash": 0}),  # Beech is hurt in the week
        ("2025-10-04T14:00Z", {"Ash": 20}),
        ("2025-10-18T14:00Z", {"Ash": 90, "Beech": 15}),
    ],
    columns=["kickoff", "who"],
)
MATCHES = pd.DataFrame(
    [(k, p, m) for k, who in MATCHES.to_numpy() for p, m in who.items()], columns=["kickoff", "player", "minutes"]
)
INJURIES = pd.DataFrame({
    "player": ["Ash", "Beech", "Ash"],
    "onset": ["2025-08-30", "2025-09-24", "2025-10-19"],
    "position": ["forward", "defender", "forward"],
})  # fmt: skip
STATUSES = pd.DataFrame(
    [
        ("Ash", "2025-08-29", "unknown", None, None),  # before he was hurt
        ("Ash", "2025-09-01", "unknown", None, None),
        ("Ash", "2025-09-12T12:00Z", "expected", "2025-09-27", None),
        ("Ash", "2025-09-26", "available", None, None),
        ("Beech", "2025-09-25", "expected", "2025-10-18", None),
        ("Beech", "2025-10-15", "chance", None, 75),
        ("Beech", "2025-10-20", "available", None, None),  # after he was back
    ],
    columns=["player", "moment", "kind", "expected", "chance"],
)


def log(**changes) -> fc.Episodes:
    return fc.episodes_from_log(**{"injuries": INJURIES, "matches": MATCHES, "statuses": STATUSES} | changes)


def problems(**changes) -> list[str]:
    return refused(fc.DataError, log, **changes)


def changed(table: pd.DataFrame, row: int, **values) -> pd.DataFrame:
    table = table.astype(object)
    for column, value in values.items():
        table.loc[row, column] = value
    return table


def test_the_tables_are_those_of_the_log():
    found = log()
    first = {
        "episode": 1,
        "player": 1,
        "season": "2025-26",
        "body_part": "hamstring",
        "position": "forward",
        "onset": "match",
        "fixtures_before": 3,
    }
    first |= {"appearances_before": 3, "minutes_before": 200.0}
    assert found.episodes.dropna(axis="columns", how="any").iloc[0].to_dict() == first
    assert found.episodes.onset.tolist() == ["match", "reported"]
    assert found.episodes.appearances_before.tolist() == [3, 4]
    ash, beech = (found.fixtures[found.fixtures.episode == k] for k in (1, 2))
    assert ash.day.tolist() == [14, 21, 28, 35, 49]
    assert ash.minutes.tolist() == [0, 0, 0, 20, 90]
    assert beech.minutes.tolist() == [0, 0, 15]
    said = found.bulletins[found.bulletins.episode == 1]
    assert said.kind.tolist() == ["unknown", "expected", "available"]
    assert said.day.tolist() == pytest.approx([2.416655, 12.916667, 27.416655], abs=1e-6)
    assert said.expected_day.tolist() == pytest.approx([np.nan, 27.416667, np.nan], abs=1e-6, nan_ok=True)
    assert found.bulletins.kind.tolist()[3:] == ["expected", "chance"]


def test_the_durations_of_a_log():
    d = log().durations()
    assert d.lower.tolist() == pytest.approx([12.916667, 21.999988], abs=1e-6)
    assert d.upper.tolist() == pytest.approx([27.416655, 24.583333], abs=1e-6)


def test_another_injury_ends_the_following():
    again = pd.concat([INJURIES, pd.DataFrame({"player": ["Ash"], "onset": ["2025-10-05"], "position": ["forward"]})])
    news = changed(STATUSES, 0, moment="2025-10-06")
    found = log(injuries=again, statuses=news)
    assert found.fixtures[found.fixtures.episode == 1].minutes.tolist()[-2:] == pytest.approx([20, np.nan], nan_ok=True)
    assert found.episodes.days_since_previous.tolist()[1] == pytest.approx(35.416667, abs=1e-5)


def again(*body_parts: str) -> fc.Episodes:
    """The log with Ash hurt again on 5 October, and the body parts of the two injuries."""
    rows = {"player": "Ash", "onset": ["2025-08-30", "2025-10-05"], "position": "forward", "body_part": body_parts}
    return log(injuries=pd.DataFrame(rows), statuses=changed(STATUSES, 0, moment="2025-10-06"))


def test_the_body_part_is_that_of_the_injury():
    assert again("calf", "groin").episodes.body_part.tolist() == ["calf", "groin"]
    assert len(again("calf", "groin").of("calf")) == 1


def test_the_previous_injury_is_that_of_the_same_body_part():
    same, other = again("calf", "calf").episodes, again("calf", "groin").episodes
    assert same.previous_episode.tolist() == pytest.approx([np.nan, 1], nan_ok=True)
    assert same.days_since_previous.tolist() == pytest.approx([np.nan, 35.416667], abs=1e-5, nan_ok=True)
    assert other[["previous_episode", "days_since_previous"]].isna().all(axis=None)


def test_a_previous_injury_that_is_left_out_has_no_key():
    early = pd.concat([INJURIES, pd.DataFrame({"player": ["Ash"], "onset": ["2025-08-20"], "position": ["forward"]})])
    found = log(injuries=early).episodes
    assert found.days_since_previous[0] == pytest.approx(10.583333, abs=1e-5)
    assert np.isnan(found.previous_episode[0])


def test_the_tables_of_a_log_have_the_columns_of_the_shipped_ones(episodes):
    found = log()
    for table in ("episodes", "fixtures", "bulletins"):
        assert list(getattr(found, table)) == list(getattr(episodes, table))
    unknown = found.episodes[["year_available", "year_minutes"]], found.bulletins[["last_round", "price", "owned"]]
    assert all(columns.isna().all(axis=None) for columns in unknown)
    assert (found.bulletins.match_fitness == 0).all()


def test_a_player_who_left_is_no_longer_followed():
    found = log(injuries=INJURIES.assign(followed_until=[None, "2025-10-10", None]))
    assert found.fixtures[found.fixtures.episode == 2].minutes.tolist() == pytest.approx([0, 0, np.nan], nan_ok=True)
    assert found.bulletins.kind.tolist()[3:] == ["expected"]


def test_a_column_that_may_be_blank_may_be_missing():
    plain = STATUSES[STATUSES.kind.isin(["unknown", "available"])]
    assert len(log(statuses=plain.drop(columns=["expected", "chance"]))) == 1


@pytest.mark.parametrize(
    ("table", "row", "values", "line"),
    [
        ("injuries", 1, {"position": "wing"}, "injuries: row 2: position: 'wing'; must be one of goalkeeper, "),
        ("injuries", 1, {"body_part": "knee"}, "injuries: row 2: body_part: 'knee'; must be one of hamstring, thigh"),
        ("injuries", 1, {"body_part": None}, "injuries: row 2: body_part: missing; must be one of hamstring, thigh"),
        ("injuries", 1, {"player": ""}, "injuries: row 2: player: ''; must be given"),
        ("injuries", 1, {"player": "Oak"}, "injuries: row 2: player: 'Oak'; must be a player of matches"),
        ("injuries", 1, {"onset": "4/9/2025"}, "injuries: row 2: onset: '4/9/2025'; must be a date or time"),
        ("injuries", 1, {"onset": None}, "injuries: row 2: onset: missing; must be a date or time such as"),
        ("injuries", 1, {"followed_until": "2025-01-01"}, "injuries: row 2: followed_until: '2025-01-01'; must not be before"),
        ("matches", 0, {"minutes": 900}, "matches: row 1: minutes: 900; must be a number, 0 to 120"),
        ("matches", 1, {"player": "Ash"}, "matches: row 2: kickoff: '2025-08-16 14:00:00+00:00'; must be one"),
        ("statuses", 0, {"kind": "out"}, "statuses: row 1: kind: 'out'; must be one of expected, unknown, chance,"),
        ("statuses", 5, {"chance": 60}, "statuses: row 6: chance: 60.0; must be 25, 50 or 75 for kind chance"),
        ("statuses", 2, {"expected": None}, "statuses: row 3: expected: missing; must be a date for kind expected"),
        ("statuses", 0, {"expected": "2025-09-27"}, "statuses: row 1: expected: '2025-09-27'; must be blank but"),
        ("statuses", 0, {"player": "Oak"}, "statuses: row 1: player: 'Oak'; must be a player of matches"),
        ("statuses", 3, {"moment": "2025-09-05"}, "bulletins.csv: row 3: kind: 'expected'; must be available after"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line(table, row, values, line):
    given = {
        "injuries": INJURIES.assign(followed_until=None, body_part="calf"),
        "matches": MATCHES,
        "statuses": STATUSES,
    }[table]
    assert problems(**{table: changed(given, row, **values)})[0].startswith(line)


@pytest.mark.parametrize("name", ["injuries", "matches", "statuses"])
def test_a_table_without_its_columns_is_refused(name):
    lines = problems(**{name: pd.DataFrame({"player": ["Ash"]})})
    assert lines[0].endswith("; must be a column")
    assert all(line.startswith(f"{name}: ") for line in lines)


def test_a_column_that_stands_there_twice_is_refused():
    twice = pd.concat([STATUSES, STATUSES[["chance"]]], axis=1)
    assert problems(statuses=twice) == [
        "statuses: chance: 'chance, chance'; must be one column: name the one that counts chance"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"matches": MATCHES.rename(columns={"kickoff": "Date", "player": "Player Name", "minutes": "Mins"})},
        {"statuses": STATUSES.rename(columns=str.upper), "injuries": INJURIES.rename(columns=" {} ".format)},
        {"statuses": STATUSES.rename(columns={"moment": "issued", "expected": "Expected return"})},
        {"injuries": INJURIES.assign(position=["FWD", "Verteidiger", "st"]), "statuses": STATUSES.assign(kind=STATUSES.kind.str.upper())},
        {"matches": MATCHES.assign(player="\u200b" + MATCHES.player + "\u00a0")},
        {"matches": MATCHES.assign(minutes=MATCHES.minutes.astype(str) + "'")},
    ],
)  # fmt: skip
def test_logs_as_people_have_them(tmp_path, changes):
    assert log(**changes) == log()
    for name, table in changes.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False, sep=";")
    assert log(**{name: tmp_path / f"{name}.csv" for name in changes}) == log()


def test_players_by_number_are_the_same_however_they_are_held():
    number = {"Ash": 7, "Beech": 11}
    held = {
        "injuries": number,
        "matches": {k: float(v) for k, v in number.items()},
        "statuses": {k: str(v) for k, v in number.items()},
    }
    given = {"injuries": INJURIES, "matches": MATCHES, "statuses": STATUSES}
    assert len(log(**{name: t.assign(player=t.player.map(held[name])) for name, t in given.items()})) == 2


def test_other_columns_do_not_matter():
    noted = MATCHES.assign(note="x").set_axis(["kickoff", "player", "minutes", 7], axis=1)
    assert len(log(matches=pd.concat([noted, noted[[7]]], axis=1))) == 2


def test_nothing_left_is_an_error():
    assert problems(statuses=STATUSES.iloc[:1]) == [
        "injuries: 'none is left'; must have one with a status and a match after it"
    ]
