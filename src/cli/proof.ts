// Proves a model on rows and what the original's library gives for them.
import { isRecord, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Foreign, jsonAt } from './foreign.js';

export interface Proof {
  readonly rows: number;
  /** The largest difference, in shares of the largest number from 1 on. */
  readonly difference: number;
}

/** Compares with the x and y of a JSON file. Throws SimdenseError 'DATA' above the tolerance, and 'FORMAT' for another file. */
export async function prove(foreign: Foreign, path: string, tolerance: number): Promise<Proof> {
  const json = await jsonAt(path);
  const { x, y } = isRecord(json) ? json : {};
  const given = rowsOf(path, 'x', x, foreign.model.inputs, foreign.inputs);
  const expected = rowsOf(path, 'y', y, foreign.model.outputs, foreign.outputs);
  if (given.length !== expected.length)
    throw new SimdenseError('FORMAT', `${path} has ${given.length} rows of x and ${expected.length} of y`);
  const found = foreign.model.predict(given).toArrays();
  let most = 1;
  for (const row of expected) for (const value of row) most = Math.max(most, Math.abs(value));
  let [difference, worst] = [0, 0];
  for (const [r, row] of expected.entries())
    for (const [c, value] of row.entries()) {
      const own = Math.abs((found[r]?.[c] as number) - value) / most;
      if (own > difference) [difference, worst] = [own, r];
    }
  if (difference <= tolerance) return { rows: given.length, difference };
  const message = `in row ${worst + 1} of ${path} the network differs by ${difference.toPrecision(2)} of the largest number from what the original gives; at most ${tolerance} is allowed (--tolerance)`;
  throw new SimdenseError('DATA', `${message}${epsilonHint(foreign)}`);
}

/** Why a network of a state dict may differ: its layers were listed, and what no tensor holds was left to the list. */
function epsilonHint({ format, model }: Foreign): string {
  const layer = model.layers.find(({ type }) => type === 'batchNormalization' || type === 'layerNormalization');
  if (!format.startsWith('PyTorch state dict') || !layer) return '';
  return `. A state dict does not hold epsilon: where it is not 1e-5, write it in the list of --layers, such as { "type": "${layer.type}", "epsilon": 0.001 }`;
}

/** Rows of numbers, or of objects by the names of columns, in which a name that is left out is 0. */
function rowsOf(
  path: string,
  key: string,
  value: unknown,
  columns: number,
  names: readonly string[] | undefined,
): number[][] {
  const refuse = (reason: string): never => {
    throw new SimdenseError('FORMAT', `${path}: ${key} ${reason}`);
  };
  if (!Array.isArray(value) || value.length === 0) return refuse(`is ${show(value)}, expected a list of rows`);
  return value.map((row: unknown, r) => {
    if (isRecord(row) && names) {
      const unknown = Object.keys(row).find((name) => !names.includes(name));
      if (unknown !== undefined)
        return refuse(`has the column ${show(unknown)} in row ${r + 1}, which the model has not`);
    }
    const numbers = isRecord(row) && names ? names.map((name) => row[name] ?? 0) : row;
    if (!Array.isArray(numbers) || numbers.length !== columns)
      return refuse(`has in row ${r + 1} ${show(row)}, expected ${columns} numbers`);
    const other = numbers.find((cell) => !Number.isFinite(cell));
    return other === undefined ? (numbers as number[]) : refuse(`has ${show(other)} in row ${r + 1}`);
  });
}
