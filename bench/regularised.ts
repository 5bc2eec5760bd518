// The cost of batch normalization, dropout and penalties in a step of W3, and of Adam's pass over W2's parameters.

import { interleaved, repeated } from '../src/bench/measure.js';
import type { Workload } from '../src/bench/workloads.js';
import { defaultEngine } from '../src/engine/engine.js';
import { activation, batchNormalization, dense, dropout, type Layer, type Regularizer } from '../src/index.js';
import { bindStep } from './step.js';

/** W3's layers with batch normalization, dropout and penalties. */
function regularised({ units }: Workload): Layer[] {
  const kernelRegularizer: Regularizer = { l1: 1e-6, l2: 1e-6 };
  return units.flatMap((n, i): Layer[] =>
    i === units.length - 1
      ? [dense({ units: n, activation: 'softmax', kernelRegularizer })]
      : [dense({ units: n, kernelRegularizer }), batchNormalization(), activation('relu'), dropout({ rate: 0.2 })],
  );
}

export async function measureRegularised(workload: Workload, plain: readonly Layer[]) {
  const tasks = [
    repeated('plain', bindStep(workload, plain).step, 30),
    repeated('regularised', bindStep(workload, regularised(workload)).step, 30),
  ];
  const times = await interleaved(tasks, 25);
  return { workload: workload.name, added: times.get('regularised')! / times.get('plain')! - 1, bar: 0.2 };
}

export async function measureAdam({ inputs, units }: Workload) {
  const engine = defaultEngine();
  const { calls } = engine;
  let parameters = 0;
  let columns = inputs;
  for (const n of units) {
    parameters += (columns + 1) * Math.ceil(n / 16) * 16;
    columns = n;
  }
  const [p, g, m, v] = [0, 0, 0, 0].map(() => engine.allocate(parameters * 4)) as [number, number, number, number];
  calls.fillUniform(parameters, g, 1, 0, 1, 0, 0, 0, 1);
  const pass = () => calls.adam(parameters, p, g, m, v, 1e-6, 1, 0.9, 0.1, 0.999, 0.001, 1e-8, 1);
  const times = await interleaved([repeated('adam', pass)], 25);
  return { parameters, nanoseconds: (times.get('adam')! * 1000) / parameters, bar: 0.8 };
}
