import type { ListedObject } from '../../clients/object-keys.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import { locateSetArchive } from '../verify/noted-archive.ts';
import type { CurrentStep } from './run-steps.ts';
import { failed, plainTurn, type StepTurn, waitFor } from './step-turn.ts';

/**
 * Whether the archive that was approved is still the one that the tool would fetch. Hours lie between, and the tool finds
 * out when it counts as destructive already: then the place stays closed although nothing was destroyed.
 */

/** What lies under its name. `lost`: nothing, or something else. `unknown`: S3 does not answer. */
export type ArchiveStanding =
  | { readonly state: 'there' }
  | { readonly state: 'lost'; readonly why: string }
  | { readonly state: 'unknown'; readonly why: string; readonly now: Date };

type Noted = Pick<BackupSet, 'id' | 'parts'>;

/**
 * Compares what lies under the name with what the set has noted, by size and entity tag. Whether it has versions or not,
 * the tool asks by the name alone.
 *
 * @param bucket where the archive of a set lies that nobody has read yet; that it is there is all that is asked of it.
 */
export const judgeStanding = (
  set: Noted,
  bucket: string,
  found: ListedObject | undefined,
): ArchiveStanding => {
  const place = locateSetArchive(set, bucket);
  const where = `s3://${place.bucket}/${place.key}`;
  const part = set.parts.find(({ kind }) => kind === 'archive');
  const noted = part?.kind === 'archive' ? part.object : undefined;
  const wanted = noted ? `${describe(noted)}, written ${noted.lastModified}` : 'of unknown size';
  if (!found) {
    return lost(`There is no ${where} any more, the archive of set ${set.id} (${wanted}).`, place.bucket);
  }
  if (!noted || isSame(noted, found)) return { state: 'there' };
  const there = `${describe(found)}, written ${found.lastModified}`;
  return lost(
    `${where} is not the archive of set ${set.id} any more: that was ${wanted}, and there lies ${there}.`,
    place.bucket,
  );
};

interface Told {
  readonly size: number;
  readonly etag: string;
}

const bare = (etag: string): string => etag.replaceAll('"', '');
const isSame = (one: Told, other: Told): boolean =>
  one.size === other.size && bare(one.etag) === bare(other.etag);
const describe = ({ size, etag }: Told): string => `${size} bytes, ETag ${bare(etag)}`;

const lost = (what: string, bucket: string): ArchiveStanding => ({
  state: 'lost',
  why:
    `${what} Nothing was destroyed. If ${bucket} keeps versions, \`aws s3api list-object-versions\` shows them: delete ` +
    'what lies over the one of the set, or restore another set.',
});

/** Seconds between two questions, and minutes after which S3 is given up: people may be locked out meanwhile. */
const ASK_SECONDS = 20;
const ASK_MINUTES = 10;

/** Lets a turn pass only with its archive. */
export const demandArchive = (
  standing: ArchiveStanding,
  { since }: Pick<CurrentStep, 'since'>,
  turn: StepTurn,
): StepTurn => {
  if (standing.state === 'there') return turn;
  if (standing.state === 'lost') return plainTurn(failed(standing.why));
  const minutes = since === undefined ? 0 : (standing.now.getTime() - Date.parse(since)) / 60_000;
  return plainTurn(
    minutes >= ASK_MINUTES
      ? failed(
          `whether the archive is still there could not be learned for ${ASK_MINUTES} minutes: ${standing.why}`,
        )
      : waitFor(ASK_SECONDS, `asks again whether the archive is still there: ${standing.why}`),
  );
};
