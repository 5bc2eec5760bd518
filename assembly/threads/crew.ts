// Threads over one memory, each an instance of this module. The first one forks a job: it writes what is to be done into a few lines of memory,
// last the job's number, on which the others wait. Each thread takes the parts that are its own, the same ones each time, so that what it has in
// its cache stays there; who has finished takes of the others' where there are more. The first thread waits for the last part.
//
// A word that crosses from one core to another costs a tenth of a microsecond and more, so they are laid out to cross seldom: the job's words are
// written by the first thread alone, and each thread claims its parts, and counts those it has finished, in a line of its own.

import { drawTo } from '../random';
import { sumIn } from '../sums';
import * as words from './control';

/** Bytes between words that different threads write. */
const APART: usize = <usize>words.APART << 2;
/** Lines for 64 threads. */
const control = memory.data(67 * 128, 128);

// Addresses of the words that control.ts tells.
const TICKET = control;
const JOB = control + (<usize>words.JOB << 2);
const WORDS = control + (<usize>words.JOB_WORDS << 2);
const SLEEPERS = control + (<usize>words.SLEEPERS << 2);
const FIRST_SLEEPS = control + (<usize>words.FIRST_SLEEPS << 2);
const WAKE = control + (<usize>words.WAKE << 2);
const DISMISSED = control + (<usize>words.DISMISSED << 2);
const ARRIVED = control + (<usize>words.ARRIVED << 2);
/** For each thread, i64: the number of the job of which it has claimed parts, and how many; then an i32, the parts that it has ever finished. */
const CLAIMS = control + (<usize>words.CLAIMS << 2);
const FINISHED: usize = 8;

/** Rounds that a worker looks for a job, near 20 µs, before it sleeps. */
const SEEK: i32 = 200000;
/** Rounds, near a microsecond, after which the first thread takes a part of whoever has not begun its only one. */
const STEAL: i32 = 500;
/** Rounds that the first thread looks for the last part before it lets its host wait, near 50 µs. */
const JOIN: i32 = 30000;
/** Parts a thread: few enough to cost nothing, and the last one is short. */
const PARTS_A_THREAD: i32 = 8;

/** Called by the first thread while parts are missing: waits a little, or throws where a worker is lost. */
// @ts-ignore: decorator
@external('crew', 'wait')
declare function wait(finished: i32): void;

let threads: i32 = 1;
let jobs: i32 = 0;
/** Microseconds from which a job is shared. */
let worth: i64 = 0;

/** The control block, for the engine; see src/engine/threads/crew.ts. */
export function crewControl(): usize {
  return control;
}

/** How many threads there are, this one included, once they have arrived; they share jobs of so many microseconds and more. */
export function setThreads(count: i32, microseconds: i32): void {
  threads = count;
  worth = <i64>microseconds;
}

/** Whether a job of `units`, of which so many take a microsecond, is worth a fork. */
export function splits(units: i32, aMicrosecond: i32): bool {
  return splitsWork(units, aMicrosecond);
}

/** The same of what there may be more of than an i32 holds. */
// @ts-ignore: decorator
@inline
export function splitsWork(work: i64, aMicrosecond: i64): bool {
  return threads > 1 && work >= aMicrosecond * worth;
}

/** How many threads share a job. */
export function crewSize(): i32 {
  return threads;
}

// The words of a job, written before `fork` and read in its parts: by generated code alone, see scripts/generate-threads.mjs.

// @ts-ignore: decorator
@inline
export function put<T>(index: usize, value: T): void {
  store<T>(WORDS + (index << 2), value);
}

// @ts-ignore: decorator
@inline
export function word<T>(index: usize): T {
  return load<T>(WORDS + (index << 2));
}

/** The first unit of a part; of the part after the last, the end. */
export function start(part: i32): i32 {
  return <i32>((<i64>load<i32>(JOB, 4) * <i64>part) / <i64>load<i32>(TICKET));
}

/** The units of a part. */
export function size(part: i32): i32 {
  return start(part + 1) - start(part);
}

/** The floats of a part of lines, of `count` floats in all. */
export function floats(part: i32, count: i32): i32 {
  return min(start(part + 1) << 4, count) - (start(part) << 4);
}

/** Runs the part function of index `part` over all of `units`, of which so many take a microsecond. */
export function fork(part: u32, units: i32, aMicrosecond: i32): void {
  const parts = max(threads, min(threads * PARTS_A_THREAD, units / (aMicrosecond * 2)));
  forkParts(part, units, min(units, parts - (parts % threads)));
}

/** The same in so many parts, at most 65,535. */
export function forkParts(part: u32, units: i32, parts: i32): void {
  const before = finished();
  store<u32>(JOB, part);
  store<i32>(JOB, units, 4);
  atomic.store<i64>(TICKET, (<i64>++jobs << 32) | <i64>parts);
  if (atomic.load<i32>(SLEEPERS)) atomic.notify(TICKET + 4, -1);
  takeParts(jobs, parts, 0, parts > threads);
  let rounds = 0;
  for (let done = finished() - before; done < parts; done = finished() - before) {
    if (++rounds == STEAL) takeParts(jobs, parts, 0, true);
    if (rounds < JOIN) continue;
    rounds = 0;
    wait(done);
  }
}

/** Parts that all threads have ever finished. */
function finished(): i32 {
  let sum = 0;
  for (let at = CLAIMS, end = CLAIMS + <usize>threads * APART; at < end; at += APART) sum += atomic.load<i32>(at + FINISHED);
  return sum;
}

/** Takes thread `own`'s parts of job `number`, then, where it may, those that others have not claimed. */
function takeParts(number: i32, parts: i32, own: i32, ofOthers: bool): void {
  const mine = CLAIMS + <usize>own * APART + FINISHED;
  for (let i = 0, end = ofOthers ? threads : 1; i < end; i++) {
    const whose = own + i < threads ? own + i : own + i - threads;
    const first = (parts * whose) / threads, count = (parts * (whose + 1)) / threads - first;
    for (let n = claim(number, whose, count); n >= 0; n = claim(number, whose, count)) {
      call_indirect<void>(load<u32>(JOB), first + n);
      atomic.store<i32>(mine, load<i32>(mine) + 1);
      if (atomic.load<i32>(FIRST_SLEEPS)) {
        atomic.add<i32>(WAKE, 1);
        atomic.notify(WAKE, 1);
      }
    }
  }
}

/**
 * Claims one of the `count` parts of thread `whose`; −1 where there is none. A job is over only when all its parts are claimed under its number, so
 * whoever is late finds that number and no part, or a later number.
 */
function claim(number: i32, whose: i32, count: i32): i32 {
  const at = CLAIMS + <usize>whose * APART;
  while (true) {
    const before = atomic.load<i64>(at);
    const age = <i32>(before >> 32) - number;
    const n = age < 0 ? 0 : <i32>(before & 0xffffffff);
    if (age > 0 || n >= count) return -1;
    if (atomic.cmpxchg<i64>(at, before, (<i64>number << 32) | <i64>(n + 1)) == before) return n;
  }
}

/**
 * What worker `own` of `count` threads does until the crew is dismissed; `room` is its own, of DRAW_BYTES and SUM_BYTES.
 */
export function serve(own: i32, count: i32, room: usize): void {
  drawTo(room);
  sumIn(room + words.DRAW_BYTES);
  threads = count;
  atomic.add<i32>(ARRIVED, 1);
  let rounds = 0, last = 0;
  while (true) {
    const ticket = atomic.load<i64>(TICKET);
    // After the ticket, whose number changes once more when the crew is dismissed.
    if (atomic.load<i32>(DISMISSED)) return;
    const number = <i32>(ticket >> 32), parts = <i32>ticket;
    if (number != last) {
      takeParts(number, parts, own, parts > count);
      last = number;
      rounds = 0;
    } else if (++rounds >= SEEK) {
      atomic.add<i32>(SLEEPERS, 1);
      atomic.wait<i32>(TICKET + 4, number, -1);
      atomic.sub<i32>(SLEEPERS, 1);
      rounds = 0;
    }
  }
}
