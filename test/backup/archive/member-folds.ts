import * as z from 'zod';
import type { ByteSource } from '../../../functions/backup/archive/byte-source.ts';
import type { Member } from '../../../functions/backup/archive/member.ts';
import type { MemberFold } from '../../../functions/backup/archive/member-fold.ts';

const MemberRecord = z.object({
  name: z.string(),
  start: z.int(),
  body: z.int(),
  size: z.int(),
  next: z.int(),
  type: z.enum(['file', 'directory', 'link', 'other']),
});

/** Keeps every member: grows with them, and shows each. */
export const everyMember: MemberFold<Member[]> = {
  initial: () => [],
  add: (members, member) => [...members, member],
  merge: (before, after) => [...before, ...after],
  schema: z.array(MemberRecord),
};

/** Counts members, sums their bytes, and mixes all of them into a number that depends on their order. */
export const digest: MemberFold<Digest> = {
  initial: () => ({ members: 0, bytes: 0, mixed: 0, factor: 1 }),
  add: ({ members, bytes, mixed, factor }, member) => ({
    members: members + 1,
    bytes: bytes + member.size,
    mixed: (mixed * FACTOR + (member.start % PRIME) + member.name.length) % PRIME,
    factor: (factor * FACTOR) % PRIME,
  }),
  merge: (before, after) => ({
    members: before.members + after.members,
    bytes: before.bytes + after.bytes,
    mixed: (before.mixed * after.factor + after.mixed) % PRIME,
    factor: (before.factor * after.factor) % PRIME,
  }),
  schema: z.object({ members: z.int(), bytes: z.int(), mixed: z.int(), factor: z.int() }),
};

export interface Digest {
  members: number;
  bytes: number;
  mixed: number;
  factor: number;
}

/** Products of two numbers below it are safe integers. */
const PRIME = 67_108_859;
const FACTOR = 31;

/** An archive that is held in memory. */
export const memorySource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (start, length) => bytes.subarray(start, start + length),
});
