from .bin import delete_campaign
from .campaigns import (
    approve_campaign,
    copy_campaign,
    count_audience,
    create_campaign,
    reopen_campaign,
    schedule_campaign,
    unschedule_campaign,
    update_campaign,
)
from .costs import add_cost, enter_result, remove_cost
from .events import add_participant, note_attendance, register
from .preferences import set_preferences, unsubscribe
from .responses import note_hit
from .sending import begin, cancel_campaign, finish_campaign, pause_campaign, resume_campaign, send_batch, settle
from .suppression import add_suppression, lift_suppression, suppress
from .testing import send_test
from .topics import save_topic

__all__ = [
    "add_cost",
    "add_participant",
    "add_suppression",
    "approve_campaign",
    "begin",
    "cancel_campaign",
    "copy_campaign",
    "count_audience",
    "create_campaign",
    "delete_campaign",
    "enter_result",
    "finish_campaign",
    "lift_suppression",
    "note_attendance",
    "note_hit",
    "pause_campaign",
    "register",
    "remove_cost",
    "reopen_campaign",
    "resume_campaign",
    "save_topic",
    "schedule_campaign",
    "send_batch",
    "send_test",
    "set_preferences",
    "settle",
    "suppress",
    "unschedule_campaign",
    "unsubscribe",
    "update_campaign",
]
