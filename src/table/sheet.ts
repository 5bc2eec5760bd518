// The columns of a file while they are read.
import { show } from '../base/checks.js';
import { ColumnBuilder, type Taking } from './builder.js';
import { askedKind, type Collected } from './kinds/columns.js';
import { wordsBeside, wordsFor } from './kinds/missing.js';
import type { ReadTableOptions } from './options.js';
import { placeName } from './readers/place-name.js';
import type { Sheet } from './readers/reader.js';

/** Kinds whose cells are texts whatever they look like. */
const textKinds = ['category', 'text'];

const none: ReadonlySet<string> = new Set();
const nowhere: ReadonlySet<number> = new Set();

/** What tells the row of the file of a row of the table. Only of a file with rows of its own are they kept. */
const rowsBy = (rowOf: ((row: number) => number) | undefined, before: number): Pick<Collected, 'rowOf' | 'hasLines'> =>
  rowOf ? { rowOf, hasLines: true } : { rowOf: (row) => row + 1 + before };

/** Columns by their names, which are made different from one another. */
export class Columns implements Sheet {
  readonly builders: ColumnBuilder[] = [];
  readonly unnamed: boolean[] = [];
  readonly notes: string[] = [];
  delimiter: string | undefined;
  before = 1;
  rowOf: ((row: number) => number) | undefined;
  readonly #options: ReadTableOptions;
  readonly #taking: Taking;
  readonly #asTexts: Taking;
  /** All names, and how often each was asked for. */
  readonly #names = new Map<string, number>();
  /** The names that were there before, and what the column is called instead. */
  readonly #twice: [given: string, name: string][] = [];

  /**
   * With `exact`, texts of numbers are kept where JavaScript writes them differently: for what cannot be read again. With `nulls` the source
   * has a null of its own, so that "NA" is a text.
   */
  constructor(o: ReadTableOptions, decimal: '.' | ',', exact: boolean, nulls = false) {
    const { missing = [] } = o;
    this.#options = o;
    const named = 'only' in missing ? missing : { only: missing };
    const words = { missing: wordsFor(nulls ? named : missing), beside: nulls ? wordsBeside(missing) : none };
    this.#taking = { decimal, ...words, exact, texts: false, nulls };
    this.#asTexts = { ...this.#taking, texts: true };
  }

  addColumn(given: string): ColumnBuilder {
    const trimmed = given.trim();
    const name = this.#free(trimmed || placeName(this.builders.length));
    if (trimmed !== '' && name !== trimmed) this.#twice.push([trimmed, name]);
    this.unnamed.push(trimmed === '');
    const asked = askedKind(name, this.#options) ?? '';
    const builder = new ColumnBuilder(name, textKinds.includes(asked) ? this.#asTexts : this.#taking);
    this.builders.push(builder);
    return builder;
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }

  /** The columns as what is decided on; all of them get as many cells as the longest has. */
  collected(rowOf: ((row: number) => number) | undefined = this.rowOf): Collected {
    const rows = this.builders.reduce((most, { length }) => Math.max(most, length), 0);
    for (const builder of this.builders) {
      builder.pad(rows);
      if (builder.unwritable > 0)
        this.note(
          `Column ${show(builder.name)}: ${builder.unwritable} cell${builder.unwritable === 1 ? '' : 's'} cannot be written as JSON, such as an object that contains itself, and ${builder.unwritable === 1 ? 'is' : 'are'} taken for missing.`,
        );
      if (builder.bytes) this.note(`Column ${show(builder.name)} holds bytes, which are taken for missing cells.`);
    }
    const [first] = this.#twice;
    if (first) {
      const { length } = this.#twice;
      const more = length > 1 ? `. So it is with ${length - 1} more` : '';
      this.note(`Two columns are called ${show(first[0])}, and the second has the name ${show(first[1])} here${more}.`);
    }
    const { builders, unnamed, delimiter } = this;
    return { builders, unnamed, twice: this.#firstOfTwice(), delimiter, ...rowsBy(rowOf, this.before) };
  }

  #firstOfTwice(): ReadonlySet<number> {
    if (this.#twice.length === 0) return nowhere;
    const names = new Set(this.#twice.map(([given]) => given));
    return new Set([...this.builders.keys()].filter((place) => names.has(this.builders[place]?.name as string)));
  }

  /** As pandas names the second column 'a': 'a.1'. */
  #free(name: string): string {
    let free = name;
    let times = this.#names.get(name) ?? 0;
    for (; this.#names.has(free); times++) free = `${name}.${Math.max(times, 1)}`;
    this.#names.set(name, Math.max(times, 1));
    if (free !== name) this.#names.set(free, 1);
    return free;
  }
}
