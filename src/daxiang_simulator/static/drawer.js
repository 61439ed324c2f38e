// What lies behind a bubble: the callback and its answer, plain and sealed, and every try with its time.

import { gist } from "./bubbles.js";
import { copied } from "./copy.js";
import { button, h, icon, iconButton, rove } from "./dom.js";
import * as platform from "./platform.js";
import { pretty } from "./xml.js";

const OUTCOMES = { answered: "已答复", empty: "没有话", service_error: "服务故障" };
const TABS = ["明文", "密文", "经过"];
const TRIES = 3;

export function drawer(onClose) {
  const title = h("h2", { text: "原始回调" });
  const facts = h("dl.facts");
  const tabs = h("div.seg", { role: "tablist", "aria-label": "原始回调" });
  const body = h("div.raw", { tabindex: 0, role: "tabpanel", id: "raw" });
  const element = h("aside.drawer", { "aria-label": "原始回调", hidden: true, onkeydown: (event) => event.key === "Escape" && close() }, h("header", {}, title, iconButton("close", "关上", close)), facts, tabs, body);
  const state = { tab: 0, from: null, made: null, shown: null };
  tabs.append(...TABS.map((label, at) => h("button", { type: "button", role: "tab", id: `tab-${at}`, "aria-controls": "raw", text: label, onclick: () => choose(at), onfocus: () => at !== state.tab && choose(at) })));
  rove(tabs, "button");

  async function open(person, held, made) {
    mark(made);
    state.from = document.activeElement;
    title.textContent = `原始回调：${shorten(gist(held) || held.event || held.kind)}`;
    element.hidden = false;
    facts.replaceChildren();
    body.replaceChildren(h("p.still", { role: "status", text: "正在取……" }));
    tabs.children[state.tab].focus({ preventScroll: true });
    if (!held.id) return body.replaceChildren(h("p", { text: "这条还没有发出去，背后没有回调。" }));
    try {
      state.shown = await platform.behind(person.user, held.id);
    } catch (fault) {
      return body.replaceChildren(h("p", { role: "alert", text: fault.message }));
    }
    drawFacts();
    choose(state.tab);
  }

  function mark(made) {
    state.made?.classList.remove("sel");
    state.made = made;
    made?.classList.add("sel");
  }

  function close() {
    if (element.hidden) return;
    element.hidden = true;
    mark(null);
    if (state.from?.isConnected) state.from.focus({ preventScroll: true });
    onClose();
  }

  function drawFacts() {
    const { callback, call, events = [] } = state.shown;
    if (callback) {
      facts.replaceChildren(
        fact(OUTCOMES[callback.outcome] || "还在路上", "结果", callback.outcome === "service_error" ? "bad-news" : ""),
        fact(callback.elapsed_ms === null ? "—" : milliseconds(callback.elapsed_ms), "用时"),
        fact(`${callback.tries ?? 0} 次`, `共可试${TRIES}次`),
      );
    } else {
      facts.replaceChildren(fact(call ? "接口发来" : "平台自己", "来路"), fact(`${events.length} 个`, "后来的事件"), fact("—", "用时"));
    }
  }

  function choose(at) {
    state.tab = at;
    [...tabs.children].forEach((one, number) => {
      one.setAttribute("aria-selected", String(number === at));
      one.tabIndex = number === at ? 0 : -1;
    });
    body.setAttribute("aria-labelledby", `tab-${at}`);
    if (state.shown) body.replaceChildren(...[plain, sealed, history][at](state.shown));
    body.scrollTop = 0;
  }

  return { element, open, close };
}

const fact = (words, label, name = "") => h("div", {}, h("dt", { text: label }), h(name ? `dd.${name}` : "dd", { text: words }));

const milliseconds = (ms) => (ms < 1000 ? `${Math.round(ms)} 毫秒` : `${(ms / 1000).toFixed(1)} 秒`);

function plain({ callback, call, events = [] }) {
  const parts = [];
  if (callback) {
    const [head, text = ""] = split(callback.request);
    parts.push(block("平台发来", address(head), head), block("", pretty(text), text), block("服务答复", pretty(callback.response || ""), callback.response || ""));
  }
  if (call) {
    const [head, text = ""] = split(call);
    parts.push(block("服务调的接口", address(head), head), block("", pretty(text), text));
  }
  for (const one of events) {
    const [, text = ""] = split(one.request);
    parts.push(block(`后来告诉服务的事件（${OUTCOMES[one.outcome] || "还在路上"}）`, pretty(text), text));
  }
  return parts.length ? parts : [h("p", { text: "这条是平台自己放进来的，没有回调，也没有接口。" })];
}

function split(request) {
  const at = request.indexOf("\n\n");
  return at < 0 ? [request, ""] : [request.slice(0, at), request.slice(at + 2)];
}

// POST and path plain, the parameters one a line.
function address(head) {
  const [, method = "", url = ""] = head.match(/^(\S+)\s+(\S+)/) || [];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return [h("i", { text: method }), ` ${url}`];
  const lines = [...parsed.searchParams].flatMap(([name, value], at) => ["\n", h("i", { text: `${at ? "&" : "?"}${name}=` }), value]);
  return [h("i", { text: method }), ` ${parsed.pathname}`, ...lines];
}

function sealed({ callback }) {
  const attempts = callback?.attempts || [];
  if (!attempts.length) return [h("p", { text: callback ? "这条没有留下密文。" : "这条不是回调，没有密文。" })];
  const last = attempts.at(-1);
  return [block("平台发来（加密，带签名）", address(`POST ${last.url}`), last.url), block("", pretty(last.sealed), last.sealed), block("服务答复（加密）", pretty(last.answer || ""), last.answer || "")];
}

function history({ callback }) {
  if (!callback) return [h("p", { text: "这条不是回调，没有经过。" })];
  const attempts = callback.attempts || [];
  if (!attempts.length) return [h("p", { text: `一共试了${callback.tries ?? 0}次，用了${milliseconds(callback.elapsed_ms ?? 0)}。` })];
  const begun = attempts[0].started;
  const longest = Math.max(...attempts.map((one) => one.started - begun + one.elapsed_ms / 1000), 0.001);
  return [h("ol.tries", {}, ...attempts.map((one, at) => attempt(one, at, begun, longest)))];
}

function attempt(one, at, begun, longest) {
  const bar = h("span.bar", { "aria-hidden": "true" }, h("i"));
  const offset = ((one.started - begun) / longest) * 100;
  bar.firstChild.style.marginInlineStart = `${Math.min(98, offset)}%`;
  bar.firstChild.style.width = `${Math.max(2, Math.min(100 - offset, (one.elapsed_ms / 10 / longest)))}%`;
  const words = one.failure || (one.status === 200 || one.status === undefined ? "收到答复" : `HTTP ${one.status}`);
  return h(one.failure ? "li.failed" : "li", {}, h("strong", {}, icon(one.failure ? "failed" : "check"), `第${at + 1}次`), h("span", { text: words }), h("span.ms", { text: milliseconds(one.elapsed_ms) }), bar, h("small", { text: at ? `第一次之后 ${(one.started - begun).toFixed(1)} 秒` : "马上就发" }));
}

function block(heading, parts, text) {
  const copy = button("copy", icon("copy"), async () => {
    const isDone = await copied(text);
    copy.setAttribute("aria-label", isDone ? "复制好了" : "浏览器不让复制");
    copy.replaceChildren(icon(isDone ? "check" : "failed"));
    setTimeout(() => (copy.replaceChildren(icon("copy")), copy.setAttribute("aria-label", "复制")), 1600);
  }, { "aria-label": "复制", title: "复制" });
  return h("section", {}, heading ? h("h3", { text: heading }) : null, h("div.code", {}, h("pre", {}, ...parts), copy));
}

const shorten = (words) => ([...words].length > 12 ? `${[...words].slice(0, 12).join("")}…` : words);
