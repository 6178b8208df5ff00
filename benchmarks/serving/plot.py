"""The plot of a soak: one panel for each figure over time, as SVG that is readable in light and dark."""

PANELS = [("rate", "requests/s"), ("p99", "p99, ms"), ("p50", "p50, ms"), ("resident", "resident, MiB"), ("heap", "heap after a collection, KiB"), ("descriptors", "descriptors")]
WIDTH, HEIGHT, LEFT, TOP, GAP = 640, 90, 70, 24, 44


def shown(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def drawn(points):
    """Draws points, each with its minute and the figures of PANELS; all panels begin at zero."""
    total = TOP + len(PANELS) * (HEIGHT + GAP)
    last = max(p["minute"] for p in points)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {total}" font-family="sans-serif" font-size="12" role="img">',
             "<title>A soak: figures over time</title>",
             "<style>text{fill:#444}.axis{stroke:#888}.line{fill:none;stroke:#2563eb;stroke-width:1.5}"
             "@media(prefers-color-scheme:dark){text{fill:#ccc}.line{stroke:#7aa7ff}}</style>"]
    for number, (key, name) in enumerate(PANELS):
        top = TOP + number * (HEIGHT + GAP)
        most = max(p[key] for p in points) * 1.1 or 1
        line = " ".join(f"{LEFT + p['minute'] / last * WIDTH:.1f},{top + HEIGHT * (1 - p[key] / most):.1f}" for p in points)
        parts += [f'<text x="{LEFT}" y="{top - 6}">{name}</text>',
                  f'<text x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{shown(most)}</text><text x="{LEFT - 6}" y="{top + HEIGHT}" text-anchor="end">0</text>',
                  f'<path class="axis" fill="none" d="M{LEFT} {top}V{top + HEIGHT}H{LEFT + WIDTH}"/>', f'<polyline class="line" points="{line}"/>',
                  f'<text x="{LEFT + WIDTH}" y="{top + HEIGHT + 15}" text-anchor="end">{last:.0f} min</text>']
    return "\n".join(parts) + "\n</svg>\n"
