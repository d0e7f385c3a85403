"""Who may open the addresses of customers."""

_rows = {
    "customers.view": "customer_list customer_detail",
    "customers.create": "customer_create",
    "customers.update": "customer_update customer_note contact_create contact_update",
    "customers.delete": "customer_delete",
}

access_table = {f"customers:{name}": need for need, names in _rows.items() for name in names.split()}
