// Times as the reader writes them, in the reader's zone.
import { preferences } from "./preferences.js";
import { t } from "./texts.js";

const HOURS = { auto: {}, 12: { hour12: true }, 24: { hourCycle: "h23" } }; // by the person's preference
const times = {}; // clock → {time, exact, near, far}
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const DAYS_BY_NAME = 6; // a week later the weekday is the same again
const MS_PER_DAY = 24 * 60 * 60 * 1000;

function formats() {
  const { clock } = preferences.get();
  times[clock] ??= {
    time: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", ...HOURS[clock] }),
    exact: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium", ...HOURS[clock] }),
    near: new Intl.DateTimeFormat(undefined, { weekday: "long", hour: "2-digit", minute: "2-digit", ...HOURS[clock] }),
    far: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", ...HOURS[clock] }),
  };
  return times[clock];
}

export function timeOf(at) {
  return formats().time.format(at);
}

/** The time without its half of the day, for where there is little room. */
export function shortTimeOf(at) {
  const parts = formats().time.formatToParts(at).filter(({ type }) => type !== "dayPeriod");
  return parts.map(({ value }) => value).join("").trim();
}

export function exactTimeOf(at) {
  return formats().exact.format(at);
}

export function dateOf(at) {
  return dayOfYear.format(at);
}

/** The time somewhere else; nothing for a zone that this browser does not know. */
export function timeIn(zone, at) {
  try {
    const hours = HOURS[preferences.get().clock];
    return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", timeZone: zone, ...hours }).format(at);
  } catch (error) {
    if (error instanceof RangeError) return "";
    throw error;
  }
}

/** A moment in a sentence: by weekday while that is plain, by date before. */
export function momentOf(at) {
  const isNear = dayOf(Date.now()) - dayOf(at) <= DAYS_BY_NAME * MS_PER_DAY;
  return formats()[isNear ? "near" : "far"].format(at);
}

/** Midnight of the reader's day, in milliseconds: the same for all times of one day. */
export function dayOf(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** A day as an input of dates has it, in the reader's zone. */
export function dateInputOf(at) {
  const date = new Date(at);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part, index) => String(part).padStart(index ? 2 : 4, "0")).join("-");
}

/** The midnight with which such a day begins. */
export function dayOfInput(text) {
  const [year, month, number] = text.split("-").map(Number);
  const date = new Date(0);
  date.setFullYear(year, month - 1, number); // `new Date(99, …)` would be 1999
  return dayOf(date.getTime());
}

export function dayName(midnight) {
  const today = dayOf(Date.now());
  if (midnight === today) return t("day.today");
  if (midnight === dayOf(today - MS_PER_DAY / 2)) return t("day.yesterday");
  const sameYear = new Date(midnight).getFullYear() === new Date(today).getFullYear();
  return (sameYear ? day : dayOfYear).format(midnight);
}

/** Up to two letters for an avatar; an emoji counts as one. */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/);
  const first = (word) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? "";
  return (words.length > 1 ? first(words[0]) + first(words[words.length - 1]) : first(words[0])).toUpperCase();
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** The order in which names stand in lists. */
export function compareNames(a, b) {
  return collator.compare(a, b);
}
