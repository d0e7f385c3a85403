from django.urls import path

from ..views import campaigns, pages, steps, suppression, topics

app_name = "marketing"

_ONE = "campaigns/<int:pk>"

urlpatterns = [
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaign_list"),
    path("campaigns/new/", campaigns.CampaignCreate.as_view(), name="campaign_create"),
    path("campaigns/calendar/", pages.CampaignCalendar.as_view(), name="campaign_calendar"),
    path("recipients/", campaigns.RecipientList.as_view(), name="recipient_list"),
    path(f"{_ONE}/", campaigns.CampaignDetail.as_view(), name="campaign_detail"),
    path(f"{_ONE}/properties/", campaigns.CampaignUpdate.as_view(), name="campaign_update"),
    path(f"{_ONE}/audience/", steps.AudienceStep.as_view(), name="campaign_audience"),
    path(f"{_ONE}/content/", steps.ContentStep.as_view(), name="campaign_content"),
    path(f"{_ONE}/schedule/", steps.ScheduleStep.as_view(), name="campaign_schedule"),
    path(f"{_ONE}/check/", steps.CheckStep.as_view(), name="campaign_check"),
    path(f"{_ONE}/count/", steps.CampaignCount.as_view(), name="campaign_count"),
    path(f"{_ONE}/people/", pages.CampaignPeople.as_view(), name="campaign_people"),
    path(f"{_ONE}/sales/", pages.CampaignSales.as_view(), name="campaign_sales"),
    path(f"{_ONE}/preview/", campaigns.CampaignPreview.as_view(), name="campaign_preview"),
    path(f"{_ONE}/preview/mail/", campaigns.CampaignPreviewMail.as_view(), name="campaign_preview_mail"),
    path(f"{_ONE}/test/", campaigns.CampaignTest.as_view(), name="campaign_test"),
    path(f"{_ONE}/unschedule/", campaigns.CampaignUnschedule.as_view(), name="campaign_unschedule"),
    path(f"{_ONE}/pause/", campaigns.CampaignPause.as_view(), name="campaign_pause"),
    path(f"{_ONE}/resume/", campaigns.CampaignResume.as_view(), name="campaign_resume"),
    path(f"{_ONE}/cancel/", campaigns.CampaignCancel.as_view(), name="campaign_cancel"),
    path(f"{_ONE}/finish/", campaigns.CampaignFinish.as_view(), name="campaign_finish"),
    path(f"{_ONE}/copy/", campaigns.CampaignCopy.as_view(), name="campaign_copy"),
    path(f"{_ONE}/delete/", campaigns.CampaignDelete.as_view(), name="campaign_delete"),
    path(f"{_ONE}/costs/new/", campaigns.CostCreate.as_view(), name="cost_create"),
    path(f"{_ONE}/costs/<int:cost>/remove/", campaigns.CostRemove.as_view(), name="cost_remove"),
    path(f"{_ONE}/results/new/", campaigns.ResultCreate.as_view(), name="result_create"),
    path(f"{_ONE}/participants/new/", campaigns.ParticipantCreate.as_view(), name="participant_create"),
    path(f"{_ONE}/participants/<int:participant>/came/", campaigns.ParticipantCame.as_view(), name="participant_came"),
    path("topics/", topics.TopicList.as_view(), name="topic_list"),
    path("topics/new/", topics.TopicCreate.as_view(), name="topic_create"),
    path("topics/<int:pk>/", topics.TopicUpdate.as_view(), name="topic_update"),
    path("suppression/", suppression.SuppressionList.as_view(), name="suppression_list"),
    path("suppression/new/", suppression.SuppressionCreate.as_view(), name="suppression_create"),
    path("suppression/<int:pk>/", suppression.SuppressionDetail.as_view(), name="suppression_detail"),
    path("suppression/<int:pk>/lift/", suppression.SuppressionLift.as_view(), name="suppression_lift"),
]
