// JavaScript on typed arrays, plain or blocked by hand for registers: bench/twin.ts and bench/products.ts, which Node 24 can import directly.
import { blocked, plain } from '../../products.ts';
import { makeTwin } from '../../twin.ts';

export async function prepare({ products = 'blocked' }) {
  const layers = ({ inputs, units }) =>
    units.map((n, i) => {
      const before = units[i - 1] ?? inputs;
      const kernel = Float32Array.from({ length: before * n }, (_, k) => Math.sin(k) * Math.sqrt(6 / before));
      return { inputs: before, units: n, kernel, bias: new Float32Array(n) };
    });
  const twin = (network, rows) => makeTwin(layers(network), rows, products === 'plain' ? plain : blocked);
  return {
    name: `JavaScript, ${products}`,
    step(network, make) {
      const { x, labels } = make(1);
      const { step } = twin(network, network.batch);
      return { call: () => void step(x, labels) };
    },
    predict(network, rows, x) {
      const { predict } = twin(network, rows);
      return { call: () => void predict(x) };
    },
    epoch(network, { x, labels }) {
      const { inputs, batch } = network;
      const { step } = twin(network, batch);
      return {
        call() {
          for (let from = 0; from + batch <= labels.length; from += batch) {
            step(x.subarray(from * inputs, (from + batch) * inputs), labels.subarray(from, from + batch));
          }
        },
      };
    },
  };
}
