"""The sheets of a client book and the titles their columns go under."""

from services.customer.domain.book.table import Field, Layout

CUSTOMER_NO = Field(
    "customer_no", ("客户编号", "客户号", "客户代码", "客户编码", "编号"), needed=True
)
PRODUCT_ID = Field("product_id", ("产品代码", "产品编号", "产品编码", "代码"), needed=True)

CUSTOMERS = Layout(
    ("客户信息", "客户", "客户信息表", "客户名单", "客户资料"),
    (
        CUSTOMER_NO,
        Field("name", ("客户姓名", "姓名", "客户名称"), needed=True),
        Field("sex", ("性别",)),
        Field("identity_kind", ("证件类型", "证件种类")),
        Field("identity", ("证件号码", "证件号", "身份证号", "身份证号码"), needed=True),
        Field("born_on", ("出生日期", "生日", "出生年月日")),
        Field("phone", ("手机号", "手机号码", "手机", "联系电话", "电话")),
        Field("wechat", ("微信号", "微信")),
        Field("address", ("常住地址", "地址", "联系地址", "住址")),
        Field("aum", ("总资产规模(AUM)", "总资产规模", "AUM", "资产规模")),
        Field("income", ("年收入", "个人年收入", "家庭年收入")),
        Field("level", ("风险等级", "风险承受能力", "风险测评等级")),
        Field("assessed_on", ("测评日期", "风险测评日期", "评估日期")),
        Field("adviser", ("理财顾问", "客户经理", "理财经理", "顾问")),
        Field("team", ("所属团队", "团队", "所属部门", "部门")),
        Field("tags", ("客户标签", "标签")),
    ),
)
PRODUCTS = Layout(
    ("产品", "产品信息", "产品清单", "产品列表"),
    (
        PRODUCT_ID,
        Field("name", ("产品名称", "名称"), needed=True),
        Field("kind", ("产品类型", "类型", "产品类别"), needed=True),
        Field("level", ("风险等级", "产品风险等级")),
        Field("minimum", ("起购金额", "起投金额", "认购起点")),
        Field("nav", ("最新净值", "单位净值", "净值")),
        Field("matures_on", ("到期日", "到期日期", "产品到期日")),
    ),
)
HOLDINGS = Layout(
    ("持仓", "客户持仓", "持仓明细", "持仓信息"),
    (
        CUSTOMER_NO,
        PRODUCT_ID,
        Field("units", ("持有份额", "份额", "持仓份额"), needed=True),
        Field("value", ("参考市值", "市值", "持仓市值"), needed=True),
    ),
)
TRANSACTIONS = Layout(
    ("交易流水", "交易", "交易明细", "交易记录"),
    (
        Field("traded_on", ("日期", "交易日期", "业务日期", "确认日期"), needed=True),
        CUSTOMER_NO,
        PRODUCT_ID,
        Field("kind", ("业务类型", "交易类型", "类型"), needed=True),
        Field("amount", ("金额", "交易金额", "确认金额"), needed=True),
    ),
)
FAMILY = Layout(
    ("家庭关系", "家庭", "亲属关系", "家庭成员"),
    (
        CUSTOMER_NO,
        Field("relation", ("关系", "亲属关系"), needed=True),
        Field("member_no", ("家庭成员客户编号", "成员客户编号", "家庭成员编号"), needed=True),
    ),
)
