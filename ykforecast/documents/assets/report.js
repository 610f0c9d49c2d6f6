"use strict";
// The page of a report: languages, theme, contents, tables that sort, sources of figures.
const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// Light and dark: the reader's system decides until a button does. Set before the first paint.
const system = matchMedia("(prefers-color-scheme: dark)");
let chosen = false;
function theme(dark) {
  root.dataset.theme = dark ? "dark" : "light";
  for (const button of all("[data-do=theme]")) button.setAttribute("aria-pressed", String(dark));
}
theme(system.matches);
system.addEventListener("change", () => chosen || theme(system.matches));

document.addEventListener("DOMContentLoaded", () => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const editions = all(".edition");
  const readout = document.getElementById("readout"), source = document.getElementById("source");
  let edition = editions.find((one) => !one.hidden);

  // What the address names decides the language: a link to a section opens the page in its own.
  function follow() {
    const name = location.hash.slice(1);
    const place = document.getElementById(name) ?? document.getElementById(decode(name));
    edition = place?.closest(".edition") ?? edition;
    for (const one of editions) one.hidden = one !== edition;
    root.lang = edition.lang;
    document.title = edition.dataset.title;
    if (place && place !== edition) place.scrollIntoView();
    spy();
  }
  function decode(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }
  addEventListener("hashchange", follow);

  // Contents follow the page; the link to the other language leads to the same section.
  function spy() {
    const sections = all("section", edition);
    const here = sections.filter((one) => one.getBoundingClientRect().top < 140).at(-1);
    const links = all("nav li a", edition);
    const listed = (one) => links.find((link) => link.hash.slice(1) === encodeURI(one.id) || decode(link.hash.slice(1)) === one.id);
    let at = here ? sections.indexOf(here) : -1;
    while (at >= 0 && !listed(sections[at])) at--;
    for (const link of links) link.removeAttribute("aria-current");
    if (at >= 0) listed(sections[at]).setAttribute("aria-current", "true");
    for (const link of all("a.language", edition)) {
      const other = here && document.getElementById(link.dataset.lang + here.id.slice(edition.id.length));
      link.hash = other ? other.id : link.dataset.lang;
    }
  }
  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; spy(); });
  }, { passive: true });

  const actions = {
    theme() { chosen = true; theme(root.dataset.theme !== "dark"); },
    print() { print(); },
    sources() {
      const on = document.body.classList.toggle("sources");
      for (const button of all("[data-do=sources]")) button.setAttribute("aria-pressed", String(on));
      for (const cell of all(".cell")) if (on) cell.tabIndex = 0; else cell.removeAttribute("tabindex");
    },
  };
  for (const button of all("[data-do]")) button.addEventListener("click", () => actions[button.dataset.do]());

  // Where a figure was read.
  function tell(cell) {
    const said = words[cell.closest(".edition").dataset.lang];
    source.textContent = `${said.source}：${cell.dataset.path}　${said.raw} ${cell.dataset.value || said.none}`;
    source.hidden = false;
  }
  for (const [type, shown] of [["pointerover", true], ["focusin", true], ["pointerout", false], ["focusout", false]])
    document.addEventListener(type, (event) => {
      const cell = event.target.closest?.(".cell");
      if (cell && shown) tell(cell); else source.hidden = true;
    });

  // Tables: a heading sorts up, then down, then as printed; figures by their value, what is missing last.
  function content(row, column) {
    const place = row.cells[column], cell = place.querySelector(".cell");
    const text = place.textContent.trim(), value = cell ? cell.dataset.value : text;
    if (place.querySelector(".gap") || value === "" || text === words.zh?.none || text === words.en?.none) return null;
    return cell && Number.isFinite(Number(value)) ? Number(value) : text;
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), root.lang);
  }
  for (const table of all(".table table")) {
    const rows = all("tbody tr", table), heads = all("thead th", table);
    const said = words[table.closest(".edition").dataset.lang];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = said.sort;
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", next);
        const sign = next === "descending" ? -1 : 1;
        const order = next === "none" ? rows : [...rows].sort((one, two) => {
          const a = content(one, column), b = content(two, column);
          return a === null || b === null ? (a === null) - (b === null) : sign * compare(a, b);
        });
        table.tBodies[0].append(...order);
      });
    });
    table.closest(".table").querySelector(".sieve")?.addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  }

  // Charts take the place of their pictures.
  for (const box of all(".chart")) {
    const figure = box.closest("figure"), said = words[box.closest(".edition").dataset.lang];
    Charts.show(box, JSON.parse(figure.querySelector("script").textContent), said, readout);
    figure.querySelector(".picture").remove();
  }
  if (matchMedia("(max-width: 900px)").matches) for (const list of all("nav details")) list.open = false;
  theme(root.dataset.theme === "dark");
  follow();
});
