"""Addresses of what hangs on lists and records. Included by crm/ui/urls.py, in the namespace `ui`."""

from django.urls import path

from .views.generic import bulk, jobs, lists, parts, rules, saved_views, tags

urlpatterns = [
    path("lists/<slug:key>/counts/", lists.ViewCountsView.as_view(), name="list_counts"),
    path("lists/<slug:key>/columns/", lists.ColumnsView.as_view(), name="list_columns"),
    path("lists/<slug:key>/export/", lists.ExportView.as_view(), name="list_export"),
    path("lists/<slug:key>/bulk/<slug:action>/", bulk.BulkView.as_view(), name="list_bulk"),
    path("lists/<slug:key>/<int:pk>/switch/", rules.RuleSwitchView.as_view(), name="rule_switch"),
    path("lists/<slug:key>/<int:pk>/move/", rules.RuleMoveView.as_view(), name="rule_move"),
    path("lists/<slug:key>/views/new/", saved_views.ViewCreateView.as_view(), name="view_create"),
    path("lists/<slug:key>/views/<int:pk>/", saved_views.ViewEditView.as_view(), name="view_update"),
    path("lists/<slug:key>/views/<int:pk>/save/", saved_views.ViewSaveView.as_view(), name="view_save"),
    path("lists/<slug:key>/views/<int:pk>/delete/", saved_views.ViewDeleteView.as_view(), name="view_delete"),
    path("panels/<slug:kind>/<int:pk>/<str:panel>/", parts.PanelView.as_view(), name="panel"),
    path("tags/<slug:kind>/<int:pk>/", tags.TagsView.as_view(), name="tags"),
    path("timeline/<slug:kind>/<int:pk>/", parts.TimelineView.as_view(), name="timeline"),
    path("pick/<slug:kind>/", parts.PickView.as_view(), name="pick"),
    path("jobs/<int:pk>/", jobs.JobView.as_view(), name="job_detail"),
    path("jobs/<int:pk>/cancel/", jobs.JobCancelView.as_view(), name="job_cancel"),
]
