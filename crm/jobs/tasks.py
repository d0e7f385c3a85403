"""The platform's tasks: run a job slice, run a sweep, prove that a worker lives."""

from celery import shared_task

from . import heartbeat, runners, ticker


@shared_task(name="jobs.run")
def run(job_id: int) -> None:
    runners.run(job_id)


@shared_task(name="jobs.sweep")
def sweep(key: str) -> None:
    ticker.run_sweep(key)


@shared_task(name="jobs.beat")
def beat() -> None:
    heartbeat.beat("worker")
