"""Who may open the addresses of customers."""

from crm.testing.access import PUBLIC, TOKEN

_rows = {
    "customers.view": "customer_list customer_detail contact_detail wish_list wish_detail",
    "customers.levels": "level_settings",
    "customers.credit": "customer_risk customer_credit credit_ask",
    "customers.create": "customer_create customer_duplicates",
    "customers.update": (
        "customer_update customer_value customer_note contact_create contact_update contact_consent contact_portal "
        "interaction_create customer_collaborators address_create address_update address_remove billing_title_create "
        "billing_title_update billing_title_remove wish_create wish_update wish_close wish_reopen offer_dismiss"
    ),
    "orders.view": (
        "product_list product_detail category_list order_list order_detail equipment_list equipment_detail "
        "concern_update causes"
    ),
    "orders.catalogue": "product_delete product_create product_update category_create category_update",
    "orders.manage": (
        "order_delete equipment_delete "
        "order_create order_update order_ship order_refund order_cancel shipment_update equipment_create "
        "equipment_update"
    ),
    "segments.view": "segment_list segment_detail",
    "segments.manage": (
        "segment_create segment_create_static segment_update segment_delete segment_compute segment_stop segment_copy "
        "segment_remove"
    ),
    "customers.delete": "customer_delete",
    "customers.uncover": "identity_uncover ship_to_uncover",
    "customers.merge": "customer_merge contact_merge merge_undo possible_duplicates duplicate_dismiss",
}

#: Whoever is not signed in as a contact is led to the portal's own sign-in.
_portal = (
    "home sign_in sign_in_code sign_out sign_out_everywhere profile consent order_list order_detail equipment_list "
    "address_create address_code address_remove address_main"
)

access_table = {f"customers:{name}": need for need, names in _rows.items() for name in names.split()}
access_table |= {f"portal:{name}": PUBLIC for name in _portal.split()} | {"portal:settings": "customers.portal"}

_api = {
    "customers.view": "customer_list customer_detail contact_list contact_detail interaction_list interaction_detail",
    "customers.update": "customer_note",
    "orders.view": (
        "product_list product_detail order_list order_detail shipment_list shipment_detail equipment_list "
        "equipment_detail"
    ),
    "orders.manage": "order_ship order_refund order_cancel",
}
access_table |= {f"api:{name}": (TOKEN, need) for need, names in _api.items() for name in names.split()}
