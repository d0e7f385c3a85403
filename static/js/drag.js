// Dragging with whatever points: a mouse at once, a finger or a pen after a short rest, so that pages still scroll by touch.
//   app.drag({ handle, item, field, name, allowed, place, drop }): handle and item are selectors of what is gripped and
//   what moves; name(item) is what the pointer carries; allowed(item) may refuse; place(element, item) is where it would
//   be let go, or null; drop(item, place) does the work. Escape gives up.
//   A handle with touch-action: none is dragged by a finger at once; others need field, the part of the page that must
//   not scroll while a finger drags in it.
(() => {
  const NEAR_PX = 5;
  const REST_MS = 250;
  const EDGE_PX = 36;
  const kinds = [];
  let press = null;

  app.drag = (kind) => {
    kinds.push(kind);
    // A page scrolls by touch unless this is refused; only the field listens, since listening slows scrolling.
    (kind.field ? document.querySelector(kind.field) : null)?.addEventListener("touchmove", (event) => {
      if (press?.isOn) event.preventDefault();
    }, { passive: false });
  };

  function begin() {
    press.isOn = true;
    press.handle.setPointerCapture(press.id);
    getSelection()?.removeAllRanges();
    document.documentElement.classList.add("is-dragging");
    press.item.classList.add("is-dragged");
    press.ghost = document.createElement("div");
    press.ghost.className = "app-ghost";
    press.ghost.setAttribute("aria-hidden", "true");
    press.ghost.textContent = press.kind.name(press.item);
    document.body.append(press.ghost);
    follow(press.x, press.y);
    if (press.isTouch) navigator.vibrate?.(10);
    press.scroller = setInterval(scrollAtEdges, 40);
  }

  function follow(x, y) {
    Object.assign(press, { x, y });
    press.ghost.style.transform = `translate(${x + 10}px, ${y + 10}px)`;
    const under = document.elementFromPoint(x, y);
    const place = (under && press.kind.place(under, press.item)) || null;
    if (place === press.place) return;
    press.place?.classList.remove("is-over");
    place?.classList.add("is-over");
    press.place = place;
  }

  /** Near an edge of what scrolls, it scrolls: a step at a time sideways, where columns snap; smoothly up and down. */
  function scrollAtEdges() {
    for (let box = press.item.parentElement; box; box = box.parentElement) {
      const { left, right, top, bottom } = box === document.documentElement
        ? { left: 0, right: innerWidth, top: 0, bottom: innerHeight } : box.getBoundingClientRect();
      const style = getComputedStyle(box);
      const across = press.x < left + EDGE_PX ? -1 : press.x > right - EDGE_PX ? 1 : 0;
      const down = press.y < top + EDGE_PX ? -1 : press.y > bottom - EDGE_PX ? 1 : 0;
      const isRoot = box === document.documentElement;
      if (across && box.scrollWidth > box.clientWidth && (isRoot || /auto|scroll/.test(style.overflowX))) {
        if (style.scrollSnapType === "none") box.scrollLeft += across * 12;
        else if (Date.now() - (press.turned ?? 0) > 700) {
          press.turned = Date.now();
          box.scrollBy({ left: across * box.clientWidth, behavior: "smooth" });
        }
      }
      if (down && box.scrollHeight > box.clientHeight && (isRoot || /auto|scroll/.test(style.overflowY))) box.scrollTop += down * 10;
    }
    follow(press.x, press.y);
  }

  function end(isDropped) {
    const { kind, item, place, isOn } = press;
    clearTimeout(press.timer);
    clearInterval(press.scroller);
    press.ghost?.remove();
    place?.classList.remove("is-over");
    item.classList.remove("is-dragged");
    document.documentElement.classList.remove("is-dragging");
    press = null;
    if (!isOn) return;
    // The click that a browser makes of a press and a release is no click on a link of the card.
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, true), 50);
    if (isDropped && place) kind.drop(item, place);
  }

  document.addEventListener("pointerdown", (event) => {
    if (press || event.button !== 0 || !event.isPrimary) return;
    const kind = kinds.find((each) => event.target.closest?.(each.handle));
    if (!kind || event.target.closest("summary, button, input, select, textarea, .app-pop")) return;
    const handle = event.target.closest(kind.handle);
    const item = handle.closest(kind.item);
    if (!item || kind.allowed?.(item) === false) return;
    const { pointerId: id, clientX: x, clientY: y } = event;
    const isTouch = event.pointerType !== "mouse";
    const isSlow = isTouch && getComputedStyle(handle).touchAction !== "none";
    press = { kind, item, handle, id, x, y, fromX: x, fromY: y, isTouch, isSlow };
    if (press.isSlow) press.timer = setTimeout(begin, REST_MS);
  });
  document.addEventListener("pointermove", (event) => {
    if (press?.id !== event.pointerId) return;
    if (press.isOn) return follow(event.clientX, event.clientY);
    if (Math.hypot(event.clientX - press.fromX, event.clientY - press.fromY) < NEAR_PX) return;
    if (press.isSlow) return end(false); // a finger that moves before it rested scrolls the page
    begin();
    follow(event.clientX, event.clientY);
  });
  document.addEventListener("pointerup", (event) => press?.id === event.pointerId && end(true));
  document.addEventListener("pointercancel", (event) => press?.id === event.pointerId && end(false));
  document.addEventListener("keydown", (event) => {
    if (!press?.isOn || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }, true);
  // The browser's own ways with a link or a long press give way to ours.
  document.addEventListener("dragstart", (event) => press && event.preventDefault());
  document.addEventListener("contextmenu", (event) => press?.isTouch && event.preventDefault());
})();
