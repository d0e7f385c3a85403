"""Who may open the addresses of reports."""

_view = (
    "gallery report report_add dashboard_list dashboard_create dashboard_detail dashboard_update dashboard_delete"
    " dashboard_tiles dashboard_first"
)
_mail = "mail_list mail_create mail_update mail_delete mail_stop mail_send"
access_table = {
    "reports:board": "reports.view_board",
    "reports:card": "reports.view_board",
    "reports:export": ("reports.view_board", "reports.export"),
    "reports:report_export": ("reports.view", "reports.export"),
    "reports:targets": "reports.set_targets",
    "reports:owner": "reports.view_owner",
    **{f"reports:{name}": "reports.view" for name in _view.split()},
    **{f"reports:{name}": "reports.mail" for name in _mail.split()},
}
