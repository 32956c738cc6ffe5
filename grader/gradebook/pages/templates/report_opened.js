// What is behind a bar, a mistake or a cell: unpacked when somebody first asks.
const dialog = document.getElementById("opened"), opened = document.getElementById("opened-body");
const ARTICLES = 20; // at first, of those behind one mistake
let unpacked = null;

async function unpack() {
  const bytes = Uint8Array.from(atob(document.getElementById("evidence").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const texts = [], found = new Map();
  const told = (one) => {
    if (typeof one === "number") return texts[one];
    texts.push(one);
    return one;
  };
  for (const line of (await new Response(stream).text()).split("\n").filter(Boolean)) {
    const [work, exercise, owners, earned, message, likely, blocks, code, why] = JSON.parse(line);
    const one = {earned, message: told(message), likely: told(likely), blocks: blocks.map(([title, text]) => [title, told(text)])};
    one.code = code && [...code.slice(0, 3), told(code[3])];
    one.why = told(why);
    for (const owner of owners) found.set(work + " " + exercise + " " + owner, one);
  }
  return found;
}
function evidence() {
  unpacked = unpacked || unpack();
  return unpacked;
}
function open(title, ...parts) {
  document.getElementById("opened-title").replaceChildren(...title);
  opened.replaceChildren(...parts.flat());
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}
function block(label, text, marked) {
  const place = make("pre", undefined, {tabIndex: 0});
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", label);
  if (!marked) place.textContent = text;
  else for (const part of text.split(/(\s+)/)) place.append(part.length > 1 && part.endsWith("*") ? make("mark", part) : part);
  return place;
}
function codeOf(who, [file, first, failing, text]) {
  const place = block(who + ", code in " + file, "");
  place.className = "code";
  const lines = text.split("\n");
  lines.forEach((line, at) => {
    const number = first + at, end = at + 1 < lines.length && number !== failing ? "\n" : "";
    const shown = number === failing ? make("b") : place;
    shown.append(make("i", String(number).padStart(4) + "  "), line + end);
    if (shown !== place) place.append(shown);
  });
  return [make("h4", failing === null ? file : file + ", line " + failing), place];
}
function article(found, number, place, exercise) {
  const work = data.works[number], row = work.students[place], [id, possible] = work.exercises[exercise];
  const [, word, color] = data.letters[row[CELLS][exercise]], one = found.get(number + " " + exercise + " " + place);
  const made = make("article"), head = make("h3"), who = row[NAME] + ", " + id;
  head.append(named(row, "#" + row[AT] + "-" + exercise), " ", make("span", word + (one ? ", " + points(one.earned) + " of " + points(possible) : ""), {className: color}));
  made.append(head);
  if (one) {
    if (one.why) made.append(make("p", "Points given by hand: " + one.why, {className: "note"}));
    if (one.message) made.append(make("p", one.message));
    if (one.likely) made.append(make("p", "Likely: " + one.likely, {className: "note"}));
    if (one.code) made.append(...codeOf(who, one.code));
    if (one.blocks.length) {
      const blocks = make("div", undefined, {className: "case"});
      for (const [title, text] of one.blocks) {
        const part = make("div");
        part.append(make("h4", title), block(who + ", " + title, text, true));
        blocks.append(part);
      }
      made.append(make("h4", "The smallest failing case"), blocks);
    }
  } else if (row[KIND] !== 2 && row[CELLS][exercise] !== "p") {
    made.append(make("p", "The case and the code had no room here: they are on the student's page.", {className: "faint"}));
  }
  return made;
}
function inTurn(found, number, places, exercise) {
  const box = make("div"), rest = [...places];
  const more = make("button", "", {type: "button"});
  const next = () => {
    for (const place of rest.splice(0, ARTICLES)) box.append(article(found, number, place, exercise));
    more.textContent = rest.length + " more";
    more.hidden = !rest.length;
  };
  more.addEventListener("click", next);
  next();
  return [box, more];
}
function listed(number, places, tell) {
  const list = make("ul", undefined, {className: "names"});
  for (const place of places) {
    const row = data.works[number].students[place], line = make("li");
    line.append(named(row), " ", make("span", tell(row), {className: "faint"}));
    list.append(line);
  }
  return list;
}
function counted(work) {
  return work.students.map((_, place) => place).filter((place) => work.students[place][KIND] < 2);
}
async function openCell(number, place, exercise) {
  const found = await evidence(), work = data.works[number];
  open([make("bdi", work.students[place][NAME]), ", " + work.exercises[exercise][0]], article(found, number, place, exercise));
}
function levelsOf(levels) {
  const table = make("table", undefined, {className: "levels"});
  table.append(make("caption", "How many passed each level"));
  for (const [name, passed, tried] of levels) {
    const row = table.insertRow(), bar = shape("svg", {class: "stack", viewBox: "0 0 100 1", preserveAspectRatio: "none", "aria-hidden": "true"});
    bar.append(shape("rect", {class: "quiet", width: 100, height: 1}), shape("rect", {class: "passed", width: 100 * passed / tried, height: 1}));
    row.append(make("th", name, {scope: "row"}), make("td"), make("td", passed + " of " + tried, {className: "number"}));
    row.cells[1].append(bar);
  }
  return table;
}
async function openExercise(number, exercise, letter) {
  const found = await evidence(), work = data.works[number], [id, , levels] = work.exercises[exercise], parts = [];
  if (!letter && levels.length > 1) parts.push(levelsOf(levels));
  const groups = new Map();
  for (const place of counted(work)) {
    const own = work.students[place][CELLS][exercise].toLowerCase();
    if (letter && own !== letter) continue;
    if (!groups.has(own)) groups.set(own, []);
    groups.get(own).push(place);
  }
  for (const own of "fetcrgnmup") {
    const places = groups.get(own);
    if (!places) continue;
    if (groups.size > 1) parts.push(make("h3", places.length + " " + data.letters[own][1], {className: data.letters[own][2]}));
    parts.push(...("pu".includes(own) ? [listed(number, places, () => "")] : inTurn(found, number, places, exercise)));
  }
  open([id + (letter ? ": " + data.letters[letter][1] : "")], parts);
}
async function openMistake(number, mistake) {
  const found = await evidence(), [exercise, name, message, made] = data.works[number].mistakes[mistake];
  open([name + ", " + data.works[number].exercises[exercise][0]], make("p", message, {className: "note"}), inTurn(found, number, made, exercise));
}
function openBin(number, bin) {
  const work = data.works[number];
  const places = counted(work).filter((place) => work.students[place][KIND] === 0 &&
    Math.min(Math.floor(percent(work.students[place]) / 10), 9) === bin);
  const span = 10 * bin + " to " + (10 * bin + 10) + "% of the points";
  open([work.name + ": " + span], listed(number, places, (row) => points(row[FINAL]) + " of " + points(row[POSSIBLE])));
}
function openPair(pair) {
  const place = document.getElementById("pair-" + pair);
  dialog.close();
  place.open = true;
  place.scrollIntoView();
  place.querySelector("summary").focus({preventScroll: true});
}
document.getElementById("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

const heats = [...document.querySelectorAll("section.work")].map((section) => {
  const heat = new Heat(section);
  section.addEventListener("click", (event) => {
    const one = event.target.closest("[data-open]");
    if (!one) return;
    const of = Number(one.dataset.of), number = heat.number;
    if (one.dataset.open === "bin") openBin(number, of);
    else if (one.dataset.open === "mistake") openMistake(number, of);
    else openExercise(number, of, one.dataset.letter);
  });
  const all = section.querySelector(".all-mistakes");
  if (all) all.addEventListener("click", () => { section.classList.add("all"); all.hidden = true; });
  return heat;
});
const rowsOf = (kind) => [...document.querySelectorAll("table." + kind + " tbody tr")].map((row) => [row, row.textContent.toLowerCase()]);
const lists = {exercises: rowsOf("exercises"), mistakes: rowsOf("mistakes")}, find = document.getElementById("find");
const questions = rowsOf("questions");
if (questions.length) lists.questions = questions;
const some = (count, things) => count + " " + (count === 1 ? things.slice(0, -1) : things);
function search() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean), told = [];
  const students = heats.reduce((sum, heat) => sum + heat.filter(words), 0);
  const fits = {};
  for (const kind in lists) {
    fits[kind] = lists[kind].filter(([row, text]) => !(row.hidden = !words.every((word) => text.includes(word)))).length;
    told.push(some(fits[kind], kind));
  }
  document.body.classList.toggle("all", words.length > 0);
  document.getElementById("found").textContent = words.length ? [some(students, "students"), ...told].join(", ") : "";
}
find.addEventListener("input", search);
addEventListener("beforeprint", () => {
  for (const heat of heats) {
    heat.before = heat.limit;
    heat.limit = Math.max(PAGE, Math.floor(PRINTED / Math.max(1, heat.work.exercises.length)));
    heat.body();
  }
});
addEventListener("afterprint", () => { for (const heat of heats) { heat.limit = heat.before; heat.body(); } });
window.drawn = Promise.resolve(heats.length);
