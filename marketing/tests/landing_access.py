"""Who may open the addresses of landing pages."""

from crm.testing.access import PUBLIC, Need

_names = {
    "landing.view": "page_list page_detail submission_list page_preview page_qr",
    "landing.create": "page_create page_update page_edit page_duplicate",
    "landing.publish": "page_publish page_unpublish page_archive page_restore",
    "landing.delete": "page_delete",
}
LANDING_TABLE: dict[str, Need] = {
    f"landingpages:{name}": need for need, names in _names.items() for name in names.split()
}
LANDING_TABLE |= {"landing:page": PUBLIC, "landing:thanks": PUBLIC}
