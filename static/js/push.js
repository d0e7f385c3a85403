// Push messages for this browser, on the page of notification settings.
//   [data-push]                    the card; data-push-key: the server's public key; data-push-worker: /sw.js
//   [data-push-state=name]         shown in that state: unsupported, blocked, off, on
//   [data-push-on]                 the form that turns it on; its hidden fields take the subscription
//   [data-push-device=sha256]      a device of the list; the one of this browser gets .is-here and a mark
(() => {
  const card = document.querySelector("[data-push]");
  if (!card) return;
  const form = card.querySelector("[data-push-on]");

  function show(state) {
    card.querySelectorAll("[data-push-state]").forEach((element) => {
      element.hidden = element.dataset.pushState !== state;
    });
  }

  const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=")),
    (letter) => letter.charCodeAt(0),
  );
  async function hash(text) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function row(subscription) {
    return subscription && card.querySelector(`[data-push-device="${await hash(subscription.endpoint)}"]`);
  }

  async function current() {
    const registration = await navigator.serviceWorker.getRegistration("/");
    return registration ? registration.pushManager.getSubscription() : null;
  }

  async function refresh() {
    if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window && card.dataset.pushKey)) {
      return show("unsupported");
    }
    if (Notification.permission === "denied") return show("blocked");
    const device = Notification.permission === "granted" ? await row(await current()) : null;
    if (device) {
      device.classList.add("is-here");
      device.querySelector("[data-push-here]").hidden = false;
    }
    return show(device ? "on" : "off");
  }

  async function turnOn() {
    if (await Notification.requestPermission() !== "granted") return refresh();
    await navigator.serviceWorker.register(card.dataset.pushWorker, { scope: "/" });
    const registration = await navigator.serviceWorker.ready;
    const old = await registration.pushManager.getSubscription();
    if (old) await old.unsubscribe(); // it may belong to another key or to whoever signed in here before
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: bytes(card.dataset.pushKey),
    });
    form.elements.endpoint.value = subscription.endpoint;
    form.elements.p256dh.value = base64url(subscription.getKey("p256dh"));
    form.elements.auth.value = base64url(subscription.getKey("auth"));
    return form.submit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    turnOn().catch(() => show("failed")).finally(() => { button.disabled = false; });
  });
  card.querySelectorAll("[data-push-device] form").forEach((remove) => remove.addEventListener("submit", async (event) => {
    if (!remove.closest("[data-push-device]").classList.contains("is-here")) return;
    event.preventDefault();
    await current().then((subscription) => subscription?.unsubscribe()).catch(() => {});
    remove.submit();
  }));
  refresh().catch(() => show("unsupported"));
})();
