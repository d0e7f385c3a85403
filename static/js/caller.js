// The caller: arrows move along the people found, Enter takes one, and the cursor goes on to the ticket.
const box = () => document.querySelector("#caller-who [type=search]");
const people = () => [...document.querySelectorAll("#caller-people [data-pick]")];
const chosen = () => people().find((person) => person.getAttribute("aria-selected") === "true");
let shownFor = box()?.value ?? "";
let takeOnArrival = false;

function choose(person) {
  people().forEach((other) => other.setAttribute("aria-selected", other === person));
  person?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const input = box();
  if (!input || event.target !== input || app.isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = people();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
  else if (event.key === "Enter" && input.value.trim()) {
    if (shownFor === input.value) chosen()?.click();
    else takeOnArrival = true;
  } else return;
  event.preventDefault();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "caller-people") {
    shownFor = box()?.value ?? "";
    if (takeOnArrival && people().length === 1) chosen().click();
    takeOnArrival = false;
  }
});
// The person is chosen, or forgotten: the next thing to type takes the cursor.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "caller-who") return;
  const search = box();
  shownFor = search?.value ?? "";
  const type = document.getElementById("id_request_type");
  (search ?? (type?.value ? document.getElementById("id_subject") : type))?.focus();
});
