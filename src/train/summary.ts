import { largest } from '../base/extremes.js';
import { visible } from '../base/visible.js';
import type { Layer } from '../nn/layers/index.js';
import { type LayerRates, type Network, rateOf } from '../nn/network.js';
import { sizeOf } from '../nn/weights.js';
import { NO_RATES } from './trainer.js';

/** A table for people: the layers with their outputs and parameters; `rates` are the factors that compile was given. */
export function summarize(
  name: string,
  inputs: number,
  layers: readonly Layer[],
  network: Network,
  rates: LayerRates = NO_RATES,
): string {
  let columns = inputs;
  const rows: string[][] = [['layer', 'type', 'outputs', 'parameters']];
  const counts = parametersByLayer(network);
  for (const [i, layer] of layers.entries()) {
    const path = network.names[i] as string;
    const count = counts.get(path) ?? 0;
    const { units, activation } = layer as { units?: number; activation?: string | { type: string } };
    columns = units ?? columns;
    const act = typeof activation === 'object' ? activation.type : activation;
    const rate = rates[path];
    rows.push([
      visible(path),
      [
        layer.type,
        ...(act && act !== 'linear' ? [act] : []),
        ...(rate === undefined ? [] : [rate ? `rate × ${rate}` : 'frozen']),
      ].join(', '),
      format(columns),
      format(count),
    ]);
  }
  const widths = [0, 1, 2, 3].map((c) => largest(rows.map((row) => (row[c] as string).length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c] as number) : cell.padStart(widths[c] as number))).join('  ');
  const total = countParameters(network, true);
  const moved = countParameters(network, false);
  const rule = '─'.repeat(line(rows[0] as string[]).length);
  const [head, ...body] = rows.map(line);
  return [
    `${visible(name)}: ${format(inputs)} inputs`,
    rule,
    head,
    rule,
    ...body,
    rule,
    `${format(total)} ${moved > 0 ? `trained parameters, ${format(moved)} others` : 'parameters'}, ${format((total + moved) * 4)} bytes`,
  ].join('\n');
}

/** The number of parameters that gradients train, or of the others, such as moving means. */
export function countParameters({ parameters }: Network, trained: boolean): number {
  const counted = parameters.filter((parameter) => rateOf(parameter) > 0 === trained);
  return counted.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** The number of trained parameters of each layer, by its name. */
function parametersByLayer({ parameters }: Network): Map<string, number> {
  const counts = new Map<string, number>();
  for (const parameter of parameters) {
    const { layer, shape } = parameter;
    if (rateOf(parameter) > 0) counts.set(layer, (counts.get(layer) ?? 0) + sizeOf(shape));
  }
  return counts;
}

function format(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
