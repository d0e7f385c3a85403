from .colleagues import contact_of_colleague
from .credit import ask_for_credit_report, keep_credit_failure, keep_credit_report, set_credit_limit
from .customers import add_note, create_customer, delete_customer, update_customer
from .details import remove_detail, save_address, save_billing_title, set_collaborators
from .duplicates import dismiss_duplicate
from .entering import enter_customer
from .equipment import save_equipment, set_concern
from .interactions import log_interaction
from .levels import save_level_settings
from .linking import link_records
from .merging import merge_contacts, merge_customers, undo_merge
from .orders import NewLine, cancel_order, change_order, move_shipment, place_order, refund_order, ship_order
from .owning import give_customer
from .people import add_contact, record_consent, set_consents, update_contact, verify_identity
from .portal import (
    ask_for_code,
    note_visit,
    save_portal_settings,
    send_code,
    set_portal_access,
    sign_in,
    sign_out,
    sign_out_everywhere,
)
from .portal_addresses import (
    ask_to_add_address,
    choose_main_address,
    confirm_own_address,
    remove_own_address,
)
from .portal_profile import say_consents, update_own_profile
from .products import save_category, save_product
from .recognition import Recognition, recognise
from .recycling import erase_customer, restore_customer
from .revealing import uncover_address, uncover_ship_to
from .risk import set_risk
from .value import set_value
from .wishes import change_wish, close_wish, dismiss_offer, note_wish, reopen_wish

__all__ = [
    "NewLine",
    "Recognition",
    "add_contact",
    "add_note",
    "ask_for_code",
    "ask_for_credit_report",
    "ask_to_add_address",
    "cancel_order",
    "change_order",
    "change_wish",
    "choose_main_address",
    "close_wish",
    "confirm_own_address",
    "contact_of_colleague",
    "create_customer",
    "delete_customer",
    "dismiss_duplicate",
    "dismiss_offer",
    "enter_customer",
    "erase_customer",
    "give_customer",
    "keep_credit_failure",
    "keep_credit_report",
    "link_records",
    "log_interaction",
    "merge_contacts",
    "merge_customers",
    "move_shipment",
    "note_visit",
    "note_wish",
    "place_order",
    "recognise",
    "record_consent",
    "refund_order",
    "remove_detail",
    "remove_own_address",
    "reopen_wish",
    "restore_customer",
    "save_address",
    "save_billing_title",
    "save_category",
    "save_equipment",
    "save_level_settings",
    "save_portal_settings",
    "save_product",
    "say_consents",
    "send_code",
    "set_collaborators",
    "set_concern",
    "set_consents",
    "set_credit_limit",
    "set_portal_access",
    "set_risk",
    "set_value",
    "ship_order",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "uncover_address",
    "uncover_ship_to",
    "undo_merge",
    "update_contact",
    "update_customer",
    "update_own_profile",
    "verify_identity",
]
