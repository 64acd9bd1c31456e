import { describe, expect, it } from 'vitest';
import { explain, HOURLY, VALID, withLine } from './backup-section.ts';

/** Fields of the backup section each of which is right, and which can not be so together. */

describe('a contradiction in the backup section', () => {
  it.each<[string, string, string | RegExp]>([
    [
      '    production:',
      '    prod:',
      /^drydock.yaml:3:5 backup\.environments\.prod: "prod" is no environment of this file; known: production, staging$/,
    ],
    [
      'tmpBucket: acme-tmp',
      'tmpBucket: acme-archives',
      /^drydock.yaml:8:18 .*tmpBucket: is the bucket of destination\.bucket already/,
    ],
    [
      'bucket: acme-secrets',
      'bucket: acme-archives',
      /secrets\.bucket: is the bucket of destination\.bucket already/,
    ],
    [
      '      database: { instance: gitlab }\n',
      '',
      /policies\.monthly\.kind: is native and needs the RDS instance/,
    ],
    [
      '      gitaly: { bucket: acme-gitaly }\n',
      '',
      /policies\.monthly\.kind: is native and needs the server-side/,
    ],
    ['/secrets }', '/secrets, helmValues: false }', /daily\.kind: leaves .*\n.*monthly\.kind: .* the values/],
    ['acme-gitaly', 'acme-archives', /gitaly\.bucket: is the bucket of destination\.bucket already/],
    ['alias/secrets', 'alias/archives', /secrets\.kmsKey: is the key of destination already/],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      copy: { region: eu-central-1, bucket: acme-copy }',
      /copy\.region: is the region of destination/,
    ],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      copy: { region: eu-west-1, bucket: acme-tmp }',
      /copy\.bucket: is the bucket of tmpBucket already/,
    ],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      lock: { mode: governance, days: 31 }',
      /policies\.hourly\.retention\.days: 30 is shorter than the lock of 31 days.*allowed: 31 or more\n.*policies\.daily/,
    ],
    [
      HOURLY,
      'schedule: cron(0 * * * ? *), timeZone: Europe/Berlin, freshnessHours: 3',
      /^drydock.yaml:12:28 .*policies\.daily\.schedule: starts at the same time as "hourly", for example on 2027-01-01 03:00/,
    ],
    [HOURLY, 'schedule: cron(10 5 * * ? *)', /policies\.monthly\.schedule: starts 10 minutes from "hourly"/],
  ])('that contradicts: %s written as %s', (line, instead, expected) => {
    expect(withLine(line, instead)).toMatch(expected);
  });

  it('is a meeting of two time zones in one half of the year', () => {
    expect(withLine(HOURLY, 'schedule: cron(0 1 * * ? *)')).toMatch(
      /policies\.daily\.schedule: starts at the same time as "hourly", for example on 2027-03-28 01:00 UTC;/,
    );
  });

  it('is no native policy that skips what nothing is named for', () => {
    const without = VALID.replace(/^ +(database|gitaly): .*\n/gm, '');
    expect(explain(without)).toMatch(/monthly\.kind: is native/);
    expect(explain(without.replace('kind: native', 'kind: native\n          skip: [db, repositories]'))).toBe(
      '',
    );
  });

  it('is no policy without values that leaves nothing to versions', () => {
    const without = VALID.replace('alias/secrets }', 'alias/secrets, helmValues: false }')
      .replace('timeZone: Europe/Berlin }', 'versions: [] }')
      .replace(/ {8}monthly:[^]*/, '');
    expect(explain(without)).toBe('');
  });

  it('is one bucket for two environments', () => {
    const second = VALID.slice(VALID.indexOf('    production:'))
      .replace('production', 'staging')
      .replace('acme-tmp', 'acme-tmp-2')
      .replace('acme-gitaly', 'acme-gitaly-2');
    expect(explain(VALID + second)).toMatch(
      /staging\.destination\.bucket: is the bucket of "production" already/,
    );
  });
});
