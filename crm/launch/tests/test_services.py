"""The embedded servers: made, remembered, recovered, refused."""

import errno
import io
import os
import signal
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from crm.launch import services as services_module
from crm.launch import users
from crm.launch.children import Output
from crm.launch.errors import LaunchError
from crm.launch.paths import DataDir
from crm.launch.ports import keep_or_choose, web_port
from crm.launch.services import Services
from crm.launch.state import RunState


@pytest.fixture
def data(monkeypatch):
    """A data folder that the service user may enter, with no server in the environment."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    with tempfile.TemporaryDirectory(prefix="crm-launch-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        folder = DataDir(Path(name) / "data")
        folder.prepare()
        yield folder


@pytest.fixture
def start(data):
    """Starts the servers; stops them in the end."""
    begun = []

    def begin():
        running = Services(data, RunState(data), Output(io.StringIO()), lambda: False)
        begun.append(running)
        running.start()
        return running

    yield begin
    for running in begun:
        for child in running.children:
            child.stop()


def test_servers_start_keep_their_data_and_survive_a_kill(start):
    first = start()
    with psycopg2.connect(first.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT '客户管理' AS name")
        cursor.execute("SELECT upper('é'), datcollate, datlocprovider FROM pg_database WHERE datname = 'crm'")
        assert cursor.fetchone()[0] == "É"
    connection.close()
    redis.Redis.from_url(first.redis_url).set("kept", "yes")
    for child in first.children:
        os.kill(child.process.pid, signal.SIGKILL if child.name == "postgres" else signal.SIGTERM)
        child.process.wait(10)
    second = start()
    with psycopg2.connect(second.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name FROM kept")
        assert cursor.fetchone() == ("客户管理",)
    connection.close()
    assert redis.Redis.from_url(second.redis_url).get("kept") == b"yes"
    assert second.database_url.split(":")[2] == first.database_url.split(":")[2], "the password is remembered"


def test_wrong_password_is_refused(start):
    running = start()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(running.database_url.replace("crm:", "crm:not-"))


def test_dead_server_is_started_again(start):
    running = start()
    postgres = next(child for child in running.children if child.name == "postgres")
    postgres.process.kill()
    postgres.process.wait(10)
    deadline = time.monotonic() + 15
    while not (postgres.alive and running.postgres.answers()) and time.monotonic() < deadline:
        postgres.tend()
        time.sleep(0.05)
    assert running.postgres.answers()


def test_data_of_another_version_is_refused_with_both_numbers(start, data):
    account = users.service_account()
    account.own(data.postgres)
    (data.postgres / "PG_VERSION").write_text("9\n")
    with pytest.raises(LaunchError, match=r"made by PostgreSQL 9, the program here is \d+: set POSTGRES_BIN"):
        start()


def test_foreign_folder_is_not_overwritten(start, data):
    data.postgres.mkdir()
    (data.postgres / "letters.txt").write_text("mine")
    with pytest.raises(LaunchError, match="not a PostgreSQL data folder"):
        start()
    assert (data.postgres / "letters.txt").read_text() == "mine"


def test_root_without_another_user_is_told_of_database_url(monkeypatch):
    monkeypatch.setattr(users, "is_root", lambda: True)
    monkeypatch.setattr(users, "_candidates", lambda: [users.Account("ghost", 2**31 - 7, 2**31 - 7)])
    monkeypatch.setattr(users.Account, "can_run", lambda *_: False)
    with pytest.raises(LaunchError, match="set DATABASE_URL"):
        users.service_account()


def test_data_folder_below_a_closed_home_is_one_clear_line(data, monkeypatch):
    closed = users.Account("somebody", 4711, 4711)
    monkeypatch.setattr(users.Account, "can_enter", lambda *_: False)
    monkeypatch.setattr(services_module, "service_account", lambda: closed)
    with pytest.raises(LaunchError, match=r"may not enter .* set DATA_DIR"):
        Services(data, RunState(data), Output(io.StringIO()), lambda: False).start()


def test_ports(monkeypatch):
    chosen = keep_or_choose(None)
    assert keep_or_choose(chosen) == chosen
    with pytest.raises(LaunchError, match="from 1 to 65535"):
        web_port("seventy", "127.0.0.1")
    for host in ("203.0.113.9", "2001:db8::9"):
        with pytest.raises(LaunchError, match="which is no address of this machine"):
            web_port("", host)
    monkeypatch.setattr("crm.launch.ports._refused", lambda port, _host: errno.EACCES if port else None)
    with pytest.raises(LaunchError, match="Port 80 is for root only"):
        web_port("80", "127.0.0.1")
    monkeypatch.setattr("crm.launch.ports.is_free", lambda port, _host="": port == 8003)
    assert web_port("", "127.0.0.1") == 8003
    monkeypatch.setattr("crm.launch.ports.is_free", lambda *_: False)
    with pytest.raises(LaunchError, match="set PORT"):
        web_port("", "127.0.0.1")
