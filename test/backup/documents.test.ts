import { describe, expect, it } from 'vitest';
import * as beginBackup from '../../functions/backup/begin-backup.contract.ts';
import * as planUpkeep from '../../functions/backup/plan-upkeep.contract.ts';
import * as verifySet from '../../functions/backup/verify-set.contract.ts';
import { DUMP_READ_LIMIT } from '../../functions/backup/verify-set.ts';
import { parseOptions } from '../../functions/commands/backup-sets/options.ts';
import * as setControl from '../../functions/deployment/set-control.contract.ts';
import { FRESHNESS_PERIOD_SECONDS } from '../../functions/records/backup/freshness-metric.ts';
import { RestoreRequest } from '../../functions/records/backup/restore-request.ts';
import { Backup } from '../../functions/records/configuration/backup.ts';
import { parseConfiguration } from '../../functions/records/configuration/parse-configuration.ts';
import { listBlocks, readDocument } from '../support/read-document.ts';
import { readMachine } from '../support/walk-machine.ts';

const README = readDocument('README.md');
const OWN = readDocument('functions/backup/README.md');
const BOTH: [path: string, text: string][] = [
  ['README.md', README],
  ['functions/backup/README.md', OWN],
];

/** Lines run on from one to the next. */
const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('the section of drydock.yaml in the README', () => {
  const yaml = listBlocks(README, 'yaml').find((block) => block.startsWith('backup:')) ?? '';
  const around = [
    'version: 1',
    "sites: { main: { account: '123456789012', region: eu-central-1 } }",
    'environments: { production: { cluster: { name: shop } } }',
  ].join('\n');
  const parsed = parseConfiguration(`${around}\n${yaml}`);

  it('is valid', () => {
    expect(parsed).toMatchObject({ ok: true });
  });

  it('has the defaults that the text beside it names', () => {
    const policies = { daily: { schedule: 'cron(0 2 * * ? *)' } };
    const shown = parsed.ok ? parsed.configuration.backup?.environments['production'] : undefined;
    const { production } = Backup.parse({
      environments: { production: { ...shown, verifyEveryDays: undefined, policies } },
    }).environments;
    expect(production).toMatchObject({
      verifyEveryDays: 7,
      policies: { daily: { acceptUnreadDumps: false, retention: { reportOnlyDays: 30 } } },
    });
    expect(README).toContain('by default every week');
    expect(README).toContain('For its first 30 days a policy only reports');
    expect(OWN).toContain('A policy only reports for its first 30 days');
  });
});

describe('what is said of limits', () => {
  it.each(BOTH)('%s says how large a dump is read to its end', (_, text) => {
    expect(flat(text)).toContain(`${DUMP_READ_LIMIT / 1024 ** 3} GiB`);
  });

  it.each(BOTH)('%s says how often the age is looked at, and how many are read at once', (_, text) => {
    expect(FRESHNESS_PERIOD_SECONDS).toBe(15 * 60);
    expect(text).toContain('Every quarter of an hour');
    expect(readMachine('backup-upkeep').States['VerifySets']).toMatchObject({ MaxConcurrency: 8 });
    expect(OWN).toContain('8 at a time');
  });
});

describe('what a person writes in the console', () => {
  const execution = { arn: 'a', name: 'by-hand', startedAt: '2026-11-21T05:00:02.871Z' };
  /** Objects of JSON in marks of code. */
  const shown = BOTH.flatMap(([, text]) =>
    [...text.matchAll(/`(\{"(?:environment|pause)[^`]*\})`/g)].map(([, json = '']): unknown =>
      JSON.parse(json.replace('<id of the set>', '1763690405_2025_11_21_18.10.0-ee')),
    ),
  );
  const takes = (input: unknown): string[] => [
    ...(setControl.Input.safeParse(input).success ? ['control'] : []),
    ...(beginBackup.Input.safeParse({ execution, request: input }).success ? ['backup'] : []),
    ...(planUpkeep.Input.safeParse({ execution, request: input }).success ? ['upkeep'] : []),
    ...(verifySet.Input.safeParse({ execution, set: input }).success ? ['verification'] : []),
    ...(RestoreRequest.safeParse(input).success ? ['restore'] : []),
  ];

  it.each(shown)('%j is taken by a machine', (input) => {
    expect(takes(input)).not.toEqual([]);
  });

  it('is shown for each machine', () => {
    expect(new Set(shown.flatMap(takes))).toEqual(
      new Set(['control', 'backup', 'upkeep', 'verification', 'restore']),
    );
  });
});

describe('a restore that replaces a GitLab', () => {
  const [block = '{}'] = listBlocks(OWN, 'json').filter((text) => text.includes('"confirm"'));

  it('is written as its document says', () => {
    expect(RestoreRequest.parse(JSON.parse(block))).toMatchObject({ target: 'production', dryRun: false });
  });
});

describe('npm run backup-sets', () => {
  const shown = BOTH.flatMap(([, text]) =>
    [...text.matchAll(/npm run backup-sets -- ([^#`\n]*)/g)].map(([, args = '']) => args.trim()),
  );

  it('is shown in both documents', () => {
    expect(shown.length).toBeGreaterThan(6);
  });

  it.each(shown)('%s is understood', (line) => {
    const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word = '']) => quoted ?? word);
    expect(parseOptions(args)).toHaveProperty('options');
  });
});
