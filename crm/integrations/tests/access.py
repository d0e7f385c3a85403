from crm.testing.access import PUBLIC, Need

access_table: dict[str, Need] = {"api:schema": PUBLIC, "api:docs": PUBLIC}
