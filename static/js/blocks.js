// The editor of blocks: keys that move a block, and a preview that follows what is typed. Everything works without it.
(() => {
  // Alt+Up and Alt+Down press the buttons of the block the cursor is in.
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const block = event.target.closest?.("[data-block]");
    const button = block?.querySelector(`button[value^="${event.key === "ArrowUp" ? "up" : "down"}:"]`);
    if (!button) return;
    event.preventDefault();
    if (!button.disabled) button.click();
  });

  // [data-preview-url] holds an <iframe>: the page as it would be, drawn by the server, never stored.
  let timer = 0, asked = 0;
  async function refresh() {
    const holder = document.querySelector("[data-preview-url]");
    const form = document.querySelector("#blocks")?.closest("form");
    const frame = holder?.querySelector("iframe");
    if (!form || !frame) return;
    const number = ++asked;
    const data = new FormData(form);
    [...data.entries()].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
    const language = frame.contentDocument?.documentElement.lang ?? "";
    const url = new URL(holder.dataset.previewUrl, window.location.href);
    if (holder.dataset.language || language) url.searchParams.set("lang", holder.dataset.language || (language.startsWith("zh") ? "zh-hans" : "en"));
    const response = await fetch(url, { method: "POST", body: data }).catch(() => null);
    if (!response?.ok || number !== asked) return;
    const text = await response.text();
    const top = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true });
    frame.srcdoc = text;
  }
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, 600);
  }
  // The button that shows it at once: here the frame is filled, without JavaScript the form goes there.
  app.on("click", "[data-preview-now]", (event) => {
    event.preventDefault();
    refresh();
  });
  app.on("click", "[data-preview-lang]", (event, link) => {
    event.preventDefault();
    link.closest("[data-preview-url]").dataset.language = link.dataset.previewLang;
    refresh();
  });
  app.on("input", "#blocks *", soon);
  app.on("change", "#blocks *", soon);
  document.addEventListener("htmx:afterSwap", () => { if (document.querySelector("[data-preview-url]")) soon(); });
})();
