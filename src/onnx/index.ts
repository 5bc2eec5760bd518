// simdense/onnx: reads and writes dense networks as ONNX.
export { fromOnnx } from './from-onnx.js';
export type { FromOnnxOptions } from './network.js';
export { pipelineFromOnnx } from './pipeline-from-onnx.js';
export { type ToOnnxOptions, toOnnx } from './to-onnx.js';
