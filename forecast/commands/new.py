"""``python -m forecast new``."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

from ..case.case_file import example_case
from ..io.fields import Checker
from . import DONE, parser_of

_CASE = """\
# A case file. Run it: python -m forecast CASE.toml
# What is not known is left out; every field is explained in help(forecast.Case).
player = {player}
onset = {onset}                # the match he was hurt in, or the first public word of it
as_of = {today}                # the day of the forecast; news and missed fixtures up to then count
position = "midfielder"           # or goalkeeper, defender, forward
# appearances_before = 9          # of his team's last ten league fixtures up to and with that of the injury,
# fixtures_before = 10            # and the minutes he played in them
# minutes_before = 800
# usual_minutes = 71.5            # per league fixture he was available for, over the last year
# body_part = "hamstring"         # or thigh, calf, groin, muscle

[[fixtures]]                      # those since the onset, which he missed, and those ahead; or fixtures = "rovers.ics"
fixture = "Rovers v United"
kickoff = {missed}              # a time, too: 2026-03-07T20:00:00Z; a date alone kicks off at 20:00 UTC
competition = "Premier League"    # what a percentage means depends on it

[[fixtures]]
fixture = "City v Rovers"
kickoff = {soon}

[[fixtures]]
fixture = "Rovers v Albion"
kickoff = {later}

[[bulletins]]                     # each public word on the injury; delete this one if there is none
issued = {said}
kind = "expected"                 # or unknown, chance (chance = 75), training, available, ruled_out (until)
expected = {later}
source = "club"

[[deadlines]]                     # days by which somebody has to know; may be left out
deadline = "squad announced"
when = {soon}
"""


def run(arguments: list[str]) -> int:
    """Print a case file to start from."""
    parser = parser_of("new", "Print a commented case file that runs as it is.")
    parser.add_argument("name", metavar="NAME", help="the player")
    parser.add_argument("--example", metavar="NAME", help="start from a shipped case, such as bellingham")
    options = parser.parse_args(arguments)
    with Checker() as check:
        player = check.text("NAME", options.name)
    if options.example is not None:
        print(replace(example_case(options.example), player=player).to_toml(), end="")
    else:
        print(case_text(player, date.today()), end="")
    return DONE


def case_text(player: str, today: date) -> str:
    """Return a commented case file of an injury ten days old."""
    days = {"onset": -10, "missed": -3, "said": -2, "today": 0, "soon": 4, "later": 11}
    return _CASE.format(
        player=json.dumps(player, ensure_ascii=False), **{name: today + timedelta(days=n) for name, n in days.items()}
    )
