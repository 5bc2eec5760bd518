import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { Values } from './options.js';

/** Prints for machines where they ask, else for people. */
export function print({ json }: Values, words: string, data: unknown): void {
  process.stdout.write(`${json ? JSON.stringify(data) : words}\n`);
}

/** Names from data may hold what a terminal obeys: control characters are shown as a question mark. */
export function plain(text: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return String(text).replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '?');
}

export interface Progress {
  update(done: number, total: number, note: string): void;
  stop(): void;
}

/** A bar on the error stream, where a person watches. */
export function progress({ json, quiet }: Values, title: string): Progress {
  if (json || quiet || !process.stderr.isTTY) return { update() {}, stop() {} };
  const bars = new MultiBar(
    {
      format: `${title} {bar} {value}/{total}  {note}`,
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
      bar.update(done, { note });
    },
    stop() {
      bars.stop();
    },
  };
}
