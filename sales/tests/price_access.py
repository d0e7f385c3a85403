"""Who may open the addresses of price lists."""

_rows = {
    "quotes.view": "prices:list_price_list",
    "quotes.price_lists": (
        "salesdesk:price_list_list salesdesk:price_list_create salesdesk:price_list_update "
        "salesdesk:list_price_create salesdesk:list_price_update salesdesk:list_price_remove"
    ),
}

_rows["opportunities.view"] = "planning:forecast planning:targets planning:funnel"
_rows["opportunities.manage"] = (
    "salesdesk:pipeline_list salesdesk:pipeline_create salesdesk:pipeline_update salesdesk:stage_list "
    "salesdesk:stage_create salesdesk:stage_update salesdesk:stage_move salesdesk:stage_close salesdesk:stage_reopen "
    "salesdesk:lost_reason_list salesdesk:lost_reason_create salesdesk:lost_reason_update"
)

PRICES_TABLE = {name: need for need, names in _rows.items() for name in names.split()}
