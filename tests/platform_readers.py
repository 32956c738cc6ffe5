"""Readers of Moodle XML and of QTI 1.2, written from the descriptions of the formats.

They know nothing of how the course writes them: https://docs.moodle.org/en/Moodle_XML_format and
https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_bindv1p2.html.
"""

from __future__ import annotations

import io
import zipfile

from defusedxml import ElementTree as ET  # noqa: N817 - its usual name


def read_moodle(content):
    """Return each category's last name and its questions."""
    found, name = {}, None
    for node in ET.fromstring(content.encode()):
        assert node.tag == "question"
        if node.get("type") == "category":
            name = node.findtext("category/text").rpartition("/")[2]
            assert node.findtext("category/text").startswith("$course$/top/")
        else:
            found.setdefault(name, []).append(_moodle(node))
    return list(found.items())


def _moodle(node):
    kind = node.get("type")
    assert kind in ("numerical", "multichoice", "shortanswer", "matching")
    question = {
        "name": node.findtext("name/text"),
        "text": node.findtext("questiontext/text"),
        "explanation": node.findtext("generalfeedback/text"),
        "right": [], "wrong": [], "says": {},
    }  # fmt: skip
    assert node.find("questiontext").get("format") == "html"
    if kind == "matching":
        pairs = [
            (s.findtext("text") or "", s.findtext("answer/text")) for s in node.iter("subquestion")
        ]
        question["pairs"] = {left: right for left, right in pairs if left}
        question["sides"] = {right for _, right in pairs}
        assert len(question["pairs"]) >= 2
        assert len(question["sides"]) >= 3
        return question
    single = kind != "multichoice" or node.findtext("single") == "true"
    shares = []
    for answer in node.iter("answer"):
        text, share = answer.findtext("text"), float(answer.get("fraction"))
        shares.append(share)
        assert answer.get("format") == ("html" if kind == "multichoice" else "plain_text")
        if kind == "shortanswer":
            assert "*" not in text.replace(r"\*", "")
            text = text.replace(r"\*", "*")
        question["right" if share > 0 else "wrong"].append(text)
        question["says"][text] = answer.findtext("feedback/text")
        if kind == "numerical" and share > 0:
            question["margin"] = float(answer.findtext("tolerance"))
    if single:
        assert max(shares) == 100
        assert set(shares) <= {0.0, 100.0}
    else:
        assert abs(sum(share for share in shares if share > 0) - 100) < 0.001
    return question


def local(element):
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def read_canvas(content):
    """Return each item's title and its questions, a group's together."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = ET.fromstring(archive.read("imsmanifest.xml"))
    resources = [e for e in manifest.iter() if local(e) == "resource"]
    (href,) = [e[0].get("href") for e in resources if e.get("type").startswith("imsqti")]
    others = [e for e in resources if not e.get("type").startswith("imsqti")]
    assert all(e.get("type") == "webcontent" for e in others)
    assert all(e.get("href") == e[0].get("href") for e in others)
    assert sorted([href, "imsmanifest.xml", *(e.get("href") for e in others)]) == sorted(
        archive.namelist()
    )
    found = {}
    for item in ET.fromstring(archive.read(href)).iter():
        if local(item) == "item":
            found.setdefault(item.get("title"), []).append(_canvas(item))
    return list(found.items())


def _all(element, name):
    return [inner for inner in element.iter() if local(inner) == name]


def _canvas(item):
    fields = {f[0].text: f[1].text for f in _all(item, "qtimetadatafield")}
    kind = fields["question_type"].removesuffix("_question")
    (presentation,) = _all(item, "presentation")
    feedback = {f.get("ident"): _all(f, "mattext")[0].text for f in _all(item, "itemfeedback")}
    question = {
        "text": _all(presentation[0], "mattext")[0].text,
        "explanation": feedback["general_fb"],
        "right": [], "wrong": [], "says": {},
    }  # fmt: skip
    scoring = [c for c in _all(item, "respcondition") if _all(c, "setvar")]
    if kind == "matching":
        return question | _canvas_pairs(presentation, scoring)
    (condition,) = scoring
    assert _all(condition, "setvar")[0].text == "100"
    if kind == "short_answer":
        question["right"] = [e.text for e in _all(condition, "varequal")]
    elif kind == "numerical":
        (value,) = [e.text for e in _all(condition, "varequal")]
        low, high = (float(_all(condition, tag)[0].text) for tag in ("vargte", "varlte"))
        question["right"], question["margin"] = [value], (high - low) / 2
        assert low <= float(value) <= high
    else:
        _canvas_choices(question, presentation, condition, kind)
    return question


def _canvas_choices(question, presentation, condition, kind):
    several = kind == "multiple_answers"
    assert several or kind == "multiple_choice"
    (response,) = _all(presentation, "response_lid")
    assert response.get("rcardinality") == ("Multiple" if several else "Single")
    labels = {e.get("ident"): _all(e, "mattext")[0].text for e in _all(response, "response_label")}
    denied = {e.text for no in _all(condition, "not") for e in _all(no, "varequal")}
    named = {e.text for e in _all(condition, "varequal")}
    assert named <= set(labels)
    assert named == set(labels) if several else len(named) == 1
    question["right"] = [labels[ident] for ident in labels if ident in named - denied]
    question["wrong"] = [labels[ident] for ident in labels if ident not in named - denied]


def _canvas_pairs(presentation, scoring):
    pairs, sides, shares = {}, set(), 0.0
    wanted = {e.get("respident"): e.text for c in scoring for e in _all(c, "varequal")}
    for response in _all(presentation, "response_lid"):
        labels = {
            e.get("ident"): _all(e, "mattext")[0].text for e in _all(response, "response_label")
        }
        pairs[_all(response[0], "mattext")[0].text] = labels[wanted.pop(response.get("ident"))]
        sides |= set(labels.values())
    for condition in scoring:
        (variable,) = _all(condition, "setvar")
        assert variable.get("action") == "Add"
        shares += float(variable.text)
    assert not wanted
    assert abs(shares - 100) < 0.1
    return {"pairs": pairs, "sides": sides}


CONTENT = {
    "questestinterop": "assessment ",
    "assessment": "(qtimetadata )*(selection_ordering )?(section )+",
    "section": "(qtimetadata )*(selection_ordering )?((item|section) )*",
    "selection_ordering": "(selection )*(order )?",
    "selection": "(selection_number )?(selection_extension )?",
    "selection_extension": "(points_per_item )?",  # anything; this one is Canvas's
    "points_per_item": "",
    "selection_number": "",
    "item": "(itemmetadata )?(presentation )?(resprocessing )*(itemfeedback )*",
    "itemmetadata": "(qtimetadata )*",
    "qtimetadata": "(qtimetadatafield )+",
    "qtimetadatafield": "fieldlabel fieldentry ",
    "fieldlabel": "",
    "fieldentry": "",
    "presentation": "((material|response_lid|response_str) )+",
    "material": "(mattext )+",
    "mattext": "",
    "response_lid": "(material )?render_choice (material )?",
    "response_str": "(material )?render_fib (material )?",
    "render_choice": "((material|response_label) )*",
    "render_fib": "((material|response_label) )*",
    "response_label": "((material|flow_mat) )*",
    "resprocessing": "outcomes (respcondition )+",
    "outcomes": "(decvar )+",
    "decvar": "",
    "respcondition": "conditionvar (setvar )*(displayfeedback )*",
    "conditionvar": "((not|and|or|other|varequal|vargte|varlte) )+",
    "and": "((not|and|or|varequal|vargte|varlte) )+",
    "or": "((not|and|or|varequal|vargte|varlte) )+",
    "not": "(and|or|not|varequal|vargte|varlte) ",
    "other": "",
    "varequal": "",
    "vargte": "",
    "varlte": "",
    "setvar": "",
    "displayfeedback": "",
    "itemfeedback": "((flow_mat|material) )+",
    "flow_mat": "((flow_mat|material) )+",
}
"""What may stand in an element: the parts of the standard's models that a quiz needs."""

NEEDED = {
    "assessment": {"ident"},
    "section": {"ident"},
    "item": {"ident"},
    "response_lid": {"ident"},
    "response_str": {"ident"},
    "response_label": {"ident"},
    "varequal": {"respident"},
    "vargte": {"respident"},
    "varlte": {"respident"},
    "displayfeedback": {"linkrefid"},
    "itemfeedback": {"ident"},
}
"""The attributes that the standard requires."""
