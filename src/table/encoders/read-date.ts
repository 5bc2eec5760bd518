// Dates as people write them.

const DAY = 86_400_000;
const TIME = /(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?/.source;
/** ISO 8601 to the day or finer; or day, month and year, or month, day and year, by the column's order. */
const DATE = new RegExp(
  `^(?:(\\d{4})-(\\d\\d)-(\\d\\d)|(\\d\\d?)([./-])(\\d\\d?)\\5(\\d{4}))(?:[T ]${TIME} ?(Z|[+-]\\d\\d:?\\d\\d)?)?$`,
  'i',
);

/** Milliseconds since 1970 of a date, in UTC unless it says otherwise; NaN for anything else. Unlike Date.parse, which takes a time without a zone as local. */
export function dateOf(text: string, order?: 'dmy' | 'mdy'): number {
  const parts = DATE.exec(text.trim());
  if (!parts) return Number.NaN;
  const [, isoYear, isoMonth, isoDay, first, , second, lastYear, hour, minute, seconds, decimals = '', zone] = parts;
  if (isoYear === undefined && order === undefined) return Number.NaN;
  const [year, month, day] = (
    isoYear !== undefined
      ? [isoYear, isoMonth, isoDay]
      : order === 'dmy'
        ? [lastYear, second, first]
        : [lastYear, first, second]
  ).map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const [h, m, s] = [hour, minute, seconds].map((part) => Number(part ?? 0)) as [number, number, number];
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || h > 23 || m > 59 || s > 59) return Number.NaN;
  const milliseconds = Number(`${decimals}000`.slice(0, 3));
  return date.getTime() + ((h * 60 + m) * 60 + s) * 1000 + milliseconds - offsetOf(zone);
}

function offsetOf(zone = 'Z'): number {
  if (zone.length === 1) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -minutes : minutes) * 60_000;
}

/** The days since 1970 of a time in milliseconds. */
export const daysOf = (milliseconds: number): number => milliseconds / DAY;
