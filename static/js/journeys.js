// The outline of a journey: drag a step to a gap, or Alt+arrows. Both press what works without script.
const editor = document.querySelector("[data-jr-editor]");

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
  editor.classList.add("is-draggable");
  app.drag({
    handle: "[data-jr-handle]",
    item: "[data-jr-step]",
    name: (step) => step.querySelector(".jr-words a").textContent,
    place(under, step) {
      const gap = under.closest("[data-jr-gap]");
      return gap && !step.querySelector(".jr-ways")?.contains(gap) ? gap : null;
    },
    drop(step, gap) {
      const { parent, way } = gap.dataset;
      post(editor.dataset.jrMove.replace("__key__", step.dataset.jrStep), { parent, way, place: placeFor(gap, step) });
    },
  });
  editor.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const step = event.target.closest("[data-jr-step]");
    if (!step) return;
    event.preventDefault();
    step.querySelector(`[name=to][value=${event.key === "ArrowUp" ? "up" : "down"}]`).click();
  });
}
