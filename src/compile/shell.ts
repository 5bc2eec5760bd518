// What surrounds a compiled network in JavaScript: checks, scaling, classes, and the test on loading.
import { version } from '../base/version.js';
import type { LinearData } from '../data/scalers/linear.js';
import { type ColumnProgram, featuresOf } from './columns.js';
import { type Program, predictedNumbers } from './program.js';
import { number } from './shortest.js';

/** JSON within a program: also in a page, and for readers to whom these two end a line. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A name within a comment: nothing that ends a line, a comment, or a script. */
export const inComment = (name: string): string => name.replace(/[\p{C}\u2028\u2029<>*/\\]/gu, ' ');

/** What a compiled file is, in its first lines. */
export function documentation(program: Program, comment: string): string {
  const { inputs, classes, name, table } = program;
  const gives = classes ? `probabilities of ${classes.length} classes` : `${predictedNumbers(program)} numbers`;
  return [
    `${comment} ${inComment(name)}: from ${table ? `${table.length} columns` : `${inputs} numbers`} of a row to ${gives}. Compiled by simdense ${version}.`,
  ].join('\n');
}

const scaled = ({ center, scale }: LinearData): string =>
  `const center = ${json(center)};\nconst scale = ${json(scale)};\n`;

/** The row that is tried, as a program takes it. */
function testOf({ table, test }: Program): string {
  if (!table) return `[${test.x.join()}]`;
  return `{ ${table.map(({ name }, i) => `[${json(name)}]: ${json(test.x[i])}`).join(', ')} }`;
}

/** What the columns keep, in the fewest words: numbers have a scale, categories a list, booleans neither. */
function fieldsOf(table: readonly ColumnProgram[]): string {
  const lines = table.map((column) => {
    if (column.kind === 'category') {
      const { categories, missing, other, words } = column;
      return json({ categories, missing, other, size: featuresOf(column), ...(words.length > 0 && { words }) });
    }
    const { kind: _, name: __, ...kept } = column;
    // What changes nothing is left out.
    return json(
      Object.fromEntries(
        Object.entries(kept).filter(
          ([key, value]) =>
            !(key === 'unit' && value === 1) &&
            value !== false &&
            !(key === 'clip' && value === 0) &&
            !(key === 'edges' && (value as readonly number[]).length === 0),
        ),
      ),
    );
  });
  return `const fields = [\n${lines.map((line) => `  ${line},`).join('\n')}\n];`;
}

/** Writes the features of a cell: the arithmetic of src/table/encoders. */
const WRITE = `const bounded = (x) => Math.min(Math.max(x, -3.4028234663852886e38), 3.4028234663852886e38);
const scaled = ({ unit = 1, center, scale, clip }, value) => {
  const x = (value * unit - center) / scale;
  const share = clip ? x / clip : 0;
  if (!clip) return bounded(x);
  return bounded(Math.abs(share) < 1e9 ? x / Math.sqrt(1 + share * share) : share < 0 ? -clip : clip);
};
const piece = (low, high, value) => {
  const width = high - low;
  const share = Number.isFinite(width) ? (value - low) / width : (value / 2 - low / 2) / (high / 2 - low / 2);
  return Math.min(1, Math.max(0, share)) - 0.5;
};
const write = (field, cell, at) => {
  const { categories, missing, other, words = [], size, scale, fill, filled, flag, edges = [] } = field;
  const none = cell === null || cell === undefined || cell === '' || Number.isNaN(cell);
  if (categories) {
    const text = none ? '' : String(cell).trim();
    const found = categories.indexOf(text);
    const place = text === '' || words.includes(text) ? missing : found < 0 ? other : found;
    if (place >= 0) given[at + place] = 1;
    return at + size;
  }
  if (scale === undefined) {
    if (!none && typeof cell !== 'boolean' && cell !== 0 && cell !== 1) throw new TypeError(\`expected true or false, got \${cell}\`);
    given[at++] = none ? fill : Number(cell);
  } else {
    if (!none && !Number.isFinite(cell)) throw new TypeError(\`expected a number, got \${cell}\`);
    given[at++] = none ? filled : scaled(field, cell);
  }
  if (flag) given[at++] = none ? 1 : 0;
  for (let i = 1; i < edges.length; i++) given[at++] = piece(edges[i - 1], edges[i], none ? fill : cell);
  return at;
};`;

/** The exports of a module that has an array `given` for a row, and a `network` which takes it and returns what it computes, to be read before the next call. */
export function shellOf(program: Program): string {
  const { inputs, table, scaler, unscale, classes, columns, outputNames, outputs, test } = program;
  const numbers = predictedNumbers(program);
  const names = columns ?? undefined;
  const parts = [
    ...(table ? [] : [`export const inputs = ${inputs};`]),
    ...(names ? [`export const columns = ${json(names)};`] : []),
    `export const outputs = ${numbers};`,
    ...(classes ? [`export const classes = ${json(classes)};`] : []),
    ...(outputNames && !classes ? [`export const outputNames = ${json(outputNames)};`] : []),
    ...(table ? [fieldsOf(table), WRITE] : []),
    ...(scaler ? [scaled(scaler).trim()] : []),
    ...(unscale ? [`const unit = ${json(unscale)};`] : []),
  ];
  const value = scaler ? '(row[i] - center[i]) / scale[i]' : 'row[i]';
  const read = table
    ? `  if (typeof row !== 'object' || row === null) throw new TypeError('expected an object with a value for each column');
  given.fill(0);
  for (let i = 0, at = 0; i < columns.length; i++) {
    if (!Object.hasOwn(row, columns[i])) throw new TypeError(\`the row has no "\${columns[i]}"; null says that it is not known\`);
    at = write(fields[i], row[columns[i]], at);
  }`
    : `  if (row?.length !== inputs) throw new TypeError(\`expected a row of \${inputs} numbers\`);
  for (let i = 0; i < inputs; i++) {
    given[i] = ${value};
    if (typeof row[i] !== 'number' || !Number.isFinite(given[i])) throw new TypeError(\`number \${i} of the row is \${row[i]}\`);
  }`;
  const result = unscale
    ? 'for (let i = 0; i < outputs; i++) out[i] = y[i] * unit.scale[i] + unit.center[i];'
    : classes && outputs === 1
      ? 'out[1] = y[0];\n  out[0] = 1 - y[0];'
      : 'for (let i = 0; i < outputs; i++) out[i] = y[i];';
  const label = classes
    ? `

export function predictLabel(row) {
  const p = predict(row);
  let best = 0;
  for (let i = 1; i < p.length; i++) if (p[i] > p[best]) best = i;
  return classes[best];
}`
    : '';
  return `${parts.join('\n')}

export function predict(row) {
  return predictInto(new Float32Array(outputs), row);
}

export function predictInto(out, row) {
${read}
  const y = network(given);
  ${result}
  return out;
}${label}

// A row, and what the network gives for it.
const tested = predict(${testOf(program)});
if ([${Array.from(test.y, number).join()}].some((value, i) => !Object.is(Math.fround(value), tested[i])))
  throw new Error('This runtime computes other numbers than the network.');`;
}

/** The type of a table's row; null is a missing cell. */
function rowType(table: readonly ColumnProgram[]): string {
  const types = { number: 'number', boolean: 'boolean', category: 'string' };
  const lines = table.map(({ name, kind }) => `  readonly ${json(name)}: ${types[kind]} | null;`);
  return `/** A row; null is a missing cell. */\nexport interface Row {\n${lines.join('\n')}\n}`;
}

/** The types of such a module. */
export function typesOf(program: Program): string {
  const { classes, columns, outputNames, table } = program;
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
      ? [`/** The most probable class of a row. */\nexport declare function predictLabel(row: ${row}): ${label};`]
      : []),
    '',
  ].join('\n');
}
