// Condition rows edited in place. Without this file the same buttons submit the form and the server redraws the rows.
// Everything shown comes from the <template>s of templates/conditions/editor.html; names are by place, gaps allowed.

const editorOf = (node) => node.closest("[data-cond-editor]");
const say = (editor, text) => { editor.querySelector("[data-cond-status]").textContent = text; };
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");

function copy(editor, selector) {
  const template = editor.querySelector(`template[${selector}]`);
  return template ? template.content.cloneNode(true) : document.createDocumentFragment();
}

const quoted = (name, value) => `${name}="${CSS.escape(value)}"`;

/** Puts the real name and place into a clone of a template. */
function rename(fragment, name, place) {
  const swap = (text) => text.replaceAll("__name__", name).replaceAll("__place__", place);
  for (const node of fragment.querySelectorAll("*")) {
    for (const attribute of ["name", "value", "data-name", "data-place", "id"]) {
      if (node.getAttribute(attribute)?.includes("__")) node.setAttribute(attribute, swap(node.getAttribute(attribute)));
    }
  }
  return fragment;
}

/** A place nobody in the group has had: one after the highest. */
function nextPlace(block) {
  const rows = [...block.querySelector(":scope > .cond-rows").children];
  const used = rows.map((row) => Number(row.dataset.place.split("-").pop()));
  const next = Math.max(-1, Number(block.dataset.last ?? -1), ...used) + 1;
  block.dataset.last = next;
  return block.dataset.place ? `${block.dataset.place}-${next}` : String(next);
}

function add(block, selector) {
  const editor = editorOf(block);
  const place = nextPlace(block);
  const fragment = rename(copy(editor, selector), `${editor.dataset.name}-${place}`, place);
  const row = fragment.querySelector("[data-cond-item]");
  block.querySelector(":scope > .cond-rows").append(fragment);
  prepare(editor);
  return row;
}

function remove(item) {
  const editor = editorOf(item);
  const rows = item.parentElement;
  const block = rows.closest("[data-cond-block]");
  const beside = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  (beside?.querySelector("select") ?? block.querySelector(":scope > .cond-add button")).focus();
  say(editor, editor.dataset.removed);
}

/** The value's input for the row's comparison; a text already typed stays where it fits. */
function drawValue(row) {
  const editor = editorOf(row);
  const holder = row.querySelector("[data-cond-value]");
  const typed = holder.querySelector("input")?.value ?? "";
  const control = row.querySelector("[data-cond-op]").selectedOptions[0]?.dataset.control ?? "nothing";
  const fragment = rename(copy(editor, quoted("data-cond-control", control)), row.dataset.name, row.dataset.place);
  const options = fragment.querySelector("[data-cond-options-here]");
  options?.append(copy(editor, quoted("data-cond-options", row.querySelector("[data-cond-field]").value)));
  const input = fragment.querySelector("input");
  if (input?.type === "text" && !/^\d{4}-\d\d-/.test(typed)) input.value = typed;
  holder.replaceChildren(fragment);
  prepare(editor);
}

function drawRow(row) {
  const editor = editorOf(row);
  const chosen = row.querySelector("[data-cond-field]").selectedOptions[0];
  const operators = row.querySelector("[data-cond-op]");
  const before = operators.value;
  operators.replaceChildren(copy(editor, quoted("data-cond-operators", chosen.dataset.family ?? "")));
  operators.hidden = !chosen.value;
  if ([...operators.options].some((option) => option.value === before)) operators.value = before;
  row.querySelector("[data-cond-value]").replaceChildren();
  drawValue(row);
  const label = filled(editor.dataset.remove, { field: chosen.label });
  const button = row.querySelector(":scope > button");
  button.title = label;
  button.setAttribute("aria-label", label);
}

/** A list of several values as chips, with a select that adds; the real select stays the one that is sent. */
function drawChips(select) {
  const { addValue, removeValue } = editorOf(select).dataset;
  const box = document.createElement("div");
  box.className = "app-multi";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", select.getAttribute("aria-label"));
  const chooser = document.createElement("select");
  chooser.className = "form-select w-auto";
  chooser.setAttribute("aria-label", addValue);
  const draw = () => {
    const chips = [...select.selectedOptions].map((option) => {
      const chip = document.createElement("span");
      chip.className = "app-chip";
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", filled(removeValue, { value: option.label }));
      button.textContent = "×";
      button.addEventListener("click", () => { option.selected = false; draw(); chooser.focus(); });
      chip.append(option.label, button);
      return chip;
    });
    const rest = [...select.options].filter((option) => !option.selected);
    chooser.replaceChildren(new Option(addValue, ""), ...rest.map((option) => new Option(option.label, option.value)));
    chooser.hidden = !rest.length;
    box.replaceChildren(...chips, chooser);
  };
  chooser.addEventListener("change", () => {
    const option = [...select.options].find((each) => each.value === chooser.value);
    if (option) option.selected = true;
    draw();
    chooser.focus();
  });
  select.hidden = true;
  select.dataset.chips = "1";
  select.after(box);
  draw();
}

/** Buttons that submit without script act in the page with it. */
function prepare(root) {
  for (const editor of root.matches?.("[data-cond-editor]") ? [root] : root.querySelectorAll("[data-cond-editor]")) {
    for (const button of editor.querySelectorAll(`button[${quoted("name", `${editor.dataset.name}-do`)}]`)) button.type = "button";
    for (const select of editor.querySelectorAll("select[multiple]:not([data-chips])")) drawChips(select);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-cond-editor] button[name$='-do']");
  if (!button) return;
  event.preventDefault();
  const verb = button.value.split(":")[0];
  const block = button.closest("[data-cond-block]");
  if (verb === "remove") remove(button.closest("[data-cond-item]"));
  else if (verb === "add") add(block, "data-cond-row").querySelector("select").focus();
  else if (verb === "group") add(add(block, "data-cond-group").querySelector("[data-cond-block]"), "data-cond-row").querySelector("select").focus();
});

document.addEventListener("change", (event) => {
  const row = event.target.closest?.("[data-cond-editor] .cond-row");
  if (row && event.target.matches("[data-cond-field]")) drawRow(row);
  if (row && event.target.matches("[data-cond-op]")) drawValue(row);
});

document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
