import { mapBounded } from '../../clients/bounded.ts';
import type { Ledger } from '../../clients/ledger.ts';
import type { Pauses } from '../../clients/pauses.ts';
import type { SetReference } from '../../records/backup/run.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { maintenanceKey, maintenanceKind } from '../../records/maintenance.ts';
import type { BackupSubject } from '../backup-subject.ts';
import { hasEnded } from '../run/run-note.ts';
import type { SetStore } from '../sets/set-store.ts';
import { listVerified } from '../sets/verified-sets.ts';
import type { PastArchive } from './expected-size.ts';
import type { PreflightFacts, PreviousSet } from './facts.ts';
import { learnSurely } from './learn.ts';

export interface LedgerSources {
  readonly ledger: Ledger;
  readonly pauses: Pauses;
  readonly sets: Pick<SetStore, 'read' | 'list' | 'listAll'>;
}

type LedgerFacts = Pick<PreflightFacts, 'history' | 'maintenance' | 'pause' | 'previousSet'>;

/** As many as rules look back; older ones say more of the past than of tonight. */
const HISTORY = 14;
const WIDTH = 5;

/**
 * What was written down before. Where the ledger holds something that no release reads, the fact stays unknown.
 *
 * @throws TransientError while the ledger does not answer.
 */
export const learnLedger = async (
  subject: BackupSubject,
  set: SetReference,
  { ledger, pauses, sets }: LedgerSources,
  signal: AbortSignal,
): Promise<LedgerFacts> => {
  const { environment, policy, cluster } = subject;
  const [history, maintenance, pause, previousSet] = await Promise.all([
    learnSurely(() => readHistory(subject, sets), signal),
    learnSurely(async () => (await ledger.read(maintenanceKind, maintenanceKey(cluster)))?.value, signal),
    learnSurely(() => pauses.judge({ capability: 'backup', environment, target: policy }), signal),
    learnSurely(() => findPrevious(set, { ledger, sets }), signal),
  ]);
  return { history, maintenance, pause, previousSet };
};

/** Archives of the same components alone: one that holds more tells nothing of one that holds less. */
const readHistory = async (
  { environment, policy, policySettings }: BackupSubject,
  sets: Pick<SetStore, 'read' | 'list'>,
): Promise<PastArchive[]> => {
  const skipped = policySettings.skip.toSorted().join();
  const alike = listVerified(await sets.list(environment, policy))
    .filter(({ kind, skip }) => kind === 'tar' && skip.toSorted().join() === skipped)
    .slice(0, HISTORY);
  const found = await mapBounded(alike, WIDTH, async (entry) => {
    const set = await sets.read({ environment, id: entry.id });
    return set ? describeArchive(set, entry) : [];
  });
  return found.flat();
};

const describeArchive = ({ parts, timings }: BackupSet, { takenAt, size }: BackupSetEntry): PastArchive[] => {
  const archive = parts.find(({ kind }) => kind === 'archive');
  const bytes = archive?.kind === 'archive' ? archive.object.size : size;
  if (bytes === undefined) return [];
  const { startedAt, endedAt } = timings.job ?? {};
  const ms = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : undefined;
  return [
    {
      takenAt: new Date(takenAt),
      bytes,
      ...(ms !== undefined && ms >= 0 && { minutes: Math.ceil(ms / 60_000) }),
    },
  ];
};

/**
 * A set that is still being made before the last one that has ended. This run holds the environment, so whoever makes
 * it has lost its lock, and may go on all the same; one whose execution has ended makes nothing any more.
 */
const findPrevious = async (
  { environment, id }: SetReference,
  { ledger, sets }: Pick<LedgerSources, 'ledger' | 'sets'>,
): Promise<PreviousSet | undefined> => {
  const all = await sets.listAll(environment);
  const others = all.filter((entry) => entry.id !== id).toSorted((a, b) => (a.id < b.id ? 1 : -1));
  for (const { id: other } of others.filter(({ state }) => state === 'running')) {
    const set = await sets.read({ environment, id: other });
    if (set?.state === 'running' && !(await hasEnded(ledger, set.execution))) {
      return { id: other, state: 'running', startedAt: set.startedAt };
    }
  }
  const last = others[0];
  return last && { id: last.id, state: 'ended', startedAt: last.takenAt };
};
