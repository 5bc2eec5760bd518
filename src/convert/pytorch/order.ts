// The order that a state dict tells itself: torch.nn.Sequential numbers its modules, so that those of lower numbers come first.
import { show } from '../../base/checks.js';
import type { Layer } from '../../nn/layers/index.js';
import { unsupported } from '../refusals.js';
import type { Module } from './modules.js';

/** A layer, and the module whose weights it takes. */
export interface Placed {
  readonly layer: Layer & { readonly name?: string };
  readonly module: Module;
}

/** Throws SimdenseError 'UNSUPPORTED' if modules that are numbered below one prefix go to layers in another order; `modules` are those of the file in its order. Layers that have names both were placed by whoever named them. */
export function checkOrder(where: string, placed: readonly Placed[], modules: readonly Module[]): void {
  const paths = placed.map(({ module }) => module.name.split('.'));
  for (const [j, later] of placed.entries())
    for (let i = 0; i < j; i++) {
      const earlier = placed[i] as Placed;
      if (earlier.layer.name !== undefined && later.layer.name !== undefined) continue;
      if (!isAfter(paths[i] as string[], paths[j] as string[])) continue;
      const pair = `${show(later.module.name)} comes before ${show(earlier.module.name)}`;
      const had = some(modules.map((module) => `${show(module.name)} ${kindOf(module)}`));
      const came = some(placed.map(({ layer, module }) => `${layer.type} (${show(module.name)})`));
      throw unsupported(
        where,
        `the layers are in another order than the file's modules: by its number ${pair}. It has ${had}; the layers would be ${came}. List the layers in the order of the modules; if the network calls them in another, name each layer: ${earlier.layer.type}({ …, name: ${show(earlier.module.name)} })`,
      );
    }
}

/** Whether a name has the higher number where two names differ first; false if there are no numbers there. */
function isAfter(a: readonly string[], b: readonly string[]): boolean {
  const at = a.findIndex((part, i) => part !== b[i]);
  const [one, other] = [a[at] ?? '', b[at] ?? ''];
  return /^\d+$/.test(one) && /^\d+$/.test(other) && Number(one) > Number(other);
}

/** What a module is in PyTorch, as far as its parts tell. */
function kindOf({ parts }: Module): string {
  const { weight, bias, running_mean: mean } = parts;
  const [rows, columns] = weight?.shape ?? mean?.shape ?? [];
  if (columns !== undefined) return `Linear(${columns}, ${rows})`;
  return `${mean ? 'BatchNorm1d' : bias ? 'LayerNorm' : 'PReLU'}(${rows})`;
}

/** The first texts of a list. */
export const some = (texts: readonly string[]): string =>
  `${texts.slice(0, 8).join(', ')}${texts.length > 8 ? ', …' : ''}`;
