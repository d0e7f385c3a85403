"""Users: list, page, invite, edit, and the verbs around signing in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.ui.generic import cells
from crm.ui.records import Field, Verb
from crm.ui.views.generic import ActionView, CreateView, DetailView, ListView, UpdateView

from ..actions import staff, two_step
from ..forms.staff import UserForm
from ..lists.people import joined, presence, two_step_state
from . import absences
from .intro import intro

MANAGE = "console.manage_staff"


class UserListView(ListView):
    permission = "console.view_settings"
    page = "user"
    template_name = "console/user_list.html"

    def extra(self) -> dict[str, Any]:
        return {**intro("users"), "can_import": self.actor.can(MANAGE)}


def has_two_step(user: User) -> bool:
    """Whether a second step was set up or begun."""
    return hasattr(user, "two_step")


class UserDetailView(DetailView):
    """A colleague. Everybody on the staff may look; what may be done depends on rights."""

    permission = ""
    model = User
    relations = ("department", "two_step")
    headline = (
        Field("presence", _("State"), presence),
        Field("email", _("Email")),
        Field("phone", _("Phone")),
        Field("last_seen", _("Last seen"), cells.moment("last_seen_at")),
    )
    fields = (
        Field("absence", _("Out of office"), absences.summary),
        Field("job_title", _("Job title")),
        Field("department", _("Department")),
        Field("teams", _("Teams"), joined("teams")),
        Field("roles", _("Roles"), joined("roles"), MANAGE),
        Field("two_step", _("Two-step verification"), two_step_state, MANAGE),
        Field(
            "language", _("Language"), lambda user, viewer: dict(settings.LANGUAGES).get(user.language, user.language)
        ),
        Field("timezone", _("Time zone")),
        Field("created", _("Created"), cells.moment("created_at")),
    )
    verbs = (
        Verb(_("Edit"), "console:user_update", "edit", MANAGE, primary=True),
        Verb(_("Send a password link"), "console:user_send_link", "mail", MANAGE, when=lambda user: user.is_active),
        Verb(_("End sessions"), "console:user_end_sessions", "sign_out", MANAGE, when=lambda user: user.is_active),
        Verb(_("Reset two-step verification"), "console:user_reset_two_step", "security", MANAGE, when=has_two_step),
        Verb(_("Hand over everything"), "console:user_hand_over", "transfer", MANAGE),
        Verb(_("Suspend"), "console:user_suspend", "off", MANAGE, danger=True, when=lambda user: user.is_active),
        Verb(_("Restore"), "console:user_restore", "restore", MANAGE, when=lambda user: not user.is_active),
    )


class UserCreateView(CreateView):
    permission = MANAGE
    model = User
    form_class = UserForm
    action = staff.invite_user
    title = _("Invite user")
    button = _("Send invitation")

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}

    def done_text(self, record: Any) -> str:
        return str(_("%(name)s is invited; the link to set a password is on its way.")) % {"name": record}


class UserUpdateView(UpdateView):
    permission = MANAGE
    model = User
    form_class = UserForm
    action = staff.update_user

    def form_kwargs(self) -> dict[str, Any]:
        return {"actor": self.actor}


class _UserVerb(ActionView):
    permission = MANAGE
    model = User


class UserSuspendView(_UserVerb):
    action = staff.suspend_user
    title = _("Suspend %(name)s?")
    text = _(
        "The user is signed out everywhere and cannot sign in. Their records and history stay; you can restore them."
    )
    button = _("Suspend")
    done = _("%(name)s is suspended.")
    danger = True


class UserRestoreView(_UserVerb):
    action = staff.restore_user
    title = _("Restore %(name)s?")
    text = _("The user can sign in again, with the roles and the password they had.")
    button = _("Restore")
    done = _("%(name)s can sign in again.")


class UserEndSessionsView(_UserVerb):
    action = staff.end_sessions
    title = _("Sign %(name)s out everywhere?")
    text = _("Every browser in which this user is signed in has to sign in again. Text that is being typed is kept.")
    button = _("End sessions")
    done = _("Every session of %(name)s has ended.")


class UserResetTwoStepView(_UserVerb):
    action = two_step.reset_two_step
    title = _("Reset the two-step verification of %(name)s?")
    text = _(
        "Do this when %(name)s lost the phone and the recovery codes, after making sure who is asking. "
        "They are signed out everywhere and sign in with the password alone, "
        "or set up a new phone at once where a role asks for it."
    )
    button = _("Reset")
    done = _("The two-step verification of %(name)s is reset.")
    danger = True


class UserSendLinkView(_UserVerb):
    action = staff.send_link
    title = _("Send %(name)s a link to set a password?")
    text = _("The link goes to their address and works once. Earlier links stay valid until one is used.")
    button = _("Send link")
    done = _("A link for %(name)s is on its way.")
