import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { visible } from '../base/visible.js';
import { descriptorOf } from '../node/save-file.js';
import { NARROWEST } from '../report/words.js';
import type { Values } from './options.js';
import { wrapped } from './wrap.js';

/** The width of a stream's terminal; infinite if it is not a terminal. */
export const columnsOf = ({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number =>
  isTTY && columns ? columns : Number.POSITIVE_INFINITY;

/** The width of a text report: that of the terminal, within limits. */
export const reportColumns = (): number => {
  const columns = columnsOf(process.stdout);
  return Math.min(80, Math.max(NARROWEST, columns));
};

/** Escapes control characters, which names from data may contain; keeps line breaks. */
export const safe = (text: string): string => text.split('\n').map(visible).join('\n');

/** Prints words, or with --json the data. Prints to stderr if one of the output files is standard output. */
export function print(values: Values, words: string, data: unknown): void {
  write(values, wrapped(safe(words), columnsOf(standardOutput(values) ? process.stderr : process.stdout)), data);
}

/** Like `print`, for words that are already escaped and wrapped. */
export function write(values: Values, words: string, data: unknown): void {
  const stream = standardOutput(values) ? process.stderr : process.stdout;
  // On a terminal, also escape characters that JSON.stringify leaves, such as those that change the direction of text.
  const json = (): string => (stream.isTTY ? safe(JSON.stringify(data)) : JSON.stringify(data));
  stream.write(`${values['json'] ? json() : words}\n`);
}

/** Prints the first words of a command, before the work: not with --json, whose output is one value. */
export function say(values: Values, words: string): void {
  if (!values['json']) print(values, `${words}\n`, {});
}

/** Prints to stderr, since stdout may be a pipe that expects only data. */
export function note(words: string): void {
  process.stderr.write(`${wrapped(safe(words), columnsOf(process.stderr))}\n`);
}

/** Whether one of the output files is standard output. */
const standardOutput = (values: Values): boolean =>
  ['out', 'report', 'table', 'csv'].some((name) => descriptorOf(String(values[name])) === 1);

export interface Progress {
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** The columns of the bar itself: a line that is too long is cut off at its end, so shorten the bar to keep the figures. */
const barColumns = (): number => Math.max(5, Math.min(40, columnsOf(process.stderr) - 70));

/** The columns that a bar of so many has left for its note. */
export const noteColumns = (title: string, done: number, total: number): number =>
  columnsOf(process.stderr) - `${title}  ${done}/${total}  `.length - barColumns() - 1;

/** A progress bar on stderr, if that is a terminal. */
export function progress({ json, quiet }: Values, title: string): Progress {
  if (json || quiet || !process.stderr.isTTY || process.env['TERM'] === 'dumb') return { update() {}, stop() {} };
  const bars = new MultiBar(
    {
      format: `${title} {bar} {value}/{total}  {note}`,
      barsize: barColumns(),
      hideCursor: true,
      clearOnComplete: false,
      stream: process.stderr,
      fps: 20,
    },
    Presets.shades_classic,
  );
  let bar: SingleBar | undefined;
  return {
    update(done, total, note) {
      bar ??= bars.create(total, 0, { note });
      bar.setTotal(total);
      bar.update(done, { note: safe(note) });
    },
    stop() {
      bars.stop();
    },
  };
}
