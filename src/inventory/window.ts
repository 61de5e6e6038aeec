import { DAYS, type Day, type InventoryDevice, type Window } from "./form";

/** Why a device must not be written to at that time; undefined if it may be. */
export function heldBack({ frozen, windows }: InventoryDevice, at: Date): string | undefined {
  if (frozen !== undefined) return `frozen: ${frozen}`;
  if (windows.length === 0 || windows.some((window) => isOpen(window, at))) return undefined;
  return `outside its window (${windows.map(windowText).join("; ")})`;
}

/** Whether a time lies in a window, by the clock of the window's own time zone. */
export function isOpen(window: Window, at: Date): boolean {
  const { day, minutes } = clockIn(window.timeZone, at);
  const { days, from, to } = window;
  if (to > from) return days.includes(day) && minutes >= from && minutes < to;
  const yesterday = DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length];
  return (
    (days.includes(day) && minutes >= from) ||
    (yesterday !== undefined && days.includes(yesterday) && minutes < to)
  );
}

/** `sat, sun 22:00-04:00 Europe/London`. */
export function windowText({ days, from, to, timeZone }: Window): string {
  const named = days.length === DAYS.length ? "" : `${days.join(", ")} `;
  return `${named}${clockText(from)}-${clockText(to)} ${timeZone}`;
}

function clockText(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Minutes after midnight of `HH:MM`, up to `24:00`; undefined if the text is no such time. */
export function minutesOf(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  if (minutes > 59 || hours * 60 + minutes > 1440) return undefined;
  return hours * 60 + minutes;
}

/** Whether this is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function clockIn(timeZone: string, at: Date): { day: Day; minutes: number } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const weekday = (parts.get("weekday") ?? "").toLowerCase();
  const day = DAYS.find((each) => each === weekday) ?? "mon";
  return { day, minutes: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}
