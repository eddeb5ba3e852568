#!/usr/bin/env python3
"""Draw the PNG pictures of the sample edition.

    python3 draw.py            # all pictures, next to this file
    python3 draw.py basin-map  # one of them

Needs matplotlib and Pillow. The two SVG pictures are written by hand.
"""
import io
import math
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.patches import Ellipse, FancyBboxPatch
from PIL import Image

HERE = Path(__file__).resolve().parent
FONTS = HERE.parents[2] / "styles" / "brief" / "fonts"

INK, GREY, RULE, ACCENT = "#16181d", "#5a616c", "#c9ced6", "#8c1c13"
TINT = "#eef0f3"  # a lighter step of RULE, for areas


def use_fonts():
    """Prefer a sans face of the brief theme; fall back to DejaVu Sans."""
    family = []
    for path in sorted(FONTS.rglob("*Sans*.[ot]tf")) if FONTS.is_dir() else []:
        if any(word in path.stem for word in ("Mono", "Condensed", "Serif")):
            continue
        font_manager.fontManager.addfont(path)
        name = font_manager.FontProperties(fname=path).get_name()
        if name not in family:
            family.append(name)
    plt.rcParams.update({
        "font.family": family[:1] + ["DejaVu Sans"],
        "font.size": 10,
        "text.color": INK,
        "axes.edgecolor": GREY,
        "axes.labelcolor": GREY,
        "axes.linewidth": 0.8,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "ytick.alignment": "center",
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    })


def save(fig, name):
    """Write a 1600 px wide PNG with a small palette and 250 dpi."""
    buffer = io.BytesIO()
    fig.savefig(buffer, dpi=1600 / fig.get_figwidth())
    plt.close(fig)
    picture = Image.open(buffer).convert("RGB")
    picture = picture.quantize(96, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(HERE / f"{name}.png", optimize=True, dpi=(250, 250))


def chart(height):
    """A figure with one plain chart area: horizontal rules, no box."""
    fig, ax = plt.subplots(figsize=(8, height))
    fig.subplots_adjust(left=0.085, right=0.97, top=0.90, bottom=0.12)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    return fig, ax


def spline(points, steps=24):
    """A smooth line (Catmull-Rom) through the given points."""
    p = [points[0], *points, points[-1]]
    out = []
    for a, b, c, d in zip(p, p[1:], p[2:], p[3:]):
        for i in range(steps):
            t = i / steps
            out.append(tuple(
                0.5 * (2 * b[k] + (c[k] - a[k]) * t
                       + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t ** 2
                       + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t ** 3)
                for k in (0, 1)))
    return out + [points[-1]]


# --- the basin ---------------------------------------------------------

def basin_map():
    fig = plt.figure(figsize=(8, 5.6))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 160), ylim=(0, 112))
    ax.axis("off")

    def line(points, width, color=GREY, taper=None, **kw):
        points = spline(points)
        if taper is None:
            ax.plot(*zip(*points), color=color, lw=width, solid_capstyle="round", **kw)
            return
        for i, pair in enumerate(zip(points, points[1:])):
            share = i / len(points)
            ax.plot(*zip(*pair), color=color, lw=width + (taper - width) * share,
                    solid_capstyle="round", **kw)

    # The gulf, ruled like an old chart, and the coast.
    coast = spline([(100, 0), (107, 9), (121, 13), (133, 14.5), (144, 20),
                    (150, 28), (153, 40), (160, 46)])
    ax.fill([*[x for x, _ in coast], 160], [*[y for _, y in coast], 0],
            color=TINT, lw=0, zorder=2.5)  # above the river mouths
    ax.plot(*zip(*coast), color=GREY, lw=0.9, zorder=2.5)
    ax.text(143, 8, "Gulf of Kalyra", color=GREY, style="italic", ha="center", size=10)

    # Borders of the three provinces.
    for border in ([(0, 66), (18, 70), (38, 67), (58, 75), (75, 84), (92, 112)],
                   [(78, 0), (83, 12), (94, 21), (108, 27), (118, 39), (126, 55), (140, 67), (160, 73)]):
        line(border, 1.0, RULE, dashes=(5, 3))
    for x, y, name in ((68, 104, "KORVALE"), (22, 20, "MIDDLEMARK"), (141, 51, "KALYRA COAST")):
        ax.text(x, y, " ".join(name), color="#9aa1ac", size=8.5,
                ha="center", va="center")

    # Highlands and the Dun Ridge.
    for x, y in ((9, 102), (15, 107), (6, 91), (38, 107), (46, 103), (53, 98), (8, 79),
                 (61.5, 22.5), (67.5, 25), (73.5, 27.5)):
        ax.plot((x - 2.2, x, x + 2.2), (y - 1.5, y + 1.5, y - 1.5), color="#9aa1ac", lw=0.9)
    ax.text(64, 17, "Dun Ridge", color=GREY, style="italic", size=8.5, ha="center")

    # Route 7 over the pass.
    road = [(60, 55), (70, 44.5), (80, 33.5), (92, 25), (106, 20.5), (123, 20)]
    line(road, 2.6, GREY, zorder=2)
    line(road, 1.4, "white", zorder=2.1)
    ax.plot(80, 33.5, marker="D", ms=5, mfc="white", mec=INK, mew=1.1, zorder=4)
    ax.text(76.3, 33.8, "Dunmarrow Pass", size=8.5, va="center", ha="right")

    # Rivers: the main stem grows toward the sea, then parts.
    stem = [(26, 95), (34, 88), (42, 81), (45, 71), (52, 62), (60, 55), (70, 54),
            (83, 58), (92, 53), (99, 43), (108, 36), (115, 29), (123, 20), (129.5, 12.5)]
    line([(7, 62), (16, 58), (27, 60), (38, 62), (52, 62)], 1.0, taper=2.0)
    line([(112, 103), (106, 92), (98, 82), (90, 72), (83, 58)], 0.9, taper=1.8)
    line(stem, 1.4, taper=4.0)
    line([(115, 29), (124, 23.5), (132, 20), (142, 17)], 1.6)
    line([(119, 25), (119, 17), (115.5, 10)], 1.6)
    ax.add_patch(Ellipse((24, 97), 9.5, 5.5, angle=-35, color=GREY, lw=0))
    ax.text(24, 103, "Lake Sarn", color=GREY, style="italic", ha="center", size=8.5)
    for x, y, name, turn in ((25, 62.5, "Dresk", 3), (101, 89, "Luma", 52), (76, 59.5, "Ilmora", 15)):
        ax.text(x, y, name, color=GREY, style="italic", size=9.5, rotation=turn,
                ha="center", va="center")

    # Towns; gauges in the accent color, with river kilometers.
    towns = ((34, 88, "Halvery", "km 391", True, 4.5, 3.5, "left"),
             (27, 60, "Hallersgrund", "on the Dresk", True, -4.5, -5, "center"),
             (60, 55, "Brenning Ford", "km 236", True, -3, -5, "right"),
             (92, 53, "Marn Bridge", "", False, 3.5, 1.5, "left"),
             (108, 36, "Ostry Lock", "km 142", True, -4, -1, "right"),
             (123, 20, "Port Kalyra", "km 6", True, 3, 10.5, "left"))
    for x, y, name, note, gauge, dx, dy, align in towns:
        ax.plot(x, y, "o", ms=8.5 if gauge else 5.5, mfc=ACCENT if gauge else "white",
                mec="white" if gauge else INK, mew=1.3, zorder=6)
        ax.text(x + dx, y + dy, name, size=10, weight="bold" if gauge else "normal",
                ha=align, va="center", zorder=5)
        ax.text(x + dx, y + dy - 4, note, size=8.5, color=GREY, ha=align, va="center", zorder=5)

    # Key and north arrow. The map is schematic, so there is no scale bar.
    ax.plot(8, 9, "o", ms=8.5, mfc=ACCENT, mec="white", mew=1.3)
    ax.text(11, 9, "Gauge, with distance from the mouth", size=8.5, color=GREY, va="center")
    ax.plot((6, 10), (4, 4), color=GREY, lw=2.6)
    ax.plot((6, 10), (4, 4), color="white", lw=1.4)
    ax.text(11.5, 4, "Route 7", size=8.5, color=GREY, va="center")
    ax.annotate("", (150, 107), (150, 97),
                arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.0})
    ax.text(150, 93.5, "N", ha="center", va="center", size=10, weight="bold")
    save(fig, "basin-map")


# --- level at Brenning Ford --------------------------------------------

def through(points, day):
    """Cosine interpolation between (day, value) pairs."""
    for (a, low), (b, high) in zip(points, points[1:]):
        if a <= day <= b:
            return low + (high - low) * (1 - math.cos(math.pi * (day - a) / (b - a))) / 2
    raise ValueError(day)


def stage_level():
    days = list(range(1, 75))  # January 1 to March 15
    median = [through([(1, 1.96), (20, 1.90), (45, 2.05), (60, 2.30), (75, 2.47)], d) for d in days]
    upper = [m + through([(1, .22), (30, .24), (55, .31), (75, .37)], d) + .015 * math.sin(d / 3.1)
             for d, m in zip(days, median)]
    lower = [m - through([(1, .20), (30, .21), (55, .28), (75, .33)], d) + .015 * math.sin(d / 2.7)
             for d, m in zip(days, median)]
    year = [through([(1, 2.02), (9, 1.93), (16, 2.08), (24, 1.90), (36, 1.94), (43, 2.06),
                     (51, 2.24), (58, 2.66), (62, 2.86), (67, 2.80), (71, 2.90), (75, 2.87)], d)
            + .022 * math.sin(d * 1.3) * math.sin(d / 5) for d in days]
    # Put the first half of March on the averages given in the article.
    march = slice(59, 74)
    shift = 2.38 - sum(median[march]) / 15
    median, upper, lower = ([v + shift for v in s] for s in (median, upper, lower))
    shift = 2.86 - sum(year[march]) / 15
    year = [v + shift for v in year]

    fig, ax = chart(4.6)
    ax.fill_between(days, lower, upper, color=TINT, lw=0)
    ax.plot(days, median, color=GREY, lw=1.4)
    ax.plot(days, year, color=ACCENT, lw=2.2, solid_capstyle="round")
    ax.plot(days[-1], year[-1], "o", color=ACCENT, ms=6)
    ax.axhline(4.2, color=INK, lw=1.0, dashes=(4, 3))

    ax.set(xlim=(0, 80), ylim=(1.5, 4.5), yticks=[1.5, 2, 2.5, 3, 3.5, 4, 4.5])
    ax.set_yticklabels([f"{v:.1f}" for v in ax.get_yticks()])
    ax.set_xticks([1, 15, 32, 46, 60, 74],
                  ["Jan 1", "Jan 15", "Feb 1", "Feb 15", "Mar 1", "Mar 15"])
    ax.text(0, 1.045, "Level above gauge zero, meters", transform=ax.transAxes, color=GREY, size=10)
    ax.text(1, 4.24, "Flood stage, 4.2 m", size=10, va="bottom")
    ax.text(56, 2.70, "2026", color=ACCENT, size=11, weight="bold", ha="right")
    ax.annotate("Median, 2006–2025", (61, median[60]), (61, 1.72), size=10, color=GREY, va="center", ha="center",
                arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.7, "shrinkB": 1})
    ax.annotate("Eight years in ten", (22, upper[21] - .05), (14, 2.74), size=10, color=GREY,
                va="center", arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.7, "shrinkB": 0})
    save(fig, "stage-level")


# --- barges through Ostry Lock -----------------------------------------

def lock_passages():
    months = ("September", "October", "November", "December", "January", "February")
    before = (188, 204, 171, 96, 74, 82)    # 815
    winter = (201, 226, 213, 158, 131, 149)  # 1,078

    ground = {"fc": "white", "ec": "none", "pad": 0.8}  # keeps rules off the figures
    fig, ax = chart(4.4)
    for i, (old, new) in enumerate(zip(before, winter)):
        ax.bar(i - 0.19, old, 0.34, color=RULE)
        ax.bar(i + 0.19, new, 0.34, color=ACCENT)
        ax.text(i - 0.19, old + 4, old, ha="center", size=9.5, color=GREY, bbox=ground)
        ax.text(i + 0.19, new + 4, new, ha="center", size=9.5, color=ACCENT, weight="bold",
                bbox=ground)
    ax.set(xlim=(-0.6, 5.6), ylim=(0, 250), yticks=range(0, 251, 50))
    ax.set_xticks(range(6), months)
    ax.tick_params(axis="x", length=0, pad=7)
    ax.text(0, 1.045, "Laden barges per month", transform=ax.transAxes, color=GREY, size=10)
    for right, color, label in ((0.86, RULE, "2024–25"), (1, ACCENT, "2025–26")):
        key = ax.text(right, 1.045, label, transform=ax.transAxes, size=10, ha="right")
        ax.annotate("■", (0, 0.5), (-4, 0), xycoords=key, textcoords="offset points",
                    color=color, size=12, ha="right", va="center", family="DejaVu Sans")
    save(fig, "lock-passages")


# --- the clinic boats --------------------------------------------------

def clinic_circuit():
    fig = plt.figure(figsize=(8, 5.2))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, 160), ylim=(0, 104))
    ax.axis("off")

    north = (("Reedholm", "Gannet Bar", "Old Salting", "Cask Landing", "Nettle Hithe"),
             ("Fen End", "St. Orsel", "Low Broadwater", "Broadwater", "Sallow Point"))
    south = (("Pilot Stage", "Long Spit", "Kiln Quay", "Wicker Hithe", "Oyster Lane"),
             ("Half Moon", "Eel House", "Tarred Post", "Ten Acre Levee"))

    def circuit(bottom, color, name, note, rows):
        ax.add_patch(FancyBboxPatch((19, bottom), 129, 20, fc="none", ec=color, lw=2.4,
                                    boxstyle="round,pad=0,rounding_size=9"))
        ax.text(83.5, bottom + 11.8, name, ha="center", va="center", size=12, weight="bold", color=color)
        ax.text(83.5, bottom + 6.6, note, ha="center", va="center", size=9, color=GREY)
        for row, y, dy in ((rows[0], bottom + 20, 5), (rows[1], bottom, -5)):
            step = 108 / (len(row) - 1)
            for i, label in enumerate(row):
                x = 30 + i * step
                ax.plot(x, y, "o", ms=8, mfc="white", mec=color, mew=2, zorder=3)
                ax.text(x, y + dy, label, ha="center", va="center", size=9)
        for x, y, way in ((52, bottom + 20, 1), (118, bottom, -1)):
            ax.annotate("", (x + 2 * way, y), (x - 2 * way, y),
                        arrowprops={"arrowstyle": "-|>", "color": color, "lw": 0, "mutation_scale": 15})

    circuit(67, ACCENT, "Heron", "10 landings, Monday to Friday", north)
    circuit(17, INK, "Tern", "9 landings, Monday to Friday", south)

    # Home port, between the two circuits.
    ax.plot((19, 11, 11, 19), (77, 77, 27, 27), color=GREY, lw=1.2, dashes=(3, 2), zorder=1)
    ax.plot(11, 52, "s", ms=13, mfc=GREY, mec="white", mew=2, zorder=4)
    port = ax.text(15.5, 52, "Port Kalyra", size=10.5, weight="bold", va="center")
    ax.annotate("both boats leave Monday at 6:30 and are back on Friday evening",
                (1, 0.5), (9, 0), xycoords=port, textcoords="offset points",
                size=9, color=GREY, va="center")
    save(fig, "clinic-circuit")


PICTURES = {
    "basin-map": basin_map,
    "stage-level": stage_level,
    "lock-passages": lock_passages,
    "clinic-circuit": clinic_circuit,
}

if __name__ == "__main__":
    use_fonts()
    for wanted in sys.argv[1:] or PICTURES:
        PICTURES[wanted]()
