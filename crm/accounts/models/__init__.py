from .roles import Role
from .structure import Department, Team, TeamMembership
from .users import User

__all__ = ["Department", "Role", "Team", "TeamMembership", "User"]
