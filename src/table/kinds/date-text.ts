// Dates and times as texts. Those without a zone are UTC, so that a file means the same everywhere.

export type Order = 'dmy' | 'mdy';

export interface DateText {
  /** Milliseconds since 1970. With an order that is not settled, as 'mdy' has it if that is a date. */
  readonly time: number;
  /** The order of its day and month: undefined where it has none, as ISO 8601 and names of months. */
  readonly order?: Order | 'either';
}

const LONGEST = 80;
const TIME =
  '(?:(?:[T:]|,?\\s{1,2})(\\d{1,2}):([0-5]\\d)(?::([0-5]\\d|60)(?:[.,](\\d{1,9}))?)?\\s?([ap]\\.?m\\.?)?\\s?(?:Z|UTC|GMT)?\\s?(?:([+-])([01]\\d|2[0-3]):?([0-5]\\d)?)?(?:\\s\\([^)]*\\))?)?$';
const months = 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec';
const MONTH = `(${months})[a-z]{0,6}\\.?`;
const WEEKDAY = '^(?:[a-z]{3}(?:[a-z]*day)?\\.?,?\\s)?';
const iso = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}`, 'i');
const numeric = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${TIME}`, 'i');
const monthFirst = new RegExp(`${WEEKDAY}${MONTH}\\s(\\d{1,2})(?:st|nd|rd|th)?,?\\s(\\d{4})${TIME}`, 'i');
const dayFirst = new RegExp(
  `${WEEKDAY}(\\d{1,2})(?:st|nd|rd|th)?[\\s/-]?${MONTH},?[\\s/-]?(\\d{4}|\\d{2})${TIME}`,
  'i',
);
const monthOfYear = new RegExp(`^${MONTH}[\\s-](\\d{4})$`, 'i');
const yearAndMonth = /^(1[5-9]\d\d|2[0-3]\d\d)-(0[1-9]|1[0-2])$/;
const quarter = /^(?:(\d{4})[\s-]?Q([1-4])|Q([1-4])[\s-]?(\d{4}))$/i;

/** A trimmed text as a date; undefined if it is none. `order` is that of days and months, where it is known. */
export function dateOf(text: string, order?: Order): DateText | undefined {
  const { length } = text;
  if (length < 6 || length > LONGEST) return undefined;
  let match = iso.exec(text);
  if (match) return settled(match, Number(match[1]), Number(match[3]), Number(match[4]), 5);
  match = numeric.exec(text);
  if (match) return ordered(match, order);
  match = monthFirst.exec(text);
  if (match) return settled(match, Number(match[3]), monthOf(match[1]), Number(match[2]), 4);
  match = dayFirst.exec(text);
  if (match) return settled(match, yearOf(match[3] as string), monthOf(match[2]), Number(match[1]), 4);
  match = yearAndMonth.exec(text);
  if (match) return settled(match, Number(match[1]), Number(match[2]), 1, 9);
  match = monthOfYear.exec(text);
  if (match) return settled(match, Number(match[2]), monthOf(match[1]), 1, 9);
  match = quarter.exec(text);
  if (match) return settled(match, Number(match[1] ?? match[4]), 3 * Number(match[2] ?? match[3]) - 2, 1, 9);
  return undefined;
}

/** A number that is asked to be a date: a year, or year, month and day as in 20000131. */
export function dateOfDigits(text: string): number {
  const [, year, month = '1', day = '1'] = /^(\d{4})(?:(\d{2})(\d{2}))?$/.exec(text) ?? [];
  return year === undefined ? Number.NaN : (dayTime(Number(year), Number(month), Number(day)) ?? Number.NaN);
}

const monthOf = (name = ''): number => months.indexOf(name.toLowerCase()) / 4 + 1;
/** Two digits are 1969 to 2068, as POSIX has it. */
const yearOf = (text: string): number =>
  text.length === 4 ? Number(text) : Number(text) + (Number(text) < 69 ? 2000 : 1900);

function settled(match: RegExpExecArray, year: number, month: number, day: number, rest: number): DateText | undefined {
  const time = withTime(dayTime(year, month, day), match, rest);
  return time === undefined ? undefined : { time };
}

function ordered(match: RegExpExecArray, order: Order | undefined): DateText | undefined {
  const [first, second, year] = [Number(match[1]), Number(match[3]), yearOf(match[4] as string)];
  const dmy = order === 'mdy' ? undefined : withTime(dayTime(year, second, first), match, 5);
  const mdy = order === 'dmy' ? undefined : withTime(dayTime(year, first, second), match, 5);
  const time = mdy ?? dmy;
  if (time === undefined) return undefined;
  // Nobody writes months first with dots.
  if (match[2] === '.' && dmy !== undefined) return { time: dmy, order: 'dmy' };
  if (dmy !== undefined && mdy !== undefined) return { time, order: 'either' };
  return { time, order: mdy === undefined ? 'dmy' : 'mdy' };
}

function dayTime(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

function withTime(day: number | undefined, match: RegExpExecArray, rest: number): number | undefined {
  const [hours, minutes, seconds = '0', decimals = '0', half, sign, zoneHours = '0', zoneMinutes = '0'] =
    match.slice(rest);
  if (day === undefined || hours === undefined) return day;
  let hour = Number(hours);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (/^p/i.test(half) ? 12 : 0);
  }
  const milliseconds = Math.floor(Number(`0.${decimals}`) * 1000 + 1e-6);
  const time = ((hour * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + milliseconds;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -6e4 : 6e4);
  // 24:00 is the end of the day, and nothing is later.
  return time > 864e5 ? undefined : day + time - offset;
}
