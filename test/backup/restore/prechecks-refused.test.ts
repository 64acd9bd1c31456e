import { describe, expect, it } from 'vitest';
import type { RestoreFacts } from '../../../functions/backup/restore/prechecks/facts.ts';
import { known } from '../preflight/preflight-facts.ts';
import { checksOf, judge, place, WEB } from './prechecked-place.ts';
import { buildAutoscaler } from './restore-builders.ts';
import { databaseWith, PRODUCTION, RELEASE, RESTORE_SET } from './restore-facts.ts';

/** What a restore is not begun with, one precheck after the other. */

const SECRET_ROW = { id: 'rails-secret', name: 'gitlab-rails-secret', differences: [] };

describe('before a restore', () => {
  it.each<[string, string, Partial<RestoreFacts>, string]>([
    [
      'set-verified',
      'a set that was found incomplete',
      { set: { ...RESTORE_SET, state: 'incomplete' } },
      'is incomplete',
    ],
    [
      'set-archive',
      'a set that is being deleted',
      { set: { ...RESTORE_SET, deletion: { startedAt: '2026-11-21T00:00:00.000Z', why: 'it is old' } } },
      'is being deleted since 2026-11-21',
    ],
    [
      'set-archive',
      'a set of recovery points alone',
      { set: { ...RESTORE_SET, parts: [] } },
      'has no archive',
    ],
    [
      'set-archive',
      'an increment',
      { set: { ...RESTORE_SET, needs: ['1772366400_2026_03_01_18.10.0-ee'] } },
      'can not be restored without',
    ],
    ['version', 'another version', { runningVersion: known('18.11.0-ee') }, 'exactly its own version'],
    ['version', 'another edition', { runningVersion: known('18.10.0') }, 'exactly its own version'],
    [
      'storages',
      'a storage that is gone',
      { release: known({ ...RELEASE, gitaly: { ...RELEASE.gitaly, storages: ['first'] } }) },
      'no storage default',
    ],
    [
      'buckets-apart',
      'two kinds in one bucket',
      {
        release: known({
          ...RELEASE,
          components: RELEASE.components.map((one) => ({ ...one, bucket: 'acme-all' })),
        }),
      },
      'these are shared: acme-all (lfs), acme-all (registry)',
    ],
    [
      'buckets-apart',
      'objects in the bucket of the backups',
      { release: known({ ...RELEASE, backupBucket: 'acme-lfs' }) },
      'acme-lfs (the backups)',
    ],
    [
      'role-rights',
      'a right that is missing',
      {
        rights: known({
          needed: [{ action: 's3:DeleteObject', resource: 'x', neededBy: 'restore' }],
          answers: [
            { action: 's3:DeleteObject', resource: 'x', decision: 'implicitDeny', missingContext: [] },
          ],
        }),
      },
      'may not s3:DeleteObject x',
    ],
    [
      'restore-space',
      'too small a disk',
      { scratch: known({ kind: 'generic-ephemeral', bytes: 60_000_000_000 }) },
      'two to three times',
    ],
    [
      'extensions',
      'a database without amcheck, which the role may not make',
      { extensions: known([databaseWith({ amcheck: { isThere: false } })]) },
      'gitlabhq_production lacks amcheck, and its role gitlab may not make them',
    ],
    [
      'extensions',
      'an extension that the role would drop and not make again',
      { extensions: known([databaseWith({ amcheck: { mayDrop: true } })]) },
      'would drop them, and they would stay away',
    ],
    [
      'extensions',
      'the second of two databases without one',
      {
        extensions: known([
          databaseWith({}),
          databaseWith({ pg_trgm: { isThere: false, mayMake: false } }, 'ci'),
        ]),
      },
      'Database ci lacks pg_trgm',
    ],
    ['cron-template', 'no CronJob', { hasCronJob: known(false) }, 'There is none'],
    [
      'workloads',
      'a release of another name',
      { target: { ...PRODUCTION, release: 'git' } },
      'app=webservice',
    ],
    [
      'gitops',
      'Argo CD',
      { place: place({ annotations: { 'argocd.argoproj.io/tracking-id': 'a' } }) },
      'Argo CD keeps Deployment gitlab-webservice-default',
    ],
    [
      'gitops',
      'Flux by its field manager',
      { place: place({ replicasSetBy: ['kustomize-controller'] }) },
      'set by kustomize-controller',
    ],
    [
      'autoscalers',
      'an autoscaler that scales from 0',
      {
        place: place(
          {},
          { autoscalers: [buildAutoscaler('HorizontalPodAutoscaler', WEB.name, { minReplicas: 0 })] },
        ),
      },
      'up from 0',
    ],
    [
      'autoscalers',
      'a ScaledObject that holds a number',
      {
        place: place(
          {},
          {
            autoscalers: [
              buildAutoscaler('ScaledObject', WEB.name, {
                annotations: { 'autoscaling.keda.sh/paused-replicas': '2' },
              }),
            ],
          },
        ),
      },
      'paused at 2 replicas',
    ],
    [
      'secrets',
      'secrets that nobody could compare',
      {
        secrets: known({
          meaning: 'unknown',
          secrets: [{ ...SECRET_ROW, state: 'unknown', meaning: 'unknown', message: 'Not readable.' }],
        }),
      },
      'Not readable. Without a proof',
    ],
    [
      'secrets',
      'other secrets, and none in the set',
      {
        secrets: known({
          meaning: 'put-back-first',
          secrets: [{ ...SECRET_ROW, state: 'differs', meaning: 'put-back-first', message: 'It differs.' }],
        }),
      },
      'has no secrets to put back',
    ],
    [
      'scratch-apart',
      'a scratch place that is production',
      { target: { ...PRODUCTION, kind: 'scratch' } },
      'the namespace of the GitLab that people use',
    ],
    [
      'other-backup',
      'a backup that runs',
      { running: known([{ job: 'b', since: 'now', startedBy: 'drydock' }]) },
      'Job b makes a backup',
    ],
    [
      'no-maintenance',
      'an upgrade of the cluster',
      {
        maintenance: known({
          version: 1,
          cluster: 'blue',
          why: 'upgrade to 1.36',
          owner: 'arn',
          since: '2026-11-22T08:00:00.000Z',
          until: '2026-11-22T10:00:00.000Z',
        }),
      },
      'upgrade to 1.36',
    ],
  ])('%s refuses %s', (code, _, changes, words) => {
    const [worst] = checksOf(changes, code);
    expect(worst).toMatchObject({ outcome: 'refuse', stops: true, message: expect.stringContaining(words) });
    expect(worst?.remedy).toMatch(/\.$/);
    expect(judge(changes).mayStart).toBe(false);
  });
});
