"""Pages that need nothing else: of one outlook and of many; looked at by a browser where there is one."""

import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

import forecast as fc
from colours import contrast
from forecast.charts.sheet.inline import colours
from hard import HARD, case

VOID = {"meta", "br"}
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """The tags and texts of a page; an error where what is opened is not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.texts: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def outlooks(model):
    return [model.forecast(fc.example_case(name)) for name in ("bellingham", "short", "long", "cleared")]


@pytest.fixture(scope="module")
def pages(outlooks):
    return {
        "one": outlooks[0].to_html(tz="Europe/Madrid"),
        "cleared": outlooks[3].to_html(),
        "squad": fc.squad_html(outlooks),
    }


@pytest.mark.parametrize("name", ["one", "cleared", "squad"])
def test_a_page_needs_nothing_else_and_can_be_heard(pages, name):
    page = Page(pages[name])
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*|url\((?!#)[^)]*|@import", pages[name]) == []
    (svg,) = page.all("svg")
    assert svg["role"] == "img"
    assert len(svg["aria-label"]) > 40
    assert len(page.all("h1")) == 1
    assert {cell["scope"] for cell in page.all("th")} == {"col", "row"}
    assert page.all("html") == [{"lang": "en"}]
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_it_says_it_in_three_sentences_a_table_notes_and_the_digest(outlooks, pages):
    outlook, page = outlooks[0], Page(pages["one"])
    assert outlook.summary("Europe/Madrid", sentences=3) in page.texts
    row = outlook.fixtures.iloc[3]
    cell = f"{row.p_fit:.0%} ({row.p_fit_low:.0%} to {row.p_fit_high:.0%})"
    assert {row.fixture, cell, "Sun 22 Mar, 21:00", "England squad announced", *outlook.notes} <= set(page.texts)
    assert any(outlook.model.digest in text for text in page.texts)


def test_a_squad_has_a_row_for_each(outlooks, pages):
    assert {o.case.player for o in outlooks} <= set(Page(pages["squad"]).texts)
    with pytest.raises(fc.DataError, match="^outlooks: "):
        fc.squad_html([])


def test_the_same_input_gives_the_same_bytes_and_another_ending_nothing(outlooks, pages, inside):
    outlooks[0].to_html("page.html", tz="Europe/Madrid")
    assert (inside / "page.html").read_text("utf-8") == pages["one"]
    for draw in (outlooks[1].to_html, lambda path: fc.squad_html(outlooks, path)):
        with pytest.raises(fc.CaseError, match="^path: 'x.txt'; must end in .html"):
            draw("x.txt")
    assert [path.name for path in inside.iterdir()] == ["page.html"]


def test_letters_stand_out_on_both_grounds():
    for name in ("ink", "quiet", "mark0", "mark1"):
        for ground in (0, 1):
            assert contrast(colours()[name][ground], colours()["paper"][ground]) >= 4.5


@pytest.mark.parametrize(
    "name", ["names of two hundred letters", "names that look like formulas", "names in other scripts"]
)
def test_names_stay_names(quick_page, name):
    page = Page(quick_page(name))
    assert HARD[name].player in " ".join(page.texts)


@pytest.fixture
def quick_page(model):
    return lambda name: model.forecast(HARD[name]).to_html()


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize("width", [500, 1200])
@pytest.mark.parametrize("name", ["one", "squad"])
def test_nothing_overflows_in_a_browser_and_it_says_nothing_on_its_console(pages, inside, name, width):
    """The width of what is laid out is read by a script that the page itself does not have."""
    measure = "<script>document.title = [innerWidth, document.documentElement.scrollWidth].join(' ')</script>"
    (inside / "page.html").write_text(pages[name].replace("</body>", f"{measure}</body>"), "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", f"--window-size={width},900"]
    seen = subprocess.run(
        [BROWSER, *flags, "--dump-dom", (inside / "page.html").as_uri()], capture_output=True, text=True
    )
    inner, laid_out = map(int, re.search("<title>(\\d+) (\\d+)</title>", seen.stdout).groups())
    assert laid_out <= inner
    assert "CONSOLE" not in seen.stderr


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize("count", [1, 18])
def test_it_prints_on_one_side_of_a4(model, inside, count):
    outlooks = [
        model.forecast(case([3, 10, 17], f"Club {k % 11} v Opponent", player=f"Player {k}")) for k in range(count)
    ]
    (inside / "page.html").write_text(fc.squad_html(outlooks) if count > 1 else outlooks[0].to_html(), "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf=page.pdf"]
    subprocess.run([BROWSER, *flags, (inside / "page.html").as_uri()], capture_output=True, check=True)
    assert len(re.findall(rb"/Type /Page\b", (inside / "page.pdf").read_bytes())) == 1
