"""Old books as nobody would keep them: any columns in any order, any cell in any column, any encoding; by a seed."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from app import i18n
from app.services.importing import Mapping, load_mapping
from app.services.importing.aliases import _COLUMNS, _KINDS, _STATES, DATES

LEVELS = {
    "cn-state": ("绝密★30年", "机密", "秘密★2年", "秘密★2031-05-01", "Secret", "ＪＩＭＩ"),
    "cn-work": ("内部", "工作秘密", "Internal"),
    "cn-company": ("绝密(企业)", "企业机密", "秘密(企业) 短期"),
    "us-dod": ("SECRET//NOFORN", "TOP SECRET", "C", "(U) SECRET"),
}
NO_LEVELS = ("", "?", "绝顶", "SECRET//BANANA", "机密★100年", "S//", "★", "None")
AT = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - a cell of a spreadsheet has no zone
NO_DAYS = ("2026-02-30", "2026.13.1", "00/00/1964", "03/04/2026", "昨天", "2026", "0000-00-00", "-", "12:30", "44562")
DAYS = (
    "2026-03-01",
    "2025/1/5",
    "2026年1月8日",
    "20260105",
    date(2027, 1, 1),
    AT,
    "9999-12-31",
)
ODD = (
    "#REF!", "TRUE", "\t", "-", "=1+1", "+1", "@x", "'", "'=x", '"', "，", ";", "; ; ;", "\u200b", "\u3000", "\r\n",
    "合计", "a" * 500, "长" * 33_000, "𠮷", "\ufeff", "\x01", "{0}", "~" + "A" * 43, "1e5", "-0", "1.5", "１２",
    "½", "٣", "x\x00y", "_x0041_", "<b>", True, 1.5, 0.1, 10**15, time(3, 4), timedelta(days=2), AT.date(), AT,
    ("=NA()", "#N/A"), ("=1+1", 2), None,
)  # fmt: skip
CELLS = {
    "title": ("关于会议的通知", "Plan", "Plan ", "plan", "两行\n标题", "=cmd|1", "-5 °C", "", "长" * 33_000),
    "caveats": ("", "", "", "NOFORN", "不得复制", "阅后清退", "NDA", "banana", ";"),
    "period": ("", "", "", "10年", "2031-05-01", "长期", "解密前", "100年", "?", "2026-02-30"),
    "copy_no": ("", "", "1", 2, 3.0, "000001-000003", "1～2", "1、3", "3-1", "0", "第三份", "1-9999", "2/5", True),
    "copies": ("", "", "1", "3份", 2.0, "若干", "0", "5001"),
    "copies_of": ("", "", "5", 3.0, "0", "x"),
    "pages": ("", "1", 12.0, "34 pp.", "1.5", -3, "三"),
    "kind": ("", "", "石碑", *(word for words in _KINDS.values() for word in words.split())),
    "state": ("", "", "", "", "消失", "已作废", *(word for words in _STATES.values() for word in words.split())),
    "place": ("safe", "room", "safe", "cabinet", "nowhere", "ｓａｆｅ", ""),
    "holder": ("", "", "", "reader", "drafter", "nobody", "reader "),
    "custodian": ("", "", "clerk", "authority", "王小明"),
    "voucher": ("", "", "", "销1"),
    "scope": ("", "*", "plans,works", ",,"),
}  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")
NO_DATA = ("合计", "本页合计：", "Total", "小计 3份", "制表：陈", "Prepared by: X")
OFTEN = ("number", "title", "level", "place")


@dataclass
class Book:
    """A file, how it is to be read, how many rows stand below its heading, and how many of them repeat a number."""

    file: Path
    mapping: Mapping
    regime: str
    language: str
    below: int
    repeated: int


def any_book(seed, folder):
    """The book of that seed."""
    chance = Random(seed)
    regime = chance.choice(tuple(LEVELS))
    fields = [field for field in _COLUMNS if field != "ignore" and chance.random() < (0.9 if field in OFTEN else 0.35)]
    fields += [field for field in ("number", "title") if field not in fields] + [None] * chance.randrange(2)
    if chance.random() < 0.1:
        fields.append(chance.choice(fields))
    chance.shuffle(fields)
    head = [_dressed(chance, chance.choice(_COLUMNS[field].split())) if field else "蓝色" for field in fields]
    rows = [*[["某单位收文登记簿"], ["2026年度"]][: chance.randrange(3)], head]
    above, known = len(rows), []
    for at in range(chance.choice((0, 1, 3, 8, 20))):
        kind = chance.random()
        if kind < 0.05:
            rows.append([chance.choice(("", " ", "\u3000", None)) for _ in head])
        elif kind < 0.1:
            rows.append(head)
        elif kind < 0.15:
            rows.append([chance.choice(NO_DATA), *[""] * (len(head) - 1)])
        elif kind < 0.22 and known:
            rows.append(chance.choice(known))
            known.append(rows[-1])
        else:
            row = [_cell(chance, field, at, regime) for field in fields]
            if "source" in fields and _plain(row[fields.index("number")]) and chance.random() < 0.7:
                row[fields.index("source")] = f"of{at // 3}"  # copies of one document
            rows.append(
                row[: chance.randint(1, len(row))] if chance.random() < 0.04 else [*row, *["+"] * (kind > 0.96)]
            )
            known.append(rows[-1])
    file = folder / chance.choice(("book.csv", "book.csv", "book.xlsx"))
    (_csv if file.suffix == ".csv" else _xlsx)(chance, file, rows)
    return Book(
        file,
        _mapping(chance, regime),
        regime,
        chance.choice(i18n.LANGUAGES),
        len(rows) - above,
        _repeated(fields, known),
    )


def _repeated(fields, rows):
    """How many rows bear a number that an earlier one bears."""
    seen, repeated = set(), 0
    for row in rows:
        names = {
            " ".join(str(int(cell) if isinstance(cell, float) and cell.is_integer() else _plain(cell)).split())
            for field, cell in zip(fields, row, strict=False)
            if field in {"number", "source", "reference"}
        } - {"", "None"}
        repeated += bool(names & seen)
        seen |= names
    return repeated


def _mapping(chance, regime):
    if chance.random() < 0.3:
        return load_mapping(chance.choice(("", "custos-list")), regime)
    constants = {"place": "safe", "level": LEVELS[regime][0]}
    register = chance.choice(("reject", "register"))
    dates = chance.choice(((), ("DD/MM/YYYY",)))
    return Mapping(
        regime=regime, constants=constants, unknown_people=register, unknown_places=register, place_grade=9, dates=dates
    )


def _dressed(chance, name):
    """A heading as somebody typed it."""
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in name)
    return chance.choice((name, name, name, name.upper(), " ".join(name), f" {name}\n", f"{name}*", wide))


def _cell(chance, field, at, regime):
    odd = chance.random()
    if odd < 0.04:
        return chance.choice(ODD)
    if field == "number":
        ours = f"CU-秘-2026-{chance.randint(1, 60):04d}"
        near = chance.choice(("A-1", "a-1", "Ａ-1", "A  -1", 7, 7.0, "007", f"B-{chance.randint(1, 4)}"))
        return f"收{at}" if odd < 0.6 else chance.choice((ours, near, near, "", AT, "9" * 300))
    if field in {"source", "reference"}:
        several = (f"院发〔2026〕{at}号", f"院发〔2026〕{at // 3}号", "R 1", "")
        return f"src{at}" if field == "source" else chance.choice(several)
    if field == "level":
        return chance.choice(NO_LEVELS if odd < 0.15 else LEVELS[regime])
    if field in DATES:
        return chance.choice(("", "", *DAYS, *NO_DAYS))
    return chance.choice(CELLS.get(field, ("", "", "某部", f"x{at}")))


def _plain(cell):
    """A cell as a CSV file has it."""
    if isinstance(cell, tuple):
        return cell[1]
    return cell.isoformat() if isinstance(cell, date | time) else cell


def _csv(chance, file, rows):
    with file.open("w", encoding=chance.choice(ENCODINGS), newline="") as opened:
        writer = csv.writer(opened, delimiter=chance.choice(",,;\t|"), lineterminator=chance.choice(("\r\n", "\n")))
        writer.writerows([_plain(cell) for cell in row] for row in rows)


def _xlsx(_chance, file, rows):
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, tuple):
                    sheet.write_formula(at, column, cell[0], None, cell[1])
                else:
                    sheet.write(at, column, cell[:32_767] if isinstance(cell, str) else cell)
            if len(row) == 1 < max(map(len, rows)):
                sheet.merge_range(at, 0, at, max(map(len, rows)) - 1, row[0])
