"""Who may open the addresses of reports."""

access_table = {
    "reports:board": "reports.view_board",
    "reports:card": "reports.view_board",
    "reports:export": ("reports.view_board", "reports.export"),
}
