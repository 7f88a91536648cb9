const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export type Day = 'today' | 'yesterday' | 'earlier';

/** The calendar day of a time, as people here count days. A time ahead of the clock is today's. */
export function dayOf(time: number, now: number): Day {
  const today = startOfDay(now);
  if (time >= today) return 'today';
  // Not minus 24 hours: a day in which the clocks change is longer or shorter.
  return time >= startOfDay(today - 1) ? 'yesterday' : 'earlier';
}

/** How long ago, short enough for a list: "now", "5 min", "2 h", "Yesterday", "Jan 12", with the year where it is another one. */
export function timeAgo(time: number, now: number): string {
  const day = dayOf(time, now);
  if (day === 'yesterday') return 'Yesterday';
  if (day === 'earlier') return dateText(time, now);
  const ageMs = now - time;
  if (ageMs < minuteMs) return 'now';
  return ageMs < hourMs ? `${Math.floor(ageMs / minuteMs)} min` : `${Math.floor(ageMs / hourMs)} h`;
}

/** A moment to the minute: "14:05", "yesterday, 14:05", "Jan 12, 14:05", as the reader's language writes it. */
export function momentText(time: number, now: number): string {
  const clock = clockText(time);
  const day = dayOf(time, now);
  if (day === 'today') return clock;
  return `${day === 'yesterday' ? 'yesterday' : dateText(time, now)}, ${clock}`;
}

/** "14:05", as the reader's language writes it. */
export function clockText(time: number): string {
  return new Date(time).toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

function dateText(time: number, now: number): string {
  const date = new Date(time);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(undefined, {
    ...{ day: 'numeric', month: 'short' },
    ...(!sameYear && { year: 'numeric' }),
  });
}

function startOfDay(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}
