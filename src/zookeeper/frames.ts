// Cuts the bytes of a connection into ZooKeeper's frames: four bytes of length, then as many bytes.

export interface FrameCutter {
  /** Frames that are complete now, each with its length in front. Throws when a length is absurd. */
  add(bytes: Buffer): Buffer[];
}

const lengthBytes = 4;
/** Above anything that a server sends; a listing may be large. */
const maxFrameBytes = 256 * 1024 * 1024;

export function createFrameCutter(): FrameCutter {
  let parts: Buffer[] = [];
  let have = 0;
  // Until the length is known, what must be there to know it.
  let need = lengthBytes;

  const join = () => {
    const [first] = parts;
    const all = parts.length === 1 && first ? first : Buffer.concat(parts, have);
    parts = [];
    return all;
  };

  return {
    add(bytes) {
      parts.push(bytes);
      have += bytes.length;
      const frames: Buffer[] = [];
      // Parts of a large frame are joined once, when all of them are there.
      if (have < need) return frames;
      let rest = join();
      for (;;) {
        need = rest.length < lengthBytes ? lengthBytes : frameBytes(rest);
        if (rest.length < need) break;
        frames.push(rest.subarray(0, need));
        rest = rest.subarray(need);
      }
      parts = rest.length > 0 ? [rest] : [];
      have = rest.length;
      return frames;
    },
  };
}

function frameBytes(bytes: Buffer): number {
  const length = bytes.readInt32BE(0);
  if (length < 0 || length > maxFrameBytes) throw new Error(`a frame of ${length} bytes: this is not ZooKeeper`);
  return lengthBytes + length;
}
