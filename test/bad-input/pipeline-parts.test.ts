// Options of pipelines, of the functions that take pipelines, and of callbacks: if one is given in the wrong place, the message says where it belongs.
import { kFold } from '../../src/data/index.js';
import { crossValidate, fitPipeline, search } from '../../src/evaluate/index.js';
import { dense, earlyStopping, reduceOnPlateau, sequential } from '../../src/index.js';
import { any, checkMessages } from './check.js';

const x = [[0], [1], [2], [3]];
const y = ['a', 'b', 'a', 'b'];
const stop = 'pass only the options, the pipeline calls earlyStopping itself';
const model = () => sequential({ inputs: 1, layers: [dense({ units: 1 })] }).compile({ loss: 'huber' });

checkMessages([
  [
    () => fitPipeline({ layers: [], earlyStopping: any(earlyStopping()) }, x, y),
    `SimdenseError [ARGUMENT]: fitPipeline(earlyStopping): expected options such as { patience: 10 }, got an Object; ${stop}`,
  ],
  [
    () => crossValidate({ layers: [], earlyStopping: any(earlyStopping) }, x, y, kFold(4, { folds: 2 })),
    `SimdenseError [ARGUMENT]: crossValidate(earlyStopping): expected options such as { patience: 10 }, got a function; ${stop}`,
  ],
  [
    () => fitPipeline(any({ layers: [], callbacks: [earlyStopping()] }), x, y),
    'SimdenseError [ARGUMENT]: fitPipeline: "callbacks" is not part of a pipeline; pass it to fitPipeline: fitPipeline(pipeline, x, y, { callbacks })',
  ],
  [
    () => fitPipeline({ layers: [], fit: any({ callbacks: [earlyStopping()] }) }, x, y),
    'SimdenseError [ARGUMENT]: fitPipeline(fit): "callbacks" is not part of a pipeline; pass it to fitPipeline: fitPipeline(pipeline, x, y, { callbacks })',
  ],
  [
    () => fitPipeline(any({ layers: [], epochs: 5 }), x, y),
    'SimdenseError [ARGUMENT]: fitPipeline: "epochs" belongs in a part of the pipeline: { fit: { epochs: … } }',
  ],
  [
    () => fitPipeline(any({ layers: [], patience: 5 }), x, y),
    'SimdenseError [ARGUMENT]: fitPipeline: "patience" belongs in a part of the pipeline: { earlyStopping: { patience: … } }',
  ],
  [
    () => fitPipeline(any({ layers: [], learningRate: 0.1 }), x, y),
    'SimdenseError [ARGUMENT]: fitPipeline: "learningRate" belongs in a part of the pipeline: { optimizer: adam({ learningRate: … }) }',
  ],
  [
    () => fitPipeline(any(model()), x, y),
    'SimdenseError [ARGUMENT]: fitPipeline: expected a pipeline { layers: […] }, got a model; call model.fit instead',
  ],
  [
    () =>
      fitPipeline(
        { layers: [dense({ units: 8, activation: 'relu' }), dense({ units: 1, activation: 'relu' })] },
        x,
        [0.5, 1.5, 2.5, 3.25],
      ),
    'SimdenseError [ARGUMENT]: fitPipeline(layers): the last layer gives 1 (relu), a regression takes 1 (linear): leave its activation out, or leave the layer out, since the output layer is added',
  ],
  [
    () =>
      search({ space: { a: [1] }, pipeline: () => ({ layers: [] }), x, y, splits: [], strategy: 'grid', trials: 3 }),
    "SimdenseError [ARGUMENT]: search(trials): 'grid' tries every combination: leave trials out, or use 'random'",
  ],
  [
    () => fitPipeline({ layers: [] }, x, [0, '0', 1, 1]),
    'SimdenseError [DATA]: encodeLabels(labels): 0 appears as a number and as a string; make all labels numbers or all strings',
  ],
  [
    () =>
      model().fit(x, [0, 1, 2, 3], {
        callbacks: [earlyStopping({ monitor: 'learning_rate', mode: 'min' })],
        epochs: 2,
      }),
    'SimdenseError [ARGUMENT]: earlyStopping: the logs have no "learning_rate", but loss, learningRate; did you mean learningRate?',
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
