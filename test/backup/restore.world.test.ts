import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RestoreRun } from '../../functions/records/backup/restore.ts';
import type { Notice } from '../../functions/records/message.ts';
import { makeRailsKeys, writeSecretsFile } from '../../infra/local/gitlab-release/rails-secret.ts';
import { drawFrom } from '../../infra/local/gitlab-release/seeded-values.ts';
import { viewBackups } from '../support/world/backups.ts';
import { type GitLabContent, viewContent } from '../support/world/gitlab-content.ts';
import { viewRestores } from '../support/world/restores.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/**
 * The machine of a restore on the local world: real Step Functions, real Lambdas under their roles, a real API server with
 * the Roles that ship, and a toolbox that replaces the rows of a real database, objects and repositories. Waits are a
 * fiftieth.
 */
const policies = { daily: { schedule: 'cron(0 3 * * ? *)', versions: [] } };
const world = useWorld(() => ({}), { waitScale: 0.06, gitlabRelease: { backup: { policies } } });
const backups = viewBackups(world);
const content = viewContent(world);
const restores = viewRestores(world);

const RAILS = 'gitlab-rails-secret';
const OTHER_KEYS = { 'secrets.yml': writeSecretsFile(makeRailsKeys(drawFrom('another'))) };
/** A safety backup, a restore and its checks, each in a cold Lambda of a busy machine. */
const PATIENT = { timeout: 300_000 };
/** What holds the database open: at 0 for as long as a person has to choose. */
const WRITERS = ['gitlab-webservice-default', 'gitlab-sidekiq-all-in-1-v2'];

/** The set that is restored, and what is in it. */
let set = '';
let saved: GitLabContent;
let standing: Record<string, number | boolean>;
beforeAll(async () => {
  const arn = await backups.start();
  await backups.end(arn);
  ({ id: set } = await backups.set(arn));
  saved = await content.read();
  standing = await restores.standing();
});
afterEach(async () => {
  backups.trouble({});
  await restores.mayScale(true);
});

const start = (request: object = {}) => restores.start({ set, ...request });
const startApproved = async (): Promise<string> => {
  const arn = await start();
  await restores.approve(arn);
  return arn;
};
const nameOf = (arn: string): string => arn.split(':').at(-1) ?? '';
/** From here on trouble meets the restore: before, its safety backup would fail. */
const isAt =
  (arn: string) =>
  ({ execution, safetySet }: RestoreRun): boolean =>
    execution.arn === arn && safetySet !== undefined;
const expectClosed = async (): Promise<void> => {
  const now = await restores.standing();
  expect(WRITERS.map((name) => now[name])).toEqual([0, 0]);
};
/** Begins a restore whose tool breaks off in the middle, and waits for the page. */
const startFailing = async (): Promise<{ arn: string; page: Notice }> => {
  const arn = await startApproved();
  await restores.until('its safety backup is made', isAt(arn));
  backups.trouble({ failsAt: 'artifacts' });
  const [page] = await restores.pages(arn);
  backups.trouble({});
  if (!page) throw new Error('There is a page.');
  return { arn, page };
};

describe('before somebody else has approved it', () => {
  it('a start without more is a dry run, which ends with the plan and changes nothing', async () => {
    const before = await restores.versions();
    const { outcome, text, reasons } = await restores.end(await start({ dryRun: undefined }));
    expect([outcome, reasons]).toEqual(['planned', []]);
    expect(JSON.stringify(text)).toContain('scale to 0: ');
    expect(await restores.versions()).toEqual(before);
  });

  it('a database that would lose an extension refuses the plan, and the pod that asked it is gone', async () => {
    const { postgresql, login } = content.release();
    const asMaster = { ...postgresql.master, database: login.database };
    await postgresql.query('drop extension amcheck', [], asMaster);
    try {
      const { outcome, reasons } = await restores.end(await start({ dryRun: true }));
      expect([outcome, reasons.join()]).toEqual([
        'refused',
        expect.stringMatching(/lacks amcheck, .* role gitlab/),
      ]);
    } finally {
      await postgresql.query('create extension amcheck', [], asMaster);
    }
    await expect(postgresql.query('drop extension amcheck', [], login)).rejects.toThrow(/must be owner/);
    await waitFor(
      'no Job of a look is left',
      async () => !(await restores.jobs()).some((name) => /-extensions-/.test(name)),
    );
  });

  it.each<[string, (plan: string) => unknown, RegExp]>([
    ['for another plan', () => ({ plan: '0'.repeat(32), by: 'Grace' }), /approved the plan 0000/],
    ['of who started it', (plan) => ({ plan, by: 'Ada' }), /Ada asked for this plan/],
    ['that is forged', () => 'yes', /is no approval/],
  ])('an answer %s ends it, and one that comes late finds nobody', async (_, forge, reason) => {
    const before = await restores.versions();
    const arn = await start();
    const { taskToken, plan } = await restores.asked(arn);
    await restores.send(taskToken, forge(plan));
    const { outcome, reasons } = await restores.end(arn);
    expect([outcome, reasons.join()]).toEqual(['not-approved', expect.stringMatching(reason)]);
    await expect(restores.send(taskToken, { plan, by: 'Grace' })).rejects.toThrow(/token|task/i);
    expect(await restores.versions()).toEqual(before);
  });

  it.each([
    ['the target typed once alone', { confirm: undefined }, /type "local" here as well/],
    ['a set that is none', { set: '1700000000_2023_11_14_18.10.0-ee' }, /1700000000/],
    ['nobody who asks', { by: undefined }, /who you are/],
  ])('%s refuses it, and says why', async (_, request, reason) => {
    const { outcome, reasons } = await restores.end(await start(request));
    expect([outcome, reasons.join()]).toEqual(['refused', expect.stringMatching(reason)]);
  });
});

describe('a restore', PATIENT, () => {
  it('brings back every row, object, repository and secret, and all that ran', async () => {
    await content.damage('first');
    await content.replaceSecret(RAILS, OTHER_KEYS);
    const arn = await startApproved();
    const { outcome, reasons } = await restores.end(arn);
    expect([outcome, reasons]).toEqual(['restored', expect.anything()]);
    expect(await content.read()).toEqual(saved);
    expect(await restores.standing()).toEqual(standing);
    const run = await restores.run();
    expect(run).toMatchObject({ startedBy: 'Ada', approvedBy: 'Grace', outcome: 'restored' });
    expect(run.findings.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(run.safetySet?.id).not.toBe(set);
    expect(await restores.isFree()).toBe(true);
  });

  it('was told once, with the time that it took, and no value of a secret', async () => {
    const { execution } = await restores.run();
    expect(await restores.told(execution.arn)).toEqual(['approval-wanted', 'restored']);
    const all = (await world().notices()).map(({ Message }) => Message).join('\n');
    expect(all).not.toContain(OTHER_KEYS['secrets.yml'].slice(40, 80));
  });
});

describe('a failure before anything is destroyed', PATIENT, () => {
  it('has everything undone: the same replicas, the same schedules, the same data', async () => {
    await content.damage('second');
    const before = await content.read();
    await restores.mayScale(false);
    const arn = await startApproved();
    const { outcome, reasons } = await restores.end(arn);
    expect([outcome, reasons.join()]).toEqual(['undone', expect.stringMatching(/scale/)]);
    expect(await restores.standing()).toEqual(standing);
    expect(await content.read()).toEqual(before);
    expect(await restores.isFree()).toBe(true);
  });
});

describe('a failure in the middle', PATIENT, () => {
  it('keeps web and Sidekiq at 0, pages once, takes no forged choice, and goes on when a person says resume', async () => {
    const { arn, page } = await startFailing();
    await expectClosed();
    expect(page).toMatchObject({ severity: 'critical' });
    expect((await content.read()).objects['artifacts']).toEqual([]);
    const { plan } = await restores.run();
    await restores.send(/'([^']+)'/.exec(page.command ?? '')?.[1] ?? '', {
      restore: 'another',
      choice: 'open-anyway',
      by: 'Mallory',
      why: 'none',
    });
    const [, again] = await restores.pages(arn, 1);
    await expectClosed();
    expect(again?.reasons.join()).toMatch(/Mallory answered for the restore another/);
    if (again) await restores.choose(again, 'resume');
    expect((await restores.end(arn)).outcome).toBe('restored');
    expect(await content.read()).toEqual(saved);
    expect(await restores.standing()).toEqual(standing);
    expect((await restores.run()).plan.id).toBe(plan.id);
  });

  it('is put back to what was there before, when a person says so', async () => {
    await content.damage('third');
    const before = await content.read();
    const { arn, page } = await startFailing();
    await restores.choose(page, 'put-back');
    expect((await restores.end(arn)).outcome).toBe('put-back');
    const after = await content.read();
    expect(after.tables).toEqual(before.tables);
    expect(after.repositories).toEqual(before.repositories);
    expect(after.secrets).toEqual(before.secrets);
    // What the backup brought beside them stays: nobody can tell whether somebody has written it meanwhile.
    for (const [component, objects] of Object.entries(before.objects)) {
      expect(after.objects[component]).toEqual(expect.arrayContaining([...objects]));
    }
    expect(await restores.standing()).toEqual(standing);
  });

  it('is opened as it is, when a person says so', async () => {
    const { arn, page } = await startFailing();
    await restores.choose(page, 'open-anyway');
    expect((await restores.end(arn)).outcome).toBe('opened-anyway');
    expect(await restores.standing()).toEqual(standing);
    expect((await content.read()).objects['artifacts']).toEqual([]);
  });
});

describe('an execution that somebody stops', PATIENT, () => {
  it('before anything is destroyed is undone by the next one, without a word of anybody', async () => {
    backups.trouble({ slowMs: 300 });
    const first = await startApproved();
    await restores.until('it has begun', ({ execution }) => execution.arn === first);
    await restores.stop(first);
    const ended = await restores.until('it has ended', ({ state }) => state === 'ended');
    expect([ended.outcome, ended.destructiveAt]).toEqual(['undone', undefined]);
    expect(ended.earlier).toEqual([nameOf(first)]);
    expect(await restores.standing()).toEqual(standing);
    await waitFor('the place is free', restores.isFree);
  });

  it('in the middle is held by the next one, which goes on with the same Job when a person says resume', async () => {
    const first = await startApproved();
    await restores.until('its safety backup is made', isAt(first));
    backups.trouble({ slowMs: 700 });
    await restores.until('its Job runs', ({ jobs }) => jobs.some(({ uid }) => uid !== undefined));
    await restores.stop(first);
    const { execution } = await restores.until('another one holds it', (run) => {
      return run.state === 'held' && run.execution.arn !== first;
    });
    await expectClosed();
    const [page] = await restores.pages(execution.arn);
    if (page) await restores.choose(page, 'resume');
    expect((await restores.end(execution.arn)).outcome).toBe('restored');
    const { jobs, earlier } = await restores.run();
    expect(earlier).toEqual([nameOf(first)]);
    expect(jobs.filter(({ step }) => step === 'restore-job')).toHaveLength(1);
    expect(await content.read()).toEqual(saved);
    expect(await restores.standing()).toEqual(standing);
  });
});
