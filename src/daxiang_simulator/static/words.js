// Words of a bubble: links where their labels stand, numbers that one can call, bare addresses.

import { h } from "./dom.js";

const CALLABLE = /(?<=[打拨])1(?:10|19|20|22)(?!\d)|https?:\/\/[^\s<>"'，。；、）】]+/g;

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
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of words.matchAll(CALLABLE)) {
    parts.push(words.slice(from, index));
    parts.push(found.startsWith("http") ? anchor(found, found, onLink) : h("a", { href: `tel:${found}`, text: found }));
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

// The first line strong when more follow, as every answer of the account is built.
export function paragraphs(content, links, onLink) {
  const held = [...links];
  const [first, ...rest] = content.split("\n");
  if (!rest.length) return linked(content, held, onLink);
  return [h("strong.first", {}, ...linked(first, held, onLink)), "\n", ...linked(rest.join("\n"), held, onLink)];
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
