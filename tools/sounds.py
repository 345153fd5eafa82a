"""Writes the three sounds of the scan line; run it again after changing a tone: `python tools/sounds.py`."""

import math
import struct
import wave
from pathlib import Path

RATE = 22_050
TONES: dict[str, tuple[tuple[float, float], ...]] = {
    "accepted": ((1319, 0.09),),
    "blocked": ((392, 0.13), (0, 0.04), (392, 0.13)),
    "unknown": ((587, 0.10), (415, 0.10), (277, 0.20)),
}
"""Hertz and seconds, one after another: told apart by number and by fall, not by pitch alone."""


def samples(hertz: float, seconds: float) -> list[int]:
    """One tone with soft edges, so that it does not click."""
    count = int(RATE * seconds)
    edge = RATE // 100
    return [
        int(14_000 * min(1, i / edge, (count - i) / edge) * math.sin(2 * math.pi * hertz * i / RATE))
        for i in range(count)
    ]


if __name__ == "__main__":
    for name, tones in TONES.items():
        sound = [sample for tone in tones for sample in samples(*tone)]
        with wave.open(str(Path(__file__).parents[1] / "resources" / "sounds" / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(sound)}h", *sound))
