// The board's own pulse: refreshes its cards, says when, can be paused, rests in hidden tabs, shows a lost connection.
const SECONDS = 25;
const board = document.getElementById("board");
const state = document.getElementById("board-state");
const button = document.getElementById("board-pause");
let time = state?.textContent.match(/\d\d:\d\d/)?.[0] ?? "";
let paused = app.store.get("board.paused", false);
let timer = 0;
const failing = new Set();

function say() {
  if (!state) return;
  const kind = failing.size ? "stopped" : paused ? "paused" : "text";
  const words = state.dataset[kind].replace("{time}", time);
  state.classList.toggle("is-off", failing.size > 0);
  if (state.textContent !== words) state.textContent = words;
  button.setAttribute("aria-pressed", paused);
  button.querySelector("[data-part=pause]").hidden = paused;
  button.querySelector("[data-part=play]").hidden = !paused;
}

function refresh() {
  clearTimeout(timer);
  if (!board || paused || document.hidden) return;
  board.querySelectorAll("[data-board-card]").forEach((place) => {
    if (!place.querySelector("details[open]")) htmx.trigger(place, "board:refresh");
  });
  timer = setTimeout(refresh, SECONDS * 1000);
}

// The digest of what is shown goes along; an unchanged card answers 204 and is left alone.
document.addEventListener("htmx:configRequest", (event) => {
  const digest = event.target.dataset?.boardDigest;
  if (digest) event.detail.headers["X-Card-Digest"] = digest;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const place = event.target.closest?.("[data-board-card]");
  if (!place || event.target !== place) return;
  const { xhr, successful } = event.detail;
  if (successful) {
    failing.delete(place.id);
    time = xhr.getResponseHeader("X-Card-Time") ?? time;
    const digest = xhr.getResponseHeader("X-Card-Digest");
    if (digest) place.dataset.boardDigest = digest;
  } else {
    failing.add(place.id);
    delete place.dataset.boardDigest;
  }
  say();
});
// A card that was shown keeps its figures while the connection is lost; the state above says of when they are.
["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => {
  window.addEventListener(name, (event) => {
    const place = event.target.closest?.("[data-board-card]");
    if (place?.querySelector(".card, .tile")) event.stopPropagation();
  }, true);
});

button?.addEventListener("click", () => {
  paused = !paused;
  app.store.set("board.paused", paused);
  say();
  if (!paused) refresh();
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
if (board) {
  say();
  timer = setTimeout(refresh, SECONDS * 1000);
}

// Chart or table: the choice of each card outlives its refreshes and the page.
app.on("click", "[data-card] [data-twin]", (event, twin) => {
  if (!event.isTrusted) return;
  app.store.set(`board.view.${twin.closest("[data-card]").dataset.card}`, twin.dataset.twin);
});
app.onLoad((root) => {
  const cards = [...root.querySelectorAll("[data-card]"), ...(root.matches?.("[data-card]") ? [root] : [])];
  cards.forEach((card) => {
    const phone = matchMedia("(max-width: 767.98px)").matches;
    const first = phone || card.hasAttribute("data-table-first") ? "table" : "chart";
    const wanted = app.store.get(`board.view.${card.dataset.card}`, first);
    const twin = card.querySelector(`[data-twin=${wanted === "table" ? "table" : "chart"}]`);
    if (twin && twin.getAttribute("aria-pressed") !== "true") twin.click();
  });
});

// Tiles of a dashboard change places by drag; the buttons beside them do the same without a pointer.
const list = document.querySelector("[data-tiles]");
if (list) app.drag({
  handle: "[data-grip]",
  item: "[data-tile]",
  name: (tile) => tile.querySelector("b").textContent,
  place(under, tile) {
    const other = under.closest("[data-tile]");
    return other && other !== tile ? other : null;
  },
  drop(tile, place) {
    const tiles = [...list.querySelectorAll("[data-tile]")];
    place[tiles.indexOf(tile) < tiles.indexOf(place) ? "after" : "before"](tile);
    const form = document.getElementById("tiles-order");
    form.elements.places.value = [...list.querySelectorAll("[data-tile]")].map((each) => each.dataset.tile).join(",");
    form.requestSubmit();
  },
});
