from crm.testing.access import PUBLIC, Need

from .journey_access import JOURNEY_TABLE
from .landing_access import LANDING_TABLE

_SEE, _PREPARE, _SEND, _KEEP = "campaigns.view", "campaigns.create", "campaigns.send", "campaigns.suppress"

access_table: dict[str, Need] = {
    "marketing:campaign_list": _SEE,
    "marketing:campaign_create": _PREPARE,
    "marketing:campaign_calendar": _SEE,
    "marketing:recipient_list": _SEE,
    "marketing:campaign_detail": _SEE,
    "marketing:campaign_update": _PREPARE,
    "marketing:campaign_audience": _PREPARE,
    "marketing:campaign_content": _PREPARE,
    "marketing:campaign_schedule": _PREPARE,
    "marketing:campaign_check": _SEND,
    "marketing:campaign_count": _PREPARE,
    "marketing:campaign_people": _SEE,
    "marketing:campaign_sales": _SEE,
    "marketing:campaign_preview": _SEE,
    "marketing:campaign_preview_mail": _SEE,
    "marketing:campaign_test": _PREPARE,
    "marketing:campaign_unschedule": _SEND,
    "marketing:campaign_pause": _SEND,
    "marketing:campaign_resume": _SEND,
    "marketing:campaign_cancel": _SEND,
    "marketing:campaign_finish": _SEND,
    "marketing:campaign_copy": _PREPARE,
    "marketing:campaign_delete": _PREPARE,
    "marketing:cost_create": _PREPARE,
    "marketing:cost_remove": _PREPARE,
    "marketing:result_create": _PREPARE,
    "marketing:participant_create": _PREPARE,
    "marketing:participant_came": _PREPARE,
    "marketing:topic_list": "campaigns.manage",
    "marketing:topic_create": "campaigns.manage",
    "marketing:topic_update": "campaigns.manage",
    "marketing:suppression_list": _KEEP,
    "marketing:suppression_create": _KEEP,
    "marketing:suppression_detail": _KEEP,
    "marketing:suppression_lift": _KEEP,
    "responses:opened": PUBLIC,
    "responses:click": PUBLIC,
    "responses:shown": PUBLIC,
    "responses:trap": PUBLIC,
    "responses:register": PUBLIC,
    "responses:unsubscribe": PUBLIC,
    "responses:preferences": PUBLIC,
}
access_table |= LANDING_TABLE | JOURNEY_TABLE
