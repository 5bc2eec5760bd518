// Times of the day as texts: 03:21, 03:21:45.5, 3:21 PM; hours may go on behind 24 where seconds tell them from minutes, as in 36:10:05.

const TIME = /^(\d{1,4}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?(?:\s?([ap])\.?m\.?)?$/i;

/** A trimmed text as seconds, as spreadsheets' times are read; undefined if it is no time. */
export function timeOf(text: string): number | undefined {
  const [, hours, minutes, seconds = '', decimals = '', half] = TIME.exec(text) ?? [];
  if (hours === undefined) return undefined;
  let hour = Number(hours);
  if (half ? hour < 1 || hour > 12 : seconds === '' && (hours.length > 2 || hour * 60 + Number(minutes) > 1440))
    return undefined;
  if (half) hour = (hour % 12) + (/p/i.test(half) ? 12 : 0);
  return hour * 3600 + Number(minutes) * 60 + Number(`${seconds || 0}.${decimals || 0}`);
}
