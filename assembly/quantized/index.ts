// The product of predictions with weights of 8 bits, over the memory of the other kernels: a build of its own, plain and relaxed, which give the same bits.

export { quantizedForward } from './product';
