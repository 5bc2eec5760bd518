import { noMore } from '../base/checks.js';
import { Classifier } from './classifier.js';
import { readFile } from './file.js';

/**
 * Reads a classifier from the file that its `save` returned.
 *
 * @param bytes The file.
 * @returns The classifier. It predicts, and learns on, with the same bits as the one that was saved; from a file without the kept rows it only predicts.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file.
 * @throws SimdenseError 'ARGUMENT' for what is not a Uint8Array.
 * @example
 * const head = await classifier([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], ['cat', 'cat', 'dog', 'dog']);
 * const again = loadClassifier(head.save());
 * for (const each of [head, again]) each.learn([[0.5, 0.6]], ['dog']);
 * again.probabilities([1, 0]).data[0] === head.probabilities([1, 0]).data[0]; // true
 */
export function loadClassifier(bytes: Uint8Array): Classifier {
  noMore('loadClassifier', arguments, 1);
  return new Classifier(readFile('loadClassifier', bytes));
}
