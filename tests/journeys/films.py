"""The sample films of the phone, drawn frame by frame: `python -m tests.journeys.films FOLDER`.

Needs Chromium and an ffmpeg with libx264 on the PATH. Plain shapes, invented; nobody's recording. The files
in src/daxiang_simulator/static were made by it.
"""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.browser import launch

FRAMES, A_SECOND = 48, 12
PEN = """<canvas width=480 height=360></canvas><script>
const pen = document.querySelector("canvas").getContext("2d");
const box = (x, y, w, h, c) => { pen.fillStyle = c; pen.fillRect(x, y, w, h); };
const shape = (points, c) => {
  pen.fillStyle = c; pen.beginPath(); points.forEach(([x, y]) => pen.lineTo(x, y)); pen.fill();
};
const disc = (x, y, r, c) => { pen.fillStyle = c; pen.beginPath(); pen.arc(x, y, r, 0, 7); pen.fill(); };
const bounded = (x) => Math.max(0, Math.min(1, x));
const ease = (x) => { x = bounded(x); return x * x * (3 - 2 * x); };
// A car from the side, its front to the left; `x` is the rear end.
function car(x, y, body, glass) {
  shape([[x - 190, y], [x - 190, y - 34], [x - 150, y - 44], [x - 116, y - 84], [x - 34, y - 84],
    [x - 6, y - 42], [x, y]], body);
  shape([[x - 138, y - 46], [x - 110, y - 76], [x - 78, y - 76], [x - 78, y - 46]], glass);
  shape([[x - 70, y - 46], [x - 70, y - 76], [x - 40, y - 76], [x - 20, y - 46]], glass);
  for (const at of [x - 146, x - 44]) { disc(at, y, 22, "#20282C"); disc(at, y, 9, "#9AA8AF"); }
}
const street = () => {
  box(0, 0, 480, 360, "#CFE0E8"); box(0, 150, 480, 60, "#B9C9BE"); box(0, 210, 480, 150, "#6B757B");
  for (let x = 10; x < 480; x += 90) box(x, 318, 50, 7, "#E9F0F1");
};
const films = {
  bump(t) {
    street();
    const hit = ease(t / 0.45), after = ease((t - 0.45) / 0.2);
    car(220 - 14 * after, 270, "#2F5F73", "#BFD8E2");
    car(650 - 236 * hit + 8 * after, 276, "#A9743A", "#F2E4CF");
    if (t > 0.45 && t < 0.8) for (const [a, r] of [[0.4, 26], [1.2, 34], [2, 24], [-0.4, 20]])
      shape([[222, 240], [222 + r * Math.cos(a) - 4, 232 - r * Math.sin(a)], [222 + r * Math.cos(a) + 6,
        236 - r * Math.sin(a)]], "#B42A18");
  },
  lights(t) {
    street();
    box(388, 96, 10, 130, "#46515B"); box(370, 24, 46, 108, "#26343B");
    const on = t < 0.4 ? 0 : 2;
    ["#E0523C", "#E5B04A", "#43B581"].forEach((c, i) => disc(393, 46 + i * 32, 12, i === on ? c : "#4A565D"));
    const go = ease((t - 0.45) / 0.55);
    car(330 - 360 * go, 278, "#0E4A5A", "#BFD8E2");
  },
  rain(t) {
    box(0, 0, 480, 360, "#40525C"); shape([[0, 360], [190, 150], [290, 150], [480, 360]], "#2B373D");
    for (let i = 0; i < 5; i++) {
      const y = 150 + ((i * 42 + t * 420) % 210), w = (y - 145) / 12;
      box(240 - w / 2, y, w, w * 1.7, "#E9F0F1");
    }
    pen.strokeStyle = "#9CC7D3"; pen.lineWidth = 3;
    for (let i = 0; i < 46; i++) {
      const x = (i * 137) % 500, y = (i * i * 23 + i * 40 + t * 1500) % 400 - 30;
      pen.beginPath(); pen.moveTo(x, y); pen.lineTo(x - 7, y + 24); pen.stroke();
    }
    const angle = -2.75 + 2.3 * Math.abs(Math.sin(t * Math.PI * 3));
    pen.strokeStyle = "#14212A"; pen.lineWidth = 9; pen.beginPath(); pen.moveTo(240, 350);
    pen.lineTo(240 + 230 * Math.cos(angle), 350 + 230 * Math.sin(angle)); pen.stroke();
    box(0, 340, 480, 20, "#14212A");
  },
};
window.frame = (name, t) => { films[name](t); return pen.canvas.toDataURL("image/png").split(",")[1]; };
</script>"""
STILL = {"bump": 24, "lights": 10, "rain": 8}
"""Films and the frame that stands for each before it plays."""


def main(folder: Path) -> int:
    """Write film-NAME.mp4 and film-NAME.jpg into `folder`."""
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        print("ffmpeg is missing.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page()
        page.set_content(PEN)
        for name, still in STILL.items():
            with tempfile.TemporaryDirectory() as frames:
                for number in range(FRAMES):
                    drawn = page.evaluate("([n, t]) => frame(n, t)", [name, number / FRAMES])
                    Path(frames, f"{number:03}.png").write_bytes(base64.b64decode(drawn))
                _encode(ffmpeg, Path(frames), folder / f"film-{name}", still)
    return 0


def _encode(ffmpeg: str, frames: Path, target: Path, still: int) -> None:
    quiet = [ffmpeg, "-y", "-loglevel", "error"]
    pictures = ["-framerate", str(A_SECOND), "-i", f"{frames}/%03d.png"]
    video = [
        "-c:v",
        "libx264",
        "-profile:v",
        "main",
        "-pix_fmt",
        "yuv420p",
        "-crf",
        "30",
        "-preset",
        "veryslow",
    ]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart"]
    subprocess.run([*quiet, *pictures, *video, *plain, f"{target}.mp4"], check=True)
    one = ["-i", f"{frames}/{still:03}.png", "-vf", "scale=480:360", "-q:v", "6", "-fflags", "+bitexact"]
    subprocess.run([*quiet, *one, f"{target}.jpg"], check=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
