import { describe, expect, it } from 'vitest';
import {
  clusterStateKey,
  clusterStateKind,
  reportKey,
  reportKind,
} from '../../../functions/records/upgrade/report.ts';
import { boundGates } from '../../../functions/upgrade/gates/gate-bounds.ts';
import { buildExecution } from '../../support/target-world.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';
import { execute, useUpgradeWorld } from '../../support/upgrade-world.ts';

/** Step Functions developer guide, "Service quotas": input or output of a task, state or execution. */
const MAX_PAYLOAD_BYTES = 256 * 1024;

const world = useUpgradeWorld();

describe('a report that blocks in thousands of places', () => {
  it('shuts the gate, and what comes of it fits into the output of a step several times', async () => {
    const { ledger, clock } = world();
    const at = clock.now().toISOString();
    const findings = Array.from({ length: 3_000 }, (_, index) =>
      buildFinding({ subject: `Ingress shop/${'ü'.repeat(60)}-${index}`, message: 'y'.repeat(200) }),
    );
    const report = buildReport(findings, { cluster: 'blue', at });
    const key = reportKey({ cluster: 'blue', execution: buildExecution('check-1'), at });
    await ledger.claim(reportKind, key, report);
    await ledger.claim(clusterStateKind, clusterStateKey('blue'), {
      version: 1,
      cluster: 'blue',
      report: { key, at, verdict: 'blocked', target: '1.36' },
    });
    const upgrade = execute(world());
    await upgrade.plan();
    const checked = await upgrade.check();
    expect(checked.outcome).toBe('refused');
    expect(checked.reasons.join()).toMatch(/Ingress shop.*cut off: the report and the plan name the rest/);
    expect(4 * Buffer.byteLength(JSON.stringify(checked))).toBeLessThan(MAX_PAYLOAD_BYTES);
  });
});

describe('gates of an ordinary length', () => {
  it('stay as they are', () => {
    const gates = [
      {
        gate: 'plan' as const,
        passed: true,
        reason: 'x'.repeat(4_000),
        override: { by: 'Ada', why: 'it is' },
      },
      { gate: 'window' as const, passed: true, reason: 'at any time' },
    ];
    expect(boundGates(gates)).toEqual(gates);
  });
});
