"""Quotes: /sales/quotes/ for staff, /quotes/<token>/ for customers."""

from django.urls import path

from ..views import quote_page as public
from ..views import quotes as views

app_name = "quotes"

urlpatterns = [
    path("sales/quotes/", views.QuoteList.as_view(), name="quote_list"),
    path("sales/quotes/new/<int:customer>/", views.QuoteCreate.as_view(), name="quote_create"),
    path("sales/quotes/<int:pk>/", views.QuoteDetail.as_view(), name="quote_detail"),
    path("sales/quotes/<int:pk>/edit/", views.QuoteEditor.as_view(), name="quote_update"),
    path("sales/quotes/<int:pk>/submit/", views.QuoteSubmit.as_view(), name="quote_submit"),
    path("sales/quotes/<int:pk>/send/", views.QuoteSend.as_view(), name="quote_send"),
    path("sales/quotes/<int:pk>/version/", views.QuoteVersion.as_view(), name="quote_version"),
    path("sales/quotes/<int:pk>/void/", views.QuoteVoid.as_view(), name="quote_void"),
    path("sales/quotes/<int:pk>/pdf/", views.QuotePdf.as_view(), name="quote_pdf"),
    path("quotes/<str:token>/", public.QuoteShow.as_view(), name="public"),
    path("quotes/<str:token>/accept/", public.QuoteAccept.as_view(), name="public_accept"),
    path("quotes/<str:token>/decline/", public.QuoteDecline.as_view(), name="public_decline"),
    path("quotes/<str:token>/pdf/", public.QuotePublicPdf.as_view(), name="public_pdf"),
]
