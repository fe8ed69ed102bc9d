// Comforts for those whose browser runs scripts; every page works without them.
"use strict";

const typing = (element) =>
  element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);

// `/` goes to the search of the page, `?` opens the list of keys, j and k walk the rows of a list.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "?") {
    document.getElementById("keys")?.showModal();
  } else if (event.key === "j" || event.key === "k") {
    walk(event.key === "j" ? 1 : -1);
  }
});

function walk(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, here < 0 ? 0 : here + step))].focus();
}

// A figure opens in place, as a part of its own page; where that fails, its page opens. From one figure
// another opens, and the way back leads through them.
let way = [];
document.addEventListener("click", (event) => {
  const figure = event.target.closest?.("a.opens");
  const dialog = document.getElementById("opened");
  if (!figure || !dialog || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  way = dialog.open ? [...way, figure.href] : [figure.href];
  showOpened(dialog);
});
document.getElementById("opened-back")?.addEventListener("click", () => {
  way.pop();
  showOpened(document.getElementById("opened"));
});

// Where the session has ended meanwhile, what comes is the page of signing in, which is no part of this one. In the
// dialog it is opened as a page that leads back to the figure; elsewhere this page is loaded anew, which leads to
// signing in and back: a search that finds nobody, or a tap that is not kept, would say nothing of it.
document.addEventListener("htmx:before:response", (event) => {
  const { response, target } = event.detail.ctx;
  if (!response.raw.redirected) return;
  event.preventDefault();
  if (target?.id !== "opened-body") location.reload();
});

async function showOpened(dialog) {
  const body = document.getElementById("opened-body");
  body.replaceChildren();
  await htmx.ajax("GET", way.at(-1), { target: body, swap: "innerHTML" });
  if (!body.childElementCount) {
    location.assign(way.at(-1));
    return;
  }
  document.getElementById("opened-back").hidden = way.length < 2;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

// One panel at a time, and Escape closes it.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.chip") || !event.target.open) return;
  for (const other of document.querySelectorAll("details.chip[open]")) {
    if (other !== event.target) other.open = false;
  }
}, true);
document.addEventListener("keyup", (event) => {
  if (event.key !== "Escape") return;
  for (const chip of document.querySelectorAll("details.chip[open]")) {
    chip.open = false;
    chip.querySelector("summary").focus();
  }
});

// Typing in a list's search narrows it at once. Enter does no more than that: it must not send a form that
// is only half filled in, just because the search stands within it.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.dataset?.narrows) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const list = event.target.dataset?.narrows && document.getElementById(event.target.dataset.narrows);
  if (!list) return;
  const wanted = event.target.value.trim().toLocaleLowerCase();
  for (const item of list.querySelectorAll("[data-find]")) {
    item.hidden = wanted !== "" && !item.dataset.find.toLocaleLowerCase().includes(wanted);
  }
});

// All that a search left in sight are chosen at once, or none of them where all are; how many are, is told.
for (const tool of document.querySelectorAll("[data-chooses]")) {
  const list = document.getElementById(tool.dataset.chooses);
  const boxes = (which) => [...list.querySelectorAll(which)];
  const tell = () => { tool.querySelector("output").value = boxes("input:checked").length; };
  tool.hidden = false;
  list.addEventListener("change", tell);
  tool.querySelector("button").addEventListener("click", () => {
    const shown = boxes("[data-find]:not([hidden]) input");
    const all = shown.every((box) => box.checked);
    for (const box of shown) box.checked = !all;
    tell();
  });
  tell();
}

// A form is sent once: a second tap, while the first is on its way, would write the note twice, or be told that what
// the first one did is done already. Where a file comes the page stays, and so a form may be sent again after a while.
const SENT_FOR = 5_000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, SENT_FOR);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

// What is to be kept on paper is printed by one press.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Another language or appearance loads the page anew: what was typed into it goes along and is put in its place
// again, and with it what was there before she typed (`web.forms.Seen`). Passwords and files do not, and the browser
// keeps nothing once the page has come.
const TYPED = "typed";
const CSRF = "csrfmiddlewaretoken";

function typedFields() {
  return [...document.querySelectorAll("main form:not([data-keeps-typed]) [name]")]
    .filter((field) => !["password", "file", "submit", "button"].includes(field.type) && field.name !== CSRF)
    .map((field) => [`${field.form?.getAttribute("action")} ${field.name}`, field]);
}

// Boxes by their values: in a preview what was ticked stands in hidden fields of the same name.
const isBox = (field) => ["checkbox", "radio"].includes(field.type);

for (const form of document.querySelectorAll("[data-keeps-typed]")) {
  form.addEventListener("submit", () => {
    const typed = {};
    for (const [key, field] of typedFields()) {
      typed[key] ??= [];
      if (!isBox(field) || field.checked) typed[key].push(field.value);
    }
    sessionStorage.setItem(TYPED, JSON.stringify([location.pathname, typed]));
  });
}

const [typedWhere, typed] = JSON.parse(sessionStorage.getItem(TYPED) ?? "[null, {}]");
sessionStorage.removeItem(TYPED);
if (typedWhere === location.pathname) {
  for (const [key, field] of typedFields().filter(([known]) => known in typed)) {
    const [what, then] = isBox(field)
      ? ["checked", typed[key].includes(field.value)]
      : ["value", typed[key].shift() ?? field.value];
    if (field[what] === then) continue;
    field[what] = then;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
}
