"""The real supervisor with tiny stand-ins for web, worker and scheduler. Run with `python -m`."""

import os
import sys

from crm.launch import supervisor
from crm.launch.children import Spec
from crm.launch.paths import BASE_DIR
from crm.launch.setup import Steps

WEB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *words): pass
print("web is here", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
WAIT = "import time; print('waiting', flush=True); time.sleep(600)"


class FakeSystem(supervisor.Supervisor):
    """No tables and no static files; three processes that start at once."""

    def _set_up(self) -> None:
        self.output.line("setup", f"database {self.services.database_url}")
        if os.environ.get("FAKE_DEMO") and self.state.get("demo") != "loaded":
            base = self.data.root / "checkout"
            base.mkdir()
            (base / "manage.py").write_text("print('3 of 3 tickets'); print('sign in: anna, password demo')")
            self._load_demo(Steps(self.output, self.environment, self.account, self.is_stopping, base))

    def _processes(self, port: int) -> list[Spec]:
        commands = {
            "web": [sys.executable, "-c", WEB, str(port)],
            "worker": [sys.executable, "-c", WAIT],
            "scheduler": [sys.executable, "-c", WAIT],
        }
        return [Spec(name, command, self.environment, BASE_DIR, self.account) for name, command in commands.items()]


if __name__ == "__main__":
    supervisor.Supervisor = FakeSystem  # type: ignore[misc]
    sys.exit(supervisor.main(sys.argv[1:]))
