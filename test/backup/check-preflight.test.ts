import { describe, expect, it } from 'vitest';
import { MAX_SENTENCES, Output } from '../../functions/backup/check-preflight.contract.ts';
import { buildComponent, buildRelease } from '../support/release-facts.ts';
import { createPreflightWorld, cronJobBody } from './preflight/preflight-world.ts';

describe('an ordinary night', () => {
  it('passes, with nothing to mend, and every rule is written down', async () => {
    const world = await createPreflightWorld();
    expect(await world.check()).toEqual({ outcome: 'passed', reasons: [], warnings: [] });
    const record = await world.record();
    expect(record).toMatchObject({ outcome: 'pass', mayStart: true, checkedAt: '2026-11-21T03:00:05.000Z' });
    expect(record?.results.length).toBeGreaterThanOrEqual(17);
  });

  it('asks IAM of the role of the backup, never of its own', async () => {
    const world = await createPreflightWorld();
    await world.check();
    expect(world.simulation.asked).toEqual([world.subject.settings.role]);
  });

  it('looks again when it is asked again', async () => {
    const world = await createPreflightWorld();
    await world.check();
    world.cluster.putCronJob('gitlab', cronJobBody('400Gi', { suspend: false }));
    expect((await world.check()).outcome).toBe('refused');
    expect(await world.record()).toMatchObject({ mayStart: false });
  });
});

describe('the history of a policy', () => {
  it.each<[string, Parameters<typeof createPreflightWorld>[0] & object, boolean]>([
    ['counts archives of the same components', {}, true],
    ['counts none that skipped another', { history: [[1, 50e9, { skip: ['lfs'] }]] }, false],
    ['counts none of another policy', { history: [[1, 50e9, { policy: 'hourly' }]] }, false],
    ['counts none that was not verified', { history: [[1, 50e9, { state: 'failed' }]] }, false],
  ])('%s', async (_, options, isKnown) => {
    const world = await createPreflightWorld(options);
    await world.check();
    const size = (await world.record())?.results.find(({ code }) => code === 'upload-ceiling');
    expect(size?.outcome).toBe(isKnown ? 'pass' : 'not-checked');
  });
});

describe('the disk of a backup', () => {
  it.each([
    ['is that of the chart', {}, '150Gi', 'refused'],
    ['is that of drydock.yaml, where it names one', { scratchSize: '400Gi' }, '150Gi', 'passed'],
    ['is too small in drydock.yaml', { scratchSize: '150Gi' }, '400Gi', 'refused'],
  ])('%s', async (_, job, chart, outcome) => {
    const world = await createPreflightWorld({ history: [[1, 80e9]] });
    Object.assign(world.subject.settings.job, job);
    world.cluster.putCronJob('gitlab', cronJobBody(chart));
    expect((await world.check()).outcome).toBe(outcome);
  });
});

describe('what it says', () => {
  it('fits into the payload of a state, however much there is, and counts the rest', async () => {
    const components = Array.from({ length: 40 }, (_, index) =>
      buildComponent('uploads', { bucket: `acme-bucket-${index}` }),
    );
    const world = await createPreflightWorld({ release: buildRelease({ components }) });
    world.simulation.answer('s3:ListBucket', { decision: 'implicitDeny' });
    const said = await world.check();
    expect(Output.parse(said)).toEqual(said);
    expect(said.reasons).toHaveLength(MAX_SENTENCES);
    expect(said.reasons.at(-1)).toMatch(/^And \d+ more, in the record of the run\.$/);
  });

  it('of a native set without Git is not of the tool', async () => {
    const policy = { kind: 'native', skip: ['repositories'] };
    const world = await createPreflightWorld({
      policy,
      probe: { known: false, why: 'this policy runs no pod' },
    });
    world.cluster.putCronJob('gitlab', cronJobBody('1Gi', { suspend: false }));
    expect(await world.check()).toEqual({ outcome: 'passed', reasons: [], warnings: [] });
  });
});
