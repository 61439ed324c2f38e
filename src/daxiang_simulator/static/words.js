// Words of a bubble: links where their labels stand, numbers that one can call, bare addresses.

import { h } from "./dom.js";

const CALLABLE = /(?<=[打拨](?:1(?:10|19|20|22)[、或])?)1(?:10|19|20|22)(?!\d)|https?:\/\/[^\s<>"'，。；、）】]+/g;
// What is read in one go stands on one line: a date with its weekday, hours, a masked plate, a bridge.
const WHOLE = /(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?:（周.）| 周.|起)?|\d{1,2}:\d\d(?:–\d{1,2}:\d\d|[前后起])?|[一-鿿][A-Z]·[\dA-Z*]+|[一-鿿]{1,5}?(?:大桥|桥|隧道)/g;

// The words with each link's label turned into the link, in the order in which they stand; found links are taken off.
export function linked(words, links, onLink) {
  const parts = [];
  let rest = words;
  while (links.length) {
    const { label, url } = links[0];
    const at = label ? rest.indexOf(label) : -1;
    if (at < 0) break;
    links.shift();
    parts.push(...called(rest.slice(0, at), onLink), anchor(label, url, onLink));
    rest = rest.slice(at + label.length);
  }
  return [...parts, ...called(rest, onLink)];
}

function called(words, onLink) {
  const telephoned = (found) => (found.startsWith("http") ? anchor(found, found, onLink) : h("a", { href: `tel:${found}`, text: found }));
  return split(words, CALLABLE, telephoned).flatMap((one) => (typeof one === "string" ? split(one, WHOLE, kept) : [one]));
}

function kept(found) {
  return h("span.whole", { text: found });
}

// The words with each find of the pattern made into an element.
function split(words, pattern, make) {
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of words.matchAll(pattern)) {
    parts.push(words.slice(from, index), make(found));
    from = index + found.length;
  }
  return [...parts, words.slice(from)].filter((one) => one !== "");
}

export function anchor(label, url, onLink) {
  const opened = (event) => {
    event.preventDefault();
    onLink(url);
  };
  return h("a", { href: url, rel: "noopener", onclick: opened, text: label });
}

// A line each, the first strong when more follow, as every answer of the account is built.
export function paragraphs(content, links, onLink, isFirst) {
  const held = [...links];
  const lines = held.some((one) => one.label?.includes("\n")) ? [content] : content.split("\n");
  if (lines.length === 1 && isFirst) return linked(content, held, onLink);
  return lines.map((line, at) => h(at === 0 && isFirst ? "strong.sentence.first" : "span.sentence", {}, ...linked(line, held, onLink)));
}

// Long labels get a row of their own, digits stand five by two.
export function chips(choices, onChoice) {
  const row = h("div.chips", {}, ...choices.map((one) => chip(one, onChoice)));
  if (choices.every((one) => /^\d$/.test(one.label))) row.classList.add("digits");
  return row;
}

function chip(choice, onChoice) {
  const made = h("button.chip", { type: "button", text: choice.label, onclick: tapped });
  async function tapped() {
    made.setAttribute("aria-pressed", "true");
    const sent = await onChoice(choice);
    if (!sent) made.removeAttribute("aria-pressed");
  }
  return made;
}
