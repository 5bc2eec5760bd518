// Checks the name of a queue. Imports nothing of BullMQ, so that the command can check a name before loading it.
import { refuse } from '../base/checks.js';

/** BullMQ makes keys of the name, with colons between their parts. */
export const queueName = {
  expected: 'the name of a queue, without colons',
  passes: (name: string): boolean => name.trim() !== '' && !name.includes(':'),
};

/** Throws SimdenseError 'ARGUMENT' for what cannot be the name of a queue. */
export function checkQueue(where: string, name: unknown): void {
  if (typeof name !== 'string' || !queueName.passes(name)) refuse(`${where}(queue)`, queueName.expected, name);
}
