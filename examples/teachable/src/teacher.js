// What learns: the first examples of two classes at once, each one after that by itself.
import { classifier } from 'simdense/classifier';

export class Teacher {
  /** The examples before there are two classes. */
  #waiting = [];
  #head;
  #fitting;
  /** How many examples of each label it has learnt. */
  counts = new Map();

  /** Whether it can tell classes apart. */
  get ready() {
    return this.#head !== undefined;
  }

  async teach(features, label) {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    if (this.#head) return this.#head.learn(features, [label]);
    this.#waiting.push([features, label]);
    if (this.counts.size < 2 || this.#fitting) return this.#fitting;
    this.#fitting = this.#fit();
    return this.#fitting;
  }

  async #fit() {
    const first = this.#waiting.splice(0);
    const head = await classifier(
      first.map(([features]) => features),
      first.map(([, label]) => label),
      { keep: 500 },
    );
    // What has come in the meantime.
    for (const [features, label] of this.#waiting.splice(0)) head.learn(features, [label]);
    this.#head = head;
  }

  /** The probability of each label; none before it is ready. */
  probabilities(features) {
    if (!this.#head) return new Map();
    const [row] = this.#head.probabilities(features).toArrays();
    return new Map(this.#head.classes.map((label, i) => [label, row[i]]));
  }

  /** The file, without the examples: loadPredictor of simdense/predict reads it. */
  save() {
    return this.#head?.save({ keptRows: false });
  }

  dispose() {
    this.#head?.dispose();
  }
}
