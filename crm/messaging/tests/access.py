"""Who may open the addresses that a text message gateway calls: anybody, with its signature."""

from crm.testing.access import PUBLIC

access_table = {"messaging:sms_incoming": PUBLIC, "messaging:sms_report": PUBLIC}
