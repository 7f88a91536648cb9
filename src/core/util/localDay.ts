/** The day on the user's calendar and clock, `2026-11-21`; `later` counts days from it on. @param time Milliseconds since 1970. */
export function localDay(time: number, later = 0): string {
  const date = new Date(time);
  // By the calendar: a day may have 23 or 25 hours.
  date.setDate(date.getDate() + later);
  const [year, month, day] = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-');
}
