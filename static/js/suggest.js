// What a sign in the composer offers: "/" canned replies, "@" colleagues, "??" articles. The server answers with the options.
//   [data-suggest="/"] with data-suggest-url (gets ?q=) and data-suggest-label stands in the form of a textarea;
//   a button of that kind opens the list too. Options: [role=option][data-text], which takes the place of sign and word.
const FULL_WIDTH = { "／": "/", "＠": "@", "？？": "??", "?？": "??", "？?": "??" };
const WORD = /(^|[^A-Za-z0-9./:@／＠])([/@／＠]|[?？]{2})([\p{L}\p{N}_-]{0,30})$/u;
const WAIT_MS = 120;
const LIST_ID = "suggestions";

let open = null; // { area, source, start, list, request }
let timer = 0;

/** The sign before the cursor with its word, and the source that answers to it. */
function found(area) {
  if (area.selectionStart !== area.selectionEnd) return null;
  const match = WORD.exec(area.value.slice(0, area.selectionStart));
  if (!match) return null;
  const sign = FULL_WIDTH[match[2]] ?? match[2];
  const source = area.form?.querySelector(`[data-suggest="${sign}"]`);
  return source ? { source, word: match[3], start: area.selectionStart - match[3].length - match[2].length } : null;
}

function close() {
  clearTimeout(timer);
  if (!open) return;
  open.request?.abort();
  open.list.remove();
  ["aria-controls", "aria-activedescendant"].forEach((name) => open.area.removeAttribute(name));
  open = null;
}

function show(area, { source, start }) {
  if (open?.area === area && open.source === source) {
    open.start = start;
    return;
  }
  close();
  const list = document.createElement("div");
  list.id = LIST_ID;
  list.className = "suggest-pop app-opts";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", source.dataset.suggestLabel);
  area.before(list);
  area.setAttribute("aria-controls", LIST_ID);
  area.setAttribute("aria-autocomplete", "list");
  open = { area, source, start, list, request: null };
}

async function ask(word) {
  const mine = open;
  mine.request?.abort();
  mine.request = new AbortController();
  try {
    const answer = await fetch(`${mine.source.dataset.suggestUrl}?q=${encodeURIComponent(word)}`, {
      signal: mine.request.signal, headers: { "HX-Request": "true" }, credentials: "same-origin",
    });
    if (open !== mine) return;
    if (!answer.ok) {
      close();
      return;
    }
    mine.list.innerHTML = await answer.text();
    choose(options()[0]);
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

const options = () => [...open.list.querySelectorAll("[role=option][data-text]")];
const chosen = () => open.list.querySelector("[aria-selected=true]");

function choose(option) {
  options().forEach((other) => other.setAttribute("aria-selected", other === option));
  if (option) open.area.setAttribute("aria-activedescendant", option.id);
  else open.area.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function take(option) {
  const { area, start } = open;
  const end = area.selectionStart;
  close();
  area.focus();
  area.setRangeText(option.dataset.text, start, Math.max(start, end), "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function look(area) {
  const sign = found(area);
  if (!sign) {
    close();
    return;
  }
  show(area, sign);
  clearTimeout(timer);
  timer = setTimeout(() => open && ask(sign.word), WAIT_MS);
}

// An input method writes its own letters first: only finished text counts.
document.addEventListener("input", (event) => {
  if (!event.isComposing && event.target.matches?.(".composer textarea")) look(event.target);
});
document.addEventListener("compositionend", (event) => {
  if (event.target.matches?.(".composer textarea")) look(event.target);
});
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.area || app.isComposing(event)) return;
  const all = options();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (step && all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  else if (isPlain && (event.key === "Enter" || event.key === "Tab") && chosen()) take(chosen());
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
document.addEventListener("pointerdown", (event) => {
  if (!open) return;
  const option = event.target.closest?.(`#${LIST_ID} [role=option][data-text]`);
  if (option) {
    event.preventDefault(); // the cursor stays in the text
    take(option);
  } else if (!open.list.contains(event.target) && event.target !== open.area) close();
});
document.addEventListener("focusout", (event) => { if (open && event.target === open.area) setTimeout(() => { if (open && document.activeElement !== open.area) close(); }, 150); });
app.on("click", "button[data-suggest]", (event, button) => {
  const area = button.form.querySelector("textarea");
  const before = area.value.slice(0, area.selectionStart);
  app.insert(area, before && !/\s$/.test(before) ? ` ${button.dataset.suggest}` : button.dataset.suggest);
});
