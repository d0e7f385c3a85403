"""Who may open the addresses of tickets, of the service desk's settings and of the help centre."""

from crm.testing.access import LOGIN, PUBLIC, TOKEN

_rows = {
    "tickets.view": (
        "ticket_list ticket_detail ticket_older ticket_draft ticket_presence ticket_why ticket_macro ticket_follow"
        " ticket_unfollow ticket_pending"
    ),
    "tickets.create": "ticket_create ticket_part_create caller_people caller_person caller_questions",
    "tickets.update": "ticket_update ticket_status ticket_priority",
    "tickets.delete": "ticket_delete",
    "tickets.take": "tickets_take_back ticket_accept ticket_next",
    "tickets.reply": "ticket_reply ticket_ask_answers ticket_canned ticket_take_back ticket_send_now",
    "tickets.note": "ticket_mentions ticket_note",
    "tickets.resolve": "ticket_resolve ticket_close ticket_merge ticket_unmerge",
    "tickets.reassign": "ticket_reassign",
}
_desk = (
    "service_settings matrix request_type_list request_type_create request_type_update status_list status_create"
    " status_update skill_list skill_create skill_update agent_profile_list agent_profile_create"
    " request_type_detail request_type_switch request_type_preview request_type_links request_type_code"
    " question_create question_update question_verb"
    " agent_profile_update trial sla_policy_list sla_policy_create sla_policy_detail sla_policy_update"
)
_own = "canned_reply_list canned_reply_create canned_reply_update macro_list macro_create macro_update own_preferences"
_help = (
    "home ticket_submit ticket_expected ticket_received ticket_sent ticket_track ticket_track_confirm"
    " ticket_track_reply ticket_rate ticket_submit_type ticket_ask_again ticket_expected_again"
    " ticket_lost ticket_lost_sent ticket_track_solved ticket_track_texts"
)

#: For contacts: others are led to the portal's own sign-in.
_portal = (
    "ticket_list ticket_create ticket_create_type ticket_expected ticket_detail ticket_reply ticket_solved ticket_rate"
)
_requests = "request_list request_choose request_create request_detail request_reply request_solved request_rate"

_api = {
    "ticket_list": "view", "ticket_detail": "view", "ticket_messages": "view", "ticket_reply": "reply",
    "status_list": "view", "status_detail": "view", "request_type_list": "view",
    "request_type_detail": "view", "ticket_note": "note",
    "ticket_assign": "reassign", "ticket_status": "update", "ticket_resolve": "resolve",
}  # fmt: skip

access_table = (
    {f"tickets:{name}": need for need, names in _rows.items() for name in names.split()}
    | {f"desk:{name}": "tickets.manage" for name in _desk.split()}
    | {f"desk:{name}": "tickets.reply" for name in _own.split()}
    | {"desk:trial_remove": "console.erase", "tickets:ticket_articles": ("tickets.reply", "knowledge.view")}
    | {f"requests:{name}": LOGIN for name in _requests.split()}
    | {f"help:{name}": PUBLIC for name in _help.split()}
    | {f"support:{name}": PUBLIC for name in _portal.split()}
    | {f"api:{name}": (TOKEN, f"tickets.{right}") for name, right in _api.items()}
)
