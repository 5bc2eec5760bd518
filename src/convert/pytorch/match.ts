// Which module of a state dict is which layer: by name where a layer has one, else by the natural order of names, as far as shapes allow. What could be read in two ways is refused.
import { show } from '../../base/checks.js';
import type { SimdenseError } from '../../base/errors.js';
import type { Layer } from '../../nn/layers/index.js';
import { unsupported } from '../refusals.js';
import type { Module } from './modules.js';
import { checkOrder, some } from './order.js';

const where = 'fromStateDict';

/** A layer that has weights, and the columns that come to it; undefined before the first dense layer, since the file says them. */
interface Slot {
  readonly layer: Layer & { readonly name?: string };
  readonly width: number | undefined;
}

function slotsOf(layers: readonly Layer[]): Slot[] {
  const slots: Slot[] = [];
  let width: number | undefined;
  for (const layer of layers) {
    if (['dense', 'batchNormalization', 'layerNormalization', 'prelu'].includes(layer.type))
      slots.push({ layer, width });
    if (layer.type === 'dense') width = layer.units;
  }
  return slots;
}

/** The columns that a module takes. */
const widthOf = ({ parts }: Module): number | undefined => (parts.weight ?? parts.running_mean)?.shape.at(-1);

const isVector = (tensor: { shape: readonly number[] } | undefined, width: number | undefined): boolean =>
  tensor === undefined || (tensor.shape.length === 1 && tensor.shape[0] === width);

/** Whether a module has nothing but a weight. */
const hasWeightAlone = ({ parts }: Module): boolean => parts.weight !== undefined && Object.keys(parts).length === 1;

/** Whether a module can be a PReLU of one parameter, for any number of columns. */
const isOneSlope = (module: Module): boolean => hasWeightAlone(module) && module.parts.weight?.shape.join() === '1';

/** Whether a module can be a layer, as far as its kind and the shapes say. */
function fits(module: Module, { layer, width }: Slot): boolean {
  const { weight, bias, running_mean: mean, running_var: variance } = module.parts;
  const own = widthOf(module);
  if (layer.type === 'prelu' && isOneSlope(module)) return true;
  if (width !== undefined && own !== width) return false;
  if (layer.type === 'prelu') return hasWeightAlone(module) && isVector(weight, own);
  if (layer.type === 'dense') {
    const isKernel = weight?.shape.length === 2 && weight.shape[0] === layer.units;
    return isKernel && !mean && !variance && layer.useBias === (bias !== undefined) && isVector(bias, layer.units);
  }
  const isOne = [weight, bias, mean, variance].every((tensor) => isVector(tensor, own));
  const isBatch = layer.type === 'batchNormalization';
  return isOne && own !== undefined && (mean !== undefined) === isBatch && (variance !== undefined) === isBatch;
}

/** The columns of the input, and the module of each layer that has weights. */
export function matched(
  modules: readonly Module[],
  layers: readonly Layer[],
): { inputs: number; modules: ReadonlyMap<Layer, Module> } {
  const slots = slotsOf(layers);
  if (slots.length === 0) throw unsupported(where, 'the layers have no weights to read');
  const chosen = chosenBy(slots, modules);
  checkOrder(
    where,
    slots.map(({ layer }, i) => ({ layer, module: chosen[i] as Module })),
    modules,
  );
  checkOnly(slots, chosen);
  const first = slots.filter(({ width }) => width === undefined);
  const tells = first.findIndex(({ layer }, i) => layer.type !== 'prelu' || !isOneSlope(chosen[i] as Module));
  if (tells < 0) throw misfit(slots, modules, 'a PReLU of one parameter does not say how many columns there are');
  const inputs = widthOf(chosen[tells] as Module) as number;
  for (const [i, slot] of first.entries())
    if (!fits(chosen[i] as Module, { ...slot, width: inputs })) throw misfit(slots, modules);
  return { inputs, modules: new Map(slots.map(({ layer }, i) => [layer, chosen[i] as Module])) };
}

/** The module of each slot: named ones by name, the others in order, or in the only order that fits. */
function chosenBy(slots: readonly Slot[], modules: readonly Module[]): Module[] {
  if (slots.length !== modules.length) throw misfit(slots, modules);
  const byName = new Map(modules.map((module) => [module.name, module]));
  const named = slots.map(({ layer: { name } }) => (name === undefined ? undefined : byName.get(name)));
  const nameless = slots.findIndex(({ layer: { name } }, i) => name !== undefined && !named[i]);
  if (nameless >= 0) throw misfit(slots, modules, `there is no ${show(slots[nameless]?.layer.name)}`);
  const rest = modules.filter((module) => !named.includes(module));
  const inOrder = named.map((module) => module ?? (rest.shift() as Module));
  if (inOrder.every((module, i) => fits(module, slots[i] as Slot))) return inOrder;
  const other = anyFit(slots, modules, named);
  if (!other) throw misfit(slots, modules);
  return other;
}

/** One module for each slot by augmenting paths (Kuhn 1955); undefined if there is no such choice. */
function anyFit(
  slots: readonly Slot[],
  modules: readonly Module[],
  named: readonly (Module | undefined)[],
): Module[] | undefined {
  const taken = new Map<Module, number>();
  const place = (slot: number, seen: Set<Module>): boolean => {
    for (const module of named[slot] ? [named[slot] as Module] : modules) {
      if (seen.has(module) || !fits(module, slots[slot] as Slot)) continue;
      seen.add(module);
      const holder = taken.get(module);
      if (holder !== undefined && !place(holder, seen)) continue;
      taken.set(module, slot);
      return true;
    }
    return false;
  };
  if (slots.length > MOST_TRIED || !slots.every((_, i) => place(i, new Set()))) return undefined;
  const chosen = new Array<Module>(slots.length);
  for (const [module, slot] of taken) chosen[slot] = module;
  return sorted(slots, modules, chosen);
}

/** Brings modules whose names have an order into it, where they could change places. */
function sorted(slots: readonly Slot[], modules: readonly Module[], chosen: Module[]): Module[] {
  let isSorted = true;
  for (const i of slots.keys())
    for (let j = i + 1; j < slots.length; j++) {
      const [a, b] = [chosen[i] as Module, chosen[j] as Module];
      const isNamed = slots[i]?.layer.name !== undefined || slots[j]?.layer.name !== undefined;
      if (isNamed || kindOf(a) !== kindOf(b) || modules.indexOf(a) < modules.indexOf(b)) continue;
      if (!fits(a, slots[j] as Slot) || !fits(b, slots[i] as Slot)) continue;
      [chosen[i], chosen[j]] = [b, a];
      isSorted = false;
    }
  // A pair may change places only once others have; each change leaves fewer in the wrong order.
  return isSorted ? chosen : sorted(slots, modules, chosen);
}

/** The most layers whose order is looked for. */
const MOST_TRIED = 200;

/** A name without its numbers: names that differ in numbers alone have an order. */
const kindOf = ({ name }: Module): string => name.replace(/\d+/g, '#');

/** Throws SimdenseError 'UNSUPPORTED' if modules could change places, so that only names know their order. */
function checkOnly(slots: readonly Slot[], chosen: readonly Module[]): void {
  const isCertain = (i: number, j: number): boolean => {
    const [a, b] = [chosen[i] as Module, chosen[j] as Module];
    if (slots[i]?.layer.name !== undefined || slots[j]?.layer.name !== undefined) return true;
    return kindOf(a) === kindOf(b);
  };
  for (const [i, slot] of slots.entries())
    for (const [j, other] of slots.entries()) {
      const [a, b] = [chosen[i] as Module, chosen[j] as Module];
      if (j <= i || isCertain(i, j) || !fits(a, other) || !fits(b, slot)) continue;
      const hint = `name the layers: ${slot.layer.type}({ …, name: ${show(a.name)} })`;
      throw unsupported(
        where,
        `${show(a.name)} and ${show(b.name)} have the same shapes, and their names no order; ${hint}`,
      );
    }
}

/** What the file has, and what the layers take. */
function misfit(slots: readonly Slot[], modules: readonly Module[], reason = ''): SimdenseError {
  const had = modules.map(({ name, parts }) => {
    const shapes = Object.entries(parts).map(([part, { shape }]) => `${part} [${shape}]`);
    return `${show(name)} (${shapes.join(', ')})`;
  });
  const wanted = slots.map(({ layer, width = 'any' }) =>
    layer.type === 'dense'
      ? `dense (weight [${layer.units},${width}]${layer.useBias ? `, bias [${layer.units}]` : ''})`
      : `${layer.type} (weight [${width}])`,
  );
  return unsupported(
    where,
    `the layers do not fit the file${reason && `: ${reason}`}. It has ${some(had) || 'nothing'}; they take ${some(wanted)}`,
  );
}
