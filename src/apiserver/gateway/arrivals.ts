// Which agents have registered with this server, and who waits for one.

export interface Arrivals {
  arrived(nodeName: string): void;
  /** Resolves with the first arrival; at once after it. */
  of(nodeName: string): Promise<void>;
}

export function createArrivals(): Arrivals {
  const doors = new Map<string, { readonly opened: Promise<void>; readonly open: () => void }>();
  const doorOf = (nodeName: string) => {
    const known = doors.get(nodeName);
    if (known) return known;
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    const door = { opened, open };
    doors.set(nodeName, door);
    return door;
  };
  return {
    arrived: (nodeName) => doorOf(nodeName).open(),
    of: (nodeName) => doorOf(nodeName).opened,
  };
}
