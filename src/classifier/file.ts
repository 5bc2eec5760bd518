// A classifier's file: a pipeline's, which simdense/predict reads, with a part of its own for learning on.
import { isRecord, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { type Scaler, scalerFromJson } from '../data/scalers/index.js';
import type { PipelineDescription } from '../evaluate/description.js';
import { loadModel } from '../train/loading.js';
import { decode, encode, isCount, type Tensor } from '../train/safetensors.js';
import { Memory } from './memory.js';
import type { Parts } from './parts.js';
import { LOSS, layersFor, METRICS, OPTIMIZER, SoftmaxModel } from './softmax-model.js';

/** The kept rows. Readers of models leave out what a training needs, which they know by such a name. */
const KEPT = 'callbacks/0/kept/rows';

/** The entry 'classifier' in the metadata. */
interface Description {
  readonly version: 1;
  readonly seed: number;
  readonly l2: number;
  readonly keep: number;
  readonly learnt: number;
  /** For each class how many rows have come. */
  readonly seen: readonly number[];
  /** For each class how many rows are kept; absent in a file without them. */
  readonly kept?: readonly number[];
}

export function writeFile(parts: Parts, keptRows: boolean): Uint8Array {
  const { softmax, scaler, classes, memory, seed, l2, keep, learnt, learns } = parts;
  const { tensors, metadata } = decode(softmax.model.save());
  const pipeline: PipelineDescription = {
    version: 1,
    pipeline: {
      layers: softmax.model.layers,
      scale: 'standard',
      optimizer: OPTIMIZER,
      loss: LOSS,
      metrics: METRICS,
      fit: {},
      task: 'classification',
    },
    scaler: scaler.toJSON(),
    classes,
    history: { epochs: [] },
  };
  const { data, counts } = memory.keptRows(softmax.inputs);
  const own: Description = {
    ...{ version: 1, seed, l2, keep, learnt, seen: memory.seen },
    ...(keptRows && learns && { kept: counts }),
  };
  const all = new Map<string, Tensor>(tensors);
  if (own.kept) all.set(KEPT, { shape: [data.length / softmax.inputs, softmax.inputs], data });
  return encode(all, { ...metadata, pipeline: JSON.stringify(pipeline), classifier: JSON.stringify(own) });
}

/** The parts of a classifier's file. Throws SimdenseError 'FORMAT' for anything else. */
export function readFile(where: string, bytes: Uint8Array): Parts {
  const file = toBytes(`${where}(bytes)`, bytes);
  const { tensors, metadata } = decode(file, undefined, where);
  const missing = 'the file has no classifier; loadPipeline of simdense/evaluate reads pipelines, loadModel models';
  const own = readPart(where, metadata, 'classifier', missing, 1, isSound) as unknown as Description;
  const described = readPart(where, metadata, 'pipeline', missing, 1, isPipeline) as unknown as PipelineDescription;
  const refuse = (what: string): never => {
    throw new SimdenseError('FORMAT', `${where}: its ${what} not as simdense writes them`);
  };
  const classes = described.classes as readonly Label[];
  const scaler: Scaler = scalerFromJson(described.scaler);
  const { seed, l2, keep, learnt, seen, kept } = own;
  if (seen.length !== classes.length || (kept && kept.length !== classes.length)) refuse('classes are');
  const { data, shape } = tensors.get(KEPT) ?? { data: new Float32Array(0), shape: [0, scaler.columns] };
  const count = (kept ?? []).reduce((sum, each) => sum + each, 0);
  const sound =
    data.every(Number.isFinite) &&
    isCount(seen.reduce((sum, each) => sum + each, 0)) &&
    (kept ?? []).every((each, index) => each <= (seen[index] as number));
  if (!sound || count > keep || shape.join() !== `${count},${scaler.columns}`) refuse('kept rows are');
  const model = modelOf(where, file);
  const same = JSON.stringify(model.layers) === JSON.stringify(layersFor(classes.length));
  if (model.inputs !== scaler.columns || !same || model.bound.trainer?.loss !== LOSS) {
    model.dispose();
    refuse('layers are');
  }
  const memory = Memory.of(keep, seen, { data: data.slice(), counts: kept ?? seen.map(() => 0) }, scaler.columns);
  const softmax = new SoftmaxModel(model.inputs, classes.length, model);
  return { softmax, scaler, classes, memory, seed, l2, keep, learnt, learns: kept !== undefined };
}

const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

const isSound = ({ seed, l2, keep, learnt, seen, kept }: Record<string, unknown>): boolean =>
  [seed, keep, learnt].every(isCount) &&
  (keep as number) > 0 &&
  Number.isFinite(l2) &&
  (l2 as number) > 0 &&
  isCounts(seen) &&
  (kept === undefined || isCounts(kept));

/** Whether it is a pipeline as writeFile describes it; its labels are checked here, its scaler by who makes it. */
function isPipeline({ pipeline, scaler, classes }: Record<string, unknown>): boolean {
  return (
    isRecord(pipeline) &&
    isRecord(scaler) &&
    scaler['type'] === 'standard' &&
    Array.isArray(classes) &&
    classes.length >= 2 &&
    new Set(classes).size === classes.length &&
    classes.every((label) => typeof label === 'string' || Number.isFinite(label))
  );
}

/** The network of a file. Its errors name the caller. */
function modelOf(where: string, file: Uint8Array) {
  try {
    return loadModel(file, { networkOnly: true });
  } catch (cause) {
    if (!(cause instanceof SimdenseError)) throw cause;
    throw new SimdenseError(cause.code, cause.message.replace(/^loadModel\b/, where), { cause });
  }
}
