"""How many rows a second come in from a file: the dry run, the run, what follows each row, and the way back.

    DATABASE_URL=postgres://… python -m benchmarks.imports --rows 10000

Makes a file of companies, each with a person, mail and phone, in GB18030, lets the jobs of the wizard work on it in
this process and counts time and queries of each step. "Followed" is the delivery of the rows' activities to search,
segments and every other reader. With --profile it prints where the run spends its time. Exit code 1 when the run is
slower than 100 rows a second. Rows are added to the database; --undo takes them back.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import harness

TICKETS = 2000
LEAST_ROWS_A_SECOND = 100
KINDS = ("customer", "lead", "product", "order", "equipment", "list_price")
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周", "芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚"
_PLACES = ("苏州", "杭州", "宁波", "无锡", "常州", "南京", "合肥", "厦门", "青岛", "长沙")
_TRADES = ("精密机械", "自动化设备", "包装材料", "电子科技", "仪器仪表", "食品", "纺织", "光学")


def file_of(rows: int, mark: str, kind: str = "customer") -> io.BytesIO:
    """A file of that many rows that no earlier run has seen. mark: what tells this run from others."""
    lines = people_of(rows, mark, kind) if kind in {"customer", "lead"} else things_of(rows, mark, kind)
    return io.BytesIO("\r\n".join(lines).encode("gb18030"))


def things_of(rows: int, mark: str, kind: str) -> list[str]:
    """Rows of customers and products that the demo holds."""
    from customers.models import Customer, Product
    from sales.models import PriceList

    whose = list(Customer.objects.external().order_by("pk").values_list("number", flat=True)[:50])
    codes = list(Product.objects.order_by("pk").values_list("code", flat=True)[:20])
    prices = PriceList.objects.order_by("pk").first()
    head, row = {
        "product": ("编码,名称,单价,税率", lambda n: f"B{mark}-{n},测试产品{n},{n % 900 + 1}.50,13"),
        "order": ("订单号,客户编号,编码,数量,单价",
                  lambda n: f"B{mark}-{n // 2},C-{whose[n // 2 % 50]},{codes[n % len(codes)]},{n % 5 + 1},{n % 90}.25"),
        "equipment": ("序列号,客户编号,设备,保修截止", lambda n: f"B{mark}-{n},C-{whose[n % 50]},打印机,2029-03-31"),
        "list_price": ("价格表,编码,起始数量,单价",
                       lambda n: f"{prices},{codes[n % len(codes)]},{int(mark) + n}.5,{n % 90}.25"),
    }[kind]  # fmt: skip
    return [head, *(row(number) for number in range(rows))]


def people_of(rows: int, mark: str, kind: str) -> list[str]:
    """Customers, or leads, nobody of whom is known."""
    lines = ["客户名称,联系人,邮箱,手机,行业,地址" if kind == "customer" else "姓名,公司,邮箱,手机,行业,地区"]
    for number in range(rows):
        person = _SURNAMES[number % 10] + _GIVEN[number // 10 % 20] + _GIVEN[number // 200 % 20]
        place, trade = _PLACES[number % 10], _TRADES[number // 10 % 8]
        company = f"{place}{mark}{number}{trade}有限公司"
        phone = f"13{int(mark) % 1000:03}{number:06}"
        end = f"{place}市工业路{number}号" if kind == "customer" else place
        first = (company, person) if kind == "customer" else (person, company)
        lines.append(",".join((*first, f"p{number}@b{mark}.example", phone, trade, end)))
    return lines


def counted(label: str, rows: int, work: Callable[[], Any], profile: bool = False) -> tuple[float, Any]:
    """Runs it and prints a line of the table; gives rows a second and what came of it."""
    from django.db import connection

    queries = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    watch = cProfile.Profile()
    began, own = time.monotonic(), time.process_time()
    with connection.execute_wrapper(count):
        if profile:
            watch.enable()
        found = work()
        watch.disable()
    took, own = time.monotonic() - began, time.process_time() - own
    print(f"| {label} | {took:.1f} | {rows / took:,.0f} | {queries / rows:.2f} | {own / rows * 1000:.2f} |", flush=True)
    if profile:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
    return rows / took, found


def run_job(record: Any) -> Any:
    """Works on the job until it ends. Raises `SystemExit` with the error of a job that failed."""
    from crm.jobs import runners
    from crm.jobs.choices import JobState

    while True:
        runners.run(record.job_id)
        record = type(record).objects.select_related("job").get(pk=record.pk)
        if record.job.error:
            raise SystemExit(record.job.error)
        if record.job.state == JobState.DONE:
            return record


def deliver() -> None:
    """Hands every waiting activity to its readers."""
    from crm.activity.dispatch import LANES, dispatch

    while sum(dispatch(lane) for lane in LANES):
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument("--kind", choices=KINDS, default="customer")
    parser.add_argument("--again", action="store_true", help="send the same file again, to be recognised")
    parser.add_argument("--undo", action="store_true")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    harness.start(options.tickets)

    from crm.accounts.access import actor_for
    from crm.accounts.models import User
    from crm.exchange import actions
    from crm.exchange.declarations import importers

    actor = actor_for(User.objects.get(email="admin@demo.example"))
    deliver()
    mark = str(int(time.time()) % 1_000_000)
    print("| | s | rows a second | queries a row | own ms a row |\n|---|---|---|---|---|")

    def bring(label: str) -> tuple[float, Any]:
        file = file_of(options.rows, mark, options.kind)
        receive = lambda: actions.receive_file(  # noqa: E731
            actor=actor, importer=importers[options.kind], file=file, name=f"bench {mark}.csv"
        )
        _rate, record = counted(f"reading{label}", options.rows, receive)
        actions.choose_columns(actor=actor, record=record, mapping=record.mapping, existing="update", date_order="day")
        record = actions.start_check(actor=actor, record=record)
        _rate, record = counted(f"dry run{label}", options.rows, lambda: run_job(record))
        record = actions.start_run(actor=actor, record=record)
        rate, record = counted(f"run{label}", options.rows, lambda: run_job(record), options.profile)
        counted(f"followed{label}", options.rows, deliver, options.profile)
        print(f"made {record.made}, changed {record.changed}, skipped {record.skipped}, wrong {record.wrong}")
        return rate, record

    rate, record = bring("")
    if options.again:
        bring(", again")
    if options.undo:
        record = actions.start_undo(actor=actor, record=record)
        counted("undo", options.rows, lambda: run_job(record), options.profile)
    return 0 if rate >= LEAST_ROWS_A_SECOND else 1


if __name__ == "__main__":
    sys.exit(main())
