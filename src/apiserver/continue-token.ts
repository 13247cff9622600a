// The opaque text that a client sends back to get the next page of a list.
import { StatusError } from '../api/status-error.ts';

export interface ContinueToken {
  /** Revision of the first page; 0 goes on with whatever is there now. */
  readonly revision: number;
  /** Key of the last object that was sent. */
  readonly namespace: string;
  readonly name: string;
  /** Which snapshot holds the rest; empty when none does. */
  readonly snapshot: string;
}

export function encodeContinue(token: ContinueToken): string {
  const parts = ['1', token.revision, token.namespace, token.name, token.snapshot];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws BadRequest for what this server did not make. */
export function decodeContinue(text: string): ContinueToken {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isParts(parts)) return { revision: parts[1], namespace: parts[2], name: parts[3], snapshot: parts[4] };
  } catch {
    // Not JSON: refused below like any other foreign text.
  }
  throw new StatusError('BadRequest', 'continue key is not valid: it was not made by this server');
}

function isParts(value: unknown): value is [string, number, string, string, string] {
  const types = ['string', 'number', 'string', 'string', 'string'];
  return Array.isArray(value) && value[0] === '1' && types.every((type, index) => typeof value[index] === type);
}

export type ExpiredContinue = StatusError & { readonly continueToken: string };

/** 410 with a token for the rest as it is now, for callers to whom a complete list matters more than a consistent one. */
export function expiredContinue(token: ContinueToken): ExpiredContinue {
  const error = new StatusError(
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return Object.assign(error, { continueToken: encodeContinue({ ...token, revision: 0, snapshot: '' }) });
}

/** Whether an error carries a token for the rest of a list. */
export function isExpiredContinue(error: StatusError): error is ExpiredContinue {
  return 'continueToken' in error;
}
