// Voice and films in a chat. A voice is played where the browser can; else the words that were recognised are
// read aloud where it has a Chinese voice; else the waves move for as long as it lasts, and one reads.

import { button, h, icon } from "./dom.js";

const CHARACTERS_A_SECOND = 3.5;
const LONGEST_S = 60;
const AMR_BYTES = [13, 14, 16, 18, 20, 21, 27, 32, 6];
const AMR_FRAME_S = 0.02;
let stopLast = () => {};

const bounded = (seconds) => Math.max(1, Math.min(LONGEST_S, Math.round(seconds)));
const spoken = (words) => bounded([...words].length / CHARACTERS_A_SECOND);

export function voice(held, chat) {
  const said = held.recognition || "";
  const length = h("span", { text: said ? `${spoken(said)}″` : "…" });
  const key = button("voice", h("span.row", {}, icon("wave"), length), () => turn(), { "aria-pressed": "false" });
  const heard = h("span.heard", { text: said, hidden: !said });
  const bubble = h("div.bub.sound", {}, key, heard);
  let seconds = spoken(said);
  name(seconds);
  if (!said) measure(chat.media(held)).then((found) => name(bounded(found)), () => name(1));

  function name(found) {
    seconds = found;
    length.textContent = `${found}″`;
    key.setAttribute("aria-label", `语音，${found}秒`);
    key.classList.remove("short", "middle", "long");
    key.classList.add(found > 20 ? "long" : found > 6 ? "middle" : "short");
  }

  function turn() {
    const wasOn = key.getAttribute("aria-pressed") === "true";
    stopLast();
    if (!wasOn) play();
  }

  // One voice at a time on the whole desk.
  function play() {
    let isOn = true;
    let quiet = () => {};
    const stop = () => {
      isOn = false;
      key.setAttribute("aria-pressed", "false");
      quiet();
    };
    stopLast = stop;
    key.setAttribute("aria-pressed", "true");
    const become = (end) => (isOn ? (quiet = end) : end());
    sound(chat.media(held), stop).then(become, () => isOn && become(aloud(said, seconds, stop)));
  }

  return bubble;
}

// The bytes themselves; fails where the browser does not know the format.
async function sound(url, onEnd) {
  const player = new Audio(url);
  player.addEventListener("ended", onEnd);
  await player.play();
  return () => player.pause();
}

// Returns how to stop.
function aloud(said, seconds, onEnd) {
  const speaker = window.speechSynthesis?.getVoices().find(({ lang }) => /^zh/i.test(lang));
  if (!said || !speaker) {
    const timer = setTimeout(onEnd, seconds * 1000);
    return () => clearTimeout(timer);
  }
  const words = new SpeechSynthesisUtterance(said);
  Object.assign(words, { voice: speaker, lang: speaker.lang, onend: onEnd, onerror: onEnd });
  speechSynthesis.speak(words);
  return () => speechSynthesis.cancel();
}

// How long a voice lasts: AMR is counted frame by frame, others the browser knows.
async function measure(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error("gone");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (String.fromCharCode(...bytes.slice(0, 6)) === "#!AMR\n") return frames(bytes) * AMR_FRAME_S;
  return new Promise((resolve, reject) => {
    const player = new Audio(url);
    player.addEventListener("loadedmetadata", () => resolve(player.duration));
    player.addEventListener("error", reject);
  });
}

function frames(bytes) {
  let count = 0;
  for (let at = 6; at < bytes.length; at += AMR_BYTES[(bytes[at] >> 3) & 15] ?? 1) count += 1;
  return count;
}

export function film(held, chat) {
  const poster = h("img", { src: chat.media({ media_id: held.thumb_media_id }), alt: "", width: 216, height: 162, loading: "lazy" });
  const shown = h("span.film", {}, poster, h("span.play", {}, icon("play")), held.title ? h("span.title", { text: held.title }) : null);
  poster.addEventListener("error", () => poster.remove());
  if (!held.thumb_media_id) poster.remove();
  return h("div.bub.bare", {}, button("pic", shown, () => chat.onFilm(chat.media(held)), { "aria-label": held.title ? `看视频：${held.title}` : "看视频" }));
}
