import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { type UpkeepDecision, upkeepPlanKey } from '../../records/backup/upkeep.ts';
import type { Execution } from '../../records/execution.ts';
import type { Notice } from '../../records/message.ts';
import { linkExecution } from '../../rules/console-link.ts';
import type { NightNews, NightResult } from '../upkeep/night-result.ts';

/** Reasons that a message takes (rules/message-text.ts). */
const MAX_LINES = 20;
/** Sets that are named of a list whose whole is in the ledger. */
const MAX_NAMED = 5;

interface UpkeepNight {
  readonly environment: string;
  readonly result: NightResult;
  readonly news: NightNews;
  /** The newest that counts now. */
  readonly newest: BackupSetEntry | undefined;
  readonly execution: Execution;
}

/** Kinds of news, the worst first: the first that there is gives the message its name. */
const KINDS: readonly {
  readonly outcome: string;
  readonly severity: Notice['severity'];
  readonly tells: (night: UpkeepNight) => boolean;
  readonly happened: (night: UpkeepNight) => string;
  readonly next: string;
}[] = [
  {
    outcome: 'sets-lost',
    severity: 'critical',
    tells: ({ result }) => result.lost.length > 0,
    happened: ({ environment, result: { lost } }) =>
      lost.length === 1
        ? `A backup of ${environment} that was verified is ${lost[0]?.state} now.`
        : `${lost.length} backups of ${environment} that were verified are not any more.`,
    next: 'See to the reasons, and hold the sets that are still good; then start backup for these policies.',
  },
  {
    outcome: 'sets-broken',
    severity: 'critical',
    tells: ({ result }) => result.broken.length > 0,
    happened: ({ environment, result: { broken } }) =>
      `${broken.length === 1 ? 'A backup' : `${broken.length} backups`} of ${environment} that nobody had read turned out bad.`,
    next: 'See to the reasons; then start backup for these policies.',
  },
  {
    outcome: 'upkeep-trouble',
    severity: 'warning',
    tells: ({ news }) => news.problems.length > 0,
    happened: ({ environment }) => `The upkeep of the backups of ${environment} needs a person.`,
    next: 'See to the reasons; each is told once, and again when it comes back.',
  },
  {
    outcome: 'deletions-begun',
    severity: 'info',
    tells: ({ news }) => news.begun.length > 0,
    happened: ({ environment }) => `Old backups of ${environment} are deleted from now on.`,
    next: 'Nothing. What goes, and why: npm run backup-sets -- prune --dry-run',
  },
  {
    outcome: 'deletions-reported',
    severity: 'info',
    tells: ({ news }) => news.reported.length > 0,
    happened: ({ environment }) =>
      `Old backups of ${environment} would be deleted, and are only reported yet.`,
    next: 'If that is not what you want, change retention in drydock.yaml, or hold a set: npm run backup-sets -- hold <id> --why <why>',
  },
];

/** One message a night and environment, and none where nothing is new that a person should know. */
export const composeUpkeepNotice = (night: UpkeepNight, now: Date): Notice | undefined => {
  const kinds = KINDS.filter(({ tells }) => tells(night));
  const [worst] = kinds;
  if (!worst) return undefined;
  const { environment, result, execution } = night;
  const { severity, outcome, happened, next } = worst;
  return {
    version: 1,
    id: `${execution.name}-upkeep-${environment}`,
    capability: 'backup',
    target: 'none',
    environment,
    outcome,
    severity,
    happened: happened(night),
    matters: `Whoever must be able to bring the GitLab of ${environment} back.`,
    did: `Read ${count(result.verified.length)} again, deleted ${count(result.deleted.length)}.`,
    next,
    execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    stop: 'Start the control machine with {"pause":"capability/backup","by":"<you>","why":"<why>"}: nothing is deleted then',
    reasons: listReasons(night),
    at: now.toISOString(),
  };
};

const count = (sets: number): string => `${sets} ${sets === 1 ? 'set' : 'sets'}`;

const listReasons = (night: UpkeepNight): string[] => {
  const { environment, result, news, newest, execution } = night;
  const bad = [...result.lost, ...result.broken];
  const lines = [
    ...bad.map(describeBad),
    ...(bad.length === 0 ? [] : [describeNewest(environment, newest)]),
    ...news.problems,
    ...news.begun.map((policy) => describeDeleted(policy, result.deleted)),
    ...news.reported.map((policy) => describeReported(policy, result.wouldDelete)),
  ];
  if (lines.length <= MAX_LINES) return lines;
  const left = lines.length - MAX_LINES + 1;
  return [
    ...lines.slice(0, MAX_LINES - 1),
    `and ${left} more, with the plan of the night in ${upkeepPlanKey(environment, execution.name)} of the ledger`,
  ];
};

const describeBad = ({ id, policy, state, verification }: BackupSet): string => {
  const worst = (verification?.reasons ?? []).find(({ result }) => result !== 'note');
  const why = worst ? `: ${worst.subject}: ${worst.message}` : '.';
  return `Set ${id} of policy ${policy} is ${state}${why}`;
};

const describeNewest = (environment: string, newest: BackupSetEntry | undefined): string =>
  newest
    ? `The newest backup of ${environment} that counts is ${newest.id}, of ${newest.takenAt}.`
    : `There is no backup of ${environment} that counts.`;

const describeDeleted = (policy: string, deleted: readonly BackupSet[]): string => {
  const own = deleted.filter((set) => set.policy === policy);
  return `Deleted of policy ${policy}: ${nameSome(own.map(({ id }) => id))}. ${own[0]?.deletion?.why ?? ''}`.trim();
};

const describeReported = (policy: string, decisions: readonly UpkeepDecision[]): string => {
  const own = decisions.filter((decision) => decision.policy === policy);
  return `Would be deleted of policy ${policy}: ${nameSome(own.map(({ set }) => set))}. ${own[0]?.reason ?? ''}`.trim();
};

const nameSome = (ids: readonly string[]): string => {
  const left = ids.length - MAX_NAMED;
  return `${ids.slice(0, MAX_NAMED).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
};
