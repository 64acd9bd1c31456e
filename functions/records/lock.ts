import * as z from 'zod';

/**
 * A lock: who may act, until when, and the fencing token that travels with each outside write.
 * The object is never deleted, so that the token only grows.
 */
export const Lock = z.object({
  version: z.literal(1),
  name: z.string(),
  /** ARN of the execution that holds it; null when it is free. */
  owner: z.string().nullable(),
  /** Grows by one each time the lock changes hands. */
  token: z.int().positive(),
  acquiredAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type Lock = z.output<typeof Lock>;

export const lockKind = { name: 'lock', schema: Lock };
export const LOCK_PREFIX = 'locks/';
export const lockKey = (name: string): string => `${LOCK_PREFIX}${name}.json`;
