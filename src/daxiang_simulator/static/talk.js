// One conversation: the newest at the foot, older ones when one scrolls up, each entry made once.

import * as bubbles from "./bubbles.js";
import { composer } from "./composer.js";
import { button, h, icon, iconButton } from "./dom.js";
import { heldMenus } from "./held.js";
import * as platform from "./platform.js";
import { chatTime } from "./time.js";
import * as viewer from "./viewer.js";

const PAGE = 60;
const CHUNK = 40;
const QUIET_MS = 300_000;
const END = "9223372036854775807";
const ANSWERED_WITHIN_MS = 20_000;

export function talk(phone, account) {
  const log = h("div.talk", { tabindex: 0, role: "log", "aria-label": `和${account.display_name}的对话` });
  const fresh = h("span", { text: "新消息" });
  const newer = button("newer", h("span.row", {}, icon("down"), fresh), toFoot, { hidden: true });
  const entries = new WeakMap();
  const title = h("h2", { text: account.display_name });
  const others = h("b.others", { hidden: true });
  const state = { first: null, last: "0", hasOlder: false, pending: [], older: null, lastAt: 0, inStep: Promise.resolve(), typing: 0, waiting: 0, follows: true };
  const chat = {
    account,
    get person() {
      return phone.person;
    },
    onLink: phone.openLink,
    onMini: (mini) => phone.tell(`小程序在模拟器里打不开：${mini.pagepath || mini.appid || ""}`),
    onChoice: (choice) => say({ type: "text", content: choice.content }, (user) => platform.tap(user, account.name, { choice })),
    onRaw: (held, made) => phone.desk.openDrawer(phone.person, held, made),
    onPicture: (url) => viewer.picture(phone, url),
    onFilm: (url) => viewer.film(phone, url),
    picture: phone.pictureOf,
    media: (held) => `/_sim/media/${encodeURIComponent(held.media_id || "")}`,
  };
  const compose = composer({ phone, account, say, tap });
  const head = h("div.head", {}, h("span.back", {}, iconButton("back", "返回", phone.back), others), title, iconButton("more", `${account.display_name}的资料`, () => phone.show("profile", account)));
  const element = h("div.screen", {}, head, h("div.talk-place", {}, log, newer), compose.element);

  function begin() {
    log.replaceChildren(h("div.loading", { role: "status" }, h("span.vh", { text: "正在打开对话" }), h("i"), h("i"), h("i")));
    return inTurn(async () => {
      const found = await platform.thread(phone.person.user, account.name, { before: END, limit: PAGE });
      log.replaceChildren();
      state.hasOlder = found.length >= PAGE;
      state.first = found[0]?.id ?? null;
      keep(found);
      toFoot();
      seen();
    }).catch(failed);
  }

  function failed(fault) {
    if (phone.lost(fault)) return;
    log.replaceChildren(h("div.empty", { role: "alert" }, h("p", { text: fault.message }), button("btn", "再试", begin)));
  }

  // One look after another, so that no entry comes twice.
  function inTurn(work) {
    const turn = state.inStep.then(work);
    state.inStep = turn.catch(() => {});
    return turn;
  }

  const catchUp = () => inTurn(step);

  async function step() {
    for (;;) {
      const found = await platform.thread(phone.person.user, account.name, { after: state.last, limit: 500 });
      const wasAtFoot = isAtFoot();
      const made = keep(found);
      if (made.length && (wasAtFoot || found.some((one) => one.side === "me"))) show(made[0]);
      else if (made.length) offer(made.length);
      if (found.length < 500) break;
    }
    seen();
  }

  // One reads above: what came is offered, never thrust.
  function offer(count) {
    state.waiting += count;
    fresh.textContent = `${state.waiting}条新消息`;
    newer.hidden = false;
  }

  function entry(held) {
    const made = bubbles.entry(held, chat);
    entries.set(made, held);
    return made;
  }

  function keep(found) {
    const made = [];
    for (const held of found) {
      if (BigInt(held.id) <= BigInt(state.last)) continue;
      state.last = held.id;
      state.first ??= held.id;
      if (adopt(held)) continue;
      settle(held);
      made.push(add(entry(held), Date.parse(held.time)));
      if (isUnanswered(held)) markFor(made.at(-1), held);
    }
    return made;
  }

  const isUnanswered = (held) => held.side === "me" && !held.is_event && (!held.raw || held.raw.outcome === "service_error");

  // After a reload: still on its way, or refused by a service that was away.
  function markFor(made, held) {
    if (held.raw) return bubbles.mark(made, "failed", () => again(made, held));
    bubbles.mark(made, "sending");
    setTimeout(() => bubbles.mark(made, null), ANSWERED_WITHIN_MS);
  }

  function again(made, held) {
    bubbles.mark(made, null);
    const { kind: type, content, recognition, media_id, thumb_media_id, latitude, longitude, label, scale, title: named, description, url } = held;
    const fields = { content: type === "text" ? content : undefined, recognition, media_id, thumb_media_id, label, scale, title: named, description, url };
    if (latitude) Object.assign(fields, { latitude: Number(latitude), longitude: Number(longitude) });
    say({ type, ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== "")) });
  }

  // Our own bubble already stands: it only learns its number.
  function adopt(held) {
    if (held.side !== "me" || held.is_event) return false;
    const at = state.pending.findIndex((one) => one.signature === signature(held));
    if (at < 0) return false;
    const [{ made, held: ours }] = state.pending.splice(at, 1);
    Object.assign(ours, held);
    made.dataset.id = held.id;
    return true;
  }

  function settle(held) {
    if (!held.answers_to) return;
    const asked = log.querySelector(`[data-id="${held.answers_to}"]`);
    if (asked && held.kind !== "service_error") bubbles.mark(asked, null);
  }

  // Of words the words, of anything else its kind: what is sent is numbered in the order in which it left.
  const signature = ({ kind, content }) => (kind === "text" ? `text ${content}` : kind);

  // The time stands above the first words and again after five quiet minutes.
  function add(made, at) {
    const room = roomAtFoot();
    if (at && Math.abs(at - state.lastAt) > QUIET_MS) room.append(bubbles.stamp(chatTime(at, true)));
    if (at) state.lastAt = at;
    room.append(made);
    return made;
  }

  function roomAtFoot() {
    const last = log.lastElementChild;
    if (last?.classList.contains("chunk") && last.childElementCount < CHUNK) return last;
    const made = h("div.chunk");
    log.append(made);
    return made;
  }

  const isAtFoot = () => log.scrollHeight - log.scrollTop - log.clientHeight < 120;

  function toFoot() {
    newer.hidden = true;
    state.waiting = 0;
    state.follows = true;
    log.scrollTop = log.scrollHeight;
    requestAnimationFrame(() => (log.scrollTop = log.scrollHeight));
  }

  // The newest at the foot; of one that is taller than the screen, its first line.
  function show(made) {
    toFoot();
    requestAnimationFrame(() => {
      const top = made.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop;
      if (log.scrollHeight - top > log.clientHeight) log.scrollTop = top - 12;
    });
  }

  async function loadOlder() {
    if (!state.hasOlder || state.older || !state.first) return;
    state.older = inTurn(async () => {
      const found = await platform.thread(phone.person.user, account.name, { before: state.first, limit: PAGE });
      state.hasOlder = found.length >= PAGE;
      if (found.length) prepend(found);
    });
    await state.older.catch(() => {});
    state.older = null;
  }

  function prepend(found) {
    state.first = found[0].id;
    let lastAt = 0;
    const chunk = h("div.chunk");
    for (const held of found) {
      const at = Date.parse(held.time);
      if (Math.abs(at - lastAt) > QUIET_MS) chunk.append(bubbles.stamp(chatTime(at, true)));
      lastAt = at;
      chunk.append(entry(held));
    }
    const before = log.scrollHeight - log.scrollTop;
    log.setAttribute("aria-live", "off"); // what is old is not news
    log.prepend(chunk);
    log.scrollTop = log.scrollHeight - before;
    requestAnimationFrame(() => log.removeAttribute("aria-live"));
  }

  function seen() {
    if (document.hidden || !phone.isOn(element) || state.last === "0") return;
    platform.read(phone.person.user, account.name, state.last).catch(() => {});
    phone.countOthers(account).then((count) => {
      others.hidden = !count;
      others.textContent = String(count);
      others.setAttribute("aria-label", `别处有${count}条未读`);
    });
  }

  // Our words stand at once, with a ring; the answer comes by catchUp. True when they were taken.
  async function say(message, carry = (user) => platform.send(user, account.name, message)) {
    const held = { side: "me", ...message, kind: message.type };
    const made = add(entry(held));
    const pending = { signature: signature(held), made, held };
    state.pending.push(pending);
    bubbles.mark(made, "sending");
    toFoot();
    try {
      const { outcome } = await carry(phone.person.user);
      bubbles.mark(made, outcome === "service_error" ? "failed" : null, () => retry(made, message, carry));
      await catchUp();
      return outcome !== "service_error";
    } catch (fault) {
      if (phone.lost(fault)) return false;
      state.pending = state.pending.filter((one) => one !== pending);
      const why = add(bubbles.note(fault.message));
      bubbles.mark(made, "failed", () => {
        why.remove();
        retry(made, message, carry);
      });
      toFoot();
      return false;
    }
  }

  function retry(made, message, carry) {
    if (made.dataset.id) bubbles.mark(made, null);
    else made.remove();
    say(message, carry);
  }

  async function tap(body) {
    try {
      const done = await platform.tap(phone.person.user, account.name, body);
      await catchUp();
      return done;
    } catch (fault) {
      if (!phone.lost(fault)) phone.tell(fault.message);
      return null;
    }
  }

  function hear(event) {
    if (event.account && event.account !== account.name) return void (event.kind === "thread" && seen());
    if (event.kind === "thread" || event.kind === "again") catchUp().catch((fault) => phone.lost(fault));
    if (event.kind === "again" || event.kind === "menu") compose.refresh();
    if (event.kind === "typing") typing(event.on);
  }

  function typing(isOn) {
    clearTimeout(state.typing);
    title.textContent = isOn ? "对方正在输入…" : account.display_name;
    if (isOn) state.typing = setTimeout(() => typing(false), 15_000);
  }

  log.addEventListener("scroll", () => {
    if (log.scrollTop < 400) loadOlder();
    state.follows = isAtFoot();
    if (!newer.hidden && state.follows) toFoot();
  });
  // A picture has its height only when it has come: whoever read the newest goes on reading it.
  log.addEventListener("load", () => state.follows && show(log.lastElementChild.lastElementChild), true);
  log.addEventListener("click", ({ target }) => {
    if (!target.closest("a, button")) target.closest(".msg, .sys")?.classList.toggle("shown");
  });
  heldMenus(phone, log, entries, chat);
  begin();
  return { element, hear, shown: () => (seen(), catchUp().catch(() => {})), focus: () => log.focus({ preventScroll: true }) };
}
