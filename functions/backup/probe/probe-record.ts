import * as z from 'zod';
import type { Known, ProbeFact } from '../preflight/facts.ts';

/** What the probe of one run found: the fact `probe` of the run. */
export const ProbeRecord = z.object({
  version: z.literal(1),
  probedAt: z.iso.datetime(),
  found: z.discriminatedUnion('known', [
    z.object({
      known: z.literal(true),
      identity: z.string().optional(),
      /** Why it could not say who it is, without its dot. */
      unknown: z.string().optional(),
      listed: z.record(z.string(), z.enum(['listed', 'denied', 'absent', 'failed'])),
    }),
    /** Why nothing was seen, without its dot. */
    z.object({ known: z.literal(false), why: z.string() }),
  ]),
});
export type ProbeRecord = z.output<typeof ProbeRecord>;

export const probeRecordKind = { name: 'probe of a backup', schema: ProbeRecord };

/** As rules take it. @param record undefined when no probe was made. */
export const readProbeFact = (record: ProbeRecord | undefined): Known<ProbeFact> => {
  if (!record) return { known: false, why: 'no probe was made' };
  const { found } = record;
  if (!found.known) return found;
  const { identity, unknown, listed } = found;
  return {
    known: true,
    value: {
      ...(identity === undefined ? {} : { identity }),
      ...(unknown === undefined ? {} : { unknown }),
      listed,
    },
  };
};

/** A sentence for whoever watches the run. */
export const describeProbe = ({ found }: ProbeRecord): string => {
  if (!found.known) return `Nothing was seen by the probe: ${found.why}.`;
  const all = Object.values(found.listed);
  const listed = all.filter((seen) => seen === 'listed').length;
  return `The probe is ${found.identity ?? 'nobody that it could name'}, and lists ${listed} of ${all.length} buckets.`;
};
