"""Two-step verification: on one's own account, and as the second page of signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from crm.accounts.access import actor_for
from crm.accounts.models import User
from crm.core import limits
from crm.core.addresses import client_address
from crm.core.errors import DomainError, NotFound, TooMany
from crm.ui.generic.form_errors import show_error
from crm.ui.views.generic import StaffView

from .. import pending
from ..actions import two_step as actions
from ..authenticator import picture
from ..forms.two_step import CodeForm, OwnPasswordForm, RecoveryCodeForm, SignInCodeForm
from ..pending import PENDING_SECONDS
from ..selectors.two_step import confirmed, setup_of, two_step_state
from .access import public
from .sign_in import enter

#: Wrong codes of one account in a quarter of an hour, whether they come from the app or from paper.
CODE_TRIES, WINDOW_SECONDS = 10, 900


def _count(user: User) -> None:
    limits.hit("two_step.account", str(user.pk), limit=CODE_TRIES, window_seconds=WINDOW_SECONDS)


def _forgive(user: User) -> None:
    limits.forgive("two_step.account", str(user.pk), window_seconds=WINDOW_SECONDS)


@method_decorator([never_cache, sensitive_post_parameters("code")], name="dispatch")
class SignInCodeView(View):
    """GET and POST /accounts/login/code/: the app's code. Without a proved password it leads back to the first page."""

    permission = None
    form_class: ClassVar[type[forms.Form]] = SignInCodeForm
    template_name: ClassVar[str] = "registration/login_code.html"
    check: ClassVar[Callable[..., bool]] = actions.check_code
    wrong: ClassVar[Any] = _("This code does not match, or was used already. Wait for the next one.")

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = pending.pending(request)
        return self.page(self.form_class(), waiting) if waiting else self.back(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        waiting = pending.pending(request)
        if waiting is None:
            return self.back(request)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(form, waiting, status=422)
        try:
            return self.try_once(form, waiting)
        except TooMany as refused:
            minutes = -(-refused.retry_after_seconds // 60)
            form.add_error(None, _t("Too many wrong tries. Try again in %(minutes)s min.") % {"minutes": minutes})
            response = self.page(form, waiting, status=429)
            response["Retry-After"] = str(refused.retry_after_seconds)
            return response
        except DomainError as error:
            show_error(form, error)
            return self.page(form, waiting, status=error.status)

    def try_once(self, form: Any, waiting: pending.Pending) -> HttpResponse:
        """One counted try; raises `TooMany`."""
        _count(waiting.user)
        right = type(self).check(
            actor=self.request.actor,  # type: ignore[attr-defined]
            user=waiting.user,
            code=form.cleaned_data["code"],
            address=client_address(self.request),
        )
        if not right:
            form.add_error("code", self.wrong)
            return self.page(form, waiting, status=422)
        _forgive(waiting.user)
        enter(self.request, waiting.user)
        response = redirect(waiting.target)
        row = confirmed(waiting.user)
        if form.cleaned_data.get("trust") and row is not None:
            pending.trust_device(self.request, response, waiting.user, row)
        return response

    def back(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            messages.info(request, _t("Sign in again: the second step has to follow within ten minutes."))
        return redirect("console:login")

    def page(self, form: forms.Form, waiting: pending.Pending, status: int = 200) -> HttpResponse:
        context = {"form": form, "waiting": waiting.user, "minutes": PENDING_SECONDS // 60, **self.extra(waiting)}
        return render(self.request, self.template_name, context, status=status)

    def extra(self, waiting: pending.Pending) -> dict[str, Any]:
        """Further values for the template."""
        return {}


class SignInRecoveryView(SignInCodeView):
    """GET and POST /accounts/login/recovery/: one of the codes on paper, used up by this."""

    form_class = RecoveryCodeForm
    template_name = "registration/login_recovery.html"
    check = actions.use_recovery_code
    wrong = _("This is none of your unused recovery codes. Each works once.")


class SignInEnrolView(SignInCodeView):
    """GET and POST /accounts/login/set-up/: a role asks for a second step and there is none yet."""

    form_class = CodeForm
    template_name = "registration/login_enrol.html"

    def try_once(self, form: Any, waiting: pending.Pending) -> HttpResponse:
        _count(waiting.user)
        codes = actions.confirm_two_step(actor=actor_for(waiting.user), code=form.cleaned_data["code"])
        _forgive(waiting.user)
        enter(self.request, waiting.user)
        return render(self.request, "registration/recovery_codes.html", {"codes": codes, "target": waiting.target})

    def extra(self, waiting: pending.Pending) -> dict[str, Any]:
        return {"setup": setup_of(waiting.user)}


@require_safe
@never_cache
@public
def two_step_picture(request: HttpRequest) -> HttpResponse:
    """GET /accounts/two-step/picture.svg: the QR code of a set-up that is not finished; else 404."""
    waiting = pending.pending(request)
    user = request.user if request.user.is_authenticated else waiting.user if waiting else None
    if user is None:
        raise NotFound
    return HttpResponse(picture(setup_of(user).address), content_type="image/svg+xml")  # type: ignore[arg-type]


class _Own(StaffView):
    """A page about one's own second step; nothing of it is kept by browsers."""

    permission = ""

    @method_decorator([never_cache, sensitive_post_parameters()])
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(*args, **kwargs)


class TwoStepView(_Own):
    """GET /accounts/two-step/: on or off, and what can be done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "console/two_step.html", {"state": two_step_state(request.user)})  # type: ignore[arg-type]


class _FormPage(_Own):
    """A small form around one verb of the actor. title, text, button: what the page says."""

    form_class: ClassVar[type[forms.Form]] = OwnPasswordForm
    template_name: ClassVar[str] = "console/two_step_form.html"
    title: ClassVar[Any] = ""
    text: ClassVar[Any] = ""
    button: ClassVar[Any] = ""
    danger: ClassVar[bool] = False

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form_class())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            return self.perform(form.cleaned_data)
        except TooMany:
            raise
        except DomainError as error:
            show_error(form, error)
            return self.page(form, status=error.status)

    def perform(self, values: dict[str, Any]) -> HttpResponse:
        """Acts and answers. Raises `DomainError`."""
        raise NotImplementedError

    def page(self, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {"form": form, "title": self.title, "text": self.text, "button": self.button, "danger": self.danger}
        return render(self.request, self.template_name, {**context, **self.extra()}, status=status)

    def extra(self) -> dict[str, Any]:
        """Further values for the template."""
        return {}

    def count_password(self) -> None:
        """One counted try of the password, under the same count as changing it."""
        limits.hit("password.account", str(self.request.user.pk), limit=10, window_seconds=900)

    def codes(self, codes: list[str]) -> HttpResponse:
        return render(self.request, "console/recovery_codes.html", {"codes": codes})


class BeginView(_FormPage):
    """GET and POST /accounts/two-step/begin/."""

    title = _("Turn on two-step verification")
    text = _("Besides your password you will type a code from an app on your phone. First, your password:")
    button = _("Continue")

    def perform(self, values: dict[str, Any]) -> HttpResponse:
        self.count_password()
        actions.begin_two_step(actor=self.actor, password=values["password"])
        return redirect("console:two_step_confirm")


class ConfirmView(_FormPage):
    """GET and POST /accounts/two-step/confirm/: scan, type, done. 404 unless a set-up has begun."""

    form_class = CodeForm
    template_name = "console/two_step_confirm.html"
    title = _("Turn on two-step verification")
    button = _("Turn on")

    def perform(self, values: dict[str, Any]) -> HttpResponse:
        user: Any = self.request.user
        _count(user)
        codes = actions.confirm_two_step(actor=self.actor, code=values["code"])
        _forgive(user)
        messages.success(self.request, _t("Two-step verification is on."))
        return self.codes(codes)

    def extra(self) -> dict[str, Any]:
        return {"setup": setup_of(self.request.user)}  # type: ignore[arg-type]


class RenewCodesView(_FormPage):
    """GET and POST /accounts/two-step/codes/."""

    title = _("Make new recovery codes")
    text = _("You get ten new codes. The old ones stop working.")
    button = _("Make new codes")

    def perform(self, values: dict[str, Any]) -> HttpResponse:
        self.count_password()
        return self.codes(actions.renew_recovery_codes(actor=self.actor, password=values["password"]))


class DisableView(_FormPage):
    """GET and POST /accounts/two-step/off/."""

    title = _("Turn off two-step verification")
    text = _("Your password alone will then be enough to sign in. Your recovery codes stop working.")
    button = _("Turn off")
    danger = True

    def perform(self, values: dict[str, Any]) -> HttpResponse:
        self.count_password()
        actions.disable_two_step(actor=self.actor, password=values["password"])
        messages.success(self.request, _t("Two-step verification is off."))
        return redirect("console:two_step")
