// The works that are measured: each by simdense and, for comparison, in plain JavaScript.
import { adam, dense, type Engine, Matrix, sequential } from '../index.js';
import { type CreateKernelsOptions, createKernels, type Kernels } from '../kernels/index.js';
import * as loops from './loops.js';
import { blocked, plain } from './products.js';
import { makeTwin, type TwinLayer } from './twin.js';
import { flops, makeData, title, type Workload, workloads } from './workloads.js';

/** A work, ready to be run. */
export interface Work {
  readonly group: 'kernels' | 'steps' | 'predict';
  readonly name: string;
  readonly about: string;
  /** Floating-point operations of its products, where it has any. */
  readonly flops?: number;
  /** Whether its speed is compared with the peak. */
  readonly atPeak?: boolean;
  simdense(): void;
  plain(): void;
  blocked?(): void;
  dispose?(): void;
}

/** A work before it is made, and the share of the whole time that it gets. */
export interface Part {
  readonly weight: number;
  make(): Work;
}

/** Numbers from 0 to 1, the same in each run. */
const filled = (array: Float32Array): Float32Array => {
  array.set(makeData({ name: '', inputs: array.length, units: [1], batch: 1 }, 1).x);
  return array;
};

const sizes: Readonly<Record<string, number>> = { 'gemm 64': 0.5, 'gemm 256': 0.8, 'gemm 512': 1.6 };

/** A product of square matrices, by simdense alone. */
export function gemmRun(k: Kernels, size: number): () => void {
  const [a, b, c] = [filled(k.float32(size * size)), filled(k.float32(size * size)), k.float32(size * size)];
  return () => void k.gemm(size, size, size, a, b, c);
}

/** Kernels that have chosen their tile, so that no product is measured with the trial beside it: a slice of some 0.2 ms in each of the first hundred large products. */
export async function settledKernels(o: CreateKernelsOptions): Promise<Kernels> {
  const k = await createKernels(o);
  using _ = k.scope();
  const run = gemmRun(k, 208);
  for (let call = 0; call <= 100; call++) run();
  return k;
}

function gemm(k: Kernels, name: string): Work {
  const size = Number(name.split(' ')[1]);
  const [a, b] = [filled(new Float32Array(size * size)), filled(new Float32Array(size * size))];
  const [c, bias] = [new Float32Array(size * size), new Float32Array(size)];
  return {
    group: 'kernels',
    ...{ name, about: `${size}×${size}×${size}`, flops: 2 * size ** 3, atPeak: true },
    simdense: gemmRun(k, size),
    plain: () => plain.forward(size, size, size, a, b, bias, c),
    blocked: () => blocked.forward(size, size, size, a, b, bias, c),
  };
}

/** The works of simdense/kernels. */
export function kernelParts(k: Kernels): Part[] {
  const columns = 10;
  const vectors = 0.4;
  return [
    ...Object.entries(sizes).map(([name, weight]) => ({ weight, make: () => gemm(k, name) })),
    {
      weight: vectors,
      make(): Work {
        const size = 1024;
        const a = filled(k.float32(size * size));
        const [x, y] = [filled(k.float32(size)), k.float32(size)];
        const [ownA, ownX, ownY] = [a.slice(), x.slice(), y.slice()];
        return {
          group: 'kernels',
          ...{ name: 'gemv', about: `${size}×${size}`, flops: 2 * size * size },
          simdense: () => void k.gemv(size, size, a, x, y),
          plain: () => loops.gemv(size, size, ownA, ownX, ownY),
          blocked: () => loops.gemvBlocked(size, size, ownA, ownX, ownY),
        };
      },
    },
    {
      weight: vectors,
      make(): Work {
        const [x, y] = [filled(k.float32(10_000)), k.float32(10_000)];
        const [ownX, ownY] = [x.slice(), y.slice()];
        return {
          group: 'kernels',
          ...{ name: 'tanh', about: '10,000' },
          simdense: () => void k.tanh(x, y),
          plain: () => loops.tanh(ownX, ownY),
        };
      },
    },
    {
      weight: vectors,
      make(): Work {
        const [x, y] = [filled(k.float32(1000 * columns)), k.float32(1000 * columns)];
        const [ownX, ownY] = [x.slice(), y.slice()];
        return {
          group: 'kernels',
          ...{ name: 'softmax', about: `1,000×${columns}` },
          simdense: () => void k.softmax(x, columns, y),
          plain: () => loops.softmax(columns, ownX, ownY),
        };
      },
    },
    {
      weight: vectors,
      make(): Work {
        const x = filled(k.float32(100_000));
        const own = x.slice();
        return {
          group: 'kernels',
          ...{ name: 'sum', about: '100,000' },
          simdense: () => void k.sum(x),
          plain: () => void loops.sum(own),
          blocked: () => void loops.sumBlocked(own),
        };
      },
    },
  ];
}

const modelOf = ({ inputs, units }: Workload, engine: Engine) =>
  sequential({
    ...{ inputs, seed: 1, engine },
    layers: units.map((n, i) => dense({ units: n, activation: i === units.length - 1 ? 'softmax' : 'relu' })),
  });

/** A model's layers for the twin. */
function layersOf(model: ReturnType<typeof modelOf>): TwinLayer[] {
  const tensors = [...model.getWeights().values()];
  return tensors.flatMap(({ shape: [inputs, units], data }, i) =>
    units === undefined
      ? []
      : [{ inputs: inputs as number, units, kernel: data, bias: (tensors[i + 1] as { data: Float32Array }).data }],
  );
}

/** A step of training on a batch that is in memory, by simdense alone: forward, loss, backward, Adam's update. */
export function stepRun(workload: Workload, engine: Engine): { run(): void; layers: TwinLayer[]; dispose(): void } {
  const model = modelOf(workload, engine);
  const layers = layersOf(model);
  // So small a rate that gradients do not vanish over a million steps on one batch.
  model.compile({ optimizer: adam({ learningRate: 1e-6 }), loss: 'categoricalCrossentropy' });
  const { x, labels } = makeData(workload, workload.batch);
  model.trainOnBatch(new Matrix(x, workload.inputs), labels);
  const { trainer } = model.bound;
  return { layers, run: () => void trainer?.step(workload.batch), dispose: () => model.dispose() };
}

const weights: Readonly<Record<string, number>> = { W1: 0.5, W2: 0.8, W3: 1.5, W4: 3.4, W5: 0.5 };

/** The steps W1 to W5. */
export const stepParts = (engine: Engine): Part[] =>
  workloads.map((workload) => ({ weight: weights[workload.name] as number, make: () => stepWork(workload, engine) }));

function stepWork(workload: Workload, engine: Engine): Work {
  const { name, batch } = workload;
  const { layers, run, dispose } = stepRun(workload, engine);
  const { x, labels } = makeData(workload, batch);
  const [naive, fast] = [makeTwin(layers, batch, plain), makeTwin(layers, batch, blocked)];
  return {
    group: 'steps',
    ...{ name, about: title(workload), flops: flops(workload), atPeak: true, dispose },
    simdense: run,
    plain: () => void naive.step(x, labels),
    blocked: () => void fast.step(x, labels),
  };
}

/** The prediction of one row of W2. */
export const predictPart = (engine: Engine): Part => ({ weight: 0.4, make: () => predictWork(engine) });

function predictWork(engine: Engine): Work {
  const workload = workloads[1] as Workload;
  const model = modelOf(workload, engine);
  const { x } = makeData(workload, 1);
  const out = new Float32Array(workload.units.at(-1) as number);
  const layers = layersOf(model);
  const [naive, fast] = [makeTwin(layers, 1, plain), makeTwin(layers, 1, blocked)];
  return {
    group: 'predict',
    ...{ name: 'one row', about: [workload.inputs, ...workload.units].join('-') },
    flops: layers.reduce((all, { inputs, units }) => all + 2 * inputs * units, 0),
    simdense: () => void model.predictInto(out, x),
    plain: () => void naive.predict(x),
    blocked: () => void fast.predict(x),
    dispose: () => model.dispose(),
  };
}
