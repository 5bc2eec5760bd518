// The kernels of the builds with threads: those of simdense.wasm by name, of which the long ones are shared by a crew.

export { drawBeta } from '../augment';
export { allocate, release } from '../memory';
export { packClasses } from '../pack';
export { shuffle } from '../random';
export { allFinite } from '../reduce';
export { crewControl, serve, setThreads } from './crew';
export {
  activationBackward, activationForward, adagrad, adam, addNoise, affine, batchNormBackward, batchNormForward, batchNormInference, clamp, dropout,
  fillNormal, fillUniform, loss, mix, packBytes, packFloats, penalty, rmsprop, rotateImages, sgd, shiftImages, softmaxBackward, softmaxForward,
  sumOfSquares, unpackFloats,
} from './passes';
export {
  denseBackward, denseBiasGradient, denseForward, denseInputGradient, denseKernelGradient, setTiles, tileTrial,
} from './products';
