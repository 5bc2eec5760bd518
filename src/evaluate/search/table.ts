// The columns of a search's table: a name that a parameter has too gets a word before it.
import { toCsv } from '../to-csv.js';
import type { AnySpace, Space } from './space.js';
import type { Trial } from './trials.js';

/** The name of a column that is no parameter. */
export const columnOf = <P>(space: Space<P>, name: string): string =>
  Object.hasOwn(space as AnySpace, name) ? `trial ${name}` : name;

/** Trials as CSV: parameters, mean and standard deviation of the figure, error, epochs, seconds. */
export function tableOf<P>(space: Space<P>, trials: readonly Trial<P>[], monitor: string): string {
  const column = (name: string): string => columnOf(space, name);
  return toCsv(
    trials.map(({ parameters, score, error, epochs, seconds }) => ({
      ...parameters,
      [column(monitor)]: score?.mean,
      [column(`${monitor} stddev`)]: score?.stddev,
      [column('error')]: error,
      [column('epochs')]: epochs,
      [column('seconds')]: seconds,
    })),
  );
}
