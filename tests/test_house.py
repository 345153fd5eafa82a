"""The house keeps its own promises: paths, settings, log, texts, package."""

import logging
import os
import re
import stat
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from app import i18n, log, paths
from app import settings as machine
from app.domain.words import N_, Says, says, says_n
from app.services import printing
from app.settings import Settings, SettingsUnreadable
from app.ui.preview import PAPERS

TOP = Path(__file__).resolve().parent.parent


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


# settings ------------------------------------------------------------------------------------------------------------


def test_the_first_start_has_the_usual_settings():
    assert machine.load() == Settings(language="en", theme="light", idle_minutes=5, sounds=True)


def test_settings_come_back_as_they_were_kept():
    kept = Settings(language="zh_CN", scale=1.5, printers={"label": "Zebra"}, offsets={"Zebra": (-1.5, 0.25)})
    machine.save(kept)
    assert machine.load() == kept
    assert mode(machine.settings_file()) == 0o600


def test_labels_to_choose_from_are_those_that_can_be_drawn():
    assert set(get_args(machine.Labels)) == set(printing.stocks())
    assert set(get_args(machine.Paper)) == {size for size, _words in PAPERS}


def test_settings_are_replaced_in_one_step():
    machine.save(Settings())
    machine.save(replace(Settings(), idle_minutes=9))
    assert [each.name for each in paths.config_dir().iterdir()] == ["settings.json"]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"sounds": true, "colour": "red"}', "unknown key: colour"),
        ('{"sounds": 1}', r"\$\.sounds"),
        ('{"idle_minutes": 0}', r"\$\.idle_minutes"),
        ('{"language": "fr"}', r"\$\.language"),
        ('{"offsets": {"Zebra": [900, 0]}}', r"\$\.offsets"),
        ("not json", "has a mistake"),
        ("[]", "has a mistake"),
        ("\udcff", "has a mistake"),
    ],
)
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_mistake_in_the_settings_is_named(content, named, language):
    machine.settings_file().write_text(content, errors="surrogateescape")
    with pytest.raises(SettingsUnreadable) as refusal:
        machine.load()
    assert re.search(named, i18n.render(refusal.value.cause, "en"))
    assert str(machine.settings_file()) in i18n.render(refusal.value.cause, language)
    assert i18n.render(refusal.value.remedy, language)


def test_the_language_is_that_of_the_system_until_chosen(monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert Settings().language == "zh_CN"
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert Settings().language == "en"


# log -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def logged():
    path = log.set_up()
    logger = logging.getLogger("app.test")

    def read(level, message, *values, **more):
        logger.log(level, message, *values, **more)
        return path.read_text(encoding="utf-8")

    read.path = path
    return read


def test_the_log_keeps_numbers_codes_and_ids(logged):
    text = logged(logging.INFO, "%s of %s at %d on %s", "lend", "C00100000417", 12, date(2026, 5, 31))
    assert "lend of C00100000417 at 12 on 2026-05-31" in text
    assert mode(logged.path) == 0o600


@pytest.mark.parametrize("words", ["Li Na", "关于会议的通知", "Operation Neptune 1944 plan", ["Li"], Path("/home/li")])
def test_the_log_withholds_words(logged, words):
    text = logged(logging.INFO, "lent to %s", words)
    assert str(words) not in text
    assert log.WITHHELD in text


def test_a_named_argument_is_withheld_too(logged):
    assert "Li Na" not in logged(logging.INFO, "lent to %(who)s", {"who": "Li Na"})


def test_a_logged_exception_is_only_named(logged):
    text = logged(logging.INFO, ValueError("Li Na"))
    assert "Li Na" not in text
    assert "ValueError" in text


def look_up_and_fail():
    try:
        {}["Li Na"]
    except KeyError as cause:
        raise ValueError("关于会议的通知") from cause


def test_a_traceback_names_types_and_places_but_quotes_nothing(logged, expected_log):
    expected_log("act 12 failed")
    with pytest.raises(ValueError, match="会议") as fault:
        look_up_and_fail()
    text = logged(logging.ERROR, "act %d failed", 12, exc_info=fault.value)
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "tests/test_house.py" in text
    assert "Li Na" not in text
    assert "会议" not in text


def test_the_log_never_raises_while_it_turns_its_files_over(logged, monkeypatch):
    (ours,) = [each for each in logging.getLogger().handlers if hasattr(each, "maxBytes")]
    monkeypatch.setattr(ours, "maxBytes", 200)
    for number in range(60):
        logged(logging.INFO, "entry %d", number)
    files = sorted(paths.state_dir().glob("custos.log*"))
    assert len(files) == 6
    assert {mode(each) for each in files} == {0o600}


# texts ---------------------------------------------------------------------------------------------------------------


def test_a_date_is_said_in_each_language():
    due = date(2026, 5, 31)
    assert [i18n.day(due, "en"), i18n.day(due, "zh_CN")] == ["31 May 2026", "2026年5月31日"]
    assert i18n.moment(datetime(2026, 5, 31, 9, 5, tzinfo=UTC), "zh_CN") == "2026年5月31日 09:05"


def test_a_sentence_says_its_values_in_its_own_language():
    mistake = says("The settings file {path} has a mistake: {mistake}.", path="a.json", mistake=says("on loan"))
    assert i18n.render(mistake, "en") == "The settings file a.json has a mistake: on loan."
    chinese = i18n.render(mistake, "zh_CN")
    assert chinese != i18n.render(mistake, "en")
    assert i18n.render("on loan", "zh_CN") in chinese


def test_a_value_is_never_taken_for_a_place():
    assert i18n.render(says("{name} came", name="{name} {0}")) == "{name} {0} came"


def test_a_list_of_people_is_joined_as_the_language_does():
    signers = says("{who}", who=("Li", "Zhao", date(2026, 1, 2)))
    assert i18n.render(signers, "en") == "Li, Zhao, 2 January 2026"
    assert i18n.render(signers, "zh_CN") == "Li、Zhao、2026年1月2日"


def test_a_counted_sentence_chooses_its_form():
    line = lambda n: i18n.render(says_n("{n} copy of {name}", "{n} copies of {name}", n, name="plan"))
    assert [line(1), line(12)] == ["1 copy of plan", "12 copies of plan"]


def test_the_pseudo_language_brackets_every_message():
    i18n.use(i18n.PSEUDO)
    assert i18n.render(says("Lent to {name}", name="Li")) == "⟦Lent to Li⟧"
    assert i18n._("Lend…") == "⟦Lend…⟧"
    assert i18n.ngettext("a copy", "copies", 2) == "⟦copies⟧"
    assert i18n._("") == ""


def test_no_text_is_no_header():
    assert i18n.translate("", "zh_CN") == ""


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="'fr'"):
        i18n.use("fr")
    assert i18n.current() == "en"


def test_a_sentence_keeps_what_it_was_given():
    values = {"name": "Li"}
    sentence = Says("{name}", values)
    values["name"] = "Zhao"
    assert sentence == says("{name}", name="Li")
    assert len({sentence, says("{name}", name="Li")}) == 1
    assert N_("marked") == "marked"


# package -------------------------------------------------------------------------------------------------------------


def test_what_ships_is_found():
    assert paths.resource("fonts/wqy-microhei.ttc").is_file()
    assert paths.resource("fonts/wqy-microhei.copyright.txt").is_file()
    assert paths.migrations().is_dir()


def test_only_paths_knows_where_the_program_lies():
    """The paper's font was looked for beside the checkout; a wheel carries it inside the package."""
    elsewhere = [path for path in (TOP / "app").rglob("*.py") if "__file__" in path.read_text(encoding="utf-8")]
    assert [path.name for path in elsewhere] == ["paths.py"]


def test_a_wheel_holds_every_package():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    named = set(project["tool"]["setuptools"]["packages"]) - {"app.migrations", "app.resources"}
    there = {".".join(each.parent.relative_to(TOP).parts) for each in TOP.glob("app/**/__init__.py")}
    assert named == there
    assert f"{sys.version_info.major}.{sys.version_info.minor}" >= "3.11"


def test_the_locks_name_no_address():
    for lock in (TOP / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert re.findall(r"^(?!\s|#)(?:(?!==).)*$", text, re.MULTILINE) in ([], [""])


def test_every_target_is_explained():
    makefile = (TOP / "Makefile").read_text(encoding="utf-8")
    named = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    assert set(re.findall(r"^# .*\n([a-z-]+):", makefile, re.MULTILINE)) == set(named)


def test_the_slow_tests_are_run_to_the_last():
    """A session timeout of 0 is over after the first test of each process; an empty one is none."""
    line = re.search(r"-m slow .*$", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[0]
    assert re.search(r"-o session_timeout=(\S*)", line)[1] == ""


# the machine ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def machine_with(tmp_path, monkeypatch):
    """Run tools/system.sh where some of the machine's own programs answer as told."""

    def run(*parts, env=None, **programs):
        for name, body in programs.items():
            program = tmp_path / name.replace("_", "-")
            program.write_text(f"#!/bin/sh\n{body}\n")
            program.chmod(0o700)
        around = {"PATH": f"{tmp_path}:{os.environ['PATH']}", **(env or {})}
        return subprocess.run(
            [TOP / "tools/system.sh", *parts], env=around, capture_output=True, text=True, check=False, timeout=30
        )

    return run


def test_a_ready_machine_is_left_alone(machine_with):
    done = machine_with("run", "test", dpkg_query="echo installed", apt_get="exit 9", id="echo 0")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_newer_name_of_a_library_counts(machine_with):
    done = machine_with("run", dpkg_query='case "$*" in *t64) echo installed;; *) exit 1;; esac', apt_get="exit 9")
    assert (done.returncode, done.stderr) == (0, "")


def test_without_root_the_line_to_run_is_printed(machine_with):
    done = machine_with("run", "test", dpkg_query="exit 1", id="echo 1000", apt_get="exit 9")
    line = done.stderr.splitlines()[-1]
    assert done.returncode == 3
    assert line.startswith("sudo apt-get install -y --no-install-recommends libegl1 ")
    assert "xvfb" in line


def test_as_root_only_what_is_missing_is_installed(machine_with, tmp_path):
    present = 'case "$*" in *xdotool*) exit 1;; *) echo installed;; esac'
    done = machine_with("test", dpkg_query=present, id="echo 0", apt_get=f'echo "$*" >> {tmp_path}/asked')
    assert done.returncode == 0
    assert (tmp_path / "asked").read_text() == "install -y --no-install-recommends xdotool -qq\n"


def test_an_old_python_is_named(machine_with):
    old = "case $1 in -c) exit 1;; *) echo Python 3.9.2;; esac"
    done = machine_with("python", env={"PYTHON": "python-old"}, python_old=old)
    assert done.returncode == 3
    assert "needs Python 3.11 or newer; python-old is Python 3.9.2" in done.stderr


def test_without_a_display_the_tour_is_named(machine_with):
    assert "make tour" in machine_with("display").stderr
    assert machine_with("display", env={"DISPLAY": ":1"}).returncode == 0
