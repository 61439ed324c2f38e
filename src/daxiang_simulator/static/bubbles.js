// What stands in a chat: one element for each entry, by its kind.

import * as cards from "./cards.js";
import { accountFace, button, face, h, icon } from "./dom.js";
import { film, voice } from "./media.js";
import { chips, paragraphs } from "./words.js";

// `chat`: {account, person, onLink, onChoice, onRaw, onPicture, onFilm, media}.
export function entry(held, chat) {
  if (held.is_event || held.kind === "event") return event(held, chat);
  if (held.kind === "service_error") return note(held.content, held, chat);
  if (held.kind === "transfer_customer_service") return note("已转给人工客服，请稍候", held, chat);
  const made = message(held, chat);
  made.append(peek(held, chat));
  return made;
}

function message(held, chat) {
  const bubble = (KINDS[held.kind] || unknown)(held, chat);
  const isMine = held.side === "me";
  const article = ["news", "mpnews", "mpnewsarticle"].includes(held.kind);
  const side = isMine ? face(chat.person.nickname) : accountFace(chat.account);
  const made = h(`div.msg.${isMine ? "me" : "them"}`, { "data-id": held.id || "" }, article ? null : side, bubble);
  made.prepend(h("span.vh", { text: isMine ? "我说：" : `${held.agent || chat.account.display_name}：` }));
  if (article) made.classList.add("broad");
  return made;
}

export function stamp(words) {
  return h("p.time", { text: words });
}

export function note(words, held, chat) {
  const made = h("div.sys", {}, h("span", { text: words }));
  if (held?.id) made.append(peek(held, chat));
  return made;
}

const EVENTS = {
  subscribe: () => "您已关注",
  unsubscribe: () => "您已取消关注",
  CLICK: () => "点了菜单",
  VIEW: () => "打开了菜单里的网页",
  SCAN: () => "扫了二维码",
  LOCATION: () => "上报了位置",
  view_miniprogram: () => "打开了小程序",
  location_select: () => "从菜单发位置",
  scancode_push: () => "从菜单扫码",
  scancode_waitmsg: () => "从菜单扫码",
  pic_sysphoto: () => "从菜单拍照",
  pic_photo_or_album: () => "从菜单发照片",
  pic_weixin: () => "从菜单发照片",
};

function event(held, chat) {
  const name = held.event || held.content;
  const words = EVENTS[name] ? EVENTS[name]() : `事件 ${name}`;
  const whom = name === "subscribe" || name === "unsubscribe" ? chat.account.display_name : "";
  return note(whom ? `${words}${whom}` : words, held, chat);
}

function text(held, chat) {
  const { content = "", links = [], choices = [], tail = "" } = held;
  if (held.side === "me") return h("div.bub", {}, content);
  const words = placed(content, links, choices, chat);
  const bubble = h("div.bub", {}, ...words, tail ? h("span.tail", { text: tail }) : null);
  if (choices.length || content.length > 24 || content.includes("\n")) bubble.classList.add("full");
  return bubble;
}

// Choices stand where the service wrote them: `after` is the number of lines before each.
function placed(content, links, choices, chat) {
  const lines = content.split("\n");
  const stops = [...new Set(choices.map((one) => one.after ?? lines.length))].sort((a, b) => a - b);
  const parts = [];
  let from = 0;
  for (const stop of stops) {
    if (stop > from) parts.push(words(lines.slice(from, stop).join("\n"), from === 0, links, chat));
    parts.push(chips(choices.filter((one) => (one.after ?? lines.length) === stop), chat.onChoice));
    from = Math.max(from, stop);
  }
  if (from < lines.length) parts.push(words(lines.slice(from).join("\n"), from === 0, links, chat));
  return parts;
}

function words(content, isFirst, links, chat) {
  return h("span.words", {}, ...paragraphs(content, links, chat.onLink, isFirst));
}

function picture(held, chat) {
  const url = chat.media(held);
  const shown = h("img", { src: url, alt: "图片", loading: "lazy", width: 216, height: 162 });
  const broken = () => made.replaceChildren(h("span.gone", {}, icon("picture"), "图片已过期"));
  shown.addEventListener("error", broken);
  const made = button("pic", shown, () => chat.onPicture(url), { "aria-label": "看大图" });
  return h("div.bub.bare", {}, made);
}

function unknown(held) {
  return h("div.bub", {}, `［${held.kind}］`);
}

const KINDS = {
  text,
  msgmenu: text,
  image: picture,
  voice,
  video: film,
  shortvideo: film,
  music: cards.music,
  location: cards.place,
  link: cards.link,
  news: cards.articles,
  mpnews: cards.articles,
  mpnewsarticle: cards.articles,
  template: cards.notice,
  notice: cards.notice,
  subscribe: cards.notice,
  miniprogrampage: cards.mini,
};

function peek(held, chat) {
  return h("button.peek", { type: "button", "aria-label": "看这条消息的原始回调", onclick: opened, text: "{ }" });
  function opened(event) {
    chat.onRaw(held, event.currentTarget.closest(".msg, .sys"));
  }
}

// Beside a bubble of ours: a ring while it is on its way, a mark when it did not arrive.
export function mark(made, state, onAgain) {
  made.querySelector(":scope > .ring, :scope > .bad")?.remove();
  if (state === "sending") made.querySelector(".bub").after(h("span.ring", { role: "img", "aria-label": "正在发送" }));
  if (state === "failed") {
    made.querySelector(".bub").after(button("bad", icon("failed"), onAgain, { "aria-label": "没发成，再发一次", title: "再发一次" }));
  }
}

// One line for the list of chats.
export function gist(held) {
  if (!held) return "";
  const names = { image: "图片", voice: "语音", video: "视频", shortvideo: "视频", music: "音乐", location: "位置", link: "链接", miniprogrampage: "小程序" };
  if (names[held.kind]) return `［${names[held.kind]}］${held.title || held.label || ""}`;
  if (held.articles?.length) return held.articles[0].title;
  if (held.title) return held.title;
  return (held.content || "").replaceAll("\n", " ");
}

// What a banner or a lock screen may say: that something came; never a plate, an act or the words.
export function discreet({ unread, last }) {
  if (unread > 1) return `有${unread}条新消息`;
  return ["template", "notice", "subscribe"].includes(last?.kind) ? "有一条服务通知，点开查看" : "有一条新消息";
}
