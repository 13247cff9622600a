// What the server found wrong in a manifest, one line a problem, each with the place in the file.
import type { StatusError } from '../api/status-error.ts';
import type { Manifest } from './manifests.ts';

const strictDecoding = 'strict decoding error: ';

/** Lines such as `app.yaml:17:11: unknown field "spec.containers[0].imagee", did you mean "image"?`. */
export function describeProblems(manifest: Manifest, error: StatusError): string[] {
  const decoding = error.message.indexOf(strictDecoding);
  if (decoding >= 0) {
    return splitDecoding(error.message.slice(decoding + strictDecoding.length)).map((text) => {
      const path = /^\w+ field "((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
      return `${path === undefined ? manifest.source : manifest.locate(path)}: ${text}`;
    });
  }
  const { kind, metadata } = manifest.object;
  const causes = (error.details?.causes ?? []).filter((cause) => cause.field !== undefined);
  if (error.reason !== 'Invalid' || causes.length === 0) return [`${manifest.source}: ${error.message}`];
  return causes.map(
    ({ field = '', message }) => `${manifest.locate(field)}: ${kind} "${metadata.name ?? ''}": ${field}: ${message}`,
  );
}

/** One text a problem: each begins with `unknown field` or `duplicate field`. */
const splitDecoding = (text: string) => text.split(/, (?=(?:unknown|duplicate) field ")/);
