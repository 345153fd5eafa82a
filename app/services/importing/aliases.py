"""Words of existing books: column names of domain.md 4.1–4.4 and of English registers, states, kinds of carrier."""

from __future__ import annotations

from app.domain.carrier import EVERYBODY_HERE, KIND_NAMES, STATE_NAMES, CarrierKind, State
from app.domain.words import N_
from app.services.importing.files import heading
from app.services.list_columns import COLUMNS as OURS
from app.services.list_columns import in_every_language

FIELDS: dict[str, str] = {
    "number": N_("control number"),
    "source": N_("number in the old book"),
    "reference": N_("reference"),
    "title": N_("title"),
    "short_title": N_("short title"),
    "originator": N_("originator"),
    "level": N_("level"),
    "caveats": N_("caveats"),
    "period": N_("period"),
    "issued": N_("date of issue"),
    "received_on": N_("date of receipt"),
    "copy_no": N_("copy number"),
    "copies": N_("number of copies"),
    "copies_of": N_("of how many copies"),
    "regime": N_("regime"),
    "pages": N_("pages"),
    "kind": N_("kind of carrier"),
    "serial_no": N_("serial number"),
    "scope": N_("access scope"),
    "place": N_("place"),
    "custodian": N_("custodian"),
    "holder": N_("holder"),
    "department": N_("department"),
    "due": N_("due date"),
    "returned_on": N_("date of return"),
    "state": N_("state"),
    "archive_no": N_("archive number"),
    "addressee": N_("addressee"),
    "sent_on": N_("date of dispatch"),
    "receipt": N_("receipt"),
    "voucher": N_("voucher"),
    "remarks": N_("remarks"),
    "as_written": N_("mark or date as written"),
    "ignore": N_("left out"),
}
"""What a column can be; a mapping names them so, people read the names beside them."""

DATES = frozenset({"issued", "received_on", "due", "returned_on", "sent_on"})

_COLUMNS = {
    "number": "收文号 登记号 控制号 载体编号 载体条码 管理编号 保密编号 controlnumber controlno registernumber barcode",
    "source": "原编号 旧编号 来源编号 recordnumber recordnum sourcenumber id uniqueidentifier",
    "reference": "来文字号 文号 文件编号 文号或编号 发文字号 reference referenceno referencenumber ref docno",
    "title": "文件标题 标题 文件名称 文件名 题名 文件资料名称 名称 title documenttitle subject subjecttitle",
    "short_title": "代称 简称 非密名称 shorttitle unclassifiedtitle",
    "originator": "来文机关 来文单位 发文机关 发文单位 制发单位 制作发文单位 责任者 originator sender from issuedby",
    "level": "密级 涉密等级 秘密等级 level classification securityclassification",
    "caveats": "附加标志 限制标志 caveats handling",
    "period": "保密期限 期限 period retentionofsecrecy declassifyon",
    "issued": "成文日期 发文日期 文件日期 制作日期 日期 docdate documentdate dateofdocument issued date",
    "received_on": "收文日期 收到日期 登记日期 datereceived receivedon received",
    "copy_no": "份号 份号起止 起止份号 copyno copynumber copy copynos",
    "copies": "份数 份数或数量 数量 copies numberofcopies qty quantity",
    "pages": "页数 页数或容量 页 pages numpages numberofpages",
    "kind": "载体类别 载体类型 介质类型 mediatype carriertype kindofcarrier",
    "serial_no": "序列号 介质序列号 serialnumber serialno",
    "scope": "使用范围 知悉范围 发放范围 阅读范围 scope accessscope distribution",
    "place": "位置 保管位置 存放位置 存放地点 柜号 place location storedat storage",
    "custodian": "保管人 责任人 保密员 custodian keeper responsible",
    "holder": "借阅人 领用人 持有人 使用人 holder borrower issuedto",
    "department": "借阅部门 领用部门 承办单位 部门 所属部门 department office",
    "due": "应还日期 归还期限 清退期限 清退要求/期限 due duedate returnby",
    "returned_on": "归还日期 退还日期 returned returnedon datereturned",
    "state": "状态 载体状态 介质状态 state status disposition",
    "archive_no": "归入卷号 档号 卷号 归档号 archiveno archivenumber filenumber",
    "addressee": "发往机关 发往单位 收件单位 addressee sentto recipient",
    "sent_on": "发出日期 寄出日期 datesent senton dispatched",
    "receipt": "回执 回执日期 回执号 receipt receiptreturned receiptno",
    "voucher": "销毁证明号 销毁清册号 凭证号 销毁编号 voucher certificate certificateno destructioncertificate",
    "remarks": "备注 附注 说明 附件 签收人 remarks remark comments notes note attachments",
    "ignore": "序号 顺序号 no no. seq row 行号 column 列 reason 原因",
}
COLUMNS: dict[str, str] = {heading(word): field for field, words in _COLUMNS.items() for word in words.split()}
COLUMNS |= {heading(word): field for field, words in OURS.items() for word in in_every_language(words)}
"""Column names as `heading` folds them, and the field that each of them is; those of our own lists among them."""

PLAIN_REMARKS = frozenset(map(heading, ("备注", "附注", "说明", "remarks", "remark", "comments", "notes", "note")))
"""Columns whose words need no label among the remarks."""

REPEATABLE = frozenset({"remarks", "ignore", "scope"})
"""Fields that several columns may feed."""

_STATES = {
    State.IN_STOCK: "在库 在柜 库存 在册 已归还 归还 instock onshelf available in",
    State.ISSUED: "领用 分发 已分发 在用 issued",
    State.LOAN: "借出 借阅 外借 借阅中 借出中 onloan loan loaned out lent",
    State.IN_TRANSIT: "在途 已发出 已寄出 待回执 回执未回 intransit sent dispatched receiptout",
    State.EXTERNAL: "已签收 回执已回 外发 receiptback acknowledged external",
    State.RETURNED: "清退 已清退 退回 已退回 returnedtoissuer returnedtooriginator",
    State.ARCHIVED: "归档 已归档 归卷 已归卷 archived filed",
    State.TRANSFERRED: "移交档案馆 已移交 进馆 transferred accessioned",
    State.DESTROYED: "销毁 已销毁 destroyed",
}
TAKEN_OVER = tuple(_STATES)
"""The states that a carrier of an old book can be in."""
STATES: dict[str, State] = {heading(word): state for state, words in _STATES.items() for word in words.split()}
STATES |= {heading(word): state for state, words in STATE_NAMES.items() for word in in_every_language(words)}
"""How states are written; those that no book can bring are known by name too, to be refused by name."""

_KINDS = {
    CarrierKind.PAPER: "纸 纸质 纸介质 纸质文件 文件 paper document textual",
    CarrierKind.OPTICAL: "光盘 光介质 cd dvd disc optical",
    CarrierKind.FLASH: "u盘 优盘 闪存 存储卡 usb flash flashdrive",
    CarrierKind.MAGNETIC: "硬盘 移动硬盘 磁盘 磁介质 磁带 harddisk disk tape magnetic",
    CarrierKind.FILM: "胶片 胶卷 照片 底片 film photograph microfilm",
    CarrierKind.EQUIPMENT: "设备 产品 密品 equipment product",
    CarrierKind.NOTEBOOK: "保密本 笔记本 保密笔记本 notebook",
}
KINDS: dict[str, CarrierKind] = {heading(word): kind for kind, words in _KINDS.items() for word in words.split()}
KINDS |= {heading(word): kind for kind, words in KIND_NAMES.items() for word in in_every_language(words)}

EVERYBODY_WORDS = frozenset(map(heading, ("全体", "全体人员", *in_every_language(EVERYBODY_HERE))))
"""How a scope says that everybody may know it."""
