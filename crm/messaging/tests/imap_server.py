"""A small IMAP server on loopback: LOGIN, SELECT, UID SEARCH, FETCH, STORE, EXPUNGE, LOGOUT (RFC 3501).

`cut_after` breaks the connection once so many bytes were sent to the client, `uid_validity` may change.
"""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from contextlib import suppress

from crm.launch.ports import any_free_port


class ImapServer:
    """mails: UID → bytes, as the folder holds them. flags: UID → flags that clients set."""

    def __init__(self, user: str = "support", password: str = "secret") -> None:
        self.user, self.password = user, password
        self.mails: dict[int, bytes] = {}
        self.flags: dict[int, str] = {}
        self.uid_validity = 1
        self.next_uid = 1
        self.cut_after: int | None = None
        self.capabilities = "IMAP4rev1 UIDPLUS"
        self.connections = 0
        self.port = any_free_port()
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                owner.connections += 1
                with suppress(OSError, ValueError):
                    _Session(owner, self).run()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads = True, True

        self._server = Server(("127.0.0.1", self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> ImapServer:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, raw: bytes) -> int:
        """A mail arrives."""
        uid, self.next_uid = self.next_uid, self.next_uid + 1
        self.mails[uid] = raw
        return uid


class _Session:
    def __init__(self, server: ImapServer, handler: socketserver.StreamRequestHandler) -> None:
        self.server, self.handler = server, handler

    def send(self, data: bytes) -> None:
        left = self.server.cut_after
        if left is not None and len(data) >= left:
            self.server.cut_after = None
            self.handler.wfile.write(data[:left])
            self.handler.wfile.flush()
            self.handler.connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        if left is not None:
            self.server.cut_after = left - len(data)
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def run(self) -> None:
        self.send(b"* OK ready\r\n")
        while line := self.handler.rfile.readline().decode():
            tag, _space, rest = line.strip().partition(" ")
            words = rest.split(" ", 1)
            name = words[0].upper()
            if name == "UID":
                words = words[1].split(" ", 1)
                name = f"UID_{words[0].upper()}"
            answer = getattr(self, f"do_{name.lower()}", self.unknown)(words[1] if len(words) > 1 else "")
            self.send(f"{tag} {answer}\r\n".encode())
            if name == "LOGOUT":
                return

    def unknown(self, _text: str) -> str:
        return "BAD unknown command"

    def do_capability(self, _text: str) -> str:
        self.send(f"* CAPABILITY {self.server.capabilities}\r\n".encode())
        return "OK done"

    def do_login(self, text: str) -> str:
        good = f'{self.server.user} "{self.server.password}"'
        return "OK welcome" if text == good else "NO [AUTHENTICATIONFAILED] secret internal detail"

    def do_select(self, text: str) -> str:
        if text != '"INBOX"':
            return "NO no such folder"
        self.send(f"* {len(self.server.mails)} EXISTS\r\n".encode())
        self.send(f"* OK [UIDVALIDITY {self.server.uid_validity}] numbers\r\n".encode())
        return "OK [READ-WRITE] selected"

    def do_uid_search(self, text: str) -> str:
        first = int(re.match(r"UID (\d+):\*", text)[1])  # type: ignore[index]
        uids = sorted(self.server.mails)
        found = [uid for uid in uids if uid >= first] or uids[-1:]  # "n:*" names the last one in any case
        self.send(f"* SEARCH {' '.join(map(str, found))}\r\n".encode())
        return "OK done"

    def do_uid_fetch(self, text: str) -> str:
        uid = int(text.split()[0])
        raw = self.server.mails.get(uid)
        if raw is None:
            return "OK done"
        number = sorted(self.server.mails).index(uid) + 1
        if "RFC822.SIZE" in text:
            self.send(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)})\r\n".encode())
        else:
            head = f"* {number} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode()
            self.send(head + raw + b")\r\n")
        return "OK done"

    def do_uid_store(self, text: str) -> str:
        uid, _space, flags = text.partition(" ")
        self.server.flags[int(uid)] = flags
        return "OK done"

    def do_uid_expunge(self, text: str) -> str:
        return self._expunge([int(text)])

    def do_expunge(self, _text: str) -> str:
        return self._expunge(list(self.server.mails))

    def _expunge(self, uids: list[int]) -> str:
        for uid in uids:
            if "Deleted" in self.server.flags.get(uid, ""):
                del self.server.mails[uid]
        return "OK done"

    def do_logout(self, _text: str) -> str:
        self.send(b"* BYE\r\n")
        return "OK done"
