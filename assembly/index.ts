// The kernels that simdense.wasm exports. Their arguments are numbers, and addresses in linear memory.

export { affine } from './affine';
export { drawBeta, rotateImages, shiftImages } from './augment';
export {
  denseBackward, denseBiasGradient, denseForward, denseInputGradient, denseKernelGradient, setTiles, tileTrial,
} from './gemm';
export { activationBackward, activationForward } from './generated/activations';
export { layerNormBackward, layerNormForward, layerNormGradients } from './layer-normalise';
export { loss } from './loss';
export { heapStart } from './memory';
export { batchNormBackward, batchNormForward, batchNormInference, batchNormMove } from './normalise';
export { adagrad, adam, lion, rmsprop, sgd } from './optimizer';
export { packBytes, packClasses, packFloats, unpackFloats } from './pack';
export { preluBackward, preluForward } from './prelu';
export { addNoise, dropout, fillNormal, fillUniform, shuffle } from './random';
export { allFinite, clamp, mix, penalty, sumOfSquares } from './reduce';
export { softmaxBackward, softmaxForward } from './softmax';
