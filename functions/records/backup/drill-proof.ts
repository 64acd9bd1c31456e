import * as z from 'zod';

/** The proof that nothing gets out of the place of a drill, as it was found before any data went in. */

/** What one attempt to connect came to. Only `timeout` and `unreachable` mean that nothing got through. */
export const Reach = z.enum(['reached', 'refused', 'timeout', 'unreachable', 'unresolved', 'unknown']);
export type Reach = z.output<typeof Reach>;

/** Where a restored GitLab would write to, or what it needs. */
export const ProbeAddress = z.object({
  host: z.string(),
  port: z.int().min(1).max(65_535),
  /** What it stands for, as a noun: `mail`, `push mirrors`, `database`. */
  why: z.string(),
});
export type ProbeAddress = z.output<typeof ProbeAddress>;

/** What a pod under the labels of Sidekiq saw; every attempt at an address, in order. */
export const ReachReport = z.array(
  ProbeAddress.pick({ host: true, port: true }).extend({ seen: z.array(Reach) }),
);
export type ReachReport = z.output<typeof ReachReport>;

/**
 * `closed`: proven. `open`: something got out. `unproven`: nothing is known to have got out, and nothing proves that it
 * can not, as when the probe did not run or its control failed as well.
 */
export const DrillProof = z.object({
  state: z.enum(['closed', 'open', 'unproven']),
  at: z.iso.datetime(),
  /** Outside addresses that were reached before and are not any more, `host:port`. */
  proven: z.array(z.string()),
  /** Allowed addresses that were reached, `host:port`. */
  controls: z.array(z.string()),
  /** Sentences, worst first. */
  reasons: z.array(z.string()),
});
export type DrillProof = z.output<typeof DrillProof>;
