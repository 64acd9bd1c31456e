import type { ObjectKeys } from '../../clients/object-keys.ts';
import type { MarkProgress } from '../../records/backup/mark-progress.ts';
import { MANIFEST_PREFIX, tallyManifests } from './gitaly-count.ts';
import { type Looked, lookAt, marked, problem } from './looked.ts';
import { GITALY } from './subjects.ts';

interface GitalyRequest {
  /** Under which Gitaly keeps the backup: that of the set. */
  readonly id: string;
  /** Undefined where neither drydock.yaml nor the values name it. */
  readonly bucket: string | undefined;
  /** When the repositories began to be written. */
  readonly takenAt: string;
  /** How far an earlier call came. */
  readonly from: MarkProgress['gitaly'];
}

/** A look at Gitaly's bucket, and how far it came when that is not its end. */
export interface GitalyLook extends Looked {
  readonly counting?: NonNullable<MarkProgress['gitaly']>;
}

/**
 * Counts what Gitaly wrote under the id of a set. A bucket holds every backup of every repository, so that this may take
 * several Lambdas.
 *
 * @param hasTime asked before each page of a thousand names.
 */
export const markGitaly = async (
  { id, bucket, takenAt, from }: GitalyRequest,
  keys: ObjectKeys,
  hasTime: () => boolean,
  signal?: AbortSignal,
): Promise<GitalyLook> => {
  if (bucket === undefined) {
    const message = 'Neither drydock.yaml nor the values of the chart name the bucket of Gitaly.';
    return problem('gitaly-unnamed', GITALY, message);
  }
  let tally = from ?? { projects: 0, besides: 0 };
  let isDone = false;
  const look = await lookAt(GITALY, 'gitaly-unknown', async () => {
    while (!isDone && hasTime()) {
      const page = await keys.list(bucket, MANIFEST_PREFIX, tally.after, signal);
      const after = page.keys.at(-1) ?? tally.after;
      tally = {
        ...tallyManifests(tally, page.keys, id),
        ...(after === undefined ? {} : { after }),
      };
      isDone = !page.more;
    }
    const { projects } = tally;
    return isDone ? marked({ kind: 'gitaly', takenAt, id, bucket, projects }) : marked();
  });
  return isDone ? look : { ...look, counting: tally };
};
