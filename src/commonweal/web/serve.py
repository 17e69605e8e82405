"""How is a folder of reports shown in a browser on the same machine?

Only to this machine, only files of that folder, only by reading. Meant for one person looking at their own report, not
for a network.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from commonweal.core.errors import InputError
from commonweal.web.html import POLICY

LOOPBACK = "127.0.0.1"
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class ReportServer(ThreadingHTTPServer):
    """A server of one folder."""

    daemon_threads = True
    # Elsewhere than on Windows this only lets a port be used again at once; there it would share it with a stranger.
    allow_reuse_address = sys.platform != "win32"

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        host, port = str(self.server_address[0]), self.server_port
        return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


class ReportHandler(SimpleHTTPRequestHandler):
    """Hands out the files of the folder, and nothing else."""

    server_version = "Commonweal"
    sys_version = ""
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".html": "text/html; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".beancount": "text/plain; charset=utf-8",
        ".svg": "image/svg+xml",
    }

    def __init__(self, *args: Any, say: Callable[[str], None], **kwargs: Any) -> None:
        self.say = say
        super().__init__(*args, **kwargs)

    def send_head(self) -> Any:
        """The file asked for, once the address and the file are found to be allowed."""
        if not self._named_locally():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This report is only shown on this machine")
            return None
        if not self._in_folder():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        """Nothing: folders are not listed."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """The headers of every answer, errors too."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """One line an answer, without what stands behind a question mark."""
        status = code.value if isinstance(code, HTTPStatus) else code
        self.say(f"{self.command or '-'} {urlsplit(getattr(self, 'path', '-')).path} {status}")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what `log_request` says is enough, and the request line may hold a query."""

    def _in_folder(self) -> bool:
        root = Path(self.directory).resolve()
        try:
            # Resolved, so that neither `..` nor a symbolic link leads out of the folder.
            wanted = Path(self.translate_path(self.path)).resolve()
        except (OSError, ValueError):
            return False
        return wanted.is_relative_to(root) and not any(p.startswith(".") for p in wanted.relative_to(root).parts)

    def _named_locally(self) -> bool:
        # A page elsewhere can make its own name point at this machine; it cannot make the browser say this name.
        name = urlsplit(f"//{self.headers.get('Host', '')}").hostname or ""
        bound = str(self.connection.getsockname()[0])
        return name == "localhost" or name == bound or _is_loopback(name)


def report_server(
    folder: Path, *, host: str = LOOPBACK, port: int = 0, say: Callable[[str], None] = lambda line: None
) -> ReportServer:
    """A server of the folder, bound but not yet serving.

    Takes    port: 0 for any free one; say: what to do with a line of its log.
    Raises   InputError when the folder is not there, the host is not this machine, or the port cannot be had.
    """
    if not folder.is_dir():
        raise InputError("there is no report to show", where=str(folder), mend="Build the report first.")
    if not (host == "localhost" or _is_loopback(host)):
        raise InputError(
            "a report is only shown on this machine", where=host, mend=f"Use {LOOPBACK}, or copy the files elsewhere."
        )
    handler = partial(ReportHandler, directory=str(folder), say=say)
    try:
        return ReportServer((host, port), handler)
    except (OSError, OverflowError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "ports go up to 65535"
        raise InputError(
            f"port {port} cannot be used: {reason}",
            where=f"{host}:{port}",
            mend="Choose another with --port, or 0 for any free one.",
        ) from None


def serve(
    folder: Path,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    announce: Callable[[str], None] = print,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Show the folder until interrupted.

    Takes    announce: told the address once the server can be asked; say: what to do with a line of its log.
    Raises   InputError as `report_server`.
    """
    with report_server(folder, host=host, port=port, say=say) as server:
        announce(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
