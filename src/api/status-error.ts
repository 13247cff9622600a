// The one error class: a closed set of reasons, made where the fact is known, mapped to HTTP at the edge only.
// Reasons, codes and shapes follow the Kubernetes API conventions (metav1.Status).

const codes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Gone: 410,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  TooManyRequests: 429,
  InternalError: 500,
  ServerTimeout: 500,
  ServiceUnavailable: 503,
  Timeout: 504,
} as const;

export type StatusReason = keyof typeof codes;

export type CauseReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueDuplicate'
  | 'FieldValueNotFound'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid'
  | 'FieldManagerConflict'
  | 'InternalError'
  | 'ResourceVersionTooLarge'
  | 'NamespaceTerminating';

/** One reason within an error. `field` is a path such as `spec.containers[0].image`. */
export interface StatusCause {
  readonly reason: CauseReason;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The resource's plural for 403, 404 and 409; the Kind for 422. */
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** The wire form, `kind: Status`. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export class StatusError extends Error {
  readonly reason: StatusReason;
  readonly details: StatusDetails | undefined;

  constructor(reason: StatusReason, message: string, details?: StatusDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StatusError';
    this.reason = reason;
    this.details = details;
  }

  /** HTTP status code. */
  get code(): number {
    return codes[this.reason];
  }

  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      reason: this.reason,
      ...(this.details ? { details: this.details } : {}),
      code: this.code,
    };
  }

  /** The only place that interprets foreign errors: what is not ours is an internal error, its cause kept for the log. */
  static from(error: unknown): StatusError {
    if (error instanceof StatusError) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new StatusError(
      'InternalError',
      `Internal error occurred: ${text}`,
      { causes: [{ reason: 'InternalError', message: text }] },
      { cause: error },
    );
  }

  /** Rebuilds the error on the client's side of the wire. */
  static fromStatus(status: Partial<Status>, httpCode: number): StatusError {
    const reason = status.reason !== undefined && status.reason in codes ? (status.reason as StatusReason) : undefined;
    return new StatusError(
      reason ?? reasonOfCode(status.code ?? httpCode),
      status.message ?? `the server answered ${String(httpCode)}`,
      status.details,
    );
  }
}

function reasonOfCode(code: number): StatusReason {
  const found = Object.entries(codes).find(([, value]) => value === code);
  return (found?.[0] ?? 'InternalError') as StatusReason;
}

export const notFound = (resource: { group: string; plural: string }, name: string): StatusError =>
  new StatusError('NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name));

export const alreadyExists = (resource: { group: string; plural: string }, name: string): StatusError =>
  new StatusError('AlreadyExists', `${qualified(resource)} "${name}" already exists`, details(resource, name));

/** A lost race on `resourceVersion`, or a failed precondition: `text` says which. */
export const conflict = (resource: { group: string; plural: string }, name: string, text: string): StatusError =>
  new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${text}`,
    details(resource, name),
  );

/** @param type the kind and its group. The message lists every cause, as Kubernetes' does. */
export function invalid(
  type: { group: string; kind: string },
  name: string,
  causes: readonly StatusCause[],
): StatusError {
  const lines = causes.map((cause) => (cause.field === undefined ? cause.message : `${cause.field}: ${cause.message}`));
  const text = lines.length === 1 ? (lines[0] ?? '') : `[${lines.join(', ')}]`;
  const kind = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return new StatusError('Invalid', `${kind} "${name}" is invalid: ${text}`, {
    name,
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.kind,
    causes,
  });
}

function qualified(resource: { group: string; plural: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

function details(resource: { group: string; plural: string }, name: string): StatusDetails {
  return { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural };
}
