"""The whole program in this process, used as a clerk uses it: what each step held its thread, what it all weighs.

Run by benchmarks.window as `python -m benchmarks.window_probe REGISTER LOGIN WITNESS PASSWORD`; answers in JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog

from app import i18n
from app.domain.action import Ref, Subject
from app.domain.numbering import payload
from app.main import Program
from app.settings import Settings
from app.ui import theme
from app.ui.background import Stall
from benchmarks import window_crowd

PATIENCE = 60.0
"""Seconds until a step counts as hung."""
SCANS = 20
BETWEEN_SCANS = 0.03


class Probe:
    """Goes through the window, and notes the longest block of each step in milliseconds."""

    def __init__(self, application: QApplication, program: Program) -> None:
        self._application, self._program = application, program
        self.blocks: dict[str, float] = {}

    @property
    def session(self) -> Any:
        """Who is signed in."""
        return self._program.session

    def step(self, name: str, do: Callable[[], object], until: Callable[[], bool] | None = None) -> None:
        """Do it and let everything it set off come to rest."""
        with Stall() as stall:
            do()
            self.rest(until)
        self.blocks[name] = max(self.blocks.get(name, 0.0), stall.longest)

    def rest(self, until: Callable[[], bool] | None = None, quiet: float = 0.3) -> None:
        """Until it is so, and for so many seconds nothing is read, written or drawn any more."""
        ends, still = time.monotonic() + PATIENCE, time.monotonic() + quiet
        while time.monotonic() < still:
            self._application.processEvents()
            self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            busy = self.session is not None and not self.session.background.is_idle
            if busy or (until is not None and not until()):
                still = time.monotonic() + quiet
            if time.monotonic() > ends:
                raise TimeoutError("a step of the probe never ended")
            time.sleep(0.001)

    # --- what a clerk does --------------------------------------------------------------------------------------

    def sign_in(self, login: str, witness: str, password: str) -> None:
        """Through the first window, by its own widgets; after so long a time a second person confirms the date."""
        window = self._program.sign_in
        assert window is not None
        # Nobody types a password before the libraries are there.
        self.rest(lambda: window.credentials.names.count() > 0 and window._aside.is_idle)  # noqa: SLF001 - what it waits for
        window.credentials.names.setCurrentText(login)
        window.credentials.password.setText(password)
        asks_date = window._date.isVisible  # noqa: SLF001 - which of its screens is in front
        self.step("sign in", window.credentials.button.click, lambda: self.session is not None or asks_date())
        if self.session is None:
            window.witness.names.setCurrentText(witness)
            window.witness.password.setText(password)
            self.step("sign in", window.witness.button.click, lambda: self.session is not None)

    def pages(self) -> None:
        """Every page, first and second time."""
        for turn in ("first", "again"):
            for page in list(self.session.window._pages):  # noqa: SLF001 - whatever the composition root built
                self.step(f"page {page}, {turn}", lambda page=page: self.session.window.go(page))  # type: ignore[misc]

    def cards(self) -> None:
        """A carrier's card, a document, a person, and codes scanned faster than anybody can."""
        place = self.session.place
        for name, kind in (("card", Subject.CARRIER), ("document", Subject.DOCUMENT), ("person", Subject.PERSON)):
            for number in (7, 8):
                self.step(f"open {name}", lambda kind=kind, number=number: place.go_to(Ref(kind, number)))  # type: ignore[misc]
        self.session.window.go("carriers")
        self.rest()
        self.step("20 codes scanned", self._scan_many)

    def _scan_many(self) -> None:
        line = self.session.window._top.scan.line  # noqa: SLF001 - where a scanner types
        for number in range(11, 11 + SCANS):
            line.submit(payload("C", 107, number))
            ends = time.monotonic() + BETWEEN_SCANS
            while time.monotonic() < ends:
                self._application.processEvents()

    def act(self) -> None:
        """A carrier moved to another place, in its dialog."""
        place = self.session.place
        (number,) = place.desk.read(_in_stock)
        self.step("open a dialog", lambda: place.perform("move_to", [Ref(Subject.CARRIER, number)]))
        dialog = next(each for each in self.session.window.findChildren(QDialog) if each.isVisible())
        self.step("fill a dialog", lambda: dialog.form.asked["place"].field.set_answer(3), dialog._confirm.isEnabled)  # noqa: SLF001 - its button
        self.step("perform an act", dialog._confirm.click)  # noqa: SLF001 - as above

    def looks(self) -> None:
        """Another language and other colours, with everything open."""
        window = self.session.window
        self.step("another language", lambda: window.use_language(i18n.CHINESE))
        self.step("other colours", lambda: window.use_theme("dark"))


def _in_stock(connection: Any) -> list[int]:
    query = "SELECT id FROM carriers WHERE state = 'in_stock' AND custodian = 1 AND place <> 3 ORDER BY id LIMIT 1"
    return list(connection.exec_driver_sql(query).scalars())


def memory_mb() -> dict[str, float]:
    """What this process holds in memory, shared parts in whole (rss) and in part (pss)."""
    told = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in told.splitlines() if line.endswith("kB")}
    return {"rss": sizes["Rss"], "pss": sizes["Pss"]}


def main(register: Path, login: str, witness: str, password: str) -> None:
    """Sign in, go everywhere, see what is large, answer."""
    application = QApplication(sys.argv[:1])
    i18n.use(i18n.ENGLISH)
    theme.use("light")
    program = Program(Settings(sounds=False, language="en"))
    program.begin(register)
    probe = Probe(application, program)
    probe.sign_in(login, witness, password)
    probe.pages()
    probe.cards()
    probe.act()
    memory = memory_mb()
    probe.looks()
    window_crowd.go_through(probe, register.parent)
    print(json.dumps({"blocks": probe.blocks, **memory}))
    program.session.window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:5])
