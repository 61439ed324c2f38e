// What one sends besides words: each asks for what it needs on the phone itself, by keyboard as well.

import { button, h, icon, s } from "./dom.js";
import * as platform from "./platform.js";
import { field } from "./sheet.js";

// A panel that rises inside the phone; Escape or 取消 closes it. Resolves with what was chosen, or null.
export function ask(phone, title, build) {
  return new Promise((resolve) => {
    const from = document.activeElement;
    const done = (result) => {
      panel.remove();
      if (from?.isConnected) from.focus({ preventScroll: true });
      resolve(result);
    };
    const name = `ask-${Math.random().toString(36).slice(2)}`;
    const box = h("div.panel", { role: "dialog", "aria-modal": "true", "aria-labelledby": name }, h("header", {}, h("h2", { id: name, text: title }), button("quiet", "取消", () => done(null))), ...build(done));
    const panel = h("div.over", { onclick: (event) => event.target === panel && done(null), onkeydown: (event) => keepInside(event, box, () => done(null)) }, box);
    phone.glass.append(panel);
    (box.querySelector("input, textarea, .choice") || box.querySelector("button")).focus({ preventScroll: true });
  });
}

// Tab stays inside, Escape leaves.
export function keepInside(event, box, leave) {
  if (event.key === "Escape") {
    event.stopPropagation();
    leave();
  }
  if (event.key !== "Tab") return;
  const all = [...box.querySelectorAll("button, input, textarea, select, video, a[href]")].filter((one) => !one.disabled && one.offsetParent);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
}

export const sendRow = (label = "发送") => h("button.big", { type: "submit", text: label });

export async function link(phone, say) {
  const made = await ask(phone, "发链接", (done) => {
    const url = h("input", { type: "url", required: true, placeholder: "https://", maxlength: 1000 });
    const title = h("input", { required: true, maxlength: 100 });
    const submit = (event) => (event.preventDefault(), done({ url: url.value, title: title.value }));
    return [h("form.ask", { onsubmit: submit }, field("地址", url), field("标题", title), sendRow())];
  });
  if (made) say({ type: "link", description: made.url, ...made });
}

const SAMPLES = [
  ["bumper", "蹭到的车尾"],
  ["sign", "路口的标志"],
  ["sticker", "挡风玻璃上的单子"],
];

export async function picture(phone, account, say) {
  const file = await choosePicture(phone);
  if (!file) return;
  try {
    const { media_id } = await platform.upload(phone.person.user, account.name, "image", file);
    say({ type: "image", media_id });
  } catch (fault) {
    phone.tell(fault.message);
  }
}

function choosePicture(phone) {
  return ask(phone, "发照片", (done) => {
    const own = h("input.vh", { type: "file", accept: "image/*", "aria-label": "手机里的照片", onchange: () => own.files[0] && done(own.files[0]) });
    const samples = SAMPLES.map(([name, label]) => button("choice", h("span.row", {}, drawn(name), label), async () => done(await asPicture(name))));
    return [h("div.samples", {}, ...samples), h("label.btn.file", {}, icon("picture"), "从电脑或手机里选一张", own)];
  });
}

// Three sample pictures of our own: plain shapes, no photograph of anybody.
const SHAPES = {
  bumper: [["rect", { width: 320, height: 240, fill: "#C9D3D8" }], ["rect", { y: 168, width: 320, height: 72, fill: "#6B757B" }], ["path", { d: "M50 168v-50l26-52h168l26 52v50z", fill: "#2F5F73" }], ["path", { d: "M88 112l17-36h110l17 36z", fill: "#BFD8E2" }], ["rect", { x: 118, y: 128, width: 84, height: 24, rx: 3, fill: "#F4F2EC" }], ["path", { d: "M226 124l18 10-12 6 16 8-20 4 8 10-24-8z", fill: "#B42A18" }], ["circle", { cx: 92, cy: 170, r: 21, fill: "#20282C" }], ["circle", { cx: 228, cy: 170, r: 21, fill: "#20282C" }]],
  sign: [["rect", { width: 320, height: 240, fill: "#CFE0E8" }], ["rect", { y: 190, width: 320, height: 50, fill: "#8A938F" }], ["rect", { x: 153, y: 96, width: 14, height: 130, fill: "#5A6770" }], ["circle", { cx: 160, cy: 82, r: 58, fill: "#B42A18" }], ["circle", { cx: 160, cy: 82, r: 44, fill: "#FFFFFF" }], ["path", { d: "M128 92v-16l10-14h44l10 14v16h-10a8 8 0 0 1-16 0h-12a8 8 0 0 1-16 0z", fill: "#14212A" }]],
  sticker: [["rect", { width: 320, height: 240, fill: "#AEBCC2" }], ["path", { d: "M10 200l44-150h212l44 150z", fill: "#DCE8ED" }], ["path", { d: "M60 204l150-92", stroke: "#20282C", "stroke-width": 7 }], ["rect", { x: 104, y: 104, width: 92, height: 74, rx: 3, fill: "#FFFDF4", transform: "rotate(-8 150 140)" }], ["path", { d: "M116 126l62-9M118 140l62-9M120 154l40-6", stroke: "#5A6770", "stroke-width": 5 }]],
};

function drawn(name) {
  const shapes = SHAPES[name].map(([tag, props]) => s(tag, props));
  return s("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: "0 0 320 240", width: 320, height: 240, "aria-hidden": "true" }, ...shapes);
}

// The drawing as the JPEG that a camera would have made.
async function asPicture(name) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawn(name)))}`;
  await image.decode();
  const canvas = h("canvas", { width: 640, height: 480 });
  canvas.getContext("2d").drawImage(image, 0, 0, 640, 480);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

// The codes that the accounts have made, or whatever a code on a wall says.
export async function scan(phone) {
  const codes = await platform.codes().catch(() => []);
  const code = await ask(phone, "扫一扫", (done) => [finder(), ...pick(codes, done), scanned(done, !codes.length)]);
  if (!code) return;
  if (/^https?:/.test(code) && phone.pictureOf(code)) return void phone.openLink(code);
  try {
    const found = codes.find((one) => one.ticket === code || one.url === code);
    await platform.scan(phone.person.user, found ? { ticket: found.ticket } : /^https?:/.test(code) ? { url: code } : { ticket: code });
    await phone.refresh();
    if (found) phone.show("talk", phone.desk.accounts.find((one) => one.name === found.account));
    else phone.home("chats");
  } catch (fault) {
    if (!phone.lost(fault)) phone.tell(fault.message);
  }
}

const finder = () => h("div.finder", { "aria-hidden": "true" }, icon("scan"));

function pick(codes, done) {
  if (!codes.length) return [];
  return [h("div.choices", {}, ...codes.map((one) => button("choice", h("span.row", {}, icon("scan"), h("span", {}, `${one.display_name}：${one.scene}`)), () => done(one.ticket))))];
}

function scanned(done, isAlone) {
  const words = h("input", { required: true, maxlength: 1000, placeholder: "网址或者 ticket" });
  const submit = (event) => (event.preventDefault(), done(words.value.trim()));
  return h("form.ask", { onsubmit: submit }, field("二维码里的内容", words, isAlone ? "服务用接口建了带参数的二维码，就会列在这里。" : ""), sendRow("扫"));
}

// What a key of the menu needs from the person first: {} for nothing, null when they gave up.
export async function forMenu(phone, key) {
  if (key.type?.startsWith("scancode")) {
    const said = await ask(phone, key.name, (done) => [finder(), scanned(done, false)]);
    return said === null ? null : { result: said };
  }
  if (key.type === "location_select") {
    const location = await new Promise((resolve) => phone.show("place", resolve, () => resolve(null)));
    return location && { location };
  }
  return {};
}
