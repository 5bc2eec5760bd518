import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { untilAborted } from '../base/until-aborted.js';
import { connect } from './connection.js';

/** What a coordinator holds. */
export interface Handles {
  readonly client: Redis;
  readonly queue: Queue;
}

/** Rejects with SimdenseError 'UNREACHABLE' where no Redis answers, and with the signal's reason. */
export async function openHandles(name: string, connection: unknown, signal?: AbortSignal): Promise<Handles> {
  const client = await connect('bullmq', connection, signal);
  const queue = new Queue(name, { connection: client });
  // Told by the connection itself, and it comes back by itself.
  queue.on('error', () => {});
  try {
    await untilAborted(queue.waitUntilReady(), signal);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return { client, queue };
}
