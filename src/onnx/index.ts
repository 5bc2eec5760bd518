// simdense/onnx: dense networks to and from ONNX.
export { fromOnnx } from './from-onnx.js';
export { type ToOnnxOptions, toOnnx } from './to-onnx.js';
