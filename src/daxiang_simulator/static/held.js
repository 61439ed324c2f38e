// What one can do with a bubble: by holding it, by the right key of the mouse, or by the menu key.

import { copied } from "./copy.js";
import { button, h, rove } from "./dom.js";

const HOLD_MS = 480;
const STILL_PX = 10;

// `entries`: element of a bubble → what it shows, as a WeakMap.
export function heldMenus(phone, log, entries, chat) {
  const of = (target) => target.closest?.(".msg, .sys");
  log.addEventListener("contextmenu", (event) => {
    const made = of(event.target);
    if (!made || !entries.has(made) || String(getSelection())) return;
    event.preventDefault();
    open(made);
  });
  log.addEventListener("keydown", (event) => {
    const made = of(event.target);
    if (!made || !(event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey))) return;
    event.preventDefault();
    open(made);
  });
  // Where holding makes no such event (iOS) the time is taken here.
  log.addEventListener("pointerdown", (down) => {
    const made = down.pointerType === "touch" && of(down.target);
    if (!made) return;
    const timer = setTimeout(() => open(made), HOLD_MS);
    const stop = (event) => {
      if (event.type === "pointermove" && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < STILL_PX) return;
      clearTimeout(timer);
      for (const name of ENDS) log.removeEventListener(name, stop);
    };
    for (const name of ENDS) log.addEventListener(name, stop);
  });

  function open(made) {
    const held = entries.get(made);
    if (!held || phone.glass.querySelector(".held")) return;
    const from = made.contains(document.activeElement) ? document.activeElement : null;
    const acts = [...wordsOf(held).map((words) => ["复制", () => copy(words)]), ["原始回调", () => chat.onRaw(held, made)]];
    const close = () => {
      over.remove();
      made.classList.remove("sel");
      if (from?.isConnected) from.focus({ preventScroll: true });
    };
    const list = h("div.held", { role: "menu", "aria-orientation": "horizontal", "aria-label": "这条消息" }, ...acts.map(([label, act]) => button("key", label, () => (close(), act()), { role: "menuitem" })));
    const over = h("div.held-over", { onclick: close, onkeydown: (event) => ["Escape", "Tab"].includes(event.key) && (event.preventDefault(), close()) }, list);
    rove(list, "button");
    phone.glass.append(over);
    place(list, made.querySelector(".bub, span"), phone.glass);
    made.classList.add("sel");
    list.querySelector("button").focus({ preventScroll: true });
  }

  const copy = async (words) => phone.tell((await copied(words)) ? "复制好了。" : "浏览器不让复制。");
}

const ENDS = ["pointerup", "pointercancel", "pointermove", "scroll"];

function wordsOf(held) {
  const pairs = (held.pairs || []).map(({ label, value }) => `${label}：${value}`);
  const words = [held.content || held.recognition || held.title || held.label || held.articles?.[0].title, ...pairs, held.tail].filter(Boolean).join("\n");
  return words && !held.is_event ? [words] : [];
}

// Above the bubble, below it where there is no room.
function place(list, bubble, glass) {
  const [at, all] = [bubble.getBoundingClientRect(), glass.getBoundingClientRect()];
  const left = Math.min(Math.max(8, at.left - all.left), all.width - list.offsetWidth - 8);
  const above = at.top - all.top - list.offsetHeight - 8;
  const below = Math.min(at.bottom - all.top + 8, all.height - list.offsetHeight - 8);
  list.style.left = `${left}px`;
  list.style.top = `${above > 56 ? above : Math.max(56, below)}px`;
}
