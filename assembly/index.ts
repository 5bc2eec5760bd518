// The kernels that simdense.wasm exports: numbers in, numbers out, over addresses in linear memory.

export { activationBackward, activationForward, affine, softmaxBackward, softmaxForward } from './activation';
export { denseBiasGradient, denseForward, denseInputGradient, denseKernelGradient, setTile, tileTrial } from './gemm';
export { loss } from './loss';
export { mapMath } from './math';
export { allocate, release } from './memory';
export { adam, sgd } from './optimizer';
export { packBytes, packClasses, packFloats, unpackFloats } from './pack';
export { allFinite } from './reduce';
export { fillNormal, fillUniform, philox, shuffle } from './random';
