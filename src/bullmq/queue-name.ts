// What a queue may be called: imports nothing of BullMQ, so that the command checks a name before it is loaded.
import { refuse } from '../base/checks.js';

/** BullMQ makes keys of the name, whose parts are divided by colons. */
export const queueName = {
  expected: 'the name of a queue, without colons',
  passes: (name: string): boolean => name.trim() !== '' && !name.includes(':'),
};

/** Throws SimdenseError 'ARGUMENT' for what is no name of a queue. */
export function checkQueue(where: string, name: unknown): void {
  if (typeof name !== 'string' || !queueName.passes(name)) refuse(`${where}(queue)`, queueName.expected, name);
}
