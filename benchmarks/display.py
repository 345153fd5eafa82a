"""An X server of our own with a window manager, for windows that nobody looks at."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "xdotool")
TOP = Path(__file__).resolve().parents[1]


def missing() -> tuple[str, ...]:
    """What this machine would need for it and does not have."""
    return tuple(name for name in NEEDED if shutil.which(name) is None)


@contextmanager
def display(home: Path, size: tuple[int, int] = (1366, 768)) -> Iterator[dict[str, str]]:
    """Start both on a free display number; gives the environment for programs that belong on it, with this home."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{size[0]}x{size[1]}x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:  # noqa: S603
        try:
            number = server.stdout.readline().strip() if server.stdout else ""
            environment = environment_of(home, DISPLAY=f":{number}")
            with subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL) as manager:  # noqa: S607
                try:
                    yield environment
                finally:
                    manager.terminate()
        finally:
            server.terminate()


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """The environment of somebody whose home folder this is, with nothing of ours."""
    kept: Mapping[str, str] = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    home.mkdir(parents=True, exist_ok=True)
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "xcb", **more}


def wait_for_window(environment: Mapping[str, str], name: str, seconds: float = 30) -> str:
    """The id of the first visible window with such a title, as soon as there is one."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        command = ["xdotool", "search", "--onlyvisible", "--name", name]
        found = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)  # noqa: S603
        if found.stdout.strip():
            return found.stdout.split()[0]
    raise TimeoutError(f"no window named {name!r} came")
