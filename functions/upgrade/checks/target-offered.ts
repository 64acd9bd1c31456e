import { compareMinors } from '../../records/kubernetes-version.ts';
import { isNotOutYet } from '../calendar/version-offer.ts';
import { defineCheck, type Verdict } from '../check.ts';

/**
 * EKS lists every version it offers, so what is not in its list is refused; our own table may just be behind. A
 * version that is newer than all of them is not out yet: a cluster at the newest one is judged against it each day, and
 * nobody can do anything about that.
 */
export const targetOffered = defineCheck({
  code: 'target-offered',
  title: 'EKS offers the new version and supports it',
  reads: ['versions'],
  judge: ({ versions }, { to, region }): Verdict[] => {
    const listed = versions.find(({ version }) => version === to);
    if (listed && listed.status !== 'unsupported') return [];
    const isSure = versions.length > 0 && versions.every(({ source }) => source === 'eks');
    const newest = versions
      .map(({ version }) => version)
      .toSorted(compareMinors)
      .at(-1);
    if (isNotOutYet(to, versions)) return [];
    const remedy = {
      text: 'Choose a version that EKS offers; the command lists them.',
      command: `aws eks describe-cluster-versions --region ${region} --query 'clusterVersions[].[clusterVersion,versionStatus]'`,
      link: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html',
    };
    const evidence = [`newest known: ${newest ?? 'none'}`];
    if (!isSure) {
      return [
        {
          result: 'not-checked',
          subject: `version ${to}`,
          message: `EKS could not be asked, and our own calendar does not know ${to} as supported.`,
          remedy,
          evidence,
        },
      ];
    }
    return [
      {
        result: 'block',
        subject: `version ${to}`,
        message: listed
          ? `EKS no longer supports ${to}, and refuses an upgrade to it.`
          : `EKS does not offer ${to} here, and refuses an upgrade to it.`,
        remedy,
        evidence,
      },
    ];
  },
});
