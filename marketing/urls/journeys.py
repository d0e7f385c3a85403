"""Journeys for staff."""

from django.urls import path

from ..views import journey_outline, journey_people, journeys

app_name = "journeys"

_ONE = "journeys/<int:pk>"
_STEP = f"{_ONE}/steps/<str:key>"

urlpatterns = [
    path("journeys/", journeys.JourneyList.as_view(), name="journey_list"),
    path("journeys/new/", journeys.JourneyCreate.as_view(), name="journey_create"),
    path("journeys/people/", journey_people.EnrolmentList.as_view(), name="enrolment_list"),
    path("journeys/people/<int:pk>/", journey_people.EnrolmentDetail.as_view(), name="enrolment_detail"),
    path("journeys/people/<int:pk>/out/", journey_people.EnrolmentOut.as_view(), name="enrolment_out"),
    path(f"{_ONE}/", journeys.JourneyDetail.as_view(), name="journey_detail"),
    path(f"{_ONE}/properties/", journeys.JourneyUpdate.as_view(), name="journey_update"),
    path(f"{_ONE}/begin/", journeys.JourneyBegin.as_view(), name="journey_begin"),
    path(f"{_ONE}/discard/", journeys.JourneyDiscard.as_view(), name="journey_discard"),
    path(f"{_ONE}/edit/", journey_outline.JourneyEdit.as_view(), name="journey_edit"),
    path(f"{_ONE}/edit/start/", journey_outline.JourneyStart.as_view(), name="journey_start"),
    path(f"{_ONE}/edit/rules/", journey_outline.JourneyRules.as_view(), name="journey_rules"),
    path(f"{_ONE}/steps/new/", journey_outline.StepAdd.as_view(), name="step_create"),
    path(f"{_STEP}/", journey_outline.StepUpdate.as_view(), name="step_update"),
    path(f"{_STEP}/move/", journey_outline.StepMove.as_view(), name="step_move"),
    path(f"{_STEP}/remove/", journey_outline.StepRemove.as_view(), name="step_remove"),
    path(f"{_ONE}/check/", journey_outline.JourneyCheckPage.as_view(), name="journey_check"),
    path(f"{_ONE}/try/", journey_people.JourneyTry.as_view(), name="journey_try"),
    path(f"{_ONE}/versions/", journeys.JourneyVersions.as_view(), name="journey_versions"),
    path(f"{_ONE}/versions/<int:number>/", journeys.JourneyVersionDetail.as_view(), name="journey_version"),
    path(f"{_ONE}/pause/", journeys.JourneyPause.as_view(), name="journey_pause"),
    path(f"{_ONE}/resume/", journeys.JourneyResume.as_view(), name="journey_resume"),
    path(f"{_ONE}/end/", journeys.JourneyEnd.as_view(), name="journey_end"),
    path(f"{_ONE}/copy/", journeys.JourneyCopy.as_view(), name="journey_copy"),
    path(f"{_ONE}/delete/", journeys.JourneyDelete.as_view(), name="journey_delete"),
]
