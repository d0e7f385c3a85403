from django.urls import path

from . import views

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
]
