import { describe, expect, it } from 'vitest';
import * as beginBackup from '../../functions/backup/begin-backup.contract.ts';
import { DESTRUCTION, REHEARSAL } from '../../functions/backup/drill/drill-steps.ts';
import { MAX_DESTROYERS } from '../../functions/backup/drill/interrupted-drill.ts';
import { MAX_DESTROY_FAILURES } from '../../functions/backup/drill/next-drill-step.ts';
import * as planUpkeep from '../../functions/backup/plan-upkeep.contract.ts';
import { stretchLook } from '../../functions/backup/restore/reading/look-interval.ts';
import { lookSeconds } from '../../functions/backup/restore/turns/job-turn.ts';
import * as verifySet from '../../functions/backup/verify-set.contract.ts';
import { DUMP_READ_LIMIT } from '../../functions/backup/verify-set.ts';
import { parseOptions } from '../../functions/commands/backup-sets/options.ts';
import * as setControl from '../../functions/deployment/set-control.contract.ts';
import { DrillOutcome } from '../../functions/records/backup/drill.ts';
import { DrillProof } from '../../functions/records/backup/drill-proof.ts';
import { DrillRequest } from '../../functions/records/backup/drill-request.ts';
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
    ...(DrillRequest.safeParse(input).success ? ['drill'] : []),
  ];

  it.each(shown)('%j is taken by a machine', (input) => {
    expect(takes(input)).not.toEqual([]);
  });

  it('is shown for each machine', () => {
    expect(new Set(shown.flatMap(takes))).toEqual(
      new Set(['control', 'backup', 'upkeep', 'verification', 'restore', 'drill']),
    );
  });
});

describe('a restore that replaces a GitLab', () => {
  const [block = '{}'] = listBlocks(OWN, 'json').filter((text) => text.includes('"confirm"'));

  it('is written as its document says', () => {
    expect(RestoreRequest.parse(JSON.parse(block))).toMatchObject({ target: 'production', dryRun: false });
  });
});

describe('a drill', () => {
  const section = (text: string, heading: string): string =>
    text.slice(text.indexOf(`## ${heading}`)).split(/\n## /)[0] ?? '';
  const readme = section(README, 'Restores that are rehearsed');
  const own = section(OWN, 'How a restore is rehearsed');
  const [yaml = ''] = listBlocks(readme, 'yaml');
  const around = [
    'version: 1',
    "sites: { main: { account: '123456789012', region: eu-central-1 } }",
    'environments: { production: { cluster: { name: shop } } }',
    listBlocks(README, 'yaml').find((block) => block.startsWith('backup:')) ?? '',
  ].join('\n');
  const parsed = parseConfiguration(`${around.trimEnd()}\n${yaml.replaceAll(/^(?=.)/gm, '      ')}`);
  const drill = parsed.ok
    ? parsed.configuration.backup?.environments['production']?.restore.drill
    : undefined;

  it('is written in drydock.yaml as the README shows', () => {
    expect(parsed).toMatchObject({ ok: true });
    expect(drill).toMatchObject({ timeZone: 'Europe/Berlin', allowed: [{ ports: [443] }] });
    expect(readme).toContain(`\`maxAgeDays\` (${drill?.maxAgeDays})`);
  });

  it('goes through its steps in the order of the table', () => {
    const named = [...readme.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w-]+)`/g)].map(([, step]) => step),
    );
    expect(named).toEqual([...REHEARSAL, ...DESTRUCTION]);
  });

  it('ends and is proven in the words of the tables, and follows itself as often as they say', () => {
    const words = [...own.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, word]) => word);
    expect(words).toEqual(
      expect.arrayContaining([...DrillProof.shape.state.options, ...DrillOutcome.options]),
    );
    expect(MAX_DESTROYERS).toBe(4);
    expect(flat(own)).toContain('up to four in a row');
    expect(MAX_DESTROY_FAILURES).toBe(10);
    expect(own).toContain('ten tries of a step');
  });

  it('is started by hand as shown', () => {
    const [block = '{}'] = listBlocks(own, 'json');
    expect(DrillRequest.parse(JSON.parse(block))).toMatchObject({ destroy: false, scheduled: false });
  });

  it('costs what is said: a look is three state transitions and one call', () => {
    let looks = 0;
    for (let second = 0; second < 2 * 3_600; second += stretchLook(lookSeconds(second), second)) looks += 1;
    // USD in eu-central-1: of one transition, and of 5 s of half a GB.
    const dollars = looks * (3 * 0.000_025 + 2.5 * 0.000_013_333_4);
    expect(dollars).toBeGreaterThan(0.001);
    expect(dollars).toBeLessThan(0.02);
    expect(readme).toContain('of two hours costs less than 2 US cents');
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
