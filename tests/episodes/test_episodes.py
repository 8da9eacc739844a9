import dataclasses
import shutil
from functools import partial

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.io.read import data_folder
from forecast.terms import BODY_PARTS
from refused import refused

TABLES = ("episodes", "fixtures", "bulletins")


def test_the_shipped_injuries_load(episodes):
    assert len(episodes) == 1861  # len(pd.read_csv("episodes.csv"))
    assert episodes.episodes.player.nunique() == 682  # pd.read_csv("episodes.csv").player.nunique()
    assert episodes.seasons() == ["2018-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-24"]
    assert set(episodes.bulletins.kind) == {"expected", "unknown", "chance", "available"}


def test_durations_are_intervals_with_their_entry(episodes, durations):
    assert len(durations) == 1861
    assert (durations.lower < durations.upper).all()
    assert (durations.entry <= durations.lower).all()
    # 1 - len(set(b[b.kind == "available"].episode) | set(f[f.minutes > 0].episode)) / len(e), of the three CSV files
    assert np.isinf(durations.upper).mean() == pytest.approx(0.08758731864588931)
    assert list(durations.columns[:4]) == ["episode", "lower", "upper", "entry"]
    pd.testing.assert_frame_equal(durations[episodes.episodes.columns], episodes.episodes)


def test_durations_are_those_of_a_plain_loop(episodes, durations):
    for row in durations.itertuples():
        flagged, over = [], []
        for b in episodes.bulletins[episodes.bulletins.episode == row.episode].itertuples():
            (over if b.kind == "available" else flagged).append(b.day)
        for f in episodes.fixtures[episodes.fixtures.episode == row.episode].itertuples():
            if f.minutes > 0:
                over.append(f.day)
        assert (row.entry, row.lower, row.upper) == (min(flagged), max(flagged), min([*over, np.inf]))


def test_where_takes_an_episode_with_all_its_rows(episodes):
    one = episodes.where(episodes.episodes.episode == 7)
    assert len(one) == 1
    for table in TABLES:
        whole = getattr(episodes, table)
        assert len(getattr(one, table)) == (whole.episode == 7).sum() > 0
    assert len(one.durations()) == 1


@pytest.mark.parametrize(  # pd.read_csv("episodes.csv").groupby("body_part").player.agg(["size", "nunique"])
    ("body_part", "size", "players"),
    [("hamstring", 687, 383), ("thigh", 173, 141), ("calf", 268, 181), ("groin", 256, 188), ("muscle", 477, 315)],
)
def test_of_takes_one_body_part_with_all_its_rows(episodes, body_part, size, players):
    found = episodes.of(body_part)
    assert (len(found), found.episodes.player.nunique()) == (size, players)
    assert set(found.episodes.body_part) == {body_part}
    for table in TABLES:
        assert set(getattr(found, table).episode) == set(found.episodes.episode)
        assert list(getattr(found, table).index) == list(range(len(getattr(found, table))))


@pytest.mark.parametrize("body_part", BODY_PARTS)
def test_durations_of_one_body_part_are_those_rows_of_all(episodes, durations, body_part):
    expected = durations[durations.body_part == body_part].reset_index(drop=True)
    pd.testing.assert_frame_equal(episodes.durations(body_part), expected)


def test_of_an_unknown_body_part_is_an_error(episodes):
    (line,) = refused(fc.DataError, episodes.of, "knee")
    assert line == "body_part: 'knee'; must be one of hamstring, thigh, calf, groin, muscle"


def test_the_body_parts_make_up_all(episodes):
    assert sum(len(episodes.of(body_part)) for body_part in BODY_PARTS) == len(episodes)


def test_a_selection_written_down_loads_again(episodes, tmp_path):
    half = episodes.where(episodes.episodes.episode % 2 == 0)  # without most of the previous injuries that it names
    for table in TABLES:
        getattr(half, table).to_csv(tmp_path / f"{table}.csv", index=False)
    again = fc.load_episodes(tmp_path)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(half, table))


def test_episodes_are_frozen(episodes):
    with pytest.raises(dataclasses.FrozenInstanceError):
        episodes.episodes = pd.DataFrame()


@pytest.fixture
def folder(tmp_path):
    """Two injuries: one with a chance, a clearance and a return, the other without an end."""
    (tmp_path / "episodes.csv").write_text(
        "episode,player,season,position,onset,fixtures_before,appearances_before,minutes_before,days_since_previous\n"
        "1,11,2022-23,forward,match,10,9,800,\n"
        "2,12,2023-24,defender,reported,4,0,0,112.5\n"
    )
    (tmp_path / "fixtures.csv").write_text(
        "episode,day,minutes\n1,7.0,0\n1,14.0,0\n1,21.0,30\n1,28.0,90\n2,6.0,0\n2,13.0,\n2,20.0,\n"
    )
    (tmp_path / "bulletins.csv").write_text(
        "episode,day,kind,chance,expected_day,first_word_day\n"
        "1,2.0,expected,,18.0,1.5\n1,9.0,chance,75,,1.5\n1,15.0,available,,,\n2,3.0,unknown,,,0.0\n"
    )
    return tmp_path


def test_a_folder_of_ones_own(folder):
    durations = fc.load_episodes(folder).durations()
    assert durations[["lower", "upper", "entry"]].to_numpy().tolist() == [
        [9.0, 15.0, 2.0],
        [3.0, np.inf, 3.0],
    ]
    assert np.isnan(durations.days_since_previous[0])


LEFT_OUT = {
    "episodes": {"body_part": "hamstring", "year_available": None, "year_minutes": None, "previous_episode": None},
    "bulletins": {"last_round": None, "match_fitness": 0, "price": None, "owned": None},
}
GIVEN = {
    "episodes": {"body_part": ["calf", "groin"], "year_available": [31, None], "year_minutes": [2400.5, None]},
    "bulletins": {
        "last_round": [0, None, 75, 100],
        "match_fitness": [0, 1, 0, 0],
        "price": [5.5, 9, None, 30],
        "owned": [0.05, None, 0, 100],
    },
}
GIVEN["episodes"] |= {"player": [11, 11], "body_part": ["calf", "calf"], "previous_episode": [None, 1]}


def add_columns(folder) -> None:
    for table, columns in GIVEN.items():
        path = folder / f"{table}.csv"
        pd.read_csv(path).assign(**columns).to_csv(path, index=False)


def test_optional_columns_that_are_left_out_are_there_when_loaded(folder):
    found = fc.load_episodes(folder)
    for table, columns in LEFT_OUT.items():
        for column, value in columns.items():
            values = getattr(found, table)[column]
            assert values.isna().all() if value is None else (values == value).all(), column


def test_optional_columns_are_read(folder):
    add_columns(folder)
    found = fc.load_episodes(folder)
    for table, columns in GIVEN.items():
        expected = pd.DataFrame(columns)
        pd.testing.assert_frame_equal(getattr(found, table)[[*columns]], expected, check_dtype=False)


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in LEFT_OUT for column in LEFT_OUT[table]])
def test_each_optional_column_may_be_left_out_alone(folder, table, column):
    add_columns(folder)
    whole = getattr(fc.load_episodes(folder), table)
    whole.drop(columns=column).to_csv(folder / f"{table}.csv", index=False)
    assert list(getattr(fc.load_episodes(folder), table)) == list(whole)


def test_a_previous_injury_that_is_not_in_the_table_may_be_named(folder):
    add_columns(folder)
    path = folder / "episodes.csv"
    pd.read_csv(path).assign(previous_episode=[None, 99]).to_csv(path, index=False)
    assert fc.load_episodes(folder).episodes.previous_episode[1] == 99


OTHER = "must be another episode of the player and body part"
BAD = [
    ("body_part", 1, "knee", "'knee'; must be one of hamstring, thigh, calf, groin, muscle"),
    ("body_part", 1, None, "''; must be one of hamstring, thigh, calf, groin, muscle"),
    ("year_available", 0, 61, "'61'; must be a whole number, 0 to 60, or blank"),
    ("year_available", 0, 30.5, "'30.5'; must be a whole number, 0 to 60, or blank"),
    ("year_minutes", 0, -1, "'-1'; must be a number, 0 to 7200, or blank"),
    ("year_minutes", 0, 3721, "3721.0; must be at most 120 for each available fixture"),
    ("previous_episode", 1, 1.5, "'1.5'; must be a whole number, 0 to 1000000000000, or blank"),
    ("previous_episode", 1, 2, f"2.0; {OTHER}"),
    ("player", 1, 12, f"1.0; {OTHER}"),
    ("body_part", 1, "groin", f"1.0; {OTHER}"),
    ("days_since_previous", 1, None, "missing; must be given where previous_episode is"),
    ("last_round", 3, 101, "'101'; must be a number, 0 to 100, or blank"),
    ("last_round", 3, 40, "40.0; must be 0, 25, 50, 75 or 100, or blank"),
    ("match_fitness", 1, 2, "'2'; must be a whole number, 0 to 1"),
    ("match_fitness", 1, None, "''; must be a whole number, 0 to 1"),
    ("price", 3, 0, "'0'; must be a number, 0.1 to 30, or blank"),
    ("price", 3, 30.5, "'30.5'; must be a number, 0.1 to 30, or blank"),
    ("price", 3, "dear", "'dear'; must be a number, 0.1 to 30, or blank"),
    ("owned", 3, 100.5, "'100.5'; must be a number, 0 to 100, or blank"),
]


@pytest.mark.parametrize(("column", "row", "value", "told"), BAD, ids=[f"{c[0]}-{c[2]}" for c in BAD])
def test_a_bad_value_of_an_optional_column_is_one_line(folder, column, row, value, told):
    add_columns(folder)
    table = "bulletins" if column in GIVEN["bulletins"] else "episodes"
    frame = pd.read_csv(folder / f"{table}.csv", dtype=object)
    frame.loc[row, column] = value if value is None else str(value)
    frame.to_csv(folder / f"{table}.csv", index=False)
    about = "previous_episode" if told.endswith(OTHER) else column
    assert lines_of(folder) == [f"{table}.csv: row {row + 1}: {about}: {told}"]


def test_a_table_may_have_a_mark_of_its_byte_order_spaces_and_further_columns(folder):
    rows = (folder / "episodes.csv").read_text().splitlines()
    text = "\n".join([f"{rows[0]},note", *(f"{row.replace(',', ' , ')},x" for row in rows[1:])])
    (folder / "episodes.csv").write_text(text, encoding="utf-8-sig")
    assert list(fc.load_episodes(folder).episodes.episode) == [1, 2]


lines_of = partial(refused, fc.DataError, fc.load_episodes)


BLANK = "must be a number, 0 to 120, or blank"
CORRUPTIONS = [
    ("episodes", "1,11,", "1,eleven,", "row 1: player: 'eleven'; must be a whole number, 0 to 1000000000000"),
    ("episodes", "1,11,", "1,11.5,", "row 1: player: '11.5'; must be a whole number, 0 to 1000000000000"),
    ("episodes", "2,12,2023-24", "2,12,", "row 2: season: ''; must be given"),
    ("episodes", "defender", "wing", "row 2: position: 'wing'; must be one of goalkeeper"),
    ("episodes", "reported", "", "row 2: onset: ''; must be one of match, reported"),
    ("episodes", ",10,9,", ",11,9,", "row 1: fixtures_before: '11'; must be a whole number, 0 to 10"),
    ("episodes", ",10,9,", ",10,nan,", "row 1: appearances_before: 'nan'; must be a whole number, 0 to 10"),
    ("episodes", ",10,9,", ",8,9,", "row 1: appearances_before: 9; must be at most fixtures_before"),
    ("episodes", ",4,0,0,", ",4,0,5,", "row 2: minutes_before: 5; must be at most 120 for each appearance"),
    ("episodes", "112.5", "-1", "row 2: days_since_previous: '-1'; must be a number, 0 to 20000, or blank"),
    ("episodes", "\n2,12", "\n1,12", "row 2: episode: 1; must stand there once"),
    ("fixtures", "1,14.0,0", "1,14.0,121", f"row 2: minutes: '121'; {BLANK}"),
    ("fixtures", "1,14.0,0", "1,14.0,True", f"row 2: minutes: 'True'; {BLANK}"),
    ("fixtures", "1,14.0,0", "1,inf,0", "row 2: day: 'inf'; must be a number, 0 to 10000"),
    ("fixtures", "1,14.0,0", "1,7.0,0", "row 2: day: 7.0; must be later than the row before it"),
    ("fixtures", "1,14.0,0", "3,14.0,0", "row 2: episode: 3; must be an episode of episodes.csv"),
    ("fixtures", "2,20.0,", "2,20.0,0", "row 7: minutes: 0.0; must be blank"),
    ("bulletins", "unknown", "maybe", "row 4: kind: 'maybe'; must be one of expected, unknown"),
    ("bulletins", "chance,75", "chance,40", "row 2: chance: 40.0; must be 25, 50 or 75 for kind chance"),
    ("bulletins", "chance,75", "chance,", "row 2: chance: missing; must be 25, 50 or 75 for kind chance"),
    ("bulletins", "chance,75", "chance,100", "row 2: chance: '100'; must be a number, 25 to 75, or blank"),
    ("bulletins", "expected,,18.0", "expected,,", "row 1: expected_day: missing; must be a date for kind"),
    ("bulletins", "unknown,,", "unknown,50,", "row 4: chance: 50.0; must be blank but for kind chance"),
    ("bulletins", "unknown,,,", "unknown,,9,", "row 4: expected_day: 9.0; must be blank but for kind"),
    ("bulletins", "unknown,,,0.0", "unknown,,,3.5", "row 4: first_word_day: 3.5; must be at most day"),
    ("bulletins", "2,3.0,unknown", "2,3.0,available", "row 4: kind: 'available'; must be a flag"),
    ("bulletins", "\n2,3.0", "\n1,16.0,unknown,,,\n2,3.0", "row 4: kind: 'unknown'; must be available"),
    ("bulletins", "1,15.0", "1,21.0", "row 3: day: 21.0; must be before the return"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "line"), CORRUPTIONS, ids=[c[-1][:60] for c in CORRUPTIONS])
def test_what_does_not_fit_is_told_with_file_row_column_and_value(folder, table, old, new, line):
    path = folder / f"{table}.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert any(found.startswith(f"{table}.csv: {line}") for found in lines_of(folder))


@pytest.mark.parametrize("table", ["fixtures", "bulletins"])
def test_an_injury_without_rows_in_a_table_is_an_orphan(folder, table):
    rows = pd.read_csv(folder / f"{table}.csv")
    rows[rows.episode == 1].to_csv(folder / f"{table}.csv", index=False)
    assert lines_of(folder) == [f"episodes.csv: row 2: episode: 2; must have rows in {table}.csv"]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "'No such file or directory'; must be a file that can be read"),
        (b"", "'No columns to parse from file'; must be a CSV file in UTF-8 with a header"),
        (b"episode,\0\n1,2\n", "must be a CSV file in UTF-8 with a header"),
        (b"episode," + b"d" * 200_000 + b"\n1,2\n", "must be a CSV file in UTF-8 with a header"),
        (b"episode,day\n1\n1,2,3\n", "must be a CSV file in UTF-8 with a header"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line(folder, table, content, problem):
    path = folder / f"{table}.csv"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (line,) = lines_of(folder)
    assert line.startswith(f"{table}.csv: ")
    assert line.endswith(problem)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_is_refused(folder, table):
    path = folder / f"{table}.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n")
    assert lines_of(folder) == [f"{table}.csv: missing; must have at least one row"]


@pytest.mark.parametrize(("table", "column"), [("episodes", "season"), ("fixtures", "minutes"), ("bulletins", "kind")])
def test_a_column_that_is_missing_is_named(folder, table, column):
    path = folder / f"{table}.csv"
    pd.read_csv(path).drop(columns=column).to_csv(path, index=False)
    assert lines_of(folder) == [f"{table}.csv: {column}: missing; must be a column"]


def _again(folder, write) -> None:
    for name in TABLES:
        write(pd.read_csv(folder / f"{name}.csv", dtype=str), folder / f"{name}.csv")


AS_PEOPLE_HAVE_THEM = {
    "semicolons": lambda t, path: t.to_csv(path, index=False, sep=";"),
    "tabs": lambda t, path: t.to_csv(path, index=False, sep="\t"),
    "commas for points": lambda t, path: t.map(lambda v: v.replace(".", ","), na_action="ignore").to_csv(path, index=False, sep=";"),
    "UTF-16": lambda t, path: t.to_csv(path, index=False, encoding="utf-16"),
    "Latin-1": lambda t, path: t.assign(note="\u00e9").to_csv(path, index=False, encoding="cp1252"),
    "headers": lambda t, path: t.rename(columns=lambda name: f" {name.title()} ").to_csv(path, index=False),
    "capitals": lambda t, path: t.replace({"forward": "FWD", "chance": "CHANCE", "match": "Match"}).to_csv(path, index=False),
    "percents": lambda t, path: t.replace({"75": "75%"}).to_csv(path, index=False),
    "empty rows": lambda t, path: pd.concat([t, t[:1].map(lambda _: None)]).to_csv(path, index=False),
    "file names": lambda t, path: t.to_csv(path.rename(path.with_name(path.name.upper())), index=False),
    "Excel": lambda t, path: t.to_excel(path.rename(path.with_suffix(".xlsx")), index=False),
}  # fmt: skip


@pytest.mark.parametrize("write", AS_PEOPLE_HAVE_THEM.values(), ids=AS_PEOPLE_HAVE_THEM)
def test_folders_as_people_have_them(folder, write):
    pytest.importorskip("openpyxl", reason="it is an extra")
    before = fc.load_episodes(folder)
    _again(folder, write)
    after = fc.load_episodes(folder)
    assert after.episodes.drop(columns="note", errors="ignore").equals(before.episodes)
    assert after.fixtures.equals(before.fixtures)
    assert after.bulletins.equals(before.bulletins)


@pytest.mark.parametrize("name", ["none", "episodes.csv"])
def test_what_is_no_folder_is_one_line(folder, name):
    (line,) = lines_of(folder / name)
    assert line.endswith("must be a folder with episodes.csv, fixtures.csv, bulletins.csv")


def test_a_column_that_stands_there_twice_is_refused(folder):
    (folder / "fixtures.csv").write_text("episode,day, Day,minutes\n1,2,3,0\n")
    assert lines_of(folder) == ["fixtures.csv: 'a column twice: day'; must be a CSV file in UTF-8 with a header"]


def test_all_files_are_checked_at_once(folder):
    (folder / "fixtures.csv").unlink()
    (folder / "episodes.csv").write_text((folder / "episodes.csv").read_text().replace("forward", "up front"))
    assert len(lines_of(folder)) == 2


def test_of_many_bad_rows_the_first_are_shown(tmp_path):
    shutil.copytree(data_folder() / "premier_league", tmp_path, dirs_exist_ok=True)
    fixtures = pd.read_csv(tmp_path / "fixtures.csv")
    fixtures.assign(minutes=200).to_csv(tmp_path / "fixtures.csv", index=False)
    lines = lines_of(tmp_path)
    assert len(lines) == 6
    assert lines[-1] == f"fixtures.csv: minutes: '{len(fixtures) - 5} more rows'; {BLANK}"


@pytest.mark.parametrize("header", ["episode\rday,minutes", "episode,da\ry", '"episode,day\r\n'])
def test_a_header_that_ends_somewhere_is_no_traceback(folder, header):
    (folder / "fixtures.csv").write_bytes(f"{header}\n1,2\n".encode())
    assert all(line.startswith("fixtures.csv: ") for line in lines_of(folder))
