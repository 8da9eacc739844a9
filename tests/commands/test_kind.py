"""``--kind``: the chart of a case, and with the choices what they say."""

import pytest

from forecast.__main__ import main


def test_choices_are_drawn_and_said(inside, capsys):
    assert main(["--kind", "choices", "--html", "page.html"]) == 0
    assert "When to bring him back" in (inside / "page.html").read_text("utf-8")
    out = capsys.readouterr().out
    assert "Of 100 who come back like this, about 2 are hurt again in that very match" in out
    assert "Players came back when their staff thought them ready" in out
    assert out.rstrip().endswith("The chart is in bellingham.png, the page in page.html.")
    assert (inside / "bellingham.png").stat().st_size > 10_000


@pytest.mark.parametrize("kind", ["best", ""])
def test_another_kind_is_an_error(inside, capsys, kind):
    assert main(["--kind", kind]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"kind: '{kind}'; must be one of fixtures, returns, timeline, choices"
    ]
    assert list(inside.iterdir()) == []


def test_many_injuries_have_one_sheet(inside, capsys):
    assert main(["squad.csv", "--kind", "choices"]) == 2
    line = "--kind: 'choices'; must be left out where many injuries go on one sheet"
    assert capsys.readouterr().err.splitlines() == [line]
