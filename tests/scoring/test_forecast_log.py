import json
import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pandas as pd
import pytest

import forecast as fc
from forecast.commands.cases import log_record
from forecast.io.read import data_folder
from forecast.scoring import forecast_log as log
from refused import refused


@pytest.fixture(scope="module")
def quick(model):
    return replace(model, draws=60)


def outlook(model, player: str = "A", as_of: str = "2025-10-01") -> fc.Outlook:
    fixtures = [fc.Fixture("A v B", "2025-10-04"), fc.Fixture("C v A", "2025-10-11")]
    return model.forecast(fc.Case(player, "2025-09-14", as_of, fixtures))


def append(path, outlooks) -> None:
    log.append(path, [log_record(o) for o in outlooks])


lines_of = partial(refused, fc.DataError)


def test_what_was_forecast_is_appended_and_read_again(inside, quick):
    first, second = outlook(quick), outlook(quick, "Ünal")
    append("log.jsonl", [first])
    before = (inside / "log.jsonl").read_bytes()
    append("log.jsonl", [second, first])
    assert (inside / "log.jsonl").read_bytes().startswith(before)
    assert len((inside / "log.jsonl").read_text("utf-8").splitlines()) == 3
    table = log.read_log("log.jsonl")
    assert list(table.player) == ["A", "A", "Ünal", "Ünal"]  # the same once more is no other forecast
    assert list(table.ahead) == [1, 2, 1, 2]
    assert list(table.p_plays[:2]) == list(first.fixtures.p_plays)
    assert set(table.model) == {quick.digest}
    assert (table.made > table.as_of).all()


def test_what_is_no_file_is_written_to_and_not_read(inside, quick):
    os.mkfifo("pipe")
    with ThreadPoolExecutor(1) as executor:
        read = executor.submit((inside / "pipe").read_bytes)
        append("pipe", [outlook(quick)])
        assert read.result().count(b"\n") == 1
    append(os.devnull, [outlook(quick)])
    with pytest.raises(OSError, match="No space left"):
        append("/dev/full", [outlook(quick)])


def test_a_line_says_by_which_model(inside, quick):
    append("log.jsonl", [outlook(quick)])
    quick.save("model.json")
    line = json.loads((inside / "log.jsonl").read_text())
    assert line["model"] == {"trained_on": quick.trained_on, "sha256": fc.load_model("model.json").digest}


def test_the_digest_is_that_of_the_saved_file(model):
    """sha256sum data/model.json"""
    import hashlib

    assert model.digest == hashlib.sha256((data_folder() / "model.json").read_bytes()).hexdigest()


def test_a_forecast_of_the_same_moment_counts_once(inside, quick):
    append("log.jsonl", [outlook(quick), outlook(quick, as_of="2025-10-02"), outlook(quick)])
    assert len(log.read_log("log.jsonl")) == 4


def played(p_plays: float, p_returns: float) -> dict[str, object]:
    return {"fixture": "A", "kickoff": "2025-10-04", "p_plays": p_plays, "p_returns": p_returns}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"player": None}, None),
        ({"fixtures": []}, "0 fixtures"),
        ({"fixtures": [played(1.1, 0.0)]}, "a probability"),
        ({"fixtures": [played(float("nan"), 0.0)]}, "a probability"),
        ({"fixtures": [played(0.1, 0.2)]}, "p_returns 0.200 above p_plays 0.100"),
        ({"fixtures": [played(0.6, 0.6)] * 2}, "p_returns that add up to 1.200"),
        ({"made": "2025-09-01"}, "made 2025-09-01, before it was 2025-10-01"),
        ({"made": "soon"}, "when: 'soon'"),
        ({"model": {}}, "'sha256'"),
    ],
)
def test_a_line_that_is_none(inside, quick, change, what):
    append("log.jsonl", [outlook(quick)])
    good = (inside / "log.jsonl").read_text()
    (inside / "log.jsonl").write_text(good + json.dumps(json.loads(good) | change) + "\n")
    if what is None:
        assert len(log.read_log("log.jsonl")) == 4
        return
    (line,) = lines_of(log.read_log, "log.jsonl")
    assert line.startswith("log.jsonl: line 2: ")
    assert what in line


@pytest.mark.parametrize("content", ["", "\n", "[]\n", "{\n", "1\n", "[" * 100_000, "\x00"])
def test_a_file_that_is_no_log(inside, content):
    (inside / "log.jsonl").write_text(content)
    (line,) = lines_of(log.read_log, "log.jsonl")
    assert line.startswith("log.jsonl: ")


def test_a_log_that_is_not_there_is_one_line(inside):
    (line,) = lines_of(log.read_log, "none.jsonl")
    assert line == "none.jsonl: 'No such file or directory'; must be a file that can be read"


def _append(path, player: str, times: int) -> None:
    one = outlook(replace(fc.default_model(), draws=3), player)
    for _ in range(times):
        append(path, [one])


def test_two_that_log_to_one_file_at_once_lose_no_line(inside):
    path = inside / "log.jsonl"
    processes = [multiprocessing.get_context("spawn").Process(target=_append, args=(path, p, 40)) for p in "AB"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    players = [json.loads(line)["player"] for line in path.read_text().splitlines()]
    assert sorted(players) == ["A"] * 40 + ["B"] * 40


def test_what_is_no_log_is_not_added_to(inside, quick):
    (inside / "mine.txt").write_text("a letter")
    assert lines_of(append, "mine.txt", [outlook(quick)])[0].startswith("mine.txt: 'a last line without an end'")
    assert (inside / "mine.txt").read_text() == "a letter"


def test_an_interrupted_write_leaves_the_log_as_it_was(inside, quick, monkeypatch):
    append("log.jsonl", [outlook(quick)])
    before = (inside / "log.jsonl").read_bytes()

    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        append("log.jsonl", [outlook(quick, "B")])
    assert (inside / "log.jsonl").read_bytes() == before
    assert isinstance(log.read_log("log.jsonl"), pd.DataFrame)
