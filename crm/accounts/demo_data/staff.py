"""Who works in the demo company."""

from __future__ import annotations

from typing import NamedTuple

#: key: English, 中文, key of the department above.
DEPARTMENTS = {
    "company": ("Yunfan Devices", "云帆设备", ""),
    "service": ("Customer service", "客户服务部", "company"),
    "sales": ("Sales", "销售部", "company"),
    "marketing": ("Marketing", "市场部", "company"),
    "product": ("Product and technology", "产品技术部", "company"),
}

#: key: English, 中文, department.
TEAMS = {
    "devices": ("Device support", "设备支持组", "service"),
    "software": ("Software support", "软件支持组", "service"),
    "orders": ("Orders and delivery", "订单物流组", "service"),
    "billing": ("Billing and accounts", "账单与账户组", "service"),
    "care": ("Customer care", "客户关怀组", "service"),
}
#: Teams that the desks in London and Vancouver share, so that somebody works at any hour.
ROUND_THE_CLOCK = ("devices", "software", "orders", "billing")


class Person(NamedTuple):
    """email: the part before the host. pattern: key of a shift pattern, "" for usual hours."""

    email: str
    name: str
    language: str
    title: str
    role: str
    department: str
    teams: tuple[str, ...] = ()
    pattern: str = ""
    leads: tuple[str, ...] = ()


_DESK = ROUND_THE_CLOCK

STAFF = (
    Person("admin", "林晓", "zh-hans", "系统管理员", "administrator", "product"),
    Person("supervisor", "Helen Carter", "en", "Service manager", "supervisor", "service",
           ("devices", "software"), "", ("devices", "software")),
    Person("zhao.lin", "赵琳", "zh-hans", "客服主管", "supervisor", "service",
           ("orders", "billing", "care"), "", ("orders", "billing", "care")),
    Person("executive", "周启明", "zh-hans", "总经理", "executive", "company"),
    Person("auditor", "Martin Webb", "en", "Internal auditor", "auditor", "company"),
    Person("employee", "吴倩", "zh-hans", "行政专员", "employee", "product"),
    Person("marketer", "Sophie Laurent", "en", "Marketing specialist", "marketer", "marketing"),
    Person("editor", "何静怡", "zh-hans", "知识库编辑", "knowledge_editor", "product"),
    Person("sales.manager", "孙伟", "zh-hans", "销售经理", "sales_manager", "sales"),
    Person("chen.hao", "陈浩", "zh-hans", "客户经理", "sales", "sales"),
    Person("emma.brooks", "Emma Brooks", "en", "Account manager", "sales", "sales"),
    Person("liu.yang", "刘洋", "zh-hans", "客户经理", "sales", "sales"),
    Person("david.kim", "David Kim", "en", "Account manager", "sales", "sales"),
    Person("wang.jing", "王静", "zh-hans", "高级技术支持", "senior_agent", "service", ("devices",), "day"),
    Person("zhou.min", "周敏", "zh-hans", "技术支持", "agent", "service", ("devices",), "early"),
    Person("li.qiang", "李强", "zh-hans", "技术支持", "agent", "service", ("devices",), "late"),
    Person("tom.harris", "Tom Harris", "en", "Device specialist", "agent", "service", ("devices",), "weekend"),
    Person("zhang.lei", "张磊", "zh-hans", "高级软件支持", "senior_agent", "service", ("software",), "day"),
    Person("xu.yan", "徐燕", "zh-hans", "软件支持", "agent", "service", ("software",), "late"),
    Person("ben.cooper", "Ben Cooper", "en", "Software specialist", "agent", "service", ("software",), "early"),
    Person("ma.chao", "马超", "zh-hans", "软件支持", "agent", "service", ("software",), "weekend"),
    Person("liu.fang", "刘芳", "zh-hans", "高级订单专员", "senior_agent", "service", ("orders",), "day"),
    Person("gao.ming", "高明", "zh-hans", "物流专员", "agent", "service", ("orders",), "weekend"),
    Person("amy.foster", "Amy Foster", "en", "Order specialist", "agent", "service", ("orders",), "early"),
    Person("yang.li", "杨丽", "zh-hans", "高级账务专员", "senior_agent", "service", ("billing",), "day"),
    Person("lucy.grant", "Lucy Grant", "en", "Billing specialist", "agent", "service", ("billing",), "early"),
    Person("sun.bo", "孙博", "zh-hans", "账户专员", "agent", "service", ("billing",), "weekend"),
    Person("he.xin", "何欣", "zh-hans", "高级客户关怀", "senior_agent", "service", ("care",), "day"),
    Person("nina.patel", "Nina Patel", "en", "Customer care", "agent", "service", ("care",), "early"),
    Person("deng.jie", "邓杰", "zh-hans", "客户关怀", "agent", "service", ("care",), "weekend"),
    Person("james.wright", "James Wright", "en", "Senior support, London", "senior_agent", "service", _DESK, "london"),
    Person("olivia.bennett", "Olivia Bennett", "en", "Support, London", "agent", "service", _DESK, "london_weekend"),
    Person("harry.singh", "Harry Singh", "en", "Support, London", "agent", "service", _DESK, "london"),
    Person("grace.tan", "Grace Tan", "en", "Senior support, Vancouver", "senior_agent", "service", _DESK, "vancouver"),
    Person("ethan.moore", "Ethan Moore", "en", "Support, Vancouver", "agent", "service", _DESK, "vancouver_weekend"),
    Person("chloe.martin", "Chloe Martin", "en", "Support, Vancouver", "agent", "service", _DESK, "vancouver"),
)  # fmt: skip

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 桂英 建华 文博 子涵 雨桐 思远 浩然 佳怡 晓彤 志强 海燕 "
    "梦琪 俊杰 嘉豪 欣怡 天宇 诗涵 宇轩 若曦 博文 雅琴 国栋 春梅 永康 立群 佩珊 启航 慧敏 家辉 婉清 承志 逸飞 淑华 振宇 "
    "书瑶 景行 安琪 鹏飞 丹丹 晨曦 兆丰 美玲 云飞 少华 心怡 德明 秀兰"
).split()
FIRST = (
    "Oliver Amelia George Isla Noah Ava Arthur Mia Leo Ivy Jack Lily Henry Freya Theo Rosie Alfie Sophie Oscar Ella "
    "Max Ruby Samuel Alice Daniel Clara Joseph Erin Lucas Maya Adam Zara Ryan Leah Owen Nora Felix Hannah Jacob Eva "
    "Priya Omar Ingrid Pablo Marta Anders Yara Kofi Lena Marco Aisha Tomas Elif Bruno Greta Ravi Naomi Stefan"
).split()
LAST = (
    "Smith Jones Taylor Brown Wilson Evans Thomas Roberts Walker Hall Clarke Jackson Wood Turner Hill Scott Ward Moore "
    "Green Baker Adams Mitchell Shaw Hughes Price Bell Foster Gray Reid Murray Ford Cole Marsh Lowe Dunn Frost Blake "
    "Novak Silva Costa Meyer Larsen Rossi Moreau Haddad Okafor Sharma Nakamura Petrov Keller Lindqvist Oduya Fischer"
).split()
