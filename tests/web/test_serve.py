"""Is a report shown to this machine only, and nothing else with it?"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from commonweal.core.errors import InputError
from commonweal.web.serve import ReportServer, report_server, serve


@dataclass
class Shown:
    """A report being served, and the log of it."""

    server: ReportServer
    log: list[str] = field(default_factory=list)

    def ask(self, path: str, *, method: str = "GET", host: str | None = None) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{self.server.server_port}")
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    folder = tmp_path / "out"
    (folder / "practices").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>Report</h1>", encoding="utf-8")
    (folder / "practices" / "Z00001.html").write_text("practice", encoding="utf-8")
    (folder / ".hidden").write_text("hidden", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "way-out").symlink_to(tmp_path)
    log: list[str] = []
    server = report_server(folder, say=log.append)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Shown(server, log)
    server.shutdown()
    server.server_close()


def test_the_report_opens_at_the_address(shown: Shown):
    answer, body = shown.ask("/")
    assert (answer.status, body) == (200, b"<h1>Report</h1>")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert shown.ask("/practices/Z00001.html")[1] == b"practice"
    assert shown.server.address == f"http://127.0.0.1:{shown.server.server_port}/"


def test_only_this_machine_can_reach_it(shown: Shown):
    assert shown.server.socket.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "report.example"])
def test_it_refuses_to_be_shown_to_a_network(tmp_path: Path, host: str):
    with pytest.raises(InputError, match="only shown on this machine"):
        report_server(tmp_path, host=host)


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/practices/../../secret.txt",
        "//secret.txt",
        "/way-out/secret.txt",
        "/.hidden",
        "/%00",
        "/practices/",
        "/missing.html",
    ],
)
def test_nothing_outside_the_folder_nor_a_list_of_it_is_handed_out(shown: Shown, path: str):
    answer, body = shown.ask(path)
    assert answer.status == 404
    assert b"secret" not in body.replace(path.encode(), b"")
    assert b"Z00001" not in body


def test_a_page_elsewhere_cannot_read_it_under_a_name_of_its_own(shown: Shown):
    answer, body = shown.ask("/", host="attacker.example")
    assert answer.status == 421
    assert b"Report" not in body.replace(b"This report is only", b"")
    assert shown.ask("/", host="localhost:1")[0].status == 200


def test_it_can_only_be_read(shown: Shown):
    assert shown.ask("/index.html", method="POST")[0].status == 501
    assert shown.ask("/index.html", method="DELETE")[0].status == 501


@pytest.mark.parametrize("path", ["/", "/missing.html"])
def test_every_answer_forbids_what_the_page_never_does(shown: Shown, path: str):
    headers = shown.ask(path)[0].headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"].strip() == "Commonweal"


def test_the_log_never_holds_a_query(shown: Shown):
    shown.ask("/index.html?patient=somebody")
    shown.ask("/missing.html?patient=somebody")
    assert shown.log == ["GET /index.html 200", "GET /missing.html 404"]


def test_a_port_in_use_is_one_clear_error(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} cannot be used.*Choose another with --port"):
            report_server(tmp_path, port=port)


def test_a_port_that_does_not_exist_is_one_clear_error(tmp_path: Path):
    with pytest.raises(InputError, match="port 70000 cannot be used"):
        report_server(tmp_path, port=70000)


def test_a_folder_that_is_not_there_is_one_clear_error(tmp_path: Path):
    with pytest.raises(InputError, match="no report to show"):
        report_server(tmp_path / "missing")


def test_an_interrupt_ends_it_quietly_and_frees_the_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    addresses: list[str] = []

    def interrupted(self: ReportServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(ReportServer, "serve_forever", interrupted)
    serve(tmp_path, announce=addresses.append)
    port = int(addresses[0].rstrip("/").rpartition(":")[2])
    report_server(tmp_path, port=port).server_close()
