// A cell of a table as a report shows it.
import { cut } from '../report/words.js';
import type { Cell } from '../table/kind.js';
import { valueWords } from './explained-words.js';
import { fileWords, type Model } from './model.js';

/** Letters of a cell that are shown. */
const MOST_LETTERS = 40;

/** A cell in words, as the training file has it. */
export function cellWords(model: Model, column: string, cell: Cell): string {
  if (typeof cell === 'boolean') return fileWords(model, column)?.[cell ? 1 : 0] ?? String(cell);
  return typeof cell === 'number' ? String(Number(cell.toPrecision(6))) : cut(valueWords(cell), MOST_LETTERS);
}
