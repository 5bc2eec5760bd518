// The checks of which those of contents are made.
import { isRecord, refuse, wholeNumber } from '../base/checks.js';

export type Check = (where: string, value: unknown) => void;

export const text: Check = (where, value) => {
  if (typeof value !== 'string') refuse(where, 'a text', value);
};

export const number: Check = (where, value) => {
  if (typeof value !== 'number') refuse(where, 'a number', value);
};

export const finite: Check = (where, value) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse(where, 'a finite number', value);
};

export const count: Check = (where, value) => void wholeNumber(where, value);

export const optional =
  (check: Check): Check =>
  (where, value) => {
    if (value !== undefined) check(where, value);
  };

export const list =
  (check: Check, expected: string): Check =>
  (where, value) => {
    const isList = Array.isArray(value) || value instanceof Uint8Array;
    if (!isList) refuse(where, expected, value);
    for (let i = 0; i < value.length; i++) check(`${where}[${i}]`, value[i]);
  };

/** Checks an object with these parts. Other parts are ignored. */
export const record =
  (parts: Readonly<Record<string, Check>>, expected: string): Check =>
  (where, value) => {
    if (!isRecord(value)) refuse(where, expected, value);
    for (const [name, check] of Object.entries(parts)) check(`${where}.${name}`, value[name]);
  };
