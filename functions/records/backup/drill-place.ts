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

/** What is known of an environment that people use: nothing of it may be the place of a drill. */
export const UsedPlace = z.object({
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  namespaces: z.array(z.string()),
  hosts: z.array(z.string()),
  /** Of its release, and what their names stand for. */
  servers: z.array(PlaceServer),
  /** Identifiers of instances of RDS; the host of one begins with it. */
  instances: z.array(z.string()),
  buckets: z.array(z.string()),
  /** Buckets by a pattern, `*` stands for any text. */
  bucketPatterns: z.array(z.string()),
  /** Why not all of it is known, without its dot. */
  unread: z.string().optional(),
});
export type UsedPlace = z.output<typeof UsedPlace>;
