"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const PAGE = 60, PRINTED = 60000; // rows at first; cells that are printed
const NAME = 0, FILE = 1, EARNED = 2, FINAL = 3, POSSIBLE = 4, NOTES = 6, KIND = 7, CELLS = 8, AT = 9;
const KINDS = ["", "not graded in full", "handed in nothing", "excused"];

function make(tag, text, more) {
  const one = document.createElement(tag);
  if (text !== undefined) one.textContent = text;
  return Object.assign(one, more);
}
function shape(tag, how) {
  const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const name in how) one.setAttribute(name, how[name]);
  return one;
}
function points(number) {
  return number === null ? "-" : String(Number(number.toPrecision(Math.abs(number) < 100 ? 4 : 6)));
}
const people = new Intl.Collator("en", {numeric: true}); // N2 before N10
function compare(a, b) {
  return typeof a === "string" ? people.compare(a, b) : a - b;
}
function percent(row) {
  return row[POSSIBLE] ? 100 * (row[FINAL] === null ? row[EARNED] : row[FINAL]) / row[POSSIBLE] : 0;
}
function named(row, anchor = "") {
  const link = make("a", undefined, {href: data.folder + row[FILE] + anchor});
  link.append(make("bdi", row[NAME]));
  return link;
}
// Who made which mistakes, and who shares much with whom: by the place of a student.
for (const [number, work] of data.works.entries()) {
  work.said = work.students.map((row) => [row[NAME], row[NOTES], KINDS[row[KIND]]]);
  for (const [, name, , made] of work.mistakes) for (const place of made) work.said[place].push(name);
  work.near = new Map();
  data.pairs.forEach(([share, left, right], pair) => {
    for (const [[, mine], [other]] of [[left, right], [right, left]]) {
      const place = mine[number];
      if (place === undefined) continue;
      if (!work.near.has(place)) work.near.set(place, []);
      work.near.get(place).push([pair, share, other]);
    }
  });
  work.said = work.said.map((texts) => texts.join("\n").toLowerCase());
}

class Heat {
  constructor(section) {
    this.number = Number(section.dataset.work);
    this.work = data.works[this.number];
    this.table = section.querySelector("table.students");
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-label", "Students and exercises of " + this.work.name);
    this.under = section.querySelector(".more-rows");
    this.order = this.work.students.map((_, place) => place);
    this.shown = this.order;
    this.limit = PAGE;
    this.focus = [1, 0];
    this.head();
    this.sort(0);
    this.table.addEventListener("keydown", (event) => this.move(event));
    this.table.addEventListener("click", (event) => this.click(event));
  }
  columns() {
    const work = this.work, rank = (row) => (row[FINAL] === null ? -1 : row[FINAL]);
    const share = (row) => (row[KIND] > 1 || row[FINAL] === null ? -1 : percent(row));
    return [
      ["student", (row) => row[NAME].toLowerCase(), ""], ["points", rank, "number"], ["%", share, "number"],
      ...work.exercises.map(([id], place) => [id, (row) => "pPFETCRUGNfetcrugnm-".indexOf(row[CELLS][place]), "tall"]),
      ["notes", (row) => row[NOTES] || "\uffff", ""],
    ];
  }
  head() {
    const line = make("tr");
    line.setAttribute("role", "row");
    this.columns().forEach(([title, , kind], column) => {
      const head = make("th", undefined, {scope: "col", className: kind});
      head.setAttribute("role", "columnheader");
      head.setAttribute("aria-sort", "none");
      head.append(make("button", title, {type: "button", tabIndex: -1, title: "Sort by " + title}));
      line.append(head);
    });
    const top = make("thead");
    top.setAttribute("role", "rowgroup");
    top.append(line);
    this.table.replaceChildren(top, make("tbody"));
    this.table.tBodies[0].setAttribute("role", "rowgroup");
  }
  sort(column) {
    const heads = [...this.table.tHead.rows[0].cells], key = this.columns()[column][1];
    const down = heads[column].getAttribute("aria-sort") === "ascending";
    heads.forEach((head, at) => head.setAttribute("aria-sort", at !== column ? "none" : down ? "descending" : "ascending"));
    const keyed = this.order.map((place) => [key(this.work.students[place]), place]);
    const apart = (place) => Number(this.work.students[place][KIND] > 1); // whoever is, comes last
    keyed.sort(([a, p], [b, q]) => apart(p) - apart(q) || compare(a, b) * (down ? -1 : 1) || p - q);
    this.order = keyed.map(([, place]) => place);
    this.filter(this.words || []);
  }
  filter(words) {
    this.words = words;
    this.shown = this.order.filter((place) => words.every((word) => this.work.said[place].includes(word)));
    this.body();
    return this.shown.length;
  }
  row(place) {
    const row = this.work.students[place], line = make("tr");
    line.setAttribute("role", "row");
    if (row[KIND] > 1) line.className = "apart";
    const head = make("th", undefined, {scope: "row"});
    head.setAttribute("role", "rowheader");
    head.append(named(row));
    const known = row[KIND] < 1;
    const cells = [make("td", points(row[FINAL]), {className: "number"}),
      make("td", known ? percent(row).toFixed(0) : "-", {className: "number"})];
    [...row[CELLS]].forEach((letter, exercise) => {
      const [sign, word, color] = data.letters[letter];
      const cell = make("td", sign, {className: "cell " + color});
      cell.dataset.place = place;
      cell.dataset.of = exercise;
      cell.setAttribute("aria-label", row[NAME] + ", " + this.work.exercises[exercise][0] + ": " + word);
      cells.push(cell);
    });
    const notes = make("td", row[NOTES], {className: "notes"});
    for (const [pair, share, other] of this.work.near.get(place) || []) {
      const open = make("button", "shares " + share + "% with " + other, {type: "button", className: "link", tabIndex: -1});
      open.dataset.pair = pair;
      notes.append(" ", open);
    }
    for (const cell of [...cells, notes]) cell.setAttribute("role", "gridcell");
    line.append(head, ...cells, notes);
    return line;
  }
  body() {
    const rows = this.shown.slice(0, this.limit).map((place) => this.row(place));
    this.table.tBodies[0].replaceChildren(...rows);
    const left = this.shown.length - rows.length;
    this.under.replaceChildren();
    if (left > 0) {
      this.under.append(rows.length + " of " + this.shown.length + " shown ");
      const more = make("button", "Show " + Math.min(left, 4 * PAGE) + " more", {type: "button"});
      more.addEventListener("click", () => { this.limit += 4 * PAGE; this.body(); });
      this.under.append(more);
    }
    for (const one of this.table.querySelectorAll("a, button")) one.tabIndex = -1;
    this.focus = [rows.length ? 1 : 0, 0];
    this.target(...this.focus).tabIndex = 0;
  }
  target(line, column) {
    const cell = this.table.rows[line].cells[column];
    return cell.querySelector("a, button") || cell;
  }
  go(line, column) {
    line = Math.max(0, Math.min(line, this.table.rows.length - 1));
    column = Math.max(0, Math.min(column, this.table.rows[0].cells.length - 1));
    this.target(...this.focus).tabIndex = -1;
    this.focus = [line, column];
    const one = this.target(line, column);
    one.tabIndex = 0;
    one.focus();
  }
  move(event) {
    const cell = event.target.closest("td, th");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const line = cell.parentNode.rowIndex, column = cell.cellIndex, last = this.table.rows[0].cells.length - 1;
    const ways = {ArrowUp: [line - 1, column], ArrowDown: [line + 1, column], ArrowLeft: [line, column - 1],
      ArrowRight: [line, column + 1], Home: [line, 0], End: [line, last], PageUp: [line - 10, column], PageDown: [line + 10, column]};
    if (event.key in ways) {
      event.preventDefault();
      this.go(...ways[event.key]);
    } else if ((event.key === "Enter" || event.key === " ") && event.target === cell) {
      event.preventDefault();
      cell.click();
    }
  }
  click(event) {
    const pair = event.target.closest("[data-pair]"), cell = event.target.closest("td, th");
    if (pair) openPair(pair.dataset.pair);
    else if (cell && cell.dataset.of !== undefined) {
      this.go(cell.parentNode.rowIndex, cell.cellIndex);
      openCell(this.number, Number(cell.dataset.place), Number(cell.dataset.of));
    } else if (cell && cell.parentNode.parentNode === this.table.tHead) {
      const column = cell.cellIndex;
      this.sort(column);
      this.go(0, column);
    }
  }
}
