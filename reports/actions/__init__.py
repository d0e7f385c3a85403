"""Verbs of reports."""

from .dashboards import (
    add_tile,
    delete_dashboard,
    move_tile,
    order_tiles,
    remove_tile,
    save_dashboard,
    set_first_dashboard,
    shape_tile,
)
from .exporting import record_export
from .mailing import delete_mailed_report, save_mailed_report, send_report, start_due, stop_mail
from .targets import set_targets

__all__ = [
    "add_tile",
    "delete_dashboard",
    "delete_mailed_report",
    "move_tile",
    "order_tiles",
    "record_export",
    "remove_tile",
    "save_dashboard",
    "save_mailed_report",
    "send_report",
    "set_first_dashboard",
    "set_targets",
    "shape_tile",
    "start_due",
    "stop_mail",
]
