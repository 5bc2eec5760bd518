import { Redis } from 'ioredis';
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/** Milliseconds in which a Redis has to answer. */
const PATIENCE = 4000;

/**
 * A connection to Redis that has answered: of a URL such as redis://localhost:6379, options of ioredis, or a connection of it, which is duplicated. Rejects with SimdenseError 'UNREACHABLE'
 * within five seconds where none answers.
 */
export async function connect(where: string, connection: unknown): Promise<Redis> {
  const settings = {
    lazyConnect: true,
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
  let reason = 'no answer';
  // Also later: without a listener a lost connection would end the process.
  client.on('error', (error: Error) => {
    reason = error.message || String((error as { code?: string }).code);
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await Promise.race([
      client.connect().then(() => client.ping()),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE / 1000} s`)), PATIENCE);
      }),
    ]);
    return client;
  } catch (cause) {
    client.disconnect();
    const { host = 'localhost', port = 6379 } = client.options;
    const text = cause instanceof Error && !/closed/.test(cause.message) ? cause.message : reason;
    throw new SimdenseError(
      'UNREACHABLE',
      `${where}: no Redis answers at ${host}:${port} (${text}). Start one, or give another connection`,
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
