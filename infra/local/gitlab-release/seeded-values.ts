import { createHash, createHmac } from 'node:crypto';

/** What can be drawn from a seed: the same names give the same values, and other names others. */
export interface SeededValues {
  /** @param length of it, in bytes; at most 64. */
  bytes(name: string, length: number): Buffer;
  /** As many hexadecimal digits, at most 128. */
  hex(name: string, digits: number): string;
  /** A whole number from 0 up to `below`. */
  number(name: string, below: number): number;
  /** Bytes of any length, which do not compress. */
  noise(name: string, length: number): Buffer;
}

export const drawFrom = (seed: string): SeededValues => {
  const digest = (name: string): Buffer => createHmac('sha512', seed).update(name).digest();
  return {
    bytes: (name, length) => digest(name).subarray(0, length),
    hex: (name, digits) => digest(name).toString('hex').slice(0, digits),
    number: (name, below) => digest(name).readUInt32BE(0) % below,
    noise: (name, length) =>
      createHash('shake256', { outputLength: length }).update(`${seed}/${name}`).digest(),
  };
};
