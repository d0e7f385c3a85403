// Toasts, confirmation, unsaved changes, double submit: what a person is told about an act.
(() => {
  const TOAST_MS = 6000;
  const UNDO_MS = 10000;

  /** A toast, bottom left, for success and information only. undo: {url} posts there. */
  app.toast = (message, { undo = "", link = null } = {}) => {
    const { element, parts } = app.fromTemplate("toast-template");
    parts.text.textContent = message;
    if (link) parts.text.append(" ", link.cloneNode(true));
    const region = document.getElementById("toasts");
    region.append(element);
    document.getElementById("toast-live").textContent = message;
    const timer = countDown(element, undo ? UNDO_MS : TOAST_MS, () => element.remove());
    parts.close.addEventListener("click", () => { timer.stop(); element.remove(); });
    if (undo) {
      parts.undo.hidden = false;
      parts.undo.addEventListener("click", async () => {
        timer.stop();
        parts.undo.disabled = true;
        const answer = await app.post(undo, {}).catch(() => null);
        element.remove();
        if (answer?.ok) location.reload();
        else app.errorBanner(document.getElementById("main"), () => {});
      });
    }
    return element;
  };

  // Time runs only while neither pointer nor focus is on the toast.
  function countDown(element, milliseconds, done) {
    let left = milliseconds;
    let started = Date.now();
    let id = setTimeout(done, left);
    const pause = () => { clearTimeout(id); left -= Date.now() - started; };
    const resume = () => { started = Date.now(); clearTimeout(id); id = setTimeout(done, Math.max(left, 1500)); };
    element.addEventListener("pointerenter", pause);
    element.addEventListener("pointerleave", resume);
    element.addEventListener("focusin", pause);
    element.addEventListener("focusout", resume);
    return { stop: () => clearTimeout(id) };
  }

  // Messages that the server put on the page become toasts.
  app.onLoad((root) => {
    root.querySelectorAll("[data-toast]").forEach((banner) => {
      const text = banner.querySelector("p");
      const link = text.querySelector("a");
      link?.remove();
      app.toast(text.textContent.trim(), { undo: banner.dataset.undoUrl ?? "", link });
      const box = banner.closest(".app-messages");
      banner.remove();
      if (box && !box.children.length) box.remove();
    });
  });
  // htmx: HX-Trigger {"app:toast": {"text": …, "undo": url}}
  document.addEventListener("app:toast", (event) => app.toast(event.detail.text ?? event.detail.value, event.detail));

  /** An error where the content should be, with a button to try again. */
  app.errorBanner = (place, retry, message = "") => {
    place.querySelectorAll(":scope > [data-error-banner]").forEach((old) => old.remove());
    const { element, parts } = app.fromTemplate("error-template");
    element.dataset.errorBanner = "";
    if (message) parts.text.textContent = message;
    parts.retry.hidden = !retry;
    parts.retry.addEventListener("click", () => { element.remove(); retry(); });
    place.prepend(element);
    return element;
  };

  // Confirmation -----------------------------------------------------------------------------------
  /** Asks; resolves to true only for the verb's own button. Focus starts on Cancel. */
  app.confirm = ({ title, message = "", verb = "", type = "" } = {}) => new Promise((resolve) => {
    const dialog = document.getElementById("confirm");
    const parts = app.parts(dialog);
    parts.title.textContent = title || app.text("confirmTitle");
    parts.text.textContent = message;
    parts.text.hidden = !message;
    parts.ok.textContent = verb || app.text("confirmOk");
    parts.type.hidden = !type;
    parts.typed.value = "";
    parts.ok.disabled = Boolean(type);
    if (type) parts["type-label"].textContent = app.text("typeToConfirm", { word: type });
    parts.typed.oninput = () => { parts.ok.disabled = parts.typed.value.trim() !== type; };
    dialog.returnValue = "cancel";
    dialog.onclose = () => resolve(dialog.returnValue === "ok");
    dialog.showModal();
    parts.cancel.focus();
  });
  const question = (element) => ({
    title: element.dataset.confirm, message: element.dataset.confirmText,
    verb: element.dataset.confirmVerb || element.textContent.trim(), type: element.dataset.confirmType,
  });
  // A button or form that says data-confirm="Void quote Q-1174?" asks first.
  app.on("click", "[data-confirm]:not(form)", async (event, element) => {
    if (element.dataset.confirmed === "1" || element.matches("[hx-post], [hx-get], [hx-put], [hx-patch], [hx-delete]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!(await app.confirm(question(element)))) return;
    element.dataset.confirmed = "1";
    element.click();
    delete element.dataset.confirmed;
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed === "1" || form.matches("[hx-post]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    app.confirm({ ...question(form), verb: form.dataset.confirmVerb || submitter?.textContent.trim() }).then((isSure) => {
      if (!isSure) return;
      form.dataset.confirmed = "1";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const element = event.detail.elt;
    if (!element.dataset.confirm) return;
    event.preventDefault();
    app.confirm(question(element)).then((isSure) => { if (isSure) event.detail.issueRequest(true); });
  });

  // Unsaved changes: a form with data-guard asks before the page is left --------------------------------
  const dirty = new Set();
  app.on("input", "form[data-guard]", (event, form) => dirty.add(form));
  app.on("change", "form[data-guard]", (event, form) => dirty.add(form));
  app.on("submit", "form[data-guard]", (event, form) => { if (!event.submitter?.formTarget) dirty.delete(form); });
  app.on("reset", "form[data-guard]", (event, form) => dirty.delete(form));
  app.clean = (form) => dirty.delete(form);
  addEventListener("beforeunload", (event) => {
    dirty.forEach((form) => { if (!form.isConnected) dirty.delete(form); });
    if (dirty.size) event.preventDefault();
  });

  // Double submit: the second one is stopped, the button turns after 150 ms -------------------------------
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".htmx-request, [data-sending]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
    if (event.submitter?.formTarget) return; // into a frame: the page and what is typed stay
    form.dataset.sending = "1";
    const button = event.submitter ?? form.querySelector("[type=submit]");
    setTimeout(() => busy(button, true), 150);
  });
  function busy(button, isBusy) {
    if (!button?.isConnected) return;
    button.classList.toggle("is-busy", isBusy);
    button.toggleAttribute("aria-disabled", isBusy);
    if (isBusy) button.setAttribute("aria-disabled", "true");
  }
  app.busy = busy;
  function settle(form) {
    delete form.dataset.sending;
    form.querySelectorAll(".is-busy").forEach((button) => busy(button, false));
  }
  app.settle = settle;
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form");
    if (form) settle(form);
  });
  // Back from the page cache: buttons work again.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(settle));
})();
