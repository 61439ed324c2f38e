// Faults that the platform is told to have: presses for the common ones, a form for any.

import { button, h, icon } from "./dom.js";
import * as platform from "./platform.js";
import { field, openSheet, say } from "./sheet.js";

const PRESETS = [
  { label: "慢6秒", fault: { path: "/cgi-bin/*", kind: "slow", value: 6 } },
  { label: "丢答复5%", fault: { path: "/cgi-bin/*", kind: "lost_answer", rate: 0.05 } },
];
const KINDS = { errcode: "返回错误码", timeout: "不答", lost_answer: "做了，答复丢了", http: "HTTP 错误", garbage: "乱码", slow: "慢" };
const UNITS = { errcode: "错误码", timeout: "秒", http: "状态码", slow: "秒" };

const same = (fault, preset) => fault.path === preset.path && fault.kind === preset.kind && (preset.value === undefined || fault.value === preset.value) && (preset.rate === undefined || fault.rate === preset.rate);

export function describe(fault) {
  const value = fault.kind === "slow" || fault.kind === "timeout" ? `${fault.value}秒` : ["errcode", "http"].includes(fault.kind) ? ` ${fault.value}` : "";
  return `${KINDS[fault.kind]}${value}${fault.rate < 1 ? ` ${Math.round(fault.rate * 1000) / 10}%` : ""}`;
}

// The group of the strip; `onError` gets a sentence.
export function faultKeys(onError) {
  const keys = h("span.keys");
  const element = h("div.grp", { role: "group", "aria-label": "故障" }, h("span.lab", { text: "故障" }), keys, button("btn", icon("plus"), openFaults, { "aria-label": "故障：看全部、添加", "aria-haspopup": "dialog" }));
  let held = [];

  async function refresh() {
    held = await platform.faults().catch(() => held);
    draw();
  }

  function draw() {
    const others = held.filter((one) => !PRESETS.some(({ fault }) => same(one, fault)));
    keys.replaceChildren(...PRESETS.map(preset), ...others.slice(0, 2).map((one) => key(describe(one), one, one.path)), others.length > 2 ? button("btn fault", `另${others.length - 2}个`, openFaults, { "aria-pressed": "true" }) : "");
  }

  function preset({ label, fault }) {
    const active = held.find((one) => same(one, fault));
    return key(label, active, "", () => platform.addFault(fault));
  }

  function key(label, active, note, add) {
    const turn = () => act(() => (active ? platform.liftFault(active.id) : add()));
    return button("btn fault", h("span.row", {}, active ? icon("warn", "i sign") : null, label), turn, { "aria-pressed": String(Boolean(active)), title: note || (active ? "按一下撤掉" : "按一下加上") });
  }

  async function act(change) {
    try {
      await change();
    } catch (fault) {
      onError(fault.message);
    }
    const at = [...keys.children].indexOf(document.activeElement);
    await refresh();
    keys.children[at]?.focus();
  }

  function openFaults() {
    const list = h("ul.rows");
    const warn = h("p.warn", { role: "alert", hidden: true });
    const show = () => list.replaceChildren(...(held.length ? held.map(line) : [h("li.none", { text: "没有故障，一切正常。" })]));
    const line = (one) => h("li", {}, icon("warn", "i sign"), h("span", {}, h("strong", { text: describe(one) }), h("small", { text: `${one.path} · 遇到 ${one.met}/${one.seen} 次` })), button("btn", "撤掉", () => change(() => platform.liftFault(one.id))));
    const change = async (work) => {
      try {
        await work();
        say(warn, "");
      } catch (fault) {
        say(warn, fault.message);
      }
      await refresh();
      show();
    };
    openSheet("故障", list, form((fault) => change(() => platform.addFault(fault))), warn);
    refresh().then(show);
    show();
  }

  draw();
  refresh();
  return { element, refresh };
}

function form(onAdd) {
  const path = h("input", { value: "/cgi-bin/*", required: true, maxlength: 500 });
  const kind = h("select", {}, ...Object.entries(KINDS).map(([value, text]) => h("option", { value, text })));
  const value = h("input", { type: "number", step: "any", placeholder: "照常" });
  const rate = h("input", { type: "number", min: 0, max: 100, step: "any", value: 100 });
  const count = h("input", { type: "number", min: 1, placeholder: "不限" });
  const seed = h("input", { type: "number", value: 0 });
  const valueField = field("值", value);
  const relabel = () => (valueField.firstChild.textContent = UNITS[kind.value] || "值（用不着）");
  kind.addEventListener("change", relabel);
  relabel();
  const submit = (event) => {
    event.preventDefault();
    const read = (input) => (input.value === "" ? undefined : Number(input.value));
    onAdd({ path: path.value, kind: kind.value, value: read(value), rate: (read(rate) ?? 100) / 100, count: read(count), seed: read(seed) });
  };
  return h("form.grid", { onsubmit: submit }, field("接口（结尾可用 *）", path), field("什么故障", kind), valueField, field("多常见（%）", rate), field("遇几次后停", count), field("种子", seed, "同一个种子，每次都一样。"), h("button.btn.strong", { type: "submit", text: "加上" }));
}
