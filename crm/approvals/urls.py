from django.urls import path

from . import views

app_name = "approvals"

urlpatterns = [
    path("approvals/", views.ApprovalList.as_view(), name="approval_list"),
    path("approvals/<int:pk>/", views.ApprovalDetail.as_view(), name="approval_detail"),
    path("approvals/<int:pk>/approve/", views.Approve.as_view(), name="approval_approve"),
    path("approvals/<int:pk>/reject/", views.Reject.as_view(), name="approval_reject"),
    path("approvals/<int:pk>/delegate/", views.Delegate.as_view(), name="approval_delegate"),
    path("approvals/<int:pk>/withdraw/", views.Withdraw.as_view(), name="approval_withdraw"),
    path("settings/approvals/", views.FlowList.as_view(), name="flow_list"),
    path("settings/approvals/new/", views.FlowCreate.as_view(), name="flow_create"),
    path("settings/approvals/<int:pk>/", views.FlowUpdate.as_view(), name="flow_update"),
]
