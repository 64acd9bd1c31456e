import { beforeAll, describe, expect, it } from 'vitest';
import { SOURCE_BUCKETS } from '../../infra/local/gitlab-release/names.ts';
import { viewBackups } from '../support/world/backups.ts';
import { viewDrills } from '../support/world/drills.ts';
import { type GitLabContent, viewContent } from '../support/world/gitlab-content.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/**
 * The machine of drills on the local world: real Step Functions, real Lambdas under their roles, a real API server with
 * the Roles that ship, a second GitLab on a second PostgreSQL, and pods whose connections obey the NetworkPolicies that
 * stand. Waits are a sixteenth, and pods sleep a twentieth.
 */
const policies = { daily: { schedule: 'cron(0 3 * * ? *)', versions: [] } };
const world = useWorld(() => ({}), {
  waitScale: 0.06,
  gitlabRelease: { scratch: true, pace: 20, backup: { policies } },
});
const backups = viewBackups(world);
const drills = viewDrills(world);
const content = viewContent(world);
const scratch = viewContent(world, 'scratch');

/** Until the plan of a restore stands, its database was asked, and its Job runs. */
const FIRST_ROWS_MS = 180_000;
const PATIENT = { timeout: 300_000 };
const NOTHING = { awake: {}, policies: [], jobs: [] };
const RAILS = 'gitlab-rails-secret';
const SIDEKIQ = 'gitlab-sidekiq-all-in-1-v2';

let set = '';
let saved: GitLabContent;
beforeAll(async () => {
  const arn = await backups.start();
  await drills.end(arn);
  ({ id: set } = await backups.set(arn));
  saved = await content.read();
});

/** As values name it. */
const serverOfPeople = (): { host?: string | undefined; port?: number | undefined } => {
  const { host, port } = world().gitlabRelease?.postgresql ?? {};
  return { host, port };
};

const expectEmpty = async (): Promise<void> => {
  const { tables, objects, repositories } = await scratch.read();
  expect({ tables, repositories }).toEqual({ tables: {}, repositories: {} });
  expect(Object.values(objects).flat()).toEqual([]);
};

describe('a drill', PATIENT, () => {
  it('restores all of the backup behind a network that it has proven closed, and leaves nothing', async () => {
    // Whoever asks for the sign-in page has to wait until somebody has looked.
    drills.network({ silent: [drills.web()] });
    const own = (await scratch.read()).secrets;
    const arn = await drills.start();
    const filled = await drills.until(
      'the web pods are asked',
      ({ made, outcome }) =>
        outcome !== undefined || made.some(({ name, uid }) => name.includes('sign-in') && uid !== undefined),
    );
    expect(filled.failure).toBeUndefined();
    const restored = await scratch.read();
    const standing = await drills.standing();
    const heard = drills.heard();
    drills.network({});
    const { outcome, reasons } = await drills.end(arn);

    expect([outcome, reasons]).toEqual(['passed', expect.anything()]);
    expect(restored.tables).toEqual(saved.tables);
    expect(restored.objects).toEqual(saved.objects);
    expect(restored.repositories).toEqual(saved.repositories);
    expect(restored.secrets[RAILS]).toBe(saved.secrets[RAILS]);
    expect(standing.awake).toEqual({
      'gitlab-gitaly': 1,
      'gitlab-redis-master': 1,
      'gitlab-webservice-default': 1,
    });
    expect(standing.policies).toHaveLength(2);
    // Both rounds of the open probe, and nobody since.
    expect(heard).toHaveLength(2);
    expect(drills.heard()).toEqual(heard);
    await expectEmpty();
    expect((await scratch.read()).secrets).toEqual(own);
    expect(await drills.standing()).toEqual(NOTHING);
    expect(await drills.isFree()).toBe(true);
    expect(await content.read()).toEqual(saved);
  });

  it('is told once, with the time in which GitLab was back, and counts as the last one', async () => {
    const run = await drills.run();
    const [notice, ...more] = await drills.told(run.execution.arn);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ outcome: 'drill-passed', severity: 'info' });
    expect(notice?.happened).toMatch(/GitLab was back in/);
    const { host, port } = world().outside ?? {};
    expect(notice?.reasons.join('\n')).toContain(`no answer of ${host}:${port}`);
    expect(await drills.last()).toMatchObject({
      passed: { id: run.id, set: { id: set }, outcome: 'passed' },
    });
    expect(run.restore?.recoverySeconds).toBeGreaterThan(0);
  });
});

describe('a place that is not fit', PATIENT, () => {
  it.each<[string, () => Promise<void>, () => Promise<void>, RegExp]>([
    [
      'whose database is on the server that people use',
      () => drills.scratch().upgrade({ global: { psql: serverOfPeople() } }),
      () => drills.scratch().upgrade({}),
      /127\.0\.0\.1 \(database\) is 127\.0\.0\.1, the database server of local/,
    ],
    [
      'with a bucket that people use',
      () =>
        drills.scratch().upgrade({ global: { appConfig: { uploads: { bucket: SOURCE_BUCKETS.uploads } } } }),
      () => drills.scratch().upgrade({}),
      /Bucket gitlab-local-uploads is one of local/,
    ],
    [
      'with a policy of somebody else that lets pods out',
      () => drills.addPolicy('open', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] }),
      () => drills.removePolicy('open'),
      /NetworkPolicy gitlab-scratch\/open lets pods out/,
    ],
  ])('%s is refused, and nothing is done there', async (_, spoil, mend, reason) => {
    await spoil();
    const arn = await drills.start();
    const { outcome, reasons } = await drills.end(arn);
    const { made, woken, restore } = await drills.run();
    const { policies: others } = await drills.standing();
    await mend();
    expect([outcome, reasons.join('\n')]).toEqual(['refused', expect.stringMatching(reason)]);
    expect({ made, woken, restore }).toEqual({ made: [], woken: [], restore: undefined });
    expect(others.filter((name) => name !== 'open')).toEqual([]);
    expect(await content.read()).toEqual(saved);
  });

  it('in which nobody carries policies out gets no data, and keeps its own', async () => {
    const { postgresql, login } = drills.scratch();
    await postgresql.query("create table keepsake as select 'it stays' as text", [], login);
    const before = await scratch.read();
    drills.network({ policies: 'ignored' });
    const arn = await drills.start();
    const { outcome, reasons } = await drills.end(arn);
    drills.network({});
    expect([outcome, reasons.join('\n')]).toEqual(['failed', expect.stringContaining('can be reached')]);
    expect(await drills.run()).toMatchObject({ failure: { step: 'probe-closed' }, left: [] });
    expect(await drills.run()).not.toHaveProperty('filledAt');
    expect(await scratch.read()).toEqual(before);
    expect(await drills.standing()).toEqual(NOTHING);
    await postgresql.query('drop table keepsake', [], login);
  });
});

describe('what happens in the middle', PATIENT, () => {
  /** Begins a drill whose restore takes its time, and waits until it fills the place. */
  const startFilling = async (): Promise<string> => {
    backups.trouble({ slowMs: 1_500 });
    const arn = await drills.start();
    await drills.until(
      'its restore has begun',
      ({ execution, filledAt }) => execution.arn === arn && filledAt !== undefined,
    );
    await waitFor(
      'the first rows are there',
      async () => Object.keys((await scratch.read()).tables).length > 0,
      FIRST_ROWS_MS,
    );
    return arn;
  };

  it('Sidekiq that somebody scales up again and again breaks it off, and everything is destroyed', async () => {
    const arn = await startFilling();
    // As a GitOps tool does: the restore itself puts it down each time that it sees it.
    const run = await drills.until('it is broken off', async ({ execution, failure }) => {
      if (execution.arn === arn && failure !== undefined) return true;
      await drills.scale(SIDEKIQ, 1);
      return false;
    });
    backups.trouble({});
    await drills.scale(SIDEKIQ, 0);
    const { outcome } = await drills.end(arn);
    expect([outcome, run.failure?.reasons.join('\n')]).toEqual(['failed', expect.stringContaining(SIDEKIQ)]);
    await expectEmpty();
    expect(await drills.standing()).toEqual(NOTHING);
  });

  it('a restore that fails half-way is told as a drill that failed, and leaves nothing', async () => {
    backups.trouble({ failsAt: 'artifacts' });
    const arn = await drills.start();
    const { outcome, reasons } = await drills.end(arn);
    backups.trouble({});
    expect([outcome, reasons.join('\n')]).toEqual([
      'failed',
      expect.stringContaining('The restore ended as abandoned'),
    ]);
    expect(await drills.told(arn)).toMatchObject([{ outcome: 'drill-failed', severity: 'critical' }]);
    await expectEmpty();
    expect(await drills.standing()).toEqual(NOTHING);
    expect((await drills.last()).ended?.outcome).toBe('failed');
    expect((await drills.last()).passed).toBeDefined();
  });

  it('an execution that somebody stops is followed by one that destroys all of it', async () => {
    const arn = await startFilling();
    await drills.stop(arn);
    backups.trouble({});
    const run = await drills.until('another one has ended it', ({ state, execution }) => {
      return state === 'ended' && execution.arn !== arn;
    });
    expect(run).toMatchObject({ outcome: 'failed', way: 'destroy', left: [] });
    await expectEmpty();
    expect(await drills.standing()).toEqual(NOTHING);
    expect(await content.read()).toEqual(saved);
    await waitFor('the place is free', drills.isFree);
  });
});
