// Checks of option values. The tables of options name the checks, and all values are checked before any file is read.
import { didYouMean } from '../base/did-you-mean.js';
import { activation as activationLayer, kinds as coreKinds } from '../index.js';
import { columnKinds } from '../table/kind.js';
import { parts } from './parts.js';
import { isRedis } from './secrets.js';

/** A check of a value, and its description for error messages. */
export interface Check {
  readonly expected: string;
  passes(text: string): boolean;
  /** The end of the error message, such as a suggestion; may be ''. */
  hint?(text: string): string;
}

/** A decimal number: no hexadecimal, no spaces, no "Infinity". */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const numberThat = (expected: string, passes: (value: number) => boolean): Check => ({
  expected,
  passes: (text) => NUMBER.test(text) && Number.isFinite(Number(text)) && passes(Number(text)),
});

export const wholeFrom = (least: number): Check =>
  numberThat(
    least === 0 ? 'a whole number from 0 up' : `a whole number, ${least} or more`,
    (value) => Number.isSafeInteger(value) && value >= least,
  );

export const wholeFromTo = (least: number, most: number): Check =>
  numberThat(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  );

export const numberFromTo = (least: number, most: number): Check =>
  numberThat(`a number from ${least} to ${most}`, (value) => value >= least && value <= most);

export const positive: Check = numberThat('a number above 0', (value) => value > 0);
export const atLeastZero: Check = numberThat('a number from 0 up', (value) => value >= 0);
/** A rate, such as that of dropout. */
export const rate: Check = numberThat('a number from 0 to below 1', (value) => value >= 0 && value < 1);
/** What two kinds of errors cost. */
export const costs: Check = {
  expected: 'two costs such as 1:5, of which one is above 0',
  passes: (text) => {
    const parts = text.split(':');
    return (
      parts.length === 2 &&
      parts.every((part) => NUMBER.test(part) && Number(part) >= 0) &&
      parts.some((part) => Number(part) > 0)
    );
  },
};
/** A share of rows to hold out: more than none and less than all. */
export const share: Check = numberThat('a share between 0 and 1, such as 0.25', (value) => value > 0 && value < 1);

export const oneOf = (names: readonly string[]): Check => ({
  expected: `one of ${names.join(', ')}`,
  passes: (text) => names.includes(text),
  hint: (text) => didYouMean(text, names),
});

/** A list for people: 'a, b or c'. */
export const choices = (names: readonly string[], word = 'or'): string =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(` ${word} `);

export const either = (word: string, check: Check): Check => ({
  expected: `${check.expected}, or ${word}`,
  passes: (text) => text === word || check.passes(text),
});

/** Units of the hidden layers: positive whole numbers, or a single 0. */
export const units: Check = {
  expected: 'whole numbers such as 64,32, or 0 for no hidden layer',
  passes: (text) => text === '0' || text.split(',').every((part) => wholeFrom(1).passes(part)),
};

export const notEmpty = (expected: string): Check => ({ expected, passes: (text) => text.trim() !== '' });
/** A text that may be a blank. */
export const someText = (expected: string): Check => ({ expected, passes: (text) => text !== '' });
export const file: Check = notEmpty('the path of a file');
export const folder: Check = notEmpty('the path of a folder');
/** All activations but softmax and its logarithm, which are for outputs. */
const hidden = oneOf(coreKinds.activations.filter((name) => !/softmax/i.test(name)));
export const activation: Check = {
  ...hidden,
  hint: (text) => hidden.hint?.(text) || hintOf(() => activationLayer(text as 'relu')),
};

/** The suggestion in the error of a call, which knows the names of other libraries; '' if there is none. */
function hintOf(call: () => unknown): string {
  try {
    call();
    return '';
  } catch (error) {
    return /; did you mean .*$/.exec((error as Error).message)?.[0] ?? '';
  }
}

/** One character, or the words tab and space, which are hard to type in a shell. */
export const delimiter: Check = {
  expected: 'one character such as ; or the word tab or space',
  passes: (text) =>
    text === 'tab' || text === 'space' || text === '\\t' || (text.length === 1 && !/["\r\n\ufeff]/.test(text)),
};

export const decimal: Check = { expected: 'a point or a comma', passes: (text) => text === '.' || text === ',' };

export const redis: Check = { expected: 'a URL such as redis://localhost:6379', passes: isRedis };

export const executor: Check = {
  expected: 'workers, inline or a URL such as redis://localhost:6379',
  passes: (text) => text === 'workers' || text === 'inline' || isRedis(text),
};

/** Names with commas between them. */
export const list: Check = {
  expected: 'names such as a,b',
  passes: (text) => parts(text).length > 0 && parts(text).every((part) => part !== ''),
};

/** The column and the kind of a text such as zip=category. */
export function kindOf(text: string): { readonly name: string; readonly kind: string } {
  const at = text.lastIndexOf('=');
  return { name: text.slice(0, Math.max(at, 0)).trim(), kind: text.slice(at + 1).trim() };
}

export const kinds: Check = {
  expected: `a column and its kind such as zip=category; the kinds are ${columnKinds.join(', ')}`,
  passes: (text) =>
    parts(text).length > 0 &&
    parts(text).every((part) => {
      const { name, kind } = kindOf(part);
      return name !== '' && columnKinds.some((known) => known === kind);
    }),
  hint: (text) => {
    const wrong = parts(text).find((part) => !columnKinds.some((known) => known === kindOf(part).kind));
    return wrong === undefined ? '' : didYouMean(kindOf(wrong).kind, [...columnKinds]);
  },
};
