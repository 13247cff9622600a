// Hierarchical weighted dominant resource fairness: who is furthest below its share comes first.
// After Ghodsi et al., "Dominant Resource Fairness" (NSDI 2011); siblings compete with siblings only, as in Mesos' sorters.
import type { Scalars } from '../../api/resources.ts';
import type { Sharer, Totals } from './state.ts';

const stale = -1;

export function createSharer(key: string, parent: Sharer | undefined): Sharer {
  const sharer: Sharer = {
    key,
    parent,
    children: [],
    sortedAt: stale,
    weight: 1,
    held: {},
    share: 0,
    allocations: 0,
    active: 0,
    subject: undefined,
  };
  if (parent) {
    parent.children.push(sharer);
    parent.sortedAt = stale;
  }
  return sharer;
}

/** Takes a sharer out of the tree. It must hold nothing and be inactive. */
export function detach(sharer: Sharer): void {
  const siblings = sharer.parent?.children;
  siblings?.splice(siblings.indexOf(sharer), 1);
}

/** Children, lowest share first; equal shares: fewest allocations, then key. */
export function inOrder(sharer: Sharer, totals: Totals): readonly Sharer[] {
  if (sharer.sortedAt !== totals.version) {
    for (const child of sharer.children) child.share = weightedShare(child, totals);
    sharer.children.sort(compareSharers);
    sharer.sortedAt = totals.version;
  }
  return sharer.children;
}

/** Adds to what the leaf and everything above it hold; counts as an allocation. */
export function charge(leaf: Sharer, amounts: Scalars, totals: Totals): void {
  change(leaf, amounts, 1, totals);
}

/** The inverse of `charge`; allocations stay counted. */
export function release(leaf: Sharer, amounts: Scalars, totals: Totals): void {
  change(leaf, amounts, -1, totals);
}

/** Says whether a leaf wants offers; subtrees without any are passed over. */
export function setActive(leaf: Sharer, active: boolean): void {
  const step = Number(active) - leaf.active;
  if (step === 0) return;
  for (let sharer: Sharer | undefined = leaf; sharer; sharer = sharer.parent) sharer.active += step;
}

export function setWeight(sharer: Sharer, weight: number): void {
  sharer.weight = weight;
  if (sharer.parent) sharer.parent.sortedAt = stale;
}

/** max over scalars of held / total: 0 for nothing, 1 for all of something. */
export function dominantShare(held: Scalars, totals: Totals): number {
  let share = 0;
  for (const name in held) {
    const total = totals.scalars[name] ?? 0;
    if (total > 0 && !totals.excluded.has(name)) share = Math.max(share, (held[name] ?? 0) / total);
  }
  return share;
}

/** Which of two leaves of one tree comes first: decided among their ancestors that are siblings. */
export function compareLeaves(a: Sharer, b: Sharer, totals: Totals): number {
  const pathA = pathOf(a);
  const pathB = pathOf(b);
  const fork = pathA.findIndex((sharer, depth) => sharer !== pathB[depth]);
  const [forkA, forkB] = [pathA[fork], pathB[fork]];
  if (!forkA?.parent || !forkB) return 0;
  inOrder(forkA.parent, totals);
  return compareSharers(forkA, forkB);
}

function compareSharers(a: Sharer, b: Sharer): number {
  return a.share - b.share || a.allocations - b.allocations || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

function weightedShare(sharer: Sharer, totals: Totals): number {
  return dominantShare(sharer.held, totals) / sharer.weight;
}

function change(leaf: Sharer, amounts: Scalars, sign: 1 | -1, totals: Totals): void {
  for (let sharer: Sharer | undefined = leaf; sharer; sharer = sharer.parent) {
    const siblings = sharer.parent?.sortedAt === totals.version ? sharer.parent.children : undefined;
    siblings?.splice(positionOf(siblings, sharer), 1);
    const held: Record<string, number> = sharer.held;
    for (const name in amounts) held[name] = (held[name] ?? 0) + sign * (amounts[name] ?? 0);
    if (sign > 0) sharer.allocations++;
    sharer.share = weightedShare(sharer, totals);
    siblings?.splice(positionOf(siblings, sharer), 0, sharer);
  }
}

/** Where the sharer stands, or would stand, in an ordered list. */
function positionOf(ordered: readonly Sharer[], sharer: Sharer): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = ordered[middle];
    if (other && compareSharers(other, sharer) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pathOf(leaf: Sharer): readonly Sharer[] {
  const path: Sharer[] = [];
  for (let sharer: Sharer | undefined = leaf; sharer; sharer = sharer.parent) path.unshift(sharer);
  return path;
}
