import { own } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Layer } from './layers/index.js';

/** A name for each layer: the given one, or dense, dense_1, … by type. Throws SimdenseError 'ARGUMENT' if two layers have the same name. */
export function layerNames(layers: readonly Layer[]): string[] {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return layers.map((layer) => {
    let { name } = own(layer);
    if (name === undefined) {
      const count = counts.get(layer.type) ?? 0;
      counts.set(layer.type, count + 1);
      name = count === 0 ? layer.type : `${layer.type}_${count}`;
    }
    if (taken.has(name)) throw new SimdenseError('ARGUMENT', `sequential(layers): two layers are named "${name}"`);
    taken.add(name);
    return name;
  });
}
