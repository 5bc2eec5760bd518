import type { Network } from '../nn/network.js';
import type { Layer } from '../nn/plan.js';

/** A table of the layers, their outputs and parameters, for people. */
export function summarize(name: string, inputs: number, layers: readonly Layer[], network: Network): string {
  let columns = inputs;
  const rows: string[][] = [['layer', 'type', 'outputs', 'parameters']];
  for (const [i, layer] of layers.entries()) {
    const path = network.names[i] as string;
    const own = network.parameters.filter((parameter) => parameter.path.startsWith(`${path}/`));
    const count = own.reduce(
      (sum, { shape }) => sum + shape.reduce((product: number, size: number) => product * size, 1),
      0,
    );
    const { units, activation } = layer as { units?: number; activation?: string | { type: string } };
    columns = units ?? columns;
    const act = typeof activation === 'object' ? activation.type : activation;
    rows.push([path, act && act !== 'linear' ? `${layer.type}, ${act}` : layer.type, format(columns), format(count)]);
  }
  const widths = [0, 1, 2, 3].map((c) => Math.max(...rows.map((row) => (row[c] as string).length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c] as number) : cell.padStart(widths[c] as number))).join('  ');
  const total = network.parameters.reduce(
    (sum, { shape }) => sum + shape.reduce((p: number, size: number) => p * size, 1),
    0,
  );
  const rule = '─'.repeat(line(rows[0] as string[]).length);
  const [head, ...body] = rows.map(line);
  return [
    `${name}: ${format(inputs)} inputs`,
    rule,
    head,
    rule,
    ...body,
    rule,
    `${format(total)} parameters, ${format(total * 4)} bytes`,
  ].join('\n');
}

function format(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
