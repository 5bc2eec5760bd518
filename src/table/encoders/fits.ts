// How each kind of column is fitted; apart from kinds.ts, since what only predicts does not load it.
import type { ColumnFit } from './fit.js';
import { fitBoolean } from './fit-boolean.js';
import { fitCategory } from './fit-category.js';
import { fitDate } from './fit-date.js';
import { fitNumber } from './fit-number.js';
import { fitText } from './fit-text.js';
import type { Resolved } from './options.js';

export const fits = {
  number: fitNumber,
  boolean: fitBoolean,
  category: fitCategory,
  date: fitDate,
  text: fitText,
} satisfies { readonly [Kind in keyof Resolved]: ColumnFit<Kind> };
