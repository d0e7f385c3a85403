from crm.testing.access import PUBLIC, Need

QUOTES_TABLE: dict[str, Need] = {
    "quotes:quote_list": "quotes.view",
    "quotes:quote_detail": "quotes.view",
    "quotes:quote_pdf": "quotes.view",
    "quotes:quote_create": "quotes.create",
    "quotes:quote_version": "quotes.create",
    "quotes:quote_update": "quotes.update",
    "quotes:quote_submit": "quotes.update",
    "quotes:quote_send": "quotes.send",
    "quotes:quote_void": "quotes.void",
    "quotes:public": PUBLIC,
    "quotes:public_accept": PUBLIC,
    "quotes:public_decline": PUBLIC,
    "quotes:public_pdf": PUBLIC,
    **{f"offers:quote_{verb}": PUBLIC for verb in ("list", "detail", "accept", "decline", "pdf")},
}
