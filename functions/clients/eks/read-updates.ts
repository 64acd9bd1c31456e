import { DescribeUpdateCommand, paginateListUpdates } from '@aws-sdk/client-eks';
import type { UpdateFact } from '../../records/upgrade/aws-facts.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { mapBounded } from '../bounded.ts';
import { CALL_WIDTH, callEks, collectPages, unlessGone } from './eks-call.ts';
import type { UpdateSubject } from './eks-reader.ts';
import { addressSubject, nameSubject, normaliseUpdate } from './normalise-update.ts';

/**
 * ListUpdates, and DescribeUpdate of each; newest first. ListUpdates gives ids in no documented order, so every one
 * is looked at: one that runs must not be missed because it stood at the end.
 */
export const readUpdates = async (
  region: string,
  cluster: string,
  subject?: UpdateSubject,
  signal?: AbortSignal,
): Promise<UpdateFact[]> => {
  const about = nameSubject(subject);
  const question = { operation: 'ListUpdates', cluster, about, region };
  const input = { name: cluster, ...addressSubject(subject) };
  const ids = await callEks(question, signal, ({ client, options }) =>
    collectPages(paginateListUpdates({ client }, input, options), ({ updateIds }) => updateIds),
  );
  const updates = await mapBounded(ids, CALL_WIDTH, (id) =>
    recall(`${region}/${cluster}/${about}/${id}`, () =>
      unlessGone(readUpdate(region, cluster, id, subject, signal)),
    ),
  );
  return updates.flatMap((update) => update ?? []).toSorted(newestFirst);
};

/** Statuses that nothing follows: API reference, `Update`. Any other, and one that is new to us, is asked for again. */
const ENDED: ReadonlySet<string> = new Set(['Successful', 'Failed', 'Cancelled']);
/** What has ended, as long as the process lives: a run looks every minute, and a cluster keeps years of updates. */
const ended = new Map<string, UpdateFact>();
const MOST_ENDED = 2_000;

const recall = async (
  key: string,
  read: () => Promise<UpdateFact | undefined>,
): Promise<UpdateFact | undefined> => {
  const known = ended.get(key);
  if (known) return known;
  const update = await read();
  if (update && ENDED.has(update.status)) {
    if (ended.size >= MOST_ENDED) ended.clear();
    ended.set(key, update);
  }
  return update;
};

const newestFirst = (a: UpdateFact, b: UpdateFact): number =>
  Date.parse(b.createdAt ?? '') - Date.parse(a.createdAt ?? '') || (a.id < b.id ? -1 : 1);

/** DescribeUpdate. @throws RefusedError `eks.missing` when there is none of this id for this subject. */
export const readUpdate = async (
  region: string,
  cluster: string,
  id: string,
  subject?: UpdateSubject,
  signal?: AbortSignal,
): Promise<UpdateFact> => {
  const question = { operation: 'DescribeUpdate', cluster, about: `update ${id}`, region };
  return callEks(question, signal, async ({ client, options }) => {
    const input = { name: cluster, updateId: id, ...addressSubject(subject) };
    const { update } = await client.send(new DescribeUpdateCommand(input), options);
    if (update) return normaliseUpdate(update, subject);
    throw new RefusedError('eks.missing', `EKS cluster ${cluster} in ${region} has no update ${id}.`);
  });
};
