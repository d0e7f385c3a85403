from django.urls import path

from ..views import canned, macros, sending, trial
from ..views import request_types as types
from ..views import settings as views

app_name = "desk"

urlpatterns = [
    path("service/", views.DeskSettings.as_view(), name="service_settings"),
    path("service/matrix/", views.MatrixView.as_view(), name="matrix"),
    path("service/types/", views.RequestTypeList.as_view(), name="request_type_list"),
    path("service/types/new/", views.RequestTypeCreate.as_view(), name="request_type_create"),
    path("service/types/<int:pk>/", types.RequestTypePage.as_view(), name="request_type_detail"),
    path("service/types/<int:pk>/edit/", views.RequestTypeUpdate.as_view(), name="request_type_update"),
    path("service/types/<int:pk>/switch/", types.RequestTypeSwitch.as_view(), name="request_type_switch"),
    path("service/types/<int:pk>/preview/", types.RequestTypePreview.as_view(), name="request_type_preview"),
    path("service/types/<int:pk>/links/", types.RequestTypeLinks.as_view(), name="request_type_links"),
    path("service/types/<int:pk>/code/<slug:kind>/", types.RequestTypeCode.as_view(), name="request_type_code"),
    path("service/types/<int:type_pk>/questions/new/", types.QuestionCreate.as_view(), name="question_create"),
    path("service/types/<int:type_pk>/questions/<int:pk>/", types.QuestionUpdate.as_view(), name="question_update"),
    path(
        "service/types/<int:type_pk>/questions/<int:pk>/<slug:verb>/",
        types.QuestionVerb.as_view(),
        name="question_verb",
    ),
    path("service/statuses/", views.StatusList.as_view(), name="status_list"),
    path("service/statuses/new/", views.StatusCreate.as_view(), name="status_create"),
    path("service/statuses/<int:pk>/", views.StatusUpdate.as_view(), name="status_update"),
    path("service/skills/", views.SkillList.as_view(), name="skill_list"),
    path("service/skills/new/", views.SkillCreate.as_view(), name="skill_create"),
    path("service/skills/<int:pk>/", views.SkillUpdate.as_view(), name="skill_update"),
    path("service/agents/", views.AgentList.as_view(), name="agent_profile_list"),
    path("service/agents/new/", views.AgentCreate.as_view(), name="agent_profile_create"),
    path("service/agents/<int:pk>/", views.AgentUpdate.as_view(), name="agent_profile_update"),
    path("service/sla/", views.SlaPolicyList.as_view(), name="sla_policy_list"),
    path("service/sla/new/", views.SlaPolicyCreate.as_view(), name="sla_policy_create"),
    path("service/sla/<int:pk>/", views.SlaPolicyDetail.as_view(), name="sla_policy_detail"),
    path("service/sla/<int:pk>/edit/", views.SlaPolicyUpdate.as_view(), name="sla_policy_update"),
    path("service/canned/", canned.CannedReplyList.as_view(), name="canned_reply_list"),
    path("service/canned/new/", canned.CannedReplyCreate.as_view(), name="canned_reply_create"),
    path("service/canned/<int:pk>/", canned.CannedReplyUpdate.as_view(), name="canned_reply_update"),
    path("service/macros/", macros.MacroList.as_view(), name="macro_list"),
    path("service/macros/new/", macros.MacroCreate.as_view(), name="macro_create"),
    path("service/macros/<int:pk>/", macros.MacroUpdate.as_view(), name="macro_update"),
    path("service/trial/", trial.TrialView.as_view(), name="trial"),
    path("service/trial/remove/", trial.TrialRemoveView.as_view(), name="trial_remove"),
    path("service/me/", sending.OwnPreferences.as_view(), name="own_preferences"),
]
