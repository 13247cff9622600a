// What the API server has to know about who leads.

export interface Leadership {
  /**
   * `leading`: this server leads, and at this moment nobody else can. `paused`: it led a moment ago and cannot be sure any
   * more. `following`: another server leads, or none. Exact at the moment of asking.
   */
  readonly part: 'leading' | 'paused' | 'following';
  /** `https://HOST:PORT` of the leader's API, when another server leads. */
  readonly leaderApi: string | undefined;
  /** Why nobody is known to lead, fit for users: `ZooKeeper at … does not answer`. Empty when somebody is. */
  readonly trouble: string;
  /** Called after every change. Returns how to stop. */
  onChange(listener: () => void): () => void;
}
