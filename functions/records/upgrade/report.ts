import * as z from 'zod';
import { Execution } from '../execution.ts';
import { KubernetesMinor } from '../kubernetes-version.ts';
import { VersionFact } from './aws-facts.ts';
import { Finding, FindingResult } from './finding.ts';

/** The report about one cluster: what blocks, what warns, what could not be checked, and what it costs to wait. */

/** The worst first. A cluster with a block stays `blocked` also when something could not be checked. */
export const Verdict = z.enum(['blocked', 'not-checked', 'warnings', 'clean']);
export type Verdict = z.output<typeof Verdict>;

/** Where a cluster stands in the support calendar. Days are midnight UTC; `daysLeft` counts whole days, negative after. */
export const Support = z.object({
  source: z.enum(['eks', 'table']),
  state: z.enum(['standard', 'extended', 'unsupported', 'unknown']),
  standardEnds: z.iso.date().optional(),
  extendedEnds: z.iso.date().optional(),
  daysLeft: z.object({ standard: z.int(), extended: z.int() }).optional(),
  supportType: z.enum(['STANDARD', 'EXTENDED']),
  /** From this day on EKS may move the control plane by itself, at a time it does not announce. */
  forcedFrom: z.iso.date().optional(),
  cost: z.object({
    /** USD an hour that extended support adds; a setting. */
    surchargePerHour: z.number(),
    perMonth: z.number(),
    perYear: z.number(),
    /** USD already paid as surcharge until now; 0 in standard support. */
    soFar: z.number(),
    /** USD that waiting until the end of extended support will cost from now on. */
    untilForced: z.number(),
  }),
  /** The versions of the timeline, oldest first. */
  calendar: z.array(VersionFact),
});
export type Support = z.output<typeof Support>;

/** How one check of the registry ended. */
export const CheckOutcome = z.object({
  code: z.string(),
  title: z.string(),
  /** The worst of its findings that are not ignored, or `pass`; `skipped` when its versions are not on the way. */
  result: z.enum(['pass', ...FindingResult.options, 'skipped']),
  findings: z.int().nonnegative(),
});
export type CheckOutcome = z.output<typeof CheckOutcome>;

export const Changes = z.object({
  /** When the report that this one is compared with was made. */
  since: z.iso.datetime(),
  /** The verdict of that report, up to the target of this one. */
  verdict: Verdict,
  /** Ids of findings that were not there before, or were milder. */
  added: z.array(z.string()),
  gone: z.array(Finding),
});
export type Changes = z.output<typeof Changes>;

/** An exception in drydock.yaml that is in force and covers nothing in this report. */
export const UnusedIgnore = z.object({
  check: z.string(),
  subject: z.string(),
  reason: z.string(),
  expires: z.iso.date(),
});
export type UnusedIgnore = z.output<typeof UnusedIgnore>;

export const UpgradeReport = z.object({
  version: z.literal(1),
  cluster: z.string(),
  /** Names of the environments that live on it. */
  environments: z.array(z.string()),
  region: z.string(),
  at: z.iso.datetime(),
  /** Absent for a check from a terminal. */
  execution: Execution.optional(),
  current: KubernetesMinor,
  target: KubernetesMinor,
  steps: z.array(KubernetesMinor),
  verdict: Verdict,
  support: Support,
  checks: z.array(CheckOutcome),
  findings: z.array(Finding),
  counts: z.object({
    block: z.int(),
    warn: z.int(),
    notChecked: z.int(),
    ignored: z.int(),
    pass: z.int(),
  }),
  /** Versions beyond the target, in which something already known will bite. */
  outlook: z.array(z.object({ version: KubernetesMinor, message: z.string() })),
  /** Absent in reports of before it was listed. */
  unusedIgnores: z.array(UnusedIgnore).optional(),
  changes: Changes.optional(),
});
export type UpgradeReport = z.output<typeof UpgradeReport>;

export const reportKind = { name: 'upgrade report', schema: UpgradeReport };
export const reportPrefix = (cluster: string): string => `upgrade/reports/${cluster}/history/`;
/** Sorted by time; the execution in it keeps two reports of one moment apart, and a repeat on its own key. */
export const reportKey = ({ cluster, execution, at }: Pick<UpgradeReport, 'cluster' | 'execution' | 'at'>) =>
  `${reportPrefix(cluster)}${execution?.startedAt ?? at}-${execution?.name ?? 'terminal'}.json`;

/** What is known of a cluster now: where its last report lies, and what people were told of it. */
export const ClusterState = z.object({
  version: z.literal(1),
  cluster: z.string(),
  report: z.object({ key: z.string(), at: z.iso.datetime(), verdict: Verdict, target: KubernetesMinor }),
  /** Days before the end of support that were told last: 90, 30, 7, 6 ... 0; absent: none. */
  stageTold: z
    .object({ end: z.enum(['standard', 'extended']), days: z.int(), version: KubernetesMinor })
    .optional(),
  /** Ids of what could not be checked, as far as people know of it; absent: nobody was told of any. */
  blindTold: z.array(z.string()).optional(),
  /** Number of the GitLab issue that is kept for it. */
  issue: z.int().optional(),
});
export type ClusterState = z.output<typeof ClusterState>;

export const clusterStateKind = { name: 'state of a cluster', schema: ClusterState };
export const clusterStateKey = (cluster: string): string => `upgrade/clusters/${cluster}/current.json`;

/** Pages for people, beside the record: the same name with another ending. */
export const pageKey = (report: string, ending: 'html' | 'md'): string =>
  report.replace('upgrade/reports/', 'upgrade/pages/').replace(/\.json$/, `.${ending}`);
