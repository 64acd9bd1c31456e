import { describe, expect, it } from 'vitest';
import { readGitLabVersion } from '../../../functions/backup/run/gitlab-version.ts';
import { CronJob } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';

const IMAGE = 'registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ee:v18.10.0';
const DIGEST = `sha256:${'0a'.repeat(32)}`;

const read = (image: string) => {
  const body = JSON.parse(JSON.stringify(chartCronJobBody()).replace(IMAGE, image));
  return readGitLabVersion(
    CronJob.parse({ ...body, metadata: { ...body.metadata, namespace: 'gitlab', uid: 'x' } }),
  );
};

describe('the version that a backup gets', () => {
  it.each([
    [IMAGE, '18.10.0-ee'],
    ['registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ce:v18.10.0', '18.10.0'],
    ['registry.gitlab.com/gitlab-org/build/cng/gitlab-toolbox-ee:v18.10.0-fips', '18.10.0-ee'],
    ['registry.gitlab.com/gitlab-org/build/cng/gitlab-task-runner-ee:v15.11.3', '15.11.3-ee'],
    ['registry.acme.example:5000/mirror/gitlab-toolbox-ee:v18.10.0', '18.10.0-ee'],
    [`registry.acme.example/gitlab-toolbox-ee:v18.10.0@${DIGEST}`, '18.10.0-ee'],
    ['registry.acme.example/toolbox:18.10.0-ee-acme2', '18.10.0-ee'],
    ['registry.acme.example/toolbox:18.10.0-ce.0', '18.10.0'],
  ])('of %s is %s', (image, version) => {
    expect(read(image)).toEqual({ ok: true, version });
  });

  it.each([
    ['registry.gitlab.com/cng/gitlab-toolbox-ee:master', /has no tag such as v18\.10\.0/],
    ['registry.gitlab.com/cng/gitlab-toolbox-ee', /has no tag such as v18\.10\.0/],
    [`registry.gitlab.com/cng/gitlab-toolbox-ee@${DIGEST}`, /has no tag such as v18\.10\.0/],
    ['registry.acme.example/gitlab-toolbox:v18.10.0', /edition ee or ce/],
    ['registry.acme.example/leekeeper/toolbox:v18.10.0', /edition ee or ce/],
  ])('of %s is not guessed', (image, reason) => {
    expect(read(image)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('is that of the backup, not of a container beside it', () => {
    const body = JSON.parse(
      JSON.stringify(chartCronJobBody()).replace('"name":"toolbox-backup"', '"name":"other"'),
    );
    const cronJob = CronJob.parse({
      ...body,
      metadata: { name: 'gitlab-toolbox-backup', namespace: 'gitlab', uid: 'x' },
    });
    expect(readGitLabVersion(cronJob)).toEqual({
      ok: false,
      reason: expect.stringContaining('no container toolbox-backup'),
    });
  });
});
