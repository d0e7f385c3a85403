from django.utils.translation import gettext_lazy as _

from crm.core.sockets import ActivityType, activity_types

activity_types.register(
    ActivityType(
        400,
        "calendars.calendar_created",
        _("Calendar created"),
        _("%(actor)s created the calendar %(name)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        401,
        "calendars.calendar_updated",
        _("Calendar changed"),
        _("%(actor)s changed the calendar %(name)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        402,
        "calendars.holiday_added",
        _("Holiday added"),
        _("%(actor)s added %(holiday)s (%(date)s) to the calendar %(name)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        403,
        "calendars.holiday_removed",
        _("Holiday removed"),
        _("%(actor)s removed %(holiday)s (%(date)s) from the calendar %(name)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        404,
        "calendars.holidays_imported",
        _("Holidays imported"),
        _("%(actor)s imported %(count)s days of %(country)s for %(year)s into the calendar %(name)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        410,
        "calendars.shifts_set",
        _("Shifts changed"),
        _("%(actor)s changed the shifts of %(person)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        411,
        "calendars.shift_exception_added",
        _("Shift exception added"),
        _("%(actor)s changed the working day of %(person)s on %(date)s"),
        "calendar",
        permission="calendars.view",
    ),
    ActivityType(
        412,
        "calendars.shift_exception_removed",
        _("Shift exception removed"),
        _("%(actor)s put the working day of %(person)s on %(date)s back to the usual shift"),
        "calendar",
        permission="calendars.view",
    ),
)
