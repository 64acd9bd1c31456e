/** How many of the last reads a pace remembers. */
const MEMORY = 16;
/** Reads after which a pace is believed. */
const FIRST_READS = 8;

/** How fast a chain gets on. */
export interface Pace {
  /** Notes where the chain is after so many reads. */
  note(at: number, requests: number): void;
  /** Bytes of the archive that one read passes, typically; `undefined` while too few were made to tell. */
  stride(): number | undefined;
}

/**
 * Measures the typical stride as the geometric mean of the last ones: one member of 50 GB among repositories of
 * 100 KB must not make believe that 50 GB are passed with each read.
 *
 * @param inherited the stride of the chain this one was split off, believed until it knows better.
 */
export const measurePace = (from: number, requests: number, inherited?: number): Pace => {
  let last = { at: from, requests };
  let reads = inherited === undefined ? 0 : FIRST_READS;
  let mean = inherited === undefined ? 0 : Math.log2(inherited);
  return {
    note: (at, requests) => {
      const made = requests - last.requests;
      if (made === 0 || at <= last.at) return;
      reads += made;
      const weight = Math.min(1, made * Math.max(1 / reads, 1 / MEMORY));
      mean += (Math.log2((at - last.at) / made) - mean) * weight;
      last = { at, requests };
    },
    stride: () => (reads < FIRST_READS ? undefined : 2 ** mean),
  };
};
