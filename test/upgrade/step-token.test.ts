import { describe, expect, it } from 'vitest';
import { stepToken } from '../../functions/upgrade/plan/plan-id.ts';
import { buildExecution } from '../support/target-world.ts';

const plan = { id: 'a'.repeat(32), execution: buildExecution('upgrade-1') };
const token = stepToken(plan, 'control-plane/1.36');

describe('the client request token of a step', () => {
  it('is the same for the same step of the same plan, so that a repeat is the same update', () => {
    expect(stepToken({ ...plan }, 'control-plane/1.36')).toBe(token);
  });

  it.each([
    ['another step', stepToken(plan, 'node-group/blue/1.36')],
    ['another plan', stepToken({ ...plan, id: 'b'.repeat(32) }, 'control-plane/1.36')],
    [
      'another execution, after a way back',
      stepToken({ ...plan, execution: buildExecution('upgrade-2') }, 'control-plane/1.36'),
    ],
  ])('is another one for %s, which EKS must not answer with the update of this one', (_, other) => {
    expect(other).not.toBe(token);
  });

  it('is plain ASCII of at most 64 characters, as the APIs of AWS take it', () => {
    expect(token).toMatch(/^[!-~]{1,64}$/);
  });
});
