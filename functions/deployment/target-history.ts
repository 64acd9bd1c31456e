import { appendRecord, type Ledger } from '../clients/ledger.ts';
import { type TargetEntry, targetEntryKey, targetEntryKind } from '../records/decision.ts';

/** Adds an entry to a target's history: what `why` prints. A second time is no error. */
export const noteTarget = async (
  ledger: Pick<Ledger, 'claim'>,
  about: Pick<TargetEntry, 'at' | 'target' | 'image' | 'tag' | 'digest' | 'execution'>,
  answer: Pick<TargetEntry, 'outcome' | 'code' | 'reason'>,
): Promise<void> => {
  const { at, target, image, tag, digest, execution } = about;
  const entry: TargetEntry = { version: 1, at, target, image, tag, digest, ...answer, execution };
  await appendRecord(ledger, targetEntryKind, targetEntryKey(entry), entry);
};
