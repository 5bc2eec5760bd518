import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { fromPlainError, readPlainError } from '../evaluate/plain-error.js';
import { checkResult } from '../evaluate/tasks.js';
import { decode } from '../node/codec.js';

/** What a worker has answered to this job, from the queue's text, which others can write. Throws SimdenseError 'FORMAT' for what cannot be an answer to it. */
export function readAnswer<R>(
  text: string,
  task: string,
  job: unknown,
  data: Parameters<typeof checkResult>[3],
): { readonly result: R } | { readonly error: Error } {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new SimdenseError('FORMAT', 'the answer is not JSON');
  }
  if (isRecord(answer) && Object.keys(answer).length === 1) {
    if (Object.hasOwn(answer, 'error')) return { error: fromPlainError(readPlainError(answer['error'])) };
    if (Object.hasOwn(answer, 'result')) return { result: checkResult(task, decode(answer['result']), job, data) as R };
  }
  throw new SimdenseError('FORMAT', 'the answer is neither a result nor an error');
}
