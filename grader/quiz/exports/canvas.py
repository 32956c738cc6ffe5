"""QTI 1.2 as Canvas reads it: an archive of the questions and its table of contents.

Written here, since text2qti, which is well kept, has no pairs to match, takes Markdown, in which
much of a formula would have to be escaped, and no feedback for one wrong number.

References
----------
https://www.imsglobal.org/question/qtiv1p2/imsqti_asi_bindv1p2.html
https://canvas.instructure.com/doc/api/file.quiz_items.html
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from html import escape
from typing import TYPE_CHECKING

from grader.quiz.exchange.posed import by_item, figure, html_of, inset_html
from grader.quiz.exports import Exported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.quiz.exchange.question import Illustration, PlainQuestion, Reply
    from grader.quiz.items.item import Topic, Variant

VARIANTS = 5
LOST = (
    "answers typed as arithmetic: Canvas takes plain numbers only",
    "numbers for everybody: a group of questions draws one of its variants",
    "shapes and matrices: short answers, right only in the spellings listed",
    "feedback for one wrong number or word: a wrong answer is shown the usual slips together",
    "feedback for a wrong pair or a wrong order: only the explanation",
    "a link to the exercise to practise: the explanation names it",
)
TYPES = {
    "number": "numerical_question",
    "choice": "multiple_choice_question",
    "choices": "multiple_answers_question",
    "words": "short_answer_question",
    "pairs": "matching_question",
}
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKING = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same export is the same file
RESPONSE = "response1"


def export(topic: Topic, variants: Sequence[Variant]) -> Exported:
    """Write a topic as a QTI archive for Canvas, each item a group that draws one variant.

    Parameters
    ----------
    topic
        The topic.
    variants
        Of each item one or more.

    Returns
    -------
    Exported
        The bytes of a zip.
    """
    name = f"dlgrade-{topic.name}"
    root = ET.Element("questestinterop", {"xmlns": QTI, SCHEMA: f"{QTI} {QTI}p1.xsd"})
    quiz = ET.SubElement(root, "assessment", ident=name, title=topic.title)
    section = ET.SubElement(quiz, "section", ident="root_section")
    pictures: list[Illustration] = []
    for item, questions in by_item(variants):
        place = section if len(questions) == 1 else _group(section, item)
        for number, question in enumerate(questions, start=1):
            place.append(_item(question, f"{item}.{number}"))
            pictures += [question.picture] if question.picture else []
    return Exported(_packed(name, root, pictures), LOST)


def _in_archive(picture: Illustration) -> str:
    return f"%24IMS-CC-FILEBASE%24/images/{picture.name}"


def _group(section: ET.Element, item: str) -> ET.Element:
    group = ET.SubElement(section, "section", ident=item, title=item)
    selection = ET.SubElement(ET.SubElement(group, "selection_ordering"), "selection")
    ET.SubElement(selection, "selection_number").text = "1"
    extension = ET.SubElement(selection, "selection_extension")
    ET.SubElement(extension, "points_per_item").text = "1"
    return group


def _item(question: PlainQuestion, ident: str) -> ET.Element:
    item = ET.Element("item", ident=ident, title=question.name)
    metadata = ET.SubElement(ET.SubElement(item, "itemmetadata"), "qtimetadata")
    for label, entry in (("question_type", TYPES[question.form]), ("points_possible", "1")):
        field = ET.SubElement(metadata, "qtimetadatafield")
        ET.SubElement(field, "fieldlabel").text = label
        ET.SubElement(field, "fieldentry").text = entry
    presentation = ET.SubElement(item, "presentation")
    _material(presentation, html_of(question, _in_archive))
    processing = ET.SubElement(item, "resprocessing")
    outcomes = ET.SubElement(processing, "outcomes")
    ET.SubElement(
        outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal"
    )
    _respond(processing, ET.Element("other"), told="general_fb", go_on=True)
    feedback = {"general_fb": _paragraph(question.explanation)}
    if question.form == "pairs":
        _present_pairs(presentation, processing, question)
    elif question.form in ("choice", "choices"):
        _present_choices(presentation, processing, question, feedback)
    else:
        _present_typed(presentation, processing, question, feedback)
    for name, says in feedback.items():
        flow = ET.SubElement(ET.SubElement(item, "itemfeedback", ident=name), "flow_mat")
        _material(flow, says)
    return item


def _present_choices(
    presentation: ET.Element,
    processing: ET.Element,
    question: PlainQuestion,
    feedback: dict[str, str],
) -> None:
    several = question.form == "choices"
    render = _choosing(presentation, RESPONSE, several=several)
    exactly, rights = ET.Element("and"), []
    for number, reply in enumerate(question.replies, start=1):
        ident = f"choice{number}"
        _label(render, ident, inset_html(reply.text), "text/html")
        if reply.says:
            feedback[f"{ident}_fb"] = _paragraph(reply.says)
            _respond(processing, _equal(ident), told=f"{ident}_fb", go_on=True)
        rights += [_equal(ident)] if reply.right else []
        wanted = exactly if reply.right else ET.SubElement(exactly, "not")
        wanted.append(_equal(ident))
    _respond(processing, exactly if several else rights[0], score="100")


def _present_typed(
    presentation: ET.Element,
    processing: ET.Element,
    question: PlainQuestion,
    feedback: dict[str, str],
) -> None:
    response = ET.SubElement(presentation, "response_str", ident=RESPONSE, rcardinality="Single")
    number = question.form == "number"
    render = ET.SubElement(response, "render_fib", {"fibtype": "Decimal"} if number else {})
    ET.SubElement(render, "response_label", ident="answer1")
    rights = [reply for reply in question.replies if reply.right]
    conditions = [_within(rights[0])] if number else [_equal(reply.text) for reply in rights]
    _respond(processing, *conditions, score="100")
    slips: dict[str, list[str]] = {}
    for reply in question.replies:
        if not reply.right and reply.says:
            slips.setdefault(reply.says, []).append(reply.text)
    if slips:
        lines = [f"{texts[0]}: {says}" for says, texts in slips.items()]
        feedback["general_incorrect_fb"] = "".join(_paragraph(line) for line in lines)
        _respond(processing, ET.Element("other"), told="general_incorrect_fb", go_on=True)


def _present_pairs(
    presentation: ET.Element, processing: ET.Element, question: PlainQuestion
) -> None:
    sides = list(dict.fromkeys([right for _, right in question.pairs])) + list(question.unused)
    sides.sort()  # the order of the file must not tell which belong together
    share = f"{100 / len(question.pairs):.2f}"
    for number, (left, right) in enumerate(question.pairs, start=1):
        ident = f"response_{number}"
        render = _choosing(presentation, ident, several=False, said=left)
        for place, side in enumerate(sides, start=1):
            _label(render, f"match{place}", side, "text/plain")
        wanted = _equal(f"match{sides.index(right) + 1}", ident)
        _respond(processing, wanted, score=share, action="Add", go_on=True)


def _choosing(presentation: ET.Element, ident: str, *, several: bool, said: str = "") -> ET.Element:
    count = "Multiple" if several else "Single"
    response = ET.SubElement(presentation, "response_lid", ident=ident, rcardinality=count)
    if said:
        _material(response, said, "text/plain")
    return ET.SubElement(response, "render_choice")


def _label(render: ET.Element, ident: str, text: str, form: str) -> None:
    _material(ET.SubElement(render, "response_label", ident=ident), text, form)


def _respond(
    processing: ET.Element,
    *conditions: ET.Element,
    score: str = "",
    action: str = "Set",
    told: str = "",
    go_on: bool = False,
) -> None:
    condition = ET.SubElement(processing, "respcondition", {"continue": "Yes" if go_on else "No"})
    ET.SubElement(condition, "conditionvar").extend(conditions)
    if score:
        ET.SubElement(condition, "setvar", action=action, varname="SCORE").text = score
    if told:
        ET.SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=told)


def _equal(text: str, ident: str = RESPONSE) -> ET.Element:
    made = ET.Element("varequal", respident=ident)
    made.text = text
    return made


def _within(reply: Reply) -> ET.Element:
    either = ET.Element("or")
    either.append(_equal(reply.text))
    both = ET.SubElement(either, "and")
    for tag, sign in (("vargte", -1), ("varlte", 1)):
        bound = ET.SubElement(both, tag, respident=RESPONSE)
        bound.text = figure(float(reply.text) + sign * reply.margin) if reply.margin else reply.text
    return either


def _material(parent: ET.Element, text: str, form: str = "text/html") -> None:
    ET.SubElement(ET.SubElement(parent, "material"), "mattext", texttype=form).text = text


def _paragraph(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>"


def _manifest(name: str, pictures: Sequence[Illustration]) -> ET.Element:
    root = ET.Element("manifest", {"xmlns": PACKING, "identifier": f"{name}-manifest"})
    metadata = ET.SubElement(root, "metadata")
    ET.SubElement(metadata, "schema").text = "IMS Content"
    ET.SubElement(metadata, "schemaversion").text = "1.1.3"
    ET.SubElement(root, "organizations")
    resources = ET.SubElement(root, "resources")
    resource = ET.SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
    ET.SubElement(resource, "file", href=f"{name}/{name}.xml")
    for picture in pictures:
        told = {"identifier": picture.name, "type": "webcontent", "href": f"images/{picture.name}"}
        ET.SubElement(ET.SubElement(resources, "resource", told), "file", href=told["href"])
    return root


def _packed(name: str, root: ET.Element, pictures: Sequence[Illustration]) -> bytes:
    files = {f"images/{picture.name}": picture.svg.encode() for picture in pictures}
    for path, made in (
        ("imsmanifest.xml", _manifest(name, pictures)),
        (f"{name}/{name}.xml", root),
    ):
        ET.indent(made)
        files[path] = ET.tostring(made, encoding="utf-8", xml_declaration=True)
    collected = io.BytesIO()
    with zipfile.ZipFile(collected, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items(), key=lambda file: file[0] != "imsmanifest.xml"):
            archive.writestr(zipfile.ZipInfo(path, EPOCH), content, zipfile.ZIP_DEFLATED)
    return collected.getvalue()
