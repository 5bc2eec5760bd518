import { largest } from '../base/extremes.js';
import type { Network } from '../nn/network.js';
import type { Layer } from '../nn/plan.js';

/** A table of the layers, their outputs and parameters, for people. */
export function summarize(name: string, inputs: number, layers: readonly Layer[], network: Network): string {
  let columns = inputs;
  const rows: string[][] = [['layer', 'type', 'outputs', 'parameters']];
  for (const [i, layer] of layers.entries()) {
    const path = network.names[i] as string;
    const count = countParameters(network, true, `${path}/`);
    const { units, activation } = layer as { units?: number; activation?: string | { type: string } };
    columns = units ?? columns;
    const act = typeof activation === 'object' ? activation.type : activation;
    rows.push([path, act && act !== 'linear' ? `${layer.type}, ${act}` : layer.type, format(columns), format(count)]);
  }
  const widths = [0, 1, 2, 3].map((c) => largest(rows.map((row) => (row[c] as string).length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c] as number) : cell.padStart(widths[c] as number))).join('  ');
  const total = countParameters(network, true);
  const moved = countParameters(network, false);
  const rule = '─'.repeat(line(rows[0] as string[]).length);
  const [head, ...body] = rows.map(line);
  return [
    `${name}: ${format(inputs)} inputs`,
    rule,
    head,
    rule,
    ...body,
    rule,
    `${format(total)} parameters, ${moved > 0 ? `${format(moved)} moving figures, ` : ''}${format((total + moved) * 4)} bytes`,
  ].join('\n');
}

/** Numbers that gradients train, or the others; of the whole network or of one layer. */
export function countParameters({ parameters }: Network, trained: boolean, layer = ''): number {
  const counted = parameters.filter(({ path, plan }) => path.startsWith(layer) && (plan.trained !== false) === trained);
  return counted.reduce(
    (sum, { shape }) => sum + shape.reduce((product: number, size: number) => product * size, 1),
    0,
  );
}

function format(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
