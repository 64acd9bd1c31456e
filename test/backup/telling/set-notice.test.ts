import { describe, expect, it } from 'vitest';
import {
  composeNoSetNotice,
  composeSetNotice,
  type EndState,
  type NoSetOutcome,
} from '../../../functions/backup/telling/set-notice.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import type { BackupCopy } from '../../../functions/records/backup/set-parts.ts';
import type { VerificationReason } from '../../../functions/records/backup/verification.ts';
import { Notice } from '../../../functions/records/message.ts';
import { renderMessage } from '../../../functions/rules/message-text.ts';
import { BACKUP_TIME, buildEntry, buildSet } from '../../support/backup-sets.ts';

const { execution } = buildSet();
const BEFORE = buildEntry(33, { size: 100_000_000_000, duration: 100 * 60_000 });

const reason = (subject: string, changes: Partial<VerificationReason> = {}): VerificationReason => ({
  code: 'part-missing',
  result: 'incomplete',
  subject,
  message: 'It is not there.',
  ...changes,
});
/** A set that ended in a state, with what speaks against it. */
const ended = (
  state: EndState,
  reasons: VerificationReason[] = [],
  changes: Partial<BackupSet> = {},
): BackupSet & { state: EndState } => {
  const verdict = state === 'failed' || state === 'unverified' ? 'not-checked' : state;
  const verification = { verdict, at: BACKUP_TIME.toISOString(), record: 'backup/x.json', reasons };
  const found = reasons.filter(({ result }) => result !== 'note').length;
  return { ...buildSet(changes), state, verification: { ...verification, found } };
};
const tell = (set: BackupSet & { state: EndState }, before: typeof BEFORE | undefined = BEFORE) =>
  composeSetNotice(set, before, { execution, now: BACKUP_TIME });

describe('the subject line', () => {
  it.each<[EndState, string]>([
    ['verified', 'Drydock info (production): Backup daily of production is verified: 104 GB in 1 h 52 min.'],
    ['unverified', 'Drydock warning (production): Backup daily of production was written and not verified.'],
    ['incomplete', 'Drydock critical (production): Backup daily of production is incomplete.'],
    ['corrupt', 'Drydock critical (production): Backup daily of production is corrupt.'],
    ['not-checked', 'Drydock warning (production): Backup daily of production could not be checked in full.'],
    ['failed', 'Drydock critical (production): Backup daily of production failed.'],
  ])('of a backup that is %s is "%s"', (state, subject) => {
    expect(renderMessage(tell(ended(state))).subject).toBe(subject);
  });

  it.each<[BackupCopy['state'], string, string]>([
    ['verified', 'info', 'Nothing.'],
    ['differs', 'warning', 'See why its copy is not'],
    ['failed', 'warning', 'See why its copy is not'],
    ['not-checked', 'warning', 'See why its copy is not'],
    ['copying', 'warning', 'See why its copy is not'],
  ])('of a good one whose copy is %s is %s', (state, severity, next) => {
    const place = { region: 'eu-west-1', bucket: 'copies', startedAt: BACKUP_TIME.toISOString() };
    const notice = tell(ended('verified', [], { copies: [{ ...place, state }] }));
    expect(notice.severity).toBe(severity);
    expect(notice.next).toContain(next);
    expect(notice.happened.includes('and its copy is not')).toBe(severity === 'warning');
  });

  it('names what is missing, two of it', () => {
    const reasons = ['uploads.tar.gz', 'uploads.tar.gz', 'db', 'lfs.tar.gz'].map((subject) =>
      reason(subject),
    );
    expect(tell(ended('incomplete', reasons)).happened).toBe(
      'Backup daily of production is incomplete: uploads.tar.gz, db and 1 more.',
    );
  });

  it.each<[NoSetOutcome, string]>([
    ['refused', 'Backup daily of production was not made: it would not have worked.'],
    ['overlapped', 'Backup daily of production was not made: another one was at work.'],
    ['paused', 'Backup daily of production was not made: backups are paused.'],
    ['not-begun', 'Backup daily of production was not made: it broke off at its beginning.'],
    ['lost', 'Backup daily of production is lost: its manifest was deleted while it was made.'],
  ])('of a backup that was %s says "%s"', (outcome, happened) => {
    const run = { environment: 'production', policy: 'daily', outcome, reasons: ['as it was'] };
    const notice = composeNoSetNotice(run, { execution, now: BACKUP_TIME });
    expect(Notice.parse(notice)).toMatchObject({ happened, outcome, reasons: ['as it was'] });
  });
});

describe('the message about a backup', () => {
  it('has its size, time and growth, what was left out, and where it lies', () => {
    const takenAt = '2026-11-21T03:02:00.000Z';
    const set = ended('verified', [reason('registry', { result: 'note' })], {
      skip: ['registry'],
      timings: {
        job: { startedAt: '2026-11-21T03:02:00.000Z', endedAt: '2026-11-21T04:32:00.000Z' },
        verification: { startedAt: '2026-11-21T04:50:20.000Z', endedAt: '2026-11-21T04:51:00.000Z' },
      },
      parts: [
        {
          kind: 'archive',
          takenAt,
          contents: [],
          object: { bucket: 'gl', key: 'a.tar', etag: '"1"', size: 1, lastModified: takenAt },
        },
        {
          kind: 'bucket',
          takenAt,
          component: 'registry',
          bucket: 'gl-registry',
          at: takenAt,
          versioning: 'suspended',
          replication: { status: 'behind' },
        },
      ],
      copies: [{ region: 'eu-west-1', bucket: 'c', state: 'failed', startedAt: takenAt, reason: 'no right' }],
    });
    expect(tell(set).reasons).toEqual([
      'Set 1795230000_2026_11_21_18.10.0-ee, GitLab 18.10.0-ee, as of 2026-11-21T03:02:00.000Z.',
      `Size: 104 GB, 4.00 GB (4.0 %) more than the one before, ${BEFORE.id}.`,
      'Time: 1 h 52 min (job 1 h 30 min, verification 40 s); the one before took 1 h 40 min.',
      'Left out on purpose: registry.',
      'Archive: s3://gl/a.tar',
      'Buckets whose versions were marked: 1.',
      'Without versions, so nothing leads back: gl-registry.',
      'Replica not complete: gl-registry (behind).',
      'Copy in eu-west-1: failed, no right',
    ]);
  });

  it('of a native set says how far back its database goes, and where its repositories lie', () => {
    const takenAt = '2026-11-21T03:02:00.000Z';
    const parts: BackupSet['parts'] = [
      { kind: 'database', takenAt, instance: 'gitlab', latestRestorableTime: takenAt },
      { kind: 'gitaly', takenAt, id: 'x', bucket: 'gl-gitaly', projects: 4014 },
      {
        kind: 'recovery-point',
        takenAt,
        arn: 'arn:aws:backup:1',
        vault: 'v',
        resource: 'r',
        resourceType: 'RDS',
      },
    ];
    expect(tell(ended('verified', [], { parts })).reasons.slice(3)).toEqual([
      'Database gitlab: to any second up to 2026-11-21T03:02:00.000Z, without a snapshot.',
      'Repositories: on the side of Gitaly in gl-gitaly, 4014 projects.',
      'Recovery point of RDS: arn:aws:backup:1',
    ]);
  });

  it('of a first backup compares it with none', () => {
    const lines = composeSetNotice(ended('verified'), undefined, { execution, now: BACKUP_TIME }).reasons;
    expect(lines[1]).toBe('Size: 104 GB; there is none before it to compare.');
  });

  it('names secrets that a restore needs and that were not saved', () => {
    const one = { purpose: 'data' as const, keys: {} };
    const takenAt = BACKUP_TIME.toISOString();
    const secrets: BackupSet['secrets'] = {
      object: { bucket: 's', key: 'k' },
      kmsKey: 'alias/secrets',
      fingerprints: {
        version: 1,
        environment: 'production',
        keyId: '0123456789abcdef',
        takenAt,
        secrets: [
          { ...one, id: 'a', name: 'gitlab-rails-secret', need: 'required', state: 'absent' },
          { ...one, id: 'b', name: 'gitlab-pages', need: 'when-used', state: 'absent' },
          { ...one, id: 'c', name: 'gitlab-smtp', need: 'optional', state: 'unreadable' },
          { ...one, id: 'd', name: 'gitlab-kas', need: 'required', state: 'read' },
        ],
      },
    };
    expect(renderMessage(tell(ended('verified', [], { secrets }))).body).toContain(
      'Not saved with it, and needed by a restore: gitlab-rails-secret (absent), gitlab-smtp (unreadable).',
    );
  });

  it('begins with what speaks against it, each with its remedy, and has no notes', () => {
    const reasons = [reason('db', { remedy: 'Take it again.' }), reason('registry', { result: 'note' })];
    const told = tell(ended('incomplete', reasons)).reasons;
    expect(told.slice(0, 2)).toEqual([
      'incomplete: db: It is not there. Take it again.',
      expect.stringMatching(/^Set \d+/),
    ]);
    expect(told.join('\n')).not.toContain('registry');
  });

  it('with more against it than a message takes counts the rest, and says where it is', () => {
    const reasons = Array.from({ length: 50 }, (_, index) => reason(`part-${index}`));
    const set = ended('incomplete', reasons);
    const told = { ...set, verification: { ...set.verification, found: 4_000 } };
    const { body } = renderMessage(tell(told as typeof set));
    expect(body).toContain('part-15: It is not there.\n  - and 3984 more, in backup/x.json of the ledger\n');
    expect(body).not.toContain('part-16');
  });

  it('has room for what is against it beside twenty recovery points and all that else is to be said', () => {
    const point = (name: string) => ({
      kind: 'recovery-point' as const,
      takenAt: BACKUP_TIME.toISOString(),
      arn: `arn:aws:backup:eu-central-1:111122223333:recovery-point:${name}`,
      vault: 'gitlab',
      resource: 'arn:aws:rds:eu-central-1:111122223333:db:gitlab',
      resourceType: 'RDS',
    });
    const parts = Array.from({ length: 20 }, (_, index) => point(String(index)));
    const set = ended('incomplete', [reason('uploads.tar.gz')], { parts });
    const also = ['one', 'two', 'three', 'four', 'five', 'six'];
    const { reasons } = composeSetNotice(set, BEFORE, { execution, now: BACKUP_TIME, also });
    expect(reasons).toHaveLength(20);
    expect(reasons[0]).toContain('uploads.tar.gz');
  });

  it('says what else a person should know, four lines of it, and counts the rest', () => {
    const also = ['one', 'two', 'three', 'four', 'five', 'six'];
    const { reasons } = composeSetNotice(ended('verified'), BEFORE, { execution, now: BACKUP_TIME, also });
    expect(reasons.slice(-5)).toEqual([
      'one',
      'two',
      'three',
      'four',
      'and 2 more to know, in its execution',
    ]);
  });

  it('has no secret that a log or a name brought along', () => {
    const set = ended(
      'incomplete',
      [reason('glpat-canary12345678'), reason('x', { message: 'password=canary' })],
      {
        failure: { code: 'x', message: 'psql: postgres://gitlab:canary@db' },
      },
    );
    expect(JSON.stringify(renderMessage(tell(set)))).not.toContain('canary');
  });

  it.each<EndState>(['verified', 'unverified', 'incomplete', 'corrupt', 'not-checked', 'failed'])(
    'that is %s is a notice, with an id that two sets of one execution do not share',
    (state) => {
      const long = { ...execution, name: 'n'.repeat(80) };
      const of = (set: BackupSet & { state: EndState }) =>
        Notice.parse(composeSetNotice(set, BEFORE, { execution: long, now: BACKUP_TIME })).id;
      expect(of(ended(state))).not.toBe(of(ended(state, [], { id: BEFORE.id })));
    },
  );
});
