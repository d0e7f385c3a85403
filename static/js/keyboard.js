// Single keys and two-key sequences, from the page: every [data-key] is a shortcut ("r", "g h").
(() => {
  const SEQUENCE_MS = 1200;
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=''], [contenteditable=true]";
  let pending = "";
  let timer = 0;

  /** True while a key belongs to somebody else: a field, a dialog, an input method. */
  function isTaken(event) {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return true;
    if (event.ctrlKey || event.metaKey || event.altKey) return true;
    // A dialog that has just closed keeps the focus for a moment: a field that is not drawn takes no keys.
    const field = event.target.closest?.(FIELDS);
    return Boolean(field?.getClientRects().length) || Boolean(document.querySelector("dialog[open]"));
  }
  app.isComposing = (event) => event.isComposing || event.keyCode === 229;

  function candidates() {
    return [...document.querySelectorAll("[data-key]")].filter((element) => !element.closest("[inert], [hidden]:not(dialog)"));
  }

  function run(element) {
    if (element.matches("details")) {
      element.toggleAttribute("open");
      element.querySelector("summary").focus();
    } else if (element.matches("input, textarea, select")) {
      element.focus();
      element.select?.();
    } else if (element.matches("a[href]")) {
      location.assign(element.href);
    } else {
      element.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      modified(event);
      return;
    }
    if (document.documentElement.dataset.singleKeys === "off" || isTaken(event) || event.key.length > 1) return;
    const typed = pending ? `${pending} ${event.key}` : event.key;
    const all = candidates();
    const exact = all.find((element) => element.dataset.key === typed) ?? (pending && all.find((element) => element.dataset.key === event.key));
    const isStart = all.some((element) => element.dataset.key.startsWith(`${typed} `));
    clearTimeout(timer);
    pending = isStart ? typed : "";
    timer = setTimeout(() => { pending = ""; }, SEQUENCE_MS);
    if (exact) {
      event.preventDefault();
      run(exact);
    } else if (event.key === "/" && !pending) {
      event.preventDefault();
      const search = document.querySelector("main [type=search]:not([data-no-slash])");
      search?.offsetParent ? run(search) : app.openPalette?.();
    }
  });

  // Ctrl or ⌘: K opens the palette, Enter sends the form in hand, S saves an editor's form.
  function modified(event) {
    if (app.isComposing(event)) return;
    const key = event.key.toLowerCase();
    if (key === "k") {
      event.preventDefault();
      app.openPalette?.();
    } else if (key === "enter" && event.target.form) {
      event.preventDefault();
      const form = event.target.form;
      form.requestSubmit(event.target.closest("[role=tabpanel]")?.querySelector("[type=submit]") ?? undefined);
    } else if (key === "s") {
      const form = event.target.form ?? document.querySelector("form[data-save-key]");
      if (!form?.matches("[data-save-key]")) return;
      event.preventDefault();
      form.requestSubmit();
    }
  }

  // Enter never sends while an input method composes.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && app.isComposing(event)) event.stopPropagation();
  }, true);
  // A letter of an input method's own window must not end a quick search: listen to the finished text.
  app.on("compositionend", "[data-quick-search]", (event, input) => input.dispatchEvent(new Event("input", { bubbles: true })));

  // The dialog of shortcuts also lists those of this page.
  document.addEventListener("app:open", (event) => {
    if (event.target.id !== "shortcuts") return;
    const section = event.target.querySelector("[data-part=page]");
    const list = section.querySelector("dl");
    list.replaceChildren();
    candidates().filter((element) => element.closest("main")).forEach((element) => {
      const row = document.createElement("div");
      const keys = document.createElement("dt");
      element.dataset.key.split(" ").forEach((key) => {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        keys.append(cap, " ");
      });
      const words = document.createElement("dd");
      words.textContent = element.dataset.command || element.getAttribute("aria-label") || element.title || element.textContent.trim();
      row.append(keys, words);
      list.append(row);
    });
    section.hidden = !list.children.length;
  });
})();
