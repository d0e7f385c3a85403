"""The seeded roles.

Each module says in its permissions what a role starts with. What is declared later, a module or a single right, reaches
the seeded roles once; what an administrator took away stays away.
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
    """Hands over what the role's modules give and it was never offered. The rights of apps that are off stay known."""
    known, offered, scopes = _known(role), set(), dict(role.scopes)
    for module in permissions:
        actions, scope = module.defaults.get(key, ((), Scope.NONE))
        is_new = module.key not in role.seeded_modules
        for entry in module.permissions:
            name = f"{module.key}.{entry.action}"
            if (is_new or name not in known) and ("*" in actions or entry.action in actions):
                offered.add(name)
            known.add(name)
        if is_new and scope != Scope.NONE:
            scopes[module.key] = int(scope)
    modules = sorted({*role.seeded_modules, *(module.key for module in permissions)})
    after = sorted({*role.permissions, *offered}), scopes, modules, sorted(known)
    if after != (role.permissions, role.scopes, role.seeded_modules, role.seeded_permissions):
        role.permissions, role.scopes, role.seeded_modules, role.seeded_permissions = after
        role.save()


def _known(role: Role) -> set[str]:
    """The rights that the role was offered before, whether or not it still has them.

    A role from before this was kept: none where nobody ever changed it, so that what came since reaches it;
    everything that is declared now, where somebody did and may have taken something away.
    """
    if role.seeded_permissions is not None:
        return set(role.seeded_permissions)
    was_changed = role.events.filter(pgh_context__isnull=False).exists()  # type: ignore[attr-defined]
    return (
        {name for name in permissions.names if name.split(".", 1)[0] in role.seeded_modules} if was_changed else set()
    )


seeds.register(Seed("accounts.roles", seed_roles, order=10))
