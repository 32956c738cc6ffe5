"""Draw a class with Vega-Lite: the specifications here, the library's script in the page.

Every chart stands beside a table of the same numbers, for those who read or hear them better.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.gradebook.pages.tally import ClassTally

MAX_BARS = 15
BAR = 20  # pixels


def draw_charts(tally: ClassTally, number: int) -> list[dict[str, str]]:
    """Return the charts of an assignment.

    Parameters
    ----------
    tally
        What became of it.
    number
        Its place in the page.

    Returns
    -------
    list of dict
        `id`, `title` and `spec`: JSON text that is safe inside a script element.
    """
    drawn = [("scores", "How many students have which share of the points", _scores(tally))]
    if tally.pass_rates:
        drawn.append(("levels", "Who passed, by exercise and level", _levels(tally)))
    if tally.mistakes:
        drawn.append(("mistakes", "The mistakes made most", _mistakes(tally)))
    return [
        {"id": f"{name}-{number}", "title": title, "spec": json_in_script(chart)}
        for name, title, chart in drawn
    ]


def json_in_script(data: Any) -> str:
    """Return data as JSON that no text in it can end a script element with."""
    text = json.dumps(data, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _scores(tally: ClassTally) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 - a third of a second, for reports alone

    rows = [{"share": share, "students": count} for share, count in tally.bins]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(
        x=alt.X("share:O", sort=None, title="share of the points", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("students:Q", title="students", axis=alt.Axis(tickMinStep=1, format="d")),
        tooltip=["share:O", "students:Q"],
    )  # fmt: skip
    return _finish(
        chart.properties(width="container", height=200), "Bars: students by share of points"
    )


def _levels(tally: ClassTally) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 - as above

    rows = [
        {"exercise": exercise, "level": f"{exercise}: {level}", "passed": round(rate, 1)}
        for exercise, level, rate, _ in tally.pass_rates
    ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(
        y=alt.Y("level:N", sort=None, title=None, axis=alt.Axis(labelLimit=420)),
        x=alt.X("passed:Q", title="percent passed", scale=alt.Scale(domain=[0, 100])),
        tooltip=["level:N", "passed:Q"],
    )  # fmt: skip
    return _finish(
        chart.properties(width="container", height=BAR * len(rows)),
        "Bars: percent passed of each level",
    )


def _mistakes(tally: ClassTally) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415 - as above

    rows = [
        {"mistake": f"{exercise}: {name}", "students": count}
        for exercise, name, _, count in tally.mistakes[:MAX_BARS]
    ]
    chart = alt.Chart(alt.InlineData(values=rows)).mark_bar().encode(
        y=alt.Y("mistake:N", sort=None, title=None, axis=alt.Axis(labelLimit=420)),
        x=alt.X("students:Q", title="students", axis=alt.Axis(tickMinStep=1, format="d")),
        tooltip=["mistake:N", "students:Q"],
    )  # fmt: skip
    return _finish(
        chart.properties(width="container", height=BAR * len(rows)),
        "Bars: students who made each mistake",
    )


def _finish(chart: Any, description: str) -> dict[str, Any]:
    """Return a chart's specification; colours come from the page, which knows dark from light."""
    spec: dict[str, Any] = chart.properties(background="transparent").to_dict()
    spec["description"] = description
    spec.pop("config", None)
    return spec


@cache
def script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script, which sets `window.vegaEmbed`."""
    import vl_convert  # noqa: PLC0415 - for reports alone

    # The stub of vl_convert forgets that a snippet need not be given.
    text: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return text.replace("</script", "<\\/script")
