// From which probability on a row is called positive, where that is not left to the most probable class.
import { isRecord, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';

/** A class that is predicted wherever its probability is at least the threshold. */
export interface Decision {
  readonly positive: Label;
  /** A probability; above 1 nothing is called positive. */
  readonly threshold: number;
}

/** The decision, if it is one for these classes. Throws SimdenseError 'ARGUMENT', and 'STATE' where there are no classes. */
export function checkDecision(where: string, given: Decision, classes: readonly Label[] | undefined): Decision {
  if (!classes) throw new SimdenseError('STATE', `${where}: there are no classes to decide between`);
  const name = `${where}(decision)`;
  if (!isRecord(given)) refuse(name, 'a class and a threshold, { positive, threshold }', given);
  const { positive, threshold } = options(name, given, ['positive', 'threshold']);
  if (!classes.includes(positive as Label))
    refuse(`${where}(decision.positive)`, `one of ${classes.map(show).join(', ')}`, positive);
  if (!isThreshold(threshold))
    refuse(`${where}(decision.threshold)`, 'a number above 0 and below 2, such as that of chooseThreshold', threshold);
  return Object.freeze({ positive: positive as Label, threshold: threshold as number });
}

const isThreshold = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 2;

/** Whether a part of a file is a decision. */
export const isDecision = (value: unknown): value is Decision =>
  isRecord(value) && ['string', 'number'].includes(typeof value['positive']) && isThreshold(value['threshold']);

/** The most probable class of each row; with a decision the positive one where its probability is large enough, otherwise the most probable of the others. */
export function answersIn(
  probabilities: Matrix,
  classes: readonly Label[],
  decision: Decision | undefined,
): readonly Label[] {
  if (!decision) return Array.from(probabilities.argmax(), (index) => classes[index] as Label);
  const { data, columns, rows } = probabilities;
  const { positive, threshold } = decision;
  const place = classes.indexOf(positive);
  return Array.from({ length: rows }, (_, row) => {
    const own = data.subarray(row * columns, (row + 1) * columns);
    if ((own[place] as number) >= threshold) return positive;
    let top = place === 0 ? 1 : 0;
    for (let c = top + 1; c < columns; c++) if (c !== place && (own[c] as number) > (own[top] as number)) top = c;
    return classes[top] as Label;
  });
}
