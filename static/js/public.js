// Public pages: the form tells the visitor's time zone, and a kept file leaves it without a round trip.
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  document.querySelectorAll("[data-zone]").forEach((field) => { field.value = zone || field.value; });

  app.on("click", "[data-remove-upload]", (event, button) => {
    event.preventDefault();
    const dropzone = button.closest("[data-upload-url]");
    button.closest("li").remove();
    dropzone.querySelector("input[type=file]").focus();
  });
})();
