// Where a backup can be restored to: what lies there already, its journal, and where its identity is kept.
import type { ClusterIdentity } from '../identity/cluster-identity.ts';
import type { Medium } from '../../store/medium.ts';

export interface RestorePlace {
  /** For messages: `zk://…/tepui`, or the path of a home. */
  readonly description: string;
  readonly medium: Medium;
  /** What is there beside the journal that a restore would replace; undefined: nothing. */
  identityThere(): Promise<string | undefined>;
  /** Replaces the identity. Resolves with what the operator does next, in lines. */
  keepIdentity(identity: ClusterIdentity): Promise<readonly string[]>;
}
