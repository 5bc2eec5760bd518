import { noMore } from '../base/checks.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { PipelineDescription } from '../evaluate/description.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { loadPipeline } from '../evaluate/index.js';
import { activation } from '../nn/layers/index.js';
import { adam } from '../nn/optimizers/index.js';
import { decode, encode } from '../train/safetensors.js';
import { type Affine, type ByColumn, layersOf, modelOf, type Step, widthAfter } from '../train/steps.js';
import { type FromOnnxOptions, type Network, readNetwork } from './network.js';
import type { Classes } from './outputs.js';

/**
 * Reads an ONNX file as a pipeline, with its scaler and its classes: as scikit-learn's exporter (skl2onnx) writes classifiers and regressors.
 *
 * What the graph does to each column first becomes the scaler, which is not trained, and what it does to a regression's numbers last the scaler of the targets. The classes are those of the graph's labels, or
 * 0, 1, 2, … where it ends in softmax or its logarithm and names none. All else is a regression. The network is that of fromOnnx, except that a classifier whose graph ends in LogSoftmax ends in softmax here, so
 * that it predicts probabilities.
 * @param bytes The bytes of the file.
 * @param o The options; all have defaults.
 * @returns A pipeline, which predicts labels or numbers from rows as they are, and can be saved, and trained further.
 * @throws SimdenseError 'UNSUPPORTED', 'FORMAT' and 'ARGUMENT' where fromOnnx throws them.
 * @example
 * import { fitPipeline } from 'simdense/evaluate';
 * import { pipelineFromOnnx, toOnnx } from 'simdense/onnx';
 *
 * const x = Array.from({ length: 60 }, (_, i) => [1000 + i, i % 7]);
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 5 } }, x, x.map(([a]) => 2 * a));
 * const read = pipelineFromOnnx(toOnnx(fitted));
 * console.log(read.pipeline.task, read.scaler.type); // regression standard
 */
export function pipelineFromOnnx(bytes: Uint8Array, o?: FromOnnxOptions): FittedPipeline {
  noMore('pipelineFromOnnx', arguments, 2);
  return readNetwork('pipelineFromOnnx', bytes, o, (network) => {
    const { pipeline, isLog } = pipelineOf(network);
    try {
      const made = isLog ? Math.exp : undefined;
      network.prove((rows) => pipeline.predictProbabilities(rows).data, pipeline.model.outputs, made);
      return pipeline;
    } catch (error) {
      pipeline.model.dispose();
      throw error;
    }
  });
}

/** The pipeline of a network, and whether its probabilities stand for their logarithms in the graph. */
function pipelineOf({ columns, steps, chosen }: Network): { pipeline: FittedPipeline; isLog: boolean } {
  const scaler = scalerOf(steps[0], columns);
  const own = scaler ? steps.slice(1) : steps;
  const layers = layersOf(own, columns);
  const last = layers.at(-1)?.layer;
  const ends = last?.type === 'activation' ? last.activation : undefined;
  const isLog = ends === 'logSoftmax';
  const isSoftmax = ends === 'softmax' || isLog;
  const isSigmoid = ends === 'sigmoid';
  const outputs = own.reduce((width, step) => widthAfter(step, width), columns);
  const classes = chosen.classes ?? (isSoftmax ? Array.from({ length: outputs }, (_, i) => i) : undefined);
  // Sigmoids of several outputs are several labels a row, of which each may be there.
  const isOne = isSoftmax || (isSigmoid && outputs === 1);
  const isClassifier = classes !== undefined && classes.length === Math.max(2, outputs) && isOne;
  if (isLog && isClassifier) layers[layers.length - 1] = { layer: activation('softmax') };
  using plain = modelOf(layers, columns);
  // The last arithmetic of a regression turns scaled numbers back to their units.
  const unscale = isClassifier ? undefined : targetScalerOf(own.at(-1), outputs);
  const model = unscale ? modelOf(layersOf(own.slice(0, -1), columns), columns) : plain;
  const loss = isSoftmax ? 'categoricalCrossentropy' : isSigmoid ? 'binaryCrossentropy' : 'meanSquaredError';
  model.compile({ optimizer: adam(), loss });
  const { tensors, metadata } = decode(model.save());
  if (model !== plain) model.dispose();
  const description: PipelineDescription = {
    version: unscale ? 2 : 1,
    pipeline: {
      layers: model.layers,
      loss,
      metrics: [],
      task: isClassifier ? 'classification' : 'regression',
      scale: scaler?.type ?? 'none',
      optimizer: adam(),
      ...(!isClassifier && { targetScale: unscale?.type ?? 'none' }),
      fit: {},
    },
    scaler: scaler ?? { type: 'none', center: [], scale: [] },
    ...(unscale && { targetScaler: unscale }),
    ...(isClassifier && { classes: classes as Classes }),
    history: { epochs: [] },
  };
  const pipeline = loadPipeline(encode(tensors, { ...metadata, pipeline: JSON.stringify(description) }));
  return { pipeline, isLog: isLog && isClassifier };
}

/** (x − center) / scale of a step, for so many columns; undefined for a step that is no such scaling. */
function linearOf(
  step: Step | undefined,
  columns: number,
  of: (affine: Affine, c: number) => readonly [center: number, scale: number],
): LinearData<'standard'> | undefined {
  if (!step || !('affine' in step)) return undefined;
  const pairs = Array.from({ length: columns }, (_, c) => of(step.affine, c));
  const isSound = pairs.every(([center, scale]) => Number.isFinite(center) && Number.isFinite(scale) && scale > 0);
  return isSound
    ? { type: 'standard', center: pairs.map(([center]) => center), scale: pairs.map(([, scale]) => scale) }
    : undefined;
}

const at = (values: ByColumn, c: number): number => (typeof values === 'number' ? values : (values[c] as number));

/** scale · (x − center) + offset is (x − (center − offset / scale)) / (1 / scale). */
const scalerOf = (step: Step | undefined, columns: number): LinearData<'standard'> | undefined =>
  linearOf(step, columns, ({ center, scale, offset }, c) => [
    at(center, c) - at(offset, c) / at(scale, c),
    1 / at(scale, c),
  ]);

/** What is computed from the network's numbers, turned round: y · scale + center. */
const targetScalerOf = (step: Step | undefined, columns: number): LinearData<'standard'> | undefined =>
  // A term alone is a bias.
  hasFactor(step)
    ? linearOf(step, columns, ({ center, scale, offset }, c) => [
        at(offset, c) - at(scale, c) * at(center, c),
        at(scale, c),
      ])
    : undefined;

function hasFactor(step: Step | undefined): boolean {
  if (!step || !('affine' in step)) return false;
  const { scale } = step.affine;
  return typeof scale === 'number' ? scale !== 1 : scale.some((value) => value !== 1);
}
