// simdense/kernels: the kernels, for those who want arithmetic instead of networks.

export { SimdenseError } from '../base/errors.js';
export type { Scope } from './arrays.js';
export type { GemmOptions, GemvOptions, GerOptions } from './blas.js';
export type { FloatArray, IntArray } from './checks.js';
export { createKernels } from './create.js';
export type { CreateKernelsOptions } from './custom.js';
export type { DrawOptions, NormalOptions, UniformOptions } from './draws.js';
export type { ActivationName } from './functions.js';
export { Kernels, type KernelsOptions, kernels } from './kernels.js';
export type { AxisOptions, IndexOptions, VarianceOptions } from './reductions.js';
export type { ArgsortOptions, NearestOptions, TopK, TopKOptions } from './search.js';
export type { AdagradStep, AdamStep, LionStep, RmspropStep, SgdStep } from './updates.js';
