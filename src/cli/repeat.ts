// Makes the command line that repeats a run.
import type { Values } from './options.js';
import { withoutSecrets } from './secrets.js';

/** Quotes a word for a shell, if necessary. */
export const quoted = (word: string): string =>
  /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** Options that do not affect the model, or that commandOf writes itself. */
const skipped = ['json', 'quiet', 'force', 'target', 'seed'];

/** A command with the options that it was given, without passwords in URLs. */
export function commandOf(
  command: string,
  file: string,
  targets: readonly string[],
  seed: number,
  values: Values,
): string {
  const words = Object.entries(values)
    .filter(([name, value]) => !skipped.includes(name) && value !== undefined && value !== false)
    .flatMap(([name, value]) =>
      [value].flat().map((one) => (one === true ? `--${name}` : `--${name} ${quoted(withoutSecrets(String(one)))}`)),
    );
  // A name with a comma in it, or a number, must not be taken for a list or a place.
  const target = targets.map((name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',');
  const given = targets.length === 1 ? (targets[0] as string) : target;
  return [`npx simdense ${command}`, quoted(file), `--target ${quoted(given)}`, `--seed ${seed}`, ...words].join(' ');
}
