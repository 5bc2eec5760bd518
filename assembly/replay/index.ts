// Replays the kernel calls of training steps: a build of its own over the memory of the other kernels, which it imports. src/train/replay.ts records the calls.

import { LOSS, PENALTY, call } from '../generated/replay';
import { hits } from './hits';

export { setConstants } from '../generated/replay-math';
export { setPlain } from './small';

/** Words of a call: its kernel, then its arguments. */
const WORDS: usize = 16;
/** Words of a figure that moves: its address, its first value, and what is added to it after each step. */
const MOVE_WORDS: usize = 3;
/** Bytes of the results of a step: the sum of the losses, the penalties, and the rows whose largest output is the right class, as float64. */
const RESULT_BYTES: usize = 24;

/**
 * Runs up to `steps` steps, each of them the `count` calls from `calls` on. Before each step writes `rates` numbers from `values` on to the addresses in `places`. After
 * each step adds to the `moving` numbers that `moves` lists. A last call of `hits` may be at `counted`, or that is 0. Ends where a loss or a penalty is not finite: returns the number of
 * steps before that.
 */
export function replay(
  steps: i32, calls: usize, count: i32, counted: usize, moves: usize, moving: i32, places: usize, rates: i32, values: usize,
  results: usize,
): i32 {
  const end = calls + <usize>count * WORDS * 4;
  const movesEnd = moves + <usize>moving * MOVE_WORDS * 4;
  const placesEnd = places + (<usize>rates << 2);
  for (let at = moves; at < movesEnd; at += MOVE_WORDS * 4) store<u32>(load<u32>(at), load<u32>(at, 4));
  for (let step = 0; step < steps; step++, results += RESULT_BYTES) {
    for (let at = places; at < placesEnd; at += 4, values += 4) store<u32>(load<u32>(at), load<u32>(values));
    store<f64>(results, 0, 8);
    for (let at = calls; at < end; at += WORDS * 4) {
      const kernel = load<i32>(at), result = call(kernel, at + 4);
      if (kernel == LOSS) store<f64>(results, result);
      else if (kernel == PENALTY) store<f64>(results, load<f64>(results, 8) + result, 8);
      else continue;
      if (!isFinite(load<f64>(results) + load<f64>(results, 8))) return step;
    }
    if (counted) {
      store<f64>(results, <f64>hits(load<i32>(counted), load<i32>(counted, 4), load<usize>(counted, 8), load<usize>(counted, 12)), 16);
    }
    for (let at = moves; at < movesEnd; at += MOVE_WORDS * 4) {
      const place = <usize>load<u32>(at);
      store<u32>(place, load<u32>(place) + load<u32>(at, 8));
    }
  }
  return steps;
}
