// Adoption and release: what belongs to a controller is what its selector selects and nobody else controls. Pure.
import type { ApiObject } from '../api/object.ts';
import { matchesLabels, type LabelSelector } from '../api/selectors.ts';
import { controllerOf } from './owners.ts';

export interface Claims<T> {
  readonly owned: readonly T[];
  /** Selected, and without a controller. */
  readonly adopt: readonly T[];
  /** Controlled, but no longer selected. */
  readonly release: readonly T[];
}

/** An owner that is being deleted adopts nothing. Terminating objects are neither adopted nor released. */
export function planClaims<T extends ApiObject>(
  owner: ApiObject,
  selector: LabelSelector,
  candidates: readonly T[],
): Claims<T> {
  const owned: T[] = [];
  const adopt: T[] = [];
  const release: T[] = [];
  for (const candidate of candidates) {
    const controller = controllerOf(candidate);
    const selected = matchesLabels(selector, candidate.metadata.labels);
    const settled =
      candidate.metadata.deletionTimestamp !== undefined || owner.metadata.deletionTimestamp !== undefined;
    if (controller?.uid === owner.metadata.uid) {
      if (selected || settled) owned.push(candidate);
      else release.push(candidate);
    } else if (controller === undefined && selected && !settled) adopt.push(candidate);
  }
  return { owned, adopt, release };
}
