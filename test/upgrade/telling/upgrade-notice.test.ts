import { describe, expect, it } from 'vitest';
import type { GateOutcome, PlanStep } from '../../../functions/records/upgrade/plan.ts';
import { renderMessage } from '../../../functions/rules/message-text.ts';
import { foldLines } from '../../../functions/upgrade/telling/plan-text.ts';
import {
  composeApprovalNotice,
  composeHandOverNotice,
} from '../../../functions/upgrade/telling/upgrade-notice.ts';
import { CHECK_TIME } from '../../support/upgrade-facts.ts';
import { buildPlan } from '../../support/upgrade-run.ts';

const names = Array.from({ length: 60 }, (_, index) => `group-${index}`);
const steps = names.map(
  (nodeGroup): PlanStep => ({
    kind: 'node-group',
    id: `node-group/${nodeGroup}/1.36`,
    title: `node group ${nodeGroup} from 1.35 to 1.36`,
    minor: '1.36',
    minutes: 46,
    nodeGroup,
    from: '1.35',
    to: '1.36',
  }),
);
const large = { ...buildPlan(), steps };
const gates = (['plan', 'report', 'backup', 'window', 'pause', 'updates'] as const).map(
  (gate): GateOutcome => ({ gate, passed: true, reason: `as scripted for ${gate}` }),
);

describe('the message about a plan with sixty node groups', () => {
  it('that asks for approval has every step and every gate', () => {
    const notice = composeApprovalNotice(large, gates, { token: 'token', hours: 24, now: CHECK_TIME });
    const { body } = renderMessage(notice);
    for (const name of names) expect(body).toContain(`node group ${name} from`);
    for (const { gate } of gates) expect(body).toContain(`gate ${gate}: open`);
    expect(body).not.toMatch(/and \d+ more/);
  });

  it('that hands it over has every step', () => {
    const notice = composeHandOverNotice(large, { hours: 72, now: CHECK_TIME, offer: undefined });
    const { body } = renderMessage(notice);
    for (const name of names) expect(body).toContain(`node group ${name} from`);
  });
});

describe('lines for a message', () => {
  it('stay as they are while there is room', () => {
    expect(foldLines(['a', 'b'], 2)).toEqual(['a', 'b']);
  });

  it('are never more than there is room for, and those that are left out are counted', () => {
    const lines = Array.from({ length: 10 }, () => 'x'.repeat(300));
    expect(foldLines(lines, 4)).toEqual([...lines.slice(0, 3), 'and 7 more, in the record of the plan']);
  });
});
