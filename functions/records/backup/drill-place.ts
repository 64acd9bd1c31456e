import * as z from 'zod';

/** Where a drill is carried out, by everything that tells one GitLab from another. */

/** A server that a GitLab keeps data on, outside of its namespace. */
export const PlaceServer = z.object({
  what: z.enum(['database', 'redis', 'gitaly']),
  /** Host name or address, without a port. */
  host: z.string(),
  port: z.int().min(1).max(65_535),
  /** Addresses that its name stands for: two names may be one server. */
  addresses: z.array(z.string()),
});
export type PlaceServer = z.output<typeof PlaceServer>;

export const PlaceIdentity = z.object({
  /** 12 digits. */
  account: z.string(),
  region: z.string(),
  /** Name of the EKS cluster. */
  cluster: z.string(),
  namespace: z.string(),
  release: z.string(),
  /** Host names under which it is opened; of GitLab, registry, pages and the like. */
  hosts: z.array(z.string()),
  servers: z.array(PlaceServer),
  /**
   * What a restore fills and a drill empties: buckets of objects, and the one that keeps what is replaced. Not that of
   * the archives, which is only read and may be the one of the backup itself.
   */
  buckets: z.array(z.string()),
});
export type PlaceIdentity = z.output<typeof PlaceIdentity>;
