// What every htmx request shares: CSRF, errors at the place of the content, focus, aria-busy.
(() => {
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = app.csrf();
  });

  // Loading ------------------------------------------------------------------------------------------
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target?.setAttribute("aria-busy", "true");
    const button = event.detail.elt;
    if (button.matches("button, .btn")) {
      button.dataset.busyTimer = setTimeout(() => app.busy(button, true), 150);
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.target?.removeAttribute("aria-busy");
    const button = event.detail.elt;
    if (button.dataset?.busyTimer) {
      clearTimeout(Number(button.dataset.busyTimer));
      delete button.dataset.busyTimer;
      app.busy(button, false);
    }
  });

  // Errors -------------------------------------------------------------------------------------------
  // A fragment that explains the error replaces the content only where content was being read;
  // where something was sent, it stands above the form and the typed text stays.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig, target } = event.detail;
    if (xhr.status < 400) return;
    const isExplained = xhr.getResponseHeader("X-Error-Fragment") === "1";
    if (!isExplained) {
      if (xhr.status === 422 || xhr.status === 409) {
        event.detail.shouldSwap = true; // the form again, with its messages
        event.detail.isError = false;
      }
      return;
    }
    if (requestConfig.verb === "get") {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      return;
    }
    const place = event.detail.elt.closest("[data-errors], form") ?? target;
    showFragment(place, xhr.responseText);
  });
  function showFragment(place, html) {
    place.querySelectorAll(":scope > [data-error-banner]").forEach((old) => old.remove());
    const holder = document.createElement("div");
    holder.dataset.errorBanner = "";
    holder.innerHTML = html;
    place.prepend(holder);
    (holder.querySelector("a, button") ?? holder).focus?.();
  }

  function retryBanner(event) {
    const { elt, target, requestConfig } = event.detail;
    const isReading = requestConfig?.verb === "get";
    const place = isReading ? target ?? elt : elt.closest("[data-errors], form") ?? elt.parentElement;
    app.errorBanner(place, () => {
      if (!requestConfig) location.reload();
      else if (isReading) htmx.ajax("GET", requestConfig.path, { source: elt, target, swap: elt.getAttribute("hx-swap") ?? undefined });
      else elt.matches("form") ? elt.requestSubmit() : htmx.trigger(elt, "click");
    });
  }
  document.addEventListener("htmx:sendError", retryBanner);
  document.addEventListener("htmx:timeout", retryBanner);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.getResponseHeader("X-Error-Fragment") !== "1") retryBanner(event);
  });
  // "Try again" of an error card that the server drew: [data-retry] loads the nearest hx-get again.
  app.on("click", "[data-retry]", (event, button) => {
    const source = button.closest("[hx-get]");
    if (!source) return;
    event.preventDefault();
    htmx.ajax("GET", source.getAttribute("hx-get"), { source, target: source, swap: source.getAttribute("hx-swap") ?? "innerHTML" });
  });

  // Focus --------------------------------------------------------------------------------------------
  // A swap that replaces the focused element gives the focus back to the one with the same id or name.
  let remembered = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    remembered = null;
    if (!active || active === document.body || !event.detail.target?.contains(active)) return;
    remembered = {
      id: active.id, name: active.getAttribute("name"), value: active.value, key: active.dataset.key,
      start: active.selectionStart, end: active.selectionEnd,
    };
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const root = event.detail.elt;
    const wanted = root.querySelector?.("[autofocus], .error-summary:not([data-sample] *)") ?? null;
    if (wanted) {
      wanted.focus();
      remembered = null;
      return;
    }
    if (!remembered || (document.activeElement && document.activeElement !== document.body)) return;
    const found = (remembered.id && document.getElementById(remembered.id))
      || (remembered.name && document.querySelector(`[name="${CSS.escape(remembered.name)}"]`))
      || (remembered.key && document.querySelector(`[data-key="${CSS.escape(remembered.key)}"]`));
    if (!found) return;
    found.focus({ preventScroll: true });
    try {
      if (remembered.start !== null) found.setSelectionRange?.(remembered.start, remembered.end);
    } catch {
      // Fields such as e-mail have no selection.
    }
    remembered = null;
  });

  // The session ended in the middle of something: sign in beside, nothing on this page is lost.
  document.addEventListener("app:session-ended", () => document.documentElement.classList.add("is-signed-out"));
})();
