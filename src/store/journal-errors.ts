// The three ways in which a journal refuses.

/** Another writer has taken over. Nothing was written; this process must end. */
export class JournalFenced extends Error {
  constructor(place: JournalPlace, epoch: number, newest: number) {
    super(
      `expected to be the only writer of ${place.description} (epoch ${epoch}), found epoch ${newest}: another server has taken over`,
    );
    this.name = 'JournalFenced';
  }
}

/** Where a journal lies, and what its operator can do when it is damaged; every medium is one. */
export interface JournalPlace {
  /** For messages: `the embedded journal in /var/lib/tepui/journal`. */
  readonly description: string;
  /** A sentence: `Put back a copy …`. */
  readonly remedy: string;
}

/** What is stored is not what was acknowledged. Reading stops; nothing is shortened or repaired by itself. */
export class JournalDamaged extends Error {
  /** @param part which entry, snapshot or file; `found` what is wrong with it */
  constructor(place: JournalPlace, part: string, found: string, options?: ErrorOptions) {
    super(
      `${place.description} is damaged at ${part}: ${found}. Nothing was cut off, so that nothing is lost silently. ${place.remedy}`,
      options,
    );
    this.name = 'JournalDamaged';
  }
}

/** The journal cannot be opened by this program, here, now; it may be in perfect order. */
export class JournalUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalUnavailable';
  }
}

/** The entries that were to be read next are covered by a snapshot by now and were removed: start over from it. */
export class JournalDropped extends Error {
  constructor(place: JournalPlace, sequence: number) {
    super(`entry ${sequence} of ${place.description} was dropped: a newer snapshot covers it`);
    this.name = 'JournalDropped';
  }
}
