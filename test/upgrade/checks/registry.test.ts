import { describe, expect, it } from 'vitest';
import { compareMinors, KubernetesMinor } from '../../../functions/records/kubernetes-version.ts';
import { ClusterFacts, type FactName } from '../../../functions/records/upgrade/facts.ts';
import type { Check, StepContext } from '../../../functions/upgrade/check.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import { examine, judgeReport } from '../../../functions/upgrade/examination.ts';
import { readOnly, spyOn } from '../../support/guarded-facts.ts';
import { troubledCluster } from '../../support/troubled-cluster.ts';
import { CHECK_TIME, CLUSTER, healthyCluster, REGION, unreadTopic } from '../../support/upgrade-facts.ts';

const TOPICS = ClusterFacts.keyof().options;

const examination = { cluster: CLUSTER, region: REGION, current: '1.35', target: '1.36', now: CHECK_TIME };
const stepFor = (check: Check): StepContext => {
  const to = check.since && compareMinors(check.since, '1.36') > 0 ? check.since : '1.36';
  return { cluster: CLUSTER, region: REGION, current: '1.35', from: '1.35', to, now: CHECK_TIME };
};
const each = CHECKS.map((check) => ({ code: check.code, check }));

describe('the registry of checks', () => {
  it('names every check once', () => {
    expect(new Set(CHECKS.map(({ code }) => code)).size).toBe(CHECKS.length);
    expect(new Set(CHECKS.map(({ title }) => title)).size).toBe(CHECKS.length);
  });

  it('finds nothing on a healthy cluster, in which every topic was read', () => {
    const { findings, checks } = examine(healthyCluster(), examination, CHECKS);
    expect(findings).toEqual([]);
    expect(judgeReport(findings)).toBe('clean');
    expect(checks.filter(({ result }) => result !== 'pass')).toEqual([]);
  });

  it('calls a cluster of which nothing could be read not checked, and nothing of it clean', () => {
    const { findings, checks } = examine({}, examination, CHECKS);
    expect(judgeReport(findings)).toBe('not-checked');
    expect(checks.filter(({ result }) => result !== 'not-checked')).toEqual([]);
  });
});

describe.each(each)('check $code', ({ check }) => {
  it('has a code in kebab-case and a title that is a sentence without its dot', () => {
    expect(check.code).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    expect(check.title).toMatch(/^[A-Z\p{L}].{15,}[^.\s]$/u);
  });

  it('begins before it ends, at versions that exist', () => {
    const { since = '1.0', until = '1.999' } = check;
    expect(KubernetesMinor.safeParse(since).success && KubernetesMinor.safeParse(until).success).toBe(true);
    expect(compareMinors(since, until)).toBeLessThanOrEqual(0);
  });

  it('reads no topic that it does not declare', () => {
    const step = stepFor(check);
    expect(() => check.judge(readOnly(healthyCluster(), check.reads), step)).not.toThrow();
    expect(() => check.judge(readOnly(troubledCluster(), check.reads), step)).not.toThrow();
  });

  it('reads every topic that it declares', () => {
    const seen = new Set<FactName>();
    for (const facts of [healthyCluster(), troubledCluster()]) {
      check.judge(spyOn(facts, seen), stepFor(check));
    }
    expect(check.reads.filter((name) => !seen.has(name))).toEqual([]);
  });

  it('finds something on a cluster on which everything is wrong', () => {
    expect(check.judge(troubledCluster(), stepFor(check)).length).toBeGreaterThan(0);
  });

  it('is not checked, with the right that is missing, whichever of its topics could not be read', () => {
    for (const topic of TOPICS.filter((name) => check.reads.includes(name))) {
      const facts = { ...healthyCluster(), [topic]: unreadTopic(topic, `read:${topic}`) };
      const verdicts = check.judge(facts, stepFor(check));
      expect(verdicts.map(({ result }) => result)).toContain('not-checked');
      expect(verdicts.map(({ permission }) => permission)).toContain(`read:${topic}`);
      expect(verdicts.filter(({ result }) => result === 'block')).toEqual([]);
    }
  });

  it('says one thing of each subject', () => {
    const verdicts = check.judge(troubledCluster(), stepFor(check));
    const said = verdicts.map(({ result, subject }) => `${result === 'not-checked'} ${subject}`);
    expect(new Set(said).size).toBe(said.length);
  });

  it('tells in every finding what is wrong and what to do', () => {
    for (const { message, remedy } of check.judge(troubledCluster(), stepFor(check))) {
      expect(message).toMatch(/^\S.*\S$/s);
      expect(message.length).toBeGreaterThan(20);
      expect(remedy.text).toMatch(/\.$/);
      expect(remedy.link ?? 'https://').toMatch(/^https:\/\//);
    }
  });
});
