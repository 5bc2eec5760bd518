import { Redis } from 'ioredis';
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/** Milliseconds in which a Redis has to answer. */
const PATIENCE = 4000;
/** What passes while a Redis starts: it is tried again. */
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * A connection to Redis that has answered: of a URL such as redis://localhost:6379, options of ioredis, or a connection of it, which is duplicated. Rejects with SimdenseError 'UNREACHABLE'
 * within five seconds where none answers.
 */
export async function connect(where: string, connection: unknown): Promise<Redis> {
  const settings = {
    // BullMQ's duplicates are to come back as well: what connects when it is asked to gives up at the first failure.
    lazyConnect: false,
    connectTimeout: PATIENCE,
    // What BullMQ asks for: commands wait while a connection is lost.
    maxRetriesPerRequest: null,
  };
  let client: Redis;
  if (typeof connection === 'string') client = new Redis(connection, settings);
  else if (typeof (connection as Redis | undefined)?.duplicate === 'function')
    client = (connection as Redis).duplicate(settings);
  else if (typeof connection === 'object' && connection !== null) client = new Redis({ ...connection, ...settings });
  else return refuse(`${where}(connection)`, 'a URL such as redis://localhost:6379, or options of ioredis', connection);
  let last: Error | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(last ?? new Error(`no answer in ${PATIENCE / 1000} s`)), PATIENCE);
      // Also later: without a listener a lost connection would end the process.
      client.on('error', (error: Error & { code?: string }) => {
        last = error;
        if (!PASSING.has(String(error.code))) reject(error);
      });
      client.ping().then(resolve, (error: unknown) => reject(last ?? error));
    });
    return client;
  } catch (cause) {
    client.disconnect();
    const { host = 'localhost', port = 6379 } = client.options;
    const { message, code } = cause as Error & { code?: string };
    throw new SimdenseError(
      'UNREACHABLE',
      `${where}: no Redis answers at ${host}:${port} (${message || code}). Start one, or give another connection`,
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds that BullMQ has to let go of its connections. */
const GOODBYE = 2000;

/** Waits for this, but not for ever: after a lost connection BullMQ's close may not end. Whether it did. */
export async function closed(closing: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), GOODBYE);
  });
  const ended = closing.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}
