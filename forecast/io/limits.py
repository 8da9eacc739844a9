"""The limits on what is read: on size, number and distance in time, in one place."""

MAX_CASE_BYTES = 1_000_000  # of a case file
MAX_TABLE_BYTES = 1_000_000  # of a CSV file or a calendar
MAX_FIT_BYTES = 50_000_000  # of a table of past injuries; the largest of the shipped ones has 300,000
MAX_FEED_BYTES = 50_000_000  # of a file of the official feed; its largest has two million
MAX_MODEL_BYTES = 5_000_000  # of a model; the shipped one has 27,000
MAX_LOG_BYTES = 20_000_000  # of a log of forecasts
MAX_ENTRIES = 1000  # fixtures of one case
MAX_BULLETINS = 300  # of one case
MAX_SOURCES = 12  # of the bulletins of one case: each is worked out by itself
MAX_NEWS = 30  # bulletins whose news are told apart: each takes a forecast
MAX_DEADLINES = 50  # of one case; a chart has a line for each
MAX_INJURIES = 200  # of a list
MAX_AHEAD = 150  # fixtures after as_of
MAX_EVENTS = 5000  # of a calendar, before the filter
MAX_ZONE_BYTES = 20_000  # of a time zone that a calendar describes
MAX_SHEET_BYTES = 20_000_000  # of an Excel file, unpacked
MAX_ZONE_STEPS = 2_000_000  # of the rules of such zones, one a year for each event
MAX_DEPTH = 16  # of keys with dots in a case file
MAX_COLUMNS = 100  # of a CSV file of fixtures or injuries
MAX_TEXT = 200  # characters of a name
MAX_DRAWS = 40_000  # of the parameters of a model; the shipped one has 700
MAX_SORTS = 100  # of players, in a model; the shipped one has 11
YEARS = (1900, 2200)  # of any date
HORIZON_DAYS = 730  # how far beyond as_of anything is forecast
PAST_DAYS = 36_525  # how far before as_of anything may be
RECURRING_DAYS = 366  # how far beyond its start an event of a calendar is repeated
