// The conversation as elements. Words are only ever set as text, never as markup.

export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function button(className, label, onClick) {
  const made = element("button", className, label);
  made.type = "button";
  made.addEventListener("click", onClick);
  return made;
}

function face(side, nickname) {
  const ava = element("span", "ava");
  ava.setAttribute("aria-hidden", "true");
  if (side === "me") {
    ava.textContent = nickname.slice(0, 1);
  } else {
    const picture = element("img");
    picture.src = "/_sim/phone/logo.svg";
    picture.alt = "";
    ava.append(picture);
  }
  return element("span", "side", ava);
}

export function mine(words, nickname) {
  return element("div", "msg me", face("me", nickname), element("div", "bub", words));
}

export function typing() {
  const dots = element("span", "wait", element("i"), element("i"), element("i"));
  dots.setAttribute("aria-hidden", "true");
  return element("div", "msg them", face("them"), element("div", "bub", dots, element("span", "vh", "对方正在输入")));
}

export const note = (className, words) => element("p", className, words);

export function failed(bubble, onAgain) {
  bubble.append(button("bad", "没发出去，再发", onAgain));
}

// A reply. `onChoice` gets the choice that was tapped.
export function theirs(entry, onChoice) {
  if (entry.kind === "service_error") return note("sys", entry.content);
  const bubble = element("div", "bub", ...body(entry));
  const side = face("them");
  if (entry.choices?.length) bubble.append(chips(entry.choices, onChoice));
  if (entry.choices?.length || (entry.content || "").length > 40) bubble.classList.add("wide");
  if (entry.raw) side.append(peek(entry, bubble));
  return element("div", "msg them", side, bubble);
}

function body(entry) {
  if (entry.kind === "text") {
    const [first, ...rest] = entry.content.split("\n");
    if (!rest.length) return linked(entry.content, entry.links);
    const links = [...entry.links];
    const head = element("span", "first", ...linked(first, links));
    return [head, "\n", ...linked(rest.join("\n"), links)];
  }
  if (entry.kind === "news") return entry.articles.map((article) => outward(article.title, article.url));
  return [`［${{ image: "图片", voice: "语音" }[entry.kind] || entry.kind}］`];
}

// The words with each link's label turned into the link, in the order in which they stand; found links are taken off.
function linked(words, links) {
  const parts = [];
  let rest = words;
  while (links.length) {
    const at = rest.indexOf(links[0].label);
    if (at < 0 || !links[0].label) break;
    const { label, url } = links.shift();
    parts.push(rest.slice(0, at), outward(label, url));
    rest = rest.slice(at + label.length);
  }
  return [...parts, rest];
}

function outward(label, url) {
  if (!/^https?:\/\//.test(url)) return label;
  const link = element("a", "", label);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

function chips(choices, onChoice) {
  const row = element("div", "chips", ...choices.map((one) => button("chip", one.label, () => onChoice(one))));
  if (choices.every((one) => /^\d$/.test(one.label))) row.classList.add("digits");
  return row;
}

function peek(entry, bubble) {
  const made = button("peek", "{ }", () => {
    const shown = bubble.querySelector(":scope > .raw");
    made.setAttribute("aria-expanded", String(!shown));
    bubble.classList.add("wide");
    if (shown) shown.remove();
    else bubble.append(raw(entry.raw));
  });
  made.setAttribute("aria-label", "看原始回调");
  made.setAttribute("aria-expanded", "false");
  return made;
}

function raw({ tries, elapsed_ms: elapsed, request, response }) {
  const facts = element("p", "", `${Math.round(elapsed)} 毫秒 · 第 ${tries} 次`);
  const [head, xml] = request.split("\n\n");
  const sent = [element("p", "", "平台发来（解密后）"), element("pre", "", head), element("pre", "", spread(xml))];
  const got = [element("p", "", "服务答复（解密后）"), element("pre", "", spread(response))];
  return element("div", "raw", facts, ...sent, ...got);
}

// One element a line, so that a person can read it.
const spread = (xml) => xml.replace(/>\s*<(?=[A-Za-z])/g, ">\n<").replace(/<\/xml>$/, "\n</xml>").replace(/\n\n/g, "\n");
