// A page inside the chat: the person's own browser, with cookies of its own, through the simulator.

import { copied } from "./copy.js";
import { button, h, icon, iconButton } from "./dom.js";
import { bringOpenTags } from "./openTags.js";
import * as platform from "./platform.js";
import { ask } from "./senders.js";

// Where this person's browser finds an address; null when it is not on this machine. A path of the simulator's
// own, such as a picture that an account uploaded, is read directly.
export function addressOf(desk, { user }, url) {
  let held;
  try {
    held = new URL(url, location.origin);
  } catch {
    return null;
  }
  const rest = held.pathname + held.search + held.hash;
  if (isSame(held, desk.webUrl)) return `/_sim/users/${encodeURIComponent(user)}/web${rest}`;
  if (held.pathname.startsWith("/connect/")) return `/_sim/users/${encodeURIComponent(user)}/sign-in?${new URLSearchParams({ url })}`;
  return held.origin === location.origin ? rest : null;
}

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]", location.hostname]);

function isSame(held, webUrl) {
  if (!webUrl || !/^https?:$/.test(held.protocol)) return false;
  const web = new URL(webUrl);
  if (held.origin === web.origin) return true;
  return held.port === web.port && LOCAL.has(held.hostname) && LOCAL.has(web.hostname);
}

export function web(phone, address, url) {
  const title = h("h2", { text: "正在打开…" });
  const frame = h("iframe.inapp", { title: "页面", src: address, sandbox: "allow-scripts allow-forms allow-same-origin allow-popups allow-modals" });
  const away = h("div.empty", { role: "alert", hidden: true });
  const bar = h("div.progress", { "aria-hidden": "true" });
  const backward = iconButton("back", "上一页", () => frame.contentWindow.history.back(), { hidden: true });
  const head = h("div.head", {}, h("span.back", {}, iconButton("close", "关闭页面", phone.back), backward), title, iconButton("more", "更多", more));
  const element = h("div.screen", {}, head, bar, frame, away);
  let pages = 0;

  frame.addEventListener("load", () => {
    bar.hidden = true;
    pages += 1;
    backward.hidden = pages < 2;
    const inside = insideOf(frame);
    title.textContent = inside?.title || hostOf(url);
    frame.title = title.textContent;
    const asked = inside?.location.pathname.endsWith("/sign-in") && new URLSearchParams(inside.location.search).get("url");
    if (asked) return void consent(asked);
    if (!inside) return;
    inside.addEventListener("click", leads);
    bringOpenTags(phone, inside);
    inside.defaultView.addEventListener("pagehide", () => (bar.hidden = false));
    inside.addEventListener("keydown", (event) => event.key === "Escape" && phone.back());
  });

  // A link to another host would leave the phone: it opens in a window of its own.
  function leads(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || /^(tel|mailto|javascript):/.test(link.href)) return;
    const target = new URL(link.href);
    if (target.origin === location.origin && target.pathname.startsWith("/_sim/")) return;
    event.preventDefault();
    phone.openLink(link.href);
  }

  // The account asks who one is; what it may know is said before one agrees.
  async function consent(wanted) {
    const answer = await ask(phone, "登录", (done) => [
      h("div.consent", {}, h("p", { text: frame.contentDocument.querySelector("p")?.textContent || "公众号申请登录" }), h("ul", {}, h("li", {}, icon("check"), "获得您的昵称、头像")), button("big", "允许", () => done(true)), button("quiet", "拒绝", () => done(false))),
    ]);
    try {
      const { location: onward } = await platform.authorize(phone.person.user, wanted, answer === true);
      if (!onward) return phone.back();
      frame.src = addressOf(phone.desk, phone.person, onward) ?? onward;
    } catch (fault) {
      if (!phone.lost(fault)) phone.tell(fault.message);
    }
  }

  async function more() {
    const chosen = await ask(phone, hostOf(url), (done) => [
      h("div.choices", {}, button("choice", h("span.row", {}, icon("reload"), "刷新"), () => done("reload")), button("choice", h("span.row", {}, icon("copy"), "复制网址"), () => done("copy")), button("choice", h("span.row", {}, icon("out"), "在浏览器里打开"), () => done("out"))),
      h("p.note", { text: `这个页面用的是${phone.person.nickname}自己的 cookie。` }),
    ]);
    if (chosen === "reload") frame.contentWindow.location.reload();
    if (chosen === "copy") phone.tell((await copied(url)) ? "复制好了。" : "浏览器不让复制。");
    if (chosen === "out") window.open(url, "_blank", "noopener");
  }

  return {
    element,
    focus: () => head.querySelector("button").focus({ preventScroll: true }),
  };
}

function insideOf(frame) {
  try {
    return frame.contentDocument;
  } catch {
    return null;
  }
}

function hostOf(url) {
  try {
    return new URL(url, location.origin).host;
  } catch {
    return "网页";
  }
}
