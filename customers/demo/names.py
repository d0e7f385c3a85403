"""Parts that company names and addresses of the demo are made of. None is meant to be a real company."""

#: 中文, English.
INDUSTRIES = (
    ("物流", "Logistics"), ("零售", "Retail"), ("医疗", "Healthcare"), ("教育", "Education"), ("餐饮", "Catering"),
    ("制造", "Manufacturing"), ("电子商务", "E-commerce"), ("酒店", "Hotels"), ("仓储", "Warehousing"),
    ("印务", "Printing"), ("药业", "Pharmacy"), ("食品", "Food"), ("建材", "Building supplies"), ("文化", "Culture"),
)  # fmt: skip

#: 中文, pinyin, districts or streets.
CITIES_ZH = (
    ("北京", "beijing", ("海淀区清河路", "朝阳区望京东街", "丰台区南苑路")),
    ("上海", "shanghai", ("闵行区沪光路", "浦东新区张衡路", "青浦区华腾路")),
    ("广州", "guangzhou", ("天河区科韵路", "番禺区市莲路", "黄埔区开创大道")),
    ("深圳", "shenzhen", ("南山区高新南一道", "龙岗区坂雪岗大道", "宝安区宝源路")),
    ("杭州", "hangzhou", ("滨江区江南大道", "余杭区文一西路", "萧山区市心北路")),
    ("成都", "chengdu", ("武侯区天府大道", "成华区二仙桥路")),
    ("武汉", "wuhan", ("洪山区光谷大道", "东西湖区金山大道")),
    ("南京", "nanjing", ("江宁区将军大道", "雨花台区软件大道")),
    ("苏州", "suzhou", ("工业园区星湖街", "吴中区东吴北路")),
    ("重庆", "chongqing", ("渝北区金开大道", "九龙坡区石杨路")),
    ("青岛", "qingdao", ("崂山区海尔路", "城阳区正阳路")),
    ("厦门", "xiamen", ("湖里区枋钟路", "集美区杏林湾路")),
)
WORDS_ZH = [
    "锦程",
    "远航",
    "恒泰",
    "华盛",
    "嘉禾",
    "明德",
    "瑞丰",
    "天成",
    "博远",
    "安康",
    "同创",
    "宏图",
    "新源",
    "金桥",
    "海川",
    "云峰",
    "启明",
    "中和",
    "佳美",
    "泰和",
    "卓越",
    "万通",
    "百川",
    "鼎盛",
    "蓝湾",
    "青禾",
    "长风",
    "星河",
    "顺达",
    "丰年",
    "九州",
    "祥云",
    "润泽",
    "东篱",
    "悦途",
    "正阳",
    "拓新",
    "翰林",
    "木棉",
    "红杉",
]
SUFFIX_ZH = ("有限公司", "有限责任公司", "科技有限公司", "集团有限公司", "商贸有限公司")

#: town, time zone, streets.
CITIES_EN = (
    ("London", "Europe/London", ("Quill Street", "Old Mill Lane", "Harrow Yard")),
    ("Manchester", "Europe/London", ("Canal Row", "Weaver Street")),
    ("Bristol", "Europe/London", ("Dock Road", "Orchard Hill")),
    ("Dublin", "Europe/Dublin", ("Liffey Walk", "Park Terrace")),
    ("Vancouver", "America/Vancouver", ("Cedar Avenue", "Harbour Way")),
    ("Toronto", "America/Toronto", ("Maple Street", "Foundry Lane")),
    ("Singapore", "Asia/Singapore", ("Tembusu Road", "Marina Link")),
    ("Sydney", "Australia/Sydney", ("Wattle Street", "Pier Road")),
    ("Chicago", "America/Chicago", ("Lake Street", "Prairie Avenue")),
)
WORDS_EN = [
    "Harbour",
    "Finch",
    "Oakfield",
    "Brightwater",
    "Northgate",
    "Silverline",
    "Meadow",
    "Redwood",
    "Kestrel",
    "Lantern",
    "Copper",
    "Juniper",
    "Stonebridge",
    "Willow",
    "Falcon",
    "Summit",
    "Ashford",
    "Bluebell",
    "Cobalt",
    "Driftwood",
    "Ember",
    "Fairview",
    "Granite",
    "Hawthorn",
    "Ivory",
    "Larkspur",
    "Marlow",
    "Nettle",
    "Orchard",
    "Pinecrest",
    "Quarry",
    "Riverside",
    "Saffron",
    "Thistle",
    "Umber",
    "Vale",
    "Westbrook",
    "Yarrow",
    "Acorn",
    "Beacon",
]
SUFFIX_EN = ("Ltd", "Group", "Inc", "Partners", "Co.")

TITLES_ZH = ("采购经理", "行政主管", "信息技术主管", "仓库主管", "店长", "财务专员", "运营经理", "设备管理员")
TITLES_EN = (
    "Purchasing manager", "Office manager", "IT manager", "Warehouse lead", "Store manager", "Accountant",
    "Operations manager", "Facilities",
)  # fmt: skip
NOTES_ZH = (
    "每季度末集中采购，请提前确认库存。", "发票须注明采购单号。",
    "仓库只在工作日上午收货。", "设备较多，优先安排上门。",
)  # fmt: skip
NOTES_EN = (
    "Orders in bulk at the end of each quarter; check stock early.", "Needs the purchase order number on invoices.",
    "Receives goods on weekday mornings only.", "Runs many devices; prefers visits over swaps.",
)  # fmt: skip
