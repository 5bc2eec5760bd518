// The networks of test/golden/explain.json as fitted pipelines.
import { readFileSync } from 'node:fs';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';

interface Importance {
  readonly mean: number[];
  readonly std: number[];
  readonly values: number[][];
}

export interface Case {
  readonly x: number[][];
  readonly y: number[];
  readonly weights: [number[][], number[], number[][], number[]];
  readonly permutations: number[][];
  readonly importance: Record<string, Importance>;
  readonly dependence: { readonly values: number[]; readonly means: number[][] }[];
  readonly interactions: { readonly columns: [number, number]; readonly h2: number; readonly size: number }[];
}

export const cases: readonly Case[] = JSON.parse(readFileSync('test/golden/explain.json', 'utf8'));

/** A pipeline with the weights of a case. */
export async function modelOf({ x, y, weights, importance }: Case): Promise<FittedPipeline> {
  const outputs = weights[3].length;
  const classes = 'logLoss' in importance;
  const fitted = await fitPipeline(
    {
      layers: [
        dense({ units: weights[1].length, activation: 'tanh' }),
        dense({ units: outputs, activation: classes ? 'softmax' : 'linear' }),
      ],
      scale: 'none',
      fit: { epochs: 1 },
      task: classes ? 'classification' : 'regression',
      ...(!classes && { targetScale: 'none' as const }),
    },
    x,
    y,
  );
  const names = ['dense/kernel', 'dense/bias', 'dense_1/kernel', 'dense_1/bias'];
  fitted.model.setWeights(
    new Map(
      weights.map((weight, i) => {
        const shape = Array.isArray(weight[0]) ? [weight.length, weight[0].length] : [weight.length];
        return [names[i] as string, { shape, data: Float32Array.from(weight.flat()) }];
      }),
    ),
  );
  return fitted;
}

/** Two labels a row, which follow from two columns; a third says nothing. The weights are by hand. */
export async function labelModel(): Promise<{ model: FittedPipeline; x: number[][]; y: number[][] }> {
  const x = Array.from({ length: 60 }, (_, i) => [i % 2, (i >> 1) % 2, (i * 7) % 5]);
  const y = x.map(([a, b]) => [a as number, b as number]);
  const model = await fitPipeline({ layers: [], scale: 'none', fit: { epochs: 1 } }, x, y);
  model.model.setWeights(
    new Map([
      ['dense/kernel', { shape: [3, 2], data: Float32Array.from([8, 0, 0, 6, 0, 0]) }],
      ['dense/bias', { shape: [2], data: Float32Array.from([-4, -3]) }],
    ]),
  );
  return { model, x, y };
}
