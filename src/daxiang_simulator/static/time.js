// The simulated time: asked now and then, run on between at its own pace, the same on every phone.

import { clock, setClock } from "./platform.js";

const ASK_MS = 10_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const watchers = new Set();
let held = null;

export const rate = () => held?.rate ?? 1;

// Milliseconds of the simulated moment; null before it is known.
export const now = () => (held ? held.simulated + (performance.now() - held.at) * held.rate : null);

// Calls back at once and whenever a minute begins or the clock was moved; returns how to stop.
export function onTime(tell) {
  watchers.add(tell);
  if (held) tell();
  return () => watchers.delete(tell);
}

export async function askClock() {
  try {
    keep(await clock());
  } catch {
    // The phones say that the simulator is away; the last known time runs on.
  }
}

export async function moveClock(change) {
  keep(await setClock(change));
}

function keep({ now: moment, rate: pace }) {
  held = { simulated: Date.parse(moment), at: performance.now(), rate: pace };
  for (const tell of watchers) tell();
}

export function startClock() {
  let minute = null;
  askClock();
  setInterval(() => document.hidden || askClock(), ASK_MS);
  document.addEventListener("visibilitychange", () => document.hidden || askClock());
  setInterval(() => {
    const present = Math.floor(now() / 60_000);
    if (!held || present === minute) return;
    minute = present;
    for (const tell of watchers) tell();
  }, 500);
}

const china = (moment) => new Date(moment + 8 * 3_600_000);
const two = (number) => String(number).padStart(2, "0");

export function timeOf(moment) {
  const at = china(moment);
  return `${at.getUTCHours()}:${two(at.getUTCMinutes())}`;
}

export function dateOf(moment) {
  const at = china(moment);
  return `${at.getUTCMonth() + 1}月${at.getUTCDate()}日 ${WEEKDAYS[at.getUTCDay()]}`;
}

const dayNumber = (moment) => Math.floor((moment + 8 * 3_600_000) / DAY_MS);

// As a chat writes a time: today the hour, yesterday so called, this week the weekday, else the date.
export function chatTime(moment, withHour = false) {
  const present = now() ?? moment;
  const days = dayNumber(present) - dayNumber(moment);
  const hour = timeOf(moment);
  if (days === 0) return hour;
  const weekday = WEEKDAYS[china(moment).getUTCDay()];
  const date = `${china(moment).getUTCMonth() + 1}月${china(moment).getUTCDate()}日`;
  const day = days === 1 ? "昨天" : days > 1 && days < 7 ? weekday : date;
  return withHour ? `${day} ${hour}` : day;
}

// The next moment, from now on, at which a Chinese clock shows this hour.
export function next(hour) {
  const at = china(now());
  const target = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), hour) - 8 * 3_600_000;
  return isoChina(target > now() ? target : target + DAY_MS);
}

export const later = (ms) => isoChina(now() + ms);

export function isoChina(moment) {
  return `${china(moment).toISOString().slice(0, 19)}+08:00`;
}
