// Measures in interleaved rounds: every task runs once a round, so that other load on the machine affects all alike.
import { Bench } from 'tinybench';

export interface Task {
  readonly name: string;
  /** Number of steps in a call of `run`, by which its time is divided. */
  readonly steps: number;
  run(): void;
}

/** How many calls last about `milliseconds`. The calls that find out also warm up V8's optimising compiler. */
export function stepsFor(step: () => void, milliseconds: number, warmUp = 300): number {
  const begin = performance.now();
  let calls = 0;
  for (; performance.now() - begin < warmUp || calls < 3; calls++) step();
  const again = performance.now();
  const trial = Math.max(3, Math.floor(calls / 4));
  for (let i = 0; i < trial; i++) step();
  return Math.max(1, Math.round((milliseconds * trial) / (performance.now() - again)));
}

/** A task with as many steps as last about `milliseconds`. */
export function repeated(name: string, step: () => void, milliseconds = 4): Task {
  const steps = stepsFor(step, milliseconds);
  return {
    name,
    steps,
    run() {
      for (let i = 0; i < steps; i++) step();
    },
  };
}

/** Median microseconds of a step for each task, over `rounds` rounds. */
export async function interleaved(tasks: readonly Task[], rounds: number): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(tasks.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true });
    for (const { name, run } of tasks) bench.add(name, run);
    await bench.run();
    for (const { name, result } of bench.tasks) {
      if (!('latency' in result)) throw new Error(`${name} did not finish`);
      const steps = tasks.find((task) => task.name === name)!.steps;
      for (const ms of result.latency.samples ?? []) times.get(name)!.push((ms * 1000) / steps);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
