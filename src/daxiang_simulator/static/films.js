// Sending a short film: one of three that are drawn, or one of one's own, with a still for before it plays.

import { button, h, icon } from "./dom.js";
import * as platform from "./platform.js";
import { ask } from "./senders.js";

const SAMPLES = [
  ["bump", "后车蹭上来"],
  ["lights", "路口变灯"],
  ["rain", "雨里行车"],
];
const STILL = { width: 320, height: 240 };

export async function film(phone, account, say) {
  const chosen = await choose(phone);
  if (!chosen) return;
  const upload = (kind, bytes) => platform.upload(phone.person.user, account.name, kind, bytes);
  try {
    const { media_id } = await upload("video", chosen.film);
    const still = chosen.still && (await upload("thumb", chosen.still));
    say({ type: "video", media_id, thumb_media_id: still?.media_id });
  } catch (fault) {
    phone.tell(fault.message);
  }
}

function choose(phone) {
  return ask(phone, "发视频", (done) => {
    const own = h("input.vh", { type: "file", accept: "video/mp4", "aria-label": "手机里的视频", onchange: () => own.files[0] && taken(own.files[0]).then(done) });
    const samples = SAMPLES.map(([name, label]) => button("choice", h("span.row", {}, h("img", { src: `/_sim/phone/film-${name}.jpg`, alt: "", ...STILL }), label), () => sample(name).then(done, () => done(null))));
    return [h("div.samples", {}, ...samples), h("label.btn.file", {}, icon("video"), "从电脑或手机里选一段 MP4", own)];
  });
}

async function sample(name) {
  const [film, still] = await Promise.all(["mp4", "jpg"].map(async (kind) => (await fetch(`/_sim/phone/film-${name}.${kind}`)).blob()));
  return { film, still };
}

// A still of one's own film, as the app makes it; null where the browser cannot show it.
async function taken(file) {
  const player = h("video", { src: URL.createObjectURL(file), muted: true, playsinline: true });
  const still = await new Promise((resolve) => {
    player.addEventListener("error", () => resolve(null));
    player.addEventListener("seeked", () => {
      const canvas = h("canvas", STILL);
      canvas.getContext("2d").drawImage(player, 0, 0, STILL.width, STILL.height);
      canvas.toBlob(resolve, "image/jpeg", 0.8);
    });
    player.addEventListener("loadeddata", () => (player.currentTime = Math.min(0.5, player.duration / 2)));
  });
  URL.revokeObjectURL(player.src);
  return { film: file, still };
}
