// Who leads and who is there, followed by watches.
import type { Leader, Member } from '../election.ts';
import { followChildren, followZnode, type Ensemble } from '../../zookeeper/ask.ts';
import { decodeLeader, decodeMember, leaderPath, memberPath, serversPath } from './layout.ts';

export interface KnownServers {
  readonly leader: Leader | undefined;
  /** By id. */
  readonly members: readonly Member[];
  /** Follows until the signal aborts; then it is not known any more who leads. */
  run(signal: AbortSignal): Promise<void>;
}

/** @param onChange called after every change of what is known */
export function followServers(ensemble: Ensemble, onChange: () => void): KnownServers {
  let leader: Leader | undefined;
  let members: readonly Member[] = [];
  const known = new Map<string, Member>();
  const update = () => {
    members = [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    onChange();
  };

  const followMember = async (id: string, signal: AbortSignal) => {
    await followZnode(
      ensemble,
      memberPath(id),
      (znode) => {
        const member = znode && decodeMember(znode.data);
        if (member) known.set(id, member);
        else if (!known.delete(id)) return;
        update();
      },
      signal,
    );
  };

  const followMembers = async (signal: AbortSignal) => {
    const followed = new Map<string, AbortController>();
    const follow = (names: readonly string[]) => {
      for (const [id, controller] of followed) {
        if (names.includes(id)) continue;
        controller.abort();
        followed.delete(id);
        if (known.delete(id)) update();
      }
      for (const id of names.filter((name) => !followed.has(name))) {
        const controller = new AbortController();
        followed.set(id, controller);
        void followMember(id, controller.signal);
      }
    };
    await followChildren(ensemble, serversPath, follow, signal);
    for (const controller of followed.values()) controller.abort();
  };

  const followLeader = (signal: AbortSignal) => {
    const onNews = (data: Uint8Array | undefined) => {
      leader = data && decodeLeader(data);
      onChange();
    };
    return followZnode(ensemble, leaderPath, (znode) => onNews(znode?.data), signal);
  };

  return {
    get leader() {
      return leader;
    },
    get members() {
      return members;
    },
    async run(signal) {
      await Promise.all([followLeader(signal), followMembers(signal)]);
      leader = undefined;
      onChange();
    },
  };
}
