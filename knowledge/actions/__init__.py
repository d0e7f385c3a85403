"""Verbs on articles."""

from .articles import check_article, delete_article, erase_article, restore_article, update_article
from .categories import delete_category, save_category
from .publishing import (
    approve_text,
    ask_review,
    drop_schedule,
    publish_due,
    publish_text,
    schedule_text,
    send_back,
    unpublish_text,
)
from .reading import count_reading, give_feedback, note_miss, note_read, note_use, settle_miss
from .texts import begin_article, drop_draft, keep_draft, restore_version, save_text

__all__ = [
    "approve_text", "ask_review", "begin_article", "check_article", "count_reading", "delete_article",
    "delete_category", "drop_draft", "drop_schedule", "erase_article", "give_feedback", "keep_draft", "note_miss",
    "note_read", "note_use", "publish_due", "publish_text", "restore_article", "restore_version", "save_category",
    "save_text", "schedule_text", "send_back", "settle_miss", "unpublish_text", "update_article",
]  # fmt: skip
