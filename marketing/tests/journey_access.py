"""Who may open the addresses of journeys."""

from crm.testing.access import Need

_names = {
    "journeys.view": "journey_list journey_detail enrolment_list enrolment_detail journey_try journey_versions"
                     " journey_version",
    "journeys.create": "journey_create journey_update journey_begin journey_discard journey_edit journey_start"
                       " journey_rules step_create step_update step_move step_remove journey_delete journey_copy",
    "journeys.run": "journey_check journey_pause journey_resume journey_end enrolment_out",
}  # fmt: skip
JOURNEY_TABLE: dict[str, Need] = {f"journeys:{name}": need for need, names in _names.items() for name in names.split()}
