"""Who may open the addresses of tokens and webhooks; those of the API stand with the apps whose records they are."""

from crm.testing.access import PUBLIC, TOKEN, Need

_rows = {
    "integrations.own_tokens": "token_list token_create token_detail token_revoke",
    "integrations.manage": (
        "application_create webhook_list webhook_create webhook_detail webhook_update webhook_secret webhook_test"
        " webhook_delete delivery_list delivery_detail delivery_again"
    ),
}

access_table: dict[str, Need] = {"api:schema": PUBLIC, "api:docs": PUBLIC}
access_table |= dict.fromkeys(("api:upload_create", "api:attachment_detail"), (TOKEN,))
access_table |= {f"integrations:{name}": need for need, names in _rows.items() for name in names.split()}
