// The kernels' types, which the build makes from the assembly: what each takes is told there.
export type { Address, Kernels } from './generated/kernels.js';
