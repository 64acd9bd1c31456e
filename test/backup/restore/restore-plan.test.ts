import { describe, expect, it } from 'vitest';
import { chooseRestoreSet } from '../../../functions/backup/restore/choose-set.ts';
import { makeRestorePlan } from '../../../functions/backup/restore/make-restore-plan.ts';
import type { RestoreFacts } from '../../../functions/backup/restore/prechecks/facts.ts';
import { choosePutBack } from '../../../functions/backup/restore/tmp-folders.ts';
import { buildEntry, buildSet } from '../../support/backup-sets.ts';
import { known } from '../preflight/preflight-facts.ts';
import { buildFingerprint, STEPS } from './restore-builders.ts';
import { ORDINARY_RESTORE, PLACE, PRODUCTION, REQUEST, RESTORE_SET } from './restore-facts.ts';

const plan = (changes: Partial<RestoreFacts> = {}) =>
  makeRestorePlan({ ...ORDINARY_RESTORE, ...changes }, []);

describe('the plan of a restore', () => {
  it('has every step in its order, and skips what the archive does not hold', () => {
    expect(plan().steps.map(({ step }) => step)).toEqual(STEPS);
    expect(plan()).toMatchObject({
      skip: [
        'registry',
        'artifacts',
        'packages',
        'external_diffs',
        'terraform_state',
        'pages',
        'ci_secure_files',
      ],
      buckets: [
        { component: 'uploads', bucket: 'acme-uploads' },
        { component: 'lfs', bucket: 'acme-lfs' },
      ],
      quiesced: [
        { name: 'gitlab-sidekiq-all', replicas: 2 },
        { name: 'gitlab-webservice-default', replicas: 3 },
      ],
    });
  });

  it('backs a scratch place up by nothing', () => {
    expect(
      plan({ target: { ...PRODUCTION, kind: 'scratch', namespace: 'drill' } }).steps.map(({ step }) => step),
    ).not.toContain('safety-backup');
  });

  it('goes without a safety backup only when somebody says why', () => {
    const request = { ...REQUEST, overrides: [{ check: 'safety-backup', why: 'the database is gone' }] };
    expect(plan({ request }).steps[0]?.step).toBe('suspend-schedules');
  });

  it('restores no objects of an archive that no chart has made', () => {
    const information = known({
      installationType: 'omnibus-gitlab',
      skipped: [],
      storages: [],
      repositoriesServerSide: false,
    });
    expect(plan({ information })).toMatchObject({ buckets: [] });
    expect(plan({ information }).skip).toEqual(expect.arrayContaining(['uploads', 'lfs']));
    expect(plan({ information }).skip).not.toContain('db');
  });

  it('writes secrets that have to be put back, and host keys where it takes the place of the old GitLab', () => {
    const saved = [
      buildFingerprint('rails-secret', 'a'),
      buildFingerprint('host-keys', 'b', { purpose: 'identity' }),
      buildFingerprint('psql', 'c', { purpose: 'connection' }),
    ];
    const set = buildSet({
      ...RESTORE_SET,
      secrets: {
        object: { bucket: 's', key: 'k' },
        kmsKey: 'key',
        fingerprints: {
          version: 1,
          environment: 'production',
          keyId: '0123456789abcdef',
          takenAt: RESTORE_SET.startedAt,
          secrets: saved,
        },
      },
    });
    const rows = saved.map(({ id, name }) => ({
      id,
      name,
      state: 'differs' as const,
      differences: [],
      meaning: id === 'rails-secret' ? ('put-back-first' as const) : ('as-it-is' as const),
      message: '',
    }));
    const secrets = known({ meaning: 'put-back-first' as const, secrets: rows });
    expect(plan({ set, secrets }).secrets.map(({ id }) => id)).toEqual(['rails-secret', 'host-keys']);
    const scratch = { ...PRODUCTION, kind: 'scratch' as const };
    expect(plan({ set, secrets, target: scratch }).secrets.map(({ id }) => id)).toEqual(['rails-secret']);
  });

  it('has the same name whoever asks, and another one for whatever decides', () => {
    const { id } = plan();
    const changed = PLACE.workloads.map((one) => ({ ...one, replicas: 0 }));
    expect(
      plan({ request: { ...REQUEST, by: 'Grace' }, place: known({ ...PLACE, workloads: changed }) }).id,
    ).toBe(id);
    expect(plan({ target: { ...PRODUCTION, namespace: 'other' } }).id).not.toBe(id);
    expect(plan({ set: { ...RESTORE_SET, id: '1772366400_2026_03_01_18.10.0-ee' } }).id).not.toBe(id);
  });
});

describe('the set that is restored', () => {
  const sets = [
    buildEntry(2, { skip: ['repositories'] }),
    buildEntry(5),
    buildEntry(1, { state: 'corrupt' }),
    buildEntry(30),
  ];

  it('is the newest verified one that brings all back, when none is named', () => {
    expect(chooseRestoreSet('production', sets, undefined, [])).toEqual({ ok: true, set: sets[1] });
  });

  it('is never the safety backup of an earlier restore, unless it is named', () => {
    const safety = sets[1]?.id ?? '';
    expect(chooseRestoreSet('production', sets, undefined, [safety])).toEqual({ ok: true, set: sets[3] });
    expect(chooseRestoreSet('production', sets, safety, [safety])).toEqual({ ok: true, set: sets[1] });
  });

  it('that nobody knows is answered with those that there are', () => {
    expect(chooseRestoreSet('production', sets, '1772366400_2026_03_01_18.10.0-ee', [])).toMatchObject({
      ok: false,
      reason: expect.stringContaining(sets[1]?.id ?? ''),
    });
    expect(chooseRestoreSet('production', [], undefined, [])).toMatchObject({ ok: false });
  });
});

describe('what comes back out of the tmp bucket', () => {
  const run = {
    startedAt: new Date(1_763_690_340_000).toISOString(),
    destructiveAt: new Date(1_763_690_400_000).toISOString(),
  };
  const buckets = [
    { component: 'uploads' as const, bucket: 'acme-uploads' },
    { component: 'lfs' as const, bucket: 'acme-lfs' },
  ];

  it('is the oldest folder of this restore: a second attempt put away what the first had left', () => {
    const prefixes = [
      'uploads.1763690900/',
      'uploads.1763690405/',
      'uploads.1700000000/',
      'strange/',
      'pages.1763690405/',
    ];
    expect(choosePutBack(prefixes, run, { buckets })).toEqual({
      folders: [{ component: 'uploads', prefix: 'uploads.1763690405/', bucket: 'acme-uploads' }],
      untouched: ['lfs'],
    });
  });

  it('is none of a restore that ended just before this one began, however small both are', () => {
    const prefixes = ['uploads.1763690330/', 'uploads.1763690395/', 'lfs.1763690339/'];
    expect(choosePutBack(prefixes, run, { buckets })).toEqual({
      folders: [{ component: 'uploads', prefix: 'uploads.1763690395/', bucket: 'acme-uploads' }],
      untouched: ['lfs'],
    });
  });
});
