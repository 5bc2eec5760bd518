import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { fromPlainError, readPlainError } from '../evaluate/plain-error.js';
import { checkResult } from '../evaluate/tasks.js';
import { decode } from '../node/codec.js';

/** An answer as it is stored: an error, or a result with a reference to its large arrays. */
interface Written {
  readonly error?: unknown;
  readonly result?: unknown;
  readonly apart?: unknown;
}

/** Parses an answer from the queue, which others can write to. Throws SimdenseError 'FORMAT' for what cannot be an answer. */
export function parseAnswer(text: string): Written {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new SimdenseError('FORMAT', 'the answer is not JSON');
  }
  const members = isRecord(answer) ? Object.keys(answer).sort().join() : '';
  if (!/^(error|result|apart,result)$/.test(members))
    throw new SimdenseError('FORMAT', 'the answer is neither a result nor an error');
  return answer as Written;
}

/** Checks and decodes a worker's answer to this job. Throws SimdenseError 'FORMAT' for what cannot be an answer to it. */
export function readAnswer<R>(
  answer: Written,
  arrays: readonly Uint8Array[],
  task: string,
  job: unknown,
  data: Parameters<typeof checkResult>[3],
): { readonly result: R } | { readonly error: Error } {
  if (Object.hasOwn(answer, 'error')) return { error: fromPlainError(readPlainError(answer.error)) };
  return { result: checkResult(task, decode(answer.result, arrays), job, data) as R };
}
