// Threads over one shared memory, each with an instance of this module. The first thread forks a job: it writes the arguments into the control block,
// and last the job's number, for which the others wait. Each thread has its own parts, the same ones each time, so that its data stay in its
// cache; a thread that has finished takes parts of others, if there are more parts than threads. The first thread waits for the last part.
//
// A word that moves from one core to another costs a tenth of a microsecond or more, so the layout keeps such moves few: only the first thread
// writes the job's words, and each thread has its own line to claim its parts and to count those that it has finished.

import { drawTo } from '../random';
import { sumIn } from '../sums';
import * as words from './control';

/** Bytes between words that different threads write. */
const APART: usize = <usize>words.APART << 2;
/** The control block, with lines for 64 threads. */
const control = memory.data(67 * 128, 128);

// Addresses of the words in control.ts.
const TICKET = control;
const JOB = control + (<usize>words.JOB << 2);
const WORDS = control + (<usize>words.JOB_WORDS << 2);
const SLEEPERS = control + (<usize>words.SLEEPERS << 2);
const FIRST_SLEEPS = control + (<usize>words.FIRST_SLEEPS << 2);
const WAKE = control + (<usize>words.WAKE << 2);
const DISMISSED = control + (<usize>words.DISMISSED << 2);
const ARRIVED = control + (<usize>words.ARRIVED << 2);
/** For each thread an i64: the job's number (upper half), and how many of the thread's parts are claimed; then an i32: all parts that it has ever finished. */
const CLAIMS = control + (<usize>words.CLAIMS << 2);
const FINISHED: usize = 8;

/** How often a worker polls for a job before it sleeps: about 20 µs. */
const SEEK: i32 = 200000;
/** How often the first thread polls, about a microsecond, before it takes parts that other threads have not begun. */
const STEAL: i32 = 500;
/** How often the first thread polls for the last part before it calls `wait`: about 50 µs. */
const JOIN: i32 = 30000;
/** The most parts for each thread: few enough to cost nothing, and many enough that the last one is short. */
const PARTS_A_THREAD: i32 = 8;

/** The first thread calls this while parts are missing: it waits a little, or throws if a worker is lost. */
// @ts-ignore: decorator
@external('crew', 'wait')
declare function wait(finished: i32): void;

let threads: i32 = 1;
let jobs: i32 = 0;
/** A job is shared if it takes at least this many microseconds. */
let worth: i64 = 0;

/** The control block, for the engine; see src/engine/threads/crew.ts. */
export function crewControl(): usize {
  return control;
}

/** Sets the number of threads, this one included, once all have arrived. They share jobs that take at least `microseconds`. */
export function setThreads(count: i32, microseconds: i32): void {
  threads = count;
  worth = <i64>microseconds;
}

/** Whether a job of `units` units is worth sharing, if `aMicrosecond` of them take a microsecond. */
export function splits(units: i32, aMicrosecond: i32): bool {
  return splitsWork(units, aMicrosecond);
}

/** The same for amounts that may exceed an i32. */
// @ts-ignore: decorator
@inline
export function splitsWork(work: i64, aMicrosecond: i64): bool {
  return threads > 1 && work >= aMicrosecond * worth;
}

/** The number of threads. */
export function crewSize(): i32 {
  return threads;
}

// A job's arguments, written before `fork` and read in its parts. Only generated code uses these functions: see scripts/generate-threads.mjs.

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

/** The first unit of a part; for the part after the last one, the number of units. */
export function start(part: i32): i32 {
  return <i32>((<i64>load<i32>(JOB, 4) * <i64>part) / <i64>load<i32>(TICKET));
}

/** The number of units of a part. */
export function size(part: i32): i32 {
  return start(part + 1) - start(part);
}

/** The number of floats of a part whose units are lines, out of `count` floats. */
export function floats(part: i32, count: i32): i32 {
  return min(start(part + 1) << 4, count) - (start(part) << 4);
}

/** Runs the part function with index `part` over `units` units, of which `aMicrosecond` take a microsecond. */
export function fork(part: u32, units: i32, aMicrosecond: i32): void {
  const parts = max(threads, min(threads * PARTS_A_THREAD, units / (aMicrosecond * 2)));
  forkParts(part, units, min(units, parts - (parts % threads)));
}

/** The same in `parts` parts, at most 65,535. */
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

/** The number of parts that all threads together have ever finished. */
function finished(): i32 {
  let sum = 0;
  for (let at = CLAIMS, end = CLAIMS + <usize>threads * APART; at < end; at += APART) sum += atomic.load<i32>(at + FINISHED);
  return sum;
}

/** Runs thread `own`'s parts of job `number`; with `ofOthers`, then also parts that other threads have not claimed. */
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
 * Claims one of the `count` parts of thread `whose`, or returns −1 if none is left. A job ends only when all its parts are claimed under its number, so
 * a thread that is late finds either this number and no part left, or a later number.
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

/** The loop of worker `own` of `count` threads, until the crew is dismissed. `room` is the address of its own memory: DRAW_BYTES + SUM_BYTES. */
export function serve(own: i32, count: i32, room: usize): void {
  drawTo(room);
  sumIn(room + words.DRAW_BYTES);
  threads = count;
  atomic.add<i32>(ARRIVED, 1);
  let rounds = 0, last = 0;
  while (true) {
    const ticket = atomic.load<i64>(TICKET);
    // Check this after reading the ticket: dismissing also changes the ticket's number.
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
