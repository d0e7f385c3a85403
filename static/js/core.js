// The shared base of every script: texts from the page, requests, delegation, dialogs, menus, time.
window.app = (() => {
  const loaders = [];

  /** A text of #app-texts by its name in camel case; {placeholders} are filled. */
  function text(name, values = {}) {
    const raw = document.getElementById("app-texts")?.dataset[name] ?? "";
    return raw.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
  }

  function cookie(name) {
    const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  function csrf() {
    return cookie("csrftoken") || document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  }

  /** POST a FormData or plain object; the server sees X-Requested-With: fetch. */
  function post(url, data, options = {}) {
    let body = data;
    if (!(data instanceof FormData)) {
      body = new FormData();
      Object.entries(data ?? {}).forEach(([key, value]) => body.append(key, value));
    }
    const headers = { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", ...options.headers };
    return fetch(url, { method: "POST", credentials: "same-origin", ...options, headers, body });
  }

  /** Delegated listener: handler(event, element). */
  function on(type, selector, handler, options) {
    document.addEventListener(type, (event) => {
      const element = event.target.closest?.(selector);
      if (element) handler(event, element);
    }, options);
  }

  /** Runs for the page and for every fragment that htmx puts into it. */
  function onLoad(callback) {
    loaders.push(callback);
    if (document.readyState !== "loading") callback(document);
  }

  function load(root) {
    loaders.forEach((callback) => callback(root));
  }
  document.addEventListener("DOMContentLoaded", () => {
    document.body.addEventListener("htmx:load", (event) => {
      if (event.detail.elt !== document.body) load(event.detail.elt);
    });
  });

  /** A copy of a <template>'s element and its [data-part] children. */
  function fromTemplate(id) {
    const element = document.getElementById(id).content.firstElementChild.cloneNode(true);
    return { element, parts: parts(element) };
  }

  function parts(element) {
    return Object.fromEntries([...element.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
  }

  /** Hour and minute in the reader's zone, which need not be the machine's. */
  function clock(date = new Date()) {
    const shape = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const timeZone = document.getElementById("app-texts")?.dataset.zone || undefined;
    try {
      return date.toLocaleTimeString([], { ...shape, timeZone });
    } catch {
      return date.toLocaleTimeString([], shape);   // a zone that this browser does not know
    }
  }

  /** Local storage that may be full, blocked or hold rubbish. */
  const store = {
    get(key, fallback = null) {
      try {
        return JSON.parse(localStorage.getItem(`crm.${key}`)) ?? fallback;
      } catch {
        return fallback;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(`crm.${key}`, JSON.stringify(value));
      } catch {
        // A private window or a full store: the page works without it.
      }
    },
  };

  function loadScript(url) {
    return new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: url, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  }

  return { text, csrf, post, on, onLoad, load, fromTemplate, parts, clock, store, loadScript };
})();

// Dialogs and menus ------------------------------------------------------------------------------
(() => {
  app.on("click", "[data-dialog]", (event, button) => {
    const dialog = document.getElementById(button.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    document.querySelectorAll("details.app-menu[open]").forEach((menu) => menu.removeAttribute("open"));
    if (!dialog.open) dialog.showModal();
    dialog.dispatchEvent(new CustomEvent("app:open", { bubbles: true }));
  });
  app.on("click", "[data-dialog-close]", (event, button) => {
    event.preventDefault();
    button.closest("dialog")?.close();
  });
  // A press on the veil closes; a press inside that ends outside does not.
  app.on("pointerdown", "dialog", (event, dialog) => {
    if (event.target === dialog && !dialog.hasAttribute("data-keep")) dialog.close();
  });

  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.app-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.app-menu[open]") ?? document.querySelector("details.app-menu[open]");
    if (!menu) return;
    if (event.key === "Escape") {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (event.target.matches("input, textarea, select")) return;
      const items = [...menu.querySelectorAll(".app-opt, a[href], button, input")].filter((item) => item.offsetParent);
      const index = items.indexOf(document.activeElement);
      const step = event.key === "ArrowDown" ? 1 : -1;
      items[(index + step + items.length) % items.length]?.focus();
      event.preventDefault();
    }
  });
  // Only one menu is open.
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.("details.app-menu[open]")) return;
    document.querySelectorAll("details.app-menu[open]").forEach((menu) => {
      if (menu !== event.target && !menu.contains(event.target)) menu.removeAttribute("open");
    });
    event.target.querySelector(".app-pop [autofocus]")?.focus();
  }, true);
})();

// Small switches ---------------------------------------------------------------------------------
(() => {
  app.on("click", "[data-theme-toggle]", (event, button) => {
    event.preventDefault();
    const root = document.documentElement;
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = root.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("app:theme"));
    app.post(button.form.action, { theme }).catch(() => {});
  });
  app.on("click", "[data-rail-toggle]", (event, button) => {
    event.preventDefault();
    const isNarrow = document.getElementById("shell").classList.toggle("is-narrow");
    app.post(button.form.action, { rail_narrow: isNarrow ? "1" : "0" }).catch(() => {});
  });
  app.on("click", "[data-copy]", async (event, button) => {
    event.preventDefault();
    const source = button.dataset.copy || document.getElementById(button.dataset.copyFrom)?.value || "";
    await navigator.clipboard?.writeText(source);
    app.toast?.(app.text("copied"));
  });
  // Print this page; without scripts the browser's own menu does it.
  app.on("click", "[data-print]", () => window.print());
  app.onLoad((root) => root.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; }));
  // Password field: show and hide.
  app.on("click", "[data-reveal]", (event, button) => {
    const input = document.getElementById(button.dataset.reveal);
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", isShown);
    button.querySelector("[data-part=word]").textContent = app.text(isShown ? "hide" : "show");
  });
  // Password field: how hard it is to guess, roughly: length counts most, then different kinds of signs.
  app.on("input", "[data-strength]", (event, input) => {
    const shown = document.getElementById(input.dataset.strength);
    const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((kind) => kind.test(input.value)).length;
    const points = Math.min(input.value.length, new Set(input.value).size * 2) + kinds * 2;
    shown.hidden = !input.value;
    shown.textContent = shown.dataset[input.value.length < 8 || points < 12 ? "weak" : points < 20 ? "fair" : "strong"];
  });
  // Chart and its table twin, or any two forms of the same data.
  app.on("click", "[data-twin]", (event, button) => {
    const card = button.closest("[data-twins], .card");
    card.querySelectorAll("[data-twin]").forEach((other) => other.setAttribute("aria-pressed", other === button));
    card.querySelectorAll("[data-view]").forEach((view) => {
      view.hidden = view.dataset.view !== button.dataset.twin;
    });
    document.dispatchEvent(new CustomEvent("app:shown"));
  });
  // Tabs whose panels are on the page: role=tab with aria-controls.
  app.on("click", "[role=tab][aria-controls]", (event, tab) => choose(tab));
  app.on("keydown", "[role=tab][aria-controls]", (event, tab) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...tab.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    next.focus();
    choose(next);
  });
  function choose(tab) {
    tab.closest("[role=tablist]").querySelectorAll("[role=tab]").forEach((other) => {
      const isChosen = other === tab;
      other.setAttribute("aria-selected", isChosen);
      other.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(other.getAttribute("aria-controls"));
      if (panel) panel.hidden = !isChosen;
    });
    tab.dispatchEvent(new CustomEvent("app:tab", { bubbles: true }));
  }
  app.onLoad((root) => {
    root.querySelectorAll("[data-scroll-end]").forEach((pane) => {
      pane.scrollTop = pane.scrollHeight; // a conversation opens at its newest message
    });
    root.querySelector(".app-tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
    // Phones read figures better than a chart.
    if (matchMedia("(max-width: 767.98px)").matches) {
      root.querySelectorAll("[data-twin=table][data-phone-first]").forEach((button) => button.click());
    }
  });
})();

// Relative times ---------------------------------------------------------------------------------
(() => {
  const DAY = 86400;
  function refresh(root) {
    root.querySelectorAll("time[data-ago]").forEach((element) => {
      const seconds = (Date.now() - Date.parse(element.getAttribute("datetime"))) / 1000;
      if (Number.isNaN(seconds) || seconds < 0 || seconds >= DAY) return;
      const minutes = Math.floor(seconds / 60);
      const form = element.dataset.ago === "short" ? "Short" : "Long";
      let words = app.text("justNow");
      if (minutes >= 60) words = app.text(`hours${form}`, { n: Math.floor(minutes / 60) });
      else if (minutes >= 1) words = app.text(`minutes${form}`, { n: minutes });
      if (element.textContent !== words) element.textContent = words;
    });
  }
  setInterval(() => { if (!document.hidden) refresh(document); }, 30000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(document); });
})();

// Charts: the library comes only where there is a chart ---------------------------------------------
(() => {
  let loading = null;
  app.onLoad((root) => {
    if (!root.querySelector("[data-chart]")) return;
    const urls = document.querySelector("[data-chart-scripts]")?.dataset.chartScripts.split(" ") ?? [];
    loading ??= urls.reduce((before, url) => before.then(() => app.loadScript(url)), Promise.resolve());
    loading.then(() => app.drawCharts?.(root)).catch((error) => {
      console.error(error); // the figures are still there, as a table
      root.querySelectorAll("[data-twin=table]").forEach((button) => button.click());
    });
  });
})();
