// The operators that are known: what each computes, by the format's own description (github.com/onnx/onnx, docs/Operators.md and Operators-ml.md).
import type { Node } from '../graph.js';
import { type Operator, unsupported } from './call.js';
import { elementwise } from './elementwise.js';
import { products } from './products.js';
import { rows } from './rows.js';
import { shapes } from './shapes.js';

const operators: Readonly<Record<string, Operator>> = { ...elementwise, ...products, ...rows, ...shapes };

/** The operator of a node. Throws SimdenseError 'UNSUPPORTED' for an unknown one, an attribute that it does not have, and too many inputs. */
export function operatorOf(node: Node): Operator {
  const operator = Object.hasOwn(operators, node.op) ? operators[node.op] : undefined;
  if (!operator) throw unsupported(node);
  if (node.inputs.length > operator.inputs) throw unsupported(node, `${node.inputs.length} inputs`);
  for (const key of Object.keys(node.attributes))
    if (!operator.attributes.includes(key)) throw unsupported(node, `the attribute ${key}`);
  return operator;
}

/** The number of the output of a node that is computed. */
export const outputOf = ({ op }: Node): number => (Object.hasOwn(operators, op) ? (operators[op]?.output ?? 0) : 0);

export { Call, contradiction, numberOf, unsupported } from './call.js';
