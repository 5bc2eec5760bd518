import { loadQuantized } from '#kernels/predict';
import { boolean, noMore, options, positiveInteger, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import { defaultEngine, Engine } from '../engine/engine.js';
import { features } from '../engine/features.js';
import { instantiate } from '../engine/instantiate.js';
import { readPipeline } from '../evaluate/description.js';
import { checkLayer } from '../nn/layers/index.js';
import { Network, planLayers } from '../nn/network.js';
import { isExact, MOST_INPUTS, type QuantizedKernels, quantizedPlan, writeQuantized } from '../nn/quantized.js';
import { checkWeights } from '../nn/weights.js';
import { checkWhole, type Description, isSound } from '../train/description.js';
import { decode, refuse, type Tensor } from '../train/safetensors.js';
import { INT8_MARK, type NarrowType, widened } from '../train/widened.js';
import { Predictor } from './predictor.js';

export interface LoadQuantizedPredictorOptions {
  /** Whether to use relaxed SIMD, which is faster; it changes no bit of a prediction. Default: where the runtime has it. */
  relaxed?: boolean;
  /** The most bytes of memory that the kernels may use. Default: only the runtime's own limit of 4 GiB. */
  maxMemory?: number;
}

const int8: NarrowType = {
  mark: INT8_MARK,
  dtype: 'I8',
  bytes: 1,
  floats: ({ buffer, byteOffset, length }) => new Float32Array(new Int8Array(buffer, byteOffset, length)),
};

const where = 'loadQuantizedPredictor';

/**
 * Loads a quantized model or pipeline for prediction. Each row's numbers become whole numbers of 7 bits, so that sums are exact and predictions are the same
 * bits in every runtime, those of `compile` with weights 'int8' too. An export of its own: programs that use only loadPredictor do not pay for it.
 *
 * @param bytes The file that `quantize` of simdense/compile returned.
 * @param o Options; see LoadQuantizedPredictorOptions.
 * @returns A predictor, as loadPredictor returns it.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file. One of float32 is for loadPredictor.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, for what is not a Uint8Array, and for layers that cannot be built.
 * @throws SimdenseError 'UNSUPPORTED' for `relaxed` where the runtime does not have it.
 * @throws SimdenseError 'OUT_OF_MEMORY' if the model needs more than `maxMemory`.
 * @example
 * import { quantize } from 'simdense/compile';
 * import { fitPipeline } from 'simdense/evaluate';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
 * const predictor = loadQuantizedPredictor(quantize(fitted));
 * predictor.predictLabels([[3], [37]]); // ['low', 'high']
 */
export function loadQuantizedPredictor(bytes: Uint8Array, o?: LoadQuantizedPredictorOptions): Predictor {
  noMore(where, arguments, 2);
  const { relaxed, maxMemory } = options(where, o, ['relaxed', 'maxMemory']);
  if (relaxed !== undefined) boolean(`${where}(relaxed)`, relaxed);
  if (maxMemory !== undefined) positiveInteger(`${where}(maxMemory)`, maxMemory);
  const { file, names } = widened(where, toBytes(`${where}(bytes)`, bytes), int8);
  let description = {} as Description;
  const { tensors, metadata } = decode(
    file,
    (first) => {
      readPart(
        where,
        first,
        'quantized',
        'the file is not one of quantize; loadPredictor reads float32',
        1,
        () => true,
      );
      const part = readPart(where, first, 'simdense', 'the file has no description of a simdense model', 1, isSound);
      description = part as unknown as Description;
    },
    where,
  );
  const layers = description.layers.map((layer, i) => checkLayer(`${where}: layers[${i}]`, layer));
  checkWhole(where, 'layers', description.layers, layers);
  const plan = planLayers(positiveInteger(`${where}: inputs`, description.inputs), layers);
  const engine = maxMemory === undefined ? defaultEngine() : new Engine(maxMemory);
  const own = quantizedPlan(plan, kernelsFor(engine, relaxed));
  checkTensors(own, tensors, names);
  const network = new Network(engine, description.inputs, layers, own.plan);
  try {
    const pipeline = metadata['pipeline'] === undefined ? undefined : readPipeline(where, metadata, network);
    const shapes = new Map(own.whole.map(({ path, shape }) => [path, shape as readonly [number, number]]));
    for (const parameter of network.parameters) {
      const { data } = tensors.get(parameter.path) as Tensor;
      const shape = shapes.get(parameter.path);
      const at = network.values + parameter.offset * 4;
      if (shape) writeQuantized(engine, at, shape, data);
      else engine.floats.set(data, at / 4);
    }
    return new Predictor(network, layers, pipeline);
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** The kernels for whole numbers, over an engine's memory. Throws SimdenseError 'UNSUPPORTED' for relaxed ones where there are none. */
function kernelsFor(engine: Engine, relaxed: boolean | undefined): QuantizedKernels {
  const { memory } = engine.calls;
  const load = (isRelaxed: boolean) =>
    instantiate(() => loadQuantized(isRelaxed), { env: { memory } }) as unknown as QuantizedKernels;
  if (relaxed !== false && features().relaxed) {
    const kernels = load(true);
    if (isExact(engine, kernels)) return kernels;
  }
  if (relaxed) {
    const message = 'this runtime has no relaxed SIMD, or not as it is specified; without it the bits are the same';
    throw new SimdenseError('UNSUPPORTED', `${where}(relaxed): ${message}`);
  }
  return load(false);
}

/** Throws SimdenseError 'FORMAT' unless the file's tensors are the network's parameters, by name, shape and type. So a small file cannot claim a wide network. */
function checkTensors(
  { plan, whole }: ReturnType<typeof quantizedPlan>,
  tensors: ReadonlyMap<string, Tensor>,
  names: ReadonlySet<string>,
): void {
  const kernels = new Set(whole.map(({ path }) => path));
  for (const path of tensors.keys())
    if (names.has(path) !== kernels.has(path))
      refuse(where, `"${path}" has numbers of another type than quantize writes`);
  checkWeights(where, [...whole, ...plan.parameters.filter(({ path }) => !kernels.has(path))], tensors, 'FORMAT');
  for (const {
    path,
    shape: [inputs],
  } of whole)
    if (inputs > MOST_INPUTS) refuse(where, `"${path}" has ${inputs} inputs, at most ${MOST_INPUTS} are possible`);
  for (const [path, { data }] of tensors) {
    const bad = names.has(path) ? -1 : data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) refuse(where, `"${path}"[${bad}] is ${data[bad]}`);
  }
}
