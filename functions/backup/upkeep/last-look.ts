import { isDeepStrictEqual } from 'node:util';
import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry, BackupSetIndex } from '../../records/backup/set-index.ts';
import type { DeletionVerdict } from '../retention/deletion.ts';
import { planRetention } from '../retention/retention-plan.ts';
import { summariseSet } from '../sets/set-entry.ts';
import type { SetStore } from '../sets/set-store.ts';
import { isWhole, listVerified } from '../sets/verified-sets.ts';
import type { KeptEnvironment } from './kept-environments.ts';
import { entriesOf, retentionOf } from './listed-sets.ts';

/** Corrections of the indexes in one look; each takes another set out of what they say. */
const MAX_CORRECTIONS = 20;

/**
 * Decides once more whether a set may go, by what there is right now. Hours have passed since the plan, and in them a
 * newer set, on whose account this one was to go, may have been found corrupt: then this one is the last again. Those on
 * which it depends are asked by their manifests, since an index may have missed it.
 *
 * @param indexes of all policies of the environment, read after the deletion was noted in the manifest.
 */
export const lookAgain = async (
  set: BackupSet,
  { policies }: Pick<KeptEnvironment, 'policies'>,
  indexes: ReadonlyMap<string, BackupSetIndex>,
  { sets, now }: { readonly sets: Pick<SetStore, 'read'>; readonly now: Date },
): Promise<DeletionVerdict> => {
  const own = summariseSet(set);
  let entries = [...entriesOf(indexes).filter(({ id }) => id !== set.id), own];
  for (let round = 0; round < MAX_CORRECTIONS; round++) {
    const plan = planRetention(entries, retentionOf(policies, indexes), { now, dryRun: false });
    const decision = plan.find((one) => one.set === set.id);
    if (decision?.action !== 'delete') {
      return { ok: false, reason: decision?.reason ?? 'Nothing is known of it any more.' };
    }
    const asked = await Promise.all(
      listWitnesses(own, entries).map(async (entry) => {
        const there = await sets.read({ environment: set.environment, id: entry.id });
        return { entry, there: there && summariseSet(there) };
      }),
    );
    const wrong = asked.filter(({ entry, there }) => !isDeepStrictEqual(entry, there));
    if (wrong.length === 0) return { ok: true };
    entries = entries.flatMap((entry) => {
      const correction = wrong.find((one) => one.entry.id === entry.id);
      return correction ? (correction.there ?? []) : entry;
    });
  }
  return { ok: false, reason: 'The sets on whose account it may go change all the time.' };
};

/** The sets that let this one go by being verified, and newer. */
const listWitnesses = (own: BackupSetEntry, entries: readonly BackupSetEntry[]): BackupSetEntry[] => {
  const verified = listVerified(entries);
  const ofPolicy = verified.filter(({ policy }) => policy === own.policy);
  const found = [
    verified[0],
    verified.find(isWhole),
    ofPolicy[0],
    ofPolicy.find(({ skip }) => skip.every((component) => own.skip.includes(component))),
  ];
  return [...new Set(found.flatMap((one) => (one && one.id !== own.id ? [one] : [])))];
};
