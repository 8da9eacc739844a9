import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import forecast as fc
from drawn import drawn_texts, misplaced
from forecast.backtest.origins import origins_of
from forecast.backtest.tables import next_fixtures
from forecast.evidence.flag_records import flag_records
from forecast.evidence.readings import readings_of
from forecast.pictures import plot_flags
from forecast.terms import FLAG_KINDS


@pytest.fixture(scope="module")
def records(episodes):
    return flag_records(readings_of(episodes))


def test_the_shares_are_those_of_the_tables(records, episodes):
    """Counted again from the three tables: a flag, and the minutes of the next fixture within sixty days."""
    flags = episodes.bulletins.query("kind == 'chance'")
    kickoffs = dict(iter(episodes.fixtures.groupby("episode")))
    for record, chance in zip(records, (75, 50, 25), strict=False):
        played = []
        for flag in flags[flags.chance == chance].itertuples():
            own = kickoffs[flag.episode]
            following = own[(own.day > flag.day) & (own.day <= flag.day + 60)]
            if len(following) and np.isfinite(following.minutes.iloc[0]):
                played.append(following.minutes.iloc[0] > 0)
        assert record.n == len(played)
        assert record.seen.mean == pytest.approx(np.mean(played))
        assert record.said == chance / 100


def test_each_kind_has_its_interval(records):
    assert [r.flag.split(":")[0] for r in records] == [
        "75% to play",
        "50% to play",
        "25% to play",
        "Back on a date",
        "No return date",
    ]
    for record in records:
        assert 0.0 <= record.seen.low < record.seen.mean < record.seen.high <= 1.0


def test_no_text_leaves_the_canvas_or_lies_on_another_and_the_file_describes_itself(episodes, inside):
    with drawn_texts() as texts:
        plot_flags(episodes, "one.png")
    assert misplaced(texts) == []
    assert [text for text, _, _ in texts if "…" in text] == []
    plot_flags(episodes, "two.png")
    assert (inside / "one.png").read_bytes() == (inside / "two.png").read_bytes()
    with Image.open("one.png") as image:
        assert image.info["Description"].startswith("What a flag said against what happened. 75% to play")


class TestByLead:
    def test_no_text_leaves_the_canvas_and_the_file_describes_itself(self, episodes, inside):
        with drawn_texts() as texts:
            plot_flags(episodes, "one.png", by="lead")
        assert misplaced(texts) == []
        assert [text for text, _, _ in texts if "…" in text] == []
        with Image.open("one.png") as image:
            described = image.info["Description"]
        near = next_fixtures(forecasts_of(episodes))
        own = near[(near.kind == "75") & (near.lead == "12-36 h")]
        assert f"75%, 12-36 h: {own.returned.mean():.0%} of {len(own)};" in described

    def test_of_a_backtest_the_model_stands_beside(self, episodes, inside):
        table = forecasts_of(episodes).assign(p_returns=0.3)
        report = SimpleNamespace(forecasts=table)
        figure = plot_flags(report, by="lead")
        assert figure.texts[2].get_text().endswith("; dash: the model")

    @pytest.mark.parametrize("by", ["lead", "kind", "hour"])
    def test_too_few_or_nothing_known_is_said(self, episodes, by):
        source = episodes.where(episodes.episodes.episode.isin([1, 2])) if by == "lead" else SimpleNamespace()
        with pytest.raises(fc.DataError, match="must be"):
            plot_flags(source, by=by)


def forecasts_of(episodes):
    """The next fixture after each reading of a flag, counted from the origins of the backtest."""
    origins = origins_of(episodes)
    kinds = np.array(FLAG_KINDS)[origins.evidence.said.kinds.argmax(axis=1)]
    seen = np.where(origins.known > 0, origins.returned == 0, np.nan)
    return origins.table.assign(kind=kinds, fixture=1, kickoff=origins.ahead[:, 0], returned=seen)


@pytest.mark.parametrize("size", [(6.0, 3.375), (4.0, 4.0), (7.0, 7.0)])
def test_the_names_of_lines_stand_apart_at_any_size(episodes, size):
    with drawn_texts() as texts:
        plot_flags(episodes.of("hamstring"), by="lead", size=size).canvas.draw()
    assert misplaced(texts) == []
    assert {"75%", "a date", "no date", "over 8 d"} <= {text for text, _, _ in texts}


@pytest.mark.parametrize("pixels", [600, 800, 1600])
def test_a_long_title_in_tiny_letters_stays_on_the_canvas_of_any_fineness(episodes, pixels):
    title = (
        "After the derby, the cup and the long trip north the question that everybody in the city asks is whether the "
        "captain will be fit enough again to start the last match of the season against the champion"
    )
    with drawn_texts() as texts:
        figure = plot_flags(episodes.of("hamstring"), size=(4.0, 4.0), dark=True, title=title)
        figure.savefig(io.BytesIO(), dpi=pixels / 4.0)
    assert misplaced(texts) == []
