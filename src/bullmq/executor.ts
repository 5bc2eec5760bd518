import { Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { options, positiveInteger, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { asTheyEnd } from '../evaluate/as-they-end.js';
import type { Executor, Outcome, RunJobsOptions } from '../evaluate/executor.js';
import { fromPlainError } from '../evaluate/plain-error.js';
import { decode } from '../node/codec.js';
import { type Answer, idOf, message } from '../node/message.js';
import { connect, closed as hasClosed } from './connection.js';
import { store } from './data-store.js';

export interface BullmqOptions {
  /** A URL such as redis://localhost:6379, options of ioredis, or a connection of it. */
  connection: unknown;
  /** 'simdense'. */
  queue?: string;
  /** How often a job is tried whose worker cannot run it, such as for want of its data; 3. A worker's death does not count. */
  attempts?: number;
  /** A folder or URL that the workers can read, for sets too large for Redis: the coordinator puts the file into the folder, or finds it under the URL (see dataFile). */
  data?: string;
}

/** Seconds that results stay in Redis: so long a coordinator may be away. */
const KEPT = 24 * 3600;
/** Jobs that are added, or looked after, in one round trip. */
const AT_A_TIME = 500;
/** Milliseconds between two looks at all jobs, for what was missed while Redis was away. */
const LOOK = 5000;

/**
 * Runs trainings on the machines whose workers (`npx simdense worker`, or startBullmqWorker) take from this queue. A job is named by its content: a coordinator that is started again finds
 * what is finished, and nothing runs twice into a result. The first run rejects with SimdenseError 'UNREACHABLE' within five seconds where no Redis answers.
 */
export function bullmq(o: BullmqOptions): Executor {
  const given = options('bullmq', o, ['connection', 'queue', 'attempts', 'data']);
  const { connection, queue: name = 'simdense', data: place } = given;
  const attempts = positiveInteger('bullmq(attempts)', given.attempts ?? 3);
  if (connection === undefined || connection === null)
    refuse('bullmq(connection)', 'a URL such as redis://localhost:6379, or options of ioredis', connection);
  if (typeof name !== 'string' || name === '' || name.includes(':'))
    refuse('bullmq(queue)', 'a name without colons', name);
  if (place !== undefined && typeof place !== 'string') refuse('bullmq(data)', 'a folder or a URL', place);
  let opening: Promise<Handles> | undefined;
  let closed = false;
  return {
    concurrency: Number.POSITIVE_INFINITY,
    async *run<T, R>(task: string, jobs: readonly T[], { signal, data }: RunJobsOptions = {}) {
      if (closed) throw new SimdenseError('DISPOSED', 'bullmq: used after close');
      signal?.throwIfAborted();
      opening ??= open(name, connection);
      const handles = await opening.catch((error: unknown) => {
        // The next run tries again.
        opening = undefined;
        throw error;
      });
      const reference = data && (await store(handles.client, name, data, place));
      const messages = jobs.map((job) => message(task, job, reference));
      const waiting = new Answers<R>(handles, messages.map(idOf));
      try {
        await add(handles.queue, task, messages, attempts);
        waiting.look();
        yield* asTheyEnd(waiting.outcomes, signal);
      } finally {
        waiting.stop();
        if (signal?.aborted) await waiting.withdraw();
      }
    },
    async close() {
      closed = true;
      const handles = await opening?.catch(() => undefined);
      if (!handles) return;
      await hasClosed(Promise.all([handles.events.close(), handles.queue.close()]));
      // BullMQ closes none that it is given.
      handles.client.disconnect();
      handles.listening.disconnect();
    },
  };
}

interface Handles {
  readonly client: Redis;
  /** The connection of `events`. */
  readonly listening: Redis;
  readonly queue: Queue;
  readonly events: QueueEvents;
}

async function open(name: string, connection: unknown): Promise<Handles> {
  const client = await connect('bullmq', connection);
  const queue = new Queue(name, { connection: client });
  const listening = client.duplicate();
  const events = new QueueEvents(name, { connection: listening });
  // Told by the connection itself, and it comes back by itself.
  queue.on('error', () => {});
  events.on('error', () => {});
  events.setMaxListeners(0);
  await events.waitUntilReady();
  return { client, listening, queue, events };
}

/** Adds those that are not there yet; those that have failed are tried again. */
async function add(
  queue: Queue,
  task: string,
  messages: readonly ReturnType<typeof message>[],
  attempts: number,
): Promise<void> {
  for (let from = 0; from < messages.length; from += AT_A_TIME) {
    const part = messages.slice(from, from + AT_A_TIME);
    const jobs = await queue.addBulk(
      part.map((data) => ({
        name: task,
        data,
        opts: {
          jobId: idOf(data),
          attempts,
          backoff: { type: 'exponential', delay: 500 },
          removeOnComplete: { age: KEPT },
          removeOnFail: { age: KEPT },
        },
      })),
    );
    for (const job of jobs) if (await job.isFailed()) await job.retry();
  }
}

/** The outcomes of jobs by their names, as the queue tells of them. */
class Answers<R> {
  readonly outcomes: readonly Promise<Outcome<R>>[];
  readonly #handles: Handles;
  readonly #open = new Map<string, ((answer: Answer) => void)[]>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(handles: Handles, ids: readonly string[]) {
    this.#handles = handles;
    this.outcomes = ids.map(
      (id, index) =>
        new Promise((resolve) => {
          const take = (answer: Answer): void =>
            resolve(
              'error' in answer
                ? { index, error: fromPlainError(answer.error) }
                : { index, result: decode(answer.result) as R },
            );
          this.#open.set(id, [...(this.#open.get(id) ?? []), take]);
        }),
    );
    handles.events.on('completed', this.#completed);
    handles.events.on('failed', this.#failed);
    this.#timer = setInterval(() => this.look(), LOOK);
  }

  /** Looks after all that are open: they may have ended before, or while Redis was away. */
  look(): void {
    for (const id of this.#open.keys()) void this.#fetch(id);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#handles.events.off('completed', this.#completed);
    this.#handles.events.off('failed', this.#failed);
  }

  /** Takes back what no worker has begun. */
  async withdraw(): Promise<void> {
    await Promise.allSettled([...this.#open.keys()].map((id) => this.#handles.queue.remove(id)));
  }

  readonly #completed = ({ jobId }: { jobId: string }): void => void this.#fetch(jobId);
  readonly #failed = ({ jobId }: { jobId: string }): void => void this.#fetch(jobId);

  async #fetch(id: string): Promise<void> {
    if (!this.#open.has(id)) return;
    try {
      const job = await Job.fromId(this.#handles.queue, id);
      if (!job?.finishedOn) return;
      const answer = job.failedReason ? { error: { message: job.failedReason } } : (job.returnvalue as Answer | null);
      if (!answer) return;
      for (const take of this.#open.get(id) ?? []) take(answer);
      this.#open.delete(id);
    } catch {
      // Redis is away: the next look finds it.
    }
  }
}
