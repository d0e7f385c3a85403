"""The seeded roles.

Each module says in its permissions what a role starts with. A new module's permissions reach the
seeded roles once; what an administrator took away stays away.
"""

from __future__ import annotations

from crm.core.actor import Scope
from crm.core.sockets import Seed, permissions, seeds
from crm.core.translated import Translated

from .models import Role

ROLES = {
    "administrator": (
        "Administrator",
        "管理员",
        "Sets up the product and sees everything",
        "配置系统，可查看全部数据",
    ),
    "agent": ("Agent", "客服", "Answers tickets of their teams", "处理所在团队的工单"),
    "senior_agent": (
        "Senior agent",
        "高级客服",
        "Answers urgent tickets and helps agents",
        "处理紧急工单并协助客服",
    ),
    "supervisor": ("Supervisor", "主管", "Runs teams and watches the board", "管理团队并查看看板"),
    "sales": ("Sales", "销售", "Works with own customers", "跟进自己的客户"),
    "sales_manager": ("Sales manager", "销售经理", "Leads the sales department", "管理销售部门"),
    "marketer": ("Marketer", "市场专员", "Runs campaigns", "开展营销活动"),
    "knowledge_editor": ("Knowledge editor", "知识库编辑", "Writes and publishes articles", "撰写并发布文章"),
    "executive": ("Executive", "高管", "Reads every number", "查看全部报表"),
    "employee": ("Employee", "员工", "Asks other departments", "向其他部门提交请求"),
    "auditor": ("Auditor", "审计员", "Reads everything, changes nothing", "可查看全部，不能修改"),
}


def seed_roles() -> None:
    """Makes missing roles and hands each the permissions declared since it was last seeded."""
    for key, (english, chinese, about_english, about_chinese) in ROLES.items():
        role, _created = Role.objects.get_or_create(
            key=key,
            defaults={
                "name": Translated({"en": english, "zh-hans": chinese}),
                "description": Translated({"en": about_english, "zh-hans": about_chinese}),
                "is_administrator": key == "administrator",
            },
        )
        _offer(role, key)


def _offer(role: Role, key: str) -> None:
    for module in permissions:
        if module.key in role.seeded_modules:
            continue
        actions, scope = module.defaults.get(key, ((), Scope.NONE))
        if "*" in actions:
            actions = [entry.action for entry in module.permissions]
        names = {f"{module.key}.{action}" for action in actions}
        role.permissions = sorted({*role.permissions, *names})
        if scope != Scope.NONE:
            role.scopes = {**role.scopes, module.key: int(scope)}
        role.seeded_modules = [*role.seeded_modules, module.key]
        role.save()


seeds.register(Seed("accounts.roles", seed_roles, order=10))
