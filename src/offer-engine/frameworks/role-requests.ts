// Keeps the engine told for which namespaces, and of which nodes, the pod framework wants offers.
import type { OfferEngine } from '../engine.ts';
import { podFrameworkId } from '../registration.ts';
import type { PodBoard } from './pod-board.ts';

export interface RoleRequests {
  /** Tells the engine what changed since the last call; true when there was anything to tell. */
  update(): boolean;
  /** True while offers of the node are wanted for the role. */
  isRequested(role: string, node: string): boolean;
}

/** An offer is worth having as soon as one more pod is allowed on the node: pods need not ask for cpu or memory. */
const minimum = [{ pods: 1000 }];

export function createRoleRequests(board: PodBoard, engine: OfferEngine): RoleRequests {
  const requested = new Map<string, ReadonlySet<string>>();

  const wanted = (): ReadonlyMap<string, Set<string>> => {
    const byRole = new Map<string, Set<string>>();
    for (const podClass of board.classes.values()) {
      const nodes = byRole.get(podClass.role) ?? new Set<string>();
      byRole.set(podClass.role, nodes);
      if (board.findExcess(podClass) !== undefined) continue;
      board.refreshCandidates(podClass);
      for (const node of podClass.candidates) nodes.add(node);
    }
    return byRole;
  };

  const subscribe = (roles: ReadonlySet<string>): void => {
    for (const role of requested.keys()) if (!roles.has(role)) requested.delete(role);
    engine.dispatch({
      type: 'framework-subscribed',
      framework: podFrameworkId,
      name: podFrameworkId,
      roles: [...roles],
      minimum,
      suppressed: true,
    });
  };

  const request = (role: string, nodes: ReadonlySet<string>): boolean => {
    const isFresh = board.freshRoles.has(role) && nodes.size > 0;
    if (!isFresh && isSame(requested.get(role), nodes)) return false;
    requested.set(role, nodes);
    if (nodes.size === 0) {
      engine.dispatch({ type: 'suppressed', framework: podFrameworkId, roles: [role] });
      return true;
    }
    // A new pod may be content with what the older ones refused.
    if (isFresh) engine.dispatch({ type: 'revived', framework: podFrameworkId, roles: [role] });
    engine.dispatch({ type: 'requested', framework: podFrameworkId, role, agents: [...nodes] });
    return true;
  };

  return {
    update() {
      const byRole = wanted();
      const isNew = [...byRole.keys()].some((role) => !requested.has(role));
      if (isNew) subscribe(new Set(byRole.keys()));
      let isChanged = isNew;
      for (const role of new Set([...requested.keys(), ...byRole.keys()])) {
        isChanged = request(role, byRole.get(role) ?? new Set()) || isChanged;
      }
      board.freshRoles.clear();
      return isChanged;
    },
    isRequested: (role, node) => requested.get(role)?.has(node) ?? false,
  };
}

function isSame(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): boolean {
  return a?.size === b.size && [...b].every((item) => a.has(item));
}
