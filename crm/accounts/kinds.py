from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(1, "user", "accounts.User", _("User"), _("Users"), "user", "console:user_detail"),
    Kind(2, "team", "accounts.Team", _("Team"), _("Teams"), "users", "console:team_detail"),
    Kind(3, "role", "accounts.Role", _("Role"), _("Roles"), "shield", "console:role_detail"),
    Kind(
        4,
        "department",
        "accounts.Department",
        _("Department"),
        _("Departments"),
        "building",
        "console:department_detail",
    ),
)
