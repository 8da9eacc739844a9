"""A reading fetched from a real server on the loopback address, also where it is slow, down, cut short or another thing."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import forecast as fc
from feeds import READINGS
from forecast.__main__ import main
from forecast.feed import download as module
from forecast.feed.download import download

FIRST, *_, LAST = sorted(path for path in READINGS.iterdir() if path.is_dir())


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, self.headers["User-Agent"]))
        before = sum(path == self.path for path, _ in self.server.asked) - 1
        self.server.answer(self, before)

    def send(self, content: bytes, status: int = 200, length: int | None = None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.end_headers()
        self.wfile.write(content)

    def content(self) -> bytes:
        parts = self.path.strip("/").split("/")[1:]
        name = f"live-{parts[1]}.json" if parts[0] == "event" else f"{parts[0]}.json"
        files = [folder / name for folder in (self.server.folder, FIRST) if (folder / name).is_file()]
        return files[0].read_bytes() if files else json.dumps({"elements": []}).encode()

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch):
    """A server of the last reading; ``answer`` may be replaced."""
    monkeypatch.setattr(module, "PAUSES", (0.01, 0.02))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.folder = [], LAST
        server.answer = lambda handler, before: handler.send(handler.content())
        server.url = f"http://127.0.0.1:{server.server_port}/api"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(server) -> list[str]:
    return [path.removeprefix("/api/") for path, _ in server.asked]


def test_a_reading_is_added(server, tmp_path):
    folder = download(tmp_path / "feed", server.url)
    assert asked(server) == ["bootstrap-static/", "fixtures/", *(f"event/{n}/live/" for n in range(1, 28))]
    assert {agent.split(" ")[0] for _, agent in server.asked} == {f"forecast/{module.version('return-forecast')}"}
    assert (folder / "bootstrap-static.json").read_bytes() == (LAST / "bootstrap-static.json").read_bytes()
    feed = fc.read_feed(tmp_path / "feed")
    assert feed.problems == ()
    assert len(feed.readings) == 1
    assert [path.name for path in (tmp_path / "feed").iterdir()] == [folder.name]


def test_only_rounds_that_are_not_there_whole_are_asked_for(server, tmp_path):
    """The first reading has rounds 10 to 15, the round of the day being 21."""
    (tmp_path / FIRST.name).symlink_to(FIRST)
    download(tmp_path, server.url)
    there = {int(path.stem[5:]) for path in FIRST.glob("live-*.json")}
    wanted = [n for n in range(1, 28) if n not in there]
    assert asked(server)[2:] == [f"event/{n}/live/" for n in wanted]


def test_a_round_that_was_read_half_played_is_asked_for_again(tmp_path):
    sub = tmp_path / "2024-01-23T1301Z"
    sub.mkdir()
    feed = json.loads((FIRST / "bootstrap-static.json").read_text())
    feed["events"] = [e | {"finished": e["id"] < 21} for e in feed["events"]]
    (sub / "bootstrap-static.json").write_text(json.dumps(feed))
    for number in (20, 21):
        (sub / f"live-{number}.json").write_text('{"elements": []}')
    assert module.whole_rounds(tmp_path) == {("2023-24", 20)}


def test_a_server_that_is_down_twice_and_one_that_is_slow(server, tmp_path):
    def answer(handler, before):
        if before < 2 and "fixtures" in handler.path:
            return handler.send(b"busy", 503)
        time.sleep(0.05 if "event" not in handler.path else 0)
        return handler.send(handler.content())

    server.answer = answer
    assert fc.read_feed(download(tmp_path, server.url)).problems == ()
    assert asked(server)[:4] == ["bootstrap-static/", *["fixtures/"] * 3]


BROKEN = {
    "down": (lambda handler, before: handler.send(b"busy", 503), 3, "'503 Service Unavailable'"),
    "gone": (lambda handler, before: handler.send(b"", 404), 1, "'404 Not Found'"),
    "cut short": (lambda handler, before: handler.send(b'{"events": [', length=5000), 3, "12 of 5000 bytes"),
    "HTML": (
        lambda handler, before: handler.send(b"<!doctype html><title>The game is being updated"),
        3,
        "<!doctype html>",
    ),
    "silent": (lambda handler, before: time.sleep(0.3), 3, "timed out"),
    "another feed": (lambda handler, before: handler.send(b'{"detail": "x"}'), 1, "elements: missing; must be given"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_whole_files_or_none_and_one_line(server, tmp_path, capsys, monkeypatch, how):
    server.answer, tries, line = BROKEN[how]
    monkeypatch.setattr(module, "TIMEOUT", 0.1)
    assert main(["feed", "--download", str(tmp_path / "feed"), "--url", server.url]) == 2
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith(f"{server.url}/bootstrap-static/: ")
    assert line in said
    assert asked(server).count("bootstrap-static/") == tries
    assert not (tmp_path / "feed").exists()


def test_a_later_file_that_fails_leaves_nothing(server, tmp_path):
    server.answer = lambda handler, before: handler.send(handler.content() if "event/27" not in handler.path else b"[]")
    with pytest.raises(fc.DataError, match=r"event/27/live/: \[\]; must be an object"):
        download(tmp_path, server.url)
    assert list(tmp_path.iterdir()) == []


def test_nobody_listens_and_what_is_no_address(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))
    with pytest.raises(fc.DataError, match=r"http://127.0.0.1:9/api/bootstrap-static/: .*refused"):
        download(tmp_path, "http://127.0.0.1:9/api")
    with pytest.raises(fc.DataError, match="--url: 'file:///etc'; must begin with http"):
        download(tmp_path, "file:///etc")


def test_a_reading_a_minute(server, tmp_path):
    folder = download(tmp_path, server.url)
    with pytest.raises(fc.DataError, match="must not be there yet: a reading a minute"):
        module._write(tmp_path, folder.name, {})
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
