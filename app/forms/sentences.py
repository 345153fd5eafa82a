"""Sentences the forms print: rules to the person who signs, letters, warnings; English and Chinese side by side."""

from __future__ import annotations

from typing import Final

from app.forms.terms import Term

SCAN_TO_CHECK: Final = Term(
    "Scan the code to check this paper against the book", "扫描右侧二维码，可将本件与登记簿核对"
)
WRITE_SHORT: Final = Term(
    "If any item is missing, write 'short' beside it and sign", "如有缺少，请在该项旁注明“短少”并签名"
)

EVERYBODY_WHO_KNOWS: Final = Term(
    "Everybody who comes to know it is written here and signs, readers and those who work on it alike.",
    "凡知悉本件内容的人员，包括阅件人和经办人，均须在此登记并签字。",
)
BY_COMMISSION: Final = Term(
    "The giver cannot hand over in person. A commission of two opened the places by seal number and counted.",
    "移交人不能当面移交，由二人工作组按封号启封并清点。",
)
COPIES_OF_CLASSIFICATION: Final = Term(
    "Two copies: one with the file, one for the secrecy or security office.", "一式两份：随卷一份，保密办公室一份。"
)
COPIES_OF_COPYING: Final = Term(
    "Two copies: one for the registry, one for the applicant.", "一式两份：保密室一份，申请人一份。"
)
COPIES_OF_DISCREPANCY: Final = Term(
    "Two copies: one to the sender, one kept until it is answered.", "一式两份：送对方一份，留存一份待复。"
)
COPIES_OF_GIVEN_BACK: Final = Term(
    "Two copies: one goes with the envelope, one is kept with the receipt.",
    "一式两份：随原封退回一份，附收据留存一份。",
)
COPIES_OF_HANDOVER: Final = Term(
    "Three copies: giver, receiver, secrecy or security office. The list is closed when scanned equals listed or each "
    "difference is explained.",
    "一式三份：移交人、接收人、保密办公室各一份。扫描数与清单一致或差异均已说明方可办结。",
)
COPIES_OF_DEED: Final = Term("Two copies, one for each party.", "一式两份，双方各执一份。")
DELIVERY_RULE: Final = Term(
    "Two copies inside the cover, one kept in the office until the receipt is back. No classified title on this list.",
    "封内两份，发件单位留存一份待回执。本清单不列涉密标题。",
)
RECEIPT_RULE: Final = Term(
    "Check each item, sign, seal and return this receipt to the sender at once.",
    "请逐项核对，签名盖章后立即将本回执退回发件单位。",
)
RECEIPT_RULE_UNSEALED: Final = Term(
    "Check each item, sign and return this receipt to the sender at once.",
    "请逐项核对，签名后立即将本回执退回发件单位。",
)
OPENING_RULE: Final = Term(
    "Count every carrier, tick it, write what differs beside it, and sign. The book begins with this list.",
    "请逐件清点并打勾，不符之处在旁注明后签名。本登记簿自本清单起启用。",
)
REGISTER_RULE: Final = Term(
    "One book a year, no loose leaves. Correct by a line through the entry, with initials.",
    "一年一册，不用活页。更正用划线并签章。",
)
CERTIFICATE_SENTENCE: Final = Term(
    "The carriers listed above were counted, taken to the place of destruction under seal and destroyed completely in "
    "our presence.",
    "上列载体经清点无误，封装送达，已在我们监督下全部彻底销毁。",
)
TRACER_FOR_RECEIPT: Final = Term(
    "For the items below we have no signed receipt. Please return it, or tell us in writing what became of them.",
    "下列载体至今未收到签收回执。请退回回执，或书面说明去向。",
)
TRACER_FOR_RETURN: Final = Term(
    "The items below are overdue. Please bring them back to the registry, or have the loan renewed there.",
    "下列载体已逾期未还。请立即交还保密室，或到保密室办理续借。",
)

COVER_WARNING: Final = Term(
    "Not to be copied, extracted or carried out without approval; only for readers within the access scope",
    "未经批准不得复制、摘抄、外带；仅限知悉范围内人员阅读",
)
COVER_STAYS: Final = Term(
    "This sheet stays with the document; return both to the registry", "本封面与文件不得分离，用毕交回保密室"
)
US_COVER: Final = "THIS IS A COVER SHEET"
US_COVER_FOR: Final = "for classified information"
US_COVER_DUTY: Final = (
    "Everyone who handles this document must protect it from unauthorized disclosure and may show it only to persons "
    "with the clearance and the need to know it."
)

RECOVERY_WARNING: Final = Term(
    "Whoever holds this sheet and the file can read the whole register.", "持有本单和数据文件的人可以读取整个登记簿。"
)
RECOVERY_RULE: Final = Term(
    "Check the key once by typing it back, seal this sheet in an envelope, sign across the flap, and keep it in a safe "
    "away from the workstation. Opening it is an entry in the book. There is no second way in: without this sheet and "
    "without any account the register cannot be opened by anybody.",
    "请回输一次核对密钥，将本单装入信封密封、骑缝签名，存放在远离工作站的保密柜中。启封须登记。"
    "没有其他途径：既无本单又无任何账户时，任何人都无法打开登记簿。",
)
CALIBRATION_RULE: Final = Term(
    "Open a text editor or any text field, scan the codes in order and compare each with what is printed under it. "
    "Where one came out otherwise, the line above it says what is set wrong.",
    "打开文本编辑器或任一文本框，依次扫描下列条码，与条码下的印刷文字逐一比对；如不一致，条码上方的文字说明是何设置有误。",
)
COMMAND_RULE: Final = Term(
    "Scan a command instead of using the keyboard. Nothing that needs a signature is done by a command alone.",
    "扫描命令条码可代替键盘操作。需要签名的事项不能仅凭命令完成。",
)
