import type { ReleaseFacts } from '../../records/backup/release-facts.ts';
import type { BackupSubject } from '../backup-subject.ts';
import { withoutDot } from '../job/sentence-part.ts';
import { skippedByTool } from '../run/job-wishes.ts';

/** Buckets that the backup tool reads in one run. */
interface SourceBuckets {
  readonly buckets: readonly string[];
  /** Why others may be missing here, without its dot. */
  readonly unknown?: string;
}

/**
 * What the tool reads: the bucket of each component that is switched on and not left out.
 *
 * @param release undefined when nobody read it in this run.
 */
export const findSources = (
  subject: Pick<BackupSubject, 'settings' | 'policySettings'>,
  release: ReleaseFacts | undefined,
): SourceBuckets => {
  const skipped: readonly string[] = skippedByTool(subject);
  if (release?.state !== 'read') {
    return { buckets: [], unknown: withoutDot(release?.problem ?? 'the Helm release was not read') };
  }
  if (release.backend !== 's3')
    return { buckets: [], unknown: 'the toolbox keeps its archives outside of S3' };
  const read = release.components.filter(({ component, on }) => on && !skipped.includes(component));
  const nameless = read.filter(({ bucket }) => bucket === undefined).map(({ component }) => component);
  return {
    buckets: [...new Set(read.flatMap(({ bucket }) => bucket ?? []))],
    ...(nameless.length > 0 && { unknown: `the values name no bucket of ${nameless.join(', ')}` }),
  };
};
