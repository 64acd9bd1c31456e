import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { KubernetesMinor } from '../records/kubernetes-version.ts';
import { UpgradeReport, Verdict } from '../records/upgrade/report.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  check: z.object({
    cluster: z.string(),
    current: KubernetesMinor,
    target: KubernetesMinor,
    /** How many parts were collected. */
    part: z.int().positive(),
    /** A pipeline asks: the report is kept, and what is known of the cluster stays as people were told it. */
    gate: z.boolean().default(false),
  }),
});

export const Output = z.object({
  outcome: Verdict,
  /** Where the report lies in the ledger, and the page that people read. */
  key: z.string(),
  page: z.string(),
  counts: UpgradeReport.shape.counts,
});
