"""The traps of the feed, one a test: invented players, see feeds.py."""

import json

import pandas as pd
import pytest

import forecast as fc
from feeds import FIT, READINGS, doubt, feed_of, fixtures, hurt, kickoff, write
from refused import refused

PLAYED = dict.fromkeys(range(1, 6), 90)  # he was hurt in round 5, on 9 September


def only(feed: fc.Feed, **asked: object) -> fc.Case:
    (case,) = feed.cases(**asked)
    return case


def said(case: fc.Case) -> list[tuple[str, str, str]]:
    return [(b.kind, f"{b.issued:%m-%d}", f"{b.seen:%m-%d}" if b.seen else "") for b in case.bulletins]


def test_the_onset_is_the_last_appearance_or_the_first_word(tmp_path):
    case = only(feed_of(tmp_path / "match", {"2023-09-14": hurt("2023-09-12")}, PLAYED))
    assert case.onset == kickoff(5)
    case = only(feed_of(tmp_path / "word", {"2023-09-21": hurt("2023-09-15")}, PLAYED))
    assert case.onset == pd.Timestamp("2023-09-15T12:00Z")


def test_what_he_played_and_what_he_costs(tmp_path):
    case = only(feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10", now_cost=94)}, PLAYED))
    assert (case.fixtures_before, case.appearances_before, case.minutes_before) == (5, 5, 450)
    assert (case.usual_minutes, case.usual_fixtures) == (90.0, 5)
    assert (case.price, case.owned) == (9.0, 0.8)  # the classes of the tables
    assert (case.position, case.club, case.element, case.code) == ("midfielder", "ROV", 7, 70)


def test_what_the_readings_do_not_hold_is_left_out_and_said(tmp_path):
    case = only(feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10")}))
    assert (case.fixtures_before, case.usual_minutes) == (None, None)
    assert any("how much he played" in note for note in case.notes)


def test_news_added_is_the_first_word_of_the_spell_and_not_of_the_sentence(tmp_path):
    readings = {
        "2023-09-14": hurt("2023-09-10"),
        "2023-09-21": doubt("2023-09-10", 75, chance_of_playing_this_round=0),
        "2023-09-25": doubt("2023-09-10", 75, chance_of_playing_this_round=0),
    }
    case = only(feed_of(tmp_path, readings, PLAYED))
    assert case.onset == kickoff(5)
    assert said(case) == [("unknown", "09-14", "09-14"), ("chance", "09-21", "09-25")]
    assert case.bulletins[-1].last_round == 0


def test_a_flag_that_changed_and_changed_back(tmp_path):
    chances = {"2023-09-14": 75, "2023-09-18": 50, "2023-09-20": 75}
    case = only(feed_of(tmp_path, {date: doubt("2023-09-10", c) for date, c in chances.items()}, PLAYED))
    assert [b.chance for b in case.bulletins] == [75, 50, 75]
    assert said(case)[-1] == ("chance", "09-20", "09-20")


def test_a_case_of_the_past_knows_nothing_later(tmp_path):
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-10-12": doubt("2023-09-10", 25)}, PLAYED)
    case = only(feed, as_of="2023-09-20")
    assert said(case) == [("unknown", "09-14", "09-14")]
    assert [f.fixture for f in case.ahead()][:2] == ["UTD v ROV", "ROV v UTD"]
    assert case.appearances_before == 5  # by minutes that were read later, of matches that were over
    assert feed.cases(as_of="2023-09-14T12:00Z") == feed_cut(tmp_path / "2023-09-14T1200Z", case).cases()


def feed_cut(folder, case):
    """The first reading alone, with the minutes of the rounds before it."""
    for number in PLAYED:
        (folder / f"live-{number}.json").write_text(
            (folder.parent / "2023-10-12T1200Z" / f"live-{number}.json").read_text()
        )
    return fc.read_feed(folder, time="2023-09-14T12:00Z")


def test_before_the_first_reading_nothing_is_known(tmp_path):
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10")})
    with pytest.raises(fc.CaseError, match="as_of: .*must not be before the first reading"):
        feed.cases(as_of="2023-09-01")


def test_a_fixture_without_a_round_or_a_kick_off_is_left_out_and_said(tmp_path):
    matches = fixtures(r7={"event": None}, r8={"kickoff_time": None}, r9={"event": None, "kickoff_time": None})
    case = only(feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10")}, matches=matches))
    assert [f.round for f in case.ahead()][:3] == [6, 10, 11]
    assert "Left out, without a round or a kick-off: UTD v ROV, ROV v UTD, UTD v ROV." in case.notes


def test_two_matches_in_a_round_and_none(tmp_path):
    case = only(feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10")}, matches=fixtures(r7={"event": 8})))
    assert [f.round for f in case.ahead()][:4] == [6, 8, 8, 9]
    assert {f.competition for f in case.fixtures} == {"Premier League"}


def test_a_match_that_is_under_way_is_neither_missed_nor_ahead(tmp_path):
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10")})
    case = only(feed, as_of=kickoff(6) + pd.Timedelta(minutes=30))
    assert kickoff(6) not in [f.kickoff for f in case.fixtures]
    assert "Left out, under way: ROV v UTD." in case.notes


def test_match_fitness_in_the_middle_is_the_same_injury(tmp_path):
    fitness = hurt("2023-09-10", "Lack of match fitness - Expected back 14 Oct")
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-10-03": fitness}, PLAYED)
    case = only(feed)
    assert case.onset == kickoff(5)
    assert [b.match_fitness for b in case.bulletins] == [False, True]
    assert case.bulletins[-1].expected == pd.Timestamp("2023-10-14", tz="UTC")


@pytest.mark.parametrize(
    ("status", "news"),
    [("s", "Suspended until 14 Oct"), ("d", "Illness - 75% chance of playing"), ("n", "On international duty")],
)
def test_another_absence_leaves_the_last_word_on_the_injury(tmp_path, status, news):
    other = hurt("2023-09-29", news, status=status)
    case = only(feed_of(tmp_path, {"2023-09-14": doubt("2023-09-10", 50), "2023-10-03": other}, PLAYED))
    assert said(case) == [("chance", "09-14", "09-14")]
    assert f"The feed now says “{news}”; its last word on the injury, of 14 Sep 2023, stands." in case.notes


@pytest.mark.parametrize(
    "other", [hurt("2023-09-29", "Left the club", status="u"), hurt("2023-09-29", "Knee injury - Unknown return date")]
)
def test_who_left_or_hurt_something_else_is_no_case(tmp_path, other):
    assert feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-10-03": other}, PLAYED).cases() == []


def test_who_was_cleared_is_a_case_when_asked_for(tmp_path):
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-10-03": FIT}, {**PLAYED, 6: 0, 7: 0, 8: 0})
    assert feed.cases() == []
    assert said(only(feed, cleared=True)) == [("unknown", "09-14", "09-14"), ("available", "10-03", "")]


def test_who_appeared_is_back(tmp_path):
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-10-03": FIT}, {**PLAYED, 7: 12})
    assert feed.cases(cleared=True) == []


def test_an_old_flag_shown_again_takes_the_clearance_back(tmp_path):
    readings = {"2023-09-14": hurt("2023-09-10"), "2023-09-20": FIT, "2023-09-27": hurt("2023-09-10")}
    case = only(feed_of(tmp_path, readings, PLAYED))
    assert case.onset == kickoff(5)
    assert said(case) == [("unknown", "09-14", "09-27")]
    assert any("counted as never lifted" in note for note in case.notes)


def test_a_flag_raised_anew_is_a_new_injury(tmp_path):
    readings = {"2023-09-14": hurt("2023-09-10"), "2023-09-20": FIT, "2023-09-27": hurt("2023-09-25")}
    case = only(feed_of(tmp_path, readings, PLAYED))
    assert case.onset == pd.Timestamp("2023-09-25T12:00Z")
    assert said(case) == [("unknown", "09-27", "09-27")]


def test_a_flag_that_stands_after_an_appearance_counts_from_that_match(tmp_path):
    readings = {"2023-09-14": doubt("2023-09-10", 75), "2023-09-20": doubt("2023-09-10", 75)}
    case = only(feed_of(tmp_path, readings, {**PLAYED, 6: 30}))
    assert case.onset == kickoff(6)
    assert said(case) == [("chance", "09-20", "09-20")]
    assert "He appeared on 16 Sep 2023 with the flag standing: counted from that match." in case.notes


def test_a_player_who_moved_clubs(tmp_path):
    clubs = [{**m, "team_h": 3, "team_a": 4} if m["id"] % 2 else m for m in fixtures()]  # 1 and 2 meet every other week
    readings = {"2023-09-14": hurt("2023-09-10", team=3), "2023-10-03": hurt("2023-09-10", team=1)}
    case = only(feed_of(tmp_path, readings, matches=clubs))
    assert [f.round for f in case.fixtures if f.kickoff <= case.as_of] == [7]  # of his club of then
    assert [f.round for f in case.ahead()][:2] == [10, 12]
    assert "Moved from 3 to ROV since." in case.notes


def test_ids_are_new_each_season_while_the_code_stays(tmp_path):
    feed_of(tmp_path, {"2024-04-22": hurt("2024-04-20")})
    moved = [m | {"kickoff_time": a_year_on(m["kickoff_time"])} for m in fixtures()]
    file = write(tmp_path, "2024-08-20T1200Z", [hurt("2024-04-20", id=99)], moved) / "bootstrap-static.json"
    feed = json.loads(file.read_text())
    events = [event | {"deadline_time": a_year_on(event["deadline_time"])} for event in feed["events"]]
    file.write_text(json.dumps(feed | {"events": events}))
    case = only(fc.read_feed(tmp_path))
    assert (case.element, case.code) == (99, 70)
    assert said(case) == [("unknown", "04-22", "08-20")]
    assert [f.round for f in case.fixtures if f.kickoff <= case.as_of] == [37, 38, 1, 2]


def a_year_on(time: str) -> str:
    return f"{int(time[:4]) + 1}{time[4:]}"


def test_readings_count_by_their_time_whatever_their_order(tmp_path):
    """A roll-back in a clone puts an older reading after a younger one."""
    from forecast.feed.cases import Known, open_cases
    from forecast.feed.official import official_readings
    from forecast.feed.snapshots import record_of

    feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-09-20": doubt("2023-09-10", 50)}, PLAYED)
    readings = list(official_readings(tmp_path, None, []))
    found = [
        open_cases(Known.at(record_of(order), readings[-1].time), "hamstring", None, None, False)
        for order in (readings, readings[::-1])
    ]
    assert found[0] == found[1]


def test_clubs_and_players_are_chosen_by_name_or_id(tmp_path):
    players = [hurt("2023-09-10"), hurt("2023-09-10", id=8, code=80, web_name="Other", team=2)]
    write(tmp_path, "2023-09-14T1200Z", players)
    feed = fc.read_feed(tmp_path)
    assert [c.player for c in feed.cases()] == ["Example", "Other"]
    assert [c.player for c in feed.cases(club="utd")] == ["Other"]
    assert [c.player for c in feed.cases(player="exam")] == ["Example"] == [c.player for c in feed.cases(player="70")]
    assert feed.cases(injury="calf") == []
    with pytest.raises(fc.CaseError, match="club: 'XYZ'; must be one of ROV, UTD"):
        feed.cases(club="XYZ")
    with pytest.raises(fc.CaseError, match="injury: 'toe'; must be one of hamstring"):
        feed.cases(injury="toe")


@pytest.mark.parametrize(
    ("asked", "clubs"),
    [
        ("Bournemouth", {"BOU"}),
        ("bourne", {"BOU"}),
        (" bou ", {"BOU"}),
        ("3", {"BOU"}),
        ("Spurs", {"TOT"}),
        ("luton town", {"LUT"}),
        ("LUT", {"LUT"}),
    ],
)
def test_a_club_by_any_of_its_names(asked, clubs):
    assert {case.club for case in fc.read_feed(READINGS).cases(club=asked, injury=None)} == clubs


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Man", "MCI (Man City) or MUN (Man Utd)"),
        ("Manchester United", "MUN (Man Utd)"),
        ("Tottenham Hotspur", "TOT (Spurs)"),
        ("Liverpol", "LIV (Liverpool)"),
        ("Nottingham Forest", "NFO (Nott'm Forest)"),
    ],
)
def test_a_club_that_is_none_is_told_with_those_that_are_near(asked, meant):
    (line,) = refused(fc.CaseError, fc.read_feed(READINGS).cases, club=asked)
    assert line.startswith(f"club: {asked!r}; must be one of ARS, AVL, ")
    assert line.endswith(f": did you mean {meant}?")


def test_a_player_that_nobody_is(tmp_path):
    write(tmp_path, "2023-09-14T1200Z", [hurt("2023-09-10", web_name="\u00c9xample")])
    feed = fc.read_feed(tmp_path)
    assert len(feed.cases(player="EXAM")) == 1
    (line,) = refused(fc.CaseError, feed.cases, player="Exmaple")
    assert line.startswith("player: 'Exmaple'; must be in the name of a player of the feed, or an id or code")


def test_players_of_one_name_are_told_apart(tmp_path):
    write(tmp_path, "2023-09-14T1200Z", [hurt("2023-09-10"), hurt("2023-09-10", id=8, code=80, team=2)])
    assert [c.player for c in fc.read_feed(tmp_path).cases()] == ["Example (ROV)", "Example (UTD)"]


def test_at_the_end_of_a_season_there_is_nothing_to_forecast(tmp_path):
    cases, (problem,) = feed_of(tmp_path, {"2024-06-01": hurt("2024-05-10")}).injured()
    assert cases == []
    assert str(problem).startswith("Example: fixtures: ")


def test_what_became_of_a_case(tmp_path):
    feed = feed_of(tmp_path, {"2023-09-14": hurt("2023-09-10"), "2023-10-03": FIT}, {**PLAYED, 6: 0, 7: 0, 8: 61})
    happened = feed.outcomes(feed.cases(as_of="2023-09-14T12:00Z"))
    assert happened.appeared.tolist() == [False, False, True]
    assert happened.kickoff.tolist() == [kickoff(n) for n in (6, 7, 8)]
