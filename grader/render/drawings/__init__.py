"""Paint a drawing twice: as text for a terminal, and as SVG for a page or a slide.

In reading order: `squares`, `figures` and `parts` are what a drawing is made of, plain numbers that
know no colour; `roles` says how each part that a square can play looks, in a terminal and on a
page. `terminal` paints a picture as lines, with `boxes` for its graphs and towers and `canvas` for
its curves and paths, and `listing` is what there is; `svg` paints the same picture as one file,
with `shapes` for grids and bars and `plots` for the rest; `axes` paints curves over two even axes,
both ways.
"""
