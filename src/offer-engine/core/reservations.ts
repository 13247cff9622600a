// Resources that an agent keeps for certain roles. They float: a role's holdings on the agent use up its reservation first.
import { addScalars, remainingScalars, type Scalars } from '../../api/resources.ts';
import { isWithinRole } from './roles.ts';
import type { Agent } from './state.ts';

/** What of the agent's free scalars `role` must not have, because it is kept for other roles. */
export function scalarsWithheld(agent: Agent, reservations: Readonly<Record<string, Scalars>>, role: string): Scalars {
  let withheld: Scalars = {};
  for (const [owner, amounts] of Object.entries(reservations)) {
    if (isWithinRole(role, owner)) continue;
    withheld = addScalars(withheld, remainingScalars(amounts, heldWithin(agent, owner)));
  }
  return withheld;
}

function heldWithin(agent: Agent, owner: string): Scalars {
  let held: Scalars = {};
  for (const holding of [...agent.tasks.values(), ...agent.offers.values()]) {
    if (isWithinRole(holding.role, owner)) held = addScalars(held, holding.resources.scalars);
  }
  return held;
}
