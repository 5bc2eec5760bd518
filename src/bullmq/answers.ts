// Waits for the answers of a run's jobs, whatever becomes of the queue meanwhile: what is missing is added again, and what cannot be an answer is an error.
import { setImmediate as turn } from 'node:timers/promises';
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Dataset } from '../evaluate/dataset.js';
import type { Outcome } from '../evaluate/executor.js';
import { plainText } from '../evaluate/plain-error.js';
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

/** What a run asks for. */
export interface Asked<T> {
  readonly task: string;
  readonly jobs: readonly T[];
  readonly data: Dataset | undefined;
  readonly place: Place | undefined;
  readonly attempts: number;
}

/** Jobs that are added, or asked for, in one round trip. */
const AT_A_TIME = 500;
/** Jobs that one script looks for in the queue's lists. */
const MOST_LOOKED_AFTER = 10_000;
/** Milliseconds between two looks at all jobs, for what was missed; and how many times longer than a look the pause after it is at least. */
const LOOK = 500;
const PAUSE = 20;
/** How often a job may be lost from the queue before it is given up. */
const MOST_LOST = 100;
/** How often a job, or its data, may be written again because no worker could do anything with it. Each time takes seconds to minutes. */
const MOST_FRUITLESS = 5;
/** BullMQ ends a job that has stalled more than MOST_DEATHS times when a worker takes it next. One that stalls yet again cannot be ended so. */
const MOST_STALLED = MOST_DEATHS + 2;
/** Keys of one job, behind its own. */
const PARTS = ['lock', 'logs', 'dependencies', 'processed', 'failed', 'unsuccessful'];
/** How often in a row Redis may refuse a look. */
const MOST_REFUSED = 20;
/** Refusals that pass by themselves, as after a start. */
const PASSING = /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|UNBLOCKED)/;
/** Milliseconds between two looks at what has ended. */
const NEWS = 25;
/** Most bytes of an answer without its large arrays. */
const MOST_ANSWER = 2 ** 20;
const STALLS = `its workers lost it more than ${MOST_STALLED} times, which BullMQ cannot end`;
const UNLOCKED = 'it is active, but no worker holds its lock';

export class Answers<T, R> {
  readonly outcomes: readonly Promise<Outcome<R>>[];
  readonly #handles: Handles;
  readonly #asked: Asked<T>;
  readonly #tell: ((outcome: Outcome<R>) => void)[] = [];
  /** Of each job that is waited for, where it stands among the run's jobs: more than once where these are the same. */
  readonly #open = new Map<string, number[]>();
  /** Bytes of each as it is written. */
  readonly #lengths = new Map<string, number>();
  readonly #lost = new Map<string, number>();
  readonly #fruitless = new Map<string, number>();
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

  /** Stores the data, adds the jobs that are not there yet, and those that have failed again. */
  begin(): Promise<void> {
    this.#beginning ??= this.#begin().catch((error: Error) => {
      throw error.name === 'ReplyError' ? refusal(error) : error;
    });
    return this.#beginning;
  }

  /** Stops waiting, and takes back the jobs: a worker that has begun one stops. Another coordinator that waits for the same adds it again. */
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
    await this.#tend([...this.#open.keys()], true);
    this.#lookLater(LOOK);
    this.#hearLater();
  }

  async #leave(): Promise<void> {
    clearTimeout(this.#timer);
    clearTimeout(this.#newsTimer);
    // What is being added is taken back as well.
    await this.#beginning?.catch(() => {});
    const { client, queue } = this.#handles;
    const ids = [...this.#open.keys()];
    for (let from = 0; from < ids.length; from += AT_A_TIME) {
      const part = ids.slice(from, from + AT_A_TIME);
      const keys = part.map((id) => queue.toKey(id));
      const states = await statesOf(client, keys).catch(() => []);
      // What has ended well is there for whoever asks again.
      const isDone = (state?: State): boolean => typeof state === 'object' && state.finished && state.size > 0;
      await Promise.allSettled(part.filter((_, i) => !isDone(states[i])).map((id) => this.#takeBack(id)));
    }
  }

  /** A worker's lock would keep it, and without its lock the worker stops. */
  async #takeBack(id: string): Promise<void> {
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
      // If Redis is away, or the events are no stream, the next look finds it.
      await this.#readNews().catch(() => {});
      this.#hearLater();
    }, NEWS);
  }

  async #readNews(): Promise<void> {
    const { client, queue } = this.#handles;
    const [last, ids] = await newsSince(client, queue.toKey(''), this.#last);
    this.#last = last;
    await this.#tend([...new Set(ids)].filter((id) => this.#open.has(id)));
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
      const waiting = await this.#tend([...this.#open.keys()]);
      if (waiting.length > 0) await this.#lookAfter(waiting);
      this.#refused = 0;
    } catch (error) {
      const { name, message: text } = error as Error;
      // Redis is away: the next look finds what there is.
      if (name !== 'ReplyError' || PASSING.test(text) || ++this.#refused < MOST_REFUSED) return;
      for (const id of this.#open.keys()) this.#end(id, { error: refusal(error as Error) });
    }
  }

  /** Takes the answers of those that have ended and adds those that are missing; the names of the others. `anew`: those that have failed before are tried again. */
  async #tend(ids: readonly string[], anew = false): Promise<string[]> {
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
        else if (state.size > 0) await this.#take(id, state.size, missing);
        else if (state.failedReason === null || anew) await this.#remove(id, missing);
        else await this.#fail(id, state.failedReason, missing);
      }
      if (anew) await this.#add(missing);
      else await this.#addAgain(missing);
    }
    return waiting;
  }

  /** Adds jobs again that stand where no worker will ever take them, and gives up where none is given to anybody. */
  async #lookAfter(ids: readonly string[]): Promise<void> {
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
        } else if (stopped && standing.at !== 'active') {
          const { what, cure } = halt as NonNullable<typeof halt>;
          const advice = `end that, such as by new Queue(${show(queue.name)}).${cure}() of BullMQ, and run again`;
          this.#end(id, { error: this.#error(id, `the queue ${show(queue.name)} is ${what}: ${advice}`) });
        }
      }
    }
    await this.#addAgain(again);
  }

  /** Removes what is left of a job that is to be added again. */
  async #remove(id: string, missing: string[]): Promise<void> {
    const { client, queue } = this.#handles;
    const key = queue.toKey(id);
    await this.#takeBack(id).catch(() => client.call('DEL', [key, ...PARTS.map((part) => `${key}:${part}`)]));
    this.#abandoned.forget(id);
    missing.push(id);
  }

  /** Removes a job that is to be added again, if that has not come to nothing too often. */
  async #again(id: string, what: string, missing: string[]): Promise<void> {
    const count = (this.#fruitless.get(id) ?? 0) + 1;
    this.#fruitless.set(id, count);
    if (count <= MOST_FRUITLESS) return this.#remove(id, missing);
    const advice = `It was written anew ${MOST_FRUITLESS} times. See who else writes to this Redis, and whether its workers live`;
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

  /** Adding what is there already does nothing. */
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

  async #take(id: string, size: number, missing: string[]): Promise<void> {
    if (this.#taking.has(id)) return;
    this.#taking.add(id);
    const { client, queue } = this.#handles;
    const { task, jobs, data } = this.#asked;
    let apart: StoredArrays | undefined;
    try {
      if (size > MOST_ANSWER) throw new SimdenseError('FORMAT', `the answer is above ${MOST_ANSWER} bytes`);
      const text = await client.hget(queue.toKey(id), 'returnvalue');
      const [index] = this.#open.get(id) ?? [];
      // It has gone, or been taken, meanwhile.
      if (text === null || index === undefined) return;
      const written = parseAnswer(text);
      if (written.apart !== undefined) apart = checkStoredArrays(written.apart, mostBytes(task, jobs[index], data));
      const arrays = apart ? await readStoredArrays(client, queue.name, id, apart) : [];
      if (!arrays) return await this.#remove(id, missing);
      const answer = readAnswer<R>(written, arrays, task, jobs[index], data);
      this.#end(id, 'error' in answer ? { error: this.#told(id, answer.error) } : answer);
    } catch (error) {
      if (!(error instanceof SimdenseError)) throw error;
      // The next run trains it.
      await this.#takeBack(id).catch(() => {});
      if (apart) await dropStoredArrays(client, queue.name, id, apart).catch(() => {});
      const advice =
        'It has been removed from the queue: run again to train it anew, and see who can write to this Redis';
      this.#end(id, { error: this.#error(id, `${error.message}. ${advice}`, error) });
    } finally {
      this.#taking.delete(id);
    }
  }

  /** What BullMQ says of a job that no worker could run. */
  async #fail(id: string, reason: string, missing: string[]): Promise<void> {
    // What was lost from Redis is stored again, and then the job can be run.
    if (this.#stored && !this.#asked.place && reason.startsWith(NO_DATA)) return this.#remove(id, missing);
    if (this.#stored && !this.#asked.place && reason.startsWith(BROKEN_DATA)) {
      await this.#stored.renew();
      return this.#again(id, plainText(reason), missing);
    }
    // A key beside the job has been written by another.
    if (/^WRONGTYPE/.test(reason)) return this.#again(id, `Redis refuses its worker (${plainText(reason)})`, missing);
    const stalled = /stalled more than allowable limit/.test(reason)
      ? '. Its workers died, or blocked their event loop for longer than lockDuration'
      : '';
    this.#end(id, { error: this.#error(id, `no worker could run it: ${plainText(reason)}${stalled}`) });
  }

  /** A worker's error as the caller sees it: without a code it is none of a training, and is told as the worker's. */
  #told(id: string, error: Error): Error {
    if (error instanceof SimdenseError) return error;
    return this.#error(id, `its worker failed, with an error that is none of simdense's: ${error.message}`, error);
  }

  #error(id: string, what: string, cause?: Error): SimdenseError {
    const [index = 0] = this.#open.get(id) ?? [];
    const text = `bullmq: training ${index} (job ${id.slice(0, 12)}…): ${what}`;
    return new SimdenseError(cause instanceof SimdenseError ? cause.code : 'UNREACHABLE', text, cause && { cause });
  }

  #end(id: string, outcome: { readonly result: R } | { readonly error: Error }): void {
    for (const index of this.#open.get(id) ?? []) this.#tell[index]?.({ index, ...outcome });
    this.#open.delete(id);
  }
}

/** What Redis answers to a command: a wrong type where a list should be, no memory, no permission. */
function refusal(error: Error): SimdenseError {
  // Not the error itself: it shows its text as it came.
  const said = plainText(error.message);
  return new SimdenseError('UNREACHABLE', `bullmq: Redis refuses (${said})`, { cause: new Error(said) });
}
