// What surrounds compiled networks in JavaScript: checks, scaling, classes, and the test on loading.
import type { ScalerData } from '../data/scalers/index.js';
import { type Bundle, weightOfAll } from './bundle.js';
import { carry } from './carry.js';
import { type Carried, carriedFor, fieldsOf } from './columns.js';
import type { Program } from './program.js';
import { number } from './shortest.js';
import { json } from './text.js';

/** The row that is tried, as a module takes it. */
function testOf({ table, test }: Bundle): string {
  if (!table) return `[${test.x.join()}]`;
  return `{ ${table.map(({ name }, i) => `[${json(name)}]: ${json(test.x[i])}`).join(', ')} }`;
}

/** The functions of our own that the shell calls. */
function carriedBy({ programs, table, together }: Bundle): Carried[] {
  return [
    ...(table ? (['has'] as const) : []),
    ...programs.flatMap((program) => (program.table ?? []).map(carriedFor)),
    ...(programs.some(({ scaler }) => scaler?.type === 'quantile') ? (['transformOf'] as const) : []),
    ...(together && together.temperature !== 1 ? (['temper'] as const) : []),
    ...(together?.decision ? (['answersIn'] as const) : []),
  ];
}

/** Reads a row of a table to the numbers of a network. */
const ENCODE = `const encode = (fields, given, row) => {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new TypeError('expected an object with a value for each column');
  given.fill(0);
  for (const [name, at, expected, { read, write }] of fields) {
    if (!has(row, name)) throw new TypeError(\`the row has no "\${name}"; null says that it is not known\`);
    const cell = read(row[name]);
    if (cell === undefined) throw new TypeError(\`"\${name}": expected \${expected}, got \${String(row[name])}\`);
    write(cell, given, at);
  }
};`;

/** Reads a row of numbers to those of a network. */
const scale = (
  given: string,
  value: string,
): string => `  if (row?.length !== inputs) throw new TypeError(\`expected a row of \${inputs} numbers\`);
  for (let i = 0; i < inputs; i++) {
    ${given}[i] = ${value};
    if (typeof row[i] !== 'number' || !Number.isFinite(${given}[i])) throw new TypeError(\`number \${i} of the row is \${row[i]}\`);
  }`;

/** The function that scales a number of a column. */
function conversion(scaler: ScalerData): string {
  if (scaler.type === 'quantile') return `transformOf(${json(scaler)})`;
  const { center, scale } = scaler;
  return `((center, scale) => (x, i) => (x - center[i]) / scale[i])(${json(center)}, ${json(scale)})`;
}

/** What the shell keeps of a program: how its rows are read, and how its numbers are scaled back. */
function kept(program: Program, m: number): string[] {
  const { table, scaler, unscale } = program;
  return [
    ...(table ? [`const fields${m} = ${fieldsOf(table)};`] : []),
    ...(scaler ? [`const convert${m} = ${conversion(scaler)};`] : []),
    ...(unscale ? [`const unit${m} = ${json({ center: unscale.center, scale: unscale.scale })};`] : []),
  ];
}

const isScaled = ({ programs }: Bundle): boolean => programs.some(({ scaler }) => scaler);

/** Writes what a network gives to `out`. */
function finishing({ unscale, classes, outputs }: Program, m: number, out: string): string[] {
  if (unscale) return [`for (let i = 0; i < outputs; i++) ${out}[i] = y[i] * unit${m}.scale[i] + unit${m}.center[i];`];
  if (classes && outputs === 1) return [`${out}[1] = y[0];`, `${out}[0] = 1 - y[0];`];
  return [`for (let i = 0; i < outputs; i++) ${out}[i] = y[i];`];
}

/** Refuses what simdense/predict refuses: numbers that a network's numbers are too large for. */
const checked = ({ outputs }: Program, y: string): string =>
  `for (let i = 0; i < ${outputs}; i++) if (!Number.isFinite(${y}[i])) throw new TypeError(\`the row comes to \${${y}[i]}: its numbers are too large\`);`;

/** A factor before a value; none where it is 1. */
const times = (weight = 1): string => (weight === 1 ? '' : `${weight} * `);

/** The statements of a prediction: of one network, or of the mean of several, as an ensemble computes it. */
function predicting(bundle: Bundle): string[] {
  const { programs, together, table } = bundle;
  const [first] = programs as [Program];
  if (!together) {
    const value = first.scaler ? 'convert0(row[i], i)' : 'row[i]';
    const read = table ? 'encode(fields0, given0, row);' : scale('given0', value).trimStart();
    return [read, 'const y = network0(given0);', checked(first, 'y'), ...finishing(first, 0, 'out')];
  }
  const convert = ({ scaler }: Program, m: number): string =>
    isScaled(bundle) ? `, ${scaler ? `convert${m}` : '(x) => x'}` : '';
  const { temperature } = together;
  const isTempered = temperature !== 1;
  return [
    ...programs.map((program, m) =>
      table ? `encode(fields${m}, given${m}, row);` : `scale(given${m}, row${convert(program, m)});`,
    ),
    'sums.fill(0);',
    ...programs.flatMap((program, m) => [
      '{',
      `  const y = network${m}(given${m});`,
      `  ${checked(program, 'y')}`,
      ...finishing(program, m, 'own').map((line) => `  ${line}`),
      `  for (let i = 0; i < outputs; i++) sums[i] += ${times(together.weights?.[m])}own[i];`,
      '}',
    ]),
    `for (let i = 0; i < outputs; i++) own[i] = sums[i] / ${weightOfAll(bundle)};`,
    ...(isTempered ? [`temper({ data: own, columns: outputs }, ${temperature}, tempered, 0, 1);`] : []),
    `for (let i = 0; i < outputs; i++) out[i] = ${isTempered ? 'tempered' : 'own'}[i];`,
  ];
}

/** What a prediction of an ensemble is computed in. */
const ROOM = `const [own, tempered] = [new Float32Array(outputs), new Float32Array(outputs)];
const sums = new Float64Array(outputs);`;

/** The exports of a module that has an array `given0` for a row, and a `network0` which takes it and returns what it computes, to be read before the next call; of an ensemble with as many as it has members. */
export function shellOf(bundle: Bundle): string {
  const { programs, together, table, classes, columns, outputNames, cells, numbers, test } = bundle;
  const parts = [
    carry(carriedBy(bundle)),
    table ? '' : `export const inputs = ${cells};`,
    columns ? `export const columns = ${json(columns)};` : '',
    `export const outputs = ${numbers};`,
    classes ? `export const classes = ${json(classes)};` : '',
    outputNames && !classes ? `export const outputNames = ${json(outputNames)};` : '',
    ...programs.flatMap(kept),
    table ? ENCODE : '',
    together && !table
      ? `const scale = (given, row, convert) => {\n${scale('given', isScaled(bundle) ? 'convert(row[i], i)' : 'row[i]')}\n};`
      : '',
    together ? ROOM : '',
  ];
  const label = classes
    ? `

export function predictLabel(row) {
  const p = predict(row);
${
  together?.decision
    ? `  return answersIn({ data: p, columns: outputs, rows: 1 }, classes, ${json(together.decision)})[0];`
    : `  let best = 0;
  for (let i = 1; i < p.length; i++) if (p[i] > p[best]) best = i;
  return classes[best];`
}
}`
    : '';
  return `${parts.filter((part) => part !== '').join('\n')}

export function predict(row) {
  return predictInto(new Float32Array(outputs), row);
}

export function predictInto(out, row) {
  if (!(out instanceof Float32Array && out.length === outputs)) throw new TypeError(\`expected a Float32Array of \${outputs} numbers\`);
  ${predicting(bundle).join('\n  ').trimStart()}
  return out;
}${label}

// A row, and what is predicted for it.
const tested = predict(${testOf(bundle)});
if ([${Array.from(test.y, number).join()}].some((value, i) => !Object.is(Math.fround(value), tested[i])))
  throw new Error('This runtime computes other numbers than the network.');`;
}
