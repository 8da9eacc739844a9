"""``new``, ``--said``, ``--missed``, ``--version``, and the wishes for pictures and pages on the command line."""

import tomllib

import pytest
from PIL import Image

import forecast as fc
from forecast.__main__ import main
from forecast.commands.said import bulletin_of


def test_the_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"forecast {fc.__version__}\n"


@pytest.mark.parametrize("more", [[], ["--example", "bellingham"]])
def test_a_new_case_runs_as_it_is(inside, capsys, more):
    assert main(["new", 'A. "N." Example', *more]) == 0
    text = capsys.readouterr().out
    (inside / "my.toml").write_text(text, "utf-8")
    assert fc.read_case("my.toml").player == 'A. "N." Example'
    assert main(["my.toml", "--json", "-"]) == 0
    assert "A. " in capsys.readouterr().out
    assert ("#" in text) == (not more)
    assert tomllib.loads(text)["fixtures"]


def test_another_example_is_an_error(inside, capsys):
    assert main(["new", "A", "--example", "messi"]) == 2
    assert capsys.readouterr().err.startswith("name: 'messi'; must be one of bellingham")


@pytest.mark.parametrize(
    ("text", "bulletin"),
    [
        (
            "2026-03-09 ruled_out 2026-03-29 club",
            fc.Bulletin("2026-03-09", "ruled_out", until="2026-03-29", source="club"),
        ),
        ("2026-03-09 unknown", fc.Bulletin("2026-03-09", "unknown")),
        (
            "2026-03-09T10:00Z chance 25% the boss",
            fc.Bulletin("2026-03-09T10:00Z", "chance", chance=25, source="the boss"),
        ),
        (
            "2026-03-09 between 2026-03-12 2026-03-15 0.8 doc",
            fc.Bulletin("2026-03-09", "between", from_="2026-03-12", to="2026-03-15", sure=0.8, source="doc"),
        ),
    ],
)
def test_a_bulletin_in_a_line(text, bulletin):
    assert bulletin_of(text) == bulletin


@pytest.mark.parametrize(
    "text", ["", "2026-03-09", "2026-03-09 maybe", "soon unknown", "2026-03-09 ruled_out", "2026-03-09 own"]
)
def test_a_line_that_is_none_is_one_line(text):
    with pytest.raises(fc.CaseError, match="^--said.*must be"):
        bulletin_of(text)


def test_the_news_of_the_next_day_are_one_line(inside, capsys):
    said = "2026-03-08 ruled_out 2026-03-29 club"
    assert main(["--said", said, "--json", "x.json", "--as-of", "2026-03-08"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Jude Bellingham, forecast of 2026-03-08 23:59 UTC")
    case = fc.example_case("bellingham").updated("2026-03-08", said=[bulletin_of(said)])
    assert f"{fc.default_model().forecast(case).fixtures.p_fit[4]:.0%} (" in out


def test_fixtures_that_passed_must_have_been_missed(inside, capsys):
    assert main(["--said", "2026-03-12 unknown"]) == 2
    assert capsys.readouterr().err.startswith(
        "bellingham.toml: missed: missing; must be given, for Real Madrid v Man City"
    )
    assert main(["--said", "2026-03-12 unknown", "--missed", "--html", "b.html"]) == 0
    assert "Real Madrid v Elche" in (inside / "b.html").read_text("utf-8")


def test_the_chart_is_as_it_is_wished_for(inside):
    wishes = ["--title", "Out", "--what", "p_plays", "--size", "8,4.5", "--dark", "--tz", "Europe/Madrid"]
    assert main([*wishes, "--png", "b.svg"]) == 0
    assert ">Out</text>" in (inside / "b.svg").read_text("utf-8")
    assert main([*wishes, "--png", "b.png"]) == 0
    with Image.open("b.png") as image:
        assert image.size == (1600, 900)


@pytest.mark.parametrize(
    ("wishes", "line"),
    [
        (["--png", "b.gif"], "--png: 'b.gif'; must end in .png, .svg or .pdf"),
        (["--size", "wide"], "size: 'wide'; must be a width and a height of 1 to 60 inches"),
        (["--size", "1080,1080"], "size: '1080,1080'; must be a width and a height of 1 to 60 inches"),
        (["--what", "p_win"], "what: 'p_win'; must be one of p_fit, p_plays"),
        (["--html", "b.txt"], "--html: 'b.txt'; must end in .html or .htm"),
    ],
)
def test_what_cannot_be_is_one_line(inside, capsys, wishes, line):
    assert main(wishes) == 2
    assert capsys.readouterr().err.startswith(line)
    assert list(inside.iterdir()) == []


def test_a_squad_of_several_clubs_is_one_page(inside, capsys):
    for name in ("bellingham", "short"):
        (inside / f"{name}.toml").write_text(fc.example_case(name).to_toml(), "utf-8")
    assert main(["bellingham.toml", "short.toml", "--png", "squad.svg", "--html", "squad.html"]) == 0
    assert "2nd" in (inside / "squad.svg").read_text("utf-8")
    assert "Sam Quick" in (inside / "squad.html").read_text("utf-8")
