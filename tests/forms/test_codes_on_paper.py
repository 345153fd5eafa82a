"""What scanners make of the paper: codes decode as a 203 dpi printer gives them, nothing leaves the margin."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageChops

from app.domain.numbering import payload
from app.forms import FORMS
from app.forms.codes import bar_code_width
from app.forms.labels import CarrierLabel, CarrierLabels
from app.forms.sheet import Drawn
from tests.forms import samples

MM = 203 / 25.4


def pictures(form: Drawn, dpi: int = 203) -> list[Image.Image]:
    """The pages as a label printer of that resolution would give them, in grey."""
    ran = subprocess.run(["pdftoppm", "-r", str(dpi), "-gray"], input=form.pdf, capture_output=True, check=True)
    out, pages = BytesIO(ran.stdout), []
    while out.tell() < len(ran.stdout):
        magic, size, depth = out.readline(), out.readline(), out.readline()
        assert (magic, depth) == (b"P5\n", b"255\n")
        width, height = map(int, size.split())
        pages.append(Image.frombytes("L", (width, height), out.read(width * height)))
    return pages


def codes(value: Any) -> Iterator[str]:
    """Every barcode payload a content holds."""
    if is_dataclass(value):
        for one in fields(value):
            inner = getattr(value, one.name)
            if one.name == "code" and inner:
                yield inner
            yield from codes(inner)
    elif isinstance(value, tuple):
        for item in value:
            yield from codes(item)


def read_by_zxing(picture: Image.Image) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(picture)}


def read_by_zbar(picture: Image.Image, folder: Path) -> set[str]:
    file = folder / "page.png"
    picture.save(file)
    ran = subprocess.run(["zbarimg", "-q", "--raw", str(file)], capture_output=True, text=True, check=False)
    return set(ran.stdout.splitlines())


@pytest.mark.parametrize("code", FORMS)
def test_every_printed_code_decodes(code: str, tmp_path: Path) -> None:
    content = samples.usual()[code]
    expected = set(codes(content))
    form = FORMS[code].draw(content, samples.sheet())
    seen, seen_by_zbar = set(), set()
    for picture in pictures(form):
        seen |= read_by_zxing(picture)
        if shutil.which("zbarimg"):
            seen_by_zbar |= read_by_zbar(picture, tmp_path)
    if code not in {"carrier_labels", "media_labels", "badges", "envelope_labels", "us_cover_sheet"}:
        expected |= {samples.ANCHOR.qr}
    assert expected <= seen
    if shutil.which("zbarimg"):
        assert expected <= seen_by_zbar


@pytest.mark.parametrize("stock", ["a4-52x29", "a4-99x38", "letter-66x25", "roll-70x40", "roll-50x30"])
def test_codes_decode_on_every_stock(stock: str) -> None:
    labels = CarrierLabels(labels=samples.usual()["carrier_labels"].labels[:2])
    form = FORMS["carrier_labels"].draw(labels, samples.sheet(stock=stock))
    seen = set().union(*(read_by_zxing(picture) for picture in pictures(form)))
    assert {label.code for label in labels.labels} <= seen


def test_a_code_of_ours_is_36_mm_wide_with_its_quiet_zones() -> None:
    assert 35.5 < bar_code_width(payload("C", 107, 26_041)) / 72 * 25.4 < 36


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("handover_list", "both"),
        ("incoming_register", "zh"),
        ("archive_transfer", "en"),
        ("classification_slip", "both"),
        ("loan_slip", "en"),
        ("recovery_sheet", "both"),
        ("tracer", "zh"),
    ],
)
def test_nothing_runs_past_the_margin(code: str, language: str) -> None:
    form = FORMS[code].draw(samples.longest()[code], samples.sheet(language))
    dpi = 50
    for picture in pictures(form, dpi):
        width, height = picture.size
        left, right, edge = (round(side / 25.4 * dpi) for side in (17, 12.5, 7))
        margins = picture.copy()
        margins.paste(255, (left, edge, width - right, height - edge))
        ink = ImageChops.invert(margins).point(lambda grey: 255 if grey > 60 else 0)
        assert ink.getbbox() is None


def test_labels_stay_on_their_label() -> None:
    label = samples.usual()["carrier_labels"].labels[0]
    long = replace(
        label, **dict.fromkeys(("number", "mark", "copy", "registry", "short_title", "holder"), samples.LONG_EN)
    )
    form = FORMS["carrier_labels"].draw(CarrierLabels(labels=(long,)), samples.sheet(first_label=5))
    (picture,) = pictures(form)
    box = ImageChops.invert(picture).getbbox()
    assert box is not None
    left, top, right, bottom = (edge / MM for edge in box)
    assert left >= 70
    assert right <= 140
    assert top >= 37.5
    assert bottom <= 74.5


def test_a_thousand_labels_take_a_second() -> None:
    labels = tuple(
        CarrierLabel(
            number=f"机 2026-{index:04d}", code=payload("C", 107, index), mark="机密★10年", copy="1/2", pages=3
        )
        for index in range(1_000)
    )
    FORMS["carrier_labels"].draw(CarrierLabels(labels=labels[:1]), samples.sheet())  # fonts are opened once
    start = perf_counter()
    form = FORMS["carrier_labels"].draw(CarrierLabels(labels=labels), samples.sheet())
    assert form.pages == 42
    assert perf_counter() - start < 4, "measured 0.7 s on an idle machine"
