// Histories by hand, for the tests of the checker: each call adds what a client or observer would have written down.
// Times are whole numbers; a call takes from one to the next unless it says otherwise.
import { historyOf, type History } from '../history/history.ts';
import type { AnswerLine, InvokeLine, Item, Line, Version } from '../history/lines.ts';

export interface Answered extends Partial<Pick<AnswerLine, 'outcome' | 'refusal' | 'rv' | 'stale' | 'broken'>> {
  readonly from?: number;
  readonly to?: number;
}

export const version = (tag: string, count: number, rv: number): Version => ({ tag, count, rv });
export const item = (key: string, tag: string, count: number, rv: number): Item => ({ key, tag, count, rv });

export class ScriptedHistory {
  readonly #lines: Line[] = [];
  #now = 0;

  #call(invoke: Partial<InvokeLine> & Pick<InvokeLine, 'op' | 'key'>, answer: Answered & Partial<AnswerLine>): this {
    const from = answer.from ?? ++this.#now;
    const to = answer.to ?? ++this.#now;
    const id = `op-${String(this.#lines.length)}`;
    this.#now = Math.max(this.#now, from);
    this.#lines.push({ line: 'invoke', at: from, id, server: 's1', ...invoke });
    if (answer.outcome !== 'unknown' || answer.broken === true)
      this.#lines.push({ line: 'answer', id, outcome: 'ok', ...answer, at: to });
    return this;
  }

  create(key: string, tag: string, answer: Answered = {}): this {
    return this.#call({ op: 'create', key, tag, count: 0 }, answer);
  }

  update(key: string, expect: Version, tag: string, answer: Answered = {}): this {
    return this.#call({ op: 'update', key, tag, count: expect.count + 1, expect }, answer);
  }

  delete(key: string, expect: Version, answer: Answered = {}): this {
    return this.#call({ op: 'delete', key, expect }, answer);
  }

  /** A read; `seen` undefined: the key is absent. */
  get(key: string, seen: Version | undefined, answer: Answered = {}): this {
    return this.#call({ op: 'get', key }, { ...answer, items: seen ? [{ key, ...seen }] : [] });
  }

  list(items: readonly Item[], answer: Answered = {}): this {
    return this.#call({ op: 'list', key: '' }, { ...answer, items });
  }

  add(...lines: Line[]): this {
    this.#lines.push(...lines);
    return this;
  }

  final(items: readonly Item[], server = 's1'): this {
    return this.add({ line: 'final', at: ++this.#now, server, rv: 1000, items });
  }

  history(): History {
    return historyOf(this.#lines);
  }
}
