// Lists whose rows have a place: a row is dragged by its handle and let go on another; the server decides.
//   handle [data-drag-row] in a <tr> with buttons [data-way="up|down"]; a drop over n rows posts the button's address with steps=n.
(() => {
  const rowsOf = (row) => [...row.parentElement.children].filter((other) => other.querySelector("[data-drag-row]"));

  document.documentElement.classList.add("can-drag");
  app.drag({
    handle: "[data-drag-row]",
    item: "tr",
    name: (row) => (row.querySelector("a, .app-link") ?? row).textContent.trim(),
    allowed(row) {
      const sorted = row.closest("table").querySelector("th[aria-sort]");
      const own = row.querySelector("[data-drag-row]").closest("td").cellIndex;
      return !sorted || (sorted.cellIndex === own && sorted.ariaSort !== "descending"); // else they do not stand in their order
    },
    place(under, row) {
      const other = under.closest("tr");
      return other && other !== row && rowsOf(row).includes(other) ? other : null;
    },
    drop(row, place) {
      const rows = rowsOf(row);
      const steps = rows.indexOf(place) - rows.indexOf(row);
      const button = row.querySelector(`[data-way="${steps < 0 ? "up" : "down"}"]`);
      const address = new URL(button.formAction);
      address.searchParams.set("steps", Math.abs(steps));
      button.formAction = address;
      button.form.requestSubmit(button);
    },
  });
})();
