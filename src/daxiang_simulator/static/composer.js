// The foot of a chat: the account's menu, or the words one types, with everything else one can send.

import { button, h, icon, iconButton, remembered, rove } from "./dom.js";
import { film } from "./films.js";
import * as platform from "./platform.js";
import * as senders from "./senders.js";
import { holdKey } from "./speech.js";

const LEADS_ON = "sub_button";

export function composer({ phone, account, say, tap }) {
  const element = h("div.compose");
  const state = { menu: [], mode: "type" };
  const draft = draftName(phone.person, account);
  const input = h("input.words-in", { autocomplete: "off", maxlength: 600, enterkeyhint: "send", placeholder: hint(account), "aria-label": "要说的话", value: remembered.get(draft) || "", oninput: () => (swap(), remembered.set(draft, input.value)) });
  const send = h("button.send", { type: "submit", text: "发送", hidden: true });
  const toMenu = iconButton("menu", "菜单", () => become("menu"));
  const toVoice = iconButton("mic", "说话", () => become("voice"));
  const plus = iconButton("add", "发别的", toggleMore, { "aria-expanded": "false" });
  const form = h("form.type", { onsubmit: submit }, toMenu, toVoice, input, send, plus);
  const hold = holdKey(phone, say);
  const voiceBar = h("div.type", {}, iconButton("keyboard", "打字", () => become("type")), hold);
  const more = h("div.more", { role: "group", "aria-label": "能发的", hidden: true });

  // As soon as there are words, the way to other things makes room for sending them.
  function swap() {
    const hasWords = input.value.trim() !== "";
    send.hidden = !hasWords;
    plus.hidden = hasWords;
  }

  function submit(event) {
    event.preventDefault();
    const content = input.value.trim();
    if (!content) return input.focus();
    input.value = "";
    remembered.set(draft, "");
    swap();
    say({ type: "text", content });
  }

  function toggleMore() {
    more.hidden = !more.hidden;
    plus.setAttribute("aria-expanded", String(!more.hidden));
    if (!more.hidden) more.querySelector("button").focus();
  }

  const OTHERS = [
    ["picture", "照片", () => senders.picture(phone, account, say)],
    ["video", "视频", () => film(phone, account, say)],
    ["pin", "位置", () => phone.show("place", (held) => say({ type: "location", ...held }))],
    ["link", "链接", () => senders.link(phone, say)],
    ["scan", "扫一扫", () => senders.scan(phone)],
  ];
  more.append(...OTHERS.map(([name, label, act]) => button("tile", h("span.row", {}, icon(name), label), () => (toggleMore(), act()))));
  rove(more, "button");

  function become(mode, isAsked = true) {
    state.mode = mode;
    more.hidden = true;
    plus.setAttribute("aria-expanded", "false");
    toMenu.hidden = !state.menu.length;
    element.replaceChildren(...{ menu: () => [menuBar()], type: () => [form, more], voice: () => [voiceBar] }[mode]());
    if (isAsked) ({ type: input, voice: hold, menu: element.querySelector("button") })[mode].focus({ preventScroll: true });
  }

  function menuBar() {
    const bar = h("div.menu", { role: "group", "aria-label": "菜单" }, iconButton("keyboard", "打字", () => become("type")));
    bar.classList.add(`keys-${state.menu.length}`);
    bar.append(...state.menu.map((one, at) => (one[LEADS_ON]?.length ? parent(one, at, bar) : button("key", one.name, () => press(one, [at])))));
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close(bar);
    });
    return bar;
  }

  function parent(held, at, bar) {
    const list = h("div.pop", { hidden: true, role: "group", "aria-label": held.name });
    list.classList.add(`at-${at + 1}-of-${state.menu.length}`);
    list.append(...held[LEADS_ON].map((one, under) => button("key", one.name, () => (close(bar), press(one, [at, under])))));
    rove(list, "button", true);
    const made = button("key", h("span.row", {}, icon("bars", "i bars"), held.name), () => {
      const willOpen = list.hidden;
      close(bar);
      list.hidden = !willOpen;
      made.setAttribute("aria-expanded", String(willOpen));
      if (willOpen) list.querySelector("button").focus();
    }, { "aria-expanded": "false" });
    return h("span.parent", {}, made, list);
  }

  function close(bar) {
    for (const list of bar.querySelectorAll(".pop:not([hidden])")) {
      const key = list.previousElementSibling;
      if (list.contains(document.activeElement)) key.focus();
      list.hidden = true;
      key.setAttribute("aria-expanded", "false");
    }
  }

  // What a key does is told to the service by the platform; what the person must choose first is asked here.
  async function press(key, place) {
    const result = await senders.forMenu(phone, key);
    if (result === null) return;
    const done = await tap({ button: place, ...result });
    if (done?.open) phone.openLink(done.open);
    if (done?.pick) senders.picture(phone, account, say);
  }

  async function refresh() {
    let keys = [];
    try {
      keys = (await platform.menu(phone.person.user, account.name))?.button ?? [];
    } catch {
      return; // Without a menu one types.
    }
    if (JSON.stringify(keys) === JSON.stringify(state.menu)) return;
    const isFirst = !state.menu.length;
    state.menu = keys;
    toMenu.hidden = !keys.length;
    const isTyping = element.contains(document.activeElement) || input.value;
    if (state.mode === "menu" || (isFirst && !isTyping)) become(keys.length ? "menu" : "type", false);
  }

  // A press anywhere else closes an open menu.
  phone.element.addEventListener("pointerdown", ({ target }) => {
    const bar = element.querySelector(".menu");
    if (bar && !bar.contains(target)) close(bar);
  });
  toMenu.hidden = true;
  element.append(form, more);
  swap();
  refresh();
  return { element, refresh };
}

// What was typed and not sent, by person and account: the list of chats shows it, and it waits in the field.
export const draftName = ({ user }, { name }) => `draft-${user}-${name}`;

const hint = (account) => (account.kind === "subscription" ? "要说的话" : "尾号、车牌，或者问路");
