from django.urls import path

from ..views import conversion, leads

app_name = "leads"

urlpatterns = [
    path("", leads.LeadList.as_view(), name="lead_list"),
    path("new/", leads.LeadCreate.as_view(), name="lead_create"),
    path("duplicates/", leads.LeadDuplicates.as_view(), name="lead_duplicates"),
    path("<int:number>/", leads.LeadDetail.as_view(), name="lead_detail"),
    path("<int:number>/edit/", leads.LeadUpdate.as_view(), name="lead_update"),
    path("<int:number>/status/", leads.LeadStatusChange.as_view(), name="lead_status"),
    path("<int:number>/talk/", leads.LeadTalk.as_view(), name="lead_talk"),
    path("<int:number>/claim/", leads.LeadClaim.as_view(), name="lead_claim"),
    path("<int:number>/assign/", leads.LeadAssign.as_view(), name="lead_assign"),
    path("<int:number>/return/", leads.LeadRelease.as_view(), name="lead_release"),
    path("<int:number>/discard/", leads.LeadDiscard.as_view(), name="lead_discard"),
    path("<int:number>/reopen/", leads.LeadReopen.as_view(), name="lead_reopen"),
    path("<int:number>/convert/", conversion.LeadConvert.as_view(), name="lead_convert"),
    path("<int:number>/delete/", leads.LeadDelete.as_view(), name="lead_delete"),
]
