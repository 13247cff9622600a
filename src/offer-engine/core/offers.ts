// The life of an offer: outstanding, then exactly one of accepted, declined, rescinded.
import type { Resources } from '../../api/resources.ts';
import { dropOffer, holdOffer } from './holdings.ts';
import type { Agent, EngineState, Offer, OfferState, Subject } from './state.ts';
import type { Work } from './work.ts';

/** Promises resources of the agent, which must be free there, to the subject. */
export function makeOffer(state: EngineState, subject: Subject, agent: Agent, resources: Resources, work: Work): void {
  state.offersMade++;
  const offer: Offer = {
    id: `O${state.offersMade}`,
    agent: agent.id,
    framework: subject.framework.id,
    role: subject.role.path,
    resources,
    state: 'outstanding',
  };
  holdOffer(state, subject, agent, offer);
  const made = work.made.get(offer.framework);
  if (made) made.push(offer);
  else work.made.set(offer.framework, [offer]);
}

/** Ends an offer and returns its resources to the agent. Throws when it has ended before: the books would be wrong. */
export function closeOffer(state: EngineState, offer: Offer, to: Exclude<OfferState, 'outstanding'>, work: Work): void {
  if (offer.state !== 'outstanding') throw new Error(`offer ${offer.id} is ${offer.state} and cannot become ${to}`);
  const { agent, subject } = partiesOf(state, offer);
  offer.state = to;
  dropOffer(state, subject, agent, offer, work);
}

/** Takes an offer back and tells the framework. */
export function rescindOffer(state: EngineState, offer: Offer, work: Work): void {
  closeOffer(state, offer, 'rescinded', work);
  work.effects.push({ type: 'rescinded', framework: offer.framework, offer: offer.id });
}

export function partiesOf(
  state: EngineState,
  held: { readonly agent: string; readonly framework: string; readonly role: string },
): { readonly agent: Agent; readonly subject: Subject } {
  const agent = state.agents.get(held.agent);
  const subject = state.frameworks.get(held.framework)?.subjects.get(held.role);
  if (!agent || !subject)
    throw new Error(
      `something is held on agent ${held.agent} by framework ${held.framework} in role ${held.role}, one of which is unknown`,
    );
  return { agent, subject };
}
