import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import type { UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import { composeReport } from '../../../functions/upgrade/report/compose-report.ts';
import { SAMPLE_FACTS, SAMPLE_FACTS_BEFORE } from './sample-facts.ts';
import { CLUSTER } from './sample-names.ts';

/** The report that the checks make of the sample facts, for pictures: nothing in it is written by hand. */

const compose = (
  facts: ClusterFacts,
  day: string,
  execution: string,
  previous?: UpgradeReport,
): UpgradeReport =>
  composeReport(facts, {
    cluster: CLUSTER,
    region: 'eu-central-1',
    environments: ['production'],
    current: '1.34',
    target: '1.36',
    now: new Date(`${day}T05:00:12.000Z`),
    execution: {
      arn: `arn:aws:states:eu-central-1:111122223333:execution:drydock-main-cluster-check:${execution}`,
      name: execution,
      startedAt: `${day}T05:00:00.000Z`,
    },
    ignore: [
      {
        check: 'single-replicas',
        subject: 'Deployment gitlab/*',
        reason: 'Toolbox and exporter may be away for a minute; nobody waits for them.',
        expires: '2027-01-31',
      },
    ],
    surchargePerHour: 0.5,
    checks: CHECKS,
    ...(previous && { previous }),
  });

const before = compose(SAMPLE_FACTS_BEFORE, '2026-11-10', `${CLUSTER}-9b07`);

export const SAMPLE_REPORT: UpgradeReport = compose(SAMPLE_FACTS, '2026-11-11', `${CLUSTER}-4f1c`, before);
