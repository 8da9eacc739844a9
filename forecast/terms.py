"""The words of the trade, and the lists of values that several rooms share.

Glossary
--------
onset
    Day 0: the kick-off of the match in which the player was hurt, or the first public word of the injury.
episode
    A past injury with the fixtures that followed it and what was publicly known.
case
    An open injury on the day of a forecast, ``as_of``.
spell
    The time from a flag to the clearance that ends it. A flag after a clearance opens a new spell.
fixture
    A match of the player's team; it begins at ``kickoff``.
bulletin
    A public statement about an injury, as a user gives it.
flag
    A bulletin that the player is out or doubtful. A bulletin of kind ``available`` is a clearance: it lifts the flag.
round
    The fixtures that a league, and a fantasy game, counts together; a club may have two of them in one, or none.
reading
    One look at the feed: what stood there at a moment.
statement
    The last word of one source on an injury, in days since onset: the form in which bulletins meet the model.
situation
    One player at one moment: how long he has been out, which fixtures he missed and which are next, what was said.
evidence
    Many situations on a grid of days, in rectangular arrays.
time to fit, ``T``
    Days from onset until the flag is lifted or the player appears, whichever comes first.
censoring
    ``T`` is known only to lie between two days (interval), or beyond one (right).
truncation
    An injury that ended before it could be read is not in the tables: ``T`` is beyond the first reading.
origin
    A reading of the past from which the backtest makes a forecast.
hindsight
    What is thought of a day once the outcome is known.
selection
    Whether a fit player is picked.
factor
    One function in the product that weighs the days on which a player may become fit.
"""

from __future__ import annotations

from datetime import time

TABLES = ("episodes", "fixtures", "bulletins")  # of past injuries, a CSV file each
POSITIONS = ("goalkeeper", "defender", "midfielder", "forward")
BODY_PARTS = ("hamstring", "thigh", "calf", "groin", "muscle")
ONSETS = ("match", "reported")
READING_KINDS = ("expected", "unknown", "chance", "available")  # of a row of bulletins.csv
BULLETIN_KINDS = (*READING_KINDS, "between", "training", "ruled_out", "own")  # of a bulletin of a case
FLAG_KINDS = ("unknown", "expected", "25", "50", "75")  # what a flag can say; a code is an index into this
CHANCES = (25, 50, 75)  # percent, in the tables; a bulletin of a case may give others
LAST_ROUNDS = (0, 25, 50, 75, 100)  # percent that a source gave for the match just played
GRADES = (0, 1, 2, 3)  # of an injury on MRI
OFFICIAL = "official"  # the source that the data are of

LEAGUE = "Premier League"  # what the shipped data are of
FIXTURES_BEFORE = 10  # at most so many fixtures before the injury are counted
FOLLOWED, LOOK_BACK = 38, 200.0  # fixtures after the onset, and days before it, that the tables hold
USUAL_FIXTURES = 30  # what the usual minutes are the mean of, where nothing is said of it
HORIZON, WINDOW = 6, 60.0  # fixtures ahead, and days, that a past reading is followed over
SELDOM, NEARLY = 0.02, 0.95  # what "not before that date" and "from that date on" say at face value
START, KICKOFF, END = time(0, 0), time(20, 0), time(23, 59, 59)  # what a date without a time stands for
CHANCES_SHOWN = ("p_fit", "p_plays")  # the probabilities of a fixture that a picture may show first
