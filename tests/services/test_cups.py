"""A real print queue: what `lp` is given on standard input arrives at the device byte for byte."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from app.forms import FORMS
from app.forms.sheet import Paper
from app.services import cups
from tests.forms import samples

CUPSD = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
LPADMIN = shutil.which("lpadmin", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
DRIVER = Path("/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd")
"""A printer that is sent PDF, with all of CUPS's filters before it."""
PATIENCE = 15.0

FILES = """\
ServerRoot {folder}/etc
CacheDir {folder}/cache
RequestRoot {folder}/spool
TempDir {folder}/temp
StateDir {folder}/state
DataDir /usr/share/cups
ServerBin /usr/lib/cups
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
"""
SERVER = """\
Listen {socket}
LogLevel warn
Browsing Off
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""


def until(what: str, true: Callable[[], object]) -> None:
    """Wait for something to come true; say what did not."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.05)


class Printer:
    """A printer on a port of this machine, as the ones that are plugged into a wall are: it keeps what it was sent."""

    def __init__(self) -> None:
        self.jobs: list[bytes] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            with caller:
                parts = []
                while part := caller.recv(65_536):
                    parts.append(part)
                self.jobs.append(b"".join(parts))

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(PATIENCE)


@dataclass(frozen=True)
class Queue:
    """A CUPS of our own, its folder, and the printer behind its one raw queue."""

    folder: Path
    printer: Printer


@pytest.fixture(scope="module")
def server() -> Iterator[Queue]:
    """The print server on a socket of its own; nothing of the machine's is touched."""
    assert CUPSD, "needs cups (Debian: apt-get install cups)"
    assert LPADMIN, "needs lpadmin (Debian: apt-get install cups-client)"
    # Its backends run as another account, which may not enter pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="custos-cups-"))
    folder.chmod(0o755)
    for name in ("etc", "cache", "spool", "temp", "state"):
        (folder / name).mkdir()
    (folder / "cups-files.conf").write_text(FILES.format(folder=folder))
    (folder / "cupsd.conf").write_text(SERVER.format(socket=folder / "sock"))
    printer = Printer()
    command = [CUPSD, "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until("cupsd listens", lambda: (folder / "sock").exists() or running.poll() is not None)
        assert running.poll() is None, (folder / "error.log").read_text()
        device = f"socket://127.0.0.1:{printer.port}/?snmp=false&waiteof=false"
        add = [LPADMIN, "-h", str(folder / "sock"), "-p", "test", "-E", "-v", device, "-m", "raw"]
        subprocess.run(add, check=True, capture_output=True)
        yield Queue(folder, printer)
    finally:
        running.terminate()
        running.wait(PATIENCE)
        printer.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def queue(server: Queue, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setenv("CUPS_SERVER", str(server.folder / "sock"))
    server.printer.jobs.clear()
    return server


def test_bytes_arrive_as_they_were_drawn_and_no_file_is_left(
    queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    pdf = b"%PDF-1.4\n" + bytes(range(256)) * 400 + b"\n%%EOF\n"
    job = cups.send("test", pdf)
    assert job.startswith("test-")
    # What another test sent may still be on its way, and come first.
    until("the print arrived", lambda: [each for each in queue.printer.jobs if len(each) >= len(pdf)])
    assert pdf in queue.printer.jobs
    assert list(tmp_path.iterdir()) == []


def test_printers_of_this_machine_are_listed(queue: Queue) -> None:
    assert cups.printers() == ("test",)


def test_job_in_the_queue_is_named_after_the_program_only(queue: Queue) -> None:
    cups.send("test", b"%PDF-1.4\nx\n%%EOF\n")
    until("the job is written down", lambda: _page_log(queue))
    assert all(" Custos " in line for line in _page_log(queue))


def _page_log(queue: Queue) -> list[str]:
    log = queue.folder / "page.log"
    return [line for line in log.read_text().splitlines() if line.strip()] if log.exists() else []


@pytest.fixture
def driven(queue: Queue) -> Iterator[Queue]:
    """The same printer behind a driver: the job goes through the filters that scale and turn pages."""
    assert DRIVER.exists(), "needs cups-filters (Debian: apt-get install cups-filters)"
    device = f"socket://127.0.0.1:{queue.printer.port}/?snmp=false&waiteof=false"
    admin = [LPADMIN or "", "-h", str(queue.folder / "sock")]
    subprocess.run([*admin, "-p", "driven", "-E", "-v", device, "-P", str(DRIVER)], check=True, capture_output=True)
    yield queue
    subprocess.run([*admin, "-x", "driven"], check=True, capture_output=True)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("code", ["tracer", "handover_list"])
def test_a_page_comes_out_on_its_paper_not_scaled_whichever_way_it_lies(driven: Queue, code: str, paper: Paper) -> None:
    form = FORMS[code].draw(samples.usual()[code], samples.sheet(paper=paper))
    box = PdfReader(BytesIO(form.pdf)).pages[0].mediabox
    cups.send("driven", form.pdf, options={"media": cups.media(float(box.width), float(box.height))})
    until("the print arrived", lambda: [job for job in driven.printer.jobs if len(job) > len(form.pdf) // 2])
    came = max(driven.printer.jobs, key=len)
    pages = PdfReader(BytesIO(came[came.index(b"%PDF") :])).pages
    upright = {"A4": (595, 842), "Letter": (612, 792)}[paper]
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {upright}
    assert len(pages) == form.pages
    assert codes(came[came.index(b"%PDF") :]) == codes(form.pdf) != {}


def codes(pdf: bytes) -> dict[str, int]:
    """Each code on the first page and how long it is in dots of a label printer."""
    ran = subprocess.run(["pdftoppm", "-r", "203", "-gray", "-l", "1"], input=pdf, capture_output=True, check=True)
    found = zxingcpp.read_barcodes(Image.open(BytesIO(ran.stdout)))
    corners = ((code.text, code.position.top_left, code.position.top_right) for code in found)
    return {text: max(abs(end.x - start.x), abs(end.y - start.y)) for text, start, end in corners}


def test_paper_is_named_upright_and_a_label_by_its_size() -> None:
    assert cups.media(841.89, 595.28) == "A4"
    assert cups.media(612, 792) == "Letter"
    assert cups.media(198.4, 113.4) == "Custom.198.4x113.4"


def test_queue_that_is_not_there_says_so(queue: Queue) -> None:
    with pytest.raises(cups.PrinterUnavailable) as unavailable:
        cups.send("nowhere", b"%PDF-1.4")
    assert "does not exist" in str(unavailable.value.cause.values["reason"])


def test_machine_without_a_printing_system_has_no_printers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert cups.printers() == ()
    with pytest.raises(cups.PrinterUnavailable) as unavailable:
        cups.send("any", b"x")
    assert "CUPS" in unavailable.value.remedy.msgid
