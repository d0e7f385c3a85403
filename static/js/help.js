// Articles that may answer what somebody is typing: below the subject of the ticket form, optional and announced.
//   [data-suggest-articles] has the address (gets ?q=) and data-watch, the id of the input; it stands in the form.
//   An article that was opened goes along with the form as `article`, so that we know what did not help.
(() => {
  const WAIT_MS = 500;
  const LEAST = 3;

  function watch(region) {
    const input = document.getElementById(region.dataset.watch);
    if (!input) return;
    let timer = 0;
    let request = null;
    let last = "";

    async function ask() {
      const words = input.value.trim();
      if (words === last) return;
      last = words;
      request?.abort();
      if (words.length < LEAST) {
        region.hidden = true;
        return;
      }
      request = new AbortController();
      try {
        const answer = await fetch(`${region.dataset.suggestArticles}?q=${encodeURIComponent(words)}`, {
          signal: request.signal, headers: { "HX-Request": "true" }, credentials: "same-origin",
        });
        const html = answer.ok ? (await answer.text()).trim() : "";
        region.innerHTML = html;
        region.hidden = !html;
      } catch {
        // Suggestions are a courtesy: without them the form is what it was.
      }
    }

    input.addEventListener("input", (event) => {
      if (event.isComposing) return;
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT_MS);
    });
    input.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
    region.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-article]");
      const form = input.form;
      if (!link || form.querySelector(`input[name=article][value="${link.dataset.article}"]`)) return;
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "article";
      field.value = link.dataset.article;
      form.append(field);
    });
    if (input.value) ask();
  }

  document.querySelectorAll("[data-suggest-articles]").forEach(watch);
})();
