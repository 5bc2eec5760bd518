import type { Finding } from './finding.js';
import { ranked } from './ranking.js';

/** What is true now of a run: each rule's last judgement stands until the rule is asked again. */
export class CurrentFindings {
  readonly #judgements = new Map<string, readonly Finding[]>();
  #changed = false;

  /** Replaces what this rule has found. */
  judge(rule: string, found: readonly Finding[]): void {
    const before = this.#judgements.get(rule) ?? [];
    if (found.length === 0 && before.length === 0) return;
    this.#judgements.set(rule, found);
    this.#changed = true;
  }

  /** What this rule has found last. */
  of(rule: string): readonly Finding[] {
    return this.#judgements.get(rule) ?? [];
  }

  /** All findings by rank, where they are others than when they were last asked for. */
  take(): Finding[] | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return ranked([...this.#judgements.values()].flat());
  }
}
