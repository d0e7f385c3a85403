// The outline of a journey: drag a step to a gap, or Alt+arrows. Both press what works without script.
const editor = document.querySelector("[data-jr-editor]");

function gaps() {
  return editor.querySelectorAll("[data-jr-gap]");
}

function post(address, values) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  const token = editor.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, ...values })) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

// The server counts places without the step itself.
function placeFor(gap, step) {
  const place = Number(gap.dataset.place);
  const path = step.parentElement;
  const own = [...path.children].indexOf(step);
  const same = gap.parentElement === path.parentElement || gap.closest("[data-jr-path]") === path;
  return same && place > own ? place - 1 : place;
}

if (editor) {
  let dragged = null;
  editor.classList.add("is-draggable");
  editor.addEventListener("dragstart", (event) => {
    const handle = event.target.closest("[data-jr-handle]");
    dragged = handle ? handle.closest("[data-jr-step]") : null;
    if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.jrStep);
  });
  editor.addEventListener("dragover", (event) => {
    const gap = event.target.closest("[data-jr-gap]");
    for (const each of gaps()) each.classList.toggle("is-over", each === gap && dragged !== null);
    if (gap && dragged && !dragged.querySelector(".jr-ways")?.contains(gap)) event.preventDefault();
  });
  editor.addEventListener("drop", (event) => {
    const gap = event.target.closest("[data-jr-gap]");
    if (!gap || !dragged) return;
    event.preventDefault();
    const { parent, way } = gap.dataset;
    post(editor.dataset.jrMove.replace("__key__", dragged.dataset.jrStep), { parent, way, place: placeFor(gap, dragged) });
  });
  editor.addEventListener("dragend", () => {
    dragged = null;
    for (const each of gaps()) each.classList.remove("is-over");
  });
  editor.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const step = event.target.closest("[data-jr-step]");
    if (!step) return;
    event.preventDefault();
    step.querySelector(`[name=to][value=${event.key === "ArrowUp" ? "up" : "down"}]`).click();
  });
}
