"""Draw `flow.png`, how money and clients flow through the model: `python docs/draw_flow.py`."""

from pathlib import Path
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from ncpcsim.report.pictures import BLUE, GREEN, GREY, ORANGE, RED, SKY

INK = "#222222"
WIDTH = 120.0
"""Of the grid on which both halves are drawn; a unit is a tenth of an inch."""
MARGIN = 2.0
ROUND = 0.8
HOST = "promises; delivers a part,\nmay default, may be lost"
EARMARKED = "salaries of the grant's posts,\nconsultants, travel, equipment"
AT_CLIENT = "options in use, what they save;\nrelapse, less in a good climate"
Point = tuple[float, float]


class Box(NamedTuple):
    """A box: left, bottom, width, height, heading, the words below it, colour."""

    x: float
    y: float
    w: float
    h: float
    title: str
    words: str
    colour: str


def main() -> None:
    """Draw the figure next to this file."""
    halves = (
        (_money, 66.0, "Money: from those who give it to what it pays for"),
        (_clients, 62.0, "Clients: from not knowing the centre to having paid it"),
    )
    wide = WIDTH + 2 * MARGIN
    high = sum(height for _, height, _ in halves) + 4 * MARGIN
    figure = Figure(figsize=(wide / 10, high / 10), dpi=150, facecolor="white")
    FigureCanvasAgg(figure)
    top = high - MARGIN
    for draw, height, title in halves:
        axes = figure.add_axes((0, (top - height - 1) / high, 1, (height + 1) / high))
        axes.set(xlim=(-MARGIN, WIDTH + MARGIN), ylim=(-1, height))
        axes.axis("off")
        axes.text(0, height, title, fontsize=15, fontweight="bold", color=INK, va="top")
        draw(axes)
        top -= height + 2 * MARGIN
    figure.savefig(Path(__file__).with_name("flow.png"))


def _money(axes: Axes) -> None:
    _boxes(
        axes,
        Box(0, 51, 24, 9, "Founding programme", "grants in tranches", ORANGE),
        Box(0, 41, 24, 7.5, "Other givers", "public bodies, companies", GREEN),
        Box(0, 31.5, 24, 7.5, "Contracts won", "tenders, projects, newer centres", GREEN),
        Box(0, 22.5, 24, 7, "Ministry", "pays for some clients", GREEN),
        Box(0, 13, 24, 7.5, "Clients and members", "fees", BLUE),
        Box(0, 1, 24, 9.5, "Host institution", HOST, SKY),
        Box(62, 51, 19, 9, "Restricted fund", "owed to its purpose\nuntil it is spent", ORANGE),
        Box(39, 18, 14, 12, "Receivables", "income when\ninvoiced,\ncash when paid", BLUE),
        Box(39, 11.2, 14, 4.4, "Written off", "", RED),
        Box(39, 1, 42, 5, "In kind: at market value, out of cash", "", SKY),
        Box(95, 51, 25, 9, "Earmarked costs", EARMARKED, ORANGE),
        Box(95, 39.5, 25, 7.5, "The centre's posts", "salaries, social security", GREY),
        Box(95, 30.5, 25, 7.5, "Costs of the work", "experts, materials, travel", GREY),
        Box(95, 21.5, 25, 7.5, "Running costs", "rent, overhead, equipment", GREY),
        Box(95, 12.5, 25, 7.5, "Management fee", "the host's share of what is paid", GREY),
        Box(95, 0, 25, 7, "People, rooms, supplies", "income and cost of the same sum", SKY),
        Box(62, 8, 19, 39, "Cash", "", INK),
    )  # fmt: skip
    for y, words in (
        (38.6, "the centre's own;\nit may fall below zero"),
        (29.8, "each month: how long\nwill it last? hire,\nlet go, spend, leave\nout free work"),
        (20.6, "each year: rewrite prices,\nthe mission's share"),
        (11.8, "when short: loans, then\nbills paid late, then\ndormant or closed"),
    ):  # fmt: skip
        axes.text(71.5, y, words, fontsize=9.5, color=INK, ha="center", va="center", zorder=4)
    _arrow(axes, ORANGE, (24, 57.6), (62, 57.6))
    _arrow(axes, ORANGE, (24, 53.2), (57.5, 53.2), (57.5, 45), (62, 45))
    _arrow(axes, GREEN, (24, 42.6), (62, 42.6))
    _arrow(axes, GREEN, (24, 37), (62, 37))
    _arrow(axes, GREEN, (24, 33.4), (46, 33.4), (46, 30))
    _arrow(axes, GREEN, (24, 26), (39, 26))
    _arrow(axes, BLUE, (24, 19), (39, 19))
    _arrow(axes, BLUE, (53, 24), (62, 24))
    _arrow(axes, RED, (46, 18), (46, 15.6))
    _arrow(axes, SKY, (24, 9.2), (62, 9.2))
    _arrow(axes, SKY, (24, 3.5), (39, 3.5))
    _arrow(axes, SKY, (81, 3.5), (95, 3.5))
    _arrow(axes, ORANGE, (81, 55.5), (95, 55.5))
    _arrow(axes, ORANGE, (71.5, 51), (71.5, 47))
    for y in (43.25, 34.25, 25.25, 16.25):
        _arrow(axes, GREY, (81, y), (95, y))
    for x, y, words in (
        (25.5, 58.4, "earmarked, less the agency's support"),
        (25.5, 54, "at the centre's discretion"),
        (25.5, 43.4, "tranches; earmarked ones by a fund"),
        (25.5, 37.8, "advance"),
        (25.5, 34.2, "final payment"),
        (25.5, 26.8, "within a budget"),
        (25.5, 19.8, "prices, fees"),
        (54, 24.8, "late"),
        (25.5, 10, "what it pays"),
        (25.5, 4.3, "what it provides"),
        (82, 58.2, "spent: now\nit is income"),
        (72.5, 49, "repays advances on salaries"),
    ):
        _label(axes, x, y, words, GREY, ha="left", va="center" if "\n" in words else "bottom")
    late = "late; suspended, ended early\nor extended by the donor"
    _label(axes, 25.5, 50.9, late, GREY, ha="left", va="center", style="italic")


def _clients(axes: Axes) -> None:
    chain = (
        ("Potential", "clients of\na segment"),
        ("Aware", "they know of\nthe centre"),
        ("Enquiry", "at random, at\na varying rate"),
        ("Proposal", "a price, or\nfree at first"),
        ("Queue", "for people\nof one role"),
        ("Work", "own people,\noutside experts"),
        ("Invoice", "client, and\nthe ministry"),
        ("Payment", "after a\nrandom delay"),
    )
    step, w = 15.37, 12.4
    for i, (title, words) in enumerate(chain):
        _boxes(axes, Box(i * step, 27, w, 9, title, words, BLUE))
        if i:
            _arrow(axes, BLUE, (i * step - step + w, 31.5), (i * step, 31.5))
    _boxes(
        axes,
        Box(13, 43, 17, 8, "Awareness", "events, word of mouth", GREEN),
        Box(31, 43, 14, 8, "Policy climate", "adopted advice", GREEN),
        Box(46.5, 43, 12, 8, "Follow-on", "asks for more", GREEN),
        Box(60, 43, 12, 8, "Rivals", "trained here", RED),
        Box(73.5, 43, 12, 8, "Recession", "from outside", RED),
        Box(36, 4, 17, 9, "Offered free", "events, papers,\nas the plan lays out", BLUE),
        Box(57, 4, 17, 9, "Contracts", "calls, bids; chance by\ncredibility, leverage", GREEN),
        Box(78, 4, 13, 9, "Credibility", "with funders,\n0 to 1", GREEN),
        Box(95, 4, 25, 9, "At the client", AT_CLIENT, GREEN),
    )  # fmt: skip
    for x in (21.5, 38, 52.5, 66):
        _arrow(axes, GREEN if x != 66 else RED, (x, 56), (x, 51))
    _line(axes, GREEN, (87, 36), (87, 56), (21.5, 56))
    _label(axes, 54, 56.9, "effects of finished work", GREEN, ha="center", va="bottom")
    _arrow(axes, GREEN, (21.5, 43), (21.5, 36))
    _line(axes, GREY, (79.5, 43), (79.5, 39.7), (36.9, 39.7))
    for x in (38, 52.5, 66):
        _line(axes, GREY, (x, 43), (x, 39.7))
    _arrow(axes, GREY, (36.9, 39.7), (36.9, 36))
    more, less = ("+", GREEN), ("\u2212", RED)
    for x, y, (sign, colour) in (
        (23, 39.7, more),
        (39.5, 41.4, more),
        (54, 41.4, more),
        (68, 41.4, less),
        (81, 41.4, less),
        (75.9, 9.9, more),
        (88.6, 15, more),
        (80.6, 15, less),
    ):
        axes.text(
            x, y, sign, fontsize=13, fontweight="bold", color=colour, ha="center", va="center"
        )
    _arrow(axes, GREY, (18, 27), (18, 23.5), (6.2, 23.5), (6.2, 27))
    _label(axes, 12.1, 22.8, "they forget", GREY, ha="center", va="top")
    for x, words in (
        (52.3, "declines"),
        (67.8, "leaves\nwaiting"),
        (79.2, "fails with\nits client"),
        (95.8, "never\npays"),
    ):
        _arrow(axes, RED, (x, 27), (x, 24))
        _label(axes, x, 23.4, words, RED, ha="center", va="top")
    _arrow(axes, RED, (79.2, 18.8), (79.2, 13))
    _arrow(axes, GREEN, (87, 27), (87, 13))
    _arrow(axes, GREEN, (78, 8.5), (74, 8.5))
    _arrow(axes, GREEN, (72.5, 13), (72.5, 27))
    _arrow(axes, BLUE, (44.5, 13), (44.5, 17), (63, 17), (63, 27))
    _arrow(axes, GREEN, (88.4, 27), (88.4, 17), (107, 17), (107, 13))
    _arrow(axes, BLUE, (102, 13), (102, 27))
    _label(axes, 103, 22, "share of savings,\nmembership", BLUE, ha="left", va="center")
    for y, words, colour in (
        (15.5, "Each service has a chain of its own", INK),
        (12.5, "for each segment of clients.", INK),
        (8.5, "+  more of it", GREEN),
        (5.5, "\u2212  less of it", RED),
    ):
        _label(axes, 0, y, words, colour, ha="left", va="center")


def _boxes(axes: Axes, *boxes: Box) -> None:
    for box in boxes:
        red, green, blue = (1 - 0.14 * (1 - channel) for channel in to_rgb(box.colour))
        axes.add_patch(
            FancyBboxPatch(
                (box.x + ROUND, box.y + ROUND),
                box.w - 2 * ROUND,
                box.h - 2 * ROUND,
                boxstyle=f"round,pad={ROUND}",
                facecolor=(red, green, blue),
                edgecolor=box.colour,
                linewidth=1.6,
                zorder=3,
            )
        )
        lines = box.words.count("\n") + 1 if box.words else 0
        middle = box.y + box.h / 2
        title_y = box.y + box.h - 3.2 if box.h > 20 else middle + 0.95 * lines
        axes.text(
            box.x + box.w / 2,
            title_y,
            box.title,
            fontsize=11.5,
            fontweight="bold",
            color=INK,
            ha="center",
            va="center",
            zorder=4,
        )
        axes.text(
            box.x + box.w / 2,
            middle - 1.25,
            box.words,
            fontsize=9.5,
            color=INK,
            ha="center",
            va="center",
            linespacing=1.15,
            zorder=4,
        )


def _line(axes: Axes, colour: str, *points: Point) -> None:
    xs, ys = zip(*points, strict=True)
    axes.plot(xs, ys, color=colour, linewidth=1.8, solid_joinstyle="round", zorder=2)


def _arrow(axes: Axes, colour: str, *points: Point) -> None:
    """A line through the points, with a head at the last."""
    if len(points) > 2:
        _line(axes, colour, *points[:-1])
    axes.add_patch(
        FancyArrowPatch(
            points[-2],
            points[-1],
            arrowstyle="-|>",
            mutation_scale=15,
            linewidth=1.8,
            color=colour,
            shrinkA=0,
            shrinkB=0,
            zorder=2,
        )
    )


def _label(axes: Axes, x: float, y: float, words: str, colour: str, **how: str) -> None:
    axes.text(x, y, words, fontsize=9.5, color=colour, linespacing=1.15, zorder=4, **how)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
