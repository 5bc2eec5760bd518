// simdense/onnx: reads and writes dense networks as ONNX.
export { type FromOnnxOptions, fromOnnx } from './from-onnx.js';
export { type ToOnnxOptions, toOnnx } from './to-onnx.js';
