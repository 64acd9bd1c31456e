import { beforeAll, describe, expect, it } from 'vitest';
import type { RestoreStep } from '../../functions/records/backup/restore-plan.ts';
import { viewBackups } from '../support/world/backups.ts';
import { type GitLabContent, viewContent } from '../support/world/gitlab-content.ts';
import { viewRestores } from '../support/world/restores.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/**
 * A restore whose execution somebody stops right behind each of its steps, on the local world: what comes of it by itself
 * keeps the promise, and going on ends well. No safety backup is made, which the other tests of a restore wait for.
 */
const policies = { daily: { schedule: 'cron(0 3 * * ? *)', versions: [] } };
const world = useWorld(() => ({}), { waitScale: 0.06, gitlabRelease: { backup: { policies } } });
const backups = viewBackups(world);
const content = viewContent(world);
const restores = viewRestores(world);

/** Each restore in Lambdas of a busy machine. */
const PATIENT = { timeout: 300_000 };
const WRITERS = ['gitlab-webservice-default', 'gitlab-sidekiq-all-in-1-v2'];
/** Behind the checks the next look opens it: nobody is that fast. */
const STEPS: readonly RestoreStep[] = [
  'suspend-schedules',
  'quiesce',
  'restore-secrets',
  'restore-job',
  'analyse',
];

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

/** Starts one and stops it as soon as a step of it is done. */
const stopBehind = async (step: RestoreStep): Promise<string> => {
  const overrides = [{ check: 'safety-backup', why: 'nobody works here' }];
  const arn = await restores.start({ set, overrides });
  await restores.approve(arn);
  await restores.until(`${step} is done`, ({ execution, steps }) => {
    return execution.arn === arn && steps.some((one) => one.step === step && one.state === 'done');
  });
  await restores.stop(arn);
  return arn;
};

describe('an execution that is stopped', PATIENT, () => {
  const ends: string[] = [];

  const UNDONE = 'nothing is resumed';
  const RESUMED = {
    writers: [0, 0],
    otherPages: [],
    outcome: 'restored',
    jobs: ['restore-job', 'analyse', 'check'],
  };
  const resume = async (arn: string): Promise<unknown> => {
    const [page, ...otherPages] = await restores.pages(arn);
    const now = await restores.standing();
    if (page) await restores.choose(page, 'resume');
    const { outcome } = await restores.end(arn);
    const { jobs } = await restores.run();
    return {
      writers: WRITERS.map((name) => now[name]),
      otherPages,
      outcome,
      jobs: jobs.map((job) => job.step),
    };
  };

  it.each(STEPS)('behind %s is undone exactly, or held at 0 behind one page and resumed', async (step) => {
    const arn = await stopBehind(step);
    const rest = await restores.until('another execution has brought it to rest', (run) => {
      return run.state === 'ended' || (run.state === 'held' && run.execution.arn !== arn);
    });
    const isDestroyed = rest.destructiveAt !== undefined;
    expect(rest).toMatchObject(isDestroyed ? { state: 'held' } : { state: 'ended', outcome: 'undone' });
    ends.push(isDestroyed ? 'held' : 'undone');
    expect(isDestroyed ? await resume(rest.execution.arn) : UNDONE).toEqual(isDestroyed ? RESUMED : UNDONE);
    await waitFor('the place is free', restores.isFree);
    expect(await restores.standing()).toEqual(standing);
    expect(await content.read()).toEqual(saved);
  });

  it('was met on both sides of the first step that destroys', () => {
    expect(new Set(ends)).toEqual(new Set(['undone', 'held']));
  });
});
