// Forms: the error summary takes the focus, filters apply at once, fields depend on each other, rows are added.
(() => {
  app.onLoad((root) => {
    const summary = root.matches?.(".error-summary") ? root : root.querySelector?.(".error-summary:not([data-sample] *)");
    if (summary) summary.focus();
  });
  // A link of the summary leads to its field and puts the cursor there.
  app.on("click", ".error-summary a[href^='#']", (event, link) => {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input, select, textarea, button") ? target : target.querySelector("input, select, textarea");
    (field ?? target).focus({ preventScroll: true });
    (document.querySelector(`label[for="${CSS.escape(target.id)}"]`) ?? target).scrollIntoView({ block: "start" });
  });

  // Filters: selects and boxes of form[data-filters] apply at once; free text and dates wait for the button.
  app.on("change", "form[data-filters] :is(select, input[type=checkbox], input[type=radio])", (event, input) => {
    if (!input.hasAttribute("data-wait")) input.form.requestSubmit();
  });
  // A quick filter with several choices applies when its menu closes.
  app.on("change", "details[data-submit-on-close] input", (event, input) => {
    input.closest("details").dataset.changed = "1";
  });
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (menu.matches?.("details[data-submit-on-close]:not([open])") && menu.dataset.changed) menu.closest("form").requestSubmit();
  }, true);
  // Empty fields do not go into the address.
  app.on("submit", "form[data-filters]", (event, form) => {
    [...form.elements].forEach((field) => {
      if (field.name && field.value === "" && !field.disabled) {
        field.disabled = true;
        setTimeout(() => { field.disabled = false; }, 0);
      }
    });
  }, true);
  // data-submit-on-change: a select that acts by itself, such as rows per page.
  app.on("change", "[data-submit-on-change]", (event, input) => input.form.requestSubmit());

  // data-show-when="field=value,value": a part of the form for some answers only; hidden fields are not sent.
  function refreshDependents(form) {
    form.querySelectorAll("[data-show-when]").forEach((part) => {
      const [name, wanted = ""] = part.dataset.showWhen.split("=");
      const values = new FormData(form).getAll(name);
      const isShown = wanted ? wanted.split(",").some((value) => values.includes(value)) : values.some(Boolean);
      part.hidden = !isShown;
      part.querySelectorAll("input, select, textarea").forEach((field) => { field.disabled = !isShown; });
    });
  }
  document.addEventListener("change", (event) => { if (event.target.form) refreshDependents(event.target.form); });
  app.onLoad((root) => root.querySelectorAll?.("form").forEach((form) => {
    if (form.querySelector("[data-show-when]")) refreshDependents(form);
  }));

  // data-locate="#field": writes where the browser is into a field, after a click and the browser's own question.
  app.onLoad((root) => root.querySelectorAll?.("[data-locate]").forEach((button) => { button.hidden = !navigator.geolocation; }));
  app.on("click", "[data-locate]", (event, button) => {
    const said = button.parentElement.querySelector("[data-located]");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      document.querySelector(button.dataset.locate).value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
      said.textContent = "";
    }, () => { said.textContent = button.dataset.refused; }, { enableHighAccuracy: true, timeout: 15000 });
  });

  // Formsets: [data-formset=prefix] holds [data-formset-rows] and <template data-formset-empty>.
  app.on("click", "[data-formset-add]", (event, button) => {
    event.preventDefault();
    const set = button.closest("[data-formset]");
    const total = set.querySelector(`[name="${set.dataset.formset}-TOTAL_FORMS"]`);
    const html = set.querySelector("template[data-formset-empty]").innerHTML.replaceAll("__prefix__", total.value);
    const rows = set.querySelector("[data-formset-rows]");
    rows.insertAdjacentHTML("beforeend", html);
    total.value = Number(total.value) + 1;
    const row = rows.lastElementChild;
    app.load(row);
    window.htmx?.process(row);
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
  app.on("click", "[data-formset-remove]", (event, button) => {
    event.preventDefault();
    const row = button.closest("[data-formset-row]");
    const box = row.querySelector("input[name$='-DELETE']");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (box) box.checked = true;
    row.hidden = true;
    row.querySelectorAll("[required]").forEach((field) => { field.required = false; });
    (next?.querySelector("input:not([type=hidden]), select") ?? button.closest("[data-formset]").querySelector("[data-formset-add]"))?.focus();
  });
  // Order by buttons: data-move="up" or "down" moves the nearest [data-movable].
  app.on("click", "[data-move]", (event, button) => {
    event.preventDefault();
    const item = button.closest("[data-movable]");
    const isUp = button.dataset.move === "up";
    const other = isUp ? item.previousElementSibling : item.nextElementSibling;
    if (!other?.matches("[data-movable]")) return;
    isUp ? other.before(item) : other.after(item);
    button.focus();
    item.dispatchEvent(new CustomEvent("app:moved", { bubbles: true }));
  });

  // A textarea grows with its text.
  function grow(area) {
    area.style.height = "auto"; // through the object model, which the content security policy allows
    area.style.height = `${Math.min(area.scrollHeight + 2, innerHeight * 0.5)}px`;
  }
  app.on("input", "textarea[data-grow]", (event, area) => grow(area));
  app.onLoad((root) => root.querySelectorAll?.("textarea[data-grow]").forEach((area) => { if (area.value) grow(area); }));

  // Search inside a short list on the page: data-find="#list" hides items without the words.
  app.on("input", "[data-find]", (event, input) => {
    const words = input.value.trim().toLowerCase();
    document.querySelectorAll(`${input.dataset.find} [data-find-item]`).forEach((item) => {
      item.hidden = Boolean(words) && !(item.dataset.findItem || item.textContent).toLowerCase().includes(words);
    });
  });
})();
