// GET with watch=true: what is there, if asked for, then every change in order.
import type { ApiResponse } from '../../api/request.ts';
import { StatusError } from '../../api/status-error.ts';
import type { StoreEvent, StoredObject } from '../../store/store.ts';
import { chunked, createPacer } from '../chunks.ts';
import { checkNotFuture, readListOptions } from '../list-options.ts';
import type { ListOptions } from '../list-options.ts';
import { negotiate } from '../negotiation.ts';
import { createRenderer } from '../rendering.ts';
import type { Renderer } from '../rendering.ts';
import { encodeJson, finishResponse, respondBytes } from '../respond.ts';
import { readSelection } from '../selection.ts';
import type { Selection } from '../selection.ts';
import type { Call } from '../server-parts.ts';
import { followChanges } from '../watch-feed.ts';
import { selectEvent } from '../watch-selection.ts';

const bookmarkEveryMs = 60_000;
const shortestDefaultSeconds = 1800;
const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' };

interface Plan {
  /** Changes after this revision are sent. */
  readonly fromRevision: number;
  /** Objects to announce first. */
  readonly initial: readonly StoredObject[];
  /** The end of the initial objects is marked by a bookmark. */
  readonly marksEnd: boolean;
}

export async function watch(call: Call): Promise<ApiResponse> {
  const { query, headers } = call.request;
  const negotiated = negotiate(headers['accept'], query);
  const options = readListOptions(query, 'watch');
  const selection = readSelection(call.info.resource.storage, withName(options, call.info.name));
  const plan = planWatch(call, options, selection);
  const renderer = createRenderer(call.info.resource, negotiated, call.parts.deps.clock.now());
  const body = encodeWatch(call, options, selection, plan, createEncoder(renderer));
  return finishResponse(respondBytes(200, body), { mediaType: 'application/json' }, call.warnings);
}

/** `…/pods/web?watch=true`, an old spelling, watches that one object. */
function withName(options: ListOptions, name: string): ListOptions {
  if (name === '') return options;
  const term = `metadata.name=${name}`;
  return { ...options, fieldSelector: options.fieldSelector === '' ? term : `${options.fieldSelector},${term}` };
}

function planWatch(call: Call, options: ListOptions, selection: Selection): Plan {
  const { store } = call.parts.deps;
  checkNotFuture(options.resourceVersion, store.revision);
  const asked = options.resourceVersion ?? 0;
  const sendsInitial = options.sendInitialEvents ?? asked === 0;
  if (sendsInitial) {
    const { resource, namespace } = call.info;
    const scope = namespace === '' ? {} : { namespace };
    const initial = store.list({ resource: resource.storage, ...scope, ...selection.indexed });
    const marksEnd = options.sendInitialEvents === true && options.allowWatchBookmarks;
    return { fromRevision: store.revision, initial, marksEnd };
  }
  const fromRevision = asked === 0 ? store.revision : asked;
  if (fromRevision < store.oldestWatchableRevision) {
    throw new StatusError('Expired', `too old resource version: ${asked} (${store.oldestWatchableRevision})`);
  }
  return { fromRevision, initial: [], marksEnd: false };
}

type Encode = (type: string, stored: StoredObject) => readonly Uint8Array[];

interface Encoder {
  readonly event: Encode;
  bookmark(revision: number, annotations?: Readonly<Record<string, string>>): Uint8Array;
}

const lineEnd = Buffer.from('}\n');

function createEncoder(renderer: Renderer): Encoder {
  let first = true;
  return {
    event(type, stored) {
      const object = renderer.eventObject(stored, first);
      first = false;
      return [Buffer.from(`{"type":"${type}","object":`), object, lineEnd];
    },
    bookmark(revision, annotations) {
      const object = renderer.bookmark(String(revision), annotations);
      return Buffer.concat([Buffer.from('{"type":"BOOKMARK","object":'), object, lineEnd]);
    },
  };
}

async function* encodeWatch(
  call: Call,
  options: ListOptions,
  selection: Selection,
  plan: Plan,
  encoder: Encoder,
): AsyncGenerator<Uint8Array> {
  const { clock, store } = call.parts.deps;
  const { resource, namespace } = call.info;
  const query = {
    resource: resource.storage,
    fromRevision: plan.fromRevision,
    ...(namespace === '' ? {} : { namespace }),
    ...(selection.name === undefined ? {} : { name: selection.name }),
  };
  const feed = followChanges(store, clock, query, call.request.signal, {
    timeoutMs: timeoutSeconds(call, options) * 1000,
    tickMs: options.allowWatchBookmarks ? bookmarkEveryMs : undefined,
  });
  const pace = createPacer(() => clock.monotonicMs());
  try {
    const announced = plan.initial.filter((stored) => selection.matches(stored));
    yield* chunked(announced, (stored) => encoder.event('ADDED', stored), pace);
    if (plan.marksEnd) yield encoder.bookmark(plan.fromRevision, initialEventsEnd);
    for await (const step of feed) {
      if (step.kind === 'quiet') yield encoder.bookmark(step.revision);
      else yield* encodeEvents(step.events, selection, encoder.event);
    }
  } catch (error) {
    yield encodeJson({ type: 'ERROR', object: StatusError.from(error).toStatus() });
    yield Buffer.from('\n');
  }
}

/** All events of one turn in one write. */
function* encodeEvents(events: readonly StoreEvent[], selection: Selection, encode: Encode): Generator<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (const event of events) {
    const seen = selectEvent(event, selection);
    if (seen) pieces.push(...encode(seen.type, seen.object));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

/** Half an hour to an hour, so that the watches of many clients do not all end at once. */
function timeoutSeconds(call: Call, options: ListOptions): number {
  if (options.timeoutSeconds !== undefined && options.timeoutSeconds > 0) return options.timeoutSeconds;
  const spread = Number.parseInt(call.parts.deps.ids.uid().slice(0, 4), 16) % shortestDefaultSeconds;
  return shortestDefaultSeconds + (Number.isNaN(spread) ? 0 : spread);
}
