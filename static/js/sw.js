// The service worker: shows push messages, also while no page is open, and opens the record. It keeps no pages.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let message;
  try {
    message = event.data.json();
  } catch {
    return; // not of our making
  }
  event.waitUntil(self.registration.showNotification(message.title, {
    body: message.text,
    tag: message.tag, // a newer message about the record takes the older one's place
    renotify: true,
    lang: message.lang,
    icon: "/favicon.ico",
    data: { url: message.url },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data.url, self.location.origin);
  if (target.origin !== self.location.origin) return;
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = windows.find((client) => new URL(client.url).pathname === target.pathname);
    await (open ? open.focus() : self.clients.openWindow(target.href));
  })());
});
