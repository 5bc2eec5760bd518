// The kernels of the builds with threads: those of simdense.wasm by name, of which the long ones are shared by a crew. Each element is computed as by one
// thread.

export { allFinite } from '../reduce';
export { drawBeta } from '../augment';
export { heapStart } from '../memory';
export { packClasses } from '../pack';
export { shuffle } from '../random';
export { activationBackward, activationForward, affine, softmaxBackward, softmaxForward } from './activation';
export { rotateImages, shiftImages } from './augment';
export { crewControl, serve, setThreads } from './crew';
export {
  denseBackward, denseBiasGradient, denseForward, denseInputGradient, denseKernelGradient, setTiles, tileTrial,
} from './gemm';
export { loss } from './loss';
export { batchNormBackward, batchNormForward, batchNormInference } from './normalise';
export { batchNormMove } from '../normalise';
export { adagrad, adam, rmsprop, sgd } from './optimizer';
export { packBytes, packFloats, unpackFloats } from './pack';
export { addNoise, dropout, fillNormal, fillUniform } from './random';
export { clamp, mix, penalty, sumOfSquares } from './reduce';
