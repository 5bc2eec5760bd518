// Numbers with a unit, such as 12 kg or 3.5°C.
import { numberOf } from './number-text.js';

const UNIT = /^(.*[\d.,])\s?([^\d\s.,:;()'"%+–-][^\d\s.,:;()'"%+–-]{0,11})$/;

/** A trimmed text as a number and its unit; undefined if it is none. Of a plural, the unit is the singular: mins are min. */
export function numberWithUnit(text: string, decimal: '.' | ','): { value: number; unit: string } | undefined {
  const [, digits, unit = ''] = UNIT.exec(text.slice(0, 64)) ?? [];
  const read = digits === undefined ? undefined : numberOf(digits.trim(), decimal);
  if (!read || read.code || read.unit !== '' || !Number.isFinite(read.value)) return undefined;
  return { value: read.value, unit: unit.replace(/([a-z]{2})s$/, '$1') };
}
