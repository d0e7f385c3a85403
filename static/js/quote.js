// The quote editor: Tab in the last cell of the last line opens a new one.
(() => {
  app.on("keydown", ".quote-lines input", (event, input) => {
    if (event.key !== "Tab" || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = input.closest("[data-formset-rows]");
    const fields = rows?.querySelectorAll("[data-formset-row] :is(input:not([type=hidden]), select)");
    if (!fields?.length || fields[fields.length - 1] !== input) return;
    event.preventDefault();
    rows.closest("[data-formset]").querySelector("[data-formset-add]").click();
  });
})();
