// Lists whose rows have a place: a row is dragged by its handle and let go on another; the server decides.
//   handle [data-drag-row] in a <tr> with buttons [data-way="up|down"]; a drop over n rows posts the button's address with steps=n.
(() => {
  let dragged = null;
  const rowsOf = (row) => [...row.parentElement.children].filter((other) => other.querySelector("[data-drag-row]"));
  const overOf = (event) => {
    const row = dragged && event.target.closest?.("tr");
    return row && row.parentElement === dragged.parentElement && row.querySelector("[data-drag-row]") ? row : null;
  };
  const clear = () => document.querySelectorAll("tr.is-over").forEach((row) => row.classList.remove("is-over"));

  document.documentElement.classList.add("can-drag");
  app.on("dragstart", "[data-drag-row]", (event, handle) => {
    const sorted = handle.closest("table").querySelector("th[aria-sort]");
    if (sorted && (sorted.cellIndex !== handle.closest("td").cellIndex || sorted.ariaSort === "descending")) {
      event.preventDefault(); // the rows do not stand in their order now
      return;
    }
    dragged = handle.closest("tr");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 0, 0);
    dragged.classList.add("is-dragged");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-dragged");
    clear();
    dragged = null;
  });
  document.addEventListener("dragover", (event) => {
    const row = overOf(event);
    if (!row) return;
    event.preventDefault();
    clear();
    if (row !== dragged) row.classList.add("is-over");
  });
  document.addEventListener("drop", (event) => {
    const row = overOf(event);
    if (!row) return;
    event.preventDefault();
    const rows = rowsOf(row);
    const steps = rows.indexOf(row) - rows.indexOf(dragged);
    if (!steps) return;
    const button = dragged.querySelector(`[data-way="${steps < 0 ? "up" : "down"}"]`);
    const address = new URL(button.formAction);
    address.searchParams.set("steps", Math.abs(steps));
    button.formAction = address;
    button.form.requestSubmit(button);
  });
})();
