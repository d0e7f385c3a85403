// Drafts: form[data-autosave-url] is posted 2 s after the last key and when a field is left; the chip says how it went.
//   the answer is JSON {"version": …} or 204; 409 or 422 stops saving and says so
//   [data-draft-state] inside the form is the chip; data-draft-fields limits what is sent ("body,to")
(() => {
  const IDLE_MS = 2000;
  const RETRY_MS = 5000;
  const states = new WeakMap();

  function stateOf(form) {
    if (!states.has(form)) states.set(form, { timer: 0, isSending: false, isWaiting: false, last: snapshot(form), isStopped: false });
    return states.get(form);
  }
  function data(form) {
    const all = new FormData(form);
    const wanted = form.dataset.draftFields?.split(",");
    [...all.keys()].forEach((key) => {
      if ((wanted && !wanted.includes(key)) || key === "csrfmiddlewaretoken" || all.get(key) instanceof File) all.delete(key);
    });
    return all;
  }
  function snapshot(form) {
    return new URLSearchParams([...data(form).entries()]).toString();
  }
  function chip(form, tone, words) {
    const element = form.querySelector("[data-draft-state]");
    if (!element) return;
    element.hidden = false;
    element.className = `app-draft tone-${tone}`;
    if (element.textContent !== words) element.textContent = words;
  }

  async function save(form) {
    const state = stateOf(form);
    clearTimeout(state.timer);
    if (state.isStopped || !form.isConnected) return;
    if (state.isSending) {
      state.isWaiting = true; // one request at a time
      return;
    }
    const now = snapshot(form);
    if (now === state.last) return;
    state.isSending = true;
    chip(form, "neutral", app.text("saving"));
    try {
      const answer = await app.post(form.dataset.autosaveUrl, data(form), { headers: { Accept: "application/json" } });
      if (answer.status === 409 || answer.status === 422) {
        state.isStopped = true;
        const reason = await answer.json().catch(() => ({}));
        chip(form, "warning", reason.message || app.text("saveStopped"));
        return;
      }
      if (answer.status === 401) document.dispatchEvent(new CustomEvent("app:session-ended"));
      if (!answer.ok) throw new Error(String(answer.status));
      state.last = now;
      chip(form, "success", app.text("saved", { time: app.clock() }));
    } catch {
      chip(form, "warning", app.text("notSaved"));
      state.timer = setTimeout(() => save(form), RETRY_MS);
    } finally {
      state.isSending = false;
      if (state.isWaiting) {
        state.isWaiting = false;
        save(form);
      }
    }
  }

  app.on("input", "form[data-autosave-url]", (event, form) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => save(form), IDLE_MS);
  });
  app.on("focusout", "form[data-autosave-url]", (event, form) => save(form));
  app.on("submit", "form[data-autosave-url]", (event, form) => {
    clearTimeout(stateOf(form).timer);
    stateOf(form).isStopped = true; // what is being sent must not come back as a draft
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (form.matches?.("form[data-autosave-url]") && !event.detail.successful) stateOf(form).isStopped = false;
  });
  app.onLoad((root) => root.querySelectorAll?.("form[data-autosave-url]").forEach(stateOf));
  // A closed tab gives what was typed to the browser to deliver.
  addEventListener("pagehide", () => document.querySelectorAll("form[data-autosave-url]").forEach((form) => {
    const state = stateOf(form);
    if (state.isStopped || snapshot(form) === state.last) return;
    const body = data(form);
    body.append("csrfmiddlewaretoken", app.csrf());
    navigator.sendBeacon?.(form.dataset.autosaveUrl, body);
  }));
})();
