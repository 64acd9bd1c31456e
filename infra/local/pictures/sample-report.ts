import type { VersionFact } from '../../../functions/records/upgrade/aws-facts.ts';
import type { CheckOutcome, UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import { SAMPLE_FINDINGS } from './sample-findings.ts';

/** A report as a cluster three weeks before the end of its standard support may get it, for pictures. */

const CALENDAR: readonly VersionFact[] = (
  [
    ['1.33', '2025-05-29', '2026-07-29', '2027-07-29', 'extended'],
    ['1.34', '2025-10-02', '2026-12-02', '2027-12-02', 'standard'],
    ['1.35', '2026-01-27', '2027-03-27', '2028-03-27', 'standard'],
    ['1.36', '2026-06-02', '2027-08-02', '2028-08-02', 'standard'],
  ] as const
).map(([version, released, standardEnds, extendedEnds, status]) => ({
  version,
  released,
  standardEnds,
  extendedEnds,
  status,
  isDefault: version === '1.36',
  source: 'eks',
}));

const PASSING: readonly (readonly [string, string])[] = [
  ['cluster-health', 'EKS reports no problem of the cluster'],
  ['node-group-health', 'EKS reports no problem of a node group'],
  ['addon-health', 'EKS reports no problem of an add-on'],
  ['running-updates', 'No other update is under way'],
  ['kubelet-skew', 'Every node keeps within the version skew that the new control plane supports'],
  ['kube-proxy-skew', 'kube-proxy keeps within the version skew that the new control plane supports'],
  ['cgroup-v1', 'No node needs cgroup v1'],
  ['ipvs', 'kube-proxy does not run in the mode IPVS'],
  ['identities', 'Role, keys and security groups of the control plane are there and usable'],
  ['quotas', 'The account has room for the nodes that the update brings up'],
  ['webhooks', 'No admission webhook without endpoints would refuse what an upgrade does'],
  ['single-replicas', 'Every workload keeps a pod while a node is replaced'],
  ['external-ips', 'No Service sets external IPs'],
  ['node-pool-budgets', 'Every node pool lets its nodes be replaced'],
];

const FAILING = [...new Map(SAMPLE_FINDINGS.map(({ check, title }) => [check, title]))];

const outcomeOf = ([code, title]: readonly [string, string]): CheckOutcome => {
  const own = SAMPLE_FINDINGS.filter(({ check, ignored }) => check === code && !ignored);
  const worst = (['block', 'not-checked', 'warn'] as const).find((result) =>
    own.some((finding) => finding.result === result),
  );
  return { code, title, result: worst ?? 'pass', findings: own.length };
};

const counted = SAMPLE_FINDINGS.filter(({ ignored }) => !ignored);
const count = (result: string): number => counted.filter((finding) => finding.result === result).length;
const checks = [...FAILING, ...PASSING].map(outcomeOf);

export const SAMPLE_REPORT: UpgradeReport = {
  version: 1,
  cluster: 'gitlab-production',
  environments: ['production'],
  region: 'eu-central-1',
  at: '2026-11-11T05:00:12.000Z',
  execution: {
    arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-cluster-check:gitlab-production-4f1c',
    name: 'gitlab-production-4f1c',
    startedAt: '2026-11-11T05:00:00.000Z',
  },
  current: '1.34',
  target: '1.36',
  steps: ['1.35', '1.36'],
  verdict: 'blocked',
  support: {
    source: 'eks',
    state: 'standard',
    standardEnds: '2026-12-02',
    extendedEnds: '2027-12-02',
    daysLeft: { standard: 21, extended: 386 },
    supportType: 'EXTENDED',
    forcedFrom: '2027-12-02',
    cost: { surchargePerHour: 0.5, perMonth: 365, perYear: 4_380, soFar: 0, untilForced: 4_380 },
    calendar: [...CALENDAR],
  },
  checks,
  findings: [...SAMPLE_FINDINGS],
  counts: {
    block: count('block'),
    warn: count('warn'),
    notChecked: count('not-checked'),
    ignored: SAMPLE_FINDINGS.length - counted.length,
    pass: checks.filter(({ result }) => result === 'pass').length,
  },
  outlook: [
    {
      version: '1.37',
      message:
        'No object uses an API that the next version no longer serves: VolumeAttributesClass gold. storage.k8s.io/v1beta1 is no longer served from 1.37 on.',
    },
  ],
  unusedIgnores: [],
  changes: {
    since: '2026-11-10T05:00:11.000Z',
    verdict: 'blocked',
    added: ['5d1e0b7c92a4f318', 'e07b44c19fd0a562'],
    gone: SAMPLE_FINDINGS.slice(0, 1).map((finding) => ({
      ...finding,
      id: '0000000000000001',
      check: 'unready-workloads',
      subject: 'Deployment shop/search',
      message: 'It had 1 of 3 pods ready.',
    })),
  },
};
