// Numbers as people write them: 1,234.5; 1.234,5; 12 %; $5.00; (3); −7; 1e-3.

/** What a text says as a number. */
export interface NumberText {
  readonly value: number;
  /** The sign of a currency, '%', or ''. */
  readonly unit: string;
  /** Whether it can only be read with this decimal sign: 3.14 and 1,234,567 are sure of the point, 1.234 and 1,234 are not. */
  readonly sure: boolean;
  /** Whether it would be another number with the other decimal sign: 1.234 and 1,234. */
  readonly either: boolean;
  /** Whether the other decimal sign stands between its thousands: 1,234 and 1,234,567 with a decimal point. */
  readonly grouped: boolean;
  /** Whether it is rather a code of digits: it has leading zeros, or more digits than float64 holds. */
  readonly code: boolean;
}

const LONGEST = 64;
const CURRENCY =
  '(?:US|A|C|NZ|HK|R)?\\$|[€£¥₹₽₩₺₪฿₫₴₦]|(?:USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|KRW|TRY|RUB|SGD|HKD)|kr\\.?|zł|Fr\\.';
/** Each part can be matched in one way only, so the time is linear. */
const WHOLE = new RegExp(
  `^(\\()?([-+−–]?)\\s?(${CURRENCY})?\\s?([-+−–]?)([\\d.,'’ \\u00a0\\u2009\\u202f]*\\d[.,]?)(e[-+]?\\d+)?\\s?(%|${CURRENCY})?(\\))?$`,
  'i',
);
const DIGIT = /\d/;

interface Forms {
  /** Digits and decimals. */
  readonly plain: RegExp;
  /** Groups of three digits, between the same signs; in India of two, before the last three. */
  readonly grouped: RegExp;
}
const forms: Readonly<Record<'.' | ',', Forms>> = {
  '.': {
    plain: /^(\d*)(?:\.(\d*))?$/,
    grouped: /^(\d{1,3}(?:([,'’ \u00a0\u2009\u202f])\d{3})(?:\2\d{3})*|\d{1,2}(?:(,)\d{2})+,\d{3})(?:\.(\d*))?$/,
  },
  ',': {
    plain: /^(\d*)(?:,(\d*))?$/,
    grouped: /^(\d{1,3}(?:([.'’ \u00a0\u2009\u202f])\d{3})(?:\2\d{3})*)()(?:,(\d*))?$/,
  },
};

/** A trimmed text as a number whose decimals come after `decimal`; undefined if it is none. */
export function numberOf(text: string, decimal: '.' | ','): NumberText | undefined {
  if (text.length > LONGEST || !DIGIT.test(text)) return undefined;
  const match = WHOLE.exec(text);
  if (!match) return undefined;
  const [, open, sign = '', before, inner = '', body = '', exponent = '', after, close] = match;
  if ((open === undefined) !== (close === undefined)) return undefined;
  if ((open !== undefined || inner !== '') && sign !== '') return undefined;
  if (before !== undefined && after !== undefined) return undefined;
  const read = digitsOf(body, decimal);
  if (!read || (read.groups > 0 && exponent !== '')) return undefined;
  const { whole, decimals, groups } = read;
  const size = Number(
    `${whole}.${decimals ?? ''}${exponent}` === '.' ? Number.NaN : `${whole || '0'}.${decimals || '0'}${exponent}`,
  );
  if (Number.isNaN(size)) return undefined;
  const negative = open !== undefined || /[-−–]/.test(sign + inner);
  const ownGroups = read.separator === (decimal === '.' ? ',' : '.');
  const shortWhole = whole.length <= 3 && whole !== '' && !whole.startsWith('0');
  const either =
    exponent === '' &&
    (ownGroups ? groups === 1 && decimals === undefined : groups === 0 && decimals?.length === 3 && shortWhole);
  return {
    value: negative ? -size : size,
    unit: (before ?? after ?? '').toUpperCase(),
    sure: !either && (decimals !== undefined || ownGroups),
    either,
    grouped: ownGroups,
    code:
      groups === 0 &&
      exponent === '' &&
      ((whole.length > 1 && whole.startsWith('0')) ||
        (decimals === undefined && whole.length > 15 && String(size) !== whole)),
  };
}

function digitsOf(body: string, decimal: '.' | ',') {
  const { plain, grouped } = forms[decimal];
  const simple = plain.exec(body);
  if (simple) {
    const [, whole = '', decimals] = simple;
    return whole === '' && !decimals ? undefined : { whole, decimals, groups: 0, separator: '' };
  }
  const [, whole, separator, indian, decimals] = grouped.exec(body) ?? [];
  // 0,123 has no thousands.
  if (whole === undefined || whole.startsWith('0')) return undefined;
  const digits = whole.replace(/\D/g, '');
  return { whole: digits, decimals, groups: whole.length - digits.length, separator: separator || indian || '' };
}
