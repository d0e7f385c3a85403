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

  // [data-words]: a click puts the word where the cursor was last, in any field of the form.
  const writable = "textarea, input[type=text], input:not([type])";
  let last = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.(writable) && event.target.form) last = event.target;
  });
  function dressWords() {
    document.querySelectorAll("[data-words] code[data-word]").forEach((code) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm blk-word";
      button.dataset.putWord = code.dataset.word;
      button.title = code.closest("[data-words]").dataset.wordsHint;
      button.textContent = code.textContent;
      code.replaceWith(button);
    });
  }
  app.on("click", "[data-put-word]", (event, button) => {
    const form = button.closest("form");
    const field = last?.isConnected && last.form === form ? last : form?.querySelector("textarea") ?? form?.querySelector(writable);
    if (!field) return;
    const word = button.dataset.putWord, at = field.selectionStart ?? field.value.length;
    field.setRangeText(word, at, field.selectionEnd ?? at, "end");
    field.focus();
    field.setSelectionRange(at + word.length - 2, at + word.length - 2);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  dressWords();
  document.addEventListener("htmx:afterSwap", dressWords);

  // [data-preview-url] holds an <iframe>: the page as it would be, drawn by the server, never stored.
  // With data-preview-posts, a mail: its own styles need its own policy, so that the form goes into the frame.
  let timer = 0, asked = 0;
  function post(holder, form, frame) {
    const button = form.querySelector("[data-preview-now]");
    const fresh = frame.cloneNode(); // a new frame leaves no step in the history
    fresh.removeAttribute("src");
    frame.replaceWith(fresh);
    const url = new URL(holder.dataset.previewUrl, location.href);
    if (holder.dataset.language) url.searchParams.set("language", holder.dataset.language);
    button.formAction = url.href;
    form.requestSubmit(button);
  }
  async function refresh() {
    const holder = document.querySelector("[data-preview-url]");
    const form = document.querySelector("#blocks")?.closest("form");
    const frame = holder?.querySelector("iframe");
    if (!form || !frame) return;
    if ("previewPosts" in holder.dataset) return post(holder, form, frame);
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
    if (!event.isTrusted) return; // our own submission
    event.preventDefault();
    refresh();
  });
  app.on("click", "[data-preview-lang]", (event, link) => {
    event.preventDefault();
    link.closest("[data-preview-url]").dataset.language = link.dataset.previewLang;
    refresh();
  });
  app.on("input", "#blocks *", () => { if (!document.querySelector("[data-preview-posts]")) soon(); });
  app.on("change", "#blocks *", soon);
  document.addEventListener("htmx:afterSwap", () => { if (document.querySelector("[data-preview-url]")) soon(); });
})();
