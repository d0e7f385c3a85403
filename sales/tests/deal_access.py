"""Who may open the addresses of sales."""

_rows = {
    "opportunities.view": "board board_cards opportunity_list opportunity_detail",
    "opportunities.create": "opportunity_create",
    "opportunities.update": (
        "opportunity_update opportunity_note opportunity_lines opportunity_collaborators opportunity_hand_over "
        "opportunity_move opportunity_win opportunity_lose opportunity_reopen"
    ),
    "opportunities.delete": "opportunity_delete",
    "planner.work": "opportunity_step",
}

DEALS_TABLE = {f"sales:{name}": need for need, names in _rows.items() for name in names.split()}
