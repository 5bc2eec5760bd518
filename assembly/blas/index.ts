// The kernels of simdense/kernels, a build of its own. Their arguments are numbers, and addresses in a memory that the caller makes and that never grows.

export { affine } from '../affine';
export { activationBackward, activationForward } from '../generated/blas-activations';
export { heapStart } from '../memory';
export { adagrad, adam, lion, rmsprop, sgd } from '../optimizer';
export { fillNormal, fillUniform, shuffle } from '../random';
export { combine, combineRows, map } from './elementwise';
export { crossEntropy, elementLoss } from './losses';
export { gemv, gemvTransposed, ger } from './matrix-vector';
export { argsort, distances, fromProducts, normalizeRows, rowSquares, topK } from './order';
export { gemm, scaleRow, setTile, tileTrial } from './product';
export { reduce, reduceRow } from './reductions';
export { gemmSmall } from './small';
export { softmaxRows, softmaxRowsBackward } from './softmax-rows';
export { asum, axpy, dot, iamax, nrm2 } from './vectors';
