"""An X server of our own with a window manager, for windows that nobody looks at."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "xdotool", "xprop")
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
            with _manager(environment) as manager:
                try:
                    yield environment
                finally:
                    manager.terminate()
        finally:
            server.terminate()


def _manager(environment: Mapping[str, str], tries: int = 20) -> subprocess.Popen[bytes]:
    """The window manager, once it manages: a server that has just begun may not answer the first time."""
    for _ in range(tries):
        manager = subprocess.Popen(["openbox"], env=dict(environment), stderr=subprocess.DEVNULL)  # noqa: S607
        ends = time.monotonic() + 5
        while manager.poll() is None and time.monotonic() < ends:
            asked = ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"]
            told = subprocess.run(asked, env=dict(environment), capture_output=True, text=True, check=False)  # noqa: S603
            if "window id" in told.stdout:
                return manager
            time.sleep(0.02)
        manager.kill()
        manager.wait()
    raise TimeoutError("the window manager never began")


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
