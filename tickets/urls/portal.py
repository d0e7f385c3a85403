"""A contact's tickets in the customer portal."""

from django.urls import path

from ..views import portal

app_name = "support"

urlpatterns = [
    path("", portal.PortalTicketList.as_view(), name="ticket_list"),
    path("new/", portal.PortalTicketCreate.as_view(), name="ticket_create"),
    path("new/expected/", portal.PortalTicketExpected.as_view(), name="ticket_expected"),
    path("new/<slug:key>/", portal.PortalTicketCreate.as_view(), name="ticket_create_type"),
    path("<int:number>/", portal.PortalTicket.as_view(), name="ticket_detail"),
    path("<int:number>/reply/", portal.PortalTicketReply.as_view(), name="ticket_reply"),
    path("<int:number>/solved/", portal.PortalTicketSolved.as_view(), name="ticket_solved"),
    path("<int:number>/rate/", portal.PortalTicketRate.as_view(), name="ticket_rate"),
]
