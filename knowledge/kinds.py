from django.utils.translation import gettext_lazy as _

from crm.core.sockets import Kind, kinds

kinds.register(
    Kind(
        140, "article", "knowledge.Article", _("Article"), _("Articles"), "article", "knowledge:article_detail",
        "number",
    ),
    Kind(
        141, "article_category", "knowledge.Category", _("Category"), _("Categories"), "category",
        "knowledge:category_list", "",
    ),
    Kind(
        142, "search_miss", "knowledge.SearchMiss", _("Search without a result"), _("Searches without a result"),
        "search",
    ),
)  # fmt: skip
