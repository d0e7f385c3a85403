"""Who may open the interface's own addresses. What a list, panel or job holds is decided by its declaration."""

from crm.testing.access import LOGIN, PUBLIC

_rows = {
    PUBLIC: "favicon preferences",
    LOGIN: "palette pulse preferences_page style style_public list_counts list_columns list_export list_bulk"
    " view_create view_update view_save view_delete rule_switch rule_move panel tags timeline pick job_detail"
    " job_cancel",
}

access_table = {f"ui:{name}": need for need, names in _rows.items() for name in names.split()}
