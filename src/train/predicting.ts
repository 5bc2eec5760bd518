import { options, positiveInteger, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { floatsOf } from '../base/typed-arrays.js';
import { type Matrix, ownMatrix } from '../data/matrix.js';
import { checkFloats } from '../data/numbers.js';
import { type Rows, toMatrix } from '../data/rows.js';
import type { Network } from '../nn/network.js';
import { INFERENCE } from '../nn/plan.js';
import type { Logs } from './history.js';
import type { Staging } from './staging.js';

/** The default batch size of predict and evaluate. */
const BATCH = 256;

/** Rows in any form as a matrix. Throws unless it has at least one row and the network's number of columns. `where` names the argument, such as 'predict: x'. */
export function checkRows(where: string, network: Network, x: Rows): Matrix {
  const matrix = toMatrix(where, x, network.inputs, 'the model takes');
  if (matrix.rows === 0) throw new SimdenseError('DATA', `${where} has no rows`);
  return matrix;
}

export function checkBatchSize(method: string, batchSize: number | undefined, rows: number): number {
  return Math.min(rows, positiveInteger(`${method}(batchSize)`, batchSize ?? BATCH));
}

/** Computes the outputs for all rows of x, in batches. */
export function predict(
  network: Network,
  staging: Staging,
  x: Rows,
  o: { batchSize?: number } | undefined,
  where = 'predict',
): Matrix {
  return atOnce(prediction(network, staging, x, o, where));
}

/** predict as a generator that yields after each batch, so that the event loop can turn. */
export function* prediction(
  network: Network,
  staging: Staging,
  x: Rows,
  o: { batchSize?: number } | undefined,
  where = 'predict',
): Generator<void, Matrix> {
  const matrix = checkRows(`${where}: x`, network, x);
  const batchSize = checkBatchSize(where, options(where, o, ['batchSize']).batchSize, matrix.rows);
  const { outputs } = network;
  const out = new Float32Array(matrix.rows * outputs);
  for (let from = 0; from < matrix.rows; from += batchSize) {
    const count = Math.min(batchSize, matrix.rows - from);
    network.reserve(batchSize);
    staging.reserve(batchSize);
    staging.loadRows(matrix, undefined, from, count);
    network.forward(count, false, INFERENCE);
    const at = outputsAt(where, network, staging, count, from);
    out.set(network.engine.floats.subarray(at, at + count * outputs), from * outputs);
    yield;
  }
  return ownMatrix(out, outputs);
}

/** Unpacks the outputs of `rows` rows, of which the first has index `from`; returns their address in floats. Throws SimdenseError 'DATA' if one is not finite. */
function outputsAt(where: string, { engine, outputs }: Network, staging: Staging, rows: number, from: number): number {
  const at = staging.unloadPredictions(rows);
  if (!engine.calls.allFinite(rows * outputs, at * 4)) {
    const all = engine.floats.subarray(at, at + rows * outputs);
    const bad = all.findIndex((value) => !Number.isFinite(value));
    // The kernel reads eight floats at a time, so the one that is not finite may lie behind the outputs.
    if (bad >= 0) throw tooLarge(`${where}: row ${from + Math.floor(bad / outputs)}`, all[bad]);
  }
  return at;
}

/** Runs an evaluation. Throws SimdenseError 'DATA' if the loss is not finite. */
export function* finiteEvaluation(method: string, work: Generator<void, Logs>): Generator<void, Logs> {
  const logs = yield* work;
  if (!Number.isFinite(logs['loss'])) throw tooLarge(`${method}: the loss`, logs['loss']);
  return logs;
}

/** Inputs and weights have been checked to be finite, so only their products can exceed float32. */
function tooLarge(what: string, value: number | undefined): SimdenseError {
  return new SimdenseError('DATA', `${what} comes to ${value}: inputs or weights are too large`);
}

/** Writes the outputs for the rows in x to `out`. Allocates nothing once there is room for this many rows. */
export function predictInto(
  network: Network,
  staging: Staging,
  givenOut: Float32Array,
  givenX: Float32Array,
): Float32Array {
  const { inputs, outputs, engine } = network;
  const out = floatsOf(givenOut) ?? refuse('predictInto(out)', 'a Float32Array', givenOut);
  const x = floatsOf(givenX) ?? refuse('predictInto(x)', 'a Float32Array', givenX);
  const rows = x.length / inputs;
  if (!Number.isInteger(rows) || rows === 0) {
    throw new SimdenseError(
      'SHAPE',
      `predictInto: x has ${x.length} numbers, which do not fill rows of ${inputs} columns`,
    );
  }
  if (out.length !== rows * outputs) {
    throw new SimdenseError('SHAPE', `predictInto: out has ${out.length} numbers, ${rows} rows need ${rows * outputs}`);
  }
  network.reserve(rows);
  staging.reserve(rows);
  checkFloats('predictInto: x', x, inputs);
  staging.loadFloats(x, rows);
  network.forward(rows, false, INFERENCE);
  const at = outputsAt('predictInto', network, staging, rows, 0);
  const { floats } = engine;
  for (let i = 0; i < out.length; i++) out[i] = floats[at + i] as number;
  return givenOut;
}
