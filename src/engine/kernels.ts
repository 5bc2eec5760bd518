// The types of the kernels. The build generates them from assembly/, where each kernel is documented.
export type { Address, Kernels } from './generated/kernels.js';
