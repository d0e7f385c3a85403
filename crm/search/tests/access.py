from crm.testing.access import LOGIN

access_table = {"search:results": LOGIN}
