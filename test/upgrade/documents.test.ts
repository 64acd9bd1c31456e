import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatCheckTable, replaceCheckTable } from '../../functions/commands/upgrade-check/check-table.ts';
import { parseOptions } from '../../functions/commands/upgrade-check/options.ts';
import { EXIT_CODES } from '../../functions/commands/upgrade-check/render-table.ts';
import { runUpgradeCheck } from '../../functions/commands/upgrade-check.ts';
import { parseConfiguration } from '../../functions/records/configuration/parse-configuration.ts';
import { defaultUpgradeSettings } from '../../functions/records/configuration/upgrade.ts';
import { GateOutcome, RunOutcome } from '../../functions/records/upgrade/plan.ts';
import { Verdict } from '../../functions/records/upgrade/report.ts';
import { CHECKS } from '../../functions/upgrade/checks/registry.ts';
import * as planChecks from '../../functions/upgrade/plan-checks.contract.ts';
import * as planUpgrade from '../../functions/upgrade/plan-upgrade.contract.ts';
import { MOMENTARY } from '../../functions/upgrade/report/report-news.ts';
import { listBlocks, readDocument, readTable } from '../support/read-document.ts';
import { buildInstruments } from '../support/upgrade-check-tools.ts';

const README = readDocument('functions/upgrade/README.md');
const firstColumn = (heading: string): string[] =>
  readTable(README, heading).flatMap(([first = '']) => first);

describe('the table of checks', () => {
  it('is that of the registry: node functions/commands/write-check-table.ts', () => {
    expect(replaceCheckTable(README, formatCheckTable(CHECKS))).toBe(README);
  });

  it('says whom a check asks, and from which version on it applies', () => {
    const rows = readTable(formatCheckTable(CHECKS), 'Code');
    expect(rows.find(([code]) => code === 'removed-apis')?.slice(2)).toEqual([
      'cluster, EKS, Helm, files',
      '',
    ]);
    expect(rows.find(([code]) => code === 'containerd-1')?.slice(2)).toEqual(['cluster, EKS', '1.36']);
  });

  it('says to which version a check applies, when it ends', () => {
    const [first] = CHECKS;
    if (!first) throw new Error('The registry is empty.');
    const ending = [
      { ...first, since: '1.35', until: '1.36' },
      { ...first, until: '1.36' },
    ] as const;
    expect(readTable(formatCheckTable(ending), 'Code').map((cells) => cells[3])).toEqual([
      '1.35 to 1.36',
      'to 1.36',
    ]);
  });

  it('is refused a text that has no place for it', () => {
    expect(() => replaceCheckTable('# Another text', '')).toThrow(/no place for the table/);
  });
});

describe('the other tables', () => {
  it('the exit codes are those of the command and of its --help', async () => {
    const { output } = await runUpgradeCheck(['--help'], buildInstruments([]));
    const told = [...output.matchAll(/^ {2}(\d) {2}(.+)$/gm)].map(([, code, means]) => [code, means]);
    expect(readTable(README, 'Exit code')).toEqual(told);
    const codes = firstColumn('Exit code').map(Number);
    expect(codes).toEqual(expect.arrayContaining(Object.values(EXIT_CODES)));
  });

  it('every outcome of an upgrade has a row', () => {
    expect(firstColumn('Outcome')).toEqual(RunOutcome.options);
  });

  it('every gate has a row', () => {
    expect(firstColumn('Gate')).toEqual(GateOutcome.shape.gate.options);
  });

  it('every verdict has an outcome as a gate', () => {
    const means = readTable(README, 'Outcome of a gate').flatMap(([outcome, when]) => [outcome, when]);
    expect(Verdict.options.filter((verdict) => !means.join(' ').includes(verdict))).toEqual([]);
  });
});

it.each([...MOMENTARY])('the document says that warnings of %s alone send no message', (code) => {
  const [, sentence = ''] = /Warnings of\n?([^:]+):/.exec(README) ?? [];
  expect(sentence).toContain(`\`${code}\``);
});

describe('the settings', () => {
  const yaml = listBlocks(README, 'yaml').join('\n');
  const around = [
    'version: 1',
    "sites: { main: { account: '123456789012', region: eu-central-1 } }",
    'environments: { production: { cluster: { name: shop } }, staging: { cluster: { name: test } } }',
  ].join('\n');

  it('are a valid drydock.yaml', () => {
    expect(parseConfiguration(`${around}\n${yaml}`)).toMatchObject({ ok: true });
  });

  it.each(Object.keys(defaultUpgradeSettings()))('show %s', (setting) => {
    expect(yaml).toContain(`${setting}: `);
  });
});

/** Requests in events/, by the Lambda that gets them. */
const samplesOf = (lambda: string): unknown[] =>
  readdirSync(new URL('../../events/upgrade/', import.meta.url))
    .filter((name) => name.startsWith(`${lambda}.`))
    .map((name) => JSON.parse(readDocument(`events/upgrade/${name}`)).request);

const execution = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-upgrade:kim-1',
  name: 'kim-1',
  startedAt: '2026-11-21T05:00:02.871Z',
};

describe('what a person writes in the console', () => {
  const checks = firstColumn('Input').map((text): unknown => JSON.parse(text));
  const upgrades = listBlocks(README, 'json').map((text): unknown => JSON.parse(text));

  it.each(checks)('upgrade-check takes %j', (request) => {
    expect(planChecks.Input.safeParse({ execution, request }).error).toBeUndefined();
  });

  it.each(upgrades)('upgrade takes %j', (request) => {
    expect(planUpgrade.Input.safeParse({ execution, request }).error).toBeUndefined();
  });

  it.each(samplesOf('plan-checks'))('the sample %j of upgrade-check is shown', (request) => {
    expect(checks).toContainEqual(request);
  });

  it.each(samplesOf('plan-upgrade'))('the sample %j of upgrade is shown', (request) => {
    expect(upgrades).toContainEqual(request);
  });
});

/** With what is behind it: no comment, and not what its output is piped into. */
const COMMAND = /npm run (?:-s )?upgrade-check\b([^#|]*)/;

describe('the commands', () => {
  const shown = ['README.md', 'functions/upgrade/README.md'].flatMap((path) =>
    listBlocks(readDocument(path), 'sh').flatMap((block) =>
      block
        .split('\n')
        .flatMap((line) => COMMAND.exec(line)?.[1] ?? [])
        .map((args) => args.trim()),
    ),
  );

  it('are shown in both documents', () => {
    expect(shown.length).toBeGreaterThan(4);
  });

  it.each(shown)('npm run upgrade-check %s is understood', (line) => {
    const args = line.split(/ +/).filter((word) => word !== '');
    expect(parseOptions(args[0] === '--' ? args.slice(1) : args)).not.toHaveProperty('mistake');
  });
});
