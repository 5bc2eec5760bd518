// What surrounds a compiled network in JavaScript: checks, scaling, classes, and the test on loading.
import { version } from '../base/version.js';
import type { LinearData } from '../data/scalers/linear.js';
import { predictedNumbers, type Program } from './program.js';
import { number } from './shortest.js';

const json = (value: unknown): string => JSON.stringify(value);

/** What a compiled file is, in its first lines. */
export function documentation(program: Program, comment: string): string {
  const { inputs, classes, name } = program;
  const gives = classes ? `probabilities of ${classes.length} classes` : `${predictedNumbers(program)} numbers`;
  return [
    `${comment} ${name}: from ${inputs} numbers of a row to ${gives}. Compiled by simdense ${version}.`,
  ].join('\n');
}

const scaled = ({ center, scale }: LinearData): string =>
  `const center = ${json(center)};\nconst scale = ${json(scale)};\n`;

/** The exports of a module that has an array `given` for a row, and a `network` which takes it and returns what it computes, to be read before the next call. */
export function shellOf(program: Program): string {
  const { inputs, scaler, unscale, classes, columns, outputNames, outputs, test } = program;
  const numbers = predictedNumbers(program);
  const names = columns ?? undefined;
  const parts = [
    `export const inputs = ${inputs};`,
    ...(names ? [`export const columns = ${json(names)};`] : []),
    `export const outputs = ${numbers};`,
    ...(classes ? [`export const classes = ${json(classes)};`] : []),
    ...(outputNames && !classes ? [`export const outputNames = ${json(outputNames)};`] : []),
    ...(scaler ? [scaled(scaler).trim()] : []),
    ...(unscale ? [`const unit = ${json(unscale)};`] : []),
  ];
  const value = scaler ? '(row[i] - center[i]) / scale[i]' : 'row[i]';
  const result = unscale
    ? 'for (let i = 0; i < outputs; i++) out[i] = y[i] * unit.scale[i] + unit.center[i];'
    : classes && outputs === 1
      ? 'out[1] = y[0];\n  out[0] = 1 - y[0];'
      : 'for (let i = 0; i < outputs; i++) out[i] = y[i];';
  const label = classes
    ? `

export function predictLabel(row) {
  const p = predict(row);
  return classes[p.indexOf(Math.max(...p))];
}`
    : '';
  return `${parts.join('\n')}

export function predict(row) {
  return predictInto(new Float32Array(outputs), row);
}

export function predictInto(out, row) {
  if (row?.length !== inputs || out.length < outputs)
    throw new TypeError(\`expected a row of \${inputs} numbers, and room for \${outputs}\`);
  for (let i = 0; i < inputs; i++) {
    if (!Number.isFinite(row[i])) throw new TypeError(\`number \${i} of the row is \${row[i]}\`);
    given[i] = ${value};
  }
  const y = network(given);
  ${result}
  return out;
}${label}

// A row, and what the network gives for it.
const tested = predict(${json(test.x)});
if ([${Array.from(test.y, number).join()}].some((value, i) => !Object.is(Math.fround(value), tested[i])))
  throw new Error('This runtime computes other numbers than the network.');`;
}

/** The types of such a module. */
export function typesOf(program: Program): string {
  const { classes, columns, outputNames } = program;
  const label = classes?.some((each) => typeof each === 'number') ? 'number' : 'string';
  return [
    '/** The numbers that a row has. */\nexport declare const inputs: number;',
    ...(columns ? ['/** Their names. */\nexport declare const columns: readonly string[];'] : []),
    '/** The numbers of a prediction. */\nexport declare const outputs: number;',
    ...(classes ? [`/** The classes, in the order of the probabilities. */\nexport declare const classes: readonly ${label}[];`] : []),
    ...(outputNames && !classes ? ['/** Their names. */\nexport declare const outputNames: readonly (string | number)[];'] : []),
    '/** What is predicted for a row of finite numbers. Throws a TypeError for another row. */\nexport declare function predict(row: ArrayLike<number>): Float32Array;\n/** The same, written to an array of `outputs` numbers. */\nexport declare function predictInto(out: Float32Array, row: ArrayLike<number>): Float32Array;',
    ...(classes ? [`/** The most probable class of a row. */\nexport declare function predictLabel(row: ArrayLike<number>): ${label};`] : []),
    '',
  ].join('\n');
}
