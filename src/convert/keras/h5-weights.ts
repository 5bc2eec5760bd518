// The weights of Keras models in HDF5, in both of its layouts.
import { show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Group, NumberArray } from '../hdf5/file.js';
import { broken } from '../refusals.js';
import type { KerasLayer } from './topology.js';
import type { Weight, WeightSource } from './weights.js';

const where = 'fromKeras';

const missing = ({ name, type }: KerasLayer, what: string) =>
  broken(where, `layer "${name}" of class ${type} has ${what}`);

/** Other weights than expected: more of them are those of a setting that no layer here has, such as LoRA. */
function others(layer: KerasLayer, had: string, count: number, names: readonly string[]): SimdenseError {
  const { message } = missing(layer, `the weights ${had}, expected ${names.join(', ') || 'none'}`);
  return new SimdenseError(count > names.length ? 'UNSUPPORTED' : 'FORMAT', message);
}

/** The name under which Keras 3 keeps the weights of a class, as its to_snake_case makes it. */
const snakeCase = (type: string): string =>
  type
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** The model.weights.h5 of a .keras file: layers/dense_1/vars/0 is the first weight of the second layer of class Dense. */
export class NumberedWeights implements WeightSource {
  readonly #layers: Group | undefined;
  readonly #places = new Map<string, string>();

  constructor(file: Group, all: readonly KerasLayer[]) {
    this.#layers = file.at('layers');
    const counts = new Map<string, number>();
    for (const { name, type } of all) {
      const own = snakeCase(type);
      const count = counts.get(own) ?? 0;
      counts.set(own, count + 1);
      this.#places.set(name, count === 0 ? own : `${own}_${count}`);
    }
  }

  of(layer: KerasLayer, names: readonly string[]): readonly Weight[] {
    const path = `${this.#places.get(layer.name)}/vars`;
    const group = this.#layers?.at(path);
    if (!group) throw missing(layer, `no weights at layers/${path}`);
    const count = group.names().length;
    if (count !== names.length) throw others(layer, group.names().join(', ') || 'none', count, names);
    return names.map((name, i) => arrayOf(layer, name, group.at(String(i))));
  }
}

/** The weights of a .h5 file: those of each layer in a group of its name, which lists them. */
export class NamedWeights implements WeightSource {
  readonly #layers: Group | undefined;

  constructor(file: Group) {
    this.#layers = file.at('model_weights');
  }

  of(layer: KerasLayer, names: readonly string[]): readonly Weight[] {
    const group = this.#layers?.at(layer.name);
    const listed = group?.texts('weight_names');
    if (!group || !listed) throw missing(layer, 'no weights');
    const own = listed.map((name) => name.replace(/^.*\//, '').replace(/:0$/, ''));
    if (own.join() !== names.join()) throw others(layer, own.join(', ') || 'none', own.length, names);
    return listed.map((name) => arrayOf(layer, name, group.at(name)));
  }
}

function arrayOf(layer: KerasLayer, name: string, found: Group | undefined): NumberArray {
  const numbers = found?.numbers();
  if (!numbers) throw missing(layer, `no numbers of ${show(name)}`);
  return numbers;
}
