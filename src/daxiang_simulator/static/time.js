// The simulated time, asked now and then and run on between at its own pace.

import { clock } from "./platform.js";

const ASK_MS = 5000;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

// `long` elements show date and time, `short` ones the time of day.
export function startClock(long, short) {
  let held = null;

  async function ask() {
    if (document.hidden) return;
    try {
      const { now, rate } = await clock();
      held = { simulated: Date.parse(now), at: performance.now(), rate };
      show();
    } catch {
      // The conversation says that the simulator is away; the last known time runs on.
    }
  }

  function show() {
    if (!held) return;
    const simulated = held.simulated + (performance.now() - held.at) * held.rate;
    const china = new Date(simulated + 8 * 3600 * 1000);
    const time = `${china.getUTCHours()}:${String(china.getUTCMinutes()).padStart(2, "0")}`;
    const date = `${china.getUTCMonth() + 1}月${china.getUTCDate()}日 ${WEEKDAYS[china.getUTCDay()]}`;
    for (const one of long) one.textContent = `${date} ${time}`;
    for (const one of short) one.textContent = time;
  }

  ask();
  setInterval(ask, ASK_MS);
  setInterval(show, 1000);
  document.addEventListener("visibilitychange", ask);
}
