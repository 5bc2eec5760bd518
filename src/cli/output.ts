import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { visible } from '../base/visible.js';
import { descriptorOf } from '../node/save-file.js';
import { NARROWEST } from '../report/words.js';
import type { Values } from './options.js';
import { wrapped } from './wrap.js';

/** Columns of the terminal that a stream is; endless where it is none. */
export const columnsOf = ({ isTTY, columns }: { isTTY?: boolean; columns?: number }): number =>
  isTTY && columns ? columns : Number.POSITIVE_INFINITY;

/** Columns for what is laid out in a report's text. */
export const reportColumns = (): number => {
  const columns = columnsOf(process.stdout);
  return Math.min(80, Math.max(NARROWEST, columns));
};

/** Lines for a person: nothing in them that a terminal obeys, whatever the names hold that came from data. */
export const safe = (text: string): string => text.split('\n').map(visible).join('\n');

/** Prints for machines where they ask, else for people. Where the standard output is a file that the command writes, on the error stream. */
export function print(values: Values, words: string, data: unknown): void {
  write(values, wrapped(safe(words), columnsOf(standardOutput(values) ? process.stderr : process.stdout)), data);
}

/** The same for words that hold nothing from data, or hold it made safe, and have their lines already. */
export function write(values: Values, words: string, data: unknown): void {
  const stream = standardOutput(values) ? process.stderr : process.stdout;
  // What JSON does not escape by itself, such as text that runs from right to left, it may escape: on a terminal it does.
  const json = (): string => (stream.isTTY ? safe(JSON.stringify(data)) : JSON.stringify(data));
  stream.write(`${values['json'] ? json() : words}\n`);
}

/** Says something beside the output, which may be a pipe. */
export function note(words: string): void {
  process.stderr.write(`${wrapped(safe(words), columnsOf(process.stderr))}\n`);
}

/** Whether one of the files that are asked for is the standard output itself. */
const standardOutput = (values: Values): boolean =>
  ['out', 'report', 'table', 'csv'].some((name) => descriptorOf(String(values[name])) === 1);

export interface Progress {
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** A bar on the error stream, where a person watches. */
export function progress({ json, quiet }: Values, title: string): Progress {
  if (json || quiet || !process.stderr.isTTY || process.env['TERM'] === 'dumb') return { update() {}, stop() {} };
  const bars = new MultiBar(
    {
      format: `${title} {bar} {value}/{total}  {note}`,
      // What does not fit in a line is cut off: the figures matter more than the bar.
      barsize: Math.max(5, Math.min(40, columnsOf(process.stderr) - 70)),
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
