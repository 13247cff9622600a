// What a description of one kind may draw upon.
import type { ApiObject } from '../../api/object.ts';
import type { Field } from './text.ts';

export interface DescribeContext {
  /** Ages are counted from it. */
  readonly nowMs: number;
  /** Replica sets and deployments that belong to a workload, pods on a node. */
  readonly related: readonly ApiObject[];
}

export interface Description {
  /** Shown below those that every object has. */
  readonly facts: readonly Field[];
  /** Shown between the facts and the conditions. */
  readonly blocks: readonly string[];
}

export type DescribeKind = (object: ApiObject, context: DescribeContext) => Description;
