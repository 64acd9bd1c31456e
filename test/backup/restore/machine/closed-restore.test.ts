import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RestoreRun } from '../../../../functions/records/backup/restore.ts';
import { Killed } from '../../../support/kill-switch.ts';
import { isOpen, openExecution, readPlaceRun } from '../../../support/restore-execution.ts';
import { createRestoreSite, type RestoreSite } from '../../../support/restore-site.ts';

/**
 * Whatever dies, fails, is stopped, answered or started at whatever moment: a GitLab of which some data were replaced
 * and which no check has passed takes no writes, unless a person has chosen that.
 */

type Deed =
  | { readonly kind: 'turn' | 'abort' | 'carry-on' | 'restart' }
  | { readonly kind: 'die'; readonly call: number; readonly answered: boolean }
  | { readonly kind: 'job-fails'; readonly step: string }
  | { readonly kind: 'answer'; readonly choice: string };

const isChecked = ({ steps, way }: RestoreRun): boolean =>
  steps.some((one) => one.way === way && one.step === 'check' && one.state === 'done');

const mayBeOpen = (run: RestoreRun | undefined): boolean => {
  if (run?.destructiveAt === undefined) return true;
  return isChecked(run) || run.choices.some(({ choice }) => choice === 'open-anyway');
};

const DEED: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({ kind: 'turn' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('die' as const),
      call: fc.integer({ min: 1, max: 14 }),
      answered: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { kind: 'abort' as const },
      { kind: 'carry-on' as const },
      { kind: 'restart' as const },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('job-fails' as const),
      step: fc.constantFrom('restore-job', 'analyse', 'check', 'put-back-job'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      choice: fc.constantFrom('resume', 'put-back', 'open-anyway', 'forged'),
    }),
  },
);

/** Several executions that know nothing of each other; each deed is done by the one that was opened last, or by an old one. */
const play = async (site: RestoreSite, deeds: readonly (readonly [Deed, boolean])[]): Promise<number> => {
  let looks = 0;
  const first = openExecution(site);
  await first.plan();
  await first.approve();
  await first.begin();
  const all = [first];
  for (const [deed, isOld] of deeds) {
    const execution = (isOld ? all[0] : all.at(-1)) ?? first;
    await once(async () => {
      if (deed.kind === 'turn') await execution.turn(0);
      if (deed.kind === 'die') site.kill.arm(deed.call, deed.answered);
      if (deed.kind === 'job-fails') site.state.failing.push(deed.step);
      if (deed.kind === 'abort') await execution.fail();
      if (deed.kind === 'answer') {
        await execution.answer({
          restore: 'restore-1',
          choice: deed.choice,
          by: 'Grace',
          why: 'it is night',
        });
      }
      if (deed.kind === 'carry-on' || deed.kind === 'restart') {
        const next = openExecution(site, `restore-${all.length + 1}`);
        if (deed.kind === 'restart') {
          await next.plan();
          await next.approve('Joan');
        }
        const begun = await next.begin(
          deed.kind === 'carry-on' ? { place: 'production', id: 'restore-1' } : undefined,
        );
        if (begun.outcome === 'begun') all.push(next);
      }
    });
    const run = await readPlaceRun(site);
    expect(!(await isOpen(site)) || mayBeOpen(run)).toBe(true);
    looks += 1;
    if (run?.state === 'ended') return looks;
  }
  return looks;
};

/** What dies or is too late is tried again by somebody, or not. */
const once = async (deed: () => Promise<void>): Promise<void> => {
  try {
    await deed();
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof Error && 'code' in error)) throw error;
  }
};

it('opens no half-restored GitLab by itself, in whatever order things happen', async () => {
  let looks = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(DEED, fc.boolean()), { minLength: 20, maxLength: 70 }),
      async (deeds) => {
        looks += await play(await createRestoreSite(), deeds);
      },
    ),
    { numRuns: 40 },
  );
  expect(looks).toBeGreaterThan(400);
}, 120_000);

it('is asked of runs that go well and of runs that go wrong', async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(DEED, fc.constant(false)), { minLength: 60, maxLength: 70 }),
      async (deeds) => {
        const site = await createRestoreSite();
        await play(site, deeds);
        const run = await readPlaceRun(site);
        ends.add(run?.outcome ?? run?.state ?? 'none');
      },
    ),
    { numRuns: 40, seed: 20_261_121 },
  );
  expect([...ends]).toEqual(expect.arrayContaining(['restored', 'held', 'opened-anyway']));
  expect(ends.size).toBeGreaterThan(3);
}, 120_000);
