// Files: drop, choose, paste or photograph; each is sent at once with its own progress and its own error.
//   [data-upload-url] around an <input type=file>; the answer is JSON {"id", "name", "size", "token"} or {"message"}
//   data-upload-name   name of the hidden field that carries the answer's token (default "uploads")
//   data-max-bytes, data-max-files, data-accept (extensions)   checked before anything is sent
//   ul[data-part=files]   where the files are listed; without JavaScript the plain input is sent with the form
(() => {
  function size(bytes) {
    return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
  }

  function problem(zone, file, count) {
    const limit = Number(zone.dataset.maxBytes || 0);
    const allowed = (zone.dataset.accept || "").split(",").filter(Boolean);
    if (Number(zone.dataset.maxFiles || 0) && count >= Number(zone.dataset.maxFiles)) {
      return app.text("tooMany", { n: zone.dataset.maxFiles });
    }
    if (!file.size) return app.text("emptyFile");
    if (limit && file.size > limit) return app.text("tooLarge", { size: Math.round(limit / 1048576) });
    const ending = `.${file.name.split(".").pop().toLowerCase()}`;
    if (allowed.length && !allowed.includes(ending)) return app.text("wrongType");
    return "";
  }

  function row(zone, file) {
    const item = document.createElement("li");
    item.className = "app-upload";
    item.innerHTML = "<span class=\"cut\"></span><span class=\"t2 small nw\"></span><progress max=\"100\" value=\"0\"></progress>"
      + "<span class=\"app-upload-state small\" role=\"status\"></span><button type=\"button\" class=\"btn btn-icon btn-ghost btn-sm\">×</button>";
    const [name, bytes, bar, state, button] = item.children;
    name.textContent = file.name;
    name.title = file.name;
    bytes.textContent = size(file.size);
    bar.setAttribute("aria-label", file.name);
    button.setAttribute("aria-label", app.text("remove", { name: file.name }));
    zone.querySelector("[data-part=files]").append(item);
    return { item, bar, state, button };
  }

  function fail(parts, message, again) {
    parts.bar.hidden = true;
    parts.item.classList.add("is-failed");
    parts.state.textContent = message;
    if (!again) return;
    const retry = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: app.text("retry") });
    retry.addEventListener("click", () => { parts.item.remove(); again(); });
    parts.state.after(retry);
  }

  function send(zone, file) {
    const list = zone.querySelector("[data-part=files]");
    const count = list.querySelectorAll("li:not(.is-failed)").length;
    const parts = row(zone, file);
    parts.button.addEventListener("click", () => {
      parts.request?.abort();
      parts.item.remove();
      changed(zone);
      zone.querySelector("input[type=file]").focus();
    });
    const message = problem(zone, file, count);
    if (message) {
      fail(parts, message);
      return;
    }
    const request = new XMLHttpRequest();
    parts.request = request;
    request.open("POST", zone.dataset.uploadUrl);
    request.setRequestHeader("X-CSRFToken", app.csrf());
    request.setRequestHeader("X-Requested-With", "fetch");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.round((event.loaded / event.total) * 100);
      parts.bar.value = percent;
      parts.state.textContent = app.text("uploading", { n: percent });
    });
    request.addEventListener("load", () => loaded(zone, file, parts, request));
    request.addEventListener("error", () => fail(parts, app.text("uploadFailed"), () => send(zone, file)));
    const data = new FormData();
    data.append("file", file);
    Object.entries(JSON.parse(zone.dataset.uploadFields || "{}")).forEach(([key, value]) => data.append(key, value));
    request.send(data);
    changed(zone);
  }

  function loaded(zone, file, parts, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      answer = {};
    }
    if (request.status >= 300) {
      fail(parts, answer.message || app.text("uploadFailed"), request.status >= 500 ? () => send(zone, file) : null);
    } else {
      parts.bar.hidden = true;
      parts.item.classList.add("is-done");
      parts.state.textContent = app.text("uploaded");
      parts.item.append(Object.assign(document.createElement("input"), {
        type: "hidden", name: zone.dataset.uploadName || "uploads", value: answer.token ?? answer.id,
      }));
    }
    changed(zone);
  }

  // The form waits while a file is on its way.
  function changed(zone) {
    const form = zone.closest("form");
    if (!form) return;
    const isRunning = [...form.querySelectorAll(".app-upload:not(.is-done, .is-failed)")].length > 0;
    form.querySelectorAll("[type=submit][data-wait-uploads]").forEach((button) => { button.disabled = isRunning; });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  app.on("change", "[data-upload-url] input[type=file]", (event, input) => {
    const zone = input.closest("[data-upload-url]");
    [...input.files].forEach((file) => send(zone, file));
    input.value = "";
  });
  ["dragenter", "dragover"].forEach((type) => app.on(type, "[data-upload-url]", (event, zone) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("is-over");
  }));
  ["dragleave", "drop"].forEach((type) => app.on(type, "[data-upload-url]", (event, zone) => zone.classList.remove("is-over")));
  app.on("drop", "[data-upload-url]", (event, zone) => {
    event.preventDefault();
    [...event.dataTransfer.files].forEach((file) => send(zone, file));
  });
  app.on("paste", "form", (event, form) => {
    const zone = form.querySelector("[data-upload-url]");
    const files = [...(event.clipboardData?.files ?? [])];
    if (!zone || !files.length) return;
    event.preventDefault();
    files.forEach((file) => send(zone, file));
  });
})();
