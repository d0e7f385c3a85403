// Lists: row navigation, selection with ranges, the bulk bar, "select all N matching".
//   table (or list)  [data-list] with rows [data-row] that hold input[data-select] and a link [data-open]
//   bulk bar         [data-bulk] hidden, with [data-part=count], [data-select-all] (data-total), [data-select-none],
//                    and input[name=all] that becomes "1" when the whole query is meant
(() => {
  const lists = () => [...document.querySelectorAll("[data-list]")];
  const rows = (list) => [...list.querySelectorAll("[data-row]")];
  const box = (row) => row.querySelector("input[data-select]");
  let current = null;
  let lastBox = null;

  function move(step) {
    const list = current?.closest("[data-list]") ?? lists().find((candidate) => candidate.offsetParent);
    if (!list) return false;
    const all = rows(list).filter((row) => row.offsetParent);
    const index = current?.isConnected ? all.indexOf(current) : -1;
    const next = all[index < 0 && step < 0 ? all.length - 1 : Math.min(all.length - 1, Math.max(0, index + step))];
    if (next) mark(next);
    return true;
  }
  function mark(row) {
    current?.classList.remove("is-current");
    current = row;
    row.classList.add("is-current");
    (row.querySelector("[data-open]") ?? box(row) ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (document.documentElement.dataset.singleKeys === "off" || !lists().length) return;
    if (event.ctrlKey || event.metaKey || event.altKey || app.isComposing(event)) return;
    const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (document.querySelector("dialog[open]") || field?.getClientRects().length) return;
    const row = current?.isConnected ? current : null;
    if (event.key === "j" || event.key === "k") {
      if (move(event.key === "j" ? 1 : -1)) event.preventDefault();
    } else if (event.key.toLowerCase() === "x" && row && box(row)) {
      event.preventDefault();
      toggle(box(row), !box(row).checked, event.shiftKey);
    } else if (event.key === "o" && row) {
      event.preventDefault();
      row.querySelector("[data-open]")?.click();
    }
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && row !== current) {
      current?.classList.remove("is-current");
      current = row;
    }
  });
  // The whole row opens its record; text that is being selected and controls do not.
  app.on("click", "[data-row]", (event, row) => {
    if (event.target.closest("a, button, input, label, summary, details, select") || String(getSelection())) return;
    const link = row.querySelector("[data-open]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });

  // Selection ----------------------------------------------------------------------------------------
  function toggle(input, isOn, isRange) {
    const list = input.closest("[data-list]");
    const boxes = rows(list).map(box).filter(Boolean);
    const from = boxes.indexOf(lastBox);
    const to = boxes.indexOf(input);
    const range = isRange && from >= 0 ? boxes.slice(Math.min(from, to), Math.max(from, to) + 1) : [input];
    range.forEach((other) => { other.checked = isOn; });
    lastBox = input;
    refresh(list, false);
  }
  app.on("click", "input[data-select]", (event, input) => toggle(input, input.checked, event.shiftKey));
  app.on("change", "input[data-select-page]", (event, input) => {
    const list = input.closest("[data-list]");
    rows(list).map(box).filter(Boolean).forEach((other) => { other.checked = input.checked; });
    refresh(list, false);
  });
  app.on("click", "[data-select-all]", (event, link) => {
    event.preventDefault();
    refresh(listOf(link), true);
  });
  app.on("click", "[data-select-none]", (event, button) => {
    event.preventDefault();
    const list = listOf(button);
    rows(list).map(box).filter(Boolean).forEach((other) => { other.checked = false; });
    refresh(list, false);
    list.querySelector("input[data-select-page]")?.focus();
  });
  app.on("click", "[data-select-mode]", (event, button) => {
    const isOn = listOf(button)?.classList.toggle("is-selecting");
    button.setAttribute("aria-pressed", isOn);
  });
  function bulkOf(list) {
    return document.querySelector(list.dataset.bulkBar ? `#${list.dataset.bulkBar}` : "[data-bulk]");
  }
  function listOf(element) {
    const bar = element.closest("[data-bulk]");
    return lists().find((list) => !bar || bulkOf(list) === bar);
  }

  function refresh(list, isAll) {
    if (!list) return;
    const boxes = rows(list).map(box).filter(Boolean);
    const count = boxes.filter((input) => input.checked).length;
    boxes.forEach((input) => input.closest("[data-row]").classList.toggle("is-selected", input.checked));
    const page = list.querySelector("input[data-select-page]");
    if (page) {
      page.checked = count > 0 && count === boxes.length;
      page.indeterminate = count > 0 && count < boxes.length;
    }
    const bar = bulkOf(list);
    if (!bar) return;
    bar.hidden = count === 0;
    const all = bar.querySelector("[data-select-all]");
    const total = all?.dataset.total ?? count;
    bar.querySelector("[data-part=count]").textContent = isAll
      ? app.text("allSelected", { n: total }) : app.text("selected", { n: count });
    if (all) all.hidden = isAll || Number(String(total).replace(/\D/g, "")) <= count;
    const flag = bar.querySelector("input[name=all]");
    if (flag) flag.value = isAll ? "1" : "";
    copySelection(list, bar, isAll);
  }
  // The boxes may stand outside the bar's forms: their values are carried into each of them.
  function copySelection(list, bar, isAll) {
    const chosen = rows(list).map(box).filter((input) => input?.checked).map((input) => input.value);
    bar.querySelectorAll("[data-selection]").forEach((holder) => {
      holder.replaceChildren(...(isAll ? [] : chosen).map((value) => Object.assign(
        document.createElement("input"), { type: "hidden", name: holder.dataset.selection || "ids", value })));
    });
    bar.dispatchEvent(new CustomEvent("app:selection", { bubbles: true, detail: { count: chosen.length, isAll } }));
  }
  app.onLoad((root) => {
    const found = root.matches?.("[data-list]") ? [root] : [...root.querySelectorAll("[data-list]")];
    found.forEach((list) => refresh(list, false));
  });

  // "Move to…", sort and other menus inside a row close after use.
  app.on("click", "details.app-menu .app-pop a, details.app-menu .app-pop [data-menu-close]", (event, item) => {
    item.closest("details.app-menu").removeAttribute("open");
  });
})();
