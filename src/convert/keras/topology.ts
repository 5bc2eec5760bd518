// The layers of a Keras model's JSON in the order in which a row goes through them: of a Sequential model, or of a functional one that is a chain. TensorFlow.js writes the same JSON.
import { isRecord, show } from '../../base/checks.js';
import { broken, listAt, recordAt, unsupported } from '../refusals.js';

export interface KerasLayer {
  /** The name that the model gives it, which its weights go by. */
  readonly name: string;
  /** The class, such as 'Dense'. */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Topology {
  /** The dimensions of a row; undefined if the model does not say. */
  readonly input: readonly number[] | undefined;
  /** The layers behind the input, in order. */
  readonly chain: readonly KerasLayer[];
  /** All layers, in the order of the file. */
  readonly all: readonly KerasLayer[];
}

/** A layer as it stands in the JSON. */
interface Entry extends KerasLayer {
  readonly inbound: unknown;
}

const models = { sequential: ['Sequential'], functional: ['Model', 'Functional'] };

/** Reads the JSON of a model: its class_name and its config. */
export function topologyOf(where: string, model: Readonly<Record<string, unknown>>): Topology {
  const { class_name: type } = model;
  const isChain = models.sequential.includes(String(type));
  if (!isChain && !models.functional.includes(String(type)))
    throw unsupported(where, `a model of class ${show(type)} is not supported; Sequential and functional models are`);
  checkOrigin(where, 'the model', model);
  // The oldest Sequential models have a list of layers alone.
  const config = Array.isArray(model['config'])
    ? { layers: model['config'] }
    : recordAt(where, 'the config of the model', model['config']);
  const all = listAt(where, 'the layers of the model', config['layers']).map((layer) => entryOf(where, layer));
  const names = new Set(all.map(({ name }) => name));
  if (names.size < all.length) throw broken(where, 'two layers have the same name');
  const ordered = isChain ? all : chained(where, config, all);
  const [first, ...rest] = ordered;
  if (!first) throw broken(where, 'the model has no layers');
  const isInput = first.type === 'InputLayer';
  const other = (isInput ? rest : ordered).find(({ type }) => type === 'InputLayer');
  if (other) throw unsupported(where, `layer "${other.name}" (InputLayer) behind others is not supported`);
  const shape = shapeOf(where, first) ?? shapeIn(where, config['build_input_shape']);
  return { input: shape, chain: isInput ? rest : ordered, all };
}

function entryOf(where: string, value: unknown): Entry {
  const layer = recordAt(where, 'a layer', value);
  const { class_name: type, inbound_nodes: inbound } = layer;
  if (typeof type !== 'string') throw broken(where, `a layer has the class ${show(type)}`);
  const config = recordAt(where, `the config of a layer of class ${show(type)}`, layer['config']);
  const name = layer['name'] ?? config['name'];
  if (typeof name !== 'string') throw broken(where, `a layer of class ${show(type)} has the name ${show(name)}`);
  checkOrigin(where, `layer ${show(name)} (${type})`, layer);
  return { name, type, config, inbound };
}

/** Whoever writes a class of their own may give it the name of one of Keras. */
function checkOrigin(where: string, what: string, { module, registered_name: registered }: Record<string, unknown>) {
  const isOwn = typeof module === 'string' && !/^keras(\.|$)/.test(module);
  const isRegistered = typeof registered === 'string' && registered.includes('>');
  if (isOwn || isRegistered)
    throw unsupported(where, `${what} of ${show(isRegistered ? registered : module)} is not supported`);
}

/** The shape that a layer says its rows have. */
function shapeOf(where: string, { config }: KerasLayer): readonly number[] | undefined {
  return shapeIn(where, config['batch_shape'] ?? config['batch_input_shape']);
}

/** The dimensions behind that of the rows; undefined where they are not said. */
function shapeIn(where: string, value: unknown): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  const [, ...dims] = listAt(where, 'the shape of the input', value);
  if (dims.length === 1 && dims[0] === null) return undefined;
  const isWhole = dims.length > 0 && dims.every((n) => Number.isSafeInteger(n) && (n as number) > 0);
  if (!isWhole) throw unsupported(where, `an input of shape [${dims.map(show).join(', ')}] is not supported`);
  return dims as readonly number[];
}

/** The layers of a functional model from its input to its output. */
function chained(where: string, config: Record<string, unknown>, all: readonly Entry[]): readonly Entry[] {
  const only = (what: string): string => {
    const given = listAt(where, `the ${what}s of the model`, config[`${what}_layers`]);
    // Keras 3 writes one input without a list around it.
    const ends = typeof given[0] === 'string' ? [given] : given;
    if (ends.length !== 1)
      throw unsupported(where, `a model of ${ends.length} ${what}s is not supported; networks here have one`);
    return historyOf(where, ends[0]);
  };
  const byName = new Map(all.map((layer) => [layer.name, layer]));
  const chain: Entry[] = [];
  const start = only('input');
  for (let name = only('output'); ; ) {
    const layer = byName.get(name);
    if (!layer) throw broken(where, `there is no layer ${show(name)}`);
    chain.unshift(layer);
    if (chain.length > all.length) throw broken(where, 'the layers go in a circle');
    if (name === start) break;
    name = sourceOf(where, layer);
  }
  const beside = all.find((layer) => !chain.includes(layer));
  if (beside)
    throw unsupported(
      where,
      `layer "${beside.name}" (${beside.type}) beside the way from input to output is not supported`,
    );
  return chain;
}

/** The layer of an end, or of what a layer is called with: its name, the number of its call, and of that call's output. */
function historyOf(where: string, value: unknown): string {
  const [name, call, output] = listAt(where, 'a place in the model', value);
  if (typeof name !== 'string') throw broken(where, `a place in the model is ${show(name)}`);
  if (call !== 0 || output !== 0)
    throw unsupported(where, `layer "${name}", which is used several times, is not supported`);
  return name;
}

/** The layer that a layer gets its rows from. */
function sourceOf(where: string, { name, type, inbound }: Entry): string {
  const calls = listAt(where, `what layer "${name}" is called with`, inbound);
  const what = `layer "${name}" (${type})`;
  const [call] = calls;
  if (calls.length !== 1) throw unsupported(where, `${what}, which is called ${calls.length} times, is not supported`);
  // Keras 3 writes arguments, Keras 2 and TensorFlow.js places.
  const isNew = isRecord(call);
  const given = isNew ? call['args'] : call;
  const inputs = listAt(where, `what ${what} is called with`, given);
  if (inputs.length !== 1) throw unsupported(where, `${what} with ${inputs.length} inputs is not supported`);
  const place = isNew ? recordAt(where, `what ${what} is called with`, inputs[0]) : inputs[0];
  const history = isNew
    ? recordAt(where, `what ${what} is called with`, (place as Record<string, unknown>)['config'])['keras_history']
    : place;
  const settings = isNew ? call['kwargs'] : listAt(where, `what ${what} is called with`, place)[3];
  // In training, noise and normalization do something else.
  if (isRecord(settings))
    for (const [key, value] of Object.entries(settings))
      if (value !== null && value !== false)
        throw unsupported(where, `${what} called with ${show(key)} is not supported`);
  return historyOf(where, history);
}
