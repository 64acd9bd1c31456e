import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { KubernetesMinor } from '../records/kubernetes-version.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

/** Where a part begins: which collector, and from where on. */
const Position = z.object({ collector: z.int().nonnegative(), cursor: z.string().optional() });

export const Input = z.object({
  execution: Execution,
  check: z.object({
    /** Name of an EKS cluster of this site, or of an environment on it. */
    cluster: z.string().min(1, 'write {"cluster":"<environment or cluster>"}'),
    target: KubernetesMinor.optional(),
    /** Set by the part before. */
    current: KubernetesMinor.optional(),
    /** Number of the part to collect. */
    part: z.int().nonnegative().default(0),
    from: Position.default({ collector: 0 }),
  }),
});

export const Output = z.object({
  outcome: z.enum(['more', 'done']),
  cluster: z.string(),
  /** The version that the cluster runs, and the one it is judged against; the same for all parts. */
  current: KubernetesMinor,
  target: KubernetesMinor,
  /** Number of the next part, which is how many there are. */
  part: z.int().positive(),
  from: Position,
});
