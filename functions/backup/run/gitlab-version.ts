import { parseImageReference } from '../../records/image-reference.ts';
import type { CronJob } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER } from '../job/backup-job.ts';

export type GitLabVersion =
  | { readonly ok: true; readonly version: string }
  | { readonly ok: false; readonly reason: string };

/** Tags of GitLab's images are its version with a `v`, and of a FIPS build with an end of their own. */
const TAG = /^v?(\d+\.\d+\.\d+)(?:-(?:rc\d+|[0-9A-Za-z.]+))*$/;
/** `gitlab-toolbox-ee`, `gitlab-task-runner-ce`: in its name, or in the tag of an image that somebody built. */
const EDITION = /(?:^|[-_.])(ee|ce)(?:$|[-_.])/;

/**
 * The version that the toolbox would write into a backup: `18.10.0-ee`, and of the community edition `18.10.0`. It is
 * part of the archive's name, and GitLab restores into exactly its own version and edition.
 *
 * Source: CNG, gitlab-toolbox/Dockerfile: its image has the tag and the VERSION file of GitLab Rails.
 */
export const readGitLabVersion = ({ metadata, spec }: CronJob): GitLabVersion => {
  const { containers } = spec.jobTemplate.spec.template.spec;
  const image = containers.find(({ name }) => name === BACKUP_CONTAINER)?.['image'];
  const where = `CronJob ${metadata.namespace}/${metadata.name}`;
  if (typeof image !== 'string') {
    const reason = `${where} has no container ${BACKUP_CONTAINER} with an image, so it is not the one of the chart.`;
    return { ok: false, reason };
  }
  const shown = image.slice(0, 200);
  const { repository = '', tag = '' } = parseImageReference(image) ?? {};
  const number = TAG.exec(tag)?.[1];
  if (number === undefined) {
    const reason = `The image of ${where}, ${shown}, has no tag such as v18.10.0, and without the version of GitLab no backup can be named.`;
    return { ok: false, reason };
  }
  const edition = EDITION.exec(repository.split('/').at(-1) ?? '')?.[1] ?? EDITION.exec(tag)?.[1];
  if (edition === undefined) {
    const reason = `The image of ${where}, ${shown}, does not say whether it is of the edition ee or ce; name it ...-ee or ...-ce, as GitLab does.`;
    return { ok: false, reason };
  }
  return { ok: true, version: edition === 'ee' ? `${number}-ee` : number };
};
