// What can be special about a kind. A kind that is not special has no file in resources/.
import type { ApiObject } from '../api/object.ts';
import type { UserInfo } from '../api/request.ts';
import type { StatusCause } from '../api/status-error.ts';
import type { Draft } from '../store/store.ts';
import type { ApiDependencies } from './dependencies.ts';

/** What a strategy may see and use while one write is made, inside its transaction. */
export interface WriteContext {
  readonly deps: ApiDependencies;
  readonly draft: Draft;
  /** RFC 3339, whole seconds. */
  readonly time: string;
  readonly user: UserInfo;
  readonly namespace: string;
  readonly dryRun: boolean;
  /** Adds a text for the `Warning` header. */
  warn(text: string): void;
}

/** Every member is optional and takes and returns whole objects; none changes what it is given. */
export interface Strategy {
  /** Brings other spellings of the same meaning into one form, before validation. */
  normalise?(object: ApiObject): ApiObject;
  /** Defaults that are computed, filled in after the schema's own. */
  defaults?(object: ApiObject): ApiObject;
  /** Sets what the server decides at creation. */
  prepareForCreate?(object: ApiObject, context: WriteContext): ApiObject;
  /** Carries over what the server decided, so that a caller who leaves it out does not lose it. */
  prepareForUpdate?(next: ApiObject, live: ApiObject, context: WriteContext): ApiObject;
  /** Rules that the schema cannot say. */
  validate?(object: ApiObject): readonly StatusCause[];
  /** Rules about change: what may not be edited. */
  validateUpdate?(next: ApiObject, live: ApiObject): readonly StatusCause[];
  /** Names what is accepted but not enforced. */
  warnings?(object: ApiObject): readonly string[];
  /** Looks at other objects before the write; throws StatusError to refuse. */
  admit?(next: ApiObject, live: ApiObject | undefined, context: WriteContext): ApiObject;
  /** The same for a write of the status alone. */
  admitStatus?(next: ApiObject, context: WriteContext): ApiObject;
  /** Seconds for which a deleted object stays while it terminates; 0 removes it at once. */
  graceSeconds?(live: ApiObject, asked: number | undefined): number;
  /** Changes the object at the first delete, when it stays: a namespace becomes Terminating. */
  beginDeletion?(object: ApiObject): ApiObject;
  /** Keeps an object that has been deleted, though no finalizer holds it. */
  holdsDeletion?(object: ApiObject): boolean;
  /** Refuses a deletion. */
  admitDelete?(live: ApiObject): void;
  /** A PUT or an apply may create. */
  readonly createOnUpdate?: boolean;
  /** A POST may bring a status: an agent registers its node with one. */
  readonly keepsStatusOnCreate?: boolean;
  /** Another group's shape of the stored object. */
  readonly shape?: Shape;
}

/** Converts between what a client of this group and version sees and what is stored. */
export interface Shape {
  toStored(object: ApiObject): ApiObject;
  fromStored(object: ApiObject): ApiObject;
}
