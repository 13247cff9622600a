// The tree of roles `a/b/c`: weights for fairness, limits (quota) over whole subtrees.
import type { Resources, Scalars } from '../../api/resources.ts';
import { createSharer, detach, setWeight } from './drf.ts';
import type { EngineState, RoleNode } from './state.ts';

/** No role can have this segment, so the virtual leaf never meets a child of that name. */
const ownKey = '.';

/** Finds the role, creating it and its ancestors where they are missing. */
export function ensureRole(state: EngineState, path: string): RoleNode {
  const known = state.roles.get(path);
  if (known) return known;
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? undefined : ensureRole(state, path.slice(0, slash));
  const sharer = createSharer(path.slice(slash + 1), parent?.sharer ?? state.root);
  const role: RoleNode = {
    path,
    parent,
    sharer,
    own: createSharer(ownKey, sharer),
    limit: undefined,
    configured: false,
  };
  state.roles.set(path, role);
  return role;
}

/** Sets weight and limit as a whole: what is left out returns to 1 and to no limit. */
export function configureRole(
  state: EngineState,
  path: string,
  weight: number | undefined,
  limit: Scalars | undefined,
): RoleNode {
  const role = ensureRole(state, path);
  setWeight(role.sharer, weight ?? 1);
  role.limit = limit;
  role.configured = weight !== undefined || limit !== undefined;
  return role;
}

/** Forgets a role, and then its ancestors, when nothing is below it and nothing is configured. */
export function pruneRole(state: EngineState, role: RoleNode): void {
  const isBare = role.own.children.length === 0 && role.sharer.children.length === 1 && !role.configured;
  if (!isBare) return;
  detach(role.sharer);
  state.roles.delete(role.path);
  if (role.parent) pruneRole(state, role.parent);
}

/** Cuts scalars down to what the limits of the role and of its ancestors leave. Ranges and sets are not limited. */
export function cutToLimits(role: RoleNode, resources: Resources): Resources {
  let cut = resources;
  for (let node: RoleNode | undefined = role; node; node = node.parent) {
    if (node.limit) cut = { ...cut, scalars: cutScalars(cut.scalars, node.limit, node.sharer.held) };
  }
  return cut;
}

function cutScalars(scalars: Scalars, limit: Scalars, held: Scalars): Scalars {
  const cut: Record<string, number> = {};
  for (const name in scalars) {
    const left = name in limit ? (limit[name] ?? 0) - (held[name] ?? 0) : Infinity;
    const amount = Math.min(scalars[name] ?? 0, left);
    if (amount > 0) cut[name] = amount;
  }
  return cut;
}

/** True while the role holds more of something than its limit. */
export function isOverLimit(role: RoleNode): boolean {
  for (const name in role.limit) if ((role.sharer.held[name] ?? 0) > (role.limit[name] ?? 0)) return true;
  return false;
}

/** True when `role` is `ancestor` or lies below it. */
export function isWithinRole(role: string, ancestor: string): boolean {
  return role === ancestor || role.startsWith(`${ancestor}/`);
}
