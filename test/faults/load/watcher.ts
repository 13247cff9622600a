// A watch that goes on: when a stream ends it is resumed after the last event, through another server; after 410 it begins
// anew with a list. Everything seen is written down.
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicNs, type LineLog } from '../history/line-log.ts';
import type { EndLine, EventLine } from '../history/lines.ts';
import type { Random } from './random.ts';
import { collection, itemOf, itemsOf } from './recorded-client.ts';
import type { Document, ServerConnection } from './server-connection.ts';

export interface WatcherOptions {
  readonly name: string;
  readonly servers: readonly ServerConnection[];
  readonly random: Random;
  readonly log: LineLog;
}

export interface Watcher {
  /** Resolves when `until` was reached, or the signal of `run` aborted. */
  readonly finished: Promise<void>;
  /** The watch has done its work when it has been shown this revision. */
  until(rv: number): void;
}

/** A stream is ended by the server after this time, so that many are resumed in a run. */
const streamSeconds = 20;
/** Silence for longer means that the server was stopped or cut off. */
const graceMs = 3000;
const retryMs = 200;

export function startWatcher({ name, servers, random, log }: WatcherOptions, signal: AbortSignal): Watcher {
  let streams = 0;
  let last: number | undefined;
  let target = Infinity;
  const enough = new AbortController();
  const stop = AbortSignal.any([signal, enough.signal]);

  const see = (rv: number) => {
    last = rv;
    if (rv >= target) enough.abort();
  };

  /** A list to begin with; undefined when this server cannot give one now. */
  const begin = async (server: ServerConnection) => {
    const answer = await server.call('GET', collection);
    if (answer.kind === 'none' || answer.status !== 200) return undefined;
    return { from: Number(answer.body.metadata?.resourceVersion), items: itemsOf(answer.body) };
  };

  const stream = async (server: ServerConnection) => {
    const start = last === undefined ? await begin(server) : { from: last };
    if (!start) return;
    streams += 1;
    const id = `${name}-${String(streams)}`;
    log.write({ line: 'stream', at: monotonicNs(), stream: id, watcher: name, server: server.name, ...start });
    see(start.from);
    const how = await follow(server, id, start.from);
    log.write({ line: 'end', at: monotonicNs(), stream: id, ...how });
    if (how.how === 'expired') last = undefined;
  };

  /** Returns the revision of the event. */
  const record = (id: string, type: EventLine['type'], object: Document) => {
    const rv = Number(object.metadata?.resourceVersion);
    const item = object.data?.['tag'] === undefined ? {} : { item: itemOf(object) };
    log.write({ line: 'event', at: monotonicNs(), stream: id, type, rv, ...item });
    return rv;
  };

  const follow = async (server: ServerConnection, id: string, from: number): Promise<Pick<EndLine, 'how' | 'why'>> => {
    const limit = AbortSignal.any([stop, AbortSignal.timeout(streamSeconds * 1000 + graceMs)]);
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${String(streamSeconds)}`;
    try {
      const { status, events } = await server.watch(`${collection}?${query}&resourceVersion=${String(from)}`, limit);
      if (status === 410) return { how: 'expired' };
      if (status !== 200) return { how: 'broken', why: String(status) };
      for await (const { type, object } of events) {
        if (type === 'ERROR') return { how: object.code === 410 ? 'expired' : 'broken', why: object.message ?? '' };
        see(record(id, type, object));
      }
      return { how: stop.aborted ? 'done' : 'closed' };
    } catch (error) {
      if (!stop.aborted) server.close();
      return { how: stop.aborted ? 'done' : 'broken', why: String(error) };
    }
  };

  const run = async () => {
    while (!stop.aborted) {
      await stream(random.pick(servers));
      await wait(retryMs, undefined, { signal: stop }).catch(() => undefined);
    }
  };
  return {
    finished: run(),
    until(rv) {
      target = rv;
      if ((last ?? 0) >= rv) enough.abort();
    },
  };
}
