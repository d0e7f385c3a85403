"""A contact's quotes in the customer portal."""

from django.urls import path

from ..views import portal

app_name = "offers"

urlpatterns = [
    path("", portal.PortalQuoteList.as_view(), name="quote_list"),
    path("<int:pk>/", portal.PortalQuote.as_view(), name="quote_detail"),
    path("<int:pk>/accept/", portal.PortalQuoteAccept.as_view(), name="quote_accept"),
    path("<int:pk>/decline/", portal.PortalQuoteDecline.as_view(), name="quote_decline"),
    path("<int:pk>/pdf/", portal.PortalQuotePdf.as_view(), name="quote_pdf"),
]
