// The contract of elections: who may lead, and what each server knows of the others. elections/ implements it.

/** A server as the others know it. */
export interface ServerFacts {
  /** Stable over restarts; made at the first start. */
  readonly id: string;
  /** `HOST:PORT` of the API, as other machines reach it. */
  readonly api: string;
  /** `HOST:PORT` of the agent gateway. */
  readonly gateway: string;
  /** `HOST:PORT` of the Mesos master face. */
  readonly mesos: string;
  /** Of the program. */
  readonly version: string;
}

export interface Leader {
  readonly epoch: number;
  readonly server: ServerFacts;
}

/** A server that is there, with how far it has read: `sequence` of the log, `revision` of the store. */
export interface Member extends ServerFacts {
  readonly sequence: number;
  readonly revision: number;
}

/** One server's time as the leader, from being first in line to the loss of that place. */
export interface Turn {
  /**
   * Aborts when another may be first in line: the session is lost, or the candidacy is gone. Nothing may be acted upon
   * from then on; `isActing` has been false for some time already.
   */
  readonly ended: AbortSignal;
  /**
   * Whether it is certain that nobody else leads at this moment. To be asked, synchronously, before each act: what is
   * sent to an agent or framework, and what is answered as the newest state.
   */
  isActing(): boolean;
  /** Called when `isActing` changes. False comes early enough, by timer; whoever needs certainty asks. */
  onActing(listener: (isActing: boolean) => void): () => void;
  /** Makes it known that this server leads: to the other servers, and to Mesos' detectors. After the journal's claim. */
  announce(epoch: number): Promise<void>;
}

export interface Election {
  /** Who leads, as far as this server knows; undefined: nobody, or the ensemble cannot be asked. */
  readonly leader: Leader | undefined;
  /** Everybody who is there, this server included, as of the last news. */
  readonly members: readonly Member[];
  /** Why the ensemble cannot be asked; undefined: it can. */
  readonly trouble: string | undefined;
  /** Called after every change of leader, members or trouble. Returns how to stop. */
  onChange(listener: () => void): () => void;
  /** Tells the others how far this server has read. Cheap: at most one write a second goes out. */
  report(position: { readonly sequence: number; readonly revision: number }): void;
  /**
   * Stands for leadership until the signal aborts. Calls `lead` for each turn, one at a time; when it returns, the place
   * is given up at once, and, unless the signal has aborted, this server stands again. Rejects when `lead` does.
   */
  run(lead: (turn: Turn) => Promise<void>, signal: AbortSignal): Promise<void>;
}
