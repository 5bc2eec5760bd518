// What surrounds a compiled network in JavaScript: checks, scaling, classes, and the test on loading.
import { version } from '../base/version.js';
import type { LinearData } from '../data/scalers/linear.js';
import { predictedNumbers, type Program } from './program.js';

const json = (value: unknown): string => JSON.stringify(value);

/** What a compiled file is, in its first lines. */
export function documentation(program: Program, comment: string): string {
  const { inputs, classes, name } = program;
  const gives = classes ? `probabilities of ${classes.length} classes` : `${predictedNumbers(program)} numbers`;
  return [
    `${comment} ${name}: from ${inputs} numbers of a row to ${gives}. Made by simdense ${version}, by \`compile\`; needs nothing else.`,
  ].join('\n');
}

const scaled = ({ center, scale }: LinearData): string =>
  `const center = ${json(center)};\nconst scale = ${json(scale)};\n`;

/** The exports of a module whose \`network\` takes a Float32Array of a row and returns another. */
export function shellOf(program: Program): string {
  const { inputs, scaler, unscale, classes, columns, outputNames, outputs, test } = program;
  const numbers = predictedNumbers(program);
  const names = columns ?? undefined;
  const parts = [
    `/** The numbers that a row has. */\nexport const inputs = ${inputs};`,
    ...(names ? [`/** Their names. */\nexport const columns = ${json(names)};`] : []),
    `/** The numbers of a prediction. */\nexport const outputs = ${numbers};`,
    ...(classes ? [`/** The classes, in the order of the probabilities. */\nexport const classes = ${json(classes)};`] : []),
    ...(outputNames && !classes ? [`/** Their names. */\nexport const outputNames = ${json(outputNames)};`] : []),
    ...(scaler ? [scaled(scaler).trim()] : []),
    ...(unscale ? [`const unit = ${json(unscale)};`] : []),
  ];
  const input = scaler
    ? 'Float32Array.from(row, (value, c) => (value - center[c]) / scale[c])'
    : 'Float32Array.from(row)';
  const result = unscale
    ? 'y.map((value, c) => value * unit.scale[c] + unit.center[c])'
    : classes && outputs === 1
      ? 'Float32Array.of(1 - y[0], y[0])'
      : 'y';
  const label = classes
    ? `

/** The most probable class of a row. */
export function predictLabel(row) {
  const p = predict(row);
  return classes[p.indexOf(Math.max(...p))];
}`
    : '';
  return `${parts.join('\n\n')}

/** ${classes ? 'The probabilities of the classes' : 'The numbers that are predicted'} for a row of ${inputs} finite numbers. */
export function predict(row) {
  if (row?.length !== inputs) throw new TypeError(\`predict: expected a row of \${inputs} numbers\`);
  for (let i = 0; i < inputs; i++)
    if (typeof row[i] !== 'number' || !Number.isFinite(row[i])) throw new TypeError(\`predict: number \${i} of the row is \${row[i]}\`);
  const y = network(${input});
  return ${result};
}${label}

// A row, and what the network that was compiled gives for it.
const tested = predict(${json(test.x)});
if ([${Array.from(test.y, (value) => (Object.is(value, -0) ? '-0' : `${value}`)).join()}].some((value, i) => !Object.is(value, tested[i])))
  throw new Error('This runtime computes other numbers than the network that was compiled.');`;
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
    '/** What is predicted for a row of finite numbers. Throws a TypeError for another row. */\nexport declare function predict(row: ArrayLike<number>): Float32Array;',
    ...(classes ? [`/** The most probable class of a row. */\nexport declare function predictLabel(row: ArrayLike<number>): ${label};`] : []),
    '',
  ].join('\n');
}
