"""The supervisor as a process: what it says, what it survives, how it stops."""

import io
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.launch.children import Output
from crm.launch.paths import BASE_DIR
from crm.launch.ports import any_free_port
from crm.launch.supervisor import Supervisor

#: What never comes is given up after so many seconds; a machine that is busy with other work may need most of them.
CEILING = 180
#: The last line of a start.
READY = "Ctrl-C stops everything"


class Running:
    """A supervisor in a process of its own, with its output collected."""

    def __init__(self, folder: Path, **extra: str) -> None:
        environment = {**os.environ, "DATA_DIR": str(folder), "PORT": str(any_free_port()), **extra}
        self.port = int(environment["PORT"])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "crm.launch.tests.fake_system"],
            cwd=BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._is_over = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self.lines.append(line.rstrip())
                self._news.notify_all()
        with self._news:
            self._is_over = True
            self._news.notify_all()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait_for(self, words: str, times: int = 1) -> None:
        """Until the words were printed so many times."""
        with self._news:
            self._news.wait_for(lambda: self.text.count(words) >= times or self._is_over, CEILING)
        assert self.text.count(words) >= times, self.text

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send the signal and return the exit code, with all output read."""
        self.process.send_signal(number)
        return self.finish()

    def finish(self) -> int:
        code = self.process.wait(CEILING)
        self._reader.join(CEILING)
        return code


def wait_until(condition: Callable[[], object], seconds: float = CEILING) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts supervisors on one data folder."""
    started: list[Running] = []

    def begin(**extra: str) -> Running:
        started.append(Running(tmp_path / "data", **extra))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait(10)


def state_of(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "data" / "run.json").read_text())


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_runs_announces_and_stops_in_order(start, tmp_path):
    system = start()
    system.wait_for(READY)
    state = state_of(tmp_path)
    assert state["running"] == {"pid": system.process.pid, "address": f"http://127.0.0.1:{system.port}"}
    assert state["database_url"] == os.environ["DATABASE_URL"]
    assert stat.S_IMODE((tmp_path / "data" / "run.json").stat().st_mode) == 0o600
    assert system.end(signal.SIGINT) == 0
    order = [line.split("| ")[1].split()[0] for line in system.lines if " stopped (" in line]
    assert order == ["web", "scheduler", "worker"]
    assert "running" not in state_of(tmp_path)
    assert "web is here" in (tmp_path / "data" / "logs" / "web.log").read_text()


def test_servers_of_the_environment_are_used_and_none_started(start, tmp_path):
    system = start()
    system.wait_for(f"database {os.environ['DATABASE_URL']}")
    system.wait_for(READY)
    assert not (tmp_path / "data" / "postgres").exists()
    assert not (tmp_path / "data" / "valkey").exists()


def test_taken_port_is_one_clear_line(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        system = start(PORT=taken)
        assert system.finish() == 1
    assert f"Port {taken} is taken by another program: set PORT" in system.text
    assert "Traceback" not in system.text


def test_second_supervisor_names_the_first(start):
    first = start()
    first.wait_for(READY)
    second = start()
    assert second.finish() == 1
    assert f"Already running at http://127.0.0.1:{first.port}" in second.text
    assert first.process.poll() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the parent-death signal is Linux's")
def test_killed_supervisor_takes_its_children_along_and_leaves_no_lock(start):
    first = start()
    first.wait_for(READY)
    assert accepts(first.port)
    first.end(signal.SIGKILL)
    wait_until(lambda: not accepts(first.port))
    again = start(PORT=str(first.port))
    again.wait_for(READY)
    assert again.end() == 0


def test_what_dies_is_started_again(start):
    system = start()
    system.wait_for(READY)
    children = Path(f"/proc/{system.process.pid}/task/{system.process.pid}/children")
    if not children.exists():
        pytest.skip("no /proc children here")
    for pid in children.read_text().split():
        if "http.server" in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(int(pid), signal.SIGKILL)
    system.wait_for("ended with code -9; starting it again")
    system.wait_for("web is here", times=2)
    wait_until(lambda: accepts(system.port))
    assert accepts(system.port)


def test_data_folder_that_cannot_be_written_is_one_clear_line(tmp_path):
    (tmp_path / "data").write_text("a file is in the way")
    system = Running(tmp_path / "data")
    assert system.finish() == 1
    assert "set DATA_DIR to a folder of your own" in system.text
    assert "Traceback" not in system.text


def test_demo_data_is_loaded_once_and_who_can_sign_in_is_repeated(start, tmp_path):
    """A first start loads; the second only says who can sign in; `demo` in run.json remembers it."""
    first = start(FAKE_DEMO="1")
    first.wait_for(READY)
    assert first.text.count("sign in: anna") == 2, "as it is loaded and when the system is ready"
    assert first.end() == 0
    assert state_of(tmp_path)["demo"] == "loaded"
    second = start(FAKE_DEMO="1")
    second.wait_for(READY)
    assert second.text.count("sign in: anna") == 1


def test_a_signal_in_the_middle_of_a_line_is_only_noted():
    """The line is written under a lock that the thread of the signal holds itself: a second line would never come."""
    supervisor = Supervisor(output=Output(SignalledWhileWriting()))
    before = signal.signal(signal.SIGTERM, supervisor._on_signal)
    try:
        supervisor.output.line("setup", READY)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert supervisor.is_stopping()


class SignalledWhileWriting(io.StringIO):
    """A stream whose reader asks for the end as soon as it sees a line."""

    def write(self, text: str) -> int:
        signal.raise_signal(signal.SIGTERM)
        return super().write(text)
