"""Who may open the platform's addresses."""

from crm.testing.access import LOGIN, PUBLIC, TOKEN, Need

_VIEW, _STAFF, _STRUCTURE = "console.view_settings", "console.manage_staff", "console.manage_structure"
_ROLES, _JOBS, _AUDIT = "console.manage_roles", "console.manage_jobs", "console.view_audit"
_MAIL, _TEXTS = "messaging.manage_mail", "messaging.manage_templates"
_HOURS, _MANAGE_HOURS = "calendars.view", "calendars.manage"

_rows = {
    PUBLIC: "welcome healthz readyz metrics login login_code login_recovery login_enrol logout password_forgotten"
    " password_link_sent password_set two_step_picture",
    LOGIN: "own_absence absence_end user_absence"
    " home home_slot password_change profile availability own_sessions_end user_detail team_detail"
    " department_detail recycle_bin recycle_bin_restore recycle_bin_undo"
    " two_step two_step_begin two_step_confirm two_step_codes two_step_disable",
    _VIEW: "first_steps first_step_skip settings user_list team_list department_list",
    _STAFF: "user_create user_update user_suspend user_restore user_end_sessions user_send_link user_reset_two_step"
    " user_hand_over hand_over_detail hand_over_undo staff_import staff_import_start staff_import_sample"
    " staff_import_detail staff_import_errors"
    " role_list role_detail",
    _STRUCTURE: "team_create team_update department_create department_update",
    _ROLES: "role_create role_update",
    "console.manage_brand": "brand_update rate_list rate_create rate_import rate_update rate_remove",
    _TEXTS: "mail_text_list mail_text_update",
    "console.manage_apps": "first_steps_hide apps demo_data",
    _MAIL: "mail_server outgoing_mail_list outgoing_mail_detail outgoing_mail_retry outgoing_mail_hold"
    " sms sms_test sms_opt_out sms_opt_in outgoing_sms_list outgoing_sms_detail outgoing_sms_retry outgoing_sms_hold",
    "messaging.manage_mailboxes": "mailbox_list mailbox_create mailbox_detail mailbox_update mailbox_test",
    "messaging.handle_mail": "inbound_mail_list inbound_mail_detail inbound_mail_again inbound_mail_open"
    " inbound_mail_add inbound_mail_discard",
    _JOBS: "job_list job_detail job_retry system delivery_retry",
    "fields.manage": "tag_list tag_update tag_merge custom_field_list custom_field_create custom_field_update",
    "console.erase": "recycle_bin_erase",
    _AUDIT: "audit_log audit_export sighting_list",
    _HOURS: "calendar_list calendar_detail roster user_shifts",
    _MANAGE_HOURS: "calendar_create calendar_update holiday_create holiday_import holiday_delete shift_create"
    " shift_delete shift_day_create shift_day_delete",
}

access_table: dict[str, Need] = {f"console:{name}": need for need, names in _rows.items() for name in names.split()}
access_table |= {f"api:{name}": (TOKEN,) for name in ("user_list", "user_detail", "team_list", "team_detail")}
