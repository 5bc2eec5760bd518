import { readDigits } from '../../examples/digits-data.js';
import { diagnose, type Finding, type FindingCode } from '../../src/diagnose/index.js';
import { sequential } from '../../src/index.js';
import type { Case } from './healthy.js';

const digits = readDigits();

export const codes = (found: readonly Finding[]): FindingCode[] => found.map(({ code }) => code);

/** What is found of a run at its end, all that was told on the way, and the losses of its epochs. */
export async function run({
  layers,
  x = digits.x,
  y = digits.y,
  inputs = 64,
  compile,
  fit,
}: Case): Promise<{ findings: readonly Finding[]; told: readonly Finding[]; losses: readonly number[] }> {
  using model = sequential({ inputs, layers, seed: 1 });
  model.compile({ loss: 'categoricalCrossentropy', ...compile });
  const told: Finding[] = [];
  const diagnosis = diagnose({ onFinding: (finding) => told.push(finding) });
  const losses: number[] = [];
  const watch = {
    onEpochEnd: ({ logs }: { logs: Readonly<Record<string, number>> }) => void losses.push(logs['loss'] as number),
  };
  try {
    await model.fit(x, y, { epochs: 10, ...fit, callbacks: [diagnosis, watch, ...(fit?.callbacks ?? [])] });
  } catch (error) {
    if ((error as { code?: string }).code !== 'DIVERGED') throw error;
  }
  const { findings } = diagnosis;
  const untold = findings.filter(
    ({ code, layer }) => !told.some((first) => first.code === code && first.layer === layer),
  );
  if (untold.length > 0) throw new Error(`never told: ${codes(untold)}`);
  return { findings, told, losses };
}
