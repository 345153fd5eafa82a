#!/bin/sh
# What the program needs from the machine, checked first, so that a ready machine is left alone.
# Usage: tools/system.sh [python] [display] [run] [test]; ends with 3 when something is missing that it may not install.
set -eu

PYTHON=${PYTHON:-python3}
WINDOW="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0
libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-randr0 libxcb-xkb1 libdbus-1-3 libfontconfig1 libglib2.0-0"
TESTS="xvfb openbox xdotool zbar-tools cups cups-client cups-filters poppler-utils x11-utils imagemagick"

fail() {
    printf '%s\n' "$@" >&2
    exit 3
}

installed() {
    # Since Debian's change to 64-bit time, libglib2.0-0 is called libglib2.0-0t64; either will do.
    for name in "$1" "$1t64"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}\n' "$name" 2>/dev/null | head -n 1)" = installed ] && return 0
    done
    return 1
}

# Has this machine every package that is named? Installs what is missing where that is allowed.
need() {
    [ "$(uname)" = Linux ] || return 0
    if ! command -v dpkg-query >/dev/null; then
        echo "This is not a Debian system: please see that it has what Debian calls" $* >&2
        return 0
    fi
    missing=
    for package in $*; do
        installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    install="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" -ne 0 ]; then
        fail "Some system packages are missing. Please run once, then try again:" "sudo $install"
    fi
    echo "Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    $install -qq >/dev/null 2>&1 || { apt-get update -qq && $install -qq >/dev/null; } ||
        fail "The system packages could not be installed. Please see why, with:" "$install"
}

python() {
    if ! command -v "$PYTHON" >/dev/null; then
        need python3 python3-venv
    fi
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Custos needs Python 3.11 or newer; $PYTHON is $("$PYTHON" -V 2>&1). Name another: make PYTHON=python3.12 …"
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
}

display() {
    [ "$(uname)" = Linux ] || return 0
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] ||
        fail "There is no display here, so no window can open. Without a window: make tour"
}

wanted=
for part in "$@"; do
    case $part in
        python) python ;;
        display) display ;;
        run) wanted="$wanted $WINDOW" ;;
        test) wanted="$wanted $TESTS" ;;
        *) fail "tools/system.sh does not know: $part" ;;
    esac
done
[ -z "$wanted" ] || need $wanted
