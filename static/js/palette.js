// The command palette: what this page can do, what was used lately, and the server's results.
(() => {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("#palette-options");
  const parts = app.parts(dialog);
  const RECENT = 6;
  let request = null;
  let timer = 0;

  app.openPalette = () => {
    if (dialog.open) return;
    document.querySelectorAll("details.app-menu[open]").forEach((menu) => menu.removeAttribute("open"));
    dialog.showModal();
    input.value = "";
    input.focus();
    search();
  };
  app.on("click", "[data-palette-open]", (event) => { event.preventDefault(); app.openPalette(); });

  // Typing keeps the old results until the new ones are there.
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  });
  input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(search, 60); });
  dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());

  async function search() {
    const query = input.value.trim();
    request?.abort();
    request = new AbortController();
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(query)}`, {
        signal: request.signal, headers: { "HX-Request": "true" }, credentials: "same-origin",
      });
      const html = answer.ok ? await answer.text() : "";
      show(html, query, answer.ok);
    } catch (error) {
      if (error.name !== "AbortError") show("", query, false);
    }
  }

  function show(html, query, isAnswered) {
    list.removeAttribute("aria-busy");
    list.innerHTML = html;
    if (!isAnswered) app.errorBanner(list, search);
    if (!query) list.prepend(...recent());
    list.prepend(...onThisPage(query));
    const options = items();
    parts.count.textContent = query ? app.text("results", { n: options.length }) : "";
    parts.none.hidden = options.length > 0 || !isAnswered;
    list.hidden = !parts.none.hidden;
    choose(options[0]);
  }

  function group(id, label, options) {
    if (!options.length) return [];
    const element = document.createElement("div");
    element.setAttribute("role", "group");
    element.setAttribute("aria-labelledby", id);
    const head = Object.assign(document.createElement("div"), { className: "grp", id, textContent: label });
    element.append(head, ...options);
    return [element];
  }

  function option(id, iconSource, label, key) {
    const element = document.createElement("div");
    element.className = "app-opt";
    element.id = id;
    element.setAttribute("role", "option");
    const icon = iconSource?.cloneNode(true);
    const words = Object.assign(document.createElement("span"), { className: "cut", textContent: label });
    const keys = Object.assign(document.createElement("span"), { className: "small t2" });
    (key ?? "").split(" ").filter(Boolean).forEach((name) => {
      keys.append(Object.assign(document.createElement("kbd"), { textContent: name }), " ");
    });
    element.append(...(icon ? [icon] : []), words, keys);
    return element;
  }

  // Buttons of the page that name themselves with data-command come first.
  function onThisPage(query) {
    const folded = query.toLowerCase();
    const found = [...document.querySelectorAll("main [data-command]")].filter((element) => (element.offsetParent || element.closest("details.app-menu:not([open])")?.offsetParent) && !element.disabled)
      .filter((element) => element.dataset.command.toLowerCase().includes(folded)).slice(0, 6);
    return group("pg-page", app.text("onThisPage"), found.map((element, index) => {
      const entry = option(`po-page-${index}`, element.querySelector("svg"), element.dataset.command, element.dataset.key);
      entry.addEventListener("click", () => { dialog.close(); element.click(); element.focus?.(); });
      return entry;
    }));
  }

  function recent() {
    const known = app.store.get("recent", []);
    const template = dialog.querySelector(".app-palette-in svg");
    return group("pg-recent", app.text("recent"), known.map((entry, index) => {
      const link = option(`po-recent-${index}`, template, entry.label, "");
      link.addEventListener("click", () => go(entry.url, false));
      return link;
    }));
  }

  const items = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  function choose(next) {
    items().forEach((item) => item.setAttribute("aria-selected", item === next));
    if (next) {
      input.setAttribute("aria-activedescendant", next.id);
      next.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function remember(entry) {
    const label = entry.querySelector(".cut")?.textContent.trim();
    const url = entry.getAttribute("href");
    if (!label || !url) return;
    const others = app.store.get("recent", []).filter((old) => old.url !== url);
    app.store.set("recent", [{ label, url }, ...others].slice(0, RECENT));
  }
  function go(url, inNewTab) {
    if (inNewTab) window.open(url, "_blank", "noopener");
    else location.assign(url);
  }
  list.addEventListener("click", (event) => {
    const entry = event.target.closest("a[role=option]");
    if (entry) remember(entry);
  });

  input.addEventListener("keydown", (event) => {
    if (app.isComposing(event)) return;
    const all = items();
    const index = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(all[(index + step + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const entry = chosen();
      if (!entry) return;
      if (entry.matches("a[href]")) {
        remember(entry);
        go(entry.href, event.ctrlKey || event.metaKey);
      } else {
        entry.click();
      }
    }
  });
})();
