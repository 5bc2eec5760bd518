// Makes the command line that repeats a run.
import type { Values } from './options.js';
import { withoutSecrets } from './secrets.js';

/** Quotes a word for a shell, if necessary. */
export const quoted = (word: string): string =>
  /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Options that do not affect the model, or that commandOf writes itself. */
const skipped = ['json', 'quiet', 'force', 'target', 'seed'];

/** A command with the options that it was given, without passwords in URLs. */
export function commandOf(command: string, file: string, target: string, seed: number, values: Values): string {
  const words = Object.entries(values)
    .filter(([name, value]) => !skipped.includes(name) && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${quoted(withoutSecrets(String(value)))}`));
  return [`npx simdense ${command}`, quoted(file), `--target ${quoted(target)}`, `--seed ${seed}`, ...words].join(' ');
}
