// What a compiled file is, in its first line, and in the types of a module.
import { version } from '../base/version.js';
import type { Bundle } from './bundle.js';
import { rowType } from './columns.js';
import { inComment } from './text.js';

/** What a compiled file is, in its first line. */
export function documentation({ name, classes, table, cells, numbers, programs, together }: Bundle): string {
  const gives = classes ? `probabilities of ${classes.length} classes` : `${numbers} numbers`;
  const mean = together ? `, the mean of ${programs.length} networks` : '';
  return `// ${inComment(name)}: from ${cells} ${table ? 'columns' : 'numbers'} of a row to ${gives}${mean}. Compiled by simdense ${version}.`;
}

/** The types of a module. */
export function typesOf({ classes, columns, outputNames, table }: Bundle): string {
  const row = table ? 'Row' : 'ArrayLike<number>';
  const label = classes?.some((each) => typeof each === 'number') ? 'number' : 'string';
  return [
    `// The types of a network that was compiled by simdense ${version}.`,
    ...(table ? [rowType(table)] : ['/** The numbers that a row has. */\nexport declare const inputs: number;']),
    ...(columns ? ['/** Their names. */\nexport declare const columns: readonly string[];'] : []),
    '/** The numbers of a prediction. */\nexport declare const outputs: number;',
    ...(classes
      ? [`/** The classes, in the order of the probabilities. */\nexport declare const classes: readonly ${label}[];`]
      : []),
    ...(outputNames && !classes
      ? ['/** Their names. */\nexport declare const outputNames: readonly (string | number)[];']
      : []),
    `/** What is predicted for a row. Throws a TypeError for one that does not fit. */\nexport declare function predict(row: ${row}): Float32Array;\n/** The same, written to an array of \`outputs\` numbers. */\nexport declare function predictInto(out: Float32Array, row: ${row}): Float32Array;`,
    ...(classes
      ? [`/** The class that is predicted for a row. */\nexport declare function predictLabel(row: ${row}): ${label};`]
      : []),
    '',
  ].join('\n');
}
