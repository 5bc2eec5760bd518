// The command line that does the same again.
import type { Values } from './options.js';
import { withoutSecrets } from './secrets.js';

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Options that change nothing about the model, or stand there anyway. */
const skipped = ['json', 'quiet', 'force', 'target', 'seed'];

/** A command with the options that it was given, without the password that a URL may hold. */
export function commandOf(command: string, file: string, target: string, seed: number, values: Values): string {
  const words = Object.entries(values)
    .filter(([name, value]) => !skipped.includes(name) && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${quoted(withoutSecrets(String(value)))}`));
  return [`npx simdense ${command}`, quoted(file), `--target ${quoted(target)}`, `--seed ${seed}`, ...words].join(' ');
}
