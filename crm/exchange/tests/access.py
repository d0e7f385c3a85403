from crm.testing.access import Need

_names = "list choose upload template detail columns check recheck run resume stop undo discard errors"

access_table: dict[str, Need] = {f"exchange:import_{name}": "exchange.use" for name in _names.split()}
