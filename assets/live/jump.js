// Going somewhere in the channel that is looked at: to its newest message, to the first unread one, to a day.
import { dayOf } from "./format.js";
import { landing } from "./landing.js";
import { goTo } from "./place.js";

const DAYS_PER_WEEK = 7;

/** To the newest message; where the address names another one, by leaving it. */
export function jumpToLatest() {
  const { pathname, search } = window.location;
  if (new URLSearchParams(search).has("m")) goTo(pathname);
  else landing.look("");
}

export function jumpToUnread() {
  landing.toLine();
}

export function dismissBar() {
  landing.dismiss();
}

/** To the first message of a day, or after it: milliseconds since 1970; what was before that is the beginning. */
export function jumpToMoment(at) {
  landing.ask({ at: Math.max(0, at) });
}

export function jumpToBeginning() {
  jumpToMoment(0);
}

export function jumpToLastWeek() {
  const day = new Date(dayOf(Date.now()));
  jumpToMoment(day.setDate(day.getDate() - DAYS_PER_WEEK));
}

export function jumpToLastMonth() {
  const day = new Date(dayOf(Date.now()));
  const number = day.getDate();
  day.setMonth(day.getMonth() - 1);
  if (day.getDate() !== number) day.setDate(0); // the month before is shorter: its last day
  jumpToMoment(day.getTime());
}
