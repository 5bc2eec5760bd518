import { Redis, type RedisOptions } from 'ioredis';
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { untilAborted } from '../base/until-aborted.js';
import { plainText } from '../evaluate/plain-error.js';

/** Milliseconds within which Redis must answer. */
const PATIENCE = 4000;
/** Errors that are temporary while Redis starts: try again. */
const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** How to connect and reconnect. */
const settings = {
  // BullMQ's duplicates must reconnect too; a lazy connection gives up at its first failure.
  lazyConnect: false,
  connectTimeout: PATIENCE,
  // BullMQ requires this: commands wait while the connection is lost.
  maxRetriesPerRequest: null,
};

/** Throws SimdenseError 'ARGUMENT' for what cannot be a connection. Never shows a text, which may contain a password. */
export function checkConnection(where: string, connection: unknown): void {
  const expected = 'a URL such as redis://localhost:6379, or options of ioredis';
  if (typeof connection === 'string') {
    let protocol = '';
    try {
      const url = new URL(connection);
      ({ protocol } = url);
      decodeURIComponent(url.username + url.password);
    } catch {
      protocol = '';
    }
    if (protocol !== 'redis:' && protocol !== 'rediss:') {
      const advice = 'In a password write %23 for #, %2F for / and %40 for @';
      throw new SimdenseError(
        'ARGUMENT',
        `${where}(connection): expected ${expected}, got a text that is not such a URL. ${advice}`,
      );
    }
  } else if (typeof connection !== 'object' || connection === null)
    refuse(`${where}(connection)`, expected, connection);
}

function clientOf(connection: unknown): Redis {
  if (typeof connection === 'string') return new Redis(connection, settings);
  if (typeof (connection as Redis).duplicate === 'function') return (connection as Redis).duplicate(settings);
  return new Redis({ ...(connection as object), ...settings });
}

/**
 * Connects to Redis and waits for its answer. `connection` is a URL such as redis://localhost:6379, options of ioredis, or a connection of
 * ioredis, which is duplicated. Rejects with SimdenseError 'UNREACHABLE' within five seconds if Redis does not answer or refuses the user,
 * and with the signal's reason as soon as it aborts. No message contains a password.
 */
export async function connect(where: string, connection: unknown, signal?: AbortSignal): Promise<Redis> {
  checkConnection(where, connection);
  signal?.throwIfAborted();
  const client = clientOf(connection);
  let last: Error | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const answered = new Promise<unknown>((resolve, reject) => {
    timer = setTimeout(() => reject(last ?? new Error(`no answer in ${PATIENCE / 1000} s`)), PATIENCE);
    // Needed for good: without a listener a lost connection would end the process.
    client.on('error', (error: Error & { code?: string }) => {
      last = error;
      if (!PASSING.has(String(error.code))) reject(error);
    });
    client.ping().then(resolve, (error: unknown) => reject(last ?? error));
  });
  try {
    await untilAborted(answered, signal);
    return client;
  } catch (error) {
    client.disconnect();
    signal?.throwIfAborted();
    throw unreachable(where, error as Error, client.options);
  } finally {
    clearTimeout(timer);
  }
}

/** The error for a failed connection, with Redis's own words if it has answered, without the passwords that ioredis attaches to its errors. */
function unreachable(where: string, error: Error & { code?: string }, o: RedisOptions): SimdenseError {
  const { host = 'localhost', port = 6379, path } = o;
  const place = path ?? `${host}:${port}`;
  const secrets = [o.password, o.sentinelPassword].filter((secret) => typeof secret === 'string' && secret !== '');
  const plain = (text: string): string =>
    plainText(secrets.reduce<string>((rest, secret) => rest.replaceAll(secret as string, '***'), text));
  const text = plain(error.message || String(error.code));
  const cause = Object.assign(new Error(text), error.code !== undefined && { code: error.code });
  const failed = (what: string): SimdenseError => new SimdenseError('UNREACHABLE', `${where}: ${what}`, { cause });
  if (error.name === 'ParserError') return failed(`the server at ${plain(place)} is not Redis (${text})`);
  if (error.name !== 'ReplyError')
    return failed(`no Redis answers at ${plain(place)} (${text}). Start one, or give another connection`);
  const advice = /^(NOAUTH|WRONGPASS|ERR AUTH|ERR invalid password|NOPERM)/.test(text)
    ? '. Give the user and password that it takes, such as redis://user:password@host:6379'
    : '';
  return failed(`the Redis at ${plain(place)} refuses (${text})${advice}`);
}

/** Milliseconds that BullMQ gets to close its connections. */
const GOODBYE = 2000;

/** Waits for a close, for a limited time: after a lost connection BullMQ's close may never end. Returns whether it did. */
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
