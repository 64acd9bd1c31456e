import { describe, expect, it } from 'vitest';
import { findDrillAt, judgeDrillClaim } from '../../../functions/backup/restore/drill-claim.ts';
import { findEnvironment } from '../../../functions/backup/restore/reading/restore-subject.ts';
import type { DrillRun } from '../../../functions/records/backup/drill.ts';
import { DRILLED_CONFIGURATION } from '../../support/drilled-site.ts';
import { executionOf } from '../../support/restore-execution.ts';
import { SITE_CONFIGURATION } from '../../support/restore-site.ts';
import { buildDrill, CLOSED } from '../drill/drill-builders.ts';

const { settings } = findEnvironment(DRILLED_CONFIGURATION, 'production');
const execution = executionOf('drill-weekly-1');
const run = buildDrill({ proof: CLOSED, restore: { execution: execution.arn } });
const { set, target } = run;
const claim = { execution, plan: { set, target }, drill: run.id };

describe('a restore that says that it is of a drill', () => {
  it('asks nobody when the record of that drill says so', () => {
    expect(judgeDrillClaim(claim, run, settings)).toEqual([]);
  });

  it.each<[string, DrillRun | undefined, Partial<typeof claim>, RegExp]>([
    ['without any drill', undefined, {}, /^There is no drill drill-1 of production under way\.$/],
    ['of another drill', run, { drill: 'drill-2' }, /no drill drill-2/],
    ['of one that has ended', { ...run, state: 'ended' }, {}, /rehearses nothing any more/],
    ['of one that is destroyed', { ...run, way: 'destroy' }, {}, /rehearses nothing any more/],
    ['without a proof', buildDrill({ restore: { execution: execution.arn } }), {}, /not proven/],
    ['with an open network', { ...run, proof: { ...CLOSED, state: 'open' } }, {}, /not proven/],
    ['with a network nobody knows of', { ...run, proof: { ...CLOSED, state: 'unproven' } }, {}, /not proven/],
    [
      'of another set',
      run,
      { plan: { target, set: { ...set, id: '1772366400_2026_03_01_18.10.0-ee' } } },
      /rehearses set 1772323200.* and this is 1772366400/,
    ],
    [
      'into another place',
      run,
      { plan: { set, target: { ...target, namespace: 'gitlab' } } },
      /another one than namespace gitlab of production/,
    ],
    [
      'onto people',
      run,
      { plan: { set, target: { ...target, kind: 'environment' } } },
      /The place of the drill drill-1 is another one/,
    ],
    [
      'that it did not start',
      { ...run, restore: { execution: 'another' } },
      {},
      /has started another, and not/,
    ],
    ['before it has started one', buildDrill({ proof: CLOSED }), {}, /has started no restore/],
    [
      'started by a person',
      run,
      { execution: executionOf('restore-1') },
      /started by no drill: leave "drill" out/,
    ],
  ])('%s is refused', (_, record, change, reason) => {
    const reasons = judgeDrillClaim({ ...claim, ...change }, record, settings);
    expect(reasons).toEqual([expect.stringMatching(reason)]);
  });

  it('is refused where drydock.yaml names no drill, whatever the record says', () => {
    const { settings: without } = findEnvironment(SITE_CONFIGURATION, 'production');
    expect(judgeDrillClaim(claim, run, without)).toEqual([
      expect.stringContaining('has no restore.drill of production'),
    ]);
  });
});

describe('a place at which a drill', () => {
  it.each<[string, DrillRun | undefined, RegExp | undefined]>([
    ['never was is free', undefined, undefined],
    ['has ended and left nothing is free', { ...run, state: 'ended' }, undefined],
    ['works is taken', run, /drill-1 works at production\/scratch and destroys/],
    [
      'has left something is taken',
      { ...run, state: 'ended', left: ['A bucket is not empty.'] },
      /start restore-drill with \{"environment":"production","destroy":true\} first/,
    ],
  ])('%s', (_, record, sentence) => {
    expect(findDrillAt(target, record) ?? '').toMatch(sentence ?? /^$/);
  });

  it('works is no place of people, who restore onto themselves meanwhile', () => {
    expect(findDrillAt({ ...target, kind: 'environment' }, run)).toBeUndefined();
  });
});
