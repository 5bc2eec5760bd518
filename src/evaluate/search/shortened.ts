// A pipeline for fewer epochs than it says.
import type { Optimizer } from '../../nn/optimizers/index.js';
import type { Schedule } from '../../nn/schedules.js';
import type { Pipeline } from '../pipeline.js';

/**
 * The pipeline with so many epochs. A rate that falls along a cosine is to end where the training does, so its steps and its warm-up become fewer in the same ratio; other rates stay as they are.
 */
export function shortened(pipeline: Pipeline, epochs: number, all: number): Pipeline {
  const { optimizer } = pipeline;
  const rate = typeof optimizer === 'object' ? (optimizer as { learningRate?: Schedule }).learningRate : undefined;
  const falls = epochs < all && typeof rate === 'object' && rate.type === 'cosine';
  const least = falls ? Math.max(1, Math.round((rate.steps * epochs) / all)) : 0;
  return {
    ...pipeline,
    fit: { ...pipeline.fit, epochs },
    ...(falls && {
      optimizer: {
        ...(optimizer as Optimizer),
        learningRate: {
          ...rate,
          steps: least,
          ...(rate.warmup !== undefined && { warmup: Math.min(least - 1, Math.floor((rate.warmup * epochs) / all)) }),
        },
      } as Optimizer,
    }),
  };
}
