// One phone: whose it is, the screens that lie on one another, the banner, what comes in.

import { discreet } from "./bubbles.js";
import { chats, folder } from "./chats.js";
import { notices } from "./consent.js";
import { contacts, discover, mine } from "./corners.js";
import { button, elephant, h, icon, remembered, s } from "./dom.js";
import { lock } from "./lock.js";
import { place } from "./place.js";
import * as platform from "./platform.js";
import { profile } from "./profile.js";
import { talk } from "./talk.js";
import { onTime, now, timeOf } from "./time.js";
import { addressOf, web } from "./web.js";

const SCREENS = { chats, folder, contacts, discover, mine, talk, profile, notices, place, web, lock };
const ROOTS = new Set(["chats", "contacts", "discover", "mine"]);
const BANNER_MS = 6000;

export function handset(desk, person) {
  const clock = h("time", { text: "—" });
  const glass = h("div.glass");
  const toast = h("p.toast", { role: "status", hidden: true });
  const banners = h("div.banners", { role: "status" });
  const whose = button("whose", h("span.row", {}, "模拟器 · ", person.nickname, icon("down")), () => desk.openControls(), { "aria-haspopup": "dialog" });
  const element = h("section.phone", { "aria-label": `${person.nickname}的手机` }, h("div.status", {}, clock, whose, signal()), glass, banners, toast);
  const stack = [];
  const state = { chats: [], banner: 0, toast: 0, gone: false };
  const phone = {
    desk, element, glass, person, show, back, home, isOn, hear, refresh, lost, tell, close, countOthers,
    openLink: (url) => open(url),
    get theme() {
      return element.dataset.theme || "";
    },
    paint,
    hush: (isOn) => (state.hush = isOn),
    pictureOf: (url) => addressOf(desk, person, url),
    get chats() {
      return state.chats;
    },
  };

  function show(name, ...args) {
    const held = { name, args, made: SCREENS[name](phone, ...args), from: document.activeElement };
    const hadFocus = element.contains(held.from);
    if (ROOTS.has(name)) while (stack.length) drop(stack.pop());
    cover(top());
    stack.push(held);
    if (stack.length > 1) held.made.element.classList.add("arriving");
    glass.append(held.made.element);
    if (held.made.hear) held.made.hear({ kind: "shown" });
    if (hadFocus) held.made.focus?.();
    keepPlace();
    return held.made;
  }

  // Each phone has its own: "light", "dark", or "" for as the window is.
  function paint(theme) {
    if (theme) element.dataset.theme = theme;
    else delete element.dataset.theme;
    remembered.set(`theme-${person.user}`, theme);
  }

  function top() {
    return stack.at(-1);
  }

  // What lies below is taken out, so that nobody finds it; it comes back where it was scrolled to.
  function cover(held) {
    if (!held) return;
    held.scrolled = [...held.made.element.querySelectorAll(".talk, .list, .places")].map((one) => [one, one.scrollTop, one.scrollHeight - one.scrollTop - one.clientHeight < 40]);
    held.made.element.remove();
  }

  function uncover({ made, scrolled = [] }) {
    glass.append(made.element);
    for (const [one, at, wasAtFoot] of scrolled) one.scrollTop = wasAtFoot ? one.scrollHeight : at;
  }

  function drop(held) {
    held.made.close?.();
    held.made.element.remove();
  }

  function back() {
    if (stack.length < 2) return show("chats");
    const { from, ...held } = stack.pop();
    drop(held);
    const below = top().made;
    uncover(top());
    if (from?.isConnected && element.contains(from)) from.focus({ preventScroll: true });
    below.shown?.();
    keepPlace();
  }

  function home(name) {
    show(name);
    glass.querySelector(".tabs [aria-current]")?.focus({ preventScroll: true });
  }

  function isOn(made) {
    return top()?.made.element === made && !state.gone;
  }

  // The next visit begins where this one ended.
  function keepPlace() {
    const held = top();
    const at = held.name === "talk" ? held.args[0].name : ROOTS.has(held.name) ? held.name : null;
    if (at) remembered.set(`at-${person.user}`, at);
  }

  async function refresh() {
    const [me, found] = await Promise.all([platform.person(person.user), platform.chats(person.user)]);
    Object.assign(person, me);
    const before = new Map(state.chats.map((one) => [one.account, one]));
    const isFirst = !state.loaded;
    state.chats = found;
    state.loaded = true;
    for (const { made } of stack) made.changed?.();
    if (!isFirst && !state.hush) for (const one of found) if (one.unread > (before.get(one.account)?.unread ?? 0)) announce(one);
  }

  async function countOthers(account) {
    await refresh().catch(() => {});
    return state.chats.filter((one) => one.account !== account.name).reduce((sum, one) => sum + one.unread, 0);
  }

  function hear(event) {
    if (event.user && event.user !== person.user) return;
    for (const { made } of stack) made.hear?.(event);
    const isTalk = top()?.name === "talk" && top().args[0].name === event.account && !document.hidden;
    if (event.kind === "again" || (event.kind === "thread" && !isTalk)) refresh().catch(lost);
  }

  // What a lock screen or banner may say: whose it is, never a plate, an act or the words.
  function announce(chat) {
    if (isOn(stack.find(({ name, args }) => name === "talk" && args[0].name === chat.account)?.made.element)) return;
    if (top()?.name === "lock" || top()?.name === "chats") return;
    const account = desk.accounts.find((one) => one.name === chat.account);
    const banner = button("banner", h("span.row", {}, elephant("mark"), h("span", {}, h("strong", { text: account.display_name }), discreet(chat))), () => {
      banner.remove();
      show("talk", account);
    });
    banners.replaceChildren(banner);
    clearTimeout(state.banner);
    state.banner = setTimeout(() => banner.remove(), BANNER_MS);
  }

  function tell(sentence) {
    toast.textContent = sentence;
    toast.hidden = false;
    clearTimeout(state.toast);
    state.toast = setTimeout(() => (toast.hidden = true), 4000);
  }

  // After a reset nobody knows this person: the desk makes a new one. True when that was so.
  function lost(fault) {
    if (!(fault instanceof platform.Fault)) throw fault;
    if (fault.status !== 404 || state.gone) return state.gone;
    state.gone = true;
    desk.replace(phone);
    return true;
  }

  async function open(url) {
    const address = addressOf(desk, person, url);
    if (address) return show("web", address, url);
    tell("这个地址不在这台机器上，已在新窗口打开。");
    window.open(url, "_blank", "noopener");
  }

  function close() {
    state.gone = true;
    stopTime();
    while (stack.length) drop(stack.pop());
    element.remove();
  }

  const stopTime = onTime(() => (clock.textContent = timeOf(now())));

  // The first screen: where one was, or the account that one comes for.
  async function begin() {
    paint(remembered.get(`theme-${person.user}`) || "");
    const wanted = remembered.get(`at-${person.user}`);
    const account = desk.accounts.find((one) => one.name === wanted) || desk.accounts[0];
    const follows = (one) => person.following.includes(one.name);
    show("chats");
    if (account && follows(account) && !ROOTS.has(wanted)) show("talk", account);
    else if (account && !person.following.length) show("profile", account);
    else if (ROOTS.has(wanted) && wanted !== "chats") show(wanted);
    await refresh().catch((fault) => lost(fault) || glass.querySelector(".list")?.dispatchEvent(new CustomEvent("away", { detail: fault })));
  }

  begin();
  return phone;
}

function signal() {
  const drawn = s("svg", { viewBox: "0 0 58 14", class: "signal", "aria-hidden": "true", fill: "currentColor" });
  drawn.append(s("path", { d: "M0 9h3v4H0zM5 6.500h3V13H5zM10 4h3v9h-3zM15 1h3v12h-3z" }));
  drawn.append(s("rect", { x: 28.7, y: 1.7, width: 24, height: 10.6, rx: 3, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }));
  drawn.append(s("rect", { x: 31, y: 4, width: 16, height: 6, rx: 1 }), s("path", { d: "M55 5v4a2 2 0 0 0 0-4z" }));
  return drawn;
}
