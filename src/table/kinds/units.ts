// Numbers with a unit, such as 12 kg or 3.5°C.
import { type NumberText, numberOf } from './number-text.js';

const UNIT = /^(.*[\d.,])\s?([^\d\s.,:;()'"%+–-][^\d\s.,:;()'"%+–-]{0,11})$/;

/** A trimmed text as a number and its unit; undefined if it is none. Of a plural, the unit is the singular: mins are min. */
export function numberWithUnit(
  text: string,
  decimal: '.' | ',',
): Pick<NumberText, 'value' | 'unit' | 'either' | 'grouped'> | undefined {
  const [, digits, unit = ''] = UNIT.exec(text.slice(0, 64)) ?? [];
  const read = digits === undefined ? undefined : numberOf(digits.trim(), decimal);
  if (!read || read.code || read.unit !== '' || !Number.isFinite(read.value)) return undefined;
  return { ...read, unit: unit.replace(/([a-z]{2})s$/, '$1') };
}
