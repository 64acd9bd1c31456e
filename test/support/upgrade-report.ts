import type { Finding } from '../../functions/records/upgrade/finding.ts';
import type { UpgradeReport } from '../../functions/records/upgrade/report.ts';

/** A finding that blocks; `overrides` make it another one. Its id follows check, subject and kind of result. */
export const buildFinding = (overrides: Partial<Finding> = {}): Finding => {
  const { check = 'removed-apis', subject = 'Deployment shop/web', result = 'block' } = overrides;
  return {
    id: `${check} ${result === 'not-checked' ? 'not-checked' : 'found'} ${subject}`,
    check,
    title: 'Nothing uses an API that is gone',
    result,
    subject,
    step: '1.36',
    message: 'It uses apps/v1beta1.',
    remedy: { text: 'Write apps/v1.', command: 'kubectl convert -f web.yaml' },
    evidence: ['managedFields of kubectl'],
    ...overrides,
  };
};

/** A report about a cluster at 1.35 with these findings, all of which count; nothing in the calendar is near. */
export const buildReport = (
  findings: readonly Finding[] = [buildFinding()],
  overrides: Partial<UpgradeReport> = {},
): UpgradeReport => {
  const count = (result: Finding['result']): number =>
    findings.filter((finding) => finding.result === result && !finding.ignored).length;
  const worst = (['block', 'not-checked', 'warn'] as const).find((result) => count(result) > 0);
  const verdicts = { block: 'blocked', 'not-checked': 'not-checked', warn: 'warnings' } as const;
  return {
    version: 1,
    cluster: 'gitlab',
    environments: ['production'],
    region: 'eu-central-1',
    at: '2026-11-21T05:00:00.000Z',
    current: '1.35',
    target: '1.36',
    steps: ['1.36'],
    verdict: worst ? verdicts[worst] : 'clean',
    support: {
      source: 'eks',
      state: 'standard',
      standardEnds: '2027-03-27',
      extendedEnds: '2028-03-27',
      daysLeft: { standard: 126, extended: 492 },
      supportType: 'EXTENDED',
      forcedFrom: '2028-03-27',
      cost: { surchargePerHour: 0.5, perMonth: 365, perYear: 4_380, soFar: 0, untilForced: 4_392 },
      calendar: [
        {
          version: '1.35',
          status: 'standard',
          isDefault: false,
          released: '2026-01-27',
          standardEnds: '2027-03-27',
          extendedEnds: '2028-03-27',
          source: 'eks',
        },
        {
          version: '1.36',
          status: 'standard',
          isDefault: true,
          released: '2026-06-02',
          standardEnds: '2027-08-02',
          extendedEnds: '2028-08-02',
          source: 'eks',
        },
      ],
    },
    checks: [
      {
        code: 'removed-apis',
        title: 'Nothing uses an API that is gone',
        result: worst ?? 'pass',
        findings: 1,
      },
      { code: 'ipvs', title: 'kube-proxy does not use IPVS', result: 'pass', findings: 0 },
    ],
    findings: [...findings],
    counts: {
      block: count('block'),
      warn: count('warn'),
      notChecked: count('not-checked'),
      ignored: findings.filter(({ ignored }) => ignored).length,
      pass: 1,
    },
    outlook: [],
    ...overrides,
  };
};
