// What the examples print: a line an epoch, a confusion table, images as text.
import { styleText } from 'node:util';
import type { Callback, Matrix } from 'simdense';

const color = (style: Parameters<typeof styleText>[0], text: string): string =>
  process.stdout.isTTY && !process.env['NO_COLOR'] ? styleText(style, text) : text;

/** Prints one line an epoch: progress bar, loss, accuracy, samples a second. */
export function progress(rowsAnEpoch: number): Callback {
  let begin = 0;
  let drawn = 0;
  return {
    onEpochBegin() {
      begin = performance.now();
    },
    onBatchEnd({ epoch, epochs, batch, batches, logs }) {
      if (!process.stdout.isTTY || performance.now() - drawn < 50) return;
      drawn = performance.now();
      process.stdout.write(`\r${head(epoch, epochs, (batch + 1) / batches)}  loss ${(logs['loss'] ?? 0).toFixed(4)}`);
    },
    onEpochEnd({ epoch, epochs, logs }) {
      const seconds = (performance.now() - begin) / 1000;
      const speed = Math.round(rowsAnEpoch / seconds)
        .toLocaleString('en')
        .padStart(9);
      const accuracy = `${((logs['accuracy'] ?? 0) * 100).toFixed(2)} %`.padStart(8);
      const line = `${head(epoch, epochs, 1)}  loss ${(logs['loss'] ?? 0).toFixed(4)}  accuracy ${accuracy}  ${speed} samples/s`;
      process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${line}\n`);
    },
  };
}

function head(epoch: number, epochs: number, share: number): string {
  const width = 20;
  const full = Math.round(share * width);
  const count = `${String(epoch + 1).padStart(String(epochs).length)}/${epochs}`;
  return `epoch ${count} ${color('cyan', '█'.repeat(full))}${'░'.repeat(width - full)}`;
}

/** A table of how often class (line) was taken for class (column); the diagonal is right. */
export function confusionTable(truth: Int32Array, predicted: Int32Array, classes: number): string {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [i, t] of truth.entries()) (counts[t] as number[])[predicted[i] as number]!++;
  const cell = (n: number, right: boolean): string => {
    const text = (n === 0 ? '·' : String(n)).padStart(5);
    if (n === 0) return color('dim', text);
    return right ? color('green', text) : color('red', text);
  };
  const columns = Array.from({ length: classes }, (_, c) => String(c).padStart(5)).join('');
  const lines = counts.map((row, t) => `${String(t).padStart(5)} │${row.map((n, p) => cell(n, t === p)).join('')}`);
  return [`truth │${columns}   ← predicted`, `──────┼${'─'.repeat(5 * classes)}`, ...lines].join('\n');
}

/** Images side by side as text, two characters a pixel, a caption above each. */
export function drawImages(
  x: Matrix,
  rows: readonly number[],
  side: number,
  brightest: number,
  caption: (row: number) => string,
): string {
  const shades = ' .:-=+*#%@';
  const width = side * 2;
  const lines = [rows.map((row) => caption(row).padEnd(width)).join('   ')];
  for (let line = 0; line < side; line++) {
    const parts = rows.map((row) =>
      Array.from(x.row(row).subarray(line * side, (line + 1) * side), (value) => {
        const shade = shades[Math.min(shades.length - 1, Math.floor((value / brightest) * shades.length))] as string;
        return shade + shade;
      }).join(''),
    );
    lines.push(parts.join('   '));
  }
  return lines.join('\n');
}
