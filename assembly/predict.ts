// The kernels that predictions need, a third of all. simdense/predict loads only these.

export { affine } from './affine';
export { denseForward, setTiles, tileTrial } from './gemm';
export { activationForward } from './generated/activations';
export { layerNormForward } from './layer-normalise';
export { heapStart } from './memory';
export { batchNormInference } from './normalise';
export { packBytes, packFloats, unpackFloats } from './pack';
export { preluForward } from './prelu';
export { allFinite } from './reduce';
export { softmaxForward } from './softmax';
