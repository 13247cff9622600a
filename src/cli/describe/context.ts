// What a description of one kind may draw upon.
import type { ApiObject } from '../../api/object.ts';

export interface DescribeContext {
  /** Ages are counted from it. */
  readonly nowMs: number;
  /** Replica sets and deployments that belong to a workload, pods on a node. */
  readonly related: readonly ApiObject[];
}

/** The blocks between identity and conditions. */
export type DescribeKind = (object: ApiObject, context: DescribeContext) => readonly string[];
