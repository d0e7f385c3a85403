from django.urls import path

from ..views import contact

app_name = "contact"

urlpatterns = [
    path("help/contact/", contact.LeadContact.as_view(), name="lead_contact"),
    path("help/contact/thanks/", contact.LeadThanks.as_view(), name="lead_thanks"),
]
