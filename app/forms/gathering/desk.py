"""Sheets for the desk: badges, the scanner's test page, the command card, the recovery sheet of a new register."""

from __future__ import annotations

from datetime import date

from app.domain.action import Ref, Subject
from app.domain.numbering import COMMANDS, Letter
from app.domain.words import N_, says
from app.forms.desk_sheets import CalibrationSheet, CodeLine, CommandCard, RecoverySheet, calibration
from app.forms.gathering.particulars import Gathering, Refusing
from app.forms.labels import Badge, Badges


def badges(g: Gathering, of: Ref) -> Badges:
    """One badge for each person: the one it is of, those that are named, or everybody who is here."""
    people = tuple(g.more.get("people") or ((of.id,) if of.kind is Subject.PERSON else g.records.everybody()))
    found = [known for number in people if (known := g.records.person(number)) is not None]
    return Badges(
        labels=tuple(
            Badge(
                name=person.name,
                code=person.badge or g.code(Letter.PERSON, person.id),
                department=person.department,
                duty=person.title,
            )
            for person in found
        )
    )


def calibration_sheet(g: Gathering, _of: Ref) -> CalibrationSheet:
    """The codes that find a wrong keyboard layout, caps lock or input method."""
    return calibration(g.records.register().number)


def command_card(g: Gathering, _of: Ref) -> CommandCard:
    """The commands, each with its code."""
    return CommandCard(
        commands=tuple(
            CodeLine(code=g.code(Letter.COMMAND, place), label=command) for place, command in enumerate(COMMANDS, 1)
        )
    )


def recovery_sheet(g: Gathering, _of: Ref) -> RecoverySheet:
    """The key as set-up hands it over; it is in no table, so it cannot be gathered a second time."""
    key = str(g.more.get("recovery") or "")
    if not key:
        raise Refusing(says(N_("The recovery key is shown once, at set-up, and kept nowhere.")))
    register = g.records.register()
    return recovery_lines(register.unit, register.number, key, g.today)


def recovery_lines(unit: str, register: int, key: str, today: date) -> RecoverySheet:
    """What stands on a recovery sheet: the key in its groups, and their last characters read together as a check."""
    groups = tuple(key.split("-"))
    check = "".join(group[-1:] for group in groups)
    return RecoverySheet(register=unit, register_number=register, made=str(today), groups=groups, check=check)
