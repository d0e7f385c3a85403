"""What quotes declare to the rooms below, in one place; read with `approvals.py`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.core.sockets import (
    AttachmentOwner,
    Command,
    DemoStep,
    Fact,
    Handover,
    NavItem,
    Panel,
    Seed,
    attachment_owners,
    commands,
    demo,
    facts,
    handovers,
    nav,
    panels,
    seeds,
)
from crm.search.declarations import search_documents

from . import quote_conditions, quote_inbound, quote_lists, quote_mail, quote_notices, quote_sweeps  # noqa: F401
from .quote_demo import make_quotes
from .quote_places import QUOTE_DOCUMENT, file_visible, held, mail_file_visible, move, quotes_of, undo, won_by_quote
from .quote_seeds import seed_flow

_SEE = "quotes.view"

nav.register(NavItem("quotes", "sales", _("Quotes"), "quote", "quotes:quote_list", _SEE, 40))
commands.register(
    Command("quotes", _("Quotes"), "quote", "quotes:quote_list", _SEE, keywords=_("offer price proposal"), order=45),
)
panels.register(
    *(
        Panel(f"quotes.{kind}", kind, _("Quotes"), "quotes/panels/_quotes.html", quotes_of, _SEE, order=22)
        for kind in ("customer", "opportunity")
    )
)
facts.register(Fact("quotes.accepted", "opportunity", _("Quote"), "success", won_by_quote, _SEE))
attachment_owners.register(AttachmentOwner("quote", file_visible), AttachmentOwner("outgoing_mail", mail_file_visible))
handovers.register(Handover("quotes", _("Open quotes"), held, move, undo, order=45))
search_documents.register(QUOTE_DOCUMENT)
seeds.register(Seed("quotes.approval_flow", seed_flow, order=60))
demo.register(DemoStep("sales.quotes", "Quotes", make_quotes, order=49))
