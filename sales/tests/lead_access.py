"""Who may open the addresses of leads, of their settings and of the contact form."""

from crm.testing.access import PUBLIC

_leads = {
    "leads.view": "lead_list lead_detail",
    "leads.create": "lead_create lead_duplicates",
    "leads.update": "lead_update lead_status lead_talk lead_discard lead_reopen lead_convert",
    "leads.claim": "lead_claim lead_release",
    "leads.assign": "lead_assign",
    "leads.delete": "lead_delete",
}
_lead_desk = (
    "lead_settings pool_list pool_create pool_update lead_rule_list lead_rule_create lead_rule_update score_rule_list "
    "score_rule_create score_rule_update"
)
LEADS_TABLE = {f"leads:{name}": need for need, names in _leads.items() for name in names.split()}
LEADS_TABLE |= {f"leaddesk:{name}": "leads.manage" for name in _lead_desk.split()}
LEADS_TABLE |= {"contact:lead_contact": PUBLIC, "contact:lead_thanks": PUBLIC}
LEADS_TABLE |= {f"pools:{name}": "leads.claim" for name in ("customer_list", "customer_claim", "customer_pool")}
