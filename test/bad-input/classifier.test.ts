// The exact messages of simdense/classifier for bad input.
import { classifier, loadClassifier } from '../../src/classifier/index.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { Matrix } from '../../src/index.js';
import { any, checkMessages, missing } from './check.js';

const x = [
  [1, 0],
  [0.9, 0.1],
  [0, 1],
];
const y = ['a', 'a', 'b'];
const head = await classifier(x, y);
const file = head.save();
const silent = loadClassifier(head.save({ keptRows: false }));
const numbered = await classifier(x, [1, 1, 2]);
const gone = await classifier(x, y);
gone.dispose();
using pipeline = await fitPipeline({ layers: [], fit: { epochs: 1 } }, x, y);
const pipelineFile = pipeline.save();

checkMessages([
  [() => classifier([], []), 'SimdenseError [DATA]: classifier: there are no rows'],
  [() => classifier(new Matrix([], 2), []), 'SimdenseError [DATA]: classifier: there are no rows'],
  [
    () => classifier(x, ['a', 'a', 'a']),
    'SimdenseError [DATA]: classifier: all 3 labels are "a"; a classifier needs two classes or more',
  ],
  [() => classifier(x, ['a', 'b']), 'SimdenseError [SHAPE]: classifier: there are 3 rows and 2 labels'],
  [
    () => classifier(x, any('aab')),
    'SimdenseError [ARGUMENT]: classifier: labels: expected an array with a label for each row, got "aab"',
  ],
  [
    () => classifier(x, ['1', 1, '2']),
    'SimdenseError [DATA]: classifier: the label 1 appears as a number and as a string; make all labels numbers or all strings',
  ],
  [
    () => classifier(x, any(['a', true, 'b'])),
    'SimdenseError [DATA]: classifier: the label is true in row 1, expected a string or a finite number; convert booleans to 0 and 1, or to strings',
  ],
  [
    () => classifier([...x.slice(0, 2), [Number.NaN, 1]], y),
    `SimdenseError [DATA]: classifier: embeddings is NaN in row 2, column 0${missing}`,
  ],
  [
    () => classifier([[1, 2], [3]], ['a', 'b']),
    'SimdenseError [SHAPE]: classifier: embeddings: row 1 has 1 numbers, row 0 has 2',
  ],
  [
    () => classifier(Float32Array.of(1, 2), ['a', 'b']),
    'SimdenseError [SHAPE]: classifier: embeddings is flat numbers with an unknown number of columns; pass new Matrix(numbers, columns) or rows',
  ],
  [
    () => classifier([[1e200], [-1e200]], ['a', 'b']),
    'SimdenseError [DATA]: classifier: embeddings is 1e+200 in row 0, column 0: float32 holds up to 3.4e38; divide the column by a constant',
  ],
  [() => classifier(x, y, { l2: 0 }), 'SimdenseError [ARGUMENT]: classifier(l2): expected a positive number, got 0'],
  [
    () => classifier(x, y, { keep: 0 }),
    'SimdenseError [ARGUMENT]: classifier(keep): expected a positive integer, got 0',
  ],
  [
    () => classifier(x, y, { seed: -1 }),
    'SimdenseError [ARGUMENT]: classifier(seed): expected a whole number from 0 up, got -1',
  ],
  [
    () => classifier(x, y, any({ C: 1 })),
    'SimdenseError [ARGUMENT]: classifier: unknown option "C"; known are l2, keep, seed, signal',
  ],
  [
    () => classifier(x, y, { signal: any(1) }),
    'SimdenseError [ARGUMENT]: classifier(signal): expected an AbortSignal, got 1',
  ],
  [() => head.predict([[1, 2, 3]]), 'SimdenseError [SHAPE]: predict: x has 3 columns but the scaler was fitted on 2'],
  [
    () => head.probabilities([[1, Number.POSITIVE_INFINITY]]),
    'SimdenseError [DATA]: probabilities: x is Infinity in row 0, column 1',
  ],
  [
    () => head.learn([[1, 2, 3]], ['a']),
    'SimdenseError [SHAPE]: learn: x has 3 columns but the scaler was fitted on 2',
  ],
  [() => head.learn([1, 2], ['a', 'b']), 'SimdenseError [SHAPE]: learn: there are 1 rows and 2 labels'],
  [
    () => head.learn([1, 2], any([null])),
    `SimdenseError [DATA]: learn: the label is null in row 0, expected a string or a finite number${missing}`,
  ],
  [
    () => numbered.learn([1, 2], ['2']),
    'SimdenseError [DATA]: learn: the label 2 appears as a number and as a string; make all labels numbers or all strings',
  ],
  [
    () => silent.learn([1, 2], ['a']),
    'SimdenseError [STATE]: learn: the file was saved without the kept rows, so the older classes would be forgotten',
  ],
  [() => head.save(any({ rows: false })), 'SimdenseError [ARGUMENT]: save: unknown option "rows"; known are keptRows'],
  [
    () => head.save({ keptRows: any('no') }),
    'SimdenseError [ARGUMENT]: save(keptRows): expected true or false, got "no"',
  ],
  [() => gone.predict(x), 'SimdenseError [DISPOSED]: predict: the model has been disposed'],
  [() => gone.learn(x, y), 'SimdenseError [DISPOSED]: learn: the model has been disposed'],
  [() => gone.save(), 'SimdenseError [DISPOSED]: save: the model has been disposed'],
  [
    () => loadClassifier(any('file')),
    'SimdenseError [ARGUMENT]: loadClassifier(bytes): expected a Uint8Array, got "file"',
  ],
  [
    () => loadClassifier(file.subarray(0, 4)),
    'SimdenseError [FORMAT]: loadClassifier: 4 bytes are too few for a safetensors file',
  ],
  [
    () => loadClassifier(pipelineFile),
    'SimdenseError [FORMAT]: loadClassifier: the file has no classifier; loadPipeline of simdense/evaluate reads pipelines, loadModel models',
  ],
]);
