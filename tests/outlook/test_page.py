"""Pages that need nothing else: of one outlook and of many; looked at by a browser where there is one."""

import json
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path

import pytest

import forecast as fc
from colours import contrast
from forecast.charts.sheet.inline import colours
from forecast.wording import percent
from hard import HARD, case
from pages import Page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def outlooks(model):
    return [model.forecast(fc.example_case(name)) for name in ("bellingham", "short", "long", "cleared")]


@pytest.fixture(scope="module")
def pages(outlooks):
    return {
        "one": outlooks[0].to_html(tz="Europe/Madrid"),
        "cleared": outlooks[3].to_html(),
        "choices": outlooks[0].to_html(choices=outlooks[0].choices()),
        "squad": fc.squad_html(outlooks),
        "forty": fc.squad_html(outlooks * 10),
    }


@pytest.mark.parametrize("name", ["one", "cleared", "choices", "squad"])
def test_a_page_needs_nothing_else_and_can_be_heard(pages, name):
    page = Page(pages[name])
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.tags}
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*|url\((?!#)[^)]*|@import", pages[name]) == []
    for svg in page.all("svg"):
        assert svg["role"] == "img"
        assert len(svg["aria-label"]) > 40
    headings = [tag for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == "h1"
    assert set(headings[1:]) <= {"h2"}
    assert len(page.all("caption")) == len(page.all("table"))
    assert {cell["scope"] for cell in page.all("th")} == {"col", "row"}
    assert page.all("html") == [{"lang": "en"}]
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"(?:href=\"#|url\(#)([^)\"]*)", pages[name])) <= set(ids)


def test_the_choices_stand_on_the_page_that_is_asked_for_them(outlooks, pages):
    said = outlooks[0].choices().attrs
    assert " ".join(said["sentences"][:2]) in Page(pages["choices"]).texts
    assert set(said["notes"]) <= set(Page(pages["choices"]).texts)
    assert "When to bring him back" not in pages["one"]


def test_it_says_it_in_three_sentences_a_table_notes_and_the_digest(outlooks, pages):
    outlook, page = outlooks[0], Page(pages["one"])
    assert outlook.summary("Europe/Madrid", sentences=3) in page.texts
    row = outlook.fixtures.iloc[3]
    cell = f"{row.p_fit:.0%} ({row.p_fit_low:.0%} to {row.p_fit_high:.0%})"
    assert {row.fixture, cell, "Sun 22 Mar, 21:00", "England squad announced", *outlook.notes} <= set(page.texts)
    assert any(outlook.model.digest in text for text in page.texts)


def test_matches_and_deadlines_stand_in_the_order_of_the_calendar(pages):
    cells = re.findall(r'<th scope="row">([^<]*)</th>', pages["one"])
    after = ("Man City v Real Madrid", "England squad announced", "Real Madrid v Atletico")
    assert [cells.index(name) for name in after] == [2, 3, 4]
    assert cells[-1] == "World Cup opens"


def test_what_the_table_says_is_not_read_twice(outlooks, pages):
    heard = [Page(pages[name]).all("svg")[0]["aria-label"] for name in ("one", "cleared")]
    f, below = outlooks[0].fixtures.p_fit, "The table below has all numbers."
    told = f"{percent(f.iloc[0])} for Real Madrid v Man City, {percent(f.iloc[-1])} for England v Japan"
    assert heard[0] == f"The chance that Jude Bellingham is fit by kick-off: {told}. {below}"
    assert " plays: " in heard[1]


def test_the_marks_of_the_picture_are_told(pages):
    told = "Diamonds: deadlines. Triangles: reported, out until 14 Mar, back by 22 Mar."
    assert any(text.endswith(told) for text in Page(pages["one"]).texts)
    assert not any("Diamonds" in text or "Triangles" in text for text in Page(pages["cleared"]).texts)


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


# Which letters of a page have a contrast of less than 4.5:1, by the rule of WCAG 2; those of a picture stand on the ground
# of the page, or on a colour of their own, which charts/test_squad_sheet.py looks at.
LOOK = """
const page = frame.contentDocument, view = frame.contentWindow;
const light = text => {
  const [r, g, b] = text.match(/[0-9.]+/g).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
};
const ground = light(view.getComputedStyle(page.body).backgroundColor);
const faint = [...page.querySelectorAll("body *")].filter(e => {
  const own = [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
  if (!own || e.tagName == "style" || e.closest(".wide")) return false;
  const style = view.getComputedStyle(e), ink = light(e.closest("svg") ? style.fill : style.color);
  return Math.max(ink, ground) / Math.min(ink, ground) < 4.5;
});
const over = [...page.querySelectorAll("h1, h2, p, figure, figcaption, ul, .scroll, .wide")]
  .filter(e => e.getBoundingClientRect().right > view.innerWidth + 0.5);
const root = page.documentElement;
document.title = JSON.stringify({
  inner: view.innerWidth, laid_out: root.scrollWidth, ground: ground,
  faint: faint.map(e => e.textContent), over: over.map(e => e.outerHTML.slice(0, 80)),
});
"""


def in_browser(*flags: str) -> subprocess.CompletedProcess:
    kept = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--no-pdf-header-footer"]
    return subprocess.run(
        [BROWSER, *kept, *flags, Path("page.html").absolute().as_uri()], capture_output=True, text=True
    )


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("name", ["one", "choices", "squad", "forty"])
def test_nothing_overflows_in_a_browser_nothing_is_faint_and_the_console_is_empty(pages, inside, name, width, scheme):
    """The page stands in a frame, for no window of a browser is as narrow as a phone; the frame is looked at."""
    frame = f'<iframe style="border: 0; color-scheme: {scheme}" width="{width}" height="900" srcdoc="{escape(pages[name])}">'
    script = f"<script>const frame = document.querySelector('iframe'); frame.onload = () => {{ {LOOK} }};</script>"
    (inside / "page.html").write_text(f'<meta charset="utf-8">{frame}</iframe>{script}', "utf-8")
    seen = in_browser("--dump-dom", "--window-size=1400,1000")
    found = json.loads(unescape(re.search("<title>(.*?)</title>", seen.stdout)[1]))
    assert found["inner"] == width
    assert found["laid_out"] <= width
    assert (found["ground"] > 0.5) == (scheme == "light")
    assert found["faint"] == found["over"] == []
    assert "CONSOLE" not in seen.stderr


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
@pytest.mark.parametrize("count", [1, 18, 40])
def test_it_prints_on_one_side_of_a4(model, inside, count):
    outlooks = [
        model.forecast(case([3.2, 10, 17], f"Wanderers {k % 11} v Hotspur", player=f"B. N. Example-Longname {k}"))
        for k in range(count)
    ]
    (inside / "page.html").write_text(fc.squad_html(outlooks) if count > 1 else outlooks[0].to_html(), "utf-8")
    in_browser("--print-to-pdf=page.pdf")
    pdf = (inside / "page.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1 + (count == 40)
    if shutil.which("pdftotext"):
        second = subprocess.run(["pdftotext", "-f", "2", "page.pdf", "-"], capture_output=True, text=True).stdout
        assert count < 40 or "Next match" in second  # the head of the table
    box = re.search(rb"/MediaBox \[([^]]*)\]", pdf)[1]
    assert [float(end) for end in box.split()] == pytest.approx([0.0, 0.0, 595.0, 842.0], abs=0.5)
