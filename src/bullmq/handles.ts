import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { untilAborted } from '../base/until-aborted.js';
import { connect } from './connection.js';

/** The connection and the queue of a coordinator. */
export interface Handles {
  readonly client: Redis;
  readonly queue: Queue;
}

/** Connects and opens the queue. Rejects with SimdenseError 'UNREACHABLE' if no Redis answers, and with the signal's reason. */
export async function openHandles(name: string, connection: unknown, signal?: AbortSignal): Promise<Handles> {
  const client = await connect('bullmq', connection, signal);
  const queue = new Queue(name, { connection: client });
  // The connection reports its own errors, and reconnects by itself.
  queue.on('error', () => {});
  try {
    await untilAborted(queue.waitUntilReady(), signal);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  return { client, queue };
}
