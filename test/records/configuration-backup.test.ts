import { describe, expect, it } from 'vitest';
import { Backup, COMPLIANCE_CONFIRMATION } from '../../functions/records/configuration/backup.ts';
import { readYamlDocument } from '../../functions/records/configuration/yaml-document.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { explain, VALID, withLine } from './backup-section.ts';

const parse = (text: string) =>
  Backup.parse(Reflect.get(Object(readYamlDocument(text).value), 'backup')).environments['production'];

describe('the backup section', () => {
  it('of these tests is valid', () => {
    expect(explain(VALID)).toBe('');
  });

  it('has sensible defaults', () => {
    const settings = parse(VALID);
    expect(settings).toMatchObject({
      namespace: 'gitlab',
      release: 'gitlab',
      lock: { mode: 'governance', days: 14 },
      job: { deadlineHours: 12 },
      destination: { create: true },
      secrets: { helmValues: true },
      sourceBuckets: ['*'],
      recoveryPoints: [],
      verifyEveryDays: 7,
    });
    expect(settings).not.toHaveProperty('copy');
    expect(settings?.policies['daily']).toEqual({
      schedule: 'cron(0 3 * * ? *)',
      timeZone: 'Europe/Berlin',
      kind: 'tar',
      skip: [],
      versions: ['registry', 'artifacts'],
      storageClass: 'STANDARD',
      acceptUnreadDumps: false,
      freshnessHours: 26,
      retention: { days: 30, count: 7, gfs: { daily: 0, weekly: 0, monthly: 0 }, reportOnlyDays: 30 },
    });
  });

  it('leaves to versions nothing that is skipped', () => {
    expect(parse(VALID)?.policies['hourly']).toMatchObject({ skip: ['registry', 'artifacts'], versions: [] });
    expect(
      parse(VALID.replace('skip: [registry, artifacts]', 'skip: [artifacts, lfs]'))?.policies,
    ).toMatchObject({
      hourly: { skip: ['artifacts', 'lfs'], versions: ['registry'] },
    });
  });

  it('goes in again as it came out', () => {
    const once = Backup.parse(Reflect.get(Object(readYamlDocument(VALID).value), 'backup'));
    expect(Backup.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('backs nothing up when it names no environment', () => {
    expect(Backup.parse({})).toEqual({ environments: {} });
  });

  it('takes a compliance lock by the whole sentence alone', () => {
    const lock = (confirmation: string) =>
      withLine(
        '      tmpBucket: acme-tmp',
        `      tmpBucket: acme-tmp\n      lock: { mode: compliance${confirmation} }`,
      );
    expect(lock(`, confirmation: ${COMPLIANCE_CONFIRMATION}`)).toBe('');
    expect(lock('')).toMatch(/production\.lock\.confirmation: is missing; allowed: nobody can delete/);
    expect(lock(', confirmation: yes please')).toMatch(
      /"yes please" is not allowed; allowed: nobody can delete these backups before their time/,
    );
  });
});

describe('the whole file', () => {
  const parseFile = (environment: string) =>
    Configuration.safeParse({
      version: 1,
      sites: { main: { account: '123456789012', region: 'eu-central-1' } },
      environments: { [environment]: { cluster: { name: 'gitlab' } } },
      backup: Reflect.get(Object(readYamlDocument(VALID).value), 'backup'),
    });

  it('takes the section as it comes out of it, since that is what Lambdas read', () => {
    const once = parseFile('production').data;
    expect(once?.backup?.environments['production']?.policies['hourly']?.versions).toEqual([]);
    expect(Configuration.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('is refused for what contradicts in the section', () => {
    expect(parseFile('staging').error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'backup.environments.production',
    ]);
  });
});
