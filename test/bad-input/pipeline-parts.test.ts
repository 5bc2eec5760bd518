// What belongs into a pipeline, what beside it, and what into callbacks: mixed up, the message says where it goes.
import { kFold } from '../../src/data/index.js';
import { crossValidate, fitPipeline } from '../../src/evaluate/index.js';
import { dense, earlyStopping, reduceOnPlateau, sequential } from '../../src/index.js';
import { any, checkMessages } from './check.js';

const x = [[0], [1], [2], [3]];
const y = ['a', 'b', 'a', 'b'];
const stop = 'give what the function earlyStopping takes, a pipeline calls it itself';
const model = () => sequential({ inputs: 1, layers: [dense({ units: 1 })] }).compile({ loss: 'huber' });

checkMessages([
  [
    () => fitPipeline({ layers: [], earlyStopping: any(earlyStopping()) }, x, y),
    `SimdenseError [ARGUMENT]: fitPipeline(earlyStopping): expected options such as { patience: 10 }, got an Object: ${stop}`,
  ],
  [
    () => crossValidate({ layers: [], earlyStopping: any(earlyStopping) }, x, y, kFold(4, { folds: 2 })),
    `SimdenseError [ARGUMENT]: crossValidate(earlyStopping): expected options such as { patience: 10 }, got a function: ${stop}`,
  ],
  [
    () => fitPipeline(any({ layers: [], callbacks: [earlyStopping()] }), x, y),
    'SimdenseError [ARGUMENT]: fitPipeline: "callbacks" is no part of a pipeline; fitPipeline takes it: fitPipeline(pipeline, x, y, { callbacks })',
  ],
  [
    () => fitPipeline({ layers: [], fit: any({ callbacks: [earlyStopping()] }) }, x, y),
    'SimdenseError [ARGUMENT]: fitPipeline(fit): "callbacks" is no part of a pipeline; fitPipeline takes it: fitPipeline(pipeline, x, y, { callbacks })',
  ],
  [
    () => fitPipeline({ layers: [] }, x, y, any({ earlyStopping: earlyStopping() })),
    'SimdenseError [ARGUMENT]: fitPipeline: "earlyStopping" is part of the pipeline: { layers: […], earlyStopping: … }',
  ],
  [
    () => fitPipeline({ layers: [] }, x, y, any({ epochs: 3 })),
    'SimdenseError [ARGUMENT]: fitPipeline: "epochs" is part of the pipeline: { layers: […], fit: { epochs: … } }',
  ],
  [
    () => fitPipeline({ layers: [] }, x, y, { callbacks: any(earlyStopping()) }),
    'SimdenseError [ARGUMENT]: fitPipeline(callbacks): expected an array of callbacks, got an Object',
  ],
  [
    () => model().fit(x, [0, 1, 2, 3], { callbacks: [reduceOnPlateau({ monitor: 'loss' }), any({ patience: 5 })] }),
    'SimdenseError [ARGUMENT]: fit(callbacks)[1]: expected a callback, got an Object without a hook: give options to its function, such as earlyStopping({ patience: 10 })',
  ],
  [
    () => model().fit(x, [0, 1, 2, 3], any({ earlyStopping: { patience: 5 } })),
    'SimdenseError [ARGUMENT]: fit: unknown option "earlyStopping"; known are epochs, batchSize, shuffle, validationData, validationSplit, classWeight, sampleWeight, augment, callbacks, signal, initialEpoch; did you mean callbacks?',
  ],
]);
