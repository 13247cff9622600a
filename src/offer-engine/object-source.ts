// The part of an informer that the offer engine consumes; cmd/ adapts the client's informers to it.

export interface SourceListener<T> {
  /** The object is new or has changed. Called once per object before `synced` resolves, then in the order of changes. */
  upserted(object: T): void;
  /** The object is gone; its last known state. */
  deleted(object: T): void;
}

export interface ObjectSource<T> {
  /** Several listeners are told in the order in which they subscribed. Subscribe before the source starts. */
  subscribe(listener: SourceListener<T>): void;
  /** Resolves when everything that existed has been told. */
  readonly synced: Promise<void>;
}
