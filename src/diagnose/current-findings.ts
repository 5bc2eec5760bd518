import type { Finding } from './finding.js';
import { ranked } from './ranking.js';

/** The findings that hold now. The result of a rule stays until the rule is applied again. */
export class CurrentFindings {
  readonly #judgements = new Map<string, readonly Finding[]>();
  #changed = false;

  /** Replaces the findings of a rule. */
  replace(rule: string, found: readonly Finding[]): void {
    const before = this.#judgements.get(rule) ?? [];
    if (found.length === 0 && before.length === 0) return;
    this.#judgements.set(rule, found);
    this.#changed = true;
  }

  /** The last findings of a rule. */
  of(rule: string): readonly Finding[] {
    return this.#judgements.get(rule) ?? [];
  }

  /** All findings by rank, if they have changed since the last call. */
  take(): Finding[] | undefined {
    if (!this.#changed) return undefined;
    this.#changed = false;
    return ranked([...this.#judgements.values()].flat());
  }
}
