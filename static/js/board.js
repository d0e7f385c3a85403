// The board: cards are dragged to a stage, or moved by menu and keys. The server decides; what it refuses snaps back.
//   [data-board] data-url · columns [data-stage] · cards [data-deal] data-move-url, data-was · ends [data-end="win|lose"]
//   Keys on a card: arrows walk over cards, "m" opens its menu.
(() => {
  const board = () => document.querySelector("[data-board]");
  const cardOf = (element) => element?.closest?.("[data-deal]");

  async function show() {
    const answer = await fetch(board().dataset.url, {
      credentials: "same-origin", headers: { "HX-Request": "true", "HX-Target": "board" },
    });
    if (!answer.ok) return;
    board().innerHTML = await answer.text();
    htmx.process(board());
  }

  /** Asks the server to move the card, then draws what it says, with the focus where it was. */
  async function move(card, stage) {
    const { deal, moveUrl: url, was } = card.dataset;
    card.setAttribute("aria-busy", "true");
    try {
      const answer = await app.post(url, { stage, was, next: board().dataset.url }, { redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.type !== "opaqueredirect" && !answer.ok) {
        const reason = await answer.json().catch(() => ({}));
        app.errorBanner(board(), show, reason.message ?? reason.error ?? "");
        card.removeAttribute("aria-busy");
        return;
      }
      await show();
    } catch {
      card.removeAttribute("aria-busy");
      app.errorBanner(board(), show);
      return;
    }
    board().querySelector(`[data-deal="${deal}"] [data-open]`)?.focus();
  }

  function end(card, way) {
    card.querySelector(`[data-end-link="${way}"]`)?.click();
  }

  app.drag({
    handle: "[data-deal].is-movable",
    item: "[data-deal]",
    field: "[data-board]",
    name: (card) => card.querySelector("[data-open]").textContent,
    place: (under) => under.closest("[data-stage], [data-end]"),
    drop(card, place) {
      if (place.dataset.end) end(card, place.dataset.end);
      else if (place.dataset.stage !== card.dataset.was) move(card, place.dataset.stage);
    },
  });

  app.on("submit", "[data-move-form]", (event, form) => {
    event.preventDefault();
    move(cardOf(form), event.submitter.value);
  });

  document.addEventListener("keydown", (event) => {
    const card = cardOf(event.target);
    if (!card || !board() || event.ctrlKey || event.metaKey || event.altKey || app.isComposing(event)) return;
    if (event.target.closest(".app-pop")) return;
    if (event.key === "m" && document.documentElement.dataset.singleKeys !== "off") {
      const menu = card.querySelector("details");
      if (!menu) return;
      event.preventDefault();
      menu.setAttribute("open", "");
      menu.querySelector(".app-opt").focus();
      return;
    }
    const columns = [...board().querySelectorAll("[data-stage]")];
    const column = columns.indexOf(card.closest("[data-stage]"));
    const cards = [...columns[column].querySelectorAll("[data-deal]")];
    const place = cards.indexOf(card);
    let next = null;
    if (event.key === "ArrowDown") next = cards[place + 1];
    else if (event.key === "ArrowUp") next = cards[place - 1];
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const step = event.key === "ArrowRight" ? 1 : -1;
      for (let index = column + step; columns[index] && !next; index += step) {
        const there = [...columns[index].querySelectorAll("[data-deal]")];
        next = there[Math.min(place, there.length - 1)];
      }
    } else return;
    if (!next) return;
    event.preventDefault();
    next.querySelector("[data-open]").focus();
  });
})();
