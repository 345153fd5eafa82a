"""The settings of one workstation and person: nothing a rule depends on, and nothing secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from app import paths
from app.domain.words import N_, Says, says
from app.i18n import system_language

Language = Literal["en", "zh_CN", "qps"]
Theme = Literal["light", "dark", "contrast"]
Paper = Literal["A4", "Letter"]
Labels = Literal["a4-70x37", "a4-99x38", "a4-52x29", "letter-66x25", "roll-70x40", "roll-50x30"]
Scale = Annotated[float, msgspec.Meta(ge=0.5, le=4)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=120)]
Millimetres = Annotated[float, msgspec.Meta(ge=-50, le=50)]

REMEDY = N_("Correct the file, or move it away: the next start then begins with the usual settings.")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What this workstation remembers for its person."""

    language: Language = field(default_factory=system_language)  # of the window
    theme: Theme = "light"  # colours of the window
    scale: Scale = 1.0  # size of everything on screen; 1.0 is what the system says
    idle_minutes: Minutes = 5  # without a key or a scan, until the window locks
    last_register: str | None = None  # path of the register opened last, offered at the next start
    recent_registers: tuple[str, ...] = ()  # paths of registers opened before, the last one first
    printers: Mapping[str, str] = field(default_factory=dict)  # form code → printer
    offsets: Mapping[str, tuple[Millimetres, Millimetres]] = field(default_factory=dict)  # printer → mm right, mm down
    paper: Paper = "A4"  # what lies in the tray
    labels: Labels = "a4-70x37"  # the sheet or roll of labels
    sounds: bool = True  # accepted, blocked, unknown; each is also shown

    @property
    def on_paper(self) -> dict[str, str]:
        """What a form is drawn for first."""
        return {"paper_size": self.paper, "stock": self.labels}

    def chosen(self, printers: Mapping[str, str], offsets: Mapping[str, tuple[float, float]], **on: str) -> Settings:
        """The same after a print: which printer, how far off it is, which `paper` and `labels` lay in it."""
        return msgspec.convert({**asdict(self), "printers": printers, "offsets": offsets, **on}, Settings)


class SettingsUnreadable(Exception):
    """The settings file cannot be used; says why and what to do."""

    def __init__(self, cause: Says, remedy: Says) -> None:
        super().__init__(cause, remedy)
        self.cause = cause
        self.remedy = remedy


def settings_file() -> Path:
    """Where the settings lie."""
    return paths.config_dir() / "settings.json"


def load(path: Path | None = None) -> Settings:
    """The settings as kept, or the usual ones when none were kept yet."""
    path = path or settings_file()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise _unreadable(says(N_("The settings file {path} cannot be read."), path=str(path))) from error
    return _parse(content, path)


def save(settings: Settings, path: Path | None = None) -> None:
    """Keep the settings for the next start."""
    paths.write_private(path or settings_file(), msgspec.json.format(msgspec.json.encode(asdict(settings))) + b"\n")


def _parse(content: bytes, path: Path) -> Settings:
    try:
        answers = msgspec.json.decode(content, type=dict[str, object])
        unknown = sorted(answers.keys() - {each.name for each in fields(Settings)})
        if unknown:
            raise _unreadable(
                says(N_("The settings file {path} has an unknown key: {key}."), path=str(path), key=unknown[0]),
            )
        return msgspec.convert(answers, Settings)
    except msgspec.DecodeError as error:  # a ValidationError is one, and names the key
        raise _unreadable(
            says(N_("The settings file {path} has a mistake: {mistake}."), path=str(path), mistake=str(error)),
        ) from error


def _unreadable(cause: Says) -> SettingsUnreadable:
    return SettingsUnreadable(cause, says(REMEDY))
