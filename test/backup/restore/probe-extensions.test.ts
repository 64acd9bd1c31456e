import { describe, expect, it, test } from 'vitest';
import { run as inspect } from '../../../functions/backup/inspect-restore.ts';
import * as contract from '../../../functions/backup/plan-restore.contract.ts';
import { run as plan } from '../../../functions/backup/plan-restore.ts';
import { run as probe } from '../../../functions/backup/probe-extensions.ts';
import { readExtensionReport } from '../../../functions/backup/restore/extensions/extension-report.ts';
import { EXTENSIONS_SCRIPT } from '../../../functions/backup/restore/extensions/extension-script.ts';
import { restoreExtensionKey } from '../../../functions/records/backup/restore-limits.ts';
import { restorePlanKey, restorePlanKind } from '../../../functions/records/backup/restore-plan.ts';
import { RestoreRequest } from '../../../functions/records/backup/restore-request.ts';
import { type Pause, pauseKey, pauseKind } from '../../../functions/records/pause.ts';
import { executionOf, openExecution } from '../../support/restore-execution.ts';
import { createRestoreSite, type RestoreSite, START } from '../../support/restore-site.ts';
import { calmInvocation } from '../../support/target-world.ts';
import { databaseWith } from './restore-facts.ts';

const request = RestoreRequest.parse({
  environment: 'production',
  target: 'production',
  by: 'Ada',
  why: 'x',
});
const execution = executionOf('restore-1');
const ask = (site: RestoreSite) => probe({ execution, request }, site.deps, calmInvocation());
const planned = async (site: RestoreSite) =>
  (await site.memory.read(restorePlanKind, restorePlanKey('restore-1')))?.value;
const write = (site: RestoreSite, ...lines: readonly string[]) =>
  site.cluster.writeLog(lines.map((line, index) => `2026-11-22T09:00:0${index}.000000000Z ${line}`));
const lineOf = (database: object): string => JSON.stringify({ drydock: 'extensions', ...database });
const isClean = async (site: RestoreSite): Promise<boolean> =>
  (await site.cluster.listJobs('gitlab', '')).length === 0;

describe('before a restore is planned', () => {
  it('a pod asks the database, and is gone behind it; the plan tells what it saw', async () => {
    const site = await createRestoreSite();
    write(site, 'loading', lineOf(databaseWith({ amcheck: { isThere: false } })));
    const { outcome, reasons } = await openExecution(site).plan({ ...request, dryRun: true });
    expect([outcome, reasons.join()]).toEqual(['refused', expect.stringContaining('lacks amcheck')]);
    expect(reasons.join()).toContain('CREATE EXTENSION amcheck;');
    const [job] = site.cluster.made;
    expect(job?.spec.template.spec.containers.map(({ name }) => name)).toContain('toolbox-extensions');
    expect(job?.metadata.annotations).not.toHaveProperty('drydock.dev/fence');
    expect(job?.spec).toMatchObject({ backoffLimit: 0, ttlSecondsAfterFinished: 600 });
    expect(await isClean(site)).toBe(true);
  });

  it('no pod is made where something else refuses the restore', async () => {
    const site = await createRestoreSite();
    const paused: Pause = { version: 1, paused: true, by: 'Ada', why: 'x', since: START, scope: 'all' };
    await site.memory.claim(pauseKind, pauseKey('all'), paused);
    expect((await openExecution(site).plan()).outcome).toBe('refused');
    expect(site.cluster.made).toEqual([]);
    expect(site.memory.objects.has(restoreExtensionKey('restore-1'))).toBe(false);
  });

  it('a machine that is older than the look gets its plan without one, and it says so', async () => {
    const site = await createRestoreSite();
    await inspect({ execution, request }, site.deps, calmInvocation());
    const old = contract.Input.parse({ execution, request });
    expect((await plan(old, site.deps, calmInvocation())).outcome).toBe('planned');
    expect(site.cluster.made).toEqual([]);
    expect((await planned(site))?.checks.find(({ code }) => code === 'extensions')).toMatchObject({
      outcome: 'not-checked',
      stops: false,
    });
  });
});

describe('the look at a database', () => {
  it.each<[string, (site: RestoreSite) => void, RegExp]>([
    ['nothing was written', (site) => write(site, 'rails is loaded'), /ended well and wrote nothing/],
    ['a line was cut', (site) => write(site, lineOf(databaseWith({})).slice(0, -5)), /wrote nothing/],
    ['the Job fails', (site) => site.state.failing.push('extensions'), /could not be asked: ./],
  ])('is not known where %s, and its Job is gone', async (_, spoil, why) => {
    const site = await createRestoreSite();
    spoil(site);
    expect(await ask(site)).toMatchObject({ outcome: 'done', message: expect.stringMatching(why) });
    expect(await isClean(site)).toBe(true);
  });

  it('is noted once: whoever repeats it makes no second Job', async () => {
    const site = await createRestoreSite();
    const first = await ask(site);
    write(site, 'something else');
    expect(await ask(site)).toEqual(first);
    expect(site.cluster.made).toHaveLength(1);
  });
});

describe('what the pod runs', () => {
  it('survives Ruby, bash and the kubelet: one string of Ruby without a quote or a variable', () => {
    const strings = [...EXTENSIONS_SCRIPT.matchAll(/"([^"]*)"/g)].map(([, text]) => text ?? '');
    expect(strings.at(-1)).toMatch(/^with able as .* = available\.default_version$/);
    expect(strings.join()).not.toMatch(/#\{|\$/);
  });

  it('can write nothing', () => {
    expect(EXTENSIONS_SCRIPT).toContain('SET default_transaction_read_only = on');
  });

  test.each([
    ['two databases', [databaseWith({}), databaseWith({}, 'ci')], 2],
    ['one under two names', [databaseWith({}), databaseWith({ amcheck: { isThere: false } })], 1],
    ['a role that is no word', [{ ...databaseWith({}), role: '' }], 0],
    ['more than it was asked for', [{ ...databaseWith({}), password: 'x' }], 1],
  ])('is read of %s', (_, databases, count) => {
    const report = readExtensionReport(['{', ...databases.map(lineOf), 'puts'].join('\n'));
    expect(report).toHaveLength(count);
    expect(JSON.stringify(report)).not.toContain('password');
  });
});
