// One cheap question every 30 s for everything live on the page; hidden tabs ask nothing.
//   [data-pulse-nav=key]          a count of the rail
//   [data-pulse="key:argument"]   watched: text is replaced (data-pulse-as=text, hidden when empty), or the element
//                                 is shown when the value differs from data-pulse-value (data-pulse-as=stale),
//                                 or an htmx trigger "pulse" is sent when it changes (data-pulse-as=trigger)
//   [data-pulse-every=seconds]    on any watched element: a shorter rhythm, 5 at least
(() => {
  const shell = document.getElementById("shell");
  if (!shell?.dataset.pulseUrl) return;
  const DEFAULT_SECONDS = 30;
  let tag = "";
  let timer = 0;
  let failedSince = null;

  const watched = () => [...new Set([...document.querySelectorAll("[data-pulse]")].map((element) => element.dataset.pulse))];
  function seconds() {
    const wishes = [...document.querySelectorAll("[data-pulse-every]")].map((element) => Number(element.dataset.pulseEvery));
    return Math.max(5, Math.min(DEFAULT_SECONDS, ...wishes));
  }

  function paintNav(counts) {
    document.querySelectorAll("[data-pulse-nav]").forEach((element) => {
      const count = counts[element.dataset.pulseNav];
      element.hidden = !count;
      element.textContent = count > 999 ? "999+" : count ?? "";
    });
  }

  function paint(values) {
    document.querySelectorAll("[data-pulse]").forEach((element) => {
      if (!(element.dataset.pulse in values)) return;
      const value = values[element.dataset.pulse];
      const text = value === null || value === 0 ? "" : String(value);
      const old = element.dataset.pulseValue;
      const kind = element.dataset.pulseAs ?? "text";
      if (kind === "text") {
        element.hidden = !text;
        element.textContent = element.hasAttribute("data-pulse-dot") ? "" : text;
      } else if (kind === "stale") {
        if (old === undefined) element.dataset.pulseValue = text;
        else element.hidden = old === text;
      } else if (old !== text) {
        element.dataset.pulseValue = text;
        if (old !== undefined) window.htmx?.trigger(element, "pulse");
      }
    });
    document.dispatchEvent(new CustomEvent("app:pulse", { detail: values }));
  }

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return;
    const query = watched().map((name) => `watch=${encodeURIComponent(name)}`).join("&");
    try {
      const answer = await fetch(`${shell.dataset.pulseUrl}?${query}`, {
        credentials: "same-origin", headers: tag ? { "If-None-Match": tag } : {},
      });
      if (answer.status === 401) {
        document.dispatchEvent(new CustomEvent("app:session-ended"));
        return;
      }
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") ?? "";
        const values = await answer.json();
        app.store.set("nav", values.nav);
        paintNav(values.nav);
        paint(values.watch);
      }
      connected(true);
    } catch {
      connected(false);
    }
    timer = setTimeout(ask, seconds() * 1000);
  }

  function connected(isFine) {
    if (isFine) {
      failedSince = null;
      document.querySelectorAll("[data-offline-chip]").forEach((chip) => chip.remove());
      return;
    }
    failedSince ??= new Date();
    if (document.querySelector("[data-offline-chip]")) return;
    const { element } = app.fromTemplate("offline-template");
    element.dataset.offlineChip = "";
    element.lastChild.textContent = app.text("disconnected", { time: app.clock(failedSince) });
    document.querySelector(".app-search")?.after(element);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  document.addEventListener("app:ask-pulse", ask);
  paintNav(app.store.get("nav", {}));
  ask();
})();
