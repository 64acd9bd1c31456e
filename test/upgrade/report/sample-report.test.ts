import { describe, expect, it } from 'vitest';
import { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import { IGNORE_LIST } from '../../../functions/upgrade/report/ignore-list.ts';
import { SAMPLE_FACTS, SAMPLE_FACTS_BEFORE } from '../../../infra/local/pictures/sample-facts.ts';
import { SAMPLE_REPORT } from '../../../infra/local/pictures/sample-report.ts';

/** Pictures promise what there is: were a check added or its text changed, the sample has it from the same source. */
describe('the report of the pictures', () => {
  const { checks, findings, changes, outlook } = SAMPLE_REPORT;

  it('has every check of the registry in its order, that of the exceptions, and no other', () => {
    expect(checks.map(({ code }) => code)).toEqual([...CHECKS.map(({ code }) => code), IGNORE_LIST]);
    expect(checks.map(({ title }) => title).slice(0, CHECKS.length)).toEqual(
      CHECKS.map(({ title }) => title),
    );
  });

  it('skips no check, so that each is a pass or told of', () => {
    expect(checks.filter(({ result }) => result === 'skipped')).toEqual([]);
  });

  it('is a record that a check could have written, of facts that one could have read', () => {
    expect(UpgradeReport.parse(SAMPLE_REPORT)).toEqual(SAMPLE_REPORT);
    for (const facts of [SAMPLE_FACTS, SAMPLE_FACTS_BEFORE]) {
      expect(ClusterFacts.parse(facts)).toEqual(facts);
    }
  });

  it('was asked for every topic; manifests alone are an offer, and nobody gave any', () => {
    const topics = Object.keys(ClusterFacts.shape).filter((name) => name !== 'manifests');
    expect(Object.keys(SAMPLE_FACTS).toSorted()).toEqual(topics.toSorted());
  });

  it.each(['block', 'warn', 'not-checked'] as const)('shows at least one %s', (result) => {
    expect(findings.some((finding) => finding.result === result && !finding.ignored)).toBe(true);
  });

  it('names the right that is missing, an exception with its end, what is new, what is gone and what comes later', () => {
    expect(findings.filter(({ result }) => result === 'not-checked')).toEqual([
      expect.objectContaining({ permission: 'servicequotas:GetServiceQuota' }),
    ]);
    expect(findings.flatMap(({ ignored }) => ignored?.expires ?? [])).toEqual(['2027-01-31', '2027-01-31']);
    const isNew = new Set(changes?.added);
    expect(findings.filter(({ id }) => isNew.has(id)).map(({ subject }) => subject)).toEqual([
      'node group general',
      'PodDisruptionBudget gitlab/gitlab-gitaly',
    ]);
    expect(changes?.gone.map(({ check }) => check)).toEqual(['unready-workloads']);
    expect(outlook.map(({ version }) => version)).toEqual(['1.37']);
  });
});
