import { expect, test } from 'vitest';
import { SimdenseError } from '../../src/index.js';

/** A value of a type that the compiler would refuse. */
export const any = (value: unknown): never => value as never;

/** How a message about a cell without a value ends. */
export const missing = ": a value is missing; fill it in, or leave the row out (parseCsv: missing: 'skip')";

/** One test a call: it throws, or rejects with, a SimdenseError of exactly this name and message. */
export function checkMessages(cases: readonly (readonly [() => unknown, string])[]): void {
  test.each(cases.map(([call, message]) => ({ call, message })))('$message', async ({ call, message }) => {
    const error = await new Promise((resolve) => resolve(call())).then(
      () => 'nothing was thrown',
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(SimdenseError);
    expect(String(error)).toBe(message);
    expect(message).toContain(`[${(error as SimdenseError).code}]`);
  });
}
