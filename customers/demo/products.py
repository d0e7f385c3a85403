"""Products of the demo company: label printers, their supplies, software and services."""

#: key, English, 中文.
CATEGORIES = (
    ("printers", "Printers", "打印机"),
    ("supplies", "Supplies", "耗材"),
    ("software", "Software", "软件"),
    ("services", "Services", "服务"),
)
#: code, category, English, 中文, unit in both languages, price in CNY, tax %, kind, needed again after (days).
PRODUCTS = (
    ("LP-420", "printers", "Label printer LP-420", "标签打印机 LP-420", ("piece", "台"), 1280, 13, "goods", None),
    ("LP-640", "printers", "Label printer LP-640", "标签打印机 LP-640", ("piece", "台"), 2680, 13, "goods", None),
    ("LP-900", "printers", "Industrial printer LP-900", "工业打印机 LP-900", ("piece", "台"), 7980, 13, "goods", None),
    ("SC-110", "printers", "Scanner SC-110", "扫描枪 SC-110", ("piece", "把"), 460, 13, "goods", None),
    ("RB-80", "supplies", "Ribbon 80 mm", "碳带 80 mm", ("roll", "卷"), 38, 13, "goods", 45),
    ("LB-100", "supplies", "Labels 100 × 80", "标签纸 100 × 80", ("roll", "卷"), 26, 13, "goods", 30),
    ("LB-60", "supplies", "Labels 60 × 40", "标签纸 60 × 40", ("roll", "卷"), 18, 13, "goods", 30),
    ("PH-203", "supplies", "Print head 203 dpi", "打印头 203 dpi", ("piece", "个"), 390, 13, "goods", 365),
    ("TH-STD", "software", "TraceHub Standard, a year", "溯源通 标准版（年）", ("year", "年"), 6800, 6, "service", 365),
    ("TH-PRO", "software", "TraceHub Pro, a year", "溯源通 专业版（年）", ("year", "年"), 15800, 6, "service", 365),
    ("SV-INST", "services", "Installation on site", "上门安装", ("visit", "次"), 600, 6, "service", None),
    ("SV-CARE", "services", "Care plan, a year", "维保服务（年）", ("year", "年"), 1600, 6, "service", 365),
)
#: What buyers of one product often buy with it: every other time.
GOES_WITH = {"LP-900": "SV-INST", "LP-640": "PH-203", "TH-PRO": "SV-CARE"}
#: The next better product, as the catalogue names it.
STEPS_UP = {"TH-STD": "TH-PRO", "LP-420": "LP-640"}
#: English, 中文.
CARRIERS = (("SF Express", "顺丰速运"), ("DHL", "DHL"), ("YTO Express", "圆通速递"), ("JD Logistics", "京东物流"))
#: Why money was paid back.
REFUNDS = (("Arrived damaged", "到货破损"), ("Sent twice", "重复发货"), ("Wrong size", "规格不符"))
#: Where devices stand.
PLACES = (
    ("Warehouse 2, line 3", "2 号仓 3 号线"),
    ("Front desk", "前台"),
    ("Packing room", "打包间"),
    ("Shop floor", "车间"),
)
