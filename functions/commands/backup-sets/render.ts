import { planRetention, type RetentionDecision } from '../../backup/retention/retention-plan.ts';
import { isWhole } from '../../backup/sets/verified-sets.ts';
import { describeSet } from '../../backup/telling/set-lines.ts';
import { retentionOf } from '../../backup/upkeep/listed-sets.ts';
import { saySize } from '../../backup/verify/rules/rule.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { renderColumns } from '../terminal.ts';
import type { Backups } from './backups.ts';

/** What `backup-sets` prints. */

/** Sets of all environments, each under a line that says how fresh its backups are. */
export const renderList = (all: readonly Backups[], now: Date, width?: number): string =>
  all
    .map(({ kept, entries, freshness }) =>
      [
        kept.environment,
        ...(freshness?.judged ?? []).map(
          ({ policy, state, text }) => `  ${policy ?? 'as a whole'}: ${state}. ${text}`,
        ),
        ...(entries.length === 0
          ? ['  There is no set yet.']
          : [renderColumns([HEAD, ...entries.map((entry) => describeEntry(entry, now))], width)]),
      ].join('\n'),
    )
    .join('\n\n');

const HEAD = ['ID', 'POLICY', 'STATE', 'AS OF', 'READ', 'SIZE', 'NOTE'];

const describeEntry = (entry: BackupSetEntry, now: Date): string[] => [
  entry.id,
  entry.policy,
  entry.state,
  shortTime(entry.takenAt),
  entry.verifiedAt === undefined ? '-' : shortTime(entry.verifiedAt),
  entry.size === undefined ? '-' : saySize(entry.size),
  describeNotes(entry, now).join(', '),
];

const describeNotes = (
  { kind, skip, needs, legalHold, lockedUntil }: BackupSetEntry,
  now: Date,
): string[] => [
  ...(kind === 'native' ? ['native'] : []),
  ...(isWhole({ skip }) ? [] : [`without ${skip.join(', ')}`]),
  ...(legalHold ? ['on hold'] : []),
  ...(lockedUntil !== undefined && Date.parse(lockedUntil) > now.getTime()
    ? [`locked until ${shortTime(lockedUntil)}`]
    : []),
  ...(needs.length > 0 ? [`builds on ${needs.join(', ')}`] : []),
];

/** To the minute, in UTC. */
const shortTime = (time: string): string => `${time.slice(0, 16).replace('T', ' ')}Z`;

/** What the upkeep of this moment would decide of every set, by the indexes. */
export const planNow = ({ kept, entries, indexes }: Backups, now: Date): RetentionDecision[] =>
  planRetention(entries, retentionOf(kept.policies, indexes), { now, dryRun: false });

/** One set: what it is, what speaks against it, and what becomes of it. */
export const renderSet = (set: BackupSet, backups: Backups, now: Date, width?: number): string => {
  const { legalHold, deletion, verification, secrets } = set;
  const { facts, against } = describeSet(set, undefined);
  const decision = planNow(backups, now).find((one) => one.set === set.id);
  const rows = [
    ['set', `${set.id} of ${set.environment}, policy ${set.policy}, ${set.kind}`],
    ['state', set.state],
    ['made by', set.execution.arn],
    ...(verification
      ? [['read', `${verification.at}, ${verification.verdict}: ${verification.record}`]]
      : []),
    ...(secrets ? [['secrets', `s3://${secrets.object.bucket}/${secrets.object.key}`]] : []),
    ...label('holds', facts),
    ...label('against', against),
    ...(legalHold ? [['on hold', `by ${legalHold.by} since ${legalHold.since}: ${legalHold.why}`]] : []),
    ...(deletion ? [['deletion', describeDeletion(deletion)]] : []),
    ...(decision ? [['retention', `${decision.action}: ${decision.reason}`]] : []),
  ];
  return renderColumns(rows, width);
};

/** The first of several lines has the name of all. */
const label = (name: string, lines: readonly string[]): string[][] =>
  lines.map((line, index) => [index === 0 ? name : '', line]);

const describeDeletion = ({
  startedAt,
  endedAt,
  why,
  refused,
}: NonNullable<BackupSet['deletion']>): string => {
  if (endedAt !== undefined) return `ended ${endedAt}. ${why}`;
  return refused === undefined ? `begun ${startedAt}. ${why}` : `tried ${startedAt}, and refused: ${refused}`;
};

/** What the nightly upkeep would delete now, and why everything else stays. */
export const renderPlan = (all: readonly Backups[], now: Date, width?: number): string =>
  all
    .map((backups) => {
      const decisions = planNow(backups, now);
      const goes = decisions.filter(({ action }) => action !== 'keep').length;
      const rows = decisions.map(({ set, policy, action, reason }) => [action, set, policy, reason]);
      return [
        `${backups.kept.environment}: ${goes} of ${decisions.length} sets would go`,
        ...(rows.length === 0 ? [] : [renderColumns([['ACTION', 'ID', 'POLICY', 'REASON'], ...rows], width)]),
      ].join('\n');
    })
    .join('\n\n');
