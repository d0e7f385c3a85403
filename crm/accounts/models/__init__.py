import pghistory

from .absences import Absence
from .roles import Role
from .structure import Department, Team, TeamMembership
from .two_step import RecoveryCode, TwoStep
from .users import User


@pghistory.track(
    pghistory.InsertEvent("role_added"),
    pghistory.DeleteEvent("role_removed"),
    fields=["user", "role"],
    obj_field=None,
    model_name="UserRoleEvent",
    level=pghistory.Statement,
)
class UserRole(User.roles.through):  # type: ignore[misc,name-defined]
    """A role of a user, as the audit trail sees it: given or taken away."""

    class Meta:
        proxy = True


__all__ = ["Absence", "Department", "RecoveryCode", "Role", "Team", "TeamMembership", "TwoStep", "User", "UserRole"]
