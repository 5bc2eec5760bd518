// What stands beside the bar of a search: the best so far, and about how long it still takes.
import type { SearchProgress } from '../evaluate/index.js';
import { figureNames } from './verdict-folds.js';

/** The longest words that fit the columns; '' if there is nothing to say. */
export function searchNote<P>(
  { best, seconds: { left } }: SearchProgress<P>,
  monitor: string,
  columns: number,
): string {
  const figure = best?.score && Number(best.score.mean.toPrecision(3)).toString();
  const time = left ? timeWords(left) : undefined;
  const join = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part).join(', ');
  const name = figureNames[monitor] ?? monitor;
  const words = [
    join([figure && `best ${name} ${figure}`, time && `about ${time} left`]),
    join([figure && `best ${figure}`, time && `${time} left`]),
    join([figure, time]),
  ];
  return words.find(({ length }) => length <= columns) ?? figure ?? '';
}

/** A time in the unit that suits it. */
function timeWords(seconds: number): string {
  if (seconds < 59.5) return `${Math.ceil(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 99.5 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}
