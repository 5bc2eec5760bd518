export { type BrainJsNetwork, fromBrainJs } from './from-brain-js.js';
export { fromKeras } from './from-keras.js';
export { fromStateDict } from './from-state-dict.js';
export { fromTensorFlowJs } from './from-tensorflow-js.js';
