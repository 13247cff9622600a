// StatusError ⇄ gRPC status: the one place that knows both.
import { Metadata, status } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';
import { StatusError } from '../api/status-error.ts';
import type { StatusReason } from '../api/status-error.ts';

const codeOfReason: Partial<Record<StatusReason, status>> = {
  BadRequest: status.INVALID_ARGUMENT,
  Invalid: status.INVALID_ARGUMENT,
  Unauthorized: status.UNAUTHENTICATED,
  Forbidden: status.PERMISSION_DENIED,
  NotFound: status.NOT_FOUND,
  AlreadyExists: status.ALREADY_EXISTS,
  Conflict: status.ABORTED,
  TooManyRequests: status.RESOURCE_EXHAUSTED,
  ServiceUnavailable: status.UNAVAILABLE,
  Timeout: status.DEADLINE_EXCEEDED,
};

const reasonOfCode = new Map<number, StatusReason>([
  [status.INVALID_ARGUMENT, 'BadRequest'],
  [status.UNAUTHENTICATED, 'Unauthorized'],
  [status.PERMISSION_DENIED, 'Forbidden'],
  [status.NOT_FOUND, 'NotFound'],
  [status.ALREADY_EXISTS, 'AlreadyExists'],
  [status.ABORTED, 'Conflict'],
  [status.RESOURCE_EXHAUSTED, 'TooManyRequests'],
  [status.UNAVAILABLE, 'ServiceUnavailable'],
  [status.DEADLINE_EXCEEDED, 'Timeout'],
]);

/** What a gRPC handler ends its call with. */
export function toServiceError(error: unknown): ServiceError {
  const known = StatusError.from(error);
  return Object.assign(new Error(known.message), {
    code: codeOfReason[known.reason] ?? status.INTERNAL,
    details: known.message,
    metadata: new Metadata(),
  });
}

/** What a failed call rejects with on the caller's side. */
export function fromServiceError(error: unknown): StatusError {
  if (!isServiceError(error)) return StatusError.from(error);
  const reason = reasonOfCode.get(error.code) ?? 'InternalError';
  return new StatusError(reason, error.details, undefined, { cause: error });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && 'details' in error;
}
