from crm.testing.access import Need

access_table: dict[str, Need] = {
    "planner:task_list": "planner.view",
    "planner:task_create": "planner.work",
    "planner:task_add": "planner.work",
    "planner:task_detail": "planner.view",
    "planner:task_update": "planner.work",
    "planner:task_finish": "planner.work",
    "planner:task_tick": "planner.work",
    "planner:task_reopen": "planner.work",
    "planner:task_delete": "planner.work",
    "planner:calendar": "planner.view",
    "planner:meeting_create": "planner.work",
    "planner:meeting_detail": "planner.view",
    "planner:meeting_update": "planner.work",
    "planner:meeting_cancel": "planner.work",
    "planner:meeting_delete": "planner.work",
    "planner:meeting_outcome": "planner.work",
    "planner:proposal_accept": "planner.work",
    "planner:proposal_decline": "planner.work",
    "planner:meeting_file": "planner.view",
}
