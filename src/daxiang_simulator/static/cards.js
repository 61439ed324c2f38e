// Cards: articles, notices, places, links. Whatever leads on opens inside the chat.

import { button, h, icon, s } from "./dom.js";
import { smallMap } from "./map.js";

// A cover of our own where there is no picture: rain over a crossing, or a bridge over the river.
function drawnCover(title) {
  const cover = s("svg", { viewBox: "0 0 370 157", class: "cover", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" });
  cover.append(s("rect", { width: 370, height: 157, class: "cover-sky" }), s("rect", { y: 113, width: 370, height: 44, class: "cover-ground" }));
  cover.append(...(/雨|雪|路滑|追尾|事故/.test(title) ? crossing() : bridge()));
  return cover;
}

const line = (d) => s("path", { d, class: "cover-line" });

function crossing() {
  const stripes = Array.from({ length: 6 }, (_, i) => s("path", { d: `M${28 + i * 58} 150l${12 - i * 4} -30h28l${4 + i * 2} 30z`, class: "cover-mark" }));
  return [...stripes, ...Array.from({ length: 9 }, (_, i) => line(`M${36 + i * 38} ${18 + ((i * 37) % 62)}l-9 26`))];
}

function bridge() {
  const hangers = Array.from({ length: 13 }, (_, i) => 121 + i * 10.7).map((x) => line(`M${x.toFixed(1)} ${(76 - ((x - 185) / 68) ** 2 * -0.1 - 44 * ((x - 185) / 68) ** 2).toFixed(1)}V96`));
  const waves = [22, 148, 262].map((x, i) => line(`M${x} ${128 + i * 5}q9 -7 18 0t18 0t18 0`));
  return [line("M-4 98C50 92 92 62 117 30C150 92 220 92 253 30C278 62 320 92 374 98"), line("M117 26V122M253 26V122"), s("path", { d: "M-4 98h378", class: "cover-deck" }), ...hangers, ...waves];
}

function cover(article, chat) {
  const url = article.picture && chat.picture(article.picture);
  if (!url) return drawnCover(article.title);
  const shown = h("img.cover", { src: url, alt: "", loading: "lazy" });
  shown.addEventListener("error", () => shown.replaceWith(drawnCover(article.title)));
  return shown;
}

export function articles(held, chat) {
  const [first, ...rest] = held.articles;
  const single = !rest.length;
  const head = leading(first, chat, "lead", cover(first, chat), h("span.in", {}, h("strong", { text: first.title }), single && first.description ? h("small", { text: first.description }) : null));
  const more = rest.map((one) => leading(one, chat, "further", h("span", { text: one.title }), h("span.thumb", {}, cover(one, chat))));
  return h("div.bub.card.news", {}, head, ...more);
}

function leading(article, chat, name, ...content) {
  if (!article.url) return h(`div.${name}`, {}, ...content);
  return button(name, "", () => chat.onLink(article.url), {}).appendChild(h("span.row", {}, ...content)).parentNode;
}

// A template message or subscription notice: what it is, pairs, one way in.
export function notice(held, chat) {
  const pairs = (held.pairs || []).flatMap(({ label, value }) => [h("dt", { text: label }), h("dd", { text: value })]);
  const foot = held.url ? footer("查看详情", () => chat.onLink(held.url)) : held.mini ? footer("打开小程序", () => chat.onMini(held.mini)) : null;
  return h("div.bub.card.full", {}, h("div.in", {}, h("h3", { text: held.title || "服务通知" }), h("dl.kv", {}, ...pairs)), foot);
}

const footer = (words, onclick) => button("foot", h("span.row", {}, h("span", { text: words }), icon("right")), onclick);

export function place(held) {
  const where = { lat: Number(held.latitude ?? held.lat), lon: Number(held.longitude ?? held.lon) };
  const [first, ...rest] = (held.label || "位置").split(" ");
  const name = rest.length ? rest.join(" ") : first;
  return h("div.bub.card.loc", {}, h("div.in", {}, h("strong", { text: name }), h("small", { text: rest.length ? first : `${where.lat.toFixed(4)}, ${where.lon.toFixed(4)}` })), smallMap(where));
}

export function link(held, chat) {
  const inside = h("span.row", {}, h("span.in", {}, h("strong", { text: held.title || held.url }), h("small", { text: held.description || held.url })), h("span.thumb.plain", {}, icon("link")));
  return h("div.bub.card", {}, button("linked", inside, () => chat.onLink(held.url)));
}

export function mini(held, chat) {
  const inside = h("span.row", {}, h("span.in", {}, h("strong", { text: held.title || "小程序" }), h("small", { text: held.pagepath })), h("span.thumb.plain", {}, icon("scan")));
  return h("div.bub.card", {}, button("linked", inside, () => chat.onMini(held)), h("p.kind", { text: "小程序" }));
}

export function music(held, chat) {
  const inside = h("span.row", {}, h("span.in", {}, h("strong", { text: held.title || "音乐" }), h("small", { text: held.description || "" })), h("span.thumb.plain", {}, icon("play")));
  const url = held.musicurl || held.hqmusicurl;
  return h("div.bub.card", {}, button("linked", inside, () => url && chat.onLink(url)));
}
