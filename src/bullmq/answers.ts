// Waits for the answers to a run's jobs, whatever happens to the queue meanwhile: lost jobs are added again, and what cannot be an answer becomes an error.
import { setImmediate as turn } from 'node:timers/promises';
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Dataset } from '../evaluate/dataset.js';
import type { Outcome } from '../evaluate/executor.js';
import { happenedIn, plainText } from '../evaluate/plain-error.js';
import { mostBytes } from '../evaluate/tasks.js';
import { hashOf } from '../node/hash.js';
import { type JobMessage, message, textOf } from '../node/message.js';
import { AbandonedJobs, BACKOFF, IDLE } from './abandoned-jobs.js';
import { parseAnswer, readAnswer } from './answer.js';
import { checkStoredArrays, dropStoredArrays, readStoredArrays, type StoredArrays } from './answer-arrays.js';
import { BROKEN_DATA, NO_DATA } from './data-reader.js';
import { StoredData } from './data-store.js';
import type { Handles } from './handles.js';
import { ANSWERS_KEPT, MOST_DEATHS } from './limits.js';
import type { Place } from './place.js';
import { haltOf, mendKeys, newsSince, type State, standings, statesOf } from './scripts.js';

/** The jobs of a run. */
export interface Asked<T> {
  readonly task: string;
  readonly jobs: readonly T[];
  readonly data: Dataset | undefined;
  readonly place: Place | undefined;
  readonly attempts: number;
}

/** Jobs that are added or looked up in one round trip. */
const AT_A_TIME = 500;
/** Jobs that one script looks for in the queue's lists. */
const MOST_LOOKED_AFTER = 10_000;
/** The shortest pause between two looks at all jobs, in milliseconds; and the shortest as a multiple of the look's own duration. */
const LOOK = 500;
const PAUSE = 20;
/** How often a job may be lost from the queue before the run gives it up. */
const MOST_LOST = 100;
/** How often a job or its data may be written again because no worker could use them. Each time takes seconds to minutes. */
const MOST_REWRITES = 5;
/** BullMQ fails a job that has stalled more than MOST_DEATHS times when the next worker takes it. If it stalls even then, BullMQ cannot end it. */
const MOST_STALLED = MOST_DEATHS + 2;
/** The suffixes of the other keys of a job. */
const PARTS = ['lock', 'logs', 'dependencies', 'processed', 'failed', 'unsuccessful'];
/** How often in a row Redis may refuse to report the jobs' states. */
const MOST_REFUSED = 20;
/** Refusals that are temporary, such as after a start. */
const PASSING = /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|UNBLOCKED)/;
/** Milliseconds between two looks at the queue's events. */
const NEWS = 25;
/** The most bytes of an answer without its large arrays. */
const MOST_ANSWER = 2 ** 20;
const STALLS = `its workers lost it more than ${MOST_STALLED} times, which BullMQ cannot end`;
const UNLOCKED = 'it is active, but no worker holds its lock';

/** Adds the jobs of a run to the queue, and waits for their answers. */
export class Answers<T, R> {
  readonly outcomes: readonly Promise<Outcome<R>>[];
  readonly #handles: Handles;
  readonly #asked: Asked<T>;
  readonly #tell: ((outcome: Outcome<R>) => void)[] = [];
  /** The indices of each job that has no answer yet: several if the run contains the same job several times. */
  readonly #open = new Map<string, number[]>();
  /** The size of each job in the queue, in bytes. */
  readonly #lengths = new Map<string, number>();
  readonly #lost = new Map<string, number>();
  readonly #rewrites = new Map<string, number>();
  #stored: StoredData | undefined;
  #beginning: Promise<void> | undefined;
  #leaving: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #newsTimer: ReturnType<typeof setTimeout> | undefined;
  /** The last event that was read. */
  #last = '';
  #refused = 0;
  /** Jobs whose answer is being read. */
  readonly #taking = new Set<string>();
  /** Since when no worker can take jobs. */
  #halted: number | undefined;
  readonly #idle: number;
  readonly #abandoned: AbandonedJobs;

  constructor(handles: Handles, asked: Asked<T>, idle = IDLE) {
    this.#handles = handles;
    this.#asked = asked;
    this.#idle = idle;
    this.#abandoned = new AbandonedJobs(asked.attempts, idle);
    this.outcomes = asked.jobs.map((_, index) => new Promise((resolve) => (this.#tell[index] = resolve)));
  }

  /** Stores the data, and adds the jobs that are not in the queue yet or have failed there. */
  begin(): Promise<void> {
    this.#beginning ??= this.#begin().catch((error: Error) => {
      throw error.name === 'ReplyError' ? refusal(error) : error;
    });
    return this.#beginning;
  }

  /** Stops waiting and removes the jobs; a worker that has begun one stops. Another coordinator that waits for the same job adds it again. */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  async #begin(): Promise<void> {
    const { client, queue } = this.#handles;
    const { jobs, data, place } = this.#asked;
    await mendKeys(client, queue.toKey(''));
    if (data) this.#stored = await StoredData.store(client, queue.name, data, place);
    for (const index of jobs.keys()) {
      if (this.#leaving) return;
      const text = textOf(this.#messageOf(index));
      const id = hashOf(text);
      this.#lengths.set(id, Buffer.byteLength(text));
      this.#open.set(id, [...(this.#open.get(id) ?? []), index]);
      if (index % 16 === 15) await turn();
    }
    await this.#readNews();
    await this.#processJobs([...this.#open.keys()], true);
    this.#lookLater(LOOK);
    this.#hearLater();
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#newsTimer);
    // Wait for jobs that are being added, to remove them too.
    await this.#beginning?.catch(() => {});
    const { client, queue } = this.#handles;
    const ids = [...this.#open.keys()];
    for (let from = 0; from < ids.length; from += AT_A_TIME) {
      const part = ids.slice(from, from + AT_A_TIME);
      const keys = part.map((id) => queue.toKey(id));
      const states = await statesOf(client, keys).catch(() => []);
      // Leave successful results, for whoever asks again.
      const isDone = (state?: State): boolean => typeof state === 'object' && state.finished && state.size > 0;
      await Promise.allSettled(part.filter((_, i) => !isDone(states[i])).map((id) => this.#removeFromQueue(id)));
    }
  }

  /** Removes a job. A locked job cannot be removed; deleting its lock also stops its worker. */
  async #removeFromQueue(id: string): Promise<void> {
    const { client, queue } = this.#handles;
    if ((await queue.remove(id)) === 1) return;
    await client.del(`${queue.toKey(id)}:lock`);
    await queue.remove(id);
  }

  #messageOf(index: number): JobMessage {
    return message(this.#asked.task, this.#asked.jobs[index], this.#stored?.reference);
  }

  #hearLater(): void {
    if (this.#leaving || this.#open.size === 0) return;
    this.#newsTimer = setTimeout(async () => {
      // If Redis is unavailable, or the events are not a stream, the next look will notice.
      await this.#readNews().catch(() => {});
      this.#hearLater();
    }, NEWS);
  }

  async #readNews(): Promise<void> {
    const { client, queue } = this.#handles;
    const [last, ids] = await newsSince(client, queue.toKey(''), this.#last);
    this.#last = last;
    await this.#processJobs([...new Set(ids)].filter((id) => this.#open.has(id)));
  }

  #lookLater(wait: number): void {
    if (this.#leaving || this.#open.size === 0) return;
    this.#timer = setTimeout(async () => {
      const begin = performance.now();
      await this.#look();
      this.#lookLater(Math.max(LOOK, PAUSE * (performance.now() - begin)));
    }, wait);
  }

  async #look(): Promise<void> {
    try {
      const { client, queue } = this.#handles;
      await mendKeys(client, queue.toKey(''));
      await this.#stored?.keep();
      const waiting = await this.#processJobs([...this.#open.keys()]);
      if (waiting.length > 0) await this.#restoreAbandoned(waiting);
      this.#refused = 0;
    } catch (error) {
      const { name, message: text } = error as Error;
      // Redis is unavailable: the next look will catch up.
      if (name !== 'ReplyError' || PASSING.test(text) || ++this.#refused < MOST_REFUSED) return;
      for (const id of this.#open.keys()) this.#end(id, { error: refusal(error as Error) });
    }
  }

  /** Takes the answers of finished jobs, adds missing jobs again, and returns the names of the others. With `anew`, jobs that have failed are retried. */
  async #processJobs(ids: readonly string[], anew = false): Promise<string[]> {
    const { client, queue } = this.#handles;
    const waiting: string[] = [];
    for (let from = 0; from < ids.length && !this.#leaving; from += AT_A_TIME) {
      const part = ids.slice(from, from + AT_A_TIME).filter((id) => this.#open.has(id));
      if (part.length === 0) continue;
      const missing: string[] = [];
      for (const [i, state] of (
        await statesOf(
          client,
          part.map((id) => queue.toKey(id)),
        )
      ).entries()) {
        const id = part[i] as string;
        if (state === 'missing') missing.push(id);
        else if (state === 'broken') await this.#remove(id, missing);
        else if (!state.finished && state.length !== this.#lengths.get(id)) await this.#remove(id, missing);
        else if (!state.finished && state.stalled > MOST_STALLED) await this.#again(id, STALLS, missing);
        else if (!state.finished) waiting.push(id);
        else if (state.size > 0) await this.#takeAnswer(id, state.size, missing);
        else if (state.failedReason === null || anew) await this.#remove(id, missing);
        else await this.#fail(id, state.failedReason, missing);
      }
      if (anew) await this.#add(missing);
      else await this.#addAgain(missing);
    }
    return waiting;
  }

  /** Adds jobs again that are where no worker will ever take them, and gives up if the queue gives no jobs to workers. */
  async #restoreAbandoned(ids: readonly string[]): Promise<void> {
    const { client, queue } = this.#handles;
    const prefix = queue.toKey('');
    const halt = await haltOf(client, prefix);
    const now = performance.now();
    this.#halted = halt === undefined ? undefined : (this.#halted ?? now);
    const stopped = this.#halted !== undefined && now - this.#halted > this.#idle;
    const again: string[] = [];
    for (let from = 0; from < ids.length; from += MOST_LOOKED_AFTER) {
      const part = ids.slice(from, from + MOST_LOOKED_AFTER);
      for (const [i, standing] of (await standings(client, prefix, part)).entries()) {
        const id = part[i] as string;
        if (!this.#open.has(id)) continue;
        if (this.#abandoned.has(id, standing, now)) {
          if (standing.milliseconds === -2) await this.#again(id, UNLOCKED, again);
          else await this.#remove(id, again);
        } else if (stopped && standing.at !== 'active' && standing.at !== 'ended') {
          const { what, cure } = halt as NonNullable<typeof halt>;
          const advice = `undo that, for example with new Queue(${show(queue.name)}).${cure}() of BullMQ, and run again`;
          this.#end(id, { error: this.#error(id, `the queue ${show(queue.name)} is ${what}: ${advice}`) });
        }
      }
    }
    await this.#addAgain(again);
  }

  /** Removes the remains of a job, which is to be added again. */
  async #remove(id: string, missing: string[]): Promise<void> {
    const { client, queue } = this.#handles;
    const key = queue.toKey(id);
    await this.#removeFromQueue(id).catch(() => client.call('DEL', [key, ...PARTS.map((part) => `${key}:${part}`)]));
    this.#abandoned.forget(id);
    missing.push(id);
  }

  /** Removes a job to add it again, unless that has been in vain too often. */
  async #again(id: string, what: string, missing: string[]): Promise<void> {
    const count = (this.#rewrites.get(id) ?? 0) + 1;
    this.#rewrites.set(id, count);
    if (count <= MOST_REWRITES) return this.#remove(id, missing);
    const advice = `It was written again ${MOST_REWRITES} times. Check who else writes to this Redis, and whether its workers are alive`;
    this.#end(id, { error: this.#error(id, `${what}. ${advice}`) });
  }

  async #addAgain(ids: readonly string[]): Promise<void> {
    const again = ids.filter((id) => {
      const lost = (this.#lost.get(id) ?? 0) + 1;
      this.#lost.set(id, lost);
      if (lost > MOST_LOST) this.#end(id, { error: this.#error(id, `it was lost from the queue ${lost} times`) });
      return lost <= MOST_LOST;
    });
    if (again.length === 0) return;
    await this.#stored?.keep();
    await this.#add(again);
  }

  /** Adds jobs. A job that is already in the queue stays as it is. */
  async #add(ids: readonly string[]): Promise<void> {
    const { task, attempts } = this.#asked;
    const jobs = ids
      .filter((id) => this.#open.has(id))
      .map((id) => ({
        name: task,
        data: this.#messageOf((this.#open.get(id) as number[])[0] as number),
        opts: {
          jobId: id,
          attempts,
          backoff: { type: 'exponential', delay: BACKOFF },
          removeOnComplete: { age: ANSWERS_KEPT },
          removeOnFail: { age: ANSWERS_KEPT },
        },
      }));
    if (jobs.length > 0 && !this.#leaving) await this.#handles.queue.addBulk(jobs);
  }

  async #takeAnswer(id: string, size: number, missing: string[]): Promise<void> {
    if (this.#taking.has(id)) return;
    this.#taking.add(id);
    const { client, queue } = this.#handles;
    const { task, jobs, data } = this.#asked;
    let apart: StoredArrays | undefined;
    try {
      if (size > MOST_ANSWER) throw new SimdenseError('FORMAT', `the answer has more than ${MOST_ANSWER} bytes`);
      const text = await client.hget(queue.toKey(id), 'returnvalue');
      const [index] = this.#open.get(id) ?? [];
      // The answer has disappeared or been taken meanwhile.
      if (text === null || index === undefined) return;
      const written = parseAnswer(text);
      if (written.apart !== undefined) apart = checkStoredArrays(written.apart, mostBytes(task, jobs[index], data));
      const arrays = apart ? await readStoredArrays(client, queue.name, id, apart) : [];
      if (!arrays) return await this.#remove(id, missing);
      const answer = readAnswer<R>(written, arrays, task, jobs[index], data);
      this.#end(id, 'error' in answer ? { error: this.#told(id, answer.error) } : answer);
    } catch (error) {
      if (!(error instanceof SimdenseError)) throw error;
      // Remove it, so that the next run repeats it.
      await this.#removeFromQueue(id).catch(() => {});
      if (apart) await dropStoredArrays(client, queue.name, id, apart).catch(() => {});
      const advice =
        'It has been removed from the queue. Run again to repeat it, and check who can write to this Redis';
      this.#end(id, { error: this.#error(id, `${error.message}. ${advice}`, error) });
    } finally {
      this.#taking.delete(id);
    }
  }

  /** Handles a job that BullMQ says no worker could run. */
  async #fail(id: string, reason: string, missing: string[]): Promise<void> {
    // Data that were lost from Redis are stored again; then the job can run.
    if (this.#stored && !this.#asked.place && reason.startsWith(NO_DATA)) return this.#remove(id, missing);
    if (this.#stored && !this.#asked.place && reason.startsWith(BROKEN_DATA)) {
      await this.#stored.renew();
      return this.#again(id, plainText(reason), missing);
    }
    // Somebody else has written one of the job's other keys.
    if (/^WRONGTYPE/.test(reason)) return this.#again(id, `Redis refuses its worker (${plainText(reason)})`, missing);
    const stalled = /stalled more than allowable limit/.test(reason)
      ? '. Its workers died, or blocked their event loop for longer than lockDuration'
      : '';
    this.#end(id, { error: this.#error(id, `no worker could run it: ${plainText(reason)}${stalled}`) });
  }

  /** A worker's error for the caller. An error without a code did not come from the training run but from the worker. */
  #told(id: string, error: Error): Error {
    if (error instanceof SimdenseError) return happenedIn(error, this.#placeOf(id));
    return this.#error(id, `its worker failed with an error that does not come from simdense: ${error.message}`, error);
  }

  #error(id: string, what: string, cause?: Error): SimdenseError {
    const text = `${this.#placeOf(id)}: ${what}`;
    return new SimdenseError(cause instanceof SimdenseError ? cause.code : 'UNREACHABLE', text, cause && { cause });
  }

  #placeOf(id: string): string {
    const [index = 0] = this.#open.get(id) ?? [];
    return `bullmq: training run ${index} (job ${id.slice(0, 12)}…)`;
  }

  #end(id: string, outcome: { readonly result: R } | { readonly error: Error }): void {
    for (const index of this.#open.get(id) ?? []) this.#tell[index]?.({ index, ...outcome });
    this.#open.delete(id);
  }
}

/** The error for a command that Redis refuses: a value of the wrong type, no memory, no permission. */
function refusal(error: Error): SimdenseError {
  // Not the error itself: its text is not escaped.
  const text = plainText(error.message);
  return new SimdenseError('UNREACHABLE', `bullmq: Redis refuses (${text})`, { cause: new Error(text) });
}
