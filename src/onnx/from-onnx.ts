import { noMore } from '../base/checks.js';
import type { Sequential } from '../train/sequential.js';
import { layersOf, modelOf } from '../train/steps.js';
import { type FromOnnxOptions, readNetwork } from './network.js';

/**
 * Reads a dense network from an ONNX file, as the exporters of PyTorch and scikit-learn write it.
 *
 * What is constant is computed first; then the operators become layers. Supported are Gemm, MatMul, arithmetic with constants, BatchNormalization, LayerNormalization, activations, also those composed of other
 * operators, what moves and joins columns, and the linear models and scalers of ai.onnx.ml. Labels that follow from the network's numbers, as scikit-learn's exporter writes them, are left out: pipelineFromOnnx
 * reads them. Rows that are tried must agree with what the graph itself computes.
 * @param bytes The bytes of the file.
 * @param o The options; all have defaults.
 * @returns A model with the weights of the file. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for another operator, attribute or output of a node; the message names the operator and the node. Also for operators of
 * another version (opset) than 7 to 22, for several inputs, and for several outputs without the option.
 * @throws SimdenseError 'FORMAT' for bytes that are not an ONNX model, or one that contradicts itself.
 * @throws SimdenseError 'ARGUMENT' for anything but a Uint8Array, an unknown option, or an output that is not there.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { fromOnnx, toOnnx } from 'simdense/onnx';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1, activation: 'sigmoid' })], seed: 1 });
 * const read = fromOnnx(toOnnx(model));
 * read.summary();
 * const [before, after] = [model.predict([[1, 2]]).data[0], read.predict([[1, 2]]).data[0]];
 * console.log(before === after); // true
 */
export function fromOnnx(bytes: Uint8Array, o?: FromOnnxOptions): Sequential {
  noMore('fromOnnx', arguments, 2);
  return readNetwork('fromOnnx', bytes, o, ({ columns, steps, prove }) => {
    const model = modelOf(layersOf(steps, columns), columns);
    try {
      prove((rows) => model.predict(rows).data, model.outputs);
      return model;
    } catch (error) {
      model.dispose();
      throw error;
    }
  });
}
