from django.urls import path

from .views import calendar as calendar_views
from .views import meetings as meetings
from .views import tasks as views

app_name = "planner"

urlpatterns = [
    path("", views.TaskList.as_view(), name="task_list"),
    path("new/", views.TaskCreate.as_view(), name="task_create"),
    path("add/", views.TaskAdd.as_view(), name="task_add"),
    path("<int:pk>/", views.TaskDetail.as_view(), name="task_detail"),
    path("<int:pk>/edit/", views.TaskUpdate.as_view(), name="task_update"),
    path("<int:pk>/finish/", views.TaskFinish.as_view(), name="task_finish"),
    path("<int:pk>/tick/", views.TaskTick.as_view(), name="task_tick"),
    path("<int:pk>/reopen/", views.TaskReopen.as_view(), name="task_reopen"),
    path("<int:pk>/delete/", views.TaskDelete.as_view(), name="task_delete"),
    path("calendar/", calendar_views.CalendarView.as_view(), name="calendar"),
    path("meetings/new/", meetings.MeetingCreate.as_view(), name="meeting_create"),
    path("meetings/<int:pk>/", meetings.MeetingDetail.as_view(), name="meeting_detail"),
    path("meetings/<int:pk>/edit/", meetings.MeetingUpdate.as_view(), name="meeting_update"),
    path("meetings/<int:pk>/cancel/", meetings.MeetingCancel.as_view(), name="meeting_cancel"),
    path("meetings/<int:pk>/delete/", meetings.MeetingDelete.as_view(), name="meeting_delete"),
    path("meetings/<int:pk>/outcome/", meetings.MeetingOutcome.as_view(), name="meeting_outcome"),
    path("meetings/proposals/<int:pk>/accept/", meetings.ProposalAccept.as_view(), name="proposal_accept"),
    path("meetings/proposals/<int:pk>/decline/", meetings.ProposalDecline.as_view(), name="proposal_decline"),
    path("meetings/<int:pk>/calendar.ics", meetings.MeetingFile.as_view(), name="meeting_file"),
]
