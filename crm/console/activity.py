"""Deeds of the platform itself: sign-in, people, structure, settings. Codes 1200 to 1299."""

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

AUDIT = "console.view_audit"

activity_types.register(
    ActivityType(
        1200, "console.signed_in", _("Signed in"), _("%(actor)s signed in from %(address)s"), "person", permission=AUDIT
    ),
    ActivityType(
        1201,
        "console.sign_in_failed",
        _("Sign-in failed"),
        _("Somebody failed to sign in as %(email)s from %(address)s"),
        "no_permission",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(1202, "console.signed_out", _("Signed out"), _("%(actor)s signed out"), "sign_out", permission=AUDIT),
    ActivityType(
        1203,
        "console.password_requested",
        _("Password link sent"),
        _("A password link was asked for %(user)s"),
        "mail",
        permission=AUDIT,
    ),
    ActivityType(
        1204, "console.password_set", _("Password set"), _("%(user)s set a new password"), "security", permission=AUDIT
    ),
    ActivityType(
        1205,
        "console.two_step_enabled",
        _("Two-step verification on"),
        _("%(user)s turned two-step verification on"),
        "security",
        permission=AUDIT,
    ),
    ActivityType(
        1206,
        "console.two_step_disabled",
        _("Two-step verification off"),
        _("%(user)s turned two-step verification off"),
        "security",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(
        1207,
        "console.recovery_code_used",
        _("Recovery code used"),
        _("%(user)s used a recovery code; %(left)s are left"),
        "security",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(
        1208,
        "console.recovery_codes_renewed",
        _("New recovery codes"),
        _("%(user)s made new recovery codes"),
        "security",
        permission=AUDIT,
    ),
    ActivityType(
        1209,
        "console.two_step_failed",
        _("Second step failed"),
        _("Somebody with the password of %(user)s failed at the second step, from %(address)s"),
        "no_permission",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(
        1216,
        "console.two_step_reset",
        _("Two-step verification reset"),
        _("%(actor)s reset the two-step verification of %(user)s"),
        "security",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(1210, "console.user_invited", _("User invited"), _("%(actor)s invited %(user)s"), "assign"),
    ActivityType(1211, "console.user_updated", _("User changed"), _("%(actor)s changed the user %(user)s"), "edit"),
    ActivityType(
        1212, "console.user_suspended", _("User suspended"), _("%(actor)s suspended %(user)s"), "off", "warning"
    ),
    ActivityType(1213, "console.user_restored", _("User restored"), _("%(actor)s restored %(user)s"), "restore"),
    ActivityType(
        1214,
        "console.sessions_ended",
        _("Sessions ended"),
        _("%(actor)s ended every session of %(user)s"),
        "sign_out",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(
        1215, "console.availability_set", _("Availability changed"), _("%(actor)s is now %(availability)s"), "person"
    ),
    ActivityType(
        1217,
        "console.handed_over",
        _("Work handed over"),
        _("%(actor)s began to hand over the work of %(user)s, %(rows)s records"),
        "transfer",
        "warning",
    ),
    ActivityType(
        1218,
        "console.handover_undone",
        _("Hand-over undone"),
        _("%(actor)s began to undo the hand-over of the work of %(user)s"),
        "undo",
    ),
    ActivityType(
        1219,
        "console.staff_imported",
        _("Staff from a file"),
        _("%(actor)s began to bring in a file with %(rows)s people"),
        "assign",
    ),
    ActivityType(1220, "console.team_created", _("Team created"), _("%(actor)s created the team %(name)s"), "team"),
    ActivityType(1221, "console.team_updated", _("Team changed"), _("%(actor)s changed the team %(name)s"), "team"),
    ActivityType(
        1222,
        "console.department_created",
        _("Department created"),
        _("%(actor)s created the department %(name)s"),
        "department",
    ),
    ActivityType(
        1223,
        "console.department_updated",
        _("Department changed"),
        _("%(actor)s changed the department %(name)s"),
        "department",
    ),
    ActivityType(1224, "console.role_created", _("Role created"), _("%(actor)s created the role %(name)s"), "role"),
    ActivityType(
        1225, "console.role_updated", _("Role changed"), _("%(actor)s changed the role %(name)s"), "role", "warning"
    ),
    ActivityType(1230, "console.brand_updated", _("Brand changed"), _("%(actor)s changed the brand %(name)s"), "brand"),
    ActivityType(
        1240, "console.job_retried", _("Job started again"), _("%(actor)s started the job %(name)s again"), "refresh"
    ),
    ActivityType(
        1242,
        "console.delivery_retried",
        _("Delivery tried again"),
        _("%(actor)s tried a failed delivery again: %(name)s"),
        "refresh",
    ),
    ActivityType(
        1250,
        "console.audit_exported",
        _("Audit log exported"),
        _("%(actor)s exported the audit log, %(rows)s rows"),
        "export",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(
        1260,
        "console.activated",
        _("Restored copy activated"),
        _("%(actor)s let this restored copy send again, with %(mails)s mails waiting"),
        "restore",
        "warning",
        permission=AUDIT,
    ),
    ActivityType(
        1270,
        "console.begun",
        _("Product set up"),
        _("%(actor)s set up the product for %(company)s; %(user)s is its first administrator"),
        "brand",
    ),
    ActivityType(
        1271,
        "console.app_switched_on",
        _("App switched on"),
        _("%(actor)s switched %(name)s on"),
        "settings",
        permission="console.view_settings",
    ),
    ActivityType(
        1272,
        "console.app_switched_off",
        _("App switched off"),
        _("%(actor)s switched %(name)s off"),
        "settings",
        "warning",
        permission="console.view_settings",
    ),
    ActivityType(
        1273,
        "console.demo_loaded",
        _("Demo data loaded"),
        _("%(actor)s loaded demo data: %(customers)s customers, %(tickets)s tickets"),
        "download",
        permission="console.view_settings",
    ),
    ActivityType(
        1274,
        "console.demo_removed",
        _("Demo data removed"),
        _("%(actor)s removed the demo data: %(removed)s records, %(kept)s kept"),
        "delete",
        permission="console.view_settings",
    ),
    ActivityType(
        1275,
        "console.steps_changed",
        _("First steps changed"),
        _("%(actor)s changed which first steps are shown"),
        "check",
        permission="console.view_settings",
    ),
    ActivityType(
        1276,
        "console.mail_tested",
        _("Mail server tested"),
        _("%(actor)s sent a test message to %(email)s: %(answer)s"),
        "mail",
        permission="console.view_settings",
    ),
    ActivityType(
        1280,
        "console.absence_set",
        _("Absence set"),
        _("%(actor)s set that %(user)s is away; substitute: %(substitute)s"),
        "calendar",
    ),
    ActivityType(1281, "console.absence_ended", _("Back again"), _("%(user)s is back"), "calendar"),
)
