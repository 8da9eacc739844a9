"""Inputs as people have them, each with its right result; the kinds are those of the field."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

MIDNIGHTS = [  # a date, as the columns of tables hold it
    pd.Timestamp("2025-10-04"),
    np.datetime64("2025-10-04"),
    np.datetime64("2025-10-04T00:00:00.000000000"),
    datetime(2025, 10, 4),
    date(2025, 10, 4),
    "2025-10-04 00:00:00",
    "2025-10-04T00:00",
    "20251004",
    "\u20602025-10-04\u00a0",
]
WRITTEN = [  # as given; all are 4 October 2025
    "4 October 2025", "Sat 4 Oct 2025", "Saturday 4th October 2025", "Oct 4, 2025", "October 4 2025", "04-Oct-2025", "2025/10/04",
    "2025.10.04", "2025-10-4", "2025\u201110\u201104",
    "04-Oct-25", "4 Oct 25", "Oct-04-2025", "4 octobre 2025", "4. Oktober 2025", "4 de octubre de 2025", "s\u00e1bado, 4 oct. 2025", "4 ottobre 2025",
    "Sa. 4. Okt. 2025", "4 out 2025", "04.10.2025", "4.10.25", "Sa., 04.10.2025", 20251004, 20251004.0, 45934, "45934", np.int64(45934), np.float64(45934), pd.Period("2025-10-04"),
    pd.Period("2025-10-04 00:00", "h"),
]  # fmt: skip
WRITTEN_TIMES = [  # that day at 15:00
    "2025/10/04 15:00", "04 Oct 2025 15:00", "Oct 4, 2025, 3:00 PM", "2025-10-04 3pm", "2025-10-04 15h00", "2025-10-04 15:00 UTC",
    "2025-10-04t15:00z", "2025/10/04 16:00 +01:00", "Saturday 4 October 2025 at 15:00", "04.10.2025 15:00 Uhr", "Sat, 04 Oct 2025 16:00:00 +0100",
    "Sat Oct 04 2025 16:00:00 GMT+0100 (British Summer Time)", "Sat Oct  4 16:00:00 BST 2025", "Sat 4 Oct 2025 - 3pm", "2025-10-04 15:00:00 +0000 UTC",
    "2025-10-04 15:00 GMT", "2025-10-04 16:00 BST", "4 October 2025, 4pm BST", "2025-10-04 17:00 CEST", "04.10.2025 17:00 MESZ", "2025-10-04 16:00 (WEST)",
    "2025-10-04 18:00 eest", "2025-10-04 16:00 GMT+1", "45934.625", "45934,625", 45934.625, 45934 + 15 / 24, 1759590000, "1759590000", 1759590000.0,
    1759590000000, "1759590000000", 1759590000000000, 1759590000000000000, np.int64(1759590000), pd.Period("2025-10-04 15:00", "h"),
]  # fmt: skip
QUARTERS = [  # that day at 15:45, whatever stands between hour and minutes
    "2025-10-04 15.45", "2025-10-04T15.45", "2025-10-04 15.45 UTC", "04.10.2025 15.45", "4 ottobre 2025 15.45", "2025-10-04 15h45", "2025-10-04 16.45+01:00",
    "2025-10-04 3.45pm", "2025/10/04 15.45 Uhr",
]  # fmt: skip
NOT_THAT_DAY = {
    "2025-10-04 15:00 CET": "CET",
    "2025-01-04 15:00 BST": "BST",
    "2025-07-04 15:00 WET": "WET",
    "04.01.2025 15:00 MESZ": "MESZ",
    "2025-07-04 3pm EET": "EET",
    "2025-07-04 3pm AEDT": "AEDT",
}
OF_MANY_ZONES = {
    "2025-10-04 15:00 ET": "ET",
    "2025-10-04 3pm EST": "EST",
    "4 October 2025, 15:00 (IST)": "IST",
    "2025-10-04 15:00 local": "local",
    "2025-10-04 15:00 PST": "PST",
}
OPEN_HOURS = [
    "TBC", "15:00 TBC", "(tbd)", "- TBA", "to be determined", "noch offen", "noch nicht terminiert", "n.n.b.", "\u00e0 d\u00e9finir", "\u00e0 d\u00e9terminer",
    "por definir", "por confirmar", "da definire", "a definir", "nog te bepalen",
]  # fmt: skip
SECONDS = [  # matches of other teams of Rovers, in a table that has those of the first one, too; and their competition
    ("Rovers Women v Town Women", None), ("Town U21 v Rovers U21", None), ("Rovers (W) v Town (W)", None), ("Rovers II - Town", None), ("Town v Rovers B", None),
    ("Rovers v Town", "Women's Super League"), ("Rovers v Town", "Premier League 2"), ("Rovers v Town", "UEFA Youth League"), ("Jong Rovers - Town", None),
    ("Rovers Frauen - Town", None), ("Rovers - Town", "Frauen-Bundesliga"), ("Rovers F\u00e9minines - Town", None), ("Rovers Femenino v Town", None),
]  # fmt: skip
FIRSTS = [  # and matches of the first one
    ("Rovers v Town U21", "EFL Trophy"), ("Rovers v Batley", None), ("Brovers B v Rovers", None), ("Rovers v Town", "Premier League"), ("Town (H)", "League Two"),
    ("Rovers v Wolves", "FA Youthful Cup"),
]  # fmt: skip
NO_DATES = [
    "4 Octopus 2025", "31 February 2025", "2025/13/01", "2025-10-04 13pm", "2025-10-04 0am", "45/10/2025", "04/10/2025", "25/10/2025", "10/25/2025",
    "2025-10-04 15,45", "2025-10-04T15.5", "2025-10-04 15:45.30", "2025-10-04 15.4", "2025101814", 2025101814, "2025100415000", "2025-W40", "2025-10-04/05", "2025-10-04 15:00-17:00", "2025-10-04T10:00-12:00", "4 jui 2025", "Oct-25", "4-Oct", "2025", 2025, 75, "4593", 1e308, 10**400, -45934, True, "1.7595864e9", "17100412000012", pd.Period("2025-10"), pd.Period("2025-10-04", "W"),
]  # fmt: skip
DAY_OR_MONTH_FIRST = [  # a column, whether the day is said to come first, and what is read; None where it is refused
    (["04/10/2025", "25/10/2025"], False, ["2025-10-04", "2025-10-25"]),
    (["10/04/2025", "10/25/2025"], False, ["2025-10-04", "2025-10-25"]),
    (["25-10-2025", "4-10-2025", "2025-10-11"], False, ["2025-10-25", "2025-10-04", "2025-10-11"]),
    (["Sat 04/10/2025", "Saturday, 25/10/2025"], False, ["2025-10-04", "2025-10-25"]),
    (["04/10/2025", "11/10/2025"], True, ["2025-10-04", "2025-10-11"]),
    (["4/10/25", "18/10/25"], True, ["2025-10-04", "2025-10-18"]),
    (["04/10/2025", "11/10/2025"], False, None),
    (["18/10/25"], False, None),  # of the year 2018, too
    (["10/04/2025", "10/25/2025"], True, None),
    (["25/10/2025", "10/25/2025"], False, None),
    (["25/10/2025", "10/25/2025"], True, None),
]  # fmt: skip
CLOCKS = [
    "15:00",
    "15.00",
    "3pm",
    "3 p.m.",
    "3:00 PM",
    "15h00",
    "15:00:00",
    "15:00 Uhr",
    "15:00 BST",
    "3pm BST",
    "14:00 UTC",
    0.625,
    datetime(1899, 12, 30, 15).time(),
]
HEADERS = {
    "Time": 15,
    "Time (UTC)": 15,
    "Time (BST)": 14,
    "Kick-off time (CEST)": 13,
    "Time_UTC": 15,
    "Time (24h)": 15,
    "time (hh:mm)": 15,
}  # and the hour in UTC of 15:00
ZONES = {
    "Z": 15,
    " Europe/London\u00a0": 14,
    "UTC": 15,
    "Europe/Madrid": 13,
}  # and the hour in UTC of 15:00 there, in October
NO_ZONES = {"London": "Europe/London", "europe/madrid": "Europe/Madrid", "BST": "Europe/Madrid"}  # and what is proposed
UTC_BY_NAME = [  # midnight there is a time of day
    UTC,
    timezone(timedelta(0)),
    *(ZoneInfo(name) for name in ("UTC", "Etc/UTC", "Etc/UCT", "Zulu", "Universal", "Etc/GMT", "GMT", "Etc/Greenwich")),
]
NOT_UTC = [ZoneInfo("Europe/London"), ZoneInfo("Africa/Abidjan"), timezone(timedelta(hours=1))]
BLANKS = [
    None,
    np.nan,
    pd.NaT,
    pd.NA,
    np.datetime64("NaT"),
    "",
    "  ",
    "NaN",
    "nan",
    "NaT",
    "NA",
    "<NA>",
    Decimal("NaN"),
    *("-", "--", "\u2013", "?", "#N/A"),
]
NUMBERS = [  # as given, and the number
    (75, 75), (75.0, 75), (np.float32(75), 75), (np.int8(75), 75), (Decimal("75"), None), ("75", 75), ("75.0", 75),
    ("75%", 75), ("75 %", 75), ("\u200b75", 75), ("75,0", 75), ("7,500", None), (True, None), ("7e1", None), (75.5, None),
]  # fmt: skip
NAMES = [  # as given, and as it is read
    ("Rovers\u00a0v United", "Rovers v United"),
    ("浦和\u3000v\u3000横浜", "浦和 v 横浜"),
    ("\ufeffRovers v\u200b United\u00ad", "Rovers v United"),
    ("Atle\u0301tico v Rovers", "Atl\u00e9tico v Rovers"),
    ("Rovers\u2009v\u202fUnited", "Rovers v United"),
]
OFF = [
    "Rovers P-P Town", "Rovers P \u2013 P Town", "PPD: Rovers v Town", "Rovers v Town (PPD)", "Rovers v Town Postp.", "Rovers v Town (PP)",
    "PP: Rovers v Town", "Rovers v Town - P.P.", "Rovers v Town - suspended", "Rovers v Town (called off)", "Rovers v Town (Aplazado)",
    "SUSPENDIDO: Rovers v Town", "Rovers - Town (verlegt)", "Rovers - Town abgesagt", "Rovers-Town rinviata", "Rovers v Town (sospesa)",
    "Rovers - Town (reporte\u0301)", "Rovers - Town annul\u00e9", "Rovers v Town (adiado)", "Rovers - Town (uitgesteld)", "Rovers v Town CANCELED",
]  # fmt: skip
ON = [
    "Rovers v Town",
    "SC Verl v Rovers",
    "Rovers v PPSV",
    "Rovers v Town (TBC)",
    "Rovers v Town (H)",
    "Pp. Rovers v Town United",
]
NO_MATCHES = [  # what calendars have beside matches
    "BYE", "Bye week", "Rovers v BYE", "Rovers - spielfrei", "Week 7 (bye)", "Tickets on sale", "Tickets on sale - Rovers", "General sale",
    "Open training", "Open Training (Stadium)", "Members' day", "Members\u2019 Day", "Stadium tour", "Draw for round of 16", "FA Cup: Draw for the fourth round",
    "Press Conference - A. N. Example", "Transfer deadline day", "International break", "FPL deadline", "Pressekonferenz", "\u00d6ffentliches Training",
    "Jahreshauptversammlung", "Auslosung DFB-Pokal", "L\u00e4nderspielpause", "Rueda de prensa", "Sorteo - Champions League", "Entrenamiento a puertas abiertas",
    "Conf\u00e9rence de presse", "Tirage au sort", "Tr\u00eave internationale", "Conferenza stampa", "Allenamento", "Riposo", "Confer\u00eancia de imprensa", "Treino aberto",
    "Persconferentie", "Loting",
]  # fmt: skip
MATCHES = [  # and matches that have such words in their names, of which the last ones say so
    "Byemouth v Rovers", "Bye United v Rovers", "Rovers vs Drawsville", "Tours v Nantes", "Byemouth (H)", "Presston v Rovers", "Press Town (A)",
    "Draw Town - Rovers", "Ticket Town v Rovers", "Members' day: Rovers v Town", "Rovers v Town - Tickets",
]  # fmt: skip
STATUSES = {  # of a table: which are off
    **dict.fromkeys(["Postponed", "PPD", "PST", "POSTPONED", "Cancelled", "CANC", "SUSP", "Suspended", "ABD", "aplazado", "P-P"], True),
    **dict.fromkeys(["Scheduled", "TIMED", "NS", "FT", "Finished", "", None, "TBD", "In Play"], False),
}  # fmt: skip
FIXTURE_TABLES = [  # columns as people's files have them: all are Rovers v Town on 4 October 2025 at 14:00
    {"fixture": ["Rovers v Town"], "kickoff": ["2025-10-04T14:00Z"]},
    {"Fixture ": ["Rovers v Town"], " KICKOFF": ["2025-10-04T14:00Z"]},
    {"game": ["Rovers v Town"], "datetime": ["2025-10-04 14:00"]},
    {"match": ["Rovers v Town"], "date": ["2025-10-04 14:00:00"]},
    {"home_team": ["Rovers"], "away_team": ["Town"], "date": ["2025-10-04T14:00:00Z"]},
    {"Date": ["04/10/2025"], "Time": ["14:00"], "HomeTeam": ["Rovers"], "AwayTeam": ["Town"]},
    {"kickoff_time": ["2025-10-04T14:00:00Z"], "team_h": ["Rovers"], "team_a": ["Town"]},
    {"Home Team": ["Rovers"], "Away Team": ["Town"], "Date": [datetime(2025, 10, 4)], "Time": [datetime(2025, 1, 1, 14).time()]},
    {"Subject": ["Rovers v Town"], "Start Date": ["2025-10-04"], "Start Time": ["02:00 PM"]},
    {"event": ["Rovers v Town"], "start_time": ["2025-10-04T14:00Z"]},
    {"round": [1], "date": ["2025-10-04"], "time": ["14:00"], "team1": ["Rovers"], "team2": ["Town"]},
    {"Datum": ["04.10.2025"], "Uhrzeit": ["14:00"], "Heim": ["Rovers"], "Gast": ["Town"]},
    {"Fecha": ["04/10/2025"], "Hora": ["14:00"], "Local": ["Rovers"], "Visitante": ["Town"]},
    {"Date": ["04/10/25"], "Heure": ["14h00"], "Domicile": ["Rovers"], "Ext\u00e9rieur": ["Town"]},
    {"fixture.date": ["2025-10-04T14:00:00+00:00"], "teams.home.name": ["Rovers"], "teams.away.name": ["Town"]},
    {"utcDate": ["2025-10-04T14:00:00Z"], "home": ["Rovers"], "away": ["Town"], "status": ["TIMED"]},
    {"Date": ["2025-10-04"], "Time": ["14:00"], "Venue": ["Home"], "Team": ["Rovers"], "Opponent": ["Town"]},
    {"date": ["2025-10-04"], "time": ["14:00"], "team": ["Town"], "opponent": ["Rovers"], "home": [False]},
    {"DATE": ["2025-10-04"], "TIME": ["14:00"], "team": ["Town"], "opponent": ["@ Rovers"]},
    {"Date": ["2025-10-04 14:00"], "Club": ["Rovers"], "Opp": ["Town (H)"]},
    {"Date (dd/mm/yyyy)": ["04/10/2025"], "Time (UTC)": ["14:00"], "Home": ["Rovers"], "Away": ["Town"]},
    {"tournament.name": ["Cup"], "homeTeam.name": ["Rovers"], "awayTeam.name": ["Town"], "startTimestamp": [1759586400]},
    {"home.name": ["Rovers"], "away.name": ["Town"], "status.utcTime": ["2025-10-04T14:00:00.000Z"]},
    {"strEvent": ["Rovers v Town"], "dateEvent": ["2025-10-04"], "strTime": ["14:00:00"]},
    {"h": ["{'id': '1', 'title': 'Rovers'}"], "a": ["{'id': '2', 'title': 'Town'}"], "datetime": ["2025-10-04 14:00:00"]},
    {"homeTeam": [{"id": 1, "name": "Rovers"}], "awayTeam": [{"id": 2, "name": "Town"}], "utcDate": ["2025-10-04T14:00:00Z"]},
    {"Spieltag": [7], "Datum": ["Sa. 04.10.25"], "Uhrzeit": ["14:00 Uhr"], "Ort": ["H"], "Gegner": ["Town"], "Verein": ["Rovers"]},
    {"Data": ["4 ottobre 2025"], "Ora": ["14:00"], "Partita": ["Rovers v Town"]},
    {"Date": ["2025-10-04 14:00"], "Kick-off": ["TBC"], "Game": ["Rovers v Town"]},
    {"Date": ["2025-10-04"], "KO": ["14:00"], "Home": ["Rovers"], "Away": ["Town"]},
    {"Match Date": ["04/10/2025"], "Kick-off": ["2pm"], "Fixture": ["Rovers v Town"]},
    {"Date": ["2025-10-04"], "Kickoff time (BST)": ["15:00"], "Game": ["Rovers v Town"]},
    {"kickoff_time": [1759586400000], "home": ["Rovers"], "away": ["Town"]},
    {"Betreff": ["Rovers v Town"], "Beginnt am": ["4.10.2025"], "Beginnt um": ["14:00:00"]},
    {"Objet": ["Rovers v Town"], "Date de d\u00e9but": ["04/10/2025"], "Heure de d\u00e9but": ["14:00:00"]},
    {"Asunto": ["Rovers v Town"], "Fecha de comienzo": ["04/10/2025"], "Hora de comienzo": ["14:00"]},
    {"Oggetto": ["Rovers v Town"], "Data inizio": ["04/10/2025"], "Ora inizio": ["14.00"]},
    {"Datum": ["Sa, 04.10.2025"], "Ansto\u00df": ["14:00 Uhr"], "Heimmannschaft": ["Rovers"], "Ausw\u00e4rts": ["Town"]},
    {"Data": ["4 ottobre 2025"], "Ora": ["14.00"], "Squadra casa": ["Rovers"], "Squadra ospite": ["Town"]},
    {"Fecha": ["04/10/2025"], "Hora": ["14:00"], "Equipo local": ["Rovers"], "Equipo visitante": ["Town"]},
    {"Date": ["sam. 4 oct. 2025"], "Heure": ["14 h 00"], "Domicile": ["Rovers"], "Ext\u00e9rieur": ["Town"]},
    {"Datum": ["za 4 oktober 2025"], "Aanvang": ["14:00"], "Thuisploeg": ["Rovers"], "Uitploeg": ["Town"]},
    {"Data": ["04/10/2025"], "Hor\u00e1rio": ["14h00"], "Mandante": ["Rovers"], "Visitante": ["Town"]},
    {"Tarih": ["04.10.2025"], "Saat": ["14:00"], "Ev sahibi": ["Rovers"], "Deplasman": ["Town"]},
    {"Datum": ["2025-10-04"], "Tid": ["14:00"], "Hemmalag": ["Rovers"], "Bortalag": ["Town"]},
    {"\u65e5\u4ed8": ["2025\u5e7410\u67084\u65e5"], "\u30ad\u30c3\u30af\u30aa\u30d5": ["23:00 JST"], "\u30db\u30fc\u30e0": ["Rovers"], "\u30a2\u30a6\u30a7\u30a4": ["Town"]},
    {"\ub0a0\uc9dc": ["2025-10-04"], "\uc2dc\uac04": ["23:00 KST"], "\ud648": ["Rovers"], "\uc6d0\uc815": ["Town"]},
    {"Date": ["2025.10.04(Sat)"], "Local Time": ["14:00"], "Home": ["Rovers"], "Away": ["Town"]},
    {"Date": ["Sun 5 Oct 2025"], "Kick-off (AEDT)": ["1:00am"], "Home Team": ["Rovers"], "Away Team": ["Town"]},
    {"matchDateTimeUTC": ["2025-10-04T14:00:00Z"], "team1.teamName": ["Rovers"], "team2.teamName": ["Town"]},
    {"Heim": ["Rovers"], "Gast": ["Town"], "Ansto\u00df": ["04.10.2025 14:00"]},
]  # fmt: skip
FBREF = (
    "Date,Time,Comp,Round,Day,Venue,Result,GF,GA,Opponent\n2025-10-04,14:00,Premier League,Matchweek 7,Sat,Home,,,,Town\n"
    "2025-10-18,16:30,Premier League,Matchweek 8,Sat,Away,,,,City\n2025-10-22,19:00,Champions Lg,League phase,Wed,Neutral,,,,United\n"
)
NOT_BY_THE_NUMBER = [  # tables whose event or fixture is a number: the teams name the match
    {"event": [7], "kickoff_time": ["2025-10-04T14:00Z"], "team_h": ["Rovers"], "team_a": ["Town"]},
    {
        "fixture": ["61", "62"],
        "date": ["2025-10-04 14:00"] * 2,
        "home": ["Rovers", ""],
        "away": ["Town", ""],
        "status": [None, "postponed"],
    },
    {"Match": [1.0], "Date": ["2025-10-04 14:00"], "Opponent": ["Town"], "Venue": ["H"], "Team": ["Rovers"]},
]
OF_ONE_TEAM = [  # names of one team's matches, and what they are to it
    ("Town (H)", "Rovers v Town"), ("City (A)", "City v Rovers"), ("vs Town", "Rovers v Town"), ("@ City", "City v Rovers"), ("at City", "City v Rovers"),
    ("v Town", "Rovers v Town"), ("United (N)", "Rovers v United"), ("City [away]", "City v Rovers"), ("vs. Town (H)", "Rovers v Town"),
]  # fmt: skip
OFF_TABLES = [  # in each the first match is off, and only A v C is left
    {"time": ["Postponed", "15:00"]}, {"time": ["P-P", "15:00"]}, {"Result": ["P-P", ""]}, {"Notes": ["Match Cancelled", "moved from a postponed round on Sunday"]},
    {"cancelled": [True, False]}, {"strPostponed": ["yes", "no"]}, {"status.cancelled": ["True", None]}, {"Status": ["PST", "NS"], "Result": [None, "1-0"]},
]  # fmt: skip
UNDATED = ["TBC", "To be confirmed", "October TBC", "Date TBD", "0000-00-00", "0000-00-00 00:00:00", "-", None]
LEAGUES = {  # columns and cells in which the competition stands: all are the Premier League
    "Comp\u00e9tition": "Premier League", "Competici\u00f3n": "Premier League", "competition": {"id": 2021, "name": "Premier League"},
    "League": "{'id': 39, 'name': 'Premier League'}", "COMPETITION ": " Premier League",
}  # fmt: skip
BESIDE = [
    ("Europe/London", 14),
    ("BST", 14),
    ("+01:00", 14),
    ("UTC", 15),
    ("", 15),
    ("Europe/Madrid", 13),
    ("GMT+2", 13),
]  # a zone, and the hour of 15:00 there
COMPETITIONS = {  # of a name, or of the categories of an event
    "Rovers v Town (FA Cup)": "FA Cup", "[UCL] Rovers v Town": "UCL", "FA Cup: Rovers v Town": "FA Cup", "Rovers v Town - Carabao Cup": "Carabao Cup",
    "Rovers v Town | Champions League": "Champions League", "Rovers v Town, FA Cup": "FA Cup", "Rovers v Europa": None, "Rovers v Town (H)": None, "Premier League: Rovers v Town": None,
    "Lincoln - Europa": None, "Europa v Rovers - postponed to Sunday": None,
}  # fmt: skip
EVENTS = [  # of a calendar, and what is read: all are Rovers v Town on 4 October 2025 at 14:00
    ("DTSTART:20251004T140000Z", "SUMMARY:Rovers v\\nTown"), ("DTSTART:20251004T140000Z", "SUMMARY;LANGUAGE=en-gb:Rovers v Town"),
    ("DTSTART;TZID=/mozilla.org/20050126_1/Europe/London:20251004T150000", "SUMMARY:Rovers v Town"), ("dtstart:20251004T140000Z", "summary:Rovers v Town"),
    ("DTSTART;TZID=Europe/London:20251004T150000", "SUMMARY:Rovers v T\r\n own"),
    ("DTSTART:20251004T140000Z", "SUMMARY:Rovers v Town\r\nCATEGORIES:Football,Sport"),
    ("DTSTART:20250927T140000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20250927\r\nEXDATE:20251011T140000Z", "SUMMARY:Rovers v Town"),
]  # fmt: skip
NO_EVENTS = {  # what stands for a start, and is none
    "DTSTART:20251004T150000+0100": "'20251004T150000+0100'", "DTSTART:soon": "'soon'", "DTSTART:": "''", "DTSTART:20250931T140000Z": "'20250931T140000Z'",
    "DTSTART:2025-10-04T14:00:00Z": "'2025-10-04T14:00:00Z'",
}  # fmt: skip
OUTCOMES = [  # rows of player, onset, kickoff or fixture, appeared; of the two forecasts of a log (see LINE), those that are known
    ("kickoff", "P,2025-09-14,2025-10-04T14:00Z,yes", 1), ("kickoff", "P,2025-09-14,2025-10-04,yes", 1), ("date", "P,2025-09-14,04/10/2025,1\nP,14/09/2025,11/10/2025,0", 2),
    ("kickoff", "P,2025-09-14,2025-10-04 16:30 BST,Y", 1), ("fixture", "p,2025-09-14,a V b,yes\nP,2025-09-14,A v C,n", 2), ("kickoff", "P,45914,45934.583333,true", 1),
    ("fixture", "\u1e54,2025-09-14,A vs. B,yes", 1), ("fixture", "P,2025-09-14,A \u2013 B,ja", 1), ("kickoff", "P,2025-09-14,2025-10-04,S\u00ed\nTotal,1,,", 1),
    ("kickoff", "# by hand\nP,2025-09-14,2025-10-04,yes\n\nP,2025-09-14,2025-10-11,\n", 1),
]  # fmt: skip
APPEARED = [  # other columns for appeared, and the cell of one who did
    ("minutes", "63"), ("Mins", "90.0"), ("Played", "Y"), ("Appeared?", "oui"), ("appearance", "1"),
]  # fmt: skip
AMBIGUOUS = [
    {"fixture": ["A"], "date": ["2025-10-04"], "datetime": ["2025-10-04"]},
    {"game": ["A"], "match": ["A"], "kickoff": ["2025-10-04"]},
    {"fixture": ["A"], "Kickoff": ["2025-10-04"], "kickoff ": ["2025-10-04"]},
]
ABSENCES = [  # columns of absences: all are 14 days from 20 March 2025
    {"start": ["2025-03-20"], "end": ["2025-04-03"]},
    {"from": ["2025-03-20"], "until": ["2025-04-03"]},
    {"from_date": [pd.Timestamp("2025-03-20")], "end_date": [pd.Timestamp("2025-04-03")]},
    {"injury_from": ["20/03/2025"], "injury_until": ["03/04/2025"]},
    {"date_injured": ["2025-03-20T09:00+00:00"], "date_recovered": ["2025-04-03T00:30+01:00"]},
    {
        "Start Date": [pd.Timestamp("2025-03-20", tz="Europe/London")],
        "End Date": [pd.Timestamp("2025-04-03", tz="Europe/London")],
    },
    {"start": [45736], "end": ["45750"]},
    {"start": pd.PeriodIndex(["2025-03-20"], freq="D"), "end": pd.PeriodIndex(["2025-04-03"], freq="D")},
    {"start": [1742428800], "end": ["1743638400000"]},
    {"von": ["20.03.2025"], "bis": ["03.04.2025"]},
    {"Date of Injury": ["Mar 20, 2025"], "Date of return": ["Apr 3, 2025"]},
    {"Injury Start": ["20 mars 2025"], "Injury End": ["3 avril 2025"]},
    {"de": ["20/03/2025"], "at\u00e9": ["03/04/2025"]},
    {"van": ["20-03-2025"], "tot": ["03-04-2025"]},
    {"Inizio": ["20 marzo 2025"], "Fine": ["3 aprile 2025"]},
    {"Date out": ["20-Mar-25"], "RTP date": ["03-Apr-25"]},
    {"From": ["20 Mar 2025"], "Until": ["3 Apr 2025"], "Injured": ["hamstring"], "Out": [14]},
]
STILL_OUT = ["ongoing", "TBC", "Unknown", "still out", "Present", "No Return Date", "still injured", "laufend", "En cours", "in corso", "-", "?", "", None]  # fmt: skip
CSV = [  # bytes of a table of two fixtures
    b"fixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n",
    b"sep=;\r\nfixture;kickoff\r\nRovers v Town;2025-10-04T14:00Z\r\nCity v Rovers;2025-10-18T14:00Z\r\n",
    b"Fixture ;KICKOFF\nRovers v Town;2025-10-04T14:00Z\nCity v Rovers;2025-10-18T14:00Z\n",
    b"Matches, all of them, of Rovers\nfixture;kickoff\nRovers v Town;2025-10-04T14:00Z\nCity v Rovers;2025-10-18T14:00Z\n",
    b"fixture\tkickoff\tplace\nRovers v Town\t2025-10-04T14:00Z\tTown, at the sea, in, of\nCity v Rovers\t2025-10-18T14:00Z\tA, B, C, D, E\n",
    b"fixture\tkickoff\nRovers v Town\t2025-10-04T14:00Z\nCity v Rovers\t2025-10-18T14:00Z\n",
    b"fixture,kickoff,,\nRovers v Town,2025-10-04T14:00Z,,\n,,,\nCity v Rovers,2025-10-18T14:00Z,,\n,,,\n",
    b"Matches of Rovers\n\nfixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n",
    b"Date,Home,Away\nOctober 2025,,\n2025-10-04 14:00,Rovers,Town\nNext,,\n2025-10-18 14:00,City,Rovers\n",
    b"Rovers\nSeason,2025/26\n\nDate,Home,Away\n2025-10-04 14:00,Rovers,Town\n2025-10-18 14:00,City,Rovers\n",
    b"Matches,,\n,,\nfixture,kickoff,\nRovers v Town,2025-10-04T14:00Z,\nfixture,kickoff,\nCity v Rovers,2025-10-18T14:00Z,\n",
    b"fixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n\x1a",
    b"# Matches of Rovers, by hand\nfixture,kickoff\n# the next one\nRovers v Town,2025-10-04T14:00Z\n#A v B,2025-10-11\n\nCity v Rovers,2025-10-18T14:00Z\n",
    b"#,fixture,kickoff\n1,Rovers v Town,2025-10-04T14:00Z\n2,City v Rovers,2025-10-18T14:00Z\n",
    b"#,fixture,kickoff\n#1,Rovers v Town,2025-10-04T14:00Z\n#REF!,City v Rovers,2025-10-18T14:00Z\n",
    "fixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n".encode("utf-16"),
    "fixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n".encode("utf-16-le"),
    "fixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n".encode("utf-16-be"),
    "fixture\tkickoff\r\nRovers v Town\t2025-10-04T14:00Z\r\nCity v Rovers\t2025-10-18T14:00Z\r\n".encode("utf-16-le"),
    "fixture;kickoff;competition\nRovers v Town;2025-10-04T14:00Z;\u6d66\u548c\nCity v Rovers;2025-10-18T14:00Z;\n".encode(
        "utf-16-be"
    ),
    "\ufefffixture,kickoff\nRovers v Town,2025-10-04T14:00Z\nCity v Rovers,2025-10-18T14:00Z\n".encode(),
]
_HEAD, _TOWN = ["Date", "Time", "Home", "Away"], [datetime(2025, 10, 4), time(14), "Rovers", "Town"]
BOOKS = [  # the sheets of an Excel file, each its rows and what it is named, "-" before those that are hidden; all are Rovers v Town
    {"Notes": [["by hand"]], "Fixtures": [_HEAD, _TOWN]},
    {"Contents": [["Sheet", "What"], ["Fixtures", "all matches"]], "Fixtures": [_HEAD, _TOWN]},
    {"-Old": [_HEAD, [datetime(2024, 1, 1), None, "A", "B"]], "Fixtures": [_HEAD, _TOWN]},
    {"All": [_HEAD, _TOWN], "League": [_HEAD, _TOWN]},
    {"League": [_HEAD], "Cup": [["Round", *_HEAD], [1, *_TOWN]]},
    {"F": [["Rovers 2025/26"], [], [None, *_HEAD], [None], [None, *_TOWN], [], ["Source: the club"], ["Total", 1]]},
    {"F": [["Date", "Opponent", "Home?", "Team"], [45934 + 14 / 24, "Town", True, "Rovers"]]},
    {"F": [["Date:", "KO*", "Match"], ["4.10.2025", "14:00", "Rovers v Town"], ["* subject to change"]]},
    {"F": [["Date", "Kick Off Time (UK)", "Home", "Away"], [datetime(2025, 10, 4), time(15), "Rovers", "Town"]]},
]
REMARKS = [  # rows of a squad that are none
    "Total,,,", "TOTAL,1,,", "Totals: ,3,2,1", "Summe,1,,", "Source: the physio", "Source: the physio,,,", "Quelle: Verein,,,", "Last updated,2025-10-01,,",
    "Updated: 1 October 2025,,,", "* doubtful,,,", "\u00a9 Rovers,,,", "1 player,,,", "12 injuries", "Page 1 of 1,,,", "Defenders,,,", "Injured,,,", "Notes: none,,,",
]  # fmt: skip
TRUTHS = {
    **dict.fromkeys(["yes", "Y", "TRUE", "ja", "Oui", "s\u00ed", "si", "sim", "VRAI", "wahr", "verdadero", "1", "\u2713"], True),
    **dict.fromkeys(["no", "N", "False", "nein", "Non", "n\u00e3o", "nee", "FAUX", "falsch", "falso", "0", "\u2717"], False),
    **dict.fromkeys(["maybe", "x", "2", "on"]),
}  # fmt: skip
POSITIONS = {
    "GK": "goalkeeper", "GKP": "goalkeeper", "Torwart": "goalkeeper", "DEF": "defender", "cb": "defender", "D\u00e9fenseur": "defender", "MF": "midfielder",
    "Centrocampista": "midfielder", "FWD": "forward", "St\u00fcrmer": "forward", "Attacker": "forward", "winger": None, "11": None,
}  # fmt: skip
NO_YEAR = [
    "14 Sep",
    "Sep 14",
    "14th September",
    "Sat 4 Oct",
    "4 Oct 15:00",
    "04/10",
    "04.10.",
    "4. Oktober",
    "Sun 12 Oct, 3pm",
    "4 de octubre",
]
