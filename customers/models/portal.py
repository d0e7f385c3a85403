"""The customer portal: codes on their way, who is signed in, and how far a contact may see."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.core import clock
from crm.core.actor import Actor
from crm.core.models import BaseModel
from crm.core.tokens import new_token

from ..choices import IdentityKind, PortalReach


class PortalSettings(BaseModel):
    """What an administrator decides about a brand's portal. A brand without a row has the defaults."""

    brand = models.OneToOneField("core.Brand", on_delete=models.CASCADE, related_name="portal")
    is_on = models.BooleanField(_("customers can sign in"), default=True)
    session_days = models.PositiveSmallIntegerField(_("days until they sign in again"), default=14)

    class Meta:
        verbose_name = _("customer portal")


class PortalAccess(models.Model):
    """How far a contact sees in the portal, and when they were last there.

    No row means what is theirs, and never there. A side table: a visit is no change of the contact.
    """

    contact = models.OneToOneField(
        "customers.Contact", primary_key=True, on_delete=models.CASCADE, related_name="portal_access"
    )
    reach = models.CharField(_("sees"), max_length=8, choices=PortalReach.choices, default=PortalReach.OWN)
    last_visit_at = models.DateTimeField(_("last visit of the portal"), null=True)

    class Meta:
        verbose_name = _("portal access")
        verbose_name_plural = _("portal access")


class PortalCode(BaseModel):
    """Somebody wants to sign in with an address: what they typed, in normal form.

    The page stores it and answers, whoever it is; a worker finds out whether the address is known, and only then makes
    the code, so that neither the answer nor its time tells a stranger. key: names the row in the browser that asked.
    code_hash: keyed, empty until a code was sent. language: of the page, for people whose own is not known.

    contact: somebody signed in who wants to add the address to theirs, instead of signing in; replaces: the one of
    theirs that it takes the place of.
    """

    key = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(max_length=254)
    language = models.CharField(max_length=10)
    code_hash = models.CharField(max_length=64, blank=True)
    looked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    contact = models.ForeignKey("customers.Contact", null=True, on_delete=models.CASCADE, related_name="+")
    replaces = models.ForeignKey("customers.Identity", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(looked_at__isnull=True), name="portal_code_waiting"),
            models.Index(fields=["expires_at"], name="portal_code_expiry"),
        ]


class PortalSession(BaseModel):
    """A contact signed in on a browser. token_hash: sha256 of the cookie. identity: the address they proved.

    It has nothing to do with the sessions of users: another cookie, another table, another lifetime.
    """

    contact = models.ForeignKey("customers.Contact", on_delete=models.CASCADE, related_name="portal_sessions")
    identity = models.ForeignKey("customers.Identity", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    last_seen_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="portal_session_expiry")]

    @property
    def actor(self) -> Actor:
        """The person signed in, as the one who acts."""
        return Actor.contact(self.contact_id, self.contact.name)
