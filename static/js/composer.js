// Composer: two tabs that cannot be confused, insertion at the cursor, and the time to take a reply back.
//   .composer with [role=tab][data-mode=reply|note][aria-controls]; [data-key=r], [data-key=n] on the tabs
//   [data-insert-into="#textarea"] with data-insert puts a text there; [data-quote] quotes what is selected
(() => {
  document.addEventListener("app:tab", (event) => {
    const composer = event.target.closest(".composer");
    if (!composer) return;
    const mode = event.target.dataset.mode;
    composer.classList.toggle("is-note", mode === "note");
    const panel = document.getElementById(event.target.getAttribute("aria-controls"));
    composer.querySelectorAll("[data-mode-field]").forEach((field) => { field.value = mode; });
    // Fields of the panel that is not shown are not sent.
    composer.querySelectorAll("[role=tabpanel]").forEach((other) => {
      other.querySelectorAll("input, textarea, select, button").forEach((field) => { field.disabled = other !== panel; });
    });
    panel?.querySelector("textarea")?.focus();
  });
  app.onLoad((root) => root.querySelectorAll?.(".composer [role=tabpanel][hidden]").forEach((panel) => {
    panel.querySelectorAll("input, textarea, select, button").forEach((field) => { field.disabled = true; });
  }));

  app.insert = (area, text) => {
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  app.on("click", "[data-insert]", (event, button) => {
    const area = document.querySelector(button.dataset.insertInto) ?? visibleArea();
    if (area) app.insert(area, button.dataset.insert);
    button.closest("dialog")?.close();
    button.closest("details.app-menu")?.removeAttribute("open");
  });
  function visibleArea() {
    return [...document.querySelectorAll(".composer textarea")].find((area) => area.offsetParent);
  }
  app.on("click", "[data-quote]", () => {
    const chosen = String(getSelection()).trim();
    const area = visibleArea();
    if (chosen && area) app.insert(area, `${chosen.split("\n").map((line) => `> ${line}`).join("\n")}\n\n`);
  });
  app.on("keydown", ".composer textarea", (event, area) => {
    if (event.key === "Escape" && !app.isComposing(event)) area.blur();
  });

  // Parts of a text message while it is typed: [data-sms-frame] holds the words around it (3GPP TS 23.038, 23.040).
  const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
  const EXTENDED = new Set("\f^{}\\[~]|€");
  app.smsParts = (text) => {
    const chars = [...text];
    const isUnicode = !chars.every((char) => BASIC.has(char) || EXTENDED.has(char));
    const weight = isUnicode ? (char) => char.length : (char) => (EXTENDED.has(char) ? 2 : 1);
    const [single, joined] = isUnicode ? [70, 67] : [160, 153];
    if (chars.reduce((sum, char) => sum + weight(char), 0) <= single) return 1;
    let [count, used] = [1, 0];
    for (const char of chars) {
      if (used + weight(char) > joined) [count, used] = [count + 1, 0];
      used += weight(char);
    }
    return count;
  };
  app.on("input", ".composer textarea", (event, area) => {
    const shown = area.closest("form").querySelector("[data-sms-frame]");
    if (!shown) return;
    const parts = app.smsParts(shown.dataset.smsFrame + area.value.trim());
    const most = Number(shown.dataset.smsMax);
    shown.textContent = (parts > most ? shown.dataset.smsCut : shown.dataset.smsWords).replace("{n}", Math.min(parts, most));
  });

  // A reply that can still be taken back: [data-hold-until] counts down, then asks for the new state.
  app.onLoad((root) => root.querySelectorAll?.("[data-hold-until]").forEach((bar) => {
    const end = Date.parse(bar.dataset.holdUntil);
    const total = Math.max(1, (end - Date.now()) / 1000);
    const progress = bar.querySelector("progress");
    if (progress) progress.max = total;
    const tick = () => {
      const left = Math.max(0, (end - Date.now()) / 1000);
      if (progress) progress.value = left;
      bar.querySelectorAll("[data-part=seconds]").forEach((part) => { part.textContent = String(Math.ceil(left)); });
      if (left > 0 && bar.isConnected) setTimeout(tick, 250);
      else if (bar.isConnected) window.htmx?.trigger(bar, "app:released");
    };
    tick();
  }));
})();
