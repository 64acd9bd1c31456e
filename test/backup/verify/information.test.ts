import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInformation } from '../../../functions/backup/verify/information.ts';
import { BackupInformation } from '../../../functions/records/backup/verification.ts';

const read = (text: string) => readInformation(new TextEncoder().encode(text));

describe('backup_information.yml', () => {
  it('of the toolbox is read line by line', () => {
    const text = `:db_version: 20251014120000
:backup_created_at: 2025-11-21 02:00:05 +0100
:gitlab_version: 18.10.0-ee
:tar_version: tar (GNU tar) 1.35
:installation_type: gitlab-helm-chart
:skipped: builds,pages,registry,pages
`;
    expect(read(text)).toEqual({
      information: {
        gitlabVersion: '18.10.0-ee',
        createdAt: '2025-11-21T01:00:05.000Z',
        installationType: 'gitlab-helm-chart',
        databaseVersion: '20251014120000',
        tarVersion: 'tar (GNU tar) 1.35',
        skipped: ['builds', 'pages', 'registry'],
        storages: [],
        repositoriesServerSide: false,
      },
    });
  });

  it('of the Rake tasks is read with its time in a tagged mapping', () => {
    const text = `:db_version: '20240215000000'
:backup_created_at: !ruby/object:ActiveSupport::TimeWithZone
  utc: &1 2024-02-22 02:17:47.123456789 Z
  zone: !ruby/object:ActiveSupport::TimeZone
    name: Etc/UTC
  time: *1
:gitlab_version: 16.9.0-ee
:tar_version: tar (GNU tar) 1.34
:installation_type: omnibus-gitlab
:skipped: db,remote
:repositories_storages: default,second
:repositories_paths: ''
:skip_repositories_paths: ''
:repositories_server_side: true
:backup_id: 1708568263_2024_02_22_16.9.0-ee
:full_backup_id: 1708000000_2024_02_15_16.9.0-ee
`;
    expect(read(text)).toEqual({
      information: {
        gitlabVersion: '16.9.0-ee',
        createdAt: '2024-02-22T02:17:47.123Z',
        installationType: 'omnibus-gitlab',
        databaseVersion: '20240215000000',
        tarVersion: 'tar (GNU tar) 1.34',
        fullBackupId: '1708000000_2024_02_15_16.9.0-ee',
        skipped: ['db', 'remote'],
        storages: ['default', 'second'],
        repositoriesServerSide: true,
        onlySomeRepositories: true,
      },
    });
  });

  it.each([
    ['nothing', ':skipped:', []],
    ['a tilde', ':skipped: ~', []],
    ['nil', ':skipped: nil', []],
    ['an empty text', ':skipped: ""', []],
    ['spaces and empty names', ":skipped: 'db, ,uploads,'", ['db', 'uploads']],
    ['a list of symbols', ':skipped:\n- :db\n- uploads', ['db', 'uploads']],
    ['a mapping', ':skipped: { db: true }', []],
    ['a reference', ':a: &x db\n:skipped: *x', []],
    ['a key without its colon', 'skipped: db', ['db']],
    ['the last of two', ':skipped: db\n:skipped: lfs', ['lfs']],
  ])('has %s as skipped: %s', (_, text, skipped) => {
    expect(read(`:gitlab_version: 18.10.0\n${text}\n`)).toMatchObject({ information: { skipped } });
  });

  it.each([
    ['2025-11-21 02:00:05 +0000', '2025-11-21T02:00:05.000Z'],
    ["'2025-11-21 02:00:05 UTC'", '2025-11-21T02:00:05.000Z'],
    ['"2025-11-21T02:00:05-05:30"', '2025-11-21T07:30:05.000Z'],
    ['2025-11-21 02:00:05.999999999 Z', '2025-11-21T02:00:05.999Z'],
    ['2025-11-21 02:00:05', '2025-11-21T02:00:05.000Z'],
    ['2025-13-41 02:00:05', undefined],
    ['yesterday', undefined],
  ])('says %s as %s', (text, createdAt) => {
    const answer = read(`:backup_created_at: ${text}\n`);
    expect('information' in answer && answer.information.createdAt).toBe(createdAt);
  });

  it('keeps no key but its own, and none of endless length', () => {
    const answer = read(`:gitlab_version: ${'1'.repeat(5_000)}\n:db_password: hunter2\n`);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect('information' in answer && answer.information.gitlabVersion).toHaveLength(200);
  });

  it.each([
    ['no YAML', ':db_version: WARNING: this is: none\n', 'it is no YAML from line 1 on'],
    ['no keys', '- a\n- b\n', 'it holds no keys'],
    ['nothing', '', 'it holds no keys'],
    ['a text', 'hello', 'it holds no keys'],
    ['zeros', '\0\0\0\0', 'it is no text'],
  ])('that holds %s is a mistake', (_, text, mistake) => {
    expect(read(text)).toEqual({ mistake });
  });

  it('that is no UTF-8 is a mistake', () => {
    expect(readInformation(Uint8Array.from([0x3a, 0xff, 0xfe]))).toEqual({ mistake: 'it is no text' });
  });

  it('with references to references costs nothing, and neither do deep nests', () => {
    const laughs = Array.from({ length: 400 }, (_, level) =>
      level === 0 ? ':l0: &l0 ha' : `:l${level}: &l${level} [${`*l${level - 1},`.repeat(9)}]`,
    ).join('\n');
    expect(read(`${laughs}\n:skipped: db\n`)).toMatchObject({ information: { skipped: ['db'] } });
    expect(read(`:skipped: ${'['.repeat(30_000)}`)).toHaveProperty('mistake');
  });

  it('is read or refused, whatever it holds, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `:skipped: ${text}`),
          fc.uint8Array().map((bytes) => String.fromCodePoint(...bytes)),
        ),
        (text) => {
          const answer = read(text);
          const isFit = 'mistake' in answer || BackupInformation.safeParse(answer.information).success;
          expect(isFit).toBe(true);
        },
      ),
    );
  });
});
