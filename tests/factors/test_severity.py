from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.factors.severity import GAP, effect_of, grade_effects, shifted, tendon_effects
from learned import invented_model
from refused import refused


@pytest.fixture(scope="module")
def model() -> fc.ReturnModel:
    return invented_model()


@pytest.fixture(scope="module")
def case() -> fc.Case:
    return fc.example_case("no-news")


def test_a_case_without_them_is_what_it_was(case, model):
    theta = model._theta
    assert effect_of(case) is None
    assert shifted(theta, effect_of(case), (1,)) is theta
    assert not any("grade" in note for note in model.forecast(case).notes)


def test_the_effects_are_those_of_the_papers():
    """By hand: days of grade g are log-normal with mean m and sd s, so log days have mean log m - v / 2 and variance
    v = log(1 + (s / m)**2). Ekstrand 2012: 8 (3), 17 (10), 22 (11), 73 (60) days, of 27, 118, 56 and 6 players."""
    m, s, n = np.array([8, 17, 22, 73]), np.array([3, 10, 11, 60]), np.array([27, 118, 56, 6])
    v = np.log(1 + (s / m) ** 2)
    effect = np.log(m) - v / 2 - ((np.log(m) - v / 2) * n).sum() / n.sum()
    for grade in range(4):
        assert grade_effects()[grade] == pytest.approx((effect[grade], np.sqrt(v[grade] / n[grade])))
    assert [round(mean, 2) for mean, _ in grade_effects().values()] == [-0.7, -0.03, 0.26, 1.32]


def test_the_tendon_beside_none_is_between_the_two_papers():
    """van der Made 2018: 24.0, 25.3 and 31.6 days against 22.2; Shamji 2021: 36 against 24, 13 of 61 players."""
    (much, se), (little, _) = tendon_effects()[True], tendon_effects()[False]
    made, shamji = np.log([24.0, 25.3, 31.6]).mean() - np.log(22.2), np.log(36 / 24)
    assert much - little == pytest.approx((made + shamji) / 2)
    assert 13 * much + 48 * little == pytest.approx(0)
    assert se == pytest.approx((shamji - made) / 2 * 48 / 61)


def test_the_worse_the_scan_the_later(case, model):
    known = [
        {"grade": 0},
        {"grade": 1, "tendon": False},
        {"grade": 1},
        {"grade": 2},
        {"grade": 2, "tendon": True},
        {"grade": 3},
    ]
    p_fit = [model.forecast(replace(case, **fields)).fixtures.p_fit for fields in known]
    for better, worse in zip(p_fit, p_fit[1:], strict=False):
        assert (worse < better).all()


def test_the_doubt_about_the_effect_is_in_the_band(case, model):
    usual, known = (model.forecast(c).fixtures for c in (case, replace(case, grade=1)))
    assert (known.p_fit_high - known.p_fit_low > 1.3 * (usual.p_fit_high - usual.p_fit_low)).all()


def test_the_draws_are_those_of_the_effect(case):
    theta, effect = {"location": np.zeros((4001, 1)), "log_scale": 1.0}, effect_of(replace(case, grade=2))
    drawn = shifted(theta, effect, (1,))["location"]
    assert drawn.mean() == pytest.approx(effect.mean, abs=0.001)
    assert drawn.std() == pytest.approx(np.hypot(GAP, grade_effects()[2][1]), rel=0.05)
    assert (drawn == shifted(theta, effect, (1,))["location"]).all()
    assert (drawn != shifted(theta, effect, (2,))["location"]).any()


def test_the_sources_are_named(case, model):
    note = model.forecast(replace(case, grade=2, tendon=True)).notes[-1]
    assert note.startswith(
        "For MRI grade 2 and a tendon that is involved recovery takes 1.6 times as long as usual (90%: 1.1"
    )
    for doi in ("10.1136/bjsports-2011-090155", "10.1136/bjsports-2017-097659", "10.1136/bmjsem-2020-001010"):
        assert doi in note


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"grade": 4}, "grade: 4; must be one of 0, 1, 2, 3"),
        ({"grade": "2c"}, "grade: '2c'; must be one of 0, 1, 2, 3"),
        ({"tendon": "maybe"}, "tendon: 'maybe'; must be true or false"),
        ({"grade": 0, "tendon": True}, "tendon: True; must not be true for grade 0, on which nothing is seen"),
    ],
)
def test_each_mistake_has_its_line(case, fields, line):
    assert refused(fc.CaseError, replace, case, **fields) == [line]


def test_a_case_file_may_name_them(inside):
    text = 'player = "A. N. Example"\nonset = 2025-09-14\nas_of = 2025-10-03\ngrade = 2\ntendon = true\n'
    (inside / "case.toml").write_text(text + '[[fixtures]]\nfixture = "Rovers v United"\nkickoff = 2025-10-04\n')
    case = fc.read_case("case.toml")
    assert (case.grade, case.tendon) == (2, True)


def test_news_weighs_against_a_scan(case, model):
    """An expected date that is seen near leaves little of the grade."""
    said = fc.Bulletin(issued=case.as_of, kind="chance", chance=75)
    apart = []
    for bulletins in ((), (said,)):
        mild, bad = (model.forecast(replace(case, grade=g, bulletins=bulletins)).fixtures.p_fit for g in (0, 2))
        apart.append((mild - bad).max())
    assert apart[1] < apart[0]
    assert pd.Series(apart).gt(0).all()


def test_the_published_figures_are_read_once(case, model, monkeypatch):
    known = replace(case, grade=2, tendon=True)
    model.forecast(known)
    monkeypatch.setattr("forecast.factors.severity.read_csv", None)  # whoever reads now fails
    assert "Ekstrand 2012 MRI" in model.forecast(known).notes[-1]
