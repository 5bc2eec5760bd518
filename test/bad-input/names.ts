// The lists of names in messages, as simdense exports them.
import { kinds } from '../../src/index.js';

export const activations = kinds.activations.join(', ');
export const losses = kinds.losses.join(', ');
export const metrics = kinds.metrics.join(', ');
export const optimizers = kinds.optimizers.join(', ');
