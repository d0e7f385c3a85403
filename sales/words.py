"""What the demo's deals are about: English, 中文."""

DEALS = [
    ("Warehouse scanners", "仓库扫码设备采购"),
    ("Label printers, second line", "二号线标签打印机"),
    ("Annual service contract", "年度维保服务"),
    ("Cold chain tracking", "冷链追溯项目"),
    ("Handheld renewal", "手持终端更新"),
    ("Batch tracing, 3 sites", "三厂区批次追溯"),
    ("Dock pilot, 20 units", "月台试点 20 台"),
    ("Spare parts for next year", "明年备件框架"),
    ("Yard gate printing", "园区门岗打印"),
    ("Ward bedside scanners", "病区床旁扫描"),
    ("Store shelf labels", "门店电子价签"),
    ("Fleet tablets, phase 2", "车队平板二期"),
    ("Serialisation, phase 1", "一物一码一期"),
    ("Line 4 to 6 expansion", "四至六号产线扩建"),
    ("Print head frame order", "打印头框架协议"),
    ("Training for operators", "操作员培训"),
]
#: Kind of task, English, 中文.
NEXT_STEPS = [
    ("call", "Call about the budget", "电话确认预算"),
    ("meeting", "Demo at the customer's", "上门演示"),
    ("mail", "Send the revised offer", "发送修改后的方案"),
    ("visit", "Visit the site", "现场勘查"),
    ("call", "Ask for the decision", "跟进决策进展"),
    ("todo", "Prepare the contract draft", "准备合同草案"),
    ("meeting", "Meet purchasing", "与采购部会面"),
]
NOTES_LOST = [
    ("They merged with a company that has its own supplier", "客户与另一家公司合并，改用其供应商"),
    ("The project leader left", "项目负责人离职，项目搁置"),
]
