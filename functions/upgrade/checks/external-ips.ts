import { defineCheck } from '../check.ts';

/** Deprecated in 1.36, off by default from 1.40 on, gone with 1.43. Source: Kubernetes, KEP-5707. */
export const externalIps = defineCheck({
  code: 'external-ips',
  title: 'No Service has external IPs, which are going away',
  reads: ['externalIps'],
  since: '1.36',
  judge: (facts, { to }) =>
    facts.externalIps.map(({ namespace, name, addresses }) => ({
      result: 'warn',
      subject: `Service ${namespace}/${name}`,
      message: `It has externalIPs, deprecated from 1.36 on. They work with ${to}; they are off by default from 1.40 on and gone with 1.43.`,
      remedy: {
        text: 'Use a load balancer or the Gateway API. In the GitLab chart it is set for gitlab-pages and gitlab-shell.',
        command: `kubectl -n ${namespace} get service ${name} -o yaml`,
        link: 'https://kubernetes.io/docs/concepts/services-networking/service/#external-ips',
      },
      evidence: [`externalIPs ${addresses.join(', ')}`],
    })),
});
