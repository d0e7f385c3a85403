from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        1300, "customers.created", _("Customer created"), _("%(actor)s created the customer %(name)s"),
        "building", "info", "customers.view",
    ),
    ActivityType(
        1301, "customers.updated", _("Customer changed"), _("%(actor)s changed %(fields)s"),
        "edit", "neutral", "customers.view",
    ),
    ActivityType(
        1302, "customers.deleted", _("Customer deleted"), _("%(actor)s moved the customer %(name)s to the recycle bin"),
        "trash", "danger", "customers.view",
    ),
    ActivityType(
        1310, "customers.restored", _("Customer restored"),
        _("%(actor)s took the customer %(name)s out of the recycle bin"), "restore", "success", "customers.view",
    ),
    ActivityType(
        1311, "customers.erased", _("Customer deleted for good"),
        _("%(actor)s deleted the customer %(name)s for good"), "trash", "danger", "customers.view", lane="bulk",
    ),
    ActivityType(
        1303, "customers.contact_added", _("Contact added"), _("%(actor)s added the contact %(name)s"),
        "user-plus", "info", "customers.view",
    ),
    ActivityType(
        1304, "customers.contact_updated", _("Contact changed"), _("%(actor)s changed the contact %(name)s"),
        "user", "neutral", "customers.view",
    ),
    ActivityType(
        1305, "customers.identity_verified", _("Address verified"), _("%(address)s was verified"),
        "shield-check", "success", "customers.view",
    ),
    ActivityType(
        1312, "customers.consent_changed", _("Consent changed"), _("%(actor)s noted what %(name)s agrees to"),
        "shield-check", "neutral", "customers.view", card=True,
    ),
    ActivityType(
        1313, "customers.detail_saved", _("Detail changed"), _("%(actor)s saved the %(what)s %(name)s"),
        "edit", "neutral", "customers.view",
    ),
    ActivityType(
        1314, "customers.detail_removed", _("Detail removed"), _("%(actor)s removed the %(what)s %(name)s"),
        "trash", "neutral", "customers.view",
    ),
    ActivityType(
        1315, "customers.collaborators_set", _("Collaborators changed"),
        _("%(actor)s set the collaborators: %(names)s"), "assign", "neutral", "customers.view",
    ),
    ActivityType(
        1316, "customers.talked", _("Interaction"), _("%(actor)s logged: %(what)s"), "phone", "info",
        "customers.view", card=True,
    ),
    ActivityType(
        1317, "customers.duplicate_shown", _("Told that it exists"),
        _("%(actor)s was told that this customer exists and belongs to %(owner)s"), "eye", "neutral",
        "customers.view",
    ),
    ActivityType(
        1318, "customers.merged", _("Merged"), _("%(actor)s merged %(names)s into this record"), "merge", "info",
        "customers.view",
    ),
    ActivityType(
        1319, "customers.unmerged", _("Merge undone"), _("%(actor)s took %(names)s apart again"), "undo", "warning",
        "customers.view",
    ),
    ActivityType(
        1322, "portal.signed_in", _("Signed in to the portal"), _("%(name)s signed in to the portal with %(address)s"),
        "sign_in", "neutral", "customers.view", lane="bulk",
    ),
    ActivityType(
        1323, "portal.signed_out", _("Signed out of the portal everywhere"),
        _("%(name)s signed out of the portal on all devices"), "sign_out", "neutral", "customers.view", lane="bulk",
    ),
    ActivityType(
        1324, "portal.access_set", _("Portal access set"),
        _("%(actor)s set what %(name)s sees in the portal: %(reach)s"), "security", "info", "customers.view",
    ),
    ActivityType(
        1325, "portal.profile_updated", _("Profile changed by the customer"),
        _("%(name)s changed their profile in the portal"), "user", "neutral", "customers.view",
    ),
    ActivityType(
        1326, "portal.code_refused", _("Sign-in code refused"),
        _("Somebody typed a wrong sign-in code for %(name)s (%(address)s) too often"), "warning", "warning",
        "customers.view",
    ),
    ActivityType(
        1327, "portal.settings_saved", _("Portal set up"), _("%(actor)s changed the settings of the customer portal"),
        "settings", "neutral", "customers.view",
    ),
    ActivityType(
        292, "portal.address_added", _("Address added by the customer"),
        _("%(name)s added %(address)s in the portal and proved it"), "shield-check", "success", "customers.view",
    ),
    ActivityType(
        293, "portal.address_removed", _("Address removed by the customer"),
        _("%(name)s removed %(address)s in the portal"), "trash", "warning", "customers.view",
    ),
    ActivityType(
        294, "portal.address_chosen", _("Main address chosen by the customer"),
        _("%(name)s wants to be reached at %(address)s first"), "user", "neutral", "customers.view",
    ),
    ActivityType(
        1321, "customers.value_set", _("Value set"), _("%(actor)s set the value: %(value)s"), "star", "neutral",
        "customers.view", card=True,
    ),
    ActivityType(
        250, "customers.risk_set", _("Risk set"), _("%(actor)s set the risk: %(risk)s"), "risk", "neutral",
        "customers.view", card=True,
    ),
    ActivityType(
        251, "customers.risk_changed", _("Risk changed"), _("The risk went from %(was)s to %(risk)s"), "risk",
        "warning", "customers.view", lane="bulk",
    ),
    ActivityType(
        252, "customers.credit_set", _("Credit limit set"), _("%(actor)s set the credit limit: %(limit)s"), "credit",
        "neutral", "customers.view",
    ),
    ActivityType(
        253, "customers.credit_reported", _("Credit report"),
        _("%(source)s reported on the credit of the customer"), "credit", "info", "customers.credit",
    ),
    ActivityType(
        254, "customers.value_changed", _("Value changed"), _("The value went from %(was)s to %(value)s"), "star",
        "info", "customers.view", lane="bulk",
    ),
    ActivityType(
        255, "wishes.noted", _("Wish noted"), _("%(actor)s noted the wish %(name)s"), "wish", "info",
        "customers.view",
    ),
    ActivityType(
        256, "wishes.changed", _("Wish changed"), _("%(actor)s changed the wish %(name)s"), "wish", "neutral",
        "customers.view",
    ),
    ActivityType(
        257, "wishes.closed", _("Wish closed"), _("%(actor)s closed the wish %(name)s: %(state)s"), "wish",
        "success", "customers.view",
    ),
    ActivityType(
        258, "wishes.reopened", _("Wish opened again"), _("%(actor)s opened the wish %(name)s again"), "wish",
        "neutral", "customers.view",
    ),
    ActivityType(
        259, "wishes.matched", _("A product fits"), _("%(product)s fits the wish %(name)s"), "wish", "success",
        "customers.view", lane="bulk",
    ),
    ActivityType(
        260, "offers.dismissed", _("Offer turned down"), _("%(actor)s noted that %(product)s is not wanted"), "offer",
        "neutral", "orders.view",
    ),
    ActivityType(
        261, "customers.levels_saved", _("Levels set up"), _("%(actor)s changed the settings of levels and flags"),
        "settings", "neutral", "customers.view",
    ),
    ActivityType(
        1307, "customers.noted", _("Note"), _("%(actor)s wrote a note"),
        "note", "neutral", "customers.view", card=True,
    ),
    ActivityType(
        265, "customers.uncovered", _("Address uncovered"), _("%(actor)s uncovered the %(what)s of %(name)s"), "eye",
        "warning", "customers.view",
    ),
    ActivityType(
        266, "customers.entered_anyway", _("Entered in spite of a duplicate"),
        _("%(actor)s entered %(name)s although a customer like this exists"), "warning", "warning", "customers.view",
        card=True,
    ),
    ActivityType(
        271, "orders.binned", _("Moved to the recycle bin"), _("%(actor)s moved %(name)s to the recycle bin"), "trash",
        "danger", "orders.view",
    ),
    ActivityType(
        272, "orders.restored", _("Restored"), _("%(actor)s took %(name)s out of the recycle bin"), "restore",
        "success", "orders.view",
    ),
    ActivityType(
        273, "orders.erased", _("Deleted for good"), _("%(actor)s deleted %(name)s for good"), "trash", "danger",
        "orders.view", lane="bulk",
    ),
    ActivityType(
        1350, "segments.created", _("Segment made"), _("%(actor)s made the segment %(name)s"), "segment", "info",
        "segments.view",
    ),
    ActivityType(
        1351, "segments.updated", _("Segment changed"), _("%(actor)s changed %(fields)s of the segment %(name)s"),
        "edit", "neutral", "segments.view",
    ),
    ActivityType(
        1352, "segments.deleted", _("Segment deleted"), _("%(actor)s deleted the segment %(name)s"), "delete",
        "danger", "segments.view",
    ),
    ActivityType(
        1353, "segments.computed", _("Segment computed"),
        _("%(entered)s customers came into the segment %(name)s, %(left)s left it"), "segment", "neutral",
        "segments.view", lane="bulk",
    ),
    ActivityType(
        1354, "segments.entered", _("Came into a segment"), _("%(customer)s came into the segment %(name)s"),
        "segment", "info", "segments.view",
    ),
    ActivityType(
        1355, "segments.left", _("Left a segment"), _("%(customer)s left the segment %(name)s"), "segment", "neutral",
        "segments.view",
    ),
    ActivityType(
        1356, "segments.copied", _("Segment copied"),
        _("%(actor)s copied %(size)s customers of %(from)s into the segment %(name)s"), "copy", "info",
        "segments.view",
    ),
    ActivityType(
        1340, "orders.placed", _("Order placed"), _("Order SO-%(number)s was placed: %(total)s"), "order", "success",
        "orders.view",
    ),
    ActivityType(
        1341, "orders.changed", _("Order changed"), _("%(actor)s changed the order SO-%(number)s: %(total)s"), "edit",
        "neutral", "orders.view",
    ),
    ActivityType(
        1342, "orders.shipped", _("Order shipped"), _("SO-%(number)s left with %(carrier)s, parcel %(parcel)s"),
        "truck", "info", "orders.view",
    ),
    ActivityType(
        1343, "orders.parcel_moved", _("Parcel moved"), _("Parcel %(parcel)s of SO-%(number)s: %(status)s"), "truck",
        "neutral", "orders.view",
    ),
    ActivityType(
        1344, "orders.refunded", _("Refund"), _("%(actor)s refunded %(amount)s on SO-%(number)s"), "undo", "warning",
        "orders.view", card=True,
    ),
    ActivityType(
        1345, "orders.cancelled", _("Order cancelled"), _("%(actor)s cancelled the order SO-%(number)s"), "close",
        "danger", "orders.view", card=True,
    ),
    ActivityType(
        1346, "orders.equipment_saved", _("Equipment changed"), _("%(actor)s saved the equipment %(name)s"), "tool",
        "neutral", "orders.view",
    ),
    ActivityType(
        1347, "orders.product_saved", _("Product changed"), _("%(actor)s saved the product %(name)s"), "product",
        "neutral", "orders.view",
    ),
    ActivityType(
        1349, "orders.withdrawn", _("Import taken back"), _("%(actor)s undid the import of %(name)s"), "undo",
        "warning", "orders.view",
    ),
    ActivityType(
        1348, "orders.concern_set", _("What it is about"), _("%(actor)s said that it is about %(about)s"), "link",
        "neutral", "orders.view",
    ),
)  # fmt: skip
